//! What the program prints on standard error, read back message by message.

use std::fmt;

/// The heading of messages about the command line, which have no code.
pub(crate) const USAGE: &str = "usage";
/// The heading of lines that are no messages about a mistake.
pub(crate) const NOTICE: &str = "notices";

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Told {
    /// Its code, or one of the headings.
    pub(crate) code: String,
    /// `error` or `warning`; empty for a notice.
    pub(crate) severity: String,
    pub(crate) message: String,
    pub(crate) places: Vec<Seen>,
    /// What it was rendered for.
    pub(crate) notes: Vec<String>,
    /// The next steps.
    pub(crate) hints: Vec<String>,
}

/// A place and what is to be seen there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Seen {
    /// `file:line:column`.
    at: String,
    /// The line of the file that was printed last.
    line: String,
    /// The part of a line that is marked.
    marked: String,
    labels: Vec<String>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.message)?;
        if self.severity == "warning" {
            writeln!(f, "    (a warning)")?;
        }
        for place in &self.places {
            let marked = Some(place.marked.as_str()).filter(|marked| !marked.is_empty());
            let labels = place.labels.iter().map(String::as_str);
            let seen = marked.into_iter().chain(labels).collect::<Vec<_>>().join(" -- ");
            writeln!(f, "    {}", format!("at {}  {seen}", place.at).trim_end())?;
        }
        for note in &self.notes {
            writeln!(f, "    {note}")?;
        }
        for hint in &self.hints {
            writeln!(f, "    help: {}", hint.replace('\n', "\n          "))?;
        }
        Ok(())
    }
}

/// The messages of a page, each as its text.
pub(crate) fn entries(page: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in page.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        match entries.last_mut().filter(|_| line.starts_with("    ")) {
            Some(entry) => *entry += &format!("\n{line}"),
            None => entries.push(line.to_owned()),
        }
    }
    entries
}

/// The messages that were printed.
pub(crate) fn read(printed: &str) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for line in printed.lines() {
        if let Some(told) = begun(line) {
            all.push(told);
            continue;
        }
        match all.last_mut().filter(|told| told.code != NOTICE) {
            Some(told) if !line.is_empty() && goes_on(line) => told.line(line),
            // The parser of the command line says what could have been typed; the message is over.
            Some(told) if told.code == USAGE => {}
            _ if line.is_empty() || line.starts_with("$ ") => {}
            _ => all.push(notice(line)),
        }
    }
    all
}

fn notice(line: &str) -> Told {
    Told { code: NOTICE.to_owned(), message: line.to_owned(), ..Told::default() }
}

/// The message whose first line this is.
fn begun(line: &str) -> Option<Told> {
    for severity in ["error", "warning"] {
        let Some(rest) = line.strip_prefix(severity) else { continue };
        let (code, message) = match rest.strip_prefix('[') {
            Some(rest) => rest.split_once("]: ")?,
            None => (USAGE, rest.strip_prefix(": ")?),
        };
        let (code, message) = (code.to_owned(), message.to_owned());
        return Some(Told { code, message, severity: severity.to_owned(), ..Told::default() });
    }
    None
}

/// Whether a line belongs to the message above it: all but the first begin with a blank or a number.
fn goes_on(line: &str) -> bool {
    let gutter = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with([' ', '|'])
        || line.starts_with("-->")
        || gutter.starts_with(" |")
        || gutter == "..."
}

impl Told {
    fn line(&mut self, line: &str) {
        let text = line.trim_start();
        if let Some(note) = text.strip_prefix("= note: ") {
            self.notes.push(note.to_owned());
        } else if let Some(hint) = text.strip_prefix("= help: ") {
            self.hints.push(hint.to_owned());
        } else if let Some(tip) = text.strip_prefix("tip: ") {
            self.hints.push(tip.to_owned());
        } else if let Some(place) = text.strip_prefix("--> ").or(text.strip_prefix("::: ")) {
            self.places.push(Seen { at: place.to_owned(), ..Seen::default() });
        } else if text.starts_with('|') {
            self.marks(line);
        } else if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(" |") {
            let seen = self.places.last_mut();
            seen.expect("a place stands above its lines").line = line.to_owned();
        } else if text == "..." {
            // Lines of the user's file that are left out.
        } else if let Some(hint) = self.hints.last_mut() {
            *hint += &format!("\n{text}");
        } else {
            self.message += &format!(" {text}");
        }
    }

    /// What stands below a line of a user's file: marks, and behind them what is to be seen there.
    fn marks(&mut self, marks: &str) {
        let Some(seen) = self.places.last_mut() else { return };
        let below = marks.trim_start().trim_start_matches('|');
        let label = below.trim_start_matches([' ', '^', '-', '|', '_']);
        seen.labels.extend(Some(label.to_owned()).filter(|label| !label.is_empty()));
        let is_mark = |c: &char| matches!(c, '^');
        let columns = seen.line.chars().zip(marks.chars());
        let marked: String = columns.filter(|(_, mark)| is_mark(mark)).map(|(c, _)| c).collect();
        if seen.marked.is_empty() {
            seen.marked = marked;
        }
    }
}
