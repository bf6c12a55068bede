//! Findings as text for a person, with the lines of the user's files.

use super::{Diagnostic, Excerpt, Label, Severity};
use crate::source::Span;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::borrow::Cow;

/// The most bytes of one message, hint or note that are shown: a value may be as long as a file.
const MAX_TEXT: usize = 2_000;
/// The longest line of a file that is shown, in bytes; of longer ones only the place is named.
const MAX_LINE: usize = 1_000;

/// Whether a report is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Text only.
    Plain,
    /// With terminal colours.
    Colour,
}

/// The findings one after the other, in the order given, each with source excerpts.
#[must_use]
pub fn report(diagnostics: &[Diagnostic], paint: Paint) -> String {
    let renderer = match paint {
        Paint::Plain => Renderer::plain(),
        Paint::Colour => Renderer::styled(),
    };
    let shown = |diagnostic| renderer.render(&[group(diagnostic)]).to_string() + "\n";
    diagnostics.iter().map(shown).collect::<Vec<_>>().join("\n")
}

/// One line: `file:line:column: severity[code]: message`.
#[must_use]
pub fn one_line(diagnostic: &Diagnostic) -> String {
    let message = on_one_line(&diagnostic.message);
    let rest = format!("{}[{}]: {message}", diagnostic.severity, diagnostic.code);
    match &diagnostic.at {
        Some(label) => {
            let (file, line, column) = label.position();
            format!("{}:{line}:{column}: {rest}", on_one_line(&file))
        }
        None => rest,
    }
}

/// The text with control, direction-changing and invisible characters written as escapes, so that a
/// name in a file cannot steer a terminal. Line breaks stay.
#[must_use]
pub fn visible(text: &str) -> String {
    escaped(text, |c| steers(c) && c != '\n')
}

/// As [`visible`], line breaks escaped as well: a value cannot make up a second message.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    escaped(text, steers)
}

/// The text, its middle left out if it is longer than anybody reads.
fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_TEXT {
        return Cow::Borrowed(text);
    }
    let head = &text[..boundary(text, MAX_TEXT - 200)];
    let tail = &text[boundary(text, text.len() - 200)..];
    Cow::Owned(format!("{head} … {tail}"))
}

/// The last place up to `at` where a character of the text begins or the text ends.
fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' if is_escaped(c) => shown.extend(c.escape_default()),
            _ if is_escaped(c) => shown.extend(c.escape_unicode()),
            _ => shown.push(c),
        }
    }
    shown
}

/// Whether a character moves a terminal's cursor, changes its colours or the direction of the text,
/// or cannot be seen at all. The joiners that Indic and Persian words need are left alone.
#[must_use]
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}')
        || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{E0000}'..='\u{E007F}')
}

/// The text of a file to be shown: what steers a terminal is replaced by signs of the same number of
/// bytes, so that places in it stay true. Line breaks and tabs stay, the renderer knows them.
fn harmless(text: &str) -> Cow<'_, str> {
    let is_replaced = |c: char| steers(c) && !matches!(c, '\n' | '\t');
    if !text.contains(is_replaced) {
        return Cow::Borrowed(text);
    }
    let sign = |c: char| match c.len_utf8() {
        1 => "?",
        2 => "\u{B7}",
        3 => "\u{FFFD}",
        _ => "\u{FFFD}?",
    };
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            // The first half of a line break.
            '\r' if rest.peek() == Some(&'\n') => shown.push(c),
            c if is_replaced(c) => shown.push_str(sign(c)),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title =
        level.primary_title(on_one_line(&cut(&diagnostic.message))).id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    for seen in seen(diagnostic) {
        group = match seen {
            Seen::Lines(labels) => group.element(snippet(&labels)),
            Seen::Place(label) => group.element(origin(label)),
        };
    }
    if let Some(note) = rendered_for(diagnostic) {
        group = group.element(Level::NOTE.message(note));
    }
    let hints = diagnostic.hints.iter().map(|hint| visible(&cut(hint)));
    group.elements(hints.map(|hint| Level::HELP.message(hint)))
}

