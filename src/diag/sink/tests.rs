//! Order and unity of findings, whoever finds them.

use super::Sink;
use crate::diag::{Code, Diagnostic, Severity};
use crate::source::{Files, Inputs, RelPath};

fn files(order: [&str; 2]) -> Files {
    let files = Files::memory([("a.yaml", "a: 1\n\nb: 2\n"), ("b.yaml", "c: 3\n")]).expect("paths");
    // Read in this order, so that the numbers of the files differ.
    for name in order {
        let path = RelPath::parse(name).expect("a path");
        let _source = files.read(&path, &mut Inputs::default()).expect("a file");
    }
    files
}

/// Reports a warning in `file` for `target`.
fn warn(sink: &mut Sink, file: &str, start: usize, message: &str) {
    let path = RelPath::parse(file).expect("a path");
    let source = sink.files().read(&path, &mut Inputs::default()).expect("a file");
    sink.warn(Diagnostic::warning(Code::YamlValue, message).at(source.place(start, start + 1), ""));
}

fn lines(sink: Sink) -> Vec<String> {
    let found = sink.finish().expect("warnings only");
    found.iter().map(|d| format!("{d} {:?}", d.targets)).collect()
}

#[test]
fn findings_are_sorted_by_file_and_place_not_by_reading_order() {
    for order in [["a.yaml", "b.yaml"], ["b.yaml", "a.yaml"]] {
        let mut sink = Sink::new(&files(order));
        warn(&mut sink, "b.yaml", 0, "third");
        warn(&mut sink, "a.yaml", 6, "second");
        warn(&mut sink, "a.yaml", 0, "first");
        sink.warn(Diagnostic::warning(Code::YamlValue, "without a place"));
        assert_eq!(
            lines(sink),
            [
                "warning[yaml/value]: without a place []",
                "a.yaml:1:1: warning[yaml/value]: first []",
                "a.yaml:3:1: warning[yaml/value]: second []",
                "b.yaml:1:1: warning[yaml/value]: third []",
            ]
        );
    }
}

#[test]
fn a_finding_of_several_targets_stands_once_with_all_of_them() {
    let files = files(["a.yaml", "b.yaml"]);
    for order in [["dev/shop/web", "prod/shop/web"], ["prod/shop/web", "dev/shop/web"]] {
        let mut all = Sink::new(&files);
        for target in order.iter().chain(&order) {
            let mut sink = Sink::for_target(&files, *target);
            warn(&mut sink, "a.yaml", 0, "x");
            all.absorb(sink);
        }
        let expect = r#"a.yaml:1:1: warning[yaml/value]: x ["dev/shop/web", "prod/shop/web"]"#;
        assert_eq!(lines(all), [expect]);
    }
}

#[test]
fn subjects_do_not_depend_on_who_was_first() {
    let files = files(["a.yaml", "b.yaml"]);
    for order in [["Deployment/b", "Deployment/a"], ["Deployment/a", "Deployment/b"]] {
        let mut sink = Sink::new(&files);
        for subject in order {
            sink.warn(Diagnostic::warning(Code::YamlValue, "x").subject(subject));
        }
        let found = sink.finish().expect("warnings only");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].subjects, ["Deployment/a", "Deployment/b"]);
    }
}

#[test]
fn findings_that_differ_in_anything_seen_are_kept_apart() {
    let mut sink = Sink::new(&files(["a.yaml", "b.yaml"]));
    let finding = || Diagnostic::warning(Code::YamlValue, "x");
    sink.warn(finding());
    sink.warn(finding().hint("y"));
    sink.error(finding());
    sink.warn(Diagnostic { code: Code::YamlKey, ..finding() });
    warn(&mut sink, "a.yaml", 0, "x");
    assert_eq!(sink.finish().expect_err("an error").diagnostics().len(), 5);
}

#[test]
fn one_error_makes_everything_fail_and_keeps_the_warnings() {
    let mut sink = Sink::new(&files(["a.yaml", "b.yaml"]));
    assert!(sink.passed().is_ok());
    sink.warn(Diagnostic::warning(Code::YamlValue, "a warning"));
    assert!(sink.passed().is_ok());
    let reported = sink.error(Diagnostic::warning(Code::YamlValue, "an error"));
    assert_eq!(sink.passed(), Err(reported));
    let failure = sink.finish().expect_err("an error");
    let severities: Vec<_> = failure.diagnostics().iter().map(|d| d.severity).collect();
    assert_eq!(severities, [Severity::Warning, Severity::Error]);
}

#[test]
fn a_failure_prints_the_report_when_main_returns_it() {
    let mut sink = Sink::new(&files(["a.yaml", "b.yaml"]));
    sink.error(Diagnostic::error(Code::YamlValue, "wrong"));
    let failure = sink.finish().expect_err("an error");
    assert_eq!(failure.to_string(), "error[yaml/value]: wrong\n");
    assert_eq!(format!("{failure:?}"), "\nerror[yaml/value]: wrong\n");
}

#[test]
fn what_is_a_secret_for_one_target_is_shown_for_none() {
    let files = files(["a.yaml", "b.yaml"]);
    let source = {
        let path = RelPath::parse("a.yaml").expect("a path");
        files.read(&path, &mut Inputs::default()).expect("a file")
    };
    let shown = Diagnostic::error(Code::YamlValue, "x").at(source.place(0, 1), "");
    for order in [
        [shown.clone(), shown.clone().without_excerpts()],
        [shown.clone().without_excerpts(), shown],
    ] {
        let mut sink = Sink::new(&files);
        for finding in order {
            sink.error(finding);
        }
        let report = sink.finish().expect_err("an error").to_string();
        assert_eq!(report, "error[yaml/value]: x\n--> a.yaml:1:1\n");
    }
}
