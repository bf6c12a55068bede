//! Filters that make numbers and booleans.

use super::{defined, refused, refused_at};
use crate::render::text as texts;
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, State};

pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_filter("int", int);
    environment.add_filter("float", float);
    environment.add_filter("bool", boolean);
    environment.add_filter("round", round);
    environment.add_filter("ceil", |s: &mut State, v: &Value| whole(s, v, f64::ceil));
    environment.add_filter("floor", |s: &mut State, v: &Value| whole(s, v, f64::floor));
}

fn wrong(state: &State<'_, '_>, value: &Value, wanted: &str) -> Error {
    let message = match value.as_str() {
        Some(text) if text.len() <= 40 => format!("`{text}` is no {wanted}"),
        _ => format!("{} is no {wanted}", texts::kind(value)),
    };
    refused_at(state, value, message, "correct it where it is set")
}

fn number(state: &mut State<'_, '_>, value: &Value) -> Result<f64, Error> {
    let value = defined(state, value)?;
    let number = match value.as_str() {
        Some(text) => text.trim().parse().ok(),
        None if value.kind() == ValueKind::Number => f64::try_from(value.clone()).ok(),
        None => None,
    };
    number.filter(|number: &f64| number.is_finite()).ok_or_else(|| wrong(state, value, "number"))
}

/// An integer: of a number its whole part, of a text the decimal number that it holds.
fn int(state: &mut State<'_, '_>, value: &Value, default: Option<i64>) -> Result<Value, Error> {
    if value.is_integer() {
        return Ok(value.clone());
    }
    if value.kind() == ValueKind::Bool {
        return Ok(Value::from(i64::from(value.is_true())));
    }
    let exact = value.as_str().and_then(|text| text.trim().parse::<i64>().ok()).map(Value::from);
    match exact.map_or_else(|| whole(state, value, f64::trunc), Ok) {
        Err(error) => default.map(Value::from).ok_or(error),
        found => found,
    }
}

fn float(state: &mut State<'_, '_>, value: &Value, default: Option<f64>) -> Result<f64, Error> {
    number(state, value).or_else(|error| default.ok_or(error))
}

fn whole(
    state: &mut State<'_, '_>,
    value: &Value,
    rounded: fn(f64) -> f64,
) -> Result<Value, Error> {
    if value.is_integer() {
        return Ok(value.clone());
    }
    let found = rounded(number(state, value)?);
    // Beyond 2^53 a float no longer tells integers apart.
    if found.abs() > 9_007_199_254_740_992.0 {
        return Err(wrong(state, value, "integer that a float can hold"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "it was just found to be small and whole")]
    let integer = found as i64;
    Ok(Value::from(integer))
}

/// To so many places behind the point; to none it is an integer.
fn round(state: &mut State<'_, '_>, value: &Value, places: Option<i32>) -> Result<Value, Error> {
    match places.unwrap_or(0) {
        0 => whole(state, value, f64::round),
        places if (1..=15).contains(&places) => {
            let factor = 10f64.powi(places);
            Ok(Value::from((number(state, value)? * factor).round() / factor))
        }
        _ => Err(refused("`round` takes 0 to 15 places", "name fewer places")),
    }
}

/// A boolean, or the text `true` or `false`.
fn boolean(state: &mut State<'_, '_>, value: &Value) -> Result<bool, Error> {
    let value = defined(state, value)?;
    match (value.kind(), value.as_str()) {
        (ValueKind::Bool, _) => Ok(value.is_true()),
        (_, Some("true")) => Ok(true),
        (_, Some("false")) => Ok(false),
        _ => Err(wrong(state, value, "boolean")),
    }
}
