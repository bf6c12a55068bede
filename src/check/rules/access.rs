//! Roles and who has them.
//!
//! Source: upstream's `pkg/apis/rbac/validation/validation.go`.

use super::grammar::DNS_SUBDOMAIN;
use super::{At, CodeRule, Found};

#[cfg(test)]
mod tests;

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "rbac/v1.ClusterRoleBinding", judge: role_of_a_cluster },
    CodeRule { on: "rbac/v1.RoleBinding", judge: role },
    CodeRule { on: "rbac/v1.PolicyRule", judge: what_a_rule_is_for },
];

const GROUP: &str = "rbac.authorization.k8s.io";

/// `ValidatePolicyRule`.
fn what_a_rule_is_for(rule: &At<'_>, found: &mut Found) {
    let urls = rule.get("nonResourceURLs");
    if urls.is_empty() {
        for field in ["apiGroups", "resources"].map(|name| rule.get(name)) {
            if field.is_empty() {
                found.required(&field);
            }
        }
        return;
    }
    if rule.object().kind == "Role" {
        found
            .invalid_whole(&urls, "may not be there in a `Role`")
            .hint("paths of the server belong to no namespace: write a `ClusterRole`");
    }
    let of_resources = ["apiGroups", "resources", "resourceNames"];
    if of_resources.iter().any(|name| !rule.get(name).is_empty()) {
        found
            .invalid_whole(&urls, "may not stand beside resources")
            .hint("write a rule for resources and another for `nonResourceURLs`");
    }
}

/// `ValidateRoleBinding`.
fn role(binding: &At<'_>, found: &mut Found) {
    refers(binding, &["Role", "ClusterRole"], found);
    binding.get("subjects").items().for_each(|one| subject(&one, found));
}

/// `ValidateClusterRoleBinding`.
fn role_of_a_cluster(binding: &At<'_>, found: &mut Found) {
    refers(binding, &["ClusterRole"], found);
    for one in binding.get("subjects").items() {
        subject(&one, found);
        let namespace = one.get("namespace");
        if one.get("kind").text() == "ServiceAccount" && namespace.is_empty() {
            found.required(&namespace).hint("name the namespace of the service account");
        }
    }
}

fn refers(binding: &At<'_>, kinds: &[&str], found: &mut Found) {
    let (group, kind) = (binding.get("roleRef.apiGroup"), binding.get("roleRef.kind"));
    if !matches!(group.text(), "" | GROUP) {
        found.unsupported(&group, &[GROUP]);
    }
    if !kinds.contains(&kind.text()) {
        found.unsupported(&kind, kinds);
    }
    let name = binding.get("roleRef.name");
    if name.is_empty() {
        found.required(&name);
    } else if matches!(name.text(), "." | "..") || name.text().contains(['/', '%']) {
        found.invalid(&name, "must have no `/` or `%`, and not be `.` or `..`");
    }
}

/// `ValidateRoleBindingSubject`. Where no group is named, a server names that of the kind.
fn subject(subject: &At<'_>, found: &mut Found) {
    let (kind, name, group) = (subject.get("kind"), subject.get("name"), subject.get("apiGroup"));
    if name.is_empty() {
        found.required(&name);
    }
    match kind.text() {
        "ServiceAccount" => {
            if !name.is_empty() && !(DNS_SUBDOMAIN.holds)(name.text()) {
                found.not_of(&name, &DNS_SUBDOMAIN);
            }
            if !group.is_empty() {
                found.forbidden(&group, "may not be there for a service account").hint("remove it");
            }
        }
        "User" | "Group" if !matches!(group.text(), "" | GROUP) => {
            found.unsupported(&group, &[GROUP]);
        }
        "User" | "Group" => {}
        _ => {
            found.unsupported(&kind, &["ServiceAccount", "User", "Group"]);
        }
    }
}
