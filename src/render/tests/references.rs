//! Values that refer to other values.

use super::{Bench, check_chart, check_error};

/// What the values become, as a template prints them.
#[track_caller]
fn check(values: &str, expect: &str) {
    check_chart(&[("templates/web.yaml", "{{ values }}\n"), ("values.yaml", values)], expect);
}

/// What is said about the values.
#[track_caller]
fn check_refused(values: &str, expect: &str) {
    check_error(&[("templates/web.yaml", "a: 1\n"), ("values.yaml", values)], expect);
}

#[test]
fn a_reference_that_is_one_hole_keeps_its_type() {
    check(
        "{num: 1, t: 'on', l: [1], m: {x: null}, b: yes, r: [!tpl '{{ values.num }}', !tpl '{{ values.t }}', !tpl '{{ values.l }}', !tpl '{{ values.m }}', !tpl '{{ values.b }}', !tpl '{{ values.num + 1 }}', !tpl '{{ none }}']}",
        "b: true\nl:\n- 1\nm:\n  x: null\nnum: 1\nr:\n- 1\n- \"on\"\n- - 1\n- x: null\n- true\n- 2\n- null\nt: \"on\"",
    );
}

#[test]
fn text_and_holes_are_a_string() {
    check(
        "image: {repository: shop/web, tag: '1.10'}\nname: !tpl '{{ values.image.repository }}:{{ values.image.tag }}'\nplain: !tpl on",
        "image:\n  repository: shop/web\n  tag: \"1.10\"\nname: shop/web:1.10\nplain: \"on\"",
    );
}

#[test]
fn a_value_changes_nothing_around_its_hole() {
    check(
        "{a: \"x: y\\n- z\", b: !tpl '{{ values.a }}!', c: !tpl 'k: {{ values.b }}'}",
        "a: |-\n  x: y\n  - z\nb: |-\n  x: y\n  - z!\nc: |-\n  k: x: y\n  - z!",
    );
}

#[test]
fn a_number_keeps_its_spelling_where_it_stays_one() {
    check("{mode: 0644, copy: !tpl '{{ values.mode }}'}", "copy: 420\nmode: 420");
    check_refused(
        "tag: 1.10\nname: !tpl 'web:{{ values.tag }}'",
        "values.yaml:2 '{{ values.tag }}': the number `1.10` would become the text `1.1`",
    );
}

#[test]
fn references_lead_on_to_references_in_any_order() {
    check(
        "{a: !tpl '{{ values.b }}', b: !tpl '{{ values.c.d }}', c: {d: !tpl '{{ values.e }}'}, e: 1}",
        "a: 1\nb: 1\nc:\n  d: 1\ne: 1",
    );
}

#[test]
fn a_map_that_is_referred_to_brings_its_own_references_along() {
    check(
        "{a: !tpl '{{ values.b }}', b: {c: !tpl '{{ values.d }}', l: [!tpl '{{ values.d }}']}, d: 1}",
        "a:\n  c: 1\n  l:\n  - 1\nb:\n  c: 1\n  l:\n  - 1\nd: 1",
    );
    check(
        "{a: !tpl '{{ values.b.c }}', b: !tpl '{{ values.d }}', d: {c: 1}}",
        "a: 1\nb:\n  c: 1\nd:\n  c: 1",
    );
}

#[test]
fn loops_filters_and_conditions_see_through_references() {
    check(
        "{hosts: {a: !tpl '{{ values.d }}', b: x}, d: example.com, all: !tpl \"{% for k, v in values.hosts | items %}{{ k }}={{ v }};{% endfor %}\"}",
        "all: a=example.com;b=x;\nd: example.com\nhosts:\n  a: example.com\n  b: x",
    );
    check(
        "{a: !tpl '{{ values.b | default(2) }}', c: !tpl '{{ 1 if target.env == \"prod\" else 0 }}'}",
        "a: 2\nc: 1",
    );
    check(
        "{a: !tpl '{% if values.b %}{{ values.c }}{% endif %}', b: true, c: [1]}",
        "a:\n- 1\nb: true\nc:\n- 1",
    );
}

#[test]
fn references_see_the_target_the_chart_and_the_cluster() {
    check(
        "a: !tpl '{{ target.service }}.{{ target.namespace }} {{ chart.version }} {{ cluster.version }}'",
        "a: web.shop 1.2.3 1.35",
    );
    check_refused(
        "a: !tpl '{{ files.get(\"x\") }}'",
        "values.yaml:1 '.get(\"x\")': a value cannot refer to `files` (read the file in the template that needs it)",
    );
}

