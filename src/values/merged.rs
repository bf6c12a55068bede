//! The merged values and where each of them comes from.

use super::lists::Lists;
use super::said::{Way, ways};
use super::settle::settled;
use super::{Layer, Reference, SecretScalars, Step};
use crate::source::Place;
use crate::yaml::{Map, Node};
use std::sync::Arc;

/// The values of one target: one tree, whose nodes carry the place of the layer that won.
///
/// A map that several layers filled carries the place of the strongest of them.
#[derive(Debug, Clone)]
pub struct Values {
    pub(super) root: Node,
    pub(super) hidden: Map,
    pub(super) layers: Vec<Layer>,
    pub(super) lists: Option<Arc<Lists>>,
    pub(super) references: Vec<Reference>,
    pub(super) secret: SecretScalars,
}

/// What one layer says about a path.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The layer's name.
    pub layer: &'a str,
    /// What it sets there; null when it deletes, for an item of a keyed list also the item with its
    /// `$patch: delete`. Where it replaces or deletes what lies on the way to the path, that
    /// replacement.
    pub node: &'a Node,
    /// How an argument leads on from the path, where it sets only a part of what lies there.
    pub below: &'a [Step],
    /// How many keys of the path lead to it: all of them, or fewer where it is such a replacement.
    pub depth: usize,
}

impl Values {
    /// The whole tree, a map.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The value that a path of keys leads to.
    #[must_use]
    pub fn get(&self, path: &[&str]) -> Option<&Node> {
        self.root.at(path)
    }

    /// The value that a path leads to: keys of maps; in lists positions, `0` first, or where the
    /// schema keys the list also `name=LOG`.
    #[must_use]
    pub fn find(&self, path: &[&str]) -> Option<&Node> {
        let ways = ways(&self.root, self.lists.as_deref(), path);
        ways.iter().try_fold(&self.root, |node, way| match way {
            Way::Key(key) => node.get(key),
            Way::Item { position, .. } => node.as_list()?.get((*position)?),
        })
    }

    /// Which steps of a path of keys and positions lead to items of lists that merge, and what tells
    /// these apart: their keys with the texts of their values in the order of the schema, or nothing
    /// but themselves in a set; none for all other steps.
    #[must_use]
    pub fn items_on(&self, path: &[&str]) -> Vec<Option<Vec<(String, String)>>> {
        let told_apart = |way| match way {
            Way::Item { keys, member: None, .. } if keys.is_empty() => None,
            Way::Item { keys, .. } => {
                Some(keys.into_iter().map(|told| (told.name, told.text)).collect())
            }
            Way::Key(_) => None,
        };
        ways(&self.root, self.lists.as_deref(), path).into_iter().map(told_apart).collect()
    }

    /// The name of the layer that a place of a value lies in.
    #[must_use]
    pub fn layer_of(&self, place: Place) -> Option<&str> {
        let layer = self.layers.iter().rev().find(|layer| layer.place.file == place.file);
        layer.map(|layer| &*layer.name)
    }

    /// The top-level values that only shared layers set and that the chart does not know.
    ///
    /// The chart does not see them; a message about a missing value names them.
    #[must_use]
    pub fn hidden(&self) -> &Map {
        &self.hidden
    }

    /// Marks scalars of the tree as secret.
    pub fn keep_secret<'n>(&mut self, scalars: impl IntoIterator<Item = &'n Node>) {
        self.secret = self.secret.with(scalars);
    }

    /// Which of its scalars are secret.
    #[must_use]
    pub fn secret(&self) -> &SecretScalars {
        &self.secret
    }

    /// The layers that were merged, weakest first: the chart's defaults, then those over them.
    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// What the layers say about a path, weakest first: the last setting won.
    ///
    /// A path is keys of maps; in lists positions among the merged items, `0` first. Where the schema
    /// keys the list, an item is the same one in every layer, and `name=LOG` names it too, which finds
    /// what was said of items that are gone.
    #[must_use]
    pub fn history(&self, path: &[&str]) -> Vec<Setting<'_>> {
        let ways = ways(&self.root, self.lists.as_deref(), path);
        let settings = self.layers.iter().flat_map(|layer| {
            let said = layer.edits.iter().filter_map(|edit| edit.said(&ways));
            said.map(|(node, depth, below)| Setting { layer: &layer.name, node, below, depth })
        });
        settings.collect()
    }

    /// Whether any value may be a reference that is not resolved.
    #[must_use]
    pub fn may_refer(&self) -> bool {
        self.references.is_empty() && self.layers.iter().any(|layer| layer.rarities.references)
    }

    /// The values that were given as references to others, in the order of the tree; none before they
    /// are resolved.
    #[must_use]
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// These values with their references resolved: the tree without them, and what they were. What
    /// turns out to stand in a set twice stands there once.
    #[must_use]
    pub fn resolved(self, root: Node, mut references: Vec<Reference>) -> Self {
        let lists = self.lists.as_deref().and_then(Lists::root);
        let settled = lists.and_then(|lists| settled(&root, lists, &mut references));
        Self { root: settled.unwrap_or(root), references, ..self }
    }
}
