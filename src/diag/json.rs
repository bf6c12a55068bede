//! A finding as JSON, for machines.

use super::report::steers;
use super::{Diagnostic, Label};
use serde_json::{Value, json};

/// A JSON document as text, two spaces a level, with every character that could steer a terminal
/// written as an escape: it reads back as the same document.
#[must_use]
pub fn json_text(document: &Value) -> String {
    let mut text = String::new();
    // Only strings hold such characters, except for the line breaks between the values.
    for c in format!("{document:#}").chars() {
        match c {
            c if steers(c) && c != '\n' => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => text.push(c),
        }
    }
    text + "\n"
}

impl Diagnostic {
    /// The finding as JSON; every key is always there, in this order.
    ///
    /// `file`, `line`, `column` and `end` are null without a place. Lines and columns count from 1,
    /// columns in characters; `end` is the first character behind. `label` says what is to be seen
    /// there. `also` lists further places in the same way. Texts are as they are, control characters included.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let at = Where::of(self.at.as_ref());
        json!({
            "code": self.code.name(),
            "severity": self.severity.to_string(),
            "message": self.message,
            "file": at.file,
            "line": at.line,
            "column": at.column,
            "end": at.end,
            "label": self.at.as_ref().map_or("", |label| &label.text),
            "also": self.also.iter().map(further).collect::<Vec<_>>(),
            "hints": self.hints,
            "targets": self.targets,
            "subjects": self.subjects,
        })
    }
}

/// A place as JSON values, null without a file.
#[derive(Default)]
struct Where {
    file: Value,
    line: Value,
    column: Value,
    end: Value,
}

impl Where {
    fn of(label: Option<&Label>) -> Self {
        let Some(label) = label.filter(|label| label.source().is_some()) else {
            return Self::default();
        };
        let ((file, line, column), end) = (label.position(), label.end());
        let end = json!({ "line": end.0, "column": end.1 });
        Self { file: file.into(), line: line.into(), column: column.into(), end }
    }
}

fn further(label: &Label) -> Value {
    let at = Where::of(Some(label));
    json!({
        "file": at.file,
        "line": at.line,
        "column": at.column,
        "end": at.end,
        "label": label.text,
    })
}

#[cfg(test)]
mod tests {
    use crate::diag::{Code, Diagnostic, Sink};
    use crate::source::Files;

    #[test]
    fn a_finding_carries_everything_that_a_report_shows() {
        let files = Files::memory::<&str, &str>([]).expect("no paths");
        let values = files.add("values.yaml", "a: 1\nä: drei\n".into()).expect("text");
        let template = files.add("web.yaml", b"x: {{ a }}".to_vec()).expect("text");
        let mut sink = Sink::for_target(&files, "prod/shop/web");
        sink.warn(
            Diagnostic::error(Code::YamlValue, "`spec.x` must be an integer")
                .at(values.place(9, 13), "set here")
                .also(template.place(3, 10), "used here")
                .hint("write `3`")
                .subject("Deployment/web spec.x"),
        );
        let found = sink.finish().expect("a warning only");
        let text = serde_json::to_string_pretty(&found[0].to_json()).expect("JSON");
        insta::assert_snapshot!(text, @r#"
        {
          "code": "yaml/value",
          "severity": "warning",
          "message": "`spec.x` must be an integer",
          "file": "values.yaml",
          "line": 2,
          "column": 4,
          "end": {
            "line": 2,
            "column": 8
          },
          "label": "set here",
          "also": [
            {
              "file": "web.yaml",
              "line": 1,
              "column": 4,
              "end": {
                "line": 1,
                "column": 11
              },
              "label": "used here"
            }
          ],
          "hints": [
            "write `3`"
          ],
          "targets": [
            "prod/shop/web"
          ],
          "subjects": [
            "Deployment/web spec.x"
          ]
        }
        "#);
    }

    #[test]
    fn what_steers_a_terminal_is_escaped_and_reads_back() {
        let document = serde_json::json!({ "a": "x\u{1b}[2J\u{9b}\u{202e}\u{e0001}\n\\" });
        let text = super::json_text(&document);
        assert_eq!(text, "{\n  \"a\": \"x\\u001b[2J\\u009b\\u202e\\udb40\\udc01\\n\\\\\"\n}\n");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), document);
    }

    #[test]
    fn a_finding_without_a_place_has_the_same_keys() {
        let finding = Diagnostic::error(Code::SourceMissing, "`x` is not there");
        insta::assert_snapshot!(finding.to_json().to_string(), @r#"{"code":"source/missing","severity":"error","message":"`x` is not there","file":null,"line":null,"column":null,"end":null,"label":"","also":[],"hints":[],"targets":[],"subjects":[]}"#);
    }
}
