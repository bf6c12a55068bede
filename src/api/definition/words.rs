//! The words of a definition's schema, one table: what each is for and what form its value has.

use crate::diag::nearest;
use crate::yaml::{Node, Value as Yaml};
use serde_json::{Map, Number, Value, json};

/// What becomes of a word.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// It says nothing about values.
    Skip,
    /// It means the same in JSON Schema 2020-12, or is a word of `crate::api`.
    Copy(Form),
    /// It holds schemas or needs a closer look.
    Structure,
    /// A server refuses it.
    Unsupported,
}

/// What a word's value must be.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// Any value.
    Any,
    /// `true` or `false`.
    Flag,
    /// An integer; a negative one is as good as none, or lets nothing pass.
    Count,
    /// A number.
    Number,
    /// A string.
    Text,
    /// A list of strings.
    Texts,
    /// A list of any values.
    Values,
}

const WORDS: &[(&str, Rule)] = &[
    ("$ref", Rule::Unsupported),
    ("$schema", Rule::Skip),
    ("additionalItems", Rule::Unsupported),
    ("additionalProperties", Rule::Structure),
    ("allOf", Rule::Structure),
    ("anyOf", Rule::Structure),
    ("default", Rule::Skip),
    ("definitions", Rule::Unsupported),
    ("dependencies", Rule::Unsupported),
    ("description", Rule::Skip),
    ("enum", Rule::Copy(Form::Values)),
    ("example", Rule::Skip),
    ("exclusiveMaximum", Rule::Copy(Form::Flag)),
    ("exclusiveMinimum", Rule::Copy(Form::Flag)),
    ("externalDocs", Rule::Skip),
    ("format", Rule::Copy(Form::Text)),
    ("id", Rule::Unsupported),
    ("items", Rule::Structure),
    ("maxItems", Rule::Copy(Form::Count)),
    ("maxLength", Rule::Copy(Form::Count)),
    ("maxProperties", Rule::Copy(Form::Count)),
    ("maximum", Rule::Copy(Form::Number)),
    ("minItems", Rule::Copy(Form::Count)),
    ("minLength", Rule::Copy(Form::Count)),
    ("minProperties", Rule::Copy(Form::Count)),
    ("minimum", Rule::Copy(Form::Number)),
    ("multipleOf", Rule::Copy(Form::Number)),
    ("not", Rule::Structure),
    ("nullable", Rule::Skip),
    ("oneOf", Rule::Structure),
    ("pattern", Rule::Copy(Form::Text)),
    ("patternProperties", Rule::Unsupported),
    ("properties", Rule::Structure),
    ("required", Rule::Copy(Form::Texts)),
    ("title", Rule::Skip),
    ("type", Rule::Structure),
    ("uniqueItems", Rule::Structure),
    ("x-kubernetes-embedded-resource", Rule::Copy(Form::Flag)),
    ("x-kubernetes-int-or-string", Rule::Copy(Form::Flag)),
    ("x-kubernetes-list-map-keys", Rule::Copy(Form::Texts)),
    ("x-kubernetes-list-type", Rule::Copy(Form::Text)),
    ("x-kubernetes-map-type", Rule::Copy(Form::Text)),
    ("x-kubernetes-preserve-unknown-fields", Rule::Copy(Form::Flag)),
    ("x-kubernetes-validations", Rule::Copy(Form::Any)),
];

/// The formats that a server looks at, without their dashes, as it compares them. It reads over all others.
const FORMATS: [&str; 24] = [
    "bsonobjectid",
    "uri",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "cidr",
    "mac",
    "uuid",
    "uuid3",
    "uuid4",
    "uuid5",
    "isbn",
    "isbn10",
    "isbn13",
    "creditcard",
    "ssn",
    "hexcolor",
    "rgbcolor",
    "byte",
    "password",
    "date",
    "duration",
    "datetime",
];

