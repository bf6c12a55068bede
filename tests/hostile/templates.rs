//! Templates that never end, grow without end or nest without end.

use crate::Chart;

#[track_caller]
fn check(body: &str, said: &str) {
    println!("{}", body.chars().take(300).collect::<String>());
    Chart::template(body).refused(&["web.yaml", said]);
}

#[test]
fn loops_without_an_end_end() {
    check(
        "{% for a in range(100000) %}{% for b in range(100000) %}{% for c in range(100000) %}{% set x = 1 %}{% endfor %}{% endfor %}{% endfor %}",
        "more than the 1048576 steps",
    );
    check("{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}", "");
    check("data: {{ range(2000000000) }}", "");
    check("data: {{ range(0, 2000000000) | list | length }}", "");
    check("data: {{ range(0, 100, 0) | list }}", "");
}

#[test]
fn texts_that_double_end() {
    for change in [
        "ns.s ~ ns.s",
        "ns.s + ns.s",
        "ns.s * 2",
        "[ns.s, ns.s] | join",
        "[ns.s, ns.s] | join(ns.s)",
        "ns.s | replace('x', 'xx')",
        "ns.s | repeat(2)",
        "'%s%s' | format(ns.s, ns.s)",
        "'%q' | format(ns.s)",
        "[ns.s, ns.s] | to_json",
        "(ns.s ~ ns.s) | b64encode",
        "ns.s | quote ~ ns.s",
        "ns.s | squote ~ ns.s",
        "ns.s | split('x') | join('xyx')",
        "ns.s | upper ~ ns.s | lower",
        "(ns.s | list + ns.s | list) | join",
        "[ns.s, ns.s] | to_pretty_json",
        "ns.s | default('') ~ ns.s",
        "tpl('{{ values.a }}') ~ ns.s ~ ns.s",
    ] {
        check(
            &format!(
                "{{% set ns = namespace(s='xxxxxxxxxxxxxxxx') %}}{{% for i in range(40) %}}{{% set ns.s = {change} %}}{{% endfor %}}\ndata: {{a: \"{{{{ ns.s | length }}}}\"}}"
            ),
            "",
        );
    }
}

#[test]
fn blocks_that_double_end() {
    check(
        "{% set ns = namespace(s='x') %}{% for i in range(40) %}{% set b %}{{ ns.s }}{{ ns.s }}{% endset %}{% set ns.s = b %}{% endfor %}\ndata: {{ ns.s }}",
        "",
    );
    let macros: String = (1..40)
        .map(|n| {
            format!(
                "{{% macro m{n}() %}}{{{{ m{}() }}}}{{{{ m{}() }}}}{{% endmacro %}}",
                n - 1,
                n - 1
            )
        })
        .collect();
    check(&format!("{{% macro m0() %}}x{{% endmacro %}}{macros}\ndata: {{{{ m39() }}}}"), "");
    Chart::template("data: {a: \"{{ m39() }}\"}")
        .with("web/templates/_m.j2", format!("{{% macro m0() %}}x{{% endmacro %}}{}", macros))
        .with("web/templates/web.yaml", "{% from \"_m.j2\" import m39 %}\na: \"{{ m39() }}\"")
        .refused(&["_m.j2"]);
}

#[test]
fn lists_and_maps_that_double_end() {
    for change in [
        "ns.l + ns.l",
        "ns.l | concat(ns.l)",
        "ns.l * 2",
        "[ns.l, ns.l] | flatten",
        "[ns.l, ns.l]",
        "{'a': ns.l, 'b': ns.l}",
    ] {
        check(
            &format!(
                "{{% set ns = namespace(l=[1]) %}}{{% for i in range(60) %}}{{% set ns.l = {change} %}}{{% endfor %}}\ndata: {{{{ ns.l }}}}"
            ),
            "",
        );
        check(
            &format!(
                "{{% set ns = namespace(l=[1]) %}}{{% for i in range(60) %}}{{% set ns.l = {change} %}}{{% endfor %}}\ndata: {{a: \"{{{{ ns.l | to_json | sha256 }}}}\"}}"
            ),
            "",
        );
        check(
            &format!(
                "{{% set ns = namespace(l=[1]) %}}{{% for i in range(60) %}}{{% set ns.l = {change} %}}{{% endfor %}}\ndata: {{a: \"{{{{ ns.l == ns.l | list }}}}\", b: {{{{ ns.l | sort }}}}}}"
            ),
            "",
        );
    }
}

/// Expressions behind the same begin, each a template of its own, end in one run.
#[track_caller]
fn all(begin: &str, expressions: &[&str]) {
    println!("{begin}");
    let mut chart = Chart::new();
    for (at, expression) in expressions.iter().enumerate() {
        let template = format!(
            "{begin}\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: t{at}}}\ndata: {{a: {{{{ {expression} }}}}}}"
        );
        chart = chart.with(&format!("web/templates/t{at}.yaml"), template);
    }
    chart.run(&["render", "web"]).clean();
}

