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
use crate::source::{FileId, Place, Span};
use crate::values::{Layer, Reference, Step, Values};
use crate::yaml::{Data, Key, Map, Node, path_text, push_key};
use indexmap::IndexMap;
use std::borrow::Cow;
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
    /// The references by which another chart passes some of the values on to it.
    pub passed: &'a [Reference],
    /// How much a finding weighs for this target.
    pub weight: Option<Severity>,
}

#[derive(Debug, Default)]
struct Ledger {
    /// In any order: findings are sorted later.
    files: IndexMap<Place, File>,
    charts: BTreeMap<Arc<str>, Chart>,
    /// What a set of charts becomes with one more, since many values are seen by the same.
    grown: Option<Grown>,
}

type Charts = Arc<BTreeSet<Arc<str>>>;

/// A set of charts, and the same with one more.
#[derive(Debug)]
struct Grown {
    from: Charts,
    chart: Arc<str>,
    to: Charts,
}

/// Adds a chart to those that saw values.
#[derive(Debug)]
struct Seer<'l> {
    chart: Arc<str>,
    grown: &'l mut Option<Grown>,
}

/// What the renders of one chart read together.
#[derive(Debug)]
struct Chart {
    renderer: Arc<Renderer>,
    reads: Reads,
    /// What the references look at that no render read, by their paths as [`Reads::called`].
    references: BTreeMap<Vec<String>, Reference>,
    /// What of it a template may read by way of those that it names.
    referred: Reads,
}

#[derive(Debug, Default)]
struct File {
    /// Apart from each other: a file may have a million of them, and moving them needs no room.
    open: Vec<Open>,
    weight: Option<Severity>,
}

/// A value that nothing has read, with all that is in it.
#[derive(Debug, Clone)]
struct Open {
    /// As [`Reads::called`].
    path: Vec<String>,
    /// What it lies in, as a person writes it.
    above: Arc<str>,
    last: Last,
    place: Place,
    /// The map or list that it is; none for a scalar.
    node: Option<Box<Node>>,
    /// The charts that could see it.
    charts: Charts,
    /// The first by name of those that it is hidden from and that ask for it.
    asking: Option<Arc<str>>,
}

