//! `ValueAddTransformer`: its targets are written into its configuration, into a file of their own, or both.

use super::config;
use super::load::Loader;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::transform::{self, AddTarget, Resources, Text};
use crate::yaml;

/// Puts a text into the fields of all targets, those of the file last.
pub(super) fn add_value(
    value: &Text,
    (targets, file): (&[AddTarget], Option<&Text>),
    (resources, loader): (&mut Resources, &mut Loader<'_>),
    sink: &mut Sink,
) -> Result<(), Reported> {
    let mut targets = targets.to_vec();
    if let Some(path) = file {
        let source = loader.file(path, sink)?;
        let documents = yaml::read_with(&source, config::CONFIG, sink)?;
        if let Some(document) = documents.first() {
            targets.extend(config::add_targets(&document.root, sink)?);
        }
    }
    if targets.is_empty() {
        let message = "this transformer needs `targets`";
        let finding = Diagnostic::error(Code::KustomizeValue, message).at(value.place, "");
        return Err(sink.error(finding.hint("add `targets`")));
    }
    targets.iter().try_for_each(|target| transform::add_value(value, target, resources, sink))
}
