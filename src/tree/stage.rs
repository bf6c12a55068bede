//! Temporary files that wait for their names.

use super::folder::Folder;
use super::inventory;
use super::plan::{FolderPlan, Plan};
use super::step::step;
use super::write::{Done, Run, Trouble};
use super::{below, changes::State};
use crate::source::RelPath;
use rayon::prelude::*;
use std::io;

/// How many names are tried for a temporary file; each may be another process's.
const MOST_TRIES: usize = 1000;

/// Temporary files beside what they will replace.
pub(super) struct Stage<'r> {
    run: &'r Run<'r>,
    /// In the order of their paths.
    folders: Vec<Filled>,
}

/// The temporary files of one folder.
struct Filled {
    folder: RelPath,
    files: Vec<Staged>,
    /// At most one.
    inventory: Vec<Staged>,
    /// Folders that were made for them, those above first.
    made: Vec<RelPath>,
}

struct Staged {
    temporary: String,
    name: String,
}

impl<'r> Stage<'r> {
    pub(super) fn new(run: &'r Run<'r>) -> Self {
        Self { run, folders: Vec::new() }
    }

    /// Writes everything that will change into temporary files.
    pub(super) fn fill(&mut self, plan: &Plan) -> Result<(), Trouble> {
        let filled: Vec<_> =
            plan.folders.par_iter().map(|folder| self.fill_folder(folder)).collect();
        let (folders, results): (Vec<_>, Vec<_>) = filled.into_iter().unzip();
        self.folders = folders;
        results.into_iter().collect()
    }

    /// What was written before any trouble is there to be removed.
    fn fill_folder(&self, plan: &FolderPlan) -> (Filled, Result<(), Trouble>) {
        let folder = plan.folder.clone();
        let (files, inventory, made) = (Vec::new(), Vec::new(), Vec::new());
        let mut filled = Filled { folder, files, inventory, made };
        let result = self.write_folder(plan, &mut filled);
        (filled, result)
    }

    fn write_folder(&self, plan: &FolderPlan, filled: &mut Filled) -> Result<(), Trouble> {
        let files: Vec<_> = plan.entries.iter().filter(|entry| self.run.writes(entry)).collect();
        let inventory = match &plan.inventory.fresh {
            Some(text) if plan.inventory.state != State::Equal => Some(text),
            _ => None,
        };
        if files.is_empty() && inventory.is_none() {
            return Ok(());
        }
        let disk = self.run.root.make(&plan.folder, &mut filled.made);
        let disk = disk.map_err(|blocked| self.run.blocked(&blocked))?;
        let mut numbers = 1..=MOST_TRIES + files.len();
        let mut stage = |name: &str, text: &str, mode| {
            self.stage(&disk, (name, text, mode), &mut numbers)
                .map_err(|error| self.run.trouble(&below(&plan.folder, name), "written", &error))
        };
        for entry in files {
            self.run.go_on()?;
            let text = entry.fresh.as_deref().expect("only wanted files are written");
            filled.files.push(stage(&entry.name, text, entry.mode)?);
        }
        if let Some(text) = inventory {
            filled.inventory.push(stage(inventory::FILE, text, plan.inventory.mode)?);
        }
        Ok(())
    }

    /// Writes one temporary file, under the next of the numbers that is free.
    fn stage(
        &self,
        disk: &Folder,
        (name, text, mode): (&str, &str, Option<u32>),
        numbers: &mut impl Iterator<Item = usize>,
    ) -> io::Result<Staged> {
        step();
        for number in numbers {
            let temporary = format!(".jibe-{:x}-{number:x}.tmp", self.run.process);
            match disk.create(&temporary, text.as_bytes(), mode.map(|mode| mode & 0o777)) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                other => return other.map(|()| Staged { temporary, name: name.to_owned() }),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Gives every file its name, in the order of their paths; the inventories come last.
    pub(super) fn rename(&self, done: &mut Done) -> Result<(), Trouble> {
        for Filled { folder, files, .. } in &self.folders {
            self.rename_in(folder, files, done)?;
        }
        for Filled { folder, inventory, .. } in &self.folders {
            self.rename_in(folder, inventory, done)?;
        }
        Ok(())
    }

    fn rename_in(
        &self,
        folder: &RelPath,
        files: &[Staged],
        done: &mut Done,
    ) -> Result<(), Trouble> {
        let Some(first) = files.first() else { return Ok(()) };
        let trouble = |file: &Staged, error: io::Error| {
            self.run.trouble(&below(folder, &file.name), "written", &error)
        };
        let disk = self.run.open(folder)?;
        let disk = disk.ok_or_else(|| trouble(first, io::ErrorKind::NotFound.into()))?;
        for file in files {
            step();
            disk.rename(&file.temporary, &file.name).map_err(|error| trouble(file, error))?;
            done.written += 1;
        }
        Ok(())
    }

    /// Removes the temporary files; those that have their name are not there any more. The run has
    /// an error to tell already.
    pub(super) fn discard(&self) {
        for Filled { folder, files, inventory, .. } in &self.folders {
            if let Ok(Some(disk)) = self.run.root.open(folder) {
                files.iter().chain(inventory).for_each(|file| drop(disk.remove(&file.temporary)));
            }
        }
    }

    /// Leaves the disk as it was before the run.
    pub(super) fn undo(&self) {
        self.discard();
        let mut made: Vec<_> = self.folders.iter().flat_map(|filled| &filled.made).collect();
        made.sort();
        for folder in made.into_iter().rev() {
            if let Ok(Some(disk)) = self.run.root.open(&folder.parent()) {
                disk.remove_folder(folder.file_name());
            }
        }
    }
}
