//! What a scalar means, however it is spelled: by this the API server tells the elements of a list apart.

use crate::transform::scalar::text_of;
use crate::yaml::{Node, Value};
use std::fmt;
use std::sync::Arc;

/// What a scalar means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Meaning {
    /// A boolean.
    Truth(bool),
    /// A number, as its shortest decimal text: `80`, `80.0` and `0x50` are one.
    Number(Arc<str>),
    /// A string.
    Text(Arc<str>),
}

impl Meaning {
    /// None of null, of a list and of a map.
    pub(super) fn of(node: &Node) -> Option<Self> {
        match node.as_scalar()?.value {
            Value::Null => None,
            Value::Bool(truth) => Some(Self::Truth(truth)),
            Value::Int(number) => Some(Self::Number(number.to_string().into())),
            Value::Uint(number) => Some(Self::Number(number.to_string().into())),
            Value::Float(number) => Some(Self::Number(number.to_string().into())),
            Value::String => Some(Self::Text(text_of(node).into())),
        }
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truth(truth) => truth.fmt(f),
            Self::Number(text) | Self::Text(text) => f.write_str(text),
        }
    }
}
