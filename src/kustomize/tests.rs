//! Whole builds of small trees.

use super::{Options, build, print};
use crate::diag::{Excerpt, Sink};
use crate::source::{Files, RelPath};

/// Builds the root of these files and compares what is printed, or the findings.
#[track_caller]
fn check(files: &[(&str, &str)], expect: &str) {
    assert_eq!(built(files), expect);
}

/// What is printed, or the findings.
fn built(files: &[(&str, &str)]) -> String {
    let files = Files::memory(files.iter().copied()).expect("paths");
    let mut sink = Sink::new(&files);
    let built = build(&files, &RelPath::root(), &Options::default(), &mut sink);
    match built {
        Ok((resources, _)) => print(&resources),
        Err(_) => {
            let failure = sink.finish().expect_err("a failed build reports");
            let lines = failure.diagnostics().iter();
            lines.map(|finding| format!("{finding} ({})\n", finding.hints.join("; "))).collect()
        }
    }
}

#[test]
fn an_object_is_printed_in_the_canonical_form() {
    check(
        &[
            ("kustomization.yaml", "resources: [a.yaml]\n"),
            ("a.yaml", "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n"),
        ],
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n",
    );
}

#[test]
fn the_label_managed_by_names_the_version_whose_bytes_are_printed() {
    check(
        &[
            ("kustomization.yaml", "resources: [a.yaml]\nbuildMetadata: [managedByLabel]\n"),
            ("a.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a}}\n"),
        ],
        "apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    app.kubernetes.io/managed-by: kustomize-v5.6.0\n  name: a\n",
    );
}

#[test]
fn a_mistake_in_a_text_of_a_kustomization_is_shown_in_its_own_line() {
    check(
        &[(
            "kustomization.yaml",
            "resources: []\ntransformers:\n- |-\n  apiVersion: builtin\n  kind: PrefixTransformer\n  metadata: {name: x}\n  fieldSpecs: 5\n",
        )],
        "kustomization.yaml:7:15: error[kustomize/value]: `fieldSpecs` must be a list, but is an integer (write a list)\n",
    );
}

#[test]
fn a_text_of_several_lines_is_no_path_and_its_mistake_is_shown_in_its_own_line() {
    let told = "kustomization.yaml:4:5: error[kustomize/object]: a ConfigMap has no `metadata.name` (add it: kustomize takes no `generateName`)\n";
    let text = " |-\n    apiVersion: v1\n    kind: ConfigMap\n";
    for field in
        ["patches:\n- patch:", "patchesStrategicMerge:\n-", "transformers:\n-", "generators:\n-"]
    {
        let kustomization = format!("resources: []\n{field}{text}");
        let found = built(&[("kustomization.yaml", &kustomization)]);
        assert!(found.ends_with(told), "{found}");
    }
}

#[test]
fn the_folder_that_is_built_has_a_name_in_messages() {
    let cycle = "kustomization.yaml:1:13: error[kustomize/cycle]: `.` leads back to `.`, which led here, or to a folder around it (name a folder beside it: a base may not hold its overlays)\n";
    check(&[("kustomization.yaml", "resources: [.]\n")], cycle);
    let empty = "kustomization.yaml:1:13: error[kustomize/value]: an entry is empty (remove it, or name a file or folder)\n";
    check(&[("kustomization.yaml", "resources: ['']\n")], empty);
    check(&[("kustomization.yaml", "resources: [~]\n")], empty);
}

