//! Filters on lists that the engine does not bring along. None changes its input.

use super::compared::measured;
use super::{defined, refused_at};
use crate::render::text as texts;
use minijinja::value::{Rest, Value, ValueKind};
use minijinja::{Environment, Error, State};

pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_filter("append", append);
    environment.add_filter("prepend", prepend);
    environment.add_filter("concat", concat);
    environment.add_filter("without", without);
    environment.add_filter("compact", compact);
    environment.add_filter("rest", rest);
    environment.add_filter("flatten", flatten);
    environment.add_filter("uniq", unique);
    environment.add_filter("unique", unique);
}

/// Ends what a `for` loops over. The engine would go through the characters of a text.
pub(super) fn looped(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let value = defined(state, value)?;
    if matches!(
        value.kind(),
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map | ValueKind::None
    ) {
        return Ok(value.clone());
    }
    let hint = match value.as_str() {
        Some(_) => {
            "give it a list or a map; `| split(\",\")` makes a list of a text, `| list` one of its characters"
        }
        None => "give it a list or a map; `range(n)` counts",
    };
    let message = format!("a `for` loops over a list or a map, but this is {}", texts::kind(value));
    Err(refused_at(state, value, message, hint))
}

fn items(state: &mut State<'_, '_>, value: &Value) -> Result<Vec<Value>, Error> {
    let value = defined(state, value)?;
    if !matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) {
        let message = format!("{} is no list", texts::kind(value));
        return Err(refused_at(state, value, message, "pass a list; `[x]` makes one of a value"));
    }
    Ok(texts::items(value)?.collect())
}

fn append(state: &mut State<'_, '_>, value: &Value, item: Value) -> Result<Value, Error> {
    let mut list = items(state, value)?;
    list.push(item);
    Ok(list.into())
}

fn prepend(state: &mut State<'_, '_>, value: &Value, item: Value) -> Result<Value, Error> {
    let mut list = items(state, value)?;
    list.insert(0, item);
    Ok(list.into())
}

fn concat(state: &mut State<'_, '_>, value: &Value, others: Rest<Value>) -> Result<Value, Error> {
    let mut list = items(state, value)?;
    for other in others.iter() {
        list.extend(items(state, other)?);
    }
    Ok(list.into())
}

fn without(state: &mut State<'_, '_>, value: &Value, gone: Rest<Value>) -> Result<Value, Error> {
    let mut list = items(state, value)?;
    measured(state, value)?;
    gone.iter().try_for_each(|item| measured(state, item))?;
    list.retain(|item| !gone.contains(item));
    Ok(list.into())
}

/// The items that are given and not empty.
fn compact(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let mut list = items(state, value)?;
    list.retain(Value::is_true);
    Ok(list.into())
}

fn rest(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    Ok(items(state, value)?.into_iter().skip(1).collect())
}

/// Lists within the list opened up, one level deep.
fn flatten(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let mut flat = Vec::new();
    for item in items(state, value)? {
        match item.kind() {
            ValueKind::Seq | ValueKind::Iterable => flat.extend(texts::items(&item)?),
            _ => flat.push(item),
        }
    }
    Ok(flat.into())
}

/// Each item once, where it stands first.
fn unique(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let mut seen = std::collections::BTreeSet::new();
    let list = items(state, value)?;
    measured(state, value)?;
    Ok(list.into_iter().filter(|item| seen.insert(item.clone())).collect())
}
