//! Texts of plain lines, as nearly all files of objects are, read without the parser.
//!
//! `text  --Lines-->  Mark*  --Builder-->  documents`
//!
//! Promise: gives what the parser would have made of the text, place by place, with a sixth of its work; or gives up, and the
//! parser reads it all. Knows block lists and maps, lists, maps and scalars on one line, `|` texts and comments. It judges
//! nothing: what is not plain at first sight, mistakes before all, is none of its business.

use super::Style;
use super::breaks::Text;
use super::build::MAX_NODES;
use super::read::MAX_DEPTH;
use crate::source::Span;

/// The longest key that is read; the parser knows a longer one, up to its own limit.
const LONG_KEY: usize = 1000;
/// How deep lists and maps in brackets may be nested.
const MANY_BRACKETS: usize = 8;

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// How many keys, values and items it has, if it begins a map or list.
    pub(super) nodes: u32,
}

/// What a part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The `---` that begins a document.
    Document,
    /// The first key of a map.
    Map,
    /// The first dash of a list; of one that stands below its key, the first item.
    List,
    /// The end of a map or list, which has no place of its own.
    End,
    /// The bracket that begins a map.
    FlowMap,
    /// The bracket that begins a list.
    FlowList,
    /// The bracket that ends one of them.
    FlowEnd,
    /// A scalar on one line, with its quotes.
    Scalar(Style),
    /// A `|` text from behind the spaces that each of its lines begins with to the end of the last.
    Literal { indent: u32, last_break: LastBreak },
}

/// What becomes of the line break that ends a `|` text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastBreak {
    Kept,
    Dropped,
}

/// The parts of a text; none if it is not plain.
pub(super) fn marks(text: &Text<'_>) -> Option<Vec<Mark>> {
    let plain = text.unchanged().filter(|text| has_plain_characters(text))?;
    let mut lines = Lines {
        text: plain.as_bytes(),
        base: text.start(),
        at: 0,
        open: Vec::with_capacity(16),
        begun: Vec::with_capacity(16),
        value: None,
        has_root: false,
        // A line has a key and a value mostly.
        marks: Vec::with_capacity(plain.len() / 16),
    };
    while lines.at < plain.len() {
        lines.line()?;
    }
    lines.end_document();
    Some(lines.marks)
}

/// Whether a text holds but line breaks and what the parser takes for printable.
fn has_plain_characters(text: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b'\n' | b' '..=b'~');
    let is_printable = |c: char| match c {
        '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => false,
        c => c.is_ascii() && is_plain(c as u8) || c >= '\u{a0}',
    };
    // Chunk by chunk, which goes many bytes at a time.
    let is_plain_chunk = |chunk: &[u8]| chunk.iter().fold(true, |all, byte| all & is_plain(*byte));
    text.as_bytes().chunks(256).all(is_plain_chunk) || text.chars().all(is_printable)
}

/// A text, line by line.
struct Lines<'t> {
    text: &'t [u8],
    /// Where it begins in the whole.
    base: usize,
    /// Where the next line begins.
    at: usize,
    open: Vec<Open>,
    /// The marks that began the lists and maps that are being read.
    begun: Vec<usize>,
    /// Behind the colon of a key, if its value is still to come.
    value: Option<usize>,
    /// Whether this document has content.
    has_root: bool,
    marks: Vec<Mark>,
}

/// A list or map that is being read.
#[derive(Clone, Copy)]
struct Open {
    column: usize,
    is_list: bool,
}

/// Some text on a line: where it begins, there and in its line, and where the line ends.
#[derive(Clone, Copy)]
struct Rest {
    at: usize,
    column: usize,
    end: usize,
}

