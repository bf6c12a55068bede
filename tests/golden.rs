//! Whole runs of the program, as folders that read like examples.
//!
//! A case is a folder below `tests/golden/AREA/`:
//!
//! | file | what it is |
//! |---|---|
//! | `from` | optional: `AREA/CASE` that the case starts from, with what that one writes |
//! | `in/` | files laid over it: what the user has |
//! | `remove` | optional: paths to take away from what `from` gave, one a line; a folder with `/` at its end |
//! | `cmd` | what is typed, one command a line; `#` begins a remark |
//! | `stdout`, `stderr` | what they print; absent when nothing is printed |
//! | `exit` | the exit code of the last one; absent when 0 |
//! | `out/` | the files that are new or different afterwards; `out.gone` lists those that went |
//!
//! A command is `jibe …` or what a user does between two of them: `edit FILE OLD NEW`, `rm PATH`,
//! `mkdir PATH`, `ln PATH TARGET`, `cp FROM TO`. `NAME=VALUE` before `jibe` sets a variable of its
//! otherwise empty environment, `| head` at the end closes its standard output unread, and `| lines N`
//! shows the first N lines only. With several `jibe` lines, each output has a heading.
//!
//! A folder without `cmd` is no case, only something to start from. `cargo bless` writes the expected
//! files anew: read the diff.

use jibe::diag::Code;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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

/// Every file below a folder; links are left out.
fn read_tree(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_symlink() {
                continue;
            }
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
        write_file(&root.join(name), bytes);
    }
}

fn write_file(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
    fs::write(path, bytes).expect("a new file");
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The files that a case starts with.
fn start(case: &Path) -> Tree {
    let from = text(&case.join("from"));
    let mut tree = match from.trim() {
        "" => Tree::new(),
        name => {
            let base = golden().join(name);
            assert!(base.is_dir(), "{}: `from` names {name}", case.display());
            let mut tree = start(&base);
            tree.extend(read_tree(&base.join("out")));
            tree
        }
    };
    for gone in text(&case.join("remove")).lines() {
        let before = tree.len();
        tree.retain(|name, _| name != gone && !(gone.ends_with('/') && name.starts_with(gone)));
        assert!(tree.len() < before, "{}: `remove` names {gone}", case.display());
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
    let commands = text(&case.join("cmd"));
    let lines: Vec<_> = commands.lines().filter(|line| !line.starts_with('#')).collect();
    let is_jibe = |line: &&&str| split(line).iter().any(|word| word == "jibe");
    let several = lines.iter().filter(is_jibe).count() > 1;
    for line in &lines {
        let Some((stdout, stderr, exit)) = step(&split(line), &root) else { continue };
        let heading = |exit: &str| match several {
            true => format!("$ {line}{exit}\n"),
            false => String::new(),
        };
        let code = if exit == 0 { String::new() } else { format!("  # exit code {exit}") };
        if !stdout.is_empty() {
            seen.stdout += &(heading("") + &stdout);
        }
        seen.stderr += &(heading(&code) + &stderr);
        seen.exit = exit;
    }
    let mut after = read_tree(&root);
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    seen.gone = gone.map(|name| format!("{name}\n")).collect();
    after.retain(|name, bytes| before.get(name) != Some(bytes));
    seen.written = after;
    seen
}

/// Does one line of `cmd`; gives standard output, standard error and exit code of the program.
fn step(words: &[String], root: &Path) -> Option<(String, String, i32)> {
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["edit", file, old, new] => {
            let path = root.join(file);
            let before = text(&path);
            assert!(before.contains(old), "{file} holds no {old}");
            fs::write(path, before.replacen(old, new, 1)).expect("a changed file");
        }
        ["rm", path] if root.join(path).is_dir() => {
            fs::remove_dir_all(root.join(path)).expect("a folder");
        }
        ["rm", path] => fs::remove_file(root.join(path)).expect("a file"),
        ["mkdir", path] => fs::create_dir_all(root.join(path)).expect("a new folder"),
        ["ln", path, target] => link(&root.join(path), target),
        ["cp", from, to] => {
            write_file(&root.join(to), &fs::read(root.join(from)).expect("a file"));
        }
        _ => return Some(jibe(&words, root)),
    }
    None
}

#[cfg(unix)]
fn link(path: &Path, target: &str) {
    std::os::unix::fs::symlink(target, path).expect("a new link");
}

#[cfg(not(unix))]
fn link(_: &Path, _: &str) {
    panic!("links are made on Unix only");
}

fn jibe(words: &[&str], root: &Path) -> (String, String, i32) {
    let at = words.iter().position(|word| *word == "jibe").unwrap_or_else(|| panic!("{words:?}"));
    let end = words.iter().position(|word| *word == "|").unwrap_or(words.len());
    let mut command = Command::new(env!("CARGO_BIN_EXE_jibe"));
    command.env_clear().envs(words[..at].iter().filter_map(|word| word.split_once('=')));
    command.args(&words[at + 1..end]).current_dir(root);
    let output = match words[end..] {
        ["|", "head"] => unread(&mut command),
        _ => command.output(),
    };
    let output = output.expect("the program runs");
    let shown = |bytes| String::from_utf8_lossy(bytes).replace(&*root.to_string_lossy(), "[ROOT]");
    let mut stdout = shown(&output.stdout);
    if let ["|", "lines", count] = words[end..] {
        let count = count.parse().expect("a number");
        stdout = stdout.split_inclusive('\n').take(count).collect();
    }
    (stdout, shown(&output.stderr), output.status.code().unwrap_or(-1))
}

/// Runs a program whose standard output nobody reads.
fn unread(command: &mut Command) -> std::io::Result<Output> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    drop(child.stdout.take());
    child.wait_with_output()
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
    let names: BTreeSet<_> = seen.written.keys().chain(expected.written.keys()).collect();
    for name in names {
        let show = |tree: &Tree| {
            tree.get(name).map_or(String::new(), |b| String::from_utf8_lossy(b).into_owned())
        };
        compare(&format!("out/{name}"), &show(&seen.written), &show(&expected.written));
    }
    parts.join("\n")
}

