//! Which values a render looked at, and where the ones that it printed were set.

use super::run::SecretRead;
use super::trace::{Root, text_address};
use super::tracer::Tracer;
use crate::source::Place;
use crate::values::{Reference, Values};
use crate::yaml::{Node, Scalar, Value as Meaning};
use indexmap::{IndexMap, IndexSet};
use minijinja::value::Value as EngineValue;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many of the last reads are kept to tell where a printed value came from.
const RECENT: usize = 256;
/// How many reads of secret values are kept apart.
const MAX_SECRETS: usize = 65_536;

/// The values that were looked at, as a tree: what is in it was looked at or asked for.
///
/// Keys are those of maps; all items of a list count as one, because a list is replaced, sorted and
/// filtered as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reads {
    /// Whether everything below was printed.
    is_whole: bool,
    /// Whether all keys of this map were gone through.
    is_listed: bool,
    /// Whether keys of this map were asked for as computed ones are.
    is_indexed: bool,
    below: BTreeMap<Arc<str>, Reads>,
}

/// What was looked at below a value of which nothing more is known than that it was looked at.
static LOOKED: Reads =
    Reads { is_whole: false, is_listed: false, is_indexed: false, below: BTreeMap::new() };

impl Reads {
    /// What every item of a list is called.
    pub const ITEM: &'static str = "*";

    /// What the value under a key, or at a position, is called here.
    #[must_use]
    pub fn called(key: &str) -> &str {
        let is_position = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
        if is_position { Self::ITEM } else { key }
    }

    /// Whether everything here was printed.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Whether keys of this map were asked for as computed ones are: `values.map[key]`.
    #[must_use]
    pub(super) fn is_indexed(&self) -> bool {
        self.is_indexed
    }

    /// What was looked at below the value under a key; none if that was not looked at. Whoever went
    /// through all keys of a map has looked at each, those too that a stronger layer took away.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.below.get(Self::called(key)).or_else(|| self.is_listed.then_some(&LOOKED))
    }

    /// What was looked at below the value at a path; none if that was not looked at.
    pub fn at<'k>(&self, path: impl IntoIterator<Item = &'k str>) -> Option<&Self> {
        path.into_iter().try_fold(self, |reads, key| reads.get(key))
    }

    /// The keys that were looked at or asked for here, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.below.keys().map(|key| &**key)
    }

    /// Whether the value at `path` was looked at, or is part of one that was printed as a whole.
    #[must_use]
    pub fn covers(&self, path: &[&str]) -> bool {
        let Some((key, rest)) = path.split_first() else { return true };
        self.is_whole || self.get(key).is_some_and(|reads| reads.covers(rest))
    }

    /// Adds what the references that were read looked at themselves.
    pub(super) fn follow(&mut self, references: &[Reference]) {
        let mut open: Vec<&Reference> = references.iter().collect();
        loop {
            let is_read = |one: &&Reference| {
                self.covers(&one.path.iter().map(String::as_str).collect::<Vec<_>>())
            };
            let (read, rest): (Vec<_>, Vec<_>) = open.into_iter().partition(is_read);
            if read.is_empty() {
                return;
            }
            for reference in read {
                self.add(&reference.looked, &reference.whole);
            }
            open = rest;
        }
    }

    /// Adds paths that were looked at, and paths that were taken as a whole.
    pub(super) fn add(&mut self, looked: &[Vec<String>], whole: &[Vec<String>]) {
        for path in looked {
            self.note_keys(path);
        }
        for path in whole {
            self.note_keys(path).is_whole = true;
        }
    }

    /// Adds what was passed on to another chart: paths that were looked at, paths that were taken as a
    /// whole, and what references among the values looked at for it.
    pub fn pass_on(&mut self, looked: &[Vec<String>], whole: &[Vec<String>], values: &Values) {
        self.add(looked, whole);
        self.follow(values.references());
    }

    /// Takes over what another render looked at.
    pub fn extend(&mut self, other: &Self) {
        self.is_whole |= other.is_whole;
        self.is_listed |= other.is_listed;
        self.is_indexed |= other.is_indexed;
        for (key, reads) in &other.below {
            match self.below.get_mut(key) {
                Some(own) => own.extend(reads),
                None => drop(self.below.insert(Arc::clone(key), reads.clone())),
            }
        }
    }

    /// Notes that the value at a path was looked at.
    fn note(&mut self, path: &Path) -> &mut Self {
        match &path.last {
            Some(step) => self.note(&step.parent).below(&step.key),
            None => self,
        }
    }

    /// As [`Reads::note`], of a path as its keys.
    fn note_keys(&mut self, path: &[String]) -> &mut Self {
        path.iter().fold(self, |reads, key| reads.below(&key.as_str().into()))
    }

    fn below(&mut self, key: &Arc<str>) -> &mut Self {
        let name = Self::called(key);
        if !self.below.contains_key(name) {
            let name = if name == &**key { Arc::clone(key) } else { name.into() };
            self.below.insert(name, Self::default());
        }
        self.below.get_mut(name).expect("it was put in above")
    }
}

