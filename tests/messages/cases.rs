//! Small runs of the program that end in messages.
//!
//! `cases/AREA.txt` is a list of runs. `== ` begins one and says what it is about. Each starts in a copy of the golden
//! base `base/shop`, over which its files are laid: `>> path` and the lines that follow. Lines that begin with `$ ` are
//! given to a shell one after the other; without any, it is `jibe render web -e prod`. Behind `?? path` each line is a run of
//! its own, in which that file is that line; `⏎` in it is a line break.

use crate::told::{self, Told};
use crate::{files, root, text};
use rayon::prelude::*;
use std::fs;
use std::path::Path;
use std::process::Command;

/// One run, or several that differ in one file.
#[derive(Clone, Default)]
struct Case {
    title: String,
    files: Vec<(String, String)>,
    commands: Vec<String>,
    /// A path, and what stands there in one run after the other.
    each: Option<(String, Vec<String>)>,
}

/// The messages of all runs, in their order.
pub(crate) fn told() -> Vec<Told> {
    let all: Vec<Case> = files(&root().join("tests/messages/cases"))
        .iter()
        .flat_map(|path| read(&text(path)))
        .collect();
    let printed: Vec<Vec<Told>> = all.par_iter().map(run).collect();
    let silent = all.iter().zip(&printed).filter(|(_, told)| told.is_empty());
    let silent: Vec<_> = silent.map(|(case, _)| case.title.as_str()).collect();
    assert!(silent.is_empty(), "these runs end in no message:\n{}", silent.join("\n"));
    printed.into_iter().flatten().collect()
}

fn read(list: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in list.lines() {
        if let Some(title) = line.strip_prefix("== ") {
            cases.push(Case { title: title.to_owned(), ..Case::default() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(path) = line.strip_prefix(">> ") {
            case.files.push((path.to_owned(), String::new()));
        } else if let Some(command) = line.strip_prefix("$ ") {
            case.commands.push(command.to_owned());
        } else if let Some(path) = line.strip_prefix("?? ") {
            case.each = Some((path.to_owned(), Vec::new()));
        } else if let Some((_, lines)) = &mut case.each {
            lines.extend(Some(line.to_owned()).filter(|line| !line.is_empty()));
        } else if let Some((_, text)) = case.files.last_mut() {
            *text += &format!("{line}\n");
        }
    }
    cases.into_iter().flat_map(runs).collect()
}

/// A case for each of its runs.
fn runs(mut case: Case) -> Vec<Case> {
    let Some((path, lines)) = case.each.take() else { return vec![case] };
    let run = |line: String| {
        let mut case = case.clone();
        case.title += &format!(": {line}");
        case.files.push((path.clone(), line.replace('⏎', "\n")));
        case
    };
    lines.into_iter().map(run).collect()
}

fn run(case: &Case) -> Vec<Told> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let here = folder.path().canonicalize().expect("a real path");
    let base = root().join("tests/golden/base/shop/in");
    for path in files(&base) {
        let name = path.strip_prefix(&base).expect("below the base");
        write(&here.join(name), &text(&path));
    }
    for (name, text) in &case.files {
        // An empty line ends a case, for those who read.
        write(&here.join(name), &format!("{}\n", text.trim_end_matches('\n')));
    }
    let usual = ["jibe render web -e prod".to_owned()];
    let commands = if case.commands.is_empty() { &usual[..] } else { &case.commands[..] };
    let printed: String = commands.iter().map(|command| shell(command, &here)).collect();
    let mut told = told::read(&printed);
    // It is the same for nearly all.
    told.iter_mut().for_each(|told| told.notes.retain(|note| note != "rendered for prod/shop/web"));
    told
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
    fs::write(path, text).expect("a new file");
}

/// What a command prints on standard error.
fn shell(command: &str, here: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_jibe")).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(here)
        .env_clear()
        .env("PATH", format!("{}:{path}", program.display()))
        .env("HOME", here.join("home"))
        .output()
        .expect("a shell");
    let printed =
        String::from_utf8_lossy(&output.stderr).replace(&*here.to_string_lossy(), "[ROOT]");
    assert!(!printed.contains("panicked at"), "`{command}` ends in a panic:\n{printed}");
    printed
}
