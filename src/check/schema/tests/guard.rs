//! Schemas that reach outside of their file or cost without end.

use super::super::{Formats, Refused, Validator, refuse_unsafe};
use super::{check, check_a, violations};
use serde_json::{Value, json};
use std::sync::Arc;

fn refusal(schema: &Value) -> Vec<(String, String)> {
    let told = |refused: Refused| (refused.schema_path, refused.message);
    refuse_unsafe(schema).err().into_iter().flatten().map(told).collect()
}

#[test]
fn a_schema_reaches_nothing_outside_of_its_file() {
    for to in [
        "https://example.com/x.json",
        "file:///etc/passwd",
        "other.json#/a",
        "/dev/zero",
        "../x.json",
    ] {
        let schema = json!({ "properties": { "$ref": { "$ref": to } } });
        let message = format!("the schema refers to `{to}`, which lies outside of its file");
        assert_eq!(refusal(&schema), [("/properties/$ref/$ref".to_owned(), message)]);
        assert!(
            Validator::compile(&Arc::new(schema), Formats::AsDraft).is_err(),
            "not even when compiled"
        );
    }
}

#[test]
fn a_schema_may_refer_to_itself_and_mention_references() {
    let schema = json!({
        "$id": "https://example.com/values.json",
        "$defs": { "a/b": { "$ref": "#" }, "c": { "$ref": "https://example.com/values.json#/$defs/a~1b" } },
        "properties": { "x": { "$ref": "#/$defs/c" }, "y": { "enum": [{ "$ref": "http://x" }], "default": { "$ref": 1 } } },
    });
    assert_eq!(refusal(&schema), []);
    assert!(Validator::compile(&Arc::new(schema), Formats::AsDraft).is_ok());
}

#[test]
fn a_reference_to_nothing_is_named() {
    let schema = json!({ "items": { "$ref": "#/definitions/gone" } });
    let message = "the schema refers to `#/definitions/gone`, which is not there".to_owned();
    assert_eq!(refusal(&schema), [("/items/$ref".to_owned(), message)]);
}

/// `d0` refers to `d1` twice, `d1` to `d2` twice …
fn doubling(steps: usize) -> Value {
    let twice = |i: usize| json!({ "allOf": [{ "$ref": format!("#/$defs/d{}", i + 1) }, { "$ref": format!("#/$defs/d{}", i + 1) }] });
    let mut types: serde_json::Map<String, Value> =
        (0..steps).map(|i| (format!("d{i}"), twice(i))).collect();
    types.insert(format!("d{steps}"), json!({ "type": "object" }));
    json!({ "$defs": types, "$ref": "#/$defs/d0" })
}

#[test]
fn rules_that_double_without_end_are_refused() {
    assert_eq!(refusal(&doubling(5)), []);
    let told = refusal(&doubling(60));
    assert_eq!(told.len(), 1);
    assert!(told[0].1.contains("more than 100000 rules"), "{told:?}");
}

#[test]
fn a_chain_of_references_a_deep_schema_and_a_huge_one_are_refused() {
    let link = |i: usize| (format!("d{i}"), json!({ "$ref": format!("#/$defs/d{}", i + 1) }));
    let chain = json!({ "$defs": (0..6_000).map(link).collect::<serde_json::Map<_, _>>() });
    let deep = (0..120).fold(json!({}), |inner, _| json!({ "items": inner }));
    let huge: serde_json::Map<_, _> = (0..60_000).map(|i| (format!("p{i}"), json!({}))).collect();
    for schema in [chain, deep, json!({ "properties": huge })] {
        assert!(refusal(&schema)[0].1.starts_with("the schema is larger than jibe reads"));
    }
}

#[test]
fn a_costly_pattern_ends() {
    check_a(
        json!({ "pattern": "^(a+)+$" }),
        &format!("a: {}b", "a".repeat(40)),
        &format!(
            "`a` must match the pattern `^(a+)+$`, but is the string `{}b` (write a text that has this form)",
            "a".repeat(40)
        ),
    );
    let found =
        violations(json!({ "pattern": "^(?=(a+)+$)b" }), &format!("{}b", "a".repeat(40)), &|_| {
            false
        });
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("pattern"), "{}", found[0].message);
}

#[test]
fn a_pattern_that_is_given_up_below_the_root_is_told_at_its_value() {
    let costly = "^(?:a|a)*(?=b)$";
    let given_up = "cannot be compared with the pattern of its schema: the pattern is too costly";
    let hint = "write the pattern so that no two of its parts can take the same text";
    let text = "a".repeat(60);
    let nested = json!({ "items": { "pattern": costly } });
    check_a(nested, &format!("a: [{text}]"), &format!("`a[0]` {given_up} ({hint})"));
    let named = json!({ "patternProperties": { costly: {} }, "additionalProperties": false });
    check_a(named, &format!("a: {{ {text}: 1 }}"), &format!("`a` {given_up} ({hint})"));
}

#[test]
fn a_recursive_schema_that_doubles_with_the_depth_of_the_value_ends() {
    let inside = json!({ "properties": { "a": { "$ref": "#" } } });
    let schema = json!({ "type": "object", "allOf": [inside.clone(), inside] });
    assert_eq!(refusal(&schema), []);
    let text = format!("{}{{}}{}", "{a: ".repeat(200), "}".repeat(200));
    check(schema, &text, "");
}
