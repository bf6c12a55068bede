//! Objects in the order in which they were read, found by identity.

use super::{Previous, ResId, Resource};
use crate::diag::{Diagnostic, Reported, Sink};
use foldhash::fast::RandomState;
use indexmap::{Equivalent, IndexMap};
use rayon::prelude::*;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

/// How many objects are changed by one thread at least.
const FEW: usize = 16;

/// Objects in the order in which they were added, with indices that are made when first asked for.
#[derive(Debug, Clone)]
pub struct Resources {
    list: Vec<Resource>,
    current: Index<ResId>,
    any: Index<ResId>,
    names: Index<Arc<str>>,
    kinds: Index<Arc<str>>,
    twins: OnceLock<Option<(usize, usize)>>,
}

impl Default for Resources {
    fn default() -> Self {
        Self::from_list(Vec::new())
    }
}

/// An object has the identity of one that is there already.
#[derive(Debug, Clone)]
pub struct Twice {
    /// The one that is there.
    pub first: Box<Resource>,
    /// The one that was to be added.
    pub second: Box<Resource>,
}

impl Resources {
    /// Adds an object at the end.
    ///
    /// # Errors
    /// When one of the same current identity is there.
    pub fn append(&mut self, resource: Resource) -> Result<(), Twice> {
        let ids: Vec<_> = resource.all_ids().collect();
        let same = ids.last().map_or(&[][..], |id| self.with_id(id));
        if let Some(&first) = same.first() {
            let first = Box::new(self.list[first].clone());
            return Err(Twice { first, second: Box::new(resource) });
        }
        let at = self.list.len();
        self.current.add(&ids, at);
        self.any.add(&ids, at);
        self.names.add(&ids, at);
        self.kinds.add(&ids, at);
        self.list.push(resource);
        Ok(())
    }

    /// Adds objects at the end, in order.
    ///
    /// # Errors
    /// When one of the same current identity is there.
    pub fn append_all(&mut self, others: Resources) -> Result<(), Twice> {
        if self.list.is_empty() {
            // Edits of a base may have given two of its objects one name.
            others.refuse_twice()?;
            *self = others;
            return Ok(());
        }
        others.list.into_iter().try_for_each(|resource| self.append(resource))
    }

    /// Looks for two objects that edits gave one identity.
    ///
    /// # Errors
    /// When there are two.
    pub fn refuse_twice(&self) -> Result<(), Twice> {
        let Some((first, second)) = self.twins() else { return Ok(()) };
        Err(Twice { first: Box::new(first.clone()), second: Box::new(second.clone()) })
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The objects in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Resource> {
        self.list.iter()
    }

    /// What is made of each object, in order, on all threads.
    pub fn map_each<T: Send>(&self, make: impl Fn(&Resource) -> T + Sync + Send) -> Vec<T> {
        match self.list.len() < 2 * FEW {
            true => self.list.iter().map(make).collect(),
            false => self.list.par_iter().with_min_len(FEW).map(make).collect(),
        }
    }

    /// The object at a position.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&Resource> {
        self.list.get(at)
    }

    /// Where the objects stand that are called so now; several where edits made them so.
    #[must_use]
    pub fn with_id(&self, id: &ResId) -> &[usize] {
        self.current.find(&id.clone().normalized(), &self.list)
    }

    /// Where the objects stand that are called so now or were called so before, in order.
    #[must_use]
    pub fn with_any_id(&self, id: &ResId) -> &[usize] {
        self.any.find(&id.clone().normalized(), &self.list)
    }

    /// Where the objects stand that have this name now or had it before, in order.
    #[must_use]
    pub fn with_any_name(&self, name: &str) -> &[usize] {
        self.names.find(name, &self.list)
    }

    /// Where the objects stand that are of this kind now or were so before, in order.
    #[must_use]
    pub fn with_any_kind(&self, kind: &str) -> &[usize] {
        self.kinds.find(kind, &self.list)
    }

    /// Two objects that edits gave one identity, if there are such.
    #[must_use]
    pub fn twins(&self) -> Option<(&Resource, &Resource)> {
        let (first, second) = (*self.twins.get_or_init(|| {
            self.current.of(&self.list).values().find_map(|positions| match positions[..] {
                [first, second, ..] => Some((first, second)),
                _ => None,
            })
        }))?;
        Some((self.list.get(first)?, self.list.get(second)?))
    }

    /// Changes the object at a position, which must be there; the indices follow what it is called.
    pub fn edit<T>(&mut self, at: usize, work: impl FnOnce(&mut Resource) -> T) -> T {
        let resource = &mut self.list[at];
        let (id, previous) = (resource.id(), resource.previous.clone());
        let done = work(resource);
        let after = resource.id();
        if id != after || previous != resource.previous {
            let ids = (ids(id, &previous), ids(after, &resource.previous));
            self.twins = OnceLock::new();
            self.current.follow(&ids, at);
            self.any.follow(&ids, at);
            self.names.follow(&ids, at);
            self.kinds.follow(&ids, at);
        }
        done
    }

