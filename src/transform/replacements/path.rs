//! Paths of fields as replacements and variables write them: `spec.containers.[name=app].image`.
//!
//! Names are parted by `.`; `\.` is a dot within a name, and so is one between brackets: `[app.io/name]`. Source of the
//! rules: `pathsplitter.go`, `match.go` and `fns.go` of kustomize's kyaml.

use crate::transform::{Text, split_path};
use regex::Regex;
use std::sync::Arc;

/// How many names a path may have.
pub(in crate::transform) const MAX_STEPS: usize = 200;

/// A step of a path that leads to the targets of a replacement.
#[derive(Debug, Clone)]
pub(in crate::transform) enum Step {
    /// The value of a key.
    Field(Arc<str>),
    /// The item at a position.
    Index(usize),
    /// Every item.
    Every,
    /// The items that a pattern matches.
    Items(Items),
}

/// `[name=pattern]` or `[=pattern]`.
#[derive(Debug, Clone)]
pub(in crate::transform) struct Items {
    /// The key whose value the pattern is for; none for the items themselves.
    pub(in crate::transform) key: Option<Arc<str>>,
    /// What was written: a regular expression.
    pub(in crate::transform) text: Arc<str>,
    /// The expression, which may match anywhere within the value.
    pub(in crate::transform) pattern: Regex,
}

/// A step of a path that leads to one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::transform) enum Way {
    /// The value of a key.
    Field(Arc<str>),
    /// The item at a position.
    Index(usize),
    /// The last item.
    Last,
    /// The first item whose key has this text, or that is this text.
    Item(Option<Arc<str>>, Arc<str>),
}

/// What is wrong with a path, and what to write.
pub(in crate::transform) type Wrong = (String, &'static str);

const ITEM_HINT: &str = "write `[key=value]` for an item of a list, and the names of maps without brackets, unless there are dots in them";

/// The names of a path.
fn split(path: &str) -> Vec<String> {
    let mut parts: Vec<_> = path.split('.').collect();
    if parts.len() > 1 && parts[0].is_empty() {
        parts.remove(0);
    }
    let mut names: Vec<String> = Vec::new();
    for part in parts {
        match names.last_mut().filter(|last| last.ends_with('\\')) {
            Some(last) => {
                last.pop();
                last.push('.');
                last.push_str(part);
            }
            None => names.push(part.to_owned()),
        }
    }
    bracketed(names)
}

/// Names whose dots stand between brackets, put together again.
fn bracketed(names: Vec<String>) -> Vec<String> {
    let mut joined = Vec::with_capacity(names.len());
    let mut names = names.into_iter();
    while let Some(mut name) = names.next() {
        if !name.starts_with('[') || name.ends_with(']') {
            joined.push(name);
            continue;
        }
        for next in names.by_ref() {
            name.push('.');
            name.push_str(&next);
            if next.ends_with(']') {
                break;
            }
        }
        match name.contains('=') {
            true => joined.push(name),
            false => joined.push(name.trim_matches(['[', ']']).to_owned()),
        }
    }
    joined
}

fn limited(names: Vec<String>) -> Result<Vec<String>, Wrong> {
    match names.len() > MAX_STEPS {
        true => Err((format!("a path has more than {MAX_STEPS} names"), "name a field nearer by")),
        false => Ok(names),
    }
}

/// The key and value of `[key=value]`.
fn item(name: &str) -> Result<(Option<Arc<str>>, Arc<str>), Wrong> {
    let inner = name.strip_suffix(']').unwrap_or(name);
    let inner = inner.strip_prefix('[').unwrap_or(inner);
    match inner.split_once('=') {
        Some((key, value)) => {
            Ok((Some(key).filter(|key| !key.is_empty()).map(Into::into), value.into()))
        }
        None => Err((format!("`{name}` names no item of a list"), ITEM_HINT)),
    }
}

fn is_item(name: &str) -> bool {
    name.starts_with('[') && name.ends_with(']')
}

/// The steps of a target's path.
///
/// # Errors
/// When a step is no name, index or pattern.
pub(in crate::transform) fn steps(path: &Text) -> Result<Vec<Step>, Wrong> {
    limited(split(&path.text))?.into_iter().map(step).collect()
}

fn step(name: String) -> Result<Step, Wrong> {
    if let Some(index) = name.parse::<i64>().ok().and_then(|index| usize::try_from(index).ok()) {
        return Ok(Step::Index(index));
    }
    if name == "*" {
        return Ok(Step::Every);
    }
    if !is_item(&name) {
        return Ok(Step::Field(name.into()));
    }
    let (key, text) = item(&name)?;
    let pattern = Regex::new(&text).map_err(|_| {
        let hint = "put a `\\` before each character that means itself";
        (format!("`{text}` is no regular expression"), hint)
    })?;
    Ok(Step::Items(Items { key, text, pattern }))
}

/// The steps of a source's path; names that are empty are passed over.
///
/// # Errors
/// When a step is none that leads to one value.
pub(in crate::transform) fn ways(path: &str) -> Result<Vec<Way>, Wrong> {
    ways_of(&limited(split(path))?)
}

fn ways_of(names: &[String]) -> Result<Vec<Way>, Wrong> {
    let names = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
    names.map(way).collect()
}

/// The steps of a path whose names are parted by `/`.
///
/// # Errors
/// As [`ways`].
pub(in crate::transform) fn ways_of_field(path: &str) -> Result<Vec<Way>, Wrong> {
    ways_of(&limited(split_path(path))?)
}

/// The steps of a variable's path, which may also write `ports[0]`.
///
/// # Errors
/// As [`ways`].
pub(in crate::transform) fn ways_of_variable(path: &str) -> Result<Vec<Way>, Wrong> {
    let mut all = Vec::new();
    for name in limited(split(path))? {
        match indexed(&name) {
            None => all.push(name),
            Some((before, index)) => {
                all.extend(Some(before).filter(|before| !before.is_empty()).map(str::to_owned));
                all.push(index.to_owned());
            }
        }
    }
    ways_of(&all)
}

/// `ports` and `0` of `ports[0]`.
fn indexed(name: &str) -> Option<(&str, &str)> {
    let (before, index) = name.strip_suffix(']')?.rsplit_once('[')?;
    let is_number = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !before.contains('\n')).then_some((before, index))
}

