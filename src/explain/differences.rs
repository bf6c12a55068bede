//! In what the values of two targets differ.

use super::path::keys_of;
use super::references::{Chain, ValueAt};
use super::settings::Setting;
use super::shown::value_path;
use super::{Part, Subject, leaves};
use crate::yaml::{Node, same_data};
use serde::Serialize;
use std::collections::BTreeMap;

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
/// Numbers that mean the same are the same, however they are written. Lists differ item by item.
#[must_use]
pub fn differences(left: &Subject<'_>, right: &Subject<'_>) -> Vec<Difference> {
    let mut all: BTreeMap<Vec<Part>, [Option<&Node>; 2]> = BTreeMap::new();
    for (at, subject) in [left, right].into_iter().enumerate() {
        let leaves = subject.chart().map(|chart| leaves(chart.values.root())).unwrap_or_default();
        for (path, node) in leaves.into_iter().filter(|(path, _)| !path.is_empty()) {
            all.entry(path).or_default()[at] = Some(node);
        }
    }
    let differ = |sides: &[Option<&Node>; 2]| match sides {
        [Some(left), Some(right)] => !same_data(left, right),
        _ => true,
    };
    let told = all.into_iter().filter(|(_, sides)| differ(sides)).map(|(path, [one, other])| {
        let side = |subject, node: Option<&Node>| node.map(|node| side(subject, (&path, node)));
        let values = [(left, one), (right, other)].into_iter().find(|(_, node)| node.is_some());
        let of = values.and_then(|(subject, _)| Some((subject, subject.chart()?.values)));
        let shown = of.map(|(subject, values)| value_path(subject, values, &path));
        Difference {
            path: shown.unwrap_or_default(),
            left: side(left, one),
            right: side(right, other),
        }
    });
    told.collect()
}

/// Who set a leaf, with what it was made of.
fn side(subject: &Subject<'_>, leaf: (&[Part], &Node)) -> Setting {
    let at = ValueAt { chart: subject.asked, path: keys_of(leaf.0) };
    Chain::new(subject).ladder(&at, leaf).0
}
