//! `.jibe-inventory`: what jibe wrote into one folder, and for whom.
//!
//! ```text
//! jibe inventory 1 prod/shop/web
//! deployment-web.yaml 3f0a…64 digits… prod/shop/web
//! ```
//!
//! The first line says whose inventory it is: the folder below the output folder. Then comes one line
//! for each file and target, sorted; no time, no host. Lines do not depend on each
//! other, so Git may merge two of them in any way: conflict marks are passed over, and a name with
//! several hashes was written by jibe if its bytes have any of them. The name has no ending that
//! Argo CD or Flux read.

use super::folder::{Folder, Look};
use super::hash::Hash;
use crate::source::RelPath;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

pub(super) const FILE: &str = ".jibe-inventory";
const HEAD: &str = "jibe inventory ";
const VERSION: &str = "1";
/// What Git puts into a file that it cannot merge.
const CONFLICT_MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// What is known of one file: the hashes that jibe gave it and the targets that it is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Owned {
    pub(super) hashes: BTreeSet<Hash>,
    pub(super) owners: BTreeSet<Arc<str>>,
}

/// File names and what is known of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Inventory {
    /// The folder that it says it is of, below the output folder; several after a merge.
    pub(super) folders: BTreeSet<RelPath>,
    pub(super) files: BTreeMap<String, Owned>,
}

/// For whom jibe wrote files into a folder itself, by its inventory; nobody where there is none that can be read.
#[must_use]
pub fn owners(folder: &Path) -> BTreeSet<Arc<str>> {
    let known = match Folder::root(folder).and_then(|folder| folder.look(FILE)) {
        Ok(Look::File(bytes, _)) => Inventory::parse(&bytes).unwrap_or_default(),
        _ => Inventory::default(),
    };
    known.owners().cloned().collect()
}

/// Why a text is no inventory.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Corrupt {
    /// Its first line names another version.
    Version(String),
    /// A line, counted from 1, that jibe never wrote.
    Line(usize),
}

impl Inventory {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Corrupt> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            Corrupt::Line(bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count())
        })?;
        let mut inventory = Self::default();
        let lines = text.lines().enumerate().filter(|(_, line)| !is_conflict_mark(line));
        for (at, (index, line)) in lines.enumerate() {
            match line.strip_prefix(HEAD) {
                Some(head) => inventory.take_head(head, index + 1)?,
                None if at == 0 => return Err(Corrupt::Line(index + 1)),
                None => inventory.take(line).ok_or(Corrupt::Line(index + 1))?,
            }
        }
        Ok(inventory)
    }

    fn take_head(&mut self, head: &str, line: usize) -> Result<(), Corrupt> {
        let (version, folder) = head.split_once(' ').unwrap_or((head, "."));
        if version != VERSION {
            return Err(Corrupt::Version(version.to_owned()));
        }
        self.folders.insert(RelPath::parse(folder).map_err(|_| Corrupt::Line(line))?);
        Ok(())
    }

    fn take(&mut self, line: &str) -> Option<()> {
        let (name, hash, owner) = fields(line)?;
        if !is_file_name(name) {
            return None;
        }
        self.add(name, hash, owner);
        Some(())
    }

    pub(super) fn add(&mut self, name: &str, hash: Hash, owner: &str) {
        let owned = self.files.entry(name.to_owned()).or_default();
        owned.hashes.insert(hash);
        owned.owners.insert(owner.into());
    }

    /// Takes over what another inventory of the same folder knows about some owners.
    pub(super) fn extend(&mut self, other: &Self, owners: impl Fn(&str) -> bool) {
        for (name, more) in &other.files {
            for owner in more.owners.iter().filter(|owner| owners(owner)) {
                let owned = self.files.entry(name.clone()).or_default();
                owned.hashes.extend(&more.hashes);
                owned.owners.insert(Arc::clone(owner));
            }
        }
    }

    /// Everybody who owns something.
    pub(super) fn owners(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.values().flat_map(|owned| &owned.owners)
    }

    /// The text of the file in `folder`; none if there is nothing to remember.
    pub(super) fn text(&self, folder: &RelPath) -> Option<String> {
        if self.files.is_empty() {
            return None;
        }
        let mut text = format!("{HEAD}{VERSION} {folder}\n");
        for (name, owned) in &self.files {
            write_lines(&mut text, name, owned);
        }
        Some(text)
    }
}

