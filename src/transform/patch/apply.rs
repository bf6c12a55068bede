//! Patches objects among others.

use super::edits::of_merge;
use super::noted::{self, forget, take};
use super::spelling::{is_unquoted, marked, placed};
use super::{Change, JsonPatch, MergeRules, Merging, Selector, merge};
use crate::diag::{Code, Diagnostic, Reported, Sink, nearest};
use crate::source::Place;
use crate::transform::field::map_at;
use crate::transform::scalar::{new_string, reopen, set_entry_text, text_of};
use crate::transform::{Fault, ResId, Resource, Resources, Text, follow_shared, holds_nothing};
use crate::yaml::{Data, Key, Map, Node, Style};
use std::sync::Arc;

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
    merging: Merging<'_>,
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let patch = &placed(patch);
    let id = merging.keys.scopes().of(ResId::of(patch));
    let at = match resources.with_any_id(&id) {
        [at] => *at,
        [] => return Err(no_match(patch, &id, resources, sink)),
        several => return Err(several_match(patch, several, resources, sink)),
    };
    edit(at, resources, sink, |resource| merge_into(resource, patch, merging))?;
    resources.remove_empty(&[at]);
    refuse_twice(patch.place, resources, sink)
}

/// Merges a patch into all objects that are selected, whatever it names itself; gives how many those are.
///
/// # Errors
/// As [`merge`], and when a patch that may change names makes two objects the same.
pub fn merge_selected(
    patch: &Node,
    selector: &Selector,
    merging: Merging<'_>,
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<usize, Reported> {
    let selected = selected(selector, resources);
    let patch = match merging.rules {
        MergeRules::AsKustomize => placed(&with_texts(patch)),
        MergeRules::ByAllKeys => marked(patch),
    };
    for at in &selected {
        let version = resources.get(*at).and_then(|own| own.node.get("apiVersion").cloned());
        let patch = with_version(&patch, version);
        edit(*at, resources, sink, |resource| merge_into(resource, &patch, merging))?;
    }
    resources.remove_empty(&selected);
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
        edit(*at, resources, sink, |resource| {
            if before == Before::Remembered {
                resource.remember_id();
            }
            noted::apply(patch, resource)?;
            refuse_nameless(resource, patch.place())
        })?;
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
    let is_meant = |at: &usize| resources.get(*at).is_some_and(|one| selector.selects(one));
    match selector.among(resources) {
        Some(listed) => listed.iter().copied().filter(is_meant).collect(),
        None => resources.numbered().map(|(at, _)| at).filter(is_meant).collect(),
    }
}

/// Edits an object; what is wrong is reported under the name that it had before.
fn edit(
    at: usize,
    resources: &mut Resources,
    sink: &mut Sink,
    work: impl FnOnce(&mut Resource) -> Result<(), Fault>,
) -> Result<(), Reported> {
    resources.edit(at, |resource| {
        let id = resource.id();
        work(resource).map_err(|fault| told(fault, &id, sink))
    })
}

/// Merges a patch into an object, which keeps its name, kind and namespace unless the patch may change them.
fn merge_into(resource: &mut Resource, patch: &Node, merging: Merging<'_>) -> Result<(), Fault> {
    if !merging.changes.is_empty() {
        resource.remember_id();
    }
    let id = resource.id();
    let before = resource.node.clone();
    let Some(mut node) = merge(take(resource), patch, merging)? else { return Ok(()) };
    follow_shared(&before, &mut node);
    let is_left = !holds_nothing(&node);
    match merging.rules {
        MergeRules::AsKustomize => {
            resource.node = node;
            if drops_annotations(patch) {
                forget(resource);
            }
            if is_left {
                restore_id(&mut resource.node, (&id, before.place), merging.changes)?;
                restore_places(&mut resource.node, &before, merging.changes);
            }
        }
        MergeRules::ByAllKeys => {
            if is_left {
                put_back(&mut node, &before, merging.changes);
            }
            resource.edits.extend(of_merge((&before, &node), patch, merging.keys));
            resource.node = node;
        }
    }
    Ok(())
}

/// The ways to the fields that are an object's identity, but for those that may change.
fn lasting<'c>(changes: &'c [Change]) -> impl Iterator<Item = [&'static str; 2]> + 'c {
    let all = [
        (Some(Change::Kind), ["", "kind"]),
        (Some(Change::Name), ["metadata", "name"]),
        (None, ["metadata", "namespace"]),
    ];
    let may_change = |change: Option<Change>| change.is_some_and(|one| changes.contains(&one));
    all.into_iter().filter(move |(change, _)| !may_change(*change)).map(|(_, way)| way)
}

/// The map that a field stands in: the object itself, or another of its maps.
fn holder<'n>(object: &'n Node, [map, _]: [&str; 2]) -> Option<&'n Node> {
    if map.is_empty() { Some(object) } else { object.get(map) }
}

