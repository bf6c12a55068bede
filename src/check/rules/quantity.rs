//! Quantities: `500m`, `1.5`, `2Gi`, exactly.
//!
//! Source: apimachinery `pkg/api/resource/quantity.go`. Finer than a nano is rounded away from zero, as there.

use crate::yaml::{Node, Value};

const NANOS: i128 = 1_000_000_000;

/// An amount, in billionths. What is too large for a server to count is the most that it counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Quantity(i128);

impl Quantity {
    pub(super) const ZERO: Self = Self(0);

    /// A whole number.
    pub(super) fn whole(number: i64) -> Self {
        Self(i128::from(number) * NANOS)
    }

    /// The amount that a text says; None if it is no quantity.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (number, suffix) = unsigned.split_at(end.unwrap_or(unsigned.len()));
        let amount = amount(number, multiplier(suffix)?)?;
        Some(Self(if text.starts_with('-') { -amount } else { amount }))
    }

    /// The amount of a node: a text or a number; None if it is no quantity.
    pub(super) fn of(node: &Node) -> Option<Self> {
        match &node.as_scalar()?.value {
            Value::Int(number) => Some(Self::whole(*number)),
            Value::Uint(number) => Self::parse(&number.to_string()),
            Value::Float(number) => Self::parse(&number.to_string()),
            _ => Self::parse(node.as_str()?),
        }
    }

    /// Whether it is a whole number, when thousandths are the finest that is looked at.
    pub(super) fn is_whole(self) -> bool {
        self.millis() % 1000 == 0
    }

    /// Whether a server counts it as a whole number where it is written so: of more thousandths than 64 bits hold it keeps
    /// what fits there, and none of what has one of the larger suffixes.
    ///
    /// Source: `MilliValue` of apimachinery.
    pub(super) fn is_counted(self, text: &str) -> bool {
        let millis = self.millis();
        match i64::try_from(millis) {
            Ok(_) => self.is_whole(),
            Err(_) if text.ends_with(['G', 'T', 'P', 'E', 'i']) => true,
            #[expect(clippy::cast_possible_truncation, reason = "a server cuts it off there, too")]
            Err(_) => millis as i64 % 1000 == 0,
        }
    }

    /// Whether it is a whole number of times another, which must be a whole number, too.
    pub(super) fn is_multiple_of(self, unit: Self) -> bool {
        let value = |amount: Self| (amount.0 + NANOS - 1).div_euclid(NANOS);
        unit > Self::ZERO && unit.is_whole() && value(self) % value(unit) == 0
    }

    /// Both together.
    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The thousandths, rounded away from zero.
    pub(super) fn millis(self) -> i128 {
        let finer = NANOS / 1000;
        let millis = self.0.saturating_abs().saturating_add(finer - 1) / finer;
        millis * self.0.signum()
    }
}

/// What a suffix multiplies by: a power of two, or of ten.
#[derive(Clone, Copy)]
enum Multiplier {
    Two(u32),
    Ten(i64),
}

fn multiplier(suffix: &str) -> Option<Multiplier> {
    const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    const DECIMAL: [(&str, i64); 10] = [
        ("n", -9),
        ("u", -6),
        ("m", -3),
        ("", 0),
        ("k", 3),
        ("M", 6),
        ("G", 9),
        ("T", 12),
        ("P", 15),
        ("E", 18),
    ];
    if let Some(power) = (1..).zip(BINARY).find_map(|(i, name)| (name == suffix).then_some(i)) {
        return Some(Multiplier::Two(10 * power));
    }
    if let Some((_, exponent)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
        return Some(Multiplier::Ten(*exponent));
    }
    suffix.strip_prefix(['e', 'E'])?.parse().ok().map(Multiplier::Ten)
}

/// The billionths of a decimal number, multiplied.
fn amount(number: &str, by: Multiplier) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let behind = i64::try_from(fraction.len()).ok()?;
    Some(match by {
        Multiplier::Ten(exponent) => {
            scaled(digits, exponent.saturating_sub(behind).saturating_add(9))
        }
        Multiplier::Two(power) => binary(digits, behind, power),
    })
}

