//! Lists of objects, taken apart.

use super::Draft;
use crate::diag::{Code, Diagnostic, Sink};
use crate::yaml::Node;

/// One draft an object: the items of `v1 List` and of lists such as `DeploymentList` take the place of
/// the list, at any depth.
///
/// A list that cannot be taken apart is reported and left out.
pub(super) fn expand(drafts: Vec<Draft>, sink: &mut Sink) -> Vec<Draft> {
    let mut objects = Vec::with_capacity(drafts.len());
    for draft in drafts {
        match items(&draft.node) {
            None => objects.push(draft),
            Some(_) if draft.is_encrypted() => {
                let message = "an encrypted list cannot be taken apart into its objects";
                let finding = Diagnostic::error(Code::ManifestEncrypted, message)
                    .at(draft.node.place, "")
                    .hint("put each object into a file of its own and encrypt those");
                sink.error(finding);
            }
            Some(items) => {
                let item = |node: &Node| {
                    let part = draft.part.clone();
                    Draft { part, ..Draft::new(node.clone()) }
                };
                objects.extend(expand(items.iter().map(item).collect(), sink));
            }
        }
    }
    objects
}

/// The items of a list of objects. A custom resource may be called `AllowList`: only what has a list
/// of `items` and no name is a list.
fn items(node: &Node) -> Option<&[Node]> {
    let kind = node.get("kind")?.as_str()?;
    if !kind.ends_with("List") || node.at(&["metadata", "name"]).is_some() {
        return None;
    }
    match node.get("items") {
        Some(items) if !items.is_null() => items.as_list(),
        _ if kind == "List" => Some(&[]),
        _ => None,
    }
}
