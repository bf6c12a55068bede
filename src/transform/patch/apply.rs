//! Patches objects among others.

use super::noted::{self, forget, take};
use super::spelling::{is_unquoted, string, text};
use super::{JsonPatch, Lists, Merging, Selector, merge};
use crate::diag::{Code, Diagnostic, Reported, Sink, nearest};
use crate::source::Place;
use crate::transform::{Fault, ResId, Resource, Resources, Text, follow_shared, set_entry_text};
use crate::yaml::{Data, Key, Map, Node, Style};
use std::sync::Arc;

/// What a merge patch may change of an object's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Its name.
    Name,
    /// Its kind.
    Kind,
}

/// Whether an object is still found by what it was called before a JSON patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// It is.
    Remembered,
    /// It is not.
    Forgotten,
}

/// Merges a patch into the object that it names: by what that is called now or was called before.
///
/// An object that the patch deletes goes.
///
/// # Errors
/// When no object or more than one is called so, and as [`merge`].
pub fn merge_named(
    patch: &Node,
    (merging, changes): (Merging<'_>, &[Change]),
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let id = merging.keys.scopes().of(ResId::of(patch));
    let at = match resources.with_any_id(&id) {
        [at] => *at,
        [] => return Err(no_match(patch, &id, resources, sink)),
        several => return Err(several_match(patch, several, resources, sink)),
    };
    merge_at(at, patch, (merging, changes), resources, sink)?;
    if resources.get(at).is_some_and(Resource::is_empty) {
        resources.retain(|resource| !resource.is_empty());
    }
    refuse_twice(patch.place, resources, sink)
}

/// Merges a patch into all objects that are selected, whatever it names itself; gives how many those are.
///
/// # Errors
/// As [`merge`], and when a patch that may change names makes two objects the same.
pub fn merge_selected(
    patch: &Node,
    selector: &Selector,
    (merging, changes): (Merging<'_>, &[Change]),
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<usize, Reported> {
    let selected = selected(selector, resources);
    let patch = match merging.lists {
        Lists::AsKustomize => with_texts(patch),
        Lists::ByAllKeys => patch.clone(),
    };
    for at in &selected {
        let version = resources.get(*at).and_then(|own| own.node.get("apiVersion").cloned());
        let patch = with_version(&patch, version);
        merge_at(*at, &patch, (merging, changes), resources, sink)?;
    }
    resources.retain(|resource| !resource.is_empty());
    refuse_twice(patch.place, resources, sink)?;
    Ok(selected.len())
}

/// Applies a JSON patch to all objects that are selected; gives how many those are.
///
/// # Errors
/// As [`JsonPatch::apply`].
pub fn apply_json(
    patch: &JsonPatch,
    selector: &Selector,
    before: Before,
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<usize, Reported> {
    let selected = selected(selector, resources);
    for at in &selected {
        let id = resources.get(*at).map(Resource::id);
        let done = resources.edit(*at, |resource| {
            if before == Before::Remembered {
                resource.remember_id();
            }
            noted::apply(patch, resource)?;
            refuse_nameless(resource, patch.place())
        });
        done.map_err(|fault| told(fault, &id, sink))?;
    }
    Ok(selected.len())
}

/// Refuses an object that lost its kind or its name; lists need no name.
fn refuse_nameless(resource: &Resource, place: Place) -> Result<(), Fault> {
    let id = resource.id();
    let lost = match (&*id.gvk.kind, &*id.name) {
        ("", _) => "kind",
        (kind, "") if !kind.ends_with("List") => "metadata.name",
        _ => return Ok(()),
    };
    let message = format!("the patch leaves the object without `{lost}`");
    Err(Fault { message, place, hint: "let the patch give it another instead" })
}

fn selected(selector: &Selector, resources: &Resources) -> Vec<usize> {
    let all = resources.iter().enumerate();
    all.filter(|(_, resource)| selector.selects(resource)).map(|(at, _)| at).collect()
}

fn merge_at(
    at: usize,
    patch: &Node,
    (merging, changes): (Merging<'_>, &[Change]),
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let id = resources.get(at).map(Resource::id);
    let done = resources.edit(at, |resource| merge_into(resource, patch, (merging, changes)));
    done.map_err(|fault| told(fault, &id, sink))
}

/// Merges a patch into an object, which keeps its name, kind and namespace unless the patch may change them.
fn merge_into(
    resource: &mut Resource,
    patch: &Node,
    (merging, changes): (Merging<'_>, &[Change]),
) -> Result<(), Fault> {
    if !changes.is_empty() {
        resource.remember_id();
    }
    let id = resource.id();
    let place = resource.node.place;
    let before = resource.node.clone();
    let Some(mut node) = merge(take(resource), patch, merging)? else { return Ok(()) };
    follow_shared(&before, &mut node);
    resource.node = node;
    if merging.lists == Lists::AsKustomize && drops_annotations(patch) {
        forget(resource);
    }
    if resource.is_empty() {
        return Ok(());
    }
    if !changes.contains(&Change::Kind) {
        restore(&mut resource.node, "kind", &id.gvk.kind, place)?;
    }
    let Some(object) = resource.node.as_map_mut() else { return Ok(()) };
    let metadata = object
        .entry(Key::new("metadata", place))
        .or_insert_with(|| Node::map(Map::default(), place));
    if !changes.contains(&Change::Name) {
        restore(metadata, "name", &id.name, place)?;
    }
    restore(metadata, "namespace", &id.namespace, place)
}

/// Whether a patch takes all annotations of an object away, among which kustomize keeps its notes.
fn drops_annotations(patch: &Node) -> bool {
    let is_replaced =
        |node: &Node| matches!(node.get("$patch").map(text), Some("replace" | "delete"));
    let Some(metadata) = patch.get("metadata") else { return false };
    let annotations = metadata.get("annotations");
    is_replaced(metadata) || annotations.is_some_and(|all| all.is_null() || is_replaced(all))
}

/// Gives a field the text that it had before, whose meaning is found out anew if the patch has one, too.
fn restore(map: &mut Node, key: &str, before: &Arc<str>, place: Place) -> Result<(), Fault> {
    let is_same = match map.get(key) {
        Some(now) => {
            !before.is_empty() && !now.is_null() && text(now) == &**before && !is_unquoted(now)
        }
        None => before.is_empty(),
    };
    if is_same {
        return Ok(());
    }
    match (before.is_empty(), map.as_map_mut()) {
        (true, Some(map)) => {
            map.shift_remove(key);
            Ok(())
        }
        _ => set_entry_text(map, key, &Text::new(Arc::clone(before), place)),
    }
}

/// A patch of the version of the object that it is for.
fn with_version(patch: &Node, version: Option<Node>) -> Node {
    let mut patch = patch.clone();
    if let (Some(map), Some(mut version)) = (patch.as_map_mut(), version) {
        if let Data::Scalar(scalar) = &mut version.data {
            scalar.style = Style::Plain;
        }
        map.insert(Key::new("apiVersion", version.place), version);
    }
    patch
}

/// A patch as kustomize merges it into what it selects: its labels and annotations are strings, a null among them too, so
/// that none is removed; where there are none, the field goes.
#[must_use]
pub fn with_texts(patch: &Node) -> Node {
    let mut patch = patch.clone();
    let metadata = patch.as_map_mut().and_then(|map| map.get_mut("metadata"));
    let Some(metadata) = metadata.and_then(Node::as_map_mut) else { return patch };
    for field in ["labels", "annotations"] {
        match metadata.get_mut(field).and_then(Node::as_map_mut) {
            Some(map) if !map.is_empty() => {
                map.values_mut().for_each(|node| node.data = Data::Scalar(string(node)));
            }
            _ => drop(metadata.shift_remove(field)),
        }
    }
    patch
}

fn told(fault: Fault, id: &Option<ResId>, sink: &mut Sink) -> Reported {
    let Fault { message, place, hint } = fault;
    let finding = Diagnostic::error(Code::KustomizePatch, message).at(place, "");
    let named =
        |finding: Diagnostic, id: &ResId| finding.subject(format!("{}/{}", id.gvk.kind, id.name));
    let finding = id.iter().fold(finding, named);
    sink.error(finding.hint(hint))
}

fn no_match(patch: &Node, id: &ResId, resources: &Resources, sink: &mut Sink) -> Reported {
    let place = name_of(patch).place;
    let message = format!("no object is called {id}, which this patch is for");
    let finding = Diagnostic::error(Code::KustomizeNoMatch, message).at(place, "");
    let of_kind = || resources.iter().map(Resource::id).filter(|own| own.gvk == id.gvk);
    let names: Vec<_> = of_kind().map(|own| own.name).collect();
    let elsewhere = of_kind().find(|own| own.name == id.name);
    let is_twin = |own: &ResId| own.gvk.kind == id.gvk.kind && own.name == id.name;
    let twin = resources.iter().map(Resource::id).find(is_twin);
    let hint = match (elsewhere, nearest(&id.name, names.iter().map(|name| &**name))) {
        (Some(own), _) if own.namespace.is_empty() => {
            "the one of this name has no `metadata.namespace` here: remove it from the patch"
                .to_owned()
        }
        (Some(own), _) => {
            format!("the one of this name has `metadata.namespace: {}`", own.namespace)
        }
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => match twin {
            Some(own) => format!("the one of this name has `apiVersion: {}`", own.gvk.api_version),
            None => {
                "correct its `apiVersion`, `kind` and `metadata`, or say by `target` what it is for"
                    .to_owned()
            }
        },
    };
    sink.error(finding.hint(hint))
}

fn several_match(
    patch: &Node,
    several: &[usize],
    resources: &Resources,
    sink: &mut Sink,
) -> Reported {
    let id = ResId::of(patch);
    let message = format!("{} objects are or were called {id}", several.len());
    let finding = Diagnostic::error(Code::KustomizePatch, message).at(name_of(patch).place, "");
    let also = several.iter().filter_map(|at| resources.get(*at));
    let finding = also.fold(finding, |finding, own| finding.also(own.place(), "one of them"));
    sink.error(finding.hint("say by `target` which of them the patch is for"))
}

fn name_of(patch: &Node) -> &Node {
    patch.at(&["metadata", "name"]).unwrap_or(patch)
}

/// Refuses two objects of one identity.
fn refuse_twice(place: Place, resources: &Resources, sink: &mut Sink) -> Result<(), Reported> {
    let Some((first, second)) = resources.twins() else { return Ok(()) };
    let message = format!("after this patch two objects are called {}", first.id());
    let finding = Diagnostic::error(Code::KustomizeTwice, message)
        .at(place, "")
        .also(first.place(), "one of them")
        .also(second.place(), "the other");
    Err(sink.error(finding.hint("give each a name of its own")))
}