/// Appends a line for each hash and owner.
pub(super) fn write_lines(text: &mut String, path: &str, owned: &Owned) {
    for hash in &owned.hashes {
        for owner in &owned.owners {
            writeln!(text, "{path} {hash} {owner}").expect("a string takes everything");
        }
    }
}

/// The path, hash and owner of a line.
pub(super) fn fields(line: &str) -> Option<(&str, Hash, &str)> {
    let mut words = line.split(' ');
    let (path, hash, owner) = (words.next()?, Hash::parse(words.next()?)?, words.next()?);
    let owner_is_plain = !owner.is_empty() && owner.bytes().all(|byte| byte.is_ascii_graphic());
    (words.next().is_none() && owner_is_plain).then_some((path, hash, owner))
}

/// Whether jibe may have given a file this name: nothing that leads anywhere else.
pub(super) fn is_file_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-%:".contains(&byte);
    name.ends_with(".yaml") && !name.starts_with('.') && name.bytes().all(plain)
}

fn is_conflict_mark(line: &str) -> bool {
    CONFLICT_MARKS.iter().any(|mark| line.starts_with(mark))
}

/// Whether Git left its conflict marks in a text.
pub(super) fn is_conflicted(bytes: &[u8]) -> bool {
    let begins = |mark: &str| {
        bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(mark.as_bytes()))
    };
    begins("<<<<<<< ") && begins("=======") && begins(">>>>>>> ")
}

#[cfg(test)]
mod tests {
    use super::{Corrupt, Hash, Inventory, RelPath};

    fn hash(byte: char) -> String {
        byte.to_string().repeat(64)
    }

    fn check(lines: &[&str], expect: &Result<Inventory, Corrupt>) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        assert_eq!(&Inventory::parse(text.as_bytes()), expect, "\n{text}");
        assert_eq!(&Inventory::parse(text.replace('\n', "\r\n").as_bytes()), expect, "with CRLF");
    }

    fn web() -> RelPath {
        RelPath::parse("p/s/w").expect("a path")
    }

    fn of(files: &[(&str, char, &str)]) -> Inventory {
        let mut inventory = Inventory { folders: [web()].into(), ..Inventory::default() };
        for (name, byte, owner) in files {
            inventory.add(name, Hash::parse(&hash(*byte)).expect("a hash"), owner);
        }
        inventory
    }

    #[test]
    fn an_inventory_reads_back_as_itself() {
        let inventory = of(&[("role-b.yaml", '1', "p/s/w"), ("role-a.yaml", '2', "p/t/w")]);
        let text = inventory.text(&web()).expect("two files");
        assert_eq!(Inventory::parse(text.as_bytes()), Ok(inventory));
        assert!(text.find("role-a").expect("a") < text.find("role-b").expect("b"));
    }

    #[test]
    fn conflict_marks_leave_a_set_of_hashes() {
        let (ours, theirs) = (hash('1'), hash('2'));
        check(
            &[
                "jibe inventory 1 p/s/w",
                "<<<<<<< HEAD",
                &format!("role-a.yaml {ours} p/s/w"),
                "=======",
                &format!("role-a.yaml {theirs} p/s/w"),
                ">>>>>>> feature",
            ],
            &Ok(of(&[("role-a.yaml", '1', "p/s/w"), ("role-a.yaml", '2', "p/s/w")])),
        );
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in ["../x.yaml", "/etc/x.yaml", "a/b.yaml", ".x.yaml", "x", "a b.yaml", "ä.yaml"]
        {
            let line = format!("{name} {} p/s/w", hash('1'));
            check(&["jibe inventory 1 p/s/w", &line], &Err(Corrupt::Line(2)));
        }
    }

    #[test]
    fn anything_else_is_no_inventory() {
        check(&["hello"], &Err(Corrupt::Line(1)));
        check(&["jibe inventory 2"], &Err(Corrupt::Version("2".into())));
        check(&["jibe inventory 1 ../x"], &Err(Corrupt::Line(1)));
        check(&["jibe inventory 1 p/s/w", "role-a.yaml abc p/s/w"], &Err(Corrupt::Line(2)));
        check(
            &["jibe inventory 1 p/s/w", &format!("role-a.yaml {}", hash('1'))],
            &Err(Corrupt::Line(2)),
        );
        assert_eq!(Inventory::parse(b"jibe inventory 1 p/s/w\n\xff"), Err(Corrupt::Line(2)));
    }
}
