//! Which targets there are, what each is made of, and what is looked at.

use super::{SHOP, alone, files, gathered, opened, selected, with};
use crate::diag::{Code, Severity, Sink};
use crate::source::{Input, Inputs};
use crate::workspace::Environment;
use crate::workspace::{Alone, Selection, TargetSource, Workspace};

/// The targets of a workspace with these files over the shop.
fn check(more: &[(&str, &str)], expect: &str) {
    let workspace = opened(&with(SHOP, more));
    assert_eq!(selected(&workspace, &Selection::default()), expect);
}

#[test]
fn extending_an_environment_takes_no_service_out_of_it() {
    check(&[], "dev/shop/web prod/shop/web prod-eu/shop/web");
    let service = "source: charts/web\nenvironments: [prod, dev]\n";
    check(&[("services/web/service.yaml", service)], "dev/shop/web prod/shop/web");
}

#[test]
fn nothing_runs_in_an_abstract_environment() {
    let jibe = "environments:\n  base: { abstract: true, namespaces: [x] }\n  dev: { extends: base }\n  prod: { extends: base }\n";
    check(&[("jibe.yaml", jibe)], "dev/x/web prod/x/web");
}

#[test]
fn targets_stand_in_the_order_of_jibe_yaml_then_by_service() {
    let jibe = "environments:\n  b: { namespaces: [z, x] }\n  a: { namespaces: [x] }\n";
    let service = "source: charts/web\nnamespaces: all\n";
    check(
        &[
            ("jibe.yaml", jibe),
            ("services/web/service.yaml", service),
            ("services/api/service.yaml", service),
        ],
        "b/z/api b/z/web b/x/api b/x/web a/x/api a/x/web",
    );
}

#[test]
fn a_service_runs_in_those_of_its_namespaces_that_an_environment_has() {
    let jibe = "environments:\n  a: { namespaces: [x] }\n  b: { namespaces: [x, z] }\n";
    let service = "source: charts/web\nnamespaces: [z]\n";
    check(&[("jibe.yaml", jibe), ("services/web/service.yaml", service)], "b/z/web");
}

#[test]
fn one_name_needs_no_list() {
    let service = "source: charts/web\nenvironments: dev\nnamespaces: shop\n";
    check(&[("services/web/service.yaml", service)], "dev/shop/web");
}

#[test]
fn an_environment_without_namespaces_has_one_that_manifests_do_not_carry() {
    let workspace = opened(&with(SHOP, &[("jibe.yaml", "environments:\n  dev:\n")]));
    let target = workspace.target("dev/default/web").expect("a target");
    assert_eq!(target.namespace_name, None);
}

#[test]
fn an_environment_takes_over_what_it_extends() {
    let jibe = "environments:\n  base: { kubernetes: [\"1.34\", \"1.33\"], podSecurity: restricted, namespaces: { a: b } }\n  top: { extends: base }\n";
    let workspace = opened(&with(SHOP, &[("jibe.yaml", jibe)]));
    let target = workspace.target("top/a/web").expect("a target");
    let versions: Vec<_> = target.versions.iter().map(ToString::to_string).collect();
    assert_eq!(versions, ["1.33", "1.34"]);
    assert_eq!(target.namespace_name.as_deref(), Some("b"));
    assert_eq!(target.pod_security, Some(crate::workspace::PodSecurity::Restricted));
}

#[test]
fn severities_of_the_environment_come_before_those_of_the_workspace() {
    let jibe = "environments:\n  a: { checks: { severity: { check/*: error } } }\n  b:\nchecks: { severity: { check/*: off } }\n";
    let workspace = opened(&with(SHOP, &[("jibe.yaml", jibe)]));
    let of = |e: &Environment| e.severities.of(Code::CheckSchema, Severity::Warning);
    let weights: Vec<_> = workspace.environments().map(of).collect();
    assert_eq!(weights, [Some(Severity::Error), None]);
}

#[test]
fn the_output_path_can_be_chosen() {
    let jibe = "environments: { dev: { namespaces: { shop: real } } }\noutput: { path: \"out/{service}/{env}-{namespace}\" }\n";
    let workspace = opened(&with(SHOP, &[("jibe.yaml", jibe)]));
    let target = &workspace.targets()[0];
    assert_eq!(target.folder().as_str(), "out/web/dev-shop");
    assert_eq!(target.cluster_folder().as_str(), "out/web/dev-_cluster");
    assert_eq!(workspace.output().root().as_str(), "out");
}

