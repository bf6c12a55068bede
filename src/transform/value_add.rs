//! `ValueAddTransformer`: one text goes into fields of many objects, also as a part of a path.

use super::field::told;
use super::patch::Selector;
use super::replacements::{Way, ways_of_field};
use super::scalar::{new_string, open};
use super::shared::{Echo, Share};
use super::{
    Fault, Namespace, ObjectSelector, Present, Resource, Resources, SubjectMode, Text, set_scalar,
};
use crate::diag::{Reported, Sink};
use crate::source::Place;
use crate::yaml::{Data, Key, Map, Node, Style};
use std::sync::Arc;

/// A field of some objects that gets a text.
#[derive(Debug, Clone)]
pub struct AddTarget {
    /// The objects; all of them if it is not given.
    pub selector: Option<ObjectSelector>,
    /// The way to the field, through maps and, by `[name=x]`, items of lists, which are made where they are missing, and
    /// through items by their positions, which are not.
    pub path: Text,
    /// Before which part of the path that the field holds the text goes, counted from 1; 0 replaces it all.
    pub position: usize,
}

/// The field that is set as `namespace` sets it.
const NAMESPACE: &str = "metadata/namespace";

/// Puts a text into the field of a target.
///
/// # Errors
/// When the selector is malformed, something else than a map stands on the way, or the field is no scalar.
pub fn add_value(
    value: &Text,
    target: &AddTarget,
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let selector =
        target.selector.as_ref().map(|wanted| Selector::new(wanted, sink)).transpose()?;
    let is_meant = |one: &Resource| selector.as_ref().is_none_or(|by| by.selects(one));
    resources.change_each(sink, |resource| {
        if !is_meant(resource) {
            return Ok(());
        }
        if &*target.path.text == NAMESPACE {
            let (present, subjects) = (Present::Set, SubjectMode::DefaultOnly);
            let name = value.clone();
            return Namespace { name, fields: &[], present, subjects }.put(resource);
        }
        let done = ways_of_field(&target.path.text).map_err(|(message, hint)| {
            let place = target.path.place;
            Fault { message, place, hint }
        });
        let done = done.and_then(|ways| set(&mut resource.node, &ways, value, target.position));
        let echo = done.map_err(|fault| told(fault, &target.path.text, &resource.id()))?;
        if let Some(echo) = echo {
            echo.sound(&mut resource.node);
        }
        Ok(())
    })
}

/// Gives the echo for the other places of a label that an edit made in several.
fn set(
    node: &mut Node,
    ways: &[Way],
    value: &Text,
    position: usize,
) -> Result<Option<Echo>, Fault> {
    let (place, kind) = (node.place, node.kind());
    let Some((way, rest)) = ways.split_first() else {
        let share = node.as_scalar().and_then(Share::of);
        let old = super::id::spelled(Some(node));
        set_scalar(node, &Text::new(inserted(&old, &value.text, position), value.place))?;
        let (Some(share), Some(new)) = (share, node.as_scalar().cloned()) else { return Ok(None) };
        node.data = Data::Scalar(share.on(new.clone()));
        return Ok(Some(Echo::new(share, new)));
    };
    match (way, &mut node.data) {
        _ if kind == "null" => Ok(None),
        (Way::Field(name), Data::Map(map)) => {
            let entry = Arc::make_mut(map).entry(Key::new(&**name, place));
            set(entry.or_insert_with(|| made(rest.first(), place)), rest, value, position)
        }
        (Way::Field(_), _) => Err(Fault::wrong_kind("a map", kind, place)),
        (way, Data::List(items)) => {
            let items = Arc::make_mut(items);
            match found(way, items, place) {
                Some(at) => set(&mut items[at], rest, value, position),
                None => Ok(None),
            }
        }
        _ => Err(Fault::wrong_kind("a list", kind, place)),
    }
}

/// What is made where a field is missing, by what is sought in it.
fn made(next: Option<&Way>, place: Place) -> Node {
    match next {
        None => Node::new(super::field::empty_scalar(), place),
        Some(Way::Field(_) | Way::Last) => Node::map(Map::default(), place),
        Some(Way::Index(_) | Way::Item(..)) => Node::new(Data::List(Arc::default()), place),
    }
}

/// Where an item is; one that is sought by its text or by a key is made at the end, one that is sought by its position is
/// not.
fn found(way: &Way, items: &mut Vec<Node>, place: Place) -> Option<usize> {
    let (key, text) = match way {
        Way::Index(at) => return Some(*at).filter(|at| *at < items.len()),
        Way::Item(key, text) => (key, text),
        Way::Field(_) | Way::Last => return items.len().checked_sub(1),
    };
    let is_it = |item: &Node| {
        let own = key.as_deref().map_or(Some(item), |key| item.get(key));
        own.and_then(Node::as_scalar).is_some_and(|own| own.text == *text)
    };
    items.iter().position(is_it).or_else(|| {
        let scalar = if text.is_empty() { new_string(text) } else { open(text, Style::Plain) };
        let own = Node::new(Data::Scalar(scalar), place);
        items.push(match key {
            None => own,
            Some(key) => Node::map([(Key::new(&**key, place), own)].into_iter().collect(), place),
        });
        Some(items.len() - 1)
    })
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
