//! Which kinds are served, by which version, in which scope.

use crate::api::{Api, Kind, Scope, Version, is_builtin_group};

fn api(version: &str) -> Api {
    Api::new(Version::parse(version).expect("a known version"))
}

/// The versions that serve a kind, such as `1.25 1.26`.
fn served_by(api_version: &str, kind: &str) -> String {
    let serving = Version::all().filter(|version| Api::new(*version).serves(api_version, kind));
    serving.map(|version| version.to_string()).collect::<Vec<_>>().join(" ")
}

fn all_but(missing: usize) -> String {
    let versions: Vec<_> =
        Version::all().skip(missing).map(|version| version.to_string()).collect();
    versions.join(" ")
}

#[test]
fn every_version_serves_this_many_kinds() {
    let counts =
        Version::all().map(|version| format!("{version}: {}", Api::new(version).kinds().count()));
    insta::assert_snapshot!(counts.collect::<Vec<_>>().join(", "), @"1.25: 62, 1.26: 68, 1.27: 70, 1.28: 73, 1.29: 74, 1.30: 80, 1.31: 80, 1.32: 80, 1.33: 88, 1.34: 90, 1.35: 90, 1.36: 95, 1.37: 100");
}

#[test]
fn kinds_come_and_go_with_versions() {
    assert_eq!(served_by("apps/v1", "Deployment"), all_but(0));
    assert_eq!(served_by("v1", "Pod"), all_but(0));
    assert_eq!(served_by("policy/v1", "PodDisruptionBudget"), all_but(0));
    assert_eq!(served_by("autoscaling/v2beta2", "HorizontalPodAutoscaler"), "1.25");
    assert_eq!(served_by("flowcontrol.apiserver.k8s.io/v1", "FlowSchema"), all_but(4));
    assert_eq!(served_by("networking.k8s.io/v1", "ServiceCIDR"), all_but(8));
    assert_eq!(served_by("policy/v1beta1", "PodSecurityPolicy"), "");
}

#[test]
fn subresources_lists_and_answers_are_no_kinds() {
    for (api_version, kind) in [
        ("autoscaling/v1", "Scale"),
        ("policy/v1", "Eviction"),
        ("apps/v1", "DeploymentList"),
        ("v1", "List"),
        ("v1", "Status"),
        ("v1", "DeleteOptions"),
        ("v1", "Deployment"),
        ("apps", "Deployment"),
        ("", ""),
    ] {
        assert!(!api("1.35").serves(api_version, kind), "{api_version} {kind}");
    }
}

#[test]
fn a_list_names_the_kind_of_its_items() {
    let api = api("1.35");
    let item =
        |api_version, list| api.item_of(api_version, list).map(|kind| kind.name().to_owned());
    assert_eq!(item("apps/v1", "DeploymentList").as_deref(), Some("Deployment"));
    assert_eq!(item("v1", "ConfigMapList").as_deref(), Some("ConfigMap"));
    assert_eq!(item("v1", "List"), None);
    assert_eq!(item("apps/v1", "Deployment"), None);
}

#[test]
fn scopes_and_plurals_are_those_of_a_real_server() {
    let api = api("1.35");
    let mut served = 0;
    for line in include_str!("served-1.35.txt").lines() {
        let words: Vec<_> = line.split(' ').collect();
        let [group, version, name, scope, plural] = words[..] else {
            panic!("five words in {line:?}")
        };
        let group = if group == "core" { "" } else { group };
        let kind = api.kind(&crate::api::api_version(group, version), name);
        let kind = kind.unwrap_or_else(|| panic!("{line} is served"));
        let expect = if scope == "cluster" { Scope::Cluster } else { Scope::Namespaced };
        assert_eq!((kind.scope(), kind.plural()), (expect, plural), "{line}");
        served += 1;
    }
    assert_eq!(served, 85);
}

#[test]
fn a_kind_says_what_it_is_called() {
    let api = api("1.30");
    let kind: &Kind = api.kind("apps/v1", "Deployment").expect("it is served");
    assert_eq!((kind.group(), kind.version(), kind.name()), ("apps", "v1", "Deployment"));
    assert_eq!((kind.api_version().as_str(), kind.is_builtin()), ("apps/v1", true));
    let config = api.kind("v1", "ConfigMap").expect("it is served");
    assert_eq!((config.group(), config.api_version().as_str()), ("", "v1"));
}

