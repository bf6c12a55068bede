//! Objects in the order in which they were read, found by identity.

use super::{ResId, Resource};
use indexmap::IndexMap;
use std::sync::{Arc, OnceLock};

/// Objects in the order in which they were added, with an index by identity that is made when first asked for.
#[derive(Debug, Clone, Default)]
pub struct Resources {
    list: Vec<Resource>,
    current: OnceLock<IndexMap<ResId, Vec<usize>>>,
    any: OnceLock<IndexMap<ResId, Vec<usize>>>,
    names: OnceLock<IndexMap<Arc<str>, Vec<usize>>>,
    kinds: OnceLock<IndexMap<Arc<str>, Vec<usize>>>,
    twins: OnceLock<Option<(usize, usize)>>,
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
        let id = resource.id().normalized();
        if let Some(&first) = self.current().get(&id).and_then(|positions| positions.first()) {
            let first = Box::new(self.list[first].clone());
            return Err(Twice { first, second: Box::new(resource) });
        }
        let at = self.list.len();
        if let Some(index) = self.current.get_mut() {
            index.insert(id, vec![at]);
        }
        if let Some(index) = self.any.get_mut() {
            put_all(index, resource.all_ids().map(ResId::normalized), at);
        }
        if let Some(index) = self.names.get_mut() {
            put_all(index, resource.all_ids().map(|id| id.name), at);
        }
        if let Some(index) = self.kinds.get_mut() {
            put_all(index, resource.all_ids().map(|id| id.gvk.kind), at);
        }
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

    /// The object at a position.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&Resource> {
        self.list.get(at)
    }

    /// Where the objects stand that are called so now; several where edits made them so.
    #[must_use]
    pub fn with_id(&self, id: &ResId) -> &[usize] {
        positions(self.current(), id)
    }

    /// Where the objects stand that are called so now or were called so before, in order.
    #[must_use]
    pub fn with_any_id(&self, id: &ResId) -> &[usize] {
        let index = self.any.get_or_init(|| {
            self.index(|resource| resource.all_ids().map(ResId::normalized).collect())
        });
        positions(index, id)
    }

    /// Where the objects stand that have this name now or had it before, in order.
    #[must_use]
    pub fn with_any_name(&self, name: &str) -> &[usize] {
        let index = self
            .names
            .get_or_init(|| self.index(|resource| resource.all_ids().map(|id| id.name).collect()));
        index.get(name).map_or(&[], Vec::as_slice)
    }

    /// Where the objects stand that are of this kind now or were so before, in order.
    #[must_use]
    pub fn with_any_kind(&self, kind: &str) -> &[usize] {
        let index = self.kinds.get_or_init(|| {
            self.index(|resource| resource.all_ids().map(|id| id.gvk.kind).collect())
        });
        index.get(kind).map_or(&[], Vec::as_slice)
    }

    /// Two objects that edits gave one identity, if there are such.
    #[must_use]
    pub fn twins(&self) -> Option<(&Resource, &Resource)> {
        let (first, second) = (*self.twins.get_or_init(|| {
            self.current().values().find_map(|positions| match positions[..] {
                [first, second, ..] => Some((first, second)),
                _ => None,
            })
        }))?;
        Some((self.list.get(first)?, self.list.get(second)?))
    }

    /// Changes the object at a position, which must be there; the index follows what it is called.
    pub fn edit<T>(&mut self, at: usize, work: impl FnOnce(&mut Resource) -> T) -> T {
        let resource = &mut self.list[at];
        let before: Vec<_> = resource.all_ids().collect();
        let done = work(resource);
        let after: Vec<_> = resource.all_ids().collect();
        if before != after {
            self.twins = OnceLock::new();
            let normal = |id: &ResId| id.clone().normalized();
            let now = |ids: &[ResId]| ids.last().map(normal).into_iter().collect::<Vec<_>>();
            moved(&mut self.current, (now(&before), now(&after)), at);
            let any = |ids: &[ResId]| ids.iter().map(normal).collect::<Vec<_>>();
            moved(&mut self.any, (any(&before), any(&after)), at);
            let names = |ids: &[ResId]| ids.iter().map(|id| Arc::clone(&id.name)).collect();
            moved(&mut self.names, (names(&before), names(&after)), at);
            let kinds = |ids: &[ResId]| ids.iter().map(|id| Arc::clone(&id.gvk.kind)).collect();
            moved(&mut self.kinds, (kinds(&before), kinds(&after)), at);
        }
        done
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
    pub fn sort_by_cached_key<K: Ord>(&mut self, key: impl FnMut(&Resource) -> K) {
        self.forget();
        self.list.sort_by_cached_key(key);
    }

    /// Puts the objects into another order, by what is known of each beforehand.
    pub fn into_list(self) -> Vec<Resource> {
        self.list
    }

    /// The objects of a list, whatever they are called.
    #[must_use]
    pub fn from_list(list: Vec<Resource>) -> Self {
        Self { list, ..Self::default() }
    }

    fn forget(&mut self) {
        self.current = OnceLock::new();
        self.any = OnceLock::new();
        self.names = OnceLock::new();
        self.kinds = OnceLock::new();
        self.twins = OnceLock::new();
    }

    fn current(&self) -> &IndexMap<ResId, Vec<usize>> {
        self.current.get_or_init(|| self.index(|resource| vec![resource.id().normalized()]))
    }

    fn index<K: std::hash::Hash + Eq>(
        &self,
        keys: impl Fn(&Resource) -> Vec<K>,
    ) -> IndexMap<K, Vec<usize>> {
        let mut index = IndexMap::with_capacity(self.list.len());
        for (at, resource) in self.list.iter().enumerate() {
            put_all(&mut index, keys(resource), at);
        }
        index
    }
}

/// Puts a position under each of the keys, once.
fn put_all<K: std::hash::Hash + Eq>(
    index: &mut IndexMap<K, Vec<usize>>,
    keys: impl IntoIterator<Item = K>,
    at: usize,
) {
    for key in keys {
        let positions: &mut Vec<usize> = index.entry(key).or_default();
        if positions.last() != Some(&at) {
            positions.push(at);
        }
    }
}

/// Takes a position from under some keys and puts it under others, in order.
fn moved<K: std::hash::Hash + Eq>(
    index: &mut OnceLock<IndexMap<K, Vec<usize>>>,
    (before, after): (Vec<K>, Vec<K>),
    at: usize,
) {
    let Some(index) = index.get_mut().filter(|_| before != after) else { return };
    for key in before {
        if let Some(positions) = index.get_mut(&key) {
            positions.retain(|position| *position != at);
        }
    }
    for key in after {
        let positions: &mut Vec<usize> = index.entry(key).or_default();
        if let Err(place) = positions.binary_search(&at) {
            positions.insert(place, at);
        }
    }
}

fn positions<'i>(index: &'i IndexMap<ResId, Vec<usize>>, id: &ResId) -> &'i [usize] {
    index.get(&id.clone().normalized()).map_or(&[], Vec::as_slice)
}

impl<'r> IntoIterator for &'r Resources {
    type Item = &'r Resource;
    type IntoIter = std::slice::Iter<'r, Resource>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}
