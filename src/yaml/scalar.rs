//! What a scalar means: by its tag, its quotes and its text; and what key it makes.

use super::float::float_key;
use super::timestamp::is_timestamp;
use super::{Key, Node, Options, Problem, Rules, Scalar, Style, Tags, Value, resolve};
use crate::diag::{Code, nearest};
use crate::source::Span;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use granit_parser::{ScalarStyle, Tag};
use std::sync::Arc;

/// A scalar as the parser gives it.
pub(super) struct Written<'a> {
    /// Its text, without quotes and escapes.
    pub(super) text: &'a str,
    pub(super) style: Style,
    pub(super) tag: Option<&'a Tag>,
    pub(super) span: Span,
    /// Where its tag stands.
    pub(super) tag_span: Span,
}

/// What a scalar means.
pub(super) fn scalar_of(written: &Written<'_>, options: Options) -> Result<Scalar, Box<Problem>> {
    let Written { text, style, tag, .. } = *written;
    let Some(tag) = tag else {
        let value = match style {
            Style::Plain => written.plain(options.rules)?,
            _ => Value::String,
        };
        return Ok(Scalar { value, text: text.into(), style, tag: None });
    };
    let name: Arc<str> = tag.original().into();
    if let Tags::Allow(allowed) = options.tags
        && allowed.contains(&&*name)
    {
        return Ok(Scalar { value: Value::String, text: text.into(), style, tag: Some(name) });
    }
    let own = tag.suffix_in_namespace("tag:yaml.org,2002:");
    let (value, text) = match own.as_deref() {
        Some(own) => written.with_own_tag(own, options)?,
        None if &*name == "!" && options.rules == Rules::GoYamlV3 && style == Style::Plain => {
            let value = written.plain(options.rules)?;
            return Ok(Scalar { value, text: text.into(), style, tag: None });
        }
        None if &*name == "!" || options.tags == Tags::Drop => (Value::String, text.into()),
        None => return Err(written.unknown_tag(&name, options.tags)),
    };
    Ok(Scalar { value, text, style, tag: Some(name) })
}

impl Written<'_> {
    fn plain(&self, rules: Rules) -> Result<Value, Box<Problem>> {
        resolve(self.text, rules).map_err(|reason| {
            self.problem(reason.to_owned(), "quote it if it is a text".to_owned())
        })
    }

    /// The meaning under one of YAML's own tags, and the text that goes with it.
    fn with_own_tag(&self, tag: &str, options: Options) -> Result<(Value, Arc<str>), Box<Problem>> {
        let text: Arc<str> = self.text.into();
        let value = match tag {
            "str" => return Ok((Value::String, text)),
            "binary" => return self.binary().map(|text| (Value::String, text)),
            "merge" if self.text == "<<" => return Ok((Value::String, text)),
            "timestamp" if is_timestamp(self.text) => return Ok((Value::String, text)),
            "int" | "float" | "bool" | "null" => self.plain(options.rules)?,
            "timestamp" => Value::String,
            other => return Err(self.unknown_tag(&format!("!!{other}"), options.tags)),
        };
        let value = match (tag, value) {
            ("int", Value::Int(_) | Value::Uint(_)) | ("float", Value::Float(_)) => value,
            ("bool", Value::Bool(_)) | ("null", Value::Null) => value,
            #[expect(clippy::cast_precision_loss, reason = "the tag asks for a float")]
            ("float", Value::Int(number)) => Value::Float(number as f64),
            _ => {
                let message = format!("`{}` is not what its tag `!!{tag}` says", self.text);
                return Err(self.problem(message, "correct the value, or remove the tag".into()));
            }
        };
        Ok((value, text))
    }

    fn binary(&self) -> Result<Arc<str>, Box<Problem>> {
        // As Go: padded, trailing bits ignored, line breaks anywhere.
        let config = GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
        let digits: String = self.text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        let bytes = GeneralPurpose::new(&STANDARD, config).decode(digits).map_err(|_| {
            let message = "the value of `!!binary` is not base64".to_owned();
            self.problem(message, "correct it, or remove the tag".to_owned())
        })?;
        String::from_utf8(bytes).map(Arc::from).map_err(|_| {
            let message = "the value of `!!binary` is not text, which JSON cannot hold".to_owned();
            self.problem(message, "use `binaryData` with the base64 text and no tag".to_owned())
        })
    }

    fn unknown_tag(&self, tag: &str, tags: Tags) -> Box<Problem> {
        let message = format!("the tag `{tag}` means nothing here");
        let known = match tags {
            Tags::Allow(known) => known,
            _ => &[],
        };
        let hint = match nearest(tag, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "remove the tag (Kubernetes tools drop it in silence), or quote the whole text"
                .to_owned(),
        };
        Box::new(Problem::new(Code::YamlValue, message, self.tag_span).hint(hint))
    }

    fn problem(&self, message: String, hint: String) -> Box<Problem> {
        Box::new(Problem::new(Code::YamlValue, message, self.span).hint(hint))
    }
}

