//! Values as text: what a hole within a string prints, and every filter that makes text.

use super::files::Files;
use super::marks;
use super::object::Branch;
use super::reads::Respelled;
use super::refusal::Refusal;
use super::run::Run;
use crate::diag::{Code, Diagnostic, IN_QUOTES};
use crate::yaml::{Scalar, Value as Meaning};
use minijinja::value::{Object, ObjectRepr, Value, ValueKind};
use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

/// How deep a value may be nested to be printed.
pub(super) const MAX_DEPTH: usize = 200;

/// The longest text that a filter makes, in bytes.
pub(super) const MAX_TEXT: usize = 16 * 1024 * 1024;

/// How many items a list may have to be printed or worked on.
pub(super) const MAX_ITEMS: usize = 100_000;

/// What text is made for. Null has no place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Into {
    /// Lists and maps have no place in it.
    Yaml,
    /// As for YAML, of a value that refers to others.
    Value,
    /// They are printed as JSON.
    Text,
}

/// What `omit` is.
#[derive(Debug)]
pub(super) struct Omit;

impl Object for Omit {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// What the filters `quote` and `squote` make: a string that brings its quotes along into text.
#[derive(Debug)]
pub(super) struct Quoted {
    /// The string.
    pub content: String,
    /// The string in quotes.
    pub quoted: String,
}

impl Object for Quoted {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.quoted)
    }
}

fn refusal(code: Code, message: impl std::convert::Into<String>, hint: &str) -> Refusal {
    Diagnostic::error(code, message).hint(hint).into()
}

/// The refusal of a fragment where text is needed.
pub(super) fn no_text(text: &str) -> Refusal {
    match marks::is_fragment(text) {
        true => refusal(
            Code::TemplateFragment,
            "a YAML fragment can be inserted, indented and passed on, but it is no text",
            "write the macro or block in a `.j2` file, which returns plain strings",
        ),
        false => refusal(
            Code::TemplateFragment,
            "a YAML fragment cannot be cut or glued to other text",
            "insert it on a line of its own",
        ),
    }
}

/// A string without marks.
pub(super) fn unmarked(text: &str) -> Result<&str, Refusal> {
    match marks::is_marked(text) {
        true => Err(no_text(text)),
        false => Ok(text),
    }
}

/// The text that a value of the running expression is printed as; refused for a number that the
/// values spell in another way.
pub(super) fn text_of<'v>(
    value: &'v Value,
    into: Into,
    run: &Run,
) -> Result<Cow<'v, str>, Refusal> {
    match respelled(value, run) {
        Some(respelled) => Err(would_change(value, respelled)),
        None => plain_text(value, into).map_err(|refusal| match value.is_none() {
            true => null_set(refusal, run),
            false => refusal,
        }),
    }
}

/// The refusal of a null, with the line that sets it if that was just read.
fn null_set(mut refusal: Refusal, run: &Run) -> Refusal {
    let is_null = |scalar: &Scalar| scalar.value == Meaning::Null;
    let set = run.log().latest(is_null);
    if let Some(place) = set {
        refusal.0 = Box::new(refusal.0.also(place, "its value is set here"));
    }
    refusal
}

/// The number of the values that a printed number came from, if it is spelled in another way.
pub(super) fn respelled(value: &Value, run: &Run) -> Option<Respelled> {
    let meaning = (value.kind() == ValueKind::Number).then(|| number(value))??;
    run.log().respelled(meaning)
}

/// The text that a value is printed as.
pub(super) fn plain_text(value: &Value, into: Into) -> Result<Cow<'_, str>, Refusal> {
    if let Some(text) = value.as_str() {
        return unmarked(text).map(Cow::Borrowed);
    }
    if let Some(quoted) = value.downcast_object_ref::<Quoted>() {
        return Ok(Cow::Borrowed(&quoted.quoted));
    }
    match value.kind() {
        ValueKind::Bool => Ok(Cow::Borrowed(if value.is_true() { "true" } else { "false" })),
        ValueKind::Number => number_text(value).map(Cow::Owned),
        ValueKind::Map | ValueKind::Seq | ValueKind::Iterable if into == Into::Text => {
            json(value).map(Cow::Owned)
        }
        _ => Err(no_place_in_text(value, into)),
    }
}

