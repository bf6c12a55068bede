//! The laws of merging, on generated layers.

use super::keyed::tests::known;
use super::shown::{layer, no_files, shown};
use super::{Known, Layer, Merger, Reach, SetKind, Values, merge};
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

/// Lists that merge beside such a tree: keyed ones, within each other too, and sets.
fn tree_with_lists() -> impl Strategy<Value = String> {
    let tags = prop::collection::btree_set(prop::sample::select(vec!["1", "\"a\"", "\"b\""]), 0..4);
    let tags = tags.prop_map(|tags| tags.into_iter().collect::<Vec<_>>().join(", "));
    let jobs = items(("\"env\": ", items(("\"value\": ", leaf()))));
    (tree(), items(("\"value\": ", leaf())), jobs, tags).prop_map(|(tree, env, jobs, tags)| {
        let inner = tree.strip_prefix('{').expect("a map");
        let rest = if inner == "}" { "}".to_owned() } else { format!(", {inner}") };
        format!("{{\"env\": {env}, \"jobs\": {jobs}, \"tags\": [{tags}]{rest}")
    })
}

fn leaf() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["null", "1", "{\"w\": null}", "{\"x\": 1}"]).prop_map(str::to_owned)
}

/// A keyed list: items of few names with a value each, some of which take others out.
fn items(
    (key, value): (&'static str, impl Strategy<Value = String>),
) -> impl Strategy<Value = String> {
    let item = prop_oneof![3 => value.prop_map(move |value| format!("{key}{value}")), 1 => Just("\"$patch\": \"delete\"".to_owned())];
    prop::collection::vec(("[A-D]", item), 0..4).prop_map(|items| {
        let mut seen = std::collections::BTreeSet::new();
        let items = items.into_iter().filter(|(name, _)| seen.insert(name.clone()));
        let items = items.map(|(name, rest)| format!("{{\"name\": \"{name}\", {rest}}}"));
        format!("[{}]", items.collect::<Vec<_>>().join(", "))
    })
}

fn map_of(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    written(prop::collection::btree_map("[a-e]", value, 0..5))
}

fn trees() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(tree_with_lists(), 1..6)
}

fn layers_of(texts: &[String]) -> Vec<Layer> {
    let files = no_files();
    let named = texts.iter().enumerate();
    named.map(|(n, text)| layer(&files, &format!("{n}.yaml"), Reach::Own, text)).collect()
}

fn merged(layers: &[Layer]) -> Values {
    merge(&layers[0], &layers[1..], &known())
}

fn text(layers: &[Layer]) -> String {
    shown(merged(layers).root())
}

/// The layers with a first one without nulls: those of the defaults are a declaration, which only the
/// defaults themselves carry on.
fn without_declared_nulls(texts: Vec<String>) -> Vec<String> {
    let mut texts = texts;
    texts[0] = texts[0].replace("null", "0");
    texts
}

/// A tree that deletes nothing and whose maps are maps in every other one: `c` to `e` are maps, the rest
/// are leaves.
fn shaped() -> impl Strategy<Value = String> {
    let value = prop::sample::select(vec!["1", "true", "\"s\"", "[]", "[1]"]);
    let leaves = prop::collection::btree_map("[ab]", value.prop_map(str::to_owned), 0..3);
    let tree = written(leaves).prop_recursive(3, 16, 3, |inner| {
        let leaves = prop::collection::btree_map("[ab]", Just("2".to_owned()), 0..3);
        let maps = prop::collection::btree_map("[c-e]", inner, 0..3);
        let both =
            (leaves, maps).prop_map(|(leaves, maps)| leaves.into_iter().chain(maps).collect());
        written(both).boxed()
    });
    let items = prop::collection::btree_map("[A-D]", tree.clone(), 0..4).prop_map(|items| {
        let item = |(name, rest): (&String, &String)| {
            format!("{{\"name\": \"{name}\", \"rest\": {rest}}}")
        };
        items.iter().rev().map(item).collect::<Vec<_>>().join(", ")
    });
    let tags = prop::collection::btree_set("[1-5]", 0..4);
    (tree, items, tags).prop_map(|(tree, items, tags)| {
        let tags = tags.into_iter().rev().collect::<Vec<_>>().join(", ");
        format!("{{\"env\": [{items}], \"tags\": [{tags}], \"x\": {tree}}}")
    })
}

