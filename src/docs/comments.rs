//! What the comments of values.yaml say about a key.

use crate::source::{Place, Source};
use crate::yaml::{Key, Node};

/// The comment that stands directly above a key, or else behind it on its line.
///
/// The `--` with which helm-docs marks a description is left out, and so are lines for editors.
pub(super) fn comment(source: &Source, key: &Key, value: &Node) -> Option<String> {
    let text: &str = source.text();
    above(text, key.place).or_else(|| behind(text, key, value))
}

fn above(text: &str, key: Place) -> Option<String> {
    let line = text[..key.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    // A key that does not begin its line, as in `{ a: 1, b: 2 }`, has no line above of its own.
    if !text[line..key.span.start as usize].trim().is_empty() {
        return None;
    }
    let mut words = Vec::new();
    for line in text[..line].lines().rev() {
        match line.trim().strip_prefix('#') {
            Some(said) if is_for_editors(said) => break,
            Some(said) => words.push(plain(said)),
            None => break,
        }
    }
    words.reverse();
    joined(&words)
}

/// The comment at the end of the line that the value ends on, or the key if the value stands below it.
fn behind(text: &str, key: &Key, value: &Node) -> Option<String> {
    let key_end = key.place.span.end as usize;
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |at| from + at);
    let value_start = value.place.span.start as usize;
    let is_on_line = value.place.file == key.place.file
        && value_start >= key_end
        && value_start < line_end(key_end);
    let from = if is_on_line { value.place.span.end as usize } else { key_end };
    let rest =
        text.get(from..line_end(from))?.trim_start_matches(['"', '\'', ':', ' ', '\t', '\r']);
    rest.strip_prefix('#').map(plain).and_then(|said| joined(&[said]))
}

fn is_for_editors(said: &str) -> bool {
    said.trim_start().starts_with("yaml-language-server:")
}

fn plain(said: &str) -> &str {
    let said = said.trim_start_matches('#').trim();
    said.strip_prefix("-- ").unwrap_or(said)
}

fn joined(words: &[&str]) -> Option<String> {
    let words: Vec<_> = words.iter().filter(|word| !word.is_empty()).copied().collect();
    (!words.is_empty()).then(|| words.join(" "))
}
