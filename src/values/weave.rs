//! What several layers say at one place, woven into one node.
//!
//! `Said*, weakest first  --by key-->  Head*  --the last that replaces, what lies over it-->  Node`
//!
//! Promise: the same as laying each over what the weaker ones made, but every node of the result is
//! made once; a tree that only one layer has is shared with it.

use super::keyed::{self, Identity, takes_out};
use super::lists::Rule;
use super::merge::Ground;
use crate::source::Place;
use crate::yaml::{Data, Key, Map, Node, same_data};
use indexmap::IndexMap;
use std::hash::Hash;
use std::sync::Arc;

/// What one layer says at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'n> {
    node: &'n Node,
    /// Whether nothing below takes anything away: a null there is a value, and every item stays.
    is_plain: bool,
}

impl<'n> Said<'n> {
    /// What a layer says, `is_plain` if it has neither a null in a map nor `$patch`.
    pub(super) fn of(node: &'n Node, rarities: super::layer::Rarities) -> Self {
        Self { node, is_plain: !rarities.nulls && !rarities.patches }
    }

    /// What stands there, as it is.
    pub(super) fn standing(node: &'n Node) -> Self {
        Self { node, is_plain: true }
    }

    /// What it says below this place.
    fn below(self, node: &'n Node) -> Self {
        Self { node, ..self }
    }

    /// Whether it merges with what a weaker layer says, as far as their kinds tell.
    fn meets(self, weaker: Self) -> bool {
        matches!(
            (&self.node.data, &weaker.node.data),
            (Data::Map(_), Data::Map(_)) | (Data::List(_), Data::List(_))
        )
    }
}

/// What is said about one key or item, from the last on that does not merge with what lies under it.
#[derive(Debug)]
pub(super) struct Head<'n, K> {
    key: K,
    before: Vec<Said<'n>>,
    last: Said<'n>,
    /// Whether no layer took it away.
    is_there: bool,
}

impl<'n, K> Head<'n, K> {
    fn new(key: K, first: Said<'n>) -> Self {
        Self { key, before: Vec::new(), last: first, is_there: true }
    }

    fn lay(&mut self, said: Said<'n>) {
        match said.meets(self.last) {
            true => self.before.push(self.last),
            false => self.before.clear(),
        }
        self.last = said;
    }

    fn woven(&self, ground: Ground<'_>) -> Node {
        match (&self.last.node.data, ground.rule()) {
            (Data::Scalar(_), _) | (Data::List(_), None) => self.last.node.clone(),
            _ if self.before.is_empty() && self.last.is_plain => self.last.node.clone(),
            (Data::Map(_), _) if self.before.is_empty() => {
                cleaned(self.last.node, ground).unwrap_or_else(|| self.last.node.clone())
            }
            (Data::Map(_), _) => Node::map(woven_map(self.run(), ground), self.place()),
            (Data::List(_), Some(rule)) => {
                Node::list(woven_list(self.run(), rule, ground), self.place())
            }
        }
    }

    fn run(&self) -> impl Iterator<Item = Said<'n>> {
        self.before.iter().copied().chain([self.last])
    }

    fn place(&self) -> Place {
        self.last.node.place
    }
}

/// Lays nodes over one another, weakest first.
pub(super) fn weave<'n>(
    first: Said<'n>,
    over: impl Iterator<Item = Said<'n>>,
    ground: Ground<'_>,
) -> Node {
    let mut head = Head::new((), first);
    over.for_each(|said| head.lay(said));
    head.woven(ground)
}

/// Keys or items in the order of their first appearance.
#[derive(Debug)]
struct Heads<'n, K> {
    heads: Vec<Head<'n, K>>,
    /// Where each that is there stands; none before anybody asked.
    index: Option<IndexMap<K, usize>>,
    /// Where the next one is looked for first: layers mostly say things in the same order.
    near: usize,
}

impl<'n, K: Clone + Eq + Hash> Heads<'n, K> {
    fn new() -> Self {
        Self { heads: Vec::new(), index: None, near: 0 }
    }

    fn find(&mut self, key: &K) -> Option<usize> {
        let is_near = |head: &&Head<'_, K>| head.is_there && head.key == *key;
        let found = match self.heads.get(self.near).filter(is_near) {
            Some(_) => Some(self.near),
            None => self.index().get(key).copied(),
        };
        self.near = found.map_or(self.near, |at| at + 1);
        found
    }

    fn index(&mut self) -> &mut IndexMap<K, usize> {
        self.index.get_or_insert_with(|| {
            let there = self.heads.iter().enumerate().filter(|(_, head)| head.is_there);
            there.map(|(at, head)| (head.key.clone(), at)).collect()
        })
    }

