//! The string formats of schemas, as an API server's decoder takes them.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::net::Ipv6Addr;

mod open;

/// A name and its check.
type Format = (&'static str, fn(&str) -> bool);

/// The formats that are checked, by the names that schemas have for them; those that are not here pass.
pub fn formats() -> impl Iterator<Item = &'static (&'static str, fn(&str) -> bool)> {
    FORMATS.iter().chain(open::FORMATS)
}

/// Whether a text is of a format; true of a format that is not checked.
#[must_use]
pub fn is_of_format(format: &str, text: &str) -> bool {
    formats().find(|(name, _)| *name == format).is_none_or(|(_, fits)| fits(text))
}

const FORMATS: &[Format] = &[
    ("kubernetes-quantity", is_quantity),
    ("kubernetes-base64", is_base64),
    ("kubernetes-date-time", is_date_time),
    ("kubernetes-micro-time", is_micro_time),
    ("openapi-date", is_date),
    ("openapi-datetime", is_open_date_time),
    ("openapi-duration", is_duration),
    ("openapi-ipv4", is_ipv4),
    ("openapi-ipv6", is_ipv6),
    ("openapi-cidr", is_cidr),
    ("openapi-uuid", is_uuid),
];

/// `resource.ParseQuantity` of `k8s.io/apimachinery`, which takes a number without digits for 0 and cuts blanks off the
/// ends of the JSON text, in which tabs and line breaks are escapes.
fn is_quantity(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c.is_whitespace() && !c.is_ascii_control());
    let number = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits_end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
    let (number, suffix) = number.split_at(digits_end);
    !text.is_empty() && number.matches('.').count() <= 1 && is_quantity_suffix(suffix)
}

fn is_quantity_suffix(suffix: &str) -> bool {
    const SUFFIXES: [&str; 16] =
        ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let exponent = suffix.strip_prefix(['e', 'E']).map(|rest| rest.parse::<i64>().is_ok());
    SUFFIXES.contains(&suffix) || exponent == Some(true)
}

/// Go's `base64.StdEncoding`: padded, line breaks are read over, unused bits may be set.
fn is_base64(text: &str) -> bool {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    const ENGINE: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
    match text.contains(['\r', '\n']) {
        true => ENGINE.decode(text.replace(['\r', '\n'], "")).is_ok(),
        false => ENGINE.decode(text).is_ok(),
    }
}

/// Go's `time.Parse(time.RFC3339)`.
fn is_date_time(text: &str) -> bool {
    read_date_time(text, |fraction| fraction.is_none_or(|digits| !digits.is_empty()))
}

/// Go's `time.Parse` of a layout with `.000000`.
fn is_micro_time(text: &str) -> bool {
    read_date_time(text, |fraction| fraction.is_some_and(|digits| digits.len() == 6))
}

fn read_date_time(text: &str, fraction_fits: impl Fn(Option<&str>) -> bool) -> bool {
    let Some((date, rest)) = text.split_once('T') else { return false };
    let mut parts = rest.splitn(3, ':');
    let (Some(hour), Some(minute), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let Some((second, rest)) = rest.split_at_checked(2) else { return false };
    let (fraction, zone) = match rest.strip_prefix(['.', ',']) {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            (Some(&rest[..end]), &rest[end..])
        }
        None => (None, rest),
    };
    is_date(date)
        && (hour.len() == 1 || hour.len() == 2)
        && number(hour).is_some_and(|hour| hour < 24)
        && minute.len() == 2
        && number(minute).is_some_and(|minute| minute < 60)
        && number(second).is_some_and(|second| second < 60)
        && fraction_fits(fraction)
        && is_zone(zone)
}

fn is_zone(text: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-']) else { return text == "Z" };
    let Some((hours, minutes)) = offset.split_once(':') else { return false };
    let within = |text: &str, most| text.len() == 2 && number(text).is_some_and(|n| n <= most);
    within(hours, 24) && within(minutes, 60)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let (Some(year_number), Some(month_number), Some(day_number)) =
        (number(year), number(month), number(day))
    else {
        return false;
    };
    let days = match month_number {
        2 if year_number % 4 == 0 && (year_number % 100 != 0 || year_number % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    year.len() == 4 && month.len() == 2 && day.len() == 2 && (1..=days).contains(&day_number)
}

fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Custom resources take the letters in either case.
fn is_open_date_time(text: &str) -> bool {
    is_date_time(&text.to_ascii_uppercase())
}

/// Numbers with units, Go's and the longer ones that the decoder of custom resources knows.
fn is_duration(text: &str) -> bool {
    let mut rest = text.trim().trim_start_matches(['+', '-']);
    if rest == "0" {
        return true;
    }
    let mut units = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (digits, tail) = rest.split_at(end);
        let tail = tail.trim_start();
        let end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        if digits.parse::<f64>().is_err() || !is_unit(unit) {
            return false;
        }
        units += 1;
        rest = tail.trim_start();
    }
    units > 0
}

fn is_unit(unit: &str) -> bool {
    const SHORT: [&str; 11] = ["ns", "us", "µs", "μs", "ms", "s", "m", "h", "d", "w", "hr"];
    const WORDS: [&str; 12] = [
        "nano",
        "nanosecond",
        "micro",
        "microsecond",
        "milli",
        "millisecond",
        "sec",
        "second",
        "min",
        "minute",
        "hour",
        "day",
    ];
    let lower = unit.to_lowercase();
    let singular = lower.strip_suffix('s').unwrap_or(&lower);
    SHORT.contains(&lower.as_str())
        || WORDS.contains(&singular)
        || matches!(singular, "week" | "wk")
}

/// Zeros in front of a number are read over.
fn is_ipv4(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_part = |part: &&str| number(part).is_some_and(|part| part < 256);
    parts.len() == 4 && parts.iter().all(is_part)
}

fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let most = if is_ipv4(address) { 32 } else { 128 };
    (is_ipv4(address) || is_ipv6(address)) && number(bits).is_some_and(|bits| bits <= most)
}

/// Dashes may be left out.
fn is_uuid(text: &str) -> bool {
    let hex: String = text.chars().filter(|c| *c != '-').collect();
    let dashes_fit = text.len() == 32 || text.len() == 36;
    hex.len() == 32 && dashes_fit && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}
