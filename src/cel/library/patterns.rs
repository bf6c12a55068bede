//! Regular expressions: RE2 as Go's `regexp` reads it.

use super::{Row, Run, Trouble};
use crate::cel::Value;
use crate::cel::signatures::Style::{Global, Method};
use regex::{Regex, RegexBuilder};
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Row] = &[
    (Global, "matches", MATCHES),
    (Method, "matches", MATCHES),
    (Method, "find", find),
    (Method, "findAll", find_all),
];

/// How large one compiled pattern may be, in bytes.
const MAX_SIZE: usize = 1024 * 1024;

const MATCHES: Run = |args| {
    let (text, pattern) = given(args)?;
    Ok(Value::Bool(pattern.is_match(text)))
};

fn find(args: &[Value]) -> Result<Value, Trouble> {
    let (text, pattern) = given(args)?;
    Ok(Value::string(pattern.find(text).map_or("", |found| found.as_str())))
}

fn find_all(args: &[Value]) -> Result<Value, Trouble> {
    let (text, pattern) = given(args)?;
    let most = match args.get(2) {
        Some(Value::Int(count)) => usize::try_from(*count).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let found = pattern.find_iter(text).take(most);
    Ok(Value::list(found.map(|found| Value::string(found.as_str())).collect()))
}

fn given(args: &[Value]) -> Result<(&str, Cow<'_, Regex>), Trouble> {
    match (&args[0], &args[1]) {
        (Value::String(text), Value::Pattern(pattern)) => Ok((text, Cow::Borrowed(pattern))),
        (Value::String(text), Value::String(pattern)) => {
            compile(pattern).map(|pattern| (&**text, Cow::Owned(pattern))).map_err(Trouble::Told)
        }
        _ => Err(Trouble::NoOverload),
    }
}

/// Compiles a pattern; what is wrong with it if it is none.
pub(in crate::cel) fn compile(pattern: &str) -> Result<Regex, String> {
    let compiled = RegexBuilder::new(&as_rust(pattern)).size_limit(MAX_SIZE).build();
    compiled.map_err(|error| {
        let reason = match &error {
            regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
            other => {
                let text = other.to_string();
                let last = text.lines().last().unwrap_or_default();
                last.trim_start_matches("error: ").to_owned()
            }
        };
        format!("`{pattern}` is no regular expression: {reason}")
    })
}

/// The same pattern for the `regex` crate: classes are of ASCII, and a class holds no other classes and no operators.
fn as_rust(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next();
                match (next, in_class) {
                    (Some('d'), true) => out.push_str("0-9"),
                    (Some('w'), true) => out.push_str("0-9A-Za-z_"),
                    (Some('s'), true) => out.push_str(r"\t\n\f\r "),
                    (Some('D'), true) => out.push_str("[^0-9]"),
                    (Some('W'), true) => out.push_str("[^0-9A-Za-z_]"),
                    (Some('S'), true) => out.push_str(r"[^\t\n\f\r ]"),
                    (Some('d'), false) => out.push_str("[0-9]"),
                    (Some('w'), false) => out.push_str("[0-9A-Za-z_]"),
                    (Some('s'), false) => out.push_str(r"[\t\n\f\r ]"),
                    (Some('D'), false) => out.push_str("[^0-9]"),
                    (Some('W'), false) => out.push_str("[^0-9A-Za-z_]"),
                    (Some('S'), false) => out.push_str(r"[^\t\n\f\r ]"),
                    (Some('b'), false) => out.push_str(r"(?-u:\b)"),
                    (Some('B'), false) => out.push_str(r"(?-u:\B)"),
                    (Some('Q'), false) => quote(&mut chars, &mut out),
                    (Some(c @ ('<' | '>')), _) => out.push(c),
                    (next, _) => {
                        out.push('\\');
                        out.extend(next);
                    }
                }
            }
            '{' if !in_class && !is_count(&chars) => out.push_str(r"\{"),
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
                // A bracket that comes first stands for itself.
                if chars.peek() == Some(&']') {
                    chars.next();
                    out.push_str(r"\]");
                }
            }
            '[' if chars.peek() == Some(&':') => {
                out.push('[');
                for c in chars.by_ref() {
                    out.push(c);
                    if c == ']' {
                        break;
                    }
                }
            }
            '[' => out.push_str(r"\["),
            ']' => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            '-' if in_class && chars.peek() == Some(&'-') => out.push_str(r"\-"),
            c => out.push(c),
        }
    }
    out
}

/// Whether `2}`, `2,}` or `2,3}` follows; any other brace stands for itself.
fn is_count(rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let inner: String = rest.clone().take(12).take_while(|c| *c != '}').collect();
    let (least, most) = inner.split_once(',').unwrap_or((&inner, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most) && rest.clone().take(12).any(|c| c == '}')
}

/// `\Q…\E`
fn quote(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek() == Some(&'E') {
            chars.next();
            return;
        }
        out.push_str(&regex::escape(&c.to_string()));
    }
}
