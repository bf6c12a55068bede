//! Objects in the order in which they were read, found by identity.
//!
//! Promise: finding, changing or taking out one of them costs the same however many there are. Positions stay what they are
//! until all objects are changed, sorted or thinned out.

use super::id::{all_differ, or_default};
use super::index::{HomeOf, Ids, Indices};
use super::{ResId, Resource};
use crate::diag::{Diagnostic, Reported, Sink};
use crate::yaml::{Data, Node, Scalar, Value};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// How many objects are changed by one thread at least.
const FEW: usize = 32;

/// Objects in the order in which they were added, with indices that are made when first asked for.
#[derive(Debug, Clone)]
pub struct Resources {
    list: Vec<Resource>,
    /// The positions of those that were taken out.
    gone: BTreeSet<usize>,
    touched: Touched,
    indices: Indices,
}

impl Default for Resources {
    fn default() -> Self {
        Self::from_list(Vec::new())
    }
}

/// An object with what it is and was called, which was asked while it was at hand.
#[derive(Debug, Clone)]
pub struct Identified {
    resource: Resource,
    ids: Ids,
}

impl From<Resource> for Identified {
    fn from(resource: Resource) -> Self {
        let ids = resource.identities();
        Self { resource, ids }
    }
}

impl Identified {
    /// Whether its kind is one of those of [`Gvk::is_known`](super::Gvk::is_known).
    #[must_use]
    pub fn is_of_known_kind(&self) -> bool {
        self.ids.last().is_some_and(|id| id.gvk.is_known())
    }

    /// Changes the object, which may be called something else then.
    pub fn edit(&mut self, work: impl FnOnce(&mut Resource)) {
        work(&mut self.resource);
        self.ids = self.resource.identities();
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
        self.append_known(resource.into())
    }

    /// Makes room for so many more objects, and for some that generators add to them.
    pub fn reserve(&mut self, count: usize) {
        self.list.reserve(count + count / 8);
    }

    /// Adds an object at the end of which is known what it is called.
    ///
    /// # Errors
    /// When one of the same current identity is there.
    pub fn append_known(&mut self, Identified { resource, ids }: Identified) -> Result<(), Twice> {
        let same = ids.last().map_or(&[][..], |id| self.with_id(id));
        if let Some(&first) = same.first() {
            let first = Box::new(self.list[first].clone());
            return Err(Twice { first, second: Box::new(resource) });
        }
        self.touched.add(self.list.len());
        self.indices.add(ids);
        self.list.push(resource);
        Ok(())
    }

    /// Adds objects at the end, in order.
    ///
    /// # Errors
    /// When one of the same current identity is there.
    pub fn append_all(&mut self, mut others: Resources) -> Result<(), Twice> {
        if self.is_empty() {
            // Edits of a base may have given two of its objects one name.
            others.refuse_twice()?;
            *self = others;
            return Ok(());
        }
        self.reserve(others.len());
        others.close_gaps();
        let ids = others.take_ids();
        let mut both = others.list.into_iter().zip(ids);
        both.try_for_each(|(resource, ids)| self.append_known(Identified { resource, ids }))
    }

    /// Looks for two objects that edits gave one identity.
    ///
    /// # Errors
    /// When there are two.
    pub fn refuse_twice(&self) -> Result<(), Twice> {
        // Who asks once needs no index.
        let likeness = |_: &Resource, ids: &[ResId]| ids.last().map_or(0, ResId::likeness);
        if !self.indices.current.is_made() && all_differ(self.map_known(likeness)) {
            return Ok(());
        }
        let Some((first, second)) = self.twins() else { return Ok(()) };
        Err(Twice { first: Box::new(first.clone()), second: Box::new(second.clone()) })
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len() - self.gone.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The objects in order.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { all: self.list.iter().enumerate(), gone: &self.gone }
    }

    /// The objects in order, each with all that it is and was called, as by [`Resource::all_ids`].
    pub fn known(&self) -> impl Iterator<Item = (&Resource, &[ResId])> {
        let ids = self.ids();
        self.numbered().map(move |(at, resource)| (resource, &*ids[at]))
    }

    /// The objects in order, each with its position.
    pub fn numbered(&self) -> impl Iterator<Item = (usize, &Resource)> {
        self.iter().numbered()
    }

    /// What is made of each object, in order, on all threads.
    pub fn map_each<T: Send>(&self, make: impl Fn(&Resource) -> T + Sync + Send) -> Vec<T> {
        let all: Vec<_> = self.iter().collect();
        on_threads(&all, |resource| make(resource))
    }

    /// What is made of some objects that stand one behind the other, and of the next, in order, on all threads.
    pub fn map_parts<T: Send>(&self, make: impl Fn(&[&Resource]) -> T + Sync + Send) -> Vec<T> {
        let all: Vec<_> = self.iter().collect();
        match all.len() < 2 * FEW {
            true => all.chunks(FEW).map(make).collect(),
            false => all.par_chunks(FEW).map(make).collect(),
        }
    }

