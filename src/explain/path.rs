//! Paths of values and fields, as users write them.

use crate::diag::nearest;
use crate::explain::leaves::leaves;
use crate::values::is_meant;
use crate::yaml::{Data, Node, push_key};
use std::fmt::Write;
use std::sync::Arc;

/// How many typed words one key with dots may have.
const WORDS_OF_A_KEY: usize = 32;
/// How many items of a list a hint names.
const MAX_LISTED: usize = 20;

/// One step to a part of a tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The entry of a map.
    Key(Arc<str>),
    /// The item of a list, from 0.
    Index(usize),
    /// An item that is not there, by what its keys should be: `name=web`.
    Item(Arc<str>),
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
    /// The item of a list whose keys have these values: `[name=web]`, `[port=80,protocol=TCP]`.
    Item(Vec<(String, String)>),
}

/// Where a path leads nowhere.
#[derive(Debug)]
pub(super) struct Miss<'n> {
    /// The parts that are there.
    pub found: Vec<Part>,
    /// What they lead to.
    pub node: &'n Node,
    /// The next step.
    pub step: Step,
}

impl Miss<'_> {
    /// What is not there, as far as it can be one key.
    pub(super) fn wanted(&self) -> &str {
        match &self.step {
            Step::Word(word) | Step::Key(word) => word,
            Step::Index(_) | Step::Item(_) => "",
        }
    }
}

/// A path as it can be typed: `a.b[0]."c.d/e"`.
#[must_use]
pub fn path_text(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Index(at) => write!(text, "[{at}]").expect("a string takes any text"),
            Part::Item(keys) => write!(text, "[{keys}]").expect("a string takes any text"),
            Part::Key(key) => push_key(&mut text, key),
        }
    }
    text
}

/// Reads a path: `a.b`, `a[0]`, `a[name=web]`, `a."b.c"`, `a["b.c"]`, `a[b.c]`, `a.b\.c`.
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
    Ok((item_keys(inner).map_or_else(|| Step::Key(inner.to_owned()), Step::Item), rest))
}