#[test]
fn what_is_not_set_is_named_in_the_values_file() {
    check_refused(
        "image: {tag: 1}\na: >-\n  x\nb: !tpl \"v{{ values.image.tga }}\"",
        "values.yaml:4 'values.image.tga': `values.image.tga` is not set [values.yaml:1 'tag' this one is set] (did you mean `values.image.tag`?; set `image.tga` in `web/values.yaml`, or give it a default here: `values.image.tga | default(…)`)",
    );
}

#[test]
fn what_is_no_expression_is_named_in_the_values_file() {
    check_refused(
        "a: !tpl '{{ values. }}'",
        "values.yaml:1 '}}': the hole ends where a name is expected",
    );
    check_refused("a: !tpl '{{ values.a'", "values.yaml:1 '{{': ");
    check_refused(
        "a: !tpl 'x {{ 1 | nothing }}'",
        "values.yaml:1 'nothing': there is no filter `nothing`",
    );
    check_refused("a: !tpl '{{ fail(\"no\") }}'", "values.yaml:1 'fail(\"no\")': no");
}

#[test]
fn a_reference_gives_a_value() {
    check_refused(
        "a: !tpl '{{ omit }}'",
        "values.yaml:1 ''{{ omit }}'': the reference gives no value",
    );
}

#[test]
fn a_circle_is_named_line_by_line_once() {
    let circle = [
        ("templates/web.yaml", "a: 1\n"),
        (
            "values.yaml",
            "c: !tpl '{{ values.a }}'\na: !tpl '{{ values.b }}'\nb: !tpl '{{ values.a }}'\n",
        ),
    ];
    let failure = Bench::new(&circle).rendered().expect_err("a circle");
    let found: Vec<_> = failure.diagnostics().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "web/values.yaml:2:9: error[values/reference]: values refer to each other in a circle: web/values.yaml:2 → web/values.yaml:3 → web/values.yaml:2"
        ]
    );
    check_refused(
        "a: {b: !tpl '{{ values.a }}'}",
        "values.yaml:1 ''{{ values.a }}'': the value refers to itself",
    );
}

#[test]
fn only_what_is_asked_for_makes_a_circle() {
    check(
        "{a: {x: !tpl '{{ values.a.z }}', z: !tpl '{{ 1 if true else values.a.x }}'}}",
        "a:\n  x: 1\n  z: 1",
    );
}

/// Values that each refer to the next one, `length` of them, in the order of the file and in reverse.
fn chains(length: usize) -> [String; 2] {
    let link = |n| format!("v{n}: !tpl '{{{{ values.v{} }}}}'\n", n + 1);
    let there: String = (0..length).map(link).collect();
    let back: String = (0..length).rev().map(link).collect();
    [format!("{there}v{length}: 1\n"), format!("{back}v{length}: 1\n")]
}

#[test]
fn a_long_chain_is_refused_in_any_order() {
    for chain in chains(65) {
        check_refused(&chain, "refers to this value through more than 64 others");
    }
    for chain in chains(64) {
        let texts = [("templates/web.yaml", "a: {{ values.v0 }}\n"), ("values.yaml", &*chain)];
        check_chart(&texts, "a: 1");
    }
}

#[test]
fn a_text_of_several_values_keeps_each_in_its_place() {
    check(
        "{x: 1, a: !tpl '{{ values.x }}:{{ values.b }}:{{ values.x }}', b: !tpl '{{ values.c }}-{{ values.c }}', c: !tpl '{{ values.x + 1 }}'}",
        "a: 1:2-2:1\nb: 2-2\nc: 2\nx: 1",
    );
}

#[test]
fn a_reference_without_an_expression_is_refused() {
    let expect = "values.yaml:1 '': `!tpl` has no expression behind it (write one in quotes, such as `!tpl \"{{ values.name }}\"`, or `\"\"` without `!tpl` for the empty text)";
    check_refused("{b: 1, a: !tpl }", expect);
    check_refused("{b: 1, a: !tpl '  '}", &expect.replace("''", "''  ''"));
}

#[test]
fn a_list_or_map_in_a_text_gets_a_next_step_that_a_value_can_take() {
    let expect = "a list cannot stand within text (print one of its members, or make a text of it with `to_json` or `join`)";
    check_refused(
        "{l: [1], a: !tpl 'x{{ values.l }}'}",
        &format!("values.yaml:1 '{{{{ values.l }}}}': {expect}"),
    );
}

