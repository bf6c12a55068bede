//! Arguments such as `--set image.tag=1,ports[0]=80` as layers.
//!
//! `argument  --paths and values-->  Edit*  --limits-->  Layer`
//!
//! The grammar is Helm's (`pkg/strvals`): `.` between names, `[0]` for list items, `,` between
//! settings, `{a,b}` for a list, `\` before a character that is meant literally. `[name=LOG]` names an
//! item of a keyed list. A bare value is typed as the same text in a values file would be.

use super::fit::not_finite;
use super::layer::Rarities;
use super::merge::Ground;
use super::{Edit, Layer, Reach, Step};
use crate::diag::{Code, Diagnostic, Reported, Sink, unreadable};
use crate::source::{Files, Place, Source};
use crate::yaml::{self, Data, Key, Map, Node, Rules, Scalar, Value};
use serde_json::Deserializer;
use std::ops::Range;
use std::path::Path;

/// The largest index of a list item; Helm has the same.
const MAX_INDEX: usize = 65_536;
/// How many empty list items one argument may bring in, so that a short argument cannot fill the memory.
const MAX_PADDING: usize = 65_536;
/// How many steps a path may have; Helm has the same.
const MAX_STEPS: usize = 30;

/// What stands behind the `=` of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetKind {
    /// `--set`: a scalar, typed as in a values file, or a list `{a,b}` of them.
    Typed,
    /// `--set-string`: a string, whatever it looks like, or a list of them.
    Text,
    /// `--set-json`: JSON; an argument that is one JSON object lies over the whole tree.
    Json,
    /// `--set-file`: the path of a file, whose text becomes a string.
    File,
    /// `--set-literal`: one string, everything behind the first `=`; no character is special.
    Literal,
}

impl SetKind {
    /// The flag on the command line.
    #[must_use]
    pub fn flag(self) -> &'static str {
        match self {
            Self::Typed => "--set",
            Self::Text => "--set-string",
            Self::Json => "--set-json",
            Self::File => "--set-file",
            Self::Literal => "--set-literal",
        }
    }
}

impl Layer {
    /// Reads the argument of `--set` or one of its sisters.
    ///
    /// # Errors
    /// When the argument is not written as the flag wants it, breaks a limit, or names a file that
    /// cannot be read; the finding points into the argument.
    pub fn set(kind: SetKind, argument: &str, sink: &mut Sink) -> Result<Self, Reported> {
        let files = sink.files().clone();
        // Only the path names the argument: what stands behind the `=` may be a secret.
        let name = format!("{} {}", kind.flag(), shortened(argument));
        let source = match files.add(name.trim_end(), argument.as_bytes().to_vec()) {
            Ok(source) => source,
            Err(error) => return Err(sink.error(unreadable(&error))),
        };
        let place = source.place(0, source.text().len());
        match (Reader { source: &source, files: &files, kind, at: 0 }).settings() {
            Ok(edits) => {
                let rarities = Rarities::of(&edits);
                Ok(Self { name, reach: Reach::Own, place, edits, set: Some(kind), rarities })
            }
            Err(wrong) => Err(sink.error(*wrong)),
        }
    }
}

fn shortened(argument: &str) -> String {
    let mut in_bracket = false;
    let is_path = |(at, c): &(usize, char)| {
        match c {
            // Only in a bracket that is closed a `=` belongs to the path.
            '[' => in_bracket = argument[*at..].contains(']'),
            ']' => in_bracket = false,
            _ => {}
        }
        in_bracket || !matches!(c, '=' | '{')
    };
    argument.char_indices().take(60).take_while(is_path).map(|(_, c)| c).collect()
}

type Read<T> = Result<T, Box<Diagnostic>>;

/// Reads one argument from left to right.
struct Reader<'s> {
    source: &'s Source,
    files: &'s Files,
    kind: SetKind,
    at: usize,
}

