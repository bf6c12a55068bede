//! How a tree is written, and what came of it.

use crate::source::RelPath;
use std::time::Duration;

/// What a run speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Some targets: nothing is deleted that is another target's.
    #[default]
    Selected,
    /// All targets that are written into the output folder: what belongs to others in it, by its
    /// inventories, is gone from the workspace and goes from the disk too. Two workspaces that share
    /// one output folder must not use it.
    All,
}

/// What happens to files that an inventory owns and the tree does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Prune {
    /// They are deleted, if nobody changed them.
    #[default]
    Stale,
    /// They stay, and stay known.
    Off,
}

/// What happens to files that were changed by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edited {
    /// One that would be written refuses the run; one that would be deleted is kept.
    #[default]
    Keep,
    /// They are written and deleted like any other.
    Overwrite,
}

/// What happens to files that jibe did not write and that have the name of one in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Foreign {
    /// They refuse the run, unless their bytes are those of the tree.
    #[default]
    Refuse,
    /// They are replaced and owned from then on.
    Adopt,
}

/// How a tree is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteOptions {
    /// What the run speaks for.
    pub scope: Scope,
    /// What happens to stale files.
    pub prune: Prune,
    /// What happens to edited files.
    pub edited: Edited,
    /// What happens to foreign files in the way.
    pub foreign: Foreign,
    /// How long to wait for another run that writes into the same folder.
    pub patience: Duration,
}

impl Default for WriteOptions {
    /// The careful ones; ten seconds of patience.
    fn default() -> Self {
        Self {
            scope: Scope::default(),
            prune: Prune::default(),
            edited: Edited::default(),
            foreign: Foreign::default(),
            patience: Duration::from_secs(10),
        }
    }
}

/// What a write did; paths below the output folder, sorted by folder and name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were not there.
    pub added: Vec<RelPath>,
    /// Files that have other bytes now.
    pub changed: Vec<RelPath>,
    /// Files that are gone.
    pub deleted: Vec<RelPath>,
    /// Files that are not the tree's and were left alone.
    pub kept: Vec<Kept>,
    /// How many files were right and not touched.
    pub unchanged: usize,
    /// What a user may want to know besides.
    pub notes: Vec<Note>,
}

impl Summary {
    /// How many files were written.
    #[must_use]
    pub fn written(&self) -> usize {
        self.added.len() + self.changed.len()
    }
}

/// A file that was left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its path.
    pub path: RelPath,
    /// Why.
    pub reason: Reason,
}

/// Why a file was left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It is not jibe's.
    Foreign,
    /// It is stale, but was changed by hand. It is an error in the user's tree.
    Edited,
    /// It is stale, but [`Prune::Off`] was asked for.
    PruneOff,
    /// It is stale and has become something else than a file; what, with an article.
    NoFile(&'static str),
}

/// Something worth knowing that is no error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The file system has no locks, so another run may write at the same time.
    NoLock,
    /// So many files are equal but for CRLF line ends; they were not touched.
    Crlf(usize),
    /// A folder with an inventory that says it is another folder's: the output of another workspace,
    /// or a folder that was moved.
    Elsewhere(RelPath),
    /// What an earlier run had begun was finished.
    Recovered,
    /// So many folders had the right files, but not the right inventory, as after a merge in Git; it was
    /// written anew.
    Inventories(usize),
}
