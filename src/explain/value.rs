//! Why a value is what it is.

use super::path::{Part, Step, as_keys, keys_of, near, parse, path_text, resolve};
use super::settings::{Does, Setting, Spot, ladder, settings, winner};
use super::shown::in_json;
use super::{Made, Subject, Unknown, field, leaves, object, schema};
use crate::render::{Extent, Role, Root, Used};
use crate::values::Values;
use crate::yaml::Node;
use serde::Serialize;
use serde_json::Value as Json;

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is there.
    Set,
    /// A layer removed it.
    Deleted,
    /// Only layers for many services set it, and the chart does not declare it.
    Hidden,
    /// Nobody sets it, but the schema or a template knows it.
    Absent,
}

/// Why a value is what it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueExplained {
    /// The target.
    pub target: String,
    /// The path.
    pub path: String,
    /// What became of it.
    pub state: State,
    /// What it is.
    pub value: Option<Json>,
    /// Who set it; for a map the strongest layer that sets a part of it.
    pub set_by: Option<Setting>,
    /// What that overrode, strongest first; for a map the other layers that set a part of it.
    pub over: Vec<Setting>,
    /// What the schema says it is.
    pub description: Option<String>,
    /// What the schema allows, in words.
    pub allowed: Option<String>,
    /// The leaves of a map or list.
    pub leaves: Vec<ValueLeaf>,
    /// The holes and tags of templates that read it; none when that is not known.
    pub read_by: Option<Vec<Spot>>,
    /// Where it is printed, or what was made with it; none when that is not known.
    pub printed_in: Option<Vec<PrintedIn>>,
    /// The next step, if there is one.
    pub hint: Option<String>,
}

/// A leaf of a map or list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueLeaf {
    /// Its path from the root of the values.
    pub path: String,
    /// Who set it.
    pub set_by: Setting,
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
}

/// Explains the value at a typed path.
///
/// # Errors
/// When the path is not written as paths are, or nobody knows it.
pub fn value(subject: &Subject<'_>, typed: &str) -> Result<ValueExplained, Unknown> {
    let Some(values) = subject.values else {
        return Err(Unknown {
            message: format!(
                "`{}` is made of plain manifests, which take no values",
                subject.target
            ),
            hint: "name an object and a field of it: Deployment/web spec.replicas".to_owned(),
        });
    };
    let steps = parse(typed).map_err(|wrong| Unknown {
        message: format!("`{typed}` is no path: {wrong}"),
        hint: "write image.tag, hosts[0], env[name=LOG].value or annotations.\"example.com/a\""
            .to_owned(),
    })?;
    let steps = without_root(values, steps);
    match resolve(values.root(), &steps) {
        Ok((parts, node)) => Ok(set(subject, values, (&parts, node))),
        Err(miss) => {
            let parts = as_keys(&steps);
            not_set(subject, values, &parts).ok_or_else(|| {
                let near = near(values.root(), &miss);
                let keys = miss.node.as_map().into_iter().flat_map(|map| map.keys());
                let keys: Vec<_> = keys.map(|key| format!("`{}`", key.name)).collect();
                unknown(subject, &parts, (near, &miss.found, &keys))
            })
        }
    }
}

/// Templates say `values.image.tag`; so may whoever asks.
fn without_root(values: &Values, mut steps: Vec<Step>) -> Vec<Step> {
    let is_root = matches!(steps.first(), Some(Step::Word(word)) if word == "values");
    if is_root && steps.len() > 1 && values.get(&["values"]).is_none() {
        steps.remove(0);
    }
    steps
}

fn unknown(
    subject: &Subject<'_>,
    parts: &[Part],
    (near, found, keys): (Option<String>, &[Part], &[String]),
) -> Unknown {
    let message = format!("no layer of `{}` sets `{}`", subject.target, path_text(parts));
    let hint = match (near, keys) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => format!("`{}` has no keys", path_text(found)),
        (None, keys) if found.is_empty() => format!("the values are {}", keys.join(", ")),
        (None, keys) => format!("the keys of `{}` are {}", path_text(found), keys.join(", ")),
    };
    Unknown { message, hint }
}

fn set(subject: &Subject<'_>, values: &Values, at: (&[Part], &Node)) -> ValueExplained {
    let (parts, node) = at;
    let (winner, over) = ladder(subject, values, at);
    let mut told = empty(subject, parts, State::Set);
    told.value = Some(in_json(node));
    told.over = over;
    if parts.is_empty() {
        told.over.clear();
    } else {
        told.set_by = Some(winner);
    }
    told.leaves = leaves_of(subject, values, at);
    told
}

