//! docs/limits.md names every limit of the source with its number.

use super::repository;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Constants that begin with `MAX` and limit nothing but how much is printed or kept.
const NO_LIMITS: [&str; 28] = [
    "render/reads.rs MAX_SECRETS",
    "render/watch/spans.rs MAX_DEPTH",
    "render/run.rs MAX_LOOKS",
    "render/mentions/flow.rs MAX_SPOTS",
    "render/mentions/flow.rs MAX_STEPS",
    "render/mentions/flow.rs MAX_TURNS",
    "render/mentions/words.rs MAX_DEPTH",
    "api/definition/structural.rs MAX_FAULTS",
    "check/schema/choice.rs MAX_TOLD",
    "check/custom/judge.rs MAX_TOLD",
    "check/schema/mod.rs MAX_VIOLATIONS",
    "check/schema/words.rs MAX_SHOWN",
    "cli/check.rs MAX_HUNKS",
    "cli/rows.rs MAX_CELL",
    "cli/explain/text.rs MAX_FIELDS",
    "diag/report.rs MAX_LABELS",
    "explain/leaves.rs MAX_WIDTH",
    "explain/object.rs MAX_LISTED",
    "explain/path.rs MAX_LISTED",
    "explain/shown.rs MAX_BEFORE",
    "explain/schema.rs MAX_REFERENCES",
    "explain/shown.rs MAX_TEXT",
    "render/tracer.rs MAX_READS",
    "tree/name.rs MAX_BYTES",
    "workspace/mod.rs MAX_LISTED",
    "yaml/build.rs MAX_PROBLEMS",
    "yaml/write.rs MAX_SIMPLE_KEY",
    "check/schema/words.rs MAX_PATTERN_SHOWN",
];

/// The number that a product of numbers is.
fn product(text: &str) -> u64 {
    let factor = |text: &str| {
        let digits = text.trim().replace(['_', ','], "");
        digits.parse::<u64>().unwrap_or_else(|_| panic!("`{text}` is no number"))
    };
    text.split('*').map(factor).product()
}

/// `32 MiB`, `4,000,000`.
fn shown(text: &str) -> u64 {
    match text.split_once(' ') {
        Some((number, "KiB")) => product(number) * 1024,
        Some((number, "MiB")) => product(number) * 1024 * 1024,
        Some((number, "GiB")) => product(number) * 1024 * 1024 * 1024,
        Some((number, _)) => product(number),
        None => product(text),
    }
}

/// The limits of all source files, by file and name.
fn limits() -> BTreeMap<String, u64> {
    let mut limits = BTreeMap::new();
    let root = repository().join("src");
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|e| e == "rs") => {
                    of(&root, &path, &mut limits)
                }
                false => {}
            }
        }
    }
    limits
}

fn of(root: &Path, path: &Path, limits: &mut BTreeMap<String, u64>) {
    let file = path.strip_prefix(root).expect("below src").display();
    for line in fs::read_to_string(path).expect("source").lines() {
        let Some((_, rest)) = line.split_once("const ") else { continue };
        let Some((name, rest)) = rest.split_once(": ") else { continue };
        let is_limit = name.starts_with("MAX") || name.starts_with("TOP");
        if let (true, Some((_, value))) = (is_limit, rest.split_once(" = ")) {
            limits.insert(format!("{file} {name}"), product(value.trim_end_matches(';')));
        }
    }
}

#[test]
fn the_page_of_limits_has_the_numbers_of_the_source() {
    let page = fs::read_to_string(repository().join("docs/limits.md")).expect("docs/limits.md");
    let mut limits = limits();
    for row in page.lines().filter(|line| line.starts_with('|') && line.contains("` `")) {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [_, number, place] = cells[..] else { panic!("three cells: {row}") };
        let place = place.replace('`', "");
        let limit = limits.remove(&place).unwrap_or_else(|| panic!("there is no {place}"));
        assert_eq!(shown(number), limit, "{row}");
    }
    limits.retain(|name, _| !NO_LIMITS.contains(&name.as_str()));
    assert!(limits.is_empty(), "docs/limits.md does not name {limits:#?}");
}
