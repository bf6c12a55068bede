//! What is said about nodes that a schema refuses.

mod guard;

use super::{Formats, Marks, Neighbours, Path, Step, Validator, Violation};
use crate::source::{Files, Inputs, RelPath};
use crate::yaml::{self, Data, Key, Map, Node};
use serde_json::{Value, json};
use std::sync::Arc;

fn node(text: &str) -> Node {
    let files = Files::memory([("x.yaml", text)]).expect("a path");
    let path = RelPath::parse("x.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a file");
    let documents = yaml::parse(source.text(), source.id(), yaml::Options::default());
    documents.expect("YAML").remove(0).root
}

fn violations(schema: Value, text: &str, is_secret: &dyn Fn(&Path) -> bool) -> Vec<Violation> {
    let validator = Validator::compile(&Arc::new(schema), Formats::Assert).expect("a schema");
    validator.validate(&node(text), Neighbours::Written, is_secret)
}

fn told(violations: &[Violation]) -> String {
    let one = |v: &Violation| {
        let hints: Vec<_> = v.hints.iter().map(|hint| format!(" ({hint})")).collect();
        format!("{}{}", v.message, hints.concat())
    };
    violations.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn check(schema: Value, text: &str, expect: &str) {
    assert_eq!(told(&violations(schema, text, &|_| false)), expect, "of {text}");
}

/// The schema of one key, `a`.
#[expect(clippy::needless_pass_by_value, reason = "so that cases read `json!({ … })`")]
fn check_a(schema: Value, text: &str, expect: &str) {
    check(json!({ "properties": { "a": schema } }), text, expect);
}

#[test]
fn a_type_is_named_with_the_value_and_the_edit_that_makes_it_fit() {
    let of = |kind: &str| json!({ "type": [kind, "null"] });
    check_a(
        of("integer"),
        "a: three",
        "`a` must be an integer, but is the string `three` (write a whole number without quotes, such as `1`)",
    );
    check_a(
        of("integer"),
        "a: '3'",
        "`a` must be an integer, but is the string `3` (write it without quotes: `3`)",
    );
    check_a(
        of("string"),
        "a: 8080",
        "`a` must be a string, but is the integer `8080` (write it in quotes: `\"8080\"`)",
    );
    check_a(
        of("string"),
        "a: yes",
        "`a` must be a string, but is the boolean `yes` (write it in quotes: `\"yes\"`)",
    );
    check_a(
        of("array"),
        "a: x",
        "`a` must be a list, but is the string `x` (write it as a list: `[x]`)",
    );
    check_a(of("object"), "a: [1]", "`a` must be a map, but is a list (write `name: value` lines)");
    check_a(
        json!({ "type": ["integer", "string"] }),
        "a: 1.5",
        "`a` must be an integer or a string, but is the number `1.5` (write it in quotes: `\"1.5\"`)",
    );
    let required = json!({ "type": "string" });
    check_a(
        required,
        "a: ",
        "`a` must be a string, but is null (give it a value, or remove the key)",
    );
}

#[test]
fn a_number_without_a_fraction_is_an_integer_however_it_is_written() {
    let integer = json!({ "type": "integer", "minimum": -5, "maximum": 4_000_000_000_u64 });
    for text in ["a: 1.0", "a: 1e3", "a: 0x10", "a: 0644", "a: 3_000_000_000"] {
        check_a(integer.clone(), text, "");
    }
    check_a(
        integer.clone(),
        "a: 1.5",
        "`a` must be an integer, but is the number `1.5` (write a whole number without quotes, such as `1`)",
    );
    check_a(
        integer.clone(),
        "a: 5e9",
        "`a` must be at most 4000000000, but is the number `5e9` (write 4000000000 or less)",
    );
    check_a(
        integer,
        "a: -6",
        "`a` must be at least -5, but is the integer `-6` (write -5 or more)",
    );
}

#[test]
fn an_unknown_key_is_named_with_the_one_that_was_meant() {
    let schema =
        json!({ "properties": { "replicas": {}, "paused": {} }, "additionalProperties": false });
    check(
        schema.clone(),
        "Replicas: 1",
        "`Replicas` is not a known field (did you mean `replicas`?)",
    );
    check(
        schema.clone(),
        "replicas: 1\nzzz: 1\nrepliacs: 2",
        "`zzz` is not a known field (known here: `replicas`, `paused`)\n\
         `repliacs` is not a known field (known here: `replicas`, `paused`)",
    );
    let found = violations(schema, "paused: no\nx: {y: 1}", &|_| false);
    let span = found[0].place.span;
    assert_eq!((span.start, span.end), (11, 12), "it is the key that is unknown");
}

#[test]
fn an_unknown_key_that_is_known_elsewhere_is_sent_home() {
    let pod = json!({ "properties": { "containers": { "items": { "properties": { "image": {} }, "additionalProperties": false } } }, "additionalProperties": false });
    let schema = json!({ "properties": { "spec": { "properties": {
        "replicas": {}, "template": { "properties": { "spec": pod }, "additionalProperties": false },
    }, "additionalProperties": false } }, "additionalProperties": false });
    let home = |key: &str| format!("it belongs under another key: `spec.{key}`");
    check(
        schema.clone(),
        "spec: {containers: []}",
        &format!("`spec.containers` is not a known field ({})", home("template.spec.containers")),
    );
    check(
        schema.clone(),
        "spec: {template: {replicas: 1}}",
        &format!("`spec.template.replicas` is not a known field ({})", home("replicas")),
    );
    check(
        schema.clone(),
        "spec: {template: {spec: {image: a}}}",
        &format!(
            "`spec.template.spec.image` is not a known field ({})",
            home("template.spec.containers[].image")
        ),
    );
    check(
        schema,
        "replicas: 1",
        &format!("`replicas` is not a known field ({})", home("replicas")),
    );
}

#[test]
fn what_is_missing_is_a_path_of_its_own() {
    let schema = json!({ "properties": { "a": { "items": { "required": ["b"] } } } });
    check(schema, "a: [{b: 1}, {}]", "`a[1].b` is missing");
}

#[test]
fn a_key_that_is_no_plain_name_stands_in_brackets() {
    let schema =
        json!({ "properties": { "labels": { "additionalProperties": { "type": "string" } } } });
    check(
        schema,
        "labels: {app.io/name: 1}",
        "`labels[app.io/name]` must be a string, but is the integer `1` (write it in quotes: `\"1\"`)",
    );
}

#[test]
fn ranges_sizes_and_patterns_say_what_they_ask_for() {
    check_a(
        json!({ "enum": ["TCP", "UDP", 1] }),
        "a: tcp",
        "`a` must be one of `TCP`, `UDP`, `1`, but is the string `tcp` (did you mean `TCP`?)",
    );
    check_a(
        json!({ "const": "v1" }),
        "a: v2",
        "`a` must be `v1`, but is the string `v2` (write `v1`)",
    );
    check_a(json!({ "const": { "b": [1, "x"] } }), "a: {b: [1.0, x]}", "");
    check_a(
        json!({ "exclusiveMinimum": 0 }),
        "a: 0",
        "`a` must be more than 0, but is the integer `0` (write more than 0)",
    );
    check_a(
        json!({ "multipleOf": 2 }),
        "a: 3",
        "`a` must be a multiple of 2, but is the integer `3` (write 2, or another multiple of it)",
    );
    check_a(
        json!({ "pattern": "^x" }),
        "a: z",
        "`a` must match the pattern `^x`, but is the string `z` (write a text that has this form)",
    );
    check_a(
        json!({ "minLength": 1 }),
        "a: ''",
        "`a` must not be empty (write a text, or remove the key)",
    );
    check_a(
        json!({ "maxLength": 2 }),
        "a: äöü",
        "`a` must have at most 2 characters, but has 3 (take 1 or more away)",
    );
    check_a(
        json!({ "minItems": 1 }),
        "a: []",
        "`a` must have at least 1 item, but has 0 (add 1 or more)",
    );
    check_a(
        json!({ "uniqueItems": true }),
        "a: [1, {b: 2}, {b: 2.0}, 1]",
        "`a[2]` is the same as item 1: each may be there once (remove one of the two)\n`a[3]` is the same as item 0: each may be there once (remove one of the two)",
    );
    check_a(json!({ "uniqueItems": true }), "a: [1, '1', {b: 2}, {b: 3}]", "");
    check_a(json!(false), "a: 1", "`a` must not be set here (remove it)");
    check_a(
        json!({ "not": { "type": "null" } }),
        "a: ~",
        "`a` must not be null (give it a value, or remove the key)",
    );
    check_a(
        json!({ "propertyNames": { "maxLength": 1 } }),
        "a: {bc: 1}",
        "`a.bc` is no key that may stand here: it must have at most 1 character, but has 2 (rename the key)",
    );
}

#[test]
fn alternatives_that_differ_in_type_are_told_as_one_sentence() {
    let schema = json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] });
    check_a(
        schema,
        "a: []",
        "`a` must be a string, or must be an integer, but is a list (change it into one of these)",
    );
    let schema = json!({ "anyOf": [{ "required": ["b"] }, { "required": ["c"] }] });
    check_a(schema, "a: {}", "one of `a.b`, `a.c` is missing");
}

