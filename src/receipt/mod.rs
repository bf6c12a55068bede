//! What a run looked at and what came of it, left behind so that the next run can see that nothing changed.
//!
//! `Files::asked, Seal  --of, leave-->  .jibe/cache/receipt  --find, stands-->  Summary`
//!
//! A receipt says: this program, asked for this, makes of these answers that tree, and has nothing to tell. Who finds
//! the program, the command, every answer and the tree as they were needs not make the tree again.
//!
//! Promise: the answers are those of all questions that the run asked its files, by the one door through which
//! files come in; nothing is believed that is not read and hashed again, no time and no size of a file;
//! whatever is different, damaged or not to be read makes a receipt as good as none. Writes nothing but
//! itself. Knows no templates, no values and no manifests.

mod text;

#[cfg(test)]
mod tests;

use crate::source::{Answer, EntryKind, Files, Limits, Question, RelPath};
use crate::tree::{Hash, Scope, Seal, Summary, leave_note, note};
use rayon::prelude::*;
use std::io::{self, Read};
use std::path::Path;

/// Where it lies in the workspace.
const FILE: &str = ".jibe/cache/receipt";

/// A program: all bytes that it consists of, for two builds of one version may not do the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program(Hash);

impl Program {
    /// The program that an executable file holds.
    ///
    /// # Errors
    /// When it cannot be read to its end.
    pub fn read(file: impl Read) -> io::Result<Self> {
        Hash::of_all(file).map(Self)
    }
}

/// What a run was asked for, in words that differ for any two runs that may not do the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command(Hash);

impl Command {
    /// The command of these words.
    #[must_use]
    pub fn new(words: &str) -> Self {
        Self(Hash::of(words.as_bytes()))
    }
}

/// What a run looked at and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    program: Program,
    command: Command,
    /// The output folder, below the root.
    output: RelPath,
    /// Sorted, each question once.
    answers: Vec<(Question, Mark)>,
    seal: Seal,
}

/// What is kept of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Hash(Hash),
    Absent,
    Present,
}

impl Receipt {
    /// The receipt of a run that has read `files` and nothing else, and left the tree of `seal` in the folder
    /// `output` of their root, with nothing to tell. None if what was read cannot be asked for again just so.
    #[must_use]
    pub fn of(
        (program, command): (Program, Command),
        files: &Files,
        (output, seal): (RelPath, Seal),
    ) -> Option<Self> {
        // Whoever asks again knows of no other limit.
        if files.limits().file != Limits::default().file {
            return None;
        }
        let answers = files.asked()?.into_par_iter();
        let answers = answers.map(|(question, answer)| (question, Mark::of(&answer))).collect();
        Some(Self { program, command, output, answers, seal })
    }

    /// Leaves it in the workspace `root`, in place of an older one.
    ///
    /// # Errors
    /// When the operating system refuses, or something else than a file has its path.
    pub fn leave(&self, root: &Path) -> io::Result<()> {
        leave_note(root, &path(), self.text().as_bytes())
    }

    /// The receipt that lies in the workspace `root`, if it is one of this command.
    #[must_use]
    pub fn find(root: &Path, command: Command) -> Option<Self> {
        let receipt = Self::parse(&note(root, &path())?)?;
        (receipt.command == command).then_some(receipt)
    }

    /// The output folder, below the root of the workspace.
    #[must_use]
    pub fn output(&self) -> &RelPath {
        &self.output
    }

    /// Whether a run of `program` over `files` would be told what the run before was told. Reads them all, but keeps none.
    #[must_use]
    pub fn is_up_to_date(
        &self,
        files: &Files,
        program: impl FnOnce() -> Option<Program> + Send,
    ) -> bool {
        files.leave_out(&self.output);
        let is_same = |(question, mark): &(Question, Mark)| {
            files.answer(question).is_some_and(|answer| Mark::of(&answer) == *mark)
        };
        let (same_program, same_answers) = rayon::join(
            || program().is_some_and(|program| program == self.program),
            || self.answers.par_iter().all(is_same),
        );
        same_program && same_answers
    }

    /// What such a run would say of the output folder `folder`, if that still holds what the run before left; none if it
    /// would change or tell anything.
    #[must_use]
    pub fn unchanged(&self, folder: &Path, scope: Scope) -> Option<Summary> {
        self.seal.stands(folder, scope)
    }
}

impl Mark {
    fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Text(text) => Self::Hash(Hash::of(text.as_bytes())),
            Answer::Bytes(bytes) => Self::Hash(Hash::of(bytes)),
            Answer::Way(path) => Self::Hash(Hash::of(path.as_str().as_bytes())),
            Answer::Absent => Self::Absent,
            Answer::Present => Self::Present,
            Answer::Names(entries) => {
                let mut bytes = Vec::new();
                for entry in entries {
                    bytes.push(match entry.kind {
                        EntryKind::File => b'f',
                        EntryKind::Folder => b'd',
                        EntryKind::Other => b'o',
                    });
                    // No listed name holds a line feed.
                    bytes.extend(entry.name.as_bytes());
                    bytes.push(b'\n');
                }
                Self::Hash(Hash::of(&bytes))
            }
        }
    }
}

fn path() -> RelPath {
    RelPath::parse(FILE).expect("a path below the root")
}
