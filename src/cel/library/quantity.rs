//! Kubernetes quantities: `500m`, `1.5`, `2Gi`.

use super::{Row, Trouble};
use crate::cel::Value;
use crate::cel::signatures::Style::{Global, Method};
use std::cmp::Ordering;

/// A quantity in billionths, the finest that Kubernetes keeps.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    nanos: i128,
    /// Whether it was written without a fraction, in decimals or binary: a server calls `7000m` no integer.
    is_whole: bool,
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

const UNIT: i128 = 1_000_000_000;
/// The largest quantity; what is more counts as this.
const LARGEST: i128 = i64::MAX as i128 * UNIT;

pub(super) const FUNCTIONS: &[Row] = &[
    (Global, "quantity", |args| match &args[0] {
        Value::String(text) => match Quantity::parse(text) {
            Some(quantity) => Ok(Value::Quantity(quantity)),
            None => {
                Trouble::told(format!("`{text}` is no quantity such as `500m`, `1.5` or `2Gi`"))
            }
        },
        _ => Err(Trouble::NoOverload),
    }),
    (Global, "isQuantity", |args| match &args[0] {
        Value::String(text) => Ok(Value::Bool(Quantity::parse(text).is_some())),
        _ => Err(Trouble::NoOverload),
    }),
    (Global, "sign", |args| Ok(Value::Int(i64::from(of(args)?.nanos.signum() as i8)))),
    (Method, "isInteger", |args| Ok(Value::Bool(of(args)?.integer().is_some()))),
    (Method, "asInteger", |args| match of(args)?.integer() {
        Some(number) => Ok(Value::Int(number)),
        None => Trouble::told("cannot convert value to integer"),
    }),
    (Method, "asApproximateFloat", |args| Ok(Value::Double(of(args)?.nanos as f64 / UNIT as f64))),
    (Method, "add", |args| plus(args, 1)),
    (Method, "sub", |args| plus(args, -1)),
];

/// The order of two values that have one by a method: quantities and versions.
pub(super) fn compared(args: &[Value]) -> Result<Ordering, Trouble> {
    match (&args[0], &args[1]) {
        (Value::Quantity(a), Value::Quantity(b)) => Ok(a.nanos.cmp(&b.nanos)),
        (Value::Semver(a), Value::Semver(b)) => Ok(a.cmp_precedence(b)),
        _ => Err(Trouble::NoOverload),
    }
}

fn of(args: &[Value]) -> Result<Quantity, Trouble> {
    match &args[0] {
        Value::Quantity(quantity) => Ok(*quantity),
        _ => Err(Trouble::NoOverload),
    }
}

fn plus(args: &[Value], sign: i128) -> Result<Value, Trouble> {
    let other = match &args[1] {
        Value::Quantity(other) => *other,
        Value::Int(number) => Quantity { nanos: i128::from(*number) * UNIT, is_whole: true },
        _ => return Err(Trouble::NoOverload),
    };
    let one = of(args)?;
    let nanos = one.nanos + sign * other.nanos;
    Ok(Value::Quantity(Quantity { nanos, is_whole: one.is_whole && other.is_whole }))
}

impl Quantity {
    /// `resource.ParseQuantity` of `k8s.io/apimachinery`; what is finer than a billionth is rounded away from zero.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, number) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
        let (number, suffix) = number.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if text.is_empty() || fraction.contains('.') || (number.is_empty() && suffix.is_empty()) {
            return None;
        }
        let (factor, exponent) = scale(suffix)?;
        let digits: Vec<i128> = whole
            .chars()
            .chain(fraction.chars())
            .filter_map(|c| c.to_digit(10))
            .map(i128::from)
            .collect();
        let mut mantissa = 0_i128;
        for digit in digits {
            mantissa =
                mantissa.checked_mul(10)?.checked_add(digit).filter(|it| *it < i128::MAX / 100)?;
        }
        let places = exponent - i64::try_from(fraction.len()).ok()? + 9;
        let is_whole = places >= 9 && (factor == 1 || fraction.is_empty());
        Some(Self { nanos: sign * scaled(mantissa, factor, places), is_whole })
    }

    fn integer(self) -> Option<i64> {
        self.is_whole.then(|| i64::try_from(self.nanos / UNIT).ok()).flatten()
    }
}

/// `mantissa × factor × 10^places`, at most the largest.
fn scaled(mantissa: i128, factor: i128, places: i64) -> i128 {
    if mantissa == 0 {
        return 0;
    }
    let Some(mut found) = mantissa.checked_mul(factor) else { return LARGEST };
    for _ in 0..places.clamp(0, 60) {
        match found.checked_mul(10) {
            Some(next) if found <= LARGEST => found = next,
            _ => return LARGEST,
        }
    }
    for _ in 0..(-places).clamp(0, 60) {
        found = (found + 9) / 10;
    }
    found.min(LARGEST)
}

/// A suffix as a factor and a power of ten.
fn scale(suffix: &str) -> Option<(i128, i64)> {
    Some(match suffix {
        "" => (1, 0),
        "n" => (1, -9),
        "u" => (1, -6),
        "m" => (1, -3),
        "k" => (1, 3),
        "M" => (1, 6),
        "G" => (1, 9),
        "T" => (1, 12),
        "P" => (1, 15),
        "E" => (1, 18),
        "Ki" => (1 << 10, 0),
        "Mi" => (1 << 20, 0),
        "Gi" => (1 << 30, 0),
        "Ti" => (1 << 40, 0),
        "Pi" => (1 << 50, 0),
        "Ei" => (1 << 60, 0),
        other => (1, other.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?.into()),
    })
}
