//! Semantic versions, and the comparisons that they share with quantities.

use super::quantity::compared;
use super::{Row, Trouble};
use crate::cel::Value;
use crate::cel::signatures::Style::{Global, Method};
use semver::Version;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Row] = &[
    (Global, "semver", |args| match given(args)? {
        Some(version) => Ok(Value::Semver(Arc::new(version))),
        None => Trouble::told("it is no semantic version such as `1.2.3`"),
    }),
    (Global, "isSemver", |args| Ok(Value::Bool(given(args)?.is_some()))),
    (Method, "major", |args| number(args, |version| version.major)),
    (Method, "minor", |args| number(args, |version| version.minor)),
    (Method, "patch", |args| number(args, |version| version.patch)),
    (Method, "compareTo", |args| Ok(Value::Int(compared(args)? as i64))),
    (Method, "isLessThan", |args| Ok(Value::Bool(compared(args)?.is_lt()))),
    (Method, "isGreaterThan", |args| Ok(Value::Bool(compared(args)?.is_gt()))),
];

fn given(args: &[Value]) -> Result<Option<Version>, Trouble> {
    let Value::String(text) = &args[0] else { return Err(Trouble::NoOverload) };
    match args.get(1) {
        Some(Value::Bool(true)) => Ok(normal(text).and_then(|text| Version::parse(&text).ok())),
        Some(Value::Bool(false)) | None => Ok(Version::parse(text).ok()),
        Some(_) => Err(Trouble::NoOverload),
    }
}

/// Without a `v` and zeros in front, and with the parts that are missing.
fn normal(text: &str) -> Option<String> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut parts: Vec<String> = text.splitn(3, '.').map(without_zeros).collect();
    if parts.len() < 3 && parts.last().is_some_and(|part| part.contains(['+', '-'])) {
        return None;
    }
    parts.resize(3, "0".to_owned());
    Some(parts.join("."))
}

fn without_zeros(part: &str) -> String {
    if part.len() < 2 {
        return part.to_owned();
    }
    let rest = part.trim_start_matches('0');
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        rest.to_owned()
    } else {
        format!("0{rest}")
    }
}

fn number(args: &[Value], of: fn(&Version) -> u64) -> Result<Value, Trouble> {
    match &args[0] {
        Value::Semver(version) => Ok(Value::Int(i64::try_from(of(version)).unwrap_or(i64::MAX))),
        _ => Err(Trouble::NoOverload),
    }
}
