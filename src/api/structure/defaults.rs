//! A default must suit its schema and its rules as it stands there: nothing is filled into it before it is judged.

use super::{Level, Rule, Structure, value};
use crate::api::definition::Reader;
use crate::cel::{Budget, Value};
use crate::source::Place;
use crate::yaml::{Data, Node, Value as Yaml};

/// Reports what a schema says against its own default.
pub(super) fn check(
    schema: &Node,
    structure: &Structure,
    budget: &mut Budget,
    reader: &mut Reader<'_>,
) {
    let Some(default) = schema.get("default").filter(|default| !default.is_null()) else { return };
    let before = reader.faults();
    reader.within(".default", |reader| {
        judge(schema, default, reader);
        if reader.faults() == before {
            rules(structure, default, budget, reader);
        }
    });
}

/// Reports the rules that a default breaks, taken for a value that stays and for a new one.
fn rules(structure: &Structure, node: &Node, budget: &mut Budget, reader: &mut Reader<'_>) {
    if !structure.says_more || node.is_null() {
        return;
    }
    if let Some(value) = value::of(structure, node, structure.level(Level::Part)) {
        for rule in structure.rules.iter().filter(|rule| !holds(rule, &value, budget)) {
            let what = format!("breaks a rule of its schema: `{}`", rule.text);
            reader.fault(node.place, what, "correct the default, or the rule");
        }
    }
    match &node.data {
        Data::Scalar(_) => {}
        Data::List(items) => {
            let Some(schema) = &structure.items else { return };
            for (i, item) in items.iter().enumerate() {
                reader.within(format!("[{i}]"), |reader| rules(schema, item, budget, reader));
            }
        }
        Data::Map(map) => {
            for (key, node) in map.iter() {
                let field = structure.fields.get(&key.name).or(structure.values.as_deref());
                let Some(field) = field else { continue };
                let step = format!(".{}", key.name);
                reader.within(step, |reader| rules(field, node, budget, reader));
            }
        }
    }
}

fn holds(rule: &Rule, value: &Value, budget: &mut Budget) -> bool {
    let old = match rule.has_optional_old {
        true => vec![Value::Optional(Some(value.clone().into())), Value::Optional(None)],
        false => vec![value.clone()],
    };
    let mut run = |old| rule.program.run(&[value.clone(), old], budget);
    old.into_iter().all(|old| run(old) == Ok(Value::Bool(true)))
}

fn judge(schema: &Node, value: &Node, reader: &mut Reader<'_>) {
    if value.is_null() {
        return;
    }
    if let Some(wanted) = wrong_kind(schema, value) {
        let what = format!("must be {wanted}, as its schema says, but is {}", value.kind());
        return fault(value.place, &what, reader);
    }
    let listed = schema.get("enum").and_then(Node::as_list).unwrap_or_default();
    let is_listed = |listed: &[Node]| listed.iter().any(|one| is_same(one, value));
    if !listed.is_empty() && !is_listed(listed) {
        return fault(value.place, "must be one of the values in the `enum` of its schema", reader);
    }
    bounds(schema, value, reader);
    match &value.data {
        Data::Map(_) => object(schema, value, reader),
        Data::List(items) => {
            let Some(schema) = schema.get("items") else { return };
            for (i, item) in items.iter().enumerate() {
                reader.within(format!("[{i}]"), |reader| judge(schema, item, reader));
            }
        }
        Data::Scalar(_) => {}
    }
}

fn fault(place: Place, what: &str, reader: &mut Reader<'_>) {
    reader.fault(place, what, "correct the default, or the schema that it stands in");
}

fn object(schema: &Node, value: &Node, reader: &mut Reader<'_>) {
    let required = schema.get("required").and_then(Node::as_list).unwrap_or_default();
    for name in required.iter().filter_map(Node::as_str) {
        if value.get(name).is_none() {
            let what =
                "is missing: the schema requires it, and a default is not completed by others";
            reader.within(format!(".{name}"), |reader| fault(value.place, what, reader));
        }
    }
    let fields = schema.get("properties").and_then(Node::as_map);
    let values = schema.get("additionalProperties").filter(|it| it.as_map().is_some());
    let is_true = |word: &str| {
        let scalar = schema.get(word).and_then(Node::as_scalar);
        scalar.is_some_and(|scalar| scalar.value == Yaml::Bool(true))
    };
    let keeps = is_true("x-kubernetes-preserve-unknown-fields")
        || is_true("x-kubernetes-embedded-resource")
        || is_true("additionalProperties");
    for (key, inner) in value.as_map().into_iter().flatten() {
        match fields.and_then(|fields| fields.get(&*key.name)).or(values) {
            Some(schema) => {
                reader.within(format!(".{}", key.name), |reader| judge(schema, inner, reader));
            }
            None if keeps => {}
            None => {
                let what = format!("has the field `{}`, which its schema does not know", key.name);
                fault(key.place, &what, reader);
            }
        }
    }
}

/// What kind of value is asked for, if it is another.
fn wrong_kind(schema: &Node, value: &Node) -> Option<&'static str> {
    let scalar = value.as_scalar().map(|scalar| scalar.value);
    let is_whole = match scalar {
        Some(Yaml::Int(_) | Yaml::Uint(_)) => true,
        Some(Yaml::Float(number)) => number.fract() == 0.0,
        _ => false,
    };
    let (wanted, fits) = match schema.get("type").and_then(Node::as_str)? {
        "array" => ("a list", value.as_list().is_some()),
        "boolean" => ("a boolean", matches!(scalar, Some(Yaml::Bool(_)))),
        "integer" => ("an integer", is_whole),
        "number" => ("a number", is_whole || matches!(scalar, Some(Yaml::Float(_)))),
        "object" => ("a map", value.as_map().is_some()),
        "string" => ("a string", value.as_str().is_some()),
        _ => return None,
    };
    (!fits).then_some(wanted)
}

fn number(node: Option<&Node>) -> Option<f64> {
    match node?.as_scalar()?.value {
        Yaml::Int(number) => Some(number as f64),
        Yaml::Uint(number) => Some(number as f64),
        Yaml::Float(number) => Some(number),
        _ => None,
    }
}

fn bounds(schema: &Node, value: &Node, reader: &mut Reader<'_>) {
    let bound = |word: &str| number(schema.get(word));
    let length = value.as_str().map(|text| text.chars().count() as f64);
    let count = value.as_list().map(|items| items.len() as f64);
    let rows = [
        ("minimum", "maximum", number(Some(value))),
        ("minLength", "maxLength", length),
        ("minItems", "maxItems", count),
    ];
    for (least, most, size) in rows {
        let Some(size) = size else { continue };
        if bound(least).is_some_and(|bound| size < bound) {
            fault(value.place, &format!("is below the `{least}` of its schema"), reader);
        }
        if bound(most).is_some_and(|bound| size > bound) {
            fault(value.place, &format!("is above the `{most}` of its schema"), reader);
        }
    }
}

fn is_same(a: &Node, b: &Node) -> bool {
    match (a.as_scalar(), b.as_scalar()) {
        (Some(a), Some(b)) => a.value == b.value && (a.value != Yaml::String || a.text == b.text),
        // Lists and maps of an enum are compared by a server only.
        (None, None) => true,
        _ => false,
    }
}
