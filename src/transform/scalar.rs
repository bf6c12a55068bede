//! How kustomize sets a scalar: the new text takes over the style of the old one.
//!
//! What it means is then found out anew from its text, so a prefix can make a number of a name without quotes.

use super::Text;
use super::field::Fault;
use super::shared::{Echo, Share};
use crate::source::Place;
use crate::yaml::{
    Data, Key, Map, Node, Rules, Scalar, Style, Value, is_timestamp, reads_as_no_string, resolve,
    spell_out,
};
use std::sync::Arc;

/// The tag of a text that stays one, however it is spelled.
const STRING_TAG: &str = "!!str";
/// The tag of a scalar whose meaning is found out anew from each text that it is given.
const OPEN_TAG: &str = "";
/// The tag of an integer, which prints as a string where it has quotes.
const INT_TAG: &str = "!!int";
/// The tag of a number that stays one with a fraction, even if its text has none.
const FLOAT_TAG: &str = "!!float";

/// The tag of a truth; in quotes it prints as a string.
const BOOL_TAG: &str = "!!bool";
/// The tag of a date that prints as a string, because it has quotes.
const DATE_TAG: &str = "!!timestamp-in-quotes";

/// The tags of scalars that hold a text of another type, which only who prints them refuses.
const MISFITS: [(&str, Lasting); 4] = [
    ("!!bool-with-another-text", Lasting::Bool),
    ("!!int-with-another-text", Lasting::Int),
    ("!!float-with-another-text", Lasting::Float),
    ("!!timestamp-with-another-text", Lasting::Date),
];

/// Gives a scalar another text, whose meaning is found out anew: prefix `1` makes the name `e3` the number `1e3`.
///
/// # Errors
/// When the node is a list or a map.
pub fn set_scalar(node: &mut Node, text: &Text) -> Result<(), Fault> {
    let style = style_of(node)?;
    put(node, open(&text.text, style), text);
    Ok(())
}

/// Gives a scalar the text of an integer, which in quotes is a string.
///
/// # Errors
/// When the node is a list or a map.
pub(super) fn set_integer(node: &mut Node, text: &Text) -> Result<(), Fault> {
    let style = style_of(node)?;
    let tag = (style != Style::Plain).then(|| INT_TAG.into());
    put(node, Scalar { tag, ..scalar(&text.text, style) }, text);
    Ok(())
}

/// Gives a scalar another text, which is a string whatever it looks like.
///
/// # Errors
/// When the node is a list or a map.
pub fn set_string(node: &mut Node, text: &Text) -> Result<(), Fault> {
    let style = style_of(node)?;
    put(node, string(&text.text, style), text);
    Ok(())
}

/// Sets an entry of a map to a string; one that is there keeps its style. A null stays null.
///
/// Entries that are made with the same share are one from then on; setting one of them gives the echo for the others.
///
/// # Errors
/// When the node is a list or a scalar, or a new key is none that kustomize can print.
pub(super) fn set_entry(
    node: &mut Node,
    key: &str,
    text: &Text,
    share: &Share,
) -> Result<Option<Echo>, Fault> {
    if node.is_null() {
        return Ok(None);
    }
    let place = node.place;
    let kind = node.kind();
    if node.as_map().is_some_and(Map::is_empty) {
        node.set_at = Some(text.place);
    }
    let Some(map) = node.as_map_mut() else {
        return Err(Fault::wrong_kind("a map", kind, place));
    };
    let Some(entry) = map.get_mut(key) else {
        let mut entry = Node::new(Data::Scalar(share.on(new_string(&text.text))), place);
        entry.set_at = Some(text.place);
        map.insert(new_key(key, place)?, entry);
        return Ok(None);
    };
    let style = entry.as_scalar().map_or(Style::Plain, |scalar| scalar.style);
    let old = entry.as_scalar().and_then(Share::of);
    let scalar = string(&text.text, style);
    put(entry, old.as_ref().map_or_else(|| scalar.clone(), |old| old.on(scalar.clone())), text);
    Ok(old.map(|old| Echo::new(old, scalar)))
}

