//! What a hole becomes, by where it stands.

use super::check;

#[test]
fn a_hole_alone_is_the_value_itself() {
    check(
        "a: {{ values.num }}\nb: {{ values.s }}\nc: {{ values.l }}\nd: {{ values.m }}\ne: {{ values.z }}\nf: {{ values.b }}",
        "num: 3\ns: \"0644\"\nl: [1, x]\nm: {k: on}\nz: null\nb: true",
        "a: 3\nb: \"0644\"\nc:\n- 1\n- x\nd:\n  k: true\ne: null\nf: true",
    );
}

#[test]
fn strings_that_look_like_something_else_stay_strings() {
    check(
        "a: {{ values.a }}\nb: {{ values.b }}\nc: {{ values.c }}\nd: {{ values.d }}",
        "a: \"on\"\nb: \"1e3\"\nc: \"- x\\nk: v\"\nd: \"#x\"",
        "a: \"on\"\nb: \"1e3\"\nc: |-\n  - x\n  k: v\nd: '#x'",
    );
}

#[test]
fn a_hole_in_quotes_or_beside_text_is_a_string() {
    check(
        "a: \"{{ values.port }}\"\nb: {{ values.a }}.{{ values.b }}\nc: '{{ values.t }}'\nd: 80{{ values.port }}",
        "port: 80\na: \"x: y\"\nb: \"z #\\n- k\"\nt: true",
        "a: \"80\"\nb: |-\n  x: y.z #\n  - k\nc: \"true\"\nd: \"8080\"",
    );
}

#[test]
fn a_map_merges_under_the_keys_beside_it() {
    check(
        "labels:\n  app: web\n  <<: {{ values.labels }}",
        "labels: {app: other, tier: front}",
        "labels:\n  app: web\n  tier: front",
    );
}

#[test]
fn an_item_of_a_loop_is_of_any_type() {
    check(
        "l:\n{% for item in values.l %}\n- {{ item }}\n{% endfor %}",
        "l: [1, \"1\", {a: b}, [x], null]",
        "l:\n- 1\n- \"1\"\n- a: b\n- - x\n- null",
    );
}

#[test]
fn a_bare_key_must_be_a_string_and_a_quoted_one_becomes_one() {
    check(
        "{{ values.k }}: x\n\"{{ values.num }}\": w\na-{{ values.num }}: z",
        "k: \"on\"\nnum: 1",
        "\"1\": w\na-1: z\n\"on\": x",
    );
    check(
        "{{ values.num }}: x",
        "num: 1",
        "web.yaml:1 '{{ values.num }}': an integer cannot be a key [values.yaml:1 '1' its value is set here] (put the hole in quotes, which makes it a string)",
    );
}

#[test]
fn omit_removes_the_key_or_item() {
    check(
        "a: {{ values.a | default(omit) }}\nb: \"{{ omit }}\"\nc: [1, {{ omit }}, 2]\nd:\n  e: {{ omit }}\nf:\n- {{ omit }}\ng: {{ {'x': omit, 'y': [omit, 1]} }}",
        "",
        "c:\n- 1\n- 2\nd: {}\nf: []\ng:\n  \"y\":\n  - 1",
    );
}

#[test]
fn omit_within_text_is_an_error() {
    check(
        "a: x{{ omit }}",
        "",
        "web.yaml:1 '{{ omit }}': `omit` can leave out a whole value, but not a part of a text (write the hole alone, or use `if`)",
    );
}

#[test]
fn an_if_without_else_omits() {
    check("a: {{ 1 if values.x }}\nb: {{ 2 if not values.x }}", "x: false", "b: 2");
}

#[test]
fn a_macro_of_a_yaml_file_carries_its_holes_along() {
    check(
        "{% macro labels(v) %}\napp: {{ v }}\nport: \"{{ 80 }}\"\n{% endmacro %}\nmetadata:\n  labels:\n    {{ labels(values.word) | indent(4) }}\n    x: z",
        "word: \"on\"",
        "metadata:\n  labels:\n    app: \"on\"\n    port: \"80\"\n    x: z",
    );
}

