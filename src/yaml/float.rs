//! How Go spells a float.

use std::fmt::Write as _;

/// Writes a float as `kustomize build` prints it: `1.0` as `1`, `1e20` as `1e+20`, `0.000001` as
/// `1e-06`.
///
/// It goes through JSON there, which spells whole numbers below 1e21 without an exponent; those that
/// fit into 64 bits are then read back as integers.
pub(super) fn write_float(out: &mut String, number: f64) {
    let shortest = Shortest::of(number);
    if number.fract() == 0.0 && number.abs() < 1e21 {
        let mut whole = String::new();
        shortest.write_decimal(&mut whole);
        if let Ok(small) = whole.parse::<i64>() {
            let _ = write!(out, "{small}");
            return;
        }
        if whole.parse::<u64>().is_ok() {
            out.push_str(&whole);
            return;
        }
    }
    shortest.write_general(out);
}

/// A float as go-yaml spells it: `1e+06`, `0.5`, `5`.
#[must_use]
pub fn float_text(number: f64) -> String {
    let mut text = String::new();
    Shortest::of(number).write_general(&mut text);
    text
}

/// A float as Go's JSON spells it: with an exponent below a millionth and from 1e21 on.
pub fn json_float(number: f64) -> String {
    let shortest = Shortest::of(number);
    let mut text = String::new();
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        shortest.write_exponent(&mut text);
        // Of `e-09` the zero goes.
        return text.replace("e-0", "e-");
    }
    shortest.write_decimal(&mut text);
    text
}

/// The name that kubectl takes a float key for: it rounds to 32 bits.
pub(super) fn float_key(number: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "the rounding is the rule")]
    let short = number as f32;
    match short {
        f32::INFINITY => ".inf".to_owned(),
        f32::NEG_INFINITY => "-.inf".to_owned(),
        _ => {
            let mut name = String::new();
            Shortest::of(short).write_general(&mut name);
            name
        }
    }
}

/// The fewest digits that read back as the number; of two such the even one, as in Go (Rust's own
/// formatting takes the larger).
struct Shortest {
    negative: bool,
    digits: String,
    /// How many of the digits stand before the point; below zero, how many zeros behind it.
    whole: i32,
}

impl Shortest {
    fn of(number: impl zmij::Float) -> Self {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(number);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let zeros = all.len() - significant.len();
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let before = i32::try_from(whole.len()).unwrap_or(0) - i32::try_from(zeros).unwrap_or(0);
        Self {
            negative: mantissa.starts_with('-'),
            digits: significant.trim_end_matches('0').to_owned(),
            whole: if significant.is_empty() { 1 } else { before + exponent },
        }
    }

    /// Go's format `g`: with an exponent if that is below -4 or above 5.
    fn write_general(&self, out: &mut String) {
        let exponent = self.whole - 1;
        if (-4..6).contains(&exponent) {
            self.write_decimal(out);
            return;
        }
        self.write_exponent(out);
    }

    /// Go's format `e`.
    fn write_exponent(&self, out: &mut String) {
        let exponent = self.whole - 1;
        self.write_sign(out);
        let (first, rest) = self.digits.split_at(1);
        out.push_str(first);
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "e{sign}{:02}", exponent.unsigned_abs());
    }

    /// Go's format `f`.
    fn write_decimal(&self, out: &mut String) {
        self.write_sign(out);
        let count = usize::try_from(self.whole).unwrap_or(0);
        let zeros = usize::try_from(-self.whole).unwrap_or(0);
        let (whole, fraction) = self.digits.split_at(count.min(self.digits.len()));
        out.push_str(if count == 0 { "0" } else { whole });
        out.extend(std::iter::repeat_n('0', count.saturating_sub(self.digits.len())));
        if !fraction.is_empty() {
            out.push('.');
            out.extend(std::iter::repeat_n('0', zeros));
            out.push_str(fraction);
        }
    }

    fn write_sign(&self, out: &mut String) {
        if self.negative {
            out.push('-');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{float_key, write_float};

    fn check(number: f64, expect: &str) {
        let mut out = String::new();
        write_float(&mut out, number);
        assert_eq!(out, expect);
    }

    #[test]
    fn whole_numbers_that_fit_into_64_bits_lose_their_point() {
        check(1.0, "1");
        check(-0.0, "0");
        check(1e18, "1000000000000000000");
        check(1e19, "10000000000000000000");
    }

    #[test]
    fn other_numbers_get_an_exponent_below_minus_4_and_from_6_on() {
        check(1e20, "1e+20");
        check(-1e19, "-1e+19");
        check(18_446_744_073_709_551_616.0, "1.8446744073709552e+19");
        check(123_456_789.123_456_79, "1.2345678912345679e+08");
        check(0.0001, "0.0001");
        check(1e-7, "1e-07");
        check(123_456.5, "123456.5");
        check(1_234_567.5, "1.2345675e+06");
    }

    #[test]
    #[expect(clippy::excessive_precision, reason = "the point of the test")]
    fn of_two_shortest_spellings_the_even_one_is_written() {
        check(789_972_280_293_776.25, "7.899722802937762e+14");
    }

    #[test]
    fn a_float_key_is_rounded_to_32_bits() {
        assert_eq!(float_key(1.5), "1.5");
        assert_eq!(float_key(1e7), "1e+07");
        assert_eq!(float_key(16_777_217.0), "1.6777216e+07");
        assert_eq!(float_key(1.5e300), ".inf");
    }
}