fn leaves_of(
    subject: &Subject<'_>,
    values: &Values,
    (parts, node): (&[Part], &Node),
) -> Vec<ValueLeaf> {
    let all = leaves(node).into_iter().filter(|(below, _)| !below.is_empty());
    let leaf = |(below, leaf): (Vec<Part>, &Node)| ValueLeaf {
        path: path_text(&[parts, &below].concat()),
        set_by: winner(subject, values, leaf),
    };
    all.map(leaf).collect()
}

/// What is known of a value that is not there: who deleted it, why it is hidden, who asks for it.
fn not_set(subject: &Subject<'_>, values: &Values, parts: &[Part]) -> Option<ValueExplained> {
    let hidden = match parts.first() {
        Some(Part::Key(first)) => values.hidden().get(&**first),
        _ => None,
    };
    let mut said = settings(subject, values, parts);
    // What lies in the way of a path says nothing of it unless somebody set it.
    if said.iter().all(|setting| setting.does == Does::Replaces) {
        said.clear();
    }
    let state = match (hidden, said.is_empty()) {
        (Some(_), _) => State::Hidden,
        (None, false) => State::Deleted,
        (None, true) => State::Absent,
    };
    let mut told = empty(subject, parts, state);
    let is_read = told.read_by.as_ref().is_some_and(|read| !read.is_empty());
    if state == State::Absent && !is_read && told.description.is_none() && told.allowed.is_none() {
        return None;
    }
    let mut said = said.into_iter();
    told.set_by = said.next();
    told.over = said.collect();
    told.hint = (state == State::Hidden).then(|| hidden_hint(parts));
    Some(told)
}

fn hidden_hint(parts: &[Part]) -> String {
    let first = path_text(&parts[..1]);
    format!("declare it in the chart's values.yaml, `{first}: null`, or in its values.schema.json")
}

fn empty(subject: &Subject<'_>, parts: &[Part], state: State) -> ValueExplained {
    let said = subject.schema.and_then(|schema| schema::said(schema, parts)).unwrap_or_default();
    ValueExplained {
        target: subject.target.in_messages(),
        path: path_text(parts),
        state,
        value: None,
        set_by: None,
        over: Vec::new(),
        description: said.description,
        allowed: said.allowed,
        leaves: Vec::new(),
        read_by: readers(subject, parts),
        printed_in: subject.made.map(|made| printed_in(made, parts)),
        hint: None,
    }
}

fn readers(subject: &Subject<'_>, parts: &[Part]) -> Option<Vec<Spot>> {
    let trace = subject.made?.trace?;
    let mut found: Vec<Spot> = Vec::new();
    for place in trace.readers(Root::Values, &keys_of(parts)) {
        let spot = subject.spot(place);
        if !found.contains(&spot) {
            found.push(spot);
        }
    }
    Some(found)
}

/// The fields of all manifests that a value, or a part of it, is in.
fn printed_in(made: Made<'_>, parts: &[Part]) -> Vec<PrintedIn> {
    let keys = keys_of(parts);
    let Some(trace) = made.trace else { return Vec::new() };
    let mut found = Vec::new();
    for manifest in made.manifests {
        for (path, node) in leaves(&manifest.node) {
            let holes = trace.printed(node).iter().chain(field::key_holes(trace, manifest, &path));
            let roles = holes.flat_map(|hole| {
                let used = hole.used.iter().filter(|used| is_part(used, &keys));
                used.map(|used| (used.role, hole.extent))
            });
            if let Some((role, extent)) = roles.min_by_key(|(role, _)| *role) {
                let object = object::name(made.manifests, manifest);
                let is_part = (role, extent) == (Role::Printed, Extent::Part);
                let role = if is_part { "part" } else { word(role) };
                found.push(PrintedIn { object, path: path_text(&path), role });
            }
        }
    }
    found
}

/// Whether a value that was used is the one at a path, a part of it, or a map that it lies in.
fn is_part(used: &Used, keys: &[String]) -> bool {
    let (long, short) = match used.path.len() < keys.len() {
        true => (keys, used.path.as_slice()),
        false => (used.path.as_slice(), keys),
    };
    used.root == Root::Values && long.starts_with(short)
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