#[test]
fn set_and_filter_and_call_blocks_carry_their_holes_along() {
    check(
        "{% set part %}\na: {{ values.word }}\n{% endset %}\n{% macro box() %}\nbox:\n  {{ caller() | indent(2) }}\n{% endmacro %}\nx:\n  {{ part | indent(2) }}\nw:\n{% filter indent(2, first=true) %}\nb: {{ values.word }}\nc: 1\n{% endfilter %}\n{% call box() %}\nd: {{ values.word }}\ne: 2\n{% endcall %}\nz: 3",
        "word: \"on\"",
        "box:\n  d: \"on\"\n  e: 2\nw:\n  b: \"on\"\n  c: 1\nx:\n  a: \"on\"\nz: 3",
    );
}

#[test]
fn a_recursive_loop_and_a_block_print_fragments_in_place() {
    check(
        "{% block b %}\nk: {{ values.word }}\n{% endblock %}\nl:\n{% for n in values.tree recursive %}\n- {{ n.name }}\n{% if n.sub %}\n{{ loop(n.sub) }}\n{% endif %}\n{% endfor %}",
        "word: \"on\"\ntree: [{name: \"1\", sub: [{name: \"2\", sub: []}]}]",
        "k: \"on\"\nl:\n- \"1\"\n- \"2\"",
    );
}

#[test]
fn an_empty_block_or_loop_leaves_null() {
    check(
        "spec:\n{% if false %}\n  a: 1\n{% endif %}\nenv:\n{% for x in [] %}\n- {{ x }}\n{% endfor %}\n",
        "",
        "env: null\nspec: null",
    );
}

#[test]
fn equal_keys_after_filling_are_an_error_that_names_both_holes() {
    check(
        "{% for h in values.hosts %}\n{{ h }}: 1\n{% endfor %}\nx: 1",
        "hosts: [a, a]",
        "web.yaml:2 '{{ h }}': the key `a` stands here a second time [web.yaml:2 '{{ h }}' first here] (remove one of the two, or merge maps with `<<: {{ … }}`)",
    );
}

#[test]
fn merge_keys_take_one_map_or_a_list_and_omit_adds_nothing() {
    check(
        "a:\n  <<: [{{ values.x }}, {{ values.z }}]\nb:\n  <<: {{ omit }}\n  c: 1\nbase: &base {k: {{ values.num }}}\nd:\n  <<: *base\n  e: {{ values.num }}",
        "x: {p: 1, q: 1}\nz: {q: 2, r: 2}\nnum: 5",
        "a:\n  p: 1\n  q: 1\n  r: 2\nb:\n  c: 1\nbase:\n  k: 5\nd:\n  e: 5\n  k: 5",
    );
    check(
        "a:\n  <<: {{ values.num }}\n  b: 1",
        "num: 5",
        "web.yaml:2 '{{ values.num }}': `<<` merges maps, but this is an integer [values.yaml:1 '5' its value is set here] (print a map, a list of maps, or `omit`)",
    );
}

#[test]
fn two_merge_keys_in_one_map_are_an_error() {
    check(
        "a:\n  <<: {{ values.x }}\n  <<: {{ values.x }}",
        "x: {p: 1}",
        "web.yaml:3 '<<': the key `<<` stands here a second time [web.yaml:2 '<<' first here] (merge several maps with one `<<: [*a, *b]`)",
    );
}

#[test]
fn a_value_cannot_be_the_name_of_an_anchor_alias_or_tag() {
    for sign in ["&", "*", "!"] {
        let expect = "web.yaml:1 '{{ values.x }}': a value cannot be the name of an anchor, alias or tag (write the text as one value: `{{ \"!\" ~ x }}` or `\"!{{ x }}\"`)";
        check(&format!("a: {sign}{{{{ values.x }}}}"), "x: v", expect);
    }
    check("a: \"&{{ values.x }}\"\nb: |\n  !{{ values.x }}", "x: v", "a: '&v'\nb: |\n  !v");
}

