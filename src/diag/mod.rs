//! What jibe has to say about a user's input, as data.
//!
//! `stage --error, warn-->  Sink  --finish-->  Failure | warnings  --report-->  text for a person`
//!
//! Promise: a stage cannot fail in silence, because the [`Reported`] that its error result needs
//! can only be made by reporting; findings come out sorted by file, place and code, each once,
//! however many threads and targets found them; none shows a text that its files know as a secret. Prints nothing; knows no YAML and no Kubernetes.

mod argument;
mod code;
mod diagnostic;
mod failure;
mod identity;
mod json;
mod kind_secret;
mod masked;
mod near;
mod report;
mod severities;
mod sink;
mod unreadable;

pub use argument::{IN_QUOTES, WITHOUT_QUOTES, shell_word};
pub use code::Code;
pub use diagnostic::{Diagnostic, Excerpt, Label, Severity};
pub use failure::Failure;
pub use identity::Identity;
pub use json::json_text;
pub use near::nearest;
pub use report::{Paint, on_one_line, one_line, report, steers, visible};
pub use severities::{Level, NoSuchCode, Severities, is_of_manifests};
pub use sink::{Reported, Sink};
pub use unreadable::{unreadable, unusable_path};