impl Lines<'_> {
    /// Reads the next line, and those of a text that begins in it.
    fn line(&mut self) -> Option<()> {
        self.refuse_many()?;
        let (start, end) = (self.at, self.line_end(self.at));
        self.at = end + 1;
        let at = self.behind_spaces(start, end);
        if at == end || self.text[at] == b'#' {
            return Some(());
        }
        let rest = Rest { at, column: at - start, end };
        match (&self.text[at..end], rest.column) {
            ([b'-', b'-', b'-', ..], 0) => self.document(rest),
            ([b'.', b'.', b'.', ..] | [b'%', ..], 0) => None,
            _ => self.content(rest),
        }
    }

    fn document(&mut self, rest: Rest) -> Option<()> {
        self.refuse_more(rest.at + 3, rest.end)?;
        self.end_document();
        self.mark(Kind::Document, rest.at, rest.at + 3);
        Some(())
    }

    fn end_document(&mut self) {
        self.end_value();
        while self.open.pop().is_some() {
            self.mark(Kind::End, self.at, self.at);
        }
        self.has_root = false;
    }

    /// A key that gets no value is null.
    fn end_value(&mut self) {
        if let Some(at) = self.value.take() {
            self.mark(Kind::Scalar(Style::Plain), at, at);
        }
    }

    /// Reads a line with an entry of a map, or an item of a list.
    fn content(&mut self, mut rest: Rest) -> Option<()> {
        let mut is_item = self.is_item(rest);
        let mut is_new = self.is_new(rest)?;
        let mut around = None;
        while is_item {
            let list = rest.column;
            around = Some(list);
            let at = self.behind_spaces(rest.at + 1, rest.end);
            if is_new {
                // To the parser, a list that stands below its key begins with its first item.
                let is_below_key = self.open.last().is_some_and(|open| open.column == list);
                self.begin(list, Kind::List, if is_below_key { at } else { rest.at })?;
            }
            rest = Rest { at, column: list + (at - rest.at), end: rest.end };
            (is_item, is_new) = (self.is_item(rest), true);
        }
        let Some(colon) = self.key_end(rest) else { return self.scalar(rest, around?) };
        if is_new {
            self.begin(rest.column, Kind::Map, rest.at)?;
        }
        self.mark(Kind::Scalar(Style::Plain), rest.at, colon);
        let at = self.behind_spaces(colon + 1, rest.end);
        if at == rest.end || self.text[at] == b'#' {
            self.value = Some(colon + 1);
            return Some(());
        }
        self.scalar(Rest { at, ..rest }, rest.column)
    }

    /// Whether a line begins a list or map, after those that end before it were closed; none if it cannot stand here.
    fn is_new(&mut self, rest: Rest) -> Option<bool> {
        let (column, is_item) = (rest.column, self.is_item(rest));
        if self.value.is_some() {
            let map = self.open.last()?.column;
            // The items of a list may stand below its key.
            if column > map || column == map && is_item {
                self.value = None;
                return Some(true);
            }
            self.end_value();
        }
        while let Some(open) = self.open.last() {
            let is_over = open.column > column || open.column == column && open.is_list && !is_item;
            if !is_over {
                let goes_on = open.column == column && open.is_list == is_item;
                return goes_on.then_some(false);
            }
            self.open.pop();
            self.mark(Kind::End, self.at, self.at);
        }
        (!self.has_root).then_some(true)
    }

    fn begin(&mut self, column: usize, kind: Kind, at: usize) -> Option<()> {
        self.has_root = true;
        self.open.push(Open { column, is_list: kind == Kind::List });
        self.mark(kind, at, at);
        (self.open.len() < MAX_DEPTH).then_some(())
    }

    /// Whether a dash stands here that begins an item.
    fn is_item(&self, rest: Rest) -> bool {
        matches!(&self.text[rest.at..rest.end], [b'-'] | [b'-', b' ', ..])
    }

    /// Where the colon of a key stands, if one begins here.
    fn key_end(&self, rest: Rest) -> Option<usize> {
        let line = &self.text[rest.at..rest.end];
        let first = *line.first()?;
        let length =
            line.iter().position(|byte| !is_of_key(*byte)).filter(|_| is_first_of_key(first))?;
        let is_key = matches!(&line[length..], [b':'] | [b':', b' ', ..]) && length < LONG_KEY;
        is_key.then_some(rest.at + length)
    }

    /// Reads a value that begins here; `column` is that of the list or map that it stands in.
    fn scalar(&mut self, Rest { at, end, .. }: Rest, column: usize) -> Option<()> {
        let line = &self.text[at..end];
        let (kind, length) = match *line {
            [b'|'] => return self.literal(column, LastBreak::Kept),
            [b'|', b'-'] => return self.literal(column, LastBreak::Dropped),
            [b'[' | b'{', ..] => {
                let behind = self.brackets(at, end, 0)?;
                return self.refuse_more(behind, end);
            }
            [b'"', ..] => (Kind::Scalar(Style::Double), quoted(line)?),
            [b'\'', ..] => (Kind::Scalar(Style::Single), quoted(line)?),
            _ => (Kind::Scalar(Style::Plain), unquoted(line)?),
        };
        self.refuse_more(at + length, end)?;
        self.mark(kind, at, at + length);
        Some(())
    }

    /// Reads a list or map in brackets; gives the place behind it.
    fn brackets(&mut self, start: usize, end: usize, depth: usize) -> Option<usize> {
        let (kind, last) = match self.text[start] {
            b'[' => (Kind::FlowList, b']'),
            _ => (Kind::FlowMap, b'}'),
        };
        self.mark(kind, start, start + 1);
        let mut at = self.behind_spaces(start + 1, end);
        let mut is_over = self.text[at..end].first() == Some(&last);
        while !is_over {
            if kind == Kind::FlowMap {
                at = self.key_in_brackets(at, end)?;
            }
            at = self.item(at, end, depth)?;
            is_over = self.text[at..end].first() == Some(&last);
            if !is_over {
                at = self.text[at..end]
                    .starts_with(b",")
                    .then(|| self.behind_spaces(at + 1, end))?;
            }
        }
        self.mark(Kind::FlowEnd, at, at + 1);
        Some(at + 1)
    }

    /// Reads a key in brackets; gives the place of its value.
    fn key_in_brackets(&mut self, at: usize, end: usize) -> Option<usize> {
        let colon = self.key_end(Rest { at, column: 0, end })?;
        self.mark(Kind::Scalar(Style::Plain), at, colon);
        Some(self.behind_spaces(colon + 1, end))
    }

    /// Reads a value in brackets; gives the place of what stands behind it.
    fn item(&mut self, at: usize, end: usize, depth: usize) -> Option<usize> {
        self.refuse_many()?;
        let line = &self.text[at..end];
        let (style, length) = match *line.first()? {
            b'[' | b'{' if depth < MANY_BRACKETS => {
                let behind = self.brackets(at, end, depth + 1)?;
                return Some(self.behind_spaces(behind, end));
            }
            b'"' => (Style::Double, quoted(line)?),
            b'\'' => (Style::Single, quoted(line)?),
            _ => (Style::Plain, word(line)?),
        };
        self.mark(Kind::Scalar(style), at, at + length);
        Some(self.behind_spaces(at + length, end))
    }

    /// Reads the lines of a `|` text.
    fn literal(&mut self, column: usize, last_break: LastBreak) -> Option<()> {
        let start = Some(self.at).filter(|at| *at < self.text.len())?;
        let indent = self.behind_spaces(start, self.line_end(start)) - start;
        let mut last = None;
        while self.at < self.text.len() {
            let end = self.line_end(self.at);
            let spaces = self.behind_spaces(self.at, end) - self.at;
            let is_blank = self.at + spaces == end;
            match is_blank {
                // Spaces beyond the indentation are a part of the text.
                true if spaces > indent || last.is_none() => return None,
                true => {}
                false if spaces <= column => break,
                false if spaces < indent => return None,
                false => last = Some(end),
            }
            self.at = end + 1;
        }
        // Its last line must have a break, and no spaces before that, which are of the text but not of its place.
        let last = last.filter(|end| *end < self.text.len() && self.text[end - 1] != b' ')?;
        let spaces = u32::try_from(indent).ok()?;
        self.mark(Kind::Literal { indent: spaces, last_break }, start + indent, last);
        Some(())
    }

    /// Gives up if more than a comment stands between a place and the end of its line.
    fn refuse_more(&self, at: usize, end: usize) -> Option<()> {
        let behind = self.behind_spaces(at, end);
        (behind == end || behind > at && self.text[behind] == b'#').then_some(())
    }

    /// Gives up where there is more than is ever built.
    fn refuse_many(&self) -> Option<()> {
        (self.marks.len() <= MAX_NODES).then_some(())
    }

    fn line_end(&self, at: usize) -> usize {
        let length = memchr::memchr(b'\n', &self.text[at..]);
        length.map_or(self.text.len(), |length| at + length)
    }

    fn behind_spaces(&self, at: usize, end: usize) -> usize {
        at + self.text[at..end].iter().take_while(|byte| **byte == b' ').count()
    }

    fn mark(&mut self, kind: Kind, start: usize, end: usize) {
        match kind {
            Kind::End | Kind::FlowEnd => drop(self.begun.pop()),
            Kind::Document => {}
            _ => {
                let around = self.begun.last().and_then(|begun| self.marks.get_mut(*begun));
                around.into_iter().for_each(|mark| mark.nodes += 1);
            }
        }
        if matches!(kind, Kind::Map | Kind::List | Kind::FlowMap | Kind::FlowList) {
            self.begun.push(self.marks.len());
        }
        let span = Span::new(self.base + start, self.base + end);
        self.marks.push(Mark { kind, span, nodes: 0 });
    }
}

