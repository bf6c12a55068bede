//! Files of `configurations`: further fields for the edits.

use super::entries::{field_spec, pattern};
use super::fields::{Fields, Scalars};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::{Place, Source};
use crate::transform::{Conflict, Lists, NameReference, Tables};
use crate::yaml::{self, Node};

const LISTS: [&str; 11] = [
    "namePrefix",
    "nameSuffix",
    "namespace",
    "commonLabels",
    "labels",
    "templateLabels",
    "commonAnnotations",
    "nameReference",
    "varReference",
    "images",
    "replicas",
];

/// Reads such a file.
///
/// # Errors
/// When it is none, or has a list that no edit knows.
pub(in crate::kustomize) fn read_tables(
    source: &Source,
    sink: &mut Sink,
) -> Result<Tables, Reported> {
    let documents = yaml::read_with(source, yaml::Options::default(), sink)?;
    let Some(root) = documents.first().map(|document| &document.root) else {
        return Ok(Tables::default());
    };
    let known = Fields::of(root, &LISTS, sink)?.with(Scalars::Text);
    let mut lists = Lists::default();
    for name in LISTS {
        match lists.list_mut(name) {
            Some(list) => *list = known.list(name, sink, field_spec)?,
            None => lists.name_references = known.list(name, sink, reference)?,
        }
    }
    Ok(Tables::of(lists))
}

fn reference(node: &Node, sink: &mut Sink) -> Result<NameReference, Reported> {
    let fields = Fields::of(node, &["group", "version", "kind", "fieldSpecs"], sink)?;
    let target = pattern(&fields, sink)?;
    Ok(NameReference { target, referrers: fields.list("fieldSpecs", sink, field_spec)? })
}

/// Merges tables, or reports which field they disagree about.
pub(in crate::kustomize) fn merged(
    own: &Tables,
    others: &Tables,
    place: Place,
    sink: &mut Sink,
) -> Result<Tables, Reported> {
    own.merged(others).map_err(|Conflict { path }| {
        let message = format!(
            "the field `{path}` is listed twice, once to be made where it is missing and once not"
        );
        let finding = Diagnostic::error(Code::KustomizeConflict, message).at(place, "");
        sink.error(finding.hint("give both the same `create`"))
    })
}
