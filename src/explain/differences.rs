//! In what the values of two targets differ.

use super::path::{keys_of, path_text};
use super::references::{Chain, ValueAt};
use super::settings::Setting;
use super::shown::{is_secret, value_parts};
use super::{ChartValues, Part, Subject, leaves};
use crate::values::Values;
use crate::yaml::{Exact, Node, Scalar, same_data};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A leaf in which two targets differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Its path.
    pub path: String,
    /// What the first target has and who set it; none where it is not set.
    pub left: Option<Setting>,
    /// The same of the second.
    pub right: Option<Setting>,
}

/// The leaves in which the values of two targets differ, sorted by path as the YAML is.
///
/// Numbers that mean the same are the same, however they are written. Lists differ item by item: those
/// that merge by the keys or the values of their items, all others by position.
#[must_use]
pub fn differences(left: &Subject<'_>, right: &Subject<'_>) -> Vec<Difference> {
    let mut all: BTreeMap<Vec<Part>, [Option<Leaf<'_>>; 2]> = BTreeMap::new();
    for (at, subject) in [left, right].into_iter().enumerate() {
        for leaf in subject.chart().map(leaves_of).unwrap_or_default() {
            // Keys whose values are written alike may mean something else.
            let is_taken = all.get(&leaf.same).is_some_and(|sides| sides[at].is_some());
            let path = if is_taken { leaf.path.clone() } else { leaf.same.clone() };
            all.entry(path).or_default()[at] = Some(leaf);
        }
    }
    let differ = |sides: &[Option<Leaf<'_>>; 2]| match sides {
        [Some(left), Some(right)] => !same_data(left.node, right.node),
        _ => true,
    };
    let told = all.into_iter().filter(|(_, sides)| differ(sides)).map(|(same, [one, other])| {
        let side = |subject, leaf: &Option<Leaf<'_>>| {
            leaf.as_ref().map(|leaf| side(subject, (&leaf.path, leaf.node)))
        };
        let values = [(left, &one), (right, &other)].into_iter();
        let mut of = values.filter_map(|(subject, leaf)| Some((subject, leaf.as_ref()?)));
        let shown = of.next().and_then(|(subject, leaf)| {
            let names = value_parts(subject, subject.chart()?.values, &leaf.path);
            Some(path_text(&named(&names, &same)))
        });
        Difference {
            path: shown.unwrap_or_default(),
            left: side(left, &one),
            right: side(right, &other),
        }
    });
    told.collect()
}

/// A leaf of a target's values.
struct Leaf<'v> {
    /// Its path, with positions.
    path: Vec<Part>,
    /// The path by which the other target has the same one.
    same: Vec<Part>,
    node: &'v Node,
}

fn leaves_of<'v>(chart: &ChartValues<'v>) -> Vec<Leaf<'v>> {
    let all = leaves(chart.values.root()).into_iter().filter(|(path, _)| !path.is_empty());
    let leaf = |(path, node): (Vec<Part>, &'v Node)| {
        let keys = keys_of(&path);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let items = chart.values.items_on(&keys).into_iter().zip(&path);
        let same = items.enumerate().map(|(at, (item, part))| match item {
            Some(item) => identity(chart.values, &keys[..=at], &item).unwrap_or(part.clone()),
            None => part.clone(),
        });
        Leaf { same: same.collect(), path, node }
    };
    all.map(leaf).collect()
}

/// What an item of a list that merges is known by in both targets; none if that is secret.
fn identity(values: &Values, path: &[&str], keys: &[(String, String)]) -> Option<Part> {
    let item = values.find(path)?;
    let told_by = keys.iter().map(|(key, _)| item.get(key));
    let told_by: Vec<&Node> =
        if keys.is_empty() { vec![item] } else { told_by.flatten().collect() };
    if told_by.iter().any(|node| is_secret(values, node)) {
        return None;
    }
    if let Some(scalar) = item.as_scalar() {
        return Some(Part::Key(in_one_spelling(scalar)));
    }
    let text = |key: &str| item.get(key).and_then(Node::as_scalar).map(in_one_spelling);
    let pairs = keys.iter().filter_map(|(key, _)| Some(format!("{key}={}", text(key)?)));
    let pairs: Vec<_> = pairs.collect();
    Some(Part::Item(pairs.join(",").into()))
}

/// The text of a scalar, for numbers the same one however they are written.
fn in_one_spelling(scalar: &Scalar) -> Arc<str> {
    Exact::of(scalar).map_or_else(|| Arc::clone(&scalar.text), |number| number.to_string().into())
}

/// A path as it is shown: an item of a list that merges by its keys, that of a set by nothing, since it is
/// its own value.
fn named(shown: &[Part], same: &[Part]) -> Vec<Part> {
    let parts = shown.iter().zip(same).filter_map(|(shown, same)| match (shown, same) {
        (Part::Index(_), Part::Key(_)) => None,
        (_, Part::Item(_)) => Some(same.clone()),
        _ => Some(shown.clone()),
    });
    parts.collect()
}

/// Who set a leaf, with what it was made of.
fn side(subject: &Subject<'_>, leaf: (&[Part], &Node)) -> Setting {
    let at = ValueAt { chart: subject.asked, path: keys_of(leaf.0) };
    Chain::new(subject).ladder(&at, leaf).0
}
