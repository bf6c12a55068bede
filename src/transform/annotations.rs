//! What becomes of all annotations when kustomize is done.

use super::field::told;
use super::scalar::{new_key, text_of};
use super::{Fault, Resource};
use crate::diag::Diagnostic;
use crate::yaml::{Data, Key, Map, Node};
use std::sync::Arc;

/// Annotations in which kustomize keeps its own state; they are never printed, whoever set them.
const INTERNAL: &[&str] = &[
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
];
pub(super) const ORIGIN: &str = "config.kubernetes.io/origin";
pub(super) const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";

/// Writes an object's annotations as kustomize leaves them: each value is a string of its own spelling, its own
/// state is gone, no empty map stays; and the origin and transformations are added that `resource` was given.
///
/// # Errors
/// When a name is none that kustomize can print.
pub fn finish_annotations(resource: &mut Resource) -> Result<(), Box<Diagnostic>> {
    let id = resource.id();
    finish(resource).map_err(|fault| told(fault, "metadata/annotations", &id))
}

fn finish(resource: &mut Resource) -> Result<(), Fault> {
    let place = resource.node.place;
    let origin = resource.origin.take().map(|origin| origin.text());
    let transformations =
        super::origin::text_of(&std::mem::take(&mut resource.transformations), place);
    let Some(object) = resource.node.as_map_mut() else { return Ok(()) };
    let metadata = object
        .entry(Key::new("metadata", place))
        .or_insert_with(|| Node::map(Map::default(), place));
    let Some(metadata) = metadata.as_map_mut() else { return Ok(()) };
    let mut kept = Map::default();
    if let Some(Data::Map(old)) = metadata.get("annotations").map(|node| &node.data) {
        let is_kept =
            |name: &str| !INTERNAL.contains(&name) && name != ORIGIN && name != TRANSFORMATIONS;
        for (key, node) in old.iter().filter(|(key, _)| is_kept(&key.name)) {
            new_key(&key.name, key.place)?;
            kept.insert(key.clone(), as_string(node));
        }
    }
    for (name, text) in [(ORIGIN, origin), (TRANSFORMATIONS, transformations)] {
        if let Some(text) = text {
            kept.insert(Key::new(name, place), Node::string(text, place));
        }
    }
    match (kept.is_empty(), metadata.get_mut("annotations")) {
        (true, _) => drop(metadata.shift_remove("annotations")),
        (false, Some(node)) => node.data = Data::Map(Arc::new(kept)),
        (false, None) => {
            metadata.insert(Key::new("annotations", place), Node::map(kept, place));
        }
    }
    Ok(())
}

/// A string of the spelling of a scalar; of anything else an empty one.
#[must_use]
pub fn as_string(node: &Node) -> Node {
    Node { set_at: node.set_at, ..Node::string(text_of(node), node.place) }
}
