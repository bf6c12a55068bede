//! Whether two trees hold the same data.

use super::float::write_float;
use super::{Data, Node, Scalar, Value};

/// Whether two trees hold the same data, which is when the canonical writer prints them alike: the
/// order of keys, places, tags, styles and spellings (`0x10` and `16`, `1.0` and `1`) do not count.
#[must_use]
pub fn same_data(a: &Node, b: &Node) -> bool {
    match (&a.data, &b.data) {
        (Data::Scalar(a), Data::Scalar(b)) => same_scalar(a, b),
        (Data::List(a), Data::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_data(a, b))
        }
        (Data::Map(a), Data::Map(b)) => {
            let same = |(key, a)| b.get(key).is_some_and(|b| same_data(a, b));
            a.len() == b.len() && a.iter().all(same)
        }
        _ => false,
    }
}

fn same_scalar(a: &Scalar, b: &Scalar) -> bool {
    match (a.value, b.value) {
        (Value::String, Value::String) => a.text == b.text,
        (Value::Float(_), Value::Int(_) | Value::Uint(_) | Value::Float(_))
        | (Value::Int(_) | Value::Uint(_), Value::Float(_)) => spelled(a.value) == spelled(b.value),
        (a, b) => a == b,
    }
}

fn spelled(number: Value) -> Option<String> {
    let mut text = String::new();
    match number {
        Value::Int(number) => text = number.to_string(),
        Value::Uint(number) => text = number.to_string(),
        Value::Float(number) => write_float(&mut text, number),
        Value::Null | Value::Bool(_) | Value::String => return None,
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::same_data;
    use crate::source::Files;
    use crate::yaml::{Options, parse};

    fn same(a: &str, b: &str) -> bool {
        let files = Files::memory([("x", "")]).expect("a path");
        let file = files.add("x", Vec::new()).expect("a text").id();
        let read = |text| parse(text, file, Options::default()).expect("YAML").remove(0).root;
        same_data(&read(a), &read(b))
    }

    #[test]
    fn order_style_and_spelling_do_not_count() {
        assert!(same("{a: 0x10, b: [yes]}", "b:\n- true\na: 16\n"));
        assert!(same("{a: 1.0}", "{a: 1}"));
        assert!(same("{a: 1e3}", "{a: 1000}"));
        assert!(same("a: \"x\"", "a: x"));
    }

    #[test]
    fn types_items_and_keys_count() {
        assert!(!same("a: \"1\"", "a: 1"));
        assert!(!same("a: null", "{}"));
        assert!(!same("[1, 2]", "[2, 1]"));
        assert!(!same("a: \"\"", "a:"));
        assert!(!same("a: 1.5", "a: 1.25"));
    }
}
