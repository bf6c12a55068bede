//! Templates that use each other, libraries and text files.

use super::{check_chart, check_error};

#[test]
fn macros_of_a_text_file_return_plain_strings_that_are_typed_again() {
    check_chart(
        &[
            (
                "templates/web.yaml",
                "{% from \"_names.j2\" import name, flag %}\na: {{ name(values.x) }}\nb: {{ flag() }}\nc: {{ name('q') ~ '-svc' }}\nd: {{ name('LONG') | lower | trunc(6) }}\ne: {{ 1 if name('q') == 'a-q' }}\nf: {{ 'x' + name('q') }}\n{% set n = name('s') ~ '-x' %}\ng: {{ n }}\nh: {{ name('r') in ['a-r'] }}",
            ),
            (
                "templates/_names.j2",
                "{% macro name(x) %}a-{{ x }}{% endmacro %}\n{% macro flag() %}true{% endmacro %}\n",
            ),
            ("values.yaml", "x: \"1: 2\""),
        ],
        "a: 'a-1: 2'\nb: \"true\"\nc: a-q-svc\nd: a-long\ne: 1\nf: xa-q\ng: a-s-x\nh: true",
    );
}

#[test]
fn includes_and_parents_are_yaml_with_holes() {
    check_chart(
        &[
            (
                "templates/web.yaml",
                "{% extends \"_base.yaml\" %}\n{% block spec %}\nx: {{ values.word }}\n{% endblock %}\n",
            ),
            (
                "templates/_base.yaml",
                "kind: A\n{% include \"_meta.yaml\" %}\n{% block spec %}\n{% endblock %}\n",
            ),
            ("templates/_meta.yaml", "meta: {{ values.word }}\n"),
            ("values.yaml", "word: \"on\""),
        ],
        "kind: A\nmeta: \"on\"\nx: \"on\"",
    );
}

#[test]
fn a_library_calls_its_own_files_by_their_own_names() {
    check_chart(
        &[
            (
                "templates/web.yaml",
                "{% from \"base/_labels.yaml\" import labels %}\nm:\n  {{ labels('a', {'x': 'on'}) | indent(2) }}",
            ),
            (
                "lib/base/templates/_labels.yaml",
                "{% from \"_names.j2\" import full %}\n{% macro labels(name, more) %}\nname: {{ full(name) }}\n<<: {{ more }}\n{% endmacro %}\n",
            ),
            ("lib/base/templates/_names.j2", "{% macro full(name) %}{{ name }}-0{% endmacro %}"),
        ],
        "m:\n  name: a-0\n  x: \"on\"",
    );
}

#[test]
fn a_library_s_macro_gets_arguments_only() {
    check_chart(
        &[
            ("templates/web.yaml", "{% from \"base/_m.yaml\" import m %}\na: 1"),
            (
                "lib/base/templates/_m.yaml",
                "{% macro m() %}\na: {{ values.x }}\n{% endmacro %}\n{% macro n(values) %}\nb: {{ values.x }}\n{% endmacro %}",
            ),
        ],
        "base/templates/_m.yaml:2 'values': a library's template uses `values` (give the macro an argument and pass `values` or a part of it where it is called)",
    );
}

#[test]
fn a_chart_s_files_fill_a_config_map_whose_hash_rolls_the_pods() {
    let template = "{% set data = files.glob(\"*\") %}\ndata: {{ data }}\nannotations:\n  checksum/config: {{ data | sha256 }}";
    let files = |port: &str| {
        super::outcome(&[
            ("templates/web.yaml", template),
            ("files/app.ini", "a=1\r\nb={{ not a hole }}\n"),
            (
                "files/nginx.conf.j2",
                "listen {{ values.port }};\n{% if values.tls %}\nssl on;\n{% endif %}\nmap {{ values.map }} {{ none | to_json }} {{ true }};\n",
            ),
            ("values.yaml", &format!("port: {port}\ntls: true\nmap: {{z: 1, a: [x]}}")),
        ])
    };
    let found = files("80");
    let expect = "annotations:\n  checksum/config: 02e1df7f\ndata:\n  app.ini: |\n    a=1\n    b={{ not a hole }}\n  nginx.conf: |\n    listen 80;\n    ssl on;\n    map {\"z\":1,\"a\":[\"x\"]} null true;";
    let short: String = found
        .lines()
        .map(|line| match line.find("checksum/config: ") {
            Some(at) => line[..at + 25].to_owned() + "\n",
            None => line.to_owned() + "\n",
        })
        .collect();
    assert_eq!(short.trim_end(), expect);
    assert_ne!(found.lines().nth(1), files("81").lines().nth(1));
    assert_eq!(found, files("80"));
}

