//! Checked manifests become files in a tree, and the tree becomes a folder on disk.
//!
//! `Checked  --Lot::of-->  Lot*  --lay_out-->  Tree  --diff-->  Changes`,  `Tree  --write-->  disk, Summary`
//!
//! Promise: a file's name depends on its object alone; two objects never share a file; nothing is
//! written unless everything can be; files whose bytes are right are not touched; a run that is killed
//! at any point leaves whole files, and the next run finishes its work; only files that an inventory
//! owns and whose bytes jibe wrote are ever replaced or deleted. Knows no templates and no values.

mod changes;
mod folder;
mod guard;
mod hash;
mod hunk;
mod inventory;
mod lay_out;
mod lock;
mod name;
mod note;
mod options;
mod plan;
mod printed;
mod seal;
mod single;
mod stage;
mod step;
mod trouble;
mod twice;
mod write;

#[cfg(test)]
mod tests;

pub use changes::{Change, Changes, State};
pub(crate) use hash::Hash;
pub use inventory::owners;
pub use lay_out::{Lot, Part, lay_out};
pub use name::label;
pub(crate) use note::{leave_note, note};
pub use options::{Edited, Foreign, Kept, Note, Prune, Reason, Scope, Summary, WriteOptions};
pub use printed::Printed;
pub use seal::Seal;
pub use single::{Written, write_file};
pub(crate) use twice::expect_same_findings;

use crate::source::{Files, Place, RelPath};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Files in folders, ready to be compared with a disk or written to it.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The texts that places point into.
    sources: Files,
    /// The targets that were laid out.
    targets: BTreeSet<Arc<str>>,
    /// Every folder that one of the targets may have files in, empty ones included.
    folders: BTreeMap<RelPath, Folder>,
}

/// Files by name.
type Folder = BTreeMap<String, File>;

/// One file.
#[derive(Debug, Clone)]
struct File {
    text: Arc<str>,
    /// The targets that it is for.
    owners: BTreeSet<Arc<str>>,
    /// The template line that made its object.
    place: Place,
}

impl Tree {
    /// All files, sorted by folder and name: path below the output folder, and text.
    pub fn files(&self) -> impl Iterator<Item = (RelPath, &Arc<str>)> {
        self.folders.iter().flat_map(|(folder, files)| {
            files.iter().map(|(name, file)| (below(folder, name), &file.text))
        })
    }

    /// The text of the file with this path below the output folder.
    #[must_use]
    pub fn get(&self, path: &RelPath) -> Option<&Arc<str>> {
        let file = self.folders.get(&path.parent())?.get(path.file_name())?;
        Some(&file.text)
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.folders.values().map(BTreeMap::len).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a run decides over the files of a target: it is one of the run, or nothing was
    /// selected, so that it is gone if it is none of the run.
    fn decides(&self, owner: &str, scope: Scope) -> bool {
        scope == Scope::All || self.targets.contains(owner)
    }
}

/// The path of a file in a folder.
fn below(folder: &RelPath, name: &str) -> RelPath {
    folder.join(name).expect("file names hold no separator")
}
