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
        "base/templates/_m.yaml:2 'include \"_al.yaml\"': there is no template `_al.yaml` (did you mean `_all.yaml`?)",
    );
}
