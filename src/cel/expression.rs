//! An expression as it was read.

use super::Value;
use std::ops::Range;

/// A part of an expression and the bytes that it was written with.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    pub(super) span: Range<usize>,
    pub(super) form: Form,
    /// How many parts lie within each other here.
    pub(super) depth: usize,
}

impl Expression {
    pub(super) fn new(span: Range<usize>, form: Form) -> Self {
        let deepest = |parts: &[Self]| parts.iter().map(|part| part.depth).max().unwrap_or(0);
        let item = |item: &Item| item.value.depth;
        let inner = match &form {
            Form::Literal(_) | Form::Name(_) => 0,
            Form::Select(target, ..) => target.depth,
            Form::Call(call) => deepest(&call.arguments),
            Form::List(items) => items.iter().map(item).max().unwrap_or(0),
            Form::Map(entries) => {
                entries.iter().map(|(key, it)| key.depth.max(item(it))).max().unwrap_or(0)
            }
            Form::Made(_, fields) => fields.iter().map(|(_, it)| item(it)).max().unwrap_or(0),
            Form::Macro(found) => {
                let filter = found.filter.as_ref().map_or(0, |filter| filter.depth);
                found.range.depth.max(found.body.depth).max(filter)
            }
        };
        Self { span, form, depth: inner + 1 }
    }
}

/// What a part is.
#[derive(Debug, Clone)]
pub(super) enum Form {
    Literal(Value),
    Name(String),
    /// `a.b`, `has(a.b)`, `a.?b`
    Select(Box<Expression>, String, Access),
    /// A function, an operator such as `_+_`, or a method, whose target is the first argument.
    Call(Call),
    List(Vec<Item>),
    Map(Vec<(Expression, Item)>),
    Macro(Box<Macro>),
    /// `JSONPatch{op: "add"}`: the name of a type, and its fields.
    Made(String, Vec<(String, Item)>),
}

/// How a field is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Plain,
    Has,
    Optional,
}

#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) is_method: bool,
    pub(super) arguments: Vec<Expression>,
}

#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) value: Expression,
    /// `?x`: left out when it is an optional without a value.
    pub(super) is_optional: bool,
}

/// `range.all(x, …)` and its like.
#[derive(Debug, Clone)]
pub(super) struct Macro {
    pub(super) what: What,
    pub(super) range: Expression,
    pub(super) first: String,
    pub(super) second: Option<String>,
    pub(super) filter: Option<Expression>,
    pub(super) body: Expression,
}

/// What a macro makes of its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    TransformMap,
    TransformMapEntry,
    SortBy,
    /// `optional.optMap(x, …)`
    OptionalMap,
    /// `optional.optFlatMap(x, …)`
    OptionalFlatMap,
}
