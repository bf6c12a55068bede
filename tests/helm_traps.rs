//! A plain values.yaml of a Helm chart works here, and what surprises Helm's users in it does not happen.
//!
//! Each test is a trap: its remark says what Helm 3.22 and 4.3 print for the same values, by
//! `helm template`; the tests themselves need no Helm.

use jibe::chart::Chart;
use jibe::diag::{Failure, Sink};
use jibe::render::{ClusterInfo, Context, Renderer, TargetInfo};
use jibe::source::{Files, RelPath};
use jibe::values::{self, Known};
use jibe::yaml;
use std::sync::Arc;

/// What `x: TEMPLATE` becomes with these values, as JSON, or the first message.
fn rendered(values: &str, template: &str) -> String {
    let template = format!("x: {template}\n");
    let files = [
        ("web/chart.yaml", "name: web\nversion: 1.4.0\n"),
        ("web/values.yaml", values),
        ("web/templates/page.yaml", template.as_str()),
    ];
    let files = Files::memory(files).expect("paths below the root");
    let mut sink = Sink::new(&files);
    let folder = RelPath::parse("web").expect("a path");
    let render = |sink: &mut Sink| {
        let chart = Chart::load(&files, &folder, sink).ok()?;
        let renderer = Renderer::new(&chart, sink).ok()?;
        let merged = values::merge(&chart.defaults, &[], &Known::default());
        let cluster = ClusterInfo { version: "1.35".to_owned(), serves: Arc::new(|_, _| true) };
        let target = TargetInfo { service: "web".to_owned(), ..TargetInfo::default() };
        let context = Context { values: &merged, target, cluster, budget: Arc::default() };
        let documents = renderer.render(&context, sink).ok()?.documents;
        Some(yaml::to_json(documents.first()?.get("x")?).to_string())
    };
    let shown = render(&mut sink);
    let message = |failure: Failure| failure.diagnostics()[0].message.clone();
    sink.finish().map_or_else(message, |_| shown.expect("an error leaves a failure behind"))
}

#[track_caller]
fn check(values: &str, template: &str, expect: &str) {
    assert_eq!(rendered(values, template), expect);
}

