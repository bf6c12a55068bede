//! What Helm makes of the snippets of a page, as it was recorded.
//!
//! `helm-output.txt` holds, chart by chart, each template that a page shows for Helm and what each
//! version of Helm printed for it. `helm-record` runs the programs anew and writes that file:
//!
//! ```sh
//! tests/docs/helm-record helm-3 helm-4
//! ```
//!
//! So tests need no Helm; a snippet that was never recorded fails, and so does a record without a snippet.

use super::chart::Bench;
use super::repository;
use jibe::diag::Sink;
use jibe::source::Files;
use jibe::yaml;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const RECORDED: &str = "tests/docs/helm-output.txt";
/// The programs to record, separated by blanks.
const PROGRAMS: &str = "JIBE_HELM";

/// A template for Helm with all that its output depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    chart: BTreeMap<String, String>,
    flags: String,
    template: String,
}

impl Asked {
    pub(super) fn new(bench: &Bench, flags: &str, template: &str) -> Self {
        let chart = bench.files_for_helm();
        let chart = chart.into_iter().map(|(path, text)| (path, ended(&text))).collect();
        Self { chart, flags: flags.to_owned(), template: ended(template) }
    }
}

/// A text with one line end at its end.
fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}

/// The objects that a template becomes, or the message.
pub(super) type Outcome = Result<Vec<Value>, String>;

/// What each version of Helm printed, by its name.
type Printed = BTreeMap<String, String>;

/// The recorded facts of one page.
pub(super) struct Helm {
    recorded: BTreeMap<Asked, Printed>,
    asked: BTreeSet<Asked>,
    fresh: Vec<(Asked, Printed)>,
    programs: Vec<PathBuf>,
}

impl Helm {
    pub(super) fn open() -> Self {
        let programs = std::env::var(PROGRAMS).unwrap_or_default();
        let text = fs::read_to_string(repository().join(RECORDED)).unwrap_or_default();
        Self {
            recorded: read(&text),
            asked: BTreeSet::new(),
            fresh: Vec::new(),
            programs: programs.split_whitespace().map(PathBuf::from).collect(),
        }
    }

    /// What all recorded versions of Helm make of a template.
    pub(super) fn outcome(&mut self, asked: &Asked, at: &str) -> Outcome {
        self.asked.insert(asked.clone());
        if !self.programs.is_empty() {
            let printed = self.programs.iter().map(|program| run(program, asked));
            let printed: Printed = printed.collect();
            self.recorded.insert(asked.clone(), printed.clone());
            self.fresh.push((asked.clone(), printed));
        }
        let printed = self.recorded.get(asked).unwrap_or_else(|| {
            panic!("{at}: this was never given to Helm; run tests/docs/helm-record:\n{asked:#?}")
        });
        let mut read = printed.values().map(|text| objects(text));
        let first = read.next().expect("at least one version");
        assert!(
            read.all(|other| other == first),
            "{at}: the versions of Helm differ: {printed:#?}"
        );
        first
    }

    /// Writes what was recorded by this run; else nothing may be recorded that the page no longer shows.
    pub(super) fn finish(&self) {
        if self.fresh.is_empty() && !self.asked.is_empty() {
            let is_shown = |asked: &&Asked| self.asked.contains(*asked);
            let left = self.recorded.keys().find(|asked| !is_shown(asked));
            assert!(left.is_none(), "{RECORDED}: no page shows this; run helm-record: {left:#?}");
        }
        if !self.fresh.is_empty() {
            fs::write(repository().join(RECORDED), written(&self.fresh)).expect("a writable file");
        }
    }
}

/// The objects of a text that Helm printed.
fn objects(printed: &str) -> Outcome {
    if let Some(message) = printed.strip_prefix("error: ") {
        return Err(message.trim_end().to_owned());
    }
    let files = Files::memory([("printed.yaml", printed.to_owned())]).expect("one file");
    let source = files.add("printed.yaml", printed.as_bytes().to_vec()).expect("a text");
    let documents = yaml::read(&source, &mut Sink::new(&files));
    let documents = documents.unwrap_or_else(|_| panic!("Helm prints no YAML:\n{printed}"));
    let objects = documents.iter().filter(|document| !document.root.is_null());
    Ok(objects.map(|document| yaml::to_json(&document.root)).collect())
}

