//! Transformers and generators that are configured by objects of their own: kustomize's own ones only.

use super::accumulate::Accumulated;
use super::config::{self, Plugin};
use super::generate;
use super::load::Loader;
use super::steps::Step;
use crate::diag::{Code, Diagnostic, Excerpt, Reported, Sink};
use crate::transform::generate::{absorb, service_account, told};
use crate::transform::{Resource, Transformation};
use crate::yaml::{self, Node};

const VALIDATED_BY: &str = "validated-by";

/// The edits that an object asks for.
///
/// # Errors
/// When it asks for a program to be run, or for no edit of kustomize.
pub(super) fn transformers(object: &Resource, sink: &mut Sink) -> Result<Vec<Step>, Reported> {
    refuse_programs(object, sink)?;
    config::steps_of(&object.node, sink)
}

/// Adds what the objects generate.
///
/// # Errors
/// When one asks for a program to be run, for no generator of kustomize, or for what cannot be made.
pub(super) fn generate(
    objects: &[Resource],
    all: &mut Accumulated,
    loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    for object in objects {
        refuse_programs(object, sink)?;
        let mut made = match config::plugin(&object.node, sink)? {
            Plugin::Data(generator) => {
                generate::object(&generator, generator.options.as_ref(), loader, sink)?
            }
            Plugin::Policy(policy) => {
                service_account(&policy).map_err(|fault| sink.error(told(fault, Excerpt::Shown)))?
            }
        };
        made.origin = generate::origin(named(object), object.place());
        absorb(&mut all.resources, made, sink)?;
    }
    Ok(())
}

fn refuse_programs(object: &Resource, sink: &mut Sink) -> Result<(), Reported> {
    let gvk = object.id().gvk;
    if &*gvk.api_version == "builtin" {
        return Ok(());
    }
    let message = format!("`{}` is a plugin, and jibe runs no programs", gvk.kind);
    let finding = Diagnostic::error(Code::KustomizePlugin, message).at(object.place(), "");
    Err(sink.error(finding.hint("write what it makes into files and list those under `resources`")))
}

/// How an object's edit is called in the origins of others; none if nobody asks.
pub(super) fn named(object: &Resource) -> Option<Transformation> {
    let origin = object.origin.as_ref()?;
    let id = object.id();
    Some(Transformation {
        configured_in: origin.path.clone(),
        api_version: id.gvk.api_version,
        kind: id.gvk.kind,
        name: id.name,
        namespace: id.namespace,
    })
}

/// Whether a validator left an object as it was. It may add the label `validated-by`, where there are no labels:
/// kustomize writes others anew, and takes that for a change. So it does if a name is only noted, as a JSON patch does.
pub(super) fn is_untouched(before: &Resource, after: &Resource) -> bool {
    let are_noted = before.noted == after.noted
        && before.previous.len() == after.previous.len()
        && before.prefixes.len() == after.prefixes.len()
        && before.suffixes.len() == after.suffixes.len();
    let mut node = after.node.clone();
    if let Some(metadata) = node.at_mut(&["metadata"]).and_then(Node::as_map_mut) {
        let is_only = |labels: &Node| {
            labels.as_map().is_some_and(|map| map.len() == 1 && map.contains_key(VALIDATED_BY))
        };
        if metadata.get("labels").is_some_and(is_only) {
            metadata.shift_remove("labels");
        }
    }
    are_noted && yaml::same_data(&before.node, &node)
}
