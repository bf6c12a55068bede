//! `jibe check`: is the committed tree what the sources say?

use super::args::{Check, Format, Shared};
use super::baseline::{tell_known, write_of};
use super::docs::out_of_step;
use super::output::{self, Console, DENIED, Outcome, Stop, counted, differ, json_of, number};
use super::progress::watched;
use super::render::worded;
use super::select::{Chosen, output_folder, versions};
use jibe::Builder;
use jibe::diag::shell_word;
use jibe::docs::Readme;
use jibe::source::Secrets;
use jibe::tree::{Change, Changes, Note, State};
use serde_json::json;
use std::collections::BTreeSet;
use std::mem::ManuallyDrop;
use std::path::Path;

/// What the file is called that tells which files are jibe's.
const INVENTORY: &str = ".jibe-inventory";
/// How many files are shown with their first difference.
const MAX_HUNKS: usize = 5;

pub(crate) fn run(check: &Check, shared: &Shared, console: &Console) -> Result<Outcome, Stop> {
    // The process ends with the command: to give a fleet's memory back piece by piece would take time.
    let chosen = ManuallyDrop::new(Chosen::open(shared, &check.what, &check.kube_version)?);
    let targets = chosen.targets()?;
    if check.write_baseline {
        return write_of(check, &chosen, &targets, console);
    }
    let builder = Builder::new(&chosen.workspace)
        .with_versions(versions(&check.kube_version)?)
        .with_inline_secrets(check.strictness.inline_secrets());
    let builder = ManuallyDrop::new(builder);
    let built = match check.twice {
        true => watched(2 * targets.len(), &builder, || builder.tree_twice(&targets)),
        false => watched(targets.len(), &builder, || builder.tree(&targets)),
    };
    tell_known(&builder, &chosen, console);
    let built = ManuallyDrop::new(built?);
    console.findings(&built.warnings);
    let is_denied = check.strictness.denies_warnings() && !built.warnings.is_empty();
    let folder = output_folder(&chosen, check.output.as_ref())?;
    let readmes = out_of_step(&chosen.workspace, &targets)?;
    let changes = built.tree.diff(&folder, chosen.scope(check.output.as_ref()))?;
    let changes = ManuallyDrop::new(changes);
    match console.format() {
        Format::Text => {
            console.product(&listing(&changes, &folder, chosen.workspace.files().secrets()))?;
            console.product(&tables(&readmes, &chosen))?;
            remarks(&changes, console);
            let checked = number(targets.len(), "target");
            if check.twice {
                console.note("rendered twice: every byte is the same");
            }
            if !built.is_complete && built.with_values > 0 {
                console.note(&output::not_all(shared));
            }
            let accord = if readmes.is_empty() { "in accord" } else { "the tree is in accord" };
            let words = Words { accord, remedy: &remedy(check, shared) };
            conclude(&changes, &checked, &words, console);
            conclude_tables(&readmes, &remedy_of_tables(&chosen, check, shared), console);
            if is_denied {
                console.note(&format!("{}{DENIED}", counted(&built.warnings)));
            }
        }
        Format::Json => console.json(&json!({
            "drift": changes.is_drift() || !readmes.is_empty(),
            "complete": built.is_complete,
            "output": folder.display().to_string(),
            "files": worth_telling(&changes).into_iter().map(|change| in_json(change, chosen.workspace.files().secrets())).collect::<Vec<_>>(),
            "equal": changes.count(State::Equal),
            "known": builder.known_findings(),
            "readmes": readmes.iter().map(|readme| in_json_of(readme, &chosen)).collect::<Vec<_>>(),
            "diagnostics": json_of(&built.warnings),
        }))?,
    }
    let is_found = changes.is_drift() || !readmes.is_empty() || is_denied;
    Ok(if is_found { Outcome::Found } else { Outcome::Clean })
}

/// A line a file, the first few with their first difference.
fn listing(changes: &Changes, folder: &Path, secrets: &Secrets) -> String {
    let mut hunks = 0;
    let mut text = String::new();
    for change in worth_telling(changes) {
        let path = folder.join(output::unsecret(&change.path, secrets));
        text += &format!("{:8} {}\n", named(change.state), output::shown(&path));
        // Hashes say nothing to a reader.
        let hunk = Some(change).filter(|_| !is_inventory(change) && hunks < MAX_HUNKS);
        if let Some(hunk) = hunk.and_then(|change| shown(change, secrets)) {
            hunks += 1;
            text.extend(hunk.lines().map(|line| format!("         {line}\n")));
        }
    }
    text
}

/// A README.md a line, with the first difference of its table.
fn tables(readmes: &[Readme], chosen: &Chosen) -> String {
    let mut text = String::new();
    for readme in readmes {
        text += &format!("{:8} {}\n", "changed", chosen.workspace.files().shown(&readme.path));
        let diff = readme.diff();
        let others = diff.lines().skip(1).take_while(|line| !line.starts_with("@@"));
        let hunk = diff.lines().take(1).chain(others);
        let secrets = chosen.workspace.files().secrets();
        text.extend(hunk.map(|line| format!("         {}\n", secrets.mask(line))));
    }
    text
}

