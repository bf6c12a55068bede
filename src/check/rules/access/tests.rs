//! Roles and who has them, by example. A real API server of version 1.35 was asked.

use crate::check::rules::tests::{check, refused};

fn check_role(kind: &str, rules: &str, expect: &str) {
    check(
        &format!(
            "{{apiVersion: rbac.authorization.k8s.io/v1, kind: {kind}, metadata: {{name: a}}, rules: {rules}}}"
        ),
        expect,
    );
}

#[test]
fn a_rule_is_for_resources_or_for_paths() {
    check_role("Role", "[{verbs: [get], apiGroups: [''], resources: [pods]}]", "");
    check_role(
        "Role",
        "[{verbs: [], resourceNames: [a]}]",
        "[api/required] `rules[0].apiGroups` is missing\n[api/required] `rules[0].resources` is missing\n[api/required] `rules[0].verbs` must not be empty",
    );
    check_role("ClusterRole", "[{verbs: [get], nonResourceURLs: [/a]}]", "");
    check_role(
        "ClusterRole",
        "[{verbs: [get], nonResourceURLs: [/a], apiGroups: ['']}]",
        "[api/invalid] `rules[0].nonResourceURLs` may not stand beside resources (write a rule for resources and another for `nonResourceURLs`)",
    );
}

#[test]
fn paths_belong_to_no_role_of_a_namespace() {
    check_role(
        "Role",
        "[{verbs: [get], nonResourceURLs: [/a]}]",
        "[api/invalid] `rules[0].nonResourceURLs` may not be there in a `Role` (paths of the server belong to no namespace: write a `ClusterRole`)",
    );
}

#[test]
fn an_aggregated_role_selects_others() {
    check(
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a}, aggregationRule: {clusterRoleSelectors: []}}",
        "[api/required] `aggregationRule.clusterRoleSelectors` must not be empty",
    );
}

fn check_binding(kind: &str, fields: &str, expect: &str) {
    check(
        &format!(
            "{{apiVersion: rbac.authorization.k8s.io/v1, kind: {kind}, metadata: {{name: a}}, {fields}}}"
        ),
        expect,
    );
}

#[test]
fn a_binding_names_a_role_that_a_path_can_have() {
    check_binding("RoleBinding", "roleRef: {kind: Role, name: 'a:b'}", "");
    check_binding(
        "RoleBinding",
        "roleRef: {kind: role, name: a/b}",
        "[api/enum] `roleRef.kind` must be one of `Role`, `ClusterRole`, but is the string `role`\n[api/invalid] `roleRef.name` must have no `/` or `%`, and not be `.` or `..`, but is the string `a/b`",
    );
    check_binding(
        "ClusterRoleBinding",
        "roleRef: {apiGroup: rbac, kind: Role}",
        "[api/required] `roleRef.name` is missing\n[api/enum] `roleRef.apiGroup` must be `rbac.authorization.k8s.io`, but is the string `rbac`\n[api/enum] `roleRef.kind` must be `ClusterRole`, but is the string `Role`",
    );
}

#[test]
fn a_subject_is_an_account_of_a_namespace_or_comes_from_outside() {
    let subjects =
        |subject| format!("roleRef: {{kind: ClusterRole, name: b}}, subjects: [{subject}]");
    check_binding("RoleBinding", &subjects("{kind: User, name: A b}"), "");
    check_binding("RoleBinding", &subjects("{kind: ServiceAccount, name: b}"), "");
    check_binding(
        "ClusterRoleBinding",
        &subjects("{kind: ServiceAccount, name: b}"),
        "[api/required] `subjects[0].namespace` is missing (name the namespace of the service account)",
    );
    check_binding(
        "RoleBinding",
        &subjects("{kind: ServiceAccount, name: B, apiGroup: c}"),
        "[api/invalid] `subjects[0].name` must be a DNS name of at most 253 small letters, digits, `-` and `.`, but is the string `B` (write small letters and digits, with `-` and `.` only between them, such as `my-name`)\n[api/forbidden] `subjects[0].apiGroup` may not be there for a service account (remove it)",
    );
    check_binding(
        "RoleBinding",
        &subjects("{kind: Group, name: b, apiGroup: c}"),
        "[api/enum] `subjects[0].apiGroup` must be `rbac.authorization.k8s.io`, but is the string `c`",
    );
    check_binding(
        "RoleBinding",
        &subjects("{kind: group}"),
        "[api/required] `subjects[0].name` is missing\n[api/enum] `subjects[0].kind` must be one of `ServiceAccount`, `User`, `Group`, but is the string `group`",
    );
}

#[test]
fn a_token_that_is_to_be_reviewed_is_there_in_every_version() {
    let review = |spec: &str| {
        format!("{{apiVersion: authentication.k8s.io/v1, kind: TokenReview, spec: {spec}}}")
    };
    for version in ["1.25", "1.35", "1.37"] {
        assert!(refused(&review("{token: a}"), version).is_empty());
        assert!(!refused(&review("{}"), version).is_empty());
        assert_eq!(refused(&review("{audiences: [a]}"), version), ["spec.token"]);
    }
}
