//! What a template's author gets to read: the own line, what was seen, and the next step.

use super::{check, check_chart, check_error};

#[track_caller]
fn says(template: &str, values: &str, expect: &str) {
    check_error(&[("templates/web.yaml", template), ("values.yaml", values)], expect);
}

#[test]
fn a_loop_over_a_text_or_a_number_is_refused() {
    says(
        "l:\n{% for a in values.x %}\n- {{ a }}\n{% endfor %}",
        "x: \"a: b\"",
        "web.yaml:2 'values.x': a `for` loops over a list or a map, but this is a string [values.yaml:1 '\"a: b\"' its value is set here] (give it a list or a map; `| split(\",\")` makes a list of a text, `| list` one of its characters)",
    );
    says(
        "l:\n{% for a in values.x | int if a %}\n- {{ a }}\n{% endfor %}",
        "x: 3",
        "a `for` loops over a list or a map, but this is a number [values.yaml:1 '3' its value is set here] (give it a list or a map; `range(n)` counts)",
    );
    check(
        "l:\n{% for a in values.x | list if a != ':' %}\n- {{ a }}\n{% endfor %}",
        "x: \"a:b\"",
        "l:\n- a\n- b",
    );
    check("a: 1\n{% for a in values.x %}\n- {{ a }}\n{% endfor %}", "x: null", "a: 1");
}

#[test]
fn a_template_that_is_not_there_is_named_as_it_was_written() {
    says(
        "{% include \"_part.yml\" %}\na: 1",
        "",
        "there is no template `_part.yml` (a template of the chart is called by its path",
    );
    check_chart(
        &[
            ("templates/web.yaml", "{% from \"base/_m.yaml\" import m %}\n{{ m() }}"),
            (
                "lib/base/templates/_m.yaml",
                "{% macro m() %}\n{% include \"_al.yaml\" %}\n{% endmacro %}",
            ),
            ("lib/base/templates/_all.yaml", "a: 1\n"),
        ],
        "base/templates/_m.yaml:2 'include \"_al.yaml\"': there is no template `_al.yaml` [web.yaml:2 '{{ m() }}' called here] (did you mean `_all.yaml`?)",
    );
}

#[test]
fn helm_s_language_is_recognised_and_turned_into_jinja() {
    for (theirs, ours) in [
        ("a: {{ .Values.x.y }}", "write `{{ values.x.y }}`"),
        (
            "a: {{ .Values.x | default \"b\" | quote }}",
            "write `{{ values.x | default(\"b\") | quote }}`",
        ),
        (
            "a:\n  {{- toYaml .Values.x | nindent 4 }}",
            "write `{{ values.x | to_yaml | nindent(4) }}`",
        ),
        ("a:\n  {{ values.x | nindent 4 }}", "write `{{ values.x | nindent(4) }}`"),
        ("a: {{- include \"x\" . }}", "write a macro in `_names.j2` and import it"),
        ("{{- $x := .Values.a }}", "a variable is set with `{% set name = … %}`"),
        ("{{ if .Values.x }}", "Helm's `{{ if … }} … {{ else }} … {{ end }}` is `{% if … %}"),
        ("{{ range .Values.x }}", "`{{ range … }}` is `{% for x in … %} … {% endfor %}`"),
        ("a: 1\n{{ end }}", "see docs/from-helm.md"),
    ] {
        says(theirs, "", ours);
    }
}

#[test]
fn a_misspelt_or_open_tag_is_where_the_finding_points() {
    says(
        "{% if values.a %}\na: 1\n{% esle %}\nb: 1\n{% endif %}",
        "",
        "web.yaml:3 'esle': there is no tag `esle` (did you mean `else`?)",
    );
    says(
        "{% if values.a %}\n{% for x in [1] %}\n{% endif %}\na: 1",
        "",
        "web.yaml:3 '{% endif %}': `endif` stands within a `for` that is still open [web.yaml:2 '{% for x in [1] %}' opened here] (write `{% endfor %}` before it)",
    );
    for (open, expect) in [
        ("a: {{ values.b }\nc: 1\n# don't\n", "web.yaml:1 '{{': `{{` is never closed"),
        ("a: {{ values.b }\nc: {{ values.c }}\n", "web.yaml:1 '{{': `{{` is never closed"),
        (
            "{% for x in values.l\n- {{ x }}\n{% endfor %}\n",
            "web.yaml:1 '{%': `{%` is never closed",
        ),
        ("a: {{ 'x }}", "this quote is never closed"),
    ] {
        says(open, "", expect);
    }
    check("a: {{ \"x\n {{ y\" | length }}", "", "a: 7");
}

