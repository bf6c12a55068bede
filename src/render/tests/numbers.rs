//! A number that is spelled in its own way must not change when it becomes text.

use super::{check, check_chart, check_error};

#[test]
fn a_number_of_equal_value_elsewhere_blames_nobody() {
    check_chart(
        &[
            ("templates/a.yaml", "defaultMode: {{ values.mode }}"),
            ("templates/b.yaml", "memory: \"{{ values.mem }}Mi\"\nhalf: \"{{ 128 * 2 }}Mi\""),
            ("values.yaml", "mode: 0400\nmem: 256"),
        ],
        "defaultMode: 256\n---\nhalf: 256Mi\nmemory: 256Mi",
    );
    check(
        "mode: {{ values.mode }}\nmemory: \"{{ values.mem }}Mi\"",
        "mode: 0400\nmem: 256",
        "memory: 256Mi\nmode: 256",
    );
}

#[test]
fn a_number_is_recognised_after_it_was_passed_on() {
    for template in [
        "{% set tag = values.tag %}\na: {{ values.ok }}\nb: app:{{ tag }}",
        "l:\n{% for tag in values.tags %}\n- {{ 1 }}-{{ 2 }}-{{ tag }}\n{% endfor %}",
        "{% from \"_n.j2\" import n %}\na: {{ n(values.tag) }}",
    ] {
        check_error(
            &[
                ("templates/web.yaml", template),
                ("templates/_n.j2", "{% macro n(v) %}{{ 1 }}-{{ v }}{% endmacro %}"),
                ("values.yaml", "tag: 1.10\nok: 8080\ntags: [1.10]"),
            ],
            "the number `1.10` would become the text `1.1`",
        );
    }
}

#[test]
fn a_number_that_is_written_or_worked_out_in_its_hole_blames_nobody() {
    for hole in ["1.1", "11 / 10", "0.55 * n", "1.1 | float"] {
        let found = super::outcome(&[
            (
                "templates/web.yaml",
                &format!("{{% set n = 2 %}}\nb: {{{{ values.tag }}}}\na: \"v{{{{ {hole} }}}}\""),
            ),
            ("values.yaml", "tag: 1.10"),
        ]);
        assert!(found.contains("a: v1.1"), "{hole}: {found}");
    }
}

#[test]
fn a_number_in_json_is_data_and_keeps_its_value_only() {
    check(
        "a: {{ values | to_json }}\nb: {{ {\"x\": values.tag} | to_json }}",
        "tag: 1.10",
        "a: '{\"tag\":1.1}'\nb: '{\"x\":1.1}'",
    );
    check_chart(
        &[
            ("templates/web.yaml", "a: {{ files.get(\"c\") }}"),
            ("files/c.j2", "{{ values }}"),
            ("values.yaml", "tag: 1.10"),
        ],
        "a: '{\"tag\":1.1}'",
    );
}
