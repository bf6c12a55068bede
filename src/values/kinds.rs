//! What kinds of values a schema allows at a path, whichever of its alternatives holds.
//!
//! Followed are `properties`, `patternProperties`, `additionalProperties`, `items`, `prefixItems`, `allOf`,
//! `anyOf`, `oneOf` and `$ref` within the schema. What they leave open may be anything, and so may a
//! value for which more of a schema would have to be read than is sensible.

use fancy_regex::Regex;
use serde_json::Value;
use std::ops::{BitAnd, BitOr};

/// How many parts of a schema are looked at for one value.
const MAX_PARTS: usize = 4_096;
/// How many of them may lead to each other.
const MAX_DEPTH: usize = 128;

/// One step down to a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Below<'p> {
    /// To the value of a key.
    Key(&'p str),
    /// To an item of a list, at a position if that is known.
    Item(Option<usize>),
}

/// The kinds that a schema allows at a path.
pub(super) fn kinds_at(schema: &Value, path: &[Below<'_>]) -> Kinds {
    let mut walk = Walk { schema, left: MAX_PARTS, open: Vec::new() };
    let found = walk.kinds(schema, path);
    if walk.left == 0 { Kinds::ALL } else { found }
}

struct Walk<'s> {
    schema: &'s Value,
    /// How many parts may still be looked at.
    left: usize,
    /// The parts on the way, each with the number of steps that were left there.
    open: Vec<(&'s Value, usize)>,
}

impl<'s> Walk<'s> {
    fn kinds(&mut self, part: &'s Value, path: &[Below<'_>]) -> Kinds {
        let Value::Object(_) = part else {
            return if *part == Value::Bool(false) { Kinds::NONE } else { Kinds::ALL };
        };
        // What a circle asks for is asked for already.
        let is_open =
            |(one, steps): &(&Value, usize)| std::ptr::eq(*one, part) && *steps == path.len();
        if self.open.iter().any(is_open) {
            return Kinds::ALL;
        }
        if self.left == 0 || self.open.len() >= MAX_DEPTH {
            self.left = 0;
            return Kinds::ALL;
        }
        self.left -= 1;
        self.open.push((part, path.len()));
        let own = match path.split_first() {
            None => typed(part) & listed(part),
            Some((step, rest)) => self.below(part, *step, rest),
        };
        let found = own & self.conditions(part, path);
        self.open.pop();
        found
    }

    /// What other parts ask for that hold as well.
    fn conditions(&mut self, part: &'s Value, path: &[Below<'_>]) -> Kinds {
        let mut found = Kinds::ALL;
        let reference = part.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|text| text.strip_prefix('#'));
        if let Some(target) = target.and_then(|pointer| self.schema.pointer(pointer)) {
            found = found & self.kinds(target, path);
        }
        for all in parts_of(part, "allOf") {
            found = found & self.kinds(all, path);
        }
        for word in ["anyOf", "oneOf"].into_iter().filter(|word| part.get(word).is_some()) {
            let any = parts_of(part, word).iter().map(|one| self.kinds(one, path));
            found = found & any.fold(Kinds::NONE, Kinds::bitor);
        }
        found
    }

    /// The kinds below a step.
    fn below(&mut self, part: &'s Value, step: Below<'_>, rest: &[Below<'_>]) -> Kinds {
        let (container, parts) = match step {
            Below::Key(name) => ("object", of_key(part, name)),
            Below::Item(at) => ("array", of_item(part, at)),
        };
        let is_it = |kind: &Value| kind.as_str() == Some(container);
        let is_one = part.get("type").is_none_or(|kind| {
            is_it(kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(is_it))
        });
        if !is_one {
            return Kinds::NONE;
        }
        let kinds = parts.into_iter().map(|part| self.kinds(part, rest));
        kinds.fold(Kinds::ALL, Kinds::bitand)
    }
}

fn parts_of<'s>(part: &'s Value, word: &str) -> &'s [Value] {
    part.get(word).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The parts that hold for the value of a key, as far as they can be told.
fn of_key<'s>(part: &'s Value, name: &str) -> Vec<&'s Value> {
    let named = part.get("properties").and_then(|map| map.get(name));
    let mut parts: Vec<_> = named.into_iter().collect();
    let patterns = part.get("patternProperties").and_then(Value::as_object);
    let mut is_other = parts.is_empty();
    for (pattern, inner) in patterns.into_iter().flatten() {
        let fits = Regex::new(pattern).and_then(|regex| regex.is_match(name));
        is_other &= matches!(fits, Ok(false));
        parts.extend(matches!(fits, Ok(true)).then_some(inner));
    }
    if is_other {
        parts.extend(part.get("additionalProperties"));
    }
    parts
}

/// The parts that hold for an item of a list.
fn of_item(part: &Value, at: Option<usize>) -> Vec<&Value> {
    let items = part.get("items");
    let (first, others) = match items.and_then(Value::as_array) {
        Some(first) => (first.as_slice(), part.get("additionalItems")),
        None => (parts_of(part, "prefixItems"), items),
    };
    match at {
        _ if first.is_empty() => others.into_iter().collect(),
        Some(at) => first.get(at).or(others).into_iter().collect(),
        None => Vec::new(),
    }
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
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() != 0.0) => {
            Kinds::FRACTION
        }
        Value::Number(_) => Kinds::INTEGER,
        _ => Kinds::NONE,
    };
    let one = part.get("const").map_or(Kinds::ALL, kind);
    let some = part.get("enum").and_then(Value::as_array);
    one & some.map_or(Kinds::ALL, |all| all.iter().map(kind).fold(Kinds::NONE, Kinds::bitor))
}

