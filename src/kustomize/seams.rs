//! Where the parts of `transform` that a kustomization needs besides are called, one function each.

use super::accumulate::Accumulated;
use super::config::{ReplacementEntry, Variable};
use super::load::Loader;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::transform::Resources;

fn unsupported(what: &str, place: Place, sink: &mut Sink) -> Reported {
    let message = format!("jibe does not build {what} yet");
    let finding = Diagnostic::error(Code::KustomizeUnsupported, message).at(place, "");
    sink.error(finding.hint("build this one with kustomize"))
}

/// Makes the replacements.
pub(super) fn replace(
    entries: &[ReplacementEntry],
    _resources: &mut Resources,
    _loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    match entries.first() {
        None => Ok(()),
        Some(entry) => Err(unsupported("replacements", entry.place, sink)),
    }
}

/// Adds a kustomization's variables to those of its bases.
pub(super) fn add_variables(
    variables: &[Variable],
    _all: &mut Accumulated,
    sink: &mut Sink,
) -> Result<(), Reported> {
    match variables.first() {
        None => Ok(()),
        Some(variable) => Err(unsupported("variables", variable.name.place, sink)),
    }
}

/// Adds the variables of a base to those that are known.
pub(super) fn merge_variables(
    own: &mut Vec<Variable>,
    others: Vec<Variable>,
    _sink: &mut Sink,
) -> Result<(), Reported> {
    own.extend(others);
    Ok(())
}

/// Puts the values of variables where `$(NAME)` stands.
pub(super) fn resolve_variables(_all: &mut Accumulated, _sink: &mut Sink) -> Result<(), Reported> {
    Ok(())
}