fn no_place_in_text(value: &Value, into: Into) -> Refusal {
    let what = kind(value);
    let hint = match value.kind() {
        ValueKind::None if into == Into::Text => {
            "give it a default: `… | default(\"\")` prints nothing; `… | to_json` prints the word `null`"
        }
        ValueKind::None => "give it a default, or write the hole alone as the whole value",
        ValueKind::Undefined => "set it, or give it a default: `… | default(…)`",
        ValueKind::Plain => "call it with `()`, or print a value",
        _ if into == Into::Value => {
            "print one of its members, or make a text of it with `to_json` or `join`"
        }
        _ => {
            "print one of its members, or make a text of it: `to_json`, `join`, or as YAML with `to_yaml` in a template `files/NAME.j2`, printed by `files.get(\"NAME\")`"
        }
    };
    refusal(Code::TemplateHole, format!("{what} cannot stand within text"), hint)
}

/// What a value is, with an article.
pub(super) fn kind(value: &Value) -> &'static str {
    if value.downcast_object_ref::<Omit>().is_some() {
        return "`omit`";
    }
    match value.kind() {
        ValueKind::Undefined => "an undefined value",
        ValueKind::None => "null",
        ValueKind::Bool => "a boolean",
        ValueKind::Number => "a number",
        ValueKind::String => "a string",
        ValueKind::Bytes => "bytes that are no UTF-8 text",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        ValueKind::Map => "a map",
        _ if value.downcast_object_ref::<Quoted>().is_some() => "a string",
        _ => "a function or macro",
    }
}

fn number_text(value: &Value) -> Result<String, Refusal> {
    let meaning = number(value).ok_or_else(|| no_number(value))?;
    Ok(crate::yaml::Scalar::plain(meaning).text.to_string())
}

/// The refusal of a number whose text is not what the values file says.
pub(super) fn would_change(value: &Value, (place, spelling): Respelled) -> Refusal {
    let text = number_text(value).unwrap_or_default();
    let message = format!(
        "the number `{spelling}` would become the text `{text}`, because it is a number and not a string"
    );
    let finding = Diagnostic::error(Code::TemplateNumber, message)
        .also(place, format!("`{spelling}` is set here"))
        .hint(format!("{IN_QUOTES} where it is set: \"{spelling}\""));
    finding.into()
}

fn no_number(value: &Value) -> Refusal {
    refusal(
        Code::TemplateHole,
        format!("`{value}` is no number that a manifest can hold"),
        "keep numbers finite and within 64 bits",
    )
}

/// What a number means in YAML; none for infinity, not-a-number and integers above 64 bits.
pub(super) fn number(value: &Value) -> Option<Meaning> {
    if !value.is_integer() {
        let number = f64::try_from(value.clone()).ok()?;
        return number.is_finite().then_some(Meaning::Float(number));
    }
    let signed = i64::try_from(value.clone()).ok().map(Meaning::Int);
    signed.or_else(|| u64::try_from(value.clone()).ok().map(Meaning::Uint))
}

/// A value as compact JSON, keys in their order.
pub(super) fn json(value: &Value) -> Result<String, Refusal> {
    let mut text = String::new();
    write_json(&mut text, value, KeyOrder::AsWritten, 0)?;
    Ok(text)
}

/// A value as compact JSON with sorted keys: equal values have equal text.
pub(super) fn canonical_json(value: &Value) -> Result<String, Refusal> {
    let mut text = String::new();
    write_json(&mut text, value, KeyOrder::Sorted, 0)?;
    Ok(text)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyOrder {
    AsWritten,
    Sorted,
}

fn write_json(
    out: &mut String,
    value: &Value,
    order: KeyOrder,
    depth: usize,
) -> Result<(), Refusal> {
    if depth > MAX_DEPTH {
        return Err(too_deep());
    }
    // A list may hold another one twice, and that one the next, and so on.
    if out.len() > MAX_TEXT {
        return Err(too_much_text(out.len()));
    }
    if let Some(quoted) = value.downcast_object_ref::<Quoted>() {
        write_json_string(out, &quoted.content);
        return Ok(());
    }
    take_whole(value);
    match value.kind() {
        ValueKind::None => out.push_str("null"),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => {
            let meaning = number(value).ok_or_else(|| no_number(value))?;
            out.push_str(&crate::yaml::Scalar::plain(meaning).text);
        }
        ValueKind::String => {
            write_json_string(out, unmarked(value.as_str().unwrap_or_default())?);
        }
        ValueKind::Seq | ValueKind::Iterable => {
            out.push('[');
            for (at, item) in items(value)?.enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write_json(out, &item, order, depth + 1)?;
            }
            out.push(']');
        }
        ValueKind::Map => write_json_map(out, value, order, depth)?,
        _ => return Err(no_place_in_text(value, Into::Text)),
    }
    Ok(())
}

