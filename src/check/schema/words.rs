//! Violations in our own words: which value, at which path, what it must be, and the next step.

use super::{Neighbours, Path, Rule, Step, Violation, choice, formats, lookup};
use crate::diag::{IN_QUOTES, WITHOUT_QUOTES, nearest};
use crate::yaml::{Node, Value as Yaml, to_json};
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::json::cmp;
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

/// How much of a long value is shown, in characters.
const MAX_SHOWN: usize = 60;

/// What is needed to word the violations of one document.
pub(super) struct Worded<'d> {
    pub(super) root: &'d Node,
    pub(super) schema: &'d Value,
    pub(super) neighbours: Neighbours,
    pub(super) is_secret: &'d dyn Fn(&Path) -> bool,
}

/// What is wrong with one value, without its path: "must be an integer, but is …".
struct Wrong {
    rule: Rule,
    what: String,
    hint: Option<String>,
}

impl Wrong {
    fn value(what: impl Into<String>) -> Self {
        Self { rule: Rule::Value, what: what.into(), hint: None }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl Worded<'_> {
    /// The violations that one error stands for: one for each unknown key, those of the nearest alternative for `oneOf`
    /// and `anyOf`, else one.
    pub(super) fn violations(&self, error: &ValidationError<'_>) -> Vec<Violation> {
        let (path, node) = Path::follow(self.root, error.instance_path().as_str());
        match error.kind() {
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                unexpected.iter().map(|name| self.unknown_key(&path, node, name, error)).collect()
            }
            Kind::Required { property } => {
                vec![self.missing(&path, node, property.as_str().unwrap_or_default(), error)]
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                let at = error.instance_path().as_str();
                choice::violations(self, context, at).unwrap_or_else(|| {
                    let wrong = Wrong::value("fits none of the forms that it may have")
                        .hint("write it in one of the forms that the schema lists");
                    vec![self.violation(path, node, wrong, error)]
                })
            }
            Kind::PropertyNames { error: inner } => self.key_name(&path, node, inner, error),
            Kind::UniqueItems => self.repeated_item(&path, node, error),
            Kind::Type { .. } if are_bytes(node) && self.takes_bytes(&path) => Vec::new(),
            _ => {
                let shown = self.shown(&path, node);
                let wrong = wrong_value(error.kind(), node, &shown);
                vec![self.violation(path, node, wrong, error)]
            }
        }
    }

    /// A server's decoder takes a list of bytes for a text in base64.
    fn takes_bytes(&self, path: &Path) -> bool {
        let is_base64 = |schema: &&Value| {
            schema.get("format").and_then(Value::as_str) == Some("kubernetes-base64")
        };
        lookup::views_at(self.schema, path).iter().any(is_base64)
    }

    fn violation(
        &self,
        path: Path,
        node: &Node,
        wrong: Wrong,
        error: &ValidationError<'_>,
    ) -> Violation {
        let is_secret = (self.is_secret)(&path);
        Violation {
            rule: wrong.rule,
            message: format!("{} {}", named(&path), wrong.what),
            path,
            place: node.place,
            set_at: node.set_at,
            hints: wrong.hint.into_iter().collect(),
            schema_path: error.schema_path().as_str().to_owned(),
            is_secret,
        }
    }

    /// `` the string `three` `` — or only `a string` for a secret.
    fn shown(&self, path: &Path, node: &Node) -> String {
        match (self.is_secret)(path) {
            true => node.kind().to_owned(),
            false => shown(node),
        }
    }

