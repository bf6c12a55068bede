//! Small kustomizations of our own, each a claim about what kustomize does.
//!
//! `own/AREA.txt` holds them one behind the other:
//!
//! | line | what follows |
//! |---|---|
//! | `@@ a sentence` | a case; the sentence says what kustomize does |
//! | `@ path` | the text of a file |
//! | `@64 path` | the bytes of a file, in base64; cases with such are built on disk |
//! | `@= folder [flags]` | what `kustomize build` of that folder prints |
//! | `@! folder [flags]` | it fails; jibe's findings, one a line |
//!
//! Flags are `--reorder none`, `--load-restrictor LoadRestrictionsNone` and `--enable-managedby-label`.
//!
//! What is printed was recorded from kustomize 5.6.0. With `JIBE_KUSTOMIZE=/path/to/kustomize` each build is made by that
//! program, too, and must print the same; with `cargo bless` besides, what it prints is recorded anew.

use super::{built, here};
use base64::Engine;
use jibe::kustomize::config::Note;
use jibe::kustomize::{LoadRestrictor, Options};
use jibe::source::Files;
use jibe::transform::SortOrder;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// One case: its sentence, its files, its builds.
#[derive(Default)]
struct Case {
    claim: String,
    files: Vec<(String, String)>,
    /// Paths and bytes in base64.
    binary: Vec<(String, String)>,
    builds: Vec<Build>,
}

struct Build {
    /// The folder and flags.
    words: Vec<String>,
    fails: bool,
    text: String,
}

/// What a run is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To see whether all is as it is recorded.
    Compare,
    /// To record anew what kustomize prints, and how jibe's findings read.
    Record,
}

