//! What a field of a manifest was made of.

use super::path::{Part, at, locate, near, parse, path_text, resolve};
use super::rendered::written;
use super::settings::{Setting, Spot, ladder};
use super::shown::in_json;
use super::value::word;
use super::{Made, Subject, Unknown, leaves, object};
use crate::manifest::Manifest;
use crate::render::{Extent, Omitted, PrintedBy, Role, Root, Trace, Used};
use crate::yaml::Node;
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

/// A value that a hole read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsedValue {
    /// Its name in templates: `values.image.tag`, `target.service`.
    pub name: String,
    /// `printed` as it is, its `key` printed, `read` to make what was printed, `absent`, or `likely`.
    pub role: &'static str,
    /// What it is.
    pub value: Option<Json>,
    /// Who set it.
    pub set_by: Option<Setting>,
    /// What that overrode, strongest first.
    pub over: Vec<Setting>,
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
            hint: match near(&manifest.node, &miss) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("jibe explain {} {name} lists its fields", subject.target.service),
            },
        }),
    }
}

fn explained(
    subject: &Subject<'_>,
    made: Made<'_>,
    manifest: &Manifest,
    (parts, node): (Vec<Part>, &Node),
) -> FieldExplained {
    let origin = origin(made, manifest, (&parts, node));
    let by = holes(subject, (made, manifest), (&parts, node));
    let below = leaves(node).into_iter().filter(|(below, _)| !below.is_empty());
    let leaf = |(below, leaf): (Vec<Part>, &Node)| {
        let path = [parts.as_slice(), &below].concat();
        let used = made.trace.map_or(&[][..], |trace| trace.printed(leaf));
        let used = used.iter().flat_map(|hole| &hole.used);
        let mut values: Vec<_> = used.map(|used| name(subject, used)).collect();
        values.dedup();
        FieldLeaf {
            path: path_text(&path),
            value: in_json(leaf),
            origin: self::origin(made, manifest, (&path, leaf)),
            at: subject.spot(leaf.place),
            values,
        }
    };
    FieldExplained {
        target: subject.target.in_messages(),
        object: object::name(made.manifests, manifest),
        path: path_text(&parts),
        value: Some(in_json(node)),
        written: written(made, manifest, &parts),
        origin,
        at: subject.spot(node.place),
        holes: by,
        leaves: below.map(leaf).collect(),
    }
}

/// Where a part of a manifest comes from.
fn origin(made: Made<'_>, manifest: &Manifest, (parts, node): (&[Part], &Node)) -> Origin {
    let has_parts = leaves(node).first().is_some_and(|(below, _)| !below.is_empty());
    let printed = made.trace.map_or(&[][..], |trace| trace.printed(node));
    match printed {
        _ if has_parts => Origin::Parts,
        [] if is_stamped(manifest, parts, node) => Origin::Namespace,
        [] => Origin::Constant,
        [only] if prints_value(only) => Origin::Value,
        several if several.iter().all(|hole| hole.used.is_empty()) => Origin::Constant,
        _ => Origin::Computed,
    }
}

/// The holes that printed a part of a manifest, then those that printed its key.
fn holes(
    subject: &Subject<'_>,
    (made, manifest): (Made<'_>, &Manifest),
    (parts, node): (&[Part], &Node),
) -> Vec<Hole> {
    let Some(trace) = made.trace else { return Vec::new() };
    let value = trace.printed(node).iter().map(|by| match by.extent {
        Extent::Whole => hole(subject, by, "value"),
        Extent::Part => hole(subject, by, "part"),
    });
    let key = key_holes(trace, manifest, parts).iter().map(|by| hole(subject, by, "key"));
    value.chain(key).collect()
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

fn hole(subject: &Subject<'_>, by: &PrintedBy, prints: &'static str) -> Hole {
    let source = subject.files.source(by.place.file);
    let text = source.text().get(by.place.span.range()).unwrap_or_default();
    Hole {
        at: subject.spot(by.place),
        text: text.to_owned(),
        prints,
        called: by.called.map(|place| subject.spot(place)),
        values: by.used.iter().map(|used| used_value(subject, used)).collect(),
    }
}

fn used_value(subject: &Subject<'_>, used: &Used) -> UsedValue {
    let bare = UsedValue {
        name: name(subject, used),
        role: word(used.role),
        value: None,
        set_by: None,
        over: Vec::new(),
    };
    let Some(values) = subject.values.filter(|_| used.root == Root::Values) else {
        return UsedValue { value: about_target(subject, used), ..bare };
    };
    let Some((parts, node)) = locate(values.root(), &used.path) else { return bare };
    let (set_by, over) = ladder(subject, values, (&parts, node));
    UsedValue { value: Some(in_json(node)), set_by: Some(set_by), over, ..bare }
}

/// What `target` holds at a path.
fn about_target(subject: &Subject<'_>, used: &Used) -> Option<Json> {
    let target = subject.target;
    if used.root != Root::Target {
        return None;
    }
    let keys: Vec<_> = used.path.iter().map(String::as_str).collect();
    let text = match keys.as_slice() {
        ["service"] => Some(subject.service),
        ["env"] => target.named_environment(),
        ["namespace"] => target.namespace_name.as_deref(),
        ["labels", name] => target.labels.get(*name).map(String::as_str),
        _ => None,
    };
    text.map(Json::from)
}

/// The name of a value as templates and paths write it.
fn name(subject: &Subject<'_>, used: &Used) -> String {
    let values = subject.values.filter(|_| used.root == Root::Values);
    let located = values.and_then(|values| locate(values.root(), &used.path));
    let plain = || used.path.iter().map(|key| Part::Key(key.as_str().into())).collect();
    let parts: Vec<Part> = located.map_or_else(plain, |(parts, _)| parts);
    match used.root {
        Root::Files => format!("files/{}", used.path.join("/")),
        root if parts.is_empty() => root.name().to_owned(),
        root => format!("{}.{}", root.name(), path_text(&parts)),
    }
}

/// A field that a template of the same object left out by `omit`.
fn left_out(
    subject: &Subject<'_>,
    (made, manifest): (Made<'_>, &Manifest),
    miss: &super::path::Miss<'_>,
) -> Option<FieldExplained> {
    let is_it = |omitted: &&Omitted| {
        let file = omitted.by.called.unwrap_or(omitted.by.place).file;
        omitted.key.as_deref() == Some(&*miss.wanted) && file == manifest.node.place.file
    };
    let omitted = made.trace?.omitted().iter().find(is_it)?;
    let mut parts = miss.found.clone();
    parts.push(Part::Key(miss.wanted.as_str().into()));
    Some(FieldExplained {
        target: subject.target.in_messages(),
        object: object::name(made.manifests, manifest),
        path: path_text(&parts),
        value: None,
        written: None,
        origin: Origin::Omitted,
        at: subject.spot(omitted.by.place),
        holes: vec![hole(subject, &omitted.by, "value")],
        leaves: Vec::new(),
    })
}
