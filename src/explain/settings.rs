//! What the layers say about a path.

use super::path::{Part, keys_of};
use super::references::{UsedValue, made_by};
use super::shown::{hidden, is_secret, layered, merged, reference};
use super::{ChartValues, Subject};
use crate::source::{Files, Place, Secrets};
use crate::values::{Step, Values, is_reference};
use crate::yaml::{Map, Node};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use std::borrow::Cow;
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
    /// The value that it sets; null for a reference that is not resolved.
    pub value: Json,
    /// The expression of a reference, if it sets one, or a map or list of it that this is a part of.
    pub reference: Option<String>,
    /// What that was made of, as far as it is followed.
    pub made_of: Vec<UsedValue>,
}

impl Setting {
    /// A setting of a secret: neither the value nor what it was made of is shown.
    pub(super) fn hide(&mut self) {
        self.value = hidden(&self.value);
        self.reference = self.reference.take().map(|_| Secrets::MASK.to_owned());
    }
}

/// Who set a node of a chart's merged values; what a reference was made of is left open.
pub(super) fn winner(subject: &Subject<'_>, chart: &ChartValues<'_>, node: &Node) -> Setting {
    let values = chart.values;
    let open = node.as_scalar().filter(|scalar| is_reference(scalar));
    let text = open.map(|scalar| &*scalar.text);
    let text = text.or_else(|| Some(&*made_by(chart, node.place)?.text));
    let value = open.map_or_else(|| merged(subject, values, node), |_| Json::Null);
    let mut told = Setting {
        layer: values.layer_of(node.place).unwrap_or_default().to_owned(),
        at: subject.spot(node.place),
        does: Does::Sets,
        value,
        reference: text.map(|text| reference(subject, text)),
        made_of: Vec::new(),
    };
    if told.reference.is_some() && is_secret(values, node) {
        told.hide();
    }
    told
}

/// Who set a node, and what that overrode, strongest first.
pub(super) fn ladder(
    subject: &Subject<'_>,
    chart: &ChartValues<'_>,
    (parts, node): (&[Part], &Node),
) -> (Setting, Vec<Setting>) {
    let said = said(chart.values, parts);
    let by = made_by(chart, node.place).map(|reference| reference.place);
    let is_it = |one: &Said<'_>| match one.does {
        Does::Sets => [Some(node.place), by].contains(&Some(one.node.place)),
        Does::Replaces => by == Some(one.node.place),
        // The null that a chart declares deletes nothing.
        Does::Deletes => node.is_null() && one.node.place == node.place,
    };
    let over = said.iter().position(is_it).map_or(0, |at| at + 1);
    let over = said[over..].iter().map(|one| told(subject, chart, one));
    (winner(subject, chart, node), over.collect())
}

/// What the layers say about a path of a chart's values, strongest first.
pub(super) fn settings(
    subject: &Subject<'_>,
    chart: &ChartValues<'_>,
    parts: &[Part],
) -> Vec<Setting> {
    said(chart.values, parts).iter().map(|one| told(subject, chart, one)).collect()
}

/// What one layer says, as the merge knows it.
struct Said<'v> {
    layer: &'v str,
    /// The path of what it sets: the one that was asked for, or one that leads to it.
    path: Vec<Part>,
    node: Cow<'v, Node>,
    does: Does,
}

fn said<'v>(values: &'v Values, parts: &[Part]) -> Vec<Said<'v>> {
    let keys = keys_of(parts);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let said = values.history(&keys).into_iter().map(|setting| {
        let takes_out = setting.node.get("$patch").is_some();
        let does = match setting.depth < keys.len() {
            _ if setting.below.is_empty() && (setting.node.is_null() || takes_out) => Does::Deletes,
            true => Does::Replaces,
            false => Does::Sets,
        };
        let path = parts[..setting.depth].to_vec();
        let node = match setting.below {
            [] => Cow::Borrowed(setting.node),
            below => Cow::Owned(below.iter().rev().fold(setting.node.clone(), around)),
        };
        Said { layer: setting.layer, path, node, does }
    });
    let mut said: Vec<_> = said.collect();
    said.reverse();
    said
}

/// The map or list of which an argument sets a part.
fn around(node: Node, step: &Step) -> Node {
    let place = node.place;
    match step {
        Step::Key(key) => Node::map([(key.clone(), node)].into_iter().collect(), place),
        Step::Index(_) => Node::list(vec![node], place),
        Step::Item(keys) => {
            let mut item: Map = keys.iter().cloned().collect();
            if let Some(map) = node.as_map() {
                item.extend(map.iter().map(|(key, node)| (key.clone(), node.clone())));
            }
            Node::list(vec![Node::map(item, place)], place)
        }
    }
}

fn told(subject: &Subject<'_>, chart: &ChartValues<'_>, said: &Said<'_>) -> Setting {
    let node: &Node = &said.node;
    let shown = layered(subject, chart, (&said.path, node));
    let (value, text) = match node.as_scalar().filter(|scalar| is_reference(scalar)) {
        Some(_) if shown == Secrets::MASK => (shown, Some(Secrets::MASK.to_owned())),
        Some(scalar) => (Json::Null, Some(reference(subject, &scalar.text))),
        None => (shown, None),
    };
    Setting {
        layer: said.layer.to_owned(),
        at: subject.spot(node.place),
        does: said.does,
        value,
        reference: text,
        made_of: Vec::new(),
    }
}
