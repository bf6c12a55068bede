//! What an edit says about a path, through lists that merge too.

use super::keyed::{Identity, is_meant, key_of, same_meaning};
use super::lists::{At, Lists, Rule};
use super::{Edit, Step};
use crate::yaml::{Data, Key, Node, Scalar, same_data};

/// One step down the merged values.
#[derive(Debug, Clone)]
pub(super) enum Way<'p> {
    /// To the value of a key.
    Key(&'p str),
    /// To an item of a list.
    Item {
        /// Where it is in the merged list, if it is.
        position: Option<usize>,
        /// What tells it from others; none where the list does not merge.
        keys: Vec<Told<'p>>,
        /// What it is in a list that merges as a set.
        member: Option<&'p Node>,
    },
}

/// A key that tells an item from others, and its value.
#[derive(Debug, Clone)]
pub(super) struct Told<'p> {
    pub(super) name: String,
    /// As it is written, or as it was typed for an item that is not there.
    pub(super) text: String,
    has: Option<&'p Scalar>,
}

impl<'p> Told<'p> {
    fn by(name: &str, has: &'p Scalar) -> Self {
        Self { name: name.to_owned(), text: has.text.to_string(), has: Some(has) }
    }

    fn typed((name, text): (&str, &str)) -> Self {
        Self { name: name.to_owned(), text: text.to_owned(), has: None }
    }

    fn is(&self, value: &Scalar) -> bool {
        match self.has {
            Some(has) => same_meaning(has, value),
            None => is_meant(value, &self.text),
        }
    }
}

/// A path of texts as steps through the merged values.
pub(super) fn ways<'p>(root: &'p Node, lists: Option<&Lists>, path: &[&'p str]) -> Vec<Way<'p>> {
    let mut node = Some(root);
    let mut at = lists.and_then(Lists::root);
    let mut ways = Vec::with_capacity(path.len());
    for text in path {
        // Behind an item that is gone only the schema knows what is a list.
        let rule = at.and_then(At::rule);
        let in_list = node.map_or(rule.is_some(), |node| node.as_list().is_some());
        let way = if in_list { item(node, rule, text) } else { Way::Key(text) };
        (node, at) = match &way {
            Way::Key(key) => (node.and_then(|node| node.get(key)), at.and_then(|at| at.key(key))),
            Way::Item { position, .. } => {
                let items = node.and_then(Node::as_list);
                (items.zip(*position).and_then(|(items, at)| items.get(at)), at.and_then(At::items))
            }
        };
        ways.push(way);
    }
    ways
}

fn item<'p>(list: Option<&'p Node>, rule: Option<&Rule>, text: &'p str) -> Way<'p> {
    let items = list.and_then(Node::as_list).unwrap_or_default();
    let Some(Rule::Keyed(names)) = rule else {
        // A set has other positions in each layer; behind its end there is nothing to compare.
        let is_there = |at: &usize| rule.is_none() || *at < items.len();
        let position = text.parse().ok().filter(is_there);
        let member = rule.and(position).and_then(|at: usize| items.get(at));
        return Way::Item { position, keys: Vec::new(), member };
    };
    let told = |item: &'p Node| {
        names.iter().filter_map(|name| Some(Told::by(name, key_of(item, name)?))).collect()
    };
    if let Ok(position) = text.parse::<usize>() {
        let item = items.get(position);
        let keys = item.map_or_else(Vec::new, told);
        return Way::Item { position: item.map(|_| position), keys, member: None };
    }
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    let typed: Vec<_> = pairs.map(Told::typed).collect();
    let position = items.iter().position(|item| is_item(&typed, item));
    let keys = position.map_or(typed, |at| told(&items[at]));
    Way::Item { position, keys, member: None }
}

/// Whether an item has these values under its keys.
fn is_item(keys: &[Told<'_>], item: &Node) -> bool {
    let has = |told: &Told<'_>| key_of(item, &told.name).is_some_and(|scalar| told.is(scalar));
    !keys.is_empty() && keys.iter().all(has)
}

/// Whether an item of a set is another one.
fn is_member(item: &Node, member: &Node) -> bool {
    match [item, member].map(|node| Identity::of(node, &Rule::Union)) {
        [None, None] => same_data(item, member),
        [item, member] => item == member,
    }
}

impl Edit {
    /// What it puts at a path or, by replacing, in its way, how many steps lead to it, and those of an
    /// argument that lead further.
    pub(super) fn said(&self, path: &[Way<'_>]) -> Option<(&Node, usize, &[Step])> {
        let mut rest = path;
        for (at, step) in self.path.iter().enumerate() {
            let Some((way, below)) = rest.split_first() else {
                return Some((&self.node, path.len(), &self.path[at..]));
            };
            if !step.is(way) {
                return None;
            }
            rest = below;
        }
        let mut node = &self.node;
        for (way, depth) in rest.iter().zip(path.len() - rest.len()..) {
            node = match (way, &node.data) {
                (Way::Key(key), Data::Map(map)) => map.get(*key)?,
                (Way::Item { keys, .. }, Data::List(items)) if !keys.is_empty() => {
                    let item = items.iter().find(|item| is_item(keys, item))?;
                    if super::keyed::takes_out(item) {
                        return Some((item, depth + 1, &[]));
                    }
                    item
                }
                (Way::Item { member: Some(member), .. }, Data::List(items)) => {
                    items.iter().find(|item| is_member(item, member))?
                }
                // Another list replaces this one, whatever stands at the position.
                (Way::Item { position: Some(at), .. }, Data::List(items)) => match items.get(*at) {
                    Some(item) => item,
                    None => return Some((node, depth, &[])),
                },
                _ => return Some((node, depth, &[])),
            };
        }
        Some((node, path.len(), &[]))
    }
}

impl Step {
    fn is(&self, way: &Way<'_>) -> bool {
        match (self, way) {
            (Self::Key(step), Way::Key(key)) => &*step.name == *key,
            (Self::Index(index), Way::Item { position, .. }) => Some(*index) == *position,
            (Self::Item(wanted), Way::Item { keys, .. }) => {
                let names = |(key, value): &(Key, Node)| {
                    let has = |told: &Told<'_>| {
                        let is_it = |value: &Scalar| *told.text == *value.text || told.is(value);
                        *told.name == *key.name && value.as_scalar().is_some_and(is_it)
                    };
                    keys.iter().any(has)
                };
                wanted.iter().all(names)
            }
            _ => false,
        }
    }
}
