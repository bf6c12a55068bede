//! What the layers say about a path.

use super::Subject;
use super::path::{Part, at};
use super::shown::in_json;
use crate::source::{Files, Place};
use crate::values::{self, Values};
use crate::yaml::Node;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use std::fmt;

/// A line of a file, or an argument of the command line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The file as a user would write its path, or the argument.
    pub file: String,
    /// The line, from 1; none for an argument.
    pub line: Option<usize>,
}

impl Spot {
    /// Where a place begins.
    #[must_use]
    pub fn of(files: &Files, place: Place) -> Self {
        let source = files.source(place.file);
        let is_argument = source.name().starts_with("--");
        let line = (!is_argument).then(|| source.line_column(place.span.start).0);
        Self { file: source.name().to_owned(), line }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

impl Serialize for Spot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a layer does at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Does {
    /// It sets the value there.
    Sets,
    /// By a null it removes the value, or a map that it lies in.
    Deletes,
    /// It sets a map or list that the value would lie in to something without it.
    Replaces,
}

/// What one layer says about a path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// The layer's name.
    pub layer: String,
    /// Where it says so.
    pub at: Spot,
    /// What it does.
    pub does: Does,
    /// The value that it sets.
    pub value: Json,
}

/// What the layers say about a path, strongest first.
pub(super) fn settings(subject: &Subject<'_>, values: &Values, parts: &[Part]) -> Vec<Setting> {
    let keys: Vec<&str> = parts.iter().map_while(as_key).collect();
    let rest = &parts[keys.len()..];
    let said = values.history(&keys).into_iter().map(|setting| {
        let (node, does) = match setting.depth < keys.len() {
            _ if setting.node.is_null() => (setting.node, Does::Deletes),
            true => (setting.node, Does::Replaces),
            false => item(setting.node, rest),
        };
        told(subject, &setting, (node, does))
    });
    let mut said: Vec<_> = said.collect();
    said.reverse();
    said
}

fn told(
    subject: &Subject<'_>,
    setting: &values::Setting<'_>,
    (node, does): (&Node, Does),
) -> Setting {
    Setting {
        layer: setting.layer.to_owned(),
        at: subject.spot(node.place),
        does,
        value: in_json(node),
    }
}

fn as_key(part: &Part) -> Option<&str> {
    match part {
        Part::Key(key) => Some(key),
        Part::Index(_) => None,
    }
}

/// The part of a list that a layer sets whole.
fn item<'n>(node: &'n Node, rest: &[Part]) -> (&'n Node, Does) {
    at(node, rest).map_or((node, Does::Replaces), |below| (below, Does::Sets))
}

/// What a node of the merged values says of itself: who set it.
pub(super) fn winner(subject: &Subject<'_>, values: &Values, node: &Node) -> Setting {
    Setting {
        layer: values.layer_of(node.place).unwrap_or_default().to_owned(),
        at: subject.spot(node.place),
        does: Does::Sets,
        value: in_json(node),
    }
}

/// Who set a node, and what that overrode, strongest first.
pub(super) fn ladder(
    subject: &Subject<'_>,
    values: &Values,
    (parts, node): (&[Part], &Node),
) -> (Setting, Vec<Setting>) {
    let winner = winner(subject, values, node);
    let mut over = settings(subject, values, parts);
    // The null that a chart declares deletes nothing.
    let is_it = |one: &Setting| one.at == winner.at && (one.does == Does::Sets || node.is_null());
    if let Some(at) = over.iter().position(is_it) {
        over.remove(at);
    }
    (winner, over)
}
