//! What becomes of all annotations when kustomize is done.

use super::field::{map_at, told};
use super::scalar::new_key;
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
    finish(resource).map_err(|fault| told(fault, "metadata/annotations", &resource.id()))
}

fn finish(resource: &mut Resource) -> Result<(), Fault> {
    let place = resource.node.place;
    let origin = resource.origin.take().map(|origin| origin.text());
    let transformations =
        super::origin::text_of(&std::mem::take(&mut resource.transformations), place);
    let notes = [(ORIGIN, origin), (TRANSFORMATIONS, transformations)];
    let notes = notes.into_iter().filter_map(|(name, text)| Some((name, text?)));
    let mut notes = notes.map(|(name, text)| (Key::new(name, place), Node::string(text, place)));
    let Some(object) = resource.node.as_map_mut() else { return Ok(()) };
    let Some(metadata) = map_at(object, "metadata", place).as_map_mut() else { return Ok(()) };
    let first = notes.next();
    if first.is_none() && !metadata.contains_key("annotations") {
        return Ok(());
    }
    let annotations = map_at(metadata, "annotations", place);
    if annotations.as_map().is_none() {
        annotations.data = Data::Map(Arc::default());
    }
    if let Some(map) = annotations.as_map_mut() {
        clean(map)?;
        map.extend(first.into_iter().chain(notes));
    }
    if annotations.as_map().is_some_and(Map::is_empty) {
        metadata.shift_remove("annotations");
    }
    Ok(())
}

/// Takes kustomize's own state out, and makes strings of all others.
fn clean(annotations: &mut Map) -> Result<(), Fault> {
    let is_own = |name: &str| INTERNAL.contains(&name) || name == ORIGIN || name == TRANSFORMATIONS;
    annotations.retain(|key, _| !is_own(&key.name));
    for (key, node) in annotations {
        new_key(&key.name, key.place)?;
        *node = as_string(node);
    }
    Ok(())
}

/// A string of the spelling of a scalar; of anything else an empty one.
#[must_use]
pub fn as_string(node: &Node) -> Node {
    let text = node.as_scalar().map_or_else(Arc::default, |scalar| Arc::clone(&scalar.text));
    Node { set_at: node.set_at, ..Node::string(text, node.place) }
}
