//! Objects that go nowhere: they are only judged.

use super::expand::expand;
use super::identity::{self, Recognised};
use super::{Draft, Manifest, ObjectId};
use crate::diag::{Reported, Sink};
use crate::yaml::Node;
use std::sync::Arc;

/// What an object is called that has no name.
const UNNAMED: &str = "(unnamed)";

/// One draft an object: lists are taken apart, documents without content passed over.
pub fn objects(drafts: Vec<Draft>, sink: &mut Sink) -> Vec<Draft> {
    let mut found = expand(drafts, sink);
    found.retain(|draft| !draft.node.is_null());
    found
}

/// The object of a draft by itself, as it would be sent to a server: placed nowhere, perhaps without a name.
///
/// # Errors
/// When it is no map, or its `apiVersion` or `kind` is missing or cannot be one.
pub fn recognise(draft: Draft, sink: &mut Sink) -> Result<Manifest, Reported> {
    let Recognised { api_version, group, kind } = identity::read_kind(&draft.node, sink)?;
    let given = |key| draft.node.at(&["metadata", key]).and_then(Node::as_str);
    let given = |key| given(key).filter(|text| !text.is_empty());
    let name: Arc<str> = match (given("name"), given("generateName")) {
        (Some(name), _) => name.into(),
        (None, Some(beginning)) => format!("{beginning}…").into(),
        (None, None) => UNNAMED.into(),
    };
    let id = ObjectId { namespace: given("namespace").map(Arc::from), group, kind, name };
    let verbatim = draft.is_encrypted().then(|| Arc::from(""));
    let Draft { node, part, edits, called, .. } = draft;
    Ok(Manifest { id, api_version, node, verbatim, part, edits, called })
}
