//! What several layers say at one place, woven into one node.
//!
//! `Said*, weakest first  --by key-->  Head*  --from the last that replaces on-->  Node`
//!
//! Promise: the same as laying each over what the weaker ones made, but every node of the result is
//! made once; a tree that only one layer has is shared with it.

use super::keyed::{self, Identity, takes_out};
use super::lists::Rule;
use super::merge::Ground;
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

    /// Whether there is nothing in it to merge with.
    fn is_empty(self) -> bool {
        match &self.node.data {
            Data::Scalar(_) => false,
            Data::List(items) => items.is_empty(),
            Data::Map(map) => map.is_empty(),
        }
    }
}

/// What layers say at one place, weakest first; all but the first merge with what lies under them.
fn woven(run: &[Said<'_>], ground: Ground<'_>) -> Node {
    let Some((last, before)) = run.split_last() else { unreachable!("something is said") };
    let node = last.node;
    match (&node.data, ground.rule()) {
        (Data::Scalar(_), _) | (Data::List(_), None) => node.clone(),
        _ if before.is_empty() && last.is_plain => node.clone(),
        (Data::Map(_), _) if before.is_empty() => {
            cleaned(node, ground).unwrap_or_else(|| node.clone())
        }
        (Data::Map(_), _) => Node::map(woven_map(run, ground), node.place),
        (Data::List(_), Some(rule)) => Node::list(woven_list(run, rule, ground), node.place),
    }
}

/// Lays nodes over one another, weakest first.
pub(super) fn weave<'n>(
    first: Said<'n>,
    over: impl Iterator<Item = Said<'n>>,
    ground: Ground<'_>,
) -> Node {
    let mut run = vec![first];
    for said in over {
        let merges = match run.as_slice() {
            [first] => said.meets(*first) && !first.is_empty(),
            run => said.meets(run[run.len() - 1]),
        };
        if !merges {
            run.clear();
        }
        run.push(said);
    }
    woven(&run, ground)
}

/// Keys or items in the order of their first appearance, and what is said about each.
#[derive(Debug)]
struct Heads<'n, K> {
    heads: Vec<Head<K>>,
    said: Vec<Link<'n>>,
    /// Where each that is there stands; none before anybody asked.
    index: Option<IndexMap<K, usize>>,
    /// Where the next one is looked for first: layers mostly say things in the same order.
    near: usize,
}

#[derive(Debug)]
struct Head<K> {
    key: K,
    /// What was said last; none if that took it away.
    last: Option<usize>,
}

/// What a layer says about a head, and what it merges with.
#[derive(Debug, Clone, Copy)]
struct Link<'n> {
    said: Said<'n>,
    under: Option<usize>,
}

impl<'n, K: Clone + Eq + Hash> Heads<'n, K> {
    fn new() -> Self {
        Self { heads: Vec::new(), said: Vec::new(), index: None, near: 0 }
    }

    fn find(&mut self, key: &K) -> Option<usize> {
        let is_near = |head: &&Head<K>| head.last.is_some() && head.key == *key;
        let found = match self.heads.get(self.near).filter(is_near) {
            Some(_) => Some(self.near),
            None => self.index().get(key).copied(),
        };
        self.near = found.map_or(self.near, |at| at + 1);
        found
    }

    fn index(&mut self) -> &mut IndexMap<K, usize> {
        self.index.get_or_insert_with(|| {
            let there = self.heads.iter().enumerate().filter(|(_, head)| head.last.is_some());
            there.map(|(at, head)| (head.key.clone(), at)).collect()
        })
    }

    fn push(&mut self, key: K, said: Said<'n>) {
        if let Some(index) = &mut self.index {
            index.insert(key.clone(), self.heads.len());
        }
        self.heads.push(Head { key, last: Some(self.said.len()) });
        self.said.push(Link { said, under: None });
    }

    fn lay(&mut self, at: usize, said: Said<'n>) {
        let last = &mut self.heads[at].last;
        let under = last.filter(|last| said.meets(self.said[*last].said));
        *last = Some(self.said.len());
        self.said.push(Link { said, under });
    }