/// The version of a program and what it prints for a template.
fn run(program: &Path, asked: &Asked) -> (String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in &asked.chart {
        write(&folder.path().join("web").join(path), text);
    }
    write(&folder.path().join("web/templates/page.yaml"), &asked.template);
    let helm = |arguments: &str| {
        let output = Command::new(program)
            .args(arguments.split_whitespace())
            .current_dir(folder.path().join("web"))
            .env("HOME", folder.path())
            .output();
        output.unwrap_or_else(|e| panic!("{}: {e}", program.display()))
    };
    let version = String::from_utf8_lossy(&helm("version --short").stdout).trim().to_owned();
    let flags = &asked.flags;
    let output = helm(&format!("template web . -n shop --kube-version 1.35 {flags}"));
    let printed = String::from_utf8_lossy(&output.stdout);
    let lines = printed.lines().filter(|line| !line.starts_with("# Source: "));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    if output.status.success() {
        return (version, ended(text.strip_prefix("---\n").unwrap_or(&text)));
    }
    let message = String::from_utf8_lossy(&output.stderr);
    let message = message.lines().next().unwrap_or_default();
    (version, format!("error: {}\n", message.trim_start_matches("Error: ")))
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
    fs::write(path, text).expect("a new file");
}

/// The recorded facts as text; versions that print the same stand together.
fn written(facts: &[(Asked, Printed)]) -> String {
    let mut text =
        "What Helm prints for the snippets of docs/from-helm.md; written by tests/docs/helm-record.\n"
            .to_owned();
    let mut chart = None;
    for (asked, printed) in facts {
        if chart != Some(&asked.chart) {
            text += "\n==== chart\n";
            for (path, content) in &asked.chart {
                write!(text, "---- {path}\n{content}").expect("a string");
            }
            chart = Some(&asked.chart);
        }
        writeln!(text, "{}", format!("==== template {}", asked.flags).trim_end())
            .expect("a string");
        text += &asked.template;
        let mut versions = BTreeMap::<&str, Vec<&str>>::new();
        for (version, output) in printed {
            versions.entry(output).or_default().push(version);
        }
        for (output, versions) in versions {
            write!(text, "---- {}\n{output}", versions.join(" ")).expect("a string");
        }
    }
    text
}

/// Reads what `written` wrote.
fn read(text: &str) -> BTreeMap<Asked, Printed> {
    let mut facts = BTreeMap::new();
    let mut chart = BTreeMap::new();
    for section in text.split("\n==== ").skip(1) {
        let (head, body) = section.split_once('\n').expect("a line");
        let body = format!("\n{body}");
        let mut parts = body.split("\n---- ");
        let template = ended(parts.next().unwrap_or_default().trim_start_matches('\n'));
        let named = parts.map(|part| part.split_once('\n').expect("a name"));
        let named = named.map(|(name, text)| (name.to_owned(), ended(text)));
        let Some(flags) = head.strip_prefix("template") else {
            chart = named.collect();
            continue;
        };
        let flags = flags.trim_start().to_owned();
        let mut printed = Printed::new();
        for (versions, text) in named {
            printed.extend(versions.split(' ').map(|version| (version.to_owned(), text.clone())));
        }
        facts.insert(Asked { chart: chart.clone(), flags, template }, printed);
    }
    facts
}

/// Whether Helm and jibe say the same: objects that are equal, or errors of which Helm's holds ours.
pub(super) fn agree(helm: &Outcome, jibe: &Outcome) -> bool {
    match (helm, jibe) {
        (Err(theirs), Err(ours)) => theirs.contains(ours),
        _ => helm == jibe,
    }
}
