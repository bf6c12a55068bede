//! What a run would do, found out without doing any of it.

use super::changes::State;
use super::folder::{Blocked, Folder, Found, FoundKind, Look, Why};
use super::hash::Hash;
use super::inventory::{self, Corrupt, Inventory, Owned, is_conflicted};
use super::lock::{self, Journal};
use super::options::{Edited, Prune, Scope, WriteOptions};
use super::{File, Tree, below};
use crate::source::{Place, RelPath};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How deep below the output folder inventories are looked for at least: as deep as they lie unless
/// `output.path` says otherwise.
const USUAL_DEPTH: usize = 3;

/// Every folder that the run looks at, in order.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) folders: Vec<FolderPlan>,
    /// Folders with an inventory that says it is another folder's.
    pub(super) elsewhere: Vec<RelPath>,
}

#[derive(Debug)]
pub(super) struct FolderPlan {
    pub(super) folder: RelPath,
    /// Sorted by name.
    pub(super) entries: Vec<Entry>,
    pub(super) inventory: InventoryPlan,
    /// Temporary files of a run that was killed.
    pub(super) leftovers: Vec<String>,
}

/// One file, wanted or found.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) state: State,
    pub(super) fresh: Option<Arc<str>>,
    /// The template line that made it, if it is wanted.
    pub(super) place: Option<Place>,
    /// Its bytes on disk, if they differ from what is wanted.
    pub(super) old: Option<Vec<u8>>,
    pub(super) mode: Option<u32>,
    pub(super) owned: Owned,
    /// Whether it is equal but for CRLF line ends.
    pub(super) ends: Ends,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    AsWritten,
    Crlf,
}

#[derive(Debug)]
pub(super) struct InventoryPlan {
    /// The text it is to have; none if it is to be absent.
    pub(super) fresh: Option<String>,
    /// How many files that text names.
    pub(super) files: usize,
    pub(super) old: Option<Vec<u8>>,
    pub(super) state: State,
    pub(super) mode: Option<u32>,
}

/// Why there is no plan.
#[derive(Debug)]
pub(super) enum Failed {
    Blocked(Blocked),
    Corrupt(RelPath, Corrupt),
    InTheWay(RelPath, &'static str),
}

impl From<Blocked> for Failed {
    fn from(blocked: Blocked) -> Self {
        Self::Blocked(blocked)
    }
}

/// Compares a tree with the folder `root`; none stands for one that is not there.
pub(super) fn plan(
    tree: &Tree,
    root: Option<&Folder>,
    options: &WriteOptions,
    journal: &Journal,
) -> Result<Plan, Vec<Failed>> {
    let mut folders: BTreeSet<RelPath> = tree.folders.keys().cloned().collect();
    let mut elsewhere = Vec::new();
    if let (Scope::All, Some(root)) = (options.scope, root) {
        let found = Inventories::besides(&folders, root).map_err(|failed| vec![failed])?;
        folders.extend(found.ours);
        elsewhere = found.others;
        elsewhere.sort();
        folders.extend(journal.keys().cloned());
    }
    let folders: Vec<RelPath> = folders.into_iter().collect();
    let view = View { tree, root, options, journal };
    let planned: Vec<_> = folders.par_iter().map(|folder| view.folder(folder)).collect();
    let (mut folders, mut failed) = (Vec::new(), Vec::new());
    for plan in planned {
        match plan {
            Ok(plan) => folders.push(plan),
            Err(why) => failed.push(why),
        }
    }
    if failed.is_empty() { Ok(Plan { folders, elsewhere }) } else { Err(failed) }
}

/// Folders with an inventory, besides those that are known.
#[derive(Default)]
pub(super) struct Inventories {
    /// The inventory says that it is this folder's, below this output folder.
    ours: Vec<RelPath>,
    /// It says another folder, or nothing that can be read.
    others: Vec<RelPath>,
}

impl Inventories {
    /// Looks for inventories in an output folder, besides those of `known` folders.
    pub(super) fn besides(known: &BTreeSet<RelPath>, root: &Folder) -> Result<Self, Failed> {
        let deepest = known.iter().map(|folder| folder.parts().count()).max();
        let levels = deepest.unwrap_or_default().max(USUAL_DEPTH);
        Self::below(root, &RelPath::root(), levels, known)
    }

    pub(super) fn are_none(&self) -> bool {
        self.ours.is_empty() && self.others.is_empty()
    }

