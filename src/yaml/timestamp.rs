//! What go-yaml v2 takes for a date: the canonical form puts such a string in quotes.
//!
//! Source of the rule: `resolve.go` of go-yaml v2 and the layouts as Go's `time.Parse` reads them.

/// Whether a plain scalar of this text is a date to go-yaml v2.
pub(super) fn is_timestamp(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 4 || text.as_bytes().get(4) != Some(&b'-') {
        return false;
    }
    let year = text[..4].parse().unwrap_or(0);
    let date = || {
        let (month, rest) = number(&text[5..], 1, 12)?;
        let (day, rest) = number(rest.strip_prefix('-')?, 1, days(month, year))?;
        (day > 0).then_some(rest)
    };
    let Some(rest) = date() else { return false };
    match rest.as_bytes().first() {
        None => true,
        Some(b' ') => clock(rest.trim_start_matches(' ')) == Some(""),
        Some(b'T' | b't') => clock(&rest[1..]).is_some_and(is_zone),
        Some(_) => false,
    }
}

/// What stands behind an `h:m:s` with an optional fraction.
fn clock(text: &str) -> Option<&str> {
    let (_, rest) = number(text, 0, 23)?;
    let (_, rest) = number(rest.strip_prefix(':')?, 0, 59)?;
    let (_, rest) = number(rest.strip_prefix(':')?, 0, 59)?;
    let Some(fraction) = rest.strip_prefix(['.', ',']) else { return Some(rest) };
    let behind = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    // A point without digits belongs to what follows, where nothing takes it.
    Some(if behind.len() == fraction.len() { rest } else { behind })
}

/// `Z`, or a sign and `hh:mm`.
fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        [b'Z'] => true,
        [b'+' | b'-', hours @ .., b':', _, _] if hours.len() == 2 => {
            let at_most = |digits: &str, most: u32| {
                digits.bytes().all(|b| b.is_ascii_digit())
                    && digits.parse().is_ok_and(|number: u32| number <= most)
            };
            at_most(&text[1..3], 24) && at_most(&text[4..], 60)
        }
        _ => false,
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
    use super::is_timestamp;

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
}
