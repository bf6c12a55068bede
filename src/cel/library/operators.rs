//! Operators, `size`, and the way into lists and maps.

use super::{Row, Run, Trouble};
use crate::cel::Value;
use crate::cel::signatures::Style::{Global, Method};
use crate::cel::time::{Duration, Timestamp};
use crate::cel::value::Key;
use std::cmp::Ordering;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Row] = &[
    (Global, "!_", not),
    (Global, "-_", negate),
    (Global, "_+_", add),
    (Global, "_-_", subtract),
    (Global, "_*_", multiply),
    (Global, "_/_", divide),
    (Global, "_%_", remainder),
    (Global, "_==_", |args| Ok(Value::Bool(args[0] == args[1]))),
    (Global, "_!=_", |args| Ok(Value::Bool(args[0] != args[1]))),
    (Global, "_<_", |args| compare(args, Ordering::is_lt)),
    (Global, "_<=_", |args| compare(args, Ordering::is_le)),
    (Global, "_>_", |args| compare(args, Ordering::is_gt)),
    (Global, "_>=_", |args| compare(args, Ordering::is_ge)),
    (Global, "@in", is_in),
    (Global, "_[_]", item),
    (Global, "_[?_]", optional_item),
    (Global, "size", SIZE),
    (Method, "size", SIZE),
];

const SIZE: Run = |args| match &args[0] {
    Value::String(_) | Value::Bytes(_) | Value::List(_) | Value::Map(_) => {
        Ok(Value::Int(i64::try_from(args[0].size()).unwrap_or(i64::MAX)))
    }
    _ => Err(Trouble::NoOverload),
};

fn not(args: &[Value]) -> Result<Value, Trouble> {
    match &args[0] {
        Value::Bool(truth) => Ok(Value::Bool(!truth)),
        _ => Err(Trouble::NoOverload),
    }
}

fn int(found: Option<i64>) -> Result<Value, Trouble> {
    found.map(Value::Int).ok_or_else(|| Trouble::Told("integer overflow".to_owned()))
}

fn uint(found: Option<u64>) -> Result<Value, Trouble> {
    found.map(Value::Uint).ok_or_else(|| Trouble::Told("unsigned integer overflow".to_owned()))
}

fn duration(found: Option<i64>) -> Result<Value, Trouble> {
    let found = found.map(|nanos| Value::Duration(Duration(nanos)));
    found.ok_or_else(|| Trouble::Told("integer overflow".to_owned()))
}

fn timestamp(nanos: i128) -> Result<Value, Trouble> {
    let found = Timestamp::checked(nanos).map(Value::Timestamp);
    found.ok_or_else(|| Trouble::Told("timestamp overflow".to_owned()))
}

fn negate(args: &[Value]) -> Result<Value, Trouble> {
    match &args[0] {
        Value::Int(number) => int(number.checked_neg()),
        Value::Double(number) => Ok(Value::Double(-number)),
        Value::Duration(span) => duration(span.0.checked_neg()),
        _ => Err(Trouble::NoOverload),
    }
}

fn add(args: &[Value]) -> Result<Value, Trouble> {
    match (&args[0], &args[1]) {
        (Value::Int(a), Value::Int(b)) => int(a.checked_add(*b)),
        (Value::Uint(a), Value::Uint(b)) => uint(a.checked_add(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a + b)),
        (Value::String(a), Value::String(b)) => Ok(Value::string(format!("{a}{b}"))),
        (Value::Bytes(a), Value::Bytes(b)) => Ok(Value::Bytes([&**a, &**b].concat().into())),
        (Value::List(a), Value::List(b)) => Ok(Value::List(Arc::new(a.plus(b)))),
        (Value::Duration(a), Value::Duration(b)) => duration(a.0.checked_add(b.0)),
        (Value::Timestamp(a), Value::Duration(b)) | (Value::Duration(b), Value::Timestamp(a)) => {
            timestamp(a.0 + i128::from(b.0))
        }
        _ => Err(Trouble::NoOverload),
    }
}

fn subtract(args: &[Value]) -> Result<Value, Trouble> {
    match (&args[0], &args[1]) {
        (Value::Int(a), Value::Int(b)) => int(a.checked_sub(*b)),
        (Value::Uint(a), Value::Uint(b)) => uint(a.checked_sub(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a - b)),
        (Value::Duration(a), Value::Duration(b)) => duration(a.0.checked_sub(b.0)),
        (Value::Timestamp(a), Value::Duration(b)) => timestamp(a.0 - i128::from(b.0)),
        (Value::Timestamp(a), Value::Timestamp(b)) => duration(i64::try_from(a.0 - b.0).ok()),
        _ => Err(Trouble::NoOverload),
    }
}

