//! What a values schema says about the value at a path.
//!
//! Followed are `properties`, `additionalProperties`, `items`, `allOf` and `$ref` within the schema:
//! what holds for the value whatever else it is. Alternatives (`anyOf`, `if`, …) are not.

use serde_json::Value;
use std::collections::BTreeSet;

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
}

fn properties(part: &Value) -> Option<&serde_json::Map<String, Value>> {
    part.get("properties")?.as_object()
}

#[cfg(test)]
mod tests {
    use super::Parts;

    #[test]
    fn paths_lead_through_references_and_conditions_that_all_hold() {
        let schema = serde_json::json!({
            "allOf": [{ "properties": { "a": { "$ref": "#/$defs/list" } } }],
            "additionalProperties": { "type": "boolean" },
            "$defs": { "list": { "items": { "properties": { "b": { "type": "string" } } } } }
        });
        let types = |parts: Parts<'_>| {
            parts.iter().filter_map(|part| Some(part.get("type")?.to_string())).collect::<Vec<_>>()
        };
        let root = Parts::root(&schema);
        assert_eq!(types(root.key("a").items().key("b")), [r#""string""#]);
        assert_eq!(types(root.key("other")), [r#""boolean""#]);
        assert_eq!(types(root.other_keys()), [r#""boolean""#]);
        assert_eq!(root.key("a").key("nothing").iter().count(), 0);
    }
}
