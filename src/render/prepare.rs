//! A template's text becomes the text that the engine runs, marked so that its output tells where it came from.
//!
//! White space is settled here: lines that hold tags only vanish, `-` and `+` do what they do in
//! Jinja. The engine itself trims nothing.

use super::expression::Offsets;
use super::marks::{self, CLOSE, OPEN};
use super::numbered::{AT_FUNCTION, Numbering};
use super::operands::operands;
use super::refuse::{self, Fault};
use super::scan::{self, Part, PartKind, Token, TokenKind, Trim};
use super::watch::{self, Watched, Within};
use crate::diag::Code;
use crate::source::{FileId, Limits, Place, Span};
use std::collections::BTreeSet;
use std::ops::Range;

/// The filter that every hole of a YAML file ends with; it tells the formatter which hole prints.
pub(super) const HOLE_FILTER: &str = "__hole";
/// The function that stands before every hole and tag of a manifest that calls a macro or renders
/// a text file.
pub(super) const CALL_FUNCTION: &str = "__calls";

/// What a template's file name says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Every hole is typed; the places of this file are marked.
    Yaml(FileId),
    /// The same for a file that others use: each line is marked, because `include` may indent it.
    Part(FileId),
    /// Holes print as text.
    Text,
}

impl Kind {
    /// The file, if every hole in it is typed.
    fn yaml(self) -> Option<FileId> {
        match self {
            Self::Yaml(file) | Self::Part(file) => Some(file),
            Self::Text => None,
        }
    }
}

/// Whether the name is that of a YAML file.
pub(super) fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// A template as the engine runs it.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub text: String,
    /// Ascending in `text`.
    map: Vec<Mapped>,
    /// Where the bytes of the template stand, if it is not a file by itself.
    offsets: Option<Offsets>,
}

/// From where on in the engine's text the bytes come from another place of the file.
#[derive(Debug, Clone)]
struct Mapped {
    prepared: usize,
    original: usize,
    /// For text of our own, the bytes of the file that it is about.
    about: Option<Range<usize>>,
}

impl Prepared {
    /// The bytes of the file from which the engine's bytes came.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        let last = range.end.saturating_sub(1).max(range.start);
        let about = |at| self.mapped(at).and_then(|mapped| mapped.about.as_ref());
        let start =
            about(range.start).map_or_else(|| self.offset(range.start), |about| about.start);
        let end = about(last).map_or_else(|| self.offset(range.end), |about| about.end);
        let own = start..end.max(start);
        self.offsets.as_ref().map_or(own.clone(), |offsets| offsets.range(own))
    }

    /// The same for a text that is a part of a file, whose bytes stand elsewhere in it.
    pub(super) fn within(self, offsets: Offsets) -> Self {
        Self { offsets: Some(offsets), ..self }
    }

    fn mapped(&self, at: usize) -> Option<&Mapped> {
        let behind = self.map.partition_point(|mapped| mapped.prepared <= at);
        self.map.get(behind.checked_sub(1)?)
    }

    fn offset(&self, at: usize) -> usize {
        let behind = self.map.partition_point(|mapped| mapped.prepared <= at);
        let Some(mapped) = self.mapped(at) else { return 0 };
        let end = self.map.get(behind).map_or(usize::MAX, |next| next.original);
        (mapped.original + (at - mapped.prepared)).min(end.max(mapped.original))
    }
}

/// Prepares a template; the places of its marks are appended to `places`.
///
/// # Errors
/// Everything in it that jibe refuses.
pub(super) fn prepare(
    text: &str,
    kind: Kind,
    limits: &Limits,
    places: &mut Vec<Place>,
) -> Result<Prepared, Vec<Fault>> {
    prepare_with(text, kind, limits, places, Besides::Nothing)
}

