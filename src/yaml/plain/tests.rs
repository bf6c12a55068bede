//! What is read without the parser is what the parser makes of it, and what is left to it.

use super::super::build::Builder;
use super::super::read::{take_events, take_marks};
use super::super::{Duplicates, Options, Rules};
use super::*;
use crate::source::{FileId, Files};
use proptest::prelude::*;
use std::path::Path;
use std::rc::Rc;

fn file() -> FileId {
    let files = Files::memory([("x", "")]).expect("a path");
    files.add("x", Vec::new()).expect("a text").id()
}

/// Whether a text is read without the parser; if so, it is read as by the parser.
fn is_plain(text: &str) -> bool {
    let (file, kubectl) = (file(), Options::default());
    let rules = Rules::GoYamlV3;
    let kustomize = Options { rules, duplicates: Duplicates::LastWins, ..kubectl };
    let read = |options: Options| {
        let text = Rc::new(Text::new(text, 0..text.len()));
        let marks = marks(&text)?;
        let (mut ours, mut parsed) = (
            Builder::new(Rc::clone(&text), file, options),
            Builder::new(Rc::clone(&text), file, options),
        );
        take_marks(&marks, &mut ours);
        take_events(&text, &mut parsed);
        let (ours, parsed) = (ours.finish(), parsed.finish());
        if format!("{ours:?}") != format!("{parsed:?}") {
            let (ours, parsed) = (format!("{ours:#?}"), format!("{parsed:#?}"));
            let mut lines = ours.lines().zip(parsed.lines()).enumerate();
            let (at, first) = lines.find(|(_, (ours, parsed))| ours != parsed).unwrap_or_default();
            let before: Vec<_> = ours.lines().take(at).skip(at.saturating_sub(12)).collect();
            panic!("{}\n{}\n{first:?}", text.plain(), before.join("\n"));
        }
        Some(())
    };
    [kubectl, kustomize].map(read).iter().all(Option::is_some)
}

#[test]
fn what_files_of_objects_hold_mostly_is_read_without_the_parser() {
    for text in [
        "kind: Deployment\nmetadata:\n  name: web # a name\n  labels: {}\nspec:\n  replicas: 3\n",
        "# first\n\nkind: A\n---\n# second\nkind: B\n--- # third\nkind: C",
        "args:\n- --port=80\n- \"a: b\"\n- 'c # d'\n-   - x\n    - y\n- z: 1\n  w:\n- -1\n",
        "a:\n  - b: 1\n    c:\n      d: x:y\n  # e\n  - b: 2\nf:\ng: ~\n",
        "data:\n  a.conf: |\n    x = 1\n\n    [y]\n      z: |\n\n\n  b: |-\n    none\nlist: []\n",
        "- |\n a\n- k: |-\n    b\n  l: c\n",
        "a: [1, \"b\", 'c',  d-e ]\nf:\n- {g: [], h: {i: j} } # k\n",
        "a: ä\n",
        "on: yes\n0644: 0644\na: 1\na: 2\n",
        "a: .inf\nb: 2020-01-01\nnull: x\n",
        "---\n---\na: 1\n---\n",
        "",
        "# nothing\n",
    ] {
        assert!(is_plain(text), "{text}");
    }
}

#[test]
fn what_is_not_plain_at_first_sight_is_left_to_the_parser() {
    for text in [
        "a: b\n  c\n",
        "a:\n  b\n",
        "a: [1,\n2]\n",
        "a: [b: c]\n",
        "a: [b c]\n",
        "a: [1, ]\n",
        "a: {b}\n",
        "a: {b:c}\n",
        "a: {b:}\n",
        "a: [[[[[[[[[[1]]]]]]]]]]\n",
        "a: \"b\\n\"\n",
        "a: 'it''s'\n",
        "a: >\n  b\n",
        "a: |2\n  b\n",
        "a: |\n  b",
        "a: |\n\n  b\n",
        "a: &x b\n",
        "a: !x b\n",
        "a: b: c\n",
        "a:\tb\n",
        "a: b\r\n",
        "a:\n    b: 1\n  c: 2\n",
        "  a: 1\n b: 2\n",
        "a: 1\n- b\n",
        "- a\nb: 1\n",
        "-\n  a: 1\n",
        "a: 1\n...\n",
        "--- a\n",
        "%YAML 1.2\n---\na: 1\n",
        "a b: 1\n",
        "\"a\": 1\n",
        "a: \"b\" c\n",
        "a: \"b\"#c\n",
        "a: {{ b }}\n",
        "<<: *a\n",
        "word\n",
        "größe: 1\n",
        "a: \u{2028}\n",
        "\u{feff}a: 1\n",
    ] {
        assert!(!is_plain(text), "{text}");
    }
}

