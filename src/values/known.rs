//! The top-level values that a chart declares.

use serde_json::Value;
use std::collections::BTreeSet;

/// The names of the top-level values that a chart's schema declares.
///
/// What its defaults and its own layers set, it knows anyway.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known(BTreeSet<String>);

impl Known {
    /// The properties that a JSON Schema names at its root, through `allOf`, `anyOf`, `oneOf`, `if`,
    /// `then`, `else` and `$ref` within the schema.
    #[must_use]
    pub fn declared_by(schema: &Value) -> Self {
        let mut names = BTreeSet::new();
        // A reference is followed once, so that a circle ends.
        let mut seen = BTreeSet::new();
        let mut open = vec![schema];
        while let Some(part) = open.pop() {
            let properties = part.get("properties").and_then(Value::as_object);
            names.extend(properties.into_iter().flatten().map(|(name, _)| name.clone()));
            for keyword in ["allOf", "anyOf", "oneOf"] {
                open.extend(part.get(keyword).and_then(Value::as_array).into_iter().flatten());
            }
            open.extend(["if", "then", "else"].iter().filter_map(|keyword| part.get(keyword)));
            let reference = part.get("$ref").and_then(Value::as_str);
            if let Some(path) = reference.and_then(|text| text.strip_prefix('#')) {
                open.extend(seen.insert(path).then(|| schema.pointer(path)).flatten());
            }
        }
        Self(names)
    }

    /// Whether the chart's schema declares this top-level value.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.0.contains(key)
    }
}

impl<S: Into<String>> FromIterator<S> for Known {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Known;

    fn check(schema: &str, expect: &[&str]) {
        let schema = serde_json::from_str(schema).expect("JSON");
        assert_eq!(Known::declared_by(&schema), expect.iter().copied().collect());
    }

    #[test]
    fn the_properties_of_the_root_are_known() {
        check(r#"{"properties": {"image": {"properties": {"tag": {}}}}}"#, &["image"]);
    }

    #[test]
    fn properties_behind_references_and_alternatives_are_known() {
        check(
            r##"{"allOf": [{"$ref": "#/$defs/shared"}], "if": {}, "then": {"properties": {"b": {}}},
                "$defs": {"shared": {"properties": {"a": {}}}}}"##,
            &["a", "b"],
        );
    }

    #[test]
    fn a_circle_of_references_ends() {
        check(
            r##"{"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}]}}}"##,
            &[],
        );
    }

    #[test]
    fn a_schema_that_is_no_object_declares_nothing() {
        check("[true, null]", &[]);
    }
}
