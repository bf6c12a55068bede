//! What no template may say, each with the way out.

use super::{check, check_chart, check_error};

#[test]
fn a_yaml_file_cannot_include_text_and_a_text_file_no_yaml() {
    let texts = |template| {
        [("templates/web.yaml", template), ("templates/_t.j2", ""), ("templates/_y.yaml", "")]
    };
    check_chart(
        &texts("a: 1\n{% include \"_t.j2\" %}"),
        "web.yaml:2 '\"_t.j2\"': a YAML file cannot include the text file `_t.j2` (import a macro of it and print what it returns)",
    );
    check_error(
        &texts("{% extends \"_t.j2\" %}"),
        "a YAML file cannot extend the text file `_t.j2`",
    );
    check_error(
        &[
            ("templates/web.yaml", "a: 1"),
            ("files/x.j2", "{% include \"_y.yaml\" %}"),
            ("templates/_y.yaml", ""),
        ],
        "files/x.j2:1 '\"_y.yaml\"': a text file cannot include the YAML file `_y.yaml`",
    );
}

#[test]
fn names_of_templates_are_written_out() {
    check(
        "a: 1\n{% include values.x %}",
        "",
        "web.yaml:2 'values': `include` needs the name of a template in quotes (write the name out; choose between templates with `if`)",
    );
    check_error(
        &[("templates/web.yaml", "{% import \"a\" ~ \"b\" as x %}")],
        "needs the name of a template in quotes",
    );
}

#[test]
fn nothing_is_ever_escaped_or_safe() {
    for name in ["safe", "escape", "e"] {
        check(
            "a: {{ values.x | NAME }}".replace("NAME", name).as_str(),
            "",
            &format!(
                "web.yaml:1 '{name}': there is no filter `{name}`: values are never text that needs escaping (print the value as it is; the YAML around it cannot change)"
            ),
        );
    }
    check(
        "{% autoescape true %}a: 1{% endautoescape %}",
        "",
        "web.yaml:1 'autoescape': there is no `autoescape`: values are never text that needs escaping (remove the tag)\nweb.yaml:1 'endautoescape': there is no `autoescape`: values are never text that needs escaping (remove the tag)",
    );
}

#[test]
fn a_yaml_fragment_decides_nothing() {
    let macros = "{% macro m() %}\na: 1\n{% endmacro %}\n{% set s %}\nb: 1\n{% endset %}\n{% set t = m() %}\n";
    let refused = |template: &str, name: &str| {
        let found = super::outcome(&[("templates/web.yaml", &format!("{macros}{template}"))]);
        let expect = format!(
            "`{name}` is a YAML fragment, which can be inserted and indented, but not decide anything (write `{name}` in a `.j2` file, whose macros return plain strings)"
        );
        assert!(found.contains(&expect), "{template}: {found}");
    };
    refused("{% if m() %}{% endif %}", "m");
    refused("{% if s %}{% endif %}", "s");
    refused("{% if t %}{% endif %}", "t");
    refused("{% for x in m() %}{% endfor %}", "m");
    refused("x: {{ m() == 'a' }}", "m");
    refused("x: {{ 'a' in m() }}", "m");
    refused("x: {{ 1 if m() else 2 }}", "m");
    refused("x: {{ not m() }}", "m");
    refused("x: {{ (m() | indent(2)) == 'a' }}", "m");
    refused("x: {{ m() or 'a' }}", "m");
    check(
        &format!("{macros}x:\n  {{{{ m() if values.x else s }}}}\ny-: {{{{ 'm' == 'm' }}}}"),
        "x: false",
        "x:\n  b: 1\ny-: true",
    );
    check_error(
        &[
            (
                "templates/web.yaml",
                "{% import \"_m.yaml\" as lib %}{% from \"_m.yaml\" import m as n %}\n{% if lib.m() %}{% endif %}{% if n() %}{% endif %}",
            ),
            ("templates/_m.yaml", "{% macro m() %}{% endmacro %}"),
        ],
        "`n` is a YAML fragment",
    );
}

