//! Text to tree: how a text is read, and what is refused.

use super::breaks::Text;
use super::build::Builder;
use super::plain::{self, Mark};
use super::{Document, Problem, Rules, syntax};
use crate::diag::{Code, Reported, Sink};
use crate::source::{FileId, Source, Span};
use granit_parser::Parser;
use memchr::memmem;
use std::ops::Range;
use std::rc::Rc;

/// The largest text that is read, in bytes.
const MAX_BYTES: usize = 128 * 1024 * 1024;
/// How deep lists and maps may be nested, aliases expanded.
pub(super) const MAX_DEPTH: usize = 255;

/// How a text is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whose rules plain scalars are read by.
    pub rules: Rules,
    /// What becomes of `<<`.
    pub merge_keys: MergeKeys,
    /// Which tags strings may carry besides YAML's own.
    pub tags: Tags,
    /// What becomes of a key that stands twice in a map.
    pub duplicates: Duplicates,
}

/// What becomes of a key that stands twice in a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Duplicates {
    /// It is refused.
    #[default]
    Refuse,
    /// The last one stands, as in kustomization files.
    LastWins,
}

/// What becomes of a plain `<<` key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MergeKeys {
    /// The maps that it names are merged under the keys beside it.
    #[default]
    Apply,
    /// It stays a key; templates merge after their holes are filled.
    Keep,
}

/// Which tags scalars may carry besides YAML's own, such as `!!str`. Lists and maps carry none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tags {
    /// None: Kubernetes tools drop them in silence.
    #[default]
    Refuse,
    /// All: a scalar with another tag than YAML's own is a string, as kustomize reads it.
    Drop,
    /// These, as written, such as `!tpl`; such a scalar is a string and keeps its tag.
    Allow(&'static [&'static str]),
}

impl Tags {
    /// The next step where `{{ … }}` stands without quotes: `otherwise` where no tag makes it one.
    #[must_use]
    pub fn hole(self, otherwise: &str) -> String {
        match self {
            Self::Allow([tag, ..]) => format!(
                "write `{tag} \"{{{{ … }}}}\"`, the tag and quotes, if it refers to a value; in quotes alone it is a text"
            ),
            _ => otherwise.to_owned(),
        }
    }
}

/// Reads a file by the rules of the Kubernetes tools.
///
/// Gives the documents that have content, in order.
///
/// # Errors
/// When the text is no YAML, breaks a limit or has a key twice; everything found is reported.
pub fn read(source: &Source, sink: &mut Sink) -> Result<Vec<Document>, Reported> {
    read_with(source, Options::default(), sink)
}

/// Reads a file as `options` say; else like [`read`].
///
/// # Errors
/// As [`read`].
pub fn read_with(
    source: &Source,
    options: Options,
    sink: &mut Sink,
) -> Result<Vec<Document>, Reported> {
    parse(source.text(), source.id(), options).map_err(|mut problems| {
        let last = problems.pop().expect("a failed read names a problem");
        for problem in problems {
            sink.error(problem.in_file(source.id()));
        }
        sink.error(last.in_file(source.id()))
    })
}

/// Reads a text; places are byte offsets in `file`.
///
/// Gives the documents that have content, in order. Behind a syntax error it reads on at the next
/// `---`, so that one run shows the errors of all documents.
///
/// # Errors
/// Everything that is wrong, in the order of the text; at least one problem.
pub fn parse(text: &str, file: FileId, options: Options) -> Result<Vec<Document>, Vec<Problem>> {
    if text.len() > MAX_BYTES {
        let message = format!("the text has {} bytes; at most {MAX_BYTES} are read", text.len());
        let problem = Problem::new(Code::YamlLimit, message, Span::new(0, 0));
        return Err(vec![problem.hint("split it")]);
    }
    refuse_conflicts(text)?;
    parse_part(text, 0..text.len(), file, options)
}

/// Refuses a text in which git left a conflict.
///
/// # Errors
/// A problem for each conflict.
pub fn refuse_conflicts(text: &str) -> Result<(), Vec<Problem>> {
    let conflicts = syntax::conflicts(text);
    if conflicts.is_empty() { Ok(()) } else { Err(conflicts) }
}

/// The text in parts that can be read one by one, each some whole documents of about `size` bytes together: at the lines
/// that begin with a `---` of their own, which end a document wherever they stand.
#[must_use]
pub fn parts(text: &str, size: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for mark in document_marks(text) {
        if mark - start >= size {
            parts.push(start..mark);
            start = mark;
        }
    }
    parts.push(start..text.len());
    parts
}

/// Where lines begin with a `---` that begins a document, but for the first line.
fn document_marks(text: &str) -> impl Iterator<Item = usize> + '_ {
    let is_blank =
        |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let is_mark = move |at: &usize| text[at + 4..].chars().next().is_none_or(is_blank);
    memmem::find_iter(text.as_bytes(), b"\n---").filter(is_mark).map(|at| at + 1)
}

/// The text in documents; in one piece if it has directives, which are refused with the document behind them.
fn documents(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let has_directives = text.starts_with('%') || memmem::find(text.as_bytes(), b"\n%").is_some();
    let marks = document_marks(text).filter(move |_| !has_directives);
    marks.chain([text.len()]).scan(0, |start, end| Some(std::mem::replace(start, end)..end))
}

/// Reads one of the [`parts`] of a text; places are byte offsets in the whole.
///
/// # Errors
/// As [`parse`]; but a conflict that git left is found in whole texts only.
pub fn parse_part(
    text: &str,
    part: Range<usize>,
    file: FileId,
    options: Options,
) -> Result<Vec<Document>, Vec<Problem>> {
    let Range { start, .. } = part;
    let nothing_yet = Text::new(text, start..start);
    let mut builder = Builder::new(nothing_yet.into(), file, options);
    for Range { start: first, end } in documents(&text[part]) {
        let text = Rc::new(Text::new(text, start + first..start + end));
        builder.turn_to(Rc::clone(&text));
        match plain::marks(&text) {
            Some(marks) => take_marks(&marks, &mut builder),
            None => take_events(&text, &mut builder),
        }
        if builder.is_full() {
            break;
        }
    }
    builder.finish()
}

/// Reads a text without the parser.
pub(super) fn take_marks(marks: &[Mark], builder: &mut Builder<'_>) {
    for mark in marks {
        if builder.is_full() {
            return;
        }
        builder.take_mark(*mark);
    }
}

/// Reads a text by the parser.
pub(super) fn take_events(text: &Text<'_>, builder: &mut Builder<'_>) {
    let mut parser = Parser::new_from_str_with_options(text.plain(), parser_options());
    while !builder.is_full() {
        match parser.next_event() {
            None => return,
            Some(Ok((event, span))) => builder.take(event, &span),
            Some(Err(error)) => {
                builder.syntax_error(&error);
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    return;
                }
            }
        }
    }
}

fn parser_options() -> granit_parser::Options {
    let mut options = granit_parser::options! {
        disallow_directives: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        flow_nesting_limit: MAX_DEPTH + 1,
        block_nesting_limit: MAX_DEPTH + 1,
    };
    options.set_emit_comments(false);
    options
}

#[cfg(test)]
mod tests;
