//! Tree to text: the canonical form, byte for byte what `kustomize build` prints for the same data.
//!
//! Source of the form: `encode.go` and `emitterc.go` of go-yaml v2 with their default settings.

use super::float::write_float;
use super::order;
use super::style::{Choice, choose, is_break, is_printable};
use super::syntax::looks_like_conflict;
use super::{Data, Map, Node, Scalar, Style, Value};
use crate::diag::steers;
use smallvec::SmallVec;
use std::fmt::Write as _;

/// The column behind which a scalar is broken at its next space.
const WIDTH: usize = 80;
/// The longest key, in bytes, that is written without `? `.
const MAX_SIMPLE_KEY: usize = 128;

/// What lines are indented by, piece by piece.
const SPACES: &str = "                                ";

/// The canonical text of one document, with a final line break.
///
/// Only data is written: order of keys, comments, anchors, tags and styles of the source have no
/// influence.
#[must_use]
pub fn write(node: &Node) -> String {
    let mut writer = Writer::default();
    writer.document(node);
    writer.out
}

/// The text of one document as it is shown to a person: as [`write`], but characters that steer a
/// terminal or cannot be seen are escapes. It reads back as the same document.
#[must_use]
pub fn write_visible(node: &Node) -> String {
    let mut writer = Writer { shows: Shows::Visible, ..Writer::default() };
    writer.document(node);
    writer.out
}

/// The canonical text of several documents, with `---` lines between them; none give no text.
pub fn write_all<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> String {
    let nodes = nodes.into_iter();
    // As an object of Kubernetes has, more or less.
    let out = String::with_capacity(nodes.size_hint().0 * 512);
    let mut writer = Writer { out, ..Writer::default() };
    for (index, node) in nodes.enumerate() {
        if index > 0 {
            writer.out.push_str("---\n");
        }
        writer.document(node);
    }
    writer.out
}

/// Where a node stands, which decides how far a list in it is indented.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Document,
    List,
    Map,
}

/// Which characters are escaped.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Shows {
    /// Those that go-yaml escapes.
    #[default]
    Canonical,
    /// Those that steer a terminal as well.
    Visible,
}

/// go-yaml's emitter, as far as block style needs it.
#[derive(Default)]
struct Writer {
    shows: Shows,
    out: String,
    /// Where the current line begins. U+2028 ends a line too, so it is not always behind a `\n`.
    line: usize,
    /// The last thing written was white space.
    whitespace: bool,
    /// Only white space and `-`, `?`, `:` stand in the current line so far.
    indention: bool,
}

impl Writer {
    fn document(&mut self, node: &Node) {
        self.line = self.out.len();
        (self.whitespace, self.indention) = (true, true);
        self.node(node, None, Within::Document);
        self.indent(0);
    }

    /// Writes a node below a parent that is indented by `indent`.
    fn node(&mut self, node: &Node, indent: Option<usize>, within: Within) {
        match &node.data {
            Data::Scalar(scalar) => self.scalar(scalar, indent.map_or(2, |indent| indent + 2)),
            Data::List(items) if items.is_empty() => self.plain("[]"),
            Data::Map(entries) if entries.is_empty() => self.plain("{}"),
            Data::List(items) => {
                let hangs = within == Within::Map && !self.indention;
                let indent = indent.map_or(0, |indent| if hangs { indent } else { indent + 2 });
                self.items(items, indent);
            }
            Data::Map(entries) => self.entries(entries, indent.map_or(0, |indent| indent + 2)),
        }
    }

    fn items(&mut self, items: &[Node], indent: usize) {
        for item in items {
            self.indent(indent);
            self.opening("-");
            self.node(item, Some(indent), Within::List);
        }
    }

    fn entries(&mut self, entries: &Map, indent: usize) {
        let mut sorted: SmallVec<[_; 8]> =
            entries.iter().map(|(key, node)| (&*key.name, node)).collect();
        order::sort(&mut sorted);
        for (key, node) in sorted {
            self.indent(indent);
            self.key(key, indent);
            self.node(node, Some(indent), Within::Map);
        }
    }

    fn key(&mut self, key: &str, indent: usize) {
        let mut choice = self.choose(key);
        if key == "<<" {
            // go-yaml writes it bare, and reads that as a merge.
            choice.style = Style::Double;
        }
        if choice.multiline || key.len() > MAX_SIMPLE_KEY {
            self.opening("?");
            self.string(key, choice, Some(indent + 2));
            self.indent(indent);
            self.opening(":");
            return;
        }
        self.string(key, choice, None);
        self.out.push(':');
        (self.whitespace, self.indention) = (false, false);
    }

