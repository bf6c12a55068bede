//! One file by itself: temporary file, then its name.

use super::folder::{Folder, Look};
use super::trouble;
use super::write::Trouble;
use crate::diag::{Code, Diagnostic, Failure, Sink};
use crate::source::{Files, RelPath};
use std::io;
use std::path::Path;

/// What became of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It was not there.
    Added,
    /// It said something else.
    Changed,
    /// It is not touched: its bytes are right.
    Unchanged,
}

/// Makes the file `path` below the folder `root` say `text`, whole or not at all. Folders on the way are made, no link below
/// `root` is followed. What is there is replaced if `is_own` says so of its text.
///
/// # Errors
/// When something else has its name, or the operating system refuses.
pub fn write_file(
    root: &Path,
    path: &RelPath,
    text: &str,
    is_own: impl Fn(&str) -> bool,
) -> Result<Written, Failure> {
    let files = Files::none();
    let mut sink = Sink::new(&files);
    let written = write(root, path, text, is_own).map_err(|trouble| sink.error(*trouble));
    sink.finish()?;
    Ok(written.expect("an error leaves a failure behind"))
}

fn write(
    root: &Path,
    path: &RelPath,
    text: &str,
    is_own: impl Fn(&str) -> bool,
) -> Result<Written, Trouble> {
    let failed = |doing: &'static str| {
        move |error: io::Error| Box::new(trouble::io(root, path, doing, &error))
    };
    let top = Folder::root(root).map_err(failed("opened"))?;
    let folder = top.make(&path.parent(), &mut Vec::new());
    let folder = folder.map_err(|blocked| Box::new(trouble::blocked(root, &blocked)))?;
    let name = path.file_name();
    let (written, mode) = match folder.look(name).map_err(failed("read"))? {
        Look::Missing => (Written::Added, None),
        Look::File(bytes, _) if bytes == text.as_bytes() => return Ok(Written::Unchanged),
        Look::File(bytes, mode) if is_own(&String::from_utf8_lossy(&bytes)) => {
            (Written::Changed, Some(mode))
        }
        Look::File(..) | Look::Huge => return Err(Box::new(foreign(root, path))),
        Look::Other(kind) => return Err(Box::new(other(root, path, kind))),
    };
    let temporary = format!(".jibe-{:x}.tmp", std::process::id());
    let mode = mode.map(|mode| mode & 0o777);
    folder.create(&temporary, text.as_bytes(), mode).map_err(failed("written"))?;
    let named = folder.sync().and_then(|()| folder.rename(&temporary, name));
    named.map_err(|error| {
        // The first error is the one to be told.
        let _ = folder.remove(&temporary);
        failed("written")(error)
    })?;
    folder.sync().map_err(failed("synced")).map(|()| written)
}

/// The file as a user writes it.
fn shown(root: &Path, path: &RelPath) -> String {
    trouble::shown(root.strip_prefix(".").unwrap_or(root), path)
}

fn foreign(root: &Path, path: &RelPath) -> Diagnostic {
    let message = format!("`{}` is something else than what is to be written", shown(root, path));
    Diagnostic::error(Code::TreeForeign, message).hint("move it away, or name another file")
}

fn other(root: &Path, path: &RelPath, kind: &str) -> Diagnostic {
    let message = format!("`{}` is {kind}, where a file is to be written", shown(root, path));
    Diagnostic::error(Code::TreeInTheWay, message)
        .hint("move it away, or name another file; no link is followed")
}