/// Helm: `1e+06`, and `"1e+06"` with `quote`.
#[test]
fn a_million_stays_a_million() {
    check("num: 1000000\n", "{{ values.num }}", "1000000");
    check("num: 1000000\n", "\"{{ values.num }}\"", r#""1000000""#);
    check("num: 1000000\n", "{{ values.num | quote }}", r#""1000000""#);
}

/// Helm: `9.007199254740992e+15`, with `toYaml` 9007199254740992; 185576882739235740;
/// `1.2345678901234568e+21`.
#[test]
fn integers_beyond_two_to_the_53_keep_their_digits() {
    check("num: 9007199254740993\n", "{{ values.num }}", "9007199254740993");
    check("num: 185576882739235744\n", "\"{{ values.num }}\"", r#""185576882739235744""#);
    check("num: 18446744073709551615\n", "{{ values.num }}", "18446744073709551615");
}

/// Helm: `1.2345678901234568e+21`. No Kubernetes field takes it as a number either.
#[test]
fn an_integer_of_22_digits_is_the_float_that_kubernetes_reads_and_never_text() {
    check("num: 1234567890123456789012\n", "{{ values.num }}", "1.2345678901234568e+21");
    let told = rendered("num: 1234567890123456789012\n", "\"{{ values.num }}\"");
    assert!(
        told.starts_with("the number `1234567890123456789012` would become the text"),
        "{told}"
    );
}

/// Helm: "incompatible types for comparison".
#[test]
fn integers_and_floats_compare_by_what_they_are_worth() {
    check("num: 999999\n", "{{ values.num == 999999 }}", "true");
    check("num: 2\nf: 2.0\n", "{{ values.num == values.f and values.num < 2.5 }}", "true");
    check("num: 3\n", "{{ range(values.num) | length }}", "3");
}

/// Helm: `add 0.5 0.5` is 0.
#[test]
fn sums_of_fractions_are_not_cut() {
    check("a: 0.5\n", "{{ values.a + 0.5 }}", "1.0");
    check("a: 7\n", "{{ values.a / 2 }}", "3.5");
}

/// Helm: `default true false` is true, `default 5 0` is 5; so with "", [] and {}.
#[test]
fn a_default_is_for_what_is_not_set_not_for_false_and_zero() {
    check("a: false\n", "{{ values.a | default(true) }}", "false");
    check("a: 0\n", "{{ values.a | default(5) }}", "0");
    check("a: \"\"\n", "{{ values.a | default(\"x\") }}", r#""""#);
    check("a: []\n", "{{ values.a | default([1]) }}", "[]");
    check("b: 1\n", "{{ values.a | default(5) }}", "5");
}

/// Helm: `merge (dict "a" false "b" 0) (dict "a" true "b" 7)` is `{"a":true,"b":7}`.
#[test]
fn false_and_zero_win_a_merge() {
    let template = "{{ merge({\"a\": false, \"b\": 0}, {\"a\": true, \"b\": 7}) }}";
    check("", template, r#"{"a":false,"b":0}"#);
}

/// Helm: `merge` writes into its first map, and so into the values of the templates that follow.
#[test]
fn a_merge_leaves_its_arguments_as_they_are() {
    let template = "{{ [merge(values.a, {\"new\": 1}), values.a] }}";
    check("a: { old: 0 }\n", template, r#"[{"old":0,"new":1},{"old":0}]"#);
}

/// Helm: 420, 420 and `0644`: the same, but `--set mode=0644` is a text there.
#[test]
fn octal_numbers_are_numbers_and_quoted_ones_are_texts() {
    check("mode: 0644\n", "{{ values.mode }}", "420");
    check("mode: 0o644\n", "{{ values.mode }}", "420");
    check("mode: \"0644\"\n", "{{ values.mode }}", r#""0644""#);
    check(
        "mode: 0644\n",
        "\"{{ values.mode }}\"",
        "the number `0644` would become the text `420`, because it is a number and not a string",
    );
}

/// Helm: true, true, false; and a key `y` becomes the key `true` in silence.
#[test]
fn words_of_yaml_1_1_are_booleans_and_as_keys_they_are_told() {
    check("a: [yes, on, off]\n", "{{ values.a }}", "[true,true,false]");
    check("a: [\"yes\", \"on\", \"off\"]\n", "{{ values.a }}", r#"["yes","on","off"]"#);
    check("a: { y: 2 }\n", "{{ values.a }}", r#"{"true":2}"#);
    let told = rendered("a: { y: 2 }\n", "{{ values.a.y }}");
    assert!(told.contains("`values.a.y` is not set"), "{told}");
}

/// Helm: `1.1`, `1`, `12:30:45`, `1000`; the first two also between quotes.
#[test]
fn what_looks_like_a_version_is_told_before_it_changes() {
    check("v: 1.10\n", "{{ values.v }}", "1.1");
    check("v: \"1.10\"\n", "{{ values.v }}", r#""1.10""#);
    for (written, becomes) in [("1.10", "1.1"), ("1.0", "1"), ("1_000", "1000")] {
        let told = format!(
            "the number `{written}` would become the text `{becomes}`, because it is a number and not a string"
        );
        check(&format!("v: {written}\n"), "v{{ values.v }}", &told);
    }
    check("v: 12:30:45\n", "{{ values.v }}", r#""12:30:45""#);
    check("v: 1_000\n", "{{ values.v }}", "1000");
}

/// Helm: an error of its JSON, without a line.
#[test]
fn infinity_is_refused_where_it_stands() {
    let told = rendered("v: .inf\n", "{{ values.v }}");
    assert_eq!(told, "infinity and not-a-number have no place in a manifest");
}

/// Helm: "", `%!s(<nil>)` with `printf`, nothing with `quote`, `null` with `toYaml`; for `.a.b` "nil
/// pointer evaluating interface {}.b".
#[test]
fn a_missing_value_is_an_error_that_names_it() {
    check("b: 1\n", "{{ values.a }}", "`values.a` is not set");
    check("b: 1\n", "{{ values.a.b }}", "`values.a` is not set");
    check("b: 1\n", "{{ values.a | quote }}", "`values.a` is not set");
}

/// Helm: the last one wins, in values and in manifests.
#[test]
fn a_duplicate_key_is_an_error() {
    check("a: 1\na: 2\n", "{{ values.a }}", "the key `a` stands here a second time");
}

/// Helm: `trunc 2 "aäö"` is `a` and half of an `ä`.
#[test]
fn a_text_is_cut_between_characters() {
    check("t: aäö\n", "{{ values.t | trunc(2) }}", r#""aä""#);
}

/// Helm: panics on `.Values` itself, and needs `.Values.AsMap`.
#[test]
fn dig_takes_the_values_themselves() {
    check("a: { b: 1 }\n", "{{ values | dig(\"a\", \"b\", default=7) }}", "1");
    check("a: { b: 1 }\n", "{{ values | dig(\"a\", \"c\", default=7) }}", "7");
}

/// Helm: the same, false and true.
#[test]
fn a_prerelease_matches_only_a_range_that_names_one() {
    check("", "{{ \"1.33.0-alpha\" | semver_compare(\">=1.20\") }}", "false");
    check("", "{{ \"1.33.0-alpha\" | semver_compare(\">=1.20-0\") }}", "true");
}

/// A values.yaml as `helm create` writes it: comments, empty maps and lists, nested maps, quotes.
#[test]
fn a_values_file_of_helm_create_is_taken_as_it_is() {
    let values = "# Default values for web.\nreplicaCount: 1\nimage:\n  repository: nginx\n  # Overrides the image tag.\n  tag: \"\"\nimagePullSecrets: []\npodAnnotations: {}\nsecurityContext: {}\n  # capabilities:\n  #   drop:\n  #   - ALL\nservice:\n  type: ClusterIP\n  port: 80\nnodeSelector: {}\n";
    check(values, "{{ values.service }}", r#"{"type":"ClusterIP","port":80}"#);
    check(values, "{{ [values.image.tag, values.podAnnotations] }}", r#"["",{}]"#);
}
