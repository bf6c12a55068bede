//! One finding.

use super::{Code, Identity};
use crate::source::{Place, Source};
use std::fmt;
use std::sync::Arc;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is written and the exit code is 1.
    Error,
    /// Worth a look; the output stands.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Whether a report may show the lines of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Excerpt {
    /// It may.
    Shown,
    /// It names file, line and column only, because the lines hold a secret.
    Hidden,
}

/// A place in a user's file and what stands there.
#[derive(Debug, Clone)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is to be seen there; may be empty.
    pub text: String,
    /// Whether the lines that stand there may be shown; not those that hold a secret.
    pub excerpt: Excerpt,
    /// The file itself; the sink fills it in, so that a finding can be shown without its `Files`.
    pub(super) source: Option<Arc<Source>>,
}

impl Label {
    fn new(place: Place, text: impl Into<String>) -> Self {
        Self { place, text: text.into(), excerpt: Excerpt::Shown, source: None }
    }

    /// The file's name with 1-based line and column.
    #[must_use]
    pub fn position(&self) -> (String, usize, usize) {
        let Some(source) = &self.source else { return (String::new(), 0, 0) };
        let (line, column) = source.line_column(self.place.span.start);
        (source.name().to_owned(), line, column)
    }

    /// The 1-based line and column of the first character behind the label.
    #[must_use]
    pub fn end(&self) -> (usize, usize) {
        self.source.as_ref().map_or((0, 0), |source| source.line_column(self.place.span.end))
    }

    fn key(&self) -> impl Ord + use<> {
        (self.position(), self.place.span.end, self.text.clone())
    }

    /// The text that the label points into.
    #[must_use]
    pub fn source(&self) -> Option<&Arc<Source>> {
        self.source.as_ref()
    }
}

/// One finding: a code, a sentence, the places that explain it and the next steps.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Its stable name.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, with the value and the path: lower case, no final dot.
    pub message: String,
    /// The place in the user's own file that is to be changed.
    pub at: Option<Label>,
    /// Further places: the template line, the layer that was overridden.
    pub also: Vec<Label>,
    /// The next steps.
    pub hints: Vec<String>,
    /// The targets it was found in, `environment/namespace/service`, sorted.
    pub targets: Vec<String>,
    /// The objects and paths within them that the finding is about, such as `Deployment/web
    /// spec.replicas`, sorted.
    pub subjects: Vec<String>,
    /// What it is about, for a later run; none of what can never be let pass.
    pub identities: Vec<Identity>,
}

impl Diagnostic {
    /// An error; it becomes one by [`Sink::error`](super::Sink::error).
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message.into())
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message.into())
    }

    fn new(code: Code, severity: Severity, message: String) -> Self {
        let (also, hints, targets, subjects) = Default::default();
        let identities = Vec::new();
        Self { code, severity, message, at: None, also, hints, targets, subjects, identities }
    }

    /// Sets the place that is to be changed.
    #[must_use]
    pub fn at(mut self, place: Place, text: impl Into<String>) -> Self {
        self.at = Some(Label::new(place, text));
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.also.push(Label::new(place, text));
        self
    }

    /// Lets reports name all places so far without showing what stands there: it is a secret.
    #[must_use]
    pub fn without_excerpts(mut self) -> Self {
        self.labels_mut().for_each(|label| label.excerpt = Excerpt::Hidden);
        self
    }

    /// Adds a next step.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }

    /// Adds a next step if there is one.
    #[must_use]
    pub fn maybe_hint(self, text: Option<String>) -> Self {
        match text {
            Some(text) => self.hint(text),
            None => self,
        }
    }

    /// Names the object and the path in it that the finding is about.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subjects.push(subject.into());
        self
    }

    /// Names the object and the field that a later run knows it by again.
    #[must_use]
    pub fn known_by(mut self, object: impl Into<String>, field: impl Into<String>) -> Self {
        let (object, field, code) = (object.into(), field.into(), self.code);
        self.identities.push(Identity { within: String::new(), object, field, code });
        self
    }

    /// All labels, the main one first.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        self.at.iter().chain(&self.also)
    }

    pub(super) fn labels_mut(&mut self) -> impl Iterator<Item = &mut Label> {
        self.at.iter_mut().chain(&mut self.also)
    }

    /// What findings are sorted by, and what makes two of them the same: nothing that depends on
    /// who found it first.
    pub(super) fn key(&self) -> impl Ord + use<> {
        let at = self.at.as_ref().map(Label::key);
        let also: Vec<_> = self.also.iter().map(Label::key).collect();
        (at, also, self.code, self.message.clone(), self.hints.clone(), self.severity)
    }
}

/// One line: `file:line:column: severity[code]: message`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::one_line(self))
    }
}
