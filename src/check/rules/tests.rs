//! Rules by example: one mistake each, and what is said of it. A real API server of version 1.35 was asked.

use super::{Compiled, judge};
use crate::api::{Api, Version};
use crate::diag::Code;
use crate::source::{Files, Inputs, RelPath};
use crate::yaml;

/// What the rules of a version say against an object, a line each: reason, message, next steps. What is only warned of is
/// left to [`warned`].
pub(super) fn said(text: &str, version: &str) -> String {
    lines(text, version, |code| code != Code::ApiWarning)
}

/// What a server of a version warns of, a line each: message, next steps.
pub(super) fn warned(text: &str, version: &str) -> String {
    lines(text, version, |code| code == Code::ApiWarning).replace("[api/warning] ", "")
}

fn lines(text: &str, version: &str, is_asked: fn(Code) -> bool) -> String {
    let files = Files::memory([("x.yaml", text)]).expect("a path");
    let path = RelPath::parse("x.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a text");
    let documents = yaml::parse(source.text(), source.id(), yaml::Options::default());
    let root = documents.expect("YAML").remove(0).root;
    let word = |key| root.get(key).and_then(yaml::Node::as_str).expect("a word");
    let api = Api::new(Version::parse(version).expect("a version"));
    let kind = api.kind(word("apiVersion"), word("kind")).expect("a kind");
    let broken = judge(&root, kind, &Compiled::new(kind));
    let lines = broken.iter().filter(|one| is_asked(one.code)).map(|one| {
        let hints: Vec<_> = one.hints.iter().map(|hint| format!(" ({hint})")).collect();
        format!("[{}] {}{}", one.code, one.message, hints.concat())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The codes and paths of what is said, a line each.
pub(super) fn brief(text: &str, version: &str) -> String {
    let of_line = |line: &str| {
        let mut parts = line.split('`');
        format!("{}{}", parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    };
    said(text, version).lines().map(of_line).collect::<Vec<_>>().join("\n")
}

/// What is said of an object, reason and path only, in one line.
pub(super) fn paths(text: &str, version: &str) -> String {
    let said = said(text, version);
    let paths = said.lines().map(|line| {
        let code = line.split(' ').next().unwrap_or_default();
        format!("{code} {}", line.split('`').nth(1).unwrap_or_default())
    });
    paths.collect::<Vec<_>>().join("; ")
}

pub(super) fn check(text: &str, expect: &str) {
    assert_eq!(said(text, "1.35"), expect, "of {text}");
}

/// The fields that are refused, in the order of the text.
pub(super) fn refused(text: &str, version: &str) -> Vec<String> {
    let said = said(text, version);
    let field = |line: &str| line.split('`').nth(1).unwrap_or_default().to_owned();
    said.lines().map(field).collect()
}

pub(super) fn check_pod(spec: &str, expect: &str) {
    check(&format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {spec}"), expect);
}

#[test]
fn an_image_is_required_and_a_null_item_is_an_empty_one() {
    check_pod("{containers: [{name: a}]}", "[api/required] `spec.containers[0].image` is missing");
    check_pod(
        "{containers: [null]}",
        "[api/required] `spec.containers[0].image` is missing\n[api/required] `spec.containers[0].name` is missing",
    );
}

#[test]
fn what_is_absent_and_always_there_is_held_to_its_rules() {
    check(
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {maxReplicas: 2}}",
        "[api/invalid] `spec.scaleTargetRef.apiVersion` must have a group (write such as `apps/v1` for a Deployment or a StatefulSet)\n[api/required] `spec.scaleTargetRef.kind` is missing\n[api/required] `spec.scaleTargetRef.name` is missing",
    );
    check(
        "{apiVersion: v1, kind: Pod, metadata: {name: a}}",
        "[api/required] `spec.containers` is missing",
    );
}

#[test]
fn what_the_published_schemas_require_and_a_server_does_without_may_be_absent() {
    check(
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {}}",
        "",
    );
}

#[test]
fn nothing_but_its_kind_is_needed_to_judge_an_object() {
    for version in [Version::OLDEST, Version::NEWEST] {
        for kind in Api::new(version).kinds() {
            let (api_version, name) = (kind.api_version(), kind.name());
            said(&format!("{{apiVersion: {api_version}, kind: {name}}}"), &version.to_string());
        }
    }
}

#[test]
fn an_enum_takes_its_default_for_an_empty_text_unless_it_is_a_pointer() {
    let pod = |policy| format!("{{restartPolicy: {policy}, containers: [{{name: a, image: b}}]}}");
    check_pod(&pod("''"), "");
    check_pod(
        &pod("always"),
        "[api/enum] `spec.restartPolicy` must be one of `Always`, `OnFailure`, `Never`, but is the string `always` (did you mean `Always`?)",
    );
    check(
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {internalTrafficPolicy: '', ports: [{port: 1}]}}",
        "[api/enum] `spec.internalTrafficPolicy` must be one of `Cluster`, `Local`, but is the string ``",
    );
}

#[test]
fn a_number_has_a_range() {
    check_pod(
        "{containers: [{name: a, image: b, ports: [{containerPort: 99999}]}]}",
        "[api/invalid] `spec.containers[0].ports[0].containerPort` must be between 1 and 65535, but is the integer `99999`",
    );
}

#[test]
fn a_mount_names_a_volume() {
    check_pod(
        "{containers: [{name: a, image: b, volumeMounts: [{name: x, mountPath: /x}]}], volumes: [{name: y}]}",
        "[api/reference] `spec.containers[0].volumeMounts[0].name` names the string `x`, which is no volume of this object (add it to the pod's `volumes`)",
    );
}

#[test]
fn a_probe_has_one_way_to_probe() {
    let probe = |probe| format!("{{containers: [{{name: a, image: b, livenessProbe: {probe}}}]}}");
    check_pod(
        &probe("{periodSeconds: 3}"),
        "[api/required] `spec.containers[0].livenessProbe` must not be empty (add one of `exec`, `httpGet`, `tcpSocket`, `grpc`)",
    );
    check_pod(
        &probe("{exec: {command: [a]}, tcpSocket: {port: 1}}"),
        "[api/forbidden] `spec.containers[0].livenessProbe.tcpSocket` may not stand beside another handler",
    );
}

#[test]
fn a_template_has_the_labels_that_are_selected() {
    let deployment = |labels| {
        format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: a}}, spec: {{selector: {{matchLabels: {{a: b}}}}, \
             template: {{metadata: {{labels: {labels}}}, spec: {{containers: [{{name: a, image: b}}]}}}}}}}}"
        )
    };
    check(&deployment("{a: b, c: d}"), "");
    check(
        &deployment("{a: c}"),
        "[api/invalid] `spec.template.metadata.labels` must have all that `selector` asks for (repeat the labels of `selector.matchLabels` there)",
    );
}

