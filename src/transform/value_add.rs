//! `ValueAddTransformer`: one text goes into fields of many objects, also as a part of a path.

use super::field::told;
use super::patch::Selector;
use super::{
    Fault, FieldSpec, Namespace, Pattern, Present, Resource, Resources, SubjectMode, Text,
    set_scalar, split_path,
};
use crate::diag::{Reported, Sink};
use crate::yaml::{Data, Key, Map, Node};
use std::sync::Arc;

/// A field of some objects that gets a text.
#[derive(Debug, Clone)]
pub struct AddTarget {
    /// The objects; all of them if it is not given.
    pub selector: Option<Selector>,
    /// The way to the field, through maps, each of which is made where it is missing.
    pub path: Text,
    /// Before which part of the path that the field holds the text goes, counted from 1; 0 replaces it all.
    pub position: usize,
}

/// The field that is set as `namespace` sets it.
const NAMESPACE: &str = "metadata/namespace";

/// Puts a text into the field of a target.
///
/// # Errors
/// When something else than a map stands on the way, or the field is no scalar.
pub fn add_value(
    value: &Text,
    target: &AddTarget,
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let is_meant = |one: &&mut Resource| target.selector.as_ref().is_none_or(|by| by.selects(one));
    for resource in resources.edit_all().iter_mut().filter(is_meant) {
        if &*target.path.text == NAMESPACE {
            let (present, subjects) = (Present::Set, SubjectMode::DefaultOnly);
            let name = value.clone();
            Namespace { name, fields: &[], present, subjects }.put(resource, sink)?;
            continue;
        }
        let names = split_path(&target.path.text);
        set(&mut resource.node, &names, value, target.position).map_err(|fault| {
            let (pattern, path) = (Pattern::default(), Arc::clone(&target.path.text));
            told(fault, (&FieldSpec { pattern, path, create: true }, &resource.id()), sink)
        })?;
    }
    Ok(())
}

fn set(node: &mut Node, names: &[String], value: &Text, position: usize) -> Result<(), Fault> {
    let (place, kind) = (node.place, node.kind());
    let Some((name, rest)) = names.split_first() else {
        let old = super::id::spelled(Some(node));
        return set_scalar(node, &Text::new(inserted(&old, &value.text, position), value.place));
    };
    if node.is_null() {
        node.data = Data::Map(Arc::new(Map::new()));
    }
    let Some(map) = node.as_map_mut() else { return Err(Fault::wrong_kind("a map", kind, place)) };
    let made = match rest.is_empty() {
        true => Node::new(super::field::empty_scalar(), place),
        false => Node::map(Map::new(), place),
    };
    set(map.entry(Key::new(name.as_str(), place)).or_insert(made), rest, value, position)
}

/// A path with one more part; a `/` at its front stays there.
fn inserted(path: &str, part: &str, position: usize) -> String {
    let Some(before) = position.checked_sub(1) else { return part.to_owned() };
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(before.min(parts.len()), part);
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::inserted;

    #[test]
    fn a_text_goes_before_a_part_of_a_path_or_behind_the_last() {
        let to = |path, position| inserted(path, "x", position);
        assert_eq!([to("a/b", 0), to("a/b", 1), to("/a/b", 1)], ["x", "x/a/b", "/x/a/b"]);
        assert_eq!(
            [to("a/b", 2), to("a/b", 9), to("/", 1), to("", 3)],
            ["a/x/b", "a/b/x", "/x", "x"]
        );
    }
}