#[test]
fn manifests_lie_below_rendered_unless_told_otherwise() {
    let workspace = opened(SHOP);
    let target = workspace.target("dev/shop/web").expect("a target");
    assert_eq!(target.folder().as_str(), "rendered/dev/shop/web");
    assert_eq!(target.cluster_folder().as_str(), "rendered/dev/_cluster/web");
}

/// The names of the manifests that go along with a target.
fn along(workspace: &Workspace, target: &str) -> String {
    let material = gathered(workspace, target);
    let names: Vec<_> = material.manifests.iter().map(|source| source.name()).collect();
    names.join(" ")
}

const MANIFESTS: &[(&str, &str)] = &[
    ("services/web/manifests/b.yaml", "kind: B\n"),
    ("services/web/manifests/a.json", "{}\n"),
    ("services/web/manifests/README.md", "# about\n"),
    ("services/web/manifests/.hidden.yaml", "kind: H\n"),
    ("services/web/prod/manifests/p.yaml", "kind: P\n"),
    ("services/web/prod-eu/manifests/e.yml", "kind: E\n"),
];

#[test]
fn plain_manifests_go_along_those_of_extended_environments_first() {
    let workspace = opened(&with(SHOP, MANIFESTS));
    let shared = "services/web/manifests/a.json services/web/manifests/b.yaml";
    assert_eq!(along(&workspace, "dev/shop/web"), shared);
    assert_eq!(
        along(&workspace, "prod-eu/shop/web"),
        format!("{shared} services/web/prod/manifests/p.yaml services/web/prod-eu/manifests/e.yml")
    );
}

#[test]
fn manifests_beside_service_yaml_are_enough() {
    let service = ("services/web/service.yaml", "labels: { team: a }\n");
    let workspace = opened(&with(&with(SHOP, MANIFESTS), &[service]));
    let material = gathered(&workspace, "dev/shop/web");
    assert!(matches!(material.source, TargetSource::Manifests(files) if files.is_empty()));
    assert_eq!(material.manifests.len(), 2);
}

#[test]
fn a_folder_of_manifests_is_a_source_and_its_files_go_along_once() {
    let service = ("services/web/service.yaml", "source: services/{service}/manifests\n");
    let workspace = opened(&with(&with(SHOP, MANIFESTS), &[service]));
    let material = gathered(&workspace, "dev/shop/web");
    let TargetSource::Manifests(found) = &material.source else { panic!("manifests") };
    assert_eq!((found.len(), material.manifests.len()), (2, 0));
}

#[test]
fn placeholders_stand_in_a_source() {
    let service = ("services/web/service.yaml", "source: vendor/{env}/{namespace}/{service}\n");
    let vendor = ("vendor/dev/shop/web/x.yaml", "kind: X\n");
    let workspace = opened(&with(SHOP, &[service, vendor]));
    let material = gathered(&workspace, "dev/shop/web");
    assert!(matches!(material.source, TargetSource::Manifests(files) if files.len() == 1));
}

#[test]
fn definitions_that_only_validate_are_found() {
    let workspace = opened(&with(SHOP, &[("schemas/a/x.yaml", ""), ("schemas/y.json", "")]));
    let mut sink = Sink::new(workspace.files());
    let found = workspace.schemas(&mut Inputs::default(), &mut sink).expect("files");
    let names: Vec<_> = found.iter().map(|source| source.name()).collect();
    assert_eq!(names, ["schemas/a/x.yaml", "schemas/y.json"]);
    assert!(inputs(&workspace.inputs()).contains("list schemas"));
}

