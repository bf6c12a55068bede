//! What CSI drivers say of themselves, of nodes, and of the space they have.
//!
//! Source: upstream's `pkg/apis/storage/validation/validation.go`.

use super::super::grammar::LABEL_KEY;
use super::{At, CodeRule, Found, Quantity, names_a_driver};
use std::collections::BTreeSet;

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "storage/v1.CSIDriver", judge: tokens },
    CodeRule { on: "storage/v1.CSINodeSpec", judge: drivers_differ },
    CodeRule { on: "storage/v1.CSINodeDriver", judge: node_driver },
    CodeRule { on: "storage/v1.CSIStorageCapacity", judge: space },
    CodeRule { on: "storage/v1beta1.CSIStorageCapacity", judge: space },
];

/// `validateTokenRequests`, `validateServiceAccountTokenInSecrets`.
fn tokens(driver: &At<'_>, found: &mut Found) {
    let (requests, in_secrets) =
        (driver.get("spec.tokenRequests"), driver.get("spec.serviceAccountTokenInSecrets"));
    if in_secrets.is_set() && requests.is_empty() {
        found
            .invalid_whole(&in_secrets, "must not be there without `tokenRequests`")
            .hint("add `tokenRequests`, or remove it");
    }
    no_second(requests.items().map(|request| request.get("audience")), found);
}

/// `validateCSINodeDrivers`.
fn drivers_differ(spec: &At<'_>, found: &mut Found) {
    no_second(spec.get("drivers").items().map(|driver| driver.get("name")), found);
}

fn no_second<'m>(texts: impl Iterator<Item = At<'m>>, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for text in texts {
        if !seen.insert(text.text()) {
            found.duplicate(&text);
        }
    }
}

/// `validateCSINodeDriver`.
fn node_driver(driver: &At<'_>, found: &mut Found) {
    names_a_driver(&driver.get("name"), found);
    let mut seen = BTreeSet::new();
    for key in driver.get("topologyKeys").items() {
        if key.text().is_empty() {
            found.required(&key);
        } else if !(LABEL_KEY.holds)(key.text()) {
            found.not_of(&key, &LABEL_KEY);
        } else if !seen.insert(key.text()) {
            found.duplicate(&key);
        }
    }
}

/// `ValidateCSIStorageCapacity`: of two amounts one is looked at.
fn space(space: &At<'_>, found: &mut Found) {
    let capacity = space.get("capacity");
    if capacity.quantity() < Quantity::ZERO {
        found.invalid(&capacity, "must not be below zero");
    }
}
