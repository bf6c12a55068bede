//! Examples of merge patches; what kustomize prints for them was recorded from 5.6.0.

use super::{Lists, MergeKeys, Merging, merge};
use crate::source::Files;
use crate::yaml::{MergeKeys as YamlMerge, Node, Options, Rules, Tags, parse, write};

fn read(text: &str) -> Node {
    let files = Files::memory([("x", "")]).expect("a path");
    let file = files.add("x", Vec::new()).expect("a text").id();
    let options = Options {
        rules: Rules::GoYamlV3,
        merge_keys: YamlMerge::Apply,
        tags: Tags::Drop,
        ..Options::default()
    };
    parse(text, file, options).expect("YAML").remove(0).root
}

#[test]
fn the_table_of_merge_keys_is_whole() {
    let keys = MergeKeys::of_kustomize();
    let pod = keys.kind("v1", "Pod").expect("a kind");
    let spec = keys.field(pod, "spec").expect("a field");
    let containers = keys.field(spec, "containers").expect("a list");
    assert_eq!(keys.keys(containers), Some(&["name".into()][..]));
    let ports = keys.field(keys.element(containers).expect("known"), "ports").expect("a list");
    assert_eq!(keys.keys(ports), Some(&["containerPort".into(), "protocol".into()][..]));
}

#[test]
fn a_map_merges_key_by_key() {
    let keys = MergeKeys::of_kustomize();
    let merging = Merging { keys: &keys, lists: Lists::AsKustomize };
    let merged = merge(read("a: {b: 1, c: '2'}"), &read("a: {b: null, c: 3, d: 4}"), merging);
    assert_eq!(write(&merged.expect("a merge").expect("a map")), "a:\n  c: \"3\"\n  d: 4\n");
}
