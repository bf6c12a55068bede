//! What was done to an object after it was rendered.

use crate::source::Place;
use crate::yaml::Node;
use std::sync::Arc;

/// A field of an object that a kustomization changed.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The way to it from the object's root, by keys and by positions as they were then.
    pub path: Vec<Arc<str>>,
    /// What stood there before; none if nothing did.
    pub before: Option<Node>,
    /// What became of it.
    pub effect: Effect,
    /// The line that says so.
    pub place: Place,
}

/// What became of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It has another value, or one at last.
    Set,
    /// It is gone.
    Removed,
}