/// A path from the root of the values or of another name of the context, sharing its begin with others.
#[derive(Debug, Clone)]
pub(super) struct Path {
    root: Root,
    last: Option<Arc<Step>>,
}

#[derive(Debug)]
struct Step {
    parent: Path,
    key: Arc<str>,
    /// Of all keys from the root on: equal paths have equal marks.
    mark: u64,
}

impl Path {
    /// The path of all that a name of the context stands for.
    pub(super) fn of(root: Root) -> Self {
        Self { root, last: None }
    }

    pub(super) fn join(&self, key: Arc<str>) -> Self {
        let mark = self.mark_below(&key);
        let last = Some(Arc::new(Step { parent: self.clone(), key, mark }));
        Self { root: self.root, last }
    }

    /// What it begins at.
    pub(super) fn root(&self) -> Root {
        self.root
    }

    /// A number that tells paths apart, the same in every run.
    fn mark(&self) -> u64 {
        self.last.as_ref().map_or(0xCBF2_9CE4_8422_2325, |step| step.mark)
    }

    /// The mark of the path one key further (FNV-1a).
    fn mark_below(&self, key: &str) -> u64 {
        let bytes = key.bytes().chain([0xFF]);
        bytes.fold(self.mark(), |mark, byte| (mark ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
    }

    /// The keys from the root on.
    pub(super) fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        let mut path = self;
        while let Some(step) = &path.last {
            keys.push(step.key.to_string());
            path = &step.parent;
        }
        keys.reverse();
        keys
    }

    /// The name that it begins at, then the keys.
    fn named(&self) -> Vec<String> {
        [self.root.name().to_owned()].into_iter().chain(self.keys()).collect()
    }

    /// As a template would write it.
    pub(super) fn shown(&self) -> String {
        shown(self.root.name(), &self.keys())
    }
}

/// A name and the keys of a path as a template would write them: `values.env[0].name`, `values.labels["a/b"]`.
pub(super) fn shown(name: &str, keys: &[String]) -> String {
    keys.iter().fold(name.to_owned(), |shown, key| {
        let is_index = key.bytes().all(|byte| byte.is_ascii_digit());
        let is_word = key.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        match (is_index, is_word) {
            (true, _) => format!("{shown}[{key}]"),
            (false, true) => format!("{shown}.{key}"),
            (false, false) => format!("{shown}[{key:?}]"),
        }
    })
}

/// A key or position that was asked for and is not there.
#[derive(Debug, Clone)]
pub(super) struct Miss {
    /// The map or list that was asked.
    pub map: Node,
    /// Its path.
    pub path: Path,
    /// The key.
    pub key: String,
}

/// How numbers of one value are spelled.
#[derive(Debug, Default)]
struct Spellings {
    /// As they are printed.
    is_canonical: bool,
    /// In another way: where, and how.
    respelled: Option<Respelled>,
}

/// A number that is printed in another way than it is written: where it is set, and how.
pub(super) type Respelled = (Place, Arc<str>);

/// Whether a render tells what it looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Reading {
    #[default]
    Recorded,
    Ignored,
}

