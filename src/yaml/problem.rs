//! What is wrong with a YAML text, before it is known which file the text comes from.

use crate::diag::{Code, Diagnostic};
use crate::source::{FileId, Place, Span};

/// One thing that is wrong with a YAML text.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Its stable name.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// Where in the text.
    pub span: Span,
    /// A further place and what stands there.
    pub also: Option<(Span, &'static str)>,
    /// The next step.
    pub hint: Option<String>,
    /// The names that would be right there, if it is a field or a choice that is not known.
    pub expected: &'static [&'static str],
}

impl Problem {
    /// A problem at `span`.
    pub fn new(code: Code, message: impl Into<String>, span: Span) -> Self {
        Self { code, message: message.into(), span, also: None, hint: None, expected: &[] }
    }

    /// Adds the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn also(mut self, span: Span, text: &'static str) -> Self {
        self.also = Some((span, text));
        self
    }

    /// The finding, for a text that is the whole file.
    #[must_use]
    pub fn in_file(self, file: FileId) -> Diagnostic {
        let finding = Diagnostic::error(self.code, self.message)
            .at(Place::new(file, self.span), "")
            .maybe_hint(self.hint);
        match self.also {
            Some((span, text)) => finding.also(Place::new(file, span), text),
            None => finding,
        }
    }
}