/// What becomes of a word; extensions of others than Kubernetes say nothing.
pub(super) fn rule(word: &str) -> Option<Rule> {
    if word.starts_with("x-") && !word.starts_with("x-kubernetes-") {
        return Some(Rule::Skip);
    }
    WORDS.iter().find(|(name, _)| *name == word).map(|(_, rule)| *rule)
}

/// The next step for a word that is none of those known.
pub(super) fn meant(word: &str, known: impl IntoIterator<Item = &'static str>) -> String {
    let near = nearest(word, known).map(|name| format!("did you mean `{name}`?"));
    near.unwrap_or_else(|| "remove it or correct its name".to_owned())
}

/// Every word that may be written.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    WORDS.iter().filter(|(_, rule)| !matches!(rule, Rule::Unsupported)).map(|(name, _)| *name)
}

impl Form {
    pub(super) fn name(self) -> &'static str {
        match self {
            Form::Any => "a value",
            Form::Flag => "`true` or `false`",
            Form::Count => "an integer",
            Form::Number => "a number",
            Form::Text => "a string",
            Form::Texts => "a list of strings",
            Form::Values => "a list",
        }
    }

    /// The next step for a value of another form.
    pub(super) fn hint(self) -> &'static str {
        match self {
            Form::Any => "remove it",
            Form::Flag => "write `true` or `false`, without quotes",
            Form::Count => "write a whole number without quotes, such as `1`",
            Form::Number => "write a number without quotes",
            Form::Text => "write a text, in quotes if it looks like something else",
            Form::Texts => "write a list of texts, such as `[name, port]`",
            Form::Values => "write a list, with a `- ` before each value",
        }
    }

    /// The value as JSON, if it has this form.
    pub(super) fn read(self, node: &Node) -> Option<Value> {
        let value = node.as_scalar().map(|scalar| scalar.value);
        let fits = match self {
            Form::Count => return whole_number(node).map(Value::from),
            Form::Any => true,
            Form::Flag => matches!(value, Some(Yaml::Bool(_))),
            Form::Number => matches!(value, Some(Yaml::Int(_) | Yaml::Uint(_) | Yaml::Float(_))),
            Form::Text => node.as_str().is_some(),
            Form::Texts => {
                node.as_list().is_some_and(|items| items.iter().all(|item| item.as_str().is_some()))
            }
            Form::Values => node.as_list().is_some(),
        };
        fits.then(|| to_json(node))
    }
}

/// An integer, also one that is written as `1.0` or `1e3`.
pub(in crate::api) fn whole_number(node: &Node) -> Option<i64> {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    match node.as_scalar()?.value {
        Yaml::Int(number) => Some(number),
        Yaml::Uint(number) => i64::try_from(number).ok(),
        Yaml::Float(number) if number.fract() == 0.0 && number.abs() < BOUND => Some(number as i64),
        _ => None,
    }
}

/// A node as JSON. The reader of YAML limits its depth.
fn to_json(node: &Node) -> Value {
    if let Some(items) = node.as_list() {
        return Value::Array(items.iter().map(to_json).collect());
    }
    if let Some(map) = node.as_map() {
        return Value::Object(
            map.iter().map(|(key, node)| (key.name.to_string(), to_json(node))).collect(),
        );
    }
    match node.as_scalar().map(|scalar| (scalar.value, &scalar.text)) {
        None | Some((Yaml::Null, _)) => Value::Null,
        Some((Yaml::Bool(truth), _)) => json!(truth),
        Some((Yaml::Int(number), _)) => json!(number),
        Some((Yaml::Uint(number), _)) => json!(number),
        Some((Yaml::Float(number), _)) => {
            Number::from_f64(number).map_or(Value::Null, Value::Number)
        }
        Some((Yaml::String, text)) => json!(**text),
    }
}

