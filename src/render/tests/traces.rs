//! A traced render says of every printed value what it was made of.

use super::{Bench, labelled};
use crate::diag::{Code, Diagnostic, Sink};
use crate::render::{PrintedBy, Renderer, Role, Root, Trace, Used};
use crate::source::Place;
use crate::yaml::{self, Data, Node};

fn shown_place(bench: &Bench, place: Place) -> String {
    let mut sink = Sink::new(&bench.files);
    sink.warn(Diagnostic::warning(Code::TemplateHole, "").at(place, ""));
    let found = sink.finish().expect("a warning only");
    let label = found[0].at.as_ref().map_or(String::new(), labelled);
    label.split(' ').next().unwrap_or_default().to_owned()
}

fn shown_used(used: &Used) -> String {
    let root = if used.root == Root::Values { "" } else { used.root.name() };
    let path = [root].into_iter().chain(used.path.iter().map(String::as_str));
    let path = path.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
    match used.role {
        Role::Printed => format!("={path}"),
        Role::Key => format!("key {path}"),
        Role::Read => path,
        Role::Absent => format!("no {path}"),
        Role::Likely => format!("?{path}"),
    }
}

fn shown(bench: &Bench, by: &[PrintedBy]) -> String {
    let one = |by: &PrintedBy| {
        let used: Vec<_> = by.used.iter().map(shown_used).collect();
        let called = by.called.map(|place| format!("<{}", shown_place(bench, place)));
        format!("{}{} {}", shown_place(bench, by.place), called.unwrap_or_default(), used.join(" "))
    };
    by.iter().map(one).collect::<Vec<_>>().join(" + ")
}

fn leaves(bench: &Bench, trace: &Trace, (path, node): (&str, &Node), out: &mut Vec<String>) {
    match &node.data {
        Data::Map(map) if !map.is_empty() => {
            for (key, node) in map.iter() {
                let by = trace.key_printed(key);
                if !by.is_empty() {
                    out.push(format!("{path}.{} key: {}", key.name, shown(bench, by)));
                }
                leaves(bench, trace, (&format!("{path}.{}", key.name), node), out);
            }
        }
        Data::List(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                leaves(bench, trace, (&format!("{path}[{at}]"), item), out);
            }
        }
        _ => {
            let by = trace.printed(node);
            if !by.is_empty() {
                out.push(format!("{path}: {}", shown(bench, by)));
            }
        }
    }
}

/// Each leaf that a hole printed, as `path: file:line values`; a traced render prints what any other does.
#[track_caller]
fn check(texts: &[(&str, &str)], expect: &[&str]) {
    let bench = Bench::new(texts);
    let plain = bench.rendered().unwrap_or_else(|failure| panic!("{failure}"));
    let mut sink = Sink::new(&bench.files);
    let renderer = Renderer::traced(bench.chart(), &mut sink).expect("the same templates");
    let traced = bench.render(&renderer).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(yaml::write_all(&plain.documents), yaml::write_all(&traced.documents));
    assert!(plain.trace.is_none());
    let trace = traced.trace.expect("a trace");
    let mut found = Vec::new();
    for document in &traced.documents {
        leaves(&bench, &trace, ("", document), &mut found);
    }
    assert_eq!(found, expect, "\nfound:\n{}", found.join("\n"));
}

#[test]
fn a_value_that_is_printed_as_it_is() {
    check(
        &[
            (
                "templates/web.yaml",
                "a: {{ values.k }}\nb: {{ values.s }}\nc: \"{{ values.k }}\"\nd: 1",
            ),
            ("values.yaml", "k: 1\ns: x"),
        ],
        &[".a: web.yaml:1 =k", ".b: web.yaml:2 =s", ".c: web.yaml:3 =k"],
    );
}

#[test]
fn a_text_of_several_holes_names_them_all() {
    check(
        &[
            ("templates/web.yaml", "a: {{ values.r }}/{{ target.service }}:{{ values.t | upper }}"),
            ("values.yaml", "r: x\nt: y"),
        ],
        &[".a: web.yaml:1 =r + web.yaml:1 =target.service + web.yaml:1 t"],
    );
}

#[test]
fn a_decision_within_a_hole_names_what_decided() {
    check(
        &[
            (
                "templates/web.yaml",
                "a: {{ values.x if values.on_ else values.z }}\nb: {{ values.none | default(values.x) }}",
            ),
            ("values.yaml", "x: 1\nz: 2\non_: true"),
        ],
        &[".a: web.yaml:1 =x on_", ".b: web.yaml:2 =x no none"],
    );
}

#[test]
fn a_condition_around_a_hole_is_no_part_of_it() {
    check(
        &[
            (
                "templates/web.yaml",
                "{% if values.a %}\na: {{ values.x }}\n{% elif values.b == 3 %}\nb: {{ values.z }}\n{% endif %}",
            ),
            ("values.yaml", "a: false\nb: 3\nx: 1\nz: 3"),
        ],
        &[".b: web.yaml:4 =z"],
    );
}

#[test]
fn loops_are_followed_to_the_item() {
    check(
        &[
            (
                "templates/web.yaml",
                "l:\n{% for h in values.hosts %}\n- {{ h }}\n- {{ h | upper }}\n{% endfor %}\n{% for name, port in values.ports | items %}\n{{ name }}: {{ port }}\n{% endfor %}",
            ),
            ("values.yaml", "hosts: [a, b]\nports: {x: 80, z: 81}"),
        ],
        &[
            ".l[0]: web.yaml:3 =hosts.0",
            ".l[1]: web.yaml:4 hosts.0",
            ".l[2]: web.yaml:3 =hosts.1",
            ".l[3]: web.yaml:4 hosts.1",
            ".x key: web.yaml:7 key ports.x",
            ".x: web.yaml:7 =ports.x",
            ".z key: web.yaml:7 key ports.z",
            ".z: web.yaml:7 =ports.z",
        ],
    );
}