    fn scalar(&mut self, scalar: &Scalar, indent: usize) {
        match scalar.value {
            Value::String => {
                self.string(&scalar.text, self.choose(&scalar.text), Some(indent));
            }
            Value::Null => self.plain("null"),
            Value::Bool(true) => self.plain("true"),
            Value::Bool(false) => self.plain("false"),
            Value::Int(number) => self.number(|out| {
                let _ = write!(out, "{number}");
            }),
            Value::Uint(number) => self.number(|out| {
                let _ = write!(out, "{number}");
            }),
            Value::Float(number) => self.number(|out| write_float(out, number)),
        }
    }

    fn choose(&self, text: &str) -> Choice {
        let mut choice = choose(text);
        let begins_line = self.out.len() == self.line;
        // go-yaml writes the mark of a conflict bare; then the reader would take the file for one that git left.
        if (begins_line && looks_like_conflict(text)) || self.hides_some_of(text) {
            choice.style = Style::Double;
        }
        choice
    }

    fn hides_some_of(&self, text: &str) -> bool {
        self.shows == Shows::Visible && text.chars().any(|c| self.hides(c))
    }

    /// Whether a character is escaped that go-yaml writes as it is.
    fn hides(&self, c: char) -> bool {
        self.shows == Shows::Visible && steers(c) && !matches!(c, '\n' | '\t')
    }

    fn number(&mut self, write: impl FnOnce(&mut String)) {
        self.space();
        write(&mut self.out);
        (self.whitespace, self.indention) = (false, false);
    }

    /// Writes a string; long lines are broken if there is an indent to continue at.
    fn string(&mut self, text: &str, choice: Choice, fold: Option<usize>) {
        match choice.style {
            Style::Plain => self.plain_string(text, fold),
            Style::Single => self.single(text, fold),
            Style::Double | Style::Folded => self.double(text, fold),
            Style::Literal => self.literal(text, fold.unwrap_or(0)),
        }
    }

    fn plain_string(&mut self, text: &str, fold: Option<usize>) {
        self.space();
        match fold.filter(|_| self.may_fold(text)) {
            None => self.out.push_str(text),
            Some(indent) => self.folded(text, indent, Style::Plain),
        }
        (self.whitespace, self.indention) = (false, false);
    }

    fn single(&mut self, text: &str, fold: Option<usize>) {
        self.space();
        self.out.push('\'');
        (self.whitespace, self.indention) = (false, false);
        match fold.filter(|_| self.may_fold(text) || text.chars().any(is_break)) {
            None => self.quoted(text),
            Some(indent) => self.folded(text, indent, Style::Single),
        }
        self.out.push('\'');
        (self.whitespace, self.indention) = (false, false);
    }

    /// The text with its single quotes doubled.
    fn quoted(&mut self, text: &str) {
        for (index, part) in text.split('\'').enumerate() {
            if index > 0 {
                self.out.push_str("''");
            }
            self.out.push_str(part);
        }
    }