/// A key that kustomize adds: it writes it without quotes, so it must read back as a text.
pub(super) fn new_key(key: &str, place: Place) -> Result<Key, Fault> {
    let plain = scalar(key, Style::Plain);
    let mut node = Node::new(Data::Scalar(plain), place);
    spell_out(&mut node);
    match node.as_str() == Some(key) {
        true => Ok(Key::new(key, place)),
        false => {
            let what = if node.as_str().is_some() { "a date" } else { node.kind() };
            let message =
                format!("kustomize writes the key `{key}` without quotes, where it is {what}");
            let hint = "rename it, so that it begins with a letter and is no word of YAML";
            Err(Fault { message, place, hint })
        }
    }
}

/// Sets an entry of a map to a text whose meaning is found out anew, unless it is new and looks like something else than
/// a string; one that is there keeps its style.
///
/// # Errors
/// When the node is a list or a scalar.
pub(super) fn set_entry_text(node: &mut Node, key: &str, text: &Text) -> Result<(), Fault> {
    match node.as_map_mut().and_then(|map| map.get_mut(key)) {
        Some(entry) => {
            let style = entry.as_scalar().map_or(Style::Plain, |scalar| scalar.style);
            put(entry, open(&text.text, style), text);
            Ok(())
        }
        None => set_entry(node, key, text, &Share::new()).map(drop),
    }
}

/// A string as kustomize adds it: in quotes where YAML 1.1 takes it for something else.
pub(super) fn new_string(text: &str) -> Scalar {
    string(text, if reads_as_no_string(text) { Style::Double } else { Style::Plain })
}

/// A scalar of this text and style, meaning what the text means.
#[must_use]
pub(super) fn scalar(text: &str, style: Style) -> Scalar {
    let value = match style {
        Style::Plain => resolve(text, RULES).unwrap_or(Value::String),
        _ => Value::String,
    };
    Scalar { value, text: text.into(), style, tag: None }
}

/// A scalar of this text and style, whose meaning is found out anew from each text that it is given.
#[must_use]
pub(super) fn open(text: &str, style: Style) -> Scalar {
    Scalar { tag: Some(OPEN_TAG.into()), ..scalar(text, style) }
}

/// Whether a scalar has no tag but what its text means.
pub(super) fn is_untagged(scalar: &Scalar) -> bool {
    scalar.tag.as_deref().is_none_or(|tag| tag == OPEN_TAG)
}

/// What a scalar stays when only its text is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lasting {
    /// Nothing: its meaning is found out anew.
    Open,
    /// A string.
    Text,
    /// Null.
    Null,
    /// A boolean.
    Bool,
    /// An integer.
    Int,
    /// A number.
    Float,
    /// A point in time.
    Date,
}

impl Lasting {
    /// What a scalar stays.
    pub(super) fn of(scalar: &Scalar) -> Self {
        if let Some(lasting) = misfit_of(scalar) {
            return lasting;
        }
        match (scalar.tag.as_deref(), scalar.value) {
            (Some(OPEN_TAG), _) if scalar.style == Style::Plain => Self::Open,
            (Some(FLOAT_TAG), _) | (None, Value::Float(_)) => Self::Float,
            (Some(INT_TAG), _) | (None, Value::Int(_) | Value::Uint(_)) => Self::Int,
            (Some(BOOL_TAG), _) | (None, Value::Bool(_)) => Self::Bool,
            (Some("!!null"), _) | (None, Value::Null) => Self::Null,
            (Some("!!timestamp" | DATE_TAG), _) => Self::Date,
            (None, Value::String) if scalar.style == Style::Plain && is_timestamp(&scalar.text) => {
                Self::Date
            }
            _ => Self::Text,
        }
    }

