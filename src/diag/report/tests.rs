//! What a person sees.

use super::{Paint, report, visible};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Files, Place, Source};
use std::sync::Arc;

fn file(files: &Files, name: &str, text: &str) -> Arc<Source> {
    files.add(name, text.as_bytes().to_vec()).expect("text")
}

fn no_files() -> Files {
    Files::memory::<&str, &str>([]).expect("no paths")
}

/// The place of the first `needle` in the text.
fn place(source: &Source, needle: &str) -> Place {
    let start = source.text().find(needle).expect("the text holds it");
    source.place(start, start + needle.len())
}

fn shown(files: &Files, finding: Diagnostic) -> String {
    let mut sink = Sink::new(files);
    sink.warn(finding);
    report(&sink.finish().expect("warnings only"), Paint::Plain)
}

fn finding(message: &str) -> Diagnostic {
    Diagnostic::warning(Code::YamlValue, message)
}

/// A finding at the first `needle` of a file with this text.
fn at(text: &str, needle: &str) -> String {
    let files = no_files();
    let source = file(&files, "values.yaml", text);
    shown(&files, finding("something is wrong").at(place(&source, needle), "here"))
}

#[test]
fn several_labels_in_one_file() {
    let files = no_files();
    let source = file(&files, "values.yaml", "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\na: 7\n");
    let finding = finding("the key `a` stands here a second time")
        .at(place(&source, "a: 7"), "")
        .also(place(&source, "a: 1"), "first here")
        .hint("remove one of the two");
    insta::assert_snapshot!(shown(&files, finding), @r"
    warning[yaml/value]: the key `a` stands here a second time
     --> values.yaml:7:1
      |
    1 | a: 1
      | ---- first here
    ...
    7 | a: 7
      | ^^^^
      |
      = help: remove one of the two
    ");
}

#[test]
fn labels_in_several_files_show_the_chain_from_template_to_value() {
    let files = no_files();
    let values = file(&files, "environments/prod.yaml", "web:\n  replicas: three\n");
    let template = file(
        &files,
        "charts/web/templates/deployment.yaml",
        "spec:\n  replicas: {{ values.replicas }}\n",
    );
    let mut sink = Sink::for_target(&files, "prod/shop/web");
    sink.error(
        Diagnostic::error(
            Code::YamlValue,
            "`spec.replicas` must be an integer, but is the string `three`",
        )
        .at(place(&values, "three"), "set here")
        .also(place(&template, "{{ values.replicas }}"), "used here")
        .subject("Deployment/web spec.replicas")
        .hint("write `3`"),
    );
    insta::assert_snapshot!(sink.finish().expect_err("an error"), @r"
    error[yaml/value]: `spec.replicas` must be an integer, but is the string `three`
     --> environments/prod.yaml:2:13
      |
    2 |   replicas: three
      |             ^^^^^ set here
      |
     ::: charts/web/templates/deployment.yaml:2:13
      |
    2 |   replicas: {{ values.replicas }}
      |             --------------------- used here
      |
      = note: Deployment/web spec.replicas, rendered for prod/shop/web
      = help: write `3`
    ");
}

#[test]
fn a_finding_without_a_place_is_a_title_with_hints() {
    let finding = finding("nothing is selected").hint("name a service").hint("see `jibe list`");
    insta::assert_snapshot!(shown(&no_files(), finding), @r"
    warning[yaml/value]: nothing is selected
     |
     = help: name a service
     = help: see `jibe list`
    ");
}

#[test]
fn many_targets_are_counted() {
    let mut finding = finding("x");
    finding.targets = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
    insta::assert_snapshot!(shown(&no_files(), finding), @r"
    warning[yaml/value]: x
     |
     = note: rendered for a, b, c and 2 more
    ");
}

#[test]
fn a_long_line_is_cut_around_the_label() {
    let text = format!("a: {}wrong{}\n", "x".repeat(300), "y".repeat(300));
    let report = at(&text, "wrong");
    assert!(report.contains("wrong") && report.lines().all(|line| line.chars().count() < 160));
}

#[test]
fn of_a_line_without_an_end_the_place_is_named_and_the_main_one_comes_first() {
    let long = format!("a: {}wrong{}\n", "x".repeat(3000), "é".repeat(3000));
    let files = no_files();
    let (web, values) = (file(&files, "web.yaml", &long), file(&files, "values.yaml", "b: 1\n"));
    let found = finding("x").at(place(&web, "wrong"), "here").also(place(&values, "1"), "set here");
    insta::assert_snapshot!(shown(&files, found), @r"
    warning[yaml/value]: x
     --> web.yaml:1:3004
      |
     ::: values.yaml:1:4
      |
    1 | b: 1
      |    - set here
    ");
    let found = finding("x").at(place(&values, "1"), "").also(place(&web, "wrong"), "long");
    let report = shown(&files, found);
    assert!(report.find("values.yaml:1:4") < report.find("web.yaml:1:3004"), "{report}");
}

#[test]
fn tabs_do_not_shift_the_label() {
    insta::assert_snapshot!(at("a:\t\tx\t\twrong\n", "wrong"), @r"
    warning[yaml/value]: something is wrong
     --> values.yaml:1:8
      |
    1 | a:        x        wrong
      |                    ^^^^^ here
    ");
}

#[test]
fn wide_characters_do_not_shift_the_label() {
    insta::assert_snapshot!(at("名前: 値 # 😀 é wrong\n", "wrong"), @r"
    warning[yaml/value]: something is wrong
     --> values.yaml:1:13
      |
    1 | 名前: 値 # 😀 é wrong
      |                 ^^^^^ here
    ");
}

#[test]
fn windows_line_breaks_are_no_part_of_a_line() {
    insta::assert_snapshot!(at("a: 1\r\nb: wrong\r\nc: 3\r\n", "wrong\r\nc"), @r"
    warning[yaml/value]: something is wrong
     --> values.yaml:2:4
      |
    2 | b: wrong
      |    ^^^^^ here
    ");
}

#[test]
fn a_label_at_the_end_of_the_file() {
    let files = no_files();
    let source = file(&files, "values.yaml", "a: 1\nb: [");
    let end = source.text().len();
    insta::assert_snapshot!(shown(&files, finding("a `]` is missing").at(source.place(end, end), "here")), @r"
    warning[yaml/value]: a `]` is missing
     --> values.yaml:2:5
      |
    2 | b: [
      |     ^ here
    ");
    let beyond = shown(&files, finding("beyond").at(source.place(900, 1000), "here"));
    assert!(beyond.contains("values.yaml:2:5"), "{beyond}");
}

#[test]
fn a_label_of_no_width() {
    let files = no_files();
    let source = file(&files, "values.yaml", "a:\nb: 1\n");
    let finding = finding("a value is missing").at(source.place(2, 2), "here");
    insta::assert_snapshot!(shown(&files, finding), @r"
    warning[yaml/value]: a value is missing
     --> values.yaml:1:3
      |
    1 | a:
      |   ^ here
    ");
}

#[test]
fn a_label_behind_the_last_line_break() {
    let files = no_files();
    let source = file(&files, "values.yaml", "a: [\n");
    let finding = finding("a `]` is missing").at(source.place(5, 5), "here");
    insta::assert_snapshot!(shown(&files, finding), @r"
    warning[yaml/value]: a `]` is missing
     --> values.yaml:2:1
      |
    2 |
      | ^ here
    ");
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(at("", ""), @r"
    warning[yaml/value]: something is wrong
     --> values.yaml:1:1
      |
    1 |
      | ^ here
    ");
}

#[test]
fn a_label_over_several_lines_shows_the_first() {
    insta::assert_snapshot!(at("a:\n  b: 1\n  c: 2\nd: 3\n", "b: 1\n  c: 2"), @r"
    warning[yaml/value]: something is wrong
     --> values.yaml:2:3
      |
    2 |   b: 1
      |   ^^^^ here
    ");
}

#[test]
fn a_label_inside_of_a_character_covers_it() {
    let files = no_files();
    let source = file(&files, "values.yaml", "a: é\n");
    let report = shown(&files, finding("x").at(source.place(4, 5), "here"));
    assert!(report.contains("a: é"), "{report}");
}

#[test]
fn a_colour_report_is_coloured_and_a_plain_one_is_not() {
    let found = [finding("x")];
    assert!(report(&found, Paint::Colour).contains("\u{1b}["));
    assert!(!report(&found, Paint::Plain).contains('\u{1b}'));
}

/// Characters that steer a terminal or deceive a reader.
const HOSTILE: &str =
    "\u{1b}[31m\u{7}\u{9b}2J\u{85}\u{202E}\u{2066}\u{200F}\u{2028}\u{FEFF}\u{E0041}\r";

#[test]
fn nothing_that_steers_a_terminal_comes_through() {
    let files = no_files();
    let name = format!("values{HOSTILE}.yaml");
    let source = file(&files, &name, &format!("# {HOSTILE}\na: {HOSTILE} wrong\n"));
    let mut hostile = finding(HOSTILE)
        .at(place(&source, "wrong"), HOSTILE)
        .also(source.place(0, 1), HOSTILE)
        .hint(HOSTILE)
        .subject(HOSTILE);
    hostile.targets = vec![HOSTILE.to_owned()];
    let report = shown(&files, hostile.clone());
    for c in HOSTILE.chars().filter(|c| !"[31m2J".contains(*c)) {
        assert!(!report.contains(c), "{c:?} in {report:?}");
        assert!(!hostile.to_string().contains(c), "{c:?}");
    }
    assert!(report.contains(r"\u{1b}[31m\u{7}\u{9b}2J\u{85}\u{202e}"), "{report}");
}

#[test]
fn what_is_replaced_in_a_line_does_not_shift_the_label() {
    insta::assert_snapshot!(at("a: \u{9b}\u{202E}\u{1b} wrong\n", "wrong"), @r"
    warning[yaml/value]: something is wrong
     --> values.yaml:1:8
      |
    1 | a: ·�? wrong
      |        ^^^^^ here
    ");
}

#[test]
fn a_value_cannot_make_up_a_second_message() {
    let forged = finding("`x\nerror[yaml/value]: forged` is wrong");
    insta::assert_snapshot!(forged.to_string(), @r"warning[yaml/value]: `x\nerror[yaml/value]: forged` is wrong");
    insta::assert_snapshot!(shown(&no_files(), forged), @r"warning[yaml/value]: `x\nerror[yaml/value]: forged` is wrong");
}

#[test]
fn a_hint_may_have_several_lines() {
    insta::assert_snapshot!(shown(&no_files(), finding("x").hint("add\n  image:\n    tag: v1")), @r"
    warning[yaml/value]: x
     |
     = help: add
               image:
                 tag: v1
    ");
}

#[test]
fn words_of_all_languages_stay_as_they_are() {
    for text in ["naïve", "名前", "مي\u{200C}خواهم", "क्\u{200D}ष", "👩\u{200D}💻"]
    {
        assert_eq!(visible(text), text);
    }
}

#[test]
fn reports_follow_each_other_with_a_blank_line_between() {
    insta::assert_snapshot!(report(&[finding("one"), finding("two")], Paint::Plain), @r"
    warning[yaml/value]: one

    warning[yaml/value]: two
    ");
}