#[test]
fn values_that_nest_deeper_and_deeper_are_refused() {
    let (open, close) = ("[".repeat(90), "]".repeat(90));
    let nested: String = (0..9)
        .map(|n| format!("v{n}: {open}!tpl '{{{{ values.v{} }}}}'{close}\n", n + 1))
        .collect();
    check_refused(&format!("{nested}v9: 1\n"), "the value is nested more than 200 levels deep");
}

#[test]
fn values_that_double_again_and_again_are_refused() {
    let doubled: String = (0..40)
        .map(|n| format!("v{n}: !tpl '{{{{ [values.v{0}, values.v{0}] }}}}'\n", n + 1))
        .collect();
    check_refused(
        &format!("{doubled}v40: [1]\n"),
        "what this target prints has 134217856 bytes or more; at most 134217728 are allowed",
    );
}

#[test]
fn a_loop_without_end_is_refused() {
    check_refused(
        "a: !tpl '{% for x in range(90000) %}{% for y in range(90000) %}{{ y }}{% endfor %}{% endfor %}'",
        "more than the 1048576 steps that are allowed",
    );
}

#[test]
fn what_a_reference_reads_counts_as_read_where_it_is_read_itself() {
    let texts = [
        ("templates/web.yaml", "a: {{ values.a }}\n"),
        (
            "values.yaml",
            "{a: !tpl '{{ values.b }}', b: !tpl '{{ values.c.d }}', c: {d: 1, e: 2}, f: !tpl '{{ values.g }}', g: 1}",
        ),
    ];
    let reads = Bench::new(&texts).rendered().expect("no error").reads;
    assert!(reads.covers(&["a"]) && reads.covers(&["b"]) && reads.covers(&["c", "d"]));
    assert!(!reads.covers(&["c", "e"]) && !reads.covers(&["f"]) && !reads.covers(&["g"]));
}

#[test]
fn quotes_and_blocks_point_at_the_expression_too() {
    check_refused(
        "a: !tpl |\n  text\n  {{ values.b }}\n",
        "values.yaml:3 'values.b': `values.b` is not set",
    );
    check_refused(
        "a: !tpl \"\\u00e9 {{ values.b | default(values.c ~ \\\"x\\\") }}\"",
        "values.yaml:1 'values.c': `values.c` is not set",
    );
}

/// The values of a chart with a set `tags` and a keyed list `env`, as a template prints them.
#[track_caller]
fn check_lists(values: &str, expect: &str) {
    let schema = r#"{ "properties": {
        "tags": { "x-kubernetes-list-type": "set" },
        "env": { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
          "items": { "properties": { "tags": { "x-kubernetes-list-type": "set" } } } } } }"#;
    let template = ("templates/web.yaml", "r: {{ values.r }}\n");
    check_chart(&[template, ("values.yaml", values), ("values.schema.json", schema)], expect);
}

#[test]
fn a_set_that_a_reference_reads_has_each_item_once() {
    let tags = "x: a, tags: [a, !tpl '{{ values.x }}', !tpl '{{ values.x }}b', ab, c]";
    check_lists(&format!("{{{tags}, r: !tpl '{{{{ values.tags }}}}'}}"), "r:\n- a\n- ab\n- c");
    check_lists(&format!("{{{tags}, r: !tpl '{{{{ values.tags | length }}}}'}}"), "r: 3");
    check_lists(&format!("{{{tags}, r: !tpl \"{{{{ values.tags | join('-') }}}}\"}}"), "r: a-ab-c");
    check_lists(&format!("{{{tags}, r: !tpl '{{{{ values.tags[2] }}}}'}}"), "r: c");
    let printed = "!tpl '{% for tag in values.tags %}{{ tag }};{% endfor %}'";
    check_lists(&format!("{{{tags}, r: {printed}}}"), "r: a;ab;c;");
    check_lists(
        &format!("{{{tags}, r: !tpl '{{{{ values.tags | to_json }}}}'}}"),
        "r: '[\"a\",\"ab\",\"c\"]'",
    );
}

#[test]
fn a_set_that_is_a_reference_itself_has_each_item_once() {
    let values =
        "{l: [1, 1.0, 2], tags: !tpl '{{ values.l }}', r: !tpl '{{ values.tags | length }}'}";
    check_lists(values, "r: 2");
    let nested =
        "{l: [1, 0x1], env: [{name: A, tags: !tpl '{{ values.l }}'}], r: !tpl '{{ values.env }}'}";
    check_lists(nested, "r:\n- name: A\n  tags:\n  - 1");
}

#[test]
fn an_item_of_a_set_may_read_those_before_it() {
    check_lists(
        "{tags: [a, !tpl '{{ values.tags[0] }}b'], r: !tpl '{{ values.tags }}'}",
        "r:\n- a\n- ab",
    );
}
