//! What holes and tags do with values: print them, give them names, pass them on.

use super::flow::{Flow, Spots, wrapped};
use super::tree::Step;
use super::words::Reader;
use crate::render::scan::{PartKind, Token, TokenKind};

impl Flow {
    /// Notes the names of macros and of those who import them.
    pub(super) fn declare(&mut self, kind: PartKind, words: &[Token<'_>]) {
        let Some(first) = words.first().filter(|_| kind == PartKind::Tag) else { return };
        match (first.text, words.get(1)) {
            ("macro", Some(name)) => {
                let parameters = Reader::new(words, 2, self).parameters();
                self.macros.entry(name.text.to_owned()).or_default().insert(parameters);
            }
            ("call", _) => {
                let parameters = Reader::new(words, 1, self).parameters();
                self.callers.insert(parameters);
            }
            ("for", _) if words.last().is_some_and(|last| last.is_word("recursive")) => {
                self.loops.insert(targets(words, "in"));
            }
            ("import", _) => {
                self.modules.extend(words.last().map(|name| name.text.to_owned()));
            }
            ("from", _) => {
                for three in words.windows(3).filter(|three| three[1].is_word("as")) {
                    let (own, new) = (three[0].text.to_owned(), three[2].text.to_owned());
                    self.renamed.entry(new).or_default().insert(own);
                }
            }
            _ => {}
        }
    }

    /// Notes what a hole or tag reads, and what its names stand for.
    pub(super) fn part(&mut self, kind: PartKind, words: &[Token<'_>]) {
        if kind == PartKind::Hole {
            let printed = Reader::new(words, 0, self).listed();
            self.read(&printed);
            return;
        }
        match words.first().map(|first| first.text) {
            Some("for") => self.loops_over(words),
            Some("set") => self.sets(words),
            Some("from") => self.imports(words),
            Some("with") => Reader::new(words, 1, self).bindings(),
            Some("macro") => drop(Reader::new(words, 2, self).parameters()),
            Some("call") => {
                let mut reader = Reader::new(words, 1, self);
                reader.parameters();
                reader.rest();
            }
            Some(_) => drop(Reader::new(words, 1, self).rest()),
            None => {}
        }
    }

    /// What another file sets is known by its name there.
    fn imports(&mut self, words: &[Token<'_>]) {
        for three in words.windows(3).filter(|three| three[1].is_word("as")) {
            let set = self.named(three[0].text);
            self.bind(three[2].text, &set);
        }
    }

    fn loops_over(&mut self, words: &[Token<'_>]) {
        let Some(split) = words.iter().position(|word| word.is_word("in")) else { return };
        let names = targets(words, "in");
        let looped = Reader::new(words, split + 1, self).looped();
        let items = self.below(&looped, &Step::item());
        self.bind("loop", &wrapped(&items, 1));
        if words[..split].iter().skip(2).any(|word| word.is_sign("(")) {
            // Names in brackets of their own: nobody follows them.
            self.read(&items);
        }
        self.bind_all(&names, &items);
        Reader::new(words, split + 1, self).rest();
    }

    fn sets(&mut self, words: &[Token<'_>]) {
        let Some(split) = words.iter().position(|word| word.is_sign("=")) else {
            Reader::new(words, 1, self).rest();
            return;
        };
        let given = Reader::new(words, split + 1, self).listed();
        let names = &words[1..split];
        match names {
            // `{% set space.name = x %}`
            [space, dot, ..] if dot.is_sign(".") => self.bind(space.text, &wrapped(&given, 1)),
            _ => self.bind_all(&targets(words, "="), &given),
        }
    }

    /// Gives the arguments of a call to parameters, by their position or name.
    pub(super) fn pass(&mut self, arguments: &[Argument], parameters: &[String]) {
        for (at, argument) in arguments.iter().enumerate() {
            match (&argument.keyword, argument.is_spread) {
                (_, true) => {
                    let parts = self.below(&argument.spots, &Step::Any);
                    parameters.iter().for_each(|name| self.bind(name, &parts));
                }
                (Some(name), _) => self.bind(name, &argument.spots),
                (None, _) => {
                    if let Some(name) = parameters.get(at) {
                        self.bind(name, &argument.spots);
                    }
                }
            }
        }
    }
}

/// What a call passes.
#[derive(Debug, Default)]
pub(super) struct Argument {
    /// The parameter, if it is named.
    pub keyword: Option<String>,
    /// Whether its items or entries are passed: `*x`, `**x`.
    pub is_spread: bool,
    /// A text or number that is written out.
    pub literal: Option<String>,
    pub spots: Spots,
}

/// The names that a tag gives a value, up to a word.
fn targets(words: &[Token<'_>], end: &str) -> Vec<String> {
    let names = words[1..].iter().take_while(|word| word.text != end);
    names.filter(|word| word.kind == TokenKind::Word).map(|word| word.text.to_owned()).collect()
}