    fn unknown_key(
        &self,
        path: &Path,
        node: &Node,
        name: &str,
        error: &ValidationError<'_>,
    ) -> Violation {
        let known = lookup::known_keys(self.schema, path);
        let whole = path.key(name);
        let free = nearest(name, known.iter().copied().filter(|key| !is_taken(node, key)));
        let near = match self.neighbours {
            Neighbours::Written => free,
            Neighbours::Merged => free.or_else(|| nearest(name, known.iter().copied())),
        };
        let hint = match near {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None => lookup::home(self.schema, path, name)
                .map(|home| format!("it belongs under another key: `{home}`"))
                .or_else(|| few(&known))
                .or_else(|| Some("remove it, or correct its name".to_owned())),
        };
        let entry = node.as_map().and_then(|map| map.get_key_value(name));
        let place = entry.map_or(node.place, |(key, _)| key.place);
        // A key that a template filled in together with its value: the value knows where that was set.
        let set_at = entry.filter(|(key, value)| key.place == value.place);
        let set_at = set_at.and_then(|(_, value)| value.set_at);
        let is_secret = set_at.is_some() && (self.is_secret)(&whole);
        let wrong = Wrong { rule: Rule::UnknownKey, what: "is not a known field".to_owned(), hint };
        let found = self.violation(whole, node, wrong, error);
        Violation { place, set_at, is_secret, ..found }
    }

    fn missing(
        &self,
        path: &Path,
        node: &Node,
        name: &str,
        error: &ValidationError<'_>,
    ) -> Violation {
        let wrong = Wrong { rule: Rule::Missing, what: "is missing".to_owned(), hint: None };
        Violation { is_secret: false, ..self.violation(path.key(name), node, wrong, error) }
    }

    /// A key whose name breaks a rule of names.
    fn key_name(
        &self,
        path: &Path,
        node: &Node,
        inner: &ValidationError<'_>,
        error: &ValidationError<'_>,
    ) -> Vec<Violation> {
        let name = inner.instance().as_str().unwrap_or_default().to_owned();
        let key =
            node.as_map().and_then(|map| map.get_key_value(name.as_str())).map(|(key, _)| key);
        let text = Node::string(name.as_str(), key.map_or(node.place, |key| key.place));
        let wrong = wrong_value(inner.kind(), &text, &shown(&text));
        let what = format!("is no key that may stand here: it {}", wrong.what);
        let found = self.violation(
            path.key(&name),
            &text,
            Wrong::value(what).hint("rename the key"),
            error,
        );
        vec![Violation { is_secret: false, ..found }]
    }

    fn repeated_item(
        &self,
        path: &Path,
        node: &Node,
        error: &ValidationError<'_>,
    ) -> Vec<Violation> {
        let items = node.as_list().unwrap_or_default();
        let values: Vec<Value> = items.iter().map(to_json).collect();
        let pairs = (0..items.len())
            .filter_map(|i| Some((values[..i].iter().position(|v| cmp::equal(v, &values[i]))?, i)));
        let repeated = |(first, again): (usize, usize)| {
            let wrong =
                Wrong::value(format!("is the same as item {first}: each may be there once"))
                    .hint("remove one of the two");
            self.violation(path.then(Step::Index(again)), &items[again], wrong, error)
        };
        pairs.map(repeated).collect()
    }
}

/// Whether a key is there already.
fn is_taken(node: &Node, key: &str) -> bool {
    node.get(key).is_some()
}

/// Lists what may stand somewhere, if that is not too much to read.
fn few(known: &[&str]) -> Option<String> {
    let names = || known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    (1..=8).contains(&known.len()).then(|| format!("known here: {}", names()))
}

/// `` `spec.replicas` ``, or `the document` for the root.
pub(in crate::check) fn named(path: &Path) -> String {
    if path.is_root() { "the document".to_owned() } else { format!("`{path}`") }
}

/// A value with its type: `` the string `three` ``.
pub(in crate::check) fn shown(node: &Node) -> String {
    let kind = node.kind();
    match node.as_scalar() {
        Some(scalar) if scalar.value != Yaml::Null => {
            format!(
                "the {} `{}`",
                kind.split_once(' ').map_or(kind, |(_, noun)| noun),
                cut(&scalar.text)
            )
        }
        _ => kind.to_owned(),
    }
}

