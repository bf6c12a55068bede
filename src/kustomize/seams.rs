//! Where the parts of `transform` that a kustomization needs besides are called, one function each.

use super::accumulate::{Accumulated, Target};
use super::load::Loader;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::transform::Resources;

fn unsupported(what: &str, place: Place, sink: &mut Sink) -> Reported {
    let message = format!("jibe does not build {what} yet");
    let finding = Diagnostic::error(Code::KustomizeUnsupported, message).at(place, "");
    sink.error(finding.hint("build this one with kustomize"))
}

/// Adds what `configMapGenerator` and `secretGenerator` make: the Secrets come behind the ConfigMaps.
pub(super) fn generate(
    target: &Target,
    _all: &mut Accumulated,
    _loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    match target.config.config_maps.iter().chain(&target.config.secrets).next() {
        None => Ok(()),
        Some(generator) => Err(unsupported("generators", generator.place, sink)),
    }
}

/// Puts a hash of its content behind the name of each object that was made with one.
pub(super) fn hash_names(_resources: &mut Resources, _sink: &mut Sink) -> Result<(), Reported> {
    Ok(())
}
