//! What a values schema says about the value at a path.
//!
//! Followed are `properties`, `additionalProperties`, `items`, `allOf` and `$ref` within the schema:
//! what holds for the value whatever else it is. Alternatives (`anyOf`, `if`, …) are not.

use serde_json::Value;
use std::collections::BTreeSet;
use std::ops::{BitAnd, BitOr};

/// How deep alternatives of alternatives are followed to tell what a value may be.
const MAX_DEPTH: usize = 12;

/// The parts of a schema that all hold for one value.
#[derive(Debug, Clone)]
pub(super) struct Parts<'s> {
    schema: &'s Value,
    /// In the order in which they were found, each once.
    parts: Vec<&'s Value>,
}

impl<'s> Parts<'s> {
    /// What holds for the values as a whole.
    pub(super) fn root(schema: &'s Value) -> Self {
        Self::of(schema, vec![schema])
    }

    /// These parts and those that they refer to, each once, so that a circle ends.
    fn of(schema: &'s Value, mut open: Vec<&'s Value>) -> Self {
        let mut seen = BTreeSet::new();
        let mut parts = Vec::new();
        open.reverse();
        while let Some(part) = open.pop() {
            if !seen.insert(std::ptr::from_ref(part) as usize) {
                continue;
            }
            parts.push(part);
            let all = part.get("allOf").and_then(Value::as_array);
            open.extend(all.into_iter().flatten().rev());
            let reference = part.get("$ref").and_then(Value::as_str);
            let path = reference.and_then(|text| text.strip_prefix('#'));
            open.extend(path.and_then(|path| schema.pointer(path)));
        }
        Self { schema, parts }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'s Value> {
        self.parts.iter().copied()
    }

    /// What tells these parts from others: equal for the same parts in any order.
    pub(super) fn identity(&self) -> Vec<usize> {
        let mut addresses: Vec<_> =
            self.parts.iter().map(|part| std::ptr::from_ref(*part) as usize).collect();
        addresses.sort_unstable();
        addresses
    }

    /// The keys that are named.
    pub(super) fn names(&self) -> BTreeSet<&'s str> {
        self.iter().filter_map(properties).flat_map(|map| map.keys().map(String::as_str)).collect()
    }

    /// What holds below a key.
    pub(super) fn key(&self, name: &str) -> Self {
        let below = |part| {
            let named = properties(part).and_then(|map| map.get(name));
            named.or_else(|| part.get("additionalProperties"))
        };
        Self::of(self.schema, self.iter().filter_map(below).collect())
    }

    /// What holds below a key that no part names.
    pub(super) fn other_keys(&self) -> Self {
        let below = self.iter().filter_map(|part| part.get("additionalProperties"));
        Self::of(self.schema, below.collect())
    }

    /// What holds for every item of a list.
    pub(super) fn items(&self) -> Self {
        let below = self.iter().filter_map(|part| part.get("items"));
        Self::of(self.schema, below.filter(|items| !items.is_array()).collect())
    }

    /// What the value may be.
    pub(super) fn kinds(&self) -> Kinds {
        self.kinds_within(0)
    }

    fn kinds_within(&self, depth: usize) -> Kinds {
        if depth > MAX_DEPTH {
            return Kinds::ALL;
        }
        let any_of = |branches: &'s Vec<Value>| {
            let kinds = |branch| Self::of(self.schema, vec![branch]).kinds_within(depth + 1);
            branches.iter().map(kinds).fold(Kinds::NONE, Kinds::bitor)
        };
        let of_part = |part: &'s Value| match part {
            Value::Bool(false) => Kinds::NONE,
            _ => {
                let alternatives = ["anyOf", "oneOf"].iter().filter_map(|word| part.get(word));
                let alternatives = alternatives.filter_map(Value::as_array).map(any_of);
                alternatives.fold(typed(part) & listed(part), Kinds::bitand)
            }
        };
        self.iter().map(of_part).fold(Kinds::ALL, Kinds::bitand)
    }
}

fn properties(part: &Value) -> Option<&serde_json::Map<String, Value>> {
    part.get("properties")?.as_object()
}