pub(super) fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
        _ => Style::Plain,
    }
}

/// The key that a node stands for, as the JSON that Kubernetes tools make of it; with a problem if
/// they refuse it. `depth` counts the maps and lists around it.
pub(super) fn key_of(node: &Node, options: Options, depth: usize) -> (Key, Option<Problem>) {
    match options.rules {
        Rules::GoYamlV2 => json_key(node, options.tags),
        Rules::GoYamlV3 => text_key(node, depth).unwrap_or_else(|| json_key(node, options.tags)),
    }
}

/// The key as go-yaml v3 takes it, where that is not a string: at the top of a document its text, deeper none.
fn text_key(node: &Node, depth: usize) -> Option<(Key, Option<Problem>)> {
    let scalar = node.as_scalar().filter(|scalar| scalar.value != Value::Null)?;
    let is_date =
        scalar.style == Style::Plain && scalar.tag.is_none() && is_timestamp(&scalar.text);
    if scalar.value == Value::String && !is_date {
        return None;
    }
    let what = if is_date { "a date" } else { node.kind() };
    let name = Arc::clone(&scalar.text);
    let problem = (depth > 1).then(|| {
        let message = format!("the key `{name}` is {what}, which kustomize takes for none");
        Problem::new(Code::YamlKey, message, node.place.span).hint("put it in quotes")
    });
    Some((Key { name, place: node.place, written: Some(Box::new(scalar.clone())) }, problem))
}

fn json_key(node: &Node, tags: Tags) -> (Key, Option<Problem>) {
    let refused = |what: &str, hint: &str| {
        let problem =
            Problem::new(Code::YamlKey, format!("{what} cannot be a key"), node.place.span);
        // No key of the user's can have this name, so that it hides no other.
        (Key::new(format!("\0{}", node.place.span.start), node.place), Some(problem.hint(hint)))
    };
    let Some(scalar) = node.as_scalar() else {
        let hint = match node.as_map() {
            Some(_) => tags.hole(
                "if `{{ … }}` is meant as text, put it in quotes; holes belong into templates",
            ),
            None => "use a string as the key".to_owned(),
        };
        return refused(node.kind(), &hint);
    };
    if let Some(tag) = scalar.tag.as_ref().filter(|tag| !tag.starts_with("!!")) {
        let hint = "only values can have it: write the key itself";
        return refused(&format!("a text with the tag `{tag}`"), hint);
    }
    let name: Arc<str> = match (scalar.value, key_name(scalar.value)) {
        (Value::Null, _) => {
            return refused(
                "null",
                "write a key in front of the `:`; the text `null` needs quotes",
            );
        }
        (Value::String, _) => Arc::clone(&scalar.text),
        (_, Some(name)) => name.into(),
        (_, None) => return refused("an integer above 2^63", "put it in quotes"),
    };
    let ordinary = scalar.value == Value::String && &*name != "<<";
    let written = (!ordinary).then(|| Box::new(scalar.clone()));
    (Key { name, place: node.place, written }, None)
}

/// The text that Kubernetes tools take a key for that is a boolean or a number; none for null, for
/// strings, and for integers above `i64::MAX`, which they refuse.
pub(super) fn key_name(value: Value) -> Option<String> {
    match value {
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(float_key(number)),
        Value::Null | Value::Uint(_) | Value::String => None,
    }
}
