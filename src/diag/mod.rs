//! What jibe has to say about a user's input, as data.
//!
//! `stage --error, warn-->  Sink  --finish-->  Failure | warnings  --report-->  text for a person`
//!
//! Promise: a stage cannot fail in silence, because the [`Reported`] that its error result needs
//! can only be made by reporting; findings come out sorted by file, place and code, each once,
//! however many threads and targets found them. Prints nothing; knows no YAML and no Kubernetes.

mod code;
mod diagnostic;
mod failure;
mod report;
mod severities;
mod sink;
mod unreadable;

pub use code::Code;
pub use diagnostic::{Diagnostic, Excerpt, Label, Severity};
pub use failure::Failure;
pub use report::{Paint, one_line, report, visible};
pub use severities::{Level, NoSuchCode, Severities};
pub use sink::{Reported, Sink};
pub use unreadable::{unreadable, unusable_path};

/// The name of `known` that a misspelt `word` most likely meant.
///
/// Case, a swapped pair or about a third of the letters may differ; among equals the first in the
/// order of `known` wins.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    let limit = (folded.chars().count() / 3).max(1);
    let distance = |name: &str| strsim::osa_distance(&folded, &name.to_lowercase());
    let near = known.into_iter().map(|name| (distance(name), name));
    let best = near.filter(|(far, _)| *far <= limit).min_by_key(|(far, _)| *far);
    best.map(|(_, name)| name)
}