#[test]
fn a_name_suits_its_kind() {
    let named =
        |kind, name| format!("{{apiVersion: v1, kind: {kind}, metadata: {{name: {name}}}}}");
    check(&named("ConfigMap", "a.b"), "");
    check(
        &named("Namespace", "a.b"),
        "[api/invalid] `metadata.name` must be a DNS label of at most 63 small letters, digits and `-`, but is the string `a.b` (write small letters and digits, with `-` only between them, such as `my-name`)",
    );
}

#[test]
fn a_variable_may_begin_with_a_digit_since_1_32() {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b, env: [{name: 1A}]}]}}";
    assert_eq!(said(pod, "1.32"), "");
    assert_eq!(
        said(pod, "1.31"),
        "[api/invalid] `spec.containers[0].env[0].name` must be letters, digits, `-`, `_` and `.`, and not begin with a digit, but is the string `1A` (write a name such as `LOG_LEVEL`)"
    );
}

#[test]
fn names_of_containers_differ_and_a_list_has_a_longest_length() {
    check_pod(
        "{containers: [{name: a, image: b}, {name: a, image: c}]}",
        "[api/duplicate] `spec.containers[1].name` is the string `a` a second time (remove or rename one of the two)",
    );
    check(
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}, policyTypes: [Egress, Egress, Egress]}}",
        "[api/length] `spec.policyTypes` must have at most 2 entries",
    );
}
