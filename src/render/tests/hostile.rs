//! Hostile templates and values end in a finding, never in an abort, a hang or a flood.

use super::{check_error, outcome};

fn refused(template: &str, values: &str) -> String {
    let found = outcome(&[("templates/web.yaml", template), ("values.yaml", values)]);
    assert!(found.starts_with("web.yaml:"), "{}", &found[..found.len().min(300)]);
    found
}

#[test]
fn endless_loops_end() {
    let found = refused(
        "a: 1\n{% for a in range(100000) %}{% for b in range(100000) %}{% set x = 1 %}{% endfor %}{% endfor %}",
        "",
    );
    assert!(found.contains("more than the 1048576 steps that are allowed"), "{found}");
}

#[test]
fn texts_that_double_end() {
    let double = |change: &str| {
        format!(
            "{{% set ns = namespace(s='xxxxxxxxxxxxxxxx') %}}{{% for i in range(40) %}}{{% set ns.s = {change} %}}{{% endfor %}}\na: {{{{ ns.s | length }}}}"
        )
    };
    for change in [
        "ns.s ~ ns.s",
        "ns.s + ns.s",
        "ns.s * 2",
        "[ns.s, ns.s] | join",
        "ns.s | replace('x', 'xx')",
        "ns.s | repeat(2)",
        "'%s%s' | format(ns.s, ns.s)",
        "[ns.s, ns.s] | to_json",
        "(ns.s ~ ns.s) | b64encode",
    ] {
        refused(&double(change), "");
    }
}

#[test]
fn lists_that_double_end() {
    refused(
        "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}\na: {{ ns.l | length }}",
        "",
    );
    refused(
        "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l | concat(ns.l) %}{% endfor %}\na: {{ ns.l | length }}",
        "",
    );
}

#[test]
fn output_that_floods_ends() {
    refused("a: |\n{% for i in range(100000) %}  {{ 'x' * 100000 }}\n{% endfor %}", "");
    let line = "x".repeat(1000);
    refused(
        &format!(
            "{{% macro m() %}}{{% for i in range(100000) %}}{line}{{% endfor %}}{{% endmacro %}}a: {{{{ m() }}}}"
        ),
        "",
    );
}

#[test]
fn sizes_are_checked_before_the_text_is_made() {
    refused("a: {{ 'x' | repeat(2000000000) }}", "");
    refused("a: {{ '%2000000000d' | format(1) }}", "");
    refused("a: {{ 'x' * 2000000000 }}", "");
    refused("{% macro m() %}\na: 1\nb: 2\n{% endmacro %}\na:\n{{ m() | indent(2000000000) }}", "");
    refused("a: {{ range(1000000000) }}", "");
}

#[test]
fn long_expressions_are_refused() {
    for link in [" + 1", " ~ 1", " | upper", ".a", " and 1", " if 1 else 1", "[0]"] {
        let found = refused(&format!("a: {{{{ 1{} }}}}", link.repeat(50_000)), "");
        assert!(
            found.contains("operators, filters and steps into values; at most 2000 are read"),
            "{link}"
        );
    }
    refused(&format!("a: {{{{ {}1 }}}}", "not ".repeat(50_000)), "");
    let found = refused(&format!("a: {{{{ (1){} }}}}", " + (1)".repeat(3_000)), "");
    assert!(found.contains("the expression has 3000 operators"), "{found}");
    super::check(&format!("a: {{{{ [{}] | length }}}}", "[1], ".repeat(5_000)), "", "a: 5000");
    refused(&format!("a: {{{{ {}1{} }}}}", "(".repeat(900), ")".repeat(900)), "");
    refused(&format!("a: 1\n{{% if 1 %}}{}{{% endif %}}", "{% elif 1 %}".repeat(50_000)), "");
    refused(&format!("a: 1\n{}", "{% if 1 %}".repeat(50_000)), "");
}

#[test]
fn large_templates_are_refused() {
    let found = refused(&"#".repeat(1024 * 1024 + 1), "");
    assert!(found.contains("at most 1048576 are read"), "{found}");
}