/// The last step of the path to a value.
#[derive(Debug, Clone)]
enum Last {
    /// None: it is the root.
    Root,
    Key(Arc<str>),
    /// The item of a list: its position, or the keys by which an argument names it.
    Item(Arc<str>),
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
        let mut ledger = ledgers.reduce(Ledger::and).unwrap_or_default();
        ledger.charts.values_mut().for_each(Chart::refer);
        let files = ledger.files.iter().filter(|(place, _)| is_judged(place.file));
        let told = files.filter_map(|(_, file)| file.weight.map(|weight| (file, weight)));
        told.flat_map(|(file, weight)| {
            let unused = file.open.iter().flat_map(|open| ledger.unused(open));
            let mut unused: Vec<Cow<'_, Open>> = unused.collect();
            unused.sort_by(|one, other| one.order().cmp(&other.order()));
            unused.dedup_by(|one, other| one.order() == other.order());
            let untold = unused.len().saturating_sub(MAX_TOLD);
            let worded = unused.iter().take(MAX_TOLD).map(|open| ledger.worded(open));
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
        let mut seer = Seer { chart, grown: &mut self.grown };
        for layer in seen.values.layers() {
            // What one chart.yaml passes on to several dependencies are several layers.
            let new = || File { open: opened(layer, seen.passed), weight: None };
            let file = self.files.entry(layer.place).or_insert_with(new);
            file.weight = stronger(file.weight, seen.weight);
            let mut still = Vec::with_capacity(file.open.len());
            for open in std::mem::take(&mut file.open) {
                sift(open, seen, &mut seer, &mut still);
            }
            file.open = still;
        }
    }

    /// What neither of two has read; the same whichever comes first.
    fn and(mut self, other: Self) -> Self {
        for (name, chart) in other.charts {
            match self.charts.get_mut(&name) {
                Some(own) => own.and(chart),
                None => drop(self.charts.insert(name, chart)),
            }
        }
        for (place, file) in other.files {
            match self.files.get_mut(&place) {
                Some(own) => *own = std::mem::take(own).and(&file),
                None => drop(self.files.insert(place, file)),
            }
        }
        self
    }

    fn chart(&mut self, seen: &Seen<'_>) -> Arc<str> {
        let known = self.charts.get_key_value(seen.chart).map(|(name, _)| Arc::clone(name));
        let name = known.unwrap_or_else(|| seen.chart.into());
        let new = || Chart {
            renderer: Arc::clone(seen.renderer),
            reads: Reads::default(),
            references: BTreeMap::new(),
            referred: Reads::default(),
        };
        self.charts.entry(Arc::clone(&name)).or_insert_with(new).saw(seen);
        name
    }

    /// What is left of an open value without what some template could read.
    fn unused<'o>(&self, open: &'o Open) -> Vec<Cow<'o, Open>> {
        let charts = open.charts.iter().filter_map(|name| self.charts.get(name));
        let may = charts.map(|chart| chart.may_read(&open.path));
        match may.max() {
            None | Some(May::Nothing) => vec![Cow::Borrowed(open)],
            Some(May::Below) => {
                let parts = below(open);
                let unused = parts.iter().flat_map(|open| self.unused(open));
                unused.map(|open| Cow::Owned(open.into_owned())).collect()
            }
            Some(May::All) => Vec::new(),
        }
    }

    fn worded(&self, open: &Open) -> Diagnostic {
        let shown = open.shown();
        let inside = if open.is_branch() { " nor what is in it" } else { "" };
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

    /// What is read and is most likely meant: a name beside it, or the path with another step above it.
    fn near(&self, open: &Open) -> Option<String> {
        let (_, above) = open.path.split_last()?;
        if let Some(near) = self.near_step(open, above.len()) {
            return Some(near);
        }
        if above.iter().any(|step| step == Reads::ITEM) {
            return None;
        }
        (0..above.len()).rev().find_map(|at| {
            let near = self.near_step(open, at)?;
            let mut path = open.path.clone();
            path[at] = near;
            self.is_read(open, &path).then(|| path_text(path))
        })
    }

    /// Whether any chart of the value reads or names a path.
    fn is_read(&self, open: &Open, path: &[String]) -> bool {
        let Some((last, above)) = path.split_last() else { return false };
        self.names(open, above).contains(last.as_str())
    }

    /// The name that is read in the place of a step and that it most likely means.
    fn near_step(&self, open: &Open, at: usize) -> Option<String> {
        let step = open.path.get(at).filter(|step| *step != Reads::ITEM)?;
        let mut known = self.names(open, &open.path[..at]);
        known.remove(Reads::ITEM);
        known.remove(step.as_str());
        nearest(step, known).map(str::to_owned)
    }

    /// The names that are read or asked for at a path.
    fn names(&self, open: &Open, above: &[String]) -> BTreeSet<&str> {
        let all = open.charts.is_empty().then_some(self.charts.keys());
        let names = all.into_iter().flatten().chain(&*open.charts);
        let mut known = BTreeSet::new();
        for chart in names.filter_map(|name| self.charts.get(name)) {
            known.extend(chart.renderer.mentions().names(above));
            let reads = chart.reads.at(above.iter().map(String::as_str));
            known.extend(reads.into_iter().flat_map(Reads::names));
        }
        known
    }
}

impl Chart {
    /// Takes in one more render.
    fn saw(&mut self, seen: &Seen<'_>) {
        self.reads.extend(seen.reads);
        for reference in seen.values.references() {
            let path = called(&reference.path);
            let keys: Vec<_> = path.iter().map(String::as_str).collect();
            if !self.references.contains_key(&path) && !seen.reads.covers(&keys) {
                self.references.insert(path, reference.clone());
            }
        }
    }

    /// Takes in what another thread noted of it.
    fn and(&mut self, other: Self) {
        self.reads.extend(&other.reads);
        for (path, reference) in other.references {
            self.references.entry(path).or_insert(reference);
        }
    }

    /// Follows the references that no target read but a template names.
    fn refer(&mut self) {
        let references = std::mem::take(&mut self.references);
        let named = references.into_iter().filter(|(path, _)| {
            self.renderer.mentions().may_read(path, &self.reads) != May::Nothing
        });
        let named: Vec<_> = named.map(|(_, reference)| reference).collect();
        for reference in named {
            self.referred.add(&reference.looked, &reference.whole);
        }
    }

