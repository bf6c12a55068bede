//! What a chart's templates say about values, also where no target of this run went.
//!
//! `template  --tokens-->  values.a.b …, words  --may_read-->  could another run read this?`
//!
//! A render shows what was read; the branch of an `if` that no target took reads nothing. A value that
//! such a branch names is of use all the same.

use super::reads::Reads;
use super::scan::{self, Part, PartKind, Token, TokenKind};
use super::sources::Sources;
use std::collections::{BTreeMap, BTreeSet};

/// What the templates of one chart say about values.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    /// The paths behind `values`, with what becomes of them.
    paths: BTreeMap<Vec<String>, Uses>,
    /// Every word and every text in quotes: the names by which a map's values can be read.
    words: BTreeSet<String>,
}

/// What becomes of a value that a template names.
#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    /// A hole prints it, with all that is in it.
    is_printed: bool,
    /// A macro, a variable or a loop gets it and may read any of its values by name.
    is_passed: bool,
}

impl Mentions {
    pub(super) fn of(sources: &Sources) -> Self {
        let mut mentions = Self::default();
        mentions.add(sources);
        mentions
    }

    fn add(&mut self, sources: &Sources) {
        let texts = sources.texts.iter().filter(|(name, _)| name.ends_with(".j2"));
        for (_, source) in sources.templates.iter().chain(texts) {
            for part in scan::parts(source.text()).unwrap_or_default() {
                self.part(source.text(), &part);
            }
        }
        sources.libraries.iter().for_each(|(_, library)| self.add(library));
    }

    fn part(&mut self, text: &str, part: &Part) {
        if !matches!(part.kind, PartKind::Hole | PartKind::Tag) {
            return;
        }
        let tokens = scan::tokens(text, part.inner.clone());
        let decides = part.kind == PartKind::Tag
            && tokens.first().is_some_and(|first| first.is_word("if") || first.is_word("elif"));
        let mut depth = 0usize;
        for (at, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::Word => drop(self.words.insert(token.text.to_owned())),
                TokenKind::Quoted => drop(self.words.insert(unquoted(token.text).to_owned())),
                _ if token.opens() => depth += 1,
                _ if token.closes() => depth = depth.saturating_sub(1),
                _ => {}
            }
            let is_attribute = at > 0 && tokens[at - 1].is_sign(".");
            if token.is_word("values") && !is_attribute {
                let (path, is_all) = path(&tokens[at + 1..]);
                let uses = self.paths.entry(path).or_default();
                let is_printed = is_all && depth == 0 && part.kind == PartKind::Hole;
                uses.is_printed |= is_printed;
                uses.is_passed |= !is_printed && !decides;
            }
        }
    }

    /// The names that templates ask for at a path.
    pub(super) fn names(&self, path: &[String]) -> BTreeSet<&str> {
        let below = self.paths.keys().filter(|known| known.starts_with(path));
        below.filter_map(|known| known.get(path.len()).map(String::as_str)).collect()
    }

    /// What a template could read of the value at a path though none did: `reads` is what they read.
    pub(super) fn may_read(&self, path: &[String], reads: &Reads) -> May {
        let above = (0..=path.len()).filter_map(|length| self.may_read_from(path, length, reads));
        let goes_below = || {
            let mut known = self.paths.keys();
            known.any(|known| known.len() > path.len() && known.starts_with(path))
        };
        match above.max() {
            Some(may) => may,
            None if goes_below() => May::Below,
            None => May::Nothing,
        }
    }

    /// What can be read by way of the first keys of a path, if templates say what becomes of these.
    fn may_read_from(&self, path: &[String], length: usize, reads: &Reads) -> Option<May> {
        let uses = self.paths.get(&path[..length])?;
        let read = reads.at(path[..length].iter().map(String::as_str));
        // What was printed or passed on in this run was read, all of it or by its names.
        if (uses.is_printed && !read.is_some_and(Reads::is_whole))
            || (uses.is_passed && (read.is_none() || length == path.len()))
        {
            return Some(May::All);
        }
        let is_word = |name: &String| name == Reads::ITEM || self.words.contains(name);
        (uses.is_passed && path[length..].iter().all(is_word)).then_some(May::Below)
    }
}

/// What could be read of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum May {
    /// No template names it.
    Nothing,
    /// Some of what is in it; all of a value that has nothing in it.
    Below,
    /// All of it.
    All,
}

fn unquoted(text: &str) -> &str {
    text.get(1..text.len().saturating_sub(1)).unwrap_or_default()
}

/// The path that is written behind `values`, and whether all of it stands there: neither a key that is
/// computed nor a method follows.
fn path(tokens: &[Token<'_>]) -> (Vec<String>, bool) {
    let mut path = Vec::new();
    let mut rest = tokens;
    loop {
        match rest {
            [dot, name, behind @ ..]
                if dot.is_sign(".") && matches!(name.kind, TokenKind::Word | TokenKind::Number) =>
            {
                if behind.first().is_some_and(|next| next.is_sign("(")) {
                    return (path, false);
                }
                path.push(Reads::called(name.text).to_owned());
                rest = behind;
            }
            [open, key, close, behind @ ..]
                if open.is_sign("[")
                    && close.is_sign("]")
                    && matches!(key.kind, TokenKind::Quoted | TokenKind::Number) =>
            {
                let key = if key.kind == TokenKind::Quoted { unquoted(key.text) } else { key.text };
                path.push(Reads::called(key).to_owned());
                rest = behind;
            }
            [open, ..] if open.is_sign("[") => return (path, false),
            _ => return (path, true),
        }
    }
}
