//! Random kustomization trees, built by jibe and by kustomize: both print the same bytes, or both fail.
//!
//! `JIBE_KUSTOMIZE=/path/to/kustomize cargo test --test kustomize -- --ignored --nocapture differ` compares `JIBE_COUNT` trees
//! (2,000) of seed `JIBE_SEED` (1), each in the default order and every third with `--reorder none`. A tree that differs is
//! made as small as it can be and left in a folder for temporary files, beside what both said of it.
//!
//! What trees are made of stands in `grammar.txt`, `written.txt`, `generated.txt` and `copied.txt`; a new field or kind of object is a line
//! there.

mod grammar;
#[path = "../../lint/random.rs"]
mod random;
mod tree;

use super::built;
use grammar::{Grammar, Use};
use jibe::kustomize::Options;
use jibe::source::Files;
use jibe::transform::SortOrder;
use random::Random;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};
use tree::Tree;

/// How many differing trees are left behind.
const MAX_LEFT: usize = 20;

/// How long kustomize may take for a tree, which takes it less than a second unless it never ends.
const PATIENCE: Duration = Duration::from_secs(15);
const ENDLESS: &str = "kustomize does not end";

/// What the names of annotations begin with in which kustomize remembers what an object was.
const NOTE: &str = "internal.config.kubernetes.io/";

const INFINITY: &str = "error[yaml/value]: infinity and not-a-number have no place in a manifest";

/// What both say of a tree.
struct Answers {
    ours: Result<String, String>,
    theirs: Result<String, String>,
}

impl Answers {
    /// The code of jibe's first error.
    fn refusal(&self) -> Option<String> {
        let (_, behind) = self.ours.as_ref().err()?.split_once("error[")?;
        behind.split_once(']').map(|(code, _)| code.to_owned())
    }

    fn agree(&self) -> bool {
        match (&self.ours, &self.theirs) {
            (Ok(ours), Ok(theirs)) if ours == theirs => true,
            // What kustomize remembers of an object it keeps in annotations, and a copy of those shows it.
            (Ok(ours), Ok(theirs)) if theirs.contains(NOTE) => {
                without_notes(ours) == without_notes(theirs)
            }
            // Where kustomize crashes or never ends, jibe does what is sensible.
            (Ok(_), Err(told)) => told.contains("panic: ") || told == ENDLESS,
            // Jibe refuses an infinity where it is read, kustomize where it is printed, unless a patch has removed it.
            (Err(told), Ok(_)) => told.lines().all(|line| line.contains(INFINITY)),
            (Err(_), Err(_)) => true,
            (Ok(_), Ok(_)) => false,
        }
    }
}

/// The lines of a text that hold no note, without maps in which nothing else is.
fn without_notes(text: &str) -> Vec<&str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut kept: Vec<&str> = Vec::new();
    let mut has_note = false;
    for line in text.lines().chain(["---"]) {
        if line.trim_start().starts_with(NOTE) {
            has_note = true;
            continue;
        }
        let is_empty =
            |last: &&&str| has_note && last.ends_with(':') && indent(last) >= indent(line);
        if kept.last().filter(is_empty).is_some() {
            kept.pop();
        }
        has_note = false;
        if !line.ends_with(": {}") {
            kept.push(line);
        }
    }
    kept
}

/// The kustomize to compare with, and how both are asked.
struct Peers<'a> {
    program: &'a OsStr,
    words: &'a [&'a str],
}

impl Peers<'_> {
    fn ask(&self, tree: &Tree) -> Answers {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), &tree.files());
        let ours = ours(folder.path(), tree, self.words);
        Answers { ours, theirs: self.theirs(&folder.path().join(tree.built())) }
    }

    fn theirs(&self, folder: &Path) -> Result<String, String> {
        let mut output = tempfile::tempfile().expect("a file");
        let mut messages = tempfile::tempfile().expect("a file");
        let to = |file: &fs::File| file.try_clone().expect("a file");
        let mut command = Command::new(self.program);
        command.arg("build").arg(folder).args(self.words);
        let child = command.stdout(to(&output)).stderr(to(&messages)).spawn();
        match ended(child.expect("kustomize runs")) {
            Some(status) if status.success() => Ok(text(&mut output)),
            Some(_) => Err(text(&mut messages)),
            None => Err(ENDLESS.to_owned()),
        }
    }

    /// A tree of which nothing can be left out, or it would be built alike.
    fn smallest(&self, mut tree: Tree) -> Tree {
        let kind = |answers: &Answers| (answers.ours.is_ok(), answers.theirs.is_ok());
        let wanted = kind(&self.ask(&tree));
        let shows = |tree: &Tree| {
            let answers = self.ask(tree);
            !answers.agree() && kind(&answers) == wanted
        };
        while let Some(smaller) = tree.smaller().into_iter().find(shows) {
            tree = smaller;
        }
        tree
    }

    /// Puts a tree and what is said of it where it can be looked at.
    fn leave(&self, name: &str, tree: &Tree) -> PathBuf {
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        let answers = self.ask(tree);
        let mut files = tree.files();
        let text = |answer: Result<String, String>| answer.unwrap_or_else(|told| told);
        files.push(("by-jibe".to_owned(), text(answers.ours).into_bytes()));
        files.push(("by-kustomize".to_owned(), text(answers.theirs).into_bytes()));
        write(&folder, &files);
        folder
    }
}

