//! Schedules: `0 3 * * MON-FRI`, `@daily`, `@every 1h30m`.
//!
//! Source: `Parser.Parse` of `github.com/robfig/cron/v3`, with five fields and descriptors.

const MONTHS: &[&str] =
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DESCRIPTORS: &[&str] =
    &["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/// One of the five fields.
struct Field {
    what: &'static str,
    least: i64,
    most: i64,
    /// The names of its numbers from `least` on.
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { what: "minute", least: 0, most: 59, names: &[] },
    Field { what: "hour", least: 0, most: 23, names: &[] },
    Field { what: "day of the month", least: 1, most: 31, names: &[] },
    Field { what: "month", least: 1, most: 12, names: MONTHS },
    Field { what: "day of the week", least: 0, most: 6, names: DAYS },
];

/// What is wrong with a schedule, behind "must".
pub(super) fn wrong(schedule: &str) -> Option<String> {
    if schedule.starts_with('@') {
        return wrong_descriptor(schedule);
    }
    let parts: Vec<&str> = schedule.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Some(format!("have 5 fields, not {}", parts.len()));
    }
    let mut pairs = parts.iter().zip(&FIELDS);
    let (part, field) = pairs.find(|(part, field)| !field.takes(part))?;
    Some(format!(
        "have a {} from {} to {} where `{part}` stands",
        field.what, field.least, field.most
    ))
}

fn wrong_descriptor(text: &str) -> Option<String> {
    let is_known = match text.strip_prefix("@every ") {
        Some(duration) => is_duration(duration),
        None => DESCRIPTORS.contains(&text),
    };
    (!is_known).then(|| {
        format!("be one of {}, or `@every` with a duration such as `1h30m`", DESCRIPTORS.join(", "))
    })
}

impl Field {
    /// Ranges with commas between them; none at all is taken, too.
    fn takes(&self, text: &str) -> bool {
        text.split(',').filter(|range| !range.is_empty()).all(|range| self.takes_range(range))
    }

    /// `*`, `?`, `N`, `N-M`, each with `/STEP`. Behind a star anything may follow a `-`.
    fn takes_range(&self, text: &str) -> bool {
        let (range, step) = match text.split_once('/') {
            Some((_, step)) if step.contains('/') => return false,
            Some((range, step)) => (range, Some(step)),
            None => (text, None),
        };
        let ends: Vec<&str> = range.split('-').collect();
        let is_star = ["*", "?"].contains(&ends[0]);
        let first = if is_star { Some(self.least) } else { self.number(ends[0]) };
        let last = match ends.as_slice() {
            _ if is_star => Some(self.most),
            [_] if step.is_some() => Some(self.most),
            [_] => first,
            [_, last] => self.number(last),
            _ => None,
        };
        let is_step = step.is_none_or(|step| whole(step).is_some_and(|step| step > 0));
        is_step
            && first.zip(last).is_some_and(|(first, last)| {
                self.least <= first && first <= last && last <= self.most
            })
    }

    fn number(&self, text: &str) -> Option<i64> {
        let lower = text.to_lowercase();
        let named = (self.least..).zip(self.names).find(|(_, name)| **name == lower);
        named.map(|(number, _)| number).or_else(|| whole(text))
    }
}

/// Go's `strconv.Atoi`, of what is not negative.
fn whole(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number| *number >= 0)
}

/// Go's `time.ParseDuration`.
fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let is_empty = rest.is_empty();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, behind) = rest.split_at(end);
        let unit_end =
            behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit_end);
        let is_number =
            number.matches('.').count() <= 1 && number.contains(|c: char| c.is_ascii_digit());
        if !is_number || !["ns", "us", "µs", "μs", "ms", "s", "m", "h"].contains(&unit) {
            return false;
        }
        rest = behind;
    }
    !is_empty
}