#[test]
fn kinds_and_schemas_are_made_once_and_shared_between_threads() {
    let first =
        |api: &Api| std::ptr::from_ref(api.kind("v1", "Pod").expect("served").schema()).addr();
    let here = first(&api("1.35"));
    let there = std::thread::spawn(move || first(&api("1.35"))).join().expect("no panic");
    assert_eq!(here, there);
}

#[test]
fn builtin_groups_are_known_whatever_the_version() {
    for group in
        ["", "apps", "extensions", "policy", "networking.k8s.io", "storagemigration.k8s.io"]
    {
        assert!(is_builtin_group(group), "{group:?}");
    }
    for group in
        ["gateway.networking.k8s.io", "snapshot.storage.k8s.io", "metrics.k8s.io", "app", "z"]
    {
        assert!(!is_builtin_group(group), "{group:?}");
    }
}

fn explain(version: &str, api_version: &str, kind: &str) -> String {
    let unknown = api(version).unknown(api_version, kind);
    let lines: Vec<String> =
        std::iter::once(unknown.message()).chain(unknown.hints("define it")).collect();
    lines.join("\n")
}

#[test]
fn an_old_group_leads_to_the_present_one() {
    insta::assert_snapshot!(explain("1.35", "extensions/v1beta1", "Ingress"), @r"
    `extensions/v1beta1 Ingress` is not served by Kubernetes 1.35
    write `apiVersion: networking.k8s.io/v1`, which serves `Ingress`
    ");
    insta::assert_snapshot!(explain("1.35", "v1", "Deployment"), @r"
    `v1 Deployment` is not served by Kubernetes 1.35
    write `apiVersion: apps/v1`, which serves `Deployment`
    ");
}

#[test]
fn a_version_that_went_names_the_last_that_had_it() {
    insta::assert_snapshot!(explain("1.35", "autoscaling/v2beta2", "HorizontalPodAutoscaler"), @r"
    `autoscaling/v2beta2 HorizontalPodAutoscaler` is not served by Kubernetes 1.35, only until 1.25
    write `apiVersion: autoscaling/v2`, which serves `HorizontalPodAutoscaler`
    ");
}

#[test]
fn a_kind_that_went_for_good_is_to_be_taken_out() {
    insta::assert_snapshot!(explain("1.35", "networking.k8s.io/v1alpha1", "ClusterCIDR"), @r"
    `networking.k8s.io/v1alpha1 ClusterCIDR` is not served by Kubernetes 1.35, only until 1.28
    nothing of that name is served any more: take the manifest out
    ");
}

#[test]
fn a_version_that_is_yet_to_come_names_the_first_that_has_it() {
    insta::assert_snapshot!(explain("1.28", "flowcontrol.apiserver.k8s.io/v1", "FlowSchema"), @r"
    `flowcontrol.apiserver.k8s.io/v1 FlowSchema` is not served by Kubernetes 1.28, only from 1.29 on
    write `apiVersion: flowcontrol.apiserver.k8s.io/v1beta3`, which serves `FlowSchema`
    ");
    insta::assert_snapshot!(explain("1.25", "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"), @r#"
    `admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy` is not served by Kubernetes 1.25, only from 1.30 on
    if the cluster is that new, name its version, `kubernetes: "1.30"` in jibe.yaml or `--kube-version 1.30`; else take the manifest out
    "#);
}

#[test]
fn a_typo_leads_to_the_nearest_kind() {
    insta::assert_snapshot!(explain("1.35", "apps/v1", "deploymnet"), @r"
    `apps/v1 deploymnet` is not served by Kubernetes 1.35
    did you mean `apps/v1 Deployment`?
    ");
    insta::assert_snapshot!(explain("1.35", "networking.k8s.io/v1", "Ingres"), @r"
    `networking.k8s.io/v1 Ingres` is not served by Kubernetes 1.35
    did you mean `networking.k8s.io/v1 Ingress`?
    ");
}

#[test]
fn a_custom_resource_needs_its_definition() {
    insta::assert_snapshot!(explain("1.35", "serving.knative.dev/v1", "Service"), @r"
    `serving.knative.dev/v1 Service` is not served by Kubernetes 1.35
    define it
    write `apiVersion: v1`, which serves `Service`
    ");
    insta::assert_snapshot!(explain("1.35", "monitoring.coreos.com/v1", "ServiceMonitor"), @r"
    `monitoring.coreos.com/v1 ServiceMonitor` is not served by Kubernetes 1.35
    define it
    ");
}
