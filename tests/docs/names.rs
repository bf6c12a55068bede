//! docs/templates.md names exactly the filters, functions and tests that there are, each with an example.
//!
//! A test of the library holds the lists in the sources equal to what is registered with the engine.

use super::page::{Item, Page};
use super::repository;
use std::collections::BTreeSet;

/// The names in a constant list of a source file: those of tests, and those before the arguments of filters and functions. What
/// belongs to `files` or `cluster` has sections of its own.
fn listed(list: &str) -> BTreeSet<String> {
    let file = if list == "TESTS" { "names.rs" } else { "signatures.rs" };
    let path = repository().join("src/render/filters").join(file);
    let source = std::fs::read_to_string(path).expect("source");
    let (_, from) = source.split_once(&format!("const {list}: ")).expect("the list");
    let (body, _) = from.split_once("];").expect("its end");
    let texts = body.split('"').skip(1).step_by(2);
    let names = texts.map(|text| text.split('(').next().unwrap_or(text));
    names.filter(|name| !name.contains('.')).map(str::to_owned).collect()
}

/// The rows of a section: what the first cell names, and the template.
fn rows(section: &str) -> Vec<(BTreeSet<String>, String)> {
    let path = repository().join("docs/templates.md");
    let text = std::fs::read_to_string(&path).expect("the page");
    let headings: Vec<_> = text.lines().enumerate().filter(|(_, l)| l.starts_with("## ")).collect();
    let at = headings.iter().position(|(_, line)| line.contains(section)).expect("the section");
    let lines = headings[at].0..headings.get(at + 1).map_or(usize::MAX, |(line, _)| *line);
    let rows = Page::read(&path).items().into_iter().filter_map(|item| match item {
        Item::Row(row) if lines.contains(&row.lines.start) => Some(row),
        _ => None,
    });
    let mut rows: Vec<_> = rows
        .map(|row| (named(text.lines().nth(row.lines.start).expect("a line")), row.template))
        .collect();
    // A first cell without a name goes on with the row before it.
    for at in 1..rows.len() {
        if rows[at].0.is_empty() {
            rows[at].0 = rows[at - 1].0.clone();
        }
    }
    rows
}

/// What stands in the backticks of a row's first cell, without arguments.
fn named(line: &str) -> BTreeSet<String> {
    let cell = line.strip_prefix("| ").unwrap_or(line).split("| ").next().unwrap_or_default();
    let spans = cell.split('`').skip(1).step_by(2);
    spans.map(|span| span.split('(').next().unwrap_or_default().to_owned()).collect()
}

/// Whether a template holds a name behind some word, and the name ends there.
fn uses(template: &str, before: &str, name: &str) -> bool {
    let used = format!("{before}{name}");
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '=';
    template.match_indices(&used).any(|(at, _)| !template[at + used.len()..].starts_with(is_word))
}

fn check(section: &str, list: &str, before: &[&str]) {
    let rows = rows(section);
    let shown: BTreeSet<String> = rows.iter().flat_map(|(names, _)| names).cloned().collect();
    assert_eq!(shown, listed(list), "docs/templates.md, `{section}`, against {list}");
    for name in &shown {
        let mut templates = rows.iter().filter(|(names, _)| names.contains(name));
        let is_used = templates.any(|(_, text)| before.iter().any(|word| uses(text, word, name)));
        assert!(is_used, "docs/templates.md has no example of `{name}` in the row that names it");
    }
}

#[test]
fn every_filter_has_its_row_and_example() {
    check("Which filters", "FILTERS", &["| "]);
}

#[test]
fn every_function_has_its_row_and_example() {
    check("Which functions", "FUNCTIONS", &["{{ "]);
}

#[test]
fn every_test_has_its_row_and_example() {
    check("Which tests", "TESTS", &["is ", "is not ", "\"n\", \""]);
}
