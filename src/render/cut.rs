//! The engine's output becomes YAML text: marks of places are cut out, fragments are checked.
//!
//! What is left holds holes only, numbered in the order in which they were printed. It names no
//! value, so equal control flow gives equal text.

use super::marks::{self, Piece};
use super::run::{Hole, Printed};
use crate::diag::{Code, Diagnostic};
use crate::source::{Place, Span};
use minijinja::value::ValueKind;
use std::ops::Range;

/// YAML text with holes, and where its bytes came from.
#[derive(Debug, Default)]
pub(super) struct Cut {
    pub text: String,
    /// Where the bytes from an offset on came from, ascending.
    origins: Vec<(usize, Origin)>,
    /// The fragments: their bytes, and the holes that inserted them; an inner one before the outer one.
    fragments: Vec<(Range<usize>, Place)>,
}

#[derive(Debug, Clone, Copy)]
struct Origin {
    place: Place,
    /// Whether the bytes are those of the place, one by one; else they all stand for all of it.
    copied: bool,
}

impl Cut {
    /// Where a range of the text came from; `fallback` if nothing in it has a place.
    pub(super) fn place(&self, span: Span, fallback: Place) -> Place {
        let Some(first) = self.at(span.start as usize) else { return fallback };
        let last = (span.end as usize).saturating_sub(1).max(span.start as usize);
        match self.at(last) {
            Some(last) if last.file == first.file => {
                let end = last.span.end.max(first.span.end);
                Place::new(first.file, Span { start: first.span.start, end })
            }
            _ => first,
        }
    }

    /// The innermost fragment around a byte: its text, what stands before it on its line, and its hole.
    pub(super) fn fragment_at(&self, offset: usize) -> Option<(&str, &str, Place)> {
        let (range, place) = self.fragments.iter().find(|(range, _)| range.contains(&offset))?;
        let begin = self.text[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
        Some((&self.text[range.clone()], &self.text[begin..range.start], *place))
    }

    /// Where one byte came from.
    fn at(&self, offset: usize) -> Option<Place> {
        let index = self.origins.partition_point(|(start, _)| *start <= offset);
        let (start, origin) = self.origins.get(index.checked_sub(1)?)?;
        if !origin.copied {
            return Some(origin.place);
        }
        let span = origin.place.span.range();
        let byte = (span.start + (offset - start)).min(span.end.saturating_sub(1));
        Some(Place::new(origin.place.file, Span::new(byte, byte + 1)))
    }
}

/// A fragment that is being inserted.
struct Inserted {
    place: Option<Place>,
    /// Where it begins in the text.
    start: usize,
}

struct Cutter<'t> {
    places: &'t [Place],
    holes: &'t mut [Hole],
    cut: Cut,
    open: Vec<Inserted>,
    /// A fragment of several lines that has just ended: nothing may follow it on its last line.
    ended: Option<Option<Place>>,
    faults: Vec<Diagnostic>,
}

/// Cuts the marks out of a template's output.
///
/// # Errors
/// Every fragment that stands where it would break the lines around it.
pub(super) fn cut(
    output: &str,
    places: &[Place],
    holes: &mut [Hole],
) -> Result<Cut, Vec<Diagnostic>> {
    let cut = Cut { text: String::with_capacity(output.len()), ..Cut::default() };
    let (open, faults) = (Vec::new(), Vec::new());
    let mut cutter = Cutter { places, holes, cut, open, ended: None, faults };
    for piece in marks::pieces(output) {
        cutter.take(piece);
    }
    if cutter.faults.is_empty() { Ok(cutter.cut) } else { Err(cutter.faults) }
}

