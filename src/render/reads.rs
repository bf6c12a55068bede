//! Which values a render looked at, and where the ones that it printed were set.

use super::trace::Root;
use super::tracer::Tracer;
use crate::source::Place;
use crate::values::Reference;
use crate::yaml::{Node, Scalar, Value as Meaning};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many of the last reads are kept to tell where a printed value came from.
const RECENT: usize = 256;

/// The paths of the values that were looked at; each key is one element, because keys contain dots.
///
/// Ordered by bytes. List items count as their position, `0` first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reads {
    looked: BTreeSet<Vec<String>>,
    whole: BTreeSet<Vec<String>>,
}

impl Reads {
    /// Every path that was looked at or printed as a whole, in order.
    pub fn paths(&self) -> impl Iterator<Item = &[String]> {
        self.looked.iter().map(Vec::as_slice)
    }

    /// Whether the value at `path` was looked at, or is part of one that was printed as a whole.
    #[must_use]
    pub fn covers(&self, path: &[&str]) -> bool {
        let owned: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        self.looked.contains(&owned)
            || (0..=owned.len()).any(|length| self.whole.contains(&owned[..length]))
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
                self.looked.extend(reference.looked.iter().cloned());
                self.whole.extend(reference.whole.iter().cloned());
            }
            open = rest;
        }
    }

    /// The paths that were looked at, and those of them that were taken as a whole.
    pub(super) fn into_paths(self) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
        (self.looked.into_iter().collect(), self.whole.into_iter().collect())
    }

    /// Takes over what another render looked at.
    pub fn extend(&mut self, other: &Self) {
        self.looked.extend(other.looked.iter().cloned());
        self.whole.extend(other.whole.iter().cloned());
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
}

impl Path {
    /// The path of all that a name of the context stands for.
    pub(super) fn of(root: Root) -> Self {
        Self { root, last: None }
    }

    pub(super) fn join(&self, key: Arc<str>) -> Self {
        Self { root: self.root, last: Some(Arc::new(Step { parent: self.clone(), key })) }
    }

    /// What it begins at.
    pub(super) fn root(&self) -> Root {
        self.root
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

    /// As a template would write it: `values.env[0].name`, `values.labels["a/b"]`.
    pub(super) fn shown(&self) -> String {
        self.keys().iter().fold(self.root.name().to_owned(), |shown, key| {
            let is_index = key.bytes().all(|byte| byte.is_ascii_digit());
            let is_word = key.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
            match (is_index, is_word) {
                (true, _) => format!("{shown}[{key}]"),
                (false, true) => format!("{shown}.{key}"),
                (false, false) => format!("{shown}[{key:?}]"),
            }
        })
    }
}

/// A key that was asked for and is not there.
#[derive(Debug, Clone)]
pub(super) struct Miss {
    /// The map that was asked.
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

/// What one render has looked at so far.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// Paths by the address of the node, which lives as long as the values.
    looked: IndexMap<usize, Path>,
    whole: IndexMap<usize, Path>,
    /// Scalars, the latest last, since a hole was printed.
    recent: Vec<Node>,
    /// The first of them that was read since anything was printed, be it in a text file.
    own: usize,
    /// How the numbers that one template read are spelled, by the text that they are printed as.
    numbers: BTreeMap<Arc<str>, Spellings>,
    miss: Option<Miss>,
    /// What a traced render records besides.
    tracer: Option<Box<Tracer>>,
}

impl Log {
    /// A log that records for every hole what it was made of.
    pub(super) fn traced(tracer: Tracer) -> Self {
        Self { tracer: Some(Box::new(tracer)), ..Self::default() }
    }

    /// The record of a traced render.
    pub(super) fn tracer(&mut self) -> Option<&mut Tracer> {
        self.tracer.as_deref_mut()
    }

    /// Notes that `node`, the child of a values map or list, was looked at.
    pub(super) fn read(&mut self, node: &Node, path: impl Fn() -> Path) {
        if let Some(tracer) = &mut self.tracer {
            let path = path();
            let is_value = path.root() == Root::Values;
            tracer.read(node, path);
            if !is_value {
                return;
            }
        }
        self.looked.entry(std::ptr::from_ref(node) as usize).or_insert_with(path);
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

    /// Notes that all of a map or list was printed.
    pub(super) fn read_whole(&mut self, address: usize, path: &Path) {
        if let Some(tracer) = &mut self.tracer {
            tracer.read_whole(path.clone());
        }
        if path.root() != Root::Values {
            return;
        }
        self.whole.entry(address).or_insert_with(|| path.clone());
    }

    pub(super) fn missed(&mut self, miss: Miss) {
        if let Some(tracer) = &mut self.tracer {
            tracer.missed(miss.path.join(miss.key.as_str().into()));
        }
        if miss.path.root() != Root::Values {
            return;
        }
        self.miss = Some(miss);
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

    pub(super) fn reads(&self) -> Reads {
        let paths = |map: &IndexMap<usize, Path>| map.values().map(Path::keys).collect();
        let whole: BTreeSet<Vec<String>> = paths(&self.whole);
        let mut looked: BTreeSet<Vec<String>> = paths(&self.looked);
        looked.extend(whole.iter().cloned());
        Reads { looked, whole }
    }
}

/// Whether a number is printed in another way than it was written: `1.10`, `0644`, `1e3`.
fn is_respelled(scalar: &Scalar) -> bool {
    is_number(scalar) && Scalar::plain(scalar.value).text != scalar.text
}

fn is_number(scalar: &Scalar) -> bool {
    matches!(scalar.value, Meaning::Int(_) | Meaning::Uint(_) | Meaning::Float(_))
}
