//! Custom resources and their definitions, as a real API server judged them: `tests/lint/crd`.
//!
//! Each file has a definition and objects of its kind; `definitions.yaml` has definitions alone. `verdicts.txt` is what the
//! server said (`record.py` asks it), `known-differences.txt` where jibe says something else, exactly: `cargo bless` writes
//! that, and it should only shrink. What is left there: of alternatives that all fail the server tells the best one's faults,
//! too; a name that does not suit its plural may break the grammar of names as well; rules are compiled before defaults are
//! judged; and no rule writes the messages of protocol buffers (`google.protobuf.Int32Value{…}`).

#[path = "lint/outside.rs"]
mod outside;

use jibe::api::{Api, Definitions, Version};
use jibe::check::{Advice, Inline, InlineSecrets, Rules, Validators, check};
use jibe::diag::{Diagnostic, Severities, Sink};
use jibe::manifest::{Draft, Placement, Stamp, drafts, identify};
use jibe::source::{Files, Inputs, RelPath};
use outside::outside;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/crd")
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).expect("a readable file")
}

/// What is found in a file: by name of the object, the fields that findings name.
fn judged(stem: &str) -> BTreeMap<String, BTreeSet<String>> {
    let text = read(&format!("{stem}.yaml"));
    let files = Files::memory([("x.yaml", text.as_str())]).expect("a path");
    let path = RelPath::parse("x.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a file");
    let read = drafts(&source, &mut Sink::new(&files)).expect("YAML");
    let name = |draft: &Draft, path: &[&str]| {
        draft.node.at(path).and_then(|node| node.as_str()).unwrap_or_default().to_owned()
    };
    let mut found = BTreeMap::new();
    if stem == "definitions" {
        for draft in read {
            let name = name(&draft, &["metadata", "labels", "case"]);
            found.insert(name, fields(&files, |sink| judge(&Definitions::default(), draft, sink)));
        }
        return found;
    }
    let mut rest = read.into_iter();
    let definition = rest.next().expect("a definition");
    let mut sink = Sink::new(&files);
    let definitions = Definitions::read([&definition.node], &mut sink);
    assert!(sink.passed().is_ok(), "{stem}: {:?}", told(sink));
    for draft in rest {
        let name = name(&draft, &["metadata", "name"]);
        found.insert(name, fields(&files, |sink| judge(&definitions, draft, sink)));
    }
    found
}

/// What one object's findings are.
fn judge(known: &Definitions, draft: Draft, sink: &mut Sink) {
    let own = Definitions::read([&draft.node], sink);
    let apis = [Api::new(Version::parse("1.35").expect("a version")).with(known).with(&own)];
    let placement =
        Placement { apis: &apis, namespace: None, other_namespaces: &[], stamp: Stamp::Never };
    let Ok(manifests) = identify(vec![draft], &placement, sink) else { return };
    let (severities, validators) = (Severities::default(), Validators::default());
    let rules = Rules {
        apis: &apis,
        severities: &severities,
        validators: &validators,
        advice: Advice::Workspace,
        inline: Inline::without_values(InlineSecrets::Allowed),
        known: None,
    };
    let _ = check(manifests, &rules, sink);
}

fn told(sink: Sink) -> Vec<Diagnostic> {
    match sink.finish() {
        Ok(_) => Vec::new(),
        Err(failure) => failure.diagnostics().to_vec(),
    }
}

fn fields(files: &Files, work: impl FnOnce(&mut Sink)) -> BTreeSet<String> {
    let mut sink = Sink::new(files);
    work(&mut sink);
    let path = |finding: Diagnostic| {
        let message = finding.message.as_str();
        let path = message.strip_prefix('`').and_then(|rest| rest.split('`').next());
        field(path.unwrap_or_default())
    };
    told(sink).into_iter().map(path).collect()
}

/// A path in one spelling: keys stand behind a dot, and a definition's only version is named.
fn field(path: &str) -> String {
    if path == "spec.version" {
        return "spec.versions[0].name".to_owned();
    }
    let path = outside(path).replace(".[", "[");
    let mut out = String::new();
    for (i, part) in path.split('[').enumerate() {
        let is_index = part.starts_with(|c: char| c.is_ascii_digit());
        match part.split_once(']') {
            Some((key, rest)) if i > 0 && !is_index => out += &format!(".{key}{rest}"),
            _ if i > 0 => out += &format!("[{part}"),
            _ => out += part,
        }
    }
    out.trim_start_matches("<nil>").trim_start_matches('.').to_owned()
}

/// What a server said.
enum Verdict {
    Ok,
    /// It refused the object, and these fields; none if it named no field.
    Refused(BTreeSet<String>),
}

/// That rules were not judged, and that they cost too much in sum, only follows from what is said beside it.
fn recorded(verdict: &str) -> Verdict {
    let one = |cause: &str| field(cause.split_once(' ').map_or("", |(_, field)| field));
    let mut fields: BTreeSet<_> = verdict.split("; ").map(one).collect();
    fields.remove("");
    if fields.len() > 1 {
        fields.remove("spec.versions[0].schema.openAPIV3Schema");
    }
    if verdict == "ok" { Verdict::Ok } else { Verdict::Refused(fields) }
}

#[test]
fn custom_resources_are_judged_as_a_server_judges_them() {
    let verdicts = read("verdicts.txt");
    let mut here = BTreeMap::new();
    let mut differences = String::new();
    for line in verdicts.lines().filter(|line| !line.starts_with('#')) {
        let (case, verdict) = line.split_once(": ").expect("a verdict");
        let (stem, name) = case.split_once('/').expect("a name");
        let file = here.entry(stem.to_owned()).or_insert_with(|| judged(stem));
        let found = file.remove(name).unwrap_or_else(|| panic!("{case} is not there"));
        let is_same = match &recorded(verdict) {
            Verdict::Ok => found.is_empty(),
            Verdict::Refused(fields) if fields.is_empty() => !found.is_empty(),
            Verdict::Refused(fields) => *fields == found,
        };
        if !is_same {
            let shown: Vec<_> = found.into_iter().collect();
            let shown = if shown.is_empty() { "ok".to_owned() } else { shown.join("; ") };
            differences += &format!("{case}: {verdict} | {shown}\n");
        }
    }
    assert!(here.values().all(BTreeMap::is_empty), "without a verdict: {here:?}");
    if std::env::var_os("JIBE_BLESS").is_some() {
        fs::write(folder().join("known-differences.txt"), &differences).expect("written");
    }
    assert_eq!(differences, read("known-differences.txt"), "what the server said | what jibe says");
}
