//! Who reads a value: the holes and tags of templates, and the fields that they printed with it.

use super::path::Part;
use super::references::ValueAt;
use super::settings::Spot;
use super::{Subject, field, leaves, object};
use crate::manifest::Manifest;
use crate::render::{Extent, Role, Root, Trace, Used};
use crate::yaml::Node;
use serde::Serialize;

/// A hole or tag of a template that reads a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadBy {
    /// Where it stands.
    pub at: Spot,
    /// The value that it reads in its place and that refers to it; none if it reads it directly.
    pub through: Option<String>,
}

/// A field of a manifest that a value is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrintedIn {
    /// The object, `Kind/name`.
    pub object: String,
    /// The field.
    pub path: String,
    /// What it is to the field: `printed` as it is, a `part` of its text, its `key`, `read` to make it, asked
    /// for but `absent`, or `likely` read.
    pub role: &'static str,
    /// The value that is in the field and refers to it; none if it is there itself.
    pub through: Option<String>,
}

/// The holes and tags that read a value, then those that read what refers to it; each once.
pub(super) fn readers(
    subject: &Subject<'_>,
    at: &ValueAt,
    through: &[ValueAt],
) -> Option<Vec<ReadBy>> {
    subject.made?;
    let mut found: Vec<ReadBy> = Vec::new();
    for one in [at].into_iter().chain(through) {
        let Some(trace) = trace(subject, one) else { continue };
        for place in trace.readers(Root::Values, &one.path) {
            let spot = subject.spot(place);
            if !found.iter().any(|known| known.at == spot) {
                found.push(ReadBy { at: spot, through: label(subject, one, at) });
            }
        }
    }
    Some(found)
}

fn trace<'s>(subject: &Subject<'s>, at: &ValueAt) -> Option<&'s Trace> {
    subject.charts.get(at.chart)?.trace
}

fn label(subject: &Subject<'_>, one: &ValueAt, at: &ValueAt) -> Option<String> {
    (one != at).then(|| one.label(subject))
}

/// The fields of all manifests that a value, or a part of it, is in, itself or through what refers to it.
pub(super) fn printed_in(
    subject: &Subject<'_>,
    at: &ValueAt,
    through: &[ValueAt],
) -> Option<Vec<PrintedIn>> {
    let made = subject.made?;
    let all = || [at].into_iter().chain(through);
    let mut found = Vec::new();
    for manifest in made.manifests {
        for (path, node) in leaves(&manifest.node) {
            let uses = all().map(|one| (one, role(subject, one, (manifest, &path, node))));
            let first = uses.filter_map(|(one, role)| Some((one, role?))).next();
            found.extend(first.map(|(one, role)| PrintedIn {
                object: object::name(made.manifests, manifest),
                path: field::field_path(subject, manifest, &path),
                role,
                through: label(subject, one, at),
            }));
        }
    }
    Some(found)
}

/// What a value is to a field of a manifest; none if nothing.
fn role(
    subject: &Subject<'_>,
    at: &ValueAt,
    (manifest, path, node): (&Manifest, &[Part], &Node),
) -> Option<&'static str> {
    let trace = trace(subject, at)?;
    let holes = trace.printed(node).iter().chain(field::key_holes(trace, manifest, path));
    let roles = holes.flat_map(|hole| {
        let used = hole.used.iter().filter(|used| is_part(used, &at.path));
        used.map(|used| (used.role, hole.extent))
    });
    let (role, extent) = roles.min_by_key(|(role, _)| *role)?;
    Some(if (role, extent) == (Role::Printed, Extent::Part) { "part" } else { word(role) })
}

/// Whether a value that was used is the one at a path, a part of it, or a map that it lies in.
fn is_part(used: &Used, keys: &[String]) -> bool {
    let shorter = used.path.len().min(keys.len());
    used.root == Root::Values && used.path[..shorter] == keys[..shorter]
}

/// A role in a word.
pub(super) fn word(role: Role) -> &'static str {
    match role {
        Role::Printed => "printed",
        Role::Key => "key",
        Role::Read => "read",
        Role::Absent => "absent",
        Role::Likely => "likely",
    }
}
