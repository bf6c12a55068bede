//! Commands of a page, run in a folder of their own.

use super::blesses;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A temporary folder and where its commands stand.
pub(super) struct Folder {
    root: tempfile::TempDir,
    here: PathBuf,
}

impl Folder {
    pub(super) fn empty() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        let here = root.path().canonicalize().expect("a real path");
        Self { root, here }
    }

    pub(super) fn copy(from: &Path) -> Self {
        let folder = Self::empty();
        copy(from, &folder.here);
        folder
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.here.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }

    /// Runs the commands of a block; gives the block as it should be.
    pub(super) fn run(&mut self, block: &str, at: &str) -> String {
        let mut fresh = String::new();
        let mut lines = block.lines().peekable();
        while let Some(line) = lines.next() {
            let command = line.strip_prefix("$ ");
            let command = command.unwrap_or_else(|| panic!("{at}: `{line}` is no command"));
            let mut shown = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                shown.push(line);
            }
            let printed = self.command(command);
            let printed: Vec<_> = printed.lines().map(str::trim_end).collect();
            let fits = fits(&shown, &printed);
            assert!(
                fits || blesses(),
                "{at}: `{command}` prints\n{}\nbut the page shows\n{}\nrun `cargo bless`",
                printed.join("\n"),
                shown.join("\n")
            );
            let kept = if fits { shown } else { shortened(&shown, printed) };
            fresh += &format!("$ {command}\n");
            fresh.extend(kept.iter().map(|line| format!("{line}\n")));
        }
        fresh
    }

    fn command(&mut self, command: &str) -> String {
        if let Some(folder) = command.strip_prefix("cd ") {
            self.here = self.here.join(folder);
            return String::new();
        }
        let program = Path::new(env!("CARGO_BIN_EXE_jibe")).parent().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .current_dir(&self.here)
            .env_clear()
            .env("PATH", format!("{}:{path}", program.display()))
            .env("HOME", self.root.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("a shell");
        let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
        match output.status.code() {
            Some(0) => {}
            code => printed += &format!("(exit code {})\n", code.unwrap_or(-1)),
        }
        printed
    }
}

/// Whether lines are those that are shown, where `...` stands for any number of them.
fn fits(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((&"...", rest)) => (0..=printed.len()).any(|skipped| fits(rest, &printed[skipped..])),
        Some((first, rest)) => {
            printed.first().is_some_and(|line| line == first) && fits(rest, &printed[1..])
        }
    }
}

/// New lines, of which as many are kept before and behind `...` as were shown before.
fn shortened<'l>(shown: &[&str], mut printed: Vec<&'l str>) -> Vec<&'l str> {
    let first = shown.iter().position(|line| *line == "...");
    let last = shown.iter().rposition(|line| *line == "...");
    if let (Some(head), Some(last)) = (first, last) {
        let tail = shown.len() - last - 1;
        if head + tail < printed.len() {
            printed.splice(head..printed.len() - tail, ["..."]);
        }
    }
    printed
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).unwrap_or_else(|e| panic!("{}: {e}", from.display())) {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("a type").is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).expect("a copy")),
        }
    }
}