#[test]
fn a_mistake_in_a_base_shows_the_entries_that_led_there_and_of_many_the_first_and_the_last() {
    let folders: Vec<_> = (0..12)
        .map(|at| (format!("d{at}/kustomization.yaml"), format!("resources: [../d{}]\n", at + 1)))
        .collect();
    let mut files = vec![("kustomization.yaml", "resources: [d0]\n")];
    files.extend(folders.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    files.push(("d12/kustomization.yaml", "resources: [a.yaml]\n"));
    let files = Files::memory(files).expect("paths");
    let mut sink = Sink::new(&files);
    build(&files, &RelPath::root(), &Options::default(), &mut sink).expect_err("no file");
    let failure = sink.finish().expect_err("it is reported");
    let places: Vec<_> =
        failure.diagnostics()[0].labels().map(|label| label.position().0).collect();
    let numbers = (5..12).rev().map(|at| format!("d{at}/kustomization.yaml"));
    let mut expect = vec!["d12/kustomization.yaml".to_owned()];
    expect.extend(numbers);
    expect.push("kustomization.yaml".to_owned());
    assert_eq!(places, expect);
}

#[test]
fn definitions_that_lead_to_themselves_end() {
    let crds = "a.A:\n  Schema:\n    properties: {apiVersion: {}, kind: {}, metadata: {}, more: {$ref: a.A}}\n";
    check(
        &[("kustomization.yaml", "crds: [c.yaml]\nresources: []\n"), ("c.yaml", crds)],
        "c.yaml:3:64: error[kustomize/cycle]: definitions lead to each other more than 100 deep (take the `$ref` out that leads back)\n",
    );
}

#[test]
fn definitions_that_lead_to_each_other_in_many_ways_are_bounded() {
    let first = "{apiVersion: {}, kind: {}, metadata: {}, l: {$ref: d0}, r: {$ref: d0}}";
    let mut crds = format!("a.A:\n  Schema: {{properties: {first}}}\n");
    for level in 0..40 {
        let next = level + 1;
        let reference = format!("{{$ref: d{next}, x-kubernetes-annotation: ''}}");
        let properties = format!("{{properties: {{l: {reference}, r: {reference}}}}}");
        crds.push_str(&format!("d{level}:\n  Schema: {properties}\n"));
    }
    check(
        &[("kustomization.yaml", "crds: [c.yaml]\nresources: []\n"), ("c.yaml", &crds)],
        "c.yaml:70:70: error[kustomize/value]: the definitions of this file lead to more than 100000 properties, each counted as often as a `$ref` leads to it (take out each `$ref` that leads to no name, label or annotation, or put the definitions into several files)\n",
    );
}

/// Deployments `d0` to `d9` and edits of them.
fn check_ten(patches: &str, expect: &[&str]) {
    let objects: String = (0..10)
        .map(|at| {
            format!("{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: d{at}, namespace: n{at}}}}}\n---\n")
        })
        .collect();
    let kustomization = format!("resources: [d.yaml]\npatches:\n{patches}");
    let files = [("kustomization.yaml", kustomization.as_str()), ("d.yaml", &objects)];
    let files = Files::memory(files).expect("paths");
    let mut sink = Sink::new(&files);
    let built = build(&files, &RelPath::root(), &Options::default(), &mut sink);
    let (resources, _) = built.expect("it is built");
    let names: Vec<_> = resources.iter().map(|one| one.id().name).collect();
    assert_eq!(names.iter().map(|name| &**name).collect::<Vec<_>>(), expect);
}

#[test]
fn deleted_objects_are_gone_for_the_patches_behind_and_the_others_stay_in_order() {
    let named = |at: usize| {
        format!(
            "- patch: '{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: d{at}, namespace: n{at}}}, $patch: delete}}'\n"
        )
    };
    let selected = "- {target: {kind: Deployment, namespace: n5}, patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, $patch: delete}'}\n";
    let renamed = "- {target: {kind: Deployment, name: 'd[78]'}, patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: e}}', options: {allowNameChange: true}}\n";
    let first_name = "- {target: {name: d8, namespace: n8}, patch: '- {op: add, path: /metadata/name, value: f}'}\n";
    let patches = [&*named(0), &named(3), selected, renamed, first_name].concat();
    check_ten(&patches, &["d1", "d2", "d4", "d6", "e", "f", "d9"]);
}

#[test]
fn a_field_that_kustomize_warns_of_is_warned_of() {
    let files = Files::memory([("kustomization.yaml", "commonLabels: {a: b}\n")]).expect("a path");
    let mut sink = Sink::new(&files);
    build(&files, &RelPath::root(), &Options::default(), &mut sink).expect("it is built");
    let told: Vec<_> =
        sink.finish().expect("a warning").iter().map(|one| one.to_string()).collect();
    assert_eq!(
        told,
        ["kustomization.yaml:1:15: warning[kustomize/deprecated]: `commonLabels` is deprecated"]
    );
}

#[test]
fn a_generator_that_kustomize_does_not_have_is_refused_with_a_near_name() {
    let generator = "{apiVersion: builtin, kind: ConfigmapGenerator, metadata: {name: a}}\n";
    check(
        &[("kustomization.yaml", "generators: [g.yaml]\n"), ("g.yaml", generator)],
        "g.yaml:1:1: error[kustomize/plugin]: kustomize has no generator `ConfigmapGenerator` (did you mean `ConfigMapGenerator`?)\n",
    );
}

#[test]
fn no_line_of_a_generator_of_secrets_is_shown() {
    let generator = "secretGenerator: [{name: a, literals: [hidden]}]\n";
    let files = Files::memory([("kustomization.yaml", generator)]).expect("a path");
    let mut sink = Sink::new(&files);
    build(&files, &RelPath::root(), &Options::default(), &mut sink).expect_err("no `=`");
    let failure = sink.finish().expect_err("it is reported");
    let finding = &failure.diagnostics()[0];
    assert!(!finding.to_string().contains("hidden"), "{finding}");
    assert_eq!(finding.at.as_ref().expect("a place").excerpt, Excerpt::Hidden);
}

#[test]
fn a_line_that_kustomize_leaves_out_is_warned_of() {
    let long = format!("a=b\nc={}\n", "x".repeat(65_536));
    let kustomization = "configMapGenerator: [{name: a, envs: [a.env]}]\n";
    let files = [("kustomization.yaml", kustomization), ("a.env", &long)];
    let files = Files::memory(files).expect("paths");
    let mut sink = Sink::new(&files);
    let built = build(&files, &RelPath::root(), &Options::default(), &mut sink);
    let (resources, _) = built.expect("it is built");
    assert!(print(&resources).starts_with("apiVersion: v1\ndata:\n  a: b\nkind: ConfigMap\n"));
    let told: Vec<_> =
        sink.finish().expect("a warning").iter().map(|one| one.to_string()).collect();
    assert_eq!(
        told,
        [
            "a.env:2:1: warning[kustomize/data]: this line has 65538 bytes: kustomize leaves out lines of 65,536 and more, and all that follow"
        ]
    );
}

#[test]
fn no_line_of_a_secret_is_shown() {
    let secret = "{apiVersion: v1, kind: Secret, metadata: {name: a, labels: [b]}, stringData: {p: hidden}}\n";
    let kustomization = "resources: [s.yaml]\nlabels: [{pairs: {a: b}}]\n";
    let files = [("kustomization.yaml", kustomization), ("s.yaml", secret)];
    let files = Files::memory(files).expect("paths");
    let mut sink = Sink::new(&files);
    build(&files, &RelPath::root(), &Options::default(), &mut sink).expect_err("labels are a map");
    let failure = sink.finish().expect_err("it is reported");
    let at = failure.diagnostics()[0].at.as_ref().expect("a place");
    assert_eq!(at.excerpt, Excerpt::Hidden);
}

#[test]
fn kustomizations_without_end_are_told_where_the_last_one_is_named() {
    let names: Vec<_> = (0..16).map(|at| format!("k{at}/kustomization.yaml")).collect();
    let texts: Vec<_> =
        (1..=16).map(|at| format!("resources: [../k{at}, ../k{at}]\nnamePrefix: a\n")).collect();
    let files = names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str()));
    let last = ("k16/kustomization.yaml", "namePrefix: a\n");
    let files = Files::memory(files.chain([last])).expect("paths");
    let mut sink = Sink::new(&files);
    let folder = RelPath::parse("k0").expect("a path");
    build(&files, &folder, &Options::default(), &mut sink).expect_err("too many");
    let told = sink.finish().expect_err("an error").to_string();
    assert!(told.contains("more than 20000 kustomizations are read\n --> k"), "{told}");
    assert!(told.contains("build parts of it by themselves"), "{told}");
}
