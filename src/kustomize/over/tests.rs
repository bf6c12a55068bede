//! Edits of objects by a kustomization, and the law that an empty one makes none.

use super::{Layer, Over, edit};
use crate::diag::{Severities, Sink};
use crate::source::{Files, RelPath};
use crate::transform::patch::MergeKeys;
use crate::transform::{Resource, Resources};
use crate::yaml;
use proptest::prelude::*;

/// What a kustomization makes of objects, or the findings.
fn edited(objects: &str, kustomization: &str) -> String {
    made(objects, kustomization).0
}

/// The same, and what is warned of.
fn made(objects: &str, kustomization: &str) -> (String, Vec<String>) {
    let written = [("objects.yaml", objects), ("k/kustomization.yaml", kustomization)];
    let files = Files::memory(written).expect("paths");
    let mut sink = Sink::new(&files);
    let path = RelPath::parse("objects.yaml").expect("a path");
    let source = files.read(&path, &mut crate::source::Inputs::default()).expect("a file");
    let documents = yaml::read(&source, &mut sink).unwrap_or_else(|_| panic!("{objects}"));
    let resources = documents.into_iter().map(|document| Resource::new(document.root)).collect();
    let folder = RelPath::parse("k").expect("a path");
    let layers = [Layer { folder, is_over: Box::new(|_| true) }];
    let severities = Severities::default();
    let merge_keys = MergeKeys::of_kustomize();
    let over = Over { merge_keys, namespace: None, severities: &severities, sealed: Vec::new() };
    match edit(&files, &layers, Resources::from_list(resources), &over, &mut sink) {
        Ok((resources, _)) => {
            let warnings = sink.finish().expect("no error was reported");
            let shown = warnings
                .iter()
                .map(|finding| format!("{finding} ({})", finding.hints.join("; ")))
                .collect();
            (yaml::write_all(resources.iter().map(|one| &one.node)), shown)
        }
        Err(_) => (sink.finish().expect_err("it is reported").to_string(), Vec::new()),
    }
}

fn canonical(objects: &str) -> String {
    let files = Files::memory([("x", "")]).expect("a path");
    let file = files.add("x", Vec::new()).expect("a text").id();
    let documents = yaml::parse(objects, file, yaml::Options::default()).expect("YAML");
    yaml::write_all(documents.iter().map(|document| &document.root))
}

#[track_caller]
fn check(objects: &str, kustomization: &str, expect: &str) {
    assert_eq!(edited(objects, kustomization), expect);
}

/// Scalars that mean different things by the rules of different readers.
const ODD: &[&str] = &[
    "a",
    "yes",
    "\"yes\"",
    "1e3",
    "\"1e3\"",
    "0644",
    "0o644",
    "1_000",
    "9007199254740993",
    "1.10",
    "~",
    "null",
    "\"\"",
    "2020-01-01",
    "on",
    "|\n    two\n    lines",
    ">-\n    a\n    b",
    "!!str 1",
    "[]",
    "{}",
    "[y, 1.0]",
    "{a: , b: n}",
];

proptest! {
    #[test]
    fn an_empty_kustomization_changes_no_byte(values in prop::collection::vec(prop::sample::select(ODD), 1..8)) {
        let data: String =
            values.iter().enumerate().map(|(at, value)| format!("  k{at}: {value}\n")).collect();
        let object = format!("apiVersion: v1\nkind: Odd\nmetadata: {{name: a}}\ndata:\n{data}");
        prop_assert_eq!(edited(&object, "patches: []\n"), canonical(&object));
    }
}

const ODD_NAMES: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: e3}\ndata: {m: 1, t: '1'}\n";

#[test]
fn a_name_stays_a_string_whatever_stands_before_it() {
    check(
        ODD_NAMES,
        "namePrefix: '1'\n",
        "apiVersion: v1\ndata:\n  m: 1\n  t: \"1\"\nkind: ConfigMap\nmetadata:\n  name: \"1e3\"\n",
    );
}

#[test]
fn a_patch_says_of_what_type_its_values_are() {
    check(
        ODD_NAMES,
        "patches: [{patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: e3}, data: {m: \"2\", t: 2}}'}]\n",
        "apiVersion: v1\ndata:\n  m: \"2\"\n  t: 2\nkind: ConfigMap\nmetadata:\n  name: e3\n",
    );
}

#[test]
fn a_label_of_a_later_entry_is_not_that_of_an_earlier_one() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n";
    check(
        service,
        "labels: [{pairs: {a: b}, includeSelectors: true}, {pairs: {a: c}}]\n",
        "apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    a: c\n  name: a\nspec:\n  selector:\n    a: b\n",
    );
}

#[test]
fn an_object_can_be_removed_and_replaced_whole() {
    let head = "{apiVersion: v1, kind: ConfigMap, metadata: {name: e3}";
    check(ODD_NAMES, &format!("patches: [{{patch: '{head}, $patch: delete}}'}}]\n"), "");
    check(
        ODD_NAMES,
        &format!("patches: [{{patch: '{head}, $patch: replace, data: {{a: b}}}}'}}]\n"),
        "apiVersion: v1\ndata:\n  a: b\nkind: ConfigMap\nmetadata:\n  name: e3\n",
    );
}

#[test]
fn an_image_has_the_name_that_an_entry_says_and_is_none_that_looks_like_it() {
    let images = ["a.b/web:1", "axb/web:1", "c+d"];
    let pod = |images: &[&str]| {
        let containers: String =
            images.iter().map(|image| format!("  - image: {image}\n")).collect();
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n{containers}"
        )
    };
    let kustomization = "images: [{name: a.b/web, newTag: v2}, {name: c+d, newTag: v3}]\n";
    check(&pod(&images), kustomization, &pod(&["a.b/web:v2", "axb/web:1", "c+d:v3"]));
}

#[test]
fn each_entry_of_images_that_is_for_nothing_is_told_with_what_there_is_then() {
    let pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{image: web}]}\n";
    let entries =
        "images: [{name: web, newName: wob}, {name: web, newTag: '1'}, {name: wub, newTag: '1'}]\n";
    assert_eq!(
        made(pod, entries).1,
        [
            "k/kustomization.yaml:1:44: warning[kustomize/no-match]: no container has the image `web` (did you mean `wob`?)",
            "k/kustomization.yaml:1:70: warning[kustomize/no-match]: no container has the image `wub` (did you mean `wob`?)",
        ]
    );
}
