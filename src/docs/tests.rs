//! Charts in memory: their tables, and the README.md that shows them.

use super::{Readme, table};
use crate::chart::Chart;
use crate::diag::{Paint, Sink, report};
use crate::source::{Files, RelPath};

const CHART: (&str, &str) = ("web/chart.yaml", "name: web\nversion: 1.0.0\n");

fn loaded(files: &Files) -> std::sync::Arc<Chart> {
    let mut sink = Sink::new(files);
    let folder = RelPath::parse("web").expect("a path");
    Chart::load(files, &folder, &mut sink).expect("a chart in order")
}

fn files(more: &[(&str, &str)]) -> Files {
    Files::memory([CHART].iter().chain(more).copied()).expect("paths below the root")
}

/// The table of these values and this schema.
fn of(values: &str, schema: &str) -> String {
    let files = files(&[("web/values.yaml", values), ("web/values.schema.json", schema)]);
    table(&loaded(&files), &files)
}

/// The README.md as it is filled, or the report about it.
fn filled(readme: &str) -> String {
    let files = files(&[("web/values.yaml", "port: 80\n"), ("web/README.md", readme)]);
    let mut sink = Sink::new(&files);
    match Readme::read(&loaded(&files), &files, &mut sink) {
        Ok(Some(readme)) => readme.filled(),
        Ok(None) => "no markers".to_owned(),
        Err(_) => report(sink.finish().expect_err("an error").diagnostics(), Paint::Plain),
    }
}

