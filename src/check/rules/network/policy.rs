//! Network policies.
//!
//! Source: `pkg/apis/networking/validation/validation.go`.

use super::{At, CodeRule, Found, port, range};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "networking/v1.NetworkPolicyPort", judge: ports },
    CodeRule { on: "networking/v1.NetworkPolicyPeer", judge: peer },
    CodeRule { on: "networking/v1.IPBlock", judge: block },
];

/// Source: `ValidateNetworkPolicyPort`.
fn ports(rule: &At<'_>, found: &mut Found) {
    let (first, last) = (rule.get("port"), rule.get("endPort"));
    if first.is_set() {
        port(&first, found);
    }
    let Some(end) = last.number() else { return };
    match first.number() {
        None if first.is_set() => {
            found.invalid(&last, "must not be set where `port` is a name");
        }
        None => {
            found.invalid(&last, "must not be set where there is no `port`");
        }
        Some(begin) if end < begin => {
            found.invalid(&last, &format!("must be {begin} at least, as `port` is"));
        }
        Some(_) if !(1..=65535).contains(&end) => {
            found.invalid(&last, "must be between 1 and 65535");
        }
        Some(_) => {}
    }
}

/// Source: `ValidateNetworkPolicyPeer`.
fn peer(peer: &At<'_>, found: &mut Found) {
    let has = |name| peer.get(name).is_set();
    let has_pods = has("podSelector") || has("namespaceSelector");
    match (has("ipBlock"), has_pods) {
        (false, false) => {
            let hint = "write `podSelector`, `namespaceSelector` or `ipBlock`; `podSelector: {}` is all pods";
            found.required(peer).hint(hint);
        }
        (true, true) => {
            let what = "may have an `ipBlock` or what selects pods, not both";
            found.forbidden(peer, what).hint("make two entries of it");
        }
        _ => {}
    }
}

/// Source: `ValidateIPBlock`.
fn block(block: &At<'_>, found: &mut Found) {
    let cidr = block.get("cidr");
    if cidr.is_empty() {
        found.required(&cidr);
        return;
    }
    let Some(outer) = range(&cidr, cidr.text(), found) else { return };
    for except in block.get("except").items() {
        let inner = range(&except, except.text(), found);
        if inner.is_some_and(|inner| !outer.is_around(&inner)) {
            found.invalid(&except, "must be a smaller range inside of `cidr`");
        }
    }
}
