//! The names of resources: what can be counted and limited.
//!
//! Source: `pkg/apis/core/helper/helpers.go`; `validateResourceName`, `validateContainerResourceName`,
//! `ValidateResourceQuantityValue` of `pkg/apis/core/validation/validation.go`.

use super::grammar::{LABEL_KEY, is_label_key};
use super::quantity::Quantity;
use super::{At, Found};

/// What a container uses.
pub(super) const OF_CONTAINERS: &[&str] = &["cpu", "memory", "ephemeral-storage"];

/// What is used and asked for, beside what is counted.
const USED: &[&str] = &[
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
];

/// What is counted in whole numbers.
const COUNTED: &[&str] = &[
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "persistentvolumeclaims",
    "configmaps",
    "services.nodeports",
    "services.loadbalancers",
];

fn is_huge(name: &str) -> bool {
    name.starts_with("hugepages-") || name.starts_with("requests.hugepages-")
}

/// Whether a quota knows it without a group.
pub(super) fn is_of_quotas(name: &str) -> bool {
    USED.contains(&name) || COUNTED.contains(&name) || is_huge(name)
}

/// Whether it is one of Kubernetes itself. Source: `IsNativeResource`.
pub(super) fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// Whether it is one of somebody else, such as `example.com/gpu`, of which there are whole ones only.
fn is_extended(name: &str) -> bool {
    !is_native(name) && !name.starts_with("requests.") && is_label_key(&format!("requests.{name}"))
}

/// Whether more of it may be promised than there is. Source: `IsOvercommitAllowed`.
pub(super) fn can_be_overcommitted(name: &str) -> bool {
    is_native(name) && !name.starts_with("hugepages-")
}

/// Judges the name that an amount stands under, in a list of any resources.
pub(super) fn judge_name(at: &At<'_>, name: &str, found: &mut Found) {
    if is_written_right(at, name, found)
        && !(is_of_quotas(name) || name == "storage" || name.contains('/'))
    {
        found.bad_key(at, "a resource that Kubernetes knows, or one of a group").hint(NAMES);
    }
}

/// The same, in a quota.
pub(super) fn judge_name_of_quota(at: &At<'_>, name: &str, found: &mut Found) {
    if is_written_right(at, name, found) && !(is_of_quotas(name) || name.contains('/')) {
        found.bad_key(at, "a resource that quotas know, or one of a group").hint(NAMES);
    }
}

/// The same, in a list of what containers use.
pub(super) fn judge_name_of_containers(at: &At<'_>, name: &str, found: &mut Found) {
    if is_written_right(at, name, found) && !is_of_containers(name) {
        found.bad_key(at, "a resource that containers use").hint(NAMES);
    }
}

/// Whether containers can ask for it.
pub(super) fn is_of_containers(name: &str) -> bool {
    match name.contains('/') {
        true => is_native(name) || is_extended(name),
        false => OF_CONTAINERS.contains(&name) || name.starts_with("hugepages-"),
    }
}

const NAMES: &str = "write such as `cpu`, `memory` or `example.com/gpu`";

/// Whether it could be a resource's name at all; told if not.
fn is_written_right(at: &At<'_>, name: &str, found: &mut Found) -> bool {
    if !is_label_key(name) {
        found.bad_key(at, LABEL_KEY.what).hint(LABEL_KEY.hint);
    }
    is_label_key(name)
}

/// Judges an amount: not below zero, and whole where there are no parts of it.
pub(super) fn judge_amount(at: &At<'_>, name: &str, found: &mut Found) {
    let amount = at.quantity();
    if amount < Quantity::ZERO {
        found.invalid(at, "must be 0 at least");
    }
    if (COUNTED.contains(&name) || is_extended(name)) && !amount.is_counted(at.text()) {
        found.invalid(at, "must be a whole number");
    }
}

/// Judges an amount of huge pages, which is so many of them. Source: `validateResourceQuantityHugePageValue`.
pub(super) fn judge_pages(at: &At<'_>, name: &str, found: &mut Found) {
    let Some(size) = name.strip_prefix("hugepages-") else { return };
    if !Quantity::parse(size).is_some_and(|page| at.quantity().is_multiple_of(page)) {
        found.invalid(at, &format!("must be so many times `{size}`"));
    }
}
