//! An expression that was judged: names are positions, functions are what they do.

use super::Value;
use super::expression::{Access, What};
use super::library::Run;
use super::value::Key;

/// One step of a program.
#[derive(Debug)]
pub(super) enum Code {
    Literal(Value),
    /// The value of a variable, by its position from the outermost.
    Variable(usize),
    Field(Box<Code>, Key, Access),
    Call(Call),
    And(Box<[Code; 2]>),
    Or(Box<[Code; 2]>),
    If(Box<[Code; 3]>),
    List(Vec<Item>),
    Map(Vec<(Code, Item)>),
    Fold(Box<Fold>),
}

#[derive(Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) run: Run,
    pub(super) arguments: Vec<Code>,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) value: Code,
    pub(super) is_optional: bool,
}

/// A macro over a range. Its variables take the next one or two positions.
#[derive(Debug)]
pub(super) struct Fold {
    pub(super) what: What,
    pub(super) range: Code,
    pub(super) has_second: bool,
    pub(super) filter: Option<Code>,
    pub(super) body: Code,
}
