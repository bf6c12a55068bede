//! Trees from and to the values of the `serde_yaml` crate (its maintained fork `yaml_serde`).
//!
//! For build scripts that hold such values. Those crates read YAML 1.2, so a text is better given to
//! [`parse`](super::parse): to `serde_yaml`, `0644` is a string.

use super::scalar::key_name;
use super::{Data, Key, Map, Node, Problem, Scalar, Value};
use crate::diag::Code;
use crate::source::Place;
use serde_yaml::Value as Yaml;

/// The tree of a `serde_yaml` value; every node and key of it stands at `place`, such as the place of
/// an empty text that [`Files::add`](crate::source::Files::add) took in under a telling name.
///
/// Keys that are booleans or numbers become the text that Kubernetes tools take them for.
///
/// # Errors
/// For what a manifest cannot hold: tags, infinity and not-a-number; keys that are null, lists or
/// maps; two keys that become the same text.
pub fn from_serde_yaml(value: &Yaml, place: Place) -> Result<Node, Problem> {
    Ok(match value {
        Yaml::String(text) => Node::string(text.as_str(), place),
        Yaml::Sequence(items) => {
            let items = items.iter().map(|item| from_serde_yaml(item, place));
            Node::list(items.collect::<Result<_, _>>()?, place)
        }
        Yaml::Mapping(entries) => {
            let mut map = Map::default();
            for (key, value) in entries {
                let key = key_from(key, place)?;
                let name = key.name.clone();
                if map.insert(key, from_serde_yaml(value, place)?).is_some() {
                    let message = format!("the key `{name}` is there twice");
                    return Err(Problem::new(Code::YamlDuplicateKey, message, place.span)
                        .hint("remove one of the two"));
                }
            }
            Node::map(map, place)
        }
        other => Node::new(Data::Scalar(Scalar::plain(scalar_from(other, place)?)), place),
    })
}

/// The `serde_yaml` value of a tree.
#[must_use]
pub fn to_serde_yaml(node: &Node) -> Yaml {
    match &node.data {
        Data::List(items) => Yaml::Sequence(items.iter().map(to_serde_yaml).collect()),
        Data::Map(map) => {
            let entry = |(key, node): (&Key, &Node)| {
                (Yaml::String(key.name.to_string()), to_serde_yaml(node))
            };
            Yaml::Mapping(map.iter().map(entry).collect())
        }
        Data::Scalar(scalar) => match scalar.value {
            Value::Null => Yaml::Null,
            Value::Bool(truth) => Yaml::Bool(truth),
            Value::Int(number) => Yaml::Number(number.into()),
            Value::Uint(number) => Yaml::Number(number.into()),
            Value::Float(number) => Yaml::Number(number.into()),
            Value::String => Yaml::String(scalar.text.to_string()),
        },
    }
}

fn scalar_from(value: &Yaml, place: Place) -> Result<Value, Problem> {
    let refuse = |what: &str| {
        let message = format!("{what} has no place in a manifest");
        Problem::new(Code::YamlValue, message, place.span).hint("use a plain value")
    };
    match value {
        Yaml::Null => Ok(Value::Null),
        Yaml::Bool(truth) => Ok(Value::Bool(*truth)),
        Yaml::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), _, _) => Ok(Value::Int(number)),
            (None, Some(number), _) => Ok(Value::Uint(number)),
            (None, None, Some(number)) if number.is_finite() => Ok(Value::Float(number)),
            _ => Err(refuse("infinity or not-a-number")),
        },
        Yaml::Tagged(tagged) => Err(refuse(&format!("the tag `{}`", tagged.tag))),
        Yaml::String(_) | Yaml::Sequence(_) | Yaml::Mapping(_) => Err(refuse("a list or a map")),
    }
}

fn key_from(key: &Yaml, place: Place) -> Result<Key, Problem> {
    let name = match key {
        Yaml::String(name) => Some(name.clone()),
        Yaml::Bool(_) | Yaml::Number(_) => key_name(scalar_from(key, place)?),
        _ => None,
    };
    name.map(|name| Key::new(name, place)).ok_or_else(|| {
        let message = "only strings, booleans and numbers below 2^63 can be keys";
        Problem::new(Code::YamlKey, message, place.span).hint("use a string as the key")
    })
}

#[cfg(test)]
mod tests {
    use super::{from_serde_yaml, to_serde_yaml};
    use crate::source::{Files, Place};

    fn place() -> Place {
        let files = Files::memory([("x", "")]).expect("a path");
        files.add("build.rs", Vec::new()).expect("a text").place(0, 0)
    }

    fn check(text: &str, expect: &str) {
        let value: serde_yaml::Value = serde_yaml::from_str(text).expect("YAML");
        let shown = match from_serde_yaml(&value, place()) {
            Ok(node) => super::super::write(&node),
            Err(problem) => problem.message,
        };
        assert_eq!(shown, expect);
    }

    #[test]
    fn values_keep_their_types() {
        check(
            "{b: [1, -2, 18446744073709551615, 1.5, true, null], a: 'on'}",
            "a: \"on\"\nb:\n- 1\n- -2\n- 18446744073709551615\n- 1.5\n- true\n- null\n",
        );
    }

    #[test]
    fn keys_become_text() {
        check("{8080: a, true: b}", "\"8080\": a\n\"true\": b\n");
        check("{1: a, '1': b}", "the key `1` is there twice");
        check("{[a]: b}", "only strings, booleans and numbers below 2^63 can be keys");
    }

    #[test]
    fn what_json_cannot_hold_is_refused() {
        check(".inf", "infinity or not-a-number has no place in a manifest");
        check("!x y", "the tag `!x` has no place in a manifest");
    }

    #[test]
    fn the_way_back_gives_the_same_value() {
        let text = "{a: [1, 2.5, x, null, true], b: {c: -1}}";
        let value: serde_yaml::Value = serde_yaml::from_str(text).expect("YAML");
        let node = from_serde_yaml(&value, place()).expect("a tree");
        assert_eq!(to_serde_yaml(&node), value);
    }
}
