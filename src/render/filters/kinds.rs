//! Filters of the engine that work on some kinds of values only: a value of another kind, or one that nobody set, is
//! named before they see it.

use super::{attribute, attribute_of, defined, lacks_attribute, refused_at};
use crate::render::text as texts;
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Environment, Error, State, filters};

const MAP: &[ValueKind] = &[ValueKind::Map];
const LIST: &[ValueKind] = &[ValueKind::Seq, ValueKind::Iterable];
const ITEMS: &[ValueKind] =
    &[ValueKind::Seq, ValueKind::Iterable, ValueKind::Map, ValueKind::String];
const NUMBER: &[ValueKind] = &[ValueKind::Number];

pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_filter("length", |s: &mut State, v: &Value| {
        of(s, v, "length", ITEMS).and_then(filters::length)
    });
    environment.add_filter("first", |s: &mut State, v: &Value| {
        of(s, v, "first", ITEMS).and_then(filters::first)
    });
    environment.add_filter("last", |s: &mut State, v: Value| {
        of(s, &v, "last", ITEMS)?;
        filters::last(v)
    });
    environment.add_filter("items", |s: &mut State, v: &Value| {
        of(s, v, "items", MAP).and_then(filters::items)
    });
    environment.add_filter("abs", |s: &mut State, v: Value| {
        of(s, &v, "abs", NUMBER)?;
        filters::abs(v)
    });
    environment.add_filter(
        "sum",
        |s: &mut State, v: Value, by: Option<&str>, start: Option<Value>, o: Kwargs| {
            of(s, &v, "sum", LIST)?;
            let named = attribute(by, &o)?;
            let begins = match &start {
                Some(start) => start.kind(),
                None => o.peek::<Option<Value>>("start")?.map_or(ValueKind::Number, |v| v.kind()),
            };
            if begins == ValueKind::Number {
                summed(s, &v, named.as_deref())?;
            }
            filters::sum(s, v, by, start, o)
        },
    );
}

/// Refuses items that cannot be added.
fn summed(state: &State<'_, '_>, list: &Value, by: Option<&str>) -> Result<(), Error> {
    if let Some(error) = by.and_then(|by| lacks_attribute(state, list, ("sum", by))) {
        return Err(error);
    }
    let numbers = list.try_iter()?.map(|item| match by {
        Some(by) => attribute_of(&item, by),
        None => item,
    });
    let adds = |value: &Value| matches!(value.kind(), ValueKind::Number | ValueKind::Bool);
    match numbers.enumerate().find(|(_, number)| !adds(number)) {
        None => Ok(()),
        Some((at, wrong)) => {
            let message = format!("`sum` adds numbers, but item {at} is {}", texts::kind(&wrong));
            let hint = "items are counted from 0; `| join(\"\")` puts texts together, `| map(\"int\") | sum` makes numbers of them first";
            Err(refused_at(state, &wrong, message, hint))
        }
    }
}

/// The value of a filter that sorts its entries by their keys.
pub(super) fn map<'v>(
    state: &mut State<'_, '_>,
    value: &'v Value,
    filter: &str,
) -> Result<&'v Value, Error> {
    of(state, value, filter, MAP)
}

/// The value, if it is of one of the kinds that the filter works on.
fn of<'v>(
    state: &mut State<'_, '_>,
    value: &'v Value,
    filter: &str,
    kinds: &[ValueKind],
) -> Result<&'v Value, Error> {
    let value = defined(state, value)?;
    if kinds.contains(&value.kind()) {
        return Ok(value);
    }
    let (wanted, hint) = match kinds {
        MAP => ("a map", "pass a map; over a list write `{% for x in list %}`"),
        LIST => ("a list", "pass a list; `[a, b]` makes one"),
        NUMBER => ("a number", "pass a number; `| int` and `| float` make one of a text"),
        _ => ("a list, a map or a text", "pass one of them; `| string` makes a text of a number"),
    };
    let message = format!("`{filter}` works on {wanted}, but this is {}", texts::kind(value));
    Err(refused_at(state, value, message, hint))
}
