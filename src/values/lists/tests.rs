//! Which lists merge, by the schema alone.

use super::{At, Lists, Rule};

/// How the list at a path merges; `[]` leads into the items of a list.
fn rule(schema: &str, path: &str) -> String {
    let schema = serde_json::from_str(schema).expect("JSON");
    let (lists, faults) = Lists::declared_by(&schema);
    assert_eq!(faults, []);
    let root = lists.as_ref().and_then(|lists| lists.root());
    let at = root.and_then(|root| {
        path.split('.').try_fold(root, |at, name| match name {
            "[]" => at.items(),
            key => at.key(key),
        })
    });
    match at.and_then(At::rule) {
        None => "replaced".to_owned(),
        Some(Rule::Union) => "set".to_owned(),
        Some(Rule::Keyed(keys)) => keys.join(","),
    }
}

#[track_caller]
fn check(schema: &str, path: &str, expect: &str) {
    assert_eq!(rule(schema, path), expect);
}

const ENV: &str = r#"{"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]}"#;

#[test]
fn a_list_merges_by_the_keys_that_the_schema_names() {
    check(&format!(r#"{{"properties": {{"env": {ENV}, "args": {{}}}}}}"#), "env", "name");
    check(&format!(r#"{{"properties": {{"env": {ENV}, "args": {{}}}}}}"#), "args", "replaced");
    check(r#"{"properties": {"a": {"x-kubernetes-list-type": "set"}}}"#, "a", "set");
    check(r#"{"properties": {"a": {"x-kubernetes-list-type": "atomic"}}}"#, "a", "replaced");
}

#[test]
fn lists_in_items_and_in_maps_of_any_key_merge_too() {
    let schema = format!(
        r#"{{"additionalProperties": {{"items": {{"properties": {{"env": {ENV}}}}}}},
            "properties": {{"plain": {{"type": "array"}}}}}}"#
    );
    check(&schema, "jobs.[].env", "name");
    check(&schema, "plain.[].env", "replaced");
}

#[test]
fn references_and_conditions_that_all_hold_are_followed() {
    let schema = format!(
        r##"{{"allOf": [{{"properties": {{"a": {{"$ref": "#/$defs/env"}}}}}}], "$defs": {{"env": {ENV}}}}}"##
    );
    check(&schema, "a", "name");
}

#[test]
fn a_schema_that_refers_to_itself_goes_on_for_ever() {
    let schema = format!(r##"{{"properties": {{"env": {ENV}, "child": {{"$ref": "#"}}}}}}"##);
    check(&schema, "child.child.child.env", "name");
}

#[test]
fn a_schema_that_says_nothing_costs_nothing() {
    let schema = serde_json::json!({ "properties": { "a": { "default": { "x-kubernetes-list-type": "set" } } } });
    assert_eq!(Lists::declared_by(&schema), (None, Vec::new()));
}

#[track_caller]
fn check_fault(schema: &str, expect: &str) {
    let schema = serde_json::from_str(schema).expect("JSON");
    let faults = Lists::declared_by(&schema).1;
    let shown: Vec<_> = faults.iter().map(|f| format!("{}: {}", f.pointer, f.message)).collect();
    assert_eq!(shown, [expect]);
}

#[test]
fn a_rule_that_says_nothing_is_a_fault() {
    check_fault(
        r#"{"properties": {"a/b": {"x-kubernetes-list-type": "map"}}}"#,
        "/properties/a~1b: `x-kubernetes-list-type: map` needs `x-kubernetes-list-map-keys`, a list of names",
    );
    check_fault(
        r#"{"x-kubernetes-list-map-keys": ["name"]}"#,
        ": `x-kubernetes-list-map-keys` means nothing without `x-kubernetes-list-type: map`",
    );
    check_fault(
        r#"{"properties": {"a": {"x-kubernetes-list-type": "keyed"}}}"#,
        "/properties/a: `keyed` is no `x-kubernetes-list-type`",
    );
    check_fault(
        r#"{"properties": {"a": {"x-kubernetes-list-type": "set", "allOf": [{"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["b"]}]}}}"#,
        "/properties/a/allOf/0: two parts of the schema want this list merged in different ways",
    );
}

#[test]
fn a_rule_among_alternatives_is_a_fault() {
    check_fault(
        r#"{"properties": {"a": {"anyOf": [{"x-kubernetes-list-type": "set"}]}}}"#,
        "/properties/a/anyOf: `x-kubernetes-list-type` below `anyOf` says nothing: how a list merges cannot depend on what is in it",
    );
}

#[test]
fn many_parts_that_refer_to_each_other_end() {
    // Each key leads to another set of parts; told apart are their combinations.
    let mut defs = serde_json::Map::new();
    for number in 0..40 {
        let next = format!("#/$defs/d{}", (number + 1) % 40);
        let other = format!("#/$defs/d{}", (number * 7 + 3) % 40);
        let part = serde_json::json!({
            "properties": {
                "a": { "allOf": [{ "$ref": next }, { "$ref": other }] },
                "b": { "$ref": other },
                "env": { "x-kubernetes-list-type": "set" },
            }
        });
        defs.insert(format!("d{number}"), part);
    }
    let schema = serde_json::json!({ "$ref": "#/$defs/d0", "$defs": defs });
    let (lists, faults) = Lists::declared_by(&schema);
    assert!(lists.is_some() || !faults.is_empty());
}
