//! Lists that merge: item by item where the schema names keys, or as sets.

use super::lists::Rule;
use crate::yaml::{self, Exact, Node, Rules, Scalar, Value};
use std::collections::BTreeMap;

/// What an item of a keyed list says about itself to be taken out.
pub(super) const PATCH: &str = "$patch";

/// What tells an item of a list from the others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Identity<'n> {
    first: Part<'n>,
    rest: Vec<Part<'n>>,
}

/// A scalar by its meaning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part<'n> {
    Null,
    Bool(bool),
    Number(Exact),
    Text(&'n str),
    /// The expression of a reference.
    Reference(&'n str),
}

impl<'n> Part<'n> {
    pub(super) fn of(scalar: &'n Scalar) -> Self {
        match scalar.value {
            _ if super::is_reference(scalar) => Self::Reference(&scalar.text),
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(truth),
            Value::String => Self::Text(&scalar.text),
            Value::Int(_) | Value::Uint(_) | Value::Float(_) => {
                Exact::of(scalar).map_or(Self::Text(&scalar.text), Self::Number)
            }
        }
    }
}

impl Part<'_> {
    /// A text that tells it from all others.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(truth) => truth.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("\"{text}"),
            Self::Reference(text) => format!("!{text}"),
        }
    }
}

/// Whether two scalars mean the same: numbers by their value, whatever their spelling.
pub(super) fn same_meaning(one: &Scalar, other: &Scalar) -> bool {
    Part::of(one) == Part::of(other)
}

/// Whether whoever types a text can mean a scalar by it: what is written there, or what means the same.
#[must_use]
pub fn is_meant(scalar: &Scalar, typed: &str) -> bool {
    *scalar.text == *typed
        || scalar.as_str().is_none()
            && yaml::resolve(typed, Rules::default()).is_ok_and(|value| {
                let typed = Scalar { text: typed.into(), ..Scalar::plain(value) };
                value != Value::String && same_meaning(scalar, &typed)
            })
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
    // It mostly stands first.
    let map = item.as_map()?;
    let first = map.first().filter(|(first, _)| *first.name == *key);
    let scalar = first.map_or_else(|| map.get(key), |(_, node)| Some(node))?.as_scalar()?;
    (scalar.value != Value::Null && !super::is_reference(scalar)).then_some(scalar)
}

/// Whether an item takes the one with its keys out.
pub(super) fn takes_out(item: &Node) -> bool {
    item.get(PATCH).and_then(Node::as_str) == Some("delete")
}

/// The items of the first layer's list that declare nulls.
#[derive(Debug)]
pub(super) struct Declared<'n>(BTreeMap<Identity<'n>, &'n Node>);

impl<'n> Declared<'n> {
    pub(super) fn of(list: Option<&'n Node>, rule: &Rule) -> Self {
        let items = list.and_then(Node::as_list).unwrap_or_default().iter().rev();
        let items = items.filter(|item| holds_null(item));
        Self(items.filter_map(|item| Some((Identity::of(item, rule)?, item))).collect())
    }

    pub(super) fn get(&self, identity: &Identity<'_>) -> Option<&'n Node> {
        self.0.get(identity).copied()
    }
}

/// What the first layer holds for an item, if it declares nulls there.
pub(super) fn declared<'n>(list: Option<&'n Node>, item: &Node, rule: &Rule) -> Option<&'n Node> {
    Declared::of(list, rule).get(&Identity::of(item, rule)?)
}

/// Whether a key of the map, or of a map below it, is null.
fn holds_null(node: &Node) -> bool {
    let map = node.as_map().into_iter().flatten();
    map.into_iter().any(|(_, node)| node.is_null() || holds_null(node))
}

#[cfg(test)]
pub(super) mod tests;