/// How long the text without quotes and spaces is that a line begins with, in brackets.
fn word(line: &[u8]) -> Option<usize> {
    let is_own = |byte: u8| is_of_key(byte) || b"=+@%~()^;".contains(&byte);
    let is_part = |at: usize| match line[at] {
        b':' => line.get(at + 1).is_some_and(|next| is_own(*next) || *next == b':'),
        byte => is_own(byte),
    };
    let is_first = |byte: u8| is_first_of_key(byte) || b"=+~(".contains(&byte);
    let dashes = line.iter().take_while(|byte| **byte == b'-').count();
    let length = (0..line.len()).find(|at| !is_part(*at))?;
    line.get(dashes).is_some_and(|byte| is_first(*byte)).then_some(length)
}

fn is_first_of_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'$')
}

fn is_of_key(byte: u8) -> bool {
    is_first_of_key(byte) || byte == b'-'
}

/// How long the quoted text is that a line begins with; none if it has escapes.
fn quoted(line: &[u8]) -> Option<usize> {
    let quote = line[0];
    let length =
        1 + line[1..].iter().position(|byte| *byte == quote || *byte == b'\\' && quote == b'"')?;
    let is_end = line[length] == quote && line.get(length + 1) != Some(&b'\'');
    is_end.then_some(length + 1)
}

