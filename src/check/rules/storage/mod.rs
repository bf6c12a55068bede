//! Volumes, claims of them, their classes, and what drivers say of themselves.

mod claim;
mod class;
mod driver;
mod source;
mod volume;

#[cfg(test)]
mod tests;

pub(super) const CLAIMS: &[CodeRule] = claim::RULES;
pub(super) const CLASSES: &[CodeRule] = class::RULES;
pub(super) const DRIVERS: &[CodeRule] = driver::RULES;
pub(super) const SOURCES: &[CodeRule] = source::RULES;
pub(super) const VOLUMES: &[CodeRule] = volume::RULES;

use super::grammar::{DNS_LABEL, DNS_SUBDOMAIN, Grammar, is_dns_subdomain, is_label_key};
use super::quantity::Quantity;
use super::{At, CodeRule, Found};

const MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const VOLUME_MODES: [&str; 2] = ["Block", "Filesystem"];

const DRIVER_NAME: Grammar = Grammar {
    name: "driver-name",
    what: "the name of a CSI driver: a DNS name",
    holds: |text| is_dns_subdomain(&text.to_ascii_lowercase()),
    hint: "write letters and digits, with `-` and `.` only between them, such as `disk.csi.example.com`",
};

/// Source: `ValidateCSIDriverName`; that there is one is another rule's.
fn names_a_driver(name: &At<'_>, found: &mut Found) {
    if name.text().len() > 63 {
        found.too_long(name, 63, "bytes");
    }
    if !name.is_empty() {
        is_of(&DRIVER_NAME, name, found);
    }
}

/// Holds a text that is there to a grammar.
fn is_of(grammar: &Grammar, at: &At<'_>, found: &mut Found) {
    if at.is_set() && !(grammar.holds)(at.text()) {
        found.not_of(at, grammar);
    }
}

/// A mode that allows one pod stands alone. Source: `ValidatePersistentVolumeClaimSpec`, `ValidatePersistentVolumeSpec`.
fn one_pod_stands_alone(modes: &At<'_>, found: &mut Found) {
    const ONE_POD: &str = "ReadWriteOncePod";
    let (for_one, others): (Vec<_>, Vec<_>) =
        modes.items().partition(|mode| mode.text() == ONE_POD);
    if !for_one.is_empty() && !others.is_empty() {
        found
            .forbidden(modes, &format!("may not have other modes beside `{ONE_POD}`"))
            .hint(format!("keep `{ONE_POD}` alone, or remove it"));
    }
}

/// A Secret that a volume names wherever it is. Source: `validatePVSecretReference`.
fn names_a_secret(secret: &At<'_>, found: &mut Found) {
    for (field, grammar) in [("name", &DNS_SUBDOMAIN), ("namespace", &DNS_LABEL)] {
        let at = secret.get(field);
        if at.is_empty() {
            found.required(&at);
        } else {
            is_of(grammar, &at, found);
        }
    }
}

fn is_more_than_zero(amount: &At<'_>, found: &mut Found) {
    if amount.quantity() <= Quantity::ZERO {
        found.invalid(amount, "must be more than zero");
    }
}

/// The key of a label in which the case of the prefix does not matter.
fn is_provisioner(text: &str) -> bool {
    is_label_key(&text.to_ascii_lowercase())
}
