//! A chart's README.md, with a table of values between two markers.

use super::table;
use crate::chart::{Chart, below};
use crate::diag::{Code, Diagnostic, Reported, Sink, unreadable};
use crate::source::{Files, Inputs, RelPath, Source};
use similar::TextDiff;
use std::ops::Range;
use std::sync::Arc;

/// The line before the table.
pub const OPENING: &str = "<!-- jibe docs -->";
/// The line behind it.
pub const CLOSING: &str = "<!-- /jibe docs -->";

/// A README.md whose table of values jibe writes.
#[derive(Debug, Clone)]
pub struct Readme {
    /// Where it lies.
    pub path: RelPath,
    source: Arc<Source>,
    /// What lies between the markers.
    between: Range<usize>,
    wanted: String,
}

impl Readme {
    /// Where a chart's README.md lies.
    #[must_use]
    pub fn path_of(chart: &Chart) -> RelPath {
        below(&chart.folder, "README.md")
    }

    /// The README.md of a chart; none without the file, or without markers in it.
    ///
    /// # Errors
    /// When the file cannot be read, or its markers are not one opening and one closing line.
    pub fn read(chart: &Chart, files: &Files, sink: &mut Sink) -> Result<Option<Self>, Reported> {
        let path = Self::path_of(chart);
        let found = files.find(&path, &mut Inputs::default());
        let Some(source) = found.map_err(|error| sink.error(unreadable(&error)))? else {
            return Ok(None);
        };
        let between = between(&source).map_err(|finding| sink.error(*finding))?;
        let table = table(chart, files);
        Ok(between.map(|between| {
            let ends = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
            let wanted = format!("\n{table}\n").replace('\n', ends);
            Self { path, source, between, wanted }
        }))
    }

    /// Where a chart's README.md would need markers that are not there.
    #[must_use]
    pub fn missing(chart: &Chart, files: &Files) -> Diagnostic {
        let message = format!(
            "`{}` has no place for the table of values",
            files.shown(&Self::path_of(chart))
        );
        Diagnostic::error(Code::DocsMarkers, message).hint(format!(
            "put the lines `{OPENING}` and `{CLOSING}` where it shall stand; without them `jibe docs` prints it"
        ))
    }

    /// Whether the table is the one that the chart's files give.
    #[must_use]
    pub fn is_in_step(&self) -> bool {
        self.source.text()[self.between.clone()] == self.wanted
    }

    /// The whole text with the table that the chart's files give.
    #[must_use]
    pub fn filled(&self) -> String {
        let text = self.source.text();
        format!("{}{}{}", &text[..self.between.start], self.wanted, &text[self.between.end..])
    }

    /// The lines that differ, as a unified diff; nothing if none do.
    #[must_use]
    pub fn diff(&self) -> String {
        let (old, new) =
            (self.source.text().replace("\r\n", "\n"), self.filled().replace("\r\n", "\n"));
        TextDiff::from_lines(&old, &new).unified_diff().context_radius(1).to_string()
    }
}

/// What lies between the two markers: from the end of the one line to the begin of the other.
fn between(source: &Source) -> Result<Option<Range<usize>>, Box<Diagnostic>> {
    let text: &str = source.text();
    let (mut open, mut closed, mut at, mut is_code) = (None, None, 0, false);
    for line in text.split_inclusive('\n') {
        let begin = at;
        at += line.len();
        let said = line.trim();
        // What stands between fences is an example, not a marker.
        is_code ^= said.starts_with("```");
        let fault = match said {
            _ if is_code => continue,
            OPENING if open.is_some() => "stands here a second time",
            OPENING => {
                open = Some(begin..begin + line.trim_end_matches(['\r', '\n']).len());
                continue;
            }
            CLOSING if open.is_none() => "has no opening marker before it",
            CLOSING if closed.is_some() => "stands here a second time",
            CLOSING => {
                closed = Some(begin);
                continue;
            }
            _ => continue,
        };
        return Err(Box::new(misplaced(said, fault, source, begin)));
    }
    match (open, closed) {
        (Some(open), Some(closed)) => Ok(Some(next_line(text, open.end)..closed)),
        (Some(open), None) => {
            Err(Box::new(misplaced(OPENING, "has no closing marker behind it", source, open.start)))
        }
        (None, _) => Ok(None),
    }
}

/// The begin of the next line.
fn next_line(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |at| from + at + 1)
}

fn misplaced(marker: &str, fault: &str, source: &Source, at: usize) -> Diagnostic {
    let message = format!("the marker `{marker}` {fault}");
    let hint =
        format!("write `{OPENING}` once, and `{CLOSING}` once below it, each on a line of its own");
    Diagnostic::error(Code::DocsMarkers, message)
        .at(source.place(at, at + marker.len()), "")
        .hint(hint)
}
