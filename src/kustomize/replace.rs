//! `replacements`: written into the kustomization, or in files of their own.

use super::config::{self, ReplacementEntry};
use super::load::Loader;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::transform::{Resources, replacements};

/// Makes the replacements in order.
pub(super) fn replace(
    entries: &[ReplacementEntry],
    resources: &mut Resources,
    loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let mut all = Vec::new();
    for entry in entries {
        match &entry.path {
            None => all.push(entry.replacement.clone()),
            Some(path) if entry.is_inline() => {
                let message = "the entry has both a replacement and the path of a file with some";
                let finding =
                    Diagnostic::error(Code::KustomizeReplacement, message).at(path.place, "");
                return Err(sink.error(finding.hint("leave one of them out")));
            }
            Some(path) => {
                let source = loader.file(path, sink)?;
                all.extend(config::read_replacements(&source, sink)?);
            }
        }
    }
    replacements::replace(&all, resources, sink)
}
