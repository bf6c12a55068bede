//! Explanations as text.

use crate::cli::rows::{made_of, setting, table};
use jibe::explain::{
    Does, FieldExplained, FieldLeaf, Hole, Origin, PrintedIn, ReadBy, ReferredBy, State,
    ValueExplained, ValueLeaf, in_text,
};

/// How many fields a list of them shows.
const MAX_FIELDS: usize = 20;

fn section(title: &str, rows: &[Vec<String>]) -> String {
    if rows.is_empty() { String::new() } else { format!("\n{title}\n{}", table(rows, "  ")) }
}

pub(super) fn value(told: &ValueExplained) -> String {
    let mut text = heading(told);
    let about = told.description.iter().chain(&told.allowed);
    text.extend(about.map(|line| format!("  {line}\n")));
    text += &origins(told);
    text += &section("referred to by", &rows_of(&told.referred_by, referred_by));
    text += &section("read by", &read_by(told));
    text += &printed_in(told);
    text.extend(told.hint.iter().map(|hint| format!("\n  = help: {hint}\n")));
    text
}

fn heading(told: &ValueExplained) -> String {
    let path = if told.path.is_empty() { "all values" } else { &told.path };
    let of = told.of.iter().map(|name| format!("{name} of "));
    let path = format!("{path} of {}{}", of.collect::<String>(), told.target);
    match (told.state, &told.value) {
        (State::Set, Some(value)) if told.leaves.is_empty() => {
            format!("{path}: {}\n", in_text(value))
        }
        (State::Set, _) => format!("{path}\n"),
        (State::Unresolved, _) => format!("{path} refers to what cannot be found out\n"),
        (State::Deleted, _) if replaces(told) => {
            format!("{path} is not set: a layer replaces what it was in\n")
        }
        (State::Deleted, _) => format!("{path} is not set: a layer takes it away\n"),
        (State::Hidden, _) => {
            format!(
                "{path} is hidden: only layers for all services set it, and the chart does not declare it\n"
            )
        }
        (State::Absent, _) => format!("{path} is not set by any layer\n"),
    }
}

/// Whether a value is gone because something else stands where its map or list was.
fn replaces(told: &ValueExplained) -> bool {
    told.set_by.as_ref().is_some_and(|setting| setting.does == Does::Replaces)
}

fn origins(told: &ValueExplained) -> String {
    if !told.leaves.is_empty() {
        let leaf = |leaf: &ValueLeaf| {
            let row = setting(&leaf.set_by).into_iter();
            [format!("{}:", leaf.path)].into_iter().chain(row).collect()
        };
        let made_of = told.set_by.iter().flat_map(|one| made_of(&one.made_of)).collect::<Vec<_>>();
        return section("set by", &rows_of(&told.leaves, leaf)) + &section("made of", &made_of);
    }
    let set_by: Vec<_> = told.set_by.iter().map(setting).collect();
    let made_of: Vec<_> = told.set_by.iter().flat_map(|one| made_of(&one.made_of)).collect();
    let over = rows_of(&told.over, setting);
    let title = if told.state == State::Deleted { "taken away by" } else { "set by" };
    section(title, &set_by) + &section("made of", &made_of) + &section("over", &over)
}

fn rows_of<T>(all: &[T], row: impl Fn(&T) -> Vec<String>) -> Vec<Vec<String>> {
    all.iter().map(row).collect()
}

fn referred_by(by: &ReferredBy) -> Vec<String> {
    let of = by.of.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
    match &by.path {
        Some(path) => {
            let expression = format!("!tpl {}", in_text(&by.reference.as_str().into()));
            vec![format!("{path}{of}"), by.at.to_string(), expression]
        }
        None => vec![format!("rendering{of}"), by.at.to_string(), by.reference.clone()],
    }
}

fn read_by(told: &ValueExplained) -> Vec<Vec<String>> {
    let row = |by: &ReadBy| {
        let through = by.through.as_ref().map(|through| format!("as {through}"));
        [by.at.to_string()].into_iter().chain(through).collect()
    };
    match &told.read_by {
        None => Vec::new(),
        Some(all) if all.is_empty() && told.leaves.is_empty() => {
            vec![vec!["no template".to_owned()]]
        }
        Some(all) => rows_of(all, row),
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
        let through = field.through.as_ref().map(|through| format!("as {through}"));
        let how =
            [through.as_deref(), Some(how)].into_iter().flatten().filter(|how| !how.is_empty());
        let how = how.collect::<Vec<_>>().join(", ");
        vec![field.object.clone(), field.path.clone(), how]
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
        Origin::Edited => "set by a kustomization in",
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
    text + &section(title, &made_of(&hole.values))
}

fn leaf(leaf: &FieldLeaf) -> Vec<String> {
    let from = match leaf.origin {
        Origin::Constant => String::new(),
        Origin::Namespace => "filled in by jibe".to_owned(),
        Origin::Edited => "set by a kustomization".to_owned(),
        _ => leaf.values.join(", "),
    };
    vec![format!("{}: {}", leaf.path, in_text(&leaf.value)), leaf.at.to_string(), from]
}
