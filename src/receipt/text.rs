//! A receipt as text, a line for each thing that it knows.
//!
//! ```text
//! jibe receipt 1
//! program 3f0a…64 digits…
//! command 3f0a…
//! output rendered
//! 3f0a… text jibe.yaml
//! absent text values.yaml
//! 3f0a… names services
//! tree 3f0a…
//! prod/shop/web
//! end 3f0a…
//! ```
//!
//! Nothing in it tells a time, a machine or who ran. The last line is the hash of all before it, so that half a
//! file or a spoilt one is none.

use super::{Command, Mark, Program, Receipt};
use crate::source::{Question, RelPath};
use crate::tree::{Hash, Seal};
use std::fmt::{self, Write};
use std::str::Lines;

const HEAD: &str = "jibe receipt 1";

impl Receipt {
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text).expect("a string takes everything");
        let end = Hash::of(text.as_bytes());
        writeln!(text, "end {end}").expect("a string takes everything");
        text
    }

    fn write(&self, text: &mut String) -> fmt::Result {
        let Self { program, command, output, answers, seal } = self;
        writeln!(text, "{HEAD}\nprogram {}\ncommand {}", program.0, command.0)?;
        writeln!(text, "output {output}")?;
        for (question, mark) in answers {
            match mark {
                Mark::Hash(hash) => write!(text, "{hash}")?,
                Mark::Absent => text.push_str("absent"),
                Mark::Present => text.push_str("present"),
            }
            match question {
                Question::Text(path) => writeln!(text, " text {path}")?,
                Question::Bytes(path) => writeln!(text, " bytes {path}")?,
                Question::Names(path) => writeln!(text, " names {path}")?,
                Question::Folder(path) => writeln!(text, " folder {path}")?,
                Question::Way(path) => writeln!(text, " way {path}")?,
            }
        }
        writeln!(text, "tree {}", seal.hash)?;
        seal.folders.iter().try_for_each(|folder| writeln!(text, "{folder}"))
    }

    /// Reads what [`Receipt::text`] wrote; none if a byte of it is different.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (body, end) = text.strip_suffix('\n')?.rsplit_once('\n')?;
        let body = &text[..=body.len()];
        if hash_behind("end ", end)? != Hash::of(body.as_bytes()) {
            return None;
        }
        let mut lines = body.lines();
        if lines.next()? != HEAD {
            return None;
        }
        let program = Program(hash_behind("program ", lines.next()?)?);
        let command = Command(hash_behind("command ", lines.next()?)?);
        let output = path(lines.next()?.strip_prefix("output ")?)?;
        let (answers, tree) = answers(&mut lines)?;
        let folders: Vec<_> = lines.map(path).collect::<Option<_>>()?;
        let is_sorted = answers.is_sorted_by(|one, next| one.0 < next.0)
            && folders.is_sorted_by(|one, next| one < next);
        let seal = Seal { folders, hash: tree };
        is_sorted.then_some(Self { program, command, output, answers, seal })
    }
}

/// The lines up to that of the tree, and its hash.
fn answers(lines: &mut Lines<'_>) -> Option<(Vec<(Question, Mark)>, Hash)> {
    let mut answers = Vec::new();
    for line in lines {
        if let Some(tree) = hash_behind("tree ", line) {
            return Some((answers, tree));
        }
        answers.push(answer(line)?);
    }
    None
}

fn answer(line: &str) -> Option<(Question, Mark)> {
    let (mark, question) = line.split_once(' ')?;
    let mark = match mark {
        "absent" => Mark::Absent,
        "present" => Mark::Present,
        hash => Mark::Hash(Hash::parse(hash)?),
    };
    let (kind, at) = question.split_once(' ')?;
    let question = match kind {
        "text" => Question::Text,
        "bytes" => Question::Bytes,
        "names" => Question::Names,
        "folder" => Question::Folder,
        "way" => Question::Way,
        _ => return None,
    };
    Some((question(path(at)?), mark))
}

fn hash_behind(word: &str, line: &str) -> Option<Hash> {
    Hash::parse(line.strip_prefix(word)?)
}

fn path(text: &str) -> Option<RelPath> {
    RelPath::parse(text).ok()
}
