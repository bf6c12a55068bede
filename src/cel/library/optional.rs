//! Values that may be absent.

use super::{Row, Trouble};
use crate::cel::Value;
use crate::cel::signatures::Style::{Global, Method};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Row] = &[
    (Global, "optional.of", |args| Ok(Value::some(args[0].clone()))),
    (Global, "optional.none", |_| Ok(Value::Optional(None))),
    (Global, "optional.ofNonZeroValue", of_non_zero),
    (Global, "optional.unwrap", unwrap),
    (Method, "unwrapOpt", unwrap),
    (Method, "hasValue", |args| Ok(Value::Bool(inner(args)?.is_some()))),
    (Method, "value", |args| match inner(args)? {
        Some(value) => Ok(Value::clone(value)),
        None => Trouble::told("optional.none() dereference"),
    }),
    (Method, "or", |args| Ok(args[usize::from(inner(args)?.is_none())].clone())),
    (Method, "orValue", |args| {
        Ok(inner(args)?.map_or_else(|| args[1].clone(), |value| Value::clone(value)))
    }),
    (Method, "first", |args| end(args, <[Value]>::first)),
    (Method, "last", |args| end(args, <[Value]>::last)),
];

fn inner(args: &[Value]) -> Result<Option<&Arc<Value>>, Trouble> {
    match &args[0] {
        Value::Optional(inner) => Ok(inner.as_ref()),
        _ => Err(Trouble::NoOverload),
    }
}

fn end(args: &[Value], pick: fn(&[Value]) -> Option<&Value>) -> Result<Value, Trouble> {
    match &args[0] {
        Value::List(list) => Ok(Value::Optional(pick(&list.items).cloned().map(Arc::new))),
        _ => Err(Trouble::NoOverload),
    }
}

fn of_non_zero(args: &[Value]) -> Result<Value, Trouble> {
    let is_zero = match &args[0] {
        Value::Null => true,
        Value::Bool(truth) => !truth,
        Value::Int(number) => *number == 0,
        Value::Uint(number) => *number == 0,
        Value::Double(number) => *number == 0.0,
        Value::Duration(span) => span.0 == 0,
        value @ (Value::String(_) | Value::Bytes(_) | Value::List(_) | Value::Map(_)) => {
            value.size() == 0
        }
        _ => false,
    };
    Ok(if is_zero { Value::Optional(None) } else { Value::some(args[0].clone()) })
}

fn unwrap(args: &[Value]) -> Result<Value, Trouble> {
    let Value::List(list) = &args[0] else { return Err(Trouble::NoOverload) };
    let mut found = Vec::new();
    for item in &list.items {
        match item {
            Value::Optional(inner) => found.extend(inner.iter().map(|value| Value::clone(value))),
            _ => return Err(Trouble::NoOverload),
        }
    }
    Ok(Value::list(found))
}
