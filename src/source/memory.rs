//! A root folder that lies in memory. Answers what a disk with the same files would answer.

use super::{Entry, EntryKind, PathError, ReadReason, RelPath, text};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// Texts by path; no path lies below another one.
#[derive(Debug)]
pub(super) struct Memory(BTreeMap<RelPath, Arc<str>>);

impl Memory {
    pub(super) fn new(files: BTreeMap<RelPath, Arc<str>>) -> Result<Self, PathError> {
        let memory = Self(files);
        match memory.0.keys().any(|path| path.is_root() || memory.is_folder(path)) {
            true => Err(PathError::NotAFile),
            false => Ok(memory),
        }
    }

    pub(super) fn is_folder(&self, path: &RelPath) -> bool {
        path.is_root() || self.below(path).next().is_some()
    }

    pub(super) fn follow(&self, path: &RelPath) -> Result<RelPath, ReadReason> {
        match self.0.contains_key(path) || self.is_folder(path) {
            true => Ok(path.clone()),
            false => Err(ReadReason::Missing),
        }
    }

    pub(super) fn read(&self, path: &RelPath, limit: u64) -> Result<Vec<u8>, ReadReason> {
        match self.0.get(path) {
            Some(text) => {
                text::within_limit(text.len() as u64, limit)?;
                Ok(text.as_bytes().to_vec())
            }
            None if self.is_folder(path) => Err(ReadReason::NotAFile("a folder")),
            None => Err(ReadReason::Missing),
        }
    }

    pub(super) fn list(&self, folder: &RelPath) -> Result<Vec<Entry>, ReadReason> {
        if self.0.contains_key(folder) {
            return Err(ReadReason::NotAFolder("a file"));
        }
        let mut names = BTreeMap::new();
        for rest in self.below(folder) {
            match rest.split_once('/') {
                Some((name, _)) => names.insert(name, EntryKind::Folder),
                None => names.insert(rest, EntryKind::File),
            };
        }
        match names.is_empty() && !folder.is_root() {
            true => Err(ReadReason::Missing),
            false => Ok(names
                .into_iter()
                .map(|(name, kind)| Entry { name: name.to_owned(), kind })
                .collect()),
        }
    }

    /// What is left of the paths below `folder`, in order.
    fn below<'a>(&'a self, folder: &'a RelPath) -> impl Iterator<Item = &'a str> {
        // The paths below `a` are neighbours: all begin with `a/`.
        let first = if folder.is_root() { String::new() } else { format!("{}/", folder.as_str()) };
        let from = self.0.range::<str, _>((Bound::Included(&*first), Bound::Unbounded));
        from.map_while(|(path, _)| path.below(folder))
    }
}