/// The digits times a power of ten, rounded up; the most there is if they are more.
fn scaled(digits: &str, exponent: i64) -> i128 {
    if digits.is_empty() {
        return 0;
    }
    if exponent < 0 {
        let cut = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
        let kept = digits.len().saturating_sub(cut);
        let has_rest = digits[kept..].bytes().any(|digit| digit != b'0');
        return scaled(&digits[..kept], 0).saturating_add(i128::from(has_rest));
    }
    let power = u32::try_from(exponent).ok().and_then(|exponent| 10_i128.checked_pow(exponent));
    let number = digits.parse::<i128>().ok();
    number.zip(power).and_then(|(number, power)| number.checked_mul(power)).unwrap_or(i128::MAX)
}

/// The digits, some of them behind the point, times a power of two.
fn binary(digits: &str, behind: i64, power: u32) -> i128 {
    let kept = digits.len().saturating_sub(usize::try_from(behind - 18).unwrap_or(0));
    let behind = behind.min(18);
    let units = scaled(&digits[..kept], 0).checked_mul(1 << power);
    let nanos = units.and_then(|units| units.checked_mul(NANOS));
    let divisor = 10_i128.pow(u32::try_from(behind).unwrap_or(0));
    nanos.map_or(i128::MAX, |nanos| (nanos + divisor - 1) / divisor)
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap_or_else(|| panic!("{text} is a quantity"))
    }

    #[test]
    fn amounts_of_different_suffixes_compare() {
        let rising = [
            "-1Gi", "-1", "0", "1n", "1u", "1m", "0.5", "999m", "1", "1.5", "1k", "1Ki", "1e4",
            "1M", "1Mi", "1.5Gi", "1E", "1Ei", "100E",
        ];
        assert!(rising.map(quantity).is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn an_amount_can_be_written_in_many_ways() {
        for (one, other) in [
            ("1", "1000m"),
            ("0.5", "500m"),
            ("1Gi", "1024Mi"),
            ("1e3", "1k"),
            ("+1.", "1"),
            (".5", "0.50"),
            ("1.5Ki", "1536"),
            ("0.1n", "1n"),
            ("-0.1n", "-1n"),
            ("", "0"),
        ] {
            assert_eq!(quantity(one), quantity(other), "{one} {other}");
        }
        assert_eq!((Quantity::parse("1Gb"), Quantity::parse("1.2.3")), (None, None));
    }

    #[test]
    fn an_amount_too_large_to_count_is_the_most() {
        for text in ["1e999", "99999999999999999999999999999999999999999E", "1e9223372036854775807"]
        {
            assert!(quantity(text) > quantity("100E"), "{text}");
        }
        assert_eq!(quantity("1e-9223372036854775808"), quantity("1n"));
    }

    #[test]
    fn thousandths_make_it_no_whole_number() {
        assert!(
            quantity("2").is_whole() && quantity("1Gi").is_whole() && quantity("1000m").is_whole()
        );
        assert!(!quantity("1500m").is_whole() && !quantity("1n").is_whole());
    }

    #[test]
    fn an_amount_too_large_to_count_is_seldom_whole() {
        let is_counted = |text: &str| quantity(text).is_counted(text);
        assert!(is_counted("9223372036854775") && is_counted("1E") && is_counted("9Ei"));
        assert!(!is_counted("9223372036854776") && !is_counted("99999999999999999999"));
    }

    #[test]
    fn huge_pages_come_whole() {
        assert!(quantity("4Mi").is_multiple_of(quantity("2Mi")));
        assert!(!quantity("3Mi").is_multiple_of(quantity("2Mi")));
        assert!(!quantity("3Mi").is_multiple_of(quantity("0")));
    }

    #[test]
    fn thousandths_are_rounded_away_from_zero() {
        let millis = |text| quantity(text).millis();
        assert_eq!((millis("1.5"), millis("1n"), millis("-1n"), millis("0")), (1500, 1, -1, 0));
    }

    #[test]
    fn amounts_add_up() {
        assert_eq!(quantity("500m").plus(quantity("1")), quantity("1.5"));
    }
}