    /// Looks for inventories in a folder and so many levels of folders below it.
    fn below(
        folder: &Folder,
        path: &RelPath,
        levels: usize,
        known: &BTreeSet<RelPath>,
    ) -> Result<Self, Failed> {
        let mut all = Self::default();
        let mut children = Vec::new();
        for Found { name, kind } in folder.names().map_err(|error| io(path, error))? {
            if name == inventory::FILE && !known.contains(path) {
                let look = folder.look(&name).map_err(|error| io(path, error))?;
                let list = if is_of(&look, path) { &mut all.ours } else { &mut all.others };
                list.push(path.clone());
            } else if kind == FoundKind::Folder && levels > 0 && !name.starts_with('.') {
                // A name that is no path part is none of jibe's. At the last level only inventories
                // that nobody knows are looked for.
                let is_of_interest = |path: &RelPath| levels > 1 || !known.contains(path);
                let path = path.join(&name).ok().filter(is_of_interest);
                children.extend(path.map(|path| (name, path)));
            }
        }
        let below = |(name, path): &(String, RelPath)| match folder.child(name) {
            Ok(Some(child)) => Self::below(&child, path, levels - 1, known),
            Ok(None) => Ok(Self::default()),
            Err(why) => Err(Blocked { path: path.clone(), why }.into()),
        };
        let found: Vec<_> = children.par_iter().map(below).collect();
        for found in found {
            let Self { ours, others } = found?;
            all.ours.extend(ours);
            all.others.extend(others);
        }
        Ok(all)
    }
}

/// Whether an inventory was written for this folder. Another workspace's output folder may lie below
/// this one; its inventories know themselves by shorter paths.
fn is_of(look: &Look, path: &RelPath) -> bool {
    let Look::File(bytes, _) = look else { return false };
    Inventory::parse(bytes).is_ok_and(|inventory| inventory.folders.contains(path))
}

fn io(path: &RelPath, error: std::io::Error) -> Failed {
    Failed::Blocked(Blocked { path: path.clone(), why: Why::Io(error) })
}

struct View<'a> {
    tree: &'a Tree,
    root: Option<&'a Folder>,
    options: &'a WriteOptions,
    journal: &'a Journal,
}

/// A folder as it is.
struct Disk<'a> {
    path: &'a RelPath,
    folder: Option<Folder>,
    /// Sorted by name.
    listed: Vec<Found>,
}

impl Disk<'_> {
    fn look(&self, name: &str) -> Result<Look, Failed> {
        match &self.folder {
            Some(folder) if self.found(name).is_some() => {
                folder.look(name).map_err(|error| io(&below(self.path, name), error))
            }
            _ => Ok(Look::Missing),
        }
    }

    /// Whether a regular file has just these bytes; if not, it has to be looked at.
    fn holds(&self, name: &str, bytes: &[u8]) -> bool {
        let is_file = self.found(name).is_some_and(|found| found.kind == FoundKind::File);
        is_file && self.folder.as_ref().is_some_and(|folder| folder.holds(name, bytes))
    }

    fn found(&self, name: &str) -> Option<&Found> {
        let at = self.listed.binary_search_by(|found| found.name.as_str().cmp(name));
        at.ok().and_then(|at| self.listed.get(at))
    }
}

