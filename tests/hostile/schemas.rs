//! Schemas that lead back to themselves, out of their file, or multiply.

use crate::Chart;
use std::fmt::Write;

fn values(schema: &str) -> Chart {
    Chart::new().with("web/values.schema.json", schema)
}

/// A definition of a custom resource with this schema of its versions, and one such resource.
fn resource(schema: &str) -> Chart {
    let definition = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: as.b.example}}\nspec:\n  group: b.example\n  scope: Namespaced\n  names: {{kind: A, plural: as, singular: a, listKind: AList}}\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema: {schema}\n"
    );
    Chart::new().with("web/crds/a.yaml", definition).with(
        "web/templates/a.yaml",
        "apiVersion: b.example/v1\nkind: A\nmetadata: {name: a}\nspec: {a: {a: x}}\n",
    )
}

#[test]
fn a_schema_that_is_its_own_reference_ends() {
    values(r##"{"$ref": "#"}"##).run(&["render", "web"]).clean();
    values(r##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##).run(&["render", "web"]).clean();
    values(r##"{"not": {"$ref": "#"}}"##).run(&["render", "web"]).clean();
    values(
        r##"{"properties": {"a": {"$ref": "#/properties/b"}, "b": {"$ref": "#/properties/a"}}}"##,
    )
    .run(&["render", "web"])
    .clean();
    values(r##"{"$dynamicRef": "#a", "$dynamicAnchor": "a"}"##).run(&["render", "web"]).clean();
    values(r##"{"$recursiveRef": "#", "$recursiveAnchor": true}"##).run(&["render", "web"]).clean();
    values(r##"{"unevaluatedProperties": {"$ref": "#"}, "allOf": [{"$ref": "#"}]}"##)
        .run(&["render", "web"])
        .clean();
}

#[test]
fn a_chain_of_references_has_an_end() {
    for length in [500, 5_000, 50_000] {
        let mut schema = String::from(r##"{"$ref": "#/$defs/d0", "$defs": {"##);
        for n in 0..length {
            write!(schema, r##""d{n}": {{"$ref": "#/$defs/d{}"}}, "##, n + 1).expect("a string");
        }
        write!(schema, r##""d{length}": {{"type": "object"}}}}}}"##).expect("a string");
        values(&schema).run(&["render", "web"]).clean();
    }
}

fn fan_out(word: &str, levels: usize) -> String {
    let mut schema = String::from(r##"{"$ref": "#/$defs/d0", "$defs": {"##);
    for n in 0..levels {
        let next = format!(r##"{{"$ref": "#/$defs/d{}"}}"##, n + 1);
        write!(schema, r##""d{n}": {{"{word}": [{next}, {next}]}}, "##).expect("a string");
    }
    write!(schema, r##""d{levels}": {{"type": "object"}}}}}}"##).expect("a string");
    schema
}

#[test]
fn references_that_double_are_refused() {
    for word in ["allOf", "anyOf", "oneOf"] {
        for levels in [20, 60] {
            values(&fan_out(word, levels))
                .refused(&["values.schema.json", "rules of the schema judge one value"]);
        }
    }
}

/// Each level looks at the one member in two ways, so that the cost doubles with the depth of the values.
#[test]
fn schemas_that_double_with_the_values_are_bounded() {
    let deep = format!("a: {}x{}\n", "{a: ".repeat(200), "}".repeat(200));
    for twice in [
        r##"{"allOf": [{"properties": {"a": {"$ref": "#"}}}, {"properties": {"a": {"$ref": "#"}}}]}"##,
        r##"{"properties": {"a": {"$ref": "#"}}, "patternProperties": {"a": {"$ref": "#"}}}"##,
        r##"{"anyOf": [{"properties": {"a": {"$ref": "#"}}, "required": ["b"]}, {"properties": {"a": {"$ref": "#"}}}]}"##,
        r##"{"properties": {"a": {"$ref": "#"}}, "dependentSchemas": {"a": {"properties": {"a": {"$ref": "#"}}}}}"##,
        r##"{"if": {"properties": {"a": {"$ref": "#"}}}, "then": {"properties": {"a": {"$ref": "#"}}}}"##,
        r##"{"allOf": [{"additionalProperties": {"$ref": "#"}}, {"unevaluatedProperties": {"$ref": "#"}}]}"##,
    ] {
        values(twice).with("web/values.yaml", &deep).run(&["render", "web"]).clean();
    }
}

#[test]
fn references_out_of_the_file_are_refused() {
    for reference in [
        "http://169.254.169.254/latest/meta-data",
        "https://example.org/schema.json",
        "file:///etc/passwd",
        "file:///dev/zero",
        "/dev/zero",
        "other.json",
        "../../../etc/passwd",
        "other.json#/a",
        "//host/share",
        "urn:x",
    ] {
        values(&format!(r#"{{"properties": {{"a": {{"$ref": "{reference}"}}}}}}"#))
            .refused(&["values.schema.json"]);
        values(&format!(r#"{{"$schema": "{reference}", "properties": {{}}}}"#))
            .run(&["render", "web"])
            .clean();
        values(&format!(
            r#"{{"$id": "{reference}", "properties": {{"a": {{"$ref": "other.json"}}}}}}"#
        ))
        .run(&["render", "web"])
        .clean();
    }
}

#[test]
fn patterns_that_explode_elsewhere_are_linear() {
    let text = "a".repeat(100_000);
    for pattern in ["^(a+)+$", "^(a|aa)+$", "(.*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$"] {
        values(&format!(r#"{{"properties": {{"a": {{"pattern": "{pattern}"}}}}}}"#))
            .with("web/values.yaml", format!("a: {text}!\n"))
            .refused(&["values.yaml"]);
    }
    for pattern in [
        "(a{1000}){1000}",
        "((((a{100}){100}){100}){100})",
        "\\\\p{L}{5000}",
        "(a",
        "(?=a)b",
        "a{99999999999}",
    ] {
        values(&format!(r#"{{"properties": {{"a": {{"pattern": "{pattern}"}}}}}}"#))
            .run(&["render", "web"])
            .clean();
        values(&format!(r#"{{"patternProperties": {{"{pattern}": {{}}}}}}"#))
            .run(&["render", "web"])
            .clean();
    }
    let nested = format!("{}a{}", "(".repeat(4000), ")".repeat(4000));
    values(&format!(r#"{{"properties": {{"a": {{"pattern": "{nested}"}}}}}}"#))
        .refused(&["values.schema.json"]);
    let back = r#"{"properties": {"a": {"pattern": "^(a+)+\\1(?=b)$"}}}"#;
    values(back).with("web/values.yaml", format!("a: {text}!\n")).run(&["render", "web"]).clean();
}

#[test]
fn large_and_deep_schemas_are_refused() {
    let deep = 100_000;
    values(&format!("{}{{}}{}", r#"{"properties":{"a":"#.repeat(deep), "}}".repeat(deep)))
        .refused(&["values.schema.json"]);
    values(&format!("{}{{}}{}", r#"{"not":"#.repeat(120), "}".repeat(120)))
        .refused(&["values.schema.json"]);
    values(&format!("{}{}", "[".repeat(deep), "]".repeat(deep))).refused(&["values.schema.json"]);
    let many: Vec<_> = (0..60_000).map(|n| format!(r#""p{n}":{{"type":"string"}}"#)).collect();
    values(&format!(r#"{{"properties":{{{}}}}}"#, many.join(","))).refused(&["values.schema.json"]);
    let words: Vec<_> = (0..100_000).map(|n| format!("\"w{n}\"")).collect();
    values(&format!(r#"{{"properties":{{"a":{{"enum":[{}]}}}}}}"#, words.join(",")))
        .refused(&["values.yaml"]);
}

#[test]
fn schemas_of_the_wrong_shape_are_named() {
    for schema in [
        "null",
        "true",
        "false",
        "[]",
        "1",
        "\"x\"",
        "{",
        "",
        r#"{"type": 1}"#,
        r#"{"type": "none"}"#,
        r#"{"properties": []}"#,
        r#"{"properties": {"a": null}}"#,
        r#"{"required": "a"}"#,
        r#"{"enum": {}}"#,
        r#"{"$ref": 1}"#,
        r##"{"$ref": "#/nowhere"}"##,
        r##"{"$ref": "#%ff"}"##,
        r#"{"minimum": "x"}"#,
        r#"{"multipleOf": 0}"#,
        r#"{"minLength": -1}"#,
        r#"{"$schema": 1}"#,
        r#"{"$defs": null}"#,
        r#"{"multipleOf": 1e-300}"#,
        r#"{"minLength": 1e300}"#,
        r#"{"items": null}"#,
        r#"{"$id": "::::"}"#,
        r##"{"$id": "#a"}"##,
    ] {
        values(schema).run(&["render", "web"]).clean();
    }
}

#[test]
fn definitions_of_resources_are_bounded() {
    let deep = 90;
    let properties = format!(
        "{}{{type: string}}{}",
        "{type: object, properties: {a: ".repeat(deep),
        "}}".repeat(deep)
    );
    resource(&properties).run(&["render", "web"]).clean();
    resource(&format!(
        "{{type: object, properties: {{spec: {}{{type: string}}{}}}}}",
        "{type: array, items: ".repeat(200),
        "}".repeat(200)
    ))
    .run(&["render", "web"])
    .clean();
    resource(r##"{type: object, properties: {spec: {$ref: "#/x"}}}"##).refused(&["a.yaml"]);
    resource(r##"{type: object, properties: {spec: {$ref: "#"}}}"##).refused(&["a.yaml"]);
    resource("{type: object, properties: {spec: {type: string, pattern: \"(a{1000}){1000}\"}}}")
        .run(&["render", "web"])
        .clean();
    let many: Vec<_> = (0..60_000).map(|n| format!("p{n}: {{type: string}}")).collect();
    resource(&format!(
        "{{type: object, properties: {{spec: {{type: object, properties: {{{}}}}}}}}}",
        many.join(", ")
    ))
    .run(&["render", "web"])
    .clean();
    resource(&format!(
        "{{type: object, properties: {{spec: {{type: object, allOf: [{}]}}}}}}",
        vec!["{required: [a]}"; 30_000].join(", ")
    ))
    .run(&["render", "web"])
    .clean();
}

#[test]
fn an_anchor_shared_through_a_definition_is_bounded() {
    let mut schema = String::from(
        "\n        type: object\n        properties:\n          a0: &a0 {type: object}\n",
    );
    for n in 1..30 {
        writeln!(
            schema,
            "          a{n}: &a{n} {{type: object, properties: {{l: *a{}, r: *a{}}}}}",
            n - 1,
            n - 1
        )
        .expect("a string");
    }
    resource(&schema).refused(&["a.yaml"]);
}
