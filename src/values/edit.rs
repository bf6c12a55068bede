//! One change to the tree of values, and how it is made.

use super::keyed::{key_of, same_meaning};
use super::merge::{Ground, overlay};
use crate::source::Place;
use crate::yaml::{Data, Key, Map, Node, Scalar, Value};
use std::sync::Arc;

/// One change: what stands at a path, laid over what was there.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The way from the root; no steps for the root itself.
    pub path: Vec<Step>,
    /// What is laid over it: a map merges, anything else replaces, null deletes a map's key.
    pub node: Node,
}

/// One step down a path.
#[derive(Debug, Clone)]
pub enum Step {
    /// To the value of a key.
    Key(Key),
    /// To an item of a list, counted from 0.
    Index(usize),
    /// To the item of a keyed list that has these values under its keys; a new one if there is none.
    Item(Vec<(Key, Node)>),
}

impl Step {
    /// Whether an item is the one that these keys and values mean: text counts as it was typed.
    pub(super) fn is_item(wanted: &[(Key, Node)], item: &Node) -> bool {
        wanted.iter().all(|(key, value)| {
            let (has, value) = (key_of(item, &key.name), value.as_scalar());
            has.zip(value).is_some_and(|(has, value)| {
                has.text == value.text || (has.as_str().is_none() && same_meaning(has, value))
            })
        })
    }
}

impl Edit {
    /// Makes the change; gives the number of empty list items that it had to put in.
    ///
    /// What is in the way gives way: a scalar that should be a map becomes one.
    pub(super) fn apply(&self, root: &mut Node, ground: Ground<'_>) -> usize {
        descend(root, &self.path, &self.node, ground)
    }
}

/// Walks down `path` and lays `node` over what it leads to.
fn descend(at: &mut Node, path: &[Step], node: &Node, ground: Ground<'_>) -> usize {
    let Some((step, rest)) = path.split_first() else {
        overlay(at, node, ground);
        return 0;
    };
    at.place = node.place;
    match step {
        Step::Key(key) => {
            let map = map_at(at);
            if rest.is_empty() && ground.is_deleted(key, node) {
                map.shift_remove(&*key.name);
                return 0;
            }
            let entry = map.entry(key.clone()).or_insert_with(|| nothing(node.place));
            descend(entry, rest, node, ground.key(key))
        }
        Step::Index(index) => {
            let items = items_at(at);
            let padded = index.saturating_sub(items.len());
            if *index >= items.len() {
                items.resize_with(index + 1, || nothing(node.place));
            }
            let below = ground.item(&items[*index]);
            padded + descend(&mut items[*index], rest, node, below)
        }
        Step::Item(wanted) => {
            let items = items_at(at);
            let found = items.iter().position(|item| Step::is_item(wanted, item));
            if rest.is_empty() && node.is_null() {
                items.extract_if(.., |item| Step::is_item(wanted, item)).for_each(drop);
                return 0;
            }
            let index = found.unwrap_or(items.len());
            if found.is_none() {
                items.push(Node::map(wanted.iter().cloned().collect(), node.place));
            }
            let below = ground.item(&items[index]);
            descend(&mut items[index], rest, node, below)
        }
    }
}

fn nothing(place: Place) -> Node {
    Node::new(Data::Scalar(Scalar::plain(Value::Null)), place)
}

fn map_at(node: &mut Node) -> &mut Map {
    if node.as_map().is_none() {
        node.data = Data::Map(Arc::default());
    }
    node.as_map_mut().expect("it was made a map above")
}

fn items_at(node: &mut Node) -> &mut Vec<Node> {
    if node.as_list().is_none() {
        node.data = Data::List(Arc::default());
    }
    match &mut node.data {
        Data::List(items) => Arc::make_mut(items),
        _ => unreachable!("it was made a list above"),
    }
}
