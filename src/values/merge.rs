//! The merge: a left fold over the edits of the layers.

use super::layer::Rarities;
use super::lists::{At, Rule};
use super::weave::{Said, weave};
use super::{Edit, Known, Layer, Reach, SecretScalars, Values, keyed};
use crate::source::FileId;
use crate::yaml::{Key, Map, Node};
use indexmap::IndexMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

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
    merged(base, layers, known, |layers, ground| {
        fold(&Node::map(Map::default(), base.place), layers, ground)
    })
}

/// Merges the layers of many targets; what the weaker layers of several have in common is merged once.
///
/// For targets of one set of files whose charts do not change.
#[derive(Debug, Default)]
pub struct Merger {
    /// By the files of all layers up to the last that many services share.
    trees: Mutex<IndexMap<Vec<FileId>, Arc<OnceLock<Node>>>>,
}

impl Merger {
    /// As [`merge`].
    #[must_use]
    pub fn merge(&self, base: &Layer, layers: &[Layer], known: &Known) -> Values {
        merged(base, layers, known, |layers, ground| {
            let last = layers.iter().rposition(|layer| layer.reach == Reach::Shared);
            let (common, own) = layers.split_at(last.map_or(0, |at| at + 1));
            let empty = Node::map(Map::default(), base.place);
            match common {
                [] => fold(&empty, own, ground),
                _ => {
                    let tree = self.tree(common);
                    let under = tree.get_or_init(|| fold(&empty, common, ground));
                    fold(under, own, ground)
                }
            }
        })
    }

    fn tree(&self, common: &[Layer]) -> Arc<OnceLock<Node>> {
        let files = common.iter().map(|layer| layer.place.file).collect();
        let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(trees.entry(files).or_default())
    }
}

fn merged(
    base: &Layer,
    layers: &[Layer],
    known: &Known,
    fold: impl FnOnce(&[Layer], Ground<'_>) -> Node,
) -> Values {
    let layers = std::iter::once(base).chain(layers);
    let layers: Vec<Layer> = layers.map(|layer| layer.fitted(known)).collect();
    let mut root = fold(&layers, Ground::root(base, known));
    let hidden = hide(&mut root, &layers, known);
    let secret = SecretScalars::default();
    Values { root, hidden, layers, lists: known.shared_lists(), references: Vec::new(), secret }
}

/// Lays layers over a tree: whole trees at once, what arguments set one after the other.
pub(super) fn fold(under: &Node, layers: &[Layer], ground: Ground<'_>) -> Node {
    let edits = layers.iter().flat_map(|layer| layer.edits.iter().map(move |edit| (layer, edit)));
    let is_whole = |(_, edit): &(&Layer, &Edit)| edit.path.is_empty();
    let trees = edits.clone().take_while(is_whole);
    let trees = trees.map(|(layer, edit)| Said::of(&edit.node, layer.rarities));
    let mut root = weave(Said::standing(under), trees, ground);
    for (_, edit) in edits.skip_while(is_whole) {
        edit.apply(&mut root, ground);
    }
    root
}

/// Takes out the top-level keys that mean nothing to the chart.
fn hide(root: &mut Node, layers: &[Layer], known: &Known) -> Map {
    if layers.iter().all(|layer| layer.reach == Reach::Own) {
        return Map::default();
    }
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
        Self { declared: base.root().filter(|_| base.rarities.nulls), lists: known.lists() }
    }

    /// Below a key.
    pub(super) fn key(self, key: &Key) -> Self {
        let declared = self.declared.and_then(Node::as_map).and_then(|map| map.get(key));
        Self { declared, lists: self.lists.and_then(|at| at.key(&key.name)) }
    }

    /// In an item of a list.
    pub(super) fn item(self, item: &Node) -> Self {
        let declared = self.rule().and_then(|rule| keyed::declared(self.declared, item, rule));
        self.item_with(declared)
    }

    /// In an item of a list for which the first layer declares this.
    pub(super) fn item_with(self, declared: Option<&'g Node>) -> Self {
        Self { declared, lists: self.lists.and_then(At::items) }
    }

    /// What the first layer holds here, if it declares keys anywhere.
    pub(super) fn declared(self) -> Option<&'g Node> {
        self.declared
    }

    /// How a list merges; none if it is replaced.
    pub(super) fn rule(self) -> Option<&'g Rule> {
        self.lists.and_then(At::rule)
    }

    /// Whether `node` takes its key away; a null that the first layer itself holds stays a null.
    pub(super) fn is_deleted(self, key: &Key, node: &Node) -> bool {
        node.is_null() && !self.key(key).declared.is_some_and(Node::is_null)
    }
}

/// Lays one node over another, which stays as it is where the other says nothing.
pub(super) fn overlay(under: &mut Node, over: &Node, ground: Ground<'_>) {
    let said = Said::of(over, Rarities::ALL);
    *under = weave(Said::standing(under), std::iter::once(said), ground);
}

#[cfg(test)]
mod tests;
