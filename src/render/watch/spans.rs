//! Which words of an expression or tag are watched, and which of them only decide.

use super::{Role, Within};
use crate::render::operands::ends_value;
use crate::render::scan::{Token, TokenKind};
use std::collections::BTreeSet;
use std::ops::Range;

/// How deep brackets are looked into; what holds deeper ones counts as computed.
const MAX_DEPTH: usize = 3;

/// Filters that hand on what they are given, or parts of it, and never a piece of a text.
const MOVERS: [&str; 17] = [
    "attr", "coalesce", "d", "default", "dictsort", "dig", "get", "items", "keys", "merge", "omit",
    "pick", "required", "set", "ternary", "unset", "values",
];
/// Functions that do so.
const MOVING: [&str; 8] =
    ["coalesce", "dict", "dig", "merge", "namespace", "range", "required", "ternary"];

/// Words that need a filter around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Which words.
    pub range: Range<usize>,
    pub is: Is,
    /// Whether brackets in it are too deep to look into.
    pub is_deep: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    Watched(Role),
    Deciding,
}

/// All that is watched in an expression or tag.
///
/// `macros` are the names of macros, and of templates that have some.
pub(super) fn of(words: &[Token<'_>], within: Within, macros: &BTreeSet<&str>) -> Vec<Found> {
    let closed = closed(words);
    let mut finder = Finder { words, macros, closed, found: Vec::new(), is_deep: false };
    match within {
        Within::Hole => finder.add(0..words.len(), Is::Watched(Role::Printed)),
        Within::TextHole => finder.add(0..words.len(), Is::Watched(Role::Told)),
        Within::Tag => finder.tag(),
    }
    let is_deep = finder.is_deep;
    let mut found = finder.found;
    found.iter_mut().for_each(|one| one.is_deep = is_deep);
    found
}

/// Whether an expression makes anything of its values, by those of its words that are its own.
pub(super) fn computes(words: &[Token<'_>], own: &[usize]) -> bool {
    own.iter().any(|at| {
        let word = &words[*at];
        let next = words.get(at + 1);
        let before = |steps: usize| at.checked_sub(steps).map(|at| &words[at]);
        match word.kind {
            TokenKind::Sign => match word.text {
                "~" | "+" | "-" | "*" | "/" | "//" | "%" | "**" => true,
                "==" | "!=" | "<" | ">" | "<=" | ">=" => true,
                // A part of a list or text; of a map the colon is behind a key that nobody watches.
                ":" => is_slice(words, *at),
                _ => false,
            },
            TokenKind::Word if before(1).is_some_and(|word| word.is_sign("|")) => {
                let by_attribute = word.text == "map"
                    && words.get(at + 2).is_some_and(|word| word.is_word("attribute"));
                !by_attribute && !MOVERS.contains(&word.text)
            }
            TokenKind::Word if matches!(word.text, "in" | "not" | "is") => true,
            TokenKind::Word if next.is_some_and(|next| next.is_sign("(")) && !is_operator(word) => {
                match before(1).is_some_and(|word| word.is_sign(".")) {
                    // Each text of a file is known for what it was made of.
                    true => !before(2).is_some_and(|word| word.is_word("files")),
                    false => !MOVING.contains(&word.text),
                }
            }
            _ => false,
        }
    })
}

/// Whether a colon stands within the brackets behind a value.
fn is_slice(words: &[Token<'_>], at: usize) -> bool {
    let mut depth = 0usize;
    for open in (0..at).rev() {
        let word = &words[open];
        match depth {
            0 if word.opens() => {
                return word.is_sign("[") && open > 0 && ends_value(&words[open - 1]);
            }
            _ if word.opens() => depth -= 1,
            _ => depth += usize::from(word.closes()),
        }
    }
    false
}

fn is_operator(word: &Token<'_>) -> bool {
    matches!(word.text, "and" | "or" | "not" | "if" | "else" | "in" | "is" | "recursive")
}

/// For each bracket that opens the word that closes it.
fn closed(words: &[Token<'_>]) -> Vec<usize> {
    let mut closed = vec![words.len(); words.len()];
    let mut open = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if word.opens() {
            open.push(at);
        } else if let Some(opened) = open.pop_if(|_| word.closes()) {
            closed[opened] = at;
        }
    }
    closed
}

/// What a bracket opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bracket {
    /// The arguments of a macro.
    Macro,
    Call,
    List,
    Map,
    /// Any other: what is in it is no value of its own.
    Else,
}

struct Finder<'w, 't> {
    words: &'w [Token<'t>],
    macros: &'w BTreeSet<&'w str>,
    closed: Vec<usize>,
    found: Vec<Found>,
    is_deep: bool,
}

impl Finder<'_, '_> {
    fn add(&mut self, range: Range<usize>, is: Is) {
        if range.is_empty() {
            return;
        }
        self.found.push(Found { range: range.clone(), is, is_deep: false });
        self.inner(range, 0);
    }

    fn tag(&mut self) {
        let end = self.words.len();
        match self.words.first().map(|word| word.text) {
            Some("set") => {
                if let Some(split) = self.next(1..end, |word| word.is_sign("=")) {
                    self.add(split + 1..end, Is::Watched(Role::Named));
                }
            }
            Some("with") => {
                for part in self.parts(1..end) {
                    if let Some(split) = self.next(part.clone(), |word| word.is_sign("=")) {
                        self.add(split + 1..part.end, Is::Watched(Role::Named));
                    }
                }
            }
            Some("for") => self.loops(),
            Some("if" | "elif") => self.add(1..end, Is::Deciding),
            Some("do") => self.inner(1..end, 0),
            Some("call") => {
                let parameters = self.words.get(1).is_some_and(|word| word.is_sign("("));
                let begin = if parameters { self.closed[1] + 1 } else { 1 };
                self.inner(begin.min(end)..end, 0);
            }
            _ => {}
        }
    }

    fn loops(&mut self) {
        let end = self.words.len();
        let Some(split) = self.words.iter().position(|word| word.is_word("in")) else { return };
        let last = self.next(split + 1..end, |word| word.is_word("recursive")).unwrap_or(end);
        let decides = self.next(split + 1..last, |word| word.is_word("if"));
        self.add(split + 1..decides.unwrap_or(last), Is::Watched(Role::Named));
        if let Some(decides) = decides {
            self.add(decides + 1..last, Is::Deciding);
        }
    }

    /// The first of some words that is in no bracket of theirs.
    fn next(&self, range: Range<usize>, is_it: impl Fn(&Token<'_>) -> bool) -> Option<usize> {
        let mut at = range.start;
        while at < range.end {
            if is_it(&self.words[at]) {
                return Some(at);
            }
            at = if self.words[at].opens() { self.closed[at] + 1 } else { at + 1 };
        }
        None
    }

    /// What stands between commas.
    fn parts(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let (mut parts, mut start) = (Vec::new(), range.start);
        while let Some(comma) = self.next(start..range.end, |word| word.is_sign(",")) {
            parts.push(start..comma);
            start = comma + 1;
        }
        parts.push(start..range.end);
        parts
    }

    /// What is watched within words.
    fn inner(&mut self, range: Range<usize>, depth: usize) {
        let mut at = range.start;
        while at < range.end {
            let word = &self.words[at];
            if word.opens() {
                let close = self.closed[at].min(range.end);
                self.bracket(at, close, depth);
                at = close + 1;
            } else if word.is_word("if") {
                let ends = |word: &Token<'_>| word.is_word("else") || word.is_sign(",");
                let end = self.next(at + 1..range.end, ends).unwrap_or(range.end);
                if at + 1 < end {
                    let range = at + 1..end;
                    self.found.push(Found { range, is: Is::Deciding, is_deep: false });
                }
                self.inner(at + 1..end, depth);
                at = end;
            } else {
                at += 1;
            }
        }
    }

    fn bracket(&mut self, open: usize, close: usize, depth: usize) {
        if depth >= MAX_DEPTH {
            self.is_deep = true;
            return;
        }
        let bracket = self.bracket_kind(open);
        for part in self.parts(open + 1..close) {
            let sign = match bracket {
                Bracket::Map => Some(":"),
                Bracket::Call | Bracket::Macro => Some("="),
                Bracket::List | Bracket::Else => None,
            };
            let split = sign.and_then(|sign| self.next(part.clone(), |word| word.is_sign(sign)));
            let value = split.map_or(part.start, |split| split + 1)..part.end;
            if bracket != Bracket::Else && self.is_worth_it(&value) {
                let role = if bracket == Bracket::Macro { Role::Given } else { Role::Part };
                let (range, is) = (value.clone(), Is::Watched(role));
                self.found.push(Found { range, is, is_deep: false });
            }
            self.inner(value, depth + 1);
        }
    }

    fn bracket_kind(&self, open: usize) -> Bracket {
        let before = |steps: usize| open.checked_sub(steps).map(|at| &self.words[at]);
        let follows = before(1).is_some_and(ends_value);
        match self.words[open].text {
            "{" => Bracket::Map,
            "[" if !follows => Bracket::List,
            "(" if follows && before(1).is_some_and(|word| word.kind == TokenKind::Word) => {
                let is_called = |word: &Token<'_>| {
                    !(word.is_sign("|") || word.is_word("is") || word.is_word("not"))
                };
                match before(2) {
                    Some(word) if !is_called(word) => Bracket::Else,
                    Some(dot) if dot.is_sign(".") => self.called(before(3)),
                    _ => self.called(before(1)),
                }
            }
            _ => Bracket::Else,
        }
    }

    /// What the bracket behind a name opens.
    fn called(&self, name: Option<&Token<'_>>) -> Bracket {
        let is_macro = name.is_some_and(|name| self.macros.contains(name.text));
        if is_macro { Bracket::Macro } else { Bracket::Call }
    }

    /// Whether words are more than a text, a number or nothing, and no spread.
    fn is_worth_it(&self, range: &Range<usize>) -> bool {
        match &self.words[range.clone()] {
            [] => false,
            [only] => {
                only.kind == TokenKind::Word && !matches!(only.text, "true" | "false" | "none")
            }
            [first, ..] => !(first.is_sign("*") || first.is_sign("**")),
        }
    }
}
