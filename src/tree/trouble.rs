//! What can go wrong on a disk, as findings.

use super::folder::{Blocked, Why};
use super::inventory::Corrupt;
use super::lock::Refused;
use crate::diag::{Code, Diagnostic};
use crate::source::RelPath;
use std::io;
use std::path::Path;

/// A path of the tree as a user would write it.
pub(super) fn shown(root: &Path, path: &RelPath) -> String {
    match path.is_root() {
        true => root.display().to_string(),
        false => root.join(path.as_str()).display().to_string(),
    }
}

/// `doing` completes "cannot be".
pub(super) fn io(root: &Path, path: &RelPath, doing: &str, error: &io::Error) -> Diagnostic {
    let path = shown(root, path);
    let hint = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            format!("give this user the right to write `{path}` and the folder around it")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room on the disk, then run again".to_owned()
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            "name another folder with `-o DIR`, or mount the file system writable".to_owned()
        }
        io::ErrorKind::NotADirectory => "name a folder, also for every part of its path".to_owned(),
        _ => "remove the cause, then run again: the run picks up where this one stopped".to_owned(),
    };
    Diagnostic::error(Code::TreeIo, format!("`{path}` cannot be {doing}: {error}")).hint(hint)
}

pub(super) fn blocked(root: &Path, Blocked { path, why }: &Blocked) -> Diagnostic {
    match why {
        Why::Io(error) => io(root, path, "opened", error),
        Why::NoFolder(kind) => in_the_way(root, path, kind, "a folder"),
    }
}

pub(super) fn in_the_way(root: &Path, path: &RelPath, is: &str, wanted: &str) -> Diagnostic {
    let message = format!("`{}` is {is}, where {wanted} is to be written", shown(root, path));
    Diagnostic::error(Code::TreeInTheWay, message)
        .hint("move it away; below the output folder no link is followed")
}

pub(super) fn corrupt(root: &Path, path: &RelPath, corrupt: &Corrupt) -> Diagnostic {
    let path = shown(root, path);
    let (message, hint) = match corrupt {
        Corrupt::Version(version) => (
            format!("`{path}` has the format `{version}`, which is newer than this jibe"),
            "update jibe".to_owned(),
        ),
        Corrupt::Line(line) => (
            format!("`{path}` is damaged: line {line} is none that jibe writes"),
            format!(
                "restore it with `git checkout -- {path}`, or delete it and run with `--adopt`; \
                 without it nothing is deleted"
            ),
        ),
    };
    Diagnostic::error(Code::TreeInventory, message).hint(hint)
}

/// A run that a signal ended before it changed anything.
pub(super) fn stopped(root: &Path) -> Diagnostic {
    let message = format!("stopped before anything in `{}` was changed", root.display());
    Diagnostic::error(Code::TreeIo, message).hint("run again; there is nothing to clean up")
}

pub(super) fn refused(root: &Path, refused: &Refused) -> Diagnostic {
    match refused {
        Refused::Io(error) => io(root, &RelPath::root(), "locked", error),
        Refused::Stopped => stopped(root),
        Refused::Busy(holder) => {
            let holder = holder.map_or_else(String::new, |pid| format!(", process {pid},"));
            let message = format!("another run{holder} is writing into `{}`", root.display());
            Diagnostic::error(Code::TreeBusy, message)
                .hint("wait until it has ended, then run again")
        }
    }
}
