//! Which functions there are, and with which types: `signatures.txt`, read once.

use super::kinds::{Bound, Type};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One way to call a function.
#[derive(Debug)]
pub(super) struct Overload {
    pub(super) arguments: Vec<Type>,
    pub(super) result: Type,
    /// The minor Kubernetes version from which on servers take it in new objects.
    pub(super) since: u32,
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    Global,
    Method,
}

static OVERLOADS: LazyLock<BTreeMap<(Style, &'static str), Vec<Overload>>> = LazyLock::new(read);

/// The ways to call a function.
pub(super) fn overloads(style: Style, name: &str) -> &'static [Overload] {
    // The map's keys live as long as the program, so a shorter name finds them, too.
    let found =
        OVERLOADS.iter().find(|((known_style, known), _)| (*known_style, *known) == (style, name));
    found.map_or(&[], |(_, overloads)| overloads.as_slice())
}

/// The names of all functions of a style.
pub(super) fn names(style: Style) -> impl Iterator<Item = &'static str> {
    OVERLOADS.keys().filter(move |(known, _)| *known == style).map(|(_, name)| *name)
}

impl Overload {
    /// What it gives for arguments of these types, if it takes them.
    pub(super) fn result_for(&self, given: &[Type]) -> Option<Type> {
        if given.len() != self.arguments.len() {
            return None;
        }
        let mut bound = Bound::default();
        let fit = self.arguments.iter().zip(given).all(|(wanted, given)| bound.fits(wanted, given));
        (fit && bound.is_ordered()).then(|| bound.put_in(&self.result))
    }
}

fn read() -> BTreeMap<(Style, &'static str), Vec<Overload>> {
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let mut since = 0;
    for line in include_str!("signatures.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(version) = line.strip_prefix("since 1.") {
            since = version.parse().expect("a minor version");
            continue;
        }
        let (style, name, overload) = signature(line, since);
        found.entry((style, name)).or_default().push(overload);
    }
    found
}

fn signature(line: &'static str, since: u32) -> (Style, &'static str, Overload) {
    let mut arguments = Vec::new();
    let (style, rest) = match line.split_once(':') {
        Some((target, rest)) => {
            arguments.push(one(target));
            (Style::Method, rest)
        }
        None => (Style::Global, line),
    };
    let (name, rest) = rest.split_once('(').expect("a parenthesis");
    let mut reader = Reader(rest);
    while !reader.take(")") {
        arguments.push(reader.kind());
        reader.take(",");
    }
    let result = reader.kind();
    (style, name, Overload { arguments, result, since })
}

fn one(text: &'static str) -> Type {
    Reader(text).kind()
}

/// Reads types.
struct Reader(&'static str);

impl Reader {
    fn take(&mut self, sign: &str) -> bool {
        self.0 = self.0.trim_start();
        let rest = self.0.strip_prefix(sign);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn kind(&mut self) -> Type {
        self.0 = self.0.trim_start();
        let end = self.0.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(self.0.len());
        let (name, rest) = self.0.split_at(end);
        self.0 = rest;
        match name {
            "bool" => Type::Bool,
            "int" => Type::Int,
            "uint" => Type::Uint,
            "double" => Type::Double,
            "string" => Type::String,
            "bytes" => Type::Bytes,
            "duration" => Type::Duration,
            "timestamp" => Type::Timestamp,
            "dyn" => Type::Dyn,
            "type" => Type::Type(Box::new(Type::Dyn)),
            "list" | "optional" | "map" => self.with_parts(name),
            name if name.len() == 1 => Type::Variable(name.chars().next().unwrap_or('A')),
            name => Type::Named(name),
        }
    }

    fn with_parts(&mut self, name: &str) -> Type {
        self.take("(");
        let first = Box::new(self.kind());
        let kind = match name {
            "list" => Type::List(first),
            "optional" => Type::Optional(first),
            _ => {
                self.take(",");
                Type::Map(first, Box::new(self.kind()))
            }
        };
        self.take(")");
        kind
    }
}
