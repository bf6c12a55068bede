//! The Common Expression Language, with the functions that Kubernetes adds to it.
//!
//! `text  --compile(variables)-->  Program  --run(values, budget)-->  Value`
//!
//! Promise: an expression is judged before it runs, by the types that a schema declares; what it may cost at most is
//! known then, and what it does cost is bounded, whatever it says: there is no way to hang. Same values, same answer:
//! no clock, no random, maps in the order of their keys. Knows no object, no definition and no file.
//!
//! `lexer` and `parse` read, `typing` judges types and costs, `evaluate` runs; `signatures.txt` is the table of functions.

mod compiled;
mod cost;
mod evaluate;
mod expression;
mod kinds;
mod lexer;
mod library;
mod parse;
mod signatures;
mod time;
mod typing;
mod value;

#[cfg(test)]
mod tests;

pub use evaluate::{Budget, Failure};
pub use kinds::{Declared, Object, Type};
pub use library::{Cidr, Format, Quantity, Url};
pub use parse::is_reserved;
pub use time::{Duration, Timestamp};
pub use value::{Key, List, ListKind, Value};

use compiled::Code;
use std::ops::Range;

/// An expression that is ready to run.
#[derive(Debug)]
pub struct Program {
    code: Code,
    kind: Type,
    most: u64,
    newest: Newest,
    used: Vec<bool>,
}

/// The part of a program that the fewest versions of Kubernetes know.
#[derive(Debug, Default)]
struct Newest {
    since: u32,
    what: String,
}

/// Why a text is no expression, or none that the types allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The bytes of the text that are wrong.
    pub span: Range<usize>,
    /// What is wrong, with the user's names in backticks.
    pub message: String,
}

impl Fault {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// What an expression is for, which decides what it can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// To judge or compute.
    #[default]
    Judging,
    /// To change an object: it can make `JSONPatch{…}` and `Object{…}`. Only a server applies what it makes.
    Patching,
}

/// Compiles an expression over named variables, in the order in which their values are given later.
///
/// # Errors
/// When it is no expression, names what there is not, or mixes types.
pub fn compile(text: &str, variables: &[(&str, Declared)]) -> Result<Program, Fault> {
    compile_for(Purpose::Judging, text, variables)
}

/// Compiles an expression, as [`compile`], for a purpose.
///
/// # Errors
/// As [`compile`].
pub fn compile_for(
    purpose: Purpose,
    text: &str,
    variables: &[(&str, Declared)],
) -> Result<Program, Fault> {
    let read = parse::parse(text)?;
    typing::check(&read, variables, purpose)
}

/// Judges a regular expression, as Go's `regexp` reads it.
///
/// # Errors
/// When it is none, with the reason.
pub fn check_pattern(pattern: &str) -> Result<(), String> {
    library::pattern(pattern).map(|_| ())
}

/// Whether a text has a place that a regular expression describes; true of one that is none.
#[must_use]
pub fn fits_pattern(pattern: &str, text: &str) -> bool {
    library::pattern(pattern).map_or(true, |pattern| pattern.is_match(text))
}

impl Program {
    /// The type of its value.
    #[must_use]
    pub fn kind(&self) -> &Type {
        &self.kind
    }

    /// What it costs at most, in the units of an API server, for values as large as they are declared.
    #[must_use]
    pub fn most(&self) -> u64 {
        self.most
    }

    /// The minor Kubernetes version from which on servers take it in new objects.
    #[must_use]
    pub fn since(&self) -> u32 {
        self.newest.since
    }

    /// What of it servers take only since then, in words: `` `ip` ``.
    #[must_use]
    pub fn newest(&self) -> &str {
        &self.newest.what
    }

    /// Whether it reads a variable, by its position.
    #[must_use]
    pub fn uses(&self, variable: usize) -> bool {
        self.used.get(variable).copied().unwrap_or(false)
    }

    /// Its value for the values of its variables.
    ///
    /// # Errors
    /// When a part has no value, such as a key that is not there, or the budget is used up.
    pub fn run(&self, values: &[Value], budget: &mut Budget) -> Result<Value, Failure> {
        evaluate::run(&self.code, values, budget)
    }
}
