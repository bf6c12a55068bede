//! A tree becomes a folder on disk: all of it or nothing.
//!
//! `plan  --stage-->  temporary files  --sync, rename-->  files  -->  inventories  --delete-->  done`
//!
//! Until the first rename nothing that anybody reads has changed, and every error ends with the
//! temporary files removed. From then on the journal in the lock file knows what is on its way.

use super::changes::{State, report};
use super::folder::{self, Blocked, Folder};
use super::inventory::{self, Inventory};
use super::lock::{self, Holds, Lock};
use super::options::{Edited, Foreign, Kept, Note, Prune, Reason, Summary, WriteOptions};
use super::plan::{Ends, Entry, FolderPlan, Plan, journal_lines, plan};
use super::seal::Seal;
use super::stage::Stage;
use super::step::step;
use super::{Tree, below, guard, trouble};
use crate::diag::{Code, Diagnostic, Failure, Reported, Sink};
use crate::source::RelPath;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

impl Tree {
    /// Makes the output folder `root` hold this tree.
    ///
    /// Writes nothing if anything is in the way. Files whose bytes are right are not touched. Of the
    /// others each is replaced whole; what else lies in the folders stays.
    ///
    /// # Errors
    /// When the folder is none that jibe writes into, another run is writing, a file is in the way, an
    /// inventory is damaged, or the operating system refuses.
    pub fn write(&self, root: &Path, options: &WriteOptions) -> Result<Summary, Failure> {
        self.write_unless(&AtomicBool::new(false), root, options)
    }

    /// The same, but given up as soon as `stopped` becomes true, by a signal perhaps: then the folder is
    /// as it was before. Once the first file has changed the run goes on to its end, which is near.
    ///
    /// # Errors
    /// As [`Tree::write`]; also when it was stopped.
    pub fn write_unless(
        &self,
        stopped: &AtomicBool,
        root: &Path,
        options: &WriteOptions,
    ) -> Result<Summary, Failure> {
        self.write_sealed(stopped, root, options).map(|(summary, _)| summary)
    }

    /// The same, with a seal on what the folder holds then; none if it holds more of these targets' folders than
    /// the tree.
    ///
    /// # Errors
    /// As [`Tree::write_unless`].
    pub fn write_sealed(
        &self,
        stopped: &AtomicBool,
        root: &Path,
        options: &WriteOptions,
    ) -> Result<(Summary, Option<Seal>), Failure> {
        let mut sink = Sink::new(&self.sources);
        let written = write(self, root, (options, stopped), &mut sink);
        sink.finish()?;
        Ok(written.expect("an error was reported"))
    }
}

fn write(
    tree: &Tree,
    path: &Path,
    (options, stopped): (&WriteOptions, &AtomicBool),
    sink: &mut Sink,
) -> Result<Sealed, Reported> {
    let trouble = |error| trouble::io(path, &RelPath::root(), "opened", &error);
    guard::refuse(path, "opened", sink)?;
    let root = folder::make_root(path).and_then(|()| Folder::root(path));
    let root = root.map_err(|error| sink.error(trouble(error)))?;
    let lock = Lock::take(&root, options.patience, stopped);
    let lock = lock.map_err(|refused| sink.error(trouble::refused(path, &refused)))?;
    let process = std::process::id();
    Run { tree, path, root, options, stopped, process }.locked(lock, sink)
}

pub(super) struct Run<'a> {
    tree: &'a Tree,
    path: &'a Path,
    pub(super) root: Folder,
    options: &'a WriteOptions,
    stopped: &'a AtomicBool,
    /// The number of the process, which tells its temporary files from those of others.
    pub(super) process: u32,
}

/// What a run did, and a seal on what is there now.
type Sealed = (Summary, Option<Seal>);

/// Something the operating system refused, and where.
pub(super) type Trouble = Box<Diagnostic>;

/// How many files, inventories included, a run has changed so far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) written: usize,
    pub(super) deleted: usize,
}

