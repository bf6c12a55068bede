//! A finding on its way through the engine, whose errors can carry another error as their source.

use crate::diag::Diagnostic;
use minijinja::{Error, ErrorKind};
use std::fmt;

/// A finding that a filter, a function or the formatter raised; the engine adds the place.
#[derive(Debug, Clone)]
pub(super) struct Refusal(pub(super) Box<Diagnostic>);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Refusal {}

impl From<Diagnostic> for Refusal {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(Box::new(diagnostic))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(ErrorKind::InvalidOperation, refusal.0.message.clone()).with_source(refusal)
    }
}
