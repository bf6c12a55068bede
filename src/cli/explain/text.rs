//! Explanations as text.

use jibe::explain::{
    Does, FieldExplained, FieldLeaf, Hole, Origin, PrintedIn, Setting, State, UsedValue,
    ValueExplained, in_text,
};

/// How wide a cell may be to widen its column.
const MAX_CELL: usize = 60;
/// How many fields a list of them shows.
const MAX_FIELDS: usize = 20;

/// Rows whose cells stand under one another.
pub(super) fn table(rows: &[Vec<String>], indent: &str) -> String {
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

fn section(title: &str, rows: &[Vec<String>]) -> String {
    if rows.is_empty() { String::new() } else { format!("\n{title}\n{}", table(rows, "  ")) }
}

/// `"1.4.2"  services/web/prod.yaml:4  service web in prod`
fn setting(setting: &Setting) -> Vec<String> {
    let what = match setting.does {
        Does::Sets => in_text(&setting.value),
        Does::Deletes => "deleted".to_owned(),
        Does::Replaces => format!("replaced by {}", in_text(&setting.value)),
    };
    vec![what, setting.at.to_string(), setting.layer.clone()]
}

pub(super) fn value(told: &ValueExplained) -> String {
    let mut text = heading(told);
    let about = told.description.iter().chain(&told.allowed);
    text.extend(about.map(|line| format!("  {line}\n")));
    text += &origins(told);
    text += &section("read by", &spots(told));
    text += &printed_in(told);
    text.extend(told.hint.iter().map(|hint| format!("\n  = help: {hint}\n")));
    text
}

fn heading(told: &ValueExplained) -> String {
    let path = if told.path.is_empty() { "all values" } else { &told.path };
    let path = format!("{path} of {}", told.target);
    match (told.state, &told.value) {
        (State::Set, Some(value)) if told.leaves.is_empty() => {
            format!("{path}: {}\n", in_text(value))
        }
        (State::Set, _) => format!("{path}\n"),
        (State::Deleted, _) => format!("{path} is not set: a layer takes it away\n"),
        (State::Hidden, _) => {
            format!(
                "{path} is hidden: only layers for all services set it, and the chart does not declare it\n"
            )
        }
        (State::Absent, _) => format!("{path} is not set by any layer\n"),
    }
}

fn origins(told: &ValueExplained) -> String {
    let over: Vec<_> = told.over.iter().map(setting).collect();
    if told.leaves.is_empty() {
        let set_by: Vec<_> = told.set_by.iter().map(setting).collect();
        return section("set by", &set_by) + &section("over", &over);
    }
    let leaf = |leaf: &jibe::explain::ValueLeaf| {
        let mut row = vec![format!("{}:", leaf.path)];
        row.extend(setting(&leaf.set_by));
        row
    };
    let rows: Vec<_> = told.leaves.iter().map(leaf).collect();
    section("set by", &rows)
}

fn spots(told: &ValueExplained) -> Vec<Vec<String>> {
    match &told.read_by {
        None => Vec::new(),
        Some(spots) if spots.is_empty() && told.leaves.is_empty() => {
            vec![vec!["no template".to_owned()]]
        }
        Some(spots) => spots.iter().map(|spot| vec![spot.to_string()]).collect(),
    }
}

fn printed_in(told: &ValueExplained) -> String {
    let fields = told.printed_in.as_deref().unwrap_or_default();
    let row = |field: &PrintedIn| {
        let how = match field.role {
            "printed" => "",
            "part" => "a part of it",
            "key" => "as its key",
            "likely" => "most likely",
            "absent" => "for want of it",
            _ => "made with it",
        };
        vec![field.object.clone(), field.path.clone(), how.to_owned()]
    };
    let mut rows: Vec<_> = fields.iter().take(MAX_FIELDS).map(row).collect();
    if let Some(more) = fields.len().checked_sub(MAX_FIELDS + 1) {
        rows.push(vec![format!("and {} more, which --format json lists", more + 1)]);
    }
    section("printed in", &rows)
}

pub(super) fn field(told: &FieldExplained) -> String {
    let of = if told.path.is_empty() { String::new() } else { format!(" {}", told.path) };
    let subject = format!("{}{of} of {}", told.object, told.target);
    let mut text = match &told.value {
        Some(value) if told.leaves.is_empty() => format!("{subject}: {}\n", in_text(value)),
        Some(_) => format!("{subject}\n"),
        None => format!("{subject} is left out by the template\n"),
    };
    let written: Vec<_> = told.written.iter().map(|spot| vec![spot.to_string()]).collect();
    text += &section("written to", &written);
    text += &origin(told);
    text.extend(told.holes.iter().map(|one| hole(one, told.origin)));
    let leaves: Vec<_> = told.leaves.iter().map(leaf).collect();
    text + &section("made of", &leaves)
}

fn origin(told: &FieldExplained) -> String {
    let title = match told.origin {
        Origin::Constant => "stands so in",
        Origin::Namespace => {
            "filled in by jibe: the namespace of the target, where the template names none"
        }
        Origin::Value | Origin::Computed | Origin::Omitted | Origin::Parts => return String::new(),
    };
    match told.origin {
        Origin::Namespace => format!("\n{title}\n"),
        _ if told.holes.is_empty() => section(title, &[vec![told.at.to_string()]]),
        _ => String::new(),
    }
}

fn hole(hole: &Hole, origin: Origin) -> String {
    let first = hole.text.lines().next().unwrap_or_default();
    let more = if hole.text.lines().count() > 1 { " …" } else { "" };
    let mut rows = vec![vec![hole.at.to_string(), format!("{first}{more}")]];
    rows.extend(hole.called.iter().map(|spot| vec![spot.to_string(), "calls it".to_owned()]));
    let (by, title) = match (hole.prints, origin) {
        ("key", _) => ("its key printed by", "made of"),
        (_, Origin::Omitted) => ("left out by", "decided by"),
        ("part", _) => ("a part of it printed by", "made of"),
        (_, Origin::Value) => ("printed by", "which is"),
        _ => ("printed by", "made of"),
    };
    let mut text = section(by, &rows);
    if hole.values.is_empty() {
        text += "  reads no value\n";
    }
    let used: Vec<_> = hole.values.iter().flat_map(used_value).collect();
    text + &section(title, &used)
}

/// The value with who set it, and a line for each setting that it overrode.
fn used_value(used: &UsedValue) -> Vec<Vec<String>> {
    let name = match used.role {
        "key" => format!("key of {}", used.name),
        "absent" => format!("{}: not set", used.name),
        "likely" => format!("{}, most likely", used.name),
        _ => used.name.clone(),
    };
    let mut row = vec![name];
    match &used.set_by {
        Some(set_by) => row.extend(setting(set_by)),
        None => row.extend(used.value.as_ref().map(in_text)),
    }
    let over = used.over.iter().map(|over| {
        let mut row = vec!["  over".to_owned()];
        row.extend(setting(over));
        row
    });
    [row].into_iter().chain(over).collect()
}

fn leaf(leaf: &FieldLeaf) -> Vec<String> {
    let from = match leaf.origin {
        Origin::Constant => String::new(),
        Origin::Namespace => "filled in by jibe".to_owned(),
        _ => leaf.values.join(", "),
    };
    vec![format!("{}: {}", leaf.path, in_text(&leaf.value)), leaf.at.to_string(), from]
}
