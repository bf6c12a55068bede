//! `format`: a text has plain parts, and clauses such as `%s` and `%.2f` where values go.

use super::strings::quoted;
use super::{Row, Trouble, conversions};
use crate::cel::Value;
use crate::cel::kinds::Type;
use crate::cel::signatures::Style::Method;
use crate::cel::value::Key;
use std::fmt;

pub(super) const FUNCTIONS: &[Row] = &[(Method, "format", format)];

/// One part of such a text.
#[derive(Debug, PartialEq)]
pub(in crate::cel) enum Piece {
    Text(String),
    Clause(Clause),
}

/// Where a value goes, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::cel) struct Clause {
    verb: char,
    /// How many digits a fraction has.
    precision: Option<usize>,
}

/// The most digits of a fraction that are written.
const MAX_PRECISION: usize = 100;

impl Piece {
    pub(in crate::cel) fn clause(self) -> Option<Clause> {
        match self {
            Self::Text(_) => None,
            Self::Clause(clause) => Some(clause),
        }
    }
}

impl Clause {
    /// Whether values of a type can go there.
    pub(in crate::cel) fn takes(self, kind: &Type) -> bool {
        use Type::{
            Bool, Bytes, Double, Duration, Dyn, Int, List, Map, Null, String, Timestamp, Uint,
            Variable,
        };
        let is_shown = matches!(
            (self.verb, kind),
            (
                's',
                Bool | Bytes
                    | Double
                    | Duration
                    | Int
                    | List(_)
                    | Map(..)
                    | Null
                    | String
                    | Timestamp
                    | Type::Type(_)
                    | Uint,
            ) | ('d' | 'o', Int | Uint)
                | ('f' | 'e', Double | String)
                | ('b', Int | Uint | Bool)
                | ('x' | 'X', Int | Uint | String | Bytes)
        );
        is_shown || matches!(kind, Dyn | Variable(_))
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.precision {
            Some(precision) => write!(out, "%.{precision}{}", self.verb),
            None => write!(out, "%{}", self.verb),
        }
    }
}

/// The parts of a text, or what is wrong with it.
pub(in crate::cel) fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            plain.push('%');
            rest = after;
            continue;
        }
        let (clause, after) = clause(after)?;
        found.push(Piece::Text(std::mem::take(&mut plain)));
        found.push(Piece::Clause(clause));
        rest = after;
    }
    plain.push_str(rest);
    found.push(Piece::Text(plain));
    Ok(found)
}

/// The clause whose `%` stands before this text.
fn clause(text: &str) -> Result<(Clause, &str), String> {
    let (precision, rest) = match text.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let digits = rest[..end].parse::<usize>();
            let digits = digits.map_err(|_| "`%.` needs a number of digits".to_owned())?;
            (Some(digits.min(MAX_PRECISION)), &rest[end..])
        }
        None => (None, text),
    };
    let mut rest = rest.chars();
    match rest.next() {
        Some(verb) if "sdfebxXo".contains(verb) => Ok((Clause { verb, precision }, rest.as_str())),
        Some(verb) => Err(format!(
            "`format` knows no `%{verb}`: write one of `%s`, `%d`, `%f`, `%e`, `%b`, `%x`, `%X`, `%o`, or `%%` for a percent sign"
        )),
        None => Err("`format` has a `%` at the end: write `%%` for a percent sign".to_owned()),
    }
}

/// `'%s is %d'.format([…])`
fn format(args: &[Value]) -> Result<Value, Trouble> {
    let (Value::String(text), Value::List(list)) = (&args[0], &args[1]) else {
        return Err(Trouble::NoOverload);
    };
    let mut values = list.items.iter();
    let mut out = String::new();
    for piece in pieces(text).map_err(Trouble::Told)? {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            Piece::Clause(clause) => {
                let Some(value) = values.next() else {
                    return Trouble::told("`format` is given too few values");
                };
                out.push_str(&written(clause, value)?);
            }
        }
    }
    Ok(Value::string(out))
}

