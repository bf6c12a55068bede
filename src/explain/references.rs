//! Through references: what a value was made of that refers to others, and which values refer to it.
//!
//! A reference of a chart's values reads that chart's values; one by which a value is passed on to a
//! dependency stands among the dependency's values and reads those of the chart above it.

use super::path::{Part, locate};
use super::settings::{Setting, Spot, ladder};
use super::shown::{hidden, is_secret, reference, value_path};
use super::{ChartValues, Subject};
use crate::source::Place;
use crate::values::Reference;
use crate::yaml::{Data, Node, path_text, same_data};
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// A value that something was made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsedValue {
    /// Its name in templates: `values.image.tag`, `target.service`.
    pub name: String,
    /// The dependency or chart whose value it is; none for the one that is asked about.
    pub of: Option<String>,
    /// `printed` as it is, its `key` printed, `read` to make what was printed, `absent`, or `likely`.
    pub role: &'static str,
    /// What it is.
    pub value: Option<Json>,
    /// Who set it.
    pub set_by: Option<Setting>,
    /// What that overrode, strongest first.
    pub over: Vec<Setting>,
}

impl UsedValue {
    /// A value of which only its name is known, and what it did.
    pub(super) fn called(name: String, role: &'static str) -> Self {
        Self { name, of: None, role, value: None, set_by: None, over: Vec::new() }
    }
}

/// A reference that reads a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReferredBy {
    /// The path of the value that refers to it; none where it decides whether a dependency is rendered.
    pub path: Option<String>,
    /// The dependency or chart whose value that is; none for the one that is asked about.
    pub of: Option<String>,
    /// Where the reference stands.
    pub at: Spot,
    /// Its expression.
    pub reference: String,
}

/// A value of one of a target's charts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ValueAt {
    /// The number of the chart.
    pub chart: usize,
    /// The keys, positions as digits.
    pub path: Vec<String>,
}

impl ValueAt {
    fn node<'s>(&self, subject: &Subject<'s>) -> Option<(Vec<Part>, &'s Node)> {
        locate(subject.charts.get(self.chart)?.values.root(), &self.path)
    }

    /// What lies below it.
    fn below(&self, path: &[String]) -> Self {
        Self { chart: self.chart, path: [self.path.as_slice(), path].concat() }
    }

    /// Its path, with the chart if that is another one than is asked about.
    pub(super) fn label(&self, subject: &Subject<'_>) -> String {
        let path = path_label(subject, self);
        of(subject, self.chart).map_or_else(|| path.clone(), |of| format!("{path} of {of}"))
    }
}

fn path_label(subject: &Subject<'_>, at: &ValueAt) -> String {
    let plain = || at.path.iter().map(|key| Part::Key(key.as_str().into())).collect();
    let parts = at.node(subject).map_or_else(plain, |(parts, _)| parts);
    value_path(subject, subject.charts[at.chart].values, &parts)
}

/// What a chart is called, if it is another one than is asked about.
fn of(subject: &Subject<'_>, chart: usize) -> Option<String> {
    let other = subject.charts.get(chart).filter(|_| chart != subject.asked);
    other.map(|chart| chart.name().to_owned())
}

/// The reference that made what stands at a place of a chart's values.
pub(super) fn made_by<'s>(chart: &ChartValues<'s>, place: Place) -> Option<&'s Reference> {
    let all = chart.values.references().iter().chain(chart.passed);
    all.into_iter().find(|reference| reference.made(place))
}

/// The number of the chart that a dependency is a dependency of.
fn above(subject: &Subject<'_>, chart: usize) -> usize {
    let name = subject.charts[chart].dependency.unwrap_or_default();
    let outer = name.rsplit_once('/').map(|(outer, _)| outer);
    let is_it = |one: &ChartValues<'_>| one.dependency == outer;
    subject.charts.iter().position(is_it).unwrap_or_default()
}

/// Follows references from a value to what it was made of; each is taken apart once.
pub(super) struct Chain<'c, 's> {
    subject: &'c Subject<'s>,
    seen: BTreeSet<ValueAt>,
    /// Whether what is followed makes a secret.
    is_hidden: bool,
}

impl<'c, 's> Chain<'c, 's> {
    pub(super) fn new(subject: &'c Subject<'s>) -> Self {
        Self { subject, seen: BTreeSet::new(), is_hidden: false }
    }

    /// Who set a value, with what it was made of, and what that overrode.
    pub(super) fn ladder(
        &mut self,
        at: &ValueAt,
        (parts, node): (&[Part], &Node),
    ) -> (Setting, Vec<Setting>) {
        let chart = &self.subject.charts[at.chart];
        let (mut set_by, mut over) = ladder(self.subject, chart, (parts, node));
        let outer = self.is_hidden;
        if outer {
            [&mut set_by].into_iter().chain(&mut over).for_each(Setting::hide);
        }
        if set_by.reference.is_some() {
            self.is_hidden |= is_secret(chart.values, node);
            set_by.made_of = self.made_of(at);
            self.is_hidden = outer;
        }
        (set_by, over)
    }

