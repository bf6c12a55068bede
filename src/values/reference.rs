//! Values that refer to other values: `!tpl "{{ values.a }}"`.

use crate::source::Place;
use crate::yaml::Scalar;

/// The tag of a value that refers to others.
pub const REFERENCE: &str = "!tpl";

/// Whether a scalar is an expression that stands for a value.
#[must_use]
pub fn is_reference(scalar: &Scalar) -> bool {
    scalar.tag.as_deref() == Some(REFERENCE)
}

/// A value that was referred to, once it is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Where among the values it stands; list items count as their position, `0` first.
    pub path: Vec<String>,
    /// Its bytes in the values file.
    pub place: Place,
    /// Its expression, without the tag.
    pub text: String,
    /// The paths that it looked at, in order.
    pub looked: Vec<Vec<String>>,
    /// Those of them that it took as a whole.
    pub whole: Vec<Vec<String>>,
}
