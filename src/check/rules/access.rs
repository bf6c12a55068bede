//! Roles and who has them.

use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "rbac/v1.ClusterRoleBinding", judge: role_of_a_cluster },
    CodeRule { on: "rbac/v1.RoleBinding", judge: role },
];

/// Source: `ValidateRoleBinding`.
fn role(binding: &At<'_>, found: &mut Found) {
    refers(binding, &["Role", "ClusterRole"], found);
}

/// Source: `ValidateClusterRoleBinding`.
fn role_of_a_cluster(binding: &At<'_>, found: &mut Found) {
    refers(binding, &["ClusterRole"], found);
}

fn refers(binding: &At<'_>, kinds: &[&str], found: &mut Found) {
    let (group, kind) = (binding.get("roleRef.apiGroup"), binding.get("roleRef.kind"));
    if group.is_set() && !matches!(group.text(), "" | "rbac.authorization.k8s.io") {
        found.unsupported(&group, &["rbac.authorization.k8s.io"]);
    }
    if !kinds.contains(&kind.text()) {
        found.unsupported(&kind, kinds);
    }
}
