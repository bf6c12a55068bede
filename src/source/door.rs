//! Whether a path below a folder holds no link, asked of the system at once.

use super::RelPath;
use std::fs::File;
use std::path::Path;

/// A folder held open, to ask about paths below it.
#[derive(Debug)]
pub(super) struct Door(#[cfg(target_os = "linux")] Option<rustix::fd::OwnedFd>);

/// What lies straight behind a path, if that can be told at once.
#[derive(Debug)]
pub(super) enum Straight {
    /// A file that was a regular one a moment before it was opened.
    File(File),
    /// Nothing.
    Missing,
    /// A link is on the way, or it is no file, or the system does not know the question.
    Unclear,
}

#[cfg(target_os = "linux")]
impl Door {
    pub(super) fn open(folder: &Path) -> Self {
        use rustix::fs::{CWD, Mode, OFlags, openat};
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Self(openat(CWD, folder, flags, Mode::empty()).ok())
    }

    /// Whether the path is there and every part of it is what it seems to be. One question, where to
    /// follow the links of a path takes one for each of its parts; a system that does not know the
    /// question says no.
    pub(super) fn leads_straight_to(&self, path: &RelPath) -> bool {
        use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
        let Some(folder) = &self.0 else { return false };
        let path = if path.is_root() { "." } else { path.as_str() };
        // With `NOFOLLOW` a link at the end would be opened itself.
        let flags = OFlags::PATH | OFlags::CLOEXEC;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        openat2(folder, path, flags, Mode::empty(), resolve).is_ok()
    }

    /// Opens a regular file to which the path leads without a link. Nothing else is opened, unless it
    /// takes a file's place at that moment, and then it is not waited for.
    pub(super) fn file(&self, path: &RelPath) -> Straight {
        use rustix::fs::{AtFlags, FileType, Mode, OFlags, ResolveFlags, openat2, statat};
        use rustix::io::Errno;
        let Some(folder) = &self.0 else { return Straight::Unclear };
        match statat(folder, path.as_str(), AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile => {}
            Err(Errno::NOENT) if !path.is_root() => return Straight::Missing,
            _ => return Straight::Unclear,
        }
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        let opened = openat2(folder, path.as_str(), flags, Mode::empty(), resolve);
        opened.map_or(Straight::Unclear, |file| Straight::File(file.into()))
    }
}

#[cfg(not(target_os = "linux"))]
impl Door {
    pub(super) fn open(_: &Path) -> Self {
        Self()
    }

    /// No: only Linux has the question.
    pub(super) fn leads_straight_to(&self, _: &RelPath) -> bool {
        false
    }

    /// Unclear, for the same reason.
    pub(super) fn file(&self, _: &RelPath) -> Straight {
        Straight::Unclear
    }
}
