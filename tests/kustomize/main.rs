//! Builds of kustomizations, against what kustomize itself prints.
//!
//! *Recorded*: cases of kustomize's own tests, in `../shared/conformance` beside the repository; without it the test says so
//! and passes. Those that jibe does otherwise stand in `known.txt`, which must be exact. `cargo bless --test kustomize` takes
//! off what is done by now, and refuses anything new.
//!
//! *Own*: `own/AREA.txt`, see [`own`].
//!
//! *Random*: trees that both programs build, see [`differ`].

mod differ;
mod own;

use jibe::diag::Sink;
use jibe::kustomize::{self, LoadRestrictor, Options};
use jibe::source::{Files, RelPath};
use jibe::transform::SortOrder;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Recorded cases that kustomize itself cannot build, of which nothing is recorded.
const NOT_BUILT: [&str; 3] = [
    "examples__loadHttp",
    "examples__transformerconfigs-images",
    "replacementfilter__missing-metadata",
];

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kustomize")
}

/// What a build prints; or, where it fails, its findings, one a line.
fn built(files: &Files, folder: &str, options: &Options) -> Result<String, String> {
    let mut sink = Sink::new(files);
    let folder = RelPath::parse(folder).expect("a path");
    match kustomize::build(files, &folder, options, &mut sink) {
        Ok((resources, _)) => Ok(kustomize::print(&resources)),
        Err(_) => {
            let failure = sink.finish().expect_err("a failed build reports");
            let errors = failure
                .diagnostics()
                .iter()
                .filter(|finding| finding.severity == jibe::diag::Severity::Error);
            Err(errors
                .map(|finding| format!("{finding} ({})\n", finding.hints.join("; ")))
                .collect())
        }
    }
}

fn unpacked() -> Option<tempfile::TempDir> {
    let archive = "../shared/conformance/kustomize-cases.tar.xz";
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

/// A build of kustomize's own tests.
struct Recorded {
    name: String,
    folder: PathBuf,
    options: Options,
}

impl Recorded {
    /// The case in a folder; none if it needs programs or other machines.
    fn read(folder: PathBuf) -> Option<Self> {
        let name = folder.file_name()?.to_str()?.to_owned();
        let text = fs::read_to_string(folder.join("meta.json")).expect("a description");
        let meta: Json = serde_json::from_str(&text).expect("JSON");
        if !meta["skip"].is_null() {
            return None;
        }
        let asked = &meta["options"];
        let order = match asked["reorder"].as_str() {
            Some("none") => Some(SortOrder::Fifo),
            Some("legacy") => Some(SortOrder::legacy()),
            _ => None,
        };
        let restrictor = match asked["load_restrictor"].as_str() {
            Some("none") => LoadRestrictor::None,
            _ => LoadRestrictor::RootOnly,
        };
        let options = Options { order, restrictor, ..Options::default() };
        Some(Self { name, folder, options })
    }

    /// Whether jibe prints what kustomize printed, and fails where it failed.
    fn agrees(&self) -> bool {
        let read = |name: &str| fs::read_to_string(self.folder.join(name)).ok();
        let target = read("target").expect("a folder to build");
        let files = Files::disk(&self.folder.join("input")).expect("a folder");
        let built = built(&files, target.trim().trim_start_matches('/'), &self.options);
        let expected = read("expected.yaml").or_else(|| read("oracle.yaml"));
        let is_error = read("expected_error.txt").is_some() || NOT_BUILT.contains(&&*self.name);
        match (expected, is_error) {
            (Some(expected), false) => built.is_ok_and(|text| text == expected),
            (None, true) => built.is_err_and(|told| is_refused(&told)),
            (expected, _) => panic!("{}: {expected:?} is expected, and an error", self.name),
        }
    }
}

/// Whether a build ended with findings about kustomizations or their files, and with nothing else.
fn is_refused(told: &str) -> bool {
    let stages = ["kustomize", "yaml", "source"];
    let is_finding =
        |line: &str| stages.iter().any(|stage| line.contains(&format!("error[{stage}/")));
    !told.is_empty() && told.lines().all(is_finding)
}

#[test]
fn kustomizes_own_tests_are_built_as_it_builds_them() {
    let Some(unpacked) = unpacked() else { return };
    let folder = fs::read_dir(unpacked.path()).expect("a folder").next().expect("a folder in it");
    let cases = fs::read_dir(folder.expect("an entry").path()).expect("cases");
    let cases: Vec<_> =
        cases.filter_map(|case| Recorded::read(case.expect("an entry").path())).collect();
    assert!(cases.len() > 400, "{} cases", cases.len());
    let wrong: BTreeSet<_> =
        cases.iter().filter(|case| !case.agrees()).map(|case| case.name.clone()).collect();
    let path = here().join("known.txt");
    let known = fs::read_to_string(&path).expect("the list");
    let name = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
    let is_case = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let listed: BTreeSet<_> = known.lines().filter(is_case).map(name).collect();
    let new: Vec<_> = wrong.difference(&listed).collect();
    assert!(new.is_empty(), "built otherwise than by kustomize: {new:#?}");
    let done: Vec<_> = listed.difference(&wrong).collect();
    if std::env::var_os("JIBE_BLESS").is_some() {
        let is_kept = |line: &&str| !is_case(line) || wrong.contains(&name(line));
        let kept: Vec<_> = known.lines().filter(is_kept).collect();
        fs::write(path, kept.join("\n") + "\n").expect("a writable list");
        return;
    }
    assert!(done.is_empty(), "listed in known.txt, but built like kustomize: {done:#?}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_folder_of_its_kustomization_is_not_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |path: &str| folder.path().join(path);
    fs::create_dir(at("k")).expect("a folder");
    fs::write(at("k/kustomization.yaml"), "resources: [a.yaml]\n").expect("a file");
    let object = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";
    fs::write(at("a.yaml"), object).expect("a file");
    std::os::unix::fs::symlink("../a.yaml", at("k/a.yaml")).expect("a link");
    let files = Files::disk(folder.path()).expect("a folder");
    let refused = built(&files, "k", &Options::default()).expect_err("it lies outside");
    assert!(refused.contains("[kustomize/outside-folder]: `a.yaml` lies outside of"), "{refused}");
    let any = Options { restrictor: LoadRestrictor::None, ..Options::default() };
    assert_eq!(built(&files, "k", &any).as_deref(), Ok(object));
}