    /// What is made of each object and of all that it is and was called, as by [`Resource::all_ids`]; in order, on all
    /// threads.
    pub fn map_known<T: Send>(
        &self,
        make: impl Fn(&Resource, &[ResId]) -> T + Sync + Send,
    ) -> Vec<T> {
        let all: Vec<_> = self.known().collect();
        on_threads(&all, |(resource, ids)| make(resource, ids))
    }

    /// What each object is and was called, by position.
    fn ids(&self) -> &[Ids] {
        let of = |at: &usize| self.get(*at).map(Resource::identities).unwrap_or_default();
        self.indices.ids(|| on_threads(&(0..self.list.len()).collect::<Vec<_>>(), of))
    }

    /// The same, by who forgets everything that is known.
    fn take_ids(&mut self) -> Vec<Ids> {
        self.ids();
        std::mem::take(&mut self.indices).into_ids().expect("they were asked for just now")
    }

    /// The object at a position; none where it was taken out.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&Resource> {
        self.list.get(at).filter(|_| !self.gone.contains(&at))
    }

    /// Where the objects stand that are called so now; several where edits made them so.
    #[must_use]
    pub fn with_id(&self, id: &ResId) -> &[usize] {
        self.indices.current.find(&id.clone().normalized(), self.ids())
    }

    /// Where the objects stand that are called so now or were called so before, in order.
    #[must_use]
    pub fn with_any_id(&self, id: &ResId) -> &[usize] {
        self.indices.any.find(&id.clone().normalized(), self.ids())
    }

    /// Where the objects stand, or stood that were taken out, that have this name now or had it before, in order.
    #[must_use]
    pub fn with_any_name(&self, name: &str) -> &[usize] {
        self.indices.names.find(name, self.ids())
    }

    /// Where the objects stand, or stood that were taken out, that are of this kind now or were so before, in order.
    #[must_use]
    pub fn with_any_kind(&self, kind: &str) -> &[usize] {
        self.indices.kinds.find(kind, self.ids())
    }

    /// Where all objects stand, or stood that were taken out, and maybe others, that have this name and this namespace, or
    /// had one of them first; none and `default` are one namespace.
    #[must_use]
    pub fn with_name_in(&self, name: &str, namespace: &str) -> &[usize] {
        self.indices.homes.find(&HomeOf(name, or_default(namespace)), self.ids())
    }

    /// Two objects that edits gave one identity, if there are such.
    #[must_use]
    pub fn twins(&self) -> Option<(&Resource, &Resource)> {
        let [first, second] = self.indices.current.first_shared(self.ids())?;
        Some((self.list.get(first)?, self.list.get(second)?))
    }

    /// Changes the object at a position, which must be there; the indices follow what it is called.
    pub fn edit<T>(&mut self, at: usize, work: impl FnOnce(&mut Resource) -> T) -> T {
        self.touched.add(at);
        let resource = &mut self.list[at];
        let done = work(resource);
        self.indices.follow(at, resource);
        done
    }

    /// Takes the object at a position, which must be there, out; all others stay where they are.
    pub fn remove(&mut self, at: usize) {
        let null = Node::new(Data::Scalar(Scalar::plain(Value::Null)), self.list[at].place());
        self.list[at] = Resource::new(null);
        self.indices.lose(at);
        self.gone.insert(at);
    }

    /// Takes those objects out, of some, of which nothing is left.
    pub fn remove_empty(&mut self, positions: &[usize]) {
        for at in positions {
            let may_be_empty = !self.indices.has_kind(*at);
            if may_be_empty && self.get(*at).is_some_and(Resource::is_empty) {
                self.remove(*at);
            }
        }
    }

    /// Where the objects stand that were added or changed since [`Resources::forget_touched`], in order.
    #[must_use]
    pub fn touched(&self) -> Vec<usize> {
        match &self.touched {
            Touched::All => self.numbered().map(|(at, _)| at).collect(),
            Touched::At(positions) => {
                positions.iter().copied().filter(|at| !self.gone.contains(at)).collect()
            }
        }
    }

    /// Takes all objects for unchanged from here on.
    pub fn forget_touched(&mut self) {
        self.touched = Touched::At(BTreeSet::new());
    }

    /// Changes each object by itself, on all threads.
    ///
    /// # Errors
    /// What the first object that fails says.
    pub fn change_each(
        &mut self,
        sink: &mut Sink,
        change: impl Fn(&mut Resource) -> Result<(), Box<Diagnostic>> + Sync + Send,
    ) -> Result<(), Reported> {
        self.change_known(sink, |resource, _| change(resource)).map(drop)
    }

    /// Changes each object by itself, on all threads, where all that it is and was called before this is at hand, as by
    /// [`Resource::all_ids`]; and gives what is said of each, in order.
    ///
    /// # Errors
    /// As [`Resources::change_each`].
    pub fn change_known<T: Send>(
        &mut self,
        sink: &mut Sink,
        change: impl Fn(&mut Resource, &[ResId]) -> Result<T, Box<Diagnostic>> + Sync + Send,
    ) -> Result<Vec<T>, Reported> {
        self.close_gaps();
        let before = self.take_ids();
        let list = self.edit_all();
        // What it is called then is asked while it is at hand: all that comes later wants to know.
        let change = |(resource, ids): (&mut Resource, Ids)| {
            let told = change(resource, &ids);
            (told, if resource.is_still(&ids) { ids } else { resource.identities() })
        };
        let (mut told, mut ids) = (Vec::new(), Vec::new());
        match list.len() < 2 * FEW {
            true => (told, ids) = list.iter_mut().zip(before).map(change).unzip(),
            false => {
                let each = list.par_iter_mut().zip(before).with_min_len(FEW).map(change);
                each.unzip_into_vecs(&mut told, &mut ids);
            }
        }
        self.learn(ids);
        let told: Result<_, _> = told.into_iter().collect();
        told.map_err(|finding: Box<Diagnostic>| sink.error(*finding))
    }

    /// All objects, to be changed.
    pub fn edit_all(&mut self) -> &mut [Resource] {
        self.close_gaps();
        self.forget();
        &mut self.list
    }

    /// Puts another object in the place of one.
    pub fn replace(&mut self, at: usize, resource: Resource) {
        self.edit(at, |old| *old = resource);
    }

    /// Keeps those objects only.
    pub fn retain(&mut self, keep: impl FnMut(&Resource) -> bool) {
        self.close_gaps();
        let before = self.list.len();
        self.list.retain(keep);
        if self.list.len() != before {
            self.forget();
        }
    }

    /// Puts the objects into another order, by what they are called now; equal ones keep theirs.
    pub fn sort_by_key<K: Ord + Send>(&mut self, key: impl Fn(&ResId) -> K + Sync + Send) {
        self.close_gaps();
        let keys = self.map_known(|_, ids| ids.last().map(&key));
        let mut order: Vec<_> = keys.into_iter().enumerate().map(|(at, key)| (key, at)).collect();
        match order.len() < 2 * FEW {
            true => order.sort_unstable(),
            false => order.par_sort_unstable(),
        }
        let (list, ids) = (std::mem::take(&mut self.list), self.take_ids());
        let mut both: Vec<_> = list.into_iter().zip(ids).map(Some).collect();
        let next = |(_, at): (_, usize)| both[at].take().expect("each position is there once");
        let (list, ids): (Vec<_>, Vec<_>) = order.into_iter().map(next).unzip();
        (self.list, self.touched) = (list, Touched::All);
        self.learn(ids);
    }

    /// The objects in order, without what is known of them.
    #[must_use]
    pub fn into_list(mut self) -> Vec<Resource> {
        self.close_gaps();
        self.list
    }

    /// The objects of a list, whatever they are called.
    #[must_use]
    pub fn from_list(list: Vec<Resource>) -> Self {
        let (gone, touched, indices) = (BTreeSet::new(), Touched::All, Indices::default());
        Self { list, gone, touched, indices }
    }

    /// Moves the objects together where some were taken out.
    fn close_gaps(&mut self) {
        let gone = std::mem::take(&mut self.gone);
        if gone.is_empty() {
            return;
        }
        let mut at = 0..;
        self.list.retain(|_| at.next().is_none_or(|at: usize| !gone.contains(&at)));
        self.forget();
    }

    /// Takes in what each object is and was called, and forgets all else.
    fn learn(&mut self, ids: Vec<Ids>) {
        debug_assert!(self.list.iter().zip(&ids).all(|(own, ids)| own.identities() == *ids));
        self.indices = ids.into();
    }

    /// Forgets what is known of objects that may all have changed.
    fn forget(&mut self) {
        self.touched = Touched::All;
        self.indices = Indices::default();
    }
}

