//! Paths of values and fields, as users write them.

use crate::diag::nearest;
use crate::explain::leaves::leaves;
use crate::yaml::{Data, Node};
use std::fmt::Write;
use std::sync::Arc;

/// How many typed words one key with dots may have.
const WORDS_OF_A_KEY: usize = 32;

/// One step to a part of a tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The entry of a map.
    Key(Arc<str>),
    /// The item of a list, from 0.
    Index(usize),
}

/// One step as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A key, or with the words behind it one that has dots.
    Word(String),
    /// A key in quotes.
    Key(String),
    /// The item of a list.
    Index(usize),
    /// The item of a list whose key has this value: `[name=web]`.
    Item(String, String),
}

/// Where a path leads nowhere.
#[derive(Debug)]
pub(super) struct Miss<'n> {
    /// The parts that are there.
    pub found: Vec<Part>,
    /// What they lead to.
    pub node: &'n Node,
    /// The next step.
    pub wanted: String,
}

/// A path as it can be typed: `a.b[0]."c.d/e"`.
#[must_use]
pub fn path_text(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Index(at) => write!(text, "[{at}]").expect("a string takes any text"),
            Part::Key(key) => {
                text += if text.is_empty() { "" } else { "." };
                text += &quoted(key);
            }
        }
    }
    text
}

/// A key, in quotes where it would be read otherwise.
fn quoted(key: &str) -> String {
    let is_plain = !key.is_empty() && !key.contains(['.', '[', ']', ' ', '"', '\'', '\\', '\n']);
    if is_plain { key.to_owned() } else { format!("{key:?}") }
}

/// Reads a path: `a.b`, `a[0]`, `a[name=web]`, `a."b.c"`, `a["b.c"]`, `a.b\.c`.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (step, behind) = match rest.chars().next() {
            Some('[') => bracket(&rest[1..])?,
            Some('"' | '\'') => quote(rest).map(|(key, rest)| (Step::Key(key), rest))?,
            _ => word(rest),
        };
        steps.push(step);
        rest = match behind.strip_prefix('.') {
            Some("") => return Err("it ends in a dot".to_owned()),
            Some(rest) => rest,
            None if behind.is_empty() || behind.starts_with('[') => behind,
            None => return Err(format!("a dot is missing before `{behind}`")),
        };
    }
    Ok(steps)
}

fn word(text: &str) -> (Step, &str) {
    let mut word = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => word.extend(letters.next().map(|(_, letter)| letter)),
            '.' | '[' => return (Step::Word(word), &text[at..]),
            _ => word.push(letter),
        }
    }
    (Step::Word(word), "")
}

fn quote(text: &str) -> Result<(String, &str), String> {
    let open = text.chars().next().unwrap_or('"');
    let mut key = String::new();
    let mut letters = text[1..].char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => key.extend(letters.next().map(|(_, letter)| letter)),
            _ if letter == open => return Ok((key, &text[at + 2..])),
            _ => key.push(letter),
        }
    }
    Err(format!("the quote {text} is never closed"))
}

fn bracket(text: &str) -> Result<(Step, &str), String> {
    if text.starts_with(['"', '\'']) {
        let (key, rest) = quote(text)?;
        let rest = rest.strip_prefix(']').ok_or("a `[` is never closed by `]`")?;
        return Ok((Step::Key(key), rest));
    }
    let (inner, rest) = text.split_once(']').ok_or("a `[` is never closed by `]`")?;
    if let Ok(index) = inner.parse() {
        return Ok((Step::Index(index), rest));
    }
    match inner.split_once('=') {
        Some((key, value)) => {
            let value = value.trim_matches(['"', '\'']).to_owned();
            Ok((Step::Item(key.to_owned(), value), rest))
        }
        None => Err(format!("`[{inner}]` is neither a position such as `[0]` nor `[name=web]`")),
    }
}

