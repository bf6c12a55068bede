//! What an API server answers, in few words: taken, or the rules that are broken and where.

use std::fmt;

/// A server's or jibe's answer to one manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Taken,
    Refused(Vec<Cause>),
    /// It speaks of what is or is not in the cluster, and so of nothing that a manifest shows.
    State,
}

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) family: Family,
    /// The path as the server writes it, empty where it names none.
    pub(crate) field: String,
    /// Its words; empty in a recorded answer.
    pub(crate) message: String,
}

/// What sort of rule is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    UnknownField,
    Type,
    Required,
    Other,
    Grammar,
    Enum,
    Duplicate,
    Range,
    Reference,
    Length,
    Yaml,
}

pub(crate) const FAMILIES: [(Family, &str); 11] = [
    (Family::UnknownField, "unknown-field"),
    (Family::Type, "type"),
    (Family::Required, "required"),
    (Family::Other, "other"),
    (Family::Grammar, "grammar"),
    (Family::Enum, "enum"),
    (Family::Duplicate, "duplicate"),
    (Family::Range, "range"),
    (Family::Reference, "reference"),
    (Family::Length, "length"),
    (Family::Yaml, "yaml"),
];

impl Family {
    pub(crate) fn name(self) -> &'static str {
        FAMILIES.iter().find(|(family, _)| *family == self).map_or("", |(_, name)| name)
    }
}

impl Answer {
    /// The family that a refusal counts in: that of its first cause.
    pub(crate) fn family(&self) -> Option<Family> {
        match self {
            Self::Refused(causes) => Some(causes.first().map_or(Family::Other, |c| c.family)),
            _ => None,
        }
    }

    pub(crate) fn causes(&self) -> &[Cause] {
        match self {
            Self::Refused(causes) => causes,
            _ => &[],
        }
    }

    /// Reads what `Display` writes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "ok" => Some(Self::Taken),
            "state" => Some(Self::State),
            causes => {
                causes.split("; ").map(Cause::parse).collect::<Option<_>>().map(Self::Refused)
            }
        }
    }
}

impl Cause {
    fn parse(text: &str) -> Option<Self> {
        let (word, field) = text.split_once(' ').unwrap_or((text, ""));
        let (family, _) = FAMILIES.iter().find(|(_, name)| *name == word)?;
        Some(Self { family: *family, field: field.to_owned(), message: String::new() })
    }
}

/// `ok`, or each cause's family and field: `required spec.selector; other spec.template.metadata.labels`.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken => f.write_str("ok"),
            Self::State => f.write_str("state"),
            Self::Refused(causes) => {
                for (at, cause) in causes.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { "; " })?;
                    f.write_str(cause.family.name())?;
                    if !cause.field.is_empty() {
                        write!(f, " {}", cause.field)?;
                    }
                }
                Ok(())
            }
        }
    }
}

/// The causes of a refusal, from the server's list of them or, where there is none, from its message.
pub(crate) fn causes(message: &str, listed: &[serde_json::Value]) -> Vec<Cause> {
    let text = |cause: &serde_json::Value, key| cause[key].as_str().unwrap_or_default().to_owned();
    let listed = listed.iter().map(|cause| {
        let (reason, message) = (text(cause, "reason"), text(cause, "message"));
        Cause { family: of_reason(&reason, &message), field: text(cause, "field"), message }
    });
    let mut all: Vec<Cause> = listed.collect();
    if all.is_empty() {
        all = of_message(message);
    }
    let mut seen = Vec::new();
    all.retain(|cause| {
        let key = (cause.family, cause.field.clone());
        let is_new = !seen.contains(&key);
        seen.push(key);
        is_new
    });
    all
}

fn of_reason(reason: &str, message: &str) -> Family {
    match reason {
        "FieldValueRequired" => Family::Required,
        "FieldValueNotSupported" => Family::Enum,
        "FieldValueDuplicate" => Family::Duplicate,
        "FieldValueNotFound" => Family::Reference,
        "FieldValueTooLong" | "FieldValueTooMany" => Family::Length,
        "FieldValueTypeInvalid" => Family::Type,
        "FieldValueInvalid" => of_invalid(message),
        _ => Family::Other,
    }
}

fn of_invalid(message: &str) -> Family {
    let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if has(&["must be no more than", "may not be longer", "must be less than 64 char"]) {
        Family::Length
    } else if has(&[
        "greater than",
        "less than",
        "between",
        "in the range",
        "must be non-negative",
        "positive",
    ]) {
        Family::Range
    } else if has(&[
        "must consist of",
        "regex used for validation",
        "RFC 1123",
        "DNS-1",
        "must match the regex",
        "IP address",
        "a valid ",
    ]) {
        Family::Grammar
    } else {
        Family::Other
    }
}

fn of_message(message: &str) -> Vec<Cause> {
    let cause = |family, field: &str| Cause {
        family,
        field: field.to_owned(),
        message: message.to_owned(),
    };
    let quoted = |word: &str| -> Vec<String> {
        let found = message.split(word).skip(1).filter_map(|rest| rest.split('"').next());
        found.map(str::to_owned).collect()
    };
    let unknown = quoted("unknown field \"");
    if !unknown.is_empty() {
        return unknown.iter().map(|field| cause(Family::UnknownField, field)).collect();
    }
    if let Some((_, rest)) = message.split_once("Go struct field ") {
        let path = rest.split(" of type").next().unwrap_or_default();
        let path = path.split_once('.').map_or("", |(_, path)| path);
        return vec![cause(Family::Type, path)];
    }
    let is_decoding =
        message.contains("cannot be handled as") || message.contains("strict decoding");
    vec![cause(if is_decoding { Family::Type } else { Family::Other }, "")]
}