/// What is made of each of some things, in order; on all threads if there are many.
fn on_threads<T: Sync, M: Send>(all: &[T], make: impl Fn(&T) -> M + Sync + Send) -> Vec<M> {
    match all.len() < 2 * FEW {
        true => all.iter().map(make).collect(),
        false => all.par_iter().with_min_len(FEW).map(make).collect(),
    }
}

/// Which objects were changed since somebody looked.
#[derive(Debug, Clone)]
enum Touched {
    All,
    At(BTreeSet<usize>),
}

impl Touched {
    fn add(&mut self, at: usize) {
        if let Self::At(positions) = self {
            positions.insert(at);
        }
    }
}

/// The objects in order.
#[derive(Debug, Clone)]
pub struct Iter<'r> {
    all: std::iter::Enumerate<std::slice::Iter<'r, Resource>>,
    gone: &'r BTreeSet<usize>,
}

impl<'r> Iter<'r> {
    /// With their positions.
    fn numbered(mut self) -> impl Iterator<Item = (usize, &'r Resource)> {
        std::iter::from_fn(move || self.step())
    }

    fn step(&mut self) -> Option<(usize, &'r Resource)> {
        let gone = self.gone;
        self.all.find(|(at, _)| !gone.contains(at))
    }
}

impl<'r> Iterator for Iter<'r> {
    type Item = &'r Resource;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().map(|(_, resource)| resource)
    }
}

impl<'r> IntoIterator for &'r Resources {
    type Item = &'r Resource;
    type IntoIter = Iter<'r>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests;