/// Whatever looks at all of `ns.l` and `ns.m`; what prints it takes longest and stands apart.
const WALKS: [&str; 34] = [
    "ns.l | to_json",
    "ns.l == ns.m",
    "ns.l != ns.m",
    "ns.l < ns.m",
    "ns.l in [ns.m]",
    "ns.l is eq ns.m",
    "ns.l | to_yaml",
    "[ns.l, ns.m] | sort",
    "[ns.l, ns.m] | unique",
    "[ns.l, ns.m] | min",
    "[ns.l, ns.m] | max",
    "[{'a': ns.l}, {'a': ns.m}] | groupby('a')",
    "ns.l | sha256",
    "[ns.l] | contains(ns.m)",
    "[ns.l] | without(ns.m)",
    "{ns.l: 1}",
    "{ns.l: 1}[ns.m]",
    "[ns.l] | select('eq', ns.m)",
    "ns.l ~ ''",
    "ns.l | flatten",
    "merge(ns.l, ns.m)",
    "ns.l | string",
    "ns.l | sum",
    "ns.l | compact",
    "ns.nowhere[ns.l]",
    "values | attr(ns.l)",
    "values | dig(ns.l)",
    "loop.changed(ns.l)",
    "fail(ns.l)",
    "ns.l | replace(ns.m, '')",
    "values[ns.l]",
    "ns.l | dictsort",
    "ns.l | indent(2)",
    "ns.l | default(ns.m) | bool",
];

/// Small in memory, but without an end for whoever walks through them.
#[test]
fn values_that_share_parts_end() {
    for (double, other) in [
        ("[ns.l, ns.l]", "[ns.m, ns.m]"),
        ("{'a': ns.l, 'b': ns.l}", "{'a': ns.m, 'b': ns.m}"),
        ("dict(a=ns.l, b=ns.l)", "dict(a=ns.m, b=ns.m)"),
        ("namespace(a=ns.l, b=ns.l)", "namespace(a=ns.m, b=ns.m)"),
    ] {
        let made = format!(
            "{{% set ns = namespace(l=[1], m=[1]) %}}{{% for i in range(60) %}}{{% set ns.l = {double} %}}{{% set ns.m = {other} %}}{{% endfor %}}"
        );
        // The last two are walked through like the first two.
        let walks = if double.starts_with(['[', '{']) { &WALKS[..] } else { &WALKS[1..6] };
        walks.chunks(6).for_each(|walks| all(&made, walks));
    }
}

#[test]
fn output_without_an_end_ends() {
    check("data:\n  a: |\n{% for i in range(100000) %}    {{ 'x' * 100000 }}\n{% endfor %}", "");
    check(
        &format!("data:\n  a: |\n{{% for i in range(100000) %}}{}{{% endfor %}}", "x".repeat(1000)),
        "more than the 1048576 steps",
    );
    check(
        "data:\n{% for i in range(100000) %}{% for j in range(100) %}  k{{ i }}-{{ j }}: x\n{% endfor %}{% endfor %}",
        "",
    );
    check(
        "{% for i in range(100000) %}{% for j in range(10) %}\n---\napiVersion: v1\n{% endfor %}{% endfor %}",
        "",
    );
    check("data: {{ [0] * 100000000 }}", "");
    check("data: {a: \"{{ ([0] * 100000000) | join }}\"}", "");
    check("data: {{ [[0] * 90000] * 90000 }}", "");
}

#[test]
fn one_large_text_printed_many_times_ends() {
    check(
        "{% set s = 'x' * 15000000 %}data:\n{% for i in range(1000) %}  k{{ i }}: {{ s }}\n{% endfor %}",
        "",
    );
    check(
        "{% set s = 'x' * 15000000 %}data:\n{% for i in range(1000) %}  k{{ i }}: \"{{ s }}\"\n{% endfor %}",
        "",
    );
    check(
        "{% set s = 'x' * 15000000 %}data:\n  a: |\n{% for i in range(1000) %}    {{ s }}\n{% endfor %}",
        "",
    );
    check(
        "{% set s = 'x' * 15000000 %}{% set ns = namespace(l=[]) %}{% for i in range(1000) %}{% set ns.l = ns.l | append(s ~ i) %}{% endfor %}data: {{ ns.l }}",
        "",
    );
    check(
        "{% set s = 'x' * 15000000 %}{% set ns = namespace(l=[]) %}{% for i in range(1000) %}{% set ns.l = ns.l | append(s | upper) %}{% endfor %}data: {{ ns.l }}",
        "",
    );
}