#[cfg(test)]
mod tests {
    use super::{Below, Kinds, kinds_at};

    #[track_caller]
    fn check(schema: &str, path: &str, expect: Kinds) {
        let schema = serde_json::from_str(schema).expect("JSON");
        let steps = path.split('.').filter(|step| !step.is_empty());
        let steps = steps.map(|step| match (step, step.parse()) {
            ("*", _) => Below::Item(None),
            (_, Ok(at)) => Below::Item(Some(at)),
            (key, Err(_)) => Below::Key(key),
        });
        assert_eq!(kinds_at(&schema, &steps.collect::<Vec<_>>()), expect, "{path}: {schema}");
    }

    #[test]
    fn a_type_says_what_a_value_may_be() {
        check(r#"{"type": "string"}"#, "", Kinds::STRING);
        check(r#"{"type": ["string", "integer", "null"]}"#, "", Kinds::STRING | Kinds::INTEGER);
        check(r#"{"type": "number"}"#, "", Kinds::INTEGER | Kinds::FRACTION);
        check("{}", "", Kinds::ALL);
        check("true", "", Kinds::ALL);
        check("false", "", Kinds::NONE);
    }

    #[test]
    fn listed_values_say_it_too() {
        check(r#"{"enum": ["a", "1.10"]}"#, "", Kinds::STRING);
        check(r#"{"const": 1.0}"#, "", Kinds::INTEGER);
        check(r#"{"const": 1.5}"#, "", Kinds::FRACTION);
        check(r#"{"type": "string", "enum": ["a", 1]}"#, "", Kinds::STRING);
    }

    #[test]
    fn alternatives_add_up_and_conditions_that_all_hold_narrow_down() {
        let either = r#"[{"type": "string"}, {"type": "boolean"}]"#;
        check(&format!(r#"{{"anyOf": {either}}}"#), "", Kinds::STRING | Kinds::BOOLEAN);
        check(&format!(r#"{{"oneOf": {either}, "type": "string"}}"#), "", Kinds::STRING);
        check(
            r##"{"allOf": [{"$ref": "#/$defs/text"}], "$defs": {"text": {"type": "string"}}}"##,
            "",
            Kinds::STRING,
        );
    }

    #[test]
    fn a_path_leads_through_patterns_and_other_keys() {
        let schema = r#"{
            "properties": { "a": { "type": "integer" } },
            "patternProperties": { "^tag-": { "type": "string" }, "-no$": { "type": "boolean" } },
            "additionalProperties": { "type": "boolean" }
        }"#;
        check(schema, "a", Kinds::INTEGER);
        check(schema, "tag-x", Kinds::STRING);
        check(schema, "tag-no", Kinds::NONE);
        check(schema, "other", Kinds::BOOLEAN);
        check(r#"{"patternProperties": {"(": {"type": "string"}}}"#, "a", Kinds::ALL);
    }

    #[test]
    fn a_path_leads_through_alternatives_that_can_hold_it() {
        let schema = r##"{
            "anyOf": [{ "type": "string" }, { "$ref": "#/$defs/image" }],
            "$defs": { "image": { "type": "object", "properties": { "tag": { "type": "string" } } } }
        }"##;
        check(schema, "tag", Kinds::STRING);
        check(schema, "other", Kinds::ALL);
        check(schema, "0", Kinds::NONE);
    }

    #[test]
    fn items_are_told_by_their_position() {
        let schema = r#"{"prefixItems": [{"type": "string"}], "items": {"type": "integer"}}"#;
        check(schema, "0", Kinds::STRING);
        check(schema, "1", Kinds::INTEGER);
        check(schema, "*", Kinds::ALL);
        check(r#"{"items": {"type": "string"}}"#, "*", Kinds::STRING);
        check(r#"{"items": [{"type": "string"}], "additionalItems": false}"#, "1", Kinds::NONE);
    }

    #[test]
    fn a_circle_ends_and_asks_for_nothing() {
        check(r##"{"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}"##, "", Kinds::ALL);
        check(r##"{"allOf": [{"$ref": "#"}], "type": "string"}"##, "", Kinds::STRING);
        let tree = r##"{"properties": {"left": {"$ref": "#"}, "name": {"type": "string"}}}"##;
        check(tree, "left.left.left.name", Kinds::STRING);
    }

    #[test]
    fn a_schema_of_too_many_alternatives_says_nothing() {
        let level = |at: usize| {
            let next = format!(r##"{{"$ref": "#/$defs/{}"}}"##, at + 1);
            format!(r#""{at}": {{"anyOf": [{next}, {next}, {{"type": "string"}}]}}"#)
        };
        let levels: Vec<_> = (0..40).map(level).collect();
        let schema = format!(
            r##"{{"$ref": "#/$defs/0", "$defs": {{{}, "40": {{"type": "string"}}}}}}"##,
            levels.join(", ")
        );
        check(&schema, "", Kinds::ALL);
    }
}
