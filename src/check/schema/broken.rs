//! Why a schema does not compile, in our own words.

use super::words::{cut, list, plain, type_names, types};
use super::{MAX_COMPILED_PATTERN, NoSchema};
use fancy_regex::{CompileError, Error, RegexBuilder};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

/// What an error of the compiler says.
pub(super) fn no_schema(error: &ValidationError<'_>) -> NoSchema {
    let pointer = error.instance_path().as_str();
    let at = pointer.trim_start_matches('/').replace('/', ".");
    let subject = if at.is_empty() { "it".to_owned() } else { format!("`{at}`") };
    let (message, hint) = match (error.kind(), error.instance().as_ref()) {
        (Kind::Referencing(_), _) => (
            "the schema names a `$schema` or `$ref` that jibe does not have, and nothing is fetched"
                .to_owned(),
            "correct the schema",
        ),
        (Kind::Format { .. }, Value::String(pattern)) if is_too_large(pattern) => (
            format!(
                "{subject}: the pattern `{}` is too large: it takes more than {} MiB when it is compiled",
                cut(pattern),
                MAX_COMPILED_PATTERN >> 20
            ),
            "repeat less in it: nested counts such as `(a{1000}){1000}` multiply; `maxLength` bounds a length",
        ),
        (kind, is) => {
            let is = match is {
                Value::Array(_) => "a list".to_owned(),
                Value::Object(_) => "a map".to_owned(),
                other => format!("`{}`", cut(&plain(other))),
            };
            let asks = asks(kind);
            (format!("not a JSON Schema: {subject} {asks}, but is {is}"), "correct the schema")
        }
    };
    NoSchema { message, schema_path: pointer.to_owned(), hint }
}

/// Whether a pattern that does not compile is one, but takes too much room.
fn is_too_large(pattern: &str) -> bool {
    let compiled = RegexBuilder::new(pattern).delegate_size_limit(MAX_COMPILED_PATTERN).build();
    match compiled {
        Err(Error::CompileError(why)) => {
            matches!(*why, CompileError::InnerError(why) if why.size_limit().is_some())
        }
        _ => false,
    }
}

/// What JSON Schema asks of a part of a schema; each of several alternatives once.
fn asks(kind: &Kind) -> String {
    match kind {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            let mut all: Vec<String> = Vec::new();
            for ask in context.iter().flatten().map(|error| asks(error.kind())) {
                if !all.contains(&ask) {
                    all.push(ask);
                }
            }
            all.join(", or ")
        }
        Kind::Type { kind } => format!("must be {}", type_names(&types(kind))),
        Kind::Enum { options } => {
            let options = options.as_array().map(|options| list(options)).unwrap_or_default();
            format!("must be one of {options}")
        }
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be more than {limit}"),
        Kind::Format { .. } => "must be a regular expression".to_owned(),
        other => format!("must keep the rule `{}` of JSON Schema", other.keyword()),
    }
}