/// Inputs as lines.
fn inputs(inputs: &crate::source::Inputs) -> String {
    let line = |input: &Input| match input {
        Input::File(path) => format!("file {path}"),
        Input::Absent(path) => format!("absent {path}"),
        Input::Listing(path) => format!("list {path}"),
    };
    inputs.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_inputs_of_a_target_name_absent_files_and_listings() {
    let other = ("services/other/service.yaml", "source: charts/web\n");
    let workspace = opened(&with(SHOP, &[other, ("environments/dev.yaml", "a: 1\n")]));
    let material = gathered(&workspace, "dev/shop/web");
    insta::assert_snapshot!(inputs(&material.inputs), @r#"
        file charts/web/chart.yaml
        file charts/web/templates/a.yaml
        file environments/dev.yaml
        file jibe.yaml
        file services/web/service.yaml
        absent charts/web/values.schema.json
        absent charts/web/values.yaml
        absent values.yaml
        list charts/web
        list charts/web/crds
        list charts/web/files
        list charts/web/overlays
        list charts/web/templates
        list environments
        list namespaces
        list namespaces/shop
        list services/web
        "#);
}

#[test]
fn the_inputs_of_a_workspace_are_those_of_opening_and_of_what_was_gathered() {
    let workspace = opened(SHOP);
    let before = inputs(&workspace.inputs());
    assert!(before.contains("list services") && !before.contains("charts/web"), "{before}");
    let material = gathered(&workspace, "dev/shop/web");
    let after = workspace.inputs();
    for input in material.inputs.iter() {
        assert!(after.iter().any(|known| known == input), "{input:?}");
    }
}

#[test]
fn a_chart_is_a_workspace_by_itself() {
    let expect = "default/default/web namespace None Kubernetes 1.37";
    assert_eq!(alone(SHOP, "charts/web", &Alone::default()), expect);
}

#[test]
fn a_chart_by_itself_takes_a_namespace_an_overlay_and_a_version() {
    let pairs = with(SHOP, &[("charts/web/overlays/qa/values.yaml", "a: 1\n")]);
    let version = crate::api::Version::parse("1.30").ok();
    let options = Alone { environment: Some("qa".into()), namespace: Some("team".into()), version };
    assert_eq!(
        alone(&pairs, "charts/web", &options),
        "qa/team/web namespace Some(\"team\") Kubernetes 1.30"
    );
}

#[test]
fn a_chart_by_itself_reads_nothing_of_the_workspace_around_it() {
    let pairs = with(SHOP, &[("values.yaml", "a: 1\n"), ("services/web/values.yaml", "a: 2\n")]);
    let folder = crate::source::RelPath::parse("charts/web").expect("a path");
    let workspace = Workspace::of_folder(&files(&pairs), &folder, &Alone::default());
    let workspace = workspace.expect("a chart");
    let material = gathered(&workspace, "default/default/web");
    assert!(material.layers.is_empty());
    assert!(!inputs(&material.inputs).contains("services"));
}

#[test]
fn a_chart_by_itself_names_only_what_was_asked_for() {
    let check = |environment: Option<&str>, namespace: Option<&str>, folders: (&str, &str)| {
        let pairs = with(SHOP, &[("charts/web/overlays/qa/values.yaml", "")]);
        let folder = crate::source::RelPath::parse("charts/web").expect("a path");
        let (environment, namespace) =
            (environment.map(str::to_owned), namespace.map(str::to_owned));
        let options = Alone { environment, namespace, version: None };
        let lone = Workspace::of_folder(&files(&pairs), &folder, &options).expect("a chart");
        let target = &lone.targets()[0];
        assert_eq!(target.named_environment(), options.environment.as_deref());
        assert_eq!(target.named_namespace(), options.namespace.as_deref());
        assert_eq!((target.folder().as_str(), target.cluster_folder().as_str()), folders);
    };
    check(None, None, ("rendered/web", "rendered/web"));
    check(None, Some("team"), ("rendered/team/web", "rendered/_cluster/web"));
    check(Some("qa"), None, ("rendered/qa/web", "rendered/qa/web"));
    check(Some("qa"), Some("team"), ("rendered/qa/team/web", "rendered/qa/_cluster/web"));
}

#[test]
fn a_missing_value_would_be_set_in_the_service_or_else_in_the_chart() {
    let workspace = opened(SHOP);
    assert_eq!(workspace.values_file(&workspace.targets()[0]), "services/web/values.yaml");
    let folder = crate::source::RelPath::parse("charts/web").expect("a path");
    let lone = Workspace::of_folder(&files(SHOP), &folder, &Alone::default()).expect("a chart");
    assert_eq!(lone.values_file(&lone.targets()[0]), "charts/web/values.yaml");
}

#[test]
fn a_folder_of_manifests_is_a_workspace_by_itself() {
    let pairs = [("k8s/a.yaml", "kind: A\n"), ("k8s/sub/b.yaml", "kind: B\n")];
    let expect = "default/default/k8s namespace None Kubernetes 1.37";
    assert_eq!(alone(&pairs, "k8s", &Alone::default()), expect);
    let at_root = [("a.yaml", "kind: A\n")];
    let expect = "default/default/manifests namespace None Kubernetes 1.37";
    assert_eq!(alone(&at_root, "", &Alone::default()), expect);
}
