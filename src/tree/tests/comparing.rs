//! How a folder differs from a tree, without writing.

use super::{Out, WEB, lot, snapshot, tree, web};
use crate::tree::{Scope, State, Tree};
use std::fs;

fn check(out: &Out, tree: &Tree, expect: &[(&str, State)]) {
    let before = snapshot(&out.path);
    let changes = tree.diff(&out.path, Scope::All).expect("a comparison");
    let seen: Vec<_> =
        changes.iter().map(|change| (change.path.file_name().to_owned(), change.state)).collect();
    let expect: Vec<_> = expect.iter().map(|(name, state)| ((*name).to_owned(), *state)).collect();
    assert_eq!(seen, expect);
    assert_eq!(snapshot(&out.path), before, "a comparison changed something");
}

#[test]
fn every_file_has_its_state() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n"), ("b", "2\n"), ("c", "3\n"), ("d", "4\n"), ("e", "5\n")]));
    fs::write(out.web("configmap-c.yaml"), "edited\n").expect("an edit");
    fs::write(out.web("configmap-e.yaml"), "edited\n").expect("an edit");
    out.put("prod/shop/web/notes.txt", "x\n");
    check(
        &out,
        &web(&[("a", "1\n"), ("b", "new\n"), ("c", "3\n"), ("f", "6\n")]),
        &[
            (".jibe-inventory", State::Changed),
            ("configmap-a.yaml", State::Equal),
            ("configmap-b.yaml", State::Changed),
            ("configmap-c.yaml", State::Edited),
            ("configmap-d.yaml", State::Stale),
            ("configmap-e.yaml", State::Edited),
            ("configmap-f.yaml", State::Missing),
            ("notes.txt", State::Foreign),
        ],
    );
}

#[test]
fn a_folder_that_is_not_there_lacks_everything() {
    let out = Out::new();
    let expect = [(".jibe-inventory", State::Missing), ("configmap-a.yaml", State::Missing)];
    check(&out, &web(&[("a", "1\n")]), &expect);
}

#[test]
fn vanished_targets_are_stale() {
    let out = Out::new();
    out.write(&tree(&[lot(WEB, &[("a", "1\n")])]));
    let expect = [(".jibe-inventory", State::Stale), ("configmap-a.yaml", State::Stale)];
    check(&out, &tree(&[]), &expect);
    let selected = tree(&[]).diff(&out.path, Scope::Selected).expect("a comparison");
    assert!(!selected.is_drift());
}

#[test]
fn foreign_files_beside_the_tree_are_no_drift() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n")]));
    out.put("prod/shop/web/README.md", "x\n");
    let changes = web(&[("a", "1\n")]).diff(&out.path, Scope::All).expect("a comparison");
    assert_eq!((changes.is_drift(), changes.count(State::Foreign)), (false, 1));
}

#[test]
fn a_crlf_checkout_is_no_drift_and_is_mentioned() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n")]));
    fs::write(out.web("configmap-a.yaml"), "1\r\n").expect("a checkout");
    let changes = web(&[("a", "1\n")]).diff(&out.path, Scope::All).expect("a comparison");
    assert_eq!((changes.is_drift(), changes.crlf()), (false, 1));
}

fn hunk(old: &str, new: &str) -> String {
    let out = Out::new();
    out.write(&web(&[("a", old)]));
    let changes = web(&[("a", new)]).diff(&out.path, Scope::All).expect("a comparison");
    let change = changes.iter().find(|change| change.path.file_name() == "configmap-a.yaml");
    change.expect("the file").hunk().expect("a difference")
}

#[test]
fn the_first_difference_is_shown_with_what_is_around_it() {
    let old = "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 7\nh: 8\ni: 9\nj: 0\nk: 1\n";
    insta::assert_snapshot!(hunk(old, &old.replace("b: 2", "b: 3").replace("k: 1", "k: 9")), @r#"
    @@ -1,5 +1,5 @@
     a: 1
    -b: 2
    +b: 3
     c: 3
     d: 4
     e: 5
    "#);
}

#[test]
fn the_data_of_a_secret_is_never_shown() {
    let old = "apiVersion: v1\ndata:\n  a: b2xk\n  b: c2FtZQ==\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  c: |\n    many\n\n    lines\n";
    let new = old.replace("b2xk", "bmV3").replace("many", "other").replace("name: x", "name: y");
    let shown = hunk(old, &new);
    insta::assert_snapshot!(shown, @r#"
    @@ -1,9 +1,9 @@
     apiVersion: v1
     data:
    -  a: <hidden>
    +  a: <hidden, changed>
       b: <hidden>
     kind: Secret
     metadata:
    -  name: x
    +  name: y
     stringData:
    -  c: <hidden>
    +  c: <hidden, changed>
    "#);
    for secret in ["b2xk", "bmV3", "c2FtZQ", "many", "other", "lines"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}