#[test]
fn files_are_got_by_name_listed_and_asked_for() {
    check_chart(
        &[
            (
                "templates/web.yaml",
                "a: {{ files.get(\"conf/a.txt\") }}\nb: {{ files.names(\"conf/*\") }}\nc: {{ files.exists(\"nope\") }}\nd: |\n  {{ files.get(\"conf/a.txt\") }}",
            ),
            ("files/conf/a.txt", "one\ntwo\n"),
            ("files/conf/b.txt.j2", ""),
        ],
        "a: |\n  one\n  two\nb:\n- conf/a.txt\n- conf/b.txt\nc: false\nd: |\n  one\n  two",
    );
    let wrong = |template: &str, expect: &str| {
        check_error(
            &[("templates/web.yaml", template), ("files/a.txt", ""), ("files/x/a.txt", "")],
            expect,
        );
    };
    wrong(
        "a: {{ files.get('b.txt') }}",
        "the chart has no file `files/b.txt` (did you mean `a.txt`?)",
    );
    for written in ["files/a.txt", "a.txt.j2", "files/a.txt.j2"] {
        wrong(
            &format!("a: {{{{ files.get('{written}') }}}}"),
            "(write `a.txt`: a file is called by its path below `files/`, without `.j2`)",
        );
    }
    wrong("a: {{ files.glob('*.conf') }}", "no file in `files/` matches `*.conf`");
    wrong("a: {{ files.glob('**') }}", "`**` matches several files that are called `a.txt`");
}

#[test]
fn a_file_and_a_template_of_one_name_are_refused() {
    check_error(
        &[("templates/web.yaml", "a: 1"), ("files/a", ""), ("files/a.j2", "")],
        "`a` is both a file and what a template makes",
    );
}

#[test]
fn text_templates_use_macros_of_text_files_and_refuse_fragments() {
    check_chart(
        &[
            ("templates/web.yaml", "a: {{ files.get('x') }}"),
            ("templates/_names.j2", "{% macro name() %}n{{ values.num }}{% endmacro %}"),
            ("files/x.j2", "{% from \"_names.j2\" import name %}{{ name() }}{{ values.gone }}"),
            ("values.yaml", "num: 1\ngone: \"\""),
        ],
        "a: n1",
    );
    check_error(
        &[
            ("templates/web.yaml", "a: {{ files.get('x') }}"),
            ("templates/_m.yaml", "{% macro m() %}a{% endmacro %}"),
            ("files/x.j2", "{% from \"_m.yaml\" import m %}{{ m() }}"),
        ],
        "files/x.j2:1 'm()': a YAML fragment can be inserted, indented and passed on, but it is no text",
    );
}

#[test]
fn an_error_in_a_text_template_is_shown_in_it() {
    check_error(
        &[
            ("templates/web.yaml", "b: 1\na: {{ files.get('x') }}"),
            ("files/x.j2", "one\n{{ values.nope }}\n"),
            ("values.yaml", ""),
        ],
        "files/x.j2:2 'values.nope': `values.nope` is not set",
    );
}

#[test]
fn tpl_renders_a_text_with_the_same_names() {
    check_chart(
        &[
            (
                "templates/web.yaml",
                "a: {{ tpl(values.t) }}\nb: {{ 'plain' | tpl }}\nc: {{ values.u | tpl }}",
            ),
            (
                "values.yaml",
                "t: \"{{ values.x }}-{{ target.env }}\"\nx: \"on\"\nu: \"{{ values.x == 'on' }}\"",
            ),
        ],
        "a: on-prod\nb: plain\nc: \"true\"",
    );
    check_error(
        &[
            ("templates/web.yaml", "a: {{ tpl(values.t) }}"),
            ("values.yaml", "t: \"{{ values.nope }}\""),
        ],
        "web.yaml:1 'tpl(values.t)': `values.nope` is not set",
    );
}

#[test]
fn only_yaml_files_without_an_underscore_print() {
    check_chart(
        &[
            ("templates/_a.yaml", "a: 1"),
            ("templates/_b.j2", "b: 1{% macro x() %}{% endmacro %}"),
            ("templates/sub/c.yml", "c: 1"),
            ("templates/d.yaml", "{% from \"_b.j2\" import x %}d: 1"),
        ],
        "d: 1\n---\nc: 1",
    );
}