impl View<'_> {
    fn folder(&self, path: &RelPath) -> Result<FolderPlan, Failed> {
        let folder = self.root.map(|root| root.open(path)).transpose()?.flatten();
        let listed = folder.as_ref().map_or(Ok(Vec::new()), Folder::names);
        let listed = listed.map_err(|error| io(path, error))?;
        let disk = Disk { path, folder, listed };
        let (committed, look) = committed(&disk)?;
        let mut known = committed;
        if let Some(journal) = self.journal.get(path) {
            known.extend(journal, |owner| self.decides(owner));
        }

        let (mut entries, mut remembered) = (Vec::new(), Inventory::default());
        self.wanted(&disk, &known, &mut entries, &mut remembered)?;
        self.gone(&disk, &known, &mut entries, &mut remembered)?;
        let leftovers = self.others(&disk, &known, &mut entries);
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(FolderPlan {
            folder: path.clone(),
            entries,
            inventory: InventoryPlan::new(look, (remembered.text(path), remembered.files.len())),
            leftovers,
        })
    }

    /// The files of the tree.
    fn wanted(
        &self,
        disk: &Disk<'_>,
        known: &Inventory,
        entries: &mut Vec<Entry>,
        remembered: &mut Inventory,
    ) -> Result<(), Failed> {
        for (name, file) in self.files(disk.path) {
            let owned = known.files.get(name);
            let entry = Entry::wanted(name, file, owned);
            entries.push(match disk.holds(name, file.text.as_bytes()) {
                true => Entry { state: State::Equal, ..entry },
                false => entry.compared(file, disk.look(name)?, owned),
            });
            let others = owned.into_iter().flat_map(|owned| &owned.owners);
            let others = others.filter(|owner| !self.decides(owner));
            let hash = Hash::of(file.text.as_bytes());
            file.owners.iter().chain(others).for_each(|owner| remembered.add(name, hash, owner));
        }
        Ok(())
    }

    /// The files that an inventory owns and that the tree does not hold.
    fn gone(
        &self,
        disk: &Disk<'_>,
        known: &Inventory,
        entries: &mut Vec<Entry>,
        remembered: &mut Inventory,
    ) -> Result<(), Failed> {
        let wanted = self.tree.folders.get(disk.path);
        let is_wanted = |name: &String| wanted.is_some_and(|files| files.contains_key(name));
        for (name, owned) in known.files.iter().filter(|(name, _)| !is_wanted(name)) {
            let mut rest = owned.clone();
            rest.owners.retain(|owner| !self.decides(owner));
            if !rest.owners.is_empty() {
                remembered.files.insert(name.clone(), rest);
                continue;
            }
            let Some(entry) = gone(name, disk.look(name)?, owned) else { continue };
            if self.keeps(entry.state) {
                remembered.files.insert(name.clone(), owned.clone());
            }
            entries.push(entry);
        }
        Ok(())
    }

    /// The files that are not jibe's; returns the temporary ones that are.
    fn others(&self, disk: &Disk<'_>, known: &Inventory, entries: &mut Vec<Entry>) -> Vec<String> {
        let wanted = self.tree.folders.get(disk.path);
        let is_known = |name: &str| {
            known.files.contains_key(name) || wanted.is_some_and(|files| files.contains_key(name))
        };
        let is_file = |found: &&Found| found.kind != FoundKind::Folder;
        let files = disk.listed.iter().filter(is_file).map(|found| &found.name);
        let mut leftovers = Vec::new();
        for name in files.filter(|name| !is_known(name)) {
            if is_temporary(name) {
                leftovers.push(name.clone());
            } else if name != inventory::FILE && name != lock::FILE {
                entries.push(Entry::new(name, State::Foreign));
            }
        }
        leftovers
    }

    fn files(&self, path: &RelPath) -> impl Iterator<Item = (&String, &File)> {
        self.tree.folders.get(path).into_iter().flatten()
    }

    fn decides(&self, owner: &str) -> bool {
        self.tree.decides(owner, self.options.scope)
    }

    /// Whether a file that the tree does not hold stays, and stays known.
    fn keeps(&self, state: State) -> bool {
        match state {
            State::Stale => self.options.prune == Prune::Off,
            State::Edited => {
                self.options.prune == Prune::Off || self.options.edited == Edited::Keep
            }
            _ => true,
        }
    }
}

impl Entry {
    fn new(name: &str, state: State) -> Self {
        let (fresh, place, old, mode) = (None, None, None, None);
        let (owned, ends) = (Owned::default(), Ends::AsWritten);
        Self { name: name.to_owned(), state, fresh, place, old, mode, owned, ends }
    }

    /// A file of the tree, as if it were missing.
    fn wanted(name: &str, file: &File, owned: Option<&Owned>) -> Self {
        let mut entry = Self::new(name, State::Missing);
        entry.fresh = Some(Arc::clone(&file.text));
        entry.place = Some(file.place);
        entry.owned = owned.cloned().unwrap_or_default();
        entry.owned.owners.extend(file.owners.iter().cloned());
        entry
    }