impl Reader<'_> {
    fn settings(mut self) -> Read<Vec<Edit>> {
        if self.kind == SetKind::Json && self.rest().trim_start().starts_with('{') {
            let node = self.json()?;
            return match self.peek() {
                None => Ok(vec![Edit { path: Vec::new(), node }]),
                Some(_) => Err(self.unexpected("the object")),
            };
        }
        let mut edits = Vec::new();
        let mut alone = Node::map(Map::default(), self.place(0..0));
        let mut padding = 0;
        loop {
            let start = self.at;
            let edit = Edit { path: self.path()?, node: self.value()? };
            if let (Some(Step::Item(_)), Some(scalar)) = (edit.path.last(), edit.node.as_scalar())
                && scalar.value != Value::Null
            {
                let hint = "name a key of the item behind the bracket, such as `].value=`; `null` takes the item out";
                let message = "an item of a keyed list is no plain value";
                return Err(self.wrong(message, start..self.at, hint.to_owned()));
            }
            padding += edit.apply(&mut alone, Ground::default());
            if padding > MAX_PADDING {
                let message = format!("more than {MAX_PADDING} list items would be empty");
                return Err(self.limit(message, start..self.at));
            }
            edits.push(edit);
            match self.peek() {
                None => return Ok(edits),
                // Helm takes a comma at the end for nothing, too.
                Some(',') if self.rest().len() == 1 => return Ok(edits),
                Some(',') => self.at += 1,
                Some(_) => return Err(self.unexpected("the value")),
            }
        }
    }

    /// `a.b[0].c=`
    fn path(&mut self) -> Read<Vec<Step>> {
        let start = self.at;
        let mut path = Vec::new();
        loop {
            path.push(Step::Key(self.key()?));
            while self.eat('[') {
                path.push(if self.is_item() { self.item()? } else { Step::Index(self.index()?) });
            }
            if path.len() > MAX_STEPS {
                return Err(
                    self.limit(format!("the path has over {MAX_STEPS} steps"), start..self.at)
                );
            }
            match self.peek() {
                Some('.') => self.at += 1,
                Some('=') => break self.at += 1,
                Some(',') | None => return Err(self.without_value(start..self.at)),
                Some(_) => return Err(self.unexpected("`]`")),
            }
        }
        Ok(path)
    }

    fn key(&mut self) -> Read<Key> {
        let (name, span) = match self.kind {
            SetKind::Literal => self.take_literally(&['.', '[', '=']),
            _ => self.take_until(&['.', '[', '=', ',']),
        };
        let name = name.trim();
        if name.is_empty() {
            let flag = self.kind.flag();
            let hint = format!("write `{flag} name.part=value`; a dot in a name is written `\\.`");
            return Err(self.wrong("a name is missing here", span, hint));
        }
        Ok(Key::new(name, self.place(span)))
    }

    /// Whether the bracket that was just opened names an item by its keys.
    fn is_item(&mut self) -> bool {
        let start = self.at;
        let (_, key) = self.take_until(&['=', ']', '[', '.', ',']);
        let is_item = !key.is_empty() && self.eat('=') && {
            self.take_until(&[']']);
            self.peek() == Some(']')
        };
        self.at = start;
        is_item
    }

    /// `name=LOG]`, or several keys with commas between them.
    fn item(&mut self) -> Read<Step> {
        let mut wanted = Vec::new();
        loop {
            let start = self.at;
            let (key, span) = self.take_until(&['=', ']', ',']);
            let key = Key::new(key.trim(), self.place(span));
            if key.name.is_empty() || !self.eat('=') {
                let hint = "write `[name=value]`, or `[one=value,other=value]` for several keys";
                return Err(self.wrong(
                    "here a key and its value belong",
                    start..self.at + 1,
                    hint.to_owned(),
                ));
            }
            let (text, span) = self.take_until(&[']', ',']);
            wanted.push((key, self.scalar(&text, span)));
            if self.eat(']') {
                return Ok(Step::Item(wanted));
            }
            self.eat(',');
        }
    }

    /// `0]`
    fn index(&mut self) -> Read<usize> {
        let is_open = !self.rest().contains(']');
        let (text, span) = self.take_until(&[']', '.', '=', ',']);
        if is_open {
            let message = format!("`[{text}` has no closing `]`");
            let hint = "close it: `[0]` for the first item, or `[name=LOG]` for the item of that key; a bracket in a name is written `\\[`";
            return Err(self.wrong(&message, span, hint.to_owned()));
        }
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !self.eat(']') {
            let message = format!("`[{text}` is no list index");
            let hint = "write a number in brackets, `[0]` for the first item, or the key of an item, `[name=LOG]`; a bracket in a name is written `\\[`";
            return Err(self.wrong(&message, span, hint.to_owned()));
        }
        match text.parse() {
            Ok(index) if index <= MAX_INDEX => Ok(index),
            _ => Err(self.limit(format!("the index {text} is above {MAX_INDEX}"), span)),
        }
    }

    fn value(&mut self) -> Read<Node> {
        match self.kind {
            SetKind::Json => self.json(),
            SetKind::File => self.file(),
            SetKind::Literal => {
                let (text, span) = self.take_literally(&[]);
                Ok(Node::string(text, self.place(span)))
            }
            SetKind::Typed | SetKind::Text if self.peek() == Some('{') => self.list(),
            SetKind::Typed | SetKind::Text => {
                let (text, span) = self.take_until(&[',']);
                Ok(self.scalar(&text, span))
            }
        }
    }

    fn scalar(&self, text: &str, span: Range<usize>) -> Node {
        // Nothing behind the `=` is the empty string, as in Helm; `null` deletes.
        let value = match self.kind {
            SetKind::Typed if !text.is_empty() => yaml::resolve(text, Rules::default()),
            _ => Ok(Value::String),
        };
        let scalar = match value {
            Ok(Value::String) => Scalar::string(text),
            Ok(value) => Scalar { text: text.into(), ..Scalar::plain(value) },
            // The schema may want the text.
            Err(_) => not_finite(text),
        };
        Node::new(Data::Scalar(scalar), self.place(span))
    }

    /// `{a,b}`
    fn list(&mut self) -> Read<Node> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        if self.eat('}') {
            return Ok(Node::list(items, self.place(start..self.at)));
        }
        loop {
            let (text, span) = self.take_until(&[',', '}']);
            items.push(self.scalar(&text, span));
            if self.eat('}') {
                return Ok(Node::list(items, self.place(start..self.at)));
            }
            if !self.eat(',') {
                let hint = "close it; a brace that is meant literally is written `\\{`".to_owned();
                return Err(self.wrong("the list has no closing `}`", start..self.at, hint));
            }
        }
    }

    fn file(&mut self) -> Read<Node> {
        let (path, span) = self.take_until(&[',']);
        let place = self.place(span);
        match self.files.read_anywhere(Path::new(&path)) {
            Ok(file) => Ok(Node::string(file.text().clone(), place)),
            Err(error) => Err(Box::new(unreadable(&error).at(place, ""))),
        }
    }

    /// One JSON value: serde_json finds its end, the YAML reader gives its nodes places and keeps
    /// the spelling of its numbers.
    fn json(&mut self) -> Read<Node> {
        let (start, text) = (self.at, self.source.text());
        let mut values = Deserializer::from_str(&text[start..]).into_iter::<serde_json::Value>();
        match values.next() {
            Some(Ok(_)) => self.at += values.byte_offset(),
            Some(Err(error)) => return Err(self.no_json(&error)),
            None => self.at = text.len(),
        }
        // Blanks instead of what stands before it keep the byte offsets true.
        let alone = " ".repeat(start) + &text[start..self.at];
        let read = yaml::parse(&alone, self.source.id(), yaml::Options::default());
        self.at += self.rest().len() - self.rest().trim_start().len();
        match read.map(|documents| documents.into_iter().next()) {
            Ok(Some(document)) => Ok(document.root),
            Ok(None) => {
                let hint = "write JSON behind the `=`, such as `[]` or `\"\"`".to_owned();
                Err(self.wrong("the value is missing", start..self.at, hint))
            }
            Err(problems) => {
                let first = problems.into_iter().next().expect("a failed read names a problem");
                Err(Box::new(first.in_file(self.source.id())))
            }
        }
    }

    fn no_json(&self, error: &serde_json::Error) -> Box<Diagnostic> {
        let message = yaml::json_problem(error);
        let before = self.rest().split_inclusive('\n').take(error.line().saturating_sub(1));
        let line = self.at + before.map(str::len).sum::<usize>();
        let at = line + error.column().saturating_sub(1);
        let at = if error.is_eof() { self.source.text().len() } else { at };
        let hint = "text stands in double quotes in JSON; the shell needs single quotes around it";
        self.wrong(&format!("not JSON: {message}"), at..at + 1, hint.to_owned())
    }

    /// The text up to one of `stops`, escapes resolved; the stop is left.
    fn take_until(&mut self, stops: &[char]) -> (String, Range<usize>) {
        let start = self.at;
        let mut taken = String::new();
        while let Some(next) = self.peek().filter(|next| !stops.contains(next)) {
            self.at += next.len_utf8();
            let escaped = self.peek().filter(|_| next == '\\');
            self.at += escaped.map_or(0, char::len_utf8);
            taken.push(escaped.unwrap_or(next));
        }
        (taken, start..self.at)
    }

    /// The text up to one of `stops`, as it stands.
    fn take_literally(&mut self, stops: &[char]) -> (String, Range<usize>) {
        let start = self.at;
        self.at += self.rest().find(stops).unwrap_or(self.rest().len());
        (self.source.text()[start..self.at].to_owned(), start..self.at)
    }

    fn rest(&self) -> &str {
        &self.source.text()[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn place(&self, span: Range<usize>) -> Place {
        self.source.place(span.start, span.end)
    }

    fn wrong(&self, message: &str, span: Range<usize>, hint: String) -> Box<Diagnostic> {
        let finding = Diagnostic::error(Code::ValuesArgument, message);
        Box::new(finding.at(self.place(span), "").hint(hint))
    }

    fn limit(&self, message: String, span: Range<usize>) -> Box<Diagnostic> {
        let finding = Diagnostic::error(Code::ValuesLimit, message).at(self.place(span), "");
        Box::new(finding.hint("put it into a values file and name that with `-f`"))
    }

    fn without_value(&self, span: Range<usize>) -> Box<Diagnostic> {
        let text = &self.source.text()[span.clone()];
        let message = format!("`{text}` has no `=` and so sets nothing");
        let hint =
            format!("write `{text}=value`; a comma that belongs to a value is written `\\,`");
        self.wrong(&message, span, hint)
    }

    fn unexpected(&self, behind: &str) -> Box<Diagnostic> {
        let next = self.peek().unwrap_or_default();
        let message = format!("`{next}` stands directly behind {behind}");
        let span = self.at..self.at + next.len_utf8();
        self.wrong(&message, span, "separate settings with a comma".to_owned())
    }
}

#[cfg(test)]
mod tests;
