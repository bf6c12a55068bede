//! What kustomize does last: some objects go, the others are put in order and cleaned.

use super::Options;
use super::accumulate::Target;
use super::config::Note;
use super::objects;
use super::twice::told;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::transform::{
    Edit, FieldSpec, Labels, Pattern, ResId, Resource, Resources, SortOrder, Text, edit_each,
    finish_annotations, refuse_misfits, sort,
};
use crate::yaml::{self, Data, Node};

const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// The version whose bytes are printed.
const VERSION: &str = "kustomize-v5.6.0";

/// Puts objects in order and takes away what kustomize only remembers.
pub(super) fn finish(
    mut resources: Resources,
    (target, options): (&Target, &Options),
    sink: &mut Sink,
) -> Result<Resources, Reported> {
    // An edit may have taken a name away, or given two objects one.
    let is_called =
        |ids: &[ResId]| ids.last().is_some_and(|id| !id.gvk.kind.is_empty() && !id.name.is_empty());
    for (resource, _) in resources.known().filter(|(_, ids)| !is_called(ids)) {
        objects::check(&resource.node, sink)?;
    }
    resources.refuse_twice().map_err(|twice| told(&twice, sink))?;
    let order = target.config.sort.as_ref().or(options.order.as_ref());
    sort(&mut resources, order.unwrap_or(&SortOrder::legacy()));
    let metadata = target.config.metadata;
    if metadata.managed_by == Note::Kept || options.managed_by == Note::Kept {
        resources.retain(|resource| !is_local(resource));
        let pairs = vec![(MANAGED_BY.into(), Text::new(VERSION, target.config.place))];
        let pattern = Pattern::default();
        let fields = [FieldSpec { pattern, path: "metadata/labels".into(), create: true }];
        edit_each(&[Edit::Labels(Labels::new(pairs, &fields))], &mut resources, sink)?;
    }
    let are_kept = resources.change_known(sink, |resource, _| {
        if is_local(resource) {
            return Ok(false);
        }
        refuse_misfits(&resource.node)?;
        if metadata.origins == Note::Dropped {
            resource.origin = None;
        }
        if metadata.transformations == Note::Dropped {
            resource.transformations.clear();
        }
        finish_annotations(resource)?;
        if yaml::may_be_respelled(&resource.node) {
            yaml::spell_out(&mut resource.node);
            refuse_characters(&resource.node)?;
            yaml::fold_next_lines(&mut resource.node);
        }
        Ok(true)
    })?;
    let mut are_kept = are_kept.into_iter();
    resources.retain(|_| are_kept.next() == Some(true));
    Ok(resources)
}

/// Refuses an object with a character that kustomize cannot print.
fn refuse_characters(node: &Node) -> Result<(), Box<Diagnostic>> {
    match &node.data {
        Data::List(items) => items.iter().try_for_each(refuse_characters),
        Data::Map(map) => map.values().try_for_each(refuse_characters),
        Data::Scalar(scalar) => match yaml::refused_character(&scalar.text) {
            None => Ok(()),
            Some(character) => {
                let character = character.escape_unicode();
                let message = format!("kustomize cannot print the character `{character}`");
                let finding = Diagnostic::error(Code::KustomizeObject, message).at(node.place, "");
                Err(Box::new(finding.hint("take it out")))
            }
        },
    }
}

/// Whether an object is for tools alone: any value of the annotation but `false` says so.
fn is_local(resource: &Resource) -> bool {
    let value = resource.node.at(&["metadata", "annotations", LOCAL_CONFIG]);
    value.is_some_and(|value| value.as_scalar().is_none_or(|scalar| &*scalar.text != "false"))
}

/// The text of objects, as `kustomize build` prints it.
#[must_use]
pub fn print(resources: &Resources) -> String {
    print_parts(resources).concat()
}

/// The same in parts, to be printed one behind the other.
#[must_use]
pub fn print_parts(resources: &Resources) -> Vec<String> {
    let part = |part: &[&Resource]| yaml::write_all(part.iter().map(|resource| &resource.node));
    let mut parts = resources.map_parts(part);
    if let Some((_, others)) = parts.split_last_mut() {
        others.iter_mut().for_each(|part| part.push_str("---\n"));
    }
    parts
}
