//! An included file takes its place like a fragment: all of its lines stand where the tag stands.

use super::{check_chart, check_error};

const PART: (&str, &str) = ("templates/_part.yaml", "b: {{ values.b }}\nc:\n  d: 1\n");

#[track_caller]
fn check(template: &str, expect: &str) {
    check_chart(&[("templates/web.yaml", template), PART, ("values.yaml", "b: x")], expect);
}

#[test]
fn every_line_of_an_include_takes_the_indentation_of_the_tag() {
    check("s:\n  {% include \"_part.yaml\" %}\nz: 1\n", "s:\n  b: x\n  c:\n    d: 1\nz: 1");
    check("s:\n  - {% include \"_part.yaml\" %}\n  - e\n", "s:\n- b: x\n  c:\n    d: 1\n- e");
    check(
        "s:\n  {% if values.b == \"x\" %}{% include \"_part.yaml\" %}{% endif %}\nz: 1\n",
        "s:\n  b: x\n  c:\n    d: 1\nz: 1",
    );
    check(
        "{% for n in [1] %}\ns:\n  a: 1\n  {% include \"_part.yaml\" %}\n{% endfor %}\n",
        "s:\n  a: 1\n  b: x\n  c:\n    d: 1",
    );
}

#[test]
fn an_include_at_the_begin_of_a_line_is_printed_as_it_is() {
    check("a: 1\n{% include \"_part.yaml\" %}\nz: 1\n", "a: 1\nb: x\nc:\n  d: 1\nz: 1");
    check("{% include \"_part.yaml\" %}", "b: x\nc:\n  d: 1");
}

#[test]
fn an_include_in_the_middle_of_a_line_has_one_line() {
    check_chart(
        &[
            ("templates/web.yaml", "a: {% include \"_one.yaml\" %}\nb: 2\n"),
            ("templates/_one.yaml", "text\n"),
        ],
        "a: text\nb: 2",
    );
    check_error(
        &[
            ("templates/web.yaml", "a: {% include \"_part.yaml\" %}\n"),
            PART,
            ("values.yaml", "b: x"),
        ],
        "a fragment of several lines begins in the middle of a line",
    );
}

#[test]
fn an_error_in_an_indented_include_points_at_its_own_line() {
    check_error(
        &[
            ("templates/web.yaml", "s:\n    {% include \"_bad.yaml\" %}\n"),
            ("templates/_bad.yaml", "a: 1\nb: 2\nc: d: e\n"),
        ],
        "_bad.yaml:3 ':': a `:` stands where no key can be",
    );
}
