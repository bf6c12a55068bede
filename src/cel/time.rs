//! Spans and points of time, without a clock. Time zones are those of the program's own data, not of the machine.

use jiff::tz::TimeZoneDatabase;
use std::sync::LazyLock;

/// A span of time in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(pub i64);

/// A point in time: nanoseconds since 1970, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub i128);

const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400;
/// 0001-01-01 and 9999-12-31, in seconds.
const RANGE: std::ops::RangeInclusive<i128> = -62_135_596_800..=253_402_300_799;

/// Units of a duration as Go writes them, in nanoseconds.
const UNITS: [(&str, f64); 8] = [
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("μs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
];

impl Duration {
    /// `1h30m`, `-1.5s`: Go's `time.ParseDuration`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_with(text, |unit| {
            UNITS.iter().find(|(name, _)| *name == unit).map(|(_, size)| *size)
        })
    }

    /// The same with the units that a caller knows.
    pub fn parse_with(text: &str, size_of: impl Fn(&str) -> Option<f64>) -> Option<Self> {
        let (sign, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        if rest == "0" {
            return Some(Self(0));
        }
        let mut total = 0_i128;
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
            let (number, tail) = rest.split_at(end);
            let tail = tail.trim_start();
            let end = tail.find(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
            let (unit, tail) = tail.split_at(end.unwrap_or(tail.len()));
            let size = size_of(unit)?;
            total += match number.parse::<i64>() {
                Ok(whole) => i128::from(whole) * size as i128,
                Err(_) => (number.parse::<f64>().ok()? * size) as i128,
            };
            rest = tail.trim_start();
        }
        i64::try_from(total * sign).ok().map(Self)
    }

    /// Seconds and their fraction, as `string(duration)` writes them: `90s`, `1.5s`.
    pub(super) fn text(self) -> String {
        format!("{}s", fraction(i128::from(self.0)))
    }
}

fn fraction(nanos: i128) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let (whole, rest) = (nanos.abs() / SECOND, nanos.abs() % SECOND);
    let digits = format!("{rest:09}");
    let digits = digits.trim_end_matches('0');
    let dot = if digits.is_empty() { "" } else { "." };
    format!("{sign}{whole}{dot}{digits}")
}

/// A point in time, split as a calendar and a clock show it.
pub(super) struct Shown {
    pub(super) year: i128,
    /// From 1.
    pub(super) month: i128,
    /// From 1.
    pub(super) day: i128,
    /// From 0.
    pub(super) day_of_year: i128,
    /// From 0, Sunday.
    pub(super) day_of_week: i128,
    pub(super) second_of_day: i128,
    pub(super) nanos: i128,
}

impl Timestamp {
    /// `2026-01-31T12:00:00Z`: RFC 3339.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let rest = rest.strip_prefix(['T', 't'])?;
        let (clock, rest) = rest.split_at_checked(8)?;
        let [hour, minute, second] = numbers(clock, ':')?;
        let end = rest
            .strip_prefix('.')
            .map_or(0, |rest| 1 + rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        let (fraction, zone) = rest.split_at(end);
        let digits = format!("{:0<9}", fraction.trim_start_matches('.'));
        let nanos: i128 = digits.get(..9)?.parse().ok()?;
        let is_clock = hour < 24 && minute < 60 && second < 60 && fraction != ".";
        let day = Self::parse_date(date)?;
        let seconds = hour * 3600 + minute * 60 + second - zone_seconds(zone)?;
        is_clock.then_some(Self(day.0 + seconds * SECOND + nanos))
    }

    /// `2026-01-31`.
    #[must_use]
    pub fn parse_date(text: &str) -> Option<Self> {
        let [year, month, day] = numbers(text, '-')?;
        let days = days_from_civil(year, month, day);
        let (y, m, d) = civil_from_days(days);
        let is_date = text.len() == 10 && (y, m, d) == (year, month, day);
        is_date.then_some(Self(days * DAY * SECOND))
    }

    /// A point in time, if it lies in the years 1 to 9999.
    pub(super) fn checked(nanos: i128) -> Option<Self> {
        RANGE.contains(&nanos.div_euclid(SECOND)).then_some(Self(nanos))
    }

    pub(super) fn shown(self, zone: &str) -> Option<Shown> {
        let seconds = self.0.div_euclid(SECOND);
        let seconds = seconds + offset(zone, seconds)?;
        let days = seconds.div_euclid(DAY);
        let (year, month, day) = civil_from_days(days);
        Some(Shown {
            year,
            month,
            day,
            day_of_year: days - days_from_civil(year, 1, 1),
            day_of_week: (days + 4).rem_euclid(7),
            second_of_day: seconds.rem_euclid(DAY),
            nanos: self.0.rem_euclid(SECOND),
        })
    }

    pub(super) fn text(self) -> String {
        let Some(at) = self.shown("") else { return String::new() };
        let second = fraction(at.second_of_day % 60 * SECOND + at.nanos);
        let width = if second.contains('.') { second.len().max(2) } else { 2 };
        let second = match second.split_once('.') {
            Some((whole, rest)) => format!("{whole:0>2}.{rest}"),
            None => format!("{second:0>width$}"),
        };
        let (hour, minute) = (at.second_of_day / 3600, at.second_of_day / 60 % 60);
        format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second}Z", at.year, at.month, at.day)
    }

    /// Whole seconds since 1970.
    pub(super) fn seconds(self) -> i64 {
        i64::try_from(self.0.div_euclid(SECOND)).unwrap_or_default()
    }

    pub(super) fn of_seconds(seconds: i64) -> Option<Self> {
        Self::checked(i128::from(seconds) * SECOND)
    }
}

fn numbers(text: &str, between: char) -> Option<[i128; 3]> {
    let digits = |part: &str| {
        let fits = part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if fits { part.parse::<i128>().ok() } else { None }
    };
    let parts: Option<Vec<i128>> = text.split(between).map(digits).collect();
    parts?.try_into().ok()
}

/// How many seconds a zone is ahead of UTC at a time: `Europe/Berlin`, `+02:00`, `2:00`. Servers run in UTC.
fn offset(zone: &str, seconds: i128) -> Option<i128> {
    static NAMED: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
    if matches!(zone, "" | "UTC" | "Local") {
        return Some(0);
    }
    if let Some((hours, minutes)) = zone.split_once(':') {
        let number = |text: &str| text.parse::<i64>().ok().map(i128::from);
        let sign = if zone.starts_with('-') { -1 } else { 1 };
        return Some((number(hours)? * 60 + sign * number(minutes)?) * 60);
    }
    let found = NAMED.get(zone).ok().filter(|found| found.iana_name() == Some(zone))?;
    let at = jiff::Timestamp::from_second(i64::try_from(seconds).ok()?);
    let last = if seconds > 0 { jiff::Timestamp::MAX } else { jiff::Timestamp::MIN };
    Some(i128::from(found.to_offset(at.unwrap_or(last)).seconds()))
}

fn zone_seconds(zone: &str) -> Option<i128> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let sign = match zone.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone[1..].split_once(':')?;
    let number = |text: &str| if text.len() == 2 { text.parse::<u8>().ok() } else { None };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60)
        .then(|| sign * (i128::from(hours) * 3600 + i128::from(minutes) * 60))
}

/// Days since 1970 of a date of the Gregorian calendar; years are counted from March.
fn days_from_civil(year: i128, month: i128, day: i128) -> i128 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil_from_days(days: i128) -> (i128, i128, i128) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i128::from(month <= 2), month, day)
}
