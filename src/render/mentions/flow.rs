//! Which values the names of templates may stand for.
//!
//! A name means the same in all files of a chart, whatever else it is given elsewhere: what is read by
//! it may then be more than is really read, never less.

use super::tree::{Step, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// How many steps from the root are followed; all that lies deeper counts as read.
const MAX_STEPS: usize = 24;
/// How often one step may be followed on the way: whoever goes on calls itself.
const MAX_TURNS: usize = 3;
/// How many values one name may stand for; all of them count as read when it is more.
const MAX_SPOTS: usize = 64;

/// A value that an expression may give.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    /// Its path.
    path: Vec<Step>,
    /// How many lists or maps that the template made are around it.
    wraps: u8,
    /// Whether the innermost of them is a pair, of which it is the second.
    is_second: bool,
}

/// The values that an expression may give.
pub(super) type Spots = BTreeSet<Spot>;

/// What is known of a chart's names, and of the values that are read by them.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) tree: Tree,
    names: BTreeMap<String, Spots>,
    /// The parameters of the macros of each name.
    pub(super) macros: BTreeMap<String, BTreeSet<Vec<String>>>,
    /// What macros are called by those who import them under another name.
    pub(super) renamed: BTreeMap<String, BTreeSet<String>>,
    /// What files are called by those who import all of them.
    pub(super) modules: BTreeSet<String>,
    /// The parameters of `call` blocks.
    pub(super) callers: BTreeSet<Vec<String>>,
    /// The names of loops that call themselves.
    pub(super) loops: BTreeSet<Vec<String>>,
}

impl Flow {
    /// How much is known of names; it only grows.
    pub(super) fn known(&self) -> usize {
        self.names.values().map(|spots| spots.len() + 1).sum()
    }

    /// What a name stands for.
    pub(super) fn named(&self, name: &str) -> Spots {
        if name == "values" {
            return Spots::from([Spot { path: Vec::new(), wraps: 0, is_second: false }]);
        }
        self.names.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn bind(&mut self, name: &str, spots: &Spots) {
        let mut known = self.names.remove(name).unwrap_or_default();
        if known.union(spots).nth(MAX_SPOTS).is_some() {
            self.read(spots);
        } else {
            known.extend(spots.iter().cloned());
        }
        self.names.insert(name.to_owned(), known);
    }

    /// Gives values to several names: to each of them an item.
    pub(super) fn bind_all(&mut self, names: &[String], spots: &Spots) {
        if let [name] = names {
            return self.bind(name, spots);
        }
        for (at, name) in names.iter().enumerate() {
            let is_it = |spot: &&Spot| at > 0 || !spot.is_second || spot.wraps != 1;
            let own = spots.iter().filter(is_it).cloned().collect();
            let items = self.below(&own, &Step::item());
            self.bind(name, &items);
        }
    }

    /// What one step further stands, which is looked at.
    pub(super) fn below(&mut self, spots: &Spots, step: &Step) -> Spots {
        let mut found = Spots::new();
        for spot in spots {
            if spot.wraps > 0 {
                let is_second = spot.is_second && spot.wraps > 1;
                found.insert(Spot { wraps: spot.wraps - 1, is_second, ..spot.clone() });
            } else if spot.path.len() >= MAX_STEPS || turns(&spot.path, step) >= MAX_TURNS {
                self.tree.take_whole(&spot.path);
            } else {
                let path = [spot.path.as_slice(), std::slice::from_ref(step)].concat();
                self.tree.look(&path);
                found.insert(Spot { path, wraps: 0, is_second: false });
            }
        }
        found
    }

    /// As [`Flow::below`], by a key that is written out, but asked for as computed ones are.
    pub(super) fn picked(&mut self, spots: &Spots, key: &str) -> Spots {
        for spot in spots.iter().filter(|spot| spot.wraps == 0) {
            self.tree.pick(&spot.path);
        }
        self.below(spots, &Step::key(key))
    }

    /// All of these values is read.
    pub(super) fn read(&mut self, spots: &Spots) {
        spots.iter().for_each(|spot| self.tree.take_whole(&spot.path));
    }

    /// All that any name stands for counts as read.
    pub(super) fn read_all(&mut self) {
        let names = std::mem::take(&mut self.names);
        names.values().for_each(|spots| self.read(spots));
    }
}

/// A list of pairs of a text and one of the values.
pub(super) fn paired(spots: &Spots) -> Spots {
    let second = |spot: &Spot| Spot { is_second: spot.wraps == 0, ..spot.clone() };
    wrapped(&spots.iter().map(second).collect(), 2)
}

/// How often a step is on the way already.
fn turns(path: &[Step], step: &Step) -> usize {
    path.iter().filter(|one| *one == step).count()
}

/// The values within so many lists or maps that the template makes.
pub(super) fn wrapped(spots: &Spots, wraps: u8) -> Spots {
    let within = |spot: &Spot| Spot { wraps: spot.wraps.saturating_add(wraps), ..spot.clone() };
    spots.iter().map(within).collect()
}
