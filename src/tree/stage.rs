//! Temporary files that wait for their names.

use super::folder::Folder;
use super::inventory;
use super::plan::{FolderPlan, Plan};
use super::step::step;
use super::write::{Run, Trouble};
use super::{below, changes::State};
use crate::source::RelPath;
use std::io;

/// How many names are tried for a temporary file; each may be another process's.
const MOST_TRIES: usize = 1000;

/// Temporary files beside what they will replace.
pub(super) struct Stage<'r> {
    run: &'r Run<'r>,
    files: Vec<Staged>,
    inventories: Vec<Staged>,
    /// Folders that were made for them, those above first.
    made: Vec<RelPath>,
    count: usize,
}

struct Staged {
    folder: RelPath,
    temporary: String,
    name: String,
}

/// A folder that is written into.
struct Opened<'p> {
    path: &'p RelPath,
    disk: Folder,
}

impl<'r> Stage<'r> {
    pub(super) fn new(run: &'r Run<'r>) -> Self {
        Self { run, files: Vec::new(), inventories: Vec::new(), made: Vec::new(), count: 0 }
    }

    /// Writes everything that will change into temporary files.
    pub(super) fn fill(&mut self, plan: &Plan) -> Result<(), Trouble> {
        for folder in &plan.folders {
            self.fill_folder(folder)?;
        }
        Ok(())
    }

    fn fill_folder(&mut self, plan: &FolderPlan) -> Result<(), Trouble> {
        let files: Vec<_> = plan.entries.iter().filter(|entry| self.run.writes(entry)).collect();
        let inventory = match &plan.inventory.fresh {
            Some(text) if plan.inventory.state != State::Equal => Some(text),
            _ => None,
        };
        if files.is_empty() && inventory.is_none() {
            return Ok(());
        }
        let disk = self.run.root.make(&plan.folder, &mut self.made);
        let disk = disk.map_err(|blocked| self.run.blocked(&blocked))?;
        let opened = Opened { path: &plan.folder, disk };
        for entry in files {
            let text = entry.fresh.as_deref().expect("only wanted files are written");
            let staged = self.stage(&opened, &entry.name, text, entry.mode)?;
            self.files.push(staged);
        }
        if let Some(text) = inventory {
            let staged = self.stage(&opened, inventory::FILE, text, plan.inventory.mode)?;
            self.inventories.push(staged);
        }
        Ok(())
    }

    fn stage(
        &mut self,
        folder: &Opened<'_>,
        name: &str,
        text: &str,
        mode: Option<u32>,
    ) -> Result<Staged, Trouble> {
        step();
        let temporary = self.create(&folder.disk, text.as_bytes(), mode.map(|mode| mode & 0o777));
        let temporary = temporary
            .map_err(|error| self.run.trouble(&below(folder.path, name), "written", &error))?;
        Ok(Staged { folder: folder.path.clone(), temporary, name: name.to_owned() })
    }

    fn create(&mut self, disk: &Folder, bytes: &[u8], mode: Option<u32>) -> io::Result<String> {
        for _ in 0..MOST_TRIES {
            self.count += 1;
            let name = format!(".jibe-{:x}-{:x}.tmp", std::process::id(), self.count);
            match disk.create(&name, bytes, mode) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                other => return other.map(|()| name),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Gives every file its name, in the order of their paths; the inventories come last.
    pub(super) fn rename(&mut self) -> Result<(), Trouble> {
        let files = std::mem::take(&mut self.files).into_iter();
        let mut waiting = files.chain(std::mem::take(&mut self.inventories));
        while let Some(staged) = waiting.next() {
            step();
            if let Err(trouble) = self.rename_one(&staged) {
                self.files = std::iter::once(staged).chain(waiting).collect();
                return Err(trouble);
            }
        }
        Ok(())
    }

    fn rename_one(&self, staged: &Staged) -> Result<(), Trouble> {
        let path = below(&staged.folder, &staged.name);
        let trouble = |error: io::Error| self.run.trouble(&path, "written", &error);
        let disk = self.run.open(&staged.folder)?;
        let disk = disk.ok_or_else(|| trouble(io::ErrorKind::NotFound.into()))?;
        disk.rename(&staged.temporary, &staged.name).map_err(trouble)
    }

    /// Removes the temporary files that have no name yet. The run has an error to tell already.
    pub(super) fn discard(&self) {
        for Staged { folder, temporary, .. } in self.files.iter().chain(&self.inventories) {
            if let Ok(Some(disk)) = self.run.root.open(folder) {
                let _ = disk.remove(temporary);
            }
        }
    }

    /// Leaves the disk as it was before the run.
    pub(super) fn undo(&self) {
        self.discard();
        for folder in self.made.iter().rev() {
            if let Ok(Some(disk)) = self.run.root.open(&folder.parent()) {
                disk.remove_folder(folder.file_name());
            }
        }
    }
}
