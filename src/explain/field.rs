//! What a field of a manifest was made of.

use super::path::{Miss, Part, at, hint, locate, parse, path_text, resolve};
use super::readers::word;
use super::references::{Chain, UsedValue, ValueAt, beside};
use super::rendered::written;
use super::settings::Spot;
use super::shown::{Hidden, is_secret, part_of_manifest, value_path};
use super::{Made, Subject, Unknown, leaves, object};
use crate::check::scalars;
use crate::manifest::Manifest;
use crate::render::{Extent, Omitted, PrintedBy, Role, Root, Trace, Used};
use crate::source::{Place, Secrets};
use crate::yaml::{Key, Node};
use serde::Serialize;
use serde_json::Value as Json;

/// What a field of a manifest was made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldExplained {
    /// The target.
    pub target: String,
    /// The object, `Kind/name`.
    pub object: String,
    /// The field.
    pub path: String,
    /// What it is; none for one that a template left out.
    pub value: Option<Json>,
    /// The file and line that it is written to; none without a workspace.
    pub written: Option<Spot>,
    /// Where it comes from.
    pub origin: Origin,
    /// The line of the template, or of the file of plain manifests.
    pub at: Spot,
    /// The holes that printed it, in the order of its text.
    pub holes: Vec<Hole>,
    /// The leaves of a map or list.
    pub leaves: Vec<FieldLeaf>,
}

/// Where a field comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// It is a value, as it is.
    Value,
    /// It was made with values.
    Computed,
    /// It stands so in the template, or in a file of plain manifests.
    Constant,
    /// jibe filled in the target's namespace.
    Namespace,
    /// A kustomization over what was rendered set it.
    Edited,
    /// A template left it out.
    Omitted,
    /// It is a map or list; its leaves have their own origins.
    Parts,
}

/// A hole of a template.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hole {
    /// Where it stands.
    pub at: Spot,
    /// Its text.
    pub text: String,
    /// What it printed: the `value`, a `part` of its text, or its `key`.
    pub prints: &'static str,
    /// The line of the manifest's own template that called the macro that the hole stands in.
    pub called: Option<Spot>,
    /// What it read.
    pub values: Vec<UsedValue>,
}

/// A leaf of a map or list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldLeaf {
    /// Its path from the root of the object.
    pub path: String,
    /// What it is.
    pub value: Json,
    /// Where it comes from.
    pub origin: Origin,
    /// The line of the template.
    pub at: Spot,
    /// The names of the values that it was made of.
    pub values: Vec<String>,
}

/// Explains a field of an object; without a path, all of it.
///
/// # Errors
/// When there is no such object or field, or the target cannot be rendered.
pub fn field(
    subject: &Subject<'_>,
    object: &str,
    typed: Option<&str>,
) -> Result<FieldExplained, Unknown> {
    let Some(made) = subject.made else {
        return Err(Unknown {
            message: format!("`{}` cannot be rendered", subject.target),
            hint: "jibe render says why; values can be explained without".to_owned(),
        });
    };
    let manifest = object::object(made.manifests, object)?;
    let typed = typed.unwrap_or_default();
    let name = object::name(made.manifests, manifest);
    let steps = parse(typed).map_err(|wrong| Unknown {
        message: format!("`{typed}` is no path: {wrong}"),
        hint: "write spec.template.spec.containers[0].image, containers[name=web] or metadata.labels.\"example.com/a\"".to_owned(),
    })?;
    if manifest.verbatim.is_some() {
        return Err(Unknown {
            message: format!("`{name}` is encrypted and passed on byte for byte"),
            hint: "decrypt its file to see what is in it".to_owned(),
        });
    }
    match resolve(&manifest.node, &steps) {
        Ok(found) => Ok(explained(subject, made, manifest, found)),
        Err(miss) => left_out(subject, (made, manifest), &miss).ok_or_else(|| Unknown {
            message: format!("`{name}` has no field `{typed}`"),
            hint: hint(&manifest.node, &miss).unwrap_or_else(|| {
                format!("jibe explain {} {name} lists its fields", subject.target.service)
            }),
        }),
    }
}