fn options(flags: &[String]) -> Options {
    let mut options = Options::default();
    let mut words = flags.iter().map(String::as_str);
    while let Some(flag) = words.next() {
        match flag {
            "--enable-managedby-label" => options.managed_by = Note::Kept,
            "--reorder" if words.next() == Some("none") => options.order = Some(SortOrder::Fifo),
            "--load-restrictor" if words.next() == Some("LoadRestrictionsNone") => {
                options.restrictor = LoadRestrictor::None;
            }
            other => panic!("the flag `{other}`, or its value, is not known here"),
        }
    }
    options
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut into = String::new();
    for line in text.split_inclusive('\n') {
        let head = line.trim_end();
        if let Some(claim) = head.strip_prefix("@@ ") {
            cases.push(Case { claim: claim.to_owned(), ..Case::default() });
            into = "claim".to_owned();
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(words) = head.strip_prefix("@= ").or(head.strip_prefix("@! ")) {
            let words = words.split(' ').map(str::to_owned).collect();
            case.builds.push(Build { words, fails: head.starts_with("@!"), text: String::new() });
            into = "build".to_owned();
        } else if let Some(path) = head.strip_prefix("@64 ") {
            case.binary.push((path.to_owned(), String::new()));
            into = "binary".to_owned();
        } else if let Some(path) = head.strip_prefix("@ ") {
            case.files.push((path.to_owned(), String::new()));
            into = "file".to_owned();
        } else if into == "build" {
            case.builds.last_mut().expect("a build").text.push_str(line);
        } else if into == "binary" {
            case.binary.last_mut().expect("a file").1.push_str(line);
        } else if into == "file" {
            case.files.last_mut().expect("a file").1.push_str(line);
        }
    }
    cases
}

fn written(cases: &[Case]) -> String {
    let mut out = String::new();
    for case in cases {
        let _ = writeln!(out, "@@ {}", case.claim);
        for (path, text) in &case.files {
            let _ = write!(out, "@ {path}\n{text}");
        }
        for (path, text) in &case.binary {
            let _ = write!(out, "@64 {path}\n{text}");
        }
        for build in &case.builds {
            let mark = if build.fails { "@!" } else { "@=" };
            let _ = write!(out, "{mark} {}\n{}", build.words.join(" "), build.text);
        }
    }
    out
}

impl Case {
    /// What jibe makes of a build.
    fn built(&self, build: &Build) -> Result<String, String> {
        let files = self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let folder = (!self.binary.is_empty()).then(|| self.on_disk());
        let files = match &folder {
            None => Files::memory(files).expect("paths"),
            Some(folder) => Files::disk(folder.path()).expect("a folder"),
        };
        let built = built(&files, &build.words[0], &options(&build.words[1..]));
        // Findings name files by where they lie, which is another folder each time.
        let root =
            folder.map_or_else(String::new, |folder| format!("{}/", folder.path().display()));
        built.map_err(|told| if root.is_empty() { told } else { told.replace(&root, "") })
    }

    /// Checks a build against what is recorded, and that against kustomize where it is at hand.
    fn check(
        &self,
        build: &mut Build,
        program: Option<&OsString>,
        purpose: Purpose,
        wrong: &mut String,
    ) {
        let ours = self.built(build);
        let fails = |ours: &Result<String, String>| ours.clone().err().unwrap_or_default();
        match (program.map(|program| self.real(build, program)), purpose) {
            (Some(Some(text)), Purpose::Record) => (build.fails, build.text) = (false, text),
            (Some(None), Purpose::Record) => (build.fails, build.text) = (true, fails(&ours)),
            (Some(real), Purpose::Compare) => {
                if real.as_ref() != Some(&build.text).filter(|_| !build.fails) {
                    let real = real.unwrap_or_else(|| "nothing, because it fails\n".to_owned());
                    let _ = writeln!(wrong, "{}: kustomize prints\n{real}", self.claim);
                }
            }
            (None, Purpose::Record) if build.fails => build.text = fails(&ours),
            (None, _) => {}
        }
        let agrees = match &ours {
            Ok(text) => !build.fails && *text == build.text,
            Err(text) => build.fails && *text == build.text,
        };
        if !agrees {
            let ours = ours.unwrap_or_else(|text| text);
            let _ = writeln!(wrong, "{}: expected\n{}but got\n{ours}", self.claim, build.text);
        }
    }

    fn on_disk(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let texts = self.files.iter().map(|(path, text)| (path, text.as_bytes().to_vec()));
        let binary = self.binary.iter().map(|(path, text)| {
            let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim());
            (path, bytes.expect("base64"))
        });
        for (path, bytes) in texts.chain(binary) {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a writable disk");
            fs::write(path, bytes).expect("a writable disk");
        }
        folder
    }

    /// What kustomize prints; none where it fails.
    fn real(&self, build: &Build, program: &OsString) -> Option<String> {
        let folder = self.on_disk();
        let mut command = Command::new(program);
        command.arg("build").args(&build.words).current_dir(folder.path());
        let output = command.output().expect("kustomize runs");
        let text = String::from_utf8(output.stdout).expect("text");
        // A program that was built by hand knows no version of itself.
        output.status.success().then(|| text.replace("kustomize-(devel)", "kustomize-v5.6.0"))
    }
}

#[test]
fn small_kustomizations_are_built_as_kustomize_builds_them() {
    let mut wrong = String::new();
    let mut count = 0;
    for entry in fs::read_dir(here().join("own")).expect("cases") {
        count += check_area(&entry.expect("an entry").path(), &mut wrong);
    }
    assert!(count >= 400, "{count} cases");
    assert!(wrong.is_empty(), "{wrong}");
}

/// How many cases a file holds; what is wrong with them goes to `wrong`.
fn check_area(path: &Path, wrong: &mut String) -> usize {
    let program = std::env::var_os("JIBE_KUSTOMIZE");
    let purpose = match std::env::var_os("JIBE_BLESS") {
        Some(_) => Purpose::Record,
        None => Purpose::Compare,
    };
    let before = fs::read_to_string(path).expect("cases");
    let mut cases = cases(&before);
    assert_eq!(written(&cases), before, "{} reads back as something else", path.display());
    for case in &mut cases {
        let mut builds = std::mem::take(&mut case.builds);
        for build in &mut builds {
            case.check(build, program.as_ref(), purpose, wrong);
        }
        case.builds = builds;
    }
    if purpose == Purpose::Record {
        fs::write(path, written(&cases)).expect("a writable case");
    }
    cases.len()
}
