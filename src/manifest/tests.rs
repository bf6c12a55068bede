//! What becomes of documents, and what is said about those that are no objects.

use super::{
    Claim, Draft, Manifests, Part, Placement, Stamp, definitions, distinct, drafts, identify,
};
use crate::api::{Api, Version};
use crate::diag::{Reported, Sink};
use crate::source::{Files, Inputs, RelPath};
use crate::yaml::Node;

const SHOP: Placement<'static> =
    Placement { apis: &[], namespace: Some("shop"), other_namespaces: &[], stamp: Stamp::Absent };

fn apis() -> Vec<Api> {
    vec![Api::new(Version::parse("1.35").expect("a version"))]
}

fn read(text: &str, sink: &mut Sink) -> Result<Vec<Draft>, Reported> {
    let path = RelPath::parse("x.yaml").expect("a path");
    let source = sink.files().read(&path, &mut Inputs::default()).expect("a file");
    assert_eq!(source.text().as_ref(), text);
    drafts(&source, sink)
}

fn sink(text: &str) -> Sink {
    Sink::new(&Files::memory([("x.yaml", text)]).expect("a path"))
}

fn findings(sink: Sink) -> String {
    let lines = |d: &crate::diag::Diagnostic| {
        let hints: Vec<_> = d.hints.iter().map(|hint| format!("\n  {hint}")).collect();
        format!("{d}{}", hints.concat())
    };
    match sink.finish() {
        Ok(found) => found.iter().map(lines).collect::<Vec<_>>().join("\n"),
        Err(failure) => failure.diagnostics().iter().map(lines).collect::<Vec<_>>().join("\n"),
    }
}

fn shown(manifests: &Manifests) -> String {
    let lines = manifests.iter().map(|manifest| {
        let namespace = manifest.id.namespace.as_deref().unwrap_or("-");
        let stamped = manifest.node.at(&["metadata", "namespace"]).and_then(Node::as_str);
        assert_eq!(stamped.unwrap_or("-"), namespace, "what is written is what is meant");
        format!("{namespace} {} {}", manifest.api_version, manifest.id)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn check_in(placement: Placement<'_>, text: &str, expect: &str) {
    let mut sink = sink(text);
    let apis = apis();
    let placement = Placement { apis: &apis, ..placement };
    let found = read(text, &mut sink).and_then(|drafts| identify(drafts, &placement, &mut sink));
    match found {
        Ok(manifests) => assert_eq!(shown(&manifests), expect),
        Err(_) => assert_eq!(findings(sink), expect),
    }
}

fn check(text: &str, expect: &str) {
    check_in(SHOP, text, expect);
}

#[test]
fn objects_are_sorted_and_namespaces_stamped_where_they_are_absent() {
    check(
        "{apiVersion: v1, kind: Service, metadata: {name: web}}\n---\n\
         {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: ''}}\n---\n\
         {apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n\
         {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}}\n",
        "- v1 Namespace/shop\nshop v1 ConfigMap/a\nshop v1 Service/web\nshop apps/v1 Deployment/web",
    );
}

#[test]
fn without_a_target_namespace_nothing_is_stamped_and_any_is_allowed() {
    let text = "{apiVersion: v1, kind: Service, metadata: {name: web}}\n---\n\
                {apiVersion: v1, kind: Service, metadata: {name: web, namespace: x}}\n";
    let nowhere = Placement { namespace: None, ..SHOP };
    check_in(nowhere, text, "- v1 Service/web\nx v1 Service/web");
}

#[test]
fn plain_manifests_of_a_manifests_service_are_not_stamped() {
    let as_they_are = Placement { stamp: Stamp::Never, ..SHOP };
    let text = "{apiVersion: v1, kind: Service, metadata: {name: web}}";
    check_in(as_they_are, text, "- v1 Service/web");
}

#[test]
fn a_kind_that_nothing_serves_counts_as_namespaced() {
    check("{apiVersion: x.io/v1, kind: Foo, metadata: {name: a}}", "shop x.io/v1 Foo/a");
}

#[test]
fn lists_are_taken_apart_at_any_depth() {
    check(
        "apiVersion: v1\nkind: List\nitems:\n\
         - {apiVersion: v1, kind: Secret, metadata: {name: s}}\n\
         - apiVersion: v1\n  kind: ConfigMapList\n  items:\n  \
           - {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n---\n\
         {apiVersion: v1, kind: List, items: null}\n",
        "shop v1 ConfigMap/c\nshop v1 Secret/s",
    );
}

#[test]
fn a_custom_resource_may_be_called_a_list() {
    check(
        "{apiVersion: x.io/v1, kind: AllowList, metadata: {name: a}, items: [x]}",
        "shop x.io/v1 AllowList/a",
    );
}

#[test]
fn a_role_may_have_colons_in_its_name() {
    check(
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'system:a'}}",
        "- rbac.authorization.k8s.io/v1 ClusterRole/system:a",
    );
}

#[test]
fn a_namespace_on_a_cluster_scoped_kind_is_an_error() {
    check(
        "{apiVersion: v1, kind: Namespace, metadata: {name: a, namespace: b}}",
        "x.yaml:1:66: error[manifest/namespace]: a Namespace belongs to no namespace, but this one names `b`\n  \
         remove `metadata.namespace`",
    );
}

#[test]
fn another_namespace_needs_the_services_permission() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: dns, namespace: kube-system}";
    check(
        text,
        "x.yaml:3:34: error[manifest/namespace]: `Service/dns` names the namespace `kube-system`, but its target's is `shop`\n  \
         remove `metadata.namespace`: `shop` is filled in\n  \
         or allow it in the service's service.yaml: `otherNamespaces: [kube-system]`",
    );
    let others = ["kube-system".to_owned()];
    check_in(Placement { other_namespaces: &others, ..SHOP }, text, "kube-system v1 Service/dns");
}

