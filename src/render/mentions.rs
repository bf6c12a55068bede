//! What a chart's templates say about values, also where no target of this run went.
//!
//! `template  --tokens-->  expressions  --flow-->  paths of values  --may_read-->  could another run read this?`
//!
//! A render shows what was read; the branch of an `if` that no target took reads nothing. A value that
//! such a branch names is of use all the same, be it by the name of a loop, a `set` or a parameter.
//!
//! Promise: what a template could read is always found; what is found may be more, where a name means
//! several things or a filter works on all of a value.

mod filters;
mod flow;
mod tags;
mod tree;
mod words;

use super::reads::Reads;
use super::scan::{self, PartKind, Token};
use super::sources::Sources;
use flow::Flow;
use std::collections::BTreeSet;
use tree::Tree;

pub(super) use tree::May;

/// How often the templates are gone through at most, to follow names that are given to names.
const ROUNDS: usize = 16;

/// What the templates of one chart say about values.
#[derive(Debug, Default)]
pub(super) struct Mentions(Tree);

impl Mentions {
    pub(super) fn of(sources: &Sources) -> Self {
        let mut expressions = Vec::new();
        add(sources, &mut expressions);
        let mut flow = Flow::default();
        for (kind, words) in &expressions {
            flow.declare(*kind, words);
        }
        for _ in 0..ROUNDS {
            let known = flow.known();
            expressions.iter().for_each(|(kind, words)| flow.part(*kind, words));
            if flow.known() == known {
                return Self(flow.tree);
            }
        }
        flow.read_all();
        Self(flow.tree)
    }

    /// The names that templates ask for at a path.
    pub(super) fn names(&self, path: &[String]) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        self.0.names(path, &mut names);
        names
    }

    /// What a template could read of the value at a path though none did: `reads` is what they read.
    pub(super) fn may_read(&self, path: &[String], reads: &Reads) -> May {
        self.0.may_read(path, Some(reads)).unwrap_or(May::Nothing)
    }
}

/// The words of every hole and tag of a chart, its libraries, and what it passes on to others.
fn add<'s>(sources: &'s Sources, expressions: &mut Vec<(PartKind, Vec<Token<'s>>)>) {
    let texts = sources.texts.iter().filter(|(name, _)| name.ends_with(".j2"));
    let files = sources.templates.iter().chain(texts).map(|(_, source)| &**source.text());
    for text in files.chain(sources.passed.iter().map(|text| &**text)) {
        for part in scan::parts(text).unwrap_or_default() {
            if matches!(part.kind, PartKind::Hole | PartKind::Tag) {
                expressions.push((part.kind, scan::tokens(text, part.inner)));
            }
        }
    }
    sources.libraries.iter().for_each(|(_, library)| add(library, expressions));
}

#[cfg(test)]
mod tests;
