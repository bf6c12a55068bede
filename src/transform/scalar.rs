//! How kustomize sets a scalar: the new text takes over the style of the old one.
//!
//! What it means is then found out anew from its text, so a prefix can make a number of a name without quotes.

use super::Text;
use super::field::Fault;
use super::shared::{Echo, Share};
use crate::source::Place;
use crate::yaml::{Data, Key, Node, Rules, Scalar, Style, Value, resolve, spell_out};

/// The tag of a text that stays one, however it is spelled.
const STRING_TAG: &str = "!!str";

/// Gives a scalar another text, whose meaning is found out anew: prefix `1` makes the name `e3` the number `1e3`.
///
/// # Errors
/// When the node is a list or a map.
pub fn set_scalar(node: &mut Node, text: &Text) -> Result<(), Fault> {
    let style = style_of(node)?;
    put(node, scalar(&text.text, style), text);
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
            put(entry, scalar(&text.text, style), text);
            Ok(())
        }
        None => set_entry(node, key, text, &Share::new()).map(drop),
    }
}

/// A string as kustomize adds it: in quotes where YAML 1.1 takes it for something else.
pub(super) fn new_string(text: &str) -> Scalar {
    let is_other = resolve(text, Rules::GoYamlV2) != Ok(Value::String) && !text.is_empty();
    string(text, if is_other { Style::Double } else { Style::Plain })
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