fn explained(
    subject: &Subject<'_>,
    made: Made<'_>,
    manifest: &Manifest,
    (parts, node): (Vec<Part>, &Node),
) -> FieldExplained {
    let origin = origin(subject, manifest, (&parts, node));
    let below = leaves(node).into_iter().filter(|(below, _)| !below.is_empty());
    let leaf = |(below, leaf): (Vec<Part>, &Node)| {
        let path = [parts.as_slice(), &below].concat();
        let used = printed(subject, leaf).iter().flat_map(|hole| &hole.used);
        let mut values: Vec<_> = used.map(|used| name(subject, used)).collect();
        values.dedup();
        FieldLeaf {
            path: field_path(subject, manifest, &path),
            value: printed_json(subject, manifest, leaf),
            origin: self::origin(subject, manifest, (&path, leaf)),
            at: subject.spot(set_at(subject, leaf)),
            values,
        }
    };
    FieldExplained {
        target: subject.target.in_messages(),
        object: object::name(made.manifests, manifest),
        path: field_path(subject, manifest, &parts),
        value: Some(printed_json(subject, manifest, node)),
        written: written(made, manifest, &parts),
        origin,
        at: subject.spot(set_at(subject, node)),
        holes: holes(subject, manifest, (&parts, node)),
        leaves: below.map(leaf).collect(),
    }
}

/// The holes that printed a part of a manifest.
fn printed<'s>(subject: &Subject<'s>, node: &Node) -> &'s [PrintedBy] {
    subject.trace().map_or(&[], |trace| trace.printed(node))
}

/// A part of a manifest as JSON, without what was made with a secret and without the data of a Secret.
fn printed_json(subject: &Subject<'_>, manifest: &Manifest, node: &Node) -> Json {
    let is_secret = manifest.id.kind.as_ref() == "Secret" && manifest.id.group.is_empty();
    let data = ["data", "stringData"].iter().filter_map(|key| manifest.node.get(key));
    let data: Vec<&Node> = data.filter(|_| is_secret).flat_map(scalars).collect();
    let scalars = |scalar: &Node| {
        data.iter().any(|one| std::ptr::eq(*one, scalar))
            || holds_secret(subject, printed(subject, scalar))
    };
    let keys = |key: &Key| {
        subject.trace().is_some_and(|trace| holds_secret(subject, trace.key_printed(key)))
    };
    part_of_manifest(subject, node, Hidden { scalars: &scalars, keys: &keys })
}

/// The path of a field; a key that was made with a secret is none to see.
pub(super) fn field_path(subject: &Subject<'_>, manifest: &Manifest, parts: &[Part]) -> String {
    let is_open = subject.chart().is_none_or(|chart| chart.values.secret().is_empty());
    let Some(trace) = subject.trace().filter(|_| !is_open) else { return path_text(parts) };
    let shown = (0..parts.len()).map(|at| {
        let by = key_holes(trace, manifest, &parts[..=at]);
        if holds_secret(subject, by) { Part::Key(Secrets::MASK.into()) } else { parts[at].clone() }
    });
    path_text(&shown.collect::<Vec<_>>())
}

/// Whether one of the values that holes read is secret.
fn holds_secret(subject: &Subject<'_>, by: &[PrintedBy]) -> bool {
    let Some(values) = subject.chart().map(|chart| chart.values) else { return false };
    let mut used = by.iter().flat_map(|hole| &hole.used);
    let is_secret = |used: &Used| {
        let node = locate(values.root(), &used.path).map(|(_, node)| node);
        used.root == Root::Values && node.is_some_and(|node| is_secret(values, node))
    };
    !values.secret().is_empty() && used.any(is_secret)
}

/// Where a part of a manifest comes from.
fn origin(subject: &Subject<'_>, manifest: &Manifest, (parts, node): (&[Part], &Node)) -> Origin {
    let has_parts = leaves(node).first().is_some_and(|(below, _)| !below.is_empty());
    match printed(subject, node) {
        _ if has_parts => Origin::Parts,
        [] if node.set_at.is_some() => Origin::Edited,
        [] if is_stamped(manifest, parts, node) => Origin::Namespace,
        [] => Origin::Constant,
        [only] if prints_value(only) => Origin::Value,
        several if several.iter().all(|hole| hole.used.is_empty()) => Origin::Constant,
        _ => Origin::Computed,
    }
}

/// The holes that printed a part of a manifest, then those that printed its key.
fn holes(subject: &Subject<'_>, manifest: &Manifest, (parts, node): (&[Part], &Node)) -> Vec<Hole> {
    let Some(trace) = subject.trace() else { return Vec::new() };
    let value = trace.printed(node).iter().map(|by| match by.extent {
        Extent::Whole => (by, "value"),
        Extent::Part => (by, "part"),
    });
    let key = key_holes(trace, manifest, parts).iter().map(|by| (by, "key"));
    let mut chain = Chain::new(subject);
    value.chain(key).map(|(by, prints)| hole(subject, (by, prints), &mut chain)).collect()
}