/// The objects and targets that a finding is about, on one line.
fn rendered_for(diagnostic: &Diagnostic) -> Option<String> {
    let targets = few(&diagnostic.targets).map(|targets| format!("rendered for {targets}"));
    let parts: Vec<_> = few(&diagnostic.subjects).into_iter().chain(targets).collect();
    (!parts.is_empty()).then(|| on_one_line(&cut(&parts.join(", "))))
}

/// The first three names and how many more there are.
fn few(names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [first, second, third, rest @ ..] if !rest.is_empty() => {
            Some(format!("{first}, {second}, {third} and {} more", rest.len()))
        }
        names => Some(names.join(", ")),
    }
}

/// What is shown of one file.
enum Seen<'d> {
    /// Lines, with all labels on them.
    Lines(Vec<(&'d Label, AnnotationKind)>),
    /// The place only.
    Place(&'d Label),
}

/// What is shown of the labels, in their order; those on lines of one file come together.
fn seen(diagnostic: &Diagnostic) -> Vec<Seen<'_>> {
    let mut all: Vec<Seen<'_>> = Vec::new();
    let main = diagnostic.at.iter().map(|label| (label, AnnotationKind::Primary));
    let also = diagnostic.also.iter().map(|label| (label, AnnotationKind::Context));
    for (label, kind) in main.chain(also).filter(|(label, _)| label.source.is_some()) {
        if !has_lines(label) {
            all.push(Seen::Place(label));
            continue;
        }
        let same_file = all.iter_mut().find_map(|seen| match seen {
            Seen::Lines(labels) if labels[0].0.place.file == label.place.file => Some(labels),
            _ => None,
        });
        match same_file {
            Some(labels) => labels.push((label, kind)),
            None => all.push(Seen::Lines(vec![(label, kind)])),
        }
    }
    all
}

fn has_lines(label: &Label) -> bool {
    let Some(source) = label.source().filter(|_| label.excerpt == Excerpt::Shown) else {
        return false;
    };
    let at = boundary(source.text(), label.place.span.range().start);
    let (before, behind) = source.text().split_at(at);
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    let rest = behind.find('\n').unwrap_or(behind.len());
    at - begin + rest <= MAX_LINE
}

fn origin(label: &Label) -> Origin<'_> {
    let (file, line, column) = label.position();
    Origin::path(on_one_line(&file)).line(line).char_column(column)
}

fn snippet<'a>(
    labels: &[(&'a Label, AnnotationKind)],
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let source = labels[0].0.source().expect("labels without a file are left out");
    let text = source.text();
    let spans: Vec<_> = labels.iter().map(|(label, _)| clamped(text, label)).collect();
    // Only the lines that are looked at: files are large and findings many.
    let first = spans.iter().map(|span| span.start).min().unwrap_or_default();
    let last = spans.iter().map(|span| span.end).max().unwrap_or_default();
    let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at + 1);
    let annotations = labels.iter().zip(spans).map(|((label, kind), span)| {
        let text = (!label.text.is_empty()).then(|| on_one_line(&cut(&label.text)));
        kind.span(span.start - start..span.end - start).label(text)
    });
    let (line, _) = source.line_column(Span::new(start, start).start);
    let shown = Snippet::source(harmless(&text[start..end])).line_start(line).fold(true);
    shown.path(on_one_line(source.name())).annotations(annotations.collect::<Vec<_>>())
}

/// The label's bytes, cut to the text, to characters and to the first line.
fn clamped(text: &str, label: &Label) -> std::ops::Range<usize> {
    let range = label.place.span.range();
    let start = boundary(text, range.start);
    let end = boundary(text, range.end.max(start));
    let first_line = text[start..end].lines().next().unwrap_or_default();
    start..start + first_line.len()
}

#[cfg(test)]
mod tests;
