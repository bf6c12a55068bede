//! `semver_compare`: version ranges as Helm users write them.
//!
//! Source of the grammar: the documentation of Masterminds/semver, which Helm uses: `>=1.2 <2`, `,`
//! and white space join, `||` separates; `^1.2`, `~1.2`, `1.x`, `1.2 - 1.4`, `!=1.2`. A version with
//! a pre-release only matches a comparison that names one, as in `>=1.30-0`.

use super::refused;
use minijinja::value::Value;
use minijinja::{Environment, Error, State};
use std::cmp::Ordering;

pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_filter("semver_compare", |s: &mut State, version: &Value, range: &str| {
        compare(&super::content(s, version)?, range)
    });
}

/// Whether a version lies in a range.
pub(super) fn compare(version: &str, range: &str) -> Result<bool, Error> {
    let wrong = |text: &str, what: &str| {
        let message = format!("`{text}` is no {what}");
        refused(
            message,
            "write versions as `1.2.3` and ranges as `>=1.2 <2`, `^1`, `~1.2` or `1.x`",
        )
    };
    let parsed = Partial::parse(version).and_then(|partial| partial.version());
    let version = parsed.ok_or_else(|| wrong(version, "version"))?;
    let alternatives =
        range.split("||").map(|part| all_of(part).ok_or_else(|| wrong(range, "version range")));
    let alternatives = alternatives.collect::<Result<Vec<_>, _>>()?;
    Ok(alternatives.iter().any(|all| all.iter().all(|one| one.holds(&version))))
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    numbers: [u64; 3],
    /// Dot-separated parts behind `-`; empty for a release.
    pre: Vec<String>,
}

impl Version {
    fn release(numbers: [u64; 3]) -> Self {
        Self { numbers, pre: Vec::new() }
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = self.numbers.cmp(&other.numbers);
        numbers.then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => pre_order(&self.pre, &other.pre),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn pre_order(left: &[String], right: &[String]) -> Ordering {
    let part = |(left, right): (&String, &String)| match (left.parse::<u64>(), right.parse::<u64>())
    {
        (Ok(left), Ok(right)) => left.cmp(&right),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => left.cmp(right),
    };
    let parts = left.iter().zip(right).map(part);
    parts.fold(Ordering::Equal, Ordering::then).then(left.len().cmp(&right.len()))
}

/// A version of which the end may be missing or a wildcard: `1`, `1.2`, `1.x`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Partial {
    numbers: Vec<u64>,
    pre: Vec<String>,
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (core, pre) = match text.split_once('-') {
            Some((core, pre)) => (core, Some(pre)),
            None => (text, None),
        };
        let mut numbers = Vec::new();
        let mut is_open = false;
        for part in core.split('.') {
            match part {
                "x" | "X" | "*" => is_open = true,
                _ if is_open => return None,
                _ if part.bytes().all(|byte| byte.is_ascii_digit()) => {
                    numbers.push(part.parse().ok()?)
                }
                _ => return None,
            }
        }
        let is_part = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric())
        };
        let pre: Vec<String> =
            pre.map_or(Vec::new(), |pre| pre.split('.').map(str::to_owned).collect());
        let is_right = pre.iter().all(|part| is_part(part)) && numbers.len() <= 3;
        is_right.then_some(Self { numbers, pre })
    }

    /// The version with zeros for what is missing; none for a wildcard without any number.
    fn version(&self) -> Option<Version> {
        (!self.numbers.is_empty()).then(|| self.lowest())
    }

    fn lowest(&self) -> Version {
        let mut numbers = [0; 3];
        numbers[..self.numbers.len()].copy_from_slice(&self.numbers);
        Version { numbers, pre: self.pre.clone() }
    }

    /// The first release behind all that begin with the first `kept` numbers.
    fn behind(&self, kept: usize) -> Version {
        let mut numbers = self.lowest().numbers;
        for (at, number) in numbers.iter_mut().enumerate() {
            *number = match at + 1 {
                at if at == kept => number.saturating_add(1),
                at if at > kept => 0,
                _ => *number,
            };
        }
        Version::release(numbers)
    }
}

/// From `from` on, up to but without `to`; `outside` asks for the opposite.
#[derive(Debug)]
struct Span {
    from: Option<Version>,
    to: Option<Version>,
    outside: bool,
    names_pre: bool,
}

impl Span {
    fn holds(&self, version: &Version) -> bool {
        if !version.pre.is_empty() && !self.names_pre {
            return false;
        }
        let within = self.from.as_ref().is_none_or(|from| version >= from)
            && self.to.as_ref().is_none_or(|to| version < to);
        within != self.outside
    }
}

