//! Findings that were there before, which are let pass.
//!
//! `findings  --Baseline::of-->  Baseline  --text-->  a file  --read-->  Baseline  --sift-->  what is new`
//!
//! Promise: only a finding that an entry names passes, and only as many as it says; an entry is told that is not needed any
//! more; a file says neither lines nor values, and the same findings give the same bytes. Refuses to know codes after which
//! nothing is left to write: no entry lets them pass.

use crate::diag::{Code, Diagnostic, Identity, Reported, Sink, is_of_manifests, nearest};
use crate::source::{Place, Secrets, Source};
use crate::yaml::{self, Node};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The form of the files that this jibe writes.
const FORM: u64 = 1;
/// What stands above the entries, for whoever finds the file.
const HEAD: &str = include_str!("baseline/head.txt");
/// How every such file says that it is one.
const MARK: &str = "baseline:";
const ANEW: &str = "take the entry out, or let `--write-baseline` write the file anew";

/// The findings that are let pass.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    entries: BTreeMap<Identity, Entry>,
}

#[derive(Debug, Clone, Default)]
struct Entry {
    /// How many findings it lets pass.
    count: u64,
    /// Where it stands; none before it is written.
    place: Option<Place>,
}

/// A baseline in use.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The findings that are let pass.
    pub baseline: &'a Baseline,
    /// Counts those that were.
    pub passed: &'a AtomicUsize,
    /// Whether entries that nothing needs are told.
    pub stale: Stale,
}

/// Whether entries that nothing needs are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stale {
    /// They are.
    #[default]
    Told,
    /// Not for manifests that are made otherwise than those of the baseline.
    Untold,
}

/// The file as it may be written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    baseline: u64,
    findings: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    code: String,
    #[serde(rename = "in")]
    within: String,
    object: String,
    #[serde(default)]
    field: String,
    #[serde(default = "once")]
    count: u64,
}

fn once() -> u64 {
    1
}

impl Baseline {
    /// Whether a text says that it is a baseline, however damaged it is otherwise.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.lines().any(|line| line.starts_with(MARK))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is no YAML, or says something that no baseline says.
    pub fn read(source: &Source, sink: &mut Sink) -> Result<Self, Reported> {
        let documents = yaml::read(source, sink)?;
        let [document] = documents.as_slice() else {
            let message = format!("`{}` must be one YAML document", source.name());
            let finding = Diagnostic::error(Code::WorkspaceBaseline, message);
            let finding =
                finding.at(source.place(0, 0), "").hint("let `--write-baseline` write it anew");
            return Err(sink.error(finding));
        };
        let root = &document.root;
        let written: Written = yaml::from_node(root).map_err(|mut problem| {
            problem.hint.get_or_insert_with(|| "let `--write-baseline` write it anew".to_owned());
            sink.error(problem.in_file(root.place.file))
        })?;
        if written.baseline != FORM {
            let message = format!(
                "`{}` has the form `{}`, but this jibe knows `{FORM}`",
                source.name(),
                written.baseline
            );
            let at = root.get("baseline").unwrap_or(root).place;
            let finding = Diagnostic::error(Code::WorkspaceBaseline, message).at(at, "");
            return Err(
                sink.error(finding.hint("update jibe, or let `--write-baseline` write it anew"))
            );
        }
        let lines = root.get("findings").and_then(Node::as_list).unwrap_or_default();
        let (mut baseline, mut failed) = (Self::default(), None);
        for (line, node) in written.findings.into_iter().zip(lines) {
            if let Err(finding) = baseline.take(line, node) {
                failed = Some(sink.error(*finding));
            }
        }
        failed.map_or(Ok(baseline), Err)
    }

    fn take(&mut self, line: Line, node: &Node) -> Result<(), Box<Diagnostic>> {
        let place = |key: &str| node.get(key).unwrap_or(node).place;
        let code =
            code_of(&line.code).map_err(|finding| Box::new(finding.at(place("code"), "")))?;
        if line.count == 0 {
            let message = "an entry with `count: 0` lets nothing pass";
            let finding =
                Diagnostic::error(Code::WorkspaceBaseline, message).at(place("count"), "");
            return Err(Box::new(finding.hint("take the entry out")));
        }
        let Line { within, object, field, count, .. } = line;
        let entry = self.entries.entry(Identity { within, object, field, code }).or_default();
        entry.count = entry.count.saturating_add(count);
        entry.place.get_or_insert(node.place);
        Ok(())
    }

