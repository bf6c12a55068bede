//! What expressions may know of a schema's values: their types, and how large they can be.
//!
//! Sizes are those that a server reckons with, which takes requests of 3 MiB: they decide how much a rule may cost.

use super::{Kind, Level, Structure, escaped};
use crate::api::definition::whole_number;
use crate::cel::{Declared, Object, Type};
use crate::yaml::Node;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The largest request that a server takes, in bytes.
pub(super) const REQUEST: u64 = 3 * 1024 * 1024;

/// What is declared of a schema's parts.
#[derive(Default)]
pub(super) struct Parts {
    /// By the names that the schema calls them.
    pub(super) fields: Vec<(String, Declared)>,
    /// Of a list's items or a map's values.
    pub(super) inner: Option<Declared>,
}

/// What is declared of a schema's values; `None` if expressions cannot see them.
pub(super) fn declare(
    node: &Node,
    structure: &Structure,
    parts: Parts,
    level: Level,
) -> Option<Declared> {
    let plain = |kind, most, least_bytes| Some(Declared { kind, most, least_bytes, inner: None });
    if structure.is_int_or_string {
        return plain(Type::Dyn, length(node).unwrap_or(REQUEST - 2), 1);
    }
    if structure.level(level) == Level::Resource {
        return Some(object(node, parts.fields, Level::Resource));
    }
    match structure.kind? {
        Kind::Boolean => plain(Type::Bool, 0, 4),
        Kind::Number => plain(Type::Double, 0, 1),
        Kind::Integer => plain(Type::Int, 0, 1),
        Kind::String => Some(string(node, &structure.format)),
        Kind::Array => {
            let item = parts.inner?;
            let most = count(node, "maxItems").unwrap_or((REQUEST - 2) / (item.least_bytes + 1));
            let kind = Type::List(Box::new(item.kind.clone()));
            Some(Declared { kind, most, least_bytes: 2, inner: Some(Arc::new(item)) })
        }
        Kind::Object if structure.values.is_some() => {
            let value = parts.inner?;
            let fit = (REQUEST - 2) / (value.least_bytes + 6);
            let most = count(node, "maxProperties").unwrap_or(fit);
            let kind = Type::Map(Box::new(Type::String), Box::new(value.kind.clone()));
            Some(Declared { kind, most, least_bytes: 2, inner: Some(Arc::new(value)) })
        }
        Kind::Object => Some(object(node, parts.fields, Level::Part)),
    }
}

fn object(node: &Node, declared: Vec<(String, Declared)>, level: Level) -> Declared {
    let required = node.get("required").and_then(Node::as_list).unwrap_or_default();
    let is_required = |name: &str| required.iter().any(|it| it.as_str() == Some(name));
    let has_default = |name: &str| {
        let default = node.at(&["properties", name, "default"]);
        default.is_some_and(|default| !default.is_null())
    };
    let mut least_bytes = 2;
    let mut fields = BTreeMap::new();
    for (name, field) in declared {
        if is_required(&name) && !has_default(&name) {
            least_bytes += name.len() as u64 + field.least_bytes + 4;
        }
        if let Some(name) = escaped(&name) {
            fields.insert(name, field);
        }
    }
    if level == Level::Resource {
        add_identity(&mut fields);
    }
    let kind = Type::Object(Arc::new(Object { fields }));
    Declared { kind, most: 0, least_bytes, inner: None }
}

/// Every object has these, whatever its schema says.
fn add_identity(fields: &mut BTreeMap<String, Declared>) {
    let text = || Declared { kind: Type::String, most: REQUEST - 2, least_bytes: 2, inner: None };
    for name in ["apiVersion", "kind"] {
        fields.insert(name.to_owned(), text());
    }
    let names = ["name", "generateName"].map(|name| (name.to_owned(), text()));
    let kind = Type::Object(Arc::new(Object { fields: names.into() }));
    let metadata = Declared { kind, most: 0, least_bytes: 2, inner: None };
    fields.insert("metadata".to_owned(), metadata);
}

fn string(node: &Node, format: &str) -> Declared {
    let (kind, most, least_bytes) = match format {
        "byte" => (Type::Bytes, count(node, "maxLength").unwrap_or(REQUEST - 2), 2),
        "duration" => (Type::Duration, 32, 3),
        "date" => (Type::Timestamp, 12, 12),
        "date-time" => (Type::Timestamp, 32, 21),
        _ => (Type::String, length(node).or_else(|| longest(node)).unwrap_or(REQUEST - 2), 2),
    };
    Declared { kind, most, least_bytes, inner: None }
}

/// A count of characters as bytes: each may take four.
fn length(node: &Node) -> Option<u64> {
    count(node, "maxLength").map(|most| most.saturating_mul(4))
}

/// The longest of a string's values, if all are listed.
fn longest(node: &Node) -> Option<u64> {
    let values = node.get("enum")?.as_list()?;
    let lengths = values.iter().filter_map(Node::as_str).map(|text| text.len() as u64);
    (!values.is_empty()).then(|| lengths.max().unwrap_or(0))
}

pub(super) fn count(node: &Node, word: &str) -> Option<u64> {
    whole_number(node.get(word)?).map(|number| u64::try_from(number).unwrap_or(0))
}
