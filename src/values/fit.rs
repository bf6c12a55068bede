//! What `--set` took for a number or a boolean, and the schema for text.

use super::kinds::{Below, Kinds, kinds_at};
use super::{Edit, Known, Layer, SetKind, Step};
use crate::source::Place;
use crate::yaml::{Data, Node, Scalar, Style, Value};
use serde_json::Value as Json;

/// The tag of what `--set` cannot take for what YAML means by it, infinity and not-a-number: it is text
/// if the schema wants text, and an error otherwise.
const NOT_FINITE: &str = "!!float";

/// Such a scalar.
pub(super) fn not_finite(text: &str) -> Scalar {
    let tag = Some(NOT_FINITE.into());
    Scalar { value: Value::String, text: text.into(), style: Style::Plain, tag }
}

impl Layer {
    /// The layer for a chart: a bare number or boolean of `--set` is the text that was typed where the
    /// chart's schema allows a string and not that, as for `1.10`, `7015e3` or `no`.
    pub(super) fn fitted(&self, known: &Known) -> Self {
        let Some(schema) = known.schema().filter(|_| self.set == Some(SetKind::Typed)) else {
            return self.clone();
        };
        let edits = self.edits.iter().map(|edit| fitted(edit, schema)).collect();
        Self { edits, ..self.clone() }
    }

    /// The places of infinities and the like that `--set` gives where the schema does not want text.
    pub(super) fn unfit(&self, known: &Known) -> Vec<Place> {
        let mut found = Vec::new();
        for edit in &self.fitted(known).edits {
            for step in &edit.path {
                let Step::Item(wanted) = step else { continue };
                wanted.iter().for_each(|(_, value)| unfit(value, &mut found));
            }
            unfit(&edit.node, &mut found);
        }
        found
    }
}

fn unfit(node: &Node, found: &mut Vec<Place>) {
    match &node.data {
        Data::Scalar(scalar) => found.extend(is_not_finite(scalar).then_some(node.place)),
        Data::List(items) => items.iter().for_each(|item| unfit(item, found)),
        Data::Map(_) => {}
    }
}

fn is_not_finite(scalar: &Scalar) -> bool {
    scalar.style == Style::Plain && scalar.tag.as_deref() == Some(NOT_FINITE)
}

fn fitted(edit: &Edit, schema: &Json) -> Edit {
    let mut way = Vec::with_capacity(edit.path.len());
    let mut path = Vec::with_capacity(edit.path.len());
    for step in &edit.path {
        way.push(match step {
            Step::Key(key) => Below::Key(&key.name),
            Step::Index(at) => Below::Item(Some(*at)),
            Step::Item(_) => Below::Item(None),
        });
        path.push(match step {
            Step::Item(wanted) => {
                let fitted = wanted.iter().map(|(key, value)| {
                    let below = [way.as_slice(), &[Below::Key(&key.name)]].concat();
                    (key.clone(), node(value, (schema, &below)))
                });
                Step::Item(fitted.collect())
            }
            other => other.clone(),
        });
    }
    Edit { path, node: node(&edit.node, (schema, &way)) }
}

fn node(typed: &Node, (schema, way): (&Json, &[Below<'_>])) -> Node {
    match &typed.data {
        Data::Scalar(scalar) if is_text(scalar, (schema, way)) => {
            Node::string(scalar.text.clone(), typed.place)
        }
        Data::List(items) => {
            let items = items.iter().enumerate().map(|(at, item)| {
                let below = [way, &[Below::Item(Some(at))]].concat();
                node(item, (schema, &below))
            });
            Node::list(items.collect(), typed.place)
        }
        _ => typed.clone(),
    }
}

fn is_text(scalar: &Scalar, (schema, way): (&Json, &[Below<'_>])) -> bool {
    let kind = match scalar.value {
        Value::Bool(_) => Kinds::BOOLEAN,
        Value::Int(_) | Value::Uint(_) => Kinds::INTEGER,
        Value::Float(number) if number.fract() == 0.0 => Kinds::INTEGER,
        Value::Float(_) => Kinds::FRACTION,
        Value::String if is_not_finite(scalar) => Kinds::FRACTION,
        Value::Null | Value::String => return false,
    };
    let kinds = kinds_at(schema, way);
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
            "labels": { "patternProperties": { "^app": { "type": "string" } }, "additionalProperties": { "type": "boolean" } },
            "notes": { "additionalProperties": { "type": "string" } },
            "image": { "anyOf": [{ "type": "string" }, { "$ref": "#/$defs/image" }] },
            "env": {
                "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                "items": { "properties": { "name": { "type": "string" }, "value": { "type": "string" } } },
            },
        }, "$defs": { "image": { "oneOf": [
            { "type": "object", "required": ["tag"], "properties": { "tag": { "type": "string" } } },
            { "type": "object", "required": ["digest"], "properties": { "digest": { "type": "string" }, "tag": { "type": ["string", "null"] } } },
        ] } } });
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
    fn patterns_other_keys_and_alternatives_say_where_only_text_fits() {
        check(SetKind::Typed, "labels.app=1.10,labels.x=yes", r#"{labels: {app: "1.10", x: yes}}"#);
        check(SetKind::Typed, "notes.a=no,notes.b={}", r#"{notes: {a: "no", b: []}}"#);
        check(SetKind::Typed, "image.tag=7015e3", r#"{image: {tag: "7015e3"}}"#);
        check(SetKind::Typed, "image=1.10", r#"{image: "1.10"}"#);
    }

    #[test]
    fn infinity_is_text_where_only_text_fits() {
        check(
            SetKind::Typed,
            "tag=.inf,tags={.nan,-.Inf}",
            r#"{tag: ".inf", tags: [".nan", "-.Inf"]}"#,
        );
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
