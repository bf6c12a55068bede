//! A default must suit its schema and its rules as it stands there: nothing is filled into it before it is judged.
//!
//! Source: `ValidateDefaults` of apiextensions.

use super::{Level, Rule, Structure, value};
use crate::api::definition::{Reader, known_format};
use crate::api::formats::is_of_format;
use crate::cel::{Budget, Value, fits_pattern};
use crate::source::Place;
use crate::yaml::{Data, Node, Value as Yaml};

const HINT: &str = "correct the default, or the schema that it stands in";

/// Reports what a schema says against its own default.
pub(super) fn check(
    schema: &Node,
    structure: &Structure,
    budget: &mut Budget,
    reader: &mut Reader<'_>,
) {
    let Some(default) = schema.get("default").filter(|default| !default.is_null()) else { return };
    let mut judge = Judge::default();
    judge.dropped(schema, default);
    judge.value(schema, default);
    let suits = judge.faults.is_empty();
    reader.within(".default", |reader| {
        for fault in judge.faults {
            reader.within(fault.path, |reader| reader.fault(fault.place, fault.what, HINT));
        }
        if suits {
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

struct Fault {
    /// From the default.
    path: String,
    place: Place,
    what: String,
}

/// Holds a value to a schema.
#[derive(Default)]
struct Judge {
    path: Vec<String>,
    faults: Vec<Fault>,
}

impl Judge {
    fn fault(&mut self, place: Place, what: impl Into<String>) {
        self.faults.push(Fault { path: self.path.concat(), place, what: what.into() });
    }

    fn within(&mut self, step: String, work: impl FnOnce(&mut Self)) {
        self.path.push(step);
        work(self);
        self.path.pop();
    }

    /// Fields that a server would drop: it names the default, whatever they lie in.
    fn dropped(&mut self, schema: &Node, value: &Node) {
        if let (Some(items), Some(schema)) = (value.as_list(), schema.get("items")) {
            return items.iter().for_each(|item| self.dropped(schema, item));
        }
        let keeps = is_true(schema, "x-kubernetes-preserve-unknown-fields")
            || is_true(schema, "x-kubernetes-embedded-resource")
            || is_true(schema, "additionalProperties");
        for (key, inner) in value.as_map().into_iter().flatten() {
            match field(schema, &key.name) {
                Some(schema) => self.dropped(schema, inner),
                None if keeps => {}
                None => {
                    let what =
                        format!("has the field `{}`, which its schema does not know", key.name);
                    self.fault(key.place, what);
                }
            }
        }
    }

    fn value(&mut self, schema: &Node, value: &Node) {
        if let Some(wanted) = wrong_kind(schema, value) {
            let what = format!("must be {wanted}, as its schema says, but is {}", value.kind());
            return self.fault(value.place, what);
        }
        if value.is_null() {
            return;
        }
        let listed = schema.get("enum").and_then(Node::as_list).unwrap_or_default();
        let is_listed = |listed: &[Node]| listed.iter().any(|one| is_same(one, value));
        if !listed.is_empty() && !is_listed(listed) {
            self.fault(value.place, "must be one of the values in the `enum` of its schema");
        }
        self.bounds(schema, value);
        self.format(schema, value);
        self.alternatives(schema, value);
        match &value.data {
            Data::Map(_) => self.object(schema, value),
            Data::List(items) => {
                let Some(schema) = schema.get("items") else { return };
                for (i, item) in items.iter().enumerate() {
                    self.within(format!("[{i}]"), |judge| judge.value(schema, item));
                }
            }
            Data::Scalar(_) => {}
        }
    }

    fn object(&mut self, schema: &Node, value: &Node) {
        let required = schema.get("required").and_then(Node::as_list).unwrap_or_default();
        for name in required.iter().filter_map(Node::as_str) {
            if value.get(name).is_none() {
                let what =
                    "is missing: the schema requires it, and a default is not completed by others";
                self.within(format!(".{name}"), |judge| judge.fault(value.place, what));
            }
        }
        for (key, inner) in value.as_map().into_iter().flatten() {
            if let Some(schema) = field(schema, &key.name) {
                self.within(format!(".{}", key.name), |judge| judge.value(schema, inner));
            }
        }
    }

    fn bounds(&mut self, schema: &Node, value: &Node) {
        let length = value.as_str().map(|text| text.chars().count() as f64);
        let count = value.as_list().map(|items| items.len() as f64);
        let fields = value.as_map().map(|map| map.len() as f64);
        let rows = [
            ("minimum", "maximum", number(Some(value))),
            ("minLength", "maxLength", length),
            ("minItems", "maxItems", count),
            ("minProperties", "maxProperties", fields),
        ];
        for (least, most, size) in rows {
            let Some(size) = size else { continue };
            // Only numbers have bounds that they may not reach.
            let is_open = |word, flag| word == flag && is_true(schema, &exclusive(word));
            let bound = |word: &str| number(schema.get(word));
            let is_below = |at: f64| size < at || (size == at && is_open(least, "minimum"));
            let is_above = |at: f64| size > at || (size == at && is_open(most, "maximum"));
            if bound(least).is_some_and(is_below) {
                self.fault(value.place, format!("is below the `{least}` of its schema"));
            }
            if bound(most).is_some_and(is_above) {
                self.fault(value.place, format!("is above the `{most}` of its schema"));
            }
        }
        let of = number(schema.get("multipleOf")).zip(number(Some(value)));
        if of.is_some_and(|(of, size)| (size / of).fract() != 0.0) {
            self.fault(value.place, "must be a multiple of the `multipleOf` of its schema");
        }
        let pattern = schema.get("pattern").and_then(Node::as_str).unwrap_or_default();
        if value.as_str().is_some_and(|text| !fits_pattern(pattern, text)) {
            self.fault(value.place, "must match the `pattern` of its schema");
        }
    }

    fn format(&mut self, schema: &Node, value: &Node) {
        let format = schema.get("format").and_then(Node::as_str).unwrap_or_default();
        let Some((known, text)) = known_format(format).zip(value.as_str()) else { return };
        if !is_of_format(&known, text) {
            self.fault(value.place, format!("must be of the `format` of its schema, `{format}`"));
        }
    }

    fn alternatives(&mut self, schema: &Node, value: &Node) {
        let suits = |schema: &Node| {
            let mut judge = Judge::default();
            judge.value(schema, value);
            judge.faults.is_empty()
        };
        let list =
            |word: &str| schema.get(word).and_then(Node::as_list).filter(|it| !it.is_empty());
        let how_many = |list: &[Node]| list.iter().filter(|schema| suits(schema)).count();
        let rows = [
            ("allOf", list("allOf").is_none_or(|list| how_many(list) == list.len())),
            ("anyOf", list("anyOf").is_none_or(|list| how_many(list) > 0)),
            ("oneOf", list("oneOf").is_none_or(|list| how_many(list) == 1)),
            ("not", schema.get("not").is_none_or(|not| not.is_null() || !suits(not))),
        ];
        for (word, _) in rows.iter().filter(|(_, suits)| !suits) {
            self.fault(value.place, format!("does not suit the `{word}` of its schema"));
        }
    }
}

/// The schema of a field of a map.
fn field<'s>(schema: &'s Node, name: &str) -> Option<&'s Node> {
    let known = schema.get("properties").and_then(|fields| fields.get(name));
    known.or_else(|| schema.get("additionalProperties").filter(|it| it.as_map().is_some()))
}

/// `exclusiveMinimum` of `minimum`.
fn exclusive(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    format!("exclusive{}{rest}", first.to_uppercase())
}

fn is_true(schema: &Node, word: &str) -> bool {
    let scalar = schema.get(word).and_then(Node::as_scalar);
    scalar.is_some_and(|scalar| scalar.value == Yaml::Bool(true))
}

/// What kind of value is asked for, if it is another.
fn wrong_kind(schema: &Node, value: &Node) -> Option<&'static str> {
    let scalar = value.as_scalar().map(|scalar| scalar.value);
    let is_whole = match scalar {
        Some(Yaml::Int(_) | Yaml::Uint(_)) => true,
        Some(Yaml::Float(number)) => number.fract() == 0.0,
        _ => false,
    };
    if value.is_null() && is_true(schema, "nullable") {
        return None;
    }
    let (wanted, fits) = match schema.get("type").and_then(Node::as_str) {
        Some("array") => ("a list", value.as_list().is_some()),
        Some("boolean") => ("a boolean", matches!(scalar, Some(Yaml::Bool(_)))),
        Some("integer") => ("an integer", is_whole),
        Some("number") => ("a number", is_whole || matches!(scalar, Some(Yaml::Float(_)))),
        Some("object") => ("a map", value.as_map().is_some()),
        Some("string") => ("a string", value.as_str().is_some()),
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

fn is_same(a: &Node, b: &Node) -> bool {
    match (a.as_scalar(), b.as_scalar()) {
        (Some(a), Some(b)) => a.value == b.value && (a.value != Yaml::String || a.text == b.text),
        // Lists and maps of an enum are compared by a server only.
        (None, None) => true,
        _ => false,
    }
}