#[test]
fn widths_are_checked_before_the_text_is_made() {
    check("data: {a: \"{{ '%2000000000d' | format(1) }}\"}", "width");
    check("data: {a: \"{{ '%.2000000000f' | format(1.5) }}\"}", "width");
    check("data: {a: \"{{ '%-2000000000s' | format('x') }}\"}", "width");
    check("data: {a: \"{{ 'x' | repeat(2000000000) }}\"}", "");
    check("data: {a: \"{{ 'x' * 2000000000 }}\"}", "");
    check("data: {a: \"{{ 'x' | center(2000000000) }}\"}", "");
    check("{% macro m() %}\na: 1\nb: 2\n{% endmacro %}\ndata:\n{{ m() | indent(2000000000) }}", "");
    check("data: {a: \"{{ ('x' * 50000) | replace('x', 'y' * 50000) }}\"}", "bytes would be made");
    check("data: {a: \"{{ ('x' * 50000) | replace('', 'y' * 50000) }}\"}", "bytes would be made");
    check("data: {a: \"{{ 10 ** 100000000 }}\"}", "");
}

#[test]
fn expressions_without_an_end_are_refused() {
    let links = 60_000;
    for link in [
        " + 1",
        " ~ 1",
        " | upper",
        ".a",
        " and 1",
        " or 1",
        " if 1 else 1",
        "[0]",
        " == 1",
        " is odd",
        " in 1",
        "()",
        " - 1",
        " ** 1",
    ] {
        check(&format!("data: {{{{ 1{} }}}}", link.repeat(links)), "operators");
        check(&format!("{{% if 1{} %}}{{% endif %}}", link.repeat(links)), "operators");
    }
    for (open, close) in [
        ("not ", ""),
        ("-", ""),
        ("(", ")"),
        ("[", "]"),
        ("{1: ", "}"),
        ("f(", ")"),
        ("1 if ", " else 1"),
        ("x[", "]"),
    ] {
        for depth in [100, 140, 300, 900, links] {
            let seen = Chart::template(&format!(
                "data: {{{{ {}1{} }}}}",
                open.repeat(depth),
                close.repeat(depth)
            ))
            .run(&["render", "web"]);
            seen.clean();
        }
    }
}

#[test]
fn expressions_as_long_as_allowed_are_survived() {
    for link in [" + 1", " ~ 1", " | string", " and 1", " or 1", " if 1 else 1", " == 1", " - 1"] {
        let links = if link.contains("if") { 990 } else { 1990 };
        Chart::template(&format!("data: {{a: \"{{{{ 1{} }}}}\"}}", link.repeat(links)))
            .run(&["render", "web"])
            .clean();
    }
    for (open, close) in [("not ", ""), ("-", "")] {
        Chart::template(&format!(
            "data: {{a: \"{{{{ {}1{} }}}}\"}}",
            open.repeat(1990),
            close.repeat(1990)
        ))
        .run(&["render", "web"])
        .clean();
    }
}

#[test]
fn blocks_without_an_end_are_refused() {
    for open in [
        "{% if 1 %}",
        "{% for a in b %}",
        "{% macro m() %}",
        "{% set a %}",
        "{% filter indent(2) %}",
        "{% with %}",
        "{% block a %}",
        "{% call m() %}",
        "{# ",
        "{% raw %}",
        "{{ ",
        "{{ '",
    ] {
        for depth in [100, 20_000] {
            Chart::template(&open.repeat(depth)).refused(&["web.yaml"]);
        }
    }
    check(&format!("{{% if 1 %}}{}{{% endif %}}", "{% elif 1 %}".repeat(50_000)), "elif");
    check(&format!("{{% if 1 %}}{}{{% endif %}}", "{% else %}{% if 1 %}".repeat(10_000)), "");
    let ifs = format!("{}x{}", "{% if 1 %}".repeat(20_000), "{% endif %}".repeat(20_000));
    check(&ifs, "");
    check(&"{{ a }}".repeat(140_000), "");
    Chart::template(&format!("data:\n  a: x\n{}", "{% if 1 %}{% endif %}".repeat(40_000)))
        .run(&["render", "web"])
        .clean();
    check(&"#".repeat(1024 * 1024 + 1), "1048576");
}

