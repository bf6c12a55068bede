//! Whole runs of the program, as folders that read like examples.
//!
//! A case is a folder below `tests/golden/AREA/`:
//!
//! | file | what it is |
//! |---|---|
//! | `from` | optional: the name of another folder below `tests/golden` that the case starts from |
//! | `in/` | files laid over it: what the user has |
//! | `remove` | optional: paths to take away from what `from` gave, one a line |
//! | `cmd` | the commands, one a line, each beginning with `jibe ` |
//! | `stdout`, `stderr` | what they print; absent when nothing is printed |
//! | `exit` | the exit code of the last one; absent when 0 |
//! | `out/` | the files that are new or different afterwards; `out.gone` lists those that went |
//!
//! `cargo bless` writes the expected files anew: read the diff.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Tree = BTreeMap<String, Vec<u8>>;

/// What a run of a case left behind.
#[derive(Debug, PartialEq, Eq, Default)]
struct Seen {
    stdout: String,
    stderr: String,
    exit: i32,
    written: Tree,
    gone: String,
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn cases() -> Vec<PathBuf> {
    let folders = |path: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(path).expect("a folder").map(|e| e.expect("an entry").path());
        entries.filter(|path| path.is_dir()).collect()
    };
    let mut cases: Vec<_> = folders(&golden()).iter().flat_map(|area| folders(area)).collect();
    cases.retain(|case| case.join("cmd").is_file());
    cases.sort();
    cases
}

fn read_tree(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy();
            tree.insert(name.replace('\\', "/"), fs::read(&path).expect("a readable file"));
        }
    }
    tree
}

fn write_tree(root: &Path, tree: &Tree) {
    for (name, bytes) in tree {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, bytes).expect("a new file");
    }
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The files that a case starts with.
fn start(case: &Path) -> Tree {
    let from = text(&case.join("from"));
    let mut tree = match from.trim() {
        "" => Tree::new(),
        name => read_tree(&golden().join(name).join("in")),
    };
    for gone in text(&case.join("remove")).lines() {
        assert!(tree.remove(gone).is_some(), "{}: `remove` names {gone}", case.display());
    }
    tree.extend(read_tree(&case.join("in")));
    tree
}

fn run(case: &Path) -> Seen {
    let before = start(case);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("a real path");
    write_tree(&root, &before);
    let mut seen = Seen::default();
    for line in text(&case.join("cmd")).lines() {
        let words = split(line);
        assert_eq!(words.first().map(String::as_str), Some("jibe"), "{}", case.display());
        let output = Command::new(env!("CARGO_BIN_EXE_jibe"))
            .args(&words[1..])
            .current_dir(&root)
            .env_clear()
            .output()
            .expect("the program runs");
        let shown =
            |bytes| String::from_utf8_lossy(bytes).replace(&*root.to_string_lossy(), "[ROOT]");
        seen.stdout += &shown(&output.stdout);
        seen.stderr += &shown(&output.stderr);
        seen.exit = output.status.code().unwrap_or(-1);
    }
    let mut after = read_tree(&root);
    after.remove(".jibe.lock");
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    seen.gone = gone.map(|name| format!("{name}\n")).collect();
    after.retain(|name, bytes| before.get(name) != Some(bytes));
    seen.written = after;
    seen
}

/// The words of a command line; quotes of both kinds keep blanks.
fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut open) = (Vec::new(), String::new(), None, false);
    for c in line.chars() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            (c, Some(_)) => word.push(c),
            ('\'' | '"', None) => (quote, open) = (Some(c), true),
            (' ', None) if word.is_empty() && !open => {}
            (' ', None) => {
                words.push(std::mem::take(&mut word));
                open = false;
            }
            (c, None) => word.push(c),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

fn expected(case: &Path) -> Seen {
    Seen {
        stdout: text(&case.join("stdout")),
        stderr: text(&case.join("stderr")),
        exit: text(&case.join("exit")).trim().parse().unwrap_or(0),
        written: read_tree(&case.join("out")),
        gone: text(&case.join("out.gone")),
    }
}

fn bless(case: &Path, seen: &Seen) {
    let put = |name: &str, text: &str| match text {
        "" => drop(fs::remove_file(case.join(name))),
        text => fs::write(case.join(name), text).expect("a new file"),
    };
    put("stdout", &seen.stdout);
    put("stderr", &seen.stderr);
    put("exit", &if seen.exit == 0 { String::new() } else { format!("{}\n", seen.exit) });
    put("out.gone", &seen.gone);
    let _ = fs::remove_dir_all(case.join("out"));
    write_tree(&case.join("out"), &seen.written);
}

/// What differs, as a text.
fn difference(case: &Path, seen: &Seen, expected: &Seen) -> String {
    let mut parts = vec![format!("== {}", case.display())];
    let mut compare = |name: &str, seen: &str, expected: &str| {
        if seen != expected {
            let diff = similar::TextDiff::from_lines(expected, seen);
            parts.push(diff.unified_diff().header(name, "seen").to_string());
        }
    };
    compare("stdout", &seen.stdout, &expected.stdout);
    compare("stderr", &seen.stderr, &expected.stderr);
    compare("exit", &seen.exit.to_string(), &expected.exit.to_string());
    compare("out.gone", &seen.gone, &expected.gone);
    let names: std::collections::BTreeSet<_> =
        seen.written.keys().chain(expected.written.keys()).collect();
    for name in names {
        let show = |tree: &Tree| {
            tree.get(name).map_or(String::new(), |b| String::from_utf8_lossy(b).into_owned())
        };
        compare(&format!("out/{name}"), &show(&seen.written), &show(&expected.written));
    }
    parts.join("\n")
}

#[test]
fn every_case_gives_what_its_folder_says() {
    let cases = cases();
    assert!(!cases.is_empty(), "no cases in {}", golden().display());
    let blessing = std::env::var_os("JIBE_BLESS").is_some();
    let mut wrong = Vec::new();
    for case in &cases {
        let (seen, expected) = (run(case), expected(case));
        match (seen == expected, blessing) {
            (true, _) => {}
            (false, true) => bless(case, &seen),
            (false, false) => wrong.push(difference(case, &seen, &expected)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
