//! Who owns an object, and who manages its fields.

use crate::check::rules::{At, Found};

/// Source: apimachinery `ValidateOwnerReferences`.
pub(super) fn references(object: &At<'_>, found: &mut Found) {
    let references = object.get("metadata.ownerReferences");
    for reference in references.items() {
        for name in ["kind", "name", "uid"].map(|name| reference.get(name)) {
            if name.is_empty() {
                found.required(&name);
            }
        }
        of_version(&reference, found);
    }
    let is_controller = |reference: &At<'_>| reference.get("controller").is_true();
    if references.items().filter(is_controller).count() > 1 {
        found
            .invalid_whole(&references, "must have one reference at most with `controller: true`")
            .hint("an object has one controller: remove the others");
    }
}

fn of_version(reference: &At<'_>, found: &mut Found) {
    let version = reference.get("apiVersion");
    let parts: Vec<&str> = version.text().split('/').collect();
    if version.is_empty() {
        found.required(&version);
    } else if parts.len() > 2 || parts.last().is_none_or(|version| version.is_empty()) {
        found.invalid(&version, "must be `VERSION` or `GROUP/VERSION`");
    }
    if (version.text(), reference.get("kind").text()) == ("v1", "Event") {
        found.invalid_whole(reference, "must not be an Event, which can own nothing");
    }
}

/// Source: `ValidateManagedFields`; a server drops the whole list where an entry is none that it could have written.
pub(super) fn managed_fields(object: &At<'_>, found: &mut Found) {
    let entries: Vec<At<'_>> = object.get("metadata.managedFields").items().collect();
    if !entries.iter().all(is_written_by_a_server) {
        return;
    }
    for entry in &entries {
        let manager = entry.get("manager");
        if manager.text().len() > 128 {
            found
                .too_long(&manager, 128, "bytes")
                .hint("remove `managedFields`: a server writes it");
        } else if manager.text().chars().any(char::is_control) {
            found.invalid(&manager, "must be without control characters");
        }
        let part = entry.get("subresource");
        if part.text().len() > 256 {
            found.too_long(&part, 256, "bytes").hint("remove `managedFields`: a server writes it");
        }
    }
}

fn is_written_by_a_server(entry: &At<'_>) -> bool {
    matches!(entry.get("operation").text(), "Apply" | "Update")
        && entry.get("fieldsType").text() == "FieldsV1"
        && !entry.get("apiVersion").is_empty()
        && entry.get("fieldsV1").is_set()
}
