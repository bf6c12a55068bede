//! Patches where kustomize keeps notes about an object in its annotations: a patch finds the field there although nobody
//! wrote one, and what takes the place of all annotations takes notes with it.

use super::{JsonPatch, PatchRules};
use crate::transform::annotations::{ORIGIN, TRANSFORMATIONS, as_string};
use crate::transform::field::map_at;
use crate::transform::misfit::misfit_in;
use crate::transform::{Fault, Resource};
use crate::yaml::{Data, Key, Map, Node, Scalar, Value};

const ANNOTATIONS: [&str; 2] = ["metadata", "annotations"];

/// Applies a patch to an object and its notes; by exact rules to the object alone.
///
/// # Errors
/// As [`JsonPatch::apply`].
pub(super) fn apply(patch: &JsonPatch, resource: &mut Resource) -> Result<(), Fault> {
    if patch.rules() == PatchRules::Exact {
        let node = take(resource);
        resource.node = patch.apply(node, &mut resource.edits)?;
        return Ok(());
    }
    if let Some((fault, _)) = misfit_in(&resource.node) {
        return Err(fault);
    }
    resource.hidden.clear();
    let shown: Vec<_> = notes(resource).into_iter().flatten().collect();
    if resource.has_annotations()
        && let Some(annotations) = annotations(&mut resource.node)
    {
        if shown.contains(&TRANSFORMATIONS) {
            // When it writes this one, kustomize makes strings of all the others.
            annotations.values_mut().for_each(|node| *node = as_string(node));
        }
        for name in &shown {
            let place = resource.origin.as_ref().map_or(patch.place(), |origin| origin.place);
            annotations.insert(Key::new(*name, place), Node::string("", place));
        }
    }
    resource.node = patch.apply(take(resource), &mut Vec::new())?;
    for name in shown {
        let is_there = resource.node.at(&ANNOTATIONS).is_some_and(|all| all.get(name).is_some());
        match name {
            _ if is_there => {
                annotations(&mut resource.node).map(|all| all.shift_remove(name));
            }
            ORIGIN => resource.origin = None,
            _ => resource.transformations.clear(),
        }
    }
    Ok(())
}

/// The annotations that kustomize does not put back when a patch has taken them away.
fn notes(resource: &Resource) -> [Option<&'static str>; 2] {
    [
        resource.origin.is_some().then_some(ORIGIN),
        (!resource.transformations.is_empty()).then_some(TRANSFORMATIONS),
    ]
}

/// The annotations of an object, made where there are none.
fn annotations(object: &mut Node) -> Option<&mut Map> {
    let place = object.place;
    let metadata = object.at_mut(&["metadata"])?.as_map_mut()?;
    let annotations = map_at(metadata, "annotations", place);
    if annotations.is_null() {
        *annotations = Node::map(Map::default(), place);
    }
    annotations.as_map_mut()
}

/// Forgets all that kustomize keeps in annotations: what an object was called, and that its name ends with a hash.
pub(super) fn forget(resource: &mut Resource) {
    resource.previous.clear();
    resource.prefixes.clear();
    resource.suffixes.clear();
    resource.transformations.clear();
    (resource.generated, resource.origin) = (None, None);
}

/// Takes an object out of its place, where null is left.
pub(super) fn take(resource: &mut Resource) -> Node {
    let null = Node::new(Data::Scalar(Scalar::plain(Value::Null)), resource.node.place);
    std::mem::replace(&mut resource.node, null)
}