fn written(
    entries: impl Strategy<Value = std::collections::BTreeMap<String, String>>,
) -> impl Strategy<Value = String> {
    entries.prop_map(|entries| {
        let entries = entries.iter().rev().map(|(key, value)| format!("\"{key}\": {value}"));
        format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
    })
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
    #![proptest_config(ProptestConfig::with_cases(128))]

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
        let layers = layers_of(&without_declared_nulls(texts));
        let last = layers_of(&[last]).remove(0);
        let all = [layers.clone(), vec![last.clone()]].concat();
        prop_assert_eq!(text(&all), text(&[as_layer(&merged(&layers)), last]));
    }

    #[test]
    fn what_targets_share_is_merged_once_and_changes_nothing(
        texts in trees(),
        reaches in prop::collection::vec(prop::sample::select(vec![Reach::Own, Reach::Shared]), 6),
    ) {
        let mut layers = layers_of(&texts);
        layers[1..].iter_mut().zip(reaches).for_each(|(layer, reach)| layer.reach = reach);
        let merger = Merger::default();
        for most in 1..=layers.len() {
            let apart = merge(&layers[0], &layers[1..most], &known());
            let together = merger.merge(&layers[0], &layers[1..most], &known());
            prop_assert_eq!(shown(together.root()), shown(apart.root()));
            prop_assert_eq!(together.hidden().len(), apart.hidden().len());
        }
    }

    #[test]
    fn merging_is_associative_where_nothing_is_deleted(
        texts in prop::collection::vec(shaped(), 1..5),
        split in any::<prop::sample::Index>(),
    ) {
        let layers = layers_of(&texts);
        let (first, rest) = layers.split_at(split.index(layers.len()));
        let grouped = [first.to_vec(), vec![as_layer(&merged(rest))]].concat();
        prop_assert_eq!(text(&grouped), text(&layers));
    }

    #[test]
    fn items_that_no_overlay_names_survive(texts in trees()) {
        let layers = layers_of(&texts);
        let names = |layer: &Layer| {
            let items = layer.root().and_then(|root| root.get("env")).and_then(Node::as_list);
            items.into_iter().flatten().filter_map(|item| item.get("name")?.as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        let values = merged(&layers);
        let over: Vec<_> = layers[1..].iter().flat_map(names).collect();
        let only_base = merged(&layers[..1]);
        for name in names(&layers[0]).iter().filter(|name| !over.contains(name)) {
            let step = format!("name={name}");
            let path = ["env", step.as_str()];
            prop_assert_eq!(values.find(&path).map(shown), only_base.find(&path).map(shown));
        }
    }

    #[test]
    fn keys_of_lists_stay_unique_and_in_the_order_of_their_first_appearance(texts in trees()) {
        let values = merged(&layers_of(&texts));
        let items = values.root().get("env").and_then(Node::as_list).unwrap_or_default();
        let names: Vec<_> = items.iter().filter_map(|item| item.get("name")?.as_str()).collect();
        let unique: std::collections::BTreeSet<_> = names.iter().collect();
        prop_assert_eq!(unique.len(), names.len());
        prop_assert_eq!(names.len(), items.len());
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
        let values = merged(&layers_of(&without_declared_nulls(texts)));
        let mut found = Vec::new();
        leaves(values.root(), &[], &mut found);
        prop_assert!(found.iter().all(|(_, leaf)| !leaf.is_null()));
    }

    #[test]
    fn the_last_of_its_history_is_the_value(texts in trees()) {
        let values = merged(&layers_of(&without_declared_nulls(texts)));
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
