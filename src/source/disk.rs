//! A root folder on disk: the one place of the library that opens files to read them.
#![expect(clippy::disallowed_methods, reason = "the one place that reads")]

use super::door::{Door, Straight};
use super::{Entry, EntryKind, ReadError, ReadReason, RelPath, text};
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A folder and where it really lies.
#[derive(Debug)]
pub(super) struct Disk {
    given: PathBuf,
    real: PathBuf,
    /// What leads from the root back to the current folder, if the root was given as `..`, `../..` …
    back: PathBuf,
    door: Door,
}

/// `path` below `given`, which climbs out of the folders `back`: what it climbs out of only to enter it
/// again is left out.
fn shorter(given: &Path, back: &Path, path: &Path) -> PathBuf {
    let both = back.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = given.components().skip(both);
    let short: PathBuf = up.chain(path.components().skip(both)).collect();
    if short.as_os_str().is_empty() { PathBuf::from(".") } else { short }
}

impl Disk {
    pub(super) fn open(root: &Path) -> Result<Self, ReadError> {
        let error = |reason| ReadError::new(written(root), reason);
        let real = fs::canonicalize(root).map_err(|e| error(reason_of(&e)))?;
        if !real.is_dir() {
            return Err(error(ReadReason::NotAFolder("a file")));
        }
        let climbs = root.components().all(|part| part == Component::ParentDir);
        let here = climbs.then(|| fs::canonicalize(".").ok()).flatten();
        let back = here.and_then(|here| here.strip_prefix(&real).ok().map(Path::to_owned));
        let door = Door::open(&real);
        Ok(Self { given: root.to_owned(), real, back: back.unwrap_or_default(), door })
    }

    pub(super) fn root(&self) -> &Path {
        &self.given
    }

    /// The path as the user would write it: below the root as given, without a leading `./`.
    pub(super) fn shown(&self, path: &RelPath) -> String {
        if path.is_root() {
            return written(&self.given);
        }
        let joined = shorter(&self.given, &self.back, Path::new(path.as_str()));
        written(joined.strip_prefix(".").unwrap_or(&joined))
    }

    pub(super) fn is_folder(&self, path: &RelPath) -> bool {
        self.resolve(path).is_ok_and(|real| real.is_dir())
    }

    pub(super) fn read(&self, path: &RelPath, limit: u64) -> Result<Vec<u8>, ReadReason> {
        match self.door.file(path) {
            Straight::File(file) => read_opened(file, limit),
            Straight::Missing => Err(ReadReason::Missing),
            Straight::Unclear => read_regular(&self.resolve(path)?, limit),
        }
    }

    pub(super) fn list(&self, folder: &RelPath) -> Result<Vec<Entry>, ReadReason> {
        let real = self.resolve(folder)?;
        let entries = match fs::read_dir(&real) {
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                let meta = fs::metadata(&real).map_err(|e| reason_of(&e))?;
                return Err(ReadReason::NotAFolder(kind_of(&meta)));
            }
            entries => entries.map_err(|e| reason_of(&e))?,
        };
        let entry =
            |entry: io::Result<fs::DirEntry>| match entry_of(&entry.map_err(|e| reason_of(&e))?) {
                // Nobody reads what is hidden.
                Err(ReadReason::BadName(name)) if name.starts_with('.') => Ok(None),
                entry => entry.map(Some),
            };
        entries.filter_map(|one| entry(one).transpose()).collect()
    }

    /// The path below the root that a path leads to, links followed.
    pub(super) fn follow(&self, path: &RelPath) -> Result<RelPath, ReadReason> {
        let real = self.resolve(path)?;
        let below = real.strip_prefix(&self.real).map_err(|_| ReadReason::OutsideRoot)?;
        let parts: Option<Vec<_>> = below.iter().map(|part| part.to_str()).collect();
        let text = parts.map(|parts| parts.join("/"));
        text.and_then(|text| RelPath::parse(&text).ok())
            .ok_or_else(|| ReadReason::BadName(below.display().to_string()))
    }

    /// Follows every link of `path` and makes sure that the end still lies in the root.
    pub(super) fn resolve(&self, path: &RelPath) -> Result<PathBuf, ReadReason> {
        let asked = below(&self.real, path);
        if self.door.leads_straight_to(path) {
            return Ok(asked);
        }
        let real = fs::canonicalize(&asked).map_err(|e| reason_of(&e))?;
        if real == asked {
            return Ok(real);
        }
        // A link, or a disk that takes `Chart.yaml` for `chart.yaml`.
        if !is_spelt_so(&self.real, path) {
            return Err(ReadReason::Missing);
        }
        if !real.starts_with(&self.real) {
            return Err(ReadReason::OutsideRoot);
        }
        Ok(real)
    }
}