#[test]
fn a_value_has_its_path_type_default_and_comment() {
    insta::assert_snapshot!(of("# How many pods.\n# At least one.\nreplicas: 1\nimage: # the image\n  tag: \"1.10\" # a version\n  digest:\nhosts: [] # no hosts, no Ingress\n\n# far above\n\ndebug: false\n", "{}"), @r#"
        | value | type | default | description |
        |---|---|---|---|
        | `replicas` | integer | `1` | How many pods. At least one. |
        | `image` | map | | the image |
        | `image.tag` | string | `"1.10"` | a version |
        | `image.digest` | | `null` | |
        | `hosts` | list | `[]` | no hosts, no Ingress |
        | `debug` | `true` or `false` | `false` | |
        "#);
}

#[test]
fn a_reference_has_its_tag() {
    insta::assert_snapshot!(of("name: !tpl \"{{ values.a }}\"\nlist: [!tpl \"{{ values.a }}\"]\na: x\n", "{}"), @r#"
        | value | type | default | description |
        |---|---|---|---|
        | `name` | | `!tpl "{{ values.a }}"` | |
        | `list` | list | `["!tpl {{ values.a }}"]` | |
        | `a` | string | `"x"` | |
        "#);
}

#[test]
fn the_schema_has_the_word_before_the_comment_and_adds_what_has_no_default() {
    let schema = r##"{
        "required": ["tag"],
        "properties": {
            "replicas": { "description": "Pods.", "type": "integer" },
            "tag": { "type": ["string", "null"] },
            "level": { "enum": ["a", "b", 3] },
            "surge": { "$ref": "#/$defs/amount" },
            "env": { "type": "array", "items": { "type": "object", "required": ["name"],
                "properties": { "name": { "type": "string" }, "value": { "type": "string" } } } },
            "ports": { "type": "object", "additionalProperties": { "type": "array", "items": { "type": "integer" } } },
            "probe": { "type": "object", "properties": { "path": { "const": "/x" } } }
        },
        "$defs": { "amount": { "description": "A share.", "anyOf": [{ "type": "integer" }, { "type": "string" }] } }
    }"##;
    insta::assert_snapshot!(of("replicas: 1 # not this\nenv: []\n", schema), @r#"
        | value | type | default | description |
        |---|---|---|---|
        | `replicas` | integer | `1` | Pods. |
        | `env` | list of maps | `[]` | |
        | `env[].name` | string | must be set | |
        | `env[].value` | string | | |
        | `tag` | string or null | must be set | |
        | `level` | `a`, `b` or `3` | | |
        | `surge` | integer or string | | A share. |
        | `ports` | map of lists of integers | | |
        | `probe.path` | `"/x"` | | |
        "#);
}

#[test]
fn nothing_breaks_out_of_its_cell() {
    insta::assert_snapshot!(of("\"a.b|c\": \"x|`y`\" # <b> | `c`\n", "{}"), @r#"
        | value | type | default | description |
        |---|---|---|---|
        | `"a.b\|c"` | string | ``"x\|`y`"`` | &lt;b> \| `c` |
        "#);
}

#[test]
fn a_sensitive_default_is_not_shown() {
    let schema =
        r#"{ "properties": { "a": { "writeOnly": true }, "b": { "x-jibe-sensitive": true } } }"#;
    let table = of("a: hunter2\nb: hunter3\n", schema);
    assert!(!table.contains("hunter") && table.matches("not shown").count() == 2, "{table}");
}

#[test]
fn a_default_that_holds_or_repeats_a_sensitive_one_is_not_shown() {
    let schema = r#"{ "properties": {
        "keys": { "items": { "writeOnly": true } },
        "users": { "additionalProperties": { "writeOnly": true } },
        "pin": { "writeOnly": true }
    } }"#;
    let table = of(
        "keys: [hunter2]\nusers: { joe: hunter3 }\npin: 7\nurl: db://joe:hunter3@db\nport: 7\n",
        schema,
    );
    assert!(!table.contains("hunter") && table.matches("not shown").count() == 4, "{table}");
    assert!(table.contains("| `port` | integer | `7` |"), "{table}");
}

#[test]
fn helm_docs_comments_are_descriptions() {
    let table = of("# yaml-language-server: $schema=x\n# -- The image.\nimage: x\n", "{}");
    assert!(table.contains("| `image` | string | `\"x\"` | The image. |"), "{table}");
}

#[test]
fn a_schema_that_holds_itself_has_an_end() {
    let schema = r##"{ "properties": { "a": { "$ref": "#" }, "b": { "$ref": "#" } } }"##;
    assert_eq!(of("{}", schema).lines().count(), 4);
}

#[test]
fn a_chart_without_values_says_so() {
    let files = files(&[]);
    assert_eq!(table(&loaded(&files), &files), "This chart has no values.\n");
}

#[test]
fn the_table_stands_between_the_markers_and_the_rest_stays() {
    insta::assert_snapshot!(filled("# Web\n<!-- jibe docs -->\nold\n<!-- /jibe docs -->\nend"), @r#"
        # Web
        <!-- jibe docs -->

        | value | type | default | description |
        |---|---|---|---|
        | `port` | integer | `80` | |

        <!-- /jibe docs -->
        end
        "#);
}

#[test]
fn line_ends_of_windows_are_kept() {
    let text = filled("<!-- jibe docs -->\r\n<!-- /jibe docs -->\r\n");
    assert_eq!(text.matches("\r\n").count(), text.matches('\n').count());
}

#[test]
fn markers_between_fences_are_an_example() {
    assert_eq!(filled("```\n<!-- jibe docs -->\n```\n"), "no markers");
}

#[test]
fn filling_twice_is_filling_once() {
    let once = filled("<!-- jibe docs -->\n<!-- /jibe docs -->\n");
    assert_eq!(filled(&once), once);
}

#[test]
fn markers_that_are_no_pair() {
    let check = |readme: &str, expect: &str| {
        let told = filled(readme);
        assert!(told.starts_with(&format!("error[docs/markers]: the marker `{expect}")), "{told}");
    };
    check("<!-- jibe docs -->\n", "<!-- jibe docs -->` has no closing marker behind it");
    check("a\n<!-- /jibe docs -->\n", "<!-- /jibe docs -->` has no opening marker before it");
    let twice = "<!-- jibe docs -->` stands here a second time";
    check("<!-- jibe docs -->\n<!-- jibe docs -->\n", twice);
    let closed_twice = "<!-- /jibe docs -->` stands here a second time";
    check("<!-- jibe docs -->\n<!-- /jibe docs -->\n<!-- /jibe docs -->\n", closed_twice);
}