#[test]
fn a_fragment_is_never_text() {
    let macros = "{% macro m() %}\na: 1\n{% endmacro %}\n";
    for expression in [
        "m() ~ values.x",
        "values.x ~ m()",
        "m() + values.x",
        "[m(), values.x] | join",
        "m() | replace('a', values.x)",
        "'%s' | format(m())",
        "m() | upper",
        "m() | string",
        "m() | quote",
        "m()[0:3]",
        "m()[1:] ~ values.x",
        "m() | to_json",
        "m() | sha256",
        "m() | b64encode",
        "m() | trim",
        "[m()]",
        "{'k': m()}",
        "m() | to_yaml",
        "m() | first",
        "m() | list",
        "m() | reverse",
    ] {
        let found = super::outcome(&[
            ("templates/web.yaml", &format!("{macros}x:\n  {{{{ {expression} }}}}")),
            ("values.yaml", "x: \"\\nevil: true\""),
        ]);
        assert!(found.contains("fragment"), "{expression}: {found}");
        assert!(!found.contains("evil:"), "{expression}: {found}");
    }
}

#[test]
fn a_text_macro_in_a_call_block_is_refused() {
    check_error(
        &[
            (
                "templates/web.yaml",
                "{% from \"_t.j2\" import t %}\na: 1\n{% call t(values.x) %}{% endcall %}",
            ),
            ("templates/_t.j2", "{% macro t(x) %}{{ x }}{{ caller() }}{% endmacro %}"),
            ("values.yaml", "x: \"b: 1\""),
        ],
        "fragment",
    );
    check_error(
        &[
            (
                "templates/web.yaml",
                "{% from \"_t.j2\" import t %}\na: 1\n{% call t(values.x) %}{% endcall %}",
            ),
            ("templates/_t.j2", "{% macro t(x) %}{{ x }}{% if caller %}{% endif %}{% endmacro %}"),
            ("values.yaml", "x: \"b: 1\""),
        ],
        "a `call` block prints YAML, but the macro is one of a text file",
    );
}

#[test]
fn blocks_of_a_yaml_file_can_only_be_moved() {
    check(
        "a: 1\n{% filter upper %}\nb: {{ 1 }}\n{% endfilter %}",
        "",
        "web.yaml:2 'upper': `upper` cannot filter a block of a YAML file, only `indent` and `nindent` can (filter the values inside of it, or write the block as a macro of a `.j2` file)",
    );
    check_error(
        &[("templates/web.yaml", "{% set x | ternary(values.a, 1) %}{% endset %}a: {{ x }}")],
        "`ternary` cannot filter a block",
    );
}

#[test]
fn names_with_two_underscores_are_jibe_s_own() {
    check(
        "a: {{ 1 | __hole(0) }}",
        "",
        "web.yaml:1 '__hole': `__hole`: names that begin with two underscores are jibe's own (choose another name)",
    );
    check_error(&[("templates/web.yaml", "{% set __run = 1 %}a: 1")], "`__run`");
}

#[test]
fn marks_made_by_a_template_are_refused() {
    for expression in [
        "\"\\udbff\\udf04\"",
        "\"{\\\"a\\\": \\\"\\\\udbff\\\\udf04\\\"}\" | from_json",
        "'9I+8hA==' | b64decode",
        "{'\\udbff\\udf04': 1}",
    ] {
        let found =
            super::outcome(&[("templates/web.yaml", &format!("a: {{{{ {expression} }}}}"))]);
        assert!(found.contains("fragment"), "{expression}: {found}");
    }
}

#[test]
fn nothing_of_the_machine_is_to_be_reached() {
    for name in [
        "debug",
        "now",
        "env",
        "lookup",
        "randAlphaNum",
        "uuidv4",
        "getHostByName",
        "genCA",
        "expandenv",
    ] {
        check_error(
            &[("templates/web.yaml", &format!("a: {{{{ {name}() }}}}"))],
            &format!("there is no function `{name}`"),
        );
    }
}