#[test]
fn documents_come_and_go() {
    check(
        "{% for n in values.l %}\n---\nname: {{ n }}\n{% endfor %}\n---\n{% if false %}\nx: 1\n{% endif %}\n",
        "l: [a, b]",
        "name: a\n---\nname: b",
    );
    check("{{ values.m }}\n---\n{{ omit }}\n---\n{{ {'a': 1} }}", "m: {k: v}", "k: v\n---\na: 1");
    check(
        "{{ values.num }}",
        "num: 1",
        "web.yaml:1 '{{ values.num }}': a document must be a map, but this is an integer [values.yaml:1 '1' its value is set here] (print a map, or `omit` to leave the document out)",
    );
}

#[test]
fn a_value_of_several_lines_is_one_string_wherever_it_stands() {
    let values = "t: \"one\\ntwo: 2\\n\"";
    check("a: x{{ values.t }}", values, "a: |\n  xone\n  two: 2");
    check("a: \"{{ values.t }}\"", values, "a: |\n  one\n  two: 2");
    check("a: >-\n  {{ values.t }}\n  end", values, "a: |-\n  one\n  two: 2\n   end");
}

#[test]
fn a_block_literal_indents_the_lines_of_a_value_that_stands_alone() {
    let values = "t: \"one\\n\\ntwo\\n\"";
    check(
        "a: |\n  begin\n    {{ values.t }}\n  end",
        values,
        "a: |\n  begin\n    one\n\n    two\n  end",
    );
    check("a: |\n  {{ values.t }}", values, "a: |\n  one\n\n  two");
    check("a: |-\n  x {{ values.t }}y", values, "a: |-\n  x one\n\n  two\n  y");
}

#[test]
fn to_yaml_with_nindent_works_as_helm_users_write_it() {
    let values = "labels: {a: \"on\", b: 2}\nargs: [\"1\", x]\nnone: {}\ntext: hi";
    check(
        "labels:\n  {{- values.labels | to_yaml | nindent(2) }}\n  c: 3",
        values,
        "labels:\n  a: \"on\"\n  b: 2\n  c: 3",
    );
    check("args:\n{{ values.args | to_yaml }}\n- w", values, "args:\n- \"1\"\n- x\n- w");
    check("labels: {{ values.labels | to_yaml }}", values, "labels:\n  a: \"on\"\n  b: 2");
    check("l:\n- {{ values.labels | to_yaml | indent(2) }}", values, "l:\n- a: \"on\"\n  b: 2");
    check("labels:\n  {{ values.none | to_yaml | indent(2) }}", values, "labels: {}");
    check("t: {{ values.text | to_yaml }}", values, "t: hi");
    check(
        "labels:\n  a: 1\n  {{ values.labels | to_yaml }}",
        values,
        "web.yaml:3 '{{ values.labels | to_yaml }}': the key `a` stands here a second time [web.yaml:2 'a' first here] (remove one of the two, or merge maps with `<<: {{ … }}`)",
    );
}

#[test]
fn indent_on_a_plain_string_is_an_error_in_a_yaml_file() {
    check(
        "a: {{ values.t | indent(4) }}",
        "t: x",
        "web.yaml:1 'indent(4)': a plain value needs no `indent`: a hole stays one value, whatever lines it has [values.yaml:1 'x' `values.t` is set here] (remove it: `key: {{ … }}`; in a block (`key: |`) all lines of a value take the indentation of the hole's line)",
    );
}

#[test]
fn quote_is_a_string_alone_and_brings_quotes_into_text() {
    check(
        "a: {{ values.num | quote }}\nb: x={{ values.s | quote }}\nc: x={{ values.s | squote }}",
        "num: 1\ns: \"it's\"",
        "a: \"1\"\nb: x=\"it's\"\nc: x='it''s'",
    );
}

#[test]
fn null_or_a_map_within_text_is_an_error_in_a_yaml_file() {
    check(
        "a: x{{ values.z }}\nb: \"{{ values.m }}\"",
        "z: null\nm: {a: 1}",
        "web.yaml:1 '{{ values.z }}': null cannot stand within text [values.yaml:1 'null' its value is set here] (give it a default, or write the hole alone as the whole value)\nweb.yaml:2 '{{ values.m }}': a map cannot stand within text (print one of its members, or make a text of it: `to_json`, `join`, or as YAML with `to_yaml` in a template `files/NAME.j2`, printed by `files.get(\"NAME\")`)",
    );
}