/// A value as a message names it: a scalar by its text, a list or map by what it is.
pub(super) fn shown(node: &Node) -> String {
    match node.as_scalar() {
        Some(scalar) if !scalar.text.is_empty() => format!("`{}`", scalar.text),
        _ => node.kind().to_owned(),
    }
}

/// The step to a field in a path, in brackets if it is no plain name.
pub(super) fn step(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$');
    match !name.is_empty() && name.chars().all(is_plain) {
        true => format!(".{name}"),
        false => format!("[{name}]"),
    }
}

pub(super) fn is_true(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| scalar.value == Yaml::Bool(true))
}

/// Whether a schema says a word; null is as if it did not.
pub(super) fn says(node: &Node, word: &str) -> bool {
    node.get(word).is_some_and(|value| is_said(value, word))
}

/// Whether a word's value is one: null is none, nor is an empty text but of the words that only Kubernetes has.
pub(super) fn is_said(value: &Node, word: &str) -> bool {
    let is_empty = value.as_str() == Some("") && !word.starts_with("x-kubernetes-");
    !value.is_null() && !is_empty
}

pub(super) fn flag(node: &Node, word: &str) -> bool {
    node.get(word).is_some_and(is_true)
}

/// Whether a server fills the field in when it is absent.
pub(super) fn has_default(node: &Node) -> bool {
    node.get("default").is_some_and(|default| !default.is_null())
}

pub(super) fn strings(node: Option<&Node>) -> Vec<&str> {
    let items = node.and_then(Node::as_list).unwrap_or_default();
    items.iter().filter_map(Node::as_str).collect()
}

/// `[{type: integer}, {type: string}]`
pub(super) fn is_int_or_string(node: &Node) -> bool {
    let is = |node: &Node, name| {
        node.as_map().is_some_and(|map| map.len() == 1)
            && node.get("type").and_then(Node::as_str) == Some(name)
    };
    matches!(node.as_list(), Some([first, second]) if is(first, "integer") && is(second, "string"))
}

/// Bounds and formats in the words of 2020-12. A server takes any integer for `int32`.
pub(super) fn settle_values(schema: &mut Map<String, Value>) {
    exclusive(schema, "minimum", "exclusiveMinimum");
    exclusive(schema, "maximum", "exclusiveMaximum");
    for (least, most) in COUNTS {
        negative(schema, least, most);
    }
    if let Some(Value::String(format)) = schema.shift_remove("format")
        && let Some(known) = known_format(&format)
    {
        schema.insert("format".to_owned(), json!(known));
    }
}

/// The name that `crate::api` has for a format that a server looks at.
pub(in crate::api) fn known_format(format: &str) -> Option<String> {
    let plain = format.replace('-', "");
    FORMATS.contains(&plain.as_str()).then(|| format!("openapi-{plain}"))
}

const COUNTS: [(&str, &str); 3] =
    [("minItems", "maxItems"), ("minLength", "maxLength"), ("minProperties", "maxProperties")];

/// A server takes negative counts. At least fewer than none is any number; at most fewer than none is no number at all,
/// which is written as at most none and at least one.
fn negative(schema: &mut Map<String, Value>, least: &str, most: &str) {
    let count = |schema: &Map<String, Value>, word| schema.get(word).and_then(Value::as_i64);
    if count(schema, least).is_some_and(i64::is_negative) {
        schema.shift_remove(least);
    }
    if count(schema, most).is_some_and(i64::is_negative) {
        let one = count(schema, least).unwrap_or(0).max(1);
        schema.insert(most.to_owned(), json!(0));
        schema.insert(least.to_owned(), json!(one));
    }
}

/// `minimum: 3` with `exclusiveMinimum: true` is `exclusiveMinimum: 3`.
fn exclusive(schema: &mut Map<String, Value>, bound: &str, word: &str) {
    if schema.shift_remove(word) != Some(json!(true)) {
        return;
    }
    if let Some(value) = schema.shift_remove(bound) {
        schema.insert(word.to_owned(), value);
    }
}