/// How long the text without quotes is that a line begins with.
fn unquoted(line: &[u8]) -> Option<usize> {
    let is_first = match *line {
        [b'-', next, ..] => next != b' ',
        [first, ..] => {
            first.is_ascii_alphanumeric() || !first.is_ascii() || b"_./$(+=~^;\\".contains(&first)
        }
        [] => false,
    };
    let mut length = line.len();
    for (at, byte) in line.iter().enumerate() {
        match byte {
            b':' if matches!(line.get(at + 1), None | Some(b' ')) => return None,
            b'#' if at > 0 && line[at - 1] == b' ' => {
                length = at;
                break;
            }
            _ => {}
        }
    }
    let spaces = line[..length].iter().rev().take_while(|byte| **byte == b' ').count();
    is_first.then_some(length - spaces)
}

/// What a `|` text says, of which the lines behind the first begin with so many spaces.
pub(super) fn literal_text(lines: &str, indent: usize, last_break: LastBreak) -> String {
    let mut text = String::with_capacity(lines.len() + 1);
    for (number, line) in lines.split('\n').enumerate() {
        let spaces = if number == 0 { 0 } else { indent };
        text.push_str(line.get(spaces..).unwrap_or_default());
        text.push('\n');
    }
    if last_break == LastBreak::Dropped {
        text.pop();
    }
    text
}

#[cfg(test)]
mod tests;