fn in_json_of(readme: &Readme, chosen: &Chosen) -> serde_json::Value {
    let files = chosen.workspace.files();
    json!({ "path": files.shown(&readme.path), "diff": files.secrets().mask(&readme.diff()) })
}

/// How many tables are out of step, and the next step.
fn conclude_tables(readmes: &[Readme], remedy: &str, console: &Console) {
    let tables = match readmes.len() {
        0 => return,
        1 => "the table of values in 1 README.md is".to_owned(),
        several => format!("the tables of values in {several} README.md are"),
    };
    console.note(&format!("{tables} out of step; `{remedy}` writes what the charts say"));
}

/// The words of a command, in the same workspace.
fn command(name: &str, shared: &Shared) -> Vec<String> {
    let folder = shared.workspace.iter();
    let folder = folder.map(|folder| format!("-C {}", shell_word(&folder.to_string_lossy())));
    std::iter::once(name.to_owned()).chain(folder).collect()
}

/// The command that writes the tables of what was compared.
fn remedy_of_tables(chosen: &Chosen, check: &Check, shared: &Shared) -> String {
    let mut words = command("jibe docs --write", shared);
    // Without a workspace, what was named is the chart itself.
    let chart = check.what.what.iter().filter(|_| !chosen.workspace.has_settings());
    words.extend(chart.map(|chart| shell_word(chart)));
    words.join(" ")
}

/// The first difference of a file. If a secret stands in it, no value that differs is shown: what was
/// committed may hold one that nobody knows any more.
fn shown(change: &Change, secrets: &Secrets) -> Option<String> {
    let hunk = change.hunk()?;
    if !hunk.lines().any(|line| secrets.are_in(line) || secrets.names(line)) {
        return Some(hunk);
    }
    let line = |line: &str| match line.chars().next() {
        Some(sign @ ('-' | '+')) => format!("{sign} <hidden: a secret stands here>\n"),
        _ => format!("{}\n", secrets.mask(line)),
    };
    Some(hunk.lines().map(line).collect())
}

/// What is worth knowing besides.
fn remarks(changes: &Changes, console: &Console) {
    if changes.crlf() > 0 {
        let files = differ(changes.crlf());
        console.note(&format!("note: {files} in CRLF line ends only, which counts as equal"));
    }
    for path in changes.elsewhere() {
        console.note(&format!("note: {}", worded(&Note::Elsewhere(path.clone()))));
    }
}

/// What a conclusion is made of.
struct Words<'w> {
    accord: &'w str,
    remedy: &'w str,
}

/// The result, and the next step for each kind of difference.
fn conclude(changes: &Changes, checked: &str, words: &Words<'_>, console: &Console) {
    let equal = number(changes.count(State::Equal), "equal file");
    if !changes.is_drift() {
        return console.note(&format!("{}: {checked}, {equal}", words.accord));
    }
    let told = worth_telling(changes);
    let drifted: Vec<_> = told.into_iter().filter(|change| change.is_drift()).collect();
    console.note(&format!(
        "{} ({checked}, {equal}); `{}` writes what the sources say",
        differ(drifted.len()),
        words.remedy
    ));
    let has = |state: fn(&State) -> bool| drifted.iter().any(|change| state(&change.state));
    if has(|state| *state == State::Edited) {
        console.note("edited: take the change over into values or templates, then add `--force`");
    }
    if has(|state| *state == State::Foreign) {
        console.note("foreign: move the file away, or add `--adopt` to replace it");
    }
    if has(|state| matches!(state, State::InTheWay(_))) {
        console.note("blocked: move away what has the path of a manifest");
    }
}

/// The command that writes what was compared.
fn remedy(check: &Check, shared: &Shared) -> String {
    let mut words = command("jibe render", shared);
    words.extend(check.what.what.iter().map(|what| shell_word(what)));
    let named = [
        ("-e", &check.what.environments),
        ("-n", &check.what.namespaces),
        ("-l", &check.what.labels),
    ];
    let given = named.iter().filter(|(_, names)| !names.is_empty());
    words.extend(given.map(|(flag, names)| format!("{flag} {}", shell_word(&names.join(",")))));
    words.push(match &check.output {
        Some(folder) => format!("-o {}", shell_word(&folder.to_string_lossy())),
        None => "--write".to_owned(),
    });
    words.join(" ")
}

fn is_inventory(change: &Change) -> bool {
    change.path.file_name() == INVENTORY
}

/// What differs. An inventory differs whenever a file beside it does, and is only told of by itself.
fn worth_telling(changes: &Changes) -> Vec<&Change> {
    let drifted = changes.iter().filter(|change| change.is_drift() && !is_inventory(change));
    let folders: BTreeSet<_> = drifted.map(|change| change.path.parent()).collect();
    let is_told = |change: &&Change| {
        let follows = is_inventory(change) && folders.contains(&change.path.parent());
        change.state != State::Equal && !follows
    };
    changes.iter().filter(is_told).collect()
}

/// One word for a state, as it is printed.
fn named(state: State) -> &'static str {
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

fn in_json(change: &Change, secrets: &Secrets) -> serde_json::Value {
    json!({
        "path": output::unsecret(&change.path, secrets),
        "state": named(change.state),
        "drift": change.is_drift(),
        "hunk": shown(change, secrets),
    })
}
