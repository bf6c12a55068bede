//! YAML in a text of a kustomization file: a patch, a transformer.

use crate::diag::{Diagnostic, Reported, Sink};
use crate::source::{Place, Source, Span};
use crate::transform::Text;
use crate::yaml::{self, Data, Document, Key, Node, Options, Problem};
use std::sync::Arc;

/// The documents of a text, their places in the file that holds it.
///
/// # Errors
/// When it is no YAML: what is wrong with it, one at least, at the lines of that file.
pub(super) fn documents(
    text: &Text,
    options: Options,
    sink: &Sink,
) -> Result<Vec<Document>, Vec<Diagnostic>> {
    let source = sink.files().source(text.place.file);
    let lines = Lines::of(text, &source);
    match yaml::parse(&text.text, text.place.file, options) {
        Ok(documents) => Ok(documents.iter().map(|document| lines.moved(document)).collect()),
        Err(problems) => Err(problems.into_iter().map(|problem| lines.told(problem)).collect()),
    }
}

/// Tells what work found that failed.
pub(super) fn tell(findings: Vec<Diagnostic>, sink: &mut Sink) -> Reported {
    let told = findings.into_iter().filter_map(|finding| sink.tell(finding)).last();
    told.expect("work that fails finds an error")
}

/// Where the lines of a text stand in its file.
struct Lines<'t> {
    text: &'t str,
    place: Place,
    /// The offset of each line's first character in the text and in the file; empty if the text is no block.
    starts: Vec<(usize, usize)>,
}

impl<'t> Lines<'t> {
    /// The lines of a block stand one below the other, one in quotes behind the first of them; of a text with escapes only
    /// its place is known.
    fn of(text: &'t Text, source: &Source) -> Self {
        let Text { text, place } = text;
        let written = source.text().get(place.span.range()).unwrap_or_default();
        let starts = block_lines(text, written, place.span.start as usize);
        Self { text, place: *place, starts: starts.unwrap_or_default() }
    }

    fn told(&self, mut problem: Problem) -> Diagnostic {
        let span = |span: Span| self.place(Place::new(self.place.file, span)).span;
        problem.span = span(problem.span);
        problem.also = problem.also.map(|(also, text)| (span(also), text));
        problem.in_file(self.place.file)
    }

    fn moved(&self, document: &Document) -> Document {
        Document { root: self.node(&document.root), span: self.place.span }
    }

    fn node(&self, node: &Node) -> Node {
        let data = match &node.data {
            Data::Scalar(scalar) => Data::Scalar(scalar.clone()),
            Data::List(items) => {
                Data::List(Arc::new(items.iter().map(|item| self.node(item)).collect()))
            }
            Data::Map(map) => {
                let entry = |(key, node): (&Key, &Node)| {
                    (Key { place: self.place(key.place), ..key.clone() }, self.node(node))
                };
                Data::Map(Arc::new(map.iter().map(entry).collect()))
            }
        };
        Node { data, place: self.place(node.place), set_at: None }
    }

    fn place(&self, inner: Place) -> Place {
        let at = |offset: u32| {
            let offset = (offset as usize).min(self.text.len());
            let line = self.starts.partition_point(|(own, _)| *own <= offset).checked_sub(1)?;
            let (own, outer) = self.starts[line];
            Some(outer + (offset - own))
        };
        match (at(inner.span.start), at(inner.span.end)) {
            (Some(start), Some(end)) if start <= end => {
                Place::new(self.place.file, Span::new(start, end))
            }
            _ => self.place,
        }
    }
}

/// The offsets of a text's lines in itself and in its file; none where a line of the text is not that of the file.
fn block_lines(text: &str, written: &str, start: usize) -> Option<Vec<(usize, usize)>> {
    let quoted = |quote: char| written.strip_prefix(quote)?.strip_suffix(quote);
    if quoted('"').or(quoted('\'')) == Some(text) && !text.contains('\n') {
        return Some(vec![(0, start + 1)]);
    }
    let head = match written.starts_with(['|', '>']) {
        true => written.find('\n')? + 1,
        false => 0,
    };
    let (mut own, mut outer) = (0, head);
    let mut starts = Vec::new();
    for (line, theirs) in text.split_inclusive('\n').zip(written[head..].split_inclusive('\n')) {
        let content = line.trim_end_matches('\n');
        let indent = theirs.trim_end_matches(['\n', '\r']).strip_suffix(content)?.len();
        starts.push((own, start + outer + indent));
        own += line.len();
        outer += theirs.len();
    }
    Some(starts)
}