/// What one render has looked at so far.
#[derive(Debug, Default)]
pub(super) struct Log {
    reading: Reading,
    /// Paths by the address of the node, which lives as long as the values, and the mark of the path
    /// above: an alias puts one node at several paths.
    looked: IndexMap<(usize, u64), Path>,
    /// Which of them was looked at last.
    last: (usize, u64),
    /// The path that was looked at last, while paths are not recorded.
    unrecorded: Option<Path>,
    whole: IndexMap<u64, Path>,
    /// Paths of keys that were asked for and are not there, by their marks.
    asked: IndexMap<u64, Path>,
    /// Maps whose keys were gone through, and those of which some were asked for as computed ones are.
    listed: IndexMap<u64, Path>,
    indexed: IndexMap<u64, Path>,
    /// What else was looked at, by the marks of the paths.
    besides: IndexMap<(Root, u64), Path>,
    /// Scalars, the latest last, since a hole was printed.
    recent: Vec<Node>,
    /// The first of them that was read since anything was printed, be it in a text file.
    own: usize,
    /// How the numbers that one template read are spelled, by the text that they are printed as.
    numbers: BTreeMap<Arc<str>, Spellings>,
    miss: Option<Miss>,
    /// Whether a secret value was read.
    saw_secret: bool,
    /// Those of them that are booleans.
    booleans: IndexSet<SecretRead>,
    /// Those that a watched render read, in order, as long as something may be made of them.
    secrets: Vec<SecretRead>,
    /// Texts that are secret, by their memory, which lives as long as the values, or is kept.
    known_secrets: IndexMap<usize, (SecretRead, Option<EngineValue>)>,
    /// What files say that were made of no secret.
    open_texts: BTreeSet<Arc<str>>,
    /// What a traced render records besides.
    tracer: Option<Box<Tracer>>,
}

impl Log {
    /// A log that records for every hole what it was made of, if there is a tracer.
    pub(super) fn new(reading: Reading, tracer: Option<Tracer>) -> Self {
        Self { reading, tracer: tracer.map(Box::new), ..Self::default() }
    }

    /// The record of a traced render.
    pub(super) fn tracer(&mut self) -> Option<&mut Tracer> {
        self.tracer.as_deref_mut()
    }

    /// Notes that `node`, the child of the values map or list at `above`, was looked at.
    pub(super) fn read(&mut self, node: &Node, above: &Path, path: impl Fn() -> Path) {
        if let Some(tracer) = &mut self.tracer {
            let path = path();
            let is_value = path.root() == Root::Values;
            tracer.read(node, path);
            if !is_value {
                return;
            }
        }
        if above.root() != Root::Values {
            if self.reading == Reading::Recorded {
                let path = path();
                self.besides.entry((path.root(), path.mark())).or_insert(path);
            }
            return;
        }
        match self.reading {
            Reading::Recorded => {
                self.last = (std::ptr::from_ref(node) as usize, above.mark());
                self.looked.entry(self.last).or_insert_with(path);
            }
            Reading::Ignored => self.unrecorded = Some(path()),
        }
        let Some(scalar) = node.as_scalar() else { return };
        if self.recent.len() >= RECENT {
            self.recent.drain(..RECENT / 2);
            self.own = self.own.saturating_sub(RECENT / 2);
        }
        self.recent.push(node.clone());
        if is_number(scalar) {
            let printed = Scalar::plain(scalar.value).text;
            let is_canonical = printed == scalar.text;
            let spellings = self.numbers.entry(printed).or_default();
            spellings.is_canonical |= is_canonical;
            if !is_canonical {
                spellings.respelled.get_or_insert((node.place, Arc::clone(&scalar.text)));
            }
        }
    }

    /// Notes that a secret value was looked at.
    pub(super) fn read_secret(&mut self, node: &Node) {
        self.saw_secret = true;
        if node.as_scalar().is_some_and(|scalar| matches!(scalar.value, Meaning::Bool(_))) {
            self.booleans.insert(node.place);
        }
        if let Some(scalar) = node.as_scalar().filter(|scalar| scalar.as_str().is_some()) {
            self.known_secrets.insert(text_address(&scalar.text), (node.place, None));
        }
        if self.secrets.len() < MAX_SECRETS {
            self.secrets.push(node.place);
        }
    }

