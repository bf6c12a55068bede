//! Lists that merge: item by item where the schema names keys, or as sets.

use super::lists::Rule;
use super::merge::{Ground, cleaned, holds_null, overlay};
use crate::yaml::{Data, Node, Scalar, Value, same_data};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an item of a keyed list says about itself to be taken out.
pub(super) const PATCH: &str = "$patch";

/// What tells an item of a list from the others.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity<'n> {
    first: Part<'n>,
    rest: Vec<Part<'n>>,
}

/// A scalar by its meaning.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'n> {
    Null,
    Bool(bool),
    Whole(i128),
    /// The bits of the number.
    Fraction(u64),
    Text(&'n str),
    /// The expression of a reference.
    Reference(&'n str),
}

impl<'n> Part<'n> {
    fn of(scalar: &'n Scalar) -> Self {
        match scalar.value {
            _ if super::is_reference(scalar) => Self::Reference(&scalar.text),
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(truth),
            Value::Int(number) => Self::Whole(number.into()),
            Value::Uint(number) => Self::Whole(number.into()),
            Value::Float(number) => Self::Fraction(number.to_bits()),
            Value::String => Self::Text(&scalar.text),
        }
    }
}

impl<'n> Identity<'n> {
    /// Of an item under a rule; none if it lacks a key, or its value is none to go by.
    pub(super) fn of(item: &'n Node, rule: &Rule) -> Option<Self> {
        let Rule::Keyed(keys) = rule else {
            let first = Part::of(item.as_scalar()?);
            return Some(Self { first, rest: Vec::new() });
        };
        let mut parts = keys.iter().map(|key| key_of(item, key).map(Part::of));
        let first = parts.next()??;
        Some(Self { first, rest: parts.collect::<Option<_>>()? })
    }
}

/// The value that an item of a keyed list has under one of the keys.
pub(super) fn key_of<'n>(item: &'n Node, key: &str) -> Option<&'n Scalar> {
    let scalar = item.get(key)?.as_scalar()?;
    (scalar.value != Value::Null && !super::is_reference(scalar)).then_some(scalar)
}

/// Whether an item takes the one with its keys out.
pub(super) fn takes_out(item: &Node) -> bool {
    item.get(PATCH).and_then(Node::as_str) == Some("delete")
}

/// Lays the items of a list over those that are there: known ones merge in their places, new ones
/// come behind them.
pub(super) fn lay(under: &mut Node, over: &Node, rule: &Rule, ground: Ground<'_>) {
    let items = over.as_list().unwrap_or_default();
    if under.as_list().is_none() {
        under.data = Data::List(Arc::default());
    }
    under.place = over.place;
    let Data::List(into) = &mut under.data else { return };
    if items.is_empty() {
        return;
    }
    let positions = positions(into, items, rule);
    let into = Arc::make_mut(into);
    match rule {
        Rule::Union => {
            let is_new = |into: &Vec<Node>, item| !into.iter().any(|one| same_data(one, item));
            for (item, position) in items.iter().zip(positions) {
                if position.is_none() && (item.as_scalar().is_some() || is_new(into, item)) {
                    into.push(item.clone());
                }
            }
        }
        Rule::Keyed(_) => lay_keyed(into, items.iter().zip(positions), ground),
    }
}

/// For each new item the position of the one that it is laid over.
fn positions(into: &[Node], items: &[Node], rule: &Rule) -> Vec<Option<usize>> {
    let known = into.iter().enumerate().rev();
    let known: BTreeMap<_, _> =
        known.filter_map(|(at, item)| Some((Identity::of(item, rule)?, at))).collect();
    items.iter().map(|item| known.get(&Identity::of(item, rule)?).copied()).collect()
}

fn lay_keyed<'n>(
    into: &mut Vec<Node>,
    items: impl Iterator<Item = (&'n Node, Option<usize>)>,
    ground: Ground<'_>,
) {
    let mut gone = Vec::new();
    for (item, position) in items {
        match position {
            Some(at) if takes_out(item) => gone.push(at),
            Some(at) => overlay(&mut into[at], item, ground.item(item)),
            None if takes_out(item) => {}
            None => into.push(cleaned(item, ground.item(item))),
        }
    }
    if !gone.is_empty() {
        let mut at = 0..;
        into.retain(|_| at.next().is_none_or(|at| !gone.contains(&at)));
    }
}

/// What the first layer holds for an item, if it declares nulls there.
pub(super) fn declared<'n>(list: Option<&'n Node>, item: &Node, rule: &Rule) -> Option<&'n Node> {
    let identity = Identity::of(item, rule)?;
    let mut items = list?.as_list()?.iter();
    items.find(|one| holds_null(one) && Identity::of(one, rule).as_ref() == Some(&identity))
}

#[cfg(test)]
pub(super) mod tests;
