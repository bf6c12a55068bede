//! The proof over `charts-example`: whatever changes below the workspace, a receipt that is still believed says what
//! a whole run says.

use jibe::receipt::{Command, Program, Receipt};
use jibe::source::{Files, Input, RelPath};
use jibe::tree::{Scope, Summary, WriteOptions};
use jibe::{Builder, Diagnostic, Workspace};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

/// A copy of the example with its receipt.
struct Example {
    folder: TempDir,
    receipt: Receipt,
}

fn program() -> Program {
    Program::read(&b"this one"[..]).expect("bytes")
}

fn options() -> WriteOptions {
    WriteOptions { scope: Scope::All, ..WriteOptions::default() }
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(below(&path));
        }
        found.push(path);
    }
    found
}

impl Example {
    fn new() -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("charts-example");
        let folder = tempfile::tempdir().expect("a temporary folder");
        for path in below(&source).iter().filter(|path| path.is_file()) {
            let to = folder.path().join(path.strip_prefix(&source).expect("below it"));
            fs::create_dir_all(to.parent().expect("a folder")).expect("a new folder");
            fs::copy(path, to).expect("a new file");
        }
        let workspace = Workspace::open(folder.path()).expect("a workspace");
        let targets: Vec<_> = workspace.targets().iter().collect();
        let built = Builder::new(&workspace).tree(&targets).expect("a tree");
        assert!(built.warnings.is_empty());
        let rendered = folder.path().join("rendered");
        let never = AtomicBool::new(false);
        let (_, seal) = built.tree.write_sealed(&never, &rendered, &options()).expect("written");
        let output = RelPath::parse("rendered").expect("a path");
        let made = (output, seal.expect("nothing else is there"));
        let by = (program(), Command::new("all"));
        let receipt = Receipt::of(by, workspace.files(), made).expect("all can be asked again");
        Self { folder, receipt }
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    /// What a believer of the receipt would say; none if it is not believed.
    fn believed(&self) -> Option<Summary> {
        let files = Files::disk(self.root()).expect("a folder");
        let is_up_to_date = self.receipt.is_up_to_date(&files, || Some(program()));
        let rendered = self.root().join("rendered");
        is_up_to_date.then(|| self.receipt.unchanged(&rendered, Scope::All)).flatten()
    }

    /// What a whole run says.
    fn run(&self) -> Result<(Vec<Diagnostic>, Summary), jibe::Failure> {
        let workspace = Workspace::open(self.root())?;
        let targets: Vec<_> = workspace.targets().iter().collect();
        let built = Builder::new(&workspace).tree(&targets)?;
        let summary = built.tree.write(&self.root().join("rendered"), &options())?;
        Ok((built.warnings, summary))
    }

    /// Changes a byte of a file, then takes the file away; whether both are noticed. What is noticed is undone.
    fn spoil(&self, file: &Path) -> bool {
        let bytes = fs::read(file).expect("a file");
        let mut other = bytes.clone();
        match other.last_mut() {
            Some(last) => *last ^= 1,
            None => other.push(b'#'),
        }
        fs::write(file, &other).expect("a changed file");
        let is_change_noticed = self.believed().is_none();
        fs::remove_file(file).expect("a file");
        let is_loss_noticed = self.believed().is_none();
        if is_loss_noticed {
            fs::write(file, if is_change_noticed { bytes } else { other }).expect("the file again");
        }
        is_change_noticed && is_loss_noticed
    }

    /// Puts new files and a folder into a folder. What is noticed is undone.
    fn add(&self, folder: &Path) {
        for name in ["added.yaml", ".added"] {
            let path = folder.join(name);
            fs::write(&path, "added: true\n").expect("a new file");
            if self.believed().is_none() {
                fs::remove_file(&path).expect("a file");
            }
        }
        let path = folder.join("added");
        fs::create_dir(&path).expect("a new folder");
        if self.believed().is_none() {
            fs::remove_dir(&path).expect("a folder");
        }
    }

    /// With all that was not noticed, a whole run must say what the receipt says.
    fn prove(&self) {
        let summary = self.believed().expect("each change by itself was not noticed");
        let (warnings, expected) = self.run().expect("a run");
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(summary, expected);
    }
}

#[test]
fn whatever_changes_a_receipt_that_is_believed_says_what_a_whole_run_says() {
    let first = Example::new();
    assert!(first.believed().is_some());
    let is_interesting = |path: &PathBuf| {
        let name = path.strip_prefix(first.root()).expect("below it");
        // One service's manifests and the folders around them stand for all.
        let web = Path::new("rendered/dev/shop/web");
        !name.starts_with("rendered") || name.starts_with(web) || web.starts_with(name)
    };
    let all: Vec<_> = below(first.root()).into_iter().filter(is_interesting).collect();
    for path in all {
        match path.is_dir() {
            true => first.add(&path),
            false => drop(first.spoil(&path)),
        }
    }
    first.prove();
}

#[test]
fn whatever_a_build_says_that_it_looked_at_is_noticed() {
    let example = Example::new();
    let workspace = Workspace::open(example.root()).expect("a workspace");
    let targets: Vec<_> = workspace.targets().iter().collect();
    Builder::new(&workspace).tree(&targets).expect("a tree");
    let inputs: BTreeSet<Input> = workspace.inputs().iter().cloned().collect();
    assert!(inputs.len() > 100);
    for input in &inputs {
        let path = example.root().join(input.path().as_str());
        match input {
            Input::File(_) => assert!(example.spoil(&path), "{input:?}"),
            Input::Absent(_) => {
                let is_new_folder = path.parent().is_some_and(|folder| !folder.exists());
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(&path, "a: 1\n").expect("a new file");
                assert!(example.believed().is_none(), "{input:?}");
                fs::remove_file(&path).expect("a file");
                if is_new_folder {
                    fs::remove_dir(path.parent().expect("a folder")).expect("an empty folder");
                }
            }
            Input::Listing(_) => {
                let was_there = path.is_dir();
                fs::create_dir_all(&path).expect("a folder");
                let new = path.join("added.yaml");
                fs::write(&new, "a: 1\n").expect("a new file");
                assert!(example.believed().is_none(), "{input:?}");
                fs::remove_file(&new).expect("a file");
                if !was_there {
                    fs::remove_dir(&path).expect("an empty folder");
                }
            }
            other => panic!("{other:?} is a question of a new kind"),
        }
    }
    assert!(example.believed().is_some(), "all is as it was");
}