/// What is put into a template besides.
pub(super) enum Besides<'n> {
    Nothing,
    /// A call before each expression that names its number.
    Numbers(Numbering<'n>),
    /// Filters around what may be made of secrets; what they watch is appended.
    Watch(&'n mut Vec<Watched>),
}

/// The same, with something put in besides.
pub(super) fn prepare_with(
    text: &str,
    kind: Kind,
    limits: &Limits,
    places: &mut Vec<Place>,
    besides: Besides<'_>,
) -> Result<Prepared, Vec<Fault>> {
    let most = limits.template;
    if text.len() as u64 > most {
        let message = format!("the template has {} bytes; at most {most} are read", text.len());
        let hint = "split it, or raise `limits.template` in the workspace's jibe.yaml";
        return Err(vec![Fault::new(Code::TemplateLimit, 0..1, message, hint)]);
    }
    let parts = scan::parts(text).map_err(|unclosed| {
        let span = unclosed.at..unclosed.at + 2;
        vec![Fault::new(Code::TemplateSyntax, span, unclosed.what, "close it")]
    })?;
    let faults = refuse::faults(text, &parts, kind);
    if !faults.is_empty() {
        return Err(faults);
    }
    let kept = kept_text(text, &parts, kind);
    let out =
        Prepared { text: String::with_capacity(text.len() * 2), map: Vec::new(), offsets: None };
    let macros = macros(text, &parts);
    let blocks = Vec::new();
    let mut writer = Writer { source: text, kind, macros, places, besides, out, blocks };
    for (at, (part, kept)) in parts.iter().zip(kept).enumerate() {
        match include_column(text, &parts, at, kind) {
            Some(column) => writer.include(part, column),
            None => {
                writer.call(part);
                let number = writer.number(part);
                writer.part(part, kept, number);
            }
        }
    }
    Ok(writer.out)
}

/// For each part, the bytes of its text that are left once white space is settled.
fn kept_text(text: &str, parts: &[Part], kind: Kind) -> Vec<Range<usize>> {
    let mut kept: Vec<_> = parts.iter().map(|part| part.inner.clone()).collect();
    let mut at = 0;
    while at < parts.len() {
        at = match lone_tags(text, parts, at) {
            Some(last) => {
                trim_lone(text, parts, &mut kept, at..last, kind);
                last
            }
            None => at + 1,
        };
    }
    for (at, part) in parts.iter().enumerate().filter(|(_, part)| part.kind != PartKind::Text) {
        if part.before == Trim::All && at > 0 && parts[at - 1].kind == PartKind::Text {
            let range = kept[at - 1].clone();
            kept[at - 1].end = range.start + text[range].trim_end().len();
        }
        if part.after == Trim::All && parts.get(at + 1).is_some_and(|p| p.kind == PartKind::Text) {
            let range = kept[at + 1].clone();
            kept[at + 1].start = range.end - text[range].trim_start().len();
        }
    }
    kept
}

/// If nothing but tags and comments stands on the line that begins in the part `first` (a text, or
/// a tag at the begin of the file), the part in which the line ends.
fn lone_tags(text: &str, parts: &[Part], first: usize) -> Option<usize> {
    let is_tag = |part: &Part| matches!(part.kind, PartKind::Tag | PartKind::Comment);
    let begin = if parts[first].kind == PartKind::Text {
        let start = &text[parts[first].inner.clone()];
        let line = start.rfind('\n').map_or(0, |newline| newline + 1);
        let begins = line > 0 || first == 0;
        (begins && start[line..].trim().is_empty()).then_some(first + 1)?
    } else {
        (first == 0).then_some(0)?
    };
    if !parts.get(begin).is_some_and(is_tag) {
        return None;
    }
    for (at, part) in parts.iter().enumerate().skip(begin) {
        if is_tag(part) {
            continue;
        }
        let blank = |piece: &str| piece.trim().is_empty();
        match (part.kind, text[part.inner.clone()].split_once('\n')) {
            (PartKind::Text, Some((head, _))) if blank(head) => return Some(at),
            (PartKind::Text, None) if blank(&text[part.inner.clone()]) => {}
            _ => return None,
        }
    }
    Some(parts.len())
}

/// Removes the line that holds tags only: the parts from `line.start` to `line.end`.
fn trim_lone(
    text: &str,
    parts: &[Part],
    kept: &mut [Range<usize>],
    line: Range<usize>,
    kind: Kind,
) {
    let tags = || parts[line.clone()].iter().filter(|part| part.kind == PartKind::Tag);
    // An include that is indented takes its place like a hole that prints a fragment.
    if line.clone().any(|at| include_column(text, parts, at, kind).is_some_and(|c| c > 0)) {
        return;
    }
    if parts[line.start].kind == PartKind::Text
        && tags().next().is_none_or(|tag| tag.before != Trim::Nothing)
    {
        let inner = parts[line.start].inner.clone();
        let begin = text[inner.clone()].rfind('\n').map_or(inner.start, |at| inner.start + at + 1);
        kept[line.start].end = begin.max(kept[line.start].start);
    }
    let from = line.start + usize::from(parts[line.start].kind == PartKind::Text);
    for at in (from..line.end).filter(|at| parts[*at].kind == PartKind::Text) {
        kept[at] = parts[at].inner.start..parts[at].inner.start;
    }
    // What a filter or call block prints ends where its end tag stands, without a line break.
    let prints = |tag: &Part| {
        let word = text[tag.inner.clone()].trim();
        kind != Kind::Text && matches!(word, "endfilter" | "endcall")
    };
    let keeps_break =
        tags().any(prints) || tags().next_back().is_some_and(|t| t.after == Trim::Nothing);
    if let Some(last) = parts.get(line.end).filter(|_| !keeps_break) {
        let inner = last.inner.clone();
        let head = text[inner.clone()].find('\n').map_or(0, |newline| newline + 1);
        kept[line.end].start = inner.start + head;
    }
}

/// For the `include` of a YAML file the column in which the included lines begin; none for one that
/// begins its line, whose text is printed as it is, and for every other part.
fn include_column(text: &str, parts: &[Part], at: usize, kind: Kind) -> Option<usize> {
    let part = &parts[at];
    let words = || scan::tokens(text, part.inner.clone());
    let includes = part.kind == PartKind::Tag
        && kind != Kind::Text
        && words().first().is_some_and(|word| word.is_word("include"));
    if !includes {
        return None;
    }
    let mut column = 0;
    for before in parts[..at].iter().rev() {
        match before.kind {
            PartKind::Tag | PartKind::Comment => {}
            // In the middle of a line only a fragment of one line can stand.
            PartKind::Hole | PartKind::Raw => return Some(0),
            PartKind::Text => {
                let inner = &text[before.inner.clone()];
                let line = inner.rsplit('\n').next().unwrap_or_default();
                if !line.chars().all(|c| matches!(c, ' ' | '-' | '?')) {
                    return Some(0);
                }
                column += line.len();
                if inner.contains('\n') {
                    break;
                }
            }
        }
    }
    (column > 0).then_some(column)
}

/// A block tag that is open.
struct Block {
    /// Whether its content is captured as a fragment.
    captures: bool,
}

struct Writer<'t, 'n> {
    source: &'t str,
    kind: Kind,
    besides: Besides<'n>,
    /// The names of macros, and of templates that have some.
    macros: BTreeSet<&'t str>,
    places: &'t mut Vec<Place>,
    out: Prepared,
    blocks: Vec<Block>,
}

impl Writer<'_, '_> {
    /// The number of the part's expression; a call names it before the part, or within it.
    fn number(&mut self, part: &Part) -> Option<usize> {
        if !matches!(part.kind, PartKind::Hole | PartKind::Tag) {
            return None;
        }
        let words = scan::tokens(self.source, part.inner.clone());
        let Besides::Numbers(numbering) = &mut self.besides else { return None };
        let number = numbering.begin(part, &words)?;
        if words.first().is_some_and(|word| matches!(word.text, "elif" | "macro")) {
            return Some(number);
        }
        self.insert(&format!("{{% do {AT_FUNCTION}({number}) %}}"), part.span.start);
        None
    }

    fn part(&mut self, part: &Part, kept: Range<usize>, number: Option<usize>) {
        match part.kind {
            PartKind::Text => self.text(kept),
            PartKind::Hole => self.hole(part),
            PartKind::Tag => self.tag(part, number),
            PartKind::Comment => {}
            PartKind::Raw => {
                self.insert("{% raw %}", part.span.start);
                self.text(kept);
                self.insert("{% endraw %}", part.span.end);
            }
        }
    }

    /// Static text; in a captured block each line is marked, because `indent` moves lines.
    fn text(&mut self, kept: Range<usize>) {
        let is_part = matches!(self.kind, Kind::Part(_));
        let by_line = is_part || self.blocks.iter().any(|block| block.captures);
        let mut at = kept.start;
        while at < kept.end {
            self.mark(at..kept.end);
            let line = self.source[at..kept.end].find('\n').map(|newline| at + newline + 1);
            let end = line.filter(|_| by_line).unwrap_or(kept.end);
            self.copy(at..end);
            at = end;
        }
    }

    fn mark(&mut self, span: Range<usize>) {
        if let Some(file) = self.kind.yaml() {
            self.insert(&marks::place(self.places.len()), span.start);
            self.places.push(Place::new(file, Span::new(span.start, span.end)));
        }
    }

    fn hole(&mut self, part: &Part) {
        let expression = part.inner.clone();
        let is_empty = self.source[expression.clone()].trim().is_empty();
        let Some(file) = self.kind.yaml() else {
            self.insert("{{", part.span.start);
            self.expression(expression, PartKind::Hole);
            self.insert("}}", part.span.end);
            return;
        };
        if is_empty {
            self.copy(part.span.clone());
            return;
        }
        self.insert("{{ (", part.span.start);
        self.expression(expression, PartKind::Hole);
        let end = format!(")|{HOLE_FILTER}({}) }}}}", self.places.len());
        self.insert_about(&end, part.inner.end, part.inner.clone());
        self.places.push(Place::new(file, Span::new(part.span.start, part.span.end)));
    }

    fn tag(&mut self, part: &Part, number: Option<usize>) {
        let words = scan::tokens(self.source, part.inner.clone());
        let (opens, closes) = (self.opened(&words), self.closed(&words));
        if closes.as_ref().is_some_and(|block| block.captures) {
            self.insert(CLOSE.encode_utf8(&mut [0; 4]), part.span.start);
        }
        self.insert("{%", part.span.start);
        match (number, words.first()) {
            (Some(number), Some(word)) if word.is_word("elif") => {
                self.copy(part.inner.start..word.end());
                self.insert(&format!(" {AT_FUNCTION}({number}) and ("), word.end());
                self.expression(word.end()..part.inner.end, PartKind::Tag);
                self.insert(")", part.inner.end);
            }
            _ => self.expression(part.inner.clone(), PartKind::Tag),
        }
        self.insert("%}", part.span.end);
        if opens.as_ref().is_some_and(|block| block.captures) {
            self.insert(OPEN.encode_utf8(&mut [0; 4]), part.span.end);
        }
        if let Some(number) = number.filter(|_| words[0].is_word("macro")) {
            self.insert(&format!("{{% do {AT_FUNCTION}({number}) %}}"), part.span.end);
        }
        self.blocks.extend(opens);
    }

    /// Notes where a manifest calls a macro or renders a text file, which an error within them names.
    fn call(&mut self, part: &Part) {
        let Kind::Yaml(file) = self.kind else { return };
        if !matches!(part.kind, PartKind::Hole | PartKind::Tag) {
            return;
        }
        let words = scan::tokens(self.source, part.inner.clone());
        let calls = words.windows(2).any(|pair| match pair[1].text {
            "(" => self.macros.contains(pair[0].text),
            "." => self.macros.contains(pair[0].text) || pair[0].is_word("files"),
            _ => false,
        });
        // Nothing can be printed before these: they stand between the parts of another tag.
        let inner = words.first().is_some_and(|word| matches!(word.text, "elif" | "macro"));
        if calls && !inner {
            let note = format!("{{% do {CALL_FUNCTION}({}) %}}", self.places.len());
            self.insert(&note, part.span.start);
            self.places.push(Place::new(file, Span::new(part.span.start, part.span.end)));
        }
    }

    /// An `include` whose lines are all moved to its column.
    fn include(&mut self, part: &Part, column: usize) {
        let begin = format!("{{% filter indent({column}) %}}{OPEN}");
        self.insert(&begin, part.span.start);
        self.tag(part, None);
        self.insert(&format!("{CLOSE}{{% endfilter %}}"), part.span.end);
    }

    /// The block that a tag begins.
    fn opened(&self, words: &[Token<'_>]) -> Option<Block> {
        let captures = match words.first()?.text {
            "macro" | "call" | "filter" | "block" => true,
            "set" if is_set_block(words) => true,
            "for" => words.last().is_some_and(|word| word.is_word("recursive")),
            "if" | "with" | "autoescape" => false,
            _ => return None,
        };
        Some(Block { captures: captures && self.kind != Kind::Text })
    }

    /// The block that a tag ends.
    fn closed(&mut self, words: &[Token<'_>]) -> Option<Block> {
        words.first()?.text.starts_with("end").then(|| self.blocks.pop())?
    }

    /// An expression with its operands bounded, those of `~` turned into text.
    fn expression(&mut self, span: Range<usize>, part: PartKind) {
        let words = scan::tokens(self.source, span.clone());
        let mut inserted = operands(&words);
        if let Besides::Watch(table) = &mut self.besides {
            let within = Within::of(part, self.kind);
            inserted = watch::around(inserted, &words, (within, &self.macros), table);
        }
        let mut at = span.start;
        for operand in inserted {
            self.copy(at..operand.offset);
            self.insert_about(&operand.text, operand.offset, operand.about);
            at = operand.offset;
        }
        self.copy(at..span.end);
    }

    fn copy(&mut self, span: Range<usize>) {
        let mut at = span.start;
        while let Some(found) = self.source[at..span.end].find("\r\n") {
            self.push(at..at + found);
            at += found + 1;
        }
        self.push(at..span.end);
    }

    fn push(&mut self, span: Range<usize>) {
        let prepared = self.out.text.len();
        self.out.map.push(Mapped { prepared, original: span.start, about: None });
        self.out.text.push_str(&self.source[span]);
    }

    /// Text of our own, which stands for the byte `at` of the file.
    fn insert(&mut self, text: &str, at: usize) {
        let prepared = self.out.text.len();
        self.out.map.push(Mapped { prepared, original: at, about: None });
        self.out.text.push_str(text);
    }

    /// Text of our own whose errors are about other bytes of the file.
    fn insert_about(&mut self, text: &str, at: usize, about: Range<usize>) {
        let prepared = self.out.text.len();
        self.out.map.push(Mapped { prepared, original: at, about: Some(about) });
        self.out.text.push_str(text);
    }
}

/// The names under which a template knows macros and other templates.
fn macros<'t>(text: &'t str, parts: &[Part]) -> BTreeSet<&'t str> {
    let mut names = BTreeSet::new();
    for part in parts.iter().filter(|part| part.kind == PartKind::Tag) {
        let words = scan::tokens(text, part.inner.clone());
        match words.first().map(|word| word.text) {
            Some("macro") => names.extend(words.get(1).map(|word| word.text)),
            Some("from" | "import") => {
                let words = words.iter().skip(2).filter(|word| word.kind == TokenKind::Word);
                names.extend(words.map(|word| word.text));
            }
            _ => {}
        }
    }
    names
}

/// Whether a `set` tag begins a block: it assigns nothing itself.
pub(super) fn is_set_block(words: &[Token<'_>]) -> bool {
    words.first().is_some_and(|word| word.is_word("set"))
        && !words.iter().any(|word| word.is_sign("="))
}

#[cfg(test)]
mod tests;