    /// The inside of a plain or single-quoted scalar, broken at lone spaces behind the width.
    fn folded(&mut self, text: &str, indent: usize, style: Style) {
        let (mut spaces, mut breaks) = (false, false);
        let mut column = self.column();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let after = chars.peek().map(|(_, c)| *c);
            if c == ' ' {
                let lone = !spaces && at > 0 && after.is_some_and(|c| c != ' ');
                if lone && column > WIDTH {
                    self.indent(indent);
                    column = indent;
                } else {
                    self.out.push(' ');
                    column += 1;
                }
                spaces = true;
                continue;
            }
            if is_break(c) {
                self.break_with(c);
                (column, breaks) = (0, true);
                continue;
            }
            if breaks {
                self.indent(indent);
                column = indent;
            }
            if style == Style::Single && c == '\'' {
                self.out.push('\'');
                column += 1;
            }
            self.out.push(c);
            column += 1;
            (self.indention, spaces, breaks) = (false, false, false);
        }
    }

    fn double(&mut self, text: &str, fold: Option<usize>) {
        self.space();
        self.out.push('"');
        (self.whitespace, self.indention) = (false, false);
        // go-yaml looks for a byte-order mark at the start of the text, whatever character it is at.
        let all = text.starts_with('\u{FEFF}');
        let may_fold = self.may_fold(text);
        let mut column = self.column();
        let mut spaces = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let after = chars.peek().map(|(_, c)| *c);
            if all || c == '"' || c == '\\' || is_break(c) || !is_printable(c) || self.hides(c) {
                let length = self.out.len();
                self.escape(c);
                column += self.out.len() - length;
                spaces = false;
                continue;
            }
            let inside = at > 0 && after.is_some();
            if c == ' ' && may_fold && !spaces && inside && column > WIDTH && fold.is_some() {
                let indent = fold.unwrap_or(0);
                self.indent(indent);
                column = indent;
                if after == Some(' ') {
                    self.out.push('\\');
                    column += 1;
                }
            } else {
                self.out.push(c);
                column += 1;
            }
            self.indention = false;
            spaces = c == ' ';
        }
        self.out.push('"');
        (self.whitespace, self.indention) = (false, false);
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\u{07}' => 'a',
            '\u{08}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{0B}' => 'v',
            '\u{0C}' => 'f',
            '\r' => 'r',
            '\u{1B}' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{A0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(c);
                let _ = match code {
                    0..=0xFF => write!(self.out, "\\x{code:02X}"),
                    0x100..=0xFFFF => write!(self.out, "\\u{code:04X}"),
                    _ => write!(self.out, "\\U{code:08X}"),
                };
                return;
            }
        };
        self.out.push('\\');
        self.out.push(short);
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.space();
        self.out.push('|');
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.out.push('2');
        }
        self.out.push_str(chomping(text));
        self.break_with('\n');
        self.whitespace = true;
        let mut breaks = true;
        for line in text.split_inclusive(is_break) {
            let last = line.chars().next_back().filter(|c| is_break(*c));
            let content = &line[..line.len() - last.map_or(0, char::len_utf8)];
            if !content.is_empty() {
                if breaks {
                    self.indent(indent);
                }
                self.out.push_str(content);
                (self.indention, breaks) = (false, false);
            }
            if let Some(c) = last {
                self.break_with(c);
                breaks = true;
            }
        }
    }

    /// Writes something short without quotes.
    fn plain(&mut self, text: &str) {
        self.space();
        self.out.push_str(text);
        (self.whitespace, self.indention) = (false, false);
    }

    /// Writes `-`, or `?` and `:` of a long key.
    fn opening(&mut self, indicator: &str) {
        self.space();
        self.out.push_str(indicator);
        self.whitespace = false;
    }

    fn space(&mut self) {
        if !self.whitespace {
            self.out.push(' ');
        }
    }

    /// Goes to a column, in this line if only white space and indicators stand before it.
    fn indent(&mut self, indent: usize) {
        let width = self.out.len() - self.line;
        // Up to the indent all is ASCII, so that bytes are columns.
        if !self.indention || width > indent || (width == indent && !self.whitespace) {
            self.break_with('\n');
        }
        let width = self.out.len() - self.line;
        let mut missing = indent.saturating_sub(width);
        while missing > 0 {
            let spaces = missing.min(SPACES.len());
            self.out.push_str(&SPACES[..spaces]);
            missing -= spaces;
        }
        (self.whitespace, self.indention) = (true, true);
    }

    fn break_with(&mut self, c: char) {
        self.out.push(c);
        self.line = self.out.len();
        self.indention = true;
    }

    /// Whether some space of the text may come to stand behind the width.
    fn may_fold(&self, text: &str) -> bool {
        // An escape is at most ten characters wide.
        self.out.len() - self.line + text.len() > WIDTH
            || (text.len() * 10 > WIDTH && !text.bytes().all(|b| (b' '..=b'~').contains(&b)))
            || memchr::memchr3(b'\'', b'"', b'\\', text.as_bytes()).is_some()
    }

    fn column(&self) -> usize {
        self.out[self.line..].chars().count()
    }
}

/// `-` if the text has no final break, `+` if it has several or is a break alone.
fn chomping(text: &str) -> &'static str {
    let mut backwards = text.chars().rev();
    match (backwards.next().is_some_and(is_break), backwards.next()) {
        (false, _) => "-",
        (true, None) => "+",
        (true, Some(c)) if is_break(c) => "+",
        (true, Some(_)) => "",
    }
}

#[cfg(test)]
mod tests;