fn multiply(args: &[Value]) -> Result<Value, Trouble> {
    match (&args[0], &args[1]) {
        (Value::Int(a), Value::Int(b)) => int(a.checked_mul(*b)),
        (Value::Uint(a), Value::Uint(b)) => uint(a.checked_mul(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a * b)),
        _ => Err(Trouble::NoOverload),
    }
}

fn divide(args: &[Value]) -> Result<Value, Trouble> {
    match (&args[0], &args[1]) {
        (Value::Int(_), Value::Int(0)) | (Value::Uint(_), Value::Uint(0)) => {
            Trouble::told("division by zero")
        }
        (Value::Int(a), Value::Int(b)) => int(a.checked_div(*b)),
        (Value::Uint(a), Value::Uint(b)) => uint(a.checked_div(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a / b)),
        _ => Err(Trouble::NoOverload),
    }
}

fn remainder(args: &[Value]) -> Result<Value, Trouble> {
    match (&args[0], &args[1]) {
        (Value::Int(_), Value::Int(0)) | (Value::Uint(_), Value::Uint(0)) => {
            Trouble::told("modulus by zero")
        }
        (Value::Int(a), Value::Int(b)) => int(a.checked_rem(*b)),
        (Value::Uint(a), Value::Uint(b)) => uint(a.checked_rem(*b)),
        _ => Err(Trouble::NoOverload),
    }
}

fn compare(args: &[Value], fits: fn(Ordering) -> bool) -> Result<Value, Trouble> {
    let is_nan = |value: &Value| matches!(value, Value::Double(number) if number.is_nan());
    match args[0].order(&args[1]) {
        Some(order) => Ok(Value::Bool(fits(order))),
        None if args.iter().any(is_nan) => Ok(Value::Bool(false)),
        None => Err(Trouble::NoOverload),
    }
}

fn is_in(args: &[Value]) -> Result<Value, Trouble> {
    match &args[1] {
        Value::List(list) => Ok(Value::Bool(list.items.contains(&args[0]))),
        Value::Map(map) => {
            Ok(Value::Bool(Key::of(&args[0]).is_some_and(|key| map.contains_key(&key))))
        }
        _ => Err(Trouble::NoOverload),
    }
}

/// `list[1]`, `map['a']`
fn item(args: &[Value]) -> Result<Value, Trouble> {
    if let Value::Optional(_) = &args[0] {
        return optional_item(args);
    }
    match find(args)? {
        Some(found) => Ok(found),
        None => match &args[0] {
            Value::List(_) => Trouble::told(format!("index out of bounds: {}", shown(&args[1]))),
            _ => Trouble::told(format!("no such key: {}", shown(&args[1]))),
        },
    }
}

fn optional_item(args: &[Value]) -> Result<Value, Trouble> {
    let target = match &args[0] {
        Value::Optional(None) => return Ok(Value::Optional(None)),
        Value::Optional(Some(inner)) => Value::clone(inner),
        other => other.clone(),
    };
    let found = find(&[target, args[1].clone()])?;
    Ok(Value::Optional(found.map(Arc::new)))
}

fn find(args: &[Value]) -> Result<Option<Value>, Trouble> {
    match &args[0] {
        Value::List(list) => match Key::of(&args[1]) {
            Some(Key::Int(index)) => {
                Ok(usize::try_from(index).ok().and_then(|at| list.items.get(at)).cloned())
            }
            _ => Err(Trouble::NoOverload),
        },
        Value::Map(map) => match Key::of(&args[1]) {
            Some(key) => Ok(map.get(&key).cloned()),
            None => Err(Trouble::NoOverload),
        },
        _ => Err(Trouble::NoOverload),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        other => other.type_of().name(),
    }
}

/// The field of an object or map, `None` if it is not there.
pub(in crate::cel) fn select(target: &Value, name: &Key) -> Result<Option<Value>, Trouble> {
    match target {
        Value::Map(map) => Ok(map.get(name).cloned()),
        Value::Optional(None) => Ok(None),
        Value::Optional(Some(inner)) => select(inner, name),
        _ => Err(Trouble::NoOverload),
    }
}
