//! How Go spells a float.

use std::fmt::Write as _;

/// Writes a float as `kustomize build` prints it: `1.0` as `1`, `1e20` as `1e+20`, `0.000001` as
/// `1e-06`.
///
/// It goes through JSON there, which spells whole numbers below 1e21 without an exponent; those that
/// fit into 64 bits are then read back as integers.
pub(super) fn write_float(out: &mut String, number: f64) {
    if number.fract() == 0.0 && number.abs() < 1e21 {
        let whole = number.to_string();
        if let Ok(small) = whole.parse::<i64>() {
            let _ = write!(out, "{small}");
            return;
        }
        if whole.parse::<u64>().is_ok() {
            out.push_str(&whole);
            return;
        }
    }
    write_general(out, &number.to_string(), &format!("{number:e}"));
}

/// The name that kubectl takes a float key for: it rounds to 32 bits.
pub(super) fn float_key(number: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "the rounding is the rule")]
    let short = number as f32;
    let mut name = String::new();
    match short {
        f32::INFINITY => name.push_str(".inf"),
        f32::NEG_INFINITY => name.push_str("-.inf"),
        _ => write_general(&mut name, &short.to_string(), &format!("{short:e}")),
    }
    name
}

/// Go's `FormatFloat(number, 'g', -1, …)`, from the shortest digits in both of Rust's spellings:
/// the decimal one while the exponent is from -4 to 5.
fn write_general(out: &mut String, decimal: &str, scientific: &str) {
    let (digits, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        out.push_str(decimal);
        return;
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    let _ = write!(out, "{digits}e{sign}{:02}", exponent.unsigned_abs());
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
        check(123_456_789.123_456_789, "1.2345678912345679e+08");
        check(0.0001, "0.0001");
        check(1e-7, "1e-07");
        check(123_456.5, "123456.5");
        check(1_234_567.5, "1.2345675e+06");
    }

    #[test]
    fn a_float_key_is_rounded_to_32_bits() {
        assert_eq!(float_key(1.5), "1.5");
        assert_eq!(float_key(1e7), "1e+07");
        assert_eq!(float_key(16_777_217.0), "1.6777216e+07");
        assert_eq!(float_key(1.5e300), ".inf");
    }
}
