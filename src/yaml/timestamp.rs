//! What go-yaml takes for a date: the canonical form puts such a string in quotes, and kustomize prints a date without
//! quotes as a point in time.
//!
//! Source of the rules: `resolve.go` of go-yaml, the layouts as Go's `time.Parse` reads them, and `time.Time` as JSON.

use std::fmt::Write as _;

/// A point in time as it was written.
#[derive(Debug, PartialEq, Eq)]
struct Timestamp<'t> {
    date: (u32, u32, u32),
    clock: (u32, u32, u32),
    /// The digits behind the seconds' point.
    fraction: &'t str,
    /// Minutes before (below zero) or after universal time.
    zone: i32,
}

/// Whether a plain scalar of this text is a date to go-yaml.
#[must_use]
pub fn is_timestamp(text: &str) -> bool {
    timestamp(text).is_some()
}

/// Whether it is a date that Go does not write into JSON.
pub(super) fn is_out_of_json(text: &str) -> bool {
    timestamp(text).is_some_and(|time| time.zone.abs() >= 24 * 60)
}

/// A date as kustomize prints it: `2020-1-1` as `2020-01-01T00:00:00Z`; none if the text is no date.
pub(super) fn spelled_out(text: &str) -> Option<String> {
    let Timestamp { date, clock, fraction, zone } = timestamp(text)?;
    let (year, month, day) = date;
    let (hours, minutes, seconds) = clock;
    let mut out = format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}");
    // Go counts nanoseconds.
    let fraction = fraction[..fraction.len().min(9)].trim_end_matches('0');
    if !fraction.is_empty() {
        let _ = write!(out, ".{fraction}");
    }
    match zone {
        0 => out.push('Z'),
        _ => {
            let sign = if zone < 0 { '-' } else { '+' };
            let _ = write!(out, "{sign}{:02}:{:02}", zone.abs() / 60, zone.abs() % 60);
        }
    }
    Some(out)
}

fn timestamp(text: &str) -> Option<Timestamp<'_>> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 4 || text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    let year = text[..4].parse().ok()?;
    let (month, rest) = number(&text[5..], 1, 12)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 1, days(month, year))?;
    let date = (year, month, day);
    let (clock, fraction, zone) = match rest.as_bytes().first() {
        None => ((0, 0, 0), "", 0),
        Some(b' ') => match clock(rest.trim_start_matches(' '))? {
            (clock, fraction, "") => (clock, fraction, 0),
            _ => return None,
        },
        Some(b'T' | b't') => {
            let (clock, fraction, rest) = clock(&rest[1..])?;
            (clock, fraction, zone(rest)?)
        }
        Some(_) => return None,
    };
    Some(Timestamp { date, clock, fraction, zone })
}

/// An `h:m:s`, the digits of its fraction, and what stands behind.
fn clock(text: &str) -> Option<((u32, u32, u32), &str, &str)> {
    let (hours, rest) = number(text, 0, 23)?;
    let (minutes, rest) = number(rest.strip_prefix(':')?, 0, 59)?;
    let (seconds, rest) = number(rest.strip_prefix(':')?, 0, 59)?;
    let clock = (hours, minutes, seconds);
    let Some(fraction) = rest.strip_prefix(['.', ',']) else { return Some((clock, "", rest)) };
    let behind = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    // A point without digits belongs to what follows, where nothing takes it.
    match fraction.len() - behind.len() {
        0 => Some((clock, "", rest)),
        digits => Some((clock, &fraction[..digits], behind)),
    }
}

/// The minutes of `Z`, or of a sign and `hh:mm`.
fn zone(text: &str) -> Option<i32> {
    match text.as_bytes() {
        [b'Z'] => Some(0),
        [sign @ (b'+' | b'-'), hours @ .., b':', _, _] if hours.len() == 2 => {
            let at_most = |digits: &str, most: i32| {
                let number =
                    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<i32>());
                number?.ok().filter(|number| *number <= most)
            };
            let minutes: i32 = at_most(&text[1..3], 24)? * 60 + at_most(&text[4..], 60)?;
            Some(if *sign == b'-' { -minutes } else { minutes })
        }
        _ => None,
    }
}

/// A number of one or two digits in a range, and the rest.
fn number(text: &str, least: u32, most: u32) -> Option<(u32, &str)> {
    let digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let number = text[..digits].parse().ok()?;
    (least..=most).contains(&number).then(|| (number, &text[digits..]))
}

fn days(month: u32, year: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_out_of_json, is_timestamp, spelled_out};

    #[test]
    fn dates_with_and_without_a_time_are_timestamps() {
        for text in [
            "2020-01-01",
            "2020-1-1",
            "2024-02-29",
            "2020-01-01T10:00:00Z",
            "2020-01-01t1:2:3.45+02:00",
            "2020-01-01 10:00:00",
            "2020-01-01 10:00:00.5",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_or_has_more_behind_it_is_none() {
        for text in [
            "2023-02-29",
            "2020-13-01",
            "2020-00-01",
            "2020-01-01T10:00:00",
            "2020-01-01 10:00:00Z",
            "2020-01-011",
            "2020-01-01 ",
            "20200101",
            "2020-01-01T24:00:00Z",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }

    #[test]
    fn a_date_is_spelled_out_as_the_point_in_time_that_go_writes_into_json() {
        for (text, expect) in [
            ("2020-1-1", "2020-01-01T00:00:00Z"),
            ("0000-01-01", "0000-01-01T00:00:00Z"),
            ("2020-01-01 10:00:00,5", "2020-01-01T10:00:00.5Z"),
            ("2020-01-01t1:2:3.450+02:00", "2020-01-01T01:02:03.45+02:00"),
            ("2020-01-01T10:00:00-00:00", "2020-01-01T10:00:00Z"),
            ("2020-01-01T10:00:00+02:60", "2020-01-01T10:00:00+03:00"),
            ("2020-01-01 10:00:00.123456789123", "2020-01-01T10:00:00.123456789Z"),
        ] {
            assert_eq!(spelled_out(text).as_deref(), Some(expect), "{text}");
        }
    }

    #[test]
    fn json_has_no_zone_a_day_away() {
        assert!(is_out_of_json("2020-01-01T10:00:00-24:00"));
        assert!(is_out_of_json("2020-01-01T10:00:00+23:60"));
        assert!(!is_out_of_json("2020-01-01T10:00:00+23:59"));
    }
}