#[test]
fn an_expression_that_cannot_work_says_what_it_was_given() {
    for (expression, expect) in [
        (
            "values.i | join(',')",
            "a number has no items [values.yaml:1 '1' `values.i` is set here] (pass a list; `[a, b]` makes one)",
        ),
        ("values.i | map('upper') | list", "`map` works on a list, but this is a number"),
        ("values.t | upper(1, 2)", "`upper` was given more arguments than it takes"),
        ("values.t | trunc", "`trunc` was given fewer arguments than it needs"),
        (
            "values.m.get('x')",
            "a map has no method `get` [values.yaml:3 '{a: 1}' `values.m` is set here] (write `map.key | default(…)`, or the filter",
        ),
        (
            "values.m.items()",
            "a map has no method `items` [values.yaml:3 '{a: 1}' `values.m` is set here] (it is a filter here: `… | items`)",
        ),
        (
            "values.t.startswith('x')",
            "a string has no method `startswith` [values.yaml:2 'x' `values.t` is set here] (it is a filter here: `… | has_prefix`)",
        ),
        ("values.o.get('x')", "`values.o` is not set"),
        ("values.o | sort", "is not"),
        ("1 is evn", "there is no test `evn` (did you mean `even`?)"),
        ("[1] | zip([2])", "there is no filter `zip`"),
        ("'x' is safe", "there is no test `safe`"),
        ("files", "`files` is no map of texts by itself (write `files.glob(\"*\")`"),
        ("files | length", "`files` is no map of texts by itself"),
        ("files | to_yaml", "`files` is no map of texts by itself"),
    ] {
        says(&format!("a: {{{{ {expression} }}}}"), "i: 1\nt: x\nm: {a: 1}", expect);
    }
    says(
        "l:\n{% for k, v in values.m %}\n- {{ k }}\n{% endfor %}",
        "m: {a: 1}",
        "write `{% for key, value in values.map | items %}`",
    );
}

#[test]
fn a_fragment_is_refused_by_what_looks_into_texts() {
    for expression in [
        "m() | int",
        "m() | bool",
        "m() | float",
        "m() | semver_compare('>1')",
        "semver_compare('>1', m())",
        "m() | length",
        "m() is string",
        "m() | ternary(1, 2)",
    ] {
        says(
            &format!("{{% macro m() %}}\nb: 1\n{{% endmacro %}}\na: {{{{ {expression} }}}}"),
            "",
            "a YAML fragment can be inserted, indented and passed on, but it is no text",
        );
    }
}

#[test]
fn an_error_in_a_macro_names_the_call_too() {
    let library = (
        "lib/base/templates/_m.yaml",
        "{% macro container(c, name) %}\nb: {{ c.image }}\nd: {{ name | upper }}\n{% endmacro %}",
    );
    check_chart(
        &[
            (
                "templates/web.yaml",
                "{% from \"base/_m.yaml\" import container %}\na:\n  {{ container() | indent(2) }}",
            ),
            library,
        ],
        "base/templates/_m.yaml:2 'c.image': the macro `container` was called without its argument `c` [web.yaml:3 '{{ container() | indent(2) }}' called here] (pass it: `container(c=…)`, or give it a default in the macro: `c=none`)",
    );
    check_error(
        &[
            (
                "templates/web.yaml",
                "{% import \"base/_m.yaml\" as m %}\na:\n  {{ m.container({\"image\": 1}) }}",
            ),
            library,
        ],
        "the macro `container` was called without its argument `name` [web.yaml:3 '{{ m.container({\"image\": 1}) }}' called here]",
    );
}

#[test]
fn a_macro_that_the_other_template_does_not_have_is_found_at_the_import() {
    check_chart(
        &[
            ("templates/web.yaml", "{% from \"_m.j2\" import label, labell as l %}\na: {{ 1 }}"),
            ("templates/_m.j2", "{% macro label() %}x{% endmacro %}"),
        ],
        "web.yaml:1 'labell': `_m.j2` has no macro `labell` (did you mean `label`?)",
    );
}

#[test]
fn a_fragment_behind_a_key_is_blamed_on_the_hole() {
    says(
        "{% set s %}\nb: 1\n{% endset %}\nx: 1\na: {{ s }}\n",
        "",
        "web.yaml:5 '{{ s }}': this fragment is no single value, but stands in the middle of a line [web.yaml:2 ':' written here] (put it on the next line: `{{ … | indent(2) }}`, or write `| nindent(2)`)",
    );
}

#[test]
fn helm_s_ways_to_fill_a_block_have_another_one_here() {
    says(
        "a: |\n  x\n  {{ values.t | indent(4) }}",
        "t: \"a\\nb\"",
        "in a block (`key: |`) all lines of a value take the indentation of the hole's line",
    );
    says(
        "a: |\n  {{ values.m | to_yaml | indent(2) }}",
        "m: {b: 1}",
        "as YAML with `to_yaml` in a template `files/NAME.j2`, printed by `files.get(\"NAME\")`",
    );
}