    fn take_out(&mut self, at: usize) {
        self.heads[at].last = None;
        if let Some(index) = &mut self.index {
            index.swap_remove(&self.heads[at].key);
        }
    }

    /// The key, and what is woven of what was said, of each that is there.
    fn woven<'g, T>(
        &self,
        ground: impl Fn(&K, Said<'n>) -> Ground<'g>,
        made: impl Fn(&K, Node) -> T,
    ) -> impl Iterator<Item = T> {
        let mut run = Vec::new();
        let there = self.heads.iter().filter_map(|head| Some((&head.key, head.last?)));
        there.map(move |(key, last)| {
            run.clear();
            let under = |link: &Link<'n>| Some(self.said[link.under?]);
            run.extend(std::iter::successors(Some(self.said[last]), under).map(|link| link.said));
            run.reverse();
            made(key, woven(&run, ground(key, self.said[last].said)))
        })
    }
}

fn woven_map(run: &[Said<'_>], ground: Ground<'_>) -> Map {
    let mut heads: Heads<'_, &Key> = Heads::new();
    let most = run.iter().filter_map(|said| said.node.as_map()).map(Map::len);
    heads.said.reserve(most.clone().sum());
    heads.heads.reserve(most.max().unwrap_or_default());
    for (layer, said) in run.iter().enumerate() {
        heads.near = 0;
        for (key, node) in said.node.as_map().into_iter().flatten() {
            // The keys of one map are different.
            let found = if layer == 0 { None } else { heads.find(&key) };
            match (found, !said.is_plain && ground.is_deleted(key, node)) {
                (Some(at), true) => heads.take_out(at),
                (Some(at), false) => heads.lay(at, said.below(node)),
                (None, true) => {}
                (None, false) => heads.push(key, said.below(node)),
            }
        }
    }
    // Most nodes are scalars: no look-up for these.
    let below = |key: &&Key, last: Said<'_>| match last.node.data {
        Data::Scalar(_) => Ground::default(),
        _ => ground.key(key),
    };
    let mut map = Map::with_capacity_and_hasher(heads.heads.len(), <_>::default());
    map.extend(heads.woven(below, |key, node| ((*key).clone(), node)));
    map
}

/// The items of a list that merges: known ones merge in their places, new ones come behind them.
fn woven_list(run: &[Said<'_>], rule: &Rule, ground: Ground<'_>) -> Vec<Node> {
    let mut heads: Heads<'_, Option<Identity<'_>>> = Heads::new();
    for said in run {
        heads.near = 0;
        for item in said.node.as_list().unwrap_or_default() {
            let identity = Identity::of(item, rule);
            let found = match &identity {
                Some(_) => heads.find(&identity),
                None if *rule == Rule::Union => {
                    heads.said.iter().position(|link| same_data(link.said.node, item))
                }
                None => None,
            };
            let is_out = !said.is_plain && takes_out(item);
            match (found, rule) {
                (None, Rule::Keyed(_)) if is_out => {}
                (None, _) => heads.push(identity, said.below(item)),
                (Some(_), Rule::Union) => {}
                (Some(at), Rule::Keyed(_)) if is_out => heads.take_out(at),
                (Some(at), Rule::Keyed(_)) => heads.lay(at, said.below(item)),
            }
        }
    }
    let declared = keyed::Declared::of(ground.declared(), rule);
    let below = |identity: &Option<Identity<'_>>, _: Said<'_>| {
        ground.item_with(identity.as_ref().and_then(|identity| declared.get(identity)))
    };
    let mut items = Vec::with_capacity(heads.heads.len());
    items.extend(heads.woven(below, |_, node| node));
    items
}

/// The node as it stands where nothing was: without the keys that are null and, in lists that merge,
/// without items that take others out; none if it can be shared.
fn cleaned(node: &Node, ground: Ground<'_>) -> Option<Node> {
    match &node.data {
        Data::Scalar(_) => None,
        Data::List(_) => {
            let rule = ground.rule()?;
            let alone = [Said { node, is_plain: false }];
            Some(Node::list(woven_list(&alone, rule, ground), node.place))
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