/// The comparisons of one alternative, all of which must hold.
fn all_of(text: &str) -> Option<Vec<Span>> {
    let text = text.trim();
    if let Some((from, to)) = text.split_once(" - ") {
        return Some(vec![span(">=", from.trim())?, span("<=", to.trim())?]);
    }
    let mut spans = Vec::new();
    let mut operator = String::new();
    for word in text.split([',', ' ', '\t']).filter(|word| !word.is_empty()) {
        let at = word.find(|c: char| !"=!<>~^".contains(c)).unwrap_or(word.len());
        operator.push_str(&word[..at]);
        if at < word.len() {
            spans.push(span(&operator, &word[at..])?);
            operator.clear();
        }
    }
    (operator.is_empty() && !spans.is_empty()).then_some(spans)
}

fn span(operator: &str, version: &str) -> Option<Span> {
    let partial = Partial::parse(version)?;
    let known = partial.numbers.len();
    let (from, behind) = (partial.lowest(), partial.behind(known));
    // Behind a whole version with a pre-release comes that version's next pre-release, not the next release.
    let next = || {
        let mut next = from.clone();
        next.pre.push("0".to_owned());
        if partial.pre.is_empty() { behind.clone() } else { next }
    };
    let is_any = known == 0;
    let (from, to) = match operator {
        _ if is_any => (None, None),
        "" | "=" | "==" | "!=" => (Some(from.clone()), Some(next())),
        ">" => (Some(next()), None),
        ">=" | "=>" => (Some(from.clone()), None),
        "<" => (None, Some(from.clone())),
        "<=" | "=<" => (None, Some(next())),
        "~" | "~>" => (Some(from.clone()), Some(partial.behind(known.min(2)))),
        "^" => (Some(from.clone()), Some(partial.behind(caret(&partial)))),
        _ => return None,
    };
    Some(Span { from, to, outside: operator == "!=", names_pre: !partial.pre.is_empty() })
}

/// How many numbers `^` keeps: up to the first that is not zero.
fn caret(partial: &Partial) -> usize {
    let first = partial.numbers.iter().position(|number| *number > 0);
    first.map_or(partial.numbers.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::compare;

    fn check(range: &str, inside: &[&str], outside: &[&str]) {
        for version in inside {
            assert_eq!(compare(version, range).ok(), Some(true), "{version} in {range}");
        }
        for version in outside {
            assert_eq!(compare(version, range).ok(), Some(false), "{version} not in {range}");
        }
    }

    #[test]
    fn ranges_mean_what_helm_takes_them_for() {
        check(">=1.2 <2", &["1.2.0", "v1.9", "1.2"], &["2.0.0", "1.1.9"]);
        check(">=1.2, <2.0.0", &["1.5.0"], &["2.0.0"]);
        check("> 1.2", &["1.3.0"], &["1.2.9", "1.2.0"]);
        check("<=1.2", &["1.2.9", "1.0"], &["1.3.0"]);
        check("^1.2.3", &["1.2.3", "1.9"], &["2.0.0", "1.2.2"]);
        check("^0.2.3", &["0.2.9"], &["0.3.0"]);
        check("^0.0.3", &["0.0.3"], &["0.0.4"]);
        check("^1", &["1.9.9"], &["2.0.0"]);
        check("~1.2.3", &["1.2.9"], &["1.3.0"]);
        check("~1.2", &["1.2.0"], &["1.3.0"]);
        check("~1", &["1.9"], &["2.0.0"]);
        check("1.x || 3.x", &["1.5.0", "3.0"], &["2.0.0"]);
        check("1.2 - 1.4", &["1.2.0", "1.4.9"], &["1.5.0"]);
        check("!=1.2", &["1.3.0"], &["1.2.0", "1.2.5"]);
        check("1.2.3", &["1.2.3"], &["1.2.4"]);
        check("*", &["0.0.1", "9.9.9"], &[]);
    }

    #[test]
    fn pre_releases_match_only_where_one_is_named() {
        check(">=1.20", &[], &["1.33.0-alpha.1"]);
        check(">=1.20-0", &["1.33.0-alpha.1", "1.20.0"], &["1.19.9"]);
        check(">=1.30.0-alpha.2", &["1.30.0-alpha.10", "1.30.0-beta"], &["1.30.0-alpha.1"]);
    }

    #[test]
    fn what_is_no_version_or_range_is_refused() {
        for (version, range) in
            [("one", ">=1"), ("1.2", ">=one"), ("1.2", ""), ("1.2", ">= "), ("1.2.3.4", "1")]
        {
            assert!(compare(version, range).is_err(), "{version} in {range}");
        }
    }
}
