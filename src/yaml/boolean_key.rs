//! Keys that are not what they look like: `on` is `true`.

use super::{Data, Key, Node, Style, Value};
use crate::diag::{Code, Diagnostic, Sink};

/// Warns of every plain key of a tree that YAML 1.1 takes for a boolean of another spelling.
///
/// Kubernetes tools read `y: 1` as `{"true": 1}`, so a label or a value of that name is lost.
pub fn warn_of_boolean_keys(root: &Node, sink: &mut Sink) {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match &node.data {
            Data::Scalar(_) => {}
            Data::List(items) => open.extend(items.iter()),
            Data::Map(map) => {
                for (key, node) in map.iter() {
                    if let Some(finding) = boolean_key(key) {
                        sink.warn(finding);
                    }
                    open.push(node);
                }
            }
        }
    }
}

/// The warning about a key, if it is such a one.
#[must_use]
pub fn boolean_key(key: &Key) -> Option<Diagnostic> {
    let scalar = key.written.as_deref()?;
    let is_plain = scalar.style == Style::Plain && scalar.tag.is_none();
    let is_boolean = matches!(scalar.value, Value::Bool(_));
    if !is_plain || !is_boolean || scalar.text == key.name {
        return None;
    }
    let (text, name) = (&scalar.text, &key.name);
    let message = format!("the key `{text}` is read as `{name}`: in YAML 1.1 it is a boolean");
    let finding = Diagnostic::warning(Code::YamlBooleanKey, message).at(key.place, "");
    Some(finding.hint(format!("put it in quotes (`\"{text}\"`), or rename it")))
}

#[cfg(test)]
mod tests {
    use super::warn_of_boolean_keys;
    use crate::diag::Sink;
    use crate::source::Files;
    use crate::yaml;

    fn check(text: &str, expect: &[&str]) {
        let files = Files::memory(Vec::<(&str, &str)>::new()).expect("no path");
        let source = files.add("x.yaml", text.as_bytes().to_vec()).expect("text");
        let mut sink = Sink::new(&files);
        let documents = yaml::read(&source, &mut sink).expect("YAML");
        documents.iter().for_each(|document| warn_of_boolean_keys(&document.root, &mut sink));
        let told = sink.finish().expect("only warnings");
        let told: Vec<_> = told.iter().map(|d| format!("{d} ({})", d.hints.join("; "))).collect();
        assert_eq!(told, expect);
    }

    #[test]
    fn a_key_that_becomes_a_boolean_is_named_at_its_place() {
        check(
            "a:\n- { y: 1 }\non: 2\n",
            &[
                "x.yaml:2:5: warning[yaml/boolean-key]: the key `y` is read as `true`: in YAML 1.1 it is a boolean (put it in quotes (`\"y\"`), or rename it)",
                "x.yaml:3:1: warning[yaml/boolean-key]: the key `on` is read as `true`: in YAML 1.1 it is a boolean (put it in quotes (`\"on\"`), or rename it)",
            ],
        );
    }

    #[test]
    fn keys_in_quotes_and_those_that_say_what_they_are_stay_unnamed() {
        check("'y': 1\n\"no\": 2\ntrue: 3\n1: 4\nyellow: on\n", &[]);
    }
}
