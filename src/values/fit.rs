//! What `--set` took for a number or a boolean, and the schema for text.

use super::schema::{Kinds, Parts};
use super::{Edit, Known, Layer, SetKind, Step};
use crate::yaml::{Data, Node, Scalar, Value};

impl Layer {
    /// The layer for a chart: a bare number or boolean of `--set` is the text that was typed where the
    /// chart's schema allows a string and not that, as for `1.10`, `7015e3` or `no`.
    pub(super) fn fitted(&self, known: &Known) -> Self {
        let Some(schema) = known.schema().filter(|_| self.set == Some(SetKind::Typed)) else {
            return self.clone();
        };
        let edits = self.edits.iter().map(|edit| fitted(edit, Parts::root(schema))).collect();
        Self { edits, ..self.clone() }
    }
}

fn fitted(edit: &Edit, mut parts: Parts<'_>) -> Edit {
    let mut path = Vec::with_capacity(edit.path.len());
    for step in &edit.path {
        let below = match step {
            Step::Key(key) => parts.key(&key.name),
            Step::Index(_) | Step::Item(_) => parts.items(),
        };
        parts = below;
        path.push(match step {
            Step::Item(wanted) => {
                let fit = |value: &Node, name: &str| node(value, &parts.key(name));
                let fitted = wanted.iter().map(|(key, value)| (key.clone(), fit(value, &key.name)));
                Step::Item(fitted.collect())
            }
            other => other.clone(),
        });
    }
    Edit { path, node: node(&edit.node, &parts) }
}

fn node(typed: &Node, parts: &Parts<'_>) -> Node {
    match &typed.data {
        Data::Scalar(scalar) if is_text(scalar, parts) => {
            Node::string(scalar.text.clone(), typed.place)
        }
        Data::List(items) => {
            let below = parts.items();
            Node::list(items.iter().map(|item| node(item, &below)).collect(), typed.place)
        }
        _ => typed.clone(),
    }
}

fn is_text(scalar: &Scalar, parts: &Parts<'_>) -> bool {
    let kind = match scalar.value {
        Value::Bool(_) => Kinds::BOOLEAN,
        Value::Int(_) | Value::Uint(_) => Kinds::INTEGER,
        Value::Float(number) if number.fract() == 0.0 => Kinds::INTEGER,
        Value::Float(_) => Kinds::FRACTION,
        Value::Null | Value::String => return false,
    };
    let kinds = parts.kinds();
    kinds.holds(Kinds::STRING) && !kinds.holds(kind)
}

#[cfg(test)]
mod tests {
    use crate::diag::Sink;
    use crate::values::shown::{layer, no_files, shown};
    use crate::values::{Known, Layer, Reach, SetKind, merge};
    use std::sync::Arc;

    /// What an argument sets where `tag` is text, `port` a number, `any` either, `tags` texts.
    fn check(kind: SetKind, argument: &str, expect: &str) {
        let schema = serde_json::json!({ "properties": {
            "tag": { "type": ["string", "null"] },
            "port": { "type": "integer" },
            "any": { "type": ["string", "number"] },
            "tags": { "items": { "type": "string" } },
            "env": {
                "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                "items": { "properties": { "name": { "type": "string" }, "value": { "type": "string" } } },
            },
        }});
        let files = no_files();
        let base = layer(&files, "values.yaml", Reach::Own, "");
        let set = Layer::set(kind, argument, &mut Sink::new(&files)).expect("a setting");
        let values = merge(&base, &[set], &Known::declared_by(&Arc::new(schema)));
        assert_eq!(shown(values.root()), expect);
    }

    #[test]
    fn what_looks_like_a_number_is_text_where_only_text_fits() {
        check(SetKind::Typed, "tag=1.10", r#"{tag: "1.10"}"#);
        check(SetKind::Typed, "tag=7015e3", r#"{tag: "7015e3"}"#);
        check(SetKind::Typed, "tags={1,0644}", r#"{tags: ["1", "0644"]}"#);
        check(SetKind::Typed, "tags[0]=1", r#"{tags: ["1"]}"#);
    }

    #[test]
    fn what_looks_like_a_boolean_is_text_where_only_text_fits() {
        check(SetKind::Typed, "tag=no", r#"{tag: "no"}"#);
    }

    #[test]
    fn a_number_stays_one_where_a_number_fits() {
        check(SetKind::Typed, "port=1,any=1.5", "{port: 1, any: 1.5}");
        check(SetKind::Typed, "unknown=1", "{unknown: 1}");
    }

    #[test]
    fn null_deletes_whatever_fits() {
        check(SetKind::Typed, "tag=null", "{}");
    }

    #[test]
    fn json_says_itself_what_it_is() {
        check(SetKind::Json, "tag=1", "{tag: 1}");
    }

    #[test]
    fn the_key_of_a_new_item_is_text_too() {
        let expect = r#"{env: [{name: "0644", value: "1"}]}"#;
        check(SetKind::Typed, "env[name=0644].value=1", expect);
    }
}
