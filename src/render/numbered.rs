//! The expressions of templates, numbered so that a traced render can say which of them reads what.
//!
//! Before each hole and tag that has an expression stands a call that names its number. It prints
//! nothing, so a traced render prints what any other prints.

use super::scan::{Part, PartKind, Token, TokenKind};
use crate::source::{FileId, Place, Span};
use std::sync::Arc;

/// The function that stands before every expression of a template that is traced; it gives `true`.
pub(super) const AT_FUNCTION: &str = "__at";

/// One expression of a template.
#[derive(Debug)]
pub(super) struct Expression {
    /// The hole or tag that it stands in.
    pub place: Place,
    /// The names that it uses.
    pub names: Vec<Arc<str>>,
    /// The names that its tag gives a value; of a macro, its parameters in order.
    pub binds: Vec<Arc<str>>,
    /// What it calls; of a macro, its own name alone.
    pub calls: Vec<Call>,
    /// What it is for.
    pub purpose: Purpose,
    /// The `for` around it, whose items are read between its own expressions.
    pub around: Option<usize>,
    /// Whether it stands in a macro, so that another line calls it.
    pub in_macro: bool,
}

/// A call within an expression.
#[derive(Debug)]
pub(super) struct Call {
    /// Whom.
    pub name: Arc<str>,
    /// What is passed, in order.
    pub arguments: Vec<Argument>,
}

/// What a call passes.
#[derive(Debug)]
pub(super) struct Argument {
    /// The parameter, if it is named.
    pub keyword: Option<Arc<str>>,
    /// The values that it names: a name and its attributes.
    pub chains: Vec<Vec<Arc<str>>>,
}

/// What an expression is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A hole or tag of a YAML file.
    Typed,
    /// A hole or tag of a text file, which may be read while a hole of a YAML file is made.
    Text,
    /// The begin of a macro: its parameters get what the caller passes.
    Parameters,
}

/// Numbers the expressions of one template.
#[derive(Debug)]
pub(super) struct Numbering<'n> {
    pub file: FileId,
    pub purpose: Purpose,
    pub expressions: &'n mut Vec<Expression>,
    open: Vec<Open>,
}

/// A block that is open.
#[derive(Debug)]
enum Open {
    For(usize),
    Macro,
}

impl<'n> Numbering<'n> {
    pub(super) fn new(
        file: FileId,
        purpose: Purpose,
        expressions: &'n mut Vec<Expression>,
    ) -> Self {
        Self { file, purpose, expressions, open: Vec::new() }
    }

    /// The number of the expression of a hole or tag, if it has one that runs before it prints.
    pub(super) fn begin(&mut self, part: &Part, words: &[Token<'_>]) -> Option<usize> {
        let first = words.first()?;
        if part.kind == PartKind::Hole {
            return Some(self.add(part, words, &[], self.purpose));
        }
        match first.text {
            "for" => {
                let split = words.iter().position(|word| word.is_word("in"))?;
                let number = self.add(part, &words[split..], &words[..split], self.purpose);
                self.open.push(Open::For(number));
                Some(number)
            }
            "set" | "with" => {
                let split = words.iter().position(|word| word.is_sign("="))?;
                Some(self.add(part, &words[split..], &words[..split], self.purpose))
            }
            "if" | "elif" | "do" | "include" | "call" | "filter" => {
                Some(self.add(part, words, &[], self.purpose))
            }
            "macro" => {
                self.open.push(Open::Macro);
                let (name, parameters) = words.split_at(words.len().min(2));
                let number = self.add(part, &[], &declared(parameters), Purpose::Parameters);
                let name = name.last().map_or("", |word| word.text).into();
                self.expressions[number].calls = vec![Call { name, arguments: Vec::new() }];
                Some(number)
            }
            "endfor" | "endmacro" => {
                self.open.pop();
                None
            }
            _ => None,
        }
    }

    fn add(
        &mut self,
        part: &Part,
        names: &[Token<'_>],
        binds: &[Token<'_>],
        purpose: Purpose,
    ) -> usize {
        let around = self.open.iter().rev().find_map(|open| match open {
            Open::For(number) => Some(*number),
            Open::Macro => None,
        });
        self.expressions.push(Expression {
            place: Place::new(self.file, Span::new(part.span.start, part.span.end)),
            names: free_names(names),
            binds: free_names(binds),
            calls: calls(names),
            purpose,
            around,
            in_macro: self.open.iter().any(|open| matches!(open, Open::Macro)),
        });
        self.expressions.len() - 1
    }
}

/// The words that are neither attributes nor filters.
pub(super) fn free_names(words: &[Token<'_>]) -> Vec<Arc<str>> {
    let is_free = |at: usize| {
        let before = at.checked_sub(1).map(|before| &words[before]);
        words[at].kind == TokenKind::Word
            && !before.is_some_and(|before| before.is_sign(".") || before.is_sign("|"))
    };
    (0..words.len()).filter(|at| is_free(*at)).map(|at| words[at].text.into()).collect()
}

/// The parameters that a macro declares, without their defaults.
fn declared<'t>(words: &[Token<'t>]) -> Vec<Token<'t>> {
    let inner = words.get(1..).unwrap_or_default();
    arguments(inner).into_iter().filter_map(|argument| argument.first().cloned()).collect()
}

/// The calls in an expression; filters are none.
fn calls(words: &[Token<'_>]) -> Vec<Call> {
    let is_call = |at: &usize| {
        let piped = at.checked_sub(1).is_some_and(|before| words[before].is_sign("|"));
        words[*at].kind == TokenKind::Word && words[at + 1].is_sign("(") && !piped
    };
    let call = |at: usize| Call {
        name: words[at].text.into(),
        arguments: arguments(&words[at + 2..]).into_iter().map(argument).collect(),
    };
    (0..words.len().saturating_sub(1)).filter(is_call).map(call).collect()
}

/// The words between a bracket, which is left out, and the one that closes it, parted by commas.
fn arguments<'w, 't>(words: &'w [Token<'t>]) -> Vec<&'w [Token<'t>]> {
    let (mut depth, mut start) = (0usize, 0);
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let ends = depth == 0 && (word.is_sign(",") || word.closes());
        if ends && start < at {
            found.push(&words[start..at]);
        }
        match () {
            () if depth == 0 && word.closes() => break,
            () if ends => start = at + 1,
            () if word.opens() => depth += 1,
            () if word.closes() => depth -= 1,
            () => {}
        }
    }
    found
}

fn argument(words: &[Token<'_>]) -> Argument {
    let keyword = match words {
        [name, sign, ..] if sign.is_sign("=") => Some(name.text.into()),
        _ => None,
    };
    let words = if keyword.is_some() { &words[2..] } else { words };
    Argument { keyword, chains: chains(words) }
}

/// The names in an expression with their attributes: `values.image.tag`.
fn chains(words: &[Token<'_>]) -> Vec<Vec<Arc<str>>> {
    let starts = |at: &usize| {
        let before = at.checked_sub(1).map(|before| &words[before]);
        words[*at].kind == TokenKind::Word
            && !before.is_some_and(|before| before.is_sign(".") || before.is_sign("|"))
    };
    let chain = |at: usize| {
        let rest = words[at + 1..].chunks(2).take_while(
            |pair| matches!(pair, [dot, word] if dot.is_sign(".") && word.kind == TokenKind::Word),
        );
        let names = std::iter::once(&words[at]).chain(rest.map(|pair| &pair[1]));
        names.map(|word| word.text.into()).collect()
    };
    (0..words.len()).filter(starts).map(chain).collect()
}
