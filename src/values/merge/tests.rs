//! Merging, one rule a test.

use crate::source::Place;
use crate::values::shown::{layer, merged, no_files, shown};
use crate::values::{Edit, Known, Layer, Reach, Values, merge};
use crate::yaml::{Data, Node, Options, Tags, parse};
use std::sync::Arc;

fn check(base: &str, over: &str, expect: &str) {
    assert_eq!(shown(merged(&[base, over]).root()), expect);
}

#[test]
fn maps_merge_deep() {
    check("a: {x: 1, w: 2}", "a: {w: 3, z: 4}", "{a: {x: 1, w: 3, z: 4}}");
}

#[test]
fn a_list_in_an_overlay_replaces_the_whole_list() {
    check("ports: [80, 443]", "ports: [8080]", "{ports: [8080]}");
}

#[test]
fn a_scalar_replaces_a_map_and_a_map_a_scalar() {
    check("{a: {x: 1}, b: 1}", "{a: 1, b: {x: 1}}", "{a: 1, b: {x: 1}}");
}

#[test]
fn an_empty_map_changes_nothing_below_it() {
    check("a: {x: 1}", "a: {}", "{a: {x: 1}}");
}

#[test]
fn a_null_deletes() {
    check("{a: 1, b: {x: 1, w: 2}}", "{a: null, b: {x: }}", "{b: {w: 2}}");
}

#[test]
fn a_null_deletes_a_whole_map() {
    check("{a: {x: 1}, b: 1}", "a: ~", "{b: 1}");
}

#[test]
fn deleting_what_is_not_there_is_fine() {
    check("a: 1", "{b: null, c: {d: null}}", "{a: 1, c: {}}");
}

#[test]
fn a_null_inside_a_list_item_stays() {
    check("a: 1", "b: [null, {x: null}]", "{a: 1, b: [null, {x: null}]}");
}

