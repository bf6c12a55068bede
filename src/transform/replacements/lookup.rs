//! The one value that a path leads to.

use super::path::Way;
use crate::diag::nearest;
use crate::source::Place;
use crate::transform::scalar::text_of;
use crate::yaml::{Data, Node};
use std::sync::Arc;

/// A step to a node that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::transform) enum Seg {
    /// Into the value of a key.
    Key(Arc<str>),
    /// Into the item at a position.
    At(usize),
}

/// Why a path leads nowhere.
#[derive(Debug, Clone)]
pub(in crate::transform) struct Nowhere {
    /// What is wrong.
    pub(in crate::transform) message: String,
    /// Where the path ends.
    pub(in crate::transform) place: Place,
    /// What to write, if a name there looks alike.
    pub(in crate::transform) near: Option<String>,
}

impl Nowhere {
    pub(in crate::transform) fn wrong_kind(wanted: &str, node: &Node) -> Self {
        let message = format!("{wanted} is needed here, but this is {}", node.kind());
        Self { message, place: node.place, near: None }
    }

    pub(in crate::transform) fn no_key(name: &str, node: &Node) -> Self {
        let names = node.as_map().into_iter().flat_map(|map| map.keys()).map(|key| &*key.name);
        let near = nearest(name, names).map(str::to_owned);
        Self { message: format!("there is no `{name}` here"), place: node.place, near }
    }

    pub(in crate::transform) fn no_index(index: usize, node: &Node) -> Self {
        let count = node.as_list().map_or(0, <[_]>::len);
        let items = if count == 1 { "item" } else { "items" };
        let message = format!("the list here has {count} {items}, so there is none at {index}");
        Self { message, place: node.place, near: None }
    }
}

/// The way to the node that a path leads to.
///
/// # Errors
/// When something on the way is not there, or is something else than the path says.
pub(in crate::transform) fn find(root: &Node, ways: &[Way]) -> Result<Vec<Seg>, Nowhere> {
    let mut node = root;
    let mut trail = Vec::with_capacity(ways.len());
    for way in ways {
        let seg = match way {
            Way::Field(name) => key(node, name)?,
            Way::Index(index) => at(node, *index)?,
            Way::Last => at(node, items(node)?.len().saturating_sub(1))?,
            Way::Item(key, text) => item(node, key.as_deref(), text)?,
        };
        node = inner(node, &seg).expect("the step was just found");
        trail.push(seg);
    }
    Ok(trail)
}

fn key(node: &Node, name: &Arc<str>) -> Result<Seg, Nowhere> {
    match node.as_map() {
        Some(map) if map.contains_key(&**name) => Ok(Seg::Key(Arc::clone(name))),
        None if !node.is_null() => Err(Nowhere::wrong_kind("a map", node)),
        _ => Err(Nowhere::no_key(name, node)),
    }
}

/// The items of a list; null has none.
pub(in crate::transform) fn items(node: &Node) -> Result<&[Node], Nowhere> {
    match &node.data {
        Data::List(items) => Ok(items),
        Data::Scalar(_) if node.is_null() => Ok(&[]),
        _ => Err(Nowhere::wrong_kind("a list", node)),
    }
}

fn at(node: &Node, index: usize) -> Result<Seg, Nowhere> {
    match items(node)?.len() > index {
        true => Ok(Seg::At(index)),
        false => Err(Nowhere::no_index(index, node)),
    }
}

fn item(node: &Node, key: Option<&str>, text: &str) -> Result<Seg, Nowhere> {
    let is_meant = |item: &Node| match key {
        None => text_of(item) == text,
        Some(key) => item.get(key).is_some_and(|value| text_of(value) == text),
    };
    match items(node)?.iter().position(is_meant) {
        Some(at) => Ok(Seg::At(at)),
        None => {
            let what = key.map_or_else(String::new, |key| format!("{key}="));
            let texts = items(node)?.iter().map(|item| match key {
                None => text_of(item),
                Some(key) => item.get(key).map_or("", text_of),
            });
            let near = nearest(text, texts).map(|near| format!("[{what}{near}]"));
            let message = format!("there is no item `[{what}{text}]` here");
            Err(Nowhere { message, place: node.place, near })
        }
    }
}

fn inner<'n>(node: &'n Node, seg: &Seg) -> Option<&'n Node> {
    match seg {
        Seg::Key(name) => node.get(name),
        Seg::At(index) => node.as_list()?.get(*index),
    }
}

/// The node at the end of a way.
pub(in crate::transform) fn node_at<'n>(root: &'n Node, trail: &[Seg]) -> Option<&'n Node> {
    trail.iter().try_fold(root, inner)
}

/// The same, to be changed.
pub(in crate::transform) fn node_at_mut<'n>(
    root: &'n mut Node,
    trail: &[Seg],
) -> Option<&'n mut Node> {
    trail.iter().try_fold(root, |node, seg| match (&mut node.data, seg) {
        (Data::Map(map), Seg::Key(name)) => Arc::make_mut(map).get_mut(&**name),
        (Data::List(items), Seg::At(index)) => Arc::make_mut(items).get_mut(*index),
        _ => None,
    })
}