fn write_json_map(
    out: &mut String,
    value: &Value,
    order: KeyOrder,
    depth: usize,
) -> Result<(), Refusal> {
    let mut entries = entries(value)?;
    if order == KeyOrder::Sorted {
        entries.sort_by(|a, b| a.0.cmp(&b.0));
    }
    out.push('{');
    for (at, (key, item)) in entries.iter().enumerate() {
        out.push_str(if at > 0 { "," } else { "" });
        write_json_string(out, key);
        out.push(':');
        write_json(out, item, order, depth + 1)?;
    }
    out.push('}');
    Ok(())
}

pub(super) fn too_deep() -> Refusal {
    refusal(
        Code::TemplateLimit,
        format!("the value is nested deeper than {MAX_DEPTH} levels"),
        "print a part of it",
    )
}

/// The refusal of a text that is longer than any manifest.
pub(super) fn too_much_text(bytes: usize) -> Refusal {
    let message = format!("a text of {bytes} bytes would be made; at most {MAX_TEXT} are allowed");
    refusal(Code::TemplateLimit, message, "make less text")
}

/// The refusal of a list with too many items.
pub(super) fn too_long() -> Refusal {
    let message = format!("the list has more than {MAX_ITEMS} items");
    refusal(Code::TemplateLimit, message, "make fewer")
}

/// The items of a list, which are counted.
pub(super) fn items(value: &Value) -> Result<impl Iterator<Item = Value>, Refusal> {
    let wrong = |_| {
        refusal(
            Code::TemplateHole,
            format!("{} has no items", kind(value)),
            "pass a list; `[a, b]` makes one",
        )
    };
    let items: Vec<Value> = value.try_iter().map_err(wrong)?.take(MAX_ITEMS + 1).collect();
    if items.len() > MAX_ITEMS {
        return Err(too_long());
    }
    Ok(items.into_iter())
}

/// The refusal of `files` itself, whose texts are made when they are asked for.
pub(super) fn files_itself(value: &Value) -> Option<Refusal> {
    value.downcast_object_ref::<Files>()?;
    let hint = "write `files.glob(\"*\")` for a map of names and texts, `files.get(\"NAME\")` for one text, `files.names(\"*\")` for the names";
    Some(refusal(Code::TemplateHole, "`files` is no map of texts by itself", hint))
}

/// The entries of a map in order; its keys must be strings or print as such.
pub(super) fn entries(value: &Value) -> Result<Vec<(String, Value)>, Refusal> {
    entries_of(value, |_| true)
}

/// Those entries of a map that have one of some keys; nothing else of it counts as read.
pub(super) fn entries_of(
    value: &Value,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(String, Value)>, Refusal> {
    let keys = names(value)?.into_iter().filter(|(name, _)| is_wanted(name));
    Ok(keys.map(|(name, key)| (name, value.get_item(&key).unwrap_or_default())).collect())
}

/// The keys of a map in order, as text and as they are.
pub(super) fn names(value: &Value) -> Result<Vec<(String, Value)>, Refusal> {
    if let Some(refusal) = files_itself(value) {
        return Err(refusal);
    }
    let wrong = || {
        let message = format!("{} has no keys", kind(value));
        refusal(Code::TemplateHole, message, "pass a map; `{\"key\": x}` makes one")
    };
    if value.kind() != ValueKind::Map {
        return Err(wrong());
    }
    let keys = match value.downcast_object_ref::<Branch>() {
        // Whoever asks for some keys goes not through all of them.
        Some(branch) => branch.keys(),
        None => value.try_iter().map_err(|_| wrong())?.collect(),
    };
    keys.into_iter().map(|key| Ok((name(&key)?, key))).collect()
}

fn name(key: &Value) -> Result<String, Refusal> {
    match (key.as_str(), key.is_integer()) {
        (Some(name), _) => Ok(unmarked(name)?.to_owned()),
        (None, true) => Ok(key.to_string()),
        (None, false) => {
            let message = format!("{} cannot be a key", kind(key));
            Err(refusal(Code::TemplateHole, message, "use strings as keys"))
        }
    }
}

/// Notes that all keys of a map are gone through.
pub(super) fn take_keys(value: &Value) {
    if let Some(branch) = value.downcast_object_ref::<Branch>() {
        branch.take_keys();
    }
}

fn take_whole(value: &Value) {
    if let Some(branch) = value.downcast_object_ref::<Branch>() {
        branch.take_whole();
    }
}

/// A string in the double quotes of JSON, which YAML reads as the same string.
pub(super) fn json_string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    write_json_string(&mut quoted, text);
    quoted
}

fn write_json_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                write!(out, "\\u{:04x}", u32::from(c)).expect("a string takes any text");
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
