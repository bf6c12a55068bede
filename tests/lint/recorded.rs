//! Changes of the bases with the answers of a real API server, and the list of those that jibe answers otherwise.
//!
//! `recorded.txt`: a line with the id of a base, then, indented, a line for each change: the change, a tab, the answer.
//! `known.txt`: a line for each change that jibe answers otherwise: how, the base, the change.

use crate::answer::{Answer, Family};
use crate::bases::{Base, folder};
use crate::case::{Case, Difference};
use crate::edit::Edit;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const CASES: &str = "recorded.txt";
const KNOWN: &str = "known.txt";

fn read(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap_or_default()
}

fn write(name: &str, text: &str) {
    std::fs::write(folder().join(name), text).expect("the file is written");
}

pub(crate) fn cases() -> Vec<Case> {
    let mut base = "";
    let mut found = Vec::new();
    let text = read(CASES);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix(' ') {
            None => base = line,
            Some(case) => {
                let (edit, answer) = case.split_once('\t').expect("a change and an answer");
                let (edit, answer) = (Edit::parse(edit), Answer::parse(answer));
                let (edit, answer) = (edit.expect("a change"), answer.expect("an answer"));
                found.push(Case { base: base.to_owned(), edit, answer });
            }
        }
    }
    found
}

pub(crate) fn write_cases(cases: &[Case], bases: &[Base]) {
    let mut text = "# Answers of kube-apiserver 1.35.4 to changes of the manifests in bases/; written by the test `record`.\n".to_owned();
    for base in bases {
        let mut of_base: Vec<&Case> = cases.iter().filter(|case| case.base == base.id).collect();
        of_base.sort_by_key(|case| case.edit.to_string());
        if !of_base.is_empty() {
            let _ = writeln!(text, "{}", base.id);
        }
        for case in of_base {
            let _ = writeln!(text, " {}\t{}", case.edit, case.answer);
        }
    }
    write(CASES, &text);
}

/// The lines of `known.txt`.
pub(crate) fn known() -> BTreeSet<String> {
    read(KNOWN).lines().map(str::to_owned).collect()
}

pub(crate) fn write_known(lines: &BTreeSet<String>) {
    write(KNOWN, &lines.iter().map(|line| format!("{line}\n")).collect::<String>());
}

pub(crate) fn known_line(case: &Case, differs: Difference) -> String {
    format!("{} {} {}", differs.name(), case.base, case.edit)
}

/// The longest change that is recorded, in bytes.
const MAX_EDIT: usize = 400;

/// Of many cases `count` that differ most: in turn one of each kind, rule and field, as often as it takes.
pub(crate) fn choose(cases: Vec<Case>, count: usize) -> Vec<Case> {
    let mut groups: BTreeMap<(bool, String, Option<Family>, String), Vec<Case>> = BTreeMap::new();
    for case in cases {
        let (line, causes) = (case.edit.to_string(), case.answer.causes());
        let field = causes.first().map_or_else(|| line.split(' ').next(), |c| Some(&*c.field));
        let field = field.unwrap_or_default().to_owned();
        let kind = case.base.split('/').next().unwrap_or_default().to_owned();
        let key = (causes.is_empty(), kind, case.answer.family(), field);
        if case.answer != Answer::State && line.len() <= MAX_EDIT && !line.contains('\t') {
            groups.entry(key).or_default().push(case);
        }
    }
    let mut chosen: Vec<Case> = Vec::new();
    let mut turn = 0;
    let longest = groups.values().map(Vec::len).max().unwrap_or_default();
    while chosen.len() < count && turn < longest {
        let round: Vec<&Case> = groups.values().filter_map(|group| group.get(turn)).collect();
        // A round that does not fit whole is thinned evenly.
        let (left, whole) = (count - chosen.len(), round.len());
        let fits = |at: &usize| whole <= left || at * left / whole != (at + 1) * left / whole;
        let round = round.into_iter().enumerate().filter(|(at, _)| fits(at));
        chosen.extend(round.map(|(_, case)| case.clone()));
        turn += 1;
    }
    chosen
}