#[test]
fn every_missing_part_of_an_identity_is_named() {
    check(
        "apiversion: v1\nmetadata: {labels: {}}\n",
        "x.yaml:1:1: error[manifest/identity]: `apiVersion` is missing\n  write `apiVersion` instead of `apiversion`\n\
         x.yaml:1:1: error[manifest/identity]: `kind` is missing\n  add it, such as `kind: ConfigMap`\n\
         x.yaml:2:11: error[manifest/identity]: `metadata.name` is missing\n  add it, such as `name: web`",
    );
}

#[test]
fn a_name_that_is_no_string_is_named_with_the_way_to_write_it() {
    check(
        "{apiVersion: v1, kind: Service, metadata: {name: 1234567}}",
        "x.yaml:1:50: error[manifest/identity]: `metadata.name` must be a string, but `1234567` is an integer\n  \
         write it in quotes: `\"1234567\"`",
    );
}

#[test]
fn a_generated_name_is_no_name() {
    check(
        "{apiVersion: batch/v1, kind: Job, metadata: {generateName: a-}}",
        "x.yaml:1:60: error[manifest/identity]: the object has only a `metadata.generateName`: \
         every apply would make another object of it\n  give it a `metadata.name`",
    );
}

#[test]
fn names_that_climb_or_steer_are_refused() {
    for (name, wrong) in [
        ("..", "is neither `.` nor `..`"),
        ("a/b", "holds neither `/` nor `%`"),
        ("a\u{1b}b", "holds no control characters"),
        ("", "is not empty"),
        (&"x".repeat(254), "has at most 253 bytes"),
    ] {
        assert_eq!(super::identity::wrong_name(name), Some(wrong));
    }
}

#[test]
fn an_api_version_and_a_kind_are_what_a_url_can_hold() {
    for (api_version, kind) in
        [("a/b/c", "X"), ("/v1", "X"), ("../v1", "X"), ("v1", "../x"), ("V 1", "X")]
    {
        let text = format!("{{apiVersion: {api_version}, kind: {kind}, metadata: {{name: a}}}}");
        let mut sink = sink(&text);
        let found = read(&text, &mut sink).and_then(|drafts| identify(drafts, &SHOP, &mut sink));
        assert!(found.is_err() && findings(sink).contains("cannot be"), "{text}");
    }
}

#[test]
fn a_document_that_is_no_map_is_no_object() {
    check(
        "- a\n",
        "x.yaml:1:1: error[manifest/not-an-object]: a Kubernetes object is a map, but this is a list\n  \
         an object starts with `apiVersion`, `kind` and `metadata`",
    );
}

#[test]
fn one_object_twice_is_an_error_whatever_its_version() {
    check(
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}}\n---\n\
         {apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}}\n",
        "x.yaml:3:1: error[manifest/duplicate]: `HorizontalPodAutoscaler/a` in namespace `shop` exists twice\n  \
         remove or rename one of the two",
    );
}

const SECRET: &str = "# kept\napiVersion: v1\nkind: Secret\nmetadata:\n    name: db\n    namespace: shop\n\
                      data:\n    a: ENC[AES256_GCM,data:x,type:str]\nsops:\n    mac: ENC[x]\n";

#[test]
fn an_encrypted_document_keeps_every_byte() {
    let mut sink = sink(SECRET);
    let drafts = read(SECRET, &mut sink).expect("drafts");
    let found = identify(drafts, &SHOP, &mut sink).expect("manifests");
    assert_eq!(found.iter().next().and_then(|m| m.verbatim.as_deref()), Some(SECRET));
}

#[test]
fn an_encrypted_document_must_name_its_namespace_itself() {
    check(
        &SECRET.replace("    namespace: shop\n", ""),
        "x.yaml:5:5: error[manifest/encrypted]: an encrypted document must name its namespace, `shop`, itself: \
         filling it in would break the checksum that SOPS wrote\n  \
         add `namespace: shop` under `metadata` with `sops edit`",
    );
}