/// How a program ended; none if it had to be ended.
fn ended(mut child: Child) -> Option<ExitStatus> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().expect("a program of ours") {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    child.kill().expect("a program of ours");
    child.wait().expect("a program of ours");
    None
}

/// What a program wrote into a file.
fn text(file: &mut fs::File) -> String {
    let mut text = String::new();
    file.rewind().expect("a file");
    file.read_to_string(&mut text).expect("text");
    text
}

/// What jibe makes of a tree that lies in a folder.
fn ours(folder: &Path, tree: &Tree, words: &[&str]) -> Result<String, String> {
    let order = (!words.is_empty()).then_some(SortOrder::Fifo);
    let files = Files::disk(folder).expect("a folder");
    built(&files, tree.built(), &Options { order, ..Options::default() })
}

fn write(folder: &Path, files: &[(String, Vec<u8>)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a writable disk");
        fs::write(path, text).expect("a writable disk");
    }
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().map_or(default, |text| text.parse().expect("a number"))
}

/// The words for a tree; every third is built in the order of the files.
fn words(index: u64) -> &'static [&'static str] {
    if index % 3 == 2 { &["--reorder", "none"] } else { &[] }
}

fn tree(grammar: &Grammar, seed: u64, index: u64) -> Tree {
    // Neighbouring seeds have no tree in common.
    Tree::random(grammar, &mut Random::new(seed.wrapping_mul(0x0001_0000_0001).wrapping_add(index)))
}

#[test]
#[ignore = "asks kustomize, which JIBE_KUSTOMIZE names"]
fn differ() {
    let program = std::env::var_os("JIBE_KUSTOMIZE").expect("JIBE_KUSTOMIZE names kustomize");
    let (seed, count) = (number("JIBE_SEED", 1), number("JIBE_COUNT", 2000));
    let grammar = Grammar::new();
    let peers = |index| Peers { program: &program, words: words(index) };
    let asked: Vec<_> = (0..count)
        .into_par_iter()
        .map(|index| {
            let answers = peers(index).ask(&tree(&grammar, seed, index));
            (index, answers.agree(), answers.theirs.is_ok(), answers.refusal())
        })
        .collect();
    let built = asked.iter().filter(|(_, _, is_built, _)| *is_built).count();
    let mut refusals = BTreeMap::<_, usize>::new();
    for refusal in asked.iter().filter_map(|(.., refusal)| refusal.as_ref()) {
        *refusals.entry(refusal).or_default() += 1;
    }
    println!("refused are {refusals:?}");
    let differ: Vec<_> = asked.iter().filter(|(_, agree, ..)| !agree).map(|(at, ..)| *at).collect();
    println!("{count} trees of seed {seed}: {built} are built, {} differ", differ.len());
    for index in differ.iter().take(MAX_LEFT) {
        let smallest = peers(*index).smallest(tree(&grammar, seed, *index));
        let folder = peers(*index).leave(&format!("jibe-differ-{seed}-{index}"), &smallest);
        println!("tree {index}, see {} {}", folder.display(), words(*index).join(" "));
    }
    assert!(differ.is_empty(), "{} trees are built otherwise than by kustomize", differ.len());
}

#[test]
fn random_trees_are_the_same_for_the_same_seed_and_many_are_built() {
    let grammar = Grammar::new();
    let is_built = |index: &u64| {
        let (one, other) = (tree(&grammar, 1, *index), tree(&grammar, 1, *index));
        assert_eq!(one.files(), other.files());
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), &one.files());
        ours(folder.path(), &one, &[]).is_ok()
    };
    let count = (0..200).filter(is_built).count();
    assert!((100..200).contains(&count), "{count} of 200 are built");
}

#[test]
fn every_rule_of_the_grammar_is_complete() {
    let grammar = Grammar::new();
    for rule in grammar.names() {
        for seed in 0..50 {
            grammar.text(rule, Use::Patch, &mut Random::new(seed));
        }
    }
}
