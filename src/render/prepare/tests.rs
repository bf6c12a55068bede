//! What the engine is given for what a user writes.

use super::{Kind, prepare};
use crate::source::Limits;

/// The prepared text of a text file, which carries no marks.
#[track_caller]
fn check(template: &str, expect: &str) {
    let prepared = prepare(template, Kind::Text, &Limits::default(), &mut Vec::new())
        .expect("nothing is refused");
    assert_eq!(prepared.text, expect);
}

#[test]
fn both_sides_of_a_tilde_are_text_and_those_of_a_plus_are_bounded() {
    check("{{ a ~ b * 2 ~ -c }}", "{{ (a)|__text ~ (b * 2)|__text ~ (-c)|__text }}");
    check(
        "{{ a | f(b ~ c) ~ d[1] }}",
        "{{ (a | f((b)|__text ~ (c)|__text))|__text ~ (d[1])|__text }}",
    );
    check("{{ a - b + c }}", "{{ (a)|__sum - (b)|__sum + (c)|__sum }}");
    check("{{ a ~ b + c }}", "{{ ((a)|__text ~ (b)|__text)|__sum + (c)|__sum }}");
    check(
        "{{ a ~ b if c == d ~ e else f }}",
        "{{ (a)|__text ~ (b)|__text if (c)|__whole == ((d)|__text ~ (e)|__text)|__whole else f }}",
    );
    check("{% set x = a ~ b %}", "{% set x = (a)|__text ~ (b)|__text %}");
    check(
        "{% for x in a + b if x is not none %}{% endfor %}",
        "{% for x in ((a)|__sum + (b)|__sum)|__items if x is not none %}{% endfor %}",
    );
    check("{{ '~' }}{{ a - 1 }}", "{{ '~' }}{{ a - 1 }}");
}

#[test]
fn lines_that_hold_tags_only_vanish() {
    check("a\n  {% if x %}\nb\n  {% endif %}{# c #}\nd\n", "a\n{% if x %}b\n{% endif %}d\n");
    check("{% if x %}\n{% endif %}", "{% if x %}{% endif %}");
    check("a {% if x %}b{% endif %}\nc", "a {% if x %}b{% endif %}\nc");
    check("a\n  {%+ if x +%}\nb{% endif %}", "a\n  {% if x %}\nb{% endif %}");
    check("a\n\n{{- b -}}\n\nc", "a{{ b }}c");
}

#[test]
fn an_error_points_at_the_user_s_own_bytes() {
    let text = "{# gone #}\nx: {{ a ~ b.c }}";
    let prepared =
        prepare(text, Kind::Text, &Limits::default(), &mut Vec::new()).expect("nothing is refused");
    let at = prepared.text.find("b.c").expect("it is copied");
    assert_eq!(&text[prepared.original(&(at..at + 3))], "b.c");
    let end = prepared.text.rfind("|__text").expect("it is inserted");
    assert_eq!(&text[prepared.original(&(end..end + 7))], "b.c");
}
