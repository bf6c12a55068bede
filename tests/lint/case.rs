//! A change of a base, what the server answers to it, and how jibe's answer compares.

use crate::answer::{Answer, Family};
use crate::edit::Edit;
use crate::judge::Said;

/// A change of a base and the server's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    /// The id of the base.
    pub(crate) base: String,
    pub(crate) edit: Edit,
    pub(crate) answer: Answer,
}

/// How jibe's answer differs from the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    /// The server refuses what jibe takes.
    Missed,
    /// jibe refuses what the server takes.
    Alarm,
    /// Both refuse, and jibe does not name the field that the server names first.
    Field,
}

impl Difference {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Alarm => "alarm",
            Self::Field => "field",
        }
    }
}

/// How what jibe says differs; None where it agrees, and where the answer is none about the manifest.
pub(crate) fn difference(answer: &Answer, said: &[Said]) -> Option<Difference> {
    match (answer, said.is_empty()) {
        (Answer::State, _) | (Answer::Taken, true) => None,
        (Answer::Taken, false) => Some(Difference::Alarm),
        (Answer::Refused(_), true) => Some(Difference::Missed),
        (Answer::Refused(causes), false) => {
            let cause = causes.iter().find(|cause| !cause.field.is_empty())?;
            let is_named = said.iter().any(|one| is_same(&cause.field, &one.field, cause.family));
            (!is_named).then_some(Difference::Field)
        }
    }
}

/// Go's decoder names no positions in lists, and the map instead of its entry.
fn is_same(server: &str, ours: &str, family: Family) -> bool {
    let fields =
        |path: &str| -> Vec<String> { path.split(['.', '[']).map(str::to_owned).collect() };
    match family {
        Family::Type if !server.contains('[') => {
            let names = fields(&without_positions(ours));
            let wanted = fields(server);
            names.starts_with(&wanted) && names.len() <= wanted.len() + 1
        }
        _ => server == ours,
    }
}

fn without_positions(path: &str) -> String {
    let mut parts = path.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |so_far, part| match part.split_once(']') {
        Some((index, rest)) if index.bytes().all(|b| b.is_ascii_digit()) => so_far + rest,
        _ => so_far + "[" + part,
    })
}
