//! The README's table says where the example does what production asks: its files are there, and no row is missing.

use super::root;
use std::fs;

/// The cells of the rows of the table that begins with `heading`.
fn rows(page: &str, heading: &str) -> Vec<Vec<String>> {
    let table = page.lines().skip_while(|line| *line != heading).skip(2);
    let lines = table.take_while(|line| line.starts_with('|'));
    let cells =
        |line: &str| line.trim_matches('|').split(" | ").map(|c| c.trim().to_owned()).collect();
    lines.map(cells).collect()
}

/// What stands between backticks and is a path: it has a `/` or names a YAML file.
fn paths(cell: &str) -> Vec<&str> {
    let quoted = cell.split('`').skip(1).step_by(2);
    quoted.filter(|name| name.contains('/') || name.ends_with(".yaml")).collect()
}

#[test]
fn every_practice_has_a_file_or_says_that_it_is_out_of_reach() {
    let example = root().join("charts-example");
    let page = fs::read_to_string(example.join("README.md")).expect("the README");
    let rows = rows(&page, "| # | practice | where |");
    let numbers: Vec<_> =
        rows.iter().map(|row| row[0].parse::<usize>().expect("a number")).collect();
    assert_eq!(numbers, (1..=34).collect::<Vec<_>>());
    for row in &rows {
        let named = paths(&row[2]);
        let told = !named.is_empty() || row[2].starts_with("out of reach: ");
        assert!(told, "practice {} names no file and no reason", row[0]);
        for path in named {
            assert!(example.join(path).is_file(), "practice {} names `{path}`", row[0]);
        }
    }
}

#[test]
fn a_row_without_its_file_would_be_seen() {
    let page = "| # | practice | where |\n|---|---|---|\n| 1 | a | `x/y.yaml`: `maxSurge`; `jibe.yaml` |\n\nend";
    let rows = rows(page, "| # | practice | where |");
    assert_eq!(rows.len(), 1);
    assert_eq!(paths(&rows[0][2]), ["x/y.yaml", "jibe.yaml"]);
}