/// A set of kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    pub(super) const STRING: Self = Self(1);
    pub(super) const INTEGER: Self = Self(2);
    /// Numbers with a fraction.
    pub(super) const FRACTION: Self = Self(4);
    pub(super) const BOOLEAN: Self = Self(8);
    pub(super) const ALL: Self = Self(15);

    pub(super) fn holds(self, other: Self) -> bool {
        self & other == other
    }
}

impl BitAnd for Kinds {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What `type` allows.
fn typed(part: &Value) -> Kinds {
    let kind = |name: &Value| match name.as_str() {
        Some("string") => Kinds::STRING,
        Some("integer") => Kinds::INTEGER,
        Some("number") => Kinds::INTEGER | Kinds::FRACTION,
        Some("boolean") => Kinds::BOOLEAN,
        _ => Kinds::NONE,
    };
    match part.get("type") {
        None => Kinds::ALL,
        Some(Value::Array(names)) => names.iter().map(kind).fold(Kinds::NONE, Kinds::bitor),
        Some(name) => kind(name),
    }
}

/// What `enum` and `const` allow.
fn listed(part: &Value) -> Kinds {
    let kind = |value: &Value| match value {
        Value::String(_) => Kinds::STRING,
        Value::Bool(_) => Kinds::BOOLEAN,
        Value::Number(number) if number.is_f64() => Kinds::FRACTION,
        Value::Number(_) => Kinds::INTEGER,
        _ => Kinds::NONE,
    };
    let one = part.get("const").map_or(Kinds::ALL, kind);
    let some = part.get("enum").and_then(Value::as_array);
    one & some.map_or(Kinds::ALL, |all| all.iter().map(kind).fold(Kinds::NONE, Kinds::bitor))
}

#[cfg(test)]
mod tests {
    use super::{Kinds, Parts};

    fn check(schema: &str, expect: Kinds) {
        let schema = serde_json::from_str(schema).expect("JSON");
        assert_eq!(Parts::root(&schema).kinds(), expect, "{schema}");
    }

    #[test]
    fn a_type_says_what_a_value_may_be() {
        check(r#"{"type": "string"}"#, Kinds::STRING);
        check(r#"{"type": ["string", "integer", "null"]}"#, Kinds::STRING | Kinds::INTEGER);
        check(r#"{"type": "number"}"#, Kinds::INTEGER | Kinds::FRACTION);
        check("{}", Kinds::ALL);
        check("true", Kinds::ALL);
        check("false", Kinds::NONE);
    }

    #[test]
    fn listed_values_say_it_too() {
        check(r#"{"enum": ["a", "1.10"]}"#, Kinds::STRING);
        check(r#"{"const": 1}"#, Kinds::INTEGER);
        check(r#"{"type": "string", "enum": ["a", 1]}"#, Kinds::STRING);
    }

    #[test]
    fn alternatives_add_up_and_conditions_that_all_hold_narrow_down() {
        let either = r#"[{"type": "string"}, {"type": "boolean"}]"#;
        check(&format!(r#"{{"anyOf": {either}}}"#), Kinds::STRING | Kinds::BOOLEAN);
        check(&format!(r#"{{"oneOf": {either}, "type": "string"}}"#), Kinds::STRING);
        check(
            r##"{"allOf": [{"$ref": "#/$defs/text"}], "$defs": {"text": {"type": "string"}}}"##,
            Kinds::STRING,
        );
    }

    #[test]
    fn a_circle_of_alternatives_ends() {
        check(r##"{"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}"##, Kinds::ALL);
    }

    #[test]
    fn paths_lead_through_references_and_conditions_that_all_hold() {
        let schema = serde_json::json!({
            "allOf": [{ "properties": { "a": { "$ref": "#/$defs/list" } } }],
            "additionalProperties": { "type": "boolean" },
            "$defs": { "list": { "items": { "properties": { "b": { "type": "string" } } } } }
        });
        let root = Parts::root(&schema);
        assert_eq!(root.key("a").items().key("b").kinds(), Kinds::STRING & Kinds::ALL);
        assert_eq!(root.key("other").kinds(), Kinds::BOOLEAN);
        assert_eq!(root.other_keys().kinds(), Kinds::BOOLEAN);
        assert_eq!(root.key("a").key("nothing").iter().count(), 0);
    }
}
