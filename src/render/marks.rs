//! The private characters that travel through templates, and the only code that writes or reads them.
//!
//! A mark is a letter of [`RESERVED`], for most of them followed by a decimal number and [`STOP`].
//! No input holds such a character, so whatever holds one was made here.

use crate::source::RESERVED;

/// The byte that all reserved characters begin with, which is rare in real text.
const LEAD: u8 = 0xF4;
/// Begins what a macro, `set`, `call` or `filter` block of a YAML file captures.
pub(super) const OPEN: char = '\u{10FF00}';
/// Ends it.
pub(super) const CLOSE: char = '\u{10FF01}';
/// Ends the number of a mark.
pub(super) const STOP: char = '\u{10FF02}';
/// The number of the place from which the text behind it was copied.
const PLACE: char = '\u{10FF03}';
/// The number of a value that was kept aside.
const HOLE: char = '\u{10FF04}';
/// Like a hole, but its entries or items stand beside those around it.
const SPREAD: char = '\u{10FF05}';
/// The number of the place where a fragment is inserted.
const INSERT: char = '\u{10FF06}';
/// The end of an inserted fragment.
const INSERT_END: char = '\u{10FF07}';

/// One thing that a marked text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Text without marks.
    Text(&'t str),
    /// The text behind it was copied from this place.
    Place(usize),
    /// A value that was kept aside.
    Hole(usize),
    /// A value whose entries or items stand beside those around it.
    Spread(usize),
    /// A fragment is inserted by the hole at this place.
    Insert(usize),
    /// The fragment ends.
    InsertEnd,
    /// The begin or end of a captured block, or a mark that is cut in two.
    Other(char),
}

/// Whether a text holds a reserved character.
pub(super) fn is_marked(text: &str) -> bool {
    next_mark(text) < text.len()
}

/// Whether a text begins with what may be a mark; most texts do not, which is quickly told.
pub(super) fn may_begin_with_mark(text: &str) -> bool {
    text.as_bytes().first() == Some(&LEAD)
}

fn mark(mark: char, number: usize) -> String {
    let mut text = String::new();
    push(&mut text, mark, number);
    text
}

/// Done many times for each manifest, so without the machinery of `write!`.
fn push(text: &mut String, mark: char, number: usize) {
    text.reserve(mark.len_utf8() + 4 + STOP.len_utf8());
    text.push(mark);
    push_number(text, number);
    text.push(STOP);
}

fn push_number(text: &mut String, number: usize) {
    if number > 9 {
        push_number(text, number / 10);
    }
    text.push(b"0123456789"[number % 10].into());
}

pub(super) fn place(number: usize) -> String {
    mark(PLACE, number)
}

pub(super) fn hole(number: usize) -> String {
    mark(HOLE, number)
}

pub(super) fn spread(number: usize) -> String {
    mark(SPREAD, number)
}

/// A fragment as a YAML file prints it: without its ends, marked as inserted by the hole at `place`.
pub(super) fn inserted(fragment: &str, place: usize) -> String {
    let mut text = String::with_capacity(fragment.len() + 24);
    push(&mut text, INSERT, place);
    text.extend(without_ends(fragment).trim_end().chars().filter(|c| !matches!(*c, OPEN | CLOSE)));
    text.push(INSERT_END);
    text
}

/// White space at the end of a fragment is no part of it, wherever its end mark stands.
fn without_ends(fragment: &str) -> &str {
    fragment.trim_end_matches(|c: char| c == CLOSE || c.is_whitespace())
}

/// A value as a fragment of its own.
pub(super) fn fragment(content: &str) -> String {
    format!("{OPEN}{content}{CLOSE}")
}

/// Whether a captured text is fragments only, so that nothing was glued to them.
pub(super) fn is_fragment(text: &str) -> bool {
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            OPEN => depth += 1,
            CLOSE if depth == 0 => return false,
            CLOSE => depth -= 1,
            _ if depth == 0 => return false,
            _ => {}
        }
    }
    depth == 0
}

/// The pieces of a marked text, in order.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, length) = first_piece(rest)?;
        rest = &rest[length..];
        Some(piece)
    })
}

fn first_piece(text: &str) -> Option<(Piece<'_>, usize)> {
    let mark = text.chars().next()?;
    if !RESERVED.contains(&mark) {
        let end = next_mark(text);
        return Some((Piece::Text(&text[..end]), end));
    }
    let rest = &text[mark.len_utf8()..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = Some(&rest[..digits]).filter(|_| rest[digits..].starts_with(STOP));
    let parsed = number.and_then(|number| Some((number.parse().ok()?, digits)));
    let whole = |digits: usize| mark.len_utf8() + digits + STOP.len_utf8();
    Some(match (mark, parsed) {
        (PLACE, Some((number, digits))) => (Piece::Place(number), whole(digits)),
        (HOLE, Some((number, digits))) => (Piece::Hole(number), whole(digits)),
        (SPREAD, Some((number, digits))) => (Piece::Spread(number), whole(digits)),
        (INSERT, Some((number, digits))) => (Piece::Insert(number), whole(digits)),
        (INSERT_END, _) => (Piece::InsertEnd, mark.len_utf8()),
        _ => (Piece::Other(mark), mark.len_utf8()),
    })
}

/// The offset of the next reserved character, or the end.
fn next_mark(text: &str) -> usize {
    let mut from = 0;
    while let Some(found) = memchr::memchr(LEAD, &text.as_bytes()[from..]) {
        let at = from + found;
        if text[at..].starts_with(|c| RESERVED.contains(&c)) {
            return at;
        }
        from = at + 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Piece, fragment, hole, inserted, is_fragment, is_marked, pieces, place, spread};

    #[test]
    fn a_marked_text_falls_into_its_pieces() {
        let text = format!("a{}b{}{}{}", place(7), hole(12), spread(0), inserted("x", 3));
        let found: Vec<_> = pieces(&text).collect();
        let expect = [
            Piece::Text("a"),
            Piece::Place(7),
            Piece::Text("b"),
            Piece::Hole(12),
            Piece::Spread(0),
            Piece::Insert(3),
            Piece::Text("x"),
            Piece::InsertEnd,
        ];
        assert_eq!(found, expect);
    }

    #[test]
    fn a_fragment_has_nothing_outside_of_its_ends() {
        let one = fragment("a: 1\n");
        assert!(is_fragment(&one) && is_fragment(&format!("{one}{one}")));
        assert!(!is_fragment(&format!("{one}x")) && !is_fragment(&format!("x{one}")));
        assert!(!is_fragment(&one[..6]) && !is_fragment(&one[4..]));
    }

    #[test]
    fn white_space_at_the_end_of_a_fragment_is_dropped() {
        let text = inserted(&fragment("a: 1\n  "), 0);
        assert!(pieces(&text).any(|piece| piece == Piece::Text("a: 1")));
    }

    #[test]
    fn ordinary_text_of_any_script_is_unmarked() {
        assert!(!is_marked("grün 漢字 🚀 \u{10FFFD}\u{100000}") && is_marked(&hole(1)));
    }
}
