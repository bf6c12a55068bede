//! Nodes, namespaces and revisions.

use super::super::grammar::{LABEL_KEY, is_label_key};
use super::super::ip::Range;
use super::super::quantity::Quantity;
use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "apps/v1.ControllerRevision", judge: has_data },
    CodeRule { on: "core/v1.NamespaceSpec", judge: finalizers },
    CodeRule { on: "core/v1.NodeSpec", judge: taints_differ },
    CodeRule { on: "core/v1.NodeSpec", judge: ranges_of_pods },
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

/// Source: `ValidateNode`. A server takes `podCIDR` for all of them where it is not the first.
fn ranges_of_pods(spec: &At<'_>, found: &mut Found) {
    let (one, several) = (spec.get("podCIDR"), spec.get("podCIDRs"));
    let items: Vec<At<'_>> = several.items().collect();
    let is_first = items.first().is_some_and(|first| first.text() == one.text());
    let ranges = match one.is_empty() || is_first {
        true => items,
        false => vec![one],
    };
    for range in ranges.iter().filter(|range| Range::parse(range.text()).is_none()) {
        found
            .invalid(range, "must be a range of IP addresses")
            .hint("write an address, `/` and how many of its bits count, such as `10.9.8.0/24`");
    }
    let families = ranges.iter().map(|range| Range::parse(range.text()).map(|r| r.is_six()));
    let families: Vec<_> = families.collect();
    let differ = matches!(families.as_slice(), [Some(a), Some(b)] if a != b);
    if families.len() > 1 && !differ {
        found.invalid_whole(&several, "may have one range of IPv4 and one of IPv6");
    }
}

/// Source: `ValidateNodeResources`.
fn amounts(status: &At<'_>, found: &mut Found) {
    const COUNTED: [&str; 1] = ["pods"];
    for list in ["capacity", "allocatable"] {
        for (key, amount) in status.get(list).entries() {
            if amount.quantity() < Quantity::ZERO {
                found.invalid(&amount, "must not be below zero");
            } else if COUNTED.contains(&&*key.name) && !amount.quantity().is_whole() {
                found.invalid(&amount, "must be a whole number");
            }
        }
    }
}