    /// The same, compared with what is on disk.
    fn compared(self, file: &File, look: Look, owned: Option<&Owned>) -> Self {
        let not_ours = if owned.is_some() { State::Edited } else { State::Foreign };
        match look {
            Look::Missing => self,
            Look::Other(kind) => Self { state: State::InTheWay(kind), ..self },
            Look::Huge => Self { state: not_ours, ..self },
            Look::File(bytes, _) if bytes == file.text.as_bytes() => {
                Self { state: State::Equal, ..self }
            }
            Look::File(bytes, _) if *without_crlf(&bytes) == *file.text.as_bytes() => {
                Self { state: State::Equal, ends: Ends::Crlf, ..self }
            }
            Look::File(bytes, mode) => {
                let ours = owned.is_some_and(|owned| wrote(owned, &bytes) || is_conflicted(&bytes));
                let state = if ours { State::Changed } else { not_ours };
                Self { state, old: Some(bytes), mode: Some(mode), ..self }
            }
        }
    }
}

impl FolderPlan {
    /// Whether its files are right but not what its inventory says of them.
    pub(super) fn mends_its_inventory(&self) -> bool {
        self.inventory.fresh.is_some()
            && self.inventory.state != State::Equal
            && self.entries.iter().all(|entry| entry.state == State::Equal)
    }
}

impl InventoryPlan {
    fn new(look: Option<Bytes>, (fresh, files): (Option<String>, usize)) -> Self {
        let (old, mode) = look.unzip();
        let state = match (&old, &fresh) {
            (None, None) => State::Equal,
            (None, Some(_)) => State::Missing,
            (Some(_), None) => State::Stale,
            (Some(old), Some(fresh)) if *without_crlf(old) == *fresh.as_bytes() => State::Equal,
            (Some(_), Some(_)) => State::Changed,
        };
        Self { fresh, files, old, state, mode }
    }
}

/// What a file holds, and its permission bits.
type Bytes = (Vec<u8>, u32);

/// The inventory of a folder, and its bytes and mode if it is there.
fn committed(disk: &Disk<'_>) -> Result<(Inventory, Option<Bytes>), Failed> {
    let path = below(disk.path, inventory::FILE);
    match disk.look(inventory::FILE)? {
        Look::Missing => Ok((Inventory::default(), None)),
        Look::File(bytes, mode) => match Inventory::parse(&bytes) {
            Ok(known) => Ok((known, Some((bytes, mode)))),
            Err(corrupt) => Err(Failed::Corrupt(path, corrupt)),
        },
        Look::Huge => Err(Failed::Corrupt(path, Corrupt::Line(1))),
        Look::Other(kind) => Err(Failed::InTheWay(path, kind)),
    }
}

fn gone(name: &str, look: Look, owned: &Owned) -> Option<Entry> {
    let (state, old) = match look {
        Look::Missing => return None,
        Look::File(bytes, _) if wrote(owned, &bytes) => (State::Stale, Some(bytes)),
        Look::File(bytes, _) => (State::Edited, Some(bytes)),
        Look::Huge => (State::Edited, None),
        Look::Other(kind) => (State::InTheWay(kind), None),
    };
    Some(Entry { old, owned: owned.clone(), ..Entry::new(name, state) })
}

/// Whether jibe wrote these bytes; a checkout may have changed the line ends.
fn wrote(owned: &Owned, bytes: &[u8]) -> bool {
    owned.hashes.contains(&Hash::of(bytes))
        || owned.hashes.contains(&Hash::of(&without_crlf(bytes)))
}

/// The bytes with LF for every CRLF.
fn without_crlf(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let mut kept = Vec::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            kept.push(*byte);
        }
    }
    Cow::Owned(kept)
}

/// `.jibe-<process>-<number>.tmp`, numbers in hexadecimal digits.
pub(super) fn is_temporary(name: &str) -> bool {
    let numbers = name.strip_prefix(".jibe-").and_then(|name| name.strip_suffix(".tmp"));
    let hex = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
    numbers.and_then(|n| n.split_once('-')).is_some_and(|(a, b)| hex(a) && hex(b))
}

/// The lines that a journal takes for what a plan will change.
pub(super) fn journal_lines(plan: &Plan, touched: impl Fn(&Entry) -> bool) -> String {
    let mut lines = String::new();
    for FolderPlan { folder, entries, .. } in &plan.folders {
        let mut pending: BTreeMap<&str, Owned> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| touched(entry)) {
            let mut owned = entry.owned.clone();
            owned.hashes.extend(entry.fresh.iter().map(|text| Hash::of(text.as_bytes())));
            pending.insert(&entry.name, owned);
        }
        for (name, owned) in pending {
            inventory::write_lines(&mut lines, below(folder, name).as_str(), &owned);
        }
    }
    lines
}
