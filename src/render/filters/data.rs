//! Filters on maps and on what may be missing.

use super::compared::measured;
use super::{defined, refused, refused_at, text};
use crate::diag::nearest;
use crate::render::object::of_scalar;
use crate::render::run::run_of;
use crate::render::text as texts;
use crate::yaml::{self, Data, Node, Options};
use indexmap::IndexMap;
use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Environment, Error, State};

pub(super) fn install(environment: &mut Environment<'static>) {
    for name in ["default", "d"] {
        environment.add_filter(name, default);
    }
    environment
        .add_filter("required", |s: &mut State, v: &Value, message: &str| required(s, message, v));
    environment.add_filter("coalesce", |v: &Value, others: Rest<Value>| {
        coalesce(&[std::slice::from_ref(v), &others].concat())
    });
    environment.add_filter("ternary", ternary);
    environment.add_filter("merge", |s: &mut State, v: &Value, others: Rest<Value>| {
        merge(s, &[std::slice::from_ref(v), &others].concat())
    });
    environment.add_filter("dig", dig);
    environment.add_filter("keys", keys);
    environment.add_filter("values", values);
    environment.add_filter("has_key", has_key);
    environment.add_filter("get", get);
    environment.add_filter("set", set);
    environment.add_filter("unset", omit);
    environment.add_filter("omit", omit);
    environment.add_filter("pick", pick);
    for name in ["to_json", "tojson"] {
        environment.add_filter(name, to_json);
    }
    environment.add_filter("to_pretty_json", to_pretty_json);
    environment.add_filter("from_json", from_json);
    environment.add_filter("from_yaml", from_yaml);
}

/// Nothing was given: undefined or null.
fn is_missing(value: &Value) -> bool {
    value.is_undefined() || value.is_none()
}

/// The other value if there is none; with `true` also for false, zero and what is empty.
fn default(value: &Value, other: Option<Value>, falsy: Option<bool>) -> Value {
    match is_missing(value) || (falsy == Some(true) && !value.is_true()) {
        true => other.unwrap_or_else(|| Value::from("")),
        false => value.clone(),
    }
}

/// The value, or the author's message if there is none or it is an empty string.
pub(super) fn required(
    state: &State<'_, '_>,
    message: &str,
    value: &Value,
) -> Result<Value, Error> {
    match is_missing(value) || value.as_str() == Some("") {
        true => Err(refused_at(state, value, message, "set the value that the message speaks of")),
        false => Ok(value.clone()),
    }
}

/// The first value that is given and not empty.
pub(super) fn coalesce(values: &[Value]) -> Value {
    let is_empty = |value: &&Value| is_missing(value) || value.as_str() == Some("");
    values.iter().find(|value| !is_empty(value)).cloned().unwrap_or(Value::from(()))
}

pub(super) fn ternary(
    state: &mut State<'_, '_>,
    value: &Value,
    yes: Value,
    no: Value,
) -> Result<Value, Error> {
    Ok(if defined(state, value)?.is_true() { yes } else { no })
}

/// Maps merged deep, the first the strongest; anything but maps is kept or replaced whole.
pub(super) fn merge(state: &mut State<'_, '_>, maps: &[Value]) -> Result<Value, Error> {
    let mut merged: Option<Value> = None;
    for map in maps {
        let map = defined(state, map)?;
        if map.kind() != ValueKind::Map {
            let message = format!("`merge` takes maps, but this is {}", texts::kind(map));
            let hint = "pass maps; `{\"key\": x}` makes one";
            return Err(refused_at(state, map, message, hint));
        }
        measured(state, map)?;
        merged = Some(match merged {
            None => map.clone(),
            Some(stronger) => merged_pair(&stronger, map, 0)?,
        });
    }
    Ok(merged.unwrap_or_else(|| pairs(Vec::new())))
}

fn merged_pair(stronger: &Value, weaker: &Value, depth: usize) -> Result<Value, Error> {
    if depth > texts::MAX_DEPTH {
        return Err(texts::too_deep().into());
    }
    [stronger, weaker].into_iter().for_each(texts::take_keys);
    let mut entries: IndexMap<_, _> = texts::entries(stronger)?.into_iter().collect();
    for (key, value) in texts::entries(weaker)? {
        match entries.get_mut(&key) {
            None => drop(entries.insert(key, value)),
            Some(own) if own.kind() == ValueKind::Map && value.kind() == ValueKind::Map => {
                *own = merged_pair(own, &value, depth + 1)?;
            }
            Some(_) => {}
        }
    }
    Ok(pairs(entries.into_iter().collect()))
}

fn pairs(entries: Vec<(String, Value)>) -> Value {
    Value::from_pairs(entries)
}

/// The value that a path of keys leads to, or `default=` if a key on the way is not there.
pub(super) fn dig(
    state: &mut State<'_, '_>,
    value: &Value,
    path: Rest<Value>,
    options: Kwargs,
) -> Result<Value, Error> {
    let default = options.get::<Option<Value>>("default")?;
    options.assert_all_used()?;
    let mut found = defined(state, value)?.clone();
    for key in path.iter() {
        measured(state, key)?;
        let next = found.get_item(key).unwrap_or_default();
        if is_missing(&next) {
            let message = format!("`dig` comes to an end: {}", without(&found, &key.to_string()));
            let hint = "set it, or name what counts without it: `dig(…, default=…)`";
            return default.ok_or_else(|| refused_at(state, &found, message, hint));
        }
        found = next;
    }
    Ok(found)
}