/// Runs a case; gives what is seen and what was expected, if they differ.
fn judge(case: &Path) -> Option<(Seen, Seen)> {
    let (seen, expected) = (run(case), expected(case));
    (seen != expected).then_some((seen, expected))
}

/// Cases that others start from come first, so that blessing needs one run only.
fn in_order(cases: &[PathBuf]) -> [Vec<&PathBuf>; 2] {
    let bases: BTreeSet<_> = cases.iter().map(|case| text(&case.join("from"))).collect();
    let is_base = |case: &&PathBuf| bases.iter().any(|base| **case == golden().join(base.trim()));
    let (first, rest) = cases.iter().partition(is_base);
    [first, rest]
}

#[test]
fn every_case_gives_what_its_folder_says() {
    let cases = cases();
    assert!(!cases.is_empty(), "no cases in {}", golden().display());
    let blessing = std::env::var_os("JIBE_BLESS").is_some();
    let mut wrong = Vec::new();
    for some in in_order(&cases) {
        let judged = some.par_iter().filter_map(|case| Some((case, judge(case)?)));
        for (case, (seen, expected)) in judged.collect::<Vec<_>>() {
            match blessing {
                true => bless(case, &seen),
                false => wrong.push(difference(case, &seen, &expected)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Codes that no test brings about, each with the reason.
const UNSEEN: &[(&str, &str)] = &[];

#[test]
fn every_code_is_brought_about_by_a_test() {
    let mut texts = String::new();
    for case in cases() {
        texts += &(text(&case.join("stderr")) + &text(&case.join("stdout")));
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for bytes in read_tree(&here.join("tests/kustomize/own")).values() {
        texts += &String::from_utf8_lossy(bytes);
    }
    let sources = read_tree(&here.join("src"));
    for (name, bytes) in &sources {
        let source = String::from_utf8_lossy(bytes);
        let is_test = name.contains("tests");
        // Tests at the end of a file begin with their module.
        let tests = if is_test { Some(&*source) } else { source.split("mod tests {").nth(1) };
        texts += tests.filter(|_| !name.ends_with("diag/code.rs")).unwrap_or_default();
    }
    let seen = |code: &Code| {
        let variant = format!("Code::{code:?}");
        texts.contains(&format!("[{}]", code.name()))
            || texts.contains(&format!("{}\"", code.name()))
            || texts.contains(&variant)
    };
    let unseen: Vec<_> = Code::ALL.iter().filter(|code| !seen(code)).map(|c| c.name()).collect();
    let excused: Vec<_> = UNSEEN.iter().map(|(name, _)| *name).collect();
    assert_eq!(unseen, excused, "codes without a test that sees them");
}
