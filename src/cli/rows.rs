//! Origins of values as rows of a table.

use jibe::diag::on_one_line;
use jibe::explain::{Does, Setting, UsedValue, in_text};

/// How wide a cell may be to widen its column.
const MAX_CELL: usize = 60;

/// Rows whose cells stand under one another, each on one line.
pub(super) fn table(rows: &[Vec<String>], indent: &str) -> String {
    let shown = |row: &Vec<String>| row.iter().map(|cell| on_one_line(cell)).collect::<Vec<_>>();
    let rows: Vec<_> = rows.iter().map(shown).collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter(|row| row.len() > column + 1).map(|row| &row[column]);
        let widths = cells.map(|cell| cell.chars().count()).filter(|width| *width <= MAX_CELL);
        widths.max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..count).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = format!("{indent}{}", cells.collect::<Vec<_>>().join("  "));
        line.trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// `"1.4.2"  services/web/prod.yaml:4  service web in prod`, and the expression of a reference.
pub(super) fn setting(setting: &Setting) -> Vec<String> {
    let expression =
        setting.reference.as_ref().map(|text| format!("!tpl {}", in_text(&text.as_str().into())));
    let is_open = expression.is_some() && setting.value.is_null();
    let value = match &expression {
        Some(expression) if is_open => expression.clone(),
        _ => in_text(&setting.value),
    };
    let what = match setting.does {
        Does::Sets => value,
        Does::Deletes => "deleted".to_owned(),
        Does::Replaces => format!("replaced by {value}"),
    };
    let at = setting.at.to_string();
    // An argument is a layer of its own.
    let layer = if at == setting.layer { String::new() } else { setting.layer.clone() };
    let row = [what, at, layer];
    row.into_iter().chain(expression.filter(|_| !is_open)).collect()
}

/// Values that something was made of, each with who set it, what that overrode, and what it was made of
/// itself.
pub(super) fn made_of(values: &[UsedValue]) -> Vec<Vec<String>> {
    values.iter().flat_map(|used| rows(used, 0)).collect()
}

/// The same as what stands below something else: each begins with `from`.
pub(super) fn made_from(values: &[UsedValue]) -> Vec<Vec<String>> {
    values.iter().flat_map(|used| rows(used, 1)).collect()
}

fn rows(used: &UsedValue, depth: usize) -> Vec<Vec<String>> {
    let indent = "  ".repeat(depth);
    let from = if depth > 0 { "from " } else { "" };
    let mut rows = vec![vec![format!("{indent}{from}{}", name(used))]];
    match &used.set_by {
        Some(set_by) => rows[0].extend(setting(set_by)),
        None => rows[0].extend(used.value.as_ref().map(in_text)),
    }
    rows.extend(used.over.iter().map(|over| {
        let row = setting(over).into_iter();
        [format!("{indent}  over")].into_iter().chain(row).collect()
    }));
    let below = used.set_by.iter().flat_map(|set_by| &set_by.made_of);
    rows.extend(below.flat_map(|used| self::rows(used, depth + 1)));
    rows
}

fn name(used: &UsedValue) -> String {
    let name = match &used.of {
        Some(of) => format!("{} of {of}", used.name),
        None => used.name.clone(),
    };
    match used.role {
        "key" => format!("key of {name}"),
        "absent" => format!("{name}: not set"),
        "likely" => format!("{name}, most likely"),
        _ => name,
    }
}
