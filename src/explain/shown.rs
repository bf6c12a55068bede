//! The only place where explanations show a value.
//!
//! A value that the chart's schema marks as secret is masked where it stands, however short it is; what is
//! shown besides is searched for the texts of secrets. Paths, names and places are no values.

use super::path::{Part, at};
use super::{ChartValues, Subject};
use crate::check::Sensitive;
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

/// A value on one line, as JSON; a long one is cut.
#[must_use]
pub fn in_text(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(MAX_TEXT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// A tree of values as canonical YAML.
#[must_use]
pub fn in_yaml(root: &Node) -> String {
    yaml::write(root)
}

/// A part of a chart's merged values, without what is secret.
pub(super) fn merged(subject: &Subject<'_>, values: &Values, node: &Node) -> Json {
    searched(subject, in_json(&masked(node, &|scalar| values.secret().hold(scalar))))
}

/// What a layer sets at a path of a chart's values, without what is secret there.
pub(super) fn layered(
    subject: &Subject<'_>,
    chart: &ChartValues<'_>,
    (parts, node): (&[Part], &Node),
) -> Json {
    let Some(marks) = chart.schema().and_then(Sensitive::of) else {
        return searched(subject, in_json(&masked(node, &|_| false)));
    };
    let parts: Vec<Part> = parts.iter().map(placed).collect();
    let nested = parts.iter().rev().fold(node.clone(), within);
    let secret: Vec<*const Node> =
        marks.among(&nested).into_iter().map(std::ptr::from_ref).collect();
    let inner = at(&nested, &parts).expect("it was nested under these parts");
    let is_secret = |scalar: &Node| secret.contains(&std::ptr::from_ref(scalar));
    searched(subject, in_json(&masked(inner, &is_secret)))
}

/// What something was made of that is secret: nothing of it is shown.
pub(super) fn hidden(json: &Json) -> Json {
    if json.is_null() { Json::Null } else { Secrets::MASK.into() }
}

/// Whether any part of a value is secret.
pub(super) fn is_secret(values: &Values, node: &Node) -> bool {
    !values.secret().is_empty()
        && match &node.data {
            Data::Scalar(_) => values.secret().hold(node),
            Data::List(items) => items.iter().any(|item| is_secret(values, item)),
            Data::Map(map) => map.values().any(|node| is_secret(values, node)),
        }
}

/// The text of a reference, on one line.
pub(super) fn reference(subject: &Subject<'_>, text: &str) -> String {
    subject.masked(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A value with texts in place of its secret scalars and of references that are not resolved.
fn masked(node: &Node, is_secret: &impl Fn(&Node) -> bool) -> Node {
    let data = match &node.data {
        Data::Scalar(_) if is_secret(node) => Data::Scalar(Scalar::string(Secrets::MASK)),
        Data::Scalar(scalar) if is_reference(scalar) => {
            Data::Scalar(Scalar::string(format!("{REFERENCE} {}", scalar.text)))
        }
        Data::Scalar(_) => node.data.clone(),
        Data::List(items) => {
            Data::List(Arc::new(items.iter().map(|item| masked(item, is_secret)).collect()))
        }
        Data::Map(map) => {
            let entries = map.iter().map(|(key, node)| (key.clone(), masked(node, is_secret)));
            Data::Map(Arc::new(entries.collect()))
        }
    };
    Node { data, ..node.clone() }
}

/// A value without the texts of secrets.
pub(super) fn searched(subject: &Subject<'_>, json: Json) -> Json {
    match json {
        Json::String(text) => subject.masked(&text).into(),
        Json::Array(items) => items.into_iter().map(|item| searched(subject, item)).collect(),
        Json::Object(map) => {
            let entries = map.into_iter();
            entries.map(|(key, json)| (subject.masked(&key), searched(subject, json))).collect()
        }
        Json::Number(number) => match subject.masked(&number.to_string()) {
            text if text == number.to_string() => Json::Number(number),
            text => text.into(),
        },
        other => other,
    }
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
