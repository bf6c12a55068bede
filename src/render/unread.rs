//! Values of layers that nothing reads: most likely misspelt ones.
//!
//! `every target: layers, Reads  --note-->  what is open in each file  --findings-->  values/unused`
//!
//! Promise: a value counts as read when any target that has its file read it, whatever won there, or when
//! a template names it where no target went; which targets come first, and which thread renders them,
//! changes nothing. Of each file only what nothing has read so far is kept, so that a fleet costs little
//! memory.

use super::Renderer;
use super::mentions::May;
use super::reads::Reads;
use crate::diag::{Code, Diagnostic, Severity, nearest};
use crate::source::{FileId, Place};
use crate::values::{Layer, Step, Values};
use crate::yaml::{Data, Key, Map, Node};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// What the names of top-level keys begin with that hold anchors and notes for people.
const FREE: &str = "x-";
/// How many values of one file are told.
const MAX_TOLD: usize = 100;

/// What nothing has read so far, of every file of values: a ledger for each thread, so that none waits
/// for another.
#[derive(Debug)]
pub struct Unread(Vec<Mutex<Ledger>>);

/// One render, and how much a value that nothing reads weighs there; none if it is not told.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The chart's folder.
    pub chart: &'a str,
    /// The chart's templates.
    pub renderer: &'a Arc<Renderer>,
    /// What they were rendered with.
    pub values: &'a Values,
    /// What they looked at.
    pub reads: &'a Reads,
    /// How much a finding weighs for this target.
    pub weight: Option<Severity>,
}

#[derive(Debug, Default)]
struct Ledger {
    /// In any order: findings are sorted later.
    files: IndexMap<Place, File>,
    charts: BTreeMap<Arc<str>, Chart>,
}

/// What the renders of one chart read together.
#[derive(Debug)]
struct Chart {
    renderer: Arc<Renderer>,
    reads: Reads,
}

#[derive(Debug, Default)]
struct File {
    open: Vec<Open>,
    weight: Option<Severity>,
}

/// A value that nothing has read, with all that is in it.
#[derive(Debug, Clone)]
struct Open {
    /// As [`Reads::called`].
    path: Vec<String>,
    /// As a person writes it.
    shown: String,
    place: Place,
    node: Node,
    /// The charts that could see it.
    charts: BTreeSet<Arc<str>>,
    /// The first by name of those that it is hidden from and that ask for it.
    asking: Option<Arc<str>>,
}

impl Unread {
    /// Nothing is read yet; for renders on the threads of the current rayon pool.
    #[must_use]
    pub fn of_threads() -> Self {
        Self((0..rayon::current_num_threads()).map(|_| Mutex::default()).collect())
    }

    /// Takes in what one render looked at.
    pub fn note(&self, seen: &Seen<'_>) {
        let own = rayon::current_thread_index().unwrap_or_default() % self.0.len();
        self.0[own].lock().unwrap_or_else(PoisonError::into_inner).note(seen);
    }

    /// Every value that nothing reads, in the files for which `is_judged` holds; of a file the first 100.
    #[must_use]
    pub fn findings(self, is_judged: impl Fn(FileId) -> bool) -> Vec<Diagnostic> {
        let ledgers = self.0.into_iter();
        let ledgers = ledgers.map(|own| own.into_inner().unwrap_or_else(PoisonError::into_inner));
        let ledger = ledgers.reduce(Ledger::and).unwrap_or_default();
        let files = ledger.files.iter().filter(|(place, _)| is_judged(place.file));
        let told = files.filter_map(|(_, file)| file.weight.map(|weight| (file, weight)));
        told.flat_map(|(file, weight)| {
            let unused = file.open.iter().flat_map(|open| ledger.unused(open));
            let unused: BTreeMap<_, _> =
                unused.map(|open| ((open.place.span, open.path.clone()), open)).collect();
            let untold = unused.len().saturating_sub(MAX_TOLD);
            let worded = unused.values().take(MAX_TOLD).map(|open| ledger.worded(open));
            let mut worded: Vec<_> =
                worded.map(|finding| Diagnostic { severity: weight, ..finding }).collect();
            if let Some(last) = worded.last_mut().filter(|_| untold > 0) {
                last.message += &format!(", nor {untold} more values of this file");
            }
            worded
        })
        .collect()
    }
}

fn stronger(one: Option<Severity>, other: Option<Severity>) -> Option<Severity> {
    // An error comes first in the order of severities.
    one.into_iter().chain(other).min()
}