/// What is said of a value that has no such part.
fn without(value: &Value, key: &str) -> String {
    match value.kind() {
        ValueKind::Map => format!("this map has no key `{key}`"),
        ValueKind::Seq | ValueKind::Iterable => format!("this list has no item `{key}`"),
        _ => format!("`{key}` is looked for in {}, which has no keys", texts::kind(value)),
    }
}

fn entries(state: &mut State<'_, '_>, value: &Value) -> Result<Vec<(String, Value)>, Error> {
    let value = defined(state, value)?;
    texts::take_keys(value);
    Ok(texts::entries(value)?)
}

/// The keys in their order.
fn keys(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let value = defined(state, value)?;
    texts::take_keys(value);
    Ok(texts::names(value)?.into_iter().map(|(key, _)| Value::from(key)).collect())
}

/// The values in the order of their keys.
fn values(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    Ok(entries(state, value)?.into_iter().map(|(_, value)| value).collect())
}

fn has_key(state: &mut State<'_, '_>, value: &Value, key: &str) -> Result<bool, Error> {
    let value = defined(state, value)?;
    Ok(!value.get_item(&Value::from(key)).unwrap_or_default().is_undefined())
}

fn get(
    state: &mut State<'_, '_>,
    value: &Value,
    key: &str,
    default: Option<Value>,
) -> Result<Value, Error> {
    let found = defined(state, value)?.get_item(&Value::from(key)).unwrap_or_default();
    if !found.is_undefined() {
        return Ok(found);
    }
    default.ok_or_else(|| {
        let known: Vec<String> =
            texts::names(value).unwrap_or_default().into_iter().map(|(key, _)| key).collect();
        let near = nearest(key, known.iter().map(String::as_str));
        let hint = "set it, or name what counts without it: `get(key, default)`".to_owned();
        let hint = near.map_or(hint, |near| format!("did you mean `{near}`?"));
        refused_at(state, value, without(value, key), &hint)
    })
}

/// The map with one entry added or replaced.
fn set(state: &mut State<'_, '_>, value: &Value, key: String, new: Value) -> Result<Value, Error> {
    let mut entries = entries(state, value)?;
    match entries.iter_mut().find(|(known, _)| *known == key) {
        Some((_, old)) => *old = new,
        None => entries.push((key, new)),
    }
    Ok(pairs(entries))
}

/// The map without some keys.
fn omit(state: &mut State<'_, '_>, value: &Value, gone: Rest<String>) -> Result<Value, Error> {
    let value = defined(state, value)?;
    texts::take_keys(value);
    Ok(pairs(texts::entries_of(value, |key| !gone.iter().any(|gone| gone == key))?))
}

/// The map with some keys only.
fn pick(state: &mut State<'_, '_>, value: &Value, kept: Rest<String>) -> Result<Value, Error> {
    let value = defined(state, value)?;
    Ok(pairs(texts::entries_of(value, |key| kept.iter().any(|kept| kept == key))?))
}

/// Compact JSON, keys in their order.
fn to_json(state: &mut State<'_, '_>, value: &Value) -> Result<String, Error> {
    Ok(texts::json(defined(state, value)?)?)
}

/// JSON with two spaces a level.
fn to_pretty_json(state: &mut State<'_, '_>, value: &Value) -> Result<String, Error> {
    let compact = texts::json(defined(state, value)?)?;
    let parsed: serde_json::Value =
        serde_json::from_str(&compact).map_err(|error| not_read("JSON", &error.to_string()))?;
    serde_json::to_string_pretty(&parsed).map_err(|error| not_read("JSON", &error.to_string()))
}

fn not_read(what: &str, why: &str) -> Error {
    refused(format!("the text is no {what}: {why}"), "correct the text where it is set or written")
}

fn from_json(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let text = text(state, value)?;
    let parsed: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| not_read("JSON", &yaml::json_problem(&error)))?;
    let node = yaml::from_json(&parsed, run_of(state)?.values.place);
    Ok(value_of(&node))
}

/// The value of a YAML text with at most one document.
fn from_yaml(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let text = text(state, value)?;
    let file = run_of(state)?.values.place.file;
    let documents = yaml::parse(&text, file, Options::default()).map_err(|problems| {
        not_read("YAML", problems.first().map_or("", |problem| problem.message.as_str()))
    })?;
    match documents.as_slice() {
        [] => Ok(Value::from(())),
        [document] => Ok(value_of(&document.root)),
        _ => Err(not_read("single document", "it holds several")),
    }
}

fn value_of(node: &Node) -> Value {
    match &node.data {
        Data::List(items) => items.iter().map(value_of).collect(),
        Data::Map(map) => {
            pairs(map.iter().map(|(key, node)| (key.name.to_string(), value_of(node))).collect())
        }
        Data::Scalar(scalar) => of_scalar(scalar),
    }
}
