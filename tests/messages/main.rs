//! Every message that a user can see, on one page: `tests/messages.txt`.
//!
//! The page is made of small runs of the program, `tests/messages/cases/AREA.txt`, and of what the golden cases print
//! besides. Three things keep it complete: every code has a message there; every wording in `src/` (a literal of two
//! words or more) is seen in a message there; what cannot be brought about stands in `unshown.txt` with its reason, and
//! only as long as it is not seen.
//!
//! To add a message, add a run to the area's file (`cases.rs` says how), `cargo bless`, and read the page aloud: what is
//! wrong, where, who set it, what to do next.

mod cases;
mod told;
mod wording;

use jibe::diag::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use told::Told;
use wording::Wording;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Every file below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

/// What the golden cases print on standard error.
fn golden() -> Vec<Told> {
    let all = files(&root().join("tests/golden"));
    let printed = all.iter().filter(|path| path.file_name().is_some_and(|name| name == "stderr"));
    printed.flat_map(|path| told::read(&text(path))).collect()
}

/// The messages of the page: those of the runs, and of the golden cases those that say something new.
fn messages(wordings: &[Wording]) -> Vec<Told> {
    let mut kept: Vec<Told> = Vec::new();
    let mut seen = BTreeSet::new();
    for told in cases::told() {
        seen.extend(shown_by(&told, wordings));
        if !kept.contains(&told) {
            kept.push(told);
        }
    }
    for told in golden() {
        let before = seen.len();
        seen.extend(shown_by(&told, wordings));
        let of_the_parser = told.code == told::USAGE && !kept.contains(&told);
        let first = !kept.iter().any(|other| other.code == told.code);
        if seen.len() > before || of_the_parser || first {
            kept.push(told);
        }
    }
    kept
}

/// The numbers of the wordings that a message shows.
fn shown_by(told: &Told, wordings: &[Wording]) -> Vec<usize> {
    let text = told.to_string();
    let shown = wordings.iter().enumerate().filter(|(_, wording)| wording.is_in(&text));
    shown.map(|(index, _)| index).collect()
}

/// The page: a heading for each code, its messages below it in order.
fn page(messages: &[Told]) -> String {
    let mut sections: BTreeMap<usize, (String, BTreeSet<String>)> = BTreeMap::new();
    for told in messages {
        let place = Code::ALL.iter().position(|code| code.name() == told.code);
        let last = Code::ALL.len() + usize::from(told.code == told::NOTICE);
        let section = sections.entry(place.unwrap_or(last));
        section.or_insert_with(|| (told.code.clone(), BTreeSet::new())).1.insert(told.to_string());
    }
    let heading = "Every message of jibe, one after the other, to be read aloud. Written by `cargo bless` from \
                   tests/messages/cases/ and tests/golden/.\n";
    let parts = sections.values().map(|(code, messages)| {
        let messages: Vec<_> = messages.iter().map(String::as_str).collect();
        format!("\n\n# {code}\n\n{}", messages.join("\n"))
    });
    heading.to_owned() + &parts.collect::<String>()
}

#[test]
fn the_page_shows_every_message_as_it_is_printed() {
    let path = root().join("tests/messages.txt");
    let fresh = page(&messages(&wording::all()));
    if std::env::var_os("JIBE_BLESS").is_some() {
        fs::write(&path, &fresh).expect("a new page");
    }
    let page = text(&path);
    let diff = similar::TextDiff::from_lines(page.as_str(), fresh.as_str());
    assert!(page == fresh, "run `cargo bless`\n{}", diff.unified_diff().header("page", "seen"));
}

#[test]
fn every_code_has_a_message_on_the_page() {
    let page = text(&root().join("tests/messages.txt"));
    let missing = Code::ALL.iter().filter(|code| !page.contains(&format!("\n# {code}\n")));
    let missing: Vec<_> = missing.map(|code| code.name()).collect();
    assert_eq!(missing, UNSEEN, "codes without a message on the page");
}

/// Codes that only a machine in trouble brings about; unit tests do it in its stead.
const UNSEEN: &[&str] = &["source/unreadable", "tree/busy", "tree/unfinished", "tree/not-the-same"];

#[test]
fn every_wording_is_on_the_page_or_has_a_reason() {
    let wordings = wording::all();
    assert!(wordings.len() > 300, "only {} wordings were found", wordings.len());
    let page = text(&root().join("tests/messages.txt"));
    let entries = told::entries(&page);
    let is_shown = |wording: &&Wording| entries.iter().any(|entry| wording.is_in(entry));
    let unshown: BTreeSet<_> =
        wordings.iter().filter(|wording| !is_shown(wording)).map(Wording::to_string).collect();
    let list = text(&root().join("tests/messages/unshown.txt"));
    let excused = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let excused: BTreeSet<_> = excused.map(str::to_owned).collect();
    let new: Vec<_> = unshown.difference(&excused).map(String::as_str).collect();
    assert!(new.is_empty(), "no message on the page shows these; add runs:\n{}", new.join("\n"));
    let old: Vec<_> = excused.difference(&unshown).map(String::as_str).collect();
    assert!(old.is_empty(), "shown or gone, so take them off the list:\n{}", old.join("\n"));
}