    /// One that lets these findings pass, but for those that can never pass and those whose names hold a secret.
    #[must_use]
    pub fn of<'f>(found: impl IntoIterator<Item = &'f Diagnostic>, secrets: &Secrets) -> Self {
        let mut baseline = Self::default();
        for identity in found.into_iter().flat_map(|finding| &finding.identities) {
            let Identity { within, object, field, .. } = identity;
            if ![within, object, field].iter().any(|text| secrets.are_in(text)) {
                baseline.entries.entry(identity.clone()).or_default().count += 1;
            }
        }
        baseline
    }

    /// Takes over the entries of another one that are of a target or file that `is_kept` says.
    pub fn keep(&mut self, other: &Self, is_kept: impl Fn(&str) -> bool) {
        let kept = other.entries.iter().filter(|(identity, _)| is_kept(&identity.within));
        self.entries.extend(kept.map(|(identity, entry)| (identity.clone(), entry.clone())));
    }

    /// How many findings it lets pass.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.entries.values().map(|entry| entry.count).sum()
    }

    /// Its file: sorted by target, object, field and code.
    #[must_use]
    pub fn text(&self, place: Place) -> String {
        let name = |(identity, _): &(&Identity, &Entry)| {
            let Identity { within, object, field, code } = identity;
            (within.clone(), object.clone(), field.clone(), code.name())
        };
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_cached_key(name);
        let lines: Vec<_> =
            entries.into_iter().map(|(identity, entry)| line(identity, entry)).collect();
        let root = json!({ "baseline": FORM, "findings": lines });
        format!("{HEAD}{}", yaml::write(&yaml::from_json(&root, place)))
    }

    /// What of some findings it does not let pass, and how many it does. Of more findings than an entry says, none passes.
    #[must_use]
    pub fn sift(&self, found: Vec<Diagnostic>) -> (Vec<Diagnostic>, usize) {
        let seen = counted(&found);
        let all = found.len();
        let is_let = |identity: &Identity| {
            self.entries.get(identity).is_some_and(|entry| entry.count >= seen[identity])
        };
        let is_known = |finding: &Diagnostic| {
            !finding.identities.is_empty() && finding.identities.iter().all(is_let)
        };
        let new = found.into_iter().filter(|finding| !is_known(finding));
        let new: Vec<_> = new.map(|finding| self.with_count(finding, &seen)).collect();
        let known = all - new.len();
        (new, known)
    }

    /// Says of a finding that there are more of it than are let pass.
    fn with_count(&self, finding: Diagnostic, seen: &BTreeMap<Identity, u64>) -> Diagnostic {
        let short = finding.identities.iter().find_map(|identity| {
            let entry = self.entries.get(identity)?;
            (entry.count < seen[identity]).then_some((entry.count, seen[identity]))
        });
        finding.maybe_hint(short.map(|(count, seen)| {
            format!("the baseline lets {count} of these pass, but there are {seen}: mend those that are new")
        }))
    }

    /// The entries of targets or files that `is_judged` says which let more findings pass than there are: each with its
    /// target or file.
    pub fn stale(
        &self,
        found: &[Diagnostic],
        is_judged: impl Fn(&str) -> bool,
    ) -> Vec<(&str, Diagnostic)> {
        let seen = counted(found);
        let judged = self.entries.iter().filter(|(identity, _)| is_judged(&identity.within));
        judged
            .filter_map(|(identity, entry)| {
                let there = seen.get(identity).copied().unwrap_or(0);
                (there < entry.count).then(|| (&*identity.within, stale(identity, entry, there)))
            })
            .collect()
    }
}

impl Known<'_> {
    /// What of a target's findings is new; entries that nothing needs are among it.
    pub(super) fn sift(&self, found: Vec<Diagnostic>, target: &str) -> Vec<Diagnostic> {
        let stale = match self.stale {
            Stale::Told => self.baseline.stale(&found, |within| within == target),
            Stale::Untold => Vec::new(),
        };
        let (mut new, known) = self.baseline.sift(found);
        self.passed.fetch_add(known, Ordering::Relaxed);
        new.extend(stale.into_iter().map(|(_, finding)| finding));
        new
    }
}

fn counted(found: &[Diagnostic]) -> BTreeMap<Identity, u64> {
    let mut seen = BTreeMap::new();
    for identity in found.iter().flat_map(|finding| &finding.identities) {
        *seen.entry(identity.clone()).or_insert(0) += 1;
    }
    seen
}

fn stale(identity: &Identity, entry: &Entry, there: u64) -> Diagnostic {
    let Identity { within, object, field, code } = identity;
    let field = if field.is_empty() { String::new() } else { format!(" {field}") };
    let how = match there {
        0 => format!("is not found any more in `{within}`"),
        _ => format!("is found less often in `{within}`: {there} of {}", entry.count),
    };
    let message = format!("`{code}` of `{object}{field}` {how}");
    let finding = Diagnostic::warning(Code::CheckStaleBaseline, message).hint(ANEW);
    match entry.place {
        Some(place) => finding.at(place, ""),
        None => finding,
    }
}

/// The code of an entry; what is wrong with it if none can pass.
fn code_of(name: &str) -> Result<Code, Box<Diagnostic>> {
    let known = Code::ALL.iter().copied().filter(|code| is_of_manifests(*code));
    let (message, hint) = match Code::from_name(name) {
        Some(code) if is_of_manifests(code) => return Ok(code),
        Some(_) => (
            format!("`{name}` can never pass: it leaves nothing to write"),
            "take the entry out: only codes that begin with `check/` or `api/` may pass".to_owned(),
        ),
        None => (
            format!("there is no code `{name}`"),
            nearest(name, known.map(Code::name))
                .map_or_else(|| ANEW.to_owned(), |near| format!("did you mean `{near}`?")),
        ),
    };
    Err(Box::new(Diagnostic::error(Code::WorkspaceBaseline, message).hint(hint)))
}

fn line(identity: &Identity, entry: &Entry) -> serde_json::Value {
    let Identity { within, object, field, code } = identity;
    let mut line = json!({ "code": code.name(), "in": within, "object": object });
    if !field.is_empty() {
        line["field"] = field.as_str().into();
    }
    if entry.count != 1 {
        line["count"] = entry.count.into();
    }
    line
}

#[cfg(test)]
mod tests;