#[test]
fn an_encrypted_document_is_alone_in_its_file() {
    check(
        &format!("{SECRET}---\n{{apiVersion: v1, kind: Secret, metadata: {{name: b}}}}\n"),
        "x.yaml:2:1: error[manifest/encrypted]: an encrypted document must be alone in its file: the checksum \
         that SOPS writes covers the whole file\n  \
         decrypt the file, put each document into a file of its own, and encrypt those",
    );
}

#[test]
fn an_encrypted_name_is_explained() {
    check(
        &SECRET.replace("name: db", "name: ENC[AES256_GCM,data:a/b,type:str]"),
        "x.yaml:5:11: error[manifest/name]: `metadata.name` cannot be `ENC[AES256_GCM,data:a/b,type:str]`: \
         a name holds neither `/` nor `%`\n  \
         SOPS encrypted it: encrypt only the data, with `encrypted_regex: ^(data|stringData)$`",
    );
}

fn manifests(text: &str, namespace: &str, sink: &mut Sink) -> Manifests {
    let apis = apis();
    let placement = Placement { apis: &apis, namespace: Some(namespace), ..SHOP };
    let drafts = read(text, sink).expect("drafts");
    identify(drafts, &placement, sink).expect("manifests")
}

/// Two targets of one text; the second sees it with `from` replaced by `to`.
fn check_two(text: &str, services: [&str; 2], [from, to]: [&str; 2], expect: &str) {
    let mut out = sink(text);
    let first = manifests(text, "one", &mut out);
    let mut second = manifests(text, "two", &mut out);
    if !from.is_empty() {
        let other = text.replace(from, to);
        second = manifests(&other, "two", &mut sink(&other));
    }
    let claims = |manifests: &Manifests| {
        manifests.iter().map(|manifest| Claim::of(manifest, &apis())).collect::<Vec<_>>()
    };
    let (first, second) = (claims(&first), claims(&second));
    let part = |target, service, claims| Part { target, service, claims };
    let parts = [part("dev/one/a", services[0], &first), part("dev/two/a", services[1], &second)];
    let _ = distinct(&parts, &mut out);
    assert_eq!(findings(out), expect);
}

const ROLE: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n\
                    rules: [{verbs: [get]}]\n";

#[test]
fn a_service_may_bring_an_equal_cluster_scoped_object_along_in_each_namespace() {
    check_two(ROLE, ["a", "a"], ["", ""], "");
    check_two(ROLE, ["a", "a"], ["{verbs: [get]}", "{\"verbs\": ['get']}"], "");
}

#[test]
fn a_cluster_scoped_object_that_differs_between_namespaces_is_an_error() {
    check_two(
        ROLE,
        ["a", "a"],
        ["[get]", "[list]"],
        "x.yaml:1:1: error[manifest/duplicate]: `ClusterRole/a` is not the same in `dev/one/a` and `dev/two/a`, \
         but the cluster has only one\n  write only into it what is the same in all namespaces of the service",
    );
}

#[test]
fn two_services_never_write_one_object() {
    check_two(
        ROLE,
        ["a", "b"],
        ["", ""],
        "x.yaml:1:1: error[manifest/duplicate]: `ClusterRole/a` comes out of two targets, `dev/one/a` and `dev/two/a`\n  \
         keep it in one of the two services, or rename one",
    );
    check_two("{apiVersion: v1, kind: Service, metadata: {name: a}}", ["a", "b"], ["", ""], "");
}

#[test]
fn a_definition_of_two_services_is_sent_to_a_service_of_its_own() {
    let text = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a.b}}";
    check_two(
        text,
        ["a", "b"],
        ["", ""],
        "x.yaml:1:1: error[manifest/duplicate]: `CustomResourceDefinition/a.b` comes out of two targets, \
         `dev/one/a` and `dev/two/a`\n  move it into a service of its own (a chart with only `crds/`, or plain \
         manifests), and copy it into the workspace's `schemas/`, which all services are checked against",
    );
}

#[test]
fn a_chart_defines_resources_and_nothing_else_in_crds() {
    let text =
        "{kind: List, items: [{kind: CustomResourceDefinition}, {kind: ConfigMap}]}\n---\n[]\n";
    let mut sink = sink(text);
    let path = RelPath::parse("x.yaml").expect("a path");
    let source = sink.files().read(&path, &mut Inputs::default()).expect("a file");
    assert!(definitions(&source, &mut sink).is_err());
    let hint = "\n  move it to `templates/`, or into `manifests/` beside service.yaml";
    assert_eq!(
        findings(sink),
        format!(
            "x.yaml:1:56: error[chart/stray-file]: `crds/` holds custom resource definitions only, but this is a `ConfigMap`{hint}\n\
             x.yaml:3:1: error[chart/stray-file]: `crds/` holds custom resource definitions only, but this is a list{hint}"
        )
    );
}
