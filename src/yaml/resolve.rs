//! What a plain scalar means: the rules of go-yaml v2, with which kubectl, the API server and Helm read,
//! and those of go-yaml v3, with which kustomize reads resources.
//!
//! Source of the rules: `resolve.go` of go-yaml v2 (YAML 1.1), observed through kubectl; `resolve.go` of go-yaml v3,
//! observed through kustomize.

use super::Value;
use super::timestamp::is_out_of_json;
use std::borrow::Cow;

/// Whose rules a plain scalar is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Rules {
    /// go-yaml v2: `yes` is true, `0644` is octal, dates are strings.
    #[default]
    GoYamlV2,
    /// go-yaml v3: `yes` is a string, `0644` is octal, dates are strings that
    /// [`spell_out`](super::spell_out) prints as points in time; only strings are keys.
    GoYamlV3,
}

/// The meaning of a plain scalar without a tag, or the reason why it has none in JSON.
///
/// # Errors
/// For infinity and not-a-number, which JSON and so Kubernetes cannot take; by the rules of go-yaml v3 also for a
/// date in a time zone that JSON has not.
pub fn resolve(text: &str, rules: Rules) -> Result<Value, &'static str> {
    let Some(&first) = text.as_bytes().first() else { return Ok(Value::Null) };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            Ok(word(text, rules))
        }
        b'.' => dotted(text),
        b'0'..=b'9' if rules == Rules::GoYamlV3 && is_out_of_json(text) => Err(NO_ZONE),
        b'0'..=b'9' | b'+' | b'-' => number(text),
        _ => Ok(Value::String),
    }
}

fn word(text: &str, rules: Rules) -> Value {
    match text {
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        "~" | "null" | "Null" | "NULL" => Value::Null,
        _ if rules == Rules::GoYamlV3 => Value::String,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Value::Bool(false),
        _ => Value::String,
    }
}

const NO_ZONE: &str = "a date this far from universal time has no place in a manifest";
/// Why infinity and not-a-number mean nothing.
pub const NOT_FINITE: &str = "infinity and not-a-number have no place in a manifest";

fn dotted(text: &str) -> Result<Value, &'static str> {
    match text {
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" => Err(NOT_FINITE),
        _ => Ok(grouped(text).and_then(|text| float(&text)).unwrap_or(Value::String)),
    }
}

/// The text without its underscores, if each stands between two digits.
fn grouped(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('_') {
        return Some(Cow::Borrowed(text));
    }
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let between = |(at, _)| digit(bytes.get(at - 1)) && digit(bytes.get(at + 1));
    text.match_indices('_').all(between).then(|| Cow::Owned(text.replace('_', "")))
}

fn number(text: &str) -> Result<Value, &'static str> {
    if matches!(&text[1..], ".inf" | ".Inf" | ".INF")
        && !text.starts_with(|c: char| c.is_ascii_digit())
    {
        return Err(NOT_FINITE);
    }
    let plain: Cow<'_, str> = match text.contains('_') {
        true => Cow::Owned(text.replace('_', "")),
        false => Cow::Borrowed(text),
    };
    Ok(integer(&plain).or_else(|| float(&plain)).unwrap_or(Value::String))
}

/// Go's `ParseInt(text, 0, 64)`, then `ParseUint`: a prefix or a leading zero names the base.
fn integer(text: &str) -> Option<Value> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (base, digits) = base_of(digits);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let number = i128::from(u64::from_str_radix(digits, base).ok()?);
    let number = if negative { -number } else { number };
    match i64::try_from(number) {
        Ok(number) => Some(Value::Int(number)),
        // ParseUint takes no sign.
        Err(_) if text.starts_with(['-', '+']) => None,
        Err(_) => u64::try_from(number).ok().map(Value::Uint),
    }
}

fn base_of(digits: &str) -> (u32, &str) {
    match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    }
}

/// A finite number of the shape `[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?`.
fn float(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let shaped = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    let exponent = exponent.is_none_or(|e| digits(e.strip_prefix(['-', '+']).unwrap_or(e)));
    if !shaped || !exponent {
        return None;
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::Float)
}
