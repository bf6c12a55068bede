//! Where something stands: a file's number, a byte range, and the text they point into.

use super::Secrets;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};

/// The number of a text within one [`Files`](super::Files).
///
/// Numbers follow reading order, so they must never reach any output; sort by name instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId(NonZeroU32);

impl FileId {
    /// Any: of a text whose nodes and findings nobody keeps.
    pub(crate) const ANY: Self = Self(NonZeroU32::MIN);

    pub(super) fn from_index(index: usize) -> Self {
        let number = u32::try_from(index + 1).expect("fewer than 2^32 files");
        Self(NonZeroU32::new(number).expect("a number above zero"))
    }

    pub(super) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A range of bytes in one text: `start` is its first byte, `end` the byte behind its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

impl Span {
    /// The range of a `usize` pair; texts are far below 4 GiB, larger offsets saturate.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let cut = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: cut(start), end: cut(end) }
    }

    /// The range as indexes into a string.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A range of bytes in a known file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes in it.
    pub span: Span,
}

impl Place {
    /// The place of `span` in `file`.
    #[must_use]
    pub fn new(file: FileId, span: Span) -> Self {
        Self { file, span }
    }

    /// Whether all of another place lies in this one.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.file == other.file
            && self.span.start <= other.span.start
            && other.span.end <= self.span.end
    }
}

/// One text that was read: a file, standard input, or a command-line argument.
#[derive(Debug)]
pub struct Source {
    id: FileId,
    name: String,
    text: Arc<str>,
    line_starts: OnceLock<Vec<u32>>,
}

impl Source {
    pub(super) fn new(id: FileId, name: String, text: Arc<str>) -> Self {
        Self { id, name, text, line_starts: OnceLock::new() }
    }

    /// The same text, each secret in it and in its name blotted out; none if there is no secret.
    #[must_use]
    pub fn without(&self, secrets: &Secrets) -> Option<Self> {
        let name = secrets.mask(&self.name).into_owned();
        (secrets.are_in(&self.text) || name != self.name)
            .then(|| Self::new(self.id, name, secrets.blot(&self.text).as_ref().into()))
    }

    /// The same source with another text, such as what one of its scalars says.
    pub(crate) fn with_text(&self, text: &str) -> Self {
        Self::new(self.id, self.name.clone(), text.into())
    }

    /// Its number, for a [`Place`].
    #[must_use]
    pub fn id(&self) -> FileId {
        self.id
    }

    /// Its path as the user would write it, or a name such as `--set image.tag=1`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, without a byte-order mark.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The place of a byte range in this text.
    #[must_use]
    pub fn place(&self, start: usize, end: usize) -> Place {
        Place::new(self.id, Span::new(start, end))
    }

    /// The 1-based line and column (in characters) of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let starts = self.line_starts.get_or_init(|| line_starts(&self.text));
        let line = starts.partition_point(|&start| start <= offset).max(1);
        let start = starts[line - 1] as usize;
        let end = floor_char(&self.text, (offset as usize).max(start));
        (line, self.text[start..end].chars().count() + 1)
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(breaks.map(|(at, _)| Span::new(at + 1, 0).start)).collect()
}

/// The largest character boundary that is not behind `offset`.
fn floor_char(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
