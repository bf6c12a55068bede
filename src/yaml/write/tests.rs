//! Examples of the canonical form. `tests/yaml_conformance.rs` has thousands that kustomize printed.

use super::{write, write_all};
use crate::source::{FileId, Files};
use crate::yaml::{Node, Options, parse};

fn file() -> FileId {
    let files = Files::memory([("x", "")]).expect("a path");
    files.add("x", Vec::new()).expect("a text").id()
}

fn read(text: &str) -> Vec<Node> {
    let documents = parse(text, file(), Options::default()).expect("YAML");
    documents.into_iter().map(|document| document.root).collect()
}

fn check(text: &str, expect: &str) {
    assert_eq!(write(&read(text)[0]), expect, "{text}");
}

/// Checks `a: VALUE` for each pair.
fn check_values(pairs: &[(&str, &str)]) {
    for (value, expect) in pairs {
        check(&format!("a: {value}\n"), &format!("a: {expect}\n"));
    }
}

#[test]
fn keys_are_sorted_and_lists_in_maps_are_not_indented() {
    check(
        "b: [1, [2, 3], {d: x, c: ['y']}]\na: {z: {}, 'y': []}\n",
        "a:\n  \"y\": []\n  z: {}\nb:\n- 1\n- - 2\n  - 3\n- c:\n  - \"y\"\n  d: x\n",
    );
}

#[test]
fn keys_are_quoted_like_values() {
    check(
        "{\"on\": 1, \"1\": 2, \"\": 3, \"a: b\": 4, \"<<\": 5}",
        "\"\": 3\n\"<<\": 5\n\"1\": 2\n'a: b': 4\n\"on\": 1\n",
    );
}

#[test]
fn a_long_or_multi_line_key_stands_behind_a_question_mark() {
    let long = "k".repeat(129);
    check(&format!("{long}: [x]"), &format!("? {long}\n: - x\n"));
    check("\"a\\nb\": {c: d}", "? |-\n  a\n  b\n: c: d\n");
    let short = "k".repeat(128);
    check(&format!("{short}: x"), &format!("{short}: x\n"));
}

#[test]
fn what_yaml_1_1_would_take_for_something_else_is_in_double_quotes() {
    check_values(&[
        ("\"yes\"", "\"yes\""),
        ("'on'", "\"on\""),
        ("\"0644\"", "\"0644\""),
        ("\"1e3\"", "\"1e3\""),
        ("\"1_000\"", "\"1_000\""),
        ("\"~\"", "\"~\""),
        ("\"\"", "\"\""),
        ("2020-01-01", "\"2020-01-01\""),
        ("12:30:45", "\"12:30:45\""),
        ("1.2.3", "1.2.3"),
        ("1:60", "1:60"),
        ("tRue", "tRue"),
        ("<<", "<<"),
        ("=", "="),
    ]);
}

#[test]
fn what_would_begin_a_line_as_a_conflict_of_git_does_is_in_double_quotes() {
    check("<<<<<<<\nk", "\"<<<<<<< k\"\n");
    check("\"<<<<<<< k\": 1", "\"<<<<<<< k\": 1\n");
    check("a: <<<<<<< k", "a: <<<<<<< k\n");
}

#[test]
fn odd_line_breaks_stand_as_they_are_in_blocks() {
    check("\"\\u2028\\n\"", "|2+\n\u{2028}\n");
    check("a: \"b\\u2028\\n\"", "a: |+\n  b\u{2028}\n");
    check("\"b\\u2028\\n\": a", "? |+\n  b\u{2028}\n: a\n");
}

#[test]
fn numbers_are_spelled_as_go_spells_them() {
    check_values(&[
        ("0644", "420"),
        ("0x1F", "31"),
        ("1_000", "1000"),
        ("+5", "5"),
        ("-0", "0"),
        ("08", "8"),
        ("09.5", "9.5"),
        ("1.0", "1"),
        ("5.", "5"),
        (".5", "0.5"),
        ("1e20", "1e+20"),
        ("1.0e-7", "1e-07"),
        ("18446744073709551615", "18446744073709551615"),
        ("18446744073709551616", "1.8446744073709552e+19"),
        ("1e400", "1e400"),
        ("True", "true"),
        ("~", "null"),
        ("", "null"),
        ("!!str 123", "\"123\""),
        ("!!float 3", "3"),
        ("!!binary aGVsbG8=", "hello"),
    ]);
}

