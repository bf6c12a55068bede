//! What templates say about values, one claim a test.

use super::{May, Mentions};
use crate::render::reads::Reads;
use crate::render::sources::Sources;
use crate::source::Files;

/// What could be read of each value, though nothing was: `-` nothing, `.` it or parts of it, `*` all of it.
#[track_caller]
fn check(template: &str, expect: &str) {
    let files = Files::none();
    let source = files.add("a.yaml", template.as_bytes().to_vec()).expect("text");
    let sources = Sources { templates: vec![("a.yaml".into(), source)], ..Sources::default() };
    let mentions = Mentions::of(&sources);
    let told = expect.split_whitespace().map(|word| {
        let path: Vec<_> = word[1..].split('.').map(|key| Reads::called(key).to_owned()).collect();
        let sign = match mentions.may_read(&path, &Reads::default()) {
            May::Nothing => '-',
            May::Below => '.',
            May::All => '*',
        };
        format!("{sign}{}", &word[1..])
    });
    assert_eq!(told.collect::<Vec<_>>().join(" "), expect, "{template}");
}

#[test]
fn what_a_hole_prints_is_read_with_all_that_is_in_it() {
    check("{{ values.a.b }}", ".a *a.b *a.b.c -a.c -b");
    check("{{ values['a'][0] | to_json }}", ".a -b *a.0 *a.0.c");
    check("{{ values.a ~ values.b + 1 }}", "*a *b -c");
}

#[test]
fn what_only_decides_is_looked_at() {
    check("{% if values.a and not values.b.c %}{% endif %}", ".a -a.x .b.c -b.c.d -b.x");
    check("{{ 1 if values.a is defined else values.b }}", ".a -a.x *b");
    check("{% if values.a == 'x' or 'k' in values.b %}{% endif %}", ".a -a.x .b .b.k -b.j");
    check("{% if values.a == values.b %}{% endif %}", "*a.x *b.y");
}

#[test]
fn the_name_of_a_loop_stands_for_the_items_of_its_list() {
    check("{% for x in values.a %}{{ x.b }}{{ y.c }}{% endfor %}", "*a.0.b -a.0.c -a.0.name");
    check("{% for k, v in values.m | items if k %}{{ k }}{{ v.b }}{% endfor %}", "*m.k.b -m.k.c");
    check("{% for (k, (a, b)) in values.m | items %}{{ a }}{% endfor %}", "*m.k.b");
    check("{% for k in values.m %}{{ values.m[k].b }}{% endfor %}", "*m.k.b -m.k.c");
    check("{% for x in values.a + [values.b] %}{{ x.c }}{% endfor %}", "*a.0.c *b.c -b.d -a.0.d");
    check(
        "{% for x in values.a recursive %}{{ x.n }}{{ loop(x.below) }}{% endfor %}",
        "*a.0.n *a.0.below.0.n -a.0.m -a.0.below.0.m",
    );
    check(
        "{% for x in values.a %}{{ loop.index }}{{ loop.previtem.b }}{% endfor %}",
        "*a.0.b -a.0.c",
    );
}

#[test]
fn a_name_that_is_set_stands_for_what_it_is_set_to() {
    check("{% set x = values.a %}{{ x.b }}{{ values.z.c }}", "*a.b -a.c *z.c");
    check("{% set x = values.a %}{% set y = x.b %}{{ y.c }}", "*a.b.c -a.b.d -a.c");
    check(
        "{% set s = namespace(x=values.a) %}{% set s.y = values.b %}{{ s.x.c }}",
        "*a.c *b.c -a.d",
    );
    check("{% set x, y = values.a, values.b %}{{ x.c }}{{ y.d }}", "*a.c *b.d -a.e");
    check("{% with x = values.a %}{{ x.b }}{% endwith %}", "*a.b -a.c");
    check("{% set x %}{{ values.a }}{% endset %}{{ x }}", "*a -b");
}

#[test]
fn what_a_file_sets_is_known_to_those_who_import_it() {
    let set = "{% set x = values.a %}";
    check(&format!("{set}{{% from 'f' import x as y %}}{{{{ y.b }}}}"), "*a.b -a.c");
    check(&format!("{set}{{% import 'f' as f %}}{{{{ f.x.b }}}}"), "*a.b -a.c");
}

#[test]
fn a_parameter_stands_for_what_is_passed() {
    let macro_ = "{% macro m(p, q=none) %}{{ p.b }}{{ q.c }}{% endmacro %}";
    check(&format!("{macro_}{{{{ m(values.a, q=values.z) }}}}"), "*a.b -a.c *z.c -z.b");
    check(&format!("{macro_}{{{{ m(**values.a) }}}}"), "*a.p.b *a.q.c -a.p.d");
    check(&format!("{macro_}{{% from 'x' import m as n %}}{{{{ n(values.a) }}}}"), "*a.b -a.c");
    check(&format!("{macro_}{{{{ lib.m(values.a) }}}}"), "*a.b -a.c");
    check(
        "{% macro m() %}{{ caller(values.a) }}{% endmacro %}{% call(x) m() %}{{ x.b }}{% endcall %}",
        "*a.b -a.c",
    );
    check("{% macro m(p) %}{{ m(p.x) }}{{ p.y }}{% endmacro %}{{ m(values.a) }}", "*a.y *a.x.x.y");
}

#[test]
fn filters_that_choose_read_what_they_choose() {
    check(
        "{{ values.a | get('b') }}{{ values.c | dig('d', 'e', default=values.f) }}",
        "*a.b -a.c *c.d.e -c.e *f",
    );
    check("{{ values.a | pick('b', 'c') }}", "*a.b *a.c -a.d");
    check("{{ values.a | map(attribute='b.c') | join }}", "*a.0.b.c -a.0.b.d -a.0.c");
    check(
        "{{ values.a | selectattr('on') | map(attribute='b') | first }}",
        "*a.0.on *a.0.b -a.0.c",
    );
    check(
        "{% for g, l in values.a | groupby('k') %}{{ g }}{% for x in l %}{{ x.b }}{% endfor %}{% endfor %}",
        "*a.0.k *a.0.b -a.0.c",
    );
    check("{% for k in values.a | keys %}{{ k }}{% endfor %}", ".a -a.b");
    check("{{ values.a | length }}{{ values.b | has_key('c') }}", ".a -a.x .b.c -b.d");
    check(
        "{% for x in values.a | default([]) | sort(attribute='n') %}{{ x.b }}{% endfor %}",
        "*a.0.n *a.0.b -a.0.c",
    );
    check("{{ (values.a | default(values.b)).c }}", "*a.c *b.c -a.d -b.d");
    check("{{ {'x': values.a, 'y': [values.b]} | to_json }}", "*a *b");
    check("{{ dict(x=values.a).x.b }}", "*a.b -a.c");
}

#[test]
fn what_works_on_all_of_a_value_reads_all_of_it() {
    check("{{ values.a | to_yaml }}{{ values.b | map('upper') }}", "*a *b.0 -c");
    check("{% do unknown(values.a) %}{{ values.b.method(values.c) }}", "*a *b *c");
    check("{{ values }}", "*a *b.c");
    check("{{ values.a[target.env].b }}", "*a.prod.b -a.prod.c");
}

#[test]
fn brackets_without_end_hide_nothing() {
    let deep = format!("{{{{ {}values.a{} }}}}", "(".repeat(120), ")".repeat(120));
    check(&deep, "*a *b");
    check("{{ values.a[values.b[", "-a");
    check("{{ ) , values.a ] | }}", ".a");
}