impl Cutter<'_> {
    fn take(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Text(text) => {
                self.check_behind(text);
                self.cut.text.push_str(text);
            }
            Piece::Place(number) => self.copied(self.place(number)),
            Piece::Hole(number) => {
                self.check_behind("{");
                self.made_by(self.holes.get(number).and_then(|hole| self.place(hole.place)));
                self.cut.text.push_str(&marks::hole(number));
            }
            Piece::Spread(number) => self.spread(number),
            Piece::Insert(number) => {
                let (place, start) = (self.place(number), self.cut.text.len());
                self.open.push(Inserted { place, start });
            }
            Piece::InsertEnd => self.end_fragment(),
            Piece::Other(_) => {}
        }
    }

    fn place(&self, number: usize) -> Option<Place> {
        let inserted = || self.open.iter().rev().find_map(|inserted| inserted.place);
        let before = || self.cut.origins.last().map(|(_, origin)| origin.place);
        self.places.get(number).copied().or_else(inserted).or_else(before)
    }

    /// The bytes from here on are those of the place.
    fn copied(&mut self, place: Option<Place>) {
        self.origin(place.map(|place| Origin { place, copied: true }));
    }

    /// The bytes from here on all stand for the place.
    fn made_by(&mut self, place: Option<Place>) {
        self.origin(place.map(|place| Origin { place, copied: false }));
    }

    fn origin(&mut self, origin: Option<Origin>) {
        let start = self.cut.text.len();
        self.cut.origins.extend(origin.map(|origin| (start, origin)));
    }

    /// The line so far.
    fn line(&self) -> &str {
        let begin = self.cut.text.rfind('\n').map_or(0, |newline| newline + 1);
        &self.cut.text[begin..]
    }

    /// A value of `to_yaml`: at the begin of a line its entries or items stand beside the others.
    fn spread(&mut self, number: usize) {
        let place = self.place(usize::MAX);
        self.made_by(place);
        let Some(hole) = self.holes.get_mut(number) else { return };
        if let Some(place) = place {
            hole.place = self.places.iter().position(|known| *known == place).unwrap_or(hole.place);
        }
        let kind = match &hole.value {
            Printed::Value(value) => value.kind(),
            Printed::Omit => ValueKind::None,
        };
        let begins = self.line().trim().is_empty();
        let mark = match kind {
            ValueKind::Map if begins => format!("{}:", marks::spread(number)),
            ValueKind::Seq if begins => format!("- {}", marks::spread(number)),
            _ => marks::hole(number),
        };
        self.cut.text.push_str(&mark);
    }

    fn end_fragment(&mut self) {
        let Some(inserted) = self.open.pop() else { return };
        let end = self.cut.text.len();
        self.cut.fragments.extend(inserted.place.map(|place| (inserted.start..end, place)));
        let text = &self.cut.text[inserted.start..];
        if !text.contains('\n') {
            return;
        }
        let begin = self.cut.text[..inserted.start].rfind('\n').map_or(0, |newline| newline + 1);
        let before = &self.cut.text[begin..inserted.start];
        if let Some((message, hint)) = misplaced(before, text) {
            self.fault(inserted.place, message, &hint);
        } else {
            self.ended = Some(inserted.place);
        }
    }

    /// Refuses text on the last line of a fragment of several lines.
    fn check_behind(&mut self, text: &str) {
        let Some(place) = self.ended else { return };
        let line = text.split('\n').next().unwrap_or_default().trim();
        if text.contains('\n') || !line.is_empty() {
            self.ended = None;
        }
        if !line.is_empty() && !line.starts_with('#') {
            let message = "the fragment has several lines, but text follows it on its last line";
            self.fault(place, message, "give the fragment a line of its own");
        }
    }

    fn fault(&mut self, place: Option<Place>, message: &str, hint: &str) {
        let finding = Diagnostic::error(Code::TemplateFragment, message).hint(hint);
        self.faults.push(match place {
            Some(place) => finding.at(place, ""),
            None => finding,
        });
    }
}

/// Why a fragment of several lines cannot stand behind `before` on its line, and what to do.
fn misplaced(before: &str, fragment: &str) -> Option<(&'static str, String)> {
    if before.trim_start().starts_with('#') || before.contains(" #") {
        let message = "a fragment of several lines stands in a comment, which ends with the first";
        return Some((message, "move the hole out of the comment, or remove it".to_owned()));
    }
    let (first, rest) = fragment.split_once('\n')?;
    if first.trim().is_empty() {
        return None;
    }
    let column = before.chars().count();
    if !before.chars().all(|c| c == ' ' || c == '-' || c == '?') {
        let message = "a fragment of several lines begins in the middle of a line";
        let outer = before.len() - before.trim_start().len();
        return Some((
            message,
            format!("put it on the next line, or write `nindent({})`", outer + 2),
        ));
    }
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let needed = column + indent(first);
    let left = rest.lines().any(|line| !line.trim().is_empty() && indent(line) < needed);
    let message = "the lines of the fragment start left of the place where it stands";
    left.then(|| (message, format!("write `| indent({column})` at its end")))
}
