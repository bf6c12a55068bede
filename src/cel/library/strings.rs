//! Functions of texts. Positions count characters, not bytes.

use super::{Row, Trouble, conversions};
use crate::cel::Value;
use crate::cel::signatures::Style::{Global, Method};
use crate::cel::value::Key;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Row] = &[
    (Method, "contains", |args| pair(args, |text, part| Ok(Value::Bool(text.contains(part))))),
    (Method, "startsWith", |args| pair(args, |text, part| Ok(Value::Bool(text.starts_with(part))))),
    (Method, "endsWith", |args| pair(args, |text, part| Ok(Value::Bool(text.ends_with(part))))),
    (Method, "charAt", char_at),
    (Method, "lowerAscii", |args| one(args, |text| Ok(Value::string(text.to_ascii_lowercase())))),
    (Method, "upperAscii", |args| one(args, |text| Ok(Value::string(text.to_ascii_uppercase())))),
    (Method, "trim", |args| one(args, |text| Ok(Value::string(text.trim())))),
    (Method, "replace", replace),
    (Method, "split", split),
    (Method, "substring", substring),
    (Method, "join", join),
    (Method, "format", format),
    (Global, "strings.quote", |args| one(args, |text| Ok(Value::string(quoted(text))))),
];

fn one(
    args: &[Value],
    work: impl FnOnce(&str) -> Result<Value, Trouble>,
) -> Result<Value, Trouble> {
    match &args[0] {
        Value::String(text) => work(text),
        _ => Err(Trouble::NoOverload),
    }
}

fn pair(
    args: &[Value],
    work: impl FnOnce(&str, &str) -> Result<Value, Trouble>,
) -> Result<Value, Trouble> {
    match (&args[0], &args[1]) {
        (Value::String(text), Value::String(other)) => work(text, other),
        _ => Err(Trouble::NoOverload),
    }
}

fn out_of_range<T>(index: i64) -> Result<T, Trouble> {
    Trouble::told(format!("index out of range: {index}"))
}

fn char_at(args: &[Value]) -> Result<Value, Trouble> {
    let (Value::String(text), Value::Int(index)) = (&args[0], &args[1]) else {
        return Err(Trouble::NoOverload);
    };
    let at = usize::try_from(*index).ok().filter(|at| *at <= text.chars().count());
    match at {
        Some(at) => Ok(Value::string(text.chars().skip(at).take(1).collect::<String>())),
        None => out_of_range(*index),
    }
}

/// Where a text first stands in another, from a position on.
pub(super) fn index_of(text: &str, part: &str, from: Option<i64>) -> Result<Value, Trouble> {
    let from = from.unwrap_or(0);
    if part.is_empty() {
        return Ok(Value::Int(from));
    }
    let Ok(skipped) = usize::try_from(from) else { return out_of_range(from) };
    let start = text.char_indices().nth(skipped).map(|(at, _)| at);
    let found = start.and_then(|start| text[start..].find(part).map(|at| start + at));
    Ok(Value::Int(found.map_or(-1, |at| count(&text[..at]))))
}

