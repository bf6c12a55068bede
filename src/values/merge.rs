//! The merge: a left fold over the edits of the layers.

use super::lists::{At, Rule};
use super::{Known, Layer, Reach, SecretScalars, Values, keyed};
use crate::yaml::{Data, Key, Map, Node};
use std::sync::Arc;

/// Merges `layers`, weakest first, over `base`, the chart's defaults.
///
/// Maps merge by key, lists and scalars replace. A null deletes what weaker layers set under its
/// key (so JSON merge patch, RFC 7386, does it too) and is nothing where there is nothing; a null
/// inside a list item stays. Where `base` itself holds a null, its key is declared: it stays, and a
/// null in a stronger layer makes it null again. Keys keep the order of their first appearance; a
/// deleted key that is set again comes last.
///
/// Lists that `known` has merge too: keyed ones item by item, whose items are merged as maps are and
/// taken out by `$patch: delete`; sets gain what they lack. An empty list changes nothing there.
///
/// What `--set` took for a number or boolean is text where the schema allows a string and not that.
///
/// Top-level keys that only shared layers set and that the chart does not know are kept aside, see
/// [`Values::hidden`]. Never fails; linear in the keys of the layers and of the maps they touch.
#[must_use]
pub fn merge(base: &Layer, layers: &[Layer], known: &Known) -> Values {
    let layers = std::iter::once(base).chain(layers);
    let layers: Vec<Layer> = layers.map(|layer| layer.fitted(known)).collect();
    let ground = Ground::root(base, known);
    let mut root = Node::map(Map::new(), base.place);
    for edit in layers.iter().flat_map(|layer| &layer.edits) {
        edit.apply(&mut root, ground);
    }
    let hidden = hide(&mut root, &layers, known);
    let secret = SecretScalars::default();
    Values { root, hidden, layers, lists: known.shared_lists(), references: Vec::new(), secret }
}

/// Takes out the top-level keys that mean nothing to the chart.
fn hide(root: &mut Node, layers: &[Layer], known: &Known) -> Map {
    let mut hidden = root.as_map().cloned().unwrap_or_default();
    hidden.retain(|key, _| !is_known(&key.name, layers, known));
    if let Some(map) = root.as_map_mut().filter(|_| !hidden.is_empty()) {
        map.retain(|key, _| !hidden.contains_key(key));
    }
    hidden
}

/// Whether a top-level key means something to the chart, whose layers these are.
pub(super) fn is_known(key: &str, layers: &[Layer], known: &Known) -> bool {
    let own = || layers.iter().filter(|layer| layer.reach == Reach::Own);
    known.contains(key) || own().any(|layer| layer.sets(key))
}

/// What is known about a place of the values besides what lies there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ground<'g> {
    /// What the first layer holds there: a null of its own declares a key.
    declared: Option<&'g Node>,
    /// Where the schema has lists that merge.
    lists: Option<At<'g>>,
}

impl<'g> Ground<'g> {
    pub(super) fn root(base: &'g Layer, known: &'g Known) -> Self {
        Self { declared: base.root(), lists: known.lists() }
    }

    /// Below a key.
    pub(super) fn key(self, key: &Key) -> Self {
        let declared = self.declared.and_then(Node::as_map).and_then(|map| map.get(key));
        Self { declared, lists: self.lists.and_then(|at| at.key(&key.name)) }
    }

    /// In an item of a list.
    pub(super) fn item(self, item: &Node) -> Self {
        let declared = self.rule().and_then(|rule| keyed::declared(self.declared, item, rule));
        Self { declared, lists: self.lists.and_then(At::items) }
    }

    /// How a list merges; none if it is replaced.
    pub(super) fn rule(self) -> Option<&'g Rule> {
        self.lists.and_then(At::rule)
    }

    /// Whether `node`, below here, can only replace what is there.
    fn replaces(self, node: &Node) -> bool {
        match node.data {
            Data::Scalar(_) => true,
            Data::List(_) => self.lists.is_none(),
            Data::Map(_) => false,
        }
    }

    /// Whether `node` takes its key away; a null that the first layer itself holds stays a null.
    pub(super) fn is_deleted(self, key: &Key, node: &Node) -> bool {
        node.is_null() && !self.key(key).declared.is_some_and(Node::is_null)
    }
}

/// Lays one node over another.
pub(super) fn overlay(under: &mut Node, over: &Node, ground: Ground<'_>) {
    match (&over.data, &under.data) {
        (Data::Map(from), Data::Map(_)) => {
            under.place = over.place;
            if !from.is_empty() {
                overlay_map(under.as_map_mut().expect("it was a map above"), from, ground);
            }
        }
        (Data::List(_), Data::List(_)) => match ground.rule() {
            Some(rule) => keyed::lay(under, over, rule, ground),
            None => under.clone_from(over),
        },
        _ => *under = cleaned(over, ground),
    }
}

fn overlay_map(into: &mut Map, from: &Map, ground: Ground<'_>) {
    if from.values().any(Node::is_null) {
        into.retain(|key, _| !from.get(key).is_some_and(|node| ground.is_deleted(key, node)));
    }
    for (key, node) in from.iter().filter(|(key, node)| !ground.is_deleted(key, node)) {
        match into.get_mut(key) {
            // Most nodes are scalars, and many layers lie over one another: no look-up for these.
            Some(under) if ground.replaces(node) => under.clone_from(node),
            Some(under) => overlay(under, node, ground.key(key)),
            None if ground.replaces(node) => drop(into.insert(key.clone(), node.clone())),
            None => drop(into.insert(key.clone(), cleaned(node, ground.key(key)))),
        }
    }
}

/// The node as it stands where nothing was: without the keys that are null and, in lists that merge,
/// without items that take others out; shared if there are none.
pub(super) fn cleaned(node: &Node, ground: Ground<'_>) -> Node {
    match &node.data {
        Data::Map(map) if ground.lists.is_some() || holds_null(node) => {
            let kept = map.iter().filter(|(key, node)| !ground.is_deleted(key, node));
            let kept = kept.map(|(key, node)| (key.clone(), cleaned(node, ground.key(key))));
            Node { data: Data::Map(Arc::new(kept.collect())), ..node.clone() }
        }
        Data::List(_) => ground.rule().map_or_else(
            || node.clone(),
            |rule| {
                let mut list = Node::list(Vec::new(), node.place);
                keyed::lay(&mut list, node, rule, ground);
                list
            },
        ),
        _ => node.clone(),
    }
}

/// Whether a key of the map, or of a map below it, is null.
pub(super) fn holds_null(node: &Node) -> bool {
    let map = node.as_map().into_iter().flatten();
    map.into_iter().any(|(_, node)| node.is_null() || holds_null(node))
}

#[cfg(test)]
mod tests;
