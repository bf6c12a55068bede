//! An archive of fixtures, unpacked outside of the repository, and jibe's findings about its files.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The files of an archive, for as long as this lives.
pub(crate) struct Archive {
    folder: tempfile::TempDir,
}

/// One finding of `jibe lint`.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) file: String,
    pub(crate) code: String,
    pub(crate) is_error: bool,
    pub(crate) message: String,
    /// `KIND/NAME PATH`, or without a path where the finding is about all of an object.
    pub(crate) subjects: Vec<String>,
}

impl Found {
    /// Whether it is about this field.
    pub(crate) fn names(&self, path: &str) -> bool {
        let is_path = |subject: &String| subject.split_once(' ').is_some_and(|(_, at)| at == path);
        self.subjects.iter().any(is_path)
    }
}

impl Archive {
    /// None, and a word about it, where the archive is absent.
    pub(crate) fn open(name: &str) -> Option<Self> {
        let archive =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance").join(name);
        if !archive.is_file() {
            eprintln!("skipped: {} is absent", archive.display());
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let tar =
            Command::new("tar").arg("-xJf").arg(archive).arg("-C").arg(folder.path()).status();
        assert!(tar.expect("tar runs").success());
        Some(Self { folder })
    }

    /// The lines of an index.
    pub(crate) fn index(&self, file: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.path().join(file)).expect("an index");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// What `jibe lint` says with these words behind it, among them files of the archive.
    pub(crate) fn lint<W: AsRef<std::ffi::OsStr>>(
        &self,
        words: impl IntoIterator<Item = W>,
    ) -> Vec<Found> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jibe"));
        command.args(["lint", "--format", "json"]).args(words).current_dir(self.folder.path());
        let output = command.output().expect("jibe runs");
        let answer: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&output.stderr)));
        answer["diagnostics"].as_array().expect("findings").iter().map(found).collect()
    }
}

fn found(diagnostic: &Value) -> Found {
    let subjects = diagnostic["subjects"].as_array().expect("subjects");
    Found {
        file: text(diagnostic, "file"),
        code: text(diagnostic, "code"),
        is_error: diagnostic["severity"] == "error",
        message: text(diagnostic, "message"),
        subjects: subjects.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect(),
    }
}

/// A text of an object, empty if it has none.
pub(crate) fn text(object: &Value, key: &str) -> String {
    object[key].as_str().unwrap_or_default().to_owned()
}
