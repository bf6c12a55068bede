//! The merge: a left fold over the edits of the layers.

use super::{Known, Layer, Reach, SecretScalars, Values};
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
/// Top-level keys that only shared layers set and that the chart does not know are kept aside, see
/// [`Values::hidden`]. Never fails; linear in the keys of the layers and of the maps they touch.
#[must_use]
pub fn merge(base: &Layer, layers: &[Layer], known: &Known) -> Values {
    let layers: Vec<Layer> = std::iter::once(base).chain(layers).cloned().collect();
    let declared = base.root();
    let mut root = Node::map(Map::new(), base.place);
    for edit in layers.iter().flat_map(|layer| &layer.edits) {
        edit.apply(&mut root, declared);
    }
    let hidden = hide(&mut root, &layers, known);
    Values { root, hidden, layers, secret: SecretScalars::default() }
}

/// Takes out the top-level keys that mean nothing to the chart.
fn hide(root: &mut Node, layers: &[Layer], known: &Known) -> Map {
    let is_known = |key: &str| {
        let own = || layers.iter().filter(|layer| layer.reach == Reach::Own);
        known.contains(key) || own().any(|layer| layer.sets(key))
    };
    let mut hidden = root.as_map().cloned().unwrap_or_default();
    hidden.retain(|key, _| !is_known(&key.name));
    if let Some(map) = root.as_map_mut().filter(|_| !hidden.is_empty()) {
        map.retain(|key, _| !hidden.contains_key(key));
    }
    hidden
}

/// Lays one node over another.
pub(super) fn overlay(under: &mut Node, over: &Node, declared: Option<&Node>) {
    let (Data::Map(from), Some(_)) = (&over.data, under.as_map()) else {
        *under = without_nulls(over, declared);
        return;
    };
    under.place = over.place;
    if from.is_empty() {
        return;
    }
    let into = under.as_map_mut().expect("it was a map above");
    if from.values().any(Node::is_null) {
        into.retain(|key, _| !from.get(key).is_some_and(|node| deletes(node, declared, key)));
    }
    for (key, node) in from.iter().filter(|(key, node)| !deletes(node, declared, key)) {
        match into.get_mut(key) {
            // Most nodes are scalars, and many layers lie over one another: no look-up for these.
            Some(under) if node.as_map().is_none() => under.clone_from(node),
            Some(under) => overlay(under, node, below(declared, key)),
            None => drop(into.insert(key.clone(), without_nulls(node, below(declared, key)))),
        }
    }
}

/// Whether `node` takes its key away; a null that the first layer itself holds stays a null.
pub(super) fn deletes(node: &Node, declared: Option<&Node>, key: &Key) -> bool {
    node.is_null() && !below(declared, key).is_some_and(Node::is_null)
}

/// What the first layer holds under a key.
pub(super) fn below<'n>(declared: Option<&'n Node>, key: &Key) -> Option<&'n Node> {
    declared?.as_map()?.get(key)
}

/// The node without the keys that are null; shared if there is none.
fn without_nulls(node: &Node, declared: Option<&Node>) -> Node {
    if holds_null(node) { rebuilt(node, declared) } else { node.clone() }
}

fn holds_null(node: &Node) -> bool {
    let map = node.as_map().into_iter().flatten();
    map.into_iter().any(|(_, node)| node.is_null() || holds_null(node))
}

fn rebuilt(node: &Node, declared: Option<&Node>) -> Node {
    let Some(map) = node.as_map() else { return node.clone() };
    let kept = map.iter().filter_map(|(key, node)| {
        let kept = !deletes(node, declared, key);
        kept.then(|| (key.clone(), rebuilt(node, below(declared, key))))
    });
    Node { data: Data::Map(Arc::new(kept.collect())), ..node.clone() }
}

#[cfg(test)]
mod tests;
