//! What is found twice, told once.
//!
//! A custom resource definition is read where kinds are made of it, and judged as the object that it is; both see some faults.
//! A file may be named as the text of definitions, as a manifest, and by the folder that it lies in.

use crate::diag::{Code, Diagnostic, Severity};
use std::collections::BTreeSet;

/// The findings of several sinks, each once, in their order.
///
/// Of a definition stays what was found where it was read; of one that no version serves, that it is gone.
#[must_use]
pub fn once(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let errors = |code| -> BTreeSet<_> {
        let errors = found.iter().filter(|it| it.code == code && it.severity == Severity::Error);
        errors.map(about).collect()
    };
    let (of_definitions, gone) = (errors(Code::ApiDefinition), errors(Code::ApiRemoved));
    let is_told = |finding: &Diagnostic| {
        let (file, subject) = about(finding);
        let has =
            |set: &BTreeSet<_>, subject: &str| set.contains(&(file.clone(), subject.to_owned()));
        match finding.code {
            Code::ApiDefinition => {
                subject.strip_suffix(" apiVersion").is_some_and(|object| has(&gone, object))
            }
            // A field of what is missing is missing, too.
            Code::ApiRequired => above(&subject).any(|subject| has(&of_definitions, subject)),
            _ => has(&of_definitions, &subject),
        }
    };
    let mut seen = BTreeSet::new();
    let stays: Vec<bool> = found
        .iter()
        .map(|finding| !is_told(finding) && seen.insert(finding.to_json().to_string()))
        .collect();
    found.into_iter().zip(stays).filter_map(|(finding, stays)| stays.then_some(finding)).collect()
}

/// The file, and the object and path in it.
fn about(finding: &Diagnostic) -> (String, String) {
    let file = finding.at.as_ref().map(|at| at.position().0);
    (file.unwrap_or_default(), finding.subjects.first().cloned().unwrap_or_default())
}

/// `Kind/name a.b.c`, `Kind/name a.b`, `Kind/name a`.
fn above(subject: &str) -> impl Iterator<Item = &str> {
    let name_ends = subject.find(' ').unwrap_or(subject.len());
    let dots = subject.rmatch_indices('.').map(|(at, _)| at);
    let cut = dots.take_while(move |at| *at > name_ends).map(|at| &subject[..at]);
    std::iter::once(subject).chain(cut)
}