    /// Whether any secret value was looked at.
    pub(super) fn saw_secret(&self) -> bool {
        self.saw_secret
    }

    /// The secret value whose text is at an address, if it was read.
    pub(super) fn secret_at(&self, address: usize) -> Option<SecretRead> {
        self.known_secrets.get(&address).map(|(read, _)| *read)
    }

    /// Notes that the text at an address, that of a value, was made of a secret one.
    pub(super) fn know_secret(&mut self, address: usize, value: EngineValue, read: SecretRead) {
        self.known_secrets.insert(address, (read, Some(value)));
    }

    /// Whether a secret value that was read is a boolean.
    pub(super) fn is_boolean(&self, secret: SecretRead) -> bool {
        self.booleans.contains(&secret)
    }

    /// The secret value that was read last, or the last text that was made of one; none if none was.
    pub(super) fn last_known(&self) -> Option<SecretRead> {
        self.known_secrets.last().map(|(_, (read, _))| *read)
    }

    /// Notes that a text was made of no secret.
    pub(super) fn say_openly(&mut self, text: Arc<str>) {
        self.open_texts.insert(text);
    }

    /// Whether a file that was made of no secret says the same.
    pub(super) fn says_openly(&self, text: &str) -> bool {
        self.open_texts.contains(text)
    }

    /// How many secret values were read so far; for the three functions that follow.
    pub(super) fn mark_secrets(&self) -> usize {
        // Where so many were read that no more are noted, the last stands for all that follow.
        self.secrets.len().min(MAX_SECRETS - 1)
    }

    /// The secret values that were read since a mark.
    pub(super) fn secrets_since(&self, mark: usize) -> Vec<SecretRead> {
        let read: IndexSet<SecretRead> =
            self.secrets.get(mark..).unwrap_or_default().iter().copied().collect();
        read.into_iter().collect()
    }

    /// What was read since a mark goes nowhere any more.
    pub(super) fn forget_secrets(&mut self, mark: usize) {
        self.secrets.truncate(mark);
    }

    /// What was read since a mark is these.
    pub(super) fn tell_secrets(&mut self, mark: usize, read: Vec<SecretRead>) {
        self.secrets.truncate(mark);
        self.secrets.extend(read);
        self.secrets.truncate(MAX_SECRETS);
    }

    /// Notes that all of a map or list was printed.
    pub(super) fn read_whole(&mut self, path: &Path) {
        if let Some(tracer) = &mut self.tracer {
            tracer.read_whole(path.clone());
        }
        if path.root() != Root::Values || self.reading == Reading::Ignored {
            return;
        }
        self.whole.entry(path.mark()).or_insert_with(|| path.clone());
    }

    /// Notes that all keys of a map were gone through.
    pub(super) fn listed(&mut self, path: &Path) {
        if path.root() == Root::Values && self.reading == Reading::Recorded {
            self.listed.entry(path.mark()).or_insert_with(|| path.clone());
        }
    }

    /// Notes that a key of a map was asked for as a computed one is.
    pub(super) fn indexed(&mut self, path: &Path) {
        if path.root() == Root::Values && self.reading == Reading::Recorded {
            self.indexed.entry(path.mark()).or_insert_with(|| path.clone());
        }
    }

    pub(super) fn missed(&mut self, miss: Miss) {
        if let Some(tracer) = &mut self.tracer {
            tracer.missed(miss.path.join(miss.key.as_str().into()));
        }
        if miss.path.root() != Root::Values {
            return;
        }
        if self.reading == Reading::Recorded {
            let path = || miss.path.join(miss.key.as_str().into());
            self.asked.entry(miss.path.mark_below(&miss.key)).or_insert_with(path);
        }
        self.miss = Some(miss);
    }

    /// The value that was looked at last.
    pub(super) fn last(&self) -> Option<&Path> {
        self.unrecorded.as_ref().or_else(|| self.looked.get(&self.last))
    }

    /// Notes an item that was asked for behind the end of a list.
    pub(super) fn missed_item(&mut self, miss: Miss) {
        self.miss = Some(miss).filter(|miss| miss.path.root() == Root::Values);
    }

