//! A chart's values as a table, and the README.md that shows it.
//!
//! `chart  --rows-->  Row*  --table-->  Markdown  --between the markers-->  README.md`
//!
//! Promise: every value that the defaults set or the schema declares has a row, in the order of
//! values.yaml; nothing outside of the markers is touched; a sensitive default is not shown. Knows no
//! environments and no targets; writes nothing.

mod comments;
mod readme;
mod rows;
mod schema;

#[cfg(test)]
mod tests;

pub use readme::{CLOSING, OPENING, Readme};
pub use rows::{Row, rows};

use crate::chart::Chart;
use crate::diag::visible;

/// How many characters of a default are shown.
const MAX_DEFAULT: usize = 80;

/// The table of a chart's values, as Markdown; a sentence if it has none.
#[must_use]
pub fn table(chart: &Chart, files: &crate::source::Files) -> String {
    let rows = rows(chart, files);
    if rows.is_empty() {
        return "This chart has no values.\n".to_owned();
    }
    let lines = rows.iter().map(line);
    let head = "| value | type | default | description |\n|---|---|---|---|\n".to_owned();
    std::iter::once(head).chain(lines).collect()
}

fn line(row: &Row) -> String {
    let cells = [code(&row.path), cell(&row.kind), default(row), cell(&row.description)];
    let cells = cells.iter().map(|text| format!("| {} ", visible(text)).replace("|  ", "| "));
    cells.chain(["|\n".to_owned()]).collect()
}

fn default(row: &Row) -> String {
    match &row.default {
        Some(value) if row.is_reference => {
            code(&shortened(&format!("{} {value}", crate::values::REFERENCE)))
        }
        Some(value) => code(&shortened(&value.to_string())),
        None if row.is_sensitive => "not shown".to_owned(),
        None if row.is_required => "must be set".to_owned(),
        None => String::new(),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_DEFAULT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A text of a table's cell: one line, in which nothing is Markdown's or HTML's but code and links.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

/// A text as code, whatever backticks are in it.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}
