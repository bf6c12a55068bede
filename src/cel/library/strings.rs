//! Functions of texts. Positions count characters, not bytes.

use super::{Row, Trouble};
use crate::cel::Value;
use crate::cel::signatures::Style::{Global, Method};

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
    (Global, "strings.quote", |args| one(args, |text| Ok(Value::string(quoted(text))))),
    (Global, "jsonpatch.escapeKey", |args| {
        one(args, |text| Ok(Value::string(text.replace('~', "~0").replace('/', "~1"))))
    }),
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

/// A text as an expression would write it.
pub(super) fn quoted(text: &str) -> String {
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
