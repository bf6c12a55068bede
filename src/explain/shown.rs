//! The only place where explanations show a value.
//!
//! A value that the chart's schema marks as secret is masked where it stands, however short it is; what is
//! shown besides is searched for the texts of secrets. Names and places are no values.

use super::path::{Part, at, keys_of, parse, path_text, resolve};
use super::{ChartValues, Subject};
use crate::check::{Sensitive, scalars};
use crate::diag::on_one_line;
use crate::source::Secrets;
use crate::values::{REFERENCE, Values, is_reference};
use crate::yaml::{self, Data, Key, Node, Scalar};
use serde_json::Value as Json;
use std::sync::Arc;

/// How many characters of a value one line shows.
const MAX_TEXT: usize = 100;
/// How many items of a list are made up to stand before one.
const MAX_BEFORE: usize = 1_000;

/// A value as JSON.
#[must_use]
pub fn in_json(node: &Node) -> Json {
    let mut json = yaml::to_json(node);
    json.sort_all_objects();
    json
}

/// A value on one line, as JSON, in which nothing steers a terminal; a long one is cut.
#[must_use]
pub fn in_text(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(MAX_TEXT) {
        Some((at, _)) => format!("{}…", on_one_line(&text[..at])),
        None => on_one_line(&text),
    }
}

/// A tree of values as YAML in the canonical form, in which nothing steers a terminal.
#[must_use]
pub fn in_yaml(root: &Node) -> String {
    yaml::write_visible(root)
}

/// The values of the chart that is asked about, without what is secret: a tree like theirs.
#[must_use]
pub fn shown(subject: &Subject<'_>) -> Option<Node> {
    let values = subject.chart()?.values;
    Some(masked(subject, values.root(), Hidden::scalars(&|scalar| values.secret().hold(scalar))))
}

/// A part of a chart's merged values, without what is secret.
pub(super) fn merged(subject: &Subject<'_>, values: &Values, node: &Node) -> Json {
    in_json(&masked(subject, node, Hidden::scalars(&|scalar| values.secret().hold(scalar))))
}

/// What a layer sets at a path of a chart's values, without what is secret there.
pub(super) fn layered(
    subject: &Subject<'_>,
    chart: &ChartValues<'_>,
    (parts, node): (&[Part], &Node),
) -> Json {
    let Some(marks) = chart.schema().and_then(Sensitive::of) else {
        return in_json(&masked(subject, node, Hidden::scalars(&|_| false)));
    };
    let parts: Vec<Part> = parts.iter().map(placed).collect();
    let nested = parts.iter().rev().fold(node.clone(), within);
    let secret: Vec<*const Node> =
        marks.among(&nested).into_iter().map(std::ptr::from_ref).collect();
    let inner = at(&nested, &parts).expect("it was nested under these parts");
    in_json(&masked(
        subject,
        inner,
        Hidden::scalars(&|scalar| secret.contains(&std::ptr::from_ref(scalar))),
    ))
}

/// A part of a manifest, in which other things are secret than in values.
pub(super) fn part_of_manifest(subject: &Subject<'_>, node: &Node, hidden: Hidden<'_>) -> Json {
    in_json(&masked(subject, node, hidden))
}

/// The path of a value; a key that lies in something secret is no better known than that.
///
/// An item of a list that merges by its keys is named by these, which a position in one layer is not.
#[must_use]
pub fn value_path(subject: &Subject<'_>, values: &Values, parts: &[Part]) -> String {
    let shown = value_parts(subject, values, parts);
    let keys = keys_of(parts);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let items = values.items_on(&keys).into_iter();
    let named = items.zip(shown).enumerate().map(|(at, (told_by, part))| match (told_by, &part) {
        (Some(told_by), Part::Index(_)) => item_part(values, (&parts[..at], &part), &told_by),
        _ => part,
    });
    path_text(&named.collect::<Vec<_>>())
}

/// An item of a list by its keys, if they lead to it and are no secret; else by its position.
fn item_part(
    values: &Values,
    (list, part): (&[Part], &Part),
    told_by: &[(String, String)],
) -> Part {
    let pairs: Vec<_> = told_by.iter().map(|(key, text)| format!("{key}={text}")).collect();
    let named = Part::Item(pairs.join(",").into());
    let node = at(values.root(), list);
    let steps = parse(&path_text(std::slice::from_ref(&named)));
    let found = node.zip(steps.ok()).and_then(|(node, steps)| resolve(node, &steps).ok());
    let is_it = |(parts, item): (Vec<Part>, &Node)| {
        let mut keys = told_by.iter().filter_map(|(key, _)| item.get(key));
        parts == std::slice::from_ref(part) && !keys.any(|key| is_secret(values, key))
    };
    if !told_by.is_empty() && found.is_some_and(is_it) { named } else { part.clone() }
}

