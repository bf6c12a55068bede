//! The values that templates name, as a tree in which a branch may stand for every key.

use crate::render::reads::Reads;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// To what a key leads to, as [`Reads::called`].
    Key(Arc<str>),
    /// To what any key may lead to.
    Any,
}

impl Step {
    pub(super) fn key(key: &str) -> Self {
        Self::Key(Reads::called(key).into())
    }

    /// To an item of a list.
    pub(super) fn item() -> Self {
        Self::Key(Reads::ITEM.into())
    }
}

/// What could be read of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::render) enum May {
    /// No template names it.
    Nothing,
    /// Some of what is in it; all of a value that has nothing in it.
    Below,
    /// All of it.
    All,
}

/// What templates name of a value.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// All that is in it may be read.
    is_whole: bool,
    /// Keys of it are also asked for in the way in which computed ones are, but written out.
    is_picked: bool,
    keys: BTreeMap<Arc<str>, Tree>,
    any: Option<Box<Tree>>,
}

impl Tree {
    /// What is named at a path, which is named from now on.
    fn at(&mut self, path: &[Step]) -> &mut Self {
        path.iter().fold(self, |tree, step| match step {
            Step::Key(key) => tree.keys.entry(Arc::clone(key)).or_default(),
            Step::Any => tree.any.get_or_insert_default(),
        })
    }

    pub(super) fn look(&mut self, path: &[Step]) {
        self.at(path);
    }

    pub(super) fn pick(&mut self, path: &[Step]) {
        self.at(path).is_picked = true;
    }

    pub(super) fn take_whole(&mut self, path: &[Step]) {
        self.at(path).is_whole = true;
    }

    /// What may be read at a path, none if nothing; `reads` is what was read here.
    pub(super) fn may_read(&self, path: &[String], reads: Option<&Reads>) -> Option<May> {
        if self.is_whole {
            return Some(May::All);
        }
        let Some((key, rest)) = path.split_first() else { return Some(May::Below) };
        let read = reads.and_then(|reads| reads.get(key));
        let named = self.keys.get(key.as_str()).and_then(|tree| tree.may_read(rest, read));
        // Whoever computed keys of this map has asked for all that any target wants.
        let is_done = !self.is_picked && read.is_none() && reads.is_some_and(Reads::is_indexed);
        let any = self.any.as_deref().filter(|_| !is_done);
        named.max(any.and_then(|tree| tree.may_read(rest, read)))
    }

    /// The names that are asked for at a path.
    pub(super) fn names<'t>(&'t self, path: &[String], names: &mut BTreeSet<&'t str>) {
        match path.split_first() {
            None => names.extend(self.keys.keys().map(|key| &**key)),
            Some((key, rest)) => {
                let below = self.keys.get(key.as_str()).into_iter().chain(self.any.as_deref());
                below.for_each(|tree| tree.names(rest, names));
            }
        }
    }
}