#[test]
fn macros_take_maps_and_call_themselves() {
    check(
        "{% macro tree(n) %}\nname: {{ n.name }}\n{% if n.sub %}\nsub:\n  {{ tree(n.sub) | indent(2) }}\n{% endif %}\n{% endmacro %}\n{{ tree(values.tree) }}",
        "tree: {name: a, sub: {name: \"on\", sub: null}}",
        "name: a\nsub:\n  name: \"on\"",
    );
}

#[test]
fn only_tags_alone_on_their_line_are_trimmed() {
    check(
        "args:\n- --a={% if true %}1{% else %}2{% endif %}\n- --b\n{# gone #}\n  {% set x = 1 %}{# gone #}\n- {% if true %}c{% endif %}\n",
        "",
        "args:\n- --a=1\n- --b\n- c",
    );
    check(
        "a: |\n  x\n  {%- if true %} y{% endif %}\n  z\n{% if true -%}\n\n\nb: 1\n{% endif %}",
        "",
        "a: |\n  x y\n  z\nb: 1",
    );
}

#[test]
fn a_fragment_at_a_wrong_place_is_an_error_that_says_the_indent() {
    let labels = "{% macro labels() %}\na: 1\nb: 2\n{% endmacro %}\n{% macro name() %}x-{{ values.num }}{% endmacro %}\n";
    let wrong =
        |template: &str, expect: &str| check(&format!("{labels}{template}"), "num: w", expect);
    wrong(
        "m:\n    {{ labels() }}",
        "web.yaml:7 '{{ labels() }}': the lines of the fragment start left of the place where it stands (write `| indent(4)` at its end)",
    );
    wrong(
        "m: {{ labels() }}",
        "web.yaml:6 '{{ labels() }}': a fragment of several lines begins in the middle of a line (put it on the next line, or write `nindent(2)`)",
    );
    wrong(
        "m:\n{{ labels() }}-svc",
        "web.yaml:7 '{{ labels() }}': the fragment has several lines, but text follows it on its last line (give the fragment a line of its own)",
    );
    wrong(
        "# {{ labels() }}\nm: 1",
        "web.yaml:6 '{{ labels() }}': a fragment of several lines stands in a comment, which ends with the first (move the hole out of the comment, or remove it)",
    );
    wrong("m: {{ name() }}-svc", "m: x-w-svc");
    wrong("m:{{ labels() | nindent(2) }}", "m:\n  a: 1\n  b: 2");
    wrong(
        "l:\n- {{ labels() | indent(2) }}\n- c: {{ name() }} # why",
        "l:\n- a: 1\n  b: 2\n- c: x-w",
    );
}

#[test]
fn values_printed_with_true_and_none_read_as_in_yaml() {
    check(
        "a: {{ values.t ~ '-' ~ values.num * 2 ~ '-' ~ -values.num }}\nb: {{ [values.t, 1] | join(',') }}\nc: {{ 'x' | replace('x', values.t) }}\nd: {{ '%s' | format(values.t) }}\ne: {{ values.t | string }}\nf: {{ {'a': none, 'b': true} | tojson }}",
        "t: true\nnum: 2",
        "a: true-4--2\nb: true,1\nc: \"true\"\nd: \"true\"\ne: \"true\"\nf: '{\"a\":null,\"b\":true}'",
    );
}

#[test]
fn carriage_returns_change_nothing() {
    check(
        "a:\r\n{% if true %}\r\n  b: |\r\n    x\r\n    y\r\n{% endif %}\r\n",
        "",
        "a:\n  b: |\n    x\n    y",
    );
}

#[test]
fn the_target_chart_and_cluster_are_there() {
    check(
        "a: {{ target.env }}-{{ target.namespace }}-{{ target.service }}\nl: {{ target.labels }}\nc: {{ chart.name }}-{{ chart.version }}\nv: {{ cluster.version }}\ns: {{ cluster.serves('apps/v1', 'Deployment') }}\nt: {{ cluster.serves('x/v1', 'X') }}",
        "",
        "a: prod-shop-web\nc: web-1.2.3\nl:\n  team: \"on\"\ns: true\nt: false\nv: \"1.35\"",
    );
}