fn way(name: &str) -> Result<Way, Wrong> {
    match name.parse::<i64>() {
        Ok(index) => usize::try_from(index).map(Way::Index).map_err(|_| {
            (
                format!("`{name}` is no position in a list"),
                "count from 0, or write `-` for the last item",
            )
        }),
        Err(_) if name == "-" => Ok(Way::Last),
        Err(_) if name == "*" => {
            let hint = "name one item: by its position or by `[key=value]`";
            Err(("`*` means every item, but one value is needed".to_owned(), hint))
        }
        Err(_) if is_item(name) => item(name).map(|(key, value)| Way::Item(key, value)),
        Err(_) => Ok(Way::Field(name.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Way, split, ways, ways_of_variable};

    #[test]
    fn dots_within_a_name_have_a_backslash_or_stand_between_brackets() {
        assert_eq!(split(r"a.b\.c.d"), ["a", "b.c", "d"]);
        assert_eq!(
            split("metadata.annotations.[app.io/name]"),
            ["metadata", "annotations", "app.io/name"]
        );
        assert_eq!(split("spec.[name=a.b].image"), ["spec", "[name=a.b]", "image"]);
        assert_eq!(split(".a.b"), ["a", "b"]);
        assert_eq!(split("a..b"), ["a", "", "b"]);
    }

    #[test]
    fn brackets_without_a_dot_are_for_items_only() {
        assert_eq!(split("a.[b].c"), ["a", "[b]", "c"]);
        assert!(ways("a.[b].c").is_err());
    }

    #[test]
    fn a_variable_may_write_the_position_behind_the_name() {
        let expect = vec![Way::Field("ports".into()), Way::Index(0)];
        assert_eq!(ways_of_variable("ports[0]"), Ok(expect));
        assert!(ways("ports[0]").is_ok_and(|ways| ways == [Way::Field("ports[0]".into())]));
    }

    #[test]
    fn a_source_is_one_value() {
        assert!(ways("a.*.b").is_err());
        assert!(ways("a.-1").is_err());
        assert_eq!(ways("a.-"), Ok(vec![Way::Field("a".into()), Way::Last]));
    }
}
