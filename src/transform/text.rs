//! A text that a user wrote, and where.

use crate::source::Place;
use std::sync::Arc;

/// A text of a kustomization file and the place that messages about it point at.
#[derive(Debug, Clone)]
pub struct Text {
    /// The text.
    pub text: Arc<str>,
    /// Where it stands.
    pub place: Place,
}

impl Text {
    /// A text at a place.
    pub fn new(text: impl Into<Arc<str>>, place: Place) -> Self {
        Self { text: text.into(), place }
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.text
    }
}
