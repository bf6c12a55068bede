//! Values of objects as expressions see them, typed by the schema.

use super::{Kind, Level, Structure, escaped};
use crate::api::ListType;
use crate::cel::{Duration, Key, List, ListKind, Timestamp, Value};
use crate::yaml::{Data, Node, Scalar, Value as Yaml};
use base64::Engine;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The value of a node that suits its schema; `None` where it does not.
#[must_use]
pub fn of(structure: &Structure, node: &Node, level: Level) -> Option<Value> {
    if node.is_null() {
        return structure.is_nullable.then_some(Value::Null);
    }
    match &node.data {
        Data::Scalar(scalar) => of_scalar(structure, scalar),
        Data::List(items) => {
            let schema = structure.items.as_deref()?;
            let items: Option<Vec<Value>> =
                items.iter().map(|item| of(schema, item, Level::Part)).collect();
            Some(Value::List(Arc::new(List { items: items?, kind: list_kind(structure) })))
        }
        Data::Map(map) if structure.kind == Some(Kind::Object) => {
            let level = structure.level(level);
            let mut found = BTreeMap::new();
            for (key, node) in map.iter() {
                let value = match structure.values.as_deref() {
                    Some(schema) => {
                        of(schema, node, Level::Part).map(|it| (key.name.to_string(), it))
                    }
                    None => field(structure, &key.name, node, level),
                };
                found.extend(value.map(|(name, value)| (Key::from(name.as_str()), value)));
            }
            Some(Value::Map(Arc::new(found)))
        }
        Data::Map(_) => Some(Value::Unknown(Arc::new(untyped(node)))),
    }
}

/// A field by the name that expressions call it.
fn field(structure: &Structure, name: &str, node: &Node, level: Level) -> Option<(String, Value)> {
    let escaped = escaped(name);
    if level == Level::Resource && matches!(name, "apiVersion" | "kind" | "metadata") {
        return Some((escaped?, untyped(node)));
    }
    match structure.fields.get(name) {
        Some(schema) => Some((escaped?, of(schema, node, Level::Part)?)),
        // Fields that the schema does not know make objects unequal, and nothing else.
        None => Some((format!("@{name}"), Value::Unknown(Arc::new(untyped(node))))),
    }
}

fn list_kind(structure: &Structure) -> ListKind {
    match structure.list {
        Some(ListType::Set) => ListKind::Set,
        Some(ListType::Map) => {
            ListKind::Map(structure.keys.iter().filter_map(|key| escaped(key)).collect())
        }
        Some(ListType::Atomic) | None => ListKind::Atomic,
    }
}

fn of_scalar(structure: &Structure, scalar: &Scalar) -> Option<Value> {
    let text = &scalar.text;
    match (structure.kind, scalar.value) {
        _ if structure.is_int_or_string => plain(scalar),
        (Some(Kind::String), Yaml::String) => match structure.format.as_str() {
            "duration" => Duration::parse_with(text, unit).map(Value::Duration),
            "date" => Timestamp::parse_date(text).map(Value::Timestamp),
            "date-time" => Timestamp::parse(text).map(Value::Timestamp),
            "byte" => {
                let decoded = base64::engine::general_purpose::STANDARD.decode(&**text).ok()?;
                Some(Value::Bytes(decoded.into()))
            }
            _ => Some(Value::string(text.clone())),
        },
        (Some(Kind::Number), Yaml::Int(number)) => Some(Value::Double(number as f64)),
        (Some(Kind::Number), Yaml::Uint(number)) => Some(Value::Double(number as f64)),
        (Some(Kind::Number), Yaml::Float(number)) => Some(Value::Double(number)),
        (Some(Kind::Integer), Yaml::Float(number)) if number.fract() == 0.0 => {
            Some(Value::Int(number as i64))
        }
        (Some(Kind::Integer), Yaml::Int(_)) | (Some(Kind::Boolean), Yaml::Bool(_)) => plain(scalar),
        (None, _) => Some(Value::Unknown(Arc::new(plain(scalar)?))),
        _ => None,
    }
}

/// Units of durations in custom resources, in nanoseconds.
fn unit(name: &str) -> Option<f64> {
    const DAY: f64 = 86_400e9;
    let lower = name.to_lowercase();
    Some(match lower.strip_suffix('s').filter(|it| it.len() > 1).unwrap_or(&lower) {
        "n" | "ns" | "nano" | "nanosecond" => 1.0,
        "u" | "us" | "µs" | "μs" | "micro" | "microsecond" => 1e3,
        "ms" | "milli" | "millisecond" => 1e6,
        "s" | "sec" | "second" => 1e9,
        "m" | "min" | "minute" => 60e9,
        "h" | "hr" | "hour" => 3600e9,
        "d" | "day" => DAY,
        "w" | "wk" | "week" => 7.0 * DAY,
        _ => return None,
    })
}

fn plain(scalar: &Scalar) -> Option<Value> {
    Some(match scalar.value {
        Yaml::Null => Value::Null,
        Yaml::Bool(truth) => Value::Bool(truth),
        Yaml::Int(number) => Value::Int(number),
        Yaml::Uint(number) => Value::Double(number as f64),
        Yaml::Float(number) if number.fract() == 0.0 && number.abs() < 9e18 => {
            Value::Int(number as i64)
        }
        Yaml::Float(number) => Value::Double(number),
        Yaml::String => Value::string(scalar.text.clone()),
    })
}

/// A value of which no schema is known. The reader of YAML limits its depth.
#[must_use]
pub fn untyped(node: &Node) -> Value {
    match &node.data {
        Data::Scalar(scalar) => plain(scalar).unwrap_or(Value::Null),
        Data::List(items) => Value::list(items.iter().map(untyped).collect()),
        Data::Map(map) => {
            let entry = |(key, node): (&crate::yaml::Key, &Node)| {
                (Key::String(Arc::clone(&key.name)), untyped(node))
            };
            Value::Map(Arc::new(map.iter().map(entry).collect()))
        }
    }
}
