//! A change of a base, what the server answers to it, and how jibe's answer compares.

use crate::answer::{Answer, Family};
use crate::edit::Edit;
use crate::judge::Said;
use crate::outside::outside;

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
            let is_named =
                said.iter().any(|one| is_same(&outside(&cause.field), &one.field, cause.family));
            (!is_named).then_some(Difference::Field)
        }
    }
}

/// Whether two paths name one field. Keys may stand in brackets or not. Go's decoder names no positions in lists and no keys
/// of schemas, the map or list instead of its entry, the structures that it embeds, and fields as they are spelt in their
/// type, not in the manifest.
fn is_same(server: &str, ours: &str, family: Family) -> bool {
    let is_decoder = family == Family::Type && !server.contains('[');
    let steps = |path: &str| -> Vec<String> {
        let path = if is_decoder { keys_without_dots(path) } else { path.to_owned() };
        let steps = path.split(['.', '[', ']']).filter(|step| !step.is_empty());
        let is_position = |step: &str| step.bytes().all(|b| b.is_ascii_digit());
        steps.filter(|step| !(is_decoder && is_position(step))).map(str::to_owned).collect()
    };
    let is_embedded = |step: &str| step.starts_with(|c: char| c.is_ascii_uppercase());
    let (mut server, ours) = (steps(server), steps(ours));
    server.retain(|step| !(is_decoder && is_embedded(step)));
    let is_within = |ours: &[String]| {
        let is_one = |(a, b): (&String, &String)| a.eq_ignore_ascii_case(b);
        let fits = (server.len()..=server.len() + 1).contains(&ours.len());
        fits && server.iter().zip(ours).all(is_one)
    };
    match is_decoder {
        true => is_within(&ours) || is_within(&without_keys_of_schemas(&ours)),
        false => server == ours,
    }
}

/// The steps to a part of a schema without the names of the properties on the way.
fn without_keys_of_schemas(steps: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let mut is_key = false;
    for step in steps {
        if !is_key {
            kept.push(step.clone());
        }
        is_key = step == "properties" && !is_key;
    }
    kept
}

/// A path whose keys in brackets, such as `data[app.properties]`, are one step each.
fn keys_without_dots(path: &str) -> String {
    let parts = path.split(']').map(|part| match part.split_once('[') {
        Some((before, key)) => format!("{before}[{}", key.replace('.', "_")),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("]")
}
