//! `replacements`: written into the kustomization, or in files of their own.

use super::config::{self, ReplacementEntry};
use super::load::Loader;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::transform::{Resource, Resources, as_string, replacements};
use crate::yaml::Node;
use indexmap::IndexSet;

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
    let idle = replacements::replace(&all, resources, sink)?;
    let Some(over) = loader.rendered() else { return Ok(()) };
    let targets = all.iter().filter_map(|replacement| replacement.targets.as_ref()).flatten();
    let fields: IndexSet<Place> =
        targets.flat_map(|target| &target.field_paths).map(|path| path.place).collect();
    for at in resources.touched() {
        resources.edit(at, |resource| as_texts(resource, &fields));
    }
    idle.into_iter().try_for_each(|target| over.warn_of_target(target, resources, sink))
}

/// Makes strings of the annotations that replacements set, which kustomize does at the end of a build.
fn as_texts(resource: &mut Resource, set_at: &IndexSet<Place>) {
    let annotations = resource.node.at_mut(&["metadata", "annotations"]);
    let annotations = annotations.and_then(Node::as_map_mut);
    for node in annotations.into_iter().flat_map(|map| map.values_mut()) {
        if node.set_at.is_some_and(|place| set_at.contains(&place)) && node.as_str().is_none() {
            *node = as_string(node);
        }
    }
}
