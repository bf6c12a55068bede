//! Which findings pass, and what a file of them says.

use super::Baseline;
use crate::diag::{Code, Diagnostic, Identity, Sink};
use crate::source::{Files, Inputs, RelPath, Secrets};

fn found(code: Code, field: &str) -> Diagnostic {
    let mut finding = Diagnostic::error(code, "wrong").known_by("Deployment.apps/shop/web", field);
    finding.identities[0].within = "prod/shop/web".to_owned();
    finding
}

/// A file as it is read back, or what is said against it, a line each.
fn read(text: &str) -> Result<Baseline, String> {
    let files = Files::memory([("baseline.yaml", text)]).expect("a path");
    let path = RelPath::parse("baseline.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a text");
    let mut sink = Sink::new(&files);
    let baseline = Baseline::read(&source, &mut sink);
    let said = |found: &Diagnostic| format!("{found} ({})", found.hints.join("; "));
    match sink.finish() {
        Ok(_) => Ok(baseline.expect("no error was reported")),
        Err(failure) => Err(failure.diagnostics().iter().map(said).collect::<Vec<_>>().join("\n")),
    }
}

fn text(baseline: &Baseline) -> String {
    let files = Files::memory([("x", "")]).expect("a path");
    let place = files.add("a baseline", Vec::new()).expect("a text").place(0, 0);
    baseline
        .text(place)
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n")
}

fn refused(lines: &str, expect: &str) {
    let said = read(lines).expect_err("a refusal");
    assert!(said.contains(expect), "{said}");
}

#[test]
fn a_file_is_sorted_and_says_neither_lines_nor_values() {
    let findings = [
        found(Code::CheckSchema, "spec.replicas"),
        found(Code::ApiRequired, "spec.template"),
        found(Code::ApiRequired, ""),
        found(Code::CheckSchema, "spec.replicas"),
    ];
    let baseline = Baseline::of(&findings, &Secrets::default());
    insta::assert_snapshot!(text(&baseline), @r"
    baseline: 1
    findings:
    - code: api/required
      in: prod/shop/web
      object: Deployment.apps/shop/web
    - code: check/schema
      count: 2
      field: spec.replicas
      in: prod/shop/web
      object: Deployment.apps/shop/web
    - code: api/required
      field: spec.template
      in: prod/shop/web
      object: Deployment.apps/shop/web
    ");
    let reversed: Vec<_> = findings.iter().rev().collect();
    assert_eq!(text(&Baseline::of(reversed, &Secrets::default())), text(&baseline));
    let again = read(&format!("# remark\n{}\n", text(&baseline))).expect("a baseline");
    assert_eq!((text(&again), again.count()), (text(&baseline), 4));
}

#[test]
fn only_what_an_entry_names_passes() {
    let baseline = Baseline::of([&found(Code::CheckSchema, "spec.a")], &Secrets::default());
    let other = |change: fn(&mut Identity)| {
        let mut finding = found(Code::CheckSchema, "spec.a");
        change(&mut finding.identities[0]);
        finding
    };
    let passes = |finding| baseline.sift(vec![finding]).1 == 1;
    assert!(passes(other(|_| {})));
    assert!(!passes(other(|it| it.code = Code::CheckMissing)));
    assert!(!passes(other(|it| it.within = "dev/shop/web".to_owned())));
    assert!(!passes(other(|it| it.object = "Deployment.apps/shop/web2".to_owned())));
    assert!(!passes(other(|it| it.field = "spec.b".to_owned())));
    let mut nameless = found(Code::CheckSchema, "spec.a");
    nameless.identities.clear();
    assert!(!passes(nameless));
}

#[test]
fn of_more_findings_than_an_entry_says_none_passes() {
    let one = || found(Code::CheckSchema, "spec.a");
    let baseline = Baseline::of([&one()], &Secrets::default());
    let (new, known) = baseline.sift(vec![one(), one()]);
    assert_eq!((new.len(), known), (2, 0));
    assert_eq!(
        new[0].hints,
        ["the baseline lets 1 of these pass, but there are 2: mend those that are new"]
    );
}

#[test]
fn an_entry_that_is_not_needed_is_told_of_targets_that_were_judged() {
    let two = [found(Code::CheckSchema, "spec.a"), found(Code::CheckSchema, "spec.a")];
    let baseline = Baseline::of(&two, &Secrets::default());
    let stale = |found: &[Diagnostic], target: &str| -> Vec<String> {
        let told = baseline.stale(found, |within| within == target);
        told.into_iter().map(|(_, finding)| finding.message).collect()
    };
    assert_eq!(
        stale(&[], "prod/shop/web"),
        [
            "`check/schema` of `Deployment.apps/shop/web spec.a` is not found any more in `prod/shop/web`"
        ]
    );
    assert_eq!(
        stale(&two[..1], "prod/shop/web"),
        [
            "`check/schema` of `Deployment.apps/shop/web spec.a` is found less often in `prod/shop/web`: 1 of 2"
        ]
    );
    assert_eq!(stale(&two, "prod/shop/web"), [""; 0]);
    assert_eq!(stale(&[], "dev/shop/web"), [""; 0]);
}

#[test]
fn a_finding_whose_name_holds_a_secret_is_left_out() {
    let secrets = Secrets::default();
    secrets.add("hunter22");
    let named = found(Code::CheckSchema, "data[hunter22]");
    assert_eq!(Baseline::of([&named], &secrets).count(), 0);
    assert_eq!(Baseline::of([&named], &Secrets::default()).count(), 1);
}

#[test]
fn a_file_that_says_something_else_is_refused_with_the_line() {
    let entry =
        |line: &str| format!("baseline: 1\nfindings:\n- {{{line}, in: a/b, object: Pod/x}}\n");
    refused("", "`baseline.yaml` must be one YAML document");
    refused("a: 1\n---\nb: 1\n", "`baseline.yaml` must be one YAML document");
    refused("baseline: 1\n", "field `findings` is missing");
    refused(
        "baseline: 2\nfindings: []\n",
        "1:11: error[workspace/baseline]: `baseline.yaml` has the form `2`, but this jibe knows `1`",
    );
    refused("<<<<<<< ours\nbaseline: 1\n", "error[yaml/");
    refused(
        &entry("code: check/shema"),
        "3:10: error[workspace/baseline]: there is no code `check/shema` (did you mean `check/schema`?)",
    );
    refused(
        &entry("code: yaml/syntax"),
        "`yaml/syntax` can never pass: it leaves nothing to write",
    );
    refused(&entry("code: template/failed"), "`template/failed` can never pass");
    refused(&entry("code: api/definition"), "`api/definition` can never pass");
    refused(&entry("code: check/schema, count: 0"), "an entry with `count: 0` lets nothing pass");
    refused(&entry("code: check/schema, count: -1"), "error[yaml/type]");
    refused(&entry("code: check/schema, line: 7"), "unknown field `line`");
}

#[test]
fn entries_that_a_merge_left_twice_count_together_and_no_count_is_too_large() {
    let line = "- {code: check/schema, in: a/b, object: Pod/x, count: 18446744073709551615}\n";
    let both = read(&format!("baseline: 1\nfindings:\n{line}{line}")).expect("a baseline");
    assert_eq!(both.count(), u64::MAX);
}
