//! How a folder on disk differs from a tree.

use super::folder::{Folder, Look};
use super::hunk::first_hunk;
use super::inventory;
use super::lock::{self, Journal};
use super::options::{Scope, WriteOptions};
use super::plan::{Ends, Entry, Failed, FolderPlan, Plan, plan};
use super::trouble;
use super::{Tree, below, guard};
use crate::diag::{Failure, Reported, Sink};
use crate::source::RelPath;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What a file on disk is, seen from the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// In the tree, not on disk.
    Missing,
    /// On disk as jibe wrote it some time, or with Git's conflict marks in it; the tree has other bytes.
    Changed,
    /// On disk as in the tree, or so but for CRLF line ends.
    Equal,
    /// On disk as jibe wrote it, not in the tree.
    Stale,
    /// Written by jibe and then changed by somebody else; perhaps no longer in the tree.
    Edited,
    /// Not written by jibe. In the way if the tree has a file of this name.
    Foreign,
    /// No regular file; what it is, with an article.
    InTheWay(&'static str),
}

/// One file that is in the tree, on disk, or both. An inventory is listed only if it differs.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its path below the output folder.
    pub path: RelPath,
    /// How it differs.
    pub state: State,
    /// Its text in the tree.
    pub fresh: Option<Arc<str>>,
    /// Its bytes on disk, where they differ from the tree's and jibe knows the file.
    pub committed: Option<Vec<u8>>,
}

impl Change {
    /// The first difference as lines with `-`, `+` and three lines around it; the data of a Secret is
    /// hidden. None unless the file is both in the tree and on disk, and differs.
    #[must_use]
    pub fn hunk(&self) -> Option<String> {
        let (fresh, committed) = (self.fresh.as_deref()?, self.committed.as_deref()?);
        first_hunk(&String::from_utf8_lossy(committed), fresh)
    }

    /// Whether disk and tree disagree: anything but an equal file, or a file of somebody else beside
    /// the tree's own.
    #[must_use]
    pub fn is_drift(&self) -> bool {
        match self.state {
            State::Equal => false,
            State::Foreign => self.fresh.is_some(),
            _ => true,
        }
    }
}

/// All files of a tree and of its folders on disk, sorted by folder and name.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    list: Vec<Change>,
    crlf: usize,
    elsewhere: Vec<RelPath>,
}

impl Changes {
    /// The files in order, equal ones included.
    pub fn iter(&self) -> std::slice::Iter<'_, Change> {
        self.list.iter()
    }

    /// How many files are in this state; what is in the way is counted whatever it is.
    #[must_use]
    pub fn count(&self, state: State) -> usize {
        let same = |one: State| std::mem::discriminant(&one) == std::mem::discriminant(&state);
        self.list.iter().filter(|change| same(change.state)).count()
    }

    /// Whether a write would change something or be refused.
    #[must_use]
    pub fn is_drift(&self) -> bool {
        self.list.iter().any(Change::is_drift)
    }

    /// How many files are equal but for CRLF line ends, which a checkout with `core.autocrlf` makes.
    #[must_use]
    pub fn crlf(&self) -> usize {
        self.crlf
    }

    /// Folders with an inventory that says it is another folder's: the output of another workspace, or
    /// a folder that was moved. Known when nothing was selected.
    #[must_use]
    pub fn elsewhere(&self) -> &[RelPath] {
        &self.elsewhere
    }
}

impl<'c> IntoIterator for &'c Changes {
    type Item = &'c Change;
    type IntoIter = std::slice::Iter<'c, Change>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Tree {
    /// Compares the tree with the output folder `root`, which need not be there. Takes no lock and
    /// writes nothing.
    ///
    /// # Errors
    /// When something cannot be read, an inventory is damaged, or no folder has a folder's path.
    pub fn diff(&self, root: &Path, scope: Scope) -> Result<Changes, Failure> {
        let mut sink = Sink::new(&self.sources);
        let changes = compare(self, root, scope, &mut sink);
        sink.finish()?;
        Ok(changes.expect("an error was reported"))
    }
}

fn compare(tree: &Tree, path: &Path, scope: Scope, sink: &mut Sink) -> Result<Changes, Reported> {
    let options = WriteOptions { scope, ..WriteOptions::default() };
    let trouble = |error| trouble::io(path, &RelPath::root(), "read", &error);
    guard::refuse(path, "read", sink)?;
    let root = match Folder::root(path) {
        Ok(root) => Some(root),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(sink.error(trouble(error))),
    };
    let journal = match root.as_ref().map(journal_of).transpose() {
        Ok(journal) => journal.unwrap_or_default(),
        Err(error) => return Err(sink.error(trouble(error))),
    };
    let plan = plan(tree, root.as_ref(), &options, &journal);
    plan.map(changes).map_err(|failed| report(path, &failed, sink))
}

fn journal_of(root: &Folder) -> io::Result<Journal> {
    match root.look(lock::FILE)? {
        Look::File(bytes, _) => Ok(lock::left_behind(&bytes)),
        _ => Ok(Journal::new()),
    }
}

/// Reports why there is no plan.
pub(super) fn report(root: &Path, failed: &[Failed], sink: &mut Sink) -> Reported {
    let findings = failed.iter().map(|failed| match failed {
        Failed::Blocked(why) => trouble::blocked(root, why),
        Failed::Corrupt(path, why) => trouble::corrupt(root, path, why),
        Failed::InTheWay(path, kind) => trouble::in_the_way(root, path, kind, "an inventory"),
    });
    let reported = findings.map(|finding| sink.error(finding)).last();
    reported.expect("a plan fails for a reason")
}

fn changes(plan: Plan) -> Changes {
    let mut changes = Changes { elsewhere: plan.elsewhere, ..Changes::default() };
    for FolderPlan { folder, entries, inventory, .. } in plan.folders {
        if inventory.state != State::Equal {
            changes.list.push(Change {
                path: below(&folder, inventory::FILE),
                state: inventory.state,
                fresh: inventory.fresh.map(Arc::from),
                committed: inventory.old,
            });
        }
        for Entry { name, state, fresh, old, ends, .. } in entries {
            changes.crlf += usize::from(ends == Ends::Crlf);
            changes.list.push(Change { path: below(&folder, &name), state, fresh, committed: old });
        }
    }
    changes
}
