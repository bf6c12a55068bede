//! A page of Markdown: its blocks, comments and table rows, and new text for them.

use super::blesses;
use std::fs;
use std::ops::Range;
use std::path::Path;

/// One thing on a page that may be run. `lines` are what its result replaces.
#[derive(Debug)]
pub(super) enum Item {
    Comment { text: String, line: usize },
    Block { kind: String, text: String, lines: Range<usize> },
    Row(Row),
}

/// A row of a table whose last columns are `template` and `becomes`.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The column `flags`: what is typed on the command line.
    pub flags: String,
    /// The column `Helm`: the same hole for Helm.
    pub helm: Option<String>,
    /// The column `Helm gives`, where Helm's result is another one; its place in the row.
    pub helm_gives: Option<(usize, String)>,
    pub template: String,
    /// The last column and its place.
    pub becomes: (usize, String),
    pub lines: Range<usize>,
}

impl Row {
    fn read(header: &[String], cells: &[String], at: usize) -> Option<Self> {
        let mut row = Self { lines: at..at + 1, ..Self::default() };
        for (place, (name, cell)) in header.iter().zip(cells).enumerate() {
            match name.as_str() {
                "flags" => row.flags = code(cell),
                "Helm" => row.helm = Some(code(cell)),
                "Helm gives" => row.helm_gives = Some((place, code(cell))),
                "template" => row.template = code(cell),
                "becomes" => row.becomes = (place, code(cell)),
                _ => {}
            }
        }
        (!row.template.is_empty()).then_some(row)
    }
}

impl Item {
    pub(super) fn line(&self) -> usize {
        match self {
            Self::Comment { line, .. } => *line,
            Self::Block { lines, .. } | Self::Row(Row { lines, .. }) => lines.start,
        }
    }
}

#[derive(Debug)]
pub(super) struct Page {
    lines: Vec<String>,
    replacements: Vec<(Range<usize>, Vec<String>)>,
}

impl Page {
    pub(super) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Self { lines: text.lines().map(str::to_owned).collect(), replacements: Vec::new() }
    }

    pub(super) fn items(&self) -> Vec<Item> {
        let (mut items, mut at, mut header) = (Vec::new(), 0, None);
        while let Some(line) = self.lines.get(at) {
            if let Some(kind) = line.strip_prefix("```") {
                let end = (at + 1..self.lines.len()).find(|&end| self.lines[end] == "```");
                let lines = at + 1..end.expect("every block ends");
                let text = self.lines[lines.clone()].iter().map(|line| format!("{line}\n"));
                at = lines.end;
                items.push(Item::Block { kind: kind.to_owned(), text: text.collect(), lines });
            } else if let Some(text) = line.strip_prefix("<!--").and_then(|l| l.strip_suffix("-->"))
            {
                items.push(Item::Comment { text: text.trim().to_owned(), line: at });
            } else if line.starts_with('|') {
                let cells = cells(line);
                match (&cells[..], &header) {
                    ([.., a, b], _) if a == "template" && b == "becomes" => header = Some(cells),
                    ([.., a, _], _) if a.starts_with("--") => {}
                    (_, Some(header)) => {
                        items.extend(Row::read(header, &cells, at).map(Item::Row));
                    }
                    _ => {}
                }
            } else {
                header = None;
            }
            at += 1;
        }
        items
    }

    /// New text for some lines.
    pub(super) fn replace(&mut self, lines: Range<usize>, text: &str) {
        self.replacements.push((lines, text.lines().map(str::to_owned).collect()));
    }

    /// Fails if a text is not what is shown, or takes it over.
    pub(super) fn compare(&mut self, lines: Range<usize>, shown: &str, fresh: &str, at: &str) {
        if blesses() {
            return self.replace(lines, fresh);
        }
        assert_eq!(shown.trim_end(), fresh.trim_end(), "{at}: run `cargo bless`");
    }

    /// Compares the cells of a row, by their places, with what they show; or takes them over.
    pub(super) fn compare_row(&mut self, row: &Row, fresh: &[(usize, &str, String)], at: &str) {
        if !blesses() {
            for (_, shown, fresh) in fresh {
                assert_eq!(shown, fresh, "{at}: run `cargo bless`");
            }
            return;
        }
        let mut cells = split_row(&self.lines[row.lines.start]);
        for (place, _, fresh) in fresh {
            cells[*place] = format!(" `{}` ", fresh.replace('|', "\\|"));
        }
        self.replace(row.lines.clone(), &format!("|{}|", cells.join("|")));
    }

    /// Writes what was replaced.
    pub(super) fn finish(mut self, path: &Path) {
        if !blesses() {
            return;
        }
        for (lines, text) in self.replacements.drain(..).rev() {
            self.lines.splice(lines, text);
        }
        fs::write(path, self.lines.join("\n") + "\n").expect("a writable page");
    }
}

/// The cells of a row as they are written; `\|` is no border.
fn split_row(line: &str) -> Vec<String> {
    let hidden = line.trim().trim_start_matches('|').replace("\\|", "\u{1}");
    let hidden = hidden.strip_suffix('|').unwrap_or(&hidden);
    hidden.split('|').map(|cell| cell.replace('\u{1}', "\\|")).collect()
}

fn cells(line: &str) -> Vec<String> {
    split_row(line).iter().map(|cell| cell.replace("\\|", "|").trim().to_owned()).collect()
}

/// What stands in the backticks of a cell.
fn code(cell: &str) -> String {
    let ticks = cell.chars().take_while(|c| *c == '`').count();
    cell.get(ticks..cell.len().saturating_sub(ticks)).unwrap_or_default().trim().to_owned()
}

/// The file that a block's first line names.
pub(super) fn file_name(text: &str) -> Option<String> {
    let first = text.lines().next()?;
    let named = first.strip_prefix("# ").or_else(|| {
        first.strip_prefix("{# ").and_then(|rest| rest.split_once(" #}").map(|(name, _)| name))
    })?;
    let is_path = !named.contains([' ', ':']) && named.contains('.') && !named.ends_with('.');
    is_path.then(|| named.to_owned())
}

/// The links of a page to other files and headings; what blocks of code hold is none.
pub(super) fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    let prose = text.split("```").step_by(2);
    for part in prose.flat_map(|prose| prose.split("](").skip(1)) {
        let link = part.split(')').next().unwrap_or_default();
        if !link.contains("://") {
            links.push(link.to_owned());
        }
    }
    links
}

/// The headings of a page as links name them.
pub(super) fn headings(text: &str) -> Vec<String> {
    let headings = text.lines().filter_map(|line| {
        let rest = line.trim_start_matches('#');
        (rest.len() < line.len()).then(|| rest.strip_prefix(' ')).flatten()
    });
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    headings
        .map(|text| text.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-"))
        .collect()
}
