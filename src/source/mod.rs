//! Texts with names and positions, and the only door through which files come in.
//!
//! `path in the root  --read-->  Source  --Place-->  file, line and column for a message`
//!
//! Promise: nothing outside the root is read, whatever links or `..` a folder holds; only regular
//! UTF-8 files under a size limit become a [`Source`]; what was looked at, absent files and folder
//! listings included, is written into [`Inputs`]; [`Files::asked`] has all of it, with the answers. A path is read once, so every stage sees the same
//! bytes. Knows no YAML, no Kubernetes and no printing.

mod above;
mod asked;
mod disk;
mod door;
mod files;
mod inputs;
mod limits;
mod memory;
mod path;
mod place;
mod secrets;
mod text;
mod walk;

pub use above::{Above, find_above, folder_above, top_above};
pub use asked::{Answer, Question};
pub use files::{Entry, EntryKind, Files};
pub use inputs::{Input, Inputs};
pub use limits::{Limits, MAX_FILE_BYTES};
pub use path::{PathError, RelPath};
pub use place::{FileId, Place, Source, Span};
pub use secrets::Secrets;

/// The folder of a workspace where jibe keeps what it writes for itself and for editors. No list of the names
/// at the root has it, so nothing depends on whether it is there.
pub const OWN_FOLDER: &str = ".jibe";

/// The names that the file of a kustomization can have, in the order in which kustomize looks for them; the folder that
/// holds one is a kustomization.
pub const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Characters that no input may hold, because templates use them as marks.
///
/// Sixteen of the private-use characters of plane 16, where no font and no script has a place.
pub const RESERVED: std::ops::RangeInclusive<char> = '\u{10FF00}'..='\u{10FF0F}';

/// Why a path could not be read. `diag` turns it into a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The path as a user would write it.
    pub path: String,
    /// What is wrong with it.
    pub reason: ReadReason,
    /// Where in the file, if it is one and has been looked into. The text there is not to be shown: it was not read.
    pub at: Option<Place>,
}

impl ReadError {
    fn new(path: String, reason: ReadReason) -> Self {
        Self { path, reason, at: None }
    }
}

/// What bytes look like that are not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Likely {
    /// UTF-16: it begins with its mark.
    Utf16,
    /// One of the older encodings with a byte a character, such as Latin-1 or Windows-1252.
    OneByte,
    /// UTF-8 whose last character lacks bytes.
    CutOff,
    /// No text: it holds bytes that no text has.
    Binary,
}

impl ReadReason {
    /// The 1-based line and column that it speaks of.
    fn line_column(&self) -> Option<(usize, usize)> {
        match *self {
            Self::NotUtf8 { line, column, .. } | Self::Reserved { line, column, .. } => {
                Some((line, column))
            }
            _ => None,
        }
    }
}

/// What is wrong with a path that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadReason {
    /// Nothing has this path.
    Missing,
    /// A file is wanted, but it is something else: `a folder`, `a fifo`, `a device`.
    NotAFile(&'static str),
    /// A folder is wanted, but it is something else: `a file`.
    NotAFolder(&'static str),
    /// Links lead it out of the root.
    OutsideRoot,
    /// A link leads to itself or to a folder that it lies in.
    LinkLoop,
    /// A folder holds this name, which no path of a workspace may hold.
    BadName(String),
    /// It is larger than [`Limits::file`] allows; both in bytes.
    TooLarge {
        /// Its size, or what of it was seen.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Its bytes are not UTF-8 from this place on.
    NotUtf8 {
        /// 1-based line of the byte.
        line: usize,
        /// 1-based column of the byte, counted in characters.
        column: usize,
        /// The byte that no UTF-8 text holds there.
        byte: u8,
        /// What they may be instead.
        likely: Likely,
    },
    /// It holds a character of [`RESERVED`].
    Reserved {
        /// 1-based line of the character.
        line: usize,
        /// 1-based column of the character, counted in characters.
        column: usize,
        /// The character.
        character: char,
    },
    /// A folder holds more than is read.
    TooMany {
        /// What there is too much of: `files`.
        what: &'static str,
        /// How many of them are read.
        limit: usize,
    },
    /// The operating system says so.
    Io(String),
}
