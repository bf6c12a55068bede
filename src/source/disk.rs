//! A root folder on disk: the one place of the library that opens files to read them.
#![expect(clippy::disallowed_methods, reason = "the one place that reads")]

use super::{Entry, EntryKind, MAX_FILE_BYTES, RESERVED, ReadError, ReadReason, RelPath};
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A folder and where it really lies.
#[derive(Debug)]
pub(super) struct Disk {
    given: PathBuf,
    real: PathBuf,
}

impl Disk {
    pub(super) fn open(root: &Path) -> Result<Self, ReadError> {
        let error = |reason| ReadError { path: root.display().to_string(), reason };
        let real = fs::canonicalize(root).map_err(|e| error(reason_of(&e)))?;
        if !real.is_dir() {
            return Err(error(ReadReason::WrongKind("a file")));
        }
        Ok(Self { given: root.to_owned(), real })
    }

    pub(super) fn root(&self) -> &Path {
        &self.given
    }

    /// The path as the user would write it: below the root as given, without a leading `./`.
    pub(super) fn shown(&self, path: &RelPath) -> String {
        if path.is_root() {
            return self.given.display().to_string();
        }
        let joined = self.given.join(path.as_str());
        joined.strip_prefix(".").unwrap_or(&joined).display().to_string()
    }

    pub(super) fn is_folder(&self, path: &RelPath) -> bool {
        self.resolve(path).is_ok_and(|real| real.is_dir())
    }

    pub(super) fn read(&self, path: &RelPath) -> Result<Arc<str>, ReadReason> {
        read_regular(&self.resolve(path)?)
    }

    pub(super) fn list(&self, folder: &RelPath) -> Result<Vec<Entry>, ReadReason> {
        let real = self.resolve(folder)?;
        let entries = fs::read_dir(&real).map_err(|e| reason_of(&e))?;
        entries.map(|entry| entry_of(&entry.map_err(|e| reason_of(&e))?)).collect()
    }

    /// Follows every link of `path` and makes sure that the end still lies in the root.
    fn resolve(&self, path: &RelPath) -> Result<PathBuf, ReadReason> {
        let real = fs::canonicalize(self.real.join(path.as_str())).map_err(|e| reason_of(&e))?;
        if !real.starts_with(&self.real) {
            return Err(ReadReason::OutsideRoot);
        }
        Ok(real)
    }
}

fn entry_of(entry: &fs::DirEntry) -> Result<Entry, ReadReason> {
    let name = entry.file_name().into_string().map_err(|name| {
        ReadReason::Io(format!("the name `{}` in it is not UTF-8", name.display()))
    })?;
    let kind = match fs::metadata(entry.path()) {
        Ok(meta) if meta.is_dir() => EntryKind::Folder,
        Ok(meta) if meta.is_file() => EntryKind::File,
        _ => EntryKind::Other,
    };
    Ok(Entry { name, kind })
}

/// Reads a regular file of bounded size; never blocks on a fifo and never reads a device.
pub(super) fn read_regular(path: &Path) -> Result<Arc<str>, ReadReason> {
    let mut file = open_without_blocking(path).map_err(|e| reason_of(&e))?;
    let meta = file.metadata().map_err(|e| reason_of(&e))?;
    if !meta.is_file() {
        return Err(ReadReason::WrongKind(kind_of(&meta)));
    }
    if meta.len() > MAX_FILE_BYTES {
        return Err(ReadReason::TooLarge(meta.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    file.by_ref().take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|e| reason_of(&e))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(ReadReason::TooLarge(bytes.len() as u64));
    }
    text_of(bytes)
}

#[cfg(unix)]
fn open_without_blocking(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    // Opening a fifo for reading waits for a writer unless it is opened without blocking.
    let flags = rustix::fs::OFlags::NONBLOCK.bits();
    fs::OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open_without_blocking(path: &Path) -> io::Result<fs::File> {
    fs::File::open(path)
}

fn kind_of(meta: &fs::Metadata) -> &'static str {
    if meta.is_dir() { "a folder" } else { "a fifo, socket or device" }
}

pub(super) fn reason_of(error: &io::Error) -> ReadReason {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadReason::Missing,
        io::ErrorKind::IsADirectory => ReadReason::WrongKind("a folder"),
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

/// The bytes as text: UTF-8, its byte-order mark dropped, no reserved character.
pub(super) fn text_of(bytes: Vec<u8>) -> Result<Arc<str>, ReadReason> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let (line, column) = line_column(&error.as_bytes()[..at]);
        ReadReason::NotUtf8 { line, column, byte: error.as_bytes()[at] }
    })?;
    if let Some((at, character)) = text.char_indices().find(|(_, c)| RESERVED.contains(c)) {
        let (line, column) = line_column(&text.as_bytes()[..at]);
        return Err(ReadReason::Reserved { line, column, character });
    }
    Ok(Arc::from(text.strip_prefix('\u{FEFF}').unwrap_or(&text)))
}

fn line_column(before: &[u8]) -> (usize, usize) {
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count() + 1;
    (line, column)
}