fn holder_mut<'n>(object: &'n mut Node, [map, _]: [&str; 2]) -> Option<&'n mut Map> {
    let top = object.as_map_mut()?;
    if map.is_empty() { Some(top) } else { top.get_mut(map)?.as_map_mut() }
}

/// Puts the kind, name and namespace that stood in an object back, as whoever set them left them.
fn put_back(object: &mut Node, before: &Node, changes: &[Change]) {
    if let Some(map) = object.as_map_mut() {
        map_at(map, "metadata", before.place);
    }
    for way in lasting(changes) {
        let old = holder(before, way).and_then(|holder| holder.as_map()?.get_key_value(way[1]));
        let Some(holder) = holder_mut(object, way) else { continue };
        match old {
            Some((key, node)) => drop(holder.insert(key.clone(), node.clone())),
            None => drop(holder.shift_remove(way[1])),
        }
    }
}

/// Says of the kind, name and namespace of an object that they stand where they stood before a patch named them.
fn restore_places(object: &mut Node, before: &Node, changes: &[Change]) {
    for way in lasting(changes) {
        let old = holder(before, way).and_then(|holder| holder.get(way[1]));
        let new = holder_mut(object, way).and_then(|holder| holder.get_mut(way[1]));
        place_as(old, new);
    }
    place_as(
        before.get("apiVersion"),
        holder_mut(object, ["", ""]).and_then(|top| top.get_mut("apiVersion")),
    );
}

/// Says of what is as it was that it stands where it stood.
fn place_as(old: Option<&Node>, new: Option<&mut Node>) {
    if let Some((old, new)) = old.zip(new)
        && text_of(old) == text_of(new)
    {
        (new.place, new.set_at) = (old.place, old.set_at);
    }
}

/// Gives an object back the kind, name and namespace that it had, but for those that may change.
fn restore_id(
    object: &mut Node,
    (id, place): (&ResId, Place),
    changes: &[Change],
) -> Result<(), Fault> {
    if !changes.contains(&Change::Kind) {
        restore(object, "kind", &id.gvk.kind, place)?;
    }
    let Some(object) = object.as_map_mut() else { return Ok(()) };
    let metadata = map_at(object, "metadata", place);
    if !changes.contains(&Change::Name) {
        restore(metadata, "name", &id.name, place)?;
    }
    restore(metadata, "namespace", &id.namespace, place)
}

/// Whether a patch takes all annotations of an object away, among which kustomize keeps its notes.
fn drops_annotations(patch: &Node) -> bool {
    let is_replaced =
        |node: &Node| matches!(node.get("$patch").map(text_of), Some("replace" | "delete"));
    let Some(metadata) = patch.get("metadata") else { return false };
    let annotations = metadata.get("annotations");
    is_replaced(metadata) || annotations.is_some_and(|all| all.is_null() || is_replaced(all))
}

/// Gives a field the text that it had before; as kustomize does it, the meaning is found out anew from then on.
fn restore(map: &mut Node, key: &str, before: &Arc<str>, place: Place) -> Result<(), Fault> {
    let is_same = match map.get(key) {
        Some(now) => {
            !before.is_empty() && !now.is_null() && text_of(now) == &**before && !is_unquoted(now)
        }
        None => before.is_empty(),
    };
    if is_same {
        if let Some(node) = map.as_map_mut().and_then(|map| map.get_mut(key)) {
            reopen(node);
        }
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
    let metadata = patch.at_mut(&["metadata"]).and_then(Node::as_map_mut);
    let Some(metadata) = metadata else { return patch };
    for field in ["labels", "annotations"] {
        match metadata.get_mut(field).and_then(Node::as_map_mut) {
            Some(map) if !map.is_empty() => {
                map.values_mut()
                    .for_each(|node| node.data = Data::Scalar(new_string(text_of(node))));
            }
            _ => drop(metadata.shift_remove(field)),
        }
    }
    patch
}

fn told(fault: Fault, id: &ResId, sink: &mut Sink) -> Reported {
    let Fault { message, place, hint } = fault;
    let finding = Diagnostic::error(Code::KustomizePatch, message).at(place, "");
    sink.error(finding.subject(format!("{}/{}", id.gvk.kind, id.name)).hint(hint))
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
