//! Why a value is what it is.

use super::path::{Miss, Part, Step, as_parts, hint, keys_of, parse, path_text, resolve};
use super::readers::{PrintedIn, ReadBy, printed_in, readers};
use super::references::{Chain, ReferredBy, ValueAt, referrers};
use super::settings::{Does, Setting, settings, winner};
use super::shown::value_path;
use super::{ChartValues, Subject, Unknown, leaves, schema};
use crate::values::{Values, is_reference};
use crate::yaml::Node;
use serde::Serialize;
use serde_json::Value as Json;

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is there.
    Set,
    /// It is there, but refers to others, and what it stands for cannot be found out.
    Unresolved,
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
    /// The dependency whose value it is; none for the target's own chart.
    pub of: Option<String>,
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
    /// The references that read it, directly or through others, the nearest first.
    pub referred_by: Vec<ReferredBy>,
    /// The holes and tags of templates that read it, or what refers to it; none when that is not known.
    pub read_by: Option<Vec<ReadBy>>,
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

/// Explains the value at a typed path.
///
/// # Errors
/// When the path is not written as paths are, or nobody knows it.
pub fn value(subject: &Subject<'_>, typed: &str) -> Result<ValueExplained, Unknown> {
    let Some(chart) = subject.chart() else {
        return Err(Unknown {
            message: format!("`{}` is made without a chart, so it takes no values", subject.target),
            hint: "name an object and a field of it: Deployment/web spec.replicas".to_owned(),
        });
    };
    let steps = parse(typed).map_err(|wrong| Unknown {
        message: format!("`{typed}` is no path: {wrong}"),
        hint: "write image.tag, hosts[0], env[name=LOG].value or annotations.\"example.com/a\""
            .to_owned(),
    })?;
    let steps = without_root(chart.values, steps);
    match resolve(chart.values.root(), &steps) {
        Ok((parts, node)) => Ok(set(subject, chart, (&parts, node))),
        Err(miss) => {
            let parts = as_parts(&steps);
            not_set(subject, chart, (&parts, &miss)).ok_or_else(|| unknown(subject, &parts, &miss))
        }
    }
}

/// Templates say `values.image.tag`; so may whoever asks.
fn without_root(values: &Values, mut steps: Vec<Step>) -> Vec<Step> {
    let is_root = matches!(steps.first(), Some(Step::Word(word)) if word == "values");
    if is_root && values.get(&["values"]).is_none() {
        steps.remove(0);
    }
    steps
}

fn unknown(subject: &Subject<'_>, parts: &[Part], miss: &Miss<'_>) -> Unknown {
    let root = subject.chart().map(|chart| chart.values.root());
    let keys = miss.node.as_map().into_iter().flat_map(|map| map.keys());
    let keys: Vec<_> = keys.map(|key| format!("`{}`", key.name)).collect();
    let found = path_text(&miss.found);
    let hint = match (root.and_then(|root| hint(root, miss)), keys.as_slice()) {
        (Some(hint), _) => hint,
        (None, []) => format!("`{found}` has no keys"),
        (None, keys) if found.is_empty() => format!("the values are {}", keys.join(", ")),
        (None, keys) => format!("the keys of `{found}` are {}", keys.join(", ")),
    };
    let message = format!("no layer of `{}` sets `{}`", subject.target, path_text(parts));
    Unknown { message, hint: subject.masked(&hint) }
}

fn set(subject: &Subject<'_>, chart: &ChartValues<'_>, at: (&[Part], &Node)) -> ValueExplained {
    let (parts, node) = at;
    let is_open = node.as_scalar().is_some_and(is_reference);
    let mut told = empty(subject, parts, if is_open { State::Unresolved } else { State::Set });
    let (winner, over) = Chain::new(subject).ladder(&value_at(subject, parts), at);
    told.value = Some(winner.value.clone()).filter(|_| !is_open);
    if !parts.is_empty() {
        (told.set_by, told.over) = (Some(winner), over);
    }
    told.leaves = leaves_of(subject, chart, at);
    told
}

/// A value of the chart that is asked about.
fn value_at(subject: &Subject<'_>, parts: &[Part]) -> ValueAt {
    ValueAt { chart: subject.asked, path: keys_of(parts) }
}

fn leaves_of(
    subject: &Subject<'_>,
    chart: &ChartValues<'_>,
    (parts, node): (&[Part], &Node),
) -> Vec<ValueLeaf> {
    let all = leaves(node).into_iter().filter(|(below, _)| !below.is_empty());
    let leaf = |(below, leaf): (Vec<Part>, &Node)| ValueLeaf {
        path: value_path(subject, chart.values, &[parts, &below].concat()),
        set_by: winner(subject, chart, leaf),
    };
    all.map(leaf).collect()
}

/// What is known of a value that is not there: who deleted it, why it is hidden, who asks for it.
fn not_set(
    subject: &Subject<'_>,
    chart: &ChartValues<'_>,
    (parts, miss): (&[Part], &Miss<'_>),
) -> Option<ValueExplained> {
    let hidden = match parts.first() {
        Some(Part::Key(first)) => chart.values.hidden().get(&**first),
        _ => None,
    };
    let mut said = settings(subject, chart, parts);
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
    let is_known = is_read
        || !told.referred_by.is_empty()
        || told.description.is_some()
        || told.allowed.is_some();
    // A schema that says what the items of a list are knows of no more of them than there are.
    if state == State::Absent && (!is_known || miss.node.as_list().is_some()) {
        return None;
    }
    // What is not there is in nothing itself, but may be asked for.
    let is_possible = |field: &PrintedIn| field.role == "absent" || field.through.is_some();
    told.printed_in.iter_mut().for_each(|fields| fields.retain(is_possible));
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
    let schema = subject.chart().and_then(ChartValues::schema);
    let said = schema.and_then(|schema| schema::said(schema, parts)).unwrap_or_default();
    let at = value_at(subject, parts);
    let (referred_by, through) = referrers(subject, at.clone());
    let path = subject.chart().map(|chart| value_path(subject, chart.values, parts));
    ValueExplained {
        target: subject.target.in_messages(),
        of: subject.chart().and_then(|chart| chart.dependency).map(str::to_owned),
        path: path.unwrap_or_else(|| path_text(parts)),
        state,
        value: None,
        set_by: None,
        over: Vec::new(),
        description: said.description,
        allowed: said.allowed,
        leaves: Vec::new(),
        referred_by,
        read_by: readers(subject, &at, &through),
        printed_in: printed_in(subject, &at, &through),
        hint: None,
    }
}