    /// The last key that was not there.
    pub(super) fn miss(&self) -> Option<&Miss> {
        self.miss.as_ref()
    }

    /// The latest scalar since the last call for which `is_it` holds, else `is_part`.
    pub(super) fn take_origin(
        &mut self,
        is_it: impl Fn(&Scalar) -> bool,
        is_part: impl Fn(&Scalar) -> bool,
    ) -> Option<Node> {
        let recent = std::mem::take(&mut self.recent);
        self.own = 0;
        let latest = |is: &dyn Fn(&Scalar) -> bool| {
            recent.iter().rev().find(|node| node.as_scalar().is_some_and(is)).cloned()
        };
        latest(&is_it).or_else(|| latest(&is_part))
    }

    /// Where the latest scalar for which `is` holds was set, if it was read since a hole was printed.
    pub(super) fn latest(&self, is: impl Fn(&Scalar) -> bool) -> Option<Place> {
        let found = self.recent.iter().rev().find(|node| node.as_scalar().is_some_and(&is));
        found.map(|node| node.place)
    }

    /// A template begins: what others read says nothing about its numbers.
    pub(super) fn begin(&mut self) {
        if let Some(tracer) = &mut self.tracer {
            tracer.begin();
        }
        self.recent.clear();
        self.own = 0;
        self.numbers.clear();
        self.secrets.clear();
        self.known_secrets.clear();
        self.open_texts.clear();
    }

    /// A text file printed what was read.
    pub(super) fn printed(&mut self) {
        self.own = self.recent.len();
    }

    /// The number that a printed `meaning` was most likely read from, if it is spelled in another way.
    ///
    /// What was read since the last print decides. A number that an earlier `set` or loop read is
    /// found among all that the template read, unless one of them is spelled as it is printed.
    pub(super) fn respelled(&self, meaning: Meaning) -> Option<Respelled> {
        let own = self.recent[self.own..].iter();
        let equal: Vec<_> = own
            .filter_map(|node| node.as_scalar().map(|scalar| (node.place, scalar)))
            .filter(|(_, scalar)| scalar.value == meaning)
            .collect();
        if equal.is_empty() {
            let spellings = self.numbers.get(&Scalar::plain(meaning).text)?;
            return spellings.respelled.clone().filter(|_| !spellings.is_canonical);
        }
        let all = equal.iter().all(|(_, scalar)| is_respelled(scalar));
        equal.first().filter(|_| all).map(|(place, scalar)| (*place, Arc::clone(&scalar.text)))
    }

    /// The paths that were looked at, those of them that were taken as a whole, those that were asked for
    /// in vain, and what else was looked at by its name in templates; each in order.
    pub(super) fn paths(&self) -> [Vec<Vec<String>>; 4] {
        let sorted = |paths: BTreeSet<Vec<String>>| paths.into_iter().collect();
        let looked = self.looked.values().chain(self.whole.values());
        [
            sorted(looked.map(Path::keys).collect()),
            sorted(self.whole.values().map(Path::keys).collect()),
            sorted(self.asked.values().map(Path::keys).collect()),
            sorted(self.besides.values().map(Path::named).collect()),
        ]
    }

    pub(super) fn reads(&self) -> Reads {
        let mut reads = Reads::default();
        for path in self.looked.values().chain(self.asked.values()) {
            reads.note(path);
        }
        for path in self.whole.values() {
            reads.note(path).is_whole = true;
        }
        for path in self.listed.values() {
            reads.note(path).is_listed = true;
        }
        for path in self.indexed.values() {
            reads.note(path).is_indexed = true;
        }
        reads
    }
}

/// Whether a number is printed in another way than it was written: `1.10`, `0644`, `1e3`.
fn is_respelled(scalar: &Scalar) -> bool {
    is_number(scalar) && Scalar::plain(scalar.value).text != scalar.text
}

fn is_number(scalar: &Scalar) -> bool {
    matches!(scalar.value, Meaning::Int(_) | Meaning::Uint(_) | Meaning::Float(_))
}
