//! Classes of volumes: who makes them, and where.

use super::{At, CodeRule, Found, is_provisioner};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "storage/v1.StorageClass", judge: storage_class },
    CodeRule { on: "storage/v1.VolumeAttributesClass", judge: attributes_class },
    CodeRule { on: "storage/v1alpha1.VolumeAttributesClass", judge: attributes_class },
    CodeRule { on: "storage/v1beta1.VolumeAttributesClass", judge: attributes_class },
    CodeRule { on: "core/v1.TopologySelectorTerm", judge: keys_and_values_differ },
];

/// All parameters together may have this many bytes. Source: `validateParameters`.
const LONGEST: usize = 256 * 1024;

/// Source: `ValidateStorageClass`.
fn storage_class(class: &At<'_>, found: &mut Found) {
    provisioner(&class.get("provisioner"), found);
    parameters(&class.get("parameters"), found);
    topologies_differ(&class.get("allowedTopologies"), found);
}

/// Source: `ValidateVolumeAttributesClass`.
fn attributes_class(class: &At<'_>, found: &mut Found) {
    provisioner(&class.get("driverName"), found);
    parameters(&class.get("parameters"), found);
}

fn provisioner(name: &At<'_>, found: &mut Found) {
    if !name.is_empty() && !is_provisioner(name.text()) {
        found
            .invalid(name, "must be the name of a driver, as the key of a label is one")
            .hint("write a name such as `disk.csi.example.com` or `example.com/nfs`");
    }
}

fn parameters(parameters: &At<'_>, found: &mut Found) {
    let bytes: usize =
        parameters.entries().map(|(key, value)| key.name.len() + value.text().len()).sum();
    if bytes > LONGEST {
        found.too_long(parameters, LONGEST, "bytes in all");
    }
    if parameters.has_key("") {
        found.invalid_whole(parameters, "must not have an empty key");
    }
}

/// Two terms may not say the same, in whatever order. Source: `validateAllowedTopologies`.
fn topologies_differ(topologies: &At<'_>, found: &mut Found) {
    let mut seen: Vec<BTreeMap<String, BTreeSet<String>>> = Vec::new();
    for labels in topologies.items().map(|term| term.get("matchLabelExpressions")) {
        let values =
            |label: &At<'_>| label.get("values").items().map(|v| v.text().into()).collect();
        let term = labels.items().map(|label| (label.get("key").text().into(), values(&label)));
        let term = term.collect();
        if labels.is_empty() {
            found.required(&labels).hint("a term without labels counts as doubled");
        } else if seen.contains(&term) {
            found.duplicate(&labels);
        }
        seen.push(term);
    }
}

/// Source: `ValidateTopologySelectorTerm`.
fn keys_and_values_differ(term: &At<'_>, found: &mut Found) {
    let mut keys = BTreeSet::new();
    for label in term.get("matchLabelExpressions").items() {
        let mut values = BTreeSet::new();
        for value in label.get("values").items() {
            if !values.insert(value.text()) {
                found.duplicate(&value);
            }
        }
        if !keys.insert(label.get("key").text()) {
            found.duplicate(&label.get("key"));
        }
    }
}