    fn push(&mut self, key: K, said: Said<'n>) {
        if let Some(index) = &mut self.index {
            index.insert(key.clone(), self.heads.len());
        }
        self.heads.push(Head::new(key, said));
    }

    fn take_out(&mut self, at: usize) {
        self.heads[at].is_there = false;
        if let Some(index) = &mut self.index {
            index.swap_remove(&self.heads[at].key);
        }
    }

    fn there(&self) -> impl Iterator<Item = &Head<'n, K>> {
        self.heads.iter().filter(|head| head.is_there)
    }
}

fn woven_map<'n>(run: impl Iterator<Item = Said<'n>>, ground: Ground<'_>) -> Map {
    let mut heads: Heads<'n, &'n Key> = Heads::new();
    for (layer, said) in run.enumerate() {
        let map = said.node.as_map().into_iter().flatten();
        heads.near = 0;
        heads.heads.reserve(if layer == 0 { map.size_hint().0 } else { 0 });
        for (key, node) in map {
            // The keys of one map are different.
            let found = if layer == 0 { None } else { heads.find(&key) };
            match (found, !said.is_plain && ground.is_deleted(key, node)) {
                (Some(at), true) => heads.take_out(at),
                (Some(at), false) => heads.heads[at].lay(said.below(node)),
                (None, true) => {}
                (None, false) => heads.push(key, said.below(node)),
            }
        }
    }
    let mut map = Map::with_capacity(heads.heads.len());
    for head in heads.there() {
        // Most nodes are scalars: no look-up for these.
        let is_scalar = head.last.node.as_scalar().is_some();
        let ground = if is_scalar { Ground::default() } else { ground.key(head.key) };
        map.insert(head.key.clone(), head.woven(ground));
    }
    map
}

/// The items of a list that merges: known ones merge in their places, new ones come behind them.
fn woven_list<'n>(
    run: impl Iterator<Item = Said<'n>>,
    rule: &Rule,
    ground: Ground<'_>,
) -> Vec<Node> {
    let mut heads: Heads<'n, Option<Identity<'n>>> = Heads::new();
    for said in run {
        heads.near = 0;
        for item in said.node.as_list().unwrap_or_default() {
            let identity = Identity::of(item, rule);
            let found = match &identity {
                Some(_) => heads.find(&identity),
                None if *rule == Rule::Union => {
                    heads.heads.iter().position(|head| same_data(head.last.node, item))
                }
                None => None,
            };
            let is_out = !said.is_plain && takes_out(item);
            match (found, rule) {
                (None, Rule::Keyed(_)) if is_out => {}
                (None, _) => heads.push(identity, said.below(item)),
                (Some(_), Rule::Union) => {}
                (Some(at), Rule::Keyed(_)) if is_out => heads.take_out(at),
                (Some(at), Rule::Keyed(_)) => heads.heads[at].lay(said.below(item)),
            }
        }
    }
    let declared = keyed::Declared::of(ground.declared(), rule);
    let items = heads.there().map(|head| {
        let declared = head.key.as_ref().and_then(|identity| declared.get(identity));
        head.woven(ground.item_with(declared))
    });
    items.collect()
}

/// The node as it stands where nothing was: without the keys that are null and, in lists that merge,
/// without items that take others out; none if it can be shared.
fn cleaned(node: &Node, ground: Ground<'_>) -> Option<Node> {
    match &node.data {
        Data::Scalar(_) => None,
        Data::List(_) => {
            let rule = ground.rule()?;
            let run = std::iter::once(Said { node, is_plain: false });
            Some(Node::list(woven_list(run, rule, ground), node.place))
        }
        Data::Map(map) => {
            let mut changed: IndexMap<usize, Option<Node>> = IndexMap::new();
            for (at, (key, node)) in map.iter().enumerate() {
                match ground.is_deleted(key, node) {
                    true => drop(changed.insert(at, None)),
                    false => {
                        changed.extend(cleaned(node, ground.key(key)).map(|node| (at, Some(node))))
                    }
                }
            }
            let kept = |(at, (key, node)): (usize, (&Key, &Node))| {
                let node = match changed.get(&at) {
                    Some(changed) => changed.clone()?,
                    None => node.clone(),
                };
                Some((key.clone(), node))
            };
            let map = || map.iter().enumerate().filter_map(kept).collect();
            (!changed.is_empty()).then(|| Node { data: Data::Map(Arc::new(map())), ..node.clone() })
        }
    }
}