#[test]
fn alternatives_within_alternatives_are_told_once_and_not_without_end() {
    let text = json!({ "type": "string" });
    let inner = json!({ "anyOf": [text, { "oneOf": [{ "minimum": 10 }, text] }] });
    check_a(
        json!({ "anyOf": [text, inner, text] }),
        "a: 3",
        "`a` must be a string, or must be at least 10, but is the integer `3` (change it into one of these)",
    );
    check_a(
        json!({ "anyOf": [text, { "oneOf": [text, text] }] }),
        "a: []",
        "`a` must be a string, but is a list (write one text, in quotes if it looks like something else)",
    );
    let many: Vec<_> = (10..40).map(|least| json!({ "minimum": least })).collect();
    check_a(
        json!({ "anyOf": many }),
        "a: 3",
        "`a` must be at least 10, or must be at least 11, or must be at least 12, or must be at least 13, \
         or must be at least 14, or must be at least 15, or must be at least 16, or must be at least 17, \
         or one of 22 more, but is the integer `3` (change it into one of these)",
    );
    let lacks = |name: &str| json!({ "required": [name] });
    let schema = json!({ "anyOf": [lacks("b"), { "anyOf": [lacks("c"), lacks("b")] }] });
    check_a(schema, "a: {}", "one of `a.b`, `a.c` is missing");
}

