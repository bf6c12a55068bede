//! The one public error.

use super::{Diagnostic, Paint, report};
use std::fmt;

/// Everything that was found when something failed: at least one error, sorted, warnings included.
///
/// `Debug` prints the readable report, because a `main` that returns an error prints `Debug`.
pub struct Failure {
    diagnostics: Vec<Diagnostic>,
}

impl Failure {
    pub(super) fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics }
    }

    /// The findings, sorted by file, place and code.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&report(&self.diagnostics, Paint::Plain))
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Failure {}