/// The parts of a tree that a typed path leads to.
///
/// # Errors
/// How far it leads.
pub(super) fn resolve<'n>(
    root: &'n Node,
    steps: &[Step],
) -> Result<(Vec<Part>, &'n Node), Miss<'n>> {
    walk(root, steps, Vec::new())
}

fn walk<'n>(
    node: &'n Node,
    steps: &[Step],
    found: Vec<Part>,
) -> Result<(Vec<Part>, &'n Node), Miss<'n>> {
    let Some(step) = steps.first() else { return Ok((found, node)) };
    let mut deepest = Miss { found: found.clone(), node, wanted: wanted(steps) };
    for (part, below, taken) in candidates(node, step, steps) {
        let mut path = found.clone();
        path.push(part);
        match walk(below, &steps[taken..], path) {
            Ok(done) => return Ok(done),
            Err(miss) if miss.found.len() > deepest.found.len() => deepest = miss,
            Err(_) => {}
        }
    }
    Err(deepest)
}

/// What is not there, as far as it can be one key.
fn wanted(steps: &[Step]) -> String {
    match &steps[0] {
        Step::Word(word) | Step::Key(word) => word.clone(),
        Step::Index(at) => format!("[{at}]"),
        Step::Item(key, value) => format!("[{key}={value}]"),
    }
}

/// What a step can mean: the part, what it leads to, and how many typed steps it takes.
fn candidates<'n>(node: &'n Node, step: &Step, steps: &[Step]) -> Vec<(Part, &'n Node, usize)> {
    let key = |name: &str, taken| {
        let (key, below) = node.as_map()?.get_key_value(name)?;
        Some((Part::Key(Arc::clone(&key.name)), below, taken))
    };
    let item = |at: usize| Some((Part::Index(at), node.as_list()?.get(at)?, 1));
    match step {
        Step::Key(name) => key(name, 1).into_iter().collect(),
        Step::Index(at) => item(*at).into_iter().collect(),
        Step::Item(name, value) => {
            let is_it = |node: &Node| node.get(name).is_some_and(|node| is_text(node, value));
            node.as_list()
                .and_then(|items| item(items.iter().position(is_it)?))
                .into_iter()
                .collect()
        }
        Step::Word(_) => {
            let words = steps.iter().map_while(as_word).take(WORDS_OF_A_KEY);
            let words: Vec<_> = words.collect();
            let joined =
                (1..=words.len()).filter_map(|count| key(&words[..count].join("."), count));
            joined.chain(words[0].parse().ok().and_then(item)).collect()
        }
    }
}

fn as_word(step: &Step) -> Option<&str> {
    match step {
        Step::Word(word) => Some(word),
        _ => None,
    }
}

fn is_text(node: &Node, text: &str) -> bool {
    node.as_scalar().is_some_and(|scalar| *scalar.text == *text)
}

/// The keys of a path that names nothing that is there.
pub(super) fn as_keys(steps: &[Step]) -> Vec<Part> {
    let part = |step: &Step| match step {
        Step::Word(word) | Step::Key(word) => Part::Key(word.as_str().into()),
        Step::Index(at) => Part::Index(*at),
        Step::Item(key, value) => Part::Key(format!("[{key}={value}]").into()),
    };
    steps.iter().map(part).collect()
}

/// The parts of a path of keys in which positions are digits.
pub(super) fn locate<'n>(root: &'n Node, keys: &[String]) -> Option<(Vec<Part>, &'n Node)> {
    keys.iter().try_fold((Vec::new(), root), |(mut parts, node), key| {
        let below = match &node.data {
            Data::Map(map) => {
                parts.push(Part::Key(key.as_str().into()));
                map.get(key.as_str())?
            }
            Data::List(items) => {
                let at = key.parse().ok()?;
                parts.push(Part::Index(at));
                items.get(at)?
            }
            Data::Scalar(_) => return None,
        };
        Some((parts, below))
    })
}

/// The node that parts lead to.
pub(super) fn at<'n>(root: &'n Node, parts: &[Part]) -> Option<&'n Node> {
    parts.iter().try_fold(root, |node, part| match part {
        Part::Key(key) => node.get(key),
        Part::Index(at) => node.as_list()?.get(*at),
    })
}

/// The keys of a path, positions as digits.
pub(super) fn keys_of(parts: &[Part]) -> Vec<String> {
    let key = |part: &Part| match part {
        Part::Key(key) => key.to_string(),
        Part::Index(at) => at.to_string(),
    };
    parts.iter().map(key).collect()
}

/// The path that was most likely meant: a key with a similar name beside it, or a leaf elsewhere
/// whose last key is that name.
pub(super) fn near(root: &Node, miss: &Miss<'_>) -> Option<String> {
    if let Some(map) = miss.node.as_map()
        && let Some(key) = nearest(&miss.wanted, map.keys().map(|key| &*key.name))
    {
        let mut parts = miss.found.clone();
        parts.push(Part::Key(key.into()));
        return Some(path_text(&parts));
    }
    let is_it = |parts: &Vec<Part>| {
        parts.iter().rposition(|part| matches!(part, Part::Key(key) if **key == *miss.wanted))
    };
    let mut all = leaves(root).into_iter().map(|(parts, _)| parts);
    all.find_map(|parts| is_it(&parts).map(|at| path_text(&parts[..=at])))
}
