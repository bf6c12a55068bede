//! Objects that go nowhere: they are only judged.

use super::expand::expand;
use super::identity::{self, MAX_NAME, Recognised, wrong_name};
use super::{Draft, Manifest, ObjectId, point_at};
use crate::diag::{Code, Diagnostic, Reported, Sink};
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
    let Draft { node, part, .. } = draft;
    Ok(Manifest { id, api_version, node, verbatim, part })
}

/// Kinds whose names may be as long as they like.
const LONG_NAMES: [&str; 6] =
    ["ClusterRole", "ClusterRoleBinding", "Event", "PodDisruptionBudget", "Role", "RoleBinding"];

/// That a name is none that an object can have.
#[must_use]
pub fn name_of_no_object(manifest: &Manifest) -> Option<Diagnostic> {
    let node = manifest.node.at(&["metadata", "name"])?;
    let text = node.as_str().filter(|text| !text.is_empty())?;
    let may_be_long = LONG_NAMES.contains(&&*manifest.id.kind);
    let judged =
        if may_be_long { text.get(..MAX_NAME.min(text.len())).unwrap_or(text) } else { text };
    let wrong = wrong_name(judged)?;
    let message = format!("`metadata.name` cannot be `{text}`: a name {wrong}");
    let finding = point_at(Diagnostic::error(Code::ManifestName, message), node);
    let hint = "write a name of small letters, digits and `-`, such as `web`";
    Some(finding.subject(format!("{} metadata.name", manifest.id)).hint(hint))
}
