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
            let text = node.as_str().filter(|text| !text.is_empty());
            let Some(text) = text else { continue };
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
        lists_have_another_kind(names, reader);
    });
    let versions = spec.get("versions").and_then(Node::as_list).unwrap_or_default();
    for (i, version) in versions.iter().enumerate() {
        if let Some(node) = version.get("name") {
            let text = node.as_str().unwrap_or_default();
            label(&format!(".versions[{i}].name"), node, text, reader);
        }
    }
}

fn lists_have_another_kind(names: &Node, reader: &mut Reader<'_>) {
    let Some(list) = names.get("listKind") else { return };
    let text = list.as_str().filter(|text| !text.is_empty());
    if text.is_some() && text == names.get("kind").and_then(Node::as_str) {
        let what = "must be another name than `kind`";
        reader.within(".listKind", |reader| reader.fault(list.place, what, "remove it"));
    }
}

/// Reports a group that is no domain of at least two parts.
pub(super) fn check_group(spec: &Node, reader: &mut Reader<'_>) {
    let Some(group) = spec.get("group") else { return };
    let text = group.as_str().unwrap_or_default();
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(is_inner)
    };
    let fits = text.len() <= 253 && text.contains('.') && text.split('.').all(is_part);
    if !text.is_empty() && !fits {
        let what = "must be a domain: lowercase letters, digits and `-`, with at least one dot";
        reader.within(".group", |reader| {
            reader.fault(group.place, what, "write such a domain, as in `example.com`");
        });
    }
}

fn label(step: &str, node: &Node, text: &str, reader: &mut Reader<'_>) {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = text.len() <= 63
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && text.chars().all(is_inner);
    if !fits {
        let what = "must be lowercase letters, digits and `-`, at most 63, with a letter first";
        reader.within(step, |reader| reader.fault(node.place, what, "write such a name"));
    }
}
