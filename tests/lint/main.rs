//! jibe's answers to manifests beside those of a real API server.
//!
//! `bases/` holds manifests that a server takes; `mutate` changes one thing in each; `oracle` asks the server; `judge`
//! asks jibe; `score` compares. `recorded.txt` holds answers for which no server is needed, `known.txt` the cases among
//! them in which jibe differs: that list may only become shorter.
//!
//! With a server (`JIBE_ORACLE` names the program that asks it), for `JIBE_COUNT` changes (20,000) of seed `JIBE_SEED` (1):
//! - `cargo test --test lint -- --ignored --nocapture score` prints what jibe finds by family, and the rules that it
//!   lacks, the most valuable first;
//! - `cargo test --test lint -- --ignored record` chooses 3,000 cases anew and writes both files.
//!
//! - `cargo test --test lint -- --ignored record_warnings` asks what it warns of.
//!
//! Without one, `JIBE_RECORDED=1` lets `score` take the recorded cases.

mod answer;
mod bases;
mod case;
mod edit;
mod judge;
mod mutate;
mod odd;
mod oracle;
mod outside;
mod random;
mod recorded;
mod score;
mod warned;

use bases::{Base, bases};
use case::{Case, difference};
use edit::Edit;
use judge::{Judge, Said};
use mutate::Mutator;
use std::collections::{BTreeMap, BTreeSet};

const RECORDED: usize = 3000;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().map_or(default, |text| text.parse().expect("a number"))
}

/// Different changes of the bases.
fn draw(bases: &[Base], seed: u64, count: usize) -> Vec<(usize, Edit)> {
    let mut mutator = Mutator::new(bases, seed);
    let mut seen = BTreeSet::new();
    while seen.len() < count {
        let (at, edit) = mutator.draw();
        if edit.text(&bases[at].manifest).is_some() {
            seen.insert((at, edit));
        }
    }
    seen.into_iter().collect()
}

/// Changes with the answers of the server that runs.
fn asked(bases: &[Base]) -> Vec<Case> {
    let count = usize::try_from(number("JIBE_COUNT", 20_000)).expect("a count");
    let drawn = draw(bases, number("JIBE_SEED", 1), count);
    let texts = drawn.iter().map(|(at, edit)| edit.text(&bases[*at].manifest).expect("drawn"));
    let answers = oracle::ask(&texts.collect::<Vec<_>>());
    let cases = drawn.into_iter().zip(answers);
    cases.map(|((at, edit), answer)| Case { base: bases[at].id.clone(), edit, answer }).collect()
}

fn judged(cases: Vec<Case>, bases: &[Base]) -> Vec<(Case, Vec<Said>)> {
    let judge = Judge::new();
    let by_id: BTreeMap<&str, &Base> = bases.iter().map(|base| (base.id.as_str(), base)).collect();
    let said = |case: &Case| {
        let base = by_id.get(case.base.as_str()).expect("a base of this name");
        judge.errors(&case.edit.text(&base.manifest).expect("a place of the base"))
    };
    cases.into_iter().map(|case| (said(&case), case)).map(|(said, case)| (case, said)).collect()
}

fn differing(cases: Vec<Case>, bases: &[Base]) -> BTreeSet<String> {
    let all = judged(cases, bases);
    let line = |(case, said): &(Case, Vec<Said>)| {
        difference(&case.answer, said).map(|differs| recorded::known_line(case, differs))
    };
    all.iter().filter_map(line).collect()
}

#[test]
fn every_base_is_taken() {
    let judge = Judge::new();
    for base in bases() {
        let said = judge.errors(&base.manifest.to_string());
        assert!(said.is_empty(), "{}: {said:?}", base.id);
    }
}

#[test]
fn a_change_reads_back_as_it_is_written_and_a_seed_decides_all() {
    let bases = bases();
    let drawn = draw(&bases, 7, 500);
    assert_eq!(drawn, draw(&bases, 7, 500));
    for (_, edit) in drawn {
        assert_eq!(Edit::parse(&edit.to_string()).as_ref(), Some(&edit));
    }
}

#[test]
fn jibe_answers_as_the_server_did_but_for_a_list_that_only_shrinks() {
    let actual = differing(recorded::cases(), &bases());
    let known = recorded::known();
    // That the field alone differs is better than that the refusal is missed.
    let is_better = |line: &String| {
        line.strip_prefix("field ").is_some_and(|rest| known.contains(&format!("missed {rest}")))
    };
    let new = actual.difference(&known).filter(|line| !is_better(line));
    let new: Vec<&String> = new.collect();
    assert!(new.is_empty(), "{} answers got worse:\n{new:#?}", new.len());
    if std::env::var("JIBE_BLESS").is_ok() {
        recorded::write_known(&actual);
    } else {
        let better: Vec<&String> = known.difference(&actual).collect();
        assert!(
            better.is_empty(),
            "{} answers got better, `cargo bless --test lint`:\n{better:#?}",
            better.len()
        );
    }
}

#[test]
#[ignore = "asks a server; for whoever writes rules"]
fn score() {
    let bases = bases();
    let cases = match std::env::var("JIBE_RECORDED") {
        Ok(_) => recorded::cases(),
        Err(_) => asked(&bases),
    };
    let areas = bases.iter().map(|base| (base.id.as_str(), base.area.as_str())).collect();
    println!("{}", score::report(&judged(cases, &bases), &areas));
}

#[test]
#[ignore = "asks a server; writes the recorded cases anew"]
fn record() {
    let bases = bases();
    let cases = recorded::choose(asked(&bases), RECORDED);
    recorded::write_cases(&cases, &bases);
    recorded::write_known(&differing(recorded::cases(), &bases));
}
