//! Paths as users write them, and what they lead to.

use super::path::{Step, as_parts, hint, locate, parse, path_text, resolve};
use super::{leaves, sources};
use crate::source::Files;
use crate::yaml::{self, Node};
use proptest::prelude::*;

fn tree(text: &str) -> Node {
    let files = Files::memory::<&str, &str>([]).expect("no paths");
    let source = files.add("values.yaml", text.as_bytes().to_vec()).expect("text");
    let read = yaml::parse(source.text(), source.id(), yaml::Options::default()).expect("YAML");
    read.into_iter().next().expect("a document").root
}

const TREE: &str = "
image: { tag: t, a.b: dotted }
env: [{ name: LOG, value: x }, { name: A=B, value: z }]
labels: { app.kubernetes.io/name: web, app: { kubernetes: other } }
\"with space\": 1
\"7\": seven
none: []
one: [1]
";

/// The canonical path and the value that a typed path leads to; or the next step, or what is wrong.
fn found(typed: &str) -> String {
    let root = tree(TREE);
    let steps = match parse(typed) {
        Ok(steps) => steps,
        Err(wrong) => return format!("wrong: {wrong}"),
    };
    match resolve(&root, &steps) {
        Ok((parts, node)) => format!("{} = {}", path_text(&parts), yaml::to_json(node)),
        Err(miss) => match hint(&root, &miss) {
            Some(hint) => hint,
            None => format!("no {} in {}", miss.wanted(), path_text(&miss.found)),
        },
    }
}

#[track_caller]
fn check(typed: &str, expect: &str) {
    assert_eq!(found(typed), expect, "{typed}");
}

#[test]
fn keys_items_and_quotes() {
    check("image.tag", "image.tag = \"t\"");
    check("env[0].name", "env[0].name = \"LOG\"");
    check("env.1.value", "env[1].value = \"z\"");
    check("env[name=LOG].value", "env[0].value = \"x\"");
    check("env[name=A=B].value", "env[1].value = \"z\"");
    check("env[name=LOG,value=x].value", "env[0].value = \"x\"");
    check("env[name=\"LOG\"].value", "env[0].value = \"x\"");
    check("\"with space\"", "\"with space\" = 1");
    check("['with space']", "\"with space\" = 1");
    check("7", "7 = \"seven\"");
    check("image", "image = {\"tag\":\"t\",\"a.b\":\"dotted\"}");
}

#[test]
fn a_key_with_dots_is_found_however_it_is_written() {
    for typed in ["image.a.b", "image.\"a.b\"", "image[\"a.b\"]", "image.a\\.b", "image.'a.b'"] {
        check(typed, "image.\"a.b\" = \"dotted\"");
    }
    check("labels.app.kubernetes.io/name", "labels.\"app.kubernetes.io/name\" = \"web\"");
    check("labels.app.kubernetes", "labels.app.kubernetes = \"other\"");
}

#[test]
fn a_path_that_leads_nowhere_has_a_next_step() {
    check("image.tga", "did you mean `image.tag`?");
    check("tag", "did you mean `image.tag`?");
    check("image.tag.x", "no x in image.tag");
}

#[test]
fn of_a_list_the_items_are_told_that_it_has() {
    check("env[7]", "`env` has 2 items, the last of them `env[1]`");
    check("env.7.name", "`env` has 2 items, the last of them `env[1]`");
    check("env.name", "`env` has 2 items, the last of them `env[1]`");
    check("env[name=OTHER]", "the `name` of the items of `env` is `LOG`, `A=B`");
    check("env[name=LGO].value", "did you mean `env[name=LOG]`?");
    check("env[key=LOG]", "`env` has 2 items, the last of them `env[1]`; none has a `key`");
    check("env.LOG", "did you mean `env[name=LOG]`?");
    check("env[LOG].value", "did you mean `env[name=LOG]`?");
    check("none[0]", "`none` is an empty list");
    check("one[1]", "`one` has one item, `one[0]`");
    check("image[0]", "no  in image");
    check("a[x]", "no a in ");
}

#[test]
fn a_path_that_is_none_is_refused() {
    check("a.", "wrong: it ends in a dot");
    check("a[", "wrong: a `[` is never closed by `]`");
    check("\"a", "wrong: the quote \"a is never closed");
    check("\"a\"b", "wrong: a dot is missing before `b`");
}

#[test]
fn a_path_of_many_words_ends_soon() {
    let long = vec!["a"; 100_000].join(".");
    check(&long, "no a in ");
    assert_eq!(as_parts(&parse(&long).expect("a path")).len(), 100_000);
}

#[test]
fn comments_stand_where_yaml_takes_them() {
    let root = tree("a: |\n  x\n  y\nb: ''\nc: []\nd: 'it''s # no comment'\ne: [1, {f: 2}]\n");
    let text = sources(&root, |_| "here".to_owned());
    let expect = "\
a: |                     # here
  x
  y
b: \"\"                    # here
c: []                    # here
d: 'it''s # no comment'  # here
e:
- 1                      # here
- f: 2                   # here
";
    assert_eq!(text, expect);
}

fn any_tree() -> impl Strategy<Value = serde_json::Value> {
    let scalar = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i32>().prop_map(Into::into),
        "[ -~é\n\t]{0,90}".prop_map(Into::into),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map("[ -~é]{0,8}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

#[test]
fn an_origin_follows_the_head_of_a_text_that_begins_with_an_empty_line() {
    let text = sources(&tree("name: [\"\\n0\"]"), |_| "file: 1".to_owned());
    assert_eq!(text, "name:\n- |2-  # file: 1\n\n  0\n");
}

#[test]
fn an_origin_follows_a_text_that_ends_in_a_letter_of_two_bytes() {
    assert_eq!(sources(&tree("name: 0é"), |_| "file: 1".to_owned()), "name: 0é  # file: 1\n");
}

proptest! {
    #[test]
    fn every_leaf_is_found_again_by_its_path(json in any_tree()) {
        let place = tree("a").place;
        let root = yaml::from_json(&serde_json::json!({ "root": json }), place);
        for (parts, node) in leaves(&root) {
            let steps: Vec<Step> = parse(&path_text(&parts)).expect("a path");
            let (again, found) = resolve(&root, &steps).expect("a leaf");
            prop_assert_eq!(&again, &parts);
            prop_assert!(std::ptr::eq(found, node));
            let keys = super::path::keys_of(&parts);
            prop_assert_eq!(locate(&root, &keys).expect("a leaf").0, parts);
        }
    }

    #[test]
    fn yaml_with_its_sources_is_the_same_yaml(json in any_tree()) {
        let root = yaml::from_json(&serde_json::json!({ "root": json }), tree("a").place);
        let text = sources(&root, |_| "file: 1".to_owned());
        prop_assert!(yaml::same_data(&tree(&text), &root), "{}", text);
    }

    #[test]
    fn any_text_is_a_path_or_is_refused(typed in "[ab01.\\[\\]=\"'\\\\é]{0,16}") {
        if let Ok(steps) = parse(&typed) {
            let _ = resolve(&tree(TREE), &steps).map(|(parts, _)| path_text(&parts));
        }
    }
}
