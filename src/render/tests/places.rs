//! Every leaf knows the template's text that made it and the value that filled it.

use super::{Bench, labelled};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::Place;
use crate::yaml::{Data, Node};

fn shown(bench: &Bench, place: Place) -> String {
    let mut sink = Sink::new(&bench.files);
    sink.warn(Diagnostic::warning(Code::TemplateHole, "").at(place, ""));
    let found = sink.finish().expect("a warning only");
    found[0].at.as_ref().map_or(String::new(), labelled)
}

fn leaves(bench: &Bench, path: &str, node: &Node, out: &mut Vec<String>) {
    match &node.data {
        Data::Map(map) => {
            for (key, node) in map.iter() {
                leaves(bench, &format!("{path}.{}", key.name), node, out);
            }
        }
        Data::List(items) => {
            for (at, item) in items.iter().enumerate() {
                leaves(bench, &format!("{path}[{at}]"), item, out);
            }
        }
        Data::Scalar(scalar) => {
            let set_at = node.set_at.map_or("-".to_owned(), |place| shown(bench, place));
            let at = shown(bench, node.place);
            out.push(format!("{path} = {}: {at} <- {set_at}", scalar.text));
        }
    }
}

/// Each leaf as `path = text: template line 'text' <- values line 'text'`.
#[track_caller]
fn check(texts: &[(&str, &str)], expect: &[&str]) {
    let bench = Bench::new(texts);
    let rendered = bench.rendered().unwrap_or_else(|failure| panic!("{failure}"));
    let mut found = Vec::new();
    for document in &rendered.documents {
        leaves(&bench, "", document, &mut found);
    }
    assert_eq!(found, expect);
}

#[test]
fn a_leaf_has_the_place_of_its_hole_and_of_its_value() {
    check(
        &[
            (
                "templates/web.yaml",
                "a: 1\nb: {{ values.image.tag }}\nc: \"{{ values.image.repo }}:{{ values.image.tag }}\"\nd: {{ values.image.tag | upper }}\ne: {{ 1 + 1 }}",
            ),
            ("values.yaml", "image:\n  repo: r\n  tag: v1"),
        ],
        &[
            ".a = 1: web.yaml:1 '1' <- -",
            ".b = v1: web.yaml:2 '{{ values.image.tag }}' <- values.yaml:3 'v1'",
            ".c = r:v1: web.yaml:3 '\"{{ values.image.repo }}:{{ values.image.tag }}\"' <- values.yaml:3 'v1'",
            ".d = V1: web.yaml:4 '{{ values.image.tag | upper }}' <- values.yaml:3 'v1'",
            ".e = 2: web.yaml:5 '{{ 1 + 1 }}' <- -",
        ],
    );
}

#[test]
fn the_leaves_of_a_printed_map_keep_their_own_places_and_spelling() {
    check(
        &[
            (
                "templates/web.yaml",
                "a: {{ values.m }}\nb:\n  <<: {{ values.m }}\nc:\n  {{ values.m | to_yaml | indent(2) }}\nd: {{ values.num }}",
            ),
            ("values.yaml", "m:\n  x: 0x10\nnum: 1.10"),
        ],
        &[
            ".a.x = 0x10: web.yaml:1 '{{ values.m }}' <- values.yaml:2 '0x10'",
            ".b.x = 0x10: web.yaml:3 '{{ values.m }}' <- values.yaml:2 '0x10'",
            ".c.x = 0x10: web.yaml:5 '{{ values.m | to_yaml | indent(2) }}' <- values.yaml:2 '0x10'",
            ".d = 1.10: web.yaml:6 '{{ values.num }}' <- values.yaml:3 '1.10'",
        ],
    );
}

#[test]
fn what_a_macro_prints_stands_in_the_macro_s_file() {
    check(
        &[
            (
                "templates/web.yaml",
                "{% from \"base/_m.yaml\" import m %}\na:\n    {{ m(values.v) | indent(4) }}\n    z: 3",
            ),
            (
                "lib/base/templates/_m.yaml",
                "{% macro m(v) %}\nx: 1\ny-:\n  - {{ v }}\n  - two\n{% endmacro %}",
            ),
            ("values.yaml", "v: deep"),
        ],
        &[
            ".a.x = 1: base/templates/_m.yaml:2 '1' <- -",
            ".a.y-[0] = deep: base/templates/_m.yaml:4 '{{ v }}' <- values.yaml:1 'deep'",
            ".a.y-[1] = two: base/templates/_m.yaml:5 'two' <- -",
            ".a.z = 3: web.yaml:4 '3' <- -",
        ],
    );
}

#[test]
fn loop_items_are_traced_to_their_values() {
    check(
        &[
            (
                "templates/web.yaml",
                "l:\n{% for h in values.hosts %}\n- {{ h }}\n{% endfor %}\n{% for e in values.env %}\n{{ e.name }}: {{ e.value }}\n{% endfor %}",
            ),
            ("values.yaml", "hosts:\n- a\n- b\nenv:\n- name: c\n  value: d"),
        ],
        &[
            ".l[0] = a: web.yaml:3 '{{ h }}' <- values.yaml:2 'a'",
            ".l[1] = b: web.yaml:3 '{{ h }}' <- values.yaml:3 'b'",
            ".c = d: web.yaml:6 '{{ e.value }}' <- values.yaml:6 'd'",
        ],
    );
}

#[test]
fn the_same_structure_is_filled_with_other_values_at_other_places() {
    let bench = Bench::new(&[
        ("templates/a.yaml", "k: {{ values.a }}"),
        ("templates/b.yaml", "k: {{ values.b }}"),
        ("values.yaml", "a: 1\nb: 2"),
    ]);
    let rendered = bench.rendered().unwrap_or_else(|failure| panic!("{failure}"));
    let mut found = Vec::new();
    for document in &rendered.documents {
        leaves(&bench, "", document, &mut found);
    }
    let expect = [
        ".k = 1: a.yaml:1 '{{ values.a }}' <- values.yaml:1 '1'",
        ".k = 2: b.yaml:1 '{{ values.b }}' <- values.yaml:2 '2'",
    ];
    assert_eq!(found, expect);
}

#[test]
fn reads_name_what_was_looked_at_and_what_was_printed_whole() {
    let bench = Bench::new(&[
        (
            "templates/web.yaml",
            "a: {{ values.image.tag }}\nb: {{ values.labels }}\n{% if values.on_ %}{% endif %}",
        ),
        ("values.yaml", "image: {tag: x, repo: y_}\nlabels: {\"a.b/c\": d}\non_: false\nunused: 1"),
    ]);
    let reads = bench.rendered().unwrap_or_else(|failure| panic!("{failure}")).reads;
    assert!(reads.names().eq(["image", "labels", "on_"]));
    assert!(reads.covers(&["labels", "a.b/c"]) && reads.covers(&["image", "tag"]));
    assert!(!reads.covers(&["image", "repo"]) && !reads.covers(&["unused"]));
}