#[test]
fn what_would_be_syntax_is_in_single_quotes() {
    check_values(&[
        ("'x: y'", "'x: y'"),
        ("'x:'", "'x:'"),
        ("'#x'", "'#x'"),
        ("'x #y'", "'x #y'"),
        ("'@x'", "'@x'"),
        ("'- x'", "'- x'"),
        ("'---'", "'---'"),
        ("'{{ .x }}'", "'{{ .x }}'"),
        ("' '", "' '"),
        ("'it''s'", "it's"),
        ("'say \"hi\"'", "say \"hi\""),
        ("'''q'", "'''q'"),
        ("'${V}'", "${V}"),
        ("'x}'", "x}"),
        ("'-x'", "-x"),
        ("'?x'", "?x"),
    ]);
}

#[test]
fn lines_are_a_literal_block() {
    check_values(&[
        (r#""a\nb""#, "|-\n  a\n  b"),
        (r#""a\nb\n""#, "|\n  a\n  b"),
        (r#""a\nb\n\n""#, "|+\n  a\n  b\n"),
        (r#"" a\nb""#, "|2-\n   a\n  b"),
        (r#""\nx""#, "|2-\n\n  x"),
        (r#""\n""#, "|2+\n"),
        (r#""a\n\nb""#, "|-\n  a\n\n  b"),
    ]);
}

#[test]
fn what_a_literal_cannot_hold_is_escaped() {
    check_values(&[
        (r#""a \nb""#, r#""a \nb""#),
        (r#"" \n""#, r#"" \n""#),
        (r#""a\tb""#, r#""a\tb""#),
        (r#""a\r\nb""#, r#""a\r\nb""#),
        ("\u{1F600}", r#""\U0001F600""#),
        (r#""\uFEFFx""#, r#""\uFEFF\x78""#),
        (r#""\x01\x7F""#, r#""\x01\x7F""#),
        (r#""a\u0085""#, r#""a\N""#),
        (r#""a\u2028b""#, "'a\u{2028}  b'"),
    ]);
}

#[test]
fn a_long_text_is_broken_at_the_first_space_behind_column_80() {
    let text = "word ".repeat(30);
    let first = format!("a: {}word", "word ".repeat(15));
    assert_eq!(first.len(), 82);
    let rest = "word ".repeat(13) + "word";
    check(&format!("a: {}", text.trim_end()), &format!("{first}\n  {rest}\n"));
}

#[test]
fn double_spaces_keep_a_text_together() {
    let text = "word  ".repeat(30);
    check(&format!("a: '{}'", text.trim_end()), &format!("a: {}\n", text.trim_end()));
}

#[test]
fn documents_stand_with_lines_of_dashes_between_them() {
    let nodes = read("a: 1\n---\n- b\n---\nc\n");
    assert_eq!(write_all(&nodes), "a: 1\n---\n- b\n---\nc\n");
    assert_eq!(write_all(&[]), "");
}

#[test]
fn a_tree_of_the_greatest_depth_is_written_copied_and_dropped_on_a_small_stack() {
    let work = || {
        let mut tree = Node::string("x", read("x")[0].place);
        for level in 0..255 {
            let place = tree.place;
            tree = match level % 2 {
                0 => Node::list(vec![tree], place),
                _ => Node::map(
                    [(crate::yaml::Key::new("k", place), tree)].into_iter().collect(),
                    place,
                ),
            };
        }
        let copy = tree.clone();
        assert!(crate::yaml::same_data(&tree, &copy));
        assert_eq!(crate::yaml::to_json(&tree).to_string().matches('k').count(), 127);
        write(&copy).len()
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).expect("a thread");
    assert!(thread.join().expect("no overflow") > 255);
}

#[test]
fn what_steers_a_terminal_is_escaped_for_a_person_and_reads_back() {
    let text = "a: \"x\\u202Ey\\x9B\"\n\"k\\u2066\": |\n  one\n  two\u{200B}\n";
    let shown = super::write_visible(&read(text)[0]);
    assert_eq!(shown, "a: \"x\\u202Ey\\x9B\"\n\"k\\u2066\": \"one\\ntwo\\u200B\\n\"\n");
    assert_eq!(write(&read(&shown)[0]), write(&read(text)[0]));
    assert_eq!(write(&read("a: \"x\\u202Ey\"")[0]), "a: x\u{202E}y\n");
}
