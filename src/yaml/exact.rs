//! What a number is, exactly: as many digits as it was written with, however it was written.

use super::{Scalar, Value};
use std::fmt;

/// A number by its value alone: `1`, `1.0`, `0x1` and `1e0` are equal, and no digit is rounded away.
///
/// Nothing but integers fits into 64 bits without loss, so what is beyond is compared as it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(Digits);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Digits {
    /// A whole number of at most 38 digits.
    Whole(i128),
    /// Any other: digits without zeros at either end, times a power of ten.
    Scaled { negative: bool, digits: Box<str>, exponent: i64 },
}

/// How many decimal digits an `i128` holds, whatever they are.
const DIGITS: usize = 38;

impl Exact {
    /// The number that a scalar is; none if it is none.
    #[must_use]
    pub fn of(scalar: &Scalar) -> Option<Self> {
        Some(Self(match scalar.value {
            Value::Int(number) => Digits::Whole(number.into()),
            Value::Uint(number) => Digits::Whole(number.into()),
            // A tag makes floats of integers in any spelling.
            Value::Float(number) => {
                decimal(&scalar.text).or_else(|| decimal(&number.to_string()))?
            }
            Value::Null | Value::Bool(_) | Value::String => return None,
        }))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Digits::Whole(number) => write!(f, "{number}"),
            Digits::Scaled { negative, digits, exponent } => {
                let sign = if *negative { "-" } else { "" };
                match usize::try_from(exponent.unsigned_abs()) {
                    Ok(behind) if *exponent < 0 && behind < digits.len() => {
                        let (whole, fraction) = digits.split_at(digits.len() - behind);
                        write!(f, "{sign}{whole}.{fraction}")
                    }
                    Ok(behind) if *exponent < 0 && behind < DIGITS => {
                        write!(f, "{sign}0.{digits:0>behind$}")
                    }
                    _ => write!(f, "{sign}{digits}e{exponent}"),
                }
            }
        }
    }
}

/// The value of `[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?`, with underscores anywhere.
fn decimal(text: &str) -> Option<Digits> {
    let text = text.replace('_', "");
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let leading = all.trim_start_matches('0');
    let digits = leading.trim_end_matches('0');
    if digits.is_empty() {
        return Some(Digits::Whole(0));
    }
    let shift = i64::try_from(leading.len() - digits.len()).ok()?;
    let shift = shift - i64::try_from(fraction.len()).ok()?;
    let exponent = exponent.parse::<i64>().ok()?.checked_add(shift)?;
    let negative = text.starts_with('-');
    let zeros = usize::try_from(exponent).ok().filter(|zeros| digits.len() + zeros <= DIGITS);
    Some(match zeros {
        Some(zeros) => {
            let number: i128 = format!("{digits}{}", "0".repeat(zeros)).parse().ok()?;
            Digits::Whole(if negative { -number } else { number })
        }
        None => Digits::Scaled { negative, digits: digits.into(), exponent },
    })
}

#[cfg(test)]
mod tests {
    use super::Exact;
    use crate::yaml::{Rules, Scalar, resolve};

    fn exact(text: &str) -> Exact {
        let value = resolve(text, Rules::default()).expect("a value");
        Exact::of(&Scalar { text: text.into(), ..Scalar::plain(value) }).expect("a number")
    }

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(exact(text).to_string(), expect, "{text}");
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for text in ["80", "0x50", "80.0", "8e1", "8.0e+1", "+80", "0120", "0b1010000", "800e-1"] {
            check(text, "80");
        }
        check("-0.0", "0");
        check("0.50", "0.5");
        check("-.05", "-0.05");
        check("1_234.5", "1234.5");
    }

    #[test]
    fn every_digit_counts() {
        check("9007199254740993", "9007199254740993");
        check("9007199254740993.0", "9007199254740993");
        check("18446744073709551617", "18446744073709551617");
        check("-18446744073709551617", "-18446744073709551617");
        check("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827");
        assert_ne!(exact("18446744073709551616"), exact("18446744073709551617"));
        let long = "123456789".repeat(5);
        assert_ne!(exact(&format!("{long}1")), exact(&format!("{long}2")));
    }

    #[test]
    fn a_power_of_ten_is_a_number_and_no_long_text() {
        check("1e300", "1e300");
        check("10e299", "1e300");
        check("1e-300", "1e-300");
        check("1e-99999999999999999999", "0");
    }

    #[test]
    fn a_text_is_no_number() {
        assert_eq!(Exact::of(&Scalar::string("80")), None);
    }
}
