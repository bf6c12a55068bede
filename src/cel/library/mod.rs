//! What the functions do: the language's own, and those that Kubernetes adds.
//!
//! Each judges the values that it is given; what no signature takes is [`Trouble::NoOverload`], as at a server.

mod authorizer;
mod clauses;
mod conversions;
mod formats;
mod lists;
mod network;
mod operators;
mod optional;
mod patterns;
mod quantity;
mod strings;
mod times;
mod versions;

pub use formats::Format;
pub use network::{Cidr, Url};
pub use quantity::Quantity;

pub(super) use clauses::{Clause, Piece, pieces};
pub(super) use lists::sorted;
pub(super) use operators::select;
pub(super) use patterns::compile as pattern;

use super::Value;
use super::signatures::Style;

/// Why a value could not be computed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Trouble {
    /// No function of this name takes such values.
    NoOverload,
    /// Something else, in words.
    Told(String),
    /// It would take too long.
    TooCostly,
}

impl Trouble {
    fn told<T>(text: impl Into<String>) -> Result<T, Self> {
        Err(Self::Told(text.into()))
    }
}

/// What a function does with its arguments, the target first.
pub(super) type Run = fn(&[Value]) -> Result<Value, Trouble>;

/// The function of a name.
pub(super) fn function(style: Style, name: &str) -> Option<Run> {
    let tables = [
        operators::FUNCTIONS,
        conversions::FUNCTIONS,
        strings::FUNCTIONS,
        patterns::FUNCTIONS,
        lists::FUNCTIONS,
        optional::FUNCTIONS,
        times::FUNCTIONS,
        quantity::FUNCTIONS,
        network::FUNCTIONS,
        formats::FUNCTIONS,
        versions::FUNCTIONS,
        authorizer::FUNCTIONS,
        clauses::FUNCTIONS,
    ];
    let mut rows = tables.into_iter().flatten();
    let row = rows.find(|(known, name_of, _)| *known == style && *name_of == name);
    row.map(|(_, _, run)| *run)
}

/// How a function is called, its name, what it does.
type Row = (Style, &'static str, Run);