/// A path as it is written into a line: control characters as escapes.
pub(super) fn written(path: &Path) -> String {
    let escape = |c: char| match c.is_control() {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    let text = path.display().to_string();
    if text.contains(char::is_control) { text.chars().map(escape).collect() } else { text }
}

/// `path` below `root`, with the separators of the system.
fn below(root: &Path, path: &RelPath) -> PathBuf {
    root.iter().chain(path.parts().map(AsRef::as_ref)).collect()
}

/// Whether each folder on the way holds the very name that `path` gives, not just one that the disk
/// takes for it. A folder that may not be listed is believed.
fn is_spelt_so(root: &Path, path: &RelPath) -> bool {
    let mut folder = root.to_owned();
    path.parts().all(|part| {
        let found = fs::read_dir(&folder).map_or(true, |entries| {
            entries.flatten().any(|entry| entry.file_name().to_str() == Some(part))
        });
        folder.push(part);
        found
    })
}

fn entry_of(entry: &fs::DirEntry) -> Result<Entry, ReadReason> {
    let name = entry.file_name();
    let name =
        name.into_string().map_err(|name| ReadReason::BadName(name.display().to_string()))?;
    if RelPath::parse(&name).is_err() {
        return Err(ReadReason::BadName(name));
    }
    // The folder itself says what its entries are, unless they are links.
    let kind = match entry.file_type() {
        Ok(kind) if kind.is_symlink() => fs::metadata(entry.path()).map(|meta| meta.file_type()),
        kind => kind,
    };
    let kind = match kind {
        Ok(kind) if kind.is_dir() => EntryKind::Folder,
        Ok(kind) if kind.is_file() => EntryKind::File,
        _ => EntryKind::Other,
    };
    Ok(Entry { name, kind })
}

/// Reads a regular file of bounded size; never waits for a fifo and never opens a device.
fn read_regular(path: &Path, limit: u64) -> Result<Vec<u8>, ReadReason> {
    regular(&fs::metadata(path).map_err(|e| reason_of(&e))?)?;
    read_opened(open_without_following(path).map_err(|e| reason_of(&e))?, limit)
}

fn read_opened(file: fs::File, limit: u64) -> Result<Vec<u8>, ReadReason> {
    // The path may have changed hands since it was looked at.
    let meta = file.metadata().map_err(|e| reason_of(&e))?;
    regular(&meta)?;
    text::within_limit(meta.len(), limit)?;
    read_all(file, meta.len(), limit)
}

/// Reads what the user named: a file or a pipe, wherever it lies.
pub(super) fn read_named(path: &Path, limit: u64) -> Result<Arc<str>, ReadReason> {
    let meta = fs::metadata(path).map_err(|e| reason_of(&e))?;
    if meta.is_dir() {
        return Err(ReadReason::NotAFile("a folder"));
    }
    text::within_limit(meta.len(), limit)?;
    let file = fs::File::open(path).map_err(|e| reason_of(&e))?;
    text::text_of(read_all(file, meta.len(), limit)?, limit)
}

fn regular(meta: &fs::Metadata) -> Result<(), ReadReason> {
    if meta.is_file() { Ok(()) } else { Err(ReadReason::NotAFile(kind_of(meta))) }
}

/// Reads a file as long as it was when it was opened, which takes one call; a pipe, which has no
/// length, to its end.
fn read_all(file: fs::File, size: u64, limit: u64) -> Result<Vec<u8>, ReadReason> {
    let most = if size > 0 { size } else { limit + 1 };
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(most).read_to_end(&mut bytes).map_err(|e| reason_of(&e))?;
    text::within_limit(bytes.len() as u64, limit)?;
    Ok(bytes)
}

/// Opens a path whose links were followed already, so that one put in its place is refused.
#[cfg(unix)]
fn open_without_following(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    // Opening a fifo for reading waits for a writer unless it is opened without blocking.
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
    fs::OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open_without_following(path: &Path) -> io::Result<fs::File> {
    fs::File::open(path)
}

#[cfg(unix)]
fn kind_of(meta: &fs::Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match meta.file_type() {
        kind if kind.is_dir() => "a folder",
        kind if kind.is_fifo() => "a fifo",
        kind if kind.is_socket() => "a socket",
        kind if kind.is_file() => "a file",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn kind_of(meta: &fs::Metadata) -> &'static str {
    match meta.file_type() {
        kind if kind.is_dir() => "a folder",
        kind if kind.is_file() => "a file",
        _ => "a device",
    }
}

pub(super) fn reason_of(error: &io::Error) -> ReadReason {
    match error.kind() {
        // No disk holds a name that is too long for it.
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename => {
            ReadReason::Missing
        }
        io::ErrorKind::IsADirectory => ReadReason::NotAFile("a folder"),
        _ if is_link_loop(error) => ReadReason::LinkLoop,
        _ => ReadReason::Io(error.to_string()),
    }
}

/// The folder above, as the user would write it: `.` above `charts`, `..` above `.`.
pub(super) fn shown_parent(path: &Path) -> PathBuf {
    match path.components().next_back() {
        Some(Component::Normal(_)) => match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        },
        Some(Component::CurDir) | None => PathBuf::from(".."),
        _ => path.join(".."),
    }
}

#[cfg(unix)]
fn is_link_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_link_loop(_: &io::Error) -> bool {
    false
}

#[cfg(test)]
mod tests;