#[test]
fn a_pattern_that_is_too_large_is_not_called_none() {
    let told = |pattern: &str| {
        let schema = json!({ "properties": { "a": { "pattern": pattern } } });
        let broken = Validator::compile(&Arc::new(schema), Formats::AsDraft).err();
        broken.map(|broken| broken.message).unwrap_or_default()
    };
    assert_eq!(
        told("(a{1000}){1000}"),
        "`properties.a.pattern`: the pattern `(a{1000}){1000}` is too large: it takes more than 10 MiB when it is compiled"
    );
    assert_eq!(
        told("(a"),
        "not a JSON Schema: `properties.a.pattern` must be a regular expression, but is `(a`"
    );
}

#[test]
fn of_alternatives_the_one_that_was_meant_is_told() {
    let schema = json!({ "anyOf": [
        { "type": "string" },
        { "type": "object", "properties": { "b": { "type": "integer" } }, "additionalProperties": false },
    ] });
    check_a(
        schema,
        "a: {b: x}",
        "`a.b` must be an integer, but is the string `x` (write a whole number without quotes, such as `1`)",
    );
    let schema = json!({ "oneOf": [{ "minimum": 1 }, { "minimum": 2 }] });
    check_a(
        schema,
        "a: 3",
        "`a` fits more than one of the forms of which it must have exactly one (keep what belongs to one of the forms, and remove the rest)",
    );
}

#[test]
fn violations_come_in_the_order_of_the_text() {
    let schema = json!({ "properties": { "b": { "type": "string" }, "a": { "type": "string" } }, "required": ["c"] });
    let expect = "`c` is missing\n\
                  `a` must be a string, but is the integer `1` (write it in quotes: `\"1\"`)\n\
                  `b` must be a string, but is the integer `2` (write it in quotes: `\"2\"`)";
    check(schema, "a: 1\nb: 2", expect);
}

