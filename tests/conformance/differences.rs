//! `differences.txt`: a line each, `HOW FILE: REASON`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Held by who reads and writes the list: tests run side by side.
static LIST: Mutex<()> = Mutex::new(());

fn path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/differences.txt"))
}

/// `HOW FILE` of a line; none of a comment.
fn difference(line: &str) -> Option<&str> {
    let is_comment = line.is_empty() || line.starts_with('#');
    (!is_comment).then(|| line.split_once(": ").expect("a difference and its reason").0)
}

/// Holds that a suite's differences are those of the list that are about its files.
///
/// Each of `actual` is `HOW FILE`; what `why` says about it is shown where the list lacks it.
pub(crate) fn hold(suites: &[&str], actual: &BTreeSet<String>, why: impl Fn(&str) -> String) {
    let _held = LIST.lock().unwrap_or_else(PoisonError::into_inner);
    let text = std::fs::read_to_string(path()).expect("the list");
    let is_ours = |known: &str| {
        let file = known.split_once(' ').expect("how, and a file").1;
        suites.iter().any(|suite| file.starts_with(&format!("{suite}/")))
    };
    let known: BTreeSet<&str> =
        text.lines().filter_map(difference).filter(|known| is_ours(known)).collect();
    let new = actual.iter().filter(|one| !known.contains(one.as_str()));
    let new: Vec<String> = new.map(|one| format!("{one}: {}", why(one))).collect();
    assert!(new.is_empty(), "{} answers are not as expected:\n{}", new.len(), new.join("\n"));
    let gone: BTreeSet<&str> = known.into_iter().filter(|one| !actual.contains(*one)).collect();
    if std::env::var("JIBE_BLESS").is_err() {
        assert!(gone.is_empty(), "differ no more, `cargo bless --test conformance`: {gone:#?}");
        return;
    }
    let stays = |line: &&str| difference(line).is_none_or(|known| !gone.contains(known));
    let kept: String = text.lines().filter(stays).map(|line| format!("{line}\n")).collect();
    std::fs::write(path(), kept).expect("the list is written");
}