#[test]
fn what_calls_itself_ends() {
    check("{% macro m() %}{{ m() }}{% endmacro %}\ndata: {{ m() }}", "");
    check(
        "{% macro m() %}{{ n() }}{% endmacro %}{% macro n() %}{{ m() }}{% endmacro %}\ndata: {{ m() }}",
        "",
    );
    check("{% include \"web.yaml\" %}", "");
    check("{% extends \"web.yaml\" %}", "");
    check("{% import \"web.yaml\" as w %}", "");
    Chart::template("{% include \"_a.yaml\" %}")
        .with("web/templates/_a.yaml", "{% include \"_b.yaml\" %}{% include \"_b.yaml\" %}")
        .with("web/templates/_b.yaml", "{% include \"_a.yaml\" %}{% include \"_a.yaml\" %}")
        .refused(&["_"]);
    let values = "t: \"{{ tpl(values.t) }}{{ tpl(values.t) }}\"\nl: \"{% for i in range(100000) %}{% for j in range(100000) %}{{ i }}{% endfor %}{% endfor %}\"\n";
    let tpl = |body: &str| Chart::template(body).with("web/values.yaml", values);
    tpl("data: {a: \"{{ tpl(values.t) }}\"}").refused(&["10 levels"]);
    tpl("data: {a: \"{{ tpl(values.l) }}\"}").refused(&["web.yaml"]);
    Chart::template("data: {a: \"{{ files.get('x') }}\"}")
        .with("web/files/x.j2", "{{ files.get('y') }}")
        .with("web/files/y.j2", "{{ files.get('x') }}")
        .refused(&["10 levels"]);
}

#[test]
fn tpl_that_branches_at_every_level_ends() {
    let values = "t: \"{% for i in range(10) %}{{ tpl(values.u) }}{% endfor %}\"\nu: \"{% for i in range(100000) %}{% set x = i %}{% endfor %}\"\n";
    Chart::template(
        "data:\n{% for i in range(50000) %}  k{{ i }}: \"{{ tpl(values.t) }}\"\n{% endfor %}",
    )
    .with("web/values.yaml", values)
    .refused(&["web.yaml"]);
}

#[test]
fn values_nested_by_a_loop_end() {
    let nest = "{% set ns = namespace(v=1) %}{% for i in range(80000) %}{% set ns.v = [ns.v] %}{% endfor %}";
    all(
        nest,
        &[
            "ns.v",
            "ns.v | to_json",
            "ns.v | sha256",
            "ns.v | to_yaml",
            "ns.v | flatten",
            "ns.v | string",
            "ns.v ~ ''",
            "ns.v | length",
            "ns.v | unique",
            "ns.v | sort",
            "ns.v == ns.v | list",
            "ns.v | default(1)",
            "{'a': 1}[ns.v]",
            "ns.v | join",
            "ns.v | first | first",
            "ns.v in ns.v",
        ],
    );
    let maps = nest.replace("[ns.v]", "{'a': ns.v}");
    all(
        &maps,
        &[
            "ns.v",
            "ns.v | to_json",
            "ns.v | to_yaml",
            "merge(ns.v, ns.v)",
            "ns.v | merge({'a': ns.v})",
            "ns.v | items | list",
            "ns.v | dictsort",
            "ns.v | keys",
        ],
    );
    let circles = "{% set a = namespace() %}{% set b = namespace() %}{% set c = namespace() %}{% set a.x = b %}{% set b.x = a %}{% set c.x = c %}";
    all(
        circles,
        &[
            "a == c",
            "a == b",
            "[a] == [c]",
            "[a, b, c] | sort",
            "a in [c]",
            "[a, c] | unique",
            "[a, b, c] | min",
            "{a: 1}",
            "a | to_json",
            "[a] | contains(c)",
            "[a, c] | groupby('x')",
            "a < c",
            "a is eq c",
        ],
    );
    all(
        "{% set ns = namespace() %}{% set ns.a = ns %}",
        &[
            "ns",
            "ns | to_json",
            "ns | to_yaml",
            "ns == ns",
            "[ns] | sort",
            "{'a': ns} | merge(ns)",
            "ns ~ ''",
        ],
    );
}

#[test]
fn deep_values_that_are_thrown_away_are_survived() {
    let nest = "{% set ns = namespace(v=1) %}{% for i in range(90000) %}{% set ns.v = [ns.v] %}{% endfor %}";
    Chart::template(&format!("{nest}\ndata: {{a: b}}")).survives();
}

#[test]
fn many_filters_that_cost_a_lot_end() {
    let list = "{% set l = range(100000) | list %}";
    for costly in [
        "l | sort",
        "l | unique | length",
        "l | map('string') | join | length",
        "l | to_json | length",
        "l | reverse | list | length",
        "l | without(1, 2, 3) | length",
        "(l ~ '') | sha512",
        "l | groupby('x') | length",
        "l | select('odd') | list | length",
        "l | sum",
    ] {
        Chart::template(&format!(
            "{list}data:\n{{% for i in range(100000) %}}{{% set x = {costly} %}}{{% endfor %}}"
        ))
        .refused(&["web.yaml"]);
    }
}