#[test]
fn a_secret_is_never_shown() {
    let schema = json!({ "properties": {
        "a": { "enum": ["x"] }, "b": { "type": "string" },
        "c": { "properties": { "d": { "pattern": "^x" } }, "x-jibe-sensitive": true },
        "e": { "maxLength": 2, "writeOnly": true },
    } });
    let in_a = |path: &Path| matches!(path.steps(), [Step::Key(name), ..] if **name == *"a");
    let found = violations(schema, "a: hush1\nb: 2\nc: {d: hush3}\ne: hush4", &in_a);
    assert_eq!(
        told(&found),
        "`a` must be one of `x`, but is a string (write one of these)\n\
         `b` must be a string, but is the integer `2` (write it in quotes: `\"2\"`)\n\
         `c.d` must match the pattern `^x`, but is a string (write a text that has this form)\n\
         `e` must have at most 2 characters, but has 5 (take 3 or more away)"
    );
    assert_eq!(found.iter().map(|v| v.is_secret).collect::<Vec<_>>(), [true, false, true, true]);
}

#[test]
fn a_misspelt_key_that_a_template_filled_in_is_told_where_its_value_was_set() {
    let given = node("hole: {}\nvalue: 1");
    let at = |name| given.as_map().and_then(|map| map.get(name)).expect("a key");
    let (hole, set) = (at("hole").place, at("value"));
    let value = Node { place: hole, set_at: Some(set.place), ..set.clone() };
    let filled = |place| {
        let key = Key { name: "limit".into(), place, written: None };
        let map: Map = [(key, value.clone())].into_iter().collect();
        Node { data: Data::Map(map.into()), place: hole, set_at: None }
    };
    let schema = json!({ "properties": { "limits": {} }, "additionalProperties": false });
    let validator = Validator::compile(&Arc::new(schema), Formats::Assert).expect("a schema");
    let told_at = |place| {
        let found = validator.validate(&filled(place), Neighbours::Written, &|_| false);
        found.iter().map(|violation| violation.set_at).collect::<Vec<_>>()
    };
    assert_eq!(told_at(hole), [Some(set.place)]);
    assert_eq!(told_at(given.place), [None], "a key that stands in the template itself");
}

#[test]
fn a_pattern_marks_the_keys_that_fit_it_and_no_others() {
    let settings = json!({
        "properties": { "token": {} },
        "patternProperties": { "(password|token)$": { "writeOnly": true } },
        "additionalProperties": { "type": "string" },
    });
    let schema = json!({ "additionalProperties": settings });
    let values = node("smtp: {password: hush, token: hush, tokens: told, host: told}");
    let marked = Marks::paths(&schema, &values);
    let marked: Vec<_> = marked.iter().map(ToString::to_string).collect();
    assert_eq!(marked, ["smtp.password", "smtp.token"]);
    let costly = json!({ "patternProperties": { "^(?:a|a)*(?=b)$": { "writeOnly": true } } });
    let values = node(&format!("{}: 1", "a".repeat(60)));
    assert_eq!(Marks::paths(&costly, &values).len(), 1, "what cannot be told counts as secret");
}

#[test]
fn a_long_value_is_cut() {
    let text = format!("a: {}", "x".repeat(1000));
    let shown = format!(
        "`a` must be an integer, but is the string `{}…` (write a whole number without quotes, such as `1`)",
        "x".repeat(60)
    );
    check_a(json!({ "type": "integer" }), &text, &shown);
    check_a(
        json!({ "type": "integer" }),
        "a: |\n  one\n  two\n",
        "`a` must be an integer, but is the string `one…` (write a whole number without quotes, such as `1`)",
    );
}

fn format(name: &str, good: &[&str], bad: &[&str]) {
    let schema = json!({ "properties": { "a": { "format": name } } });
    let validator = Validator::compile(&Arc::new(schema), Formats::Assert).expect("a schema");
    let fits = |text: &&&str| {
        let node = node(&json!({ "a": text }).to_string());
        validator.validate(&node, Neighbours::Written, &|_| false).is_empty()
    };
    let none: [&&str; 0] = [];
    assert_eq!(
        good.iter().filter(|text| !fits(text)).collect::<Vec<_>>(),
        none,
        "{name} must take"
    );
    assert_eq!(bad.iter().filter(fits).collect::<Vec<_>>(), none, "{name} must refuse");
}

