//! The only place where explanations show a value.

use crate::yaml::{self, Node};
use serde_json::Value as Json;

/// How many characters of a value one line shows.
const MAX_TEXT: usize = 100;

/// A value as JSON.
#[must_use]
pub fn in_json(node: &Node) -> Json {
    let mut json = yaml::to_json(node);
    json.sort_all_objects();
    json
}

/// A value on one line, as JSON; a long one is cut.
#[must_use]
pub fn in_text(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(MAX_TEXT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// A tree of values as canonical YAML.
#[must_use]
pub fn in_yaml(root: &Node) -> String {
    yaml::write(root)
}
