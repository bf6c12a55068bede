//! One run at a time, and what the next one must know if this one is killed.
//!
//! The lock file is there only while a run writes. Before the first rename it takes the journal: a
//! line for each file that will change, with the hashes that jibe gave it before and will give it
//! now. Whichever part of the work survives a kill or a power cut, the next run so knows its own files.

use super::folder::Folder;
use super::inventory::{Inventory, fields, is_file_name};
use crate::source::RelPath;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub(super) const FILE: &str = ".jibe-lock";
const PID: &str = "pid ";
/// How often a waiting run looks again.
const PAUSE: Duration = Duration::from_millis(50);

/// What earlier runs of the same folder were about to write when they were killed, by folder.
pub(super) type Journal = BTreeMap<RelPath, Inventory>;

/// The right to write into an output folder. Dropped without [`Lock::release`], the file stays.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    /// What killed runs left to be finished.
    pub(super) journal: Journal,
    /// Whether the file system knows locks.
    pub(super) holds: Holds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Locked,
    /// The file system, an NFS share perhaps, has no locks.
    Unlocked,
}

/// Why there is no lock.
#[derive(Debug)]
pub(super) enum Refused {
    /// Another run has it; its process number, if that is known.
    Busy(Option<u32>),
    Io(io::Error),
    /// Somebody wants the run to end.
    Stopped,
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Lock {
    /// Waits for at most `patience`, and not once `stopped` is true, until no other run writes into
    /// the folder.
    pub(super) fn take(
        root: &Folder,
        patience: Duration,
        stopped: &AtomicBool,
    ) -> Result<Self, Refused> {
        let mut waited = Duration::ZERO;
        loop {
            let file = root.lock_file(FILE)?;
            let holds = match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                // The run before removes the file while it has the lock; only a file that still has
                // its name can lock out others.
                Ok(()) if root.is_named(&file, FILE)? => Holds::Locked,
                Ok(()) => continue,
                Err(Errno::NOLCK | Errno::NOTSUP | Errno::NOSYS) => Holds::Unlocked,
                Err(Errno::INTR) => continue,
                Err(Errno::AGAIN) if stopped.load(Ordering::Relaxed) => {
                    return Err(Refused::Stopped);
                }
                Err(Errno::AGAIN) if waited < patience => {
                    std::thread::sleep(PAUSE);
                    waited += PAUSE;
                    continue;
                }
                Err(Errno::AGAIN) => return Err(Refused::Busy(holder(file))),
                Err(error) => return Err(Refused::Io(error.into())),
            };
            return Ok(Self::holding(root, file, holds)?);
        }
    }

    fn holding(root: &Folder, mut file: File, holds: Holds) -> io::Result<Self> {
        let journal = journal_of(&text(&mut file)?);
        // A kill may have cut the last line.
        let signed = writeln!(file, "\n{PID}{}", std::process::id());
        let lock = Self { file, journal, holds };
        match signed {
            Ok(()) => Ok(lock),
            Err(error) => {
                lock.give_up(root);
                Err(error)
            }
        }
    }

    /// Adds lines to the journal.
    pub(super) fn note(&mut self, lines: &str) -> io::Result<()> {
        self.file.write_all(lines.as_bytes())
    }

    /// Ends a run that has changed nothing and has an error to tell: the file goes unless an earlier
    /// run has something to be finished.
    pub(super) fn give_up(self, root: &Folder) {
        if self.journal.is_empty() {
            // A lock file that stays harms nobody.
            let _ = root.remove(FILE);
        }
    }

    /// Ends a run that left nothing to be finished.
    pub(super) fn release(self, root: &Folder) -> io::Result<()> {
        root.remove(FILE)
    }
}

/// The journal of a folder that nobody writes into just now, for a command that only reads.
pub(super) fn left_behind(bytes: &[u8]) -> Journal {
    journal_of(&String::from_utf8_lossy(bytes))
}

fn text(file: &mut File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn holder(mut file: File) -> Option<u32> {
    let text = text(&mut file).ok()?;
    text.lines().rev().find_map(|line| line.strip_prefix(PID)?.parse().ok())
}

/// Reads the lines that are whole; a kill or power cut may have spoilt any other.
fn journal_of(text: &str) -> Journal {
    let mut journal = Journal::new();
    for line in text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        let Some((path, hash, owner)) = fields(line) else { continue };
        let Ok(path) = RelPath::parse(path) else { continue };
        if is_file_name(path.file_name()) {
            journal.entry(path.parent()).or_default().add(path.file_name(), hash, owner);
        }
    }
    journal
}