#[test]
fn quantities_are_those_that_a_real_server_takes() {
    format(
        "kubernetes-quantity",
        &[
            "0",
            "1",
            "-1",
            "+1.5",
            ".5",
            "5.",
            "100m",
            "1Gi",
            "1e3",
            "1E3",
            "1e-3",
            "1E",
            " 1Gi ",
            "12e+2",
            "1n",
            "1u",
            ".",
            "Gi",
            "-.",
            "+",
            "-",
            ".m",
            ".Gi",
            "e3",
            ".e3",
            "1e99999",
            "1E+2",
            "99999999999999999999999999",
            "1\u{a0}",
            "0.0000000000001",
            "-1Ki",
        ],
        &[
            "",
            "1Gb",
            "100 Mi",
            "1,5",
            "1K",
            "1ki",
            "1e",
            "1e1.5",
            "1mm",
            "0x10",
            "1 000",
            "..",
            "1..2",
            "1.2.3",
            "1e9999999999999999999",
            "\t1",
            "1\n",
            "1e+",
            "1e-",
            "1E-",
            "1m5",
            "1+",
            "1-",
        ],
    );
}

#[test]
fn bytes_are_those_that_a_real_server_takes() {
    format(
        "kubernetes-base64",
        &["", "YQ==", "YWI=\n", "YW\nJj", "YR==", "YQ==\r\n", "+/+/"],
        &["YQ", "YQ= =", "a", "_-==", "YQ===", " YQ==", "YQ==x", "Y Q==", "YQ==YQ==", "===="],
    );
}

#[test]
fn times_are_those_that_a_real_server_takes() {
    format(
        "kubernetes-date-time",
        &[
            "2026-01-31T12:00:00Z",
            "2024-02-29T1:00:00.5+02:00",
            "2026-01-31T12:00:00,25Z",
            "2026-01-31T12:00:00+24:00",
            "2026-01-31T12:00:00+02:60",
            "0000-01-01T00:00:00Z",
            "2026-01-31T12:00:00.1234567890123Z",
        ],
        &[
            "",
            "2026-01-31",
            "2026-02-29T12:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31t12:00:00z",
            "2026-01-31T12:00:60Z",
            "2026-01-31T12:00:00",
            "2026-01-31T12:00:00+25:00",
            "2026-01-31T12:00:00+02:61",
            "2026-1-31T12:00:00Z",
            "2026-01-31T12:0:00Z",
            "2026-01-31T12:00:00.Z",
            "2026-01-31 12:00:00Z",
            "2026-01-31T12:00:00+0200",
            " 2026-01-31T12:00:00Z",
        ],
    );
    format(
        "kubernetes-micro-time",
        &["2026-01-31T12:00:00.123456Z", "2026-01-31T12:00:00,123456Z"],
        &["", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123Z", "2026-01-31T12:00:00.1234567Z"],
    );
}

#[test]
fn formats_of_custom_resources_are_judged_too() {
    format("openapi-duration", &["30s", "1h30m", "1.5h", "3 days", "0"], &["", "30", "s", "1x"]);
    format("openapi-cidr", &["10.0.0.0/8", "::/0"], &["10.0.0.0", "10.0.0.0/33", "x/8"]);
    format("openapi-datetime", &["2026-01-31t12:00:00z"], &["2026-01-31"]);
}

#[test]
fn a_quantity_with_the_unit_of_a_disk_leads_to_one_of_memory() {
    let hint = |text: &str| super::formats::advice("kubernetes-quantity", text);
    for (text, meant) in [("1Gb", "1Gi"), ("1.5 GB", "1.5Gi"), ("512mb", "512Mi"), ("1K", "1Ki")] {
        assert_eq!(hint(text), format!("did you mean `{meant}`?"));
    }
    for text in ["", "Gb", "1x", "1..5g", "-"] {
        assert!(hint(text).starts_with("write a number"), "{text}");
    }
}
