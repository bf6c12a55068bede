//! A file that jibe leaves for its own next run, and believes only if it left it itself.
//!
//! It is written whole or not at all, but need not survive a power cut. Its mode tells it from a file that
//! came out of Git, which knows only files that their owner may write: whoever commits one is not believed.

use super::folder::{Folder, Look};
use crate::source::RelPath;
use std::io;
use std::path::Path;

/// Its owner may read it, and nobody may write it.
const MODE: u32 = 0o400;
const IGNORE: &str = ".gitignore";

/// What was left at `path` below `root`; none if nothing was, or something else is there.
pub(crate) fn note(root: &Path, path: &RelPath) -> Option<Vec<u8>> {
    let folder = Folder::root(root).ok()?.open(&path.parent()).ok()??;
    match folder.look(path.file_name()) {
        Ok(Look::File(bytes, MODE)) => Some(bytes),
        _ => None,
    }
}

/// Leaves a file at `path` below `root`, in a folder that Git passes over, and in place of any file there.
///
/// # Errors
/// When the operating system refuses, a link is on the way, or something else than a file has the path.
pub(crate) fn leave_note(root: &Path, path: &RelPath, bytes: &[u8]) -> io::Result<()> {
    let blocked = |_| io::Error::from(io::ErrorKind::NotADirectory);
    let folder = Folder::root(root)?.make(&path.parent(), &mut Vec::new()).map_err(blocked)?;
    if let Look::Missing = folder.look(IGNORE)? {
        folder.create(IGNORE, b"*\n", None)?;
    }
    let name = path.file_name();
    if let Look::Other(_) = folder.look(name)? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let temporary = format!("{name}.new");
    // A run that was killed may have left its own.
    let _ = folder.remove(&temporary);
    folder.create(&temporary, bytes, Some(MODE))?;
    folder.rename(&temporary, name)
}
