//! What the output folder holds after a run, in so few bytes that they can be kept.
//!
//! `Plan  --of-->  Seal {folders, hash of their inventories}  --stands-->  Summary`
//!
//! The inventories have the hash of every file, so one hash of all inventories says what a whole tree is.

use super::folder::{Folder, Found, FoundKind, Look};
use super::guard;
use super::hash::Hash;
use super::inventory::{self, Inventory};
use super::lock::{self, Holds, Lock};
use super::options::{Scope, Summary};
use super::plan::{FolderPlan, Inventories, Plan};
use crate::source::RelPath;
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// The folders of a tree, those without files included, and what their inventories say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Sorted, each once.
    pub(crate) folders: Vec<RelPath>,
    pub(crate) hash: Hash,
}

impl Seal {
    /// The seal on what a plan makes; none if an inventory remembers files that are not the run's, about
    /// which it would say nothing.
    pub(super) fn of(plan: &Plan) -> Option<Self> {
        let remembers_others = |plan: &FolderPlan| {
            let wanted = plan.entries.iter().filter(|entry| entry.fresh.is_some());
            plan.inventory.files != wanted.count()
        };
        if plan.folders.iter().any(remembers_others) {
            return None;
        }
        let text =
            |plan: &FolderPlan| plan.inventory.fresh.as_ref().map(|text| Hash::of(text.as_bytes()));
        let inventories: Vec<_> = plan.folders.par_iter().map(text).collect();
        let folders: Vec<_> = plan.folders.iter().map(|plan| plan.folder.clone()).collect();
        let hash = hash(&folders, inventories.iter().map(Option::as_ref));
        Some(Self { folders, hash })
    }

    /// What a run would say that writes the same tree once more, if the output folder `root` still holds it
    /// and nothing else that would be told or changed: how many files are unchanged. None if anything at
    /// all is different or could not be looked at. Takes the lock as a run does, but waits for nobody;
    /// writes nothing else.
    #[must_use]
    pub fn stands(&self, root: &Path, scope: Scope) -> Option<Summary> {
        let Ok(None) = guard::refusal(root) else { return None };
        let root = Folder::root(root).ok()?;
        let lock = Lock::take(&root, Duration::ZERO, &AtomicBool::new(false)).ok()?;
        if !lock.journal.is_empty() || lock.holds == Holds::Unlocked {
            lock.give_up(&root);
            return None;
        }
        let unchanged = self.unchanged(&root, scope);
        lock.release(&root).ok()?;
        unchanged.map(|unchanged| Summary { unchanged, ..Summary::default() })
    }

    fn unchanged(&self, root: &Folder, scope: Scope) -> Option<usize> {
        if scope == Scope::All {
            let known = self.folders.iter().cloned().collect();
            if !Inventories::besides(&known, root).ok()?.are_none() {
                return None;
            }
        }
        let held = self.folders.par_iter().map(|folder| held(root, folder));
        let held: Vec<_> = held.collect::<Option<_>>()?;
        let is_same = hash(&self.folders, held.iter().map(|held| held.inventory.as_ref()));
        (is_same == self.hash).then(|| held.iter().map(|held| held.files).sum())
    }
}

/// One hash for the inventories of folders, in their order.
fn hash<'h>(folders: &[RelPath], inventories: impl Iterator<Item = Option<&'h Hash>>) -> Hash {
    let mut bytes = Vec::new();
    for (folder, inventory) in folders.iter().zip(inventories) {
        // No path holds a line feed, and a hash is always as long.
        bytes.extend(folder.as_str().as_bytes());
        bytes.extend(if inventory.is_some() { b"\n+" } else { b"\n-" });
        bytes.extend(inventory.into_iter().flat_map(Hash::bytes));
    }
    Hash::of(&bytes)
}

/// A folder in which every file is what its inventory says.
#[derive(Default)]
struct Held {
    files: usize,
    inventory: Option<Hash>,
}

/// What a folder holds; none if a run would find anything to tell or to change in it.
fn held(root: &Folder, path: &RelPath) -> Option<Held> {
    let Some(folder) = root.open(path).ok()? else { return Some(Held::default()) };
    let listed = folder.names().ok()?;
    let (mut known, mut inventory) = (Inventory::default(), None);
    if listed.iter().any(|found| found.name == inventory::FILE) {
        let Ok(Look::File(bytes, _)) = folder.look(inventory::FILE) else { return None };
        known = Inventory::parse(&bytes).ok()?;
        inventory = Some(Hash::of(&bytes));
    }
    let is_own = |found: &&Found| found.name == inventory::FILE || found.name == lock::FILE;
    let files = listed.iter().filter(|found| found.kind != FoundKind::Folder && !is_own(found));
    let mut count = 0;
    for Found { name, .. } in files {
        let Ok(Look::File(bytes, _)) = folder.look(name) else { return None };
        if !known.files.get(name)?.hashes.contains(&Hash::of(&bytes)) {
            return None;
        }
        count += 1;
    }
    (count == known.files.len()).then_some(Held { files: count, inventory })
}
