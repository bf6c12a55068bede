//! The grammar of a definition's names.

use super::structural::Reader;
use crate::yaml::Node;

/// Reports names that no server takes.
pub(super) fn check(spec: &Node, reader: &mut Reader<'_>) {
    let Some(names) = spec.get("names") else { return };
    reader.within(".names", |reader| {
        for word in ["plural", "singular", "kind", "listKind"] {
            let Some(node) = names.get(word) else { continue };
            // A kind is judged by its lowercase spelling.
            let is_kind = word.ends_with("ind");
            let text = node.as_str().unwrap_or_default();
            let text = if is_kind { text.to_ascii_lowercase() } else { text.to_owned() };
            label(&format!(".{word}"), node, &text, reader);
        }
        for word in ["shortNames", "categories"] {
            let items = names.get(word).and_then(Node::as_list).unwrap_or_default();
            for (i, node) in items.iter().enumerate() {
                let text = node.as_str().unwrap_or_default();
                label(&format!(".{word}[{i}]"), node, text, reader);
            }
        }
    });
    let versions = spec.get("versions").and_then(Node::as_list).unwrap_or_default();
    for (i, version) in versions.iter().enumerate() {
        if let Some(node) = version.get("name") {
            let text = node.as_str().unwrap_or_default();
            label(&format!(".versions[{i}].name"), node, text, reader);
        }
    }
}

fn label(step: &str, node: &Node, text: &str, reader: &mut Reader<'_>) {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = text.len() <= 63
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && text.chars().all(is_inner);
    if !text.is_empty() && !fits {
        let what = "must be lowercase letters, digits and `-`, at most 63, with a letter first";
        reader.within(step, |reader| reader.fault(node.place, what, "write such a name"));
    }
}
