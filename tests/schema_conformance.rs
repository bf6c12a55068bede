//! The fixtures of kubeconform and kubectl-validate: what they take and refuse, and where jibe differs.
//!
//! The fixtures are not part of this repository; without `../shared/conformance` the test says so and passes.

use jibe::api::{Api, Definitions, Version};
use jibe::check::{Inline, InlineSecrets, Rules, Validators, check};
use jibe::diag::{Reported, Severities, Sink};
use jibe::manifest::{Placement, Stamp, drafts, identify};
use jibe::source::{EntryKind, Files, Inputs, RelPath};
use std::path::Path;
use std::process::Command;

/// Fixtures that are taken there and refused here, with the reason.
const REFUSED_HERE: &[(&str, &str)] = &[
    ("kubeconform/fixtures__generate_name.yaml", "each apply of it would make another object"),
    (
        "kubeconform/fixtures__same-kind-different-api.yaml",
        "one object twice, in two versions of its group",
    ),
    (
        "kubectl-validate/testcases__manifests__configmap.yaml",
        "a finalizer without a domain, which a real server refuses",
    ),
];

macro_rules! case {
    ($name:literal) => {
        concat!("kubectl-validate/testcases__manifests__", $name, ".yaml")
    };
}

/// Fixtures that are refused there and taken here, with the reason.
const TAKEN_HERE: &[(&str, &str)] = &[(
    case!("error_x_list_map_duplicate_key"),
    "doubled ports of a pod, of which a real server only warns",
)];

struct Case {
    file: String,
    verdict: String,
}

fn fixtures() -> Option<tempfile::TempDir> {
    let archive = "../shared/conformance/policy-and-schema-cases.tar.xz";
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join(archive);
    if !archive.is_file() {
        eprintln!("skipped: {} is absent", archive.display());
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let tar = Command::new("tar").arg("-xJf").arg(archive).arg("-C").arg(folder.path()).status();
    assert!(tar.expect("tar runs").success());
    Some(folder)
}

fn cases(folder: &Path) -> Vec<Case> {
    let index = std::fs::read_to_string(folder.join("index.jsonl")).expect("an index");
    let read = |line: &str| {
        let entry: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let suite = text("suite");
        let ours = matches!(suite.as_str(), "kubeconform" | "kubectl-validate");
        ours.then(|| Case { file: text("file"), verdict: text("verdict") })
    };
    index.lines().filter_map(read).collect()
}

/// The definitions that kubectl-validate's cases need.
fn definitions(files: &Files, sink: &mut Sink) -> Definitions {
    let folder = RelPath::parse("kubectl-validate/crds").expect("a path");
    let mut inputs = Inputs::default();
    let entries = files.list(&folder, &mut inputs).expect("a folder");
    let mut nodes = Vec::new();
    for entry in entries.iter().filter(|entry| entry.kind == EntryKind::File) {
        let path =
            RelPath::parse(&format!("kubectl-validate/crds/{}", entry.name)).expect("a path");
        let source = files.read(&path, &mut inputs).expect("a file");
        nodes.extend(drafts(&source, sink).expect("YAML").into_iter().map(|draft| draft.node));
    }
    Definitions::read(&nodes, sink)
}

/// As the pipeline does it: definitions in the same render are read, too.
fn judge(files: &Files, file: &str, apis: &[Api], sink: &mut Sink) -> Result<usize, Reported> {
    let source = files.read(&RelPath::parse(file).expect("a path"), &mut Inputs::default());
    let source = source.map_err(|error| sink.error(jibe::diag::unreadable(&error)))?;
    let found = drafts(&source, sink)?;
    Definitions::read(found.iter().map(|draft| &draft.node), sink);
    let placement = Placement { apis, namespace: None, other_namespaces: &[], stamp: Stamp::Never };
    let found = identify(found, &placement, sink)?;
    let (severities, validators) = (Severities::default(), Validators::default());
    let rules = Rules {
        advice: jibe::check::Advice::Workspace,
        apis,
        severities: &severities,
        validators: &validators,
        inline: Inline::without_values(InlineSecrets::Allowed),
        known: None,
    };
    check(found, &rules, sink).map(|checked| checked.manifests().len())
}

#[test]
fn fixtures_of_other_validators_are_judged_alike() {
    let Some(folder) = fixtures() else { return };
    let files = Files::disk(folder.path()).expect("a folder");
    let mut sink = Sink::new(&files);
    let definitions = definitions(&files, &mut sink);
    let apis = [Api::new(Version::parse("1.35").expect("a version")).with(&definitions)];
    let (mut refused, mut taken) = (Vec::new(), Vec::new());
    for case in cases(folder.path()) {
        let mut sink = Sink::new(&files);
        let judged = judge(&files, &case.file, &apis, &mut sink);
        match (case.verdict.as_str(), judged) {
            ("ok" | "ok-empty" | "ok-parse", Err(_)) => {
                let why = sink.finish().err().map(|failure| failure.diagnostics()[0].to_string());
                refused.push((case.file, why.unwrap_or_default()));
            }
            ("bad" | "bad-strict", Ok(_)) => taken.push(case.file),
            _ => {}
        }
    }
    let names = |known: &[(&'static str, &'static str)]| {
        known.iter().map(|(file, _)| (*file).to_owned()).collect::<Vec<_>>()
    };
    let refused_files: Vec<_> = refused.iter().map(|(file, _)| file.clone()).collect();
    assert_eq!(refused_files, names(REFUSED_HERE), "{refused:#?}");
    assert_eq!(taken, names(TAKEN_HERE));
}
