//! Nodes, namespaces and revisions.

use super::super::grammar::{LABEL_KEY, is_label_key};
use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "apps/v1.ControllerRevision", judge: has_data },
    CodeRule { on: "core/v1.NamespaceSpec", judge: finalizers },
    CodeRule { on: "core/v1.NodeSpec", judge: taints_differ },
    CodeRule { on: "core/v1.NodeStatus", judge: amounts },
];

/// Source: `ValidateControllerRevision`.
fn has_data(revision: &At<'_>, found: &mut Found) {
    let data = revision.get("data");
    if data.node().is_none_or(|node| node.as_map().is_none()) {
        found.required(&data).hint("write a map there");
    }
}

/// Source: `ValidateFinalizerName`: the list is named, not its item.
fn finalizers(spec: &At<'_>, found: &mut Found) {
    const OF_SERVERS: [&str; 3] = ["foregroundDeletion", "kubernetes", "orphan"];
    let finalizers = spec.get("finalizers");
    for name in finalizers.items().map(|item| item.text()) {
        if !is_label_key(name) {
            let what = format!("has the item `{name}`, but each must be {}", LABEL_KEY.what);
            found.invalid_whole(&finalizers, &what).hint(LABEL_KEY.hint);
        } else if !name.contains('/') && !OF_SERVERS.contains(&name) {
            found
                .invalid_whole(&finalizers, &format!("has the item `{name}` without a domain"))
                .hint("write whose it is, such as `example.com/audit`");
        }
    }
}

/// Source: `validateNodeTaints`.
fn taints_differ(spec: &At<'_>, found: &mut Found) {
    let mut seen = Vec::new();
    for taint in spec.get("taints").items() {
        let key = (taint.get("key").text(), taint.get("effect").text());
        if seen.contains(&key) {
            found.duplicate(&taint);
        }
        seen.push(key);
    }
}

/// Source: `ValidateNodeResources`.
fn amounts(status: &At<'_>, found: &mut Found) {
    const COUNTED: [&str; 1] = ["pods"];
    for list in ["capacity", "allocatable"] {
        for (key, amount) in status.get(list).entries() {
            if amount.quantity() < super::super::quantity::Quantity::ZERO {
                found.invalid(&amount, "must not be below zero");
            } else if COUNTED.contains(&&*key.name) && !amount.quantity().is_whole() {
                found.invalid(&amount, "must be a whole number");
            }
        }
    }
}
