//! Puts what was generated among the objects that are there: as a new one, or in the place of one.

use super::hash::{ASKED, asks_for_hash};
use super::object::value;
use crate::diag::{Code, Diagnostic, Excerpt, Reported, Sink, nearest};
use crate::source::Place;
use crate::transform::id::spelled;
use crate::transform::scalar::{new_key, new_string, set_scalar, text_of};
use crate::transform::{Behavior, Fault, Generated, Resource, Resources, Text};
use crate::yaml::{Data, Key, Map, Node};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Adds an object that was generated, or merges it with the one that has its identity, or had it before.
///
/// The name, namespace and everything that is remembered of the one that is there stay; labels and annotations of both
/// are kept, the generated ones win; all its other fields go, but `data` and `binaryData` where both are merged. Its name
/// gets a hash only if both ask for one.
///
/// # Errors
/// When there is one although a new one is wanted, or none although one is to be merged or replaced, or several.
pub fn absorb(resources: &mut Resources, made: Resource, sink: &mut Sink) -> Result<(), Reported> {
    let behavior = made.generated.map_or(Behavior::Create, |generated| generated.behavior);
    let found = resources.with_any_id(&made.id());
    let at = match (found, behavior) {
        ([], Behavior::Create) => {
            let appended = resources.append(made);
            return appended.map_err(|twice| sink.error(exists(&twice.first, &twice.second)));
        }
        ([], _) => return Err(sink.error(missing(resources, &made))),
        ([at], Behavior::Create) => {
            let old = resources.get(*at).expect("an index holds positions of objects");
            return Err(sink.error(exists(old, &made)));
        }
        ([at], _) => *at,
        (several, _) => {
            let several: Vec<_> = several.iter().filter_map(|at| resources.get(*at)).collect();
            return Err(sink.error(ambiguous(&several, &made)));
        }
    };
    let old = resources.get(at).expect("an index holds positions of objects");
    let merged = merged(old, &made, behavior);
    let merged = merged.map_err(|fault| sink.error(super::told(fault, excerpt(&made))))?;
    // A patch may have made something else of it since.
    if resources.with_id(&merged.id()) != [at] {
        return Err(sink.error(missing(resources, &made)));
    }
    resources.replace(at, merged);
    Ok(())
}

fn excerpt(made: &Resource) -> Excerpt {
    match &*made.id().gvk.kind {
        "Secret" => Excerpt::Hidden,
        _ => Excerpt::Shown,
    }
}

fn exists(old: &Resource, made: &Resource) -> Diagnostic {
    let message = format!("{} is there already", made.id());
    Diagnostic::error(Code::KustomizeTwice, message)
        .at(made.place(), "")
        .also(old.place(), "the one that is there")
        .hint("write `behavior: merge` or `behavior: replace` to change it, or give this one another name")
}

fn missing(resources: &Resources, made: &Resource) -> Diagnostic {
    let id = made.id();
    let message = format!("there is no {id} to merge with or to replace");
    let finding = Diagnostic::error(Code::KustomizeNoMatch, message).at(made.place(), "");
    let same_kind: Vec<_> =
        resources.iter().filter(|one| one.all_ids().any(|own| own.gvk == id.gvk)).collect();
    let named = same_kind.iter().find(|one| one.all_ids().any(|own| own.name == id.name));
    if let Some(other) = named {
        let namespace = other.id().effective_namespace().to_owned();
        let finding = finding.also(other.place(), "this one has another namespace");
        return finding.hint(format!("add `namespace: {namespace}` to the generator"));
    }
    let names: Vec<Arc<str>> = same_kind.iter().map(|one| one.original_id().name).collect();
    finding.hint(match nearest(&id.name, names.iter().map(|name| &**name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "leave `behavior` out to make a new one".to_owned(),
    })
}

fn ambiguous(several: &[&Resource], made: &Resource) -> Diagnostic {
    let names: Vec<_> = several.iter().map(|one| one.id().to_string()).collect();
    let message = format!("{} could be several objects: {}", made.id(), names.join(", "));
    let finding = Diagnostic::error(Code::KustomizeReference, message).at(made.place(), "");
    let finding = several.iter().fold(finding, |all, one| all.also(one.place(), "one of them"));
    finding.hint("name it as it is called now, with prefix and suffix")
}

fn merged(old: &Resource, made: &Resource, behavior: Behavior) -> Result<Resource, Fault> {
    let mut node = made.node.clone();
    let place = node.place;
    let object = node.as_map_mut().expect("a generated object is a map");
    if let Some(metadata) = object.get_mut("metadata") {
        merge_metadata(old, metadata)?;
    }
    if behavior == Behavior::Merge {
        for field in ["data", "binaryData"] {
            // A null is an empty text here, while among labels and annotations it is what is written: `~`.
            let text = |node: &Node| spelled(Some(node));
            let texts = union(old.node.get(field), object.get(field), text);
            object.shift_remove(field);
            if !texts.is_empty() {
                let mut map = Map::default();
                for (key, (text, place)) in texts {
                    map.insert(new_key(&key, place)?, value(&text, place)?);
                }
                object.insert(Key::new(field, place), Node::map(map, place));
            }
        }
    }
    let (first, second) = match behavior {
        Behavior::Merge => (&old.origin, &made.origin),
        _ => (&made.origin, &old.origin),
    };
    let origin = first.clone().or_else(|| second.clone());
    let needs_hash = asks_for_hash(old) && asks_for_hash(made);
    let generated = Some(Generated { behavior, needs_hash });
    Ok(Resource { node, origin, generated, ..old.clone() })
}

fn merge_metadata(old: &Resource, metadata: &mut Node) -> Result<(), Fault> {
    let place = metadata.place;
    let fields = ["labels", "annotations"].map(|field| {
        let before = old.node.at(&["metadata", field]);
        (field, union(before, metadata.get(field), |node| text_of(node).into()))
    });
    let id = old.id();
    let metadata = metadata.as_map_mut().expect("metadata of a generated object is a map");
    for (field, texts) in fields {
        metadata.shift_remove(field);
        let mut map = Map::default();
        // What it says is remembered beside the object by now.
        for (key, (text, place)) in texts.into_iter().filter(|(key, _)| &**key != ASKED) {
            map.insert(new_key(&key, place)?, Node::new(Data::Scalar(new_string(&text)), place));
        }
        if !map.is_empty() {
            metadata.insert(Key::new(field, place), Node::map(map, place));
        }
    }
    for (field, text) in [("name", id.name), ("namespace", id.namespace)] {
        match metadata.get_mut(field) {
            Some(_) if text.is_empty() => drop(metadata.shift_remove(field)),
            Some(node) => set_scalar(node, &Text::new(text, place))?,
            None if text.is_empty() => {}
            None => {
                let node = Node::new(Data::Scalar(new_string(&text)), place);
                metadata.insert(Key::new(field, place), node);
            }
        }
    }
    Ok(())
}

/// The texts of two maps, and where they stand; of two with one name that of the second.
fn union(
    first: Option<&Node>,
    second: Option<&Node>,
    text: fn(&Node) -> Arc<str>,
) -> BTreeMap<Arc<str>, (Arc<str>, Place)> {
    let maps = [first, second].into_iter().flatten().filter_map(Node::as_map);
    let entries = maps.flat_map(|map| map.iter());
    entries.map(|(key, node)| (written(key), (text(node), node.place))).collect()
}

/// How a key was written.
fn written(key: &Key) -> Arc<str> {
    key.written.as_ref().map_or_else(|| Arc::clone(&key.name), |scalar| Arc::clone(&scalar.text))
}
