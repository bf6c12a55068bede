//! Reads expressions for the values that they read and give; what each of them computes is left open.

use super::flow::{Flow, Spots, wrapped};
use super::tags::Argument;
use super::tree::Step;
use crate::render::scan::{Token, TokenKind};

/// How deep brackets are followed; what holds deeper ones reads all values.
const MAX_DEPTH: usize = 100;

/// What an expression gives.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub spots: Spots,
    /// The text or number that it is, if it is written out.
    pub literal: Option<String>,
}

impl From<Spots> for Given {
    fn from(spots: Spots) -> Self {
        Self { spots, literal: None }
    }
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// `in`, `not in`
    Within,
    /// All of both.
    Whole,
}

/// Reads the words of one expression or tag.
#[derive(Debug)]
pub(super) struct Reader<'r, 't> {
    words: &'r [Token<'t>],
    at: usize,
    depth: usize,
    flow: &'r mut Flow,
}

impl<'r, 't> Reader<'r, 't> {
    /// Reads from the word with a number on.
    pub(super) fn new(words: &'r [Token<'t>], at: usize, flow: &'r mut Flow) -> Self {
        Self { words, at, depth: 0, flow }
    }

    fn word(&self) -> Option<&'r Token<'t>> {
        self.words.get(self.at)
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let is_it = self.word().is_some_and(|word| word.is_sign(sign));
        self.at += usize::from(is_it);
        is_it
    }

    fn takes_word(&mut self, name: &str) -> bool {
        let is_it = self.word().is_some_and(|word| word.is_word(name));
        self.at += usize::from(is_it);
        is_it
    }

    fn takes_any(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        signs.iter().find(|sign| self.takes_sign(sign)).copied()
    }

    /// Everything up to the end, whatever it means.
    pub(super) fn rest(&mut self) -> Spots {
        let mut spots = Spots::new();
        while self.at < self.words.len() {
            let before = self.at;
            spots.extend(self.choice().spots);
            self.at += usize::from(self.at == before);
        }
        spots
    }

    /// What a hole prints or a `set` gives: several values with commas between them are a list.
    pub(super) fn listed(&mut self) -> Spots {
        let mut spots = self.choice().spots;
        if self.word().is_some_and(|word| word.is_sign(",")) {
            spots = wrapped(&spots, 1);
            while self.takes_sign(",") {
                spots.extend(wrapped(&self.choice().spots, 1));
            }
        }
        self.rest();
        spots
    }

    /// What a `for` goes through; an `if` behind it is no part of it.
    pub(super) fn looped(&mut self) -> Spots {
        let mut spots = self.decided();
        if self.word().is_some_and(|word| word.is_sign(",")) {
            spots.spots = wrapped(&spots.spots, 1);
            while self.takes_sign(",") {
                spots.spots.extend(wrapped(&self.decided().spots, 1));
            }
        }
        spots.spots
    }

    /// The names and values of a `with`.
    pub(super) fn bindings(&mut self) {
        while let Some(name) = self.word() {
            self.at += 1;
            if self.takes_sign("=") {
                let given = self.choice().spots;
                self.flow.bind(name.text, &given);
            }
        }
    }

    /// The parameters in the brackets that come next, if there are any; their defaults are what they
    /// stand for, too.
    pub(super) fn parameters(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        if !self.takes_sign("(") {
            return names;
        }
        while let Some(word) = self.word() {
            self.at += 1;
            if word.is_sign(")") {
                break;
            }
            if word.kind == TokenKind::Word {
                names.push(word.text.to_owned());
                if self.takes_sign("=") {
                    let given = self.choice().spots;
                    self.flow.bind(word.text, &given);
                }
            }
        }
        names
    }

    /// `a if b else c`
    fn choice(&mut self) -> Given {
        let mut given = self.decided();
        if self.takes_word("if") {
            self.decided();
            given.literal = None;
            if self.takes_word("else") {
                given.spots.extend(self.choice().spots);
            }
        }
        given
    }

    /// `a and b or c`
    fn decided(&mut self) -> Given {
        let mut given = self.compared();
        while self.takes_word("and") || self.takes_word("or") {
            given.literal = None;
            given.spots.extend(self.compared().spots);
        }
        given
    }

    /// `not a`, `a == b`, `a in b`
    fn compared(&mut self) -> Given {
        if self.takes_word("not") {
            self.compared();
            return Given::default();
        }
        let mut left = self.joined();
        while let Some(comparison) = self.comparison() {
            let right = self.joined();
            match (comparison, &left.literal, &right.literal) {
                (Comparison::Within, Some(key), _) => {
                    self.flow.picked(&right.spots, key);
                    self.flow.below(&right.spots, &Step::item());
                }
                (Comparison::Within, None, _) => {
                    self.flow.read(&left.spots);
                    let parts = self.flow.below(&right.spots, &Step::Any);
                    self.flow.read(&parts);
                }
                (Comparison::Whole, None, None) => {
                    self.flow.read(&left.spots);
                    self.flow.read(&right.spots);
                }
                // Whatever is compared with a text or number, the first look decides.
                (Comparison::Whole, _, _) => {}
            }
            left = Given::default();
        }
        left
    }

    fn comparison(&mut self) -> Option<Comparison> {
        if self.takes_any(&["==", "!=", "<", ">", "<=", ">="]).is_some() {
            return Some(Comparison::Whole);
        }
        let negated = self.word().is_some_and(|word| word.is_word("not"))
            && self.words.get(self.at + 1).is_some_and(|word| word.is_word("in"));
        self.at += usize::from(negated);
        self.takes_word("in").then_some(Comparison::Within)
    }

    /// `a + b`, `a ~ b`
    fn joined(&mut self) -> Given {
        let mut given = self.operand();
        let (mut is_joined, mut keeps) = (false, true);
        while let Some(sign) = self.takes_any(&["+", "-", "~", "*", "/", "//", "%", "**"]) {
            (is_joined, keeps) = (true, keeps && sign == "+");
            let right = self.operand();
            given = Given::from(&given.spots | &right.spots);
        }
        if is_joined && !keeps {
            self.flow.read(&given.spots);
            return Given::default();
        }
        given
    }

    /// A value with its attributes, filters and tests.
    fn operand(&mut self) -> Given {
        while self.takes_any(&["-", "+"]).is_some() {}
        let mut given = self.value();
        loop {
            given = if self.takes_sign(".") {
                self.attribute(&given)
            } else if self.takes_sign("[") {
                self.subscript(&given)
            } else if self.takes_sign("(") {
                self.opaque(&given)
            } else if self.takes_sign("|") {
                self.filtered(given)
            } else if self.takes_word("is") {
                self.tested(&given)
            } else {
                return given;
            }
        }
    }

    fn value(&mut self) -> Given {
        let Some(word) = self.word() else { return Given::default() };
        self.at += 1;
        match word.kind {
            TokenKind::Quoted => {
                let text = word.text.get(1..word.text.len().saturating_sub(1));
                Given { spots: Spots::new(), literal: text.map(str::to_owned) }
            }
            TokenKind::Number => Given { spots: Spots::new(), literal: Some(word.text.to_owned()) },
            TokenKind::Sign if word.opens() => self.deeper(|reader| reader.bracket(word.text)),
            // It ends something else.
            TokenKind::Sign => {
                self.at -= 1;
                Given::default()
            }
            TokenKind::Word => self.name(word.text),
        }
    }

    fn name(&mut self, name: &str) -> Given {
        let next = |at: usize| self.words.get(self.at + at);
        if next(0).is_some_and(|next| next.is_sign("(")) {
            self.at += 1;
            let arguments = self.arguments();
            return self.flow.call(name, &arguments).into();
        }
        let of_module = match (next(0), next(1), next(2)) {
            (Some(dot), Some(_), Some(open)) if dot.is_sign(".") && open.is_sign("(") => None,
            (Some(dot), Some(set), _) if dot.is_sign(".") => Some(set.text),
            _ => None,
        };
        if let Some(set) = of_module.filter(|_| self.flow.modules.contains(name)) {
            self.at += 2;
            return self.flow.named(set).into();
        }
        let is_part = name == "loop" && next(0).is_some_and(|next| next.is_sign("."));
        let part = next(1).map(|word| word.text).filter(|_| is_part);
        if part.is_some_and(|part| !matches!(part, "previtem" | "nextitem")) {
            // Such as `loop.index`, which is no value.
            self.at += 2;
            return Given::default();
        }
        self.flow.named(name).into()
    }

    /// What stands in brackets: a value, a list or a map.
    fn bracket(&mut self, open: &str) -> Given {
        let (mut spots, mut literal, mut is_made) = (Spots::new(), None, open != "(");
        while let Some(word) = self.word() {
            if word.closes() {
                self.at += 1;
                break;
            }
            let before = self.at;
            let given = self.choice();
            if self.takes_sign(":") {
                self.flow.read(&given.spots);
            } else {
                spots.extend(given.spots);
                literal = given.literal;
            }
            let is_listed = self.takes_sign(",");
            is_made |= is_listed;
            self.at += usize::from(!is_listed && self.at == before);
        }
        match is_made {
            true => wrapped(&spots, 1).into(),
            false => Given { spots, literal },
        }
    }

    /// `.name`, or a method.
    fn attribute(&mut self, of: &Given) -> Given {
        let Some(name) = self.word() else { return Given::default() };
        self.at += 1;
        if !self.takes_sign("(") {
            return self.flow.below(&of.spots, &Step::key(name.text)).into();
        }
        self.flow.read(&of.spots);
        let arguments = self.arguments();
        self.flow.call(name.text, &arguments).into()
    }

    /// `[key]`, or a part of a list.
    fn subscript(&mut self, of: &Given) -> Given {
        let key = match self.word().is_some_and(|word| word.is_sign(":")) {
            true => Given::default(),
            false => self.nested_choice(),
        };
        let is_slice = self.word().is_some_and(|word| word.is_sign(":"));
        while self.at < self.words.len() && !self.takes_sign("]") {
            let before = self.at;
            let bound = self.nested_choice();
            self.flow.read(&bound.spots);
            self.at += usize::from(self.at == before);
        }
        self.flow.read(&key.spots);
        match &key.literal {
            _ if is_slice => of.spots.clone(),
            Some(key) => self.flow.picked(&of.spots, key),
            None => self.flow.below(&of.spots, &Step::Any),
        }
        .into()
    }

    /// As [`Reader::choice`], one bracket deeper.
    fn nested_choice(&mut self) -> Given {
        self.deeper(Self::choice)
    }

    /// What `read` gives one bracket deeper; where that is too deep everything is taken for read, and the words end.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Given) -> Given {
        if self.depth >= MAX_DEPTH {
            self.flow.tree.take_whole(&[]);
            self.at = self.words.len();
            return Given::default();
        }
        self.depth += 1;
        let given = read(self);
        self.depth -= 1;
        given
    }

    /// The call of a value; it may do anything with what it is given.
    fn opaque(&mut self, of: &Given) -> Given {
        self.flow.read(&of.spots);
        let arguments = self.arguments();
        arguments.iter().for_each(|argument| self.flow.read(&argument.spots));
        Given::default()
    }

    fn filtered(&mut self, on: Given) -> Given {
        let Some(name) = self.word() else { return on };
        self.at += 1;
        let arguments = if self.takes_sign("(") { self.arguments() } else { Vec::new() };
        self.flow.filter(name.text, &on.spots, &arguments).into()
    }

    fn tested(&mut self, of: &Given) -> Given {
        self.takes_word("not");
        self.at += 1;
        let is_word = |word: &Token<'_>| {
            word.kind == TokenKind::Word
                && !matches!(word.text, "and" | "or" | "if" | "else" | "is" | "in" | "not")
        };
        let is_value = |word: &Token<'_>| {
            matches!(word.kind, TokenKind::Quoted | TokenKind::Number) || word.is_sign("[")
        };
        let arguments = match self.word() {
            _ if self.takes_sign("(") => self.arguments(),
            Some(word) if is_word(word) || is_value(word) => {
                let Given { spots, literal } = self.operand();
                vec![Argument { spots, literal, ..Argument::default() }]
            }
            _ => Vec::new(),
        };
        if arguments.iter().any(|argument| argument.literal.is_none()) {
            self.flow.read(&of.spots);
            arguments.iter().for_each(|argument| self.flow.read(&argument.spots));
        }
        Given::default()
    }

    /// The arguments of a call, whose bracket is open.
    fn arguments(&mut self) -> Vec<Argument> {
        let mut arguments = Vec::new();
        while self.at < self.words.len() && !self.takes_sign(")") {
            let before = self.at;
            let is_spread = self.takes_any(&["*", "**"]).is_some();
            let keyword = match (self.word(), self.words.get(self.at + 1)) {
                (Some(name), Some(sign)) if sign.is_sign("=") => Some(name.text.to_owned()),
                _ => None,
            };
            self.at += if keyword.is_some() { 2 } else { 0 };
            let Given { spots, literal } = self.nested_choice();
            if self.at > before {
                arguments.push(Argument { keyword, is_spread, literal, spots });
            }
            let is_next = self.takes_sign(",");
            self.at += usize::from(!is_next && self.at == before);
        }
        arguments
    }
}