    /// A value that something was made of.
    pub(super) fn used(&mut self, at: &ValueAt, role: &'static str) -> UsedValue {
        let path = path_label(self.subject, at);
        let name = if path.is_empty() { "values".to_owned() } else { format!("values.{path}") };
        let bare = UsedValue { of: of(self.subject, at.chart), ..UsedValue::called(name, role) };
        let Some((parts, node)) = at.node(self.subject) else { return bare };
        let (set_by, over) = self.ladder(at, (&parts, node));
        UsedValue { value: Some(set_by.value.clone()), set_by: Some(set_by), over, ..bare }
    }

    fn made_of(&mut self, at: &ValueAt) -> Vec<UsedValue> {
        let subject = self.subject;
        let Some((from, reference)) = reference_of(subject, at) else { return Vec::new() };
        if !self.seen.insert(at.clone()) {
            return Vec::new();
        }
        if let Some(same) = same_part(subject, (from, reference), at) {
            return vec![self.used(&same, "read")];
        }
        let value = |path: &[String]| ValueAt { chart: from, path: path.to_vec() };
        let read = reference.made_of().map(|path| (value(path), "read"));
        let absent = reference.absent.iter().map(|path| (value(path), "absent"));
        let values: Vec<_> = read.chain(absent).map(|(at, role)| self.used(&at, role)).collect();
        let besides = reference.made_besides().map(|path| {
            let keys: Vec<&str> = path.iter().map(String::as_str).collect();
            let value = beside(subject, from, &keys);
            UsedValue { value, of: of(subject, from), ..UsedValue::called(path_text(path), "read") }
        });
        values.into_iter().chain(besides).collect()
    }
}

/// The reference that made a value, with the number of the chart whose values it reads.
fn reference_of<'s>(subject: &Subject<'s>, at: &ValueAt) -> Option<(usize, &'s Reference)> {
    let (_, node) = at.node(subject)?;
    let chart = &subject.charts[at.chart];
    let reference = made_by(chart, node.place)?;
    Some((reads_from(subject, at.chart, reference), reference))
}

/// The number of the chart whose values a reference among those of a chart reads.
fn reads_from(subject: &Subject<'_>, chart: usize, reference: &Reference) -> usize {
    let own = subject.charts[chart].values.references();
    let is_own = own.iter().any(|own| std::ptr::eq(own, reference));
    if is_own { chart } else { above(subject, chart) }
}

/// The value that a part of what a reference took as it is comes from.
fn same_part(
    subject: &Subject<'_>,
    (from, reference): (usize, &Reference),
    at: &ValueAt,
) -> Option<ValueAt> {
    let (root, (_, node)) = (subject.charts[at.chart].values.root(), at.node(subject)?);
    let is_outer = |length: &usize| {
        let outer = locate(root, &at.path[..*length]);
        outer.is_some_and(|(_, outer)| reference.made(outer.place))
    };
    let below = &at.path[(0..at.path.len()).find(is_outer)?..];
    let parts = reference.whole.iter().map(|whole| [whole, below].concat());
    let mut parts = parts.map(|path| ValueAt { chart: from, path });
    parts.find(|part| part.node(subject).is_some_and(|(_, it)| same_data(it, node)))
}

/// What templates of a chart see besides values, by its name there: what is not known is none.
pub(super) fn beside(subject: &Subject<'_>, chart: usize, path: &[&str]) -> Option<Json> {
    let (target, chart) = (subject.target, subject.charts.get(chart)?);
    let text = match path {
        ["target", "service"] => Some(chart.service),
        ["target", "env"] => target.named_environment(),
        ["target", "namespace"] => target.namespace_name.as_deref(),
        ["target", "labels", name] => target.labels.get(*name).map(String::as_str),
        ["chart", "name"] => Some(&*chart.chart.name),
        ["chart", "version"] => Some(&*chart.chart.version),
        _ => None,
    };
    text.map(Json::from)
}

/// What refers to a value, directly or through others, the nearest first: the references, and the values
/// that they made.
pub(super) fn referrers(subject: &Subject<'_>, at: ValueAt) -> (Vec<ReferredBy>, Vec<ValueAt>) {
    let (mut told, mut values) = (Vec::new(), vec![at]);
    let mut seen: BTreeSet<ValueAt> = values.iter().cloned().collect();
    let mut next = 0;
    while let Some(at) = values.get(next).cloned() {
        told.extend(conditions(subject, &at));
        for (chart, reference) in references_to(subject, &at) {
            for made in made(subject, (chart, reference), &at) {
                if seen.insert(made.clone()) {
                    told.push(referred_by(subject, &made, reference));
                    values.push(made);
                }
            }
        }
        next += 1;
    }
    values.remove(0);
    (told, values)
}

