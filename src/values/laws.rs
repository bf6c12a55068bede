//! The laws of merging, on generated layers.

use super::shown::{layer, no_files, shown};
use super::{Known, Layer, Reach, SetKind, Values, merge};
use crate::diag::{Failure, Sink};
use crate::yaml::{Map, Node};
use proptest::prelude::*;

/// Values over few keys, so that layers meet: JSON, which is YAML too.
fn tree() -> impl Strategy<Value = String> {
    let leaf =
        prop::sample::select(vec!["null", "1", "true", "\"s\"", "[]", "[null, {\"a\": null}]"]);
    let value =
        leaf.prop_map(str::to_owned).prop_recursive(3, 24, 4, |inner| map_of(inner).boxed());
    map_of(value)
}

fn map_of(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::btree_map("[a-e]", value, 0..5).prop_map(|entries| {
        let entries = entries.iter().rev().map(|(key, value)| format!("\"{key}\": {value}"));
        format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
    })
}

fn trees() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(tree(), 1..6)
}

fn layers_of(texts: &[String]) -> Vec<Layer> {
    let files = no_files();
    let named = texts.iter().enumerate();
    named.map(|(n, text)| layer(&files, &format!("{n}.yaml"), Reach::Own, text)).collect()
}

fn merged(layers: &[Layer]) -> Values {
    merge(&layers[0], &layers[1..], &Known::default())
}

fn text(layers: &[Layer]) -> String {
    shown(merged(layers).root())
}

/// The tree as a layer of its own.
fn as_layer(values: &Values) -> Layer {
    let root = shown(values.root());
    layer(&no_files(), "merged.yaml", Reach::Own, &root)
}

/// The leaves below a node with their paths; a list is a leaf.
fn leaves<'n>(node: &'n Node, path: &[&'n str], found: &mut Vec<(Vec<&'n str>, &'n Node)>) {
    match node.as_map() {
        Some(map) => map.iter().for_each(|(key, node)| {
            leaves(node, &[path, &[&*key.name]].concat(), found);
        }),
        None => found.push((path.to_vec(), node)),
    }
}

fn keys(map: Option<&Map>) -> Vec<String> {
    map.into_iter().flatten().map(|(key, _)| key.name.to_string()).collect()
}

proptest! {
    #[test]
    fn an_empty_layer_changes_nothing(texts in trees(), at in any::<prop::sample::Index>()) {
        let layers = layers_of(&texts);
        let mut with = layers.clone();
        with.insert(1 + at.index(layers.len()), layers_of(&["{}".to_owned()]).remove(0));
        prop_assert_eq!(text(&with), text(&layers));
    }

    #[test]
    fn a_layer_twice_is_a_layer_once(texts in trees(), at in any::<prop::sample::Index>()) {
        let layers = layers_of(&texts);
        let at = at.index(layers.len());
        let mut twice = layers.clone();
        twice.insert(at, layers[at].clone());
        prop_assert_eq!(text(&twice), text(&layers));
    }

    #[test]
    fn merging_is_a_left_fold(texts in trees(), last in tree()) {
        let layers = layers_of(&texts);
        // Nulls of the defaults are a declaration, which only the defaults themselves carry on.
        prop_assume!(!texts[0].contains("null"));
        let last = layers_of(&[last]).remove(0);
        let all = [layers.clone(), vec![last.clone()]].concat();
        prop_assert_eq!(text(&all), text(&[as_layer(&merged(&layers)), last]));
    }

    #[test]
    fn keys_that_no_overlay_names_survive(base in tree(), over in tree()) {
        let layers = layers_of(&[base, over]);
        let values = merged(&layers);
        for (key, node) in layers[0].root().and_then(Node::as_map).into_iter().flatten() {
            if !layers[1].sets(&key.name) {
                let survived = values.get(&[&*key.name]).map(shown);
                prop_assert_eq!(survived, Some(shown(node)));
            }
        }
    }

    #[test]
    fn keys_keep_the_order_of_their_first_appearance(base in tree(), over in tree()) {
        let layers = layers_of(&[base, over]);
        let values = merged(&layers);
        let mut order = keys(layers[0].root().and_then(Node::as_map));
        order.extend(keys(layers[1].root().and_then(Node::as_map)));
        let now = keys(values.root().as_map());
        let positions: Vec<_> =
            now.iter().map(|key| order.iter().position(|first| first == key)).collect();
        prop_assert!(positions.is_sorted() && positions.iter().all(Option::is_some));
    }

    #[test]
    fn no_null_is_left_that_the_defaults_do_not_hold(texts in trees()) {
        prop_assume!(!texts[0].contains("null"));
        let values = merged(&layers_of(&texts));
        let mut found = Vec::new();
        leaves(values.root(), &[], &mut found);
        prop_assert!(found.iter().all(|(_, leaf)| !leaf.is_null()));
    }

    #[test]
    fn the_last_of_its_history_is_the_value(texts in trees()) {
        prop_assume!(!texts[0].contains("null"));
        let values = merged(&layers_of(&texts));
        let mut found = Vec::new();
        leaves(values.root(), &[], &mut found);
        for (path, leaf) in found {
            let last = values.history(&path).last().map(|last| (last.layer, last.node.place));
            prop_assert_eq!(last, values.layer_of(leaf.place).map(|layer| (layer, leaf.place)));
        }
    }
}

fn escaped(text: &str) -> String {
    let special = |c| matches!(c, '\\' | '.' | ',' | '=' | '[' | ']' | '{' | '}');
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

fn set(kind: SetKind, argument: &str) -> Result<Layer, Failure> {
    let mut sink = Sink::new(&no_files());
    let layer = Layer::set(kind, argument, &mut sink);
    sink.finish().map(|_| layer.expect("an error was reported otherwise"))
}

proptest! {
    #[test]
    fn an_argument_with_escapes_reads_back(name in "[a-z.,=\\[\\]{}\\\\é]{1,8}", text in "[ -~é]{0,12}") {
        let argument = format!("{}={}", escaped(&name), escaped(&text));
        let layer = set(SetKind::Text, &argument).expect("a setting");
        let values = merged(&[layer]);
        prop_assert_eq!(values.get(&[&name]).and_then(Node::as_str), Some(&*text));
    }

    #[test]
    fn any_argument_becomes_a_layer_or_a_finding(argument in "[ab01.,=\\[\\]{}\\\\\" :é]{0,24}") {
        for kind in [SetKind::Typed, SetKind::Text, SetKind::Json] {
            if let Err(failure) = set(kind, &argument) {
                let finding = &failure.diagnostics()[0];
                prop_assert!(finding.at.is_some() && !failure.to_string().is_empty());
            }
        }
    }

    #[test]
    fn json_means_what_it_means_in_a_file(tree in tree()) {
        let files = no_files();
        let over = [layer(&files, "values.yaml", Reach::Own, &tree)];
        let base = Layer::empty("defaults", over[0].place);
        let argument = [set(SetKind::Json, &tree).expect("an object")];
        let read = merge(&base, &over, &Known::default());
        let said = merge(&base, &argument, &Known::default());
        prop_assert_eq!(shown(said.root()), shown(read.root()));
    }
}
