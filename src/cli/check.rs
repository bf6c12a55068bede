//! `jibe check`: is the committed tree what the sources say?

use super::args::{Check, Format, Shared};
use super::output::{Console, Outcome, Stop, differ, json_of, number};
use super::progress::watched;
use super::select::{Chosen, output_folder, versions};
use jibe::Builder;
use jibe::tree::{Change, Changes, State};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;

/// What the file is called that tells which files are jibe's.
const INVENTORY: &str = ".jibe-inventory";
/// How many files are shown with their first difference.
const MAX_HUNKS: usize = 5;

pub(crate) fn run(check: &Check, shared: &Shared, console: &Console) -> Result<Outcome, Stop> {
    let chosen = Chosen::open(shared, &check.what, &check.kube_version)?;
    let targets = chosen.targets()?;
    let builder = Builder::new(&chosen.workspace).with_versions(versions(&check.kube_version)?);
    let builds = watched(targets.len(), &builder, || builder.build(&targets))?;
    console.findings(&builds.warnings);
    let folder = output_folder(&chosen, check.output.as_ref())?;
    let changes = builds.tree.diff(&folder, chosen.scope())?;
    match console.format() {
        Format::Text => tell(&changes, &folder, targets.len(), console)?,
        Format::Json => console.json(&json!({
            "drift": changes.is_drift(),
            "output": folder.display().to_string(),
            "files": worth_telling(&changes).into_iter().map(in_json).collect::<Vec<_>>(),
            "equal": changes.count(State::Equal),
            "diagnostics": json_of(&builds.warnings),
        }))?,
    }
    Ok(if changes.is_drift() { Outcome::Found } else { Outcome::Clean })
}

fn tell(changes: &Changes, folder: &Path, targets: usize, console: &Console) -> Result<(), Stop> {
    let mut hunks = 0;
    let mut text = String::new();
    let told = worth_telling(changes);
    for change in &told {
        let path = folder.join(change.path.as_str());
        text += &format!("{:8} {}\n", word(change.state), path.display());
        // Hashes say nothing to a reader.
        let is_readable = change.path.file_name() != INVENTORY;
        if let Some(hunk) = change.hunk().filter(|_| is_readable && hunks < MAX_HUNKS) {
            hunks += 1;
            text.extend(hunk.lines().map(|line| format!("         {line}\n")));
        }
    }
    console.product(&text)?;
    if changes.crlf() > 0 {
        let files = differ(changes.crlf());
        console.note(&format!("note: {files} in CRLF line ends only, which counts as equal"));
    }
    for path in changes.elsewhere() {
        console.note(&format!(
            "note: {}",
            super::render::worded(&jibe::tree::Note::Elsewhere(path.clone()))
        ));
    }
    let checked = format!(
        "{}, {}",
        number(targets, "target"),
        number(changes.count(State::Equal), "equal file")
    );
    match changes.is_drift() {
        false => console.note(&format!("in accord: {checked}")),
        true => console.note(&format!(
            "{} ({checked}); `jibe render --write` writes what the sources say",
            differ(told.iter().filter(|change| change.is_drift()).count())
        )),
    }
    if changes.count(State::Edited) > 0 {
        console.note("edited by hand: take that over into values or templates, then add `--force`");
    }
    if told.iter().any(|change| matches!(change.state, State::InTheWay(_))) {
        console.note("blocked: move away what has the path of a manifest");
    }
    if changes.iter().any(|change| change.state == State::Foreign && change.is_drift()) {
        console.note("foreign: move it away, or add `--adopt` to replace it");
    }
    Ok(())
}

/// What differs. An inventory differs whenever a file beside it does, and is only told of by itself.
fn worth_telling(changes: &Changes) -> Vec<&Change> {
    let is_inventory = |change: &Change| change.path.file_name() == INVENTORY;
    let drifted = changes.iter().filter(|change| change.is_drift() && !is_inventory(change));
    let folders: BTreeSet<_> = drifted.map(|change| change.path.parent()).collect();
    let is_told = |change: &&Change| {
        let follows = is_inventory(change) && folders.contains(&change.path.parent());
        change.state != State::Equal && !follows
    };
    changes.iter().filter(is_told).collect()
}

/// One word for a state, as it is printed.
fn word(state: State) -> &'static str {
    match state {
        State::Missing => "missing",
        State::Changed => "changed",
        State::Equal => "equal",
        State::Stale => "stale",
        State::Edited => "edited",
        State::Foreign => "foreign",
        State::InTheWay(_) => "blocked",
    }
}

fn in_json(change: &Change) -> serde_json::Value {
    json!({
        "path": change.path.to_string(),
        "state": word(change.state),
        "drift": change.is_drift(),
        "hunk": change.hunk(),
    })
}
