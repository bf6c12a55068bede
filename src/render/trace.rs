//! What printed values were made of, as a traced render found out.

use crate::source::Place;
use crate::yaml::{Data, Key, Map, Node};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a value is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// The merged values.
    Values,
    /// The target: its environment, namespace, service and labels.
    Target,
    /// The chart's name and version.
    Chart,
    /// The cluster's version.
    Cluster,
    /// The chart's text files.
    Files,
}

impl Root {
    /// The name that templates know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Target => "target",
            Self::Chart => "chart",
            Self::Cluster => "cluster",
            Self::Files => "files",
        }
    }
}

/// What a value did for something that was printed. The first ones say more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It is what was printed, as it is.
    Printed,
    /// Its key was printed.
    Key,
    /// It was read, and what was printed was made with it.
    Read,
    /// It was asked for, but nobody sets it.
    Absent,
    /// It was most likely read: it equals what was printed, or was passed to the macro that printed.
    Likely,
}

/// A value that something was made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Used {
    /// What it is a part of.
    pub root: Root,
    /// Its path: keys, and positions of list items in digits.
    pub path: Vec<String>,
    /// What it did.
    pub role: Role,
}

/// How much of a value a hole printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// A part of its text.
    Part,
}

/// A hole of a template that printed a value or a part of its text.
#[derive(Debug, Clone)]
pub struct PrintedBy {
    /// The hole.
    pub place: Place,
    /// How much of the value it printed.
    pub extent: Extent,
    /// Where the manifest's own template called the macro that the hole stands in.
    pub called: Option<Place>,
    /// What it read, in the order of the reads; nothing for a constant of the template.
    pub used: Vec<Used>,
}

/// A key or item that a template left out by `omit`.
#[derive(Debug, Clone)]
pub struct Omitted {
    /// The key; none for an item of a list.
    pub key: Option<Arc<str>>,
    /// The hole that decided it.
    pub by: PrintedBy,
}

/// What a chart's templates made their output of.
///
/// Values are known again by the memory of their texts, which nothing else shares in a traced
/// render and which stays when manifests are moved or cloned.
#[derive(Debug, Default)]
pub struct Trace {
    made: BTreeMap<usize, Made>,
    /// Numbers of the expressions that read a value.
    readers: BTreeMap<(Root, Vec<String>), BTreeSet<usize>>,
    /// Those that took all of a map or list.
    takers: BTreeMap<(Root, Vec<String>), BTreeSet<usize>>,
    /// The places of the expressions, by number.
    places: Vec<Place>,
    omitted: Vec<Omitted>,
}

#[derive(Debug)]
struct Made {
    /// Keeps the memory that it is known by.
    _kept: Kept,
    by: Vec<PrintedBy>,
}

#[derive(Debug)]
enum Kept {
    Text { _text: Arc<str> },
    List { _items: Arc<Vec<Node>> },
    Map { _entries: Arc<Map> },
}

impl Trace {
    /// The holes that printed a node of a manifest; none for what the template itself says, and for
    /// a map or list that has entries: they have holes of their own.
    #[must_use]
    pub fn printed(&self, node: &Node) -> &[PrintedBy] {
        self.made.get(&address(node)).map_or(&[], |made| &made.by)
    }

    /// The holes that printed a key of a manifest.
    #[must_use]
    pub fn key_printed(&self, key: &Key) -> &[PrintedBy] {
        self.made.get(&text_address(&key.name)).map_or(&[], |made| &made.by)
    }

    /// The holes and tags that read a value, asked for it, or took all of a map or list that it lies
    /// in; in the order of the chart's files.
    #[must_use]
    pub fn readers(&self, root: Root, path: &[String]) -> Vec<Place> {
        let begins = (0..=path.len()).map(|length| (root, path[..length].to_vec()));
        let takers = begins.filter_map(|begin| self.takers.get(&begin)).flatten();
        let readers = self.readers.get(&(root, path.to_vec())).into_iter().flatten();
        let numbers: BTreeSet<usize> = takers.chain(readers).copied().collect();
        numbers.into_iter().filter_map(|number| self.places.get(number).copied()).collect()
    }

    /// What templates left out by `omit`, in the order of the templates.
    #[must_use]
    pub fn omitted(&self) -> &[Omitted] {
        &self.omitted
    }

    pub(super) fn set_places(&mut self, places: Vec<Place>) {
        self.places = places;
    }

    pub(super) fn read_by(&mut self, expression: usize, value: (Root, Vec<String>)) {
        self.readers.entry(value).or_default().insert(expression);
    }

    pub(super) fn taken_by(&mut self, expression: usize, value: (Root, Vec<String>)) {
        self.takers.entry(value).or_default().insert(expression);
    }

    pub(super) fn omit(&mut self, omitted: Omitted) {
        self.omitted.push(omitted);
    }

    /// Notes what printed a leaf, which gets memory of its own.
    pub(super) fn note(&mut self, node: &mut Node, by: Vec<PrintedBy>) {
        let kept = match &mut node.data {
            Data::Scalar(scalar) => {
                scalar.text = Arc::from(&*scalar.text);
                Kept::Text { _text: Arc::clone(&scalar.text) }
            }
            Data::List(items) => Kept::List { _items: Arc::clone(items) },
            Data::Map(entries) => Kept::Map { _entries: Arc::clone(entries) },
        };
        self.made.insert(address(node), Made { _kept: kept, by });
    }

    /// Notes what printed a key, which has memory of its own.
    pub(super) fn note_key(&mut self, key: &Key, by: Vec<PrintedBy>) {
        let kept = Kept::Text { _text: Arc::clone(&key.name) };
        self.made.insert(text_address(&key.name), Made { _kept: kept, by });
    }
}

fn address(node: &Node) -> usize {
    match &node.data {
        Data::Scalar(scalar) => text_address(&scalar.text),
        Data::List(items) => Arc::as_ptr(items) as usize,
        Data::Map(entries) => Arc::as_ptr(entries) as usize,
    }
}

/// Where a text lies in memory.
pub(super) fn text_address(text: &str) -> usize {
    text.as_ptr() as usize
}