    /// The tag of a string in quotes that takes texts of this kind only; none if it takes any.
    pub(super) fn tag(self) -> Option<&'static str> {
        match self {
            Self::Open | Self::Text | Self::Null => None,
            Self::Bool => Some(BOOL_TAG),
            Self::Int => Some(INT_TAG),
            Self::Float => Some(FLOAT_TAG),
            Self::Date => Some(DATE_TAG),
        }
    }

    /// What it is, with an article.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Open | Self::Text => "a string",
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Int => "an integer",
            Self::Float => "a number",
            Self::Date => "a date",
        }
    }
}

/// The text of a scalar, also of a null; empty of a list or map.
pub(super) fn text_of(node: &Node) -> &str {
    node.as_scalar().map_or("", |scalar| &scalar.text)
}

/// The truth that a text is, if it is one.
pub(super) fn truth_of(text: &str) -> Option<bool> {
    match resolve(text, RULES) {
        Ok(Value::Bool(truth)) => Some(truth),
        _ => None,
    }
}

/// A scalar with another text that stays what it is; none if the text is no such thing.
pub(super) fn with_text(old: &Scalar, text: &str) -> Option<Scalar> {
    let lasting = Lasting::of(old);
    let new = scalar(text, Style::Plain);
    match (lasting, Lasting::of(&new)) {
        (Lasting::Open, _) => Some(open(text, old.style)),
        (Lasting::Text, _) => {
            let tag = old.tag.clone().filter(|tag| &**tag != OPEN_TAG);
            let tag = tag.or_else(|| Some(STRING_TAG.into()));
            Some(Scalar { tag, ..string(text, old.style) })
        }
        (Lasting::Float, Lasting::Int) => {
            let value = Value::Float(text.parse().ok()?);
            Some(Scalar { value, tag: Some(FLOAT_TAG.into()), ..new })
        }
        (old_kind, new_kind) if old_kind == new_kind => {
            let value = if old.style == Style::Plain { new.value } else { Value::String };
            let tag = match is_misfit(old) {
                true if old.style == Style::Plain => None,
                true => lasting.tag().map(Arc::from),
                false => old.tag.clone(),
            };
            Some(Scalar { value, tag, style: old.style, ..new })
        }
        _ => None,
    }
}

/// A scalar with a text that it cannot hold, until another takes its place; none of a null.
pub(super) fn misfit(old: &Scalar, text: &str) -> Option<Scalar> {
    let lasting = Lasting::of(old);
    let (tag, _) = MISFITS.iter().find(|(_, kind)| *kind == lasting)?;
    Some(Scalar { tag: Some((*tag).into()), ..string(text, old.style) })
}

/// Whether a scalar holds a text that it cannot hold.
pub(super) fn is_misfit(scalar: &Scalar) -> bool {
    misfit_of(scalar).is_some()
}

/// The type of a scalar that holds a text of another.
fn misfit_of(scalar: &Scalar) -> Option<Lasting> {
    let tag = scalar.tag.as_deref().filter(|tag| tag.ends_with("-with-another-text"))?;
    MISFITS.iter().find(|(own, _)| *own == tag).map(|(_, lasting)| *lasting)
}

/// Lets the meaning of a scalar be found out anew from its text.
pub(super) fn reopen(node: &mut Node) {
    if let Data::Scalar(scalar) = &mut node.data {
        *scalar = open(&scalar.text, scalar.style);
    }
}

/// The rules by which kustomize reads objects.
pub(super) const RULES: Rules = Rules::GoYamlV3;

/// A string of this text and style.
pub(super) fn string(text: &str, style: Style) -> Scalar {
    Scalar { value: Value::String, text: text.into(), style, tag: Some(STRING_TAG.into()) }
}

fn style_of(node: &Node) -> Result<Style, Fault> {
    match &node.data {
        Data::Scalar(scalar) => Ok(scalar.style),
        _ => Err(Fault::wrong_kind("a scalar", node.kind(), node.place)),
    }
}

fn put(node: &mut Node, scalar: Scalar, text: &Text) {
    node.data = Data::Scalar(scalar);
    node.set_at = Some(text.place);
}
