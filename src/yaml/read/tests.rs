//! Examples of what a text is read as.

use super::{Options, parse};
use crate::source::{Files, Inputs, RelPath};
use crate::yaml::{Data, Document, Node};

fn show(node: &Node) -> String {
    match &node.data {
        Data::Scalar(scalar) => format!("{:?} {}", scalar.value, scalar.text),
        Data::List(items) => format!("{:?}", items.iter().map(show).collect::<Vec<_>>()),
        Data::Map(map) => {
            let entries = map.iter().map(|(key, node)| format!("{}: {}", key.name, show(node)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn read(text: &str) -> Result<Vec<Document>, Vec<super::Problem>> {
    let files = Files::memory([("x.yaml", text)]).expect("a path");
    let path = RelPath::parse("x.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a file");
    parse(source.text(), source.id(), Options::default())
}

fn check(text: &str, expect: &str) {
    let shown = read(text).map(|documents| {
        documents.iter().map(|document| show(&document.root)).collect::<Vec<_>>().join("\n")
    });
    let wrong = |problems: Vec<super::Problem>| {
        problems.iter().map(|p| p.message.clone()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(shown.unwrap_or_else(wrong), expect);
}

#[test]
fn scalars_mean_what_kubectl_takes_them_for() {
    check(
        "{a: yes, b: 0644, c: 1_000}",
        "{a: Bool(true) yes, b: Int(420) 0644, c: Int(1000) 1_000}",
    );
}

#[test]
fn merge_keys_go_under_the_keys_beside_them() {
    check(
        "a: &a {x: 1, z: 2}\nb: {<<: *a, x: 3}",
        "{a: {x: Int(1) 1, z: Int(2) 2}, b: {x: Int(3) 3, z: Int(2) 2}}",
    );
}

#[test]
fn a_key_twice_is_an_error() {
    check("a: 1\na: 2", "the key `a` stands here a second time");
}

#[test]
fn documents_without_content_vanish() {
    check("---\n# nothing\n---\na: 1\n---\n", "{a: Int(1) 1}");
}