/// The references that read a value, with the chart among whose values they stand.
fn references_to<'s>(
    subject: &Subject<'s>,
    at: &ValueAt,
) -> impl Iterator<Item = (usize, &'s Reference)> {
    let Some(chart) = subject.charts.get(at.chart) else { return Vec::new().into_iter() };
    let own = chart.values.references().iter().map(|reference| (at.chart, reference));
    let below = (1..subject.charts.len()).filter(|below| above(subject, *below) == at.chart);
    let passed = below.flat_map(|below| {
        let passed = subject.charts[below].passed.iter();
        passed.map(move |reference| (below, reference))
    });
    let reads = |(_, reference): &(usize, &Reference)| reference.reads(&at.path);
    own.chain(passed).filter(reads).collect::<Vec<_>>().into_iter()
}

/// The values that a reference made of one, as exactly as is known.
fn made(
    subject: &Subject<'_>,
    (chart, reference): (usize, &Reference),
    of: &ValueAt,
) -> Vec<ValueAt> {
    let direct = ValueAt { chart, path: reference.path.clone() };
    let is_it = |at: &ValueAt| at.node(subject).is_some_and(|(_, node)| reference.made(node.place));
    let all = match is_it(&direct) {
        true => vec![direct],
        // Items of lists that merge stand elsewhere than they were passed.
        false => {
            let mut found = Vec::new();
            let root = subject.charts[chart].values.root();
            find(root, reference, &mut Vec::new(), &mut found);
            found.into_iter().map(|path| ValueAt { chart, path }).collect()
        }
    };
    let exact = |at: ValueAt| {
        let taken =
            reference.whole.iter().filter_map(|whole| of.path.strip_prefix(whole.as_slice()));
        let mut parts = taken.filter(|rest| !rest.is_empty()).map(|rest| at.below(rest));
        let is_same = |part: &ValueAt| match (part.node(subject), of.node(subject)) {
            (Some((_, part)), Some((_, of))) => same_data(part, of),
            _ => false,
        };
        parts.find(is_same).unwrap_or(at)
    };
    all.into_iter().map(exact).collect()
}

/// The topmost values that a reference made.
fn find(node: &Node, reference: &Reference, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if reference.made(node.place) {
        found.push(path.clone());
        return;
    }
    let mut below = |key: String, node: &Node| {
        path.push(key);
        find(node, reference, path, found);
        path.pop();
    };
    match &node.data {
        Data::Scalar(_) => {}
        Data::List(items) => {
            items.iter().enumerate().for_each(|(at, item)| below(at.to_string(), item));
        }
        Data::Map(map) => map.iter().for_each(|(key, node)| below(key.name.to_string(), node)),
    }
}

fn referred_by(subject: &Subject<'_>, made: &ValueAt, by: &Reference) -> ReferredBy {
    let node = made.node(subject).map(|(_, node)| node);
    let values = subject.charts[made.chart].values;
    let is_secret = node.is_some_and(|node| is_secret(values, node));
    let text: Json = reference(subject, &by.text).into();
    let text = if is_secret { hidden(&text) } else { text };
    ReferredBy {
        path: Some(path_label(subject, made)),
        of: of(subject, made.chart),
        at: subject.spot(by.place),
        reference: text.as_str().unwrap_or_default().to_owned(),
    }
}

/// The dependencies that are rendered or not as a value says.
fn conditions<'s>(subject: &Subject<'s>, at: &ValueAt) -> impl Iterator<Item = ReferredBy> {
    let chart = &subject.charts[at.chart];
    let told = chart.chart.dependencies.iter().filter_map(|dependency| {
        let when = dependency.when.as_ref().filter(|when| when.path.starts_with(&at.path))?;
        let outer = chart.dependency.map(|outer| format!("{outer}/")).unwrap_or_default();
        Some(ReferredBy {
            path: None,
            of: Some(format!("{outer}{}", dependency.name)),
            at: subject.spot(when.place),
            reference: format!("when: {}", path_text(&when.path)),
        })
    });
    told.collect::<Vec<_>>().into_iter()
}

/// The values that a place of the values of the chart that is asked about refers to; none for one that is
/// no reference.
#[must_use]
pub fn refers_to(subject: &Subject<'_>, place: Place) -> Option<Vec<String>> {
    let chart = subject.chart()?;
    let reference = made_by(chart, place)?;
    let from = reads_from(subject, subject.asked, reference);
    let label = |path: &[String]| ValueAt { chart: from, path: path.to_vec() }.label(subject);
    let absent = reference.absent.iter().map(Vec::as_slice);
    let values = reference.made_of().chain(absent).map(label);
    Some(values.chain(reference.made_besides().map(path_text)).collect())
}
