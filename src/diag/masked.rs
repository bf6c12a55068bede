//! Findings without the secrets of the files that they are about.

use super::kind_secret::Documents;
use super::{Code, Diagnostic, Excerpt, Label};
use crate::source::{FileId, Secrets, Source};
use indexmap::IndexMap;
use std::sync::Arc;

/// Takes every secret out of findings: out of what they say, and out of the lines that a report shows.
///
/// The line that a finding points at is not shown at all if it holds one, so that not even its length
/// is seen.
pub(super) fn mask(found: &mut [Diagnostic], secrets: &Secrets) {
    for finding in found.iter().filter(|finding| is_unread(finding.code)) {
        for source in finding.labels().filter_map(Label::source) {
            secrets.add_from(source.text());
            secrets.add_from(source.name());
        }
    }
    let mut blotted = IndexMap::new();
    let mut documents = Documents::default();
    for finding in found {
        if documents.are_secret(finding) {
            finding.labels_mut().for_each(|label| label.excerpt = Excerpt::Hidden);
            if is_unread(finding.code) && finding.code != Code::YamlDuplicateKey {
                let source = finding.at.as_ref().and_then(Label::source).cloned();
                source.iter().for_each(|source| unquote(finding, &[source.text()]));
            }
        } else if is_unread(finding.code) {
            let source = finding.at.as_ref().and_then(Label::source).cloned();
            source.iter().for_each(|source| unquote(finding, &secrets.behind_names(source.text())));
        }
        let also = finding.also.iter_mut().map(|label| &mut label.text);
        let at = finding.at.iter_mut().map(|label| &mut label.text);
        let texts = [&mut finding.message].into_iter().chain(&mut finding.hints);
        for text in texts.chain(&mut finding.subjects).chain(at).chain(also) {
            if secrets.are_in(text) {
                *text = secrets.mask(text).into_owned();
            }
        }
        let code = finding.code;
        let is_hidden = |lines: &str| {
            // A value may be too short to be known by what it says.
            let is_short =
                matches!(code, Code::ValuesUnused | Code::ValuesListItem | Code::ValuesPatch);
            secrets.are_in(lines) || ((is_short || is_unread(code)) && secrets.names(lines))
        };
        for label in finding.labels_mut() {
            hide(label, is_hidden);
            blot(label, secrets, &mut blotted);
        }
    }
}

/// Whether a finding is about a text that could not be read, so that nobody knows what is secret in it.
fn is_unread(code: Code) -> bool {
    let name = code.name();
    name.starts_with("yaml/")
        || matches!(code, Code::ValuesNotAMap | Code::ValuesArgument | Code::ValuesLimit)
}

/// Masks what a finding quotes, in backticks, out of texts that may be secret.
fn unquote(finding: &mut Diagnostic, secret: &[&str]) {
    let message = finding.message.clone();
    let quoted = message.split('`').skip(1).step_by(2);
    // An anchor is named where an alias stands.
    let is_secret = |piece: &&str| {
        let piece = piece.trim_start_matches(['&', '*', '!']);
        secret.iter().any(|text| holds(text, piece))
    };
    for piece in quoted.filter(is_secret) {
        let with = |text: &mut String| {
            let masked = text.replace(&format!("`{piece}"), &format!("`{}", Secrets::MASK));
            *text = masked;
        };
        with(&mut finding.message);
        finding.hints.iter_mut().for_each(with);
    }
}

/// Whether a text has a piece that is more than punctuation, not merely as a part of a word.
fn holds(text: &str, piece: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_alone = |(at, _): (usize, &str)| {
        let end = at + piece.len();
        let goes_on_before =
            is_word(piece.chars().next()) && is_word(text[..at].chars().next_back());
        let goes_on_behind =
            is_word(piece.chars().next_back()) && is_word(text[end..].chars().next());
        !goes_on_before && !goes_on_behind
    };
    piece.contains(char::is_alphanumeric) && text.match_indices(piece).any(is_alone)
}

/// Leaves out the excerpt of a label if its lines are not to be seen.
fn hide(label: &mut Label, is_hidden: impl Fn(&str) -> bool) {
    let Some(source) = label.source().cloned() else { return };
    let text = source.text();
    let range = label.place.span.range();
    let start = range.start.min(text.len());
    let end = range.end.clamp(start, text.len());
    let bytes = text.as_bytes();
    let first = bytes[..start].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let last =
        bytes[end..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| end + at);
    if text.get(first..last).is_some_and(is_hidden) {
        label.excerpt = Excerpt::Hidden;
    }
}

/// Shows a label's source without the secrets in it.
fn blot(label: &mut Label, secrets: &Secrets, blotted: &mut IndexMap<FileId, Option<Arc<Source>>>) {
    let Some(source) = label.source().cloned() else { return };
    let without =
        blotted.entry(source.id()).or_insert_with(|| source.without(secrets).map(Arc::new));
    if let Some(without) = without {
        label.source = Some(Arc::clone(without));
    }
}
