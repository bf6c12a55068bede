//! Whether a path below a folder holds no link, asked of the system at once.

use super::RelPath;
use std::path::Path;

/// A folder held open, to ask about paths below it.
#[derive(Debug)]
pub(super) struct Door(#[cfg(target_os = "linux")] Option<rustix::fd::OwnedFd>);

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
}