/// Where a part of a manifest is written: what no hole printed may have been set by a kustomization.
fn set_at(subject: &Subject<'_>, node: &Node) -> Place {
    let edited = node.set_at.filter(|_| printed(subject, node).is_empty());
    edited.unwrap_or(node.place)
}

/// Whether a hole printed a value as it is, and nothing besides.
fn prints_value(by: &PrintedBy) -> bool {
    by.extent == Extent::Whole && by.used.iter().any(|used| used.role == Role::Printed)
}

/// The holes that printed the last key of a path.
pub(super) fn key_holes<'t>(
    trace: &'t Trace,
    manifest: &Manifest,
    parts: &[Part],
) -> &'t [PrintedBy] {
    let Some((Part::Key(last), above)) = parts.split_last() else { return &[] };
    let above = at(&manifest.node, above).and_then(Node::as_map);
    let key = above.and_then(|map| map.get_key_value(&**last)).map(|(key, _)| key);
    key.map_or(&[], |key| trace.key_printed(key))
}

/// Whether jibe filled in the namespace: then it stands where all of the metadata stand.
fn is_stamped(manifest: &Manifest, parts: &[Part], node: &Node) -> bool {
    let is_namespace = path_text(parts) == "metadata.namespace";
    let metadata = manifest.node.get("metadata");
    is_namespace && metadata.is_some_and(|metadata| metadata.place == node.place)
}

fn hole(
    subject: &Subject<'_>,
    (by, prints): (&PrintedBy, &'static str),
    chain: &mut Chain<'_, '_>,
) -> Hole {
    let source = subject.files.source(by.place.file);
    let text = source.text().get(by.place.span.range()).unwrap_or_default();
    Hole {
        at: subject.spot(by.place),
        text: subject.masked(text),
        prints,
        called: by.called.map(|place| subject.spot(place)),
        values: by.used.iter().map(|used| used_value(subject, used, chain)).collect(),
    }
}

fn used_value(subject: &Subject<'_>, used: &Used, chain: &mut Chain<'_, '_>) -> UsedValue {
    if used.root == Root::Values && subject.chart().is_some() {
        let at = ValueAt { chart: subject.asked, path: used.path.clone() };
        return chain.used(&at, word(used.role));
    }
    let path = [used.root.name()].into_iter().chain(used.path.iter().map(String::as_str));
    let value = beside(subject, subject.asked, &path.collect::<Vec<_>>());
    UsedValue { value, ..UsedValue::called(name(subject, used), word(used.role)) }
}

/// The name of a value as templates and paths write it.
fn name(subject: &Subject<'_>, used: &Used) -> String {
    let chart = subject.chart().filter(|_| used.root == Root::Values);
    let located = chart.and_then(|chart| locate(chart.values.root(), &used.path));
    let plain = || used.path.iter().map(|key| Part::Key(key.as_str().into())).collect();
    let parts: Vec<Part> = located.map_or_else(plain, |(parts, _)| parts);
    let path = match chart {
        Some(chart) => value_path(subject, chart.values, &parts),
        None => path_text(&parts),
    };
    match used.root {
        Root::Files => format!("files/{}", used.path.join("/")),
        root if parts.is_empty() => root.name().to_owned(),
        root => format!("{}.{path}", root.name()),
    }
}

/// A field that a template of the same object left out by `omit`.
fn left_out(
    subject: &Subject<'_>,
    (made, manifest): (Made<'_>, &Manifest),
    miss: &Miss<'_>,
) -> Option<FieldExplained> {
    let is_it = |omitted: &&Omitted| {
        let file = omitted.by.called.unwrap_or(omitted.by.place).file;
        omitted.key.as_deref() == Some(miss.wanted()) && file == manifest.node.place.file
    };
    let omitted = subject.trace()?.omitted().iter().find(is_it)?;
    let mut parts = miss.found.clone();
    parts.push(Part::Key(miss.wanted().into()));
    Some(FieldExplained {
        target: subject.target.in_messages(),
        object: object::name(made.manifests, manifest),
        path: path_text(&parts),
        value: None,
        written: None,
        origin: Origin::Omitted,
        at: subject.spot(omitted.by.place),
        holes: vec![hole(subject, (&omitted.by, "value"), &mut Chain::new(subject))],
        leaves: Vec::new(),
    })
}