impl Done {
    /// The trouble of a run that stopped on its way: it says what is done already.
    pub(super) fn unfinished(self, trouble: Trouble) -> Trouble {
        if self == Self::default() {
            return trouble;
        }
        let files = |count: usize| match count {
            1 => "1 file".to_owned(),
            many => format!("{many} files"),
        };
        let message = format!(
            "{}; before that {} were written and {} deleted",
            trouble.message,
            files(self.written),
            files(self.deleted)
        );
        let hint = "each of them is whole; the next run finishes what this one began";
        Box::new(Diagnostic { code: Code::TreeUnfinished, message, ..*trouble }.hint(hint))
    }
}

impl Run<'_> {
    /// Fails if somebody wants the run to end.
    pub(super) fn go_on(&self) -> Result<(), Trouble> {
        match self.stopped.load(Ordering::Relaxed) {
            true => Err(Box::new(trouble::stopped(self.path))),
            false => Ok(()),
        }
    }

    fn locked(&self, lock: Lock, sink: &mut Sink) -> Result<Sealed, Reported> {
        let planned = plan(self.tree, Some(&self.root), self.options, &lock.journal);
        let plan = match planned {
            Ok(plan) => plan,
            Err(failed) => {
                let reported = report(self.path, &failed, sink);
                lock.give_up(&self.root);
                return Err(reported);
            }
        };
        if let Err(reported) = self.refuse(&plan, sink) {
            lock.give_up(&self.root);
            return Err(reported);
        }
        let summary = self.carry_out(&plan, lock).map_err(|trouble| sink.error(*trouble))?;
        Ok((summary, Seal::of(&plan)))
    }

    /// Reports every file that the run must not replace.
    fn refuse(&self, plan: &Plan, sink: &mut Sink) -> Result<(), Reported> {
        let mut reported = Ok(());
        for FolderPlan { folder, entries, .. } in &plan.folders {
            let wanted = entries.iter().filter(|entry| entry.fresh.is_some());
            for entry in wanted {
                let path = below(folder, &entry.name);
                if let Some(finding) = self.refusal(&path, entry.state) {
                    let finding = match entry.place {
                        Some(place) => finding.at(place, "makes the file"),
                        None => finding,
                    };
                    reported = Err(sink.error(finding));
                }
            }
        }
        reported
    }

    fn refusal(&self, path: &RelPath, state: State) -> Option<Diagnostic> {
        let shown = trouble::shown(self.path, path);
        match state {
            State::InTheWay(kind) => Some(trouble::in_the_way(self.path, path, kind, "a manifest")),
            State::Foreign if self.options.foreign == Foreign::Refuse => {
                let message = format!("`{shown}` is in the way: jibe did not write it");
                Some(Diagnostic::error(Code::TreeForeign, message).hint(
                    "move it away, or run with `--adopt` to replace it and own it from then on",
                ))
            }
            State::Edited if self.options.edited == Edited::Keep => {
                let message = format!("`{shown}` was changed by hand since jibe wrote it");
                Some(Diagnostic::error(Code::TreeEdited, message).hint(
                    "take the change over into values or templates, then run with `--force` to replace the file",
                ))
            }
            _ => None,
        }
    }

    fn carry_out(&self, plan: &Plan, mut lock: Lock) -> Result<Summary, Trouble> {
        let busy = is_busy(plan, self);
        let mut stage = Stage::new(self);
        let staged = self
            .probe(plan)
            .and_then(|()| self.journal(plan, &mut lock))
            .and_then(|()| stage.fill(plan))
            .and_then(|()| self.sync(busy))
            .and_then(|()| self.go_on());
        if let Err(trouble) = staged {
            stage.undo();
            lock.give_up(&self.root);
            return Err(trouble);
        }
        let mut done = Done::default();
        match stage.rename(&mut done) {
            Err(trouble) if done == Done::default() => {
                stage.undo();
                lock.give_up(&self.root);
                return Err(trouble);
            }
            Err(trouble) => {
                // What was renamed is whole, and the journal knows it; the next run goes on from there.
                stage.discard();
                return Err(done.unfinished(trouble));
            }
            Ok(()) => {}
        }
        let summary = self.summary(plan, &lock);
        let tidied = self
            .delete(plan, &mut done)
            .and_then(|()| self.clean(plan, &lock))
            .and_then(|()| self.sync(busy))
            .and_then(|()| self.finish(lock));
        tidied.map(|()| summary).map_err(|trouble| done.unfinished(trouble))
    }

    /// Asks, before anything changes, whether everything that is to be replaced or deleted may be.
    fn probe(&self, plan: &Plan) -> Result<(), Trouble> {
        for FolderPlan { folder, entries, inventory, leftovers } in &plan.folders {
            let entries = entries.iter().filter(|entry| self.writes(entry) || self.deletes(entry));
            let inventory = (inventory.state != State::Equal).then_some(inventory::FILE);
            let mut names = entries
                .map(|entry| entry.name.as_str())
                .chain(leftovers.iter().map(String::as_str))
                .chain(inventory)
                .peekable();
            if names.peek().is_none() {
                continue;
            }
            let Some(disk) = self.open(folder)? else { continue };
            disk.may_change(names).map_err(|error| self.trouble(folder, "changed", &error))?;
        }
        Ok(())
    }

    /// Makes what was written so far survive a power cut.
    fn sync(&self, busy: Busy) -> Result<(), Trouble> {
        step();
        match busy {
            Busy::Yes => {
                self.root.sync().map_err(|error| self.trouble(&RelPath::root(), "synced", &error))
            }
            Busy::No => Ok(()),
        }
    }

    fn journal(&self, plan: &Plan, lock: &mut Lock) -> Result<(), Trouble> {
        let lines = journal_lines(plan, |entry| self.writes(entry) || self.deletes(entry));
        let path = below(&RelPath::root(), lock::FILE);
        lock.note(&lines).map_err(|error| self.trouble(&path, "written", &error))
    }

    /// Removes the lock file, unless a killed run had begun something for other targets.
    fn finish(&self, lock: Lock) -> Result<(), Trouble> {
        let decided = |owner: &Arc<str>| self.tree.decides(owner, self.options.scope);
        if !lock.journal.values().flat_map(Inventory::owners).all(decided) {
            return Ok(());
        }
        step();
        lock.release(&self.root).map_err(|error| self.trouble(&RelPath::root(), "unlocked", &error))
    }

    pub(super) fn writes(&self, entry: &Entry) -> bool {
        let wanted = entry.fresh.is_some();
        wanted
            && match entry.state {
                State::Missing | State::Changed | State::Edited | State::Foreign => true,
                State::Equal | State::Stale | State::InTheWay(_) => false,
            }
    }

    fn deletes(&self, entry: &Entry) -> bool {
        let may = match entry.state {
            State::Stale => true,
            State::Edited => self.options.edited == Edited::Overwrite,
            _ => false,
        };
        may && entry.fresh.is_none() && self.options.prune == Prune::Stale
    }

    fn delete(&self, plan: &Plan, done: &mut Done) -> Result<(), Trouble> {
        for folder in &plan.folders {
            let gone: Vec<_> = folder.entries.iter().filter(|entry| self.deletes(entry)).collect();
            let no_inventory = folder.inventory.state == State::Stale;
            if gone.is_empty() && !no_inventory {
                continue;
            }
            let Some(disk) = self.open(&folder.folder)? else { continue };
            let names = gone.iter().map(|entry| entry.name.as_str());
            for name in names.chain(no_inventory.then_some(inventory::FILE)) {
                step();
                disk.remove(name).map_err(|error| {
                    self.trouble(&below(&folder.folder, name), "deleted", &error)
                })?;
                done.deleted += 1;
            }
            self.remove_empty(&folder.folder)?;
        }
        Ok(())
    }

    /// Removes what killed runs left: temporary files, and folders that were made for them. Without a
    /// lock they may be another run's.
    fn clean(&self, plan: &Plan, lock: &Lock) -> Result<(), Trouble> {
        if lock.holds == Holds::Unlocked {
            return Ok(());
        }
        let begun = |plan: &&FolderPlan| {
            !plan.leftovers.is_empty() || lock.journal.contains_key(&plan.folder)
        };
        for FolderPlan { folder, leftovers, inventory, .. } in plan.folders.iter().filter(begun) {
            let Some(disk) = self.open(folder)? else { continue };
            for name in leftovers {
                disk.remove(name)
                    .map_err(|error| self.trouble(&below(folder, name), "deleted", &error))?;
            }
            if inventory.fresh.is_none() {
                self.remove_empty(folder)?;
            }
        }
        Ok(())
    }

    /// Removes a folder and those above it, as far as they are empty.
    fn remove_empty(&self, folder: &RelPath) -> Result<(), Trouble> {
        let mut folder = folder.clone();
        while !folder.is_root() {
            let parent = folder.parent();
            let removed =
                self.open(&parent)?.is_some_and(|disk| disk.remove_folder(folder.file_name()));
            if !removed {
                break;
            }
            folder = parent;
        }
        Ok(())
    }

    pub(super) fn open(&self, folder: &RelPath) -> Result<Option<Folder>, Trouble> {
        self.root.open(folder).map_err(|blocked| self.blocked(&blocked))
    }

    pub(super) fn blocked(&self, blocked: &Blocked) -> Trouble {
        Box::new(trouble::blocked(self.path, blocked))
    }

    pub(super) fn trouble(&self, path: &RelPath, doing: &str, error: &io::Error) -> Trouble {
        Box::new(trouble::io(self.path, path, doing, error))
    }

    fn summary(&self, plan: &Plan, lock: &Lock) -> Summary {
        let mut summary = Summary::default();
        let mut crlf = 0;
        for FolderPlan { folder, entries, .. } in &plan.folders {
            for entry in entries {
                crlf += usize::from(entry.ends == Ends::Crlf);
                self.count(entry, below(folder, &entry.name), &mut summary);
            }
        }
        let leftovers = plan.folders.iter().any(|folder| !folder.leftovers.is_empty());
        let recovered = leftovers || !lock.journal.is_empty();
        let no_lock = (lock.holds == Holds::Unlocked).then_some(Note::NoLock);
        let elsewhere = plan.elsewhere.iter().cloned().map(Note::Elsewhere);
        summary.notes.extend(no_lock);
        summary.notes.extend(recovered.then_some(Note::Recovered));
        summary.notes.extend((crlf > 0).then_some(Note::Crlf(crlf)));
        summary.notes.extend(elsewhere);
        let inventories = plan.folders.iter().filter(|folder| folder.mends_its_inventory()).count();
        let told = inventories > 0 && !recovered;
        summary.notes.extend(told.then_some(Note::Inventories(inventories)));
        summary
    }

    fn count(&self, entry: &Entry, path: RelPath, summary: &mut Summary) {
        let wanted = entry.fresh.is_some();
        let reason = match entry.state {
            State::Equal => return summary.unchanged += 1,
            State::Missing => return summary.added.push(path),
            _ if wanted => return summary.changed.push(path),
            _ if self.deletes(entry) => return summary.deleted.push(path),
            State::Changed | State::Foreign => Reason::Foreign,
            State::Stale => Reason::PruneOff,
            State::Edited => Reason::Edited,
            State::InTheWay(kind) => Reason::NoFile(kind),
        };
        summary.kept.push(Kept { path, reason });
    }
}

/// Whether a run changes anything on disk.
#[derive(Clone, Copy)]
enum Busy {
    Yes,
    No,
}

fn is_busy(plan: &Plan, run: &Run<'_>) -> Busy {
    let busy = plan.folders.iter().any(|folder| {
        folder.inventory.state != State::Equal
            || folder.entries.iter().any(|entry| run.writes(entry) || run.deletes(entry))
    });
    if busy { Busy::Yes } else { Busy::No }
}