#[test]
fn a_quoted_null_is_a_string() {
    check("a: 1", "a: 'null'", r#"{a: "null"}"#);
}

#[test]
fn a_null_in_the_defaults_stays_because_it_declares_the_key() {
    check("existingSecret:", "a: 1", "{existingSecret: , a: 1}");
}

#[test]
fn a_null_that_stands_in_the_defaults_comes_back_when_a_layer_deletes() {
    let values =
        merged(&["{tag: null, x: {w: null}}", "{tag: v1, x: {w: 1}}", "{tag: null, x: {w: ~}}"]);
    assert_eq!(shown(values.root()), "{tag: null, x: {w: ~}}");
}

#[test]
fn a_map_after_its_deletion_starts_afresh() {
    let values = merged(&["a: {x: 1, w: 2}", "a: null", "a: {z: 3}"]);
    assert_eq!(shown(values.root()), "{a: {z: 3}}");
}

#[test]
fn a_key_keeps_the_position_of_its_first_appearance() {
    let values = merged(&["{c: 1, a: 1}", "{b: 2, a: 2, c: 2}", "{d: 3, c: 3}"]);
    assert_eq!(shown(values.root()), "{c: 3, a: 2, b: 2, d: 3}");
}

/// A layer with references, which the reader takes only where they are allowed.
fn with_references(text: &str) -> Layer {
    let files = no_files();
    let source = files.add("values.yaml", text.into()).expect("text");
    let options = Options { tags: Tags::Allow(&["!tpl"]), ..Options::default() };
    let documents = parse(source.text(), source.id(), options).expect("YAML");
    let node = documents[0].root.clone();
    let edits = vec![Edit { path: Vec::new(), node }];
    Layer { edits, ..Layer::empty("values.yaml", source.place(0, 0)) }
}

#[test]
fn a_reference_is_a_leaf_that_replaces_and_is_replaced_whole() {
    let base = with_references("{a: {x: 1}, b: !tpl '{{ x }}'}");
    let over = with_references("{a: !tpl y, b: {z: 1}}");
    let values = merge(&base, &[over], &Known::default());
    assert_eq!(shown(values.root()), r#"{a: !tpl "y", b: {z: 1}}"#);
}

#[test]
fn a_scalar_keeps_its_spelling() {
    check("tag: 1.10", "mode: 0644", "{tag: 1.10, mode: 0644}");
}

#[test]
fn without_any_layer_the_values_are_an_empty_map() {
    let files = no_files();
    let source = files.add("chart.yaml", b"name: web".to_vec()).expect("text");
    let values = merge(&Layer::empty("defaults", source.place(0, 4)), &[], &Known::default());
    assert_eq!(shown(values.root()), "{}");
}

fn winner(values: &Values, path: &[&str]) -> String {
    values.get(path).and_then(|node| values.layer_of(node.place)).expect("a value").to_owned()
}

#[test]
fn every_node_knows_the_layer_that_won() {
    let values = merged(&["a: {x: 1, w: 1}", "a: {w: 2}", "b: [1]"]);
    assert_eq!(winner(&values, &["a", "x"]), "0.yaml");
    assert_eq!(winner(&values, &["a", "w"]), "1.yaml");
    assert_eq!(winner(&values, &["a"]), "1.yaml", "the strongest layer that has a say");
    assert_eq!(winner(&values, &["b"]), "2.yaml");
}

#[test]
fn the_history_of_a_value_names_what_it_overrode() {
    let values = merged(&["a: {x: 1}", "a: null", "b: 1", "a: {x: 2}"]);
    let said = |path: &[&str]| {
        let settings = values.history(path);
        settings.iter().map(|s| format!("{} {}", s.layer, shown(s.node))).collect::<Vec<_>>()
    };
    assert_eq!(said(&["a", "x"]), ["0.yaml 1", "1.yaml null", "3.yaml 2"]);
    assert!(said(&["nowhere"]).is_empty());
}

fn reaching(base: &str, shared: &str, own: &str, known: &[&str]) -> Values {
    let files = no_files();
    let base = layer(&files, "defaults", Reach::Own, base);
    let shared = layer(&files, "environment", Reach::Shared, shared);
    let own = layer(&files, "service", Reach::Own, own);
    merge(&base, &[shared, own], &known.iter().copied().collect())
}

#[test]
fn a_shared_key_that_the_chart_does_not_know_is_hidden() {
    let values = reaching("image: web", "{domain: example.com, image: web2}", "", &[]);
    assert_eq!(shown(values.root()), r#"{image: "web2"}"#);
    assert_eq!(shown(&values.hidden()["domain"]), r#""example.com""#);
}

#[test]
fn a_shared_key_that_the_schema_declares_is_seen() {
    let values = reaching("", "domain: example.com", "", &["domain"]);
    assert_eq!(shown(values.root()), r#"{domain: "example.com"}"#);
}

#[test]
fn a_shared_key_that_a_layer_of_its_own_sets_is_seen() {
    let values = reaching("", "a: {x: 1}", "a: {w: 1}", &[]);
    assert_eq!(shown(values.root()), "{a: {x: 1, w: 1}}");
}

fn shares(one: &Node, other: &Node) -> bool {
    match (&one.data, &other.data) {
        (Data::Map(one), Data::Map(other)) => Arc::ptr_eq(one, other),
        (Data::List(one), Data::List(other)) => Arc::ptr_eq(one, other),
        _ => false,
    }
}

#[test]
fn what_no_layer_touches_is_shared_not_copied() {
    let files = no_files();
    let base = layer(&files, "a", Reach::Own, "big: {x: [1, 2]}\nsmall: {w: 1}");
    let over = layer(&files, "b", Reach::Own, "small: {w: 2}\nnew: {z: 1}");
    let values = merge(&base, std::slice::from_ref(&over), &Known::default());
    let of = |layer: &Layer, key: &str| layer.root().and_then(|root| root.get(key)).cloned();
    let now = |key: &str| values.get(&[key]).expect("a value");
    assert!(shares(now("big"), &of(&base, "big").expect("a map")));
    assert!(shares(now("new"), &of(&over, "new").expect("a map")));
    assert_eq!(shown(&of(&base, "small").expect("a map")), "{w: 1}", "the layer is unchanged");
}

#[test]
fn nine_layers_of_two_thousand_leaves_merge() {
    let text = |layer: usize| -> String {
        (0..2000).map(|n| format!("k{}: {{v: {layer}}}\n", n + layer * 100)).collect()
    };
    let texts: Vec<_> = (0..9).map(text).collect();
    let values = merged(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(values.root().as_map().expect("a map").len(), 2800);
    assert_eq!(winner(&values, &["k0", "v"]), "0.yaml");
    assert_eq!(winner(&values, &["k2799", "v"]), "8.yaml");
}

#[test]
fn a_place_of_no_layer_has_no_name() {
    let values = merged(&["a: 1"]);
    let elsewhere = no_files();
    let _first = elsewhere.add("x", Vec::new()).expect("text");
    let other: Place = elsewhere.add("y", Vec::new()).expect("text").place(0, 0);
    assert_eq!(values.layer_of(other), None);
}
