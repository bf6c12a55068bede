//! Functions of lists and sets.

use super::{Row, Trouble, strings};
use crate::cel::Value;
use crate::cel::signatures::Style::{Global, Method};
use crate::cel::time::Duration;
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Row] = &[
    (Method, "isSorted", is_sorted),
    (Method, "sum", sum),
    (Method, "min", |args| most(args, Ordering::Less)),
    (Method, "max", |args| most(args, Ordering::Greater)),
    (Method, "indexOf", |args| position(args, Side::First)),
    (Method, "lastIndexOf", |args| position(args, Side::Last)),
    (Method, "slice", slice),
    (Method, "flatten", flatten),
    (Method, "distinct", distinct),
    (Method, "reverse", |args| Ok(Value::list(items(args)?.iter().rev().cloned().collect()))),
    (Method, "sort", sort),
    (Global, "lists.range", range),
    (Global, "sets.contains", |args| {
        let (all, some) = two(args)?;
        Ok(Value::Bool(some.iter().all(|item| all.contains(item))))
    }),
    (Global, "sets.equivalent", |args| {
        let (a, b) = two(args)?;
        let within = |a: &[Value], b: &[Value]| a.iter().all(|item| b.contains(item));
        Ok(Value::Bool(within(a, b) && within(b, a)))
    }),
    (Global, "sets.intersects", |args| {
        let (a, b) = two(args)?;
        Ok(Value::Bool(a.iter().any(|item| b.contains(item))))
    }),
];

/// How many numbers `lists.range` makes.
const MAX_RANGE: i64 = 100_000;

#[derive(Clone, Copy)]
enum Side {
    First,
    Last,
}

fn items(args: &[Value]) -> Result<&[Value], Trouble> {
    match &args[0] {
        Value::List(list) => Ok(&list.items),
        _ => Err(Trouble::NoOverload),
    }
}

fn two(args: &[Value]) -> Result<(&[Value], &[Value]), Trouble> {
    Ok((items(args)?, items(&args[1..])?))
}

fn is_sorted(args: &[Value]) -> Result<Value, Trouble> {
    for pair in items(args)?.windows(2) {
        let order = pair[0].order(&pair[1]).ok_or(Trouble::NoOverload)?;
        if order == Ordering::Greater {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

/// An empty list adds up to 0.
fn sum(args: &[Value]) -> Result<Value, Trouble> {
    let items = items(args)?;
    let mut total = match items.first() {
        None | Some(Value::Int(_)) => Value::Int(0),
        Some(Value::Uint(_)) => Value::Uint(0),
        Some(Value::Double(_)) => Value::Double(0.0),
        Some(Value::Duration(_)) => Value::Duration(Duration(0)),
        Some(_) => return Err(Trouble::NoOverload),
    };
    let add = super::function(Global, "_+_").ok_or(Trouble::NoOverload)?;
    for item in items {
        total = add(&[total, item.clone()])?;
    }
    Ok(total)
}

fn most(args: &[Value], wanted: Ordering) -> Result<Value, Trouble> {
    let items = items(args)?;
    let Some(mut found) = items.first() else {
        let name = if wanted == Ordering::Less { "min" } else { "max" };
        return Trouble::told(format!("{name} called on empty list"));
    };
    for item in &items[1..] {
        if item.order(found).ok_or(Trouble::NoOverload)? == wanted {
            found = item;
        }
    }
    Ok(found.clone())
}

fn position(args: &[Value], side: Side) -> Result<Value, Trouble> {
    if let (Value::String(text), Value::String(part)) = (&args[0], &args[1]) {
        let offset = match args.get(2) {
            Some(Value::Int(offset)) => Some(*offset),
            _ => None,
        };
        return match side {
            Side::First => strings::index_of(text, part, offset),
            Side::Last => strings::last_index_of(text, part, offset),
        };
    }
    let mut positions = items(args)?.iter();
    let found = match side {
        Side::First => positions.position(|item| *item == args[1]),
        Side::Last => positions.rposition(|item| *item == args[1]),
    };
    Ok(Value::Int(found.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1)))
}

fn slice(args: &[Value]) -> Result<Value, Trouble> {
    let (Value::Int(start), Value::Int(end)) = (&args[1], &args[2]) else {
        return Err(Trouble::NoOverload);
    };
    let range = usize::try_from(*start).ok().zip(usize::try_from(*end).ok());
    let found = range.and_then(|(start, end)| items(args).ok()?.get(start..end));
    match found {
        Some(found) => Ok(Value::list(found.to_vec())),
        None => {
            Trouble::told(format!("cannot slice({start}, {end}), which lies outside of the list"))
        }
    }
}

fn flatten(args: &[Value]) -> Result<Value, Trouble> {
    let depth = match args.get(1) {
        Some(Value::Int(depth)) if *depth < 0 => {
            return Trouble::told("level must be non-negative");
        }
        Some(Value::Int(depth)) => *depth,
        _ => 1,
    };
    Ok(Value::list(flattened(items(args)?, depth.min(100))))
}

fn flattened(items: &[Value], depth: i64) -> Vec<Value> {
    let inner = |item: &Value| match item {
        Value::List(list) if depth > 0 => flattened(&list.items, depth - 1),
        other => vec![other.clone()],
    };
    items.iter().flat_map(inner).collect()
}

fn distinct(args: &[Value]) -> Result<Value, Trouble> {
    let mut found: Vec<Value> = Vec::new();
    for item in items(args)? {
        if !found.contains(item) {
            found.push(item.clone());
        }
    }
    Ok(Value::list(found))
}

fn sort(args: &[Value]) -> Result<Value, Trouble> {
    let keys: Vec<_> = items(args)?.iter().map(|item| (item.clone(), item.clone())).collect();
    sorted(keys)
}

/// The second of each pair, in the order of the first.
pub(in crate::cel) fn sorted(mut pairs: Vec<(Value, Value)>) -> Result<Value, Trouble> {
    let first = pairs.first().map(|(key, _)| key.clone());
    let has_order = |key: &Value| first.as_ref().is_none_or(|first| key.order(first).is_some());
    if !pairs.iter().all(|(key, _)| has_order(key)) {
        return Err(Trouble::NoOverload);
    }
    pairs.sort_by(|a, b| a.0.order(&b.0).unwrap_or(Ordering::Equal));
    Ok(Value::list(pairs.into_iter().map(|(_, value)| value).collect()))
}

fn range(args: &[Value]) -> Result<Value, Trouble> {
    match &args[0] {
        Value::Int(count) if *count > MAX_RANGE => Err(Trouble::TooCostly),
        Value::Int(count) => Ok(Value::list((0..*count).map(Value::Int).collect())),
        _ => Err(Trouble::NoOverload),
    }
}