    /// Changes each object by itself, on all threads.
    ///
    /// # Errors
    /// What the first object that fails says.
    pub fn change_each(
        &mut self,
        sink: &mut Sink,
        change: impl Fn(&mut Resource) -> Result<(), Box<Diagnostic>> + Sync,
    ) -> Result<(), Reported> {
        let list = self.edit_all();
        let failure = |resource: &mut Resource| change(resource).err();
        let first = match list.len() < 2 * FEW {
            true => list.iter_mut().find_map(failure),
            false => list.par_iter_mut().with_min_len(FEW).find_map_first(failure),
        };
        first.map_or(Ok(()), |finding| Err(sink.error(*finding)))
    }

    /// All objects, to be changed.
    pub fn edit_all(&mut self) -> &mut [Resource] {
        self.forget();
        &mut self.list
    }

    /// Puts another object in the place of one.
    pub fn replace(&mut self, at: usize, resource: Resource) {
        self.edit(at, |old| *old = resource);
    }

    /// Keeps those objects only.
    pub fn retain(&mut self, keep: impl FnMut(&Resource) -> bool) {
        let before = self.list.len();
        self.list.retain(keep);
        if self.list.len() != before {
            self.forget();
        }
    }

    /// Puts the objects into another order; equal ones keep theirs.
    pub fn sort_by_key<K: Ord + Send>(&mut self, key: impl Fn(&Resource) -> K + Sync) {
        self.forget();
        match self.list.len() < 2 * FEW {
            true => self.list.sort_by_cached_key(key),
            false => self.list.par_sort_by_cached_key(key),
        }
    }

    /// The objects in order, without what is known of them.
    #[must_use]
    pub fn into_list(self) -> Vec<Resource> {
        self.list
    }

    /// The objects of a list, whatever they are called.
    #[must_use]
    pub fn from_list(list: Vec<Resource>) -> Self {
        let now = |ids: &[ResId]| ids.last().cloned().map(ResId::normalized).into_iter().collect();
        Self {
            list,
            current: Index::by(now),
            any: Index::by(|ids| ids.iter().cloned().map(ResId::normalized).collect()),
            names: Index::by(|ids| ids.iter().map(|id| Arc::clone(&id.name)).collect()),
            kinds: Index::by(|ids| ids.iter().map(|id| Arc::clone(&id.gvk.kind)).collect()),
            twins: OnceLock::new(),
        }
    }

    fn forget(&mut self) {
        self.current.forget();
        self.any.forget();
        self.names.forget();
        self.kinds.forget();
        self.twins = OnceLock::new();
    }
}

/// What an object was called before and, behind that, what it is called now.
fn ids(now: ResId, previous: &[Previous]) -> Vec<ResId> {
    let mut ids: Vec<_> =
        previous.iter().map(|previous| previous.id(&now.gvk.api_version)).collect();
    ids.push(now);
    ids
}

/// The positions under each key, in order; made when first asked for.
type Positions<K> = IndexMap<K, Vec<usize>, RandomState>;

/// Where objects stand, by something that is known of what they are and were called.
#[derive(Debug, Clone)]
struct Index<K> {
    /// The keys of an object by all that it is called, which ends with what it is called now.
    keys: fn(&[ResId]) -> Vec<K>,
    made: OnceLock<Positions<K>>,
}

impl<K: Hash + Eq> Index<K> {
    fn by(keys: fn(&[ResId]) -> Vec<K>) -> Self {
        Self { keys, made: OnceLock::new() }
    }

    fn forget(&mut self) {
        self.made = OnceLock::new();
    }

    fn of(&self, list: &[Resource]) -> &Positions<K> {
        self.made.get_or_init(|| {
            let mut made = Positions::with_capacity_and_hasher(list.len(), RandomState::default());
            for (at, resource) in list.iter().enumerate() {
                put(&mut made, (self.keys)(&resource.all_ids().collect::<Vec<_>>()), at);
            }
            made
        })
    }

    fn find<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q, list: &[Resource]) -> &[usize] {
        self.of(list).get(key).map_or(&[], Vec::as_slice)
    }

    /// Takes in an object that is added at the end, by all that it is called.
    fn add(&mut self, ids: &[ResId], at: usize) {
        if let Some(made) = self.made.get_mut() {
            put(made, (self.keys)(ids), at);
        }
    }

    /// Takes in that the object at a position was called something and is called something else.
    fn follow(&mut self, (before, after): &(Vec<ResId>, Vec<ResId>), at: usize) {
        let (before, after) = ((self.keys)(before), (self.keys)(after));
        let Some(made) = self.made.get_mut().filter(|_| before != after) else { return };
        for key in before {
            if let Some(positions) = made.get_mut(&key) {
                positions.retain(|position| *position != at);
            }
        }
        put(made, after, at);
    }
}

/// Puts a position under each of the keys, once.
fn put<K: Hash + Eq>(positions: &mut Positions<K>, keys: Vec<K>, at: usize) {
    for key in keys {
        let positions = positions.entry(key).or_default();
        if let Err(place) = positions.binary_search(&at) {
            positions.insert(place, at);
        }
    }
}

impl<'r> IntoIterator for &'r Resources {
    type Item = &'r Resource;
    type IntoIter = std::slice::Iter<'r, Resource>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}
