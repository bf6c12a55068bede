//! One change to the tree of values, and how it is made.

use super::merge::{below, deletes, overlay};
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
}

impl Edit {
    /// Makes the change; gives the number of empty list items that it had to put in.
    ///
    /// What is in the way gives way: a scalar that should be a map becomes one.
    pub(super) fn apply(&self, root: &mut Node, declared: Option<&Node>) -> usize {
        descend(root, &self.path, &self.node, declared)
    }
}

/// Walks down `path` and lays `node` over what it leads to.
fn descend(at: &mut Node, path: &[Step], node: &Node, declared: Option<&Node>) -> usize {
    let Some((step, rest)) = path.split_first() else {
        overlay(at, node, declared);
        return 0;
    };
    at.place = node.place;
    match step {
        Step::Key(key) => {
            let map = map_at(at);
            if rest.is_empty() && deletes(node, declared, key) {
                map.shift_remove(&*key.name);
                return 0;
            }
            let entry = map.entry(key.clone()).or_insert_with(|| nothing(node.place));
            descend(entry, rest, node, below(declared, key))
        }
        Step::Index(index) => {
            let items = items_at(at);
            let padded = index.saturating_sub(items.len());
            if *index >= items.len() {
                items.resize_with(index + 1, || nothing(node.place));
            }
            padded + descend(&mut items[*index], rest, node, None)
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
