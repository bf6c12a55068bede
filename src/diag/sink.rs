//! Where stages put what they find.

use super::argument::name_arguments;
use super::{Diagnostic, Failure, Severities, Severity, masked};
use crate::source::{Files, Place};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// How many places besides its own a finding has that something led to.
const MOST_PLACES: usize = 8;

/// Proof that an error was put into a [`Sink`]. Nothing else can make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported(());

/// Collects findings of one piece of work.
#[derive(Debug)]
pub struct Sink {
    files: Files,
    target: Option<String>,
    found: Vec<Diagnostic>,
}

impl Sink {
    /// A sink for findings about `files`.
    #[must_use]
    pub fn new(files: &Files) -> Self {
        Self { files: files.clone(), target: None, found: Vec::new() }
    }

    /// A sink whose findings say that they were found in `target`.
    #[must_use]
    pub fn for_target(files: &Files, target: impl Into<String>) -> Self {
        Self { files: files.clone(), target: Some(target.into()), found: Vec::new() }
    }

    /// The target that findings are told of; none where there are no targets.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// The files that findings point into.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Takes an error.
    pub fn error(&mut self, diagnostic: Diagnostic) -> Reported {
        self.take(Diagnostic { severity: Severity::Error, ..diagnostic });
        Reported(())
    }

    /// Takes a warning.
    pub fn warn(&mut self, diagnostic: Diagnostic) {
        self.take(Diagnostic { severity: Severity::Warning, ..diagnostic });
    }

    /// Takes a finding that weighs what it says itself; the proof, if it is an error.
    pub fn tell(&mut self, diagnostic: Diagnostic) -> Option<Reported> {
        let is_error = diagnostic.severity == Severity::Error;
        self.take(diagnostic);
        is_error.then_some(Reported(()))
    }

    /// Takes a finding that weighs what `severities` say, which may be nothing; the proof, if it is an
    /// error.
    pub fn weigh(&mut self, finding: Diagnostic, severities: &Severities) -> Option<Reported> {
        let severity = severities.of(finding.code, finding.severity)?;
        self.tell(Diagnostic { severity, ..finding })
    }

    /// Does work with a sink of its own, and gives what was found, sorted as by [`Sink::finish`]: for
    /// findings that are told later, more than once, or with more to say.
    pub fn apart<T>(&self, work: impl FnOnce(&mut Self) -> T) -> (T, Vec<Diagnostic>) {
        let mut own = Self::new(&self.files);
        let done = work(&mut own);
        (done, own.finish().unwrap_or_else(|failure| failure.diagnostics().to_vec()))
    }

    /// Does work, and adds to each error that it finds the place that led to it, unless it is told there itself. Of many
    /// such places those next to the error are kept, and the last.
    pub fn led_by<T>(
        &mut self,
        (place, text): (Place, &str),
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.found.len();
        let done = work(self);
        let source = self.files.source(place.file);
        for finding in self.found.iter_mut().skip(before) {
            let is_told = finding.labels().any(|label| label.place == place);
            if finding.severity == Severity::Error && !is_told {
                finding.also.truncate(MOST_PLACES - 1);
                *finding = match finding.at {
                    None => finding.clone().at(place, text),
                    Some(_) => finding.clone().also(place, text),
                };
                let added = finding.labels_mut().last().expect("one was added just before");
                added.source = Some(Arc::clone(&source));
            }
        }
        done
    }

    /// Does work of which nobody is told what it finds.
    pub fn unheard<T>(&self, work: impl FnOnce(&mut Self) -> T) -> T {
        work(&mut Self::new(&self.files))
    }

    /// Takes everything that another sink found.
    pub fn absorb(&mut self, other: Self) {
        self.found.extend(other.found);
    }

    /// Fails if an error was taken so far; a stage that carries on after errors ends with it.
    ///
    /// # Errors
    /// When an error was reported.
    pub fn passed(&self) -> Result<(), Reported> {
        match self.found.iter().any(|d| d.severity == Severity::Error) {
            true => Err(Reported(())),
            false => Ok(()),
        }
    }

    /// What was found, sorted by file, place and code, each finding once with all its targets.
    ///
    /// # Errors
    /// A [`Failure`] with all findings when one of them is an error; else the warnings.
    pub fn finish(self) -> Result<Vec<Diagnostic>, Failure> {
        let failed = self.passed().is_err();
        let mut found = merged(self.found);
        masked::mask(&mut found, self.files.secrets());
        if failed { Err(Failure::new(found)) } else { Ok(found) }
    }

    fn take(&mut self, mut diagnostic: Diagnostic) {
        for label in diagnostic.labels_mut() {
            label.source = Some(self.files.source(label.place.file));
        }
        name_arguments(&mut diagnostic);
        diagnostic.targets.extend(self.target.clone());
        let file = || diagnostic.at.as_ref().map(|at| at.position().0).unwrap_or_default();
        let within = self.target.clone().unwrap_or_else(file);
        for identity in diagnostic.identities.iter_mut().filter(|one| one.within.is_empty()) {
            identity.within.clone_from(&within);
        }
        self.found.push(diagnostic);
    }
}

/// Each finding once, with all targets and subjects that it was found for.
fn merged(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut unique: BTreeMap<_, Diagnostic> = BTreeMap::new();
    for mut next in found {
        match unique.entry(next.key()) {
            Entry::Vacant(place) => drop(place.insert(next)),
            Entry::Occupied(mut kept) => {
                let kept = kept.get_mut();
                kept.targets.append(&mut next.targets);
                kept.subjects.append(&mut next.subjects);
                kept.identities.append(&mut next.identities);
                // What is a secret for one of them is not shown for the other.
                for (label, other) in kept.labels_mut().zip(next.labels()) {
                    label.excerpt = label.excerpt.max(other.excerpt);
                }
            }
        }
    }
    let tidy = |mut finding: Diagnostic| {
        for names in [&mut finding.targets, &mut finding.subjects] {
            names.sort();
            names.dedup();
        }
        finding.identities.sort();
        finding
    };
    unique.into_values().map(tidy).collect()
}

#[cfg(test)]
mod tests;