#[test]
fn equal_numbers_of_a_loop_are_told_apart_only_as_likely() {
    check(
        &[
            ("templates/web.yaml", "l:\n{% for p in values.ports %}\n- {{ p }}\n{% endfor %}"),
            ("values.yaml", "ports: [80, 80]"),
        ],
        &[".l[0]: web.yaml:3 =ports.0", ".l[1]: web.yaml:3 ?ports.1"],
    );
}

#[test]
fn a_name_carries_what_it_was_made_of() {
    check(
        &[
            (
                "templates/web.yaml",
                "{% set image = values.repo ~ \":\" ~ values.tag %}\n{% set same = values.tag %}\n{% set full = image ~ \"!\" %}\na: {{ image }}\nb: {{ same }}\nc: {{ full | upper }}",
            ),
            ("values.yaml", "repo: r\ntag: t"),
        ],
        &[".a: web.yaml:4 repo tag", ".b: web.yaml:5 =tag", ".c: web.yaml:6 repo tag"],
    );
}

#[test]
fn macros_are_followed_to_the_caller() {
    check(
        &[
            (
                "templates/web.yaml",
                "{% from \"base/_m.yaml\" import m %}\n{% from \"base/_i.j2\" import image %}\na:\n    {{ m(values.v, target, 5) | indent(4) }}\nb: {{ image(values.image) }}",
            ),
            (
                "lib/base/templates/_m.yaml",
                "{% macro m(v, target, num) %}\nx: {{ v }}\nenv: {{ target.env }}\nz: {{ num }}\nw: {{ v ~ 1 }}\n{% endmacro %}",
            ),
            (
                "lib/base/templates/_i.j2",
                "{% macro image(i) -%}{{ i.repo }}:{{ i.tag }}{%- endmacro %}",
            ),
            ("values.yaml", "v: deep\nimage: {repo: r, tag: t}"),
        ],
        &[
            ".a.x: base/templates/_m.yaml:2<web.yaml:4 =v",
            ".a.env: base/templates/_m.yaml:3<web.yaml:4 =target.env",
            ".a.z: base/templates/_m.yaml:4<web.yaml:4 ",
            ".a.w: base/templates/_m.yaml:5<web.yaml:4 v",
            ".b: web.yaml:5 image.repo image.tag",
        ],
    );
}

#[test]
fn a_whole_map_is_followed_to_its_leaves() {
    check(
        &[
            (
                "templates/web.yaml",
                "a: {{ values.m }}\nb:\n  <<: {{ target.labels }}\nc:\n  {{ values.m | to_yaml | indent(2) }}\nd: {{ [values.m.x, {\"k\": values.l}] }}\ne: {{ values.m | to_json }}",
            ),
            ("values.yaml", "m: {x: s}\nl: [1, []]"),
        ],
        &[
            ".a.x: web.yaml:1 =m.x",
            ".b.team: web.yaml:3 =target.labels.team",
            ".c.x: web.yaml:5 =m.x",
            ".d[0]: web.yaml:6 =m.x",
            ".d[1].k[0]: web.yaml:6 =l.0",
            ".d[1].k[1]: web.yaml:6 =l.1",
            ".e: web.yaml:7 m",
        ],
    );
}

#[test]
fn a_text_file_names_itself_and_what_it_reads() {
    check(
        &[
            (
                "templates/web.yaml",
                "<<: {{ files.glob(\"*\") }}\nsum: {{ files.get(\"a.txt\") | sha256 }}",
            ),
            ("files/a.txt.j2", "{{ values.a }} {% if values.b %}b{% endif %}"),
            ("files/c.txt", "constant"),
            ("values.yaml", "a: 1\nb: true"),
        ],
        &[
            ".sum: web.yaml:2 a b files.a.txt",
            ".a.txt: web.yaml:1 a b files.a.txt",
            ".c.txt: web.yaml:1 files.c.txt",
        ],
    );
}

#[test]
fn readers_are_the_holes_and_tags_that_read_a_value() {
    let bench = Bench::new(&[
        (
            "templates/web.yaml",
            "{% if values.on_ %}\na: {{ values.x }}\n{% endif %}\n{% for i in values.l %}\nb{{ loop.index }}: {{ i }}\n{% endfor %}\nc: {{ omit if values.on_ else 1 }}",
        ),
        ("values.yaml", "on_: true\nx: 1\nl: [1, 2]"),
    ]);
    let mut sink = Sink::new(&bench.files);
    let renderer = Renderer::traced(bench.chart(), &mut sink).expect("templates");
    let trace = bench.render(&renderer).expect("a render").trace.expect("a trace");
    let readers = |path: &[&str]| {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        let places = trace.readers(Root::Values, &path);
        places.iter().map(|place| shown_place(&bench, *place)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(readers(&["on_"]), "web.yaml:1 web.yaml:7");
    assert_eq!(readers(&["x"]), "web.yaml:2");
    assert_eq!(readers(&["l", "1"]), "web.yaml:4");
    assert_eq!(readers(&["nothing"]), "");
    let left_out: Vec<_> = trace.omitted().iter().map(|one| one.key.as_deref()).collect();
    assert_eq!(left_out, [Some("c")]);
}