/// The texts of YAML files in a folder and below.
#[expect(clippy::disallowed_methods, reason = "many files are read, none of them as a source")]
fn texts(folder: &Path, found: &mut Vec<String>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match path.is_dir() {
            true if name != "target" && name != ".git" => texts(&path, found),
            false if name.ends_with(".yaml") || name.ends_with(".yml") => {
                found.extend(std::fs::read_to_string(&path).ok());
            }
            _ => {}
        }
    }
}

#[test]
fn the_files_of_the_repository_are_read_as_by_the_parser() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    texts(&root.join("charts-example"), &mut found);
    texts(&root.join("tests"), &mut found);
    let plain = found.iter().filter(|text| is_plain(text)).count();
    assert!(plain * 2 > found.len(), "{plain} of {} files are plain", found.len());
}

const LINES: &[&str] = &[
    "",
    "a:",
    "b:",
    "c: 1",
    "- a",
    "- b: 1",
    "- - x",
    "-",
    "- ",
    "a: |",
    "- |",
    "a: |-",
    "b: |+",
    "text",
    "a:b",
    "#",
    "# c",
    "a: b # c",
    "a: b #",
    "a: #c",
    "a: 'q'",
    "a: \"q\"",
    "a: \"q\" # c",
    "a: 'q",
    "a: ''",
    "a: ''''",
    "a: []",
    "- {}",
    "a: {} # c",
    "a: {",
    "a: [] x",
    "---",
    "--- # c",
    "--- x",
    "...",
    "a: -",
    "a: - b",
    "- -1",
    "a: --x",
    "a: ---",
    "a: :",
    "a: x:",
    "a: x: y",
    "a: ?",
    "? a",
    "a: &x",
    "a: *x",
    "a: !!str",
    "a: %",
    "a: @",
    "a: ~",
    "a: =",
    "<<: x",
    "a.b/c-d: 1",
    "-a: 1",
    "--- a: 1",
    "a: null",
    "on: off",
    "1: 2",
    "1.5: x",
    ".: x",
    "..: x",
    "a: #",
    "a:  b",
    "a:   ",
    "-  a:  b",
    "-   - - b: c",
    "a: b  # c ",
    "$x: $y",
    "a: (b)",
    "a: b,c",
    "a: {b}",
    "a: x{{y}}",
    "a: ü",
    "ü: a",
    "a: \u{1f600}",
    "a: 2020-01-01",
    "a: 0x1F",
    "a: 1_0",
    "\t",
    "a: b\t",
    "a: \u{7f}",
];

const OBJECT: &str = "# c\nkind: A # b\nmetadata:\n  name: \"x\"\n  note: 'y z'\nspec:\n  list:\n  - a\n  - b: 1\n    c:\n      - -2\n      - d: {e: [--f=:1, \"g\"]}\n  \
text: |\n    one\n\n     two\n  more: |-\n    three\n  empty:\n  none: []\n---\n\n- x/y:z\n- - u\n  - v: w\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn lines_in_any_order_are_read_as_by_the_parser(
        lines in prop::collection::vec((0..5usize, 0..LINES.len(), 0..3usize), 1..10),
        last in "\n?",
    ) {
        let line = |(indent, line, spaces): &(usize, usize, usize)| {
            let spaces = " ".repeat(spaces.saturating_sub(1));
            format!("{}{}{spaces}", " ".repeat(*indent), LINES[*line])
        };
        let text = lines.iter().map(line).collect::<Vec<_>>().join("\n") + &last;
        is_plain(&text);
    }

    #[test]
    fn files_with_a_few_characters_changed_are_read_as_by_the_parser(
        changes in prop::collection::vec((0..OBJECT.len(), 0..4usize, "[ a0:#'\"|>\\-{}&*!%@~?,.\n\t\\[\\]\\\\]{0,3}"), 1..5),
    ) {
        let mut text = OBJECT.to_owned();
        for (at, gone, new) in &changes {
            let end = (at + gone).min(text.len());
            text.replace_range((*at).min(end)..end, new);
        }
        is_plain(&text);
    }
}
