//! What has to stand around expressions so that a render can tell what it makes of secret values.
//!
//! `words of an expression  --spans-->  watched expressions  --filters around them-->  what the engine runs`
//!
//! An expression that gives a name, an argument or an entry its value, or that prints, is watched: what it
//! makes is a secret if it read one, or names one, and does more than hand it on. What only decides
//! (`if`, `x if y else z`) is told apart: nobody sees it. What runs is in `watched`.

mod spans;

use super::operands::Operand;
use super::prepare::Kind;
use super::scan::{PartKind, Token, TokenKind};
use spans::{Found, Is};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// The function that stands before a watched expression; it says how many secrets were read so far.
pub(super) const READS_FUNCTION: &str = "__reads";
/// The filter around a watched expression.
pub(super) const WATCHED_FILTER: &str = "__watched";
/// The filter around an expression that only decides.
pub(super) const DECIDED_FILTER: &str = "__decided";

/// Filters that tell nothing of what stands in a map or list.
const MEASURES: [&str; 2] = ["keys", "length"];

/// An expression that is watched.
#[derive(Debug)]
pub(super) struct Watched {
    pub role: Role,
    /// Whether it makes anything of what it reads: by an operator, a call or a filter.
    pub computes: bool,
    /// The names that it uses, but those that only decide, with the steps that are written out.
    pub chains: Vec<Chain>,
    /// The texts that are written out in it.
    pub literals: Vec<Arc<str>>,
}

/// What a watched expression is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A hole of a YAML file.
    Printed,
    /// A hole of a text file: what it reads belongs to whoever asks for the text.
    Told,
    /// It gives a name its value.
    Named,
    /// An entry of a map or list, or an argument of a function.
    Part,
    /// An argument of a macro: what it reads belongs to whoever prints the parameter.
    Given,
}

/// A name and the steps that lead on from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chain {
    pub name: Arc<str>,
    pub steps: Vec<Step>,
    /// Whether only the keys or the length of what it leads to are asked for.
    pub is_measured: bool,
}

/// One step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(Arc<str>),
    Item(i64),
}

/// What an expression stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// A hole of a YAML file.
    Hole,
    /// A hole of a text file.
    TextHole,
    Tag,
}

impl Within {
    pub(super) fn of(part: PartKind, file: Kind) -> Self {
        match (part, file) {
            (PartKind::Hole, Kind::Text) => Self::TextHole,
            (PartKind::Hole, _) => Self::Hole,
            _ => Self::Tag,
        }
    }
}

/// What has to be inserted into an expression or tag besides, all in the order of the text.
pub(super) fn around(
    inserted: Vec<Operand>,
    words: &[Token<'_>],
    (within, macros): (Within, &BTreeSet<&str>),
    table: &mut Vec<Watched>,
) -> Vec<Operand> {
    let found = spans::of(words, within, macros);
    let mut all: Vec<(Key, Operand)> =
        inserted.into_iter().map(|operand| (key(&operand, Depth::Operand), operand)).collect();
    for one in &found {
        let span = words[one.range.start].start..words[one.range.end - 1].end();
        let (before, behind) = texts(one, &found, words, table);
        for (offset, text) in [(span.start, before), (span.end, behind)] {
            let operand = Operand { offset, text: text.into(), about: span.clone() };
            all.push((key(&operand, Depth::Watched), operand));
        }
    }
    // Stable: where two operands end together, the inner one was found first.
    all.sort_by_key(|(key, _)| *key);
    all.into_iter().map(|(_, operand)| operand).collect()
}

fn texts(
    one: &Found,
    all: &[Found],
    words: &[Token<'_>],
    table: &mut Vec<Watched>,
) -> (String, String) {
    match one.is {
        Is::Deciding => (format!("(({READS_FUNCTION}())|{DECIDED_FILTER}(("), String::from(")))")),
        Is::Watched(role) => {
            let number = table.len();
            table.push(watched(role, one, all, words));
            let before = format!("(({READS_FUNCTION}())|{WATCHED_FILTER}((");
            (before, format!("),{number}))"))
        }
    }
}

fn watched(role: Role, one: &Found, all: &[Found], words: &[Token<'_>]) -> Watched {
    let inner = |found: &&Found| {
        found.range != one.range
            && found.range.start >= one.range.start
            && found.range.end <= one.range.end
    };
    let decides = |at: &usize| {
        let mut deciding = all.iter().filter(inner).filter(|found| found.is == Is::Deciding);
        deciding.any(|found| found.range.contains(at))
    };
    let in_part = |at: &usize| all.iter().filter(inner).any(|found| found.range.contains(at));
    let own: Vec<usize> = one.range.clone().filter(|at| !in_part(at)).collect();
    let said: Vec<usize> = one.range.clone().filter(|at| !decides(at)).collect();
    let literals = said.iter().filter_map(|at| words[*at].quoted()).map(Arc::from);
    Watched {
        role,
        computes: one.is_deep || spans::computes(words, &own),
        literals: literals.collect(),
        chains: said.iter().filter_map(|at| chain(words, *at, one.range.end)).collect(),
    }
}

/// The name that begins at a word, with the steps that are written out behind it.
fn chain(words: &[Token<'_>], at: usize, end: usize) -> Option<Chain> {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let is_free = !before.is_some_and(|word| word.is_sign(".") || word.is_sign("|"));
    let is_keyword = words.get(at + 1).is_some_and(|next| next.is_sign("="));
    if words[at].kind != TokenKind::Word || !is_free || is_keyword {
        return None;
    }
    let (mut steps, mut at, name) = (Vec::new(), at + 1, words[at].text.into());
    while let Some((step, taken)) = step(&words[at.min(end)..end]) {
        steps.push(step);
        at += taken;
    }
    let is_measured = matches!(
        &words[at.min(end)..end],
        [pipe, filter, ..] if pipe.is_sign("|") && MEASURES.contains(&filter.text)
    );
    Some(Chain { name, steps, is_measured })
}

/// The step that begins with these words, and how many of them it is.
fn step(words: &[Token<'_>]) -> Option<(Step, usize)> {
    match words {
        [dot, name, ..] if dot.is_sign(".") && name.kind == TokenKind::Word => {
            Some((Step::Key(name.text.into()), 2))
        }
        [open, key, close, ..] if open.is_sign("[") && close.is_sign("]") => {
            let step = match key.kind {
                TokenKind::Number => Step::Item(key.text.parse().ok()?),
                _ => Step::Key(key.quoted()?.into()),
            };
            Some((step, 3))
        }
        _ => None,
    }
}

/// How far out something stands that begins and ends where another does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    Operand,
    Watched,
}

/// By where it stands; what ends before what begins; what is within another ends before it and begins
/// after it.
type Key = (usize, bool, std::cmp::Reverse<usize>, u8);

fn key(operand: &Operand, depth: Depth) -> Key {
    let Range { start, end } = operand.about.clone();
    let opens = operand.text.ends_with('(');
    let (other, depth) = match opens {
        true => (end, u8::from(depth == Depth::Operand)),
        false => (start, u8::from(depth == Depth::Watched)),
    };
    (operand.offset, opens, std::cmp::Reverse(other), depth)
}
