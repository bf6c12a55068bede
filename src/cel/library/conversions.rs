//! One type made of another.

use super::{Row, Trouble};
use crate::cel::Value;
use crate::cel::signatures::Style::Global;
use crate::cel::time::{Duration, Timestamp};

pub(super) const FUNCTIONS: &[Row] = &[
    (Global, "bool", to_bool),
    (Global, "bytes", to_bytes),
    (Global, "double", to_double),
    (Global, "duration", to_duration),
    (Global, "dyn", |args| Ok(args[0].clone())),
    (Global, "int", to_int),
    (Global, "string", to_string),
    (Global, "timestamp", to_timestamp),
    (Global, "type", |args| Ok(Value::Type(Box::new(args[0].type_of())))),
    (Global, "uint", to_uint),
];

fn converted(found: Option<Value>, text: &str, to: &str) -> Result<Value, Trouble> {
    found.ok_or_else(|| Trouble::Told(format!("`{text}` cannot be read as {to}")))
}

fn to_bool(args: &[Value]) -> Result<Value, Trouble> {
    match &args[0] {
        Value::Bool(truth) => Ok(Value::Bool(*truth)),
        Value::String(text) => {
            let truth = match &**text {
                "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
                "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
                _ => None,
            };
            converted(truth.map(Value::Bool), text, "a boolean")
        }
        _ => Err(Trouble::NoOverload),
    }
}

fn to_bytes(args: &[Value]) -> Result<Value, Trouble> {
    match &args[0] {
        Value::Bytes(_) => Ok(args[0].clone()),
        Value::String(text) => Ok(Value::Bytes(text.as_bytes().into())),
        _ => Err(Trouble::NoOverload),
    }
}

fn to_double(args: &[Value]) -> Result<Value, Trouble> {
    match &args[0] {
        Value::Double(number) => Ok(Value::Double(*number)),
        Value::Int(number) => Ok(Value::Double(*number as f64)),
        Value::Uint(number) => Ok(Value::Double(*number as f64)),
        Value::String(text) => converted(text.parse().ok().map(Value::Double), text, "a number"),
        _ => Err(Trouble::NoOverload),
    }
}

fn to_duration(args: &[Value]) -> Result<Value, Trouble> {
    match &args[0] {
        Value::Duration(_) => Ok(args[0].clone()),
        Value::String(text) => {
            converted(Duration::parse(text).map(Value::Duration), text, "a duration")
        }
        Value::Int(nanos) => Ok(Value::Duration(Duration(*nanos))),
        _ => Err(Trouble::NoOverload),
    }
}

fn to_int(args: &[Value]) -> Result<Value, Trouble> {
    let overflow = || Trouble::Told("integer overflow".to_owned());
    match &args[0] {
        Value::Int(number) => Ok(Value::Int(*number)),
        Value::Uint(number) => i64::try_from(*number).map(Value::Int).map_err(|_| overflow()),
        Value::Double(number) if number.abs() < 9.223_372_036_854_775e18 => {
            Ok(Value::Int(*number as i64))
        }
        Value::Double(_) => Err(overflow()),
        Value::String(text) => converted(text.parse().ok().map(Value::Int), text, "an integer"),
        Value::Timestamp(at) => Ok(Value::Int(at.seconds())),
        Value::Duration(span) => Ok(Value::Int(span.0)),
        _ => Err(Trouble::NoOverload),
    }
}

fn to_uint(args: &[Value]) -> Result<Value, Trouble> {
    let overflow = || Trouble::Told("unsigned integer overflow".to_owned());
    match &args[0] {
        Value::Uint(number) => Ok(Value::Uint(*number)),
        Value::Int(number) => u64::try_from(*number).map(Value::Uint).map_err(|_| overflow()),
        Value::Double(number) if (0.0..1.8e19).contains(number) => Ok(Value::Uint(*number as u64)),
        Value::Double(_) => Err(overflow()),
        Value::String(text) => {
            converted(text.parse().ok().map(Value::Uint), text, "an unsigned integer")
        }
        _ => Err(Trouble::NoOverload),
    }
}

fn to_timestamp(args: &[Value]) -> Result<Value, Trouble> {
    match &args[0] {
        Value::Timestamp(_) => Ok(args[0].clone()),
        Value::String(text) => {
            converted(Timestamp::parse(text).map(Value::Timestamp), text, "a time")
        }
        Value::Int(seconds) => {
            let at = Timestamp::of_seconds(*seconds).map(Value::Timestamp);
            converted(at, &seconds.to_string(), "a time")
        }
        _ => Err(Trouble::NoOverload),
    }
}

fn to_string(args: &[Value]) -> Result<Value, Trouble> {
    text(&args[0]).map(Value::string).ok_or(Trouble::NoOverload)
}

/// A value as a text, if it has one.
pub(super) fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) => text.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Double(number) => double(*number),
        Value::Bytes(bytes) => String::from_utf8(bytes.to_vec()).ok()?,
        Value::Duration(span) => span.text(),
        Value::Timestamp(at) => at.text(),
        Value::Ip(address) => address.to_string(),
        Value::Cidr(range) => range.to_string(),
        _ => return None,
    })
}

/// Go's `%g`: an exponent for numbers below 0.0001 and from a million on.
fn double(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if number == 0.0 || (-4..6).contains(&exponent) {
        return format!("{number}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}
