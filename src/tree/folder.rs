//! A folder held open: the one door through which the library writes.
//!
//! Below the root every name is opened from its folder and no link is followed, so a folder that
//! somebody swaps for a link while jibe runs leads nowhere.
#![expect(clippy::disallowed_methods, reason = "the one place that writes")]

use crate::source::RelPath;
use rustix::fs::{self, Access, AtFlags, Mode, OFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

/// Larger files are none of jibe's; they are not read.
const MAX_READ_BYTES: u64 = 256 * 1024 * 1024;

/// A folder.
#[derive(Debug)]
pub(super) struct Folder(OwnedFd);

/// What has a name in a folder.
#[derive(Debug)]
pub(super) enum Look {
    Missing,
    /// A regular file: its bytes and permission bits.
    File(Vec<u8>, u32),
    /// A regular file that is too large to be read.
    Huge,
    /// Anything else, with an article.
    Other(&'static str),
}

/// One name in a folder and what it is, links not followed.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) kind: FoundKind,
}

/// What a name in a folder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FoundKind {
    Folder,
    File,
    Other,
}

/// A path that leads nowhere, and why.
#[derive(Debug)]
pub(super) struct Blocked {
    pub(super) path: RelPath,
    pub(super) why: Why,
}

#[derive(Debug)]
pub(super) enum Why {
    /// Something else than a folder, with an article.
    NoFolder(&'static str),
    Io(io::Error),
}

/// Makes the output folder and what leads to it; links are followed, because a user named it.
pub(super) fn make_root(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

impl Folder {
    /// Opens the output folder; links are followed, because a user named it.
    pub(super) fn root(path: &Path) -> io::Result<Self> {
        Ok(Self(fs::openat(fs::CWD, path, FOLDER, Mode::empty())?))
    }

    /// Opens a folder below this one; none if it is not there.
    pub(super) fn open(&self, path: &RelPath) -> Result<Option<Self>, Blocked> {
        match self.open_at_once(path) {
            Ok(folder) => return Ok(Some(folder)),
            Err(Errno::NOENT) if !path.is_root() => return Ok(None),
            // Step by step it can be said what is in the way.
            Err(_) => {}
        }
        let mut folder = self.duplicate().map_err(|error| blocked(path, error))?;
        for (step, part) in steps(path) {
            match folder.child(part) {
                Ok(Some(child)) => folder = child,
                Ok(None) => return Ok(None),
                Err(why) => return Err(Blocked { path: step, why }),
            }
        }
        Ok(Some(folder))
    }

    /// Opens a folder below this one with one call, in which the system follows no link either.
    #[cfg(target_os = "linux")]
    fn open_at_once(&self, path: &RelPath) -> Result<Self, Errno> {
        let resolve = fs::ResolveFlags::BENEATH | fs::ResolveFlags::NO_SYMLINKS;
        fs::openat2(&self.0, path.as_str(), FOLDER, Mode::empty(), resolve).map(Self)
    }

    /// Only Linux has that call.
    #[cfg(not(target_os = "linux"))]
    fn open_at_once(&self, _: &RelPath) -> Result<Self, Errno> {
        Err(Errno::NOSYS)
    }

    /// Opens a folder below this one and makes what is missing of it; `made` takes the new ones.
    pub(super) fn make(&self, path: &RelPath, made: &mut Vec<RelPath>) -> Result<Self, Blocked> {
        let mut folder = self.duplicate().map_err(|error| blocked(path, error))?;
        for (step, part) in steps(path) {
            match fs::mkdirat(&folder.0, part, Mode::from_raw_mode(0o777)) {
                Ok(()) => made.push(step.clone()),
                Err(Errno::EXIST) => {}
                Err(error) => return Err(blocked(&step, error.into())),
            }
            let child = folder.child(part).map_err(|why| Blocked { path: step.clone(), why })?;
            folder = child.ok_or_else(|| blocked(&step, io::ErrorKind::NotFound.into()))?;
        }
        Ok(folder)
    }

    fn duplicate(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    /// Opens the folder with this name; none if it is not there.
    pub(super) fn child(&self, name: &str) -> Result<Option<Self>, Why> {
        match fs::openat(&self.0, name, FOLDER | OFlags::NOFOLLOW, Mode::empty()) {
            Ok(child) => Ok(Some(Self(child))),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::NOTDIR | Errno::LOOP) => Err(Why::NoFolder(self.kind(name))),
            Err(error) => Err(Why::Io(error.into())),
        }
    }

    fn kind(&self, name: &str) -> &'static str {
        self.file_type(name).map_or("something else", kind_of)
    }

    fn found_kind(&self, name: &str) -> FoundKind {
        self.file_type(name).map_or(FoundKind::Other, FoundKind::from)
    }

    fn file_type(&self, name: &str) -> Option<fs::FileType> {
        let stat = fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        Some(fs::FileType::from_raw_mode(stat.st_mode))
    }

    /// Reads what has this name; blocks on no fifo, follows no link.
    pub(super) fn look(&self, name: &str) -> io::Result<Look> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match fs::openat(&self.0, name, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::NOENT) => return Ok(Look::Missing),
            Err(Errno::LOOP | Errno::NXIO) => return Ok(Look::Other(self.kind(name))),
            Err(error) => return Err(error.into()),
        };
        let stat = fs::fstat(&file)?;
        match fs::FileType::from_raw_mode(stat.st_mode) {
            fs::FileType::RegularFile => {
                read(&file, stat.st_size.cast_unsigned(), stat.st_mode & 0o7777)
            }
            other => Ok(Look::Other(kind_of(other))),
        }
    }

    /// Whether a file that was listed as a regular one holds just these bytes: the question that is asked
    /// most, with the fewest calls. Whoever is told no has to look.
    pub(super) fn holds(&self, name: &str, bytes: &[u8]) -> bool {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let Ok(file) = fs::openat(&self.0, name, flags, Mode::empty()) else { return false };
        // One byte more shows that the file ends where it should.
        let mut held = Vec::with_capacity(bytes.len() + 1);
        let read = rustix::io::read(&file, rustix::buffer::spare_capacity(&mut held));
        read.is_ok() && held == bytes
    }

    /// Writes a file that must not be there yet; `mode` if it is to differ from what is usual.
    pub(super) fn create(&self, name: &str, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let usual = Mode::from_raw_mode(0o666);
        let mut file = File::from(fs::openat(&self.0, name, flags | OFlags::CLOEXEC, usual)?);
        let written = write_all(&mut file, bytes, mode);
        if written.is_err() {
            // The first error is the one to be told.
            let _ = self.remove(name);
        }
        written
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(fs::renameat(&self.0, from, &self.0, to)?)
    }

    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Whether names in this folder may be given, replaced and removed, as far as the operating system
    /// can tell; `names` are those that are to be.
    pub(super) fn may_change<'n>(&self, names: impl Iterator<Item = &'n str>) -> io::Result<()> {
        fs::accessat(&self.0, ".", Access::WRITE_OK | Access::EXEC_OK, AtFlags::empty())?;
        let (own, folder) = (rustix::process::geteuid(), fs::fstat(&self.0)?);
        let is_sticky = folder.st_mode & Mode::SVTX.as_raw_mode() != 0;
        if !is_sticky || own.is_root() || folder.st_uid == own.as_raw() {
            return Ok(());
        }
        // There, a file is its owner's alone.
        for name in names {
            match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) if stat.st_uid != own.as_raw() => return Err(Errno::PERM.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Removes a folder if it is empty; tells whether it was.
    pub(super) fn remove_folder(&self, name: &str) -> bool {
        fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR).is_ok()
    }

    /// The names in this folder, sorted; those that are not UTF-8 with a substitute.
    pub(super) fn names(&self) -> io::Result<Vec<Found>> {
        let mut found = Vec::new();
        for entry in fs::Dir::read_from(&self.0)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name != "." && name != ".." {
                let kind = match entry.file_type() {
                    fs::FileType::Unknown => self.found_kind(&name),
                    known => known.into(),
                };
                found.push(Found { name, kind });
            }
        }
        found.sort();
        Ok(found)
    }

    /// Opens the file that runs lock, which is made if it is not there.
    pub(super) fn lock_file(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::APPEND | OFlags::NOFOLLOW;
        let usual = Mode::from_raw_mode(0o666);
        Ok(fs::openat(&self.0, name, flags | OFlags::CLOEXEC, usual)?.into())
    }

    /// Whether `file` is what has this name.
    pub(super) fn is_named(&self, file: &File, name: &str) -> io::Result<bool> {
        let held = fs::fstat(file)?;
        match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(named) => Ok((named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes everything that was written to this file system survive a power cut.
    #[cfg(target_os = "linux")]
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(fs::syncfs(&self.0)?)
    }

    /// Files were synced one by one, because only Linux syncs a file system.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(fs::fsync(&self.0)?)
    }
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// Each part of a path with the path up to it.
fn steps(path: &RelPath) -> impl Iterator<Item = (RelPath, &str)> {
    path.parts().scan(RelPath::root(), |so_far, part| {
        *so_far = so_far.join(part).ok()?;
        Some((so_far.clone(), part))
    })
}

fn blocked(path: &RelPath, error: io::Error) -> Blocked {
    Blocked { path: path.clone(), why: Why::Io(error) }
}

/// Reads a file as long as it was when it was opened, which takes one call.
fn read(file: &File, size: u64, mode: u32) -> io::Result<Look> {
    if size > MAX_READ_BYTES {
        return Ok(Look::Huge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(size).read_to_end(&mut bytes)?;
    Ok(Look::File(bytes, mode))
}

fn write_all(file: &mut File, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    file.write_all(bytes)?;
    if let Some(mode) = mode {
        fs::fchmod(&*file, Mode::from_raw_mode(mode))?;
    }
    if cfg!(not(target_os = "linux")) {
        file.sync_all()?;
    }
    Ok(())
}

impl From<fs::FileType> for FoundKind {
    fn from(kind: fs::FileType) -> Self {
        match kind {
            fs::FileType::Directory => Self::Folder,
            fs::FileType::RegularFile => Self::File,
            _ => Self::Other,
        }
    }
}

fn kind_of(kind: fs::FileType) -> &'static str {
    match kind {
        fs::FileType::RegularFile => "a file",
        fs::FileType::Directory => "a folder",
        fs::FileType::Symlink => "a link",
        fs::FileType::Fifo => "a fifo",
        fs::FileType::Socket => "a socket",
        _ => "a device",
    }
}
