//! Lists that merge once their references are resolved: what turned out to be the same in a set stands
//! there once.

use super::Reference;
use super::keyed::Identity;
use super::lists::{At, Rule};
use crate::yaml::{Data, Key, Map, Node, same_data};
use indexmap::IndexMap;
use std::sync::Arc;

/// The tree without items of sets that are there before; none if there are no such. References to what
/// was taken out lead to what says the same.
pub(super) fn settled(root: &Node, lists: At<'_>, references: &mut [Reference]) -> Option<Node> {
    Settler { path: Vec::new(), references }.node(root, lists)
}

struct Settler<'r> {
    path: Vec<String>,
    references: &'r mut [Reference],
}

impl Settler<'_> {
    fn node<'n>(&mut self, node: &'n Node, at: At<'n>) -> Option<Node> {
        let data = match &node.data {
            Data::Scalar(_) => return None,
            Data::Map(map) => {
                let below = |(key, node): (&Key, &'n Node)| {
                    let below = at.key(&key.name)?;
                    Some((key.name.to_string(), node, below))
                };
                let changed = self.below(map.iter().map(below))?;
                let entries = map.iter().enumerate().map(|(at, (key, node))| {
                    (key.clone(), changed.get(&at).unwrap_or(node).clone())
                });
                Data::Map(Arc::new(entries.collect::<Map>()))
            }
            Data::List(items) => {
                let places = items.iter().enumerate();
                let entries =
                    places.map(|(index, item)| Some((index.to_string(), item, at.items()?)));
                let changed = self.below(entries);
                let kept = match at.rule() {
                    Some(Rule::Union) => self.union(items),
                    Some(Rule::Keyed(_)) | None => None,
                };
                if changed.is_none() && kept.is_none() {
                    return None;
                }
                let changed = changed.unwrap_or_default();
                let kept = kept.unwrap_or_else(|| (0..items.len()).collect());
                let item = |at: usize| changed.get(&at).unwrap_or(&items[at]).clone();
                Data::List(Arc::new(kept.into_iter().map(item).collect()))
            }
        };
        Some(Node { data, ..node.clone() })
    }

    /// The parts of a map or list that changed, by their positions; none if none did.
    fn below<'n>(
        &mut self,
        parts: impl Iterator<Item = Option<(String, &'n Node, At<'n>)>>,
    ) -> Option<IndexMap<usize, Node>> {
        let mut changed = IndexMap::new();
        for (position, part) in parts.enumerate() {
            let Some((step, node, below)) = part else { continue };
            self.path.push(step);
            changed.extend(self.node(node, below).map(|node| (position, node)));
            self.path.pop();
        }
        (!changed.is_empty()).then_some(changed)
    }

    /// The positions of the items of a set that stay; none if all do.
    fn union(&mut self, items: &[Node]) -> Option<Vec<usize>> {
        let mut kept: Vec<usize> = Vec::new();
        let mut known: IndexMap<Identity<'_>, usize> = IndexMap::new();
        // Where each item is in the end.
        let mut moved = Vec::with_capacity(items.len());
        for (position, item) in items.iter().enumerate() {
            let new = kept.len();
            let same = match Identity::of(item, &Rule::Union) {
                Some(identity) => {
                    Some(*known.entry(identity).or_insert(new)).filter(|at| *at < new)
                }
                None => kept.iter().position(|kept| same_data(&items[*kept], item)),
            };
            if same.is_none() {
                kept.push(position);
            }
            moved.push(same.unwrap_or(new));
        }
        if kept.len() == items.len() {
            return None;
        }
        for reference in self.references.iter_mut() {
            let below = reference.path.strip_prefix(self.path.as_slice());
            let position = below.and_then(|below| below.first()?.parse().ok());
            if let Some(new) = position.and_then(|at: usize| moved.get(at)) {
                reference.path[self.path.len()] = new.to_string();
            }
        }
        Some(kept)
    }
}