/// The parts of such a path.
pub(super) fn value_parts(subject: &Subject<'_>, values: &Values, parts: &[Part]) -> Vec<Part> {
    if values.secret().is_empty() {
        return parts.to_vec();
    }
    let is_secret = |scalar: &Node| values.secret().hold(scalar);
    let mut node = Some(values.root());
    let shown = parts.iter().map(|part| {
        let above = node;
        node = above.and_then(|above| at(above, std::slice::from_ref(part)));
        match part {
            Part::Key(key) if above.is_some_and(|above| is_all_secret(above, &is_secret)) => {
                Part::Key(subject.masked(key).into())
            }
            part => part.clone(),
        }
    });
    shown.collect()
}

/// What something was made of that is secret: nothing of it is shown.
pub(super) fn hidden(json: &Json) -> Json {
    if json.is_null() { Json::Null } else { Secrets::MASK.into() }
}

/// Whether any part of a value is secret.
pub(super) fn is_secret(values: &Values, node: &Node) -> bool {
    !values.secret().is_empty()
        && scalars(node).into_iter().any(|scalar| values.secret().hold(scalar))
}

/// The text of a reference, on one line.
pub(super) fn reference(subject: &Subject<'_>, text: &str) -> String {
    subject.masked(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What of a tree nobody is to see.
#[derive(Clone, Copy)]
pub(super) struct Hidden<'f> {
    pub(super) scalars: &'f dyn Fn(&Node) -> bool,
    pub(super) keys: &'f dyn Fn(&Key) -> bool,
}

impl<'f> Hidden<'f> {
    fn scalars(scalars: &'f dyn Fn(&Node) -> bool) -> Self {
        Self { scalars, keys: &|_| false }
    }
}

/// A tree with [`Secrets::MASK`] in place of its secret scalars and of what says the same, and with texts
/// in place of references that are not resolved.
fn masked(subject: &Subject<'_>, node: &Node, hidden: Hidden<'_>) -> Node {
    let data = match &node.data {
        Data::Scalar(_) if (hidden.scalars)(node) => Data::Scalar(Scalar::string(Secrets::MASK)),
        Data::Scalar(scalar) => Data::Scalar(without_secrets(subject, scalar)),
        Data::List(items) => {
            let items = items.iter().map(|item| masked(subject, item, hidden));
            Data::List(Arc::new(items.collect()))
        }
        Data::Map(map) => {
            let is_all = is_all_secret(node, hidden.scalars);
            let entries = map.iter().map(|(key, node)| {
                let name = match () {
                    () if (hidden.keys)(key) => Secrets::MASK.into(),
                    () if is_all => subject.masked(&key.name).into(),
                    () => Arc::clone(&key.name),
                };
                (Key { name, ..key.clone() }, masked(subject, node, hidden))
            });
            Data::Map(Arc::new(entries.collect()))
        }
    };
    Node { data, ..node.clone() }
}

fn without_secrets(subject: &Subject<'_>, scalar: &Scalar) -> Scalar {
    let text = subject.masked(&scalar.text);
    match is_reference(scalar) {
        true => Scalar::string(format!("{REFERENCE} {text}")),
        false if *text == *scalar.text => scalar.clone(),
        false => Scalar::string(text),
    }
}

/// Whether all scalars of a map or list are secret, and it has some.
fn is_all_secret(node: &Node, is_secret: &dyn Fn(&Node) -> bool) -> bool {
    let scalars = scalars(node);
    !scalars.is_empty() && scalars.into_iter().all(is_secret)
}

/// A part as it can stand in a tree that holds nothing else.
fn placed(part: &Part) -> Part {
    match part {
        Part::Key(_) => part.clone(),
        Part::Index(at) => Part::Index((*at).min(MAX_BEFORE)),
        Part::Item(_) => Part::Index(0),
    }
}

/// A tree in which a node is such a part.
fn within(node: Node, part: &Part) -> Node {
    let place = node.place;
    match part {
        Part::Key(name) => {
            Node::map([(Key::new(Arc::clone(name), place), node)].into_iter().collect(), place)
        }
        Part::Index(at) => {
            let nothing = Node::new(Data::Scalar(Scalar::plain(yaml::Value::Null)), place);
            let before = std::iter::repeat_n(nothing, *at);
            Node::list(before.chain([node]).collect(), place)
        }
        Part::Item(_) => unreachable!("`placed` leaves none"),
    }
}
