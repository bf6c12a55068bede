//! The manifests by which kubeconform and kubectl-validate are tested.

use crate::archive::{Archive, Found, text};
use crate::differences::hold;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const SUITES: [&str; 2] = ["kubeconform", "kubectl-validate"];

/// The version of which a server was asked for the reasons in the list.
const VERSION: &str = "1.35";

/// What another validator answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Taken,
    Refused,
    /// It knows no schema of the kind; told to pass such kinds over, it does.
    Unknown,
}

/// A file and what the other validator answers.
struct Case {
    file: String,
    verdict: Verdict,
    /// The field that it names.
    field: Option<String>,
}

impl Case {
    /// None of an entry of another suite.
    fn read(entry: &Value) -> Option<Self> {
        entry["suite"].as_str().filter(|suite| SUITES.contains(suite))?;
        let message = entry["messages"][0].as_str().unwrap_or_default();
        let verdict = match entry["verdict"].as_str()? {
            "ok" | "ok-empty" | "ok-parse" | "support" => Verdict::Taken,
            "bad" | "bad-strict" => Verdict::Refused,
            "no-schema" => Verdict::Unknown,
            // Tests that are switched off; without a message the manifest is right.
            "disabled" if message.is_empty() => Verdict::Taken,
            "disabled" => Verdict::Refused,
            other => panic!("a verdict of a new kind, {other}"),
        };
        Some(Self { file: text(entry, "file"), verdict, field: field(message) })
    }
}

/// `spec.replicas` of `Deployment.apps "web" is invalid: spec.replicas: Invalid value: …`.
fn field(message: &str) -> Option<String> {
    let reasons = message.split_once(" is invalid: ")?.1.trim_start_matches('[');
    let field = reasons.split(": ").next()?;
    (field != "<nil>").then(|| field.to_owned())
}

/// What jibe says against the files of some cases, by file.
fn errors<'c>(
    archive: &Archive,
    words: &[&str],
    cases: impl Iterator<Item = &'c Case>,
) -> BTreeMap<String, Vec<Found>> {
    let words = ["--kube-version", VERSION].iter().chain(words).map(|word| (*word).to_owned());
    let mut by_file: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    for found in archive.lint(words.chain(cases.map(|case| case.file.clone()))) {
        if found.is_error {
            by_file.entry(found.file.clone()).or_default().push(found);
        }
    }
    by_file
}

fn cases(archive: &Archive) -> Vec<Case> {
    archive.index("index.jsonl").iter().filter_map(Case::read).collect()
}

fn difference(case: &Case, found: Option<&Vec<Found>>) -> Option<String> {
    let file = &case.file;
    match (case.verdict, found) {
        (Verdict::Taken, Some(_)) => Some(format!("refused {file}")),
        (Verdict::Refused | Verdict::Unknown, None) => Some(format!("taken {file}")),
        (Verdict::Refused, Some(found)) => {
            let field = case.field.as_ref()?;
            let is_named = found.iter().any(|found| found.names(field));
            (!is_named).then(|| format!("elsewhere {file}"))
        }
        _ => None,
    }
}

#[test]
fn what_other_validators_take_and_refuse_is_taken_and_refused() {
    let Some(archive) = Archive::open("policy-and-schema-cases.tar.xz") else { return };
    let cases = cases(&archive);
    assert!(cases.len() > 60, "{} fixtures", cases.len());
    let found = errors(&archive, &["--crd", "kubectl-validate/crds"], cases.iter());
    let actual: BTreeSet<String> =
        cases.iter().filter_map(|case| difference(case, found.get(&case.file))).collect();
    hold(&SUITES, &actual, |difference| {
        let file = difference.split_once(' ').expect("how, and a file").1;
        let said = found.get(file).into_iter().flatten();
        let said = said.map(|found| format!("[{}] {}", found.code, found.message));
        said.collect::<Vec<_>>().join("; ")
    });
}

#[test]
fn kinds_without_a_schema_are_passed_over_on_request() {
    let Some(archive) = Archive::open("policy-and-schema-cases.tar.xz") else { return };
    let mut cases = cases(&archive);
    cases.retain(|case| case.verdict == Verdict::Unknown);
    assert_eq!(cases.len(), 2);
    assert_eq!(errors(&archive, &[], cases.iter()).len(), 2);
    let left = errors(&archive, &["--allow-unknown-kinds"], cases.iter());
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn the_field_that_a_message_names_is_read() {
    let of = |reason: &str| field(&format!("Pod.core \"a b\" is invalid: {reason}"));
    assert_eq!(of("spec.x[0]: Required value").as_deref(), Some("spec.x[0]"));
    assert_eq!(of("[spec.a: Invalid value: 1: x, spec.b: y]").as_deref(), Some("spec.a"));
    assert_eq!(of("<nil>: Invalid value: no field"), None);
    assert_eq!(field("failed to unmarshal"), None);
}