#[test]
fn macros_and_includes_that_call_themselves_end() {
    refused("{% macro m() %}{{ m() }}{% endmacro %}\na: {{ m() }}", "");
    refused("{% include \"web.yaml\" %}", "");
    refused("{% extends \"web.yaml\" %}", "");
    check_error(
        &[
            ("templates/web.yaml", "a: {{ files.get('x') }}"),
            ("files/x.j2", "{{ files.get('x') }}"),
        ],
        "call each other more than 10 levels deep",
    );
    let found = refused("a: {{ tpl(values.t) }}", "t: \"{{ tpl(values.t) }}{{ tpl(values.t) }}\"");
    assert!(found.contains("call each other more than 10 levels deep"), "{found}");
    refused(
        "a: {{ tpl(values.t) }}",
        "t: \"{% for i in range(100000) %}{% for j in range(100000) %}{{ i }}{% endfor %}{% endfor %}\"",
    );
}

#[test]
fn deep_values_end() {
    let nest = "{% set ns = namespace(v=1) %}{% for i in range(100000) %}{% set ns.v = [ns.v] %}{% endfor %}\n";
    refused(&format!("{nest}a: {{{{ ns.v }}}}"), "");
    refused(&format!("{nest}a: {{{{ ns.v | to_json }}}}"), "");
    refused(&format!("{nest}a: {{{{ ns.v | sha256 }}}}"), "");
    refused("{% set ns = namespace() %}{% set ns.a = ns %}\na: {{ ns }}", "");
    refused("{% set ns = namespace() %}{% set ns.a = ns %}\na: {{ ns | to_json }}", "");
}

#[test]
fn deep_values_that_are_compared_are_survived() {
    let nest = "{% set a = namespace(v=1) %}{% set b = namespace(v=1) %}{% for i in range(80000) %}{% set a.v = [a.v] %}{% set b.v = [b.v] %}{% endfor %}\n";
    let found = outcome(&[("templates/web.yaml", &format!("{nest}x: {{{{ a.v == b.v }}}}"))]);
    assert!(found == "x: true\n" || found.starts_with("web.yaml:"), "{found}");
}

#[test]
fn a_value_cannot_change_what_stands_around_it() {
    let evil = [
        "\\nevil: true",
        "\\\" evil",
        "' evil",
        "}, evil: {",
        "]",
        " #",
        ": x",
        "- x",
        "*a",
        "&a",
        "!!int 3",
        "|",
        ">",
        "{{ x }}",
        "\\t",
        "\\u0000",
        "\\u2028",
        "%",
        "@",
        "`",
        "? x",
        "---",
        "...",
        "<<",
        "=",
        "\\r\\n",
    ];
    let template = "a: {{ values.v }}\nb: \"{{ values.v }}\"\nc: '{{ values.v }}'\nd: x{{ values.v }}y\ne: [{{ values.v }}, \"{{ values.v }}\"]\nf: {k: {{ values.v }}}\ng: |\n  {{ values.v }}\nh: >-\n  {{ values.v }}\n\"k{{ values.v }}\": 1\ni:\n- {{ values.v }}\nend: 1";
    for value in evil {
        let bench = super::Bench::new(&[
            ("templates/web.yaml", template),
            ("values.yaml", &format!("v: \"{value}\"")),
        ]);
        let rendered = bench.rendered().unwrap_or_else(|failure| panic!("{value}: {failure}"));
        let [document] = rendered.documents.as_slice() else { panic!("{value}: one document") };
        let map = document.as_map().expect("a map");
        assert_eq!(map.len(), 11, "{value}");
        let v = document.get("a").and_then(crate::yaml::Node::as_str).expect("a string");
        for key in ["b", "c"] {
            assert_eq!(
                document.get(key).and_then(crate::yaml::Node::as_str),
                Some(v),
                "{value} in {key}"
            );
        }
        assert_eq!(document.get("d").and_then(crate::yaml::Node::as_str), Some(&*format!("x{v}y")));
        assert_eq!(document.get("e").and_then(|e| e.as_list()).map(<[_]>::len), Some(2), "{value}");
        assert_eq!(document.at(&["f", "k"]).and_then(crate::yaml::Node::as_str), Some(v));
    }
}
