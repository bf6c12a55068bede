//! A run that finds the receipt of the one before says and leaves exactly what it would without.
//!
//! Each claim is a change that is made to two equal workspaces whose trees are written, one of which has lost its
//! receipt; then the same is typed in both. A receipt that was believed is still the same file afterwards.

mod believed;
mod inputs;
mod proof;
mod spoilt;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const RECEIPT: &str = ".jibe/cache/receipt";
const UNCHANGED: &str = "0 files written, 50 unchanged, 0 deleted, 0 kept\n";
const WRITE: &[&str] = &["render", "--write"];
const ENVIRONMENTS: [&str; 5] = ["a", "b", "c", "d", "e"];

const FILES: &[(&str, &str)] = &[
    ("values.yaml", "colour: red\n"),
    ("charts/web/chart.yaml", "name: web\nversion: 1.0.0\ndependencies:\n  - path: ../base\n"),
    ("charts/web/values.yaml", "size: 1\ncolour: none\n"),
    (
        "charts/web/values.schema.json",
        r#"{"properties": {"size": {"type": "integer"}, "colour": {"type": "string"}}}"#,
    ),
    (
        "charts/web/templates/config.yaml",
        "{% from \"base/_labels.yaml\" import labels %}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ target.service }}\n  \
         labels:\n    {{ labels() | indent(4) }}\ndata:\n  size: \"{{ values.size }}\"\n  colour: {{ values.colour }}\n",
    ),
    ("charts/web/README.md", "# Web\n"),
    ("charts/base/chart.yaml", "name: base\nversion: 1.0.0\ntype: library\n"),
    ("charts/base/templates/_labels.yaml", "{% macro labels() %}\nteam: shop\n{% endmacro %}\n"),
];

/// A workspace of 50 targets.
struct Shop(TempDir);

/// What a run said.
#[derive(Debug, PartialEq, Eq)]
struct Ran {
    stdout: String,
    stderr: String,
    code: Option<i32>,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let Output { status, stdout, stderr } = output;
        Self { stdout: text(&stdout), stderr: text(&stderr), code: status.code() }
    }
}

impl Shop {
    fn new() -> Self {
        let shop = Self(tempfile::tempdir().expect("a temporary folder"));
        let environments = ENVIRONMENTS
            .map(|name| format!("  {name}: {{ kubernetes: \"1.35\", namespaces: [shop] }}\n"));
        shop.put("jibe.yaml", &format!("environments:\n{}", environments.concat()));
        FILES.iter().for_each(|(path, text)| shop.put(path, text));
        for number in 0..10 {
            shop.put(&format!("services/s{number}/service.yaml"), "source: charts/web\n");
            shop.put(&format!("services/s{number}/values.yaml"), &format!("size: {number}\n"));
        }
        shop
    }

    /// One whose tree is written.
    fn written() -> Self {
        let shop = Self::new();
        let ran = shop.run(WRITE);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(shop.path(RECEIPT).is_file(), "{ran:?}");
        shop
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).expect("a file");
        assert!(text.contains(from), "{path} holds no {from}");
        fs::write(self.path(path), text.replace(from, to)).expect("a changed file");
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jibe"));
        command.args(words).current_dir(self.root()).env_clear();
        command
    }

    fn run(&self, words: &[&str]) -> Ran {
        self.command(words).output().expect("the program runs").into()
    }

    fn receipt(&self) -> Option<u64> {
        fs::symlink_metadata(self.path(RECEIPT)).ok().map(|meta| meta.ino())
    }

    /// Every file but jibe's own, with its bytes.
    fn tree(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut open = vec![self.root().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(&folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let name = path.strip_prefix(self.root()).expect("below the root").to_owned();
                if name.starts_with(".jibe") || name.starts_with(".git") {
                    continue;
                }
                match fs::symlink_metadata(&path).expect("an entry").file_type() {
                    kind if kind.is_dir() => open.push(path),
                    kind if kind.is_file() => {
                        drop(found.insert(name, fs::read(path).expect("a file")));
                    }
                    _ => drop(found.insert(name, Vec::new())),
                }
            }
        }
        found
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Receipt {
    Believed,
    NotBelieved,
}

/// Checks what becomes of the receipt of a whole run after a change when `words` are typed, and that the run is what
/// it is without one.
fn check_words(words: &[&str], change: impl Fn(&Shop), expect: &Receipt) -> Ran {
    let (with, without) = (Shop::written(), Shop::written());
    fs::remove_dir_all(without.path(".jibe")).expect("a folder");
    change(&with);
    change(&without);
    let before = with.receipt();
    let (ran, expected) = (with.run(words), without.run(words));
    assert_eq!(ran, expected, "with a receipt and without");
    assert_eq!(with.tree(), without.tree());
    // A run that renders and has nothing to say leaves a new one.
    let receipt = match before == with.receipt() && ran.stderr == UNCHANGED {
        true => Receipt::Believed,
        false => Receipt::NotBelieved,
    };
    assert_eq!(&receipt, expect, "{ran:?}");
    ran
}

fn check(change: impl Fn(&Shop), expect: &Receipt) -> Ran {
    check_words(WRITE, change, expect)
}

/// Leaves a file as the program leaves its receipt.
fn leave(path: &Path, bytes: &[u8]) {
    let _ = fs::remove_file(path);
    fs::write(path, bytes).expect("a new file");
    fs::set_permissions(path, fs::Permissions::from_mode(0o400)).expect("a file of our own");
}
