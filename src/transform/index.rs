//! Where objects stand, by something that is known of what they are and were called.
//!
//! An index is made when it is first asked for, and then follows each object that is added, changed or taken out: what that
//! costs does not grow with the number of objects.

use super::{ResId, Resource};
use foldhash::fast::RandomState;
use indexmap::{Equivalent, IndexMap, IndexSet};
use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::OnceLock;

/// Positions by keys.
#[derive(Debug, Clone)]
pub(super) struct Index<K> {
    /// The keys of an object by all that it is called, which ends with what it is called now.
    keys: fn(&[ResId]) -> Vec<K>,
    made: OnceLock<Positions<K>>,
}

#[derive(Debug, Clone)]
struct Positions<K> {
    /// In order; a key stays where it is when nothing stands there any longer.
    by_key: IndexMap<K, Vec<usize>, RandomState>,
    /// The numbers of the keys of several objects.
    shared: BTreeSet<usize>,
}

impl<K: Hash + Eq> Index<K> {
    pub(super) fn by(keys: fn(&[ResId]) -> Vec<K>) -> Self {
        Self { keys, made: OnceLock::new() }
    }

    pub(super) fn forget(&mut self) {
        self.made = OnceLock::new();
    }

    fn of<'r>(&self, objects: impl Iterator<Item = (usize, &'r Resource)>) -> &Positions<K> {
        self.made.get_or_init(|| {
            let mut made = Positions { by_key: IndexMap::default(), shared: BTreeSet::new() };
            for (at, resource) in objects {
                let ids: Vec<_> = resource.all_ids().collect();
                (self.keys)(&ids).into_iter().for_each(|key| made.put(key, at));
            }
            made
        })
    }

    /// The positions under a key, in order.
    pub(super) fn find<'r, Q: Hash + Equivalent<K> + ?Sized>(
        &self,
        key: &Q,
        objects: impl Iterator<Item = (usize, &'r Resource)>,
    ) -> &[usize] {
        self.of(objects).by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// The first two objects of the oldest key that has several.
    pub(super) fn first_shared<'r>(
        &self,
        objects: impl Iterator<Item = (usize, &'r Resource)>,
    ) -> Option<[usize; 2]> {
        let made = self.of(objects);
        let (_, positions) = made.by_key.get_index(*made.shared.first()?)?;
        positions.first_chunk().copied()
    }

    /// Takes in an object that was added.
    pub(super) fn add(&mut self, ids: &[ResId], at: usize) {
        if let Some(made) = self.made.get_mut() {
            (self.keys)(ids).into_iter().for_each(|key| made.put(key, at));
        }
    }

    /// Takes in that the object at a position was called something and is called something else, or nothing any longer.
    pub(super) fn follow(&mut self, before: &[ResId], after: &[ResId], at: usize) {
        let Some(made) = self.made.get_mut() else { return };
        let (before, after) = ((self.keys)(before), (self.keys)(after));
        if before == after {
            return;
        }
        let before: IndexSet<K, RandomState> = before.into_iter().collect();
        let after: IndexSet<K, RandomState> = after.into_iter().collect();
        before.difference(&after).for_each(|key| made.drop(key, at));
        let new = after.into_iter().filter(|key| !before.contains(key));
        new.for_each(|key| made.put(key, at));
    }
}

impl<K: Hash + Eq> Positions<K> {
    /// Puts a position under a key, once.
    fn put(&mut self, key: K, at: usize) {
        let entry = self.by_key.entry(key);
        let number = entry.index();
        let positions = entry.or_default();
        if let Err(place) = positions.binary_search(&at) {
            positions.insert(place, at);
            if positions.len() == 2 {
                self.shared.insert(number);
            }
        }
    }

    fn drop(&mut self, key: &K, at: usize) {
        let Some((number, _, positions)) = self.by_key.get_full_mut(key) else { return };
        if let Ok(place) = positions.binary_search(&at) {
            positions.remove(place);
            if positions.len() == 1 {
                self.shared.remove(&number);
            }
        }
    }
}
