//! Values that refer to other values: `!tpl "{{ values.a }}"`.

use super::Values;
use crate::source::Place;
use crate::yaml::{Data, Node, Scalar};

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

impl Reference {
    /// Whether it looked at a secret value of `values`, or took one along.
    #[must_use]
    pub fn reads_secret(&self, values: &Values) -> bool {
        let at = |path: &Vec<String>| {
            let path: Vec<_> = path.iter().map(String::as_str).collect();
            values.find(&path)
        };
        let is_secret = |node: &Node| node.as_scalar().is_some() && values.secret().hold(node);
        self.looked.iter().filter_map(at).any(is_secret)
            || self.whole.iter().filter_map(at).any(|node| holds_secret(node, values))
    }
}

fn holds_secret(node: &Node, values: &Values) -> bool {
    match &node.data {
        Data::Scalar(_) => values.secret().hold(node),
        Data::List(items) => items.iter().any(|node| holds_secret(node, values)),
        Data::Map(map) => map.values().any(|node| holds_secret(node, values)),
    }
}
