//! What merging takes from a chart's values schema.

use super::lists::{At, ListFault, Lists};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a chart's values schema says that matters before it judges the merged values: which
/// top-level values there are, which lists merge, and what `--set` may set as text.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The names of the top-level values that it declares. What the chart's defaults and its own
    /// layers set, the chart knows anyway.
    names: BTreeSet<String>,
    lists: Option<Arc<Lists>>,
    faults: Vec<ListFault>,
    schema: Option<Arc<Value>>,
}

impl Known {
    /// What a JSON Schema says.
    #[must_use]
    pub fn declared_by(schema: &Arc<Value>) -> Self {
        let (lists, faults) = Lists::declared_by(schema);
        Self { names: names(schema), lists, faults, schema: Some(Arc::clone(schema)) }
    }

    /// Whether the chart's schema declares this top-level value.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.names.contains(key)
    }

    /// What the schema says about merging lists that cannot be.
    #[must_use]
    pub fn faults(&self) -> &[ListFault] {
        &self.faults
    }

    pub(super) fn schema(&self) -> Option<&Value> {
        self.schema.as_deref()
    }

    pub(super) fn lists(&self) -> Option<At<'_>> {
        self.lists.as_deref().and_then(Lists::root)
    }

    pub(super) fn shared_lists(&self) -> Option<Arc<Lists>> {
        self.lists.clone()
    }
}

/// The properties that a JSON Schema names at its root, through `allOf`, `anyOf`, `oneOf`, `if`,
/// `then`, `else` and `$ref` within the schema.
fn names(schema: &Value) -> BTreeSet<String> {
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
    names
}

impl<S: Into<String>> FromIterator<S> for Known {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        Self { names: names.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::Known;
    use std::sync::Arc;

    fn check(schema: &str, expect: &[&str]) {
        let schema = serde_json::from_str(schema).expect("JSON");
        assert!(Known::declared_by(&Arc::new(schema)).names.iter().eq(expect));
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
