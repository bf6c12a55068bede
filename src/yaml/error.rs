//! What goes wrong while a typed struct is read from a tree: serde's errors with place and path.

use super::Problem;
use crate::diag::{Code, nearest};
use crate::source::Place;
use serde::de::{Expected, Unexpected};
use std::fmt;

/// An error on its way up from the node that it is about.
#[derive(Debug)]
pub(super) struct Error(Box<Details>);

#[derive(Debug)]
struct Details {
    code: Code,
    what: What,
    hint: Option<String>,
    expected: &'static [&'static str],
    place: Option<Place>,
    /// The steps from the root to the value, last one first.
    path: Vec<String>,
}

#[derive(Debug)]
enum What {
    /// A sentence of its own.
    Message(String),
    /// The value at the path must be this and is that.
    Type { must: String, is: String },
    /// This field is not known in the map at the path.
    UnknownField(String),
    /// This field is missing from the map at the path.
    MissingField(&'static str),
}

impl Error {
    fn new(code: Code, what: What) -> Self {
        let path = Vec::new();
        Self(Box::new(Details { code, what, hint: None, expected: &[], place: None, path }))
    }

    /// Sets the place, unless a deeper node set one.
    pub(super) fn at(mut self, place: Place) -> Self {
        self.0.place.get_or_insert(place);
        self
    }

    /// Says that the error lies below a key.
    pub(super) fn below(mut self, key: &str) -> Self {
        let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        self.0.path.push(if plain { format!(".{key}") } else { format!("[{key:?}]") });
        self
    }

    /// Says that the error lies below an item of a list.
    pub(super) fn below_item(mut self, index: usize) -> Self {
        self.0.path.push(format!("[{index}]"));
        self
    }

    pub(super) fn hint(mut self, hint: String) -> Self {
        self.0.hint = Some(hint);
        self
    }

    /// Sets the names that would be right.
    pub(super) fn one_of(mut self, names: &'static [&'static str]) -> Self {
        self.0.expected = names;
        self
    }

    /// The problem, with the path in its message.
    pub(super) fn into_problem(self) -> Problem {
        let details = *self.0;
        let path = details.path.iter().rev().map(String::as_str).collect::<String>();
        let path = path.strip_prefix('.').unwrap_or(&path);
        let (message, hint) = details.what.words(path, details.expected);
        let span = details.place.map(|place| place.span).unwrap_or_default();
        let mut problem = Problem::new(details.code, message, span);
        problem.hint = details.hint.or(hint);
        problem.expected = details.expected;
        problem
    }
}

impl What {
    fn words(&self, path: &str, expected: &[&str]) -> (String, Option<String>) {
        let known = || format!("known here: {}", ticked(expected));
        match self {
            Self::Message(message) if path.is_empty() => (message.clone(), None),
            Self::Message(message) => (format!("`{path}`: {message}"), None),
            Self::Type { must, is } if path.is_empty() => {
                (format!("this must be {must}, but is {is}"), None)
            }
            Self::Type { must, is } => (format!("`{path}` must be {must}, but is {is}"), None),
            Self::UnknownField(field) => {
                let message = match path.is_empty() {
                    true => format!("unknown field `{field}`"),
                    false => format!("unknown field `{field}` in `{path}`"),
                };
                let near = nearest(field, expected.iter().copied());
                let near = near.map(|near| format!("did you mean `{near}`?"));
                let hint = near.unwrap_or_else(|| match expected.is_empty() {
                    true => "no field is known here".to_owned(),
                    false => known(),
                });
                (message, Some(hint))
            }
            Self::MissingField(field) => {
                let message = match path.is_empty() {
                    true => format!("the field `{field}` is missing"),
                    false => format!("the field `{field}` of `{path}` is missing"),
                };
                (message, Some(format!("add `{field}: …`")))
            }
        }
    }
}

/// `a`, `b` and `c`.
fn ticked(names: &[&str]) -> String {
    let ticked: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match ticked.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
    }
}

/// What a value is, in a user's words.
fn found(unexpected: &Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(truth) => format!("the boolean `{truth}`"),
        Unexpected::Unsigned(number) => format!("the integer `{number}`"),
        Unexpected::Signed(number) => format!("the integer `{number}`"),
        Unexpected::Float(number) => format!("the number `{number}`"),
        Unexpected::Str(text) => format!("the string `{text}`"),
        Unexpected::Unit => "null".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a map".to_owned(),
        other => other.to_string(),
    }
}

/// What serde expects, in a user's words.
fn wanted(expected: &dyn Expected) -> String {
    let words = expected.to_string();
    match words.as_str() {
        "u8" => "a whole number from 0 to 255".to_owned(),
        "u16" => "a whole number from 0 to 65535".to_owned(),
        "u32" | "u64" | "u128" | "usize" => "a whole number from 0 on".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "an integer".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "unit" => "empty".to_owned(),
        "a sequence" => "a list".to_owned(),
        words if words.starts_with("struct ") => "a map".to_owned(),
        _ => words,
    }
}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Code::YamlType, What::Message(message.to_string()))
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let what = What::Type { must: wanted(expected), is: found(&unexpected) };
        Self::new(Code::YamlType, what)
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let what = What::UnknownField(field.to_owned());
        Self::new(Code::YamlUnknownField, what).one_of(expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let what =
            What::Type { must: format!("one of {}", ticked(expected)), is: format!("`{variant}`") };
        let near = nearest(variant, expected.iter().copied());
        let error = Self::new(Code::YamlType, what).one_of(expected);
        match near {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error,
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Code::YamlMissingField, What::MissingField(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::custom(format!("the field `{field}` stands here twice, perhaps under an older name"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.what.words("", self.0.expected).0)
    }
}

impl std::error::Error for Error {}