pub(super) fn cut(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.len() < text.trim_end().len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

fn wrong_value(kind: &Kind, node: &Node, shown: &str) -> Wrong {
    let but_is = |must: String| Wrong::value(format!("must be {must}, but is {shown}"));
    match kind {
        Kind::Type { kind } => wrong_type(&types(kind), node, shown),
        Kind::Enum { options } => {
            let words = options.as_array().map(|options| list(options)).unwrap_or_default();
            let near = node.as_str().and_then(|text| {
                let names = options.as_array().into_iter().flatten().filter_map(Value::as_str);
                nearest(text, names).map(|near| format!("did you mean `{near}`?"))
            });
            let near = near.filter(|_| shown.contains('`'));
            but_is(format!("one of {words}")).hint(near.unwrap_or("write one of these".to_owned()))
        }
        Kind::Constant { expected_value } => {
            let only = format!("`{}`", plain(expected_value));
            but_is(only.clone()).hint(format!("write {only}"))
        }
        Kind::Minimum { limit } => {
            but_is(format!("at least {limit}")).hint(format!("write {limit} or more"))
        }
        Kind::Maximum { limit } => {
            but_is(format!("at most {limit}")).hint(format!("write {limit} or less"))
        }
        Kind::ExclusiveMinimum { limit } => {
            but_is(format!("more than {limit}")).hint(format!("write more than {limit}"))
        }
        Kind::ExclusiveMaximum { limit } => {
            but_is(format!("less than {limit}")).hint(format!("write less than {limit}"))
        }
        Kind::MultipleOf { multiple_of } => but_is(format!("a multiple of {multiple_of}"))
            .hint(format!("write {multiple_of}, or another multiple of it")),
        Kind::Pattern { pattern } => {
            Wrong::value(format!("must match the pattern `{pattern}`, but is {shown}"))
                .hint("write a text that has this form")
        }
        Kind::Format { format } => {
            // What is not shown is no part of a hint either.
            let text = node.as_str().filter(|text| shown.contains(text)).unwrap_or_default();
            but_is(formats::described(format)).hint(formats::advice(format, text))
        }
        Kind::MinLength { limit: 1 } => {
            Wrong::value("must not be empty").hint("write a text, or remove the key")
        }
        _ => wrong_size(kind, node).unwrap_or_else(|| other(kind)),
    }
}

fn wrong_size(kind: &Kind, node: &Node) -> Option<Wrong> {
    let characters = node.as_str().map_or(0, |text| text.chars().count());
    let items = node.as_list().map_or(0, <[Node]>::len);
    let keys = node.as_map().map_or(0, |map| map.len());
    let (bound, limit, has, what) = match kind {
        Kind::MinLength { limit } => ("at least", *limit, characters, "character"),
        Kind::MaxLength { limit } => ("at most", *limit, characters, "character"),
        Kind::MinItems { limit } => ("at least", *limit, items, "item"),
        Kind::MaxItems { limit } => ("at most", *limit, items, "item"),
        Kind::MinProperties { limit } => ("at least", *limit, keys, "key"),
        Kind::MaxProperties { limit } => ("at most", *limit, keys, "key"),
        Kind::AdditionalItems { limit } => ("at most", *limit as u64, items, "item"),
        _ => return None,
    };
    let hint = match bound {
        "at least" => format!("add {} or more", limit.saturating_sub(has as u64)),
        _ => format!("take {} or more away", (has as u64).saturating_sub(limit)),
    };
    Some(
        Wrong::value(format!("must have {bound} {}, but has {has}", counted(limit, what)))
            .hint(hint),
    )
}

/// `1 item`, `3 items`.
fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn other(kind: &Kind) -> Wrong {
    match kind {
        Kind::Not { schema } if schema == &serde_json::json!({ "type": "null" }) => Wrong {
            rule: Rule::Type,
            what: "must not be null".to_owned(),
            hint: Some("give it a value, or remove the key".to_owned()),
        },
        Kind::Not { .. } => {
            Wrong::value("is what the schema says it must not be").hint("write another value")
        }
        Kind::FalseSchema => Wrong::value("must not be set here").hint("remove it"),
        Kind::OneOfMultipleValid { .. } => {
            Wrong::value("fits more than one of the forms of which it must have exactly one")
                .hint("keep what belongs to one of the forms, and remove the rest")
        }
        Kind::Contains => {
            Wrong::value("lacks an item that the schema asks for").hint("add such an item")
        }
        Kind::UnevaluatedItems { .. } => Wrong::value("holds items that the schema does not know"),
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => Wrong::value(
            "cannot be compared with the pattern of its schema: the pattern is too costly",
        )
        .hint("write the pattern so that no two of its parts can take the same text"),
        Kind::ContentEncoding { content_encoding } => {
            Wrong::value(format!("must be encoded as {content_encoding}"))
        }
        Kind::ContentMediaType { content_media_type } => {
            Wrong::value(format!("must be a text of the type {content_media_type}"))
        }
        other => Wrong::value(format!("breaks the rule `{}` of its schema", other.keyword())),
    }
}

/// The types that are asked for; null is none of them, because it only means that the key may be absent.
pub(super) fn types(kind: &TypeKind) -> Vec<JsonType> {
    match kind {
        TypeKind::Single(one) => vec![*one],
        TypeKind::Multiple(several) => {
            several.iter().filter(|kind| *kind != JsonType::Null).collect()
        }
    }
}

pub(super) fn type_names(types: &[JsonType]) -> String {
    let name = |kind: &JsonType| match kind {
        JsonType::Null => "null",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Number => "a number",
        JsonType::String => "a string",
        JsonType::Array => "a list",
        JsonType::Object => "a map",
    };
    let names: Vec<_> = types.iter().map(name).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

fn wrong_type(types: &[JsonType], node: &Node, shown: &str) -> Wrong {
    let is_shown = shown.contains('`');
    let has_no_text = node.as_scalar().is_none() || node.is_null();
    let hint = type_hint(types, node).filter(|_| is_shown || has_no_text);
    let hint = hint.or_else(|| example_of(types).map(str::to_owned));
    let what = format!("must be {}, but is {shown}", type_names(types));
    Wrong { rule: Rule::Type, what, hint }
}

/// What a value of the types looks like.
fn example_of(types: &[JsonType]) -> Option<&'static str> {
    Some(match types.first()? {
        JsonType::Null => return None,
        JsonType::Boolean => "write `true` or `false`",
        JsonType::Integer => "write a whole number without quotes, such as `1`",
        JsonType::Number => "write a number without quotes, such as `1` or `0.5`",
        JsonType::String => "write one text, in quotes if it looks like something else",
        JsonType::Array => "begin each item on a line of its own with `- `",
        JsonType::Object => "write `name: value` lines",
    })
}

/// The edit that makes the value one of the type that is asked for.
fn type_hint(types: &[JsonType], node: &Node) -> Option<String> {
    let wants = |kind| types.contains(&kind);
    let Some(scalar) = node.as_scalar() else {
        let one = node.as_list().is_some_and(|items| items.is_empty()) && wants(JsonType::Object);
        return one.then(|| "write `{}` for an empty map".to_owned());
    };
    let text = cut(&scalar.text);
    match scalar.value {
        Yaml::Null => Some("give it a value, or remove the key".to_owned()),
        Yaml::Bool(_) | Yaml::Int(_) | Yaml::Uint(_) | Yaml::Float(_)
            if wants(JsonType::String) =>
        {
            Some(format!("{IN_QUOTES}: `\"{text}\"`"))
        }
        Yaml::String if wants(JsonType::Integer) && text.parse::<i64>().is_ok() => {
            Some(format!("{WITHOUT_QUOTES}: `{text}`"))
        }
        Yaml::String
            if wants(JsonType::Number) && text.parse::<f64>().is_ok_and(f64::is_finite) =>
        {
            Some(format!("{WITHOUT_QUOTES}: `{text}`"))
        }
        Yaml::String if wants(JsonType::Boolean) && matches!(&*text, "true" | "false") => {
            Some(format!("{WITHOUT_QUOTES}: `{text}`"))
        }
        _ if wants(JsonType::Array) => Some(format!("write it as a list: `[{text}]`")),
        _ => None,
    }
}

pub(super) fn list(options: &[Value]) -> String {
    let shown: Vec<_> = options.iter().map(|option| format!("`{}`", plain(option))).collect();
    shown.join(", ")
}

pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether it is a list of numbers from 0 to 255; null is 0.
fn are_bytes(node: &Node) -> bool {
    let is_byte = |item: &Node| {
        let scalar = item.as_scalar().map(|scalar| scalar.value);
        matches!(scalar, Some(Yaml::Int(0..=255) | Yaml::Null))
    };
    node.as_list().is_some_and(|items| items.iter().all(is_byte))
}