impl Ledger {
    fn note(&mut self, seen: &Seen<'_>) {
        let chart = self.chart(seen);
        for layer in seen.values.layers() {
            let file = self.file(layer);
            file.weight = stronger(file.weight, seen.weight);
            let mut still = Vec::with_capacity(file.open.len());
            for open in std::mem::take(&mut file.open) {
                sift(open, seen, &chart, &mut still);
            }
            file.open = still;
        }
    }

    /// What neither of two has read; the same whichever comes first.
    fn and(mut self, other: Self) -> Self {
        for (name, chart) in other.charts {
            match self.charts.get_mut(&name) {
                Some(own) => own.reads.extend(&chart.reads),
                None => drop(self.charts.insert(name, chart)),
            }
        }
        for (place, file) in other.files {
            match self.files.get_mut(&place) {
                Some(own) => *own = std::mem::take(own).and(file),
                None => drop(self.files.insert(place, file)),
            }
        }
        self
    }

    fn chart(&mut self, seen: &Seen<'_>) -> Arc<str> {
        if let Some((name, _)) = self.charts.get_key_value(seen.chart) {
            let name = Arc::clone(name);
            self.charts.entry(Arc::clone(&name)).and_modify(|chart| chart.reads.extend(seen.reads));
            return name;
        }
        let name: Arc<str> = seen.chart.into();
        let chart = Chart { renderer: Arc::clone(seen.renderer), reads: seen.reads.clone() };
        self.charts.insert(Arc::clone(&name), chart);
        name
    }

    fn file(&mut self, layer: &Layer) -> &mut File {
        // What one chart.yaml passes on to several dependencies are several layers.
        self.files.entry(layer.place).or_insert_with(|| File { open: opened(layer), weight: None })
    }

    /// What is left of an open value without what some template could read.
    fn unused(&self, open: &Open) -> Vec<Open> {
        let charts = open.charts.iter().filter_map(|name| self.charts.get(name));
        let may = charts.map(|chart| chart.renderer.mentions().may_read(&open.path, &chart.reads));
        match may.max() {
            None | Some(May::Nothing) => vec![open.clone()],
            Some(May::Below) => below(open).iter().flat_map(|open| self.unused(open)).collect(),
            Some(May::All) => Vec::new(),
        }
    }

    fn worded(&self, open: &Open) -> Diagnostic {
        let shown = &open.shown;
        let inside = if is_branch(&open.node) { " nor what is in it" } else { "" };
        let message = format!("no template reads `{shown}`{inside}");
        let finding = Diagnostic::warning(Code::ValuesUnused, message).at(open.place, "");
        finding.hint(match (self.near(open), &open.asking) {
            (_, Some(chart)) => format!(
                "the chart `{chart}` asks for it, but sees only what it declares: add it to its values.yaml or values.schema.json"
            ),
            (Some(near), _) => format!("did you mean `{near}`?"),
            _ => "delete it, or read it in a template".to_owned(),
        })
    }

    /// The name beside it that is read and that it most likely means.
    fn near(&self, open: &Open) -> Option<String> {
        let (last, above) = open.path.split_last().filter(|(last, _)| *last != Reads::ITEM)?;
        let all = open.charts.is_empty().then_some(self.charts.keys());
        let names = all.into_iter().flatten().chain(&open.charts);
        let mut known = BTreeSet::new();
        for chart in names.filter_map(|name| self.charts.get(name)) {
            known.extend(chart.renderer.mentions().names(above));
            let reads = chart.reads.at(above.iter().map(String::as_str));
            known.extend(reads.into_iter().flat_map(Reads::names));
        }
        known.remove(Reads::ITEM);
        known.remove(last.as_str());
        nearest(last, known).map(str::to_owned)
    }
}

impl File {
    /// What is open in both: of a value that one of them has taken apart, the parts.
    ///
    /// The path of a value decides whether it was looked at, so values with equal paths, such as items
    /// of a list, share their fate.
    fn and(self, other: Self) -> Self {
        let weight = stronger(self.weight, other.weight);
        let (own, others) = (by_path(&self.open), by_path(&other.open));
        let parts = |open: &Open, above: &BTreeMap<_, &Open>, longest: usize| {
            let above = (0..=longest).rev().find_map(|length| above.get(&open.path[..length]));
            above.map(|above| open.clone().seen_with(above))
        };
        let of_own = self.open.iter().filter_map(|open| parts(open, &others, open.path.len()));
        let strictly = |open: &Open| parts(open, &own, open.path.len().checked_sub(1)?);
        let of_others = other.open.iter().filter_map(strictly);
        Self { open: of_own.chain(of_others).collect(), weight }
    }
}

