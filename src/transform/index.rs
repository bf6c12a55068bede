//! Where objects stand, by something that is known of what they are and were called.
//!
//! An index is made when it is first asked for, and then follows each object that is added, changed or taken out: what that
//! costs does not grow with the number of objects.

use super::id::or_default;
use super::{ResId, Resource};
use foldhash::fast::RandomState;
use indexmap::{Equivalent, IndexMap, IndexSet};
use smallvec::SmallVec;
use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

/// What one object is and was called, which ends with what it is called now; nothing of one that was taken out.
pub(super) type Ids = Box<[ResId]>;

/// All that objects are found by. Each index is made when it is first asked for.
#[derive(Debug, Clone)]
pub(super) struct Indices {
    /// What all of them are and were called, by position; known before anything else is.
    ids: OnceLock<Vec<Ids>>,
    /// What they are called now.
    pub(super) current: Index<ResId>,
    /// What they are called now and were called before.
    pub(super) any: Index<ResId>,
    /// Their names, now and before.
    pub(super) names: Index<Arc<str>>,
    /// Their kinds, now and before.
    pub(super) kinds: Index<Arc<str>>,
    /// Their names with their namespaces, now and before.
    pub(super) homes: Index<Home>,
}

impl Default for Indices {
    fn default() -> Self {
        let now = |ids: &[ResId]| ids.last().cloned().map(ResId::normalized).into_iter().collect();
        Self {
            ids: OnceLock::new(),
            current: Index::by(now),
            any: Index::by(|ids| ids.iter().cloned().map(ResId::normalized).collect()),
            names: Index::by(|ids| ids.iter().map(|id| Arc::clone(&id.name)).collect()),
            kinds: Index::by(|ids| ids.iter().map(|id| Arc::clone(&id.gvk.kind)).collect()),
            homes: Index::by(homes),
        }
    }
}

impl From<Vec<Ids>> for Indices {
    fn from(ids: Vec<Ids>) -> Self {
        Self { ids: ids.into(), ..Self::default() }
    }
}

impl Indices {
    /// What the objects are called; `ask` is asked if that is not known.
    pub(super) fn ids(&self, ask: impl FnOnce() -> Vec<Ids>) -> &[Ids] {
        self.ids.get_or_init(ask)
    }

    /// What the objects are called, by who forgets everything else.
    pub(super) fn into_ids(self) -> Option<Vec<Ids>> {
        self.ids.into_inner()
    }

    /// Whether the object at a position is known to have a kind, so that something is left of it.
    pub(super) fn has_kind(&self, at: usize) -> bool {
        let now = self.ids.get().and_then(|all| all.get(at)?.last());
        now.is_some_and(|id| !id.gvk.kind.is_empty())
    }

    /// Takes in an object that was added behind all others.
    pub(super) fn add(&mut self, ids: Ids) {
        let Some(all) = self.ids.get_mut() else { return };
        let at = all.len();
        self.current.add(&ids, at);
        self.any.add(&ids, at);
        self.names.add(&ids, at);
        self.kinds.add(&ids, at);
        self.homes.add(&ids, at);
        all.push(ids);
    }

    /// Takes in that the object at a position may be called something else.
    pub(super) fn follow(&mut self, at: usize, resource: &Resource) {
        let Some(own) = self.ids.get_mut().and_then(|all| all.get_mut(at)) else { return };
        let before = std::mem::replace(own, resource.identities());
        self.current.follow(&before, own, at);
        self.any.follow(&before, own, at);
        self.names.follow(&before, own, at);
        self.kinds.follow(&before, own, at);
        self.homes.follow(&before, own, at);
    }

    /// Takes in that an object was taken out, which is found by no identity any longer; who finds it by less looks whether it
    /// is there.
    pub(super) fn lose(&mut self, at: usize) {
        let Some(own) = self.ids.get_mut().and_then(|all| all.get_mut(at)) else { return };
        let before = std::mem::take(own);
        self.current.follow(&before, &[], at);
        self.any.follow(&before, &[], at);
    }
}

/// The names and namespaces under which selectors find an object: those of each of its identities, and each of the first
/// and last names with each of the first and last namespaces.
fn homes(ids: &[ResId]) -> Keys<Home> {
    let ends = || ids.first().into_iter().chain(ids.last());
    let name = |id: &ResId| Arc::clone(&id.name);
    let crossed = ends()
        .flat_map(|id| ends().map(move |other| Home(name(id), other.effective_namespace().into())));
    ids.iter().map(|id| Home(name(id), or_default(&id.namespace).into())).chain(crossed).collect()
}

/// A name and a namespace.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Home(Arc<str>, Arc<str>);

/// The same, as it is looked for.
#[derive(Hash)]
pub(super) struct HomeOf<'a>(pub(super) &'a str, pub(super) &'a str);

impl Equivalent<Home> for HomeOf<'_> {
    fn equivalent(&self, home: &Home) -> bool {
        *self.0 == *home.0 && *self.1 == *home.1
    }
}

/// The keys of one object; mostly there are one or two.
type Keys<K> = SmallVec<[K; 2]>;

/// Positions by keys.
#[derive(Debug, Clone)]
pub(super) struct Index<K> {
    /// The keys of an object by all that it is called, which ends with what it is called now.
    keys: fn(&[ResId]) -> Keys<K>,
    made: OnceLock<Positions<K>>,
}

#[derive(Debug, Clone)]
struct Positions<K> {
    /// In order; a key stays where it is when nothing stands there any longer.
    by_key: IndexMap<K, SmallVec<[usize; 2]>, RandomState>,
    /// The numbers of the keys of several objects.
    shared: BTreeSet<usize>,
}

impl<K: Hash + Eq> Index<K> {
    fn by(keys: fn(&[ResId]) -> Keys<K>) -> Self {
        Self { keys, made: OnceLock::new() }
    }

    fn of(&self, all: &[Ids]) -> &Positions<K> {
        self.made.get_or_init(|| {
            // Generators add some more.
            let room = all.len() + all.len() / 8;
            let by_key = IndexMap::with_capacity_and_hasher(room, RandomState::default());
            let mut made = Positions { by_key, shared: BTreeSet::new() };
            for (at, ids) in all.iter().enumerate() {
                (self.keys)(ids).into_iter().for_each(|key| made.put(key, at));
            }
            made
        })
    }

    /// Whether anything was looked for in it.
    pub(super) fn is_made(&self) -> bool {
        self.made.get().is_some()
    }

    /// The positions under a key, in order.
    pub(super) fn find<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q, all: &[Ids]) -> &[usize] {
        self.of(all).by_key.get(key).map_or(&[], SmallVec::as_slice)
    }

    /// The first two objects of the oldest key that has several.
    pub(super) fn first_shared(&self, all: &[Ids]) -> Option<[usize; 2]> {
        let made = self.of(all);
        let (_, positions) = made.by_key.get_index(*made.shared.first()?)?;
        positions.first_chunk().copied()
    }

    fn add(&mut self, ids: &[ResId], at: usize) {
        if let Some(made) = self.made.get_mut() {
            (self.keys)(ids).into_iter().for_each(|key| made.put(key, at));
        }
    }

    fn follow(&mut self, before: &[ResId], after: &[ResId], at: usize) {
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
