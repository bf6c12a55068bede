//! Findings as text for a person, with the lines of the user's files.

use super::{Diagnostic, Excerpt, Label, Severity};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::sync::Arc;

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
    let message = visible(&diagnostic.message);
    let rest = format!("{}[{}]: {message}", diagnostic.severity, diagnostic.code);
    match &diagnostic.at {
        Some(label) => {
            let (file, line, column) = label.position();
            format!("{}:{line}:{column}: {rest}", visible(&file))
        }
        None => rest,
    }
}

/// The text with control and direction-changing characters written as escapes, so that a name in a
/// file cannot steer a terminal.
#[must_use]
pub fn visible(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match steers(c) {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
    }
    shown
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(visible(&diagnostic.message)).id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    for labels in by_file(diagnostic) {
        group = group.element(snippet(&labels));
    }
    for label in diagnostic.labels().filter(|label| label.excerpt == Excerpt::Hidden) {
        let (file, line, column) = label.position();
        group = group.element(Origin::path(visible(&file)).line(line).char_column(column));
    }
    if let Some(note) = rendered_for(diagnostic) {
        group = group.element(Level::NOTE.message(note));
    }
    let hints = diagnostic.hints.iter().map(|hint| visible(hint));
    group.elements(hints.map(|hint| Level::HELP.message(hint)))
}

fn rendered_for(diagnostic: &Diagnostic) -> Option<String> {
    let targets = match diagnostic.targets.as_slice() {
        [] => None,
        [first, second, third, rest @ ..] if !rest.is_empty() => {
            Some(format!("{first}, {second}, {third} and {} more", rest.len()))
        }
        few => Some(few.join(", ")),
    };
    match (&diagnostic.subject, targets) {
        (Some(subject), Some(targets)) => {
            Some(visible(&format!("{subject}, rendered for {targets}")))
        }
        (Some(subject), None) => Some(visible(subject)),
        (None, Some(targets)) => Some(visible(&format!("rendered for {targets}"))),
        (None, None) => None,
    }
}

/// The labels, those of one file together, files in the order of their first label.
fn by_file(diagnostic: &Diagnostic) -> Vec<Vec<(&Label, AnnotationKind)>> {
    let mut files: Vec<Vec<(&Label, AnnotationKind)>> = Vec::new();
    let main = diagnostic.at.iter().map(|label| (label, AnnotationKind::Primary));
    let also = diagnostic.also.iter().map(|label| (label, AnnotationKind::Context));
    for labelled in main.chain(also).filter(|(label, _)| has_lines(label)) {
        match files.iter_mut().find(|file| file[0].0.place.file == labelled.0.place.file) {
            Some(file) => file.push(labelled),
            None => files.push(vec![labelled]),
        }
    }
    files
}

fn has_lines(label: &Label) -> bool {
    label.source.is_some() && label.excerpt == Excerpt::Shown
}

fn snippet<'a>(
    labels: &[(&'a Label, AnnotationKind)],
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let source =
        labels[0].0.source.as_ref().map(Arc::as_ref).expect("labels without a file are left out");
    let text = source.text().as_ref();
    let annotations = labels.iter().map(|(label, kind)| {
        kind.span(clamped(text, label))
            .label((!label.text.is_empty()).then(|| visible(&label.text)))
    });
    Snippet::source(text).path(visible(source.name())).fold(true).annotations(annotations)
}

/// The label's bytes, cut to the text, to characters and to the first line.
fn clamped(text: &str, label: &Label) -> std::ops::Range<usize> {
    let range = label.place.span.range();
    let inside = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = inside(range.start);
    let end = inside(range.end.max(start));
    let first_line = text[start..end].find('\n').map_or(end, |at| start + at);
    start..first_line.max(start)
}
