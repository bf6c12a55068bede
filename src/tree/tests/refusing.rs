//! Folders that nobody means to write a tree into.

use super::{Out, web};
use crate::tree::{Tree, WriteOptions};
use std::fs;
use std::path::Path;

fn tree() -> Tree {
    web(&[("a", "1\n")])
}

fn check(path: &Path, expect: &str) {
    let failure = tree().write(path, &WriteOptions::default()).expect_err("a refusal").to_string();
    assert!(failure.contains(expect) && failure.contains("tree/output-refused"), "{failure}");
}

#[test]
fn the_root_of_the_file_system() {
    check(Path::new("/"), "is the root of the file system");
    check(Path::new("/usr/.."), "is the root of the file system");
}

#[test]
fn the_home_folder() {
    let home = std::env::home_dir().expect("a home");
    check(&home, "is your home folder");
    check(&home.join("not-there/.."), "is your home folder");
}

#[test]
fn a_git_folder() {
    let out = Out::new();
    fs::create_dir_all(out.path.join(".git")).expect("a folder");
    check(&out.path.join(".git/objects"), "lies inside of `.git`");
    check(&out.path.join(".GIT"), "lies inside of `.git`");
}

#[test]
fn a_chart_or_workspace() {
    for file in ["Chart.yaml", "chart.yaml", "jibe.yaml"] {
        let out = Out::new();
        out.put(file, "");
        check(&out.path, &format!("holds `{file}`"));
    }
}

#[test]
fn what_a_chart_or_workspace_reads() {
    let out = Out::new();
    out.put("chart.yaml", "");
    check(&out.path.join("templates"), "is read as a source");
    check(&out.path.join("templates/deeper"), "is read as a source");
    let out = Out::new();
    out.put("jibe.yaml", "");
    check(&out.path.join("services"), "is read as a source");
}

#[test]
fn nothing_else() {
    let out = Out::new();
    out.put("jibe.yaml", "");
    out.put("Chart.yaml", "");
    tree().write(&out.path.join("rendered"), &WriteOptions::default()).expect("a write");
}
