//! What the files of a root were asked and what they answered: all that a piece of work can know of them.

use super::{Entry, RelPath};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A question to the files of a root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// What a file says.
    Text(RelPath),
    /// Which bytes a file holds, text or not.
    Bytes(RelPath),
    /// Which names a folder holds.
    Names(RelPath),
    /// Whether there is such a folder.
    Folder(RelPath),
    /// Where links lead.
    Way(RelPath),
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The file's text, a byte-order mark dropped.
    Text(Arc<str>),
    /// The file's bytes.
    Bytes(Arc<[u8]>),
    /// The folder's names, sorted by bytes.
    Names(Vec<Entry>),
    /// Nothing is there.
    Absent,
    /// The folder is there.
    Present,
    /// The path without links.
    Way(RelPath),
}

/// All questions with their answers.
#[derive(Debug, Default)]
pub(super) struct Asked {
    answers: BTreeMap<Question, Answer>,
    /// Whether something was looked at that these answers do not tell: what could not be read, a pipe, or
    /// what changed while it was looked at.
    is_unsure: bool,
}

impl Asked {
    /// Remembers an answer. Who asks twice should be told the same.
    pub(super) fn note(&mut self, question: Question, answer: &Answer) {
        let known = self.answers.entry(question).or_insert_with(|| answer.clone());
        self.is_unsure |= known != answer;
    }

    /// Remembers that something was looked at in another way.
    pub(super) fn note_other(&mut self) {
        self.is_unsure = true;
    }

    /// The questions, sorted, with their answers; none if these are not all that was looked at.
    pub(super) fn all(&self) -> Option<Vec<(Question, Answer)>> {
        let pair = |(question, answer): (&Question, &Answer)| (question.clone(), answer.clone());
        (!self.is_unsure).then(|| self.answers.iter().map(pair).collect())
    }
}