    /// What a template could read of the value at a path though no target did.
    fn may_read(&self, path: &[String]) -> May {
        let named = self.renderer.mentions().may_read(path, &self.reads);
        let keys: Vec<_> = path.iter().map(String::as_str).collect();
        let is_covered = self.referred.covers(&keys);
        let is_whole = |length| self.referred.at(keys[..length].iter().copied());
        let mut above = (0..=keys.len()).filter_map(is_whole);
        let referred = match () {
            () if above.any(Reads::is_whole) => May::All,
            () if is_covered => May::Below,
            () => May::Nothing,
        };
        named.max(referred)
    }
}

/// A path as [`Reads::called`].
fn called(path: &[String]) -> Vec<String> {
    path.iter().map(|key| Reads::called(key).to_owned()).collect()
}

impl File {
    /// What is open in both: of a value that one of them has taken apart, the parts.
    ///
    /// The path of a value decides whether it was looked at, so values with equal paths, such as items
    /// of a list, share their fate.
    fn and(self, other: &Self) -> Self {
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
    /// What it is sorted by among those of its file.
    fn order(&self) -> (Span, &[String]) {
        (self.place.span, &self.path)
    }

    fn is_branch(&self) -> bool {
        self.node.as_deref().is_some_and(|node| match &node.data {
            Data::Map(map) => !map.is_empty(),
            Data::List(items) => !items.is_empty(),
            Data::Scalar(_) => false,
        })
    }

    /// Its path as a person writes it.
    fn shown(&self) -> String {
        let mut shown = self.above.to_string();
        match &self.last {
            Last::Root => {}
            Last::Key(key) => push_key(&mut shown, key),
            Last::Item(item) => shown += &format!("[{item}]"),
        }
        shown
    }

    /// A part of it, which it is `above`, at a place.
    fn part(
        &self,
        above: &Arc<str>,
        (last, place): (Last, Place),
        node: Option<Box<Node>>,
    ) -> Self {
        let mut path = Vec::with_capacity(self.path.len() + 1);
        path.extend_from_slice(&self.path);
        path.push(match &last {
            Last::Key(key) => Reads::called(key).to_owned(),
            Last::Root | Last::Item(_) => Reads::ITEM.to_owned(),
        });
        Self {
            path,
            above: Arc::clone(above),
            last,
            place,
            node,
            charts: Arc::clone(&self.charts),
            asking: self.asking.clone(),
        }
    }

    /// As the charts have seen it, too, that saw `other`, the same or what it is in.
    fn seen_with(mut self, other: &Self) -> Self {
        if !other.charts.is_subset(&self.charts) {
            Arc::make_mut(&mut self.charts).extend(other.charts.iter().cloned());
        }
        let both = [&self.asking, &other.asking];
        self.asking = both.into_iter().flatten().min().cloned();
        self
    }
}

/// Everything that a layer sets, as the values at the top of what it sets. What is `passed` by a
/// reference is one value, whatever lies in it: that was set elsewhere.
fn opened(layer: &Layer, passed: &[Reference]) -> Vec<Open> {
    let passed: Vec<_> = passed
        .iter()
        .filter(|one| one.place.file == layer.place.file)
        .map(|one| one.place)
        .collect();
    let charts = Charts::default();
    let mut whole = Vec::new();
    for edit in &layer.edits {
        let mut open = Open {
            path: Vec::new(),
            above: Arc::from(""),
            last: Last::Root,
            place: edit.node.place,
            node: kept(&edit.node, &passed),
            charts: Arc::clone(&charts),
            asking: None,
        };
        for step in &edit.path {
            let last = match step {
                Step::Key(key) => (Last::Key(Arc::clone(&key.name)), key.place),
                Step::Index(at) => (Last::Item(at.to_string().into()), edit.node.place),
                Step::Item(wanted) => (Last::Item(selected(wanted).into()), edit.node.place),
            };
            open = open.part(&open.shown().into(), last, kept(&edit.node, &passed));
        }
        match open.path.is_empty() {
            true => whole.extend(below(&open)),
            false => whole.push(open),
        }
    }
    whole.retain(|open| !open.path.first().is_some_and(|first| first.starts_with(FREE)));
    whole
}

/// `name=LOG`, as an argument names the item of a list.
fn selected(wanted: &[(Key, Node)]) -> String {
    let text = |node: &Node| node.as_scalar().map(|scalar| scalar.text.to_string());
    let pairs =
        wanted.iter().map(|(key, node)| format!("{}={}", key.name, text(node).unwrap_or_default()));
    pairs.collect::<Vec<_>>().join(",")
}

/// Keeps of an open value what a render did not look at.
fn sift(open: Open, seen: &Seen<'_>, seer: &mut Seer<'_>, still: &mut Vec<Open>) {
    let is_hidden = open.path.first().is_some_and(|key| seen.values.hidden().contains_key(&**key));
    match open.path.iter().try_fold(seen.reads, |reads, key| match reads.is_whole() {
        true => Err(true),
        false => reads.get(key).ok_or(false),
    }) {
        _ if is_hidden => still.push(hidden_from(open, seen, &seer.chart)),
        Err(true) => {}
        Err(false) => still.push(seer.saw(open)),
        Ok(reads) => sift_below(&open, reads, seer, still),
    }
}

/// What is in a value that was looked at.
fn sift_below(open: &Open, reads: &Reads, seer: &mut Seer<'_>, still: &mut Vec<Open>) {
    if reads.is_whole() {
        return;
    }
    for child in below(open) {
        let key = child.path.last().map_or("", String::as_str);
        match reads.get(key) {
            Some(reads) => sift_below(&child, reads, seer, still),
            None => still.push(seer.saw(child)),
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

impl Seer<'_> {
    /// A value that the chart could see, too.
    fn saw(&mut self, mut open: Open) -> Open {
        if open.charts.contains(&self.chart) {
            return open;
        }
        let is_known =
            |grown: &&Grown| Arc::ptr_eq(&grown.from, &open.charts) && grown.chart == self.chart;
        if let Some(grown) = self.grown.as_ref().filter(is_known) {
            open.charts = Arc::clone(&grown.to);
            return open;
        }
        let with = open.charts.iter().chain([&self.chart]).cloned().collect();
        let from = std::mem::replace(&mut open.charts, Arc::new(with));
        let (chart, to) = (Arc::clone(&self.chart), Arc::clone(&open.charts));
        *self.grown = Some(Grown { from, chart, to });
        open
    }
}

/// The values right below one.
fn below(open: &Open) -> Vec<Open> {
    let above: Arc<str> = open.shown().into();
    let part = |last, node: &Node| open.part(&above, last, kept(node, &[]));
    match open.node.as_deref().map(|node| &node.data) {
        Some(Data::Map(map)) => {
            let key = |key: &Key| (Last::Key(Arc::clone(&key.name)), key.place);
            entries(map).map(|(name, node)| part(key(name), node)).collect()
        }
        Some(Data::List(items)) => {
            let item = |at: usize, node: &Node| (Last::Item(at.to_string().into()), node.place);
            items.iter().enumerate().map(|(at, node)| part(item(at, node), node)).collect()
        }
        Some(Data::Scalar(_)) | None => Vec::new(),
    }
}

/// What a map sets; `$patch` says how it is merged.
fn entries(map: &Map) -> impl Iterator<Item = (&Key, &Node)> {
    map.iter().filter(|(key, _)| &*key.name != "$patch")
}

/// What is kept of a node: scalars have nothing in them, nor has what references pass on.
fn kept(node: &Node, passed: &[Place]) -> Option<Box<Node>> {
    if node.as_scalar().is_some() || passed.contains(&node.place) {
        return None;
    }
    if passed.is_empty() {
        return Some(Box::new(node.clone()));
    }
    let data = match &node.data {
        Data::Map(map) => {
            let entries = map.iter().map(|(key, node)| (key.clone(), shallow(node, passed)));
            Data::Map(Arc::new(entries.collect()))
        }
        Data::List(items) => {
            Data::List(Arc::new(items.iter().map(|item| shallow(item, passed)).collect()))
        }
        Data::Scalar(scalar) => Data::Scalar(scalar.clone()),
    };
    Some(Box::new(Node { data, ..node.clone() }))
}

/// A node in which each value that a reference passes on is empty.
fn shallow(node: &Node, passed: &[Place]) -> Node {
    match kept(node, passed) {
        Some(kept) => *kept,
        None => Node::string("", node.place),
    }
}

#[cfg(test)]
mod tests;