fn by_path(open: &[Open]) -> BTreeMap<&[String], &Open> {
    open.iter().map(|open| (&*open.path, open)).collect()
}

impl Open {
    /// As the charts have seen it, too, that saw `other`, the same or what it is in.
    fn seen_with(mut self, other: &Self) -> Self {
        self.charts.extend(other.charts.iter().cloned());
        let both = [&self.asking, &other.asking];
        self.asking = both.into_iter().flatten().min().cloned();
        self
    }
}

/// Everything that a layer sets, as the values at the top of what it sets.
fn opened(layer: &Layer) -> Vec<Open> {
    let whole = layer.edits.iter().flat_map(|edit| {
        let mut open = Open {
            path: Vec::new(),
            shown: String::new(),
            place: edit.node.place,
            node: edit.node.clone(),
            charts: BTreeSet::new(),
            asking: None,
        };
        for step in &edit.path {
            match step {
                Step::Key(key) => open = under(&open, key, edit.node.clone()),
                Step::Index(_) | Step::Item(_) => open = item(&open, &edit.node),
            }
        }
        if open.path.is_empty() { below(&open) } else { vec![open] }
    });
    whole.filter(|open| !open.shown.starts_with(FREE)).collect()
}

/// Keeps of an open value what a render did not look at.
fn sift(open: Open, seen: &Seen<'_>, chart: &Arc<str>, still: &mut Vec<Open>) {
    let is_hidden = open.path.first().is_some_and(|key| seen.values.hidden().contains_key(&**key));
    match open.path.iter().try_fold(seen.reads, |reads, key| match reads.is_whole() {
        true => Err(true),
        false => reads.get(key).ok_or(false),
    }) {
        _ if is_hidden => still.push(hidden_from(open, seen, chart)),
        Err(true) => {}
        Err(false) => still.push(seen_by(open, chart)),
        Ok(reads) => sift_below(&open, reads, chart, still),
    }
}

/// What is in a value that was looked at.
fn sift_below(open: &Open, reads: &Reads, chart: &Arc<str>, still: &mut Vec<Open>) {
    if reads.is_whole() {
        return;
    }
    for child in below(open) {
        let key = child.path.last().map_or("", String::as_str);
        match reads.get(key) {
            Some(reads) => sift_below(&child, reads, chart, still),
            None => still.push(seen_by(child, chart)),
        }
    }
}

fn hidden_from(mut open: Open, seen: &Seen<'_>, chart: &Arc<str>) -> Open {
    let is_asked = open.path.first().is_some_and(|key| seen.reads.get(key).is_some());
    if is_asked && open.asking.as_ref().is_none_or(|other| chart < other) {
        open.asking = Some(Arc::clone(chart));
    }
    open
}

fn seen_by(mut open: Open, chart: &Arc<str>) -> Open {
    if !open.charts.contains(chart) {
        open.charts.insert(Arc::clone(chart));
    }
    open
}

fn is_branch(node: &Node) -> bool {
    match &node.data {
        Data::Map(map) => !map.is_empty(),
        Data::List(items) => !items.is_empty(),
        Data::Scalar(_) => false,
    }
}

/// The values right below one.
fn below(open: &Open) -> Vec<Open> {
    match &open.node.data {
        Data::Map(map) => entries(map).map(|(key, node)| under(open, key, node.clone())).collect(),
        Data::List(items) => items.iter().map(|node| item(open, node)).collect(),
        Data::Scalar(_) => Vec::new(),
    }
}

/// What a map sets; `$patch` says how it is merged.
fn entries(map: &Map) -> impl Iterator<Item = (&Key, &Node)> {
    map.iter().filter(|(key, _)| &*key.name != "$patch")
}

fn under(open: &Open, key: &Key, node: Node) -> Open {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let shown = match (open.shown.as_str(), key.name.chars().all(is_word)) {
        ("", true) => key.name.to_string(),
        (above, true) => format!("{above}.{}", key.name),
        (above, false) => format!("{above}[{}]", key.name),
    };
    let path = [&open.path[..], &[Reads::called(&key.name).to_owned()]].concat();
    Open { path, shown, place: key.place, node, ..open.clone() }
}

fn item(open: &Open, node: &Node) -> Open {
    let path = [&open.path[..], &[Reads::ITEM.to_owned()]].concat();
    let shown = format!("{}[]", open.shown);
    Open { path, shown, place: node.place, node: node.clone(), ..open.clone() }
}

#[cfg(test)]
mod tests;