fn written(clause: Clause, value: &Value) -> Result<String, Trouble> {
    let Clause { verb, precision } = clause;
    let text = match (verb, value) {
        ('s', value) => shown(value),
        ('d', Value::Int(_) | Value::Uint(_)) => conversions::text(value),
        ('f', value) => double(value).map(|number| fixed(number, precision.unwrap_or(6))),
        ('e', value) => double(value).map(|number| scientific(number, precision.unwrap_or(6))),
        ('b', Value::Int(number)) => Some(signed(*number, |number| format!("{number:b}"))),
        ('b', Value::Uint(number)) => Some(format!("{number:b}")),
        ('b', Value::Bool(truth)) => Some(u8::from(*truth).to_string()),
        ('o', Value::Int(number)) => Some(signed(*number, |number| format!("{number:o}"))),
        ('o', Value::Uint(number)) => Some(format!("{number:o}")),
        ('x' | 'X', Value::Int(number)) => Some(signed(*number, |number| format!("{number:x}"))),
        ('x' | 'X', Value::Uint(number)) => Some(format!("{number:x}")),
        ('x' | 'X', Value::String(text)) => Some(hex(text.as_bytes())),
        ('x' | 'X', Value::Bytes(bytes)) => Some(hex(bytes)),
        _ => None,
    };
    match text {
        Some(text) if verb == 'X' => Ok(text.to_uppercase()),
        Some(text) => Ok(text),
        None => {
            let kind = value.type_of().name();
            Trouble::told(format!("`{clause}` does not take a value of type `{kind}`"))
        }
    }
}

fn double(value: &Value) -> Option<f64> {
    match value {
        Value::Double(number) => Some(*number),
        Value::String(text) => match &**text {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

/// Numbers without an end, as a server writes them in English.
fn endless(number: f64) -> Option<String> {
    match number {
        number if number.is_nan() => Some("NaN".to_owned()),
        number if number.is_infinite() => Some(if number > 0.0 { "∞" } else { "-∞" }.to_owned()),
        _ => None,
    }
}

/// With commas between thousands, as a server writes numbers in English.
fn fixed(number: f64, precision: usize) -> String {
    if let Some(text) = endless(number) {
        return text;
    }
    let text = format!("{number:.precision$}");
    let (sign, text) = text.strip_prefix('-').map_or(("", &*text), |rest| ("-", rest));
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let grouped: String = whole
        .char_indices()
        .flat_map(|(at, digit)| {
            let is_border = at > 0 && (whole.len() - at).is_multiple_of(3);
            is_border.then_some(',').into_iter().chain([digit])
        })
        .collect();
    format!("{sign}{grouped}{fraction}")
}

/// `1.052033×10⁰³`, as a server writes it in English: always with six digits behind the point; what asks for more of them
/// only asks for room.
fn scientific(number: f64, room: usize) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    if let Some(text) = endless(number) {
        return format!("{text:>room$}");
    }
    let text = format!("{number:.6e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(("", exponent), |rest| ("⁻", rest));
    let exponent = format!("{exponent:0>2}");
    let raised = exponent.bytes().map(|digit| RAISED[usize::from(digit - b'0')]);
    let text = format!("{digits}×10{sign}{}", raised.collect::<String>());
    format!("{text:>room$}")
}

fn signed(number: i64, digits: impl Fn(u64) -> String) -> String {
    format!("{}{}", if number < 0 { "-" } else { "" }, digits(number.unsigned_abs()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A value as `%s` shows it, if it does.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::List(list) => {
            let items: Option<Vec<String>> = list.items.iter().map(within).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Map(map) => {
            let entry =
                |(key, value): (&Key, &Value)| Some((within(&key.value())?, within(value)?));
            let mut entries: Vec<_> = map.iter().map(entry).collect::<Option<_>>()?;
            entries.sort();
            let entries: Vec<_> =
                entries.iter().map(|(key, value)| format!("{key}:{value}")).collect();
            Some(format!("{{{}}}", entries.join(", ")))
        }
        Value::Null => Some("null".to_owned()),
        Value::Type(kind) => {
            let name = kind.name();
            Some(name.split('(').next().unwrap_or_default().to_owned())
        }
        Value::Bool(_)
        | Value::Int(_)
        | Value::Uint(_)
        | Value::Double(_)
        | Value::String(_)
        | Value::Bytes(_)
        | Value::Duration(_)
        | Value::Timestamp(_) => conversions::text(value),
        _ => None,
    }
}

/// A value in a list or map, as an expression would write it.
fn within(value: &Value) -> Option<String> {
    let text = shown(value)?;
    Some(match value {
        Value::String(_) => quoted(&text),
        Value::Bytes(_) => format!("b{}", quoted(&text)),
        Value::Timestamp(_) => format!("timestamp({})", quoted(&text)),
        Value::Duration(_) => format!("duration({})", quoted(&text)),
        Value::Double(number) if !number.is_finite() => quoted(&text),
        Value::Double(number) => format!("{number:.6}"),
        _ => text,
    })
}