/// `name=web`, or several with commas between them, if each of them is one.
fn item_keys(text: &str) -> Option<Vec<(String, String)>> {
    let pair = |text: &str| {
        let (key, value) = text.split_once('=')?;
        Some((key.trim().to_owned(), value.trim_matches(['"', '\'']).to_owned()))
    };
    let several: Option<Vec<_>> = text.split(',').map(pair).collect();
    several.or_else(|| Some(vec![pair(text)?]))
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
    let mut deepest = Miss { found: found.clone(), node, step: step.clone() };
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

/// What a step can mean: the part, what it leads to, and how many typed steps it takes.
fn candidates<'n>(node: &'n Node, step: &Step, steps: &[Step]) -> Vec<(Part, &'n Node, usize)> {
    let key = |name: &str, taken| {
        let (key, below) = node.as_map()?.get_key_value(name)?;
        Some((Part::Key(Arc::clone(&key.name)), below, taken))
    };
    let item = |at: usize| Some((Part::Index(at), node.as_list()?.get(at)?, 1));
    match step {
        Step::Key(name) => key(name, 1).into_iter().collect(),
        // A map's keys are texts, also those that look like positions.
        Step::Index(at) => item(*at).or_else(|| key(&at.to_string(), 1)).into_iter().collect(),
        Step::Item(keys) => {
            let has = |node: &Node, (name, value): &(String, String)| {
                node.get(name).is_some_and(|node| is_text(node, value))
            };
            let is_it = |node: &Node| keys.iter().all(|key| has(node, key));
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
    node.as_scalar().is_some_and(|scalar| is_meant(scalar, text))
}

/// The parts of a path that names nothing that is there.
pub(super) fn as_parts(steps: &[Step]) -> Vec<Part> {
    let part = |step: &Step| match step {
        Step::Word(word) | Step::Key(word) => Part::Key(word.as_str().into()),
        Step::Index(at) => Part::Index(*at),
        Step::Item(keys) => {
            let keys: Vec<_> = keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
            Part::Item(keys.join(",").into())
        }
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
        Part::Item(_) => None,
    })
}

/// The keys of a path, positions as digits.
pub(super) fn keys_of(parts: &[Part]) -> Vec<String> {
    let key = |part: &Part| match part {
        Part::Key(key) | Part::Item(key) => key.to_string(),
        Part::Index(at) => at.to_string(),
    };
    parts.iter().map(key).collect()
}

/// The next step for whoever asked for what is not there: the path that was most likely meant, or which
/// items a list has; none if neither is known.
pub(super) fn hint(root: &Node, miss: &Miss<'_>) -> Option<String> {
    let list = miss.node.as_list().map(|items| of_list(miss, items));
    list.or_else(|| near(root, miss).map(|near| format!("did you mean `{near}`?")))
}

/// A key with a similar name beside it, or one of that name elsewhere.
fn near(root: &Node, miss: &Miss<'_>) -> Option<String> {
    let wanted = miss.wanted();
    if let Some(map) = miss.node.as_map()
        && let Some(key) = nearest(wanted, map.keys().map(|key| &*key.name))
    {
        return Some(below(miss, Part::Key(key.into())));
    }
    let is_it = |parts: &Vec<Part>| {
        parts.iter().rposition(|part| matches!(part, Part::Key(key) if **key == *wanted))
    };
    let mut all = leaves(root).into_iter().map(|(parts, _)| parts);
    all.find_map(|parts| is_it(&parts).map(|at| path_text(&parts[..=at])))
}

fn below(miss: &Miss<'_>, part: Part) -> String {
    path_text(&[miss.found.as_slice(), &[part]].concat())
}

/// The only item of a list with a text among its first entries, by that: `name=web`.
fn item_called(items: &[Node], word: &str) -> Option<String> {
    let entries = items.iter().filter_map(Node::as_map).flatten();
    let mut called = entries.filter(|(_, node)| node.as_str() == Some(word));
    let (key, _) = called.next()?;
    called.next().is_none().then(|| format!("{}={word}", key.name))
}

/// Which items a list has, in the words in which one was asked for.
fn of_list(miss: &Miss<'_>, items: &[Node]) -> String {
    let list = path_text(&miss.found);
    let name = match &miss.step {
        _ if items.is_empty() => return format!("`{list}` is an empty list"),
        Step::Item(keys) => keys.first().map(|(name, _)| name.as_str()),
        Step::Word(_) | Step::Key(_) | Step::Index(_) => None,
    };
    let last = below(miss, Part::Index(items.len() - 1));
    let count = match items.len() {
        1 => format!("`{list}` has one item, `{last}`"),
        count => format!("`{list}` has {count} items, the last of them `{last}`"),
    };
    let meant = match &miss.step {
        Step::Word(word) | Step::Key(word) => item_called(items, word),
        Step::Item(_) | Step::Index(_) => None,
    };
    if let Some(key) = meant {
        return format!("did you mean `{}`?", below(miss, Part::Item(key.into())));
    }
    let Some(name) = name else { return count };
    let texts = items.iter().filter_map(|item| Some(&*item.get(name)?.as_scalar()?.text));
    let texts: Vec<_> = texts.take(MAX_LISTED).collect();
    let wanted = |(key, value): &(String, String)| (key == name).then(|| value.clone());
    let wanted = match &miss.step {
        Step::Item(keys) => keys.iter().find_map(wanted),
        _ => None,
    };
    match nearest(&wanted.unwrap_or_default(), texts.iter().copied()) {
        _ if texts.is_empty() => format!("{count}; none has a `{name}`"),
        Some(near) => {
            format!("did you mean `{}`?", below(miss, Part::Item(format!("{name}={near}").into())))
        }
        None => {
            let texts: Vec<_> = texts.iter().map(|text| format!("`{text}`")).collect();
            format!("the `{name}` of the items of `{list}` is {}", texts.join(", "))
        }
    }
}
