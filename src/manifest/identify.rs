//! From drafts to manifests.

use super::expand::expand;
use super::{Draft, Manifest, Manifests, ObjectId, Placement, identity};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use std::sync::Arc;

/// Finds the objects in documents: reads their identities, takes lists apart, places them in a
/// namespace.
///
/// Documents without content are passed over. A kind that nothing serves counts as namespaced, as
/// kustomize has it; that it is unknown is for `check` to report.
///
/// # Errors
/// When a document is no object, lacks a part of its identity, may not be where it is, or exists twice;
/// everything found is reported.
pub fn identify(
    drafts: Vec<Draft>,
    placement: &Placement<'_>,
    sink: &mut Sink,
) -> Result<Manifests, Reported> {
    let mut found = Vec::with_capacity(drafts.len());
    for draft in expand(drafts, sink) {
        if !draft.node.is_null() {
            found.extend(one(draft, placement, sink).ok());
        }
    }
    let unique = Manifests::new(found, sink)?;
    sink.passed()?;
    Ok(unique)
}

fn one(mut draft: Draft, placement: &Placement<'_>, sink: &mut Sink) -> Result<Manifest, Reported> {
    refuse_lost_text(&draft, sink)?;
    let identity = identity::read(&draft.node, sink)?;
    let namespace = placement.place(&mut draft, &identity, sink)?;
    let id = ObjectId {
        namespace: namespace.map(Arc::from),
        group: identity.group,
        kind: identity.kind,
        name: identity.name,
    };
    let Draft { node, verbatim, part, edits, called } = draft;
    Ok(Manifest { id, api_version: identity.api_version, node, verbatim, part, edits, called })
}

/// What a template wrote has no text of its own that could be passed on byte for byte.
fn refuse_lost_text(draft: &Draft, sink: &mut Sink) -> Result<(), Reported> {
    if !draft.is_encrypted() || draft.verbatim.is_some() {
        return Ok(());
    }
    let message = "a document that SOPS encrypted cannot come out of a template: its checksum \
                   depends on every byte";
    let finding = Diagnostic::error(Code::ManifestEncrypted, message)
        .at(draft.node.place, "")
        .hint("move it into a folder of plain manifests, such as the service's `manifests/`");
    Err(sink.error(finding))
}