/// Where a text last stands in another, up to a position.
pub(super) fn last_index_of(text: &str, part: &str, to: Option<i64>) -> Result<Value, Trouble> {
    let length = count(text);
    if part.is_empty() {
        return Ok(Value::Int(to.unwrap_or(length)));
    }
    let to = to.unwrap_or((length - 1).max(0));
    let Ok(last) = usize::try_from(to) else { return out_of_range(to) };
    if to >= length {
        return Ok(Value::Int(-1));
    }
    let start = text.char_indices().nth(last).map_or(text.len(), |(at, _)| at);
    let end = text.len().min(start + part.len());
    let end = (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
    Ok(Value::Int(text[..end].rfind(part).map_or(-1, |at| count(&text[..at]))))
}

fn count(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

fn replace(args: &[Value]) -> Result<Value, Trouble> {
    let (Value::String(text), Value::String(old), Value::String(new)) =
        (&args[0], &args[1], &args[2])
    else {
        return Err(Trouble::NoOverload);
    };
    let most = match args.get(3) {
        Some(Value::Int(most)) => usize::try_from(*most).ok(),
        _ => None,
    };
    Ok(Value::string(match most {
        Some(most) => text.replacen(&**old, new, most),
        None => text.replace(&**old, new),
    }))
}

fn split(args: &[Value]) -> Result<Value, Trouble> {
    let most = match args.get(2) {
        Some(Value::Int(most)) => usize::try_from(*most).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    pair(args, |text, separator| {
        if most == 0 {
            return Ok(Value::list(Vec::new()));
        }
        let parts: Vec<Value> = if separator.is_empty() {
            let mut chars = text.chars();
            let mut parts: Vec<Value> = chars
                .by_ref()
                .take(most.saturating_sub(1))
                .map(|c| Value::string(c.to_string()))
                .collect();
            let rest = chars.as_str();
            if !rest.is_empty() {
                parts.push(Value::string(rest));
            }
            parts
        } else {
            text.splitn(most, separator).map(Value::string).collect()
        };
        Ok(Value::list(parts))
    })
}

fn substring(args: &[Value]) -> Result<Value, Trouble> {
    let (Value::String(text), Value::Int(start)) = (&args[0], &args[1]) else {
        return Err(Trouble::NoOverload);
    };
    let length = count(text);
    let end = match args.get(2) {
        Some(Value::Int(end)) => *end,
        _ => length.max(*start),
    };
    if *start > end {
        return Trouble::told(format!("invalid substring range. start: {start}, end: {end}"));
    }
    for index in [*start, end] {
        if !(0..=length).contains(&index) {
            return out_of_range(index);
        }
    }
    let (start, end) = (*start as usize, end as usize);
    Ok(Value::string(text.chars().skip(start).take(end - start).collect::<String>()))
}

fn join(args: &[Value]) -> Result<Value, Trouble> {
    let Value::List(list) = &args[0] else { return Err(Trouble::NoOverload) };
    let separator = match args.get(1) {
        Some(Value::String(text)) => &**text,
        _ => "",
    };
    let texts = list.items.iter().map(|item| match item {
        Value::String(text) => Ok(&**text),
        _ => Trouble::told("join: invalid input"),
    });
    Ok(Value::string(texts.collect::<Result<Vec<_>, _>>()?.join(separator)))
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// `'%s is %d'.format([…])`
fn format(args: &[Value]) -> Result<Value, Trouble> {
    let (Value::String(text), Value::List(list)) = (&args[0], &args[1]) else {
        return Err(Trouble::NoOverload);
    };
    let mut values = list.items.iter();
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        if chars.peek() == Some(&'%') {
            chars.next();
            out.push('%');
            continue;
        }
        let mut precision = None;
        if chars.peek() == Some(&'.') {
            chars.next();
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            precision = Some(digits.parse::<usize>().unwrap_or(0).min(100));
        }
        let Some(verb) = chars.next() else {
            return Trouble::told("unexpected end of format string");
        };
        let Some(value) = values.next() else {
            return Trouble::told("index out of range: too few arguments for the format");
        };
        out.push_str(&verbed(verb, precision.unwrap_or(6), value)?);
    }
    Ok(Value::string(out))
}

fn verbed(verb: char, precision: usize, value: &Value) -> Result<String, Trouble> {
    let number = match value {
        Value::Double(number) => Some(*number),
        Value::Int(number) => Some(*number as f64),
        Value::Uint(number) => Some(*number as f64),
        _ => None,
    };
    match (verb, value) {
        ('s', value) => Ok(shown(value)),
        ('d', Value::Int(_) | Value::Uint(_)) => Ok(shown(value)),
        ('d', Value::Double(number)) if !number.is_finite() => Ok(shown(value)),
        ('f', _) if number.is_some() => Ok(format!("{:.precision$}", number.unwrap_or_default())),
        ('e', _) if number.is_some() => {
            let text = format!("{:.precision$e}", number.unwrap_or_default());
            let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let exponent: i32 = exponent.parse().unwrap_or_default();
            let sign = if exponent < 0 { '-' } else { '+' };
            Ok(format!("{digits}e{sign}{:02}", exponent.abs()))
        }
        ('b', Value::Int(number)) => Ok(signed(*number, |number| format!("{number:b}"))),
        ('b', Value::Uint(number)) => Ok(format!("{number:b}")),
        ('b', Value::Bool(truth)) => Ok(u8::from(*truth).to_string()),
        ('o', Value::Int(number)) => Ok(signed(*number, |number| format!("{number:o}"))),
        ('o', Value::Uint(number)) => Ok(format!("{number:o}")),
        ('x', Value::Int(number)) => Ok(signed(*number, |number| format!("{number:x}"))),
        ('X', Value::Int(number)) => Ok(signed(*number, |number| format!("{number:X}"))),
        ('x', Value::Uint(number)) => Ok(format!("{number:x}")),
        ('X', Value::Uint(number)) => Ok(format!("{number:X}")),
        ('x', Value::String(text)) => Ok(hex(text.as_bytes())),
        ('X', Value::String(text)) => Ok(hex(text.as_bytes()).to_uppercase()),
        ('x', Value::Bytes(bytes)) => Ok(hex(bytes)),
        ('X', Value::Bytes(bytes)) => Ok(hex(bytes).to_uppercase()),
        ('d' | 'f' | 'e' | 'b' | 'o' | 'x' | 'X', value) => {
            let kind = value.type_of().name();
            Trouble::told(format!(
                "error during formatting: `%{verb}` does not take a value of type {kind}"
            ))
        }
        _ => Trouble::told(format!("could not parse formatting clause: unrecognized `{verb}`")),
    }
}

fn signed(number: i64, digits: impl Fn(u64) -> String) -> String {
    format!("{}{}", if number < 0 { "-" } else { "" }, digits(number.unsigned_abs()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A value as `%s` shows it.
fn shown(value: &Value) -> String {
    match value {
        Value::List(list) => {
            format!("[{}]", list.items.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        Value::Map(map) => {
            let entry =
                |(key, value): (&Key, &Value)| format!("{}: {}", shown(&key.value()), shown(value));
            format!("{{{}}}", map.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Null => "null".to_owned(),
        Value::Type(kind) => kind.name(),
        Value::Double(number) => number.to_string(),
        Value::Optional(Some(inner)) => shown(&Value::clone(&Arc::clone(inner))),
        other => conversions::text(other).unwrap_or_else(|| other.type_of().name()),
    }
}
