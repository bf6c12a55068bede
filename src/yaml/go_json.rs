//! JSON as Go's `encoding/json` writes what it read from JSON: the bytes that kustomize hashes.
//!
//! Promise: keys in the order of their bytes; every number a float of 64 bits; `<`, `>`, `&` and the line breaks of Unicode
//! as escapes.

use super::float::json_float;
use super::{Data, Node, Value};
use std::fmt::Write as _;

/// The text of a tree.
#[must_use]
pub fn go_json(node: &Node) -> String {
    let mut out = String::new();
    write_node(&mut out, node);
    out
}

fn write_node(out: &mut String, node: &Node) {
    match &node.data {
        Data::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by(|(a, _), (b, _)| a.name.cmp(&b.name));
            out.push('{');
            for (at, (key, node)) in entries.into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write_go_text(out, &key.name);
                out.push(':');
                write_node(out, node);
            }
            out.push('}');
        }
        Data::List(items) => {
            out.push('[');
            for (at, node) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write_node(out, node);
            }
            out.push(']');
        }
        Data::Scalar(scalar) => write_scalar(out, scalar.value, &scalar.text),
    }
}

#[expect(clippy::cast_precision_loss, reason = "what Go's JSON does to integers")]
fn write_scalar(out: &mut String, value: Value, text: &str) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if truth { "true" } else { "false" }),
        Value::Int(number) => out.push_str(&json_float(number as f64)),
        Value::Uint(number) => out.push_str(&json_float(number as f64)),
        Value::Float(number) => out.push_str(&json_float(number)),
        Value::String => write_go_text(out, text),
    }
}

/// Writes a text in quotes.
pub fn write_go_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            '\0'..'\u{20}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::{json_float, write_go_text};

    #[test]
    fn what_html_could_misread_is_an_escape() {
        let mut out = String::new();
        write_go_text(&mut out, "a<\"\u{1}\u{2029}é");
        assert_eq!(out, r#""a\u003c\"\u0001\u2029é""#);
    }

    #[test]
    fn a_number_has_an_exponent_from_1e21_on_and_below_a_millionth() {
        let texts =
            [1e21, 1e20, 0.000_001, 1e-7, -1.5, 0.0, 12_345_678_901_234_567.0].map(json_float);
        assert_eq!(
            texts,
            [
                "1e+21",
                "100000000000000000000",
                "0.000001",
                "1e-7",
                "-1.5",
                "0",
                "12345678901234568"
            ]
        );
    }
}
