//! The values that an expression names, as far as its text says: `values.image.tag`, `values.hosts[0]`.

use super::{About, Site};
use crate::diag::{Code, Diagnostic};
use crate::render::reads::{Path, shown};
use crate::render::scan::{self, Token, TokenKind};
use crate::render::trace::Root;
use crate::yaml::{Node, path_text};
use std::ops::Range;

/// How many values of one expression are told.
const MAX_TOLD: usize = 2;

/// `name.key[0]["key"]`: a name and what is taken of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chain {
    pub name: String,
    pub keys: Vec<String>,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Where the name and each of its steps end.
    ends: Vec<usize>,
}

impl Chain {
    /// The chain that is all of a text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let chain = at(&scan::tokens(text, 0..text.len()), 0)?;
        (chain.range == (0..text.len())).then_some(chain)
    }

    /// As a template would write it.
    pub(super) fn shown(&self) -> String {
        shown(&self.name, &self.keys)
    }
}

/// The chain that begins at a word; an index that is worked out ends it.
fn at(words: &[Token<'_>], first: usize) -> Option<Chain> {
    let word = words.get(first).filter(|word| word.kind == TokenKind::Word)?;
    let mut chain = Chain {
        name: word.text.to_owned(),
        keys: Vec::new(),
        range: word.start..word.end(),
        ends: vec![word.end()],
    };
    let mut next = first + 1;
    while let Some((key, last)) = step(words, next) {
        next += if last == key { 2 } else { 3 };
        let name = key.quoted().unwrap_or(key.text);
        chain.keys.push(name.to_owned());
        chain.ends.push(last.end());
    }
    // What is called is no value.
    if words.get(next).is_some_and(|word| word.is_sign("(")) && chain.keys.pop().is_some() {
        chain.ends.pop();
    }
    chain.range.end = chain.ends.last().copied().unwrap_or(word.end());
    Some(chain)
}

/// The key of a step that begins at a word, and the last word of the step; none if it is worked out.
fn step<'w, 't>(words: &'w [Token<'t>], at: usize) -> Option<(&'w Token<'t>, &'w Token<'t>)> {
    match words.get(at..)? {
        [dot, key, ..] if dot.is_sign(".") => {
            matches!(key.kind, TokenKind::Word | TokenKind::Number).then_some((key, key))
        }
        [open, key, close, ..] if open.is_sign("[") && close.is_sign("]") => {
            let is_written = key.kind == TokenKind::Number || key.quoted().is_some();
            is_written.then_some((key, close))
        }
        _ => None,
    }
}

/// The chains of an expression's words.
fn all(words: &[Token<'_>]) -> Vec<Chain> {
    let is_key = |at: usize| at > 0 && words[at - 1].is_sign(".");
    (0..words.len()).filter(|&first| !is_key(first)).filter_map(|first| at(words, first)).collect()
}

/// The last value on the way along keys that is there, and how many of them lead to it.
pub(super) fn walk<'n>(root: &'n Node, keys: &[String]) -> (&'n Node, usize) {
    let mut node = root;
    for (passed, key) in keys.iter().enumerate() {
        let item = || node.as_list()?.get(key.parse::<usize>().ok()?);
        let entry = || node.as_map()?.get(key.as_str());
        match item().or_else(entry) {
            Some(next) => node = next,
            None => return (node, passed),
        }
    }
    (node, keys.len())
}

/// Which part of an expression an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blamed {
    /// All of it: of a filter also what it works on.
    All,
    /// What is called with its arguments only.
    Arguments,
}

/// The finding with the lines that set the values that its expression names.
pub(super) fn with_values(
    finding: Diagnostic,
    blamed: Blamed,
    (about, site): (Option<About<'_>>, Option<&Site<'_>>),
) -> Diagnostic {
    let (Some(about), Some(site)) = (about, site) else { return finding };
    // What is wrong with the template alone, or is told already, needs no values beside it.
    let of_values = matches!(finding.code, Code::TemplateFailed | Code::TemplateHole);
    if !finding.also.is_empty() || !of_values {
        return finding;
    }
    let words = site.words();
    let words = match blamed {
        Blamed::All => &words[worked_on(&words, &site.range)],
        Blamed::Arguments => &words[within(&words, &site.range)],
    };
    let named = all(words).into_iter().filter(|chain| chain.name == Root::Values.name());
    let mut named: Vec<_> = named.filter(|chain| !chain.keys.is_empty()).collect();
    named.dedup_by(|a, b| a.keys == b.keys);
    named.iter().take(MAX_TOLD).fold(finding, |finding, chain| told(finding, chain, about))
}

fn told(finding: Diagnostic, chain: &Chain, about: About<'_>) -> Diagnostic {
    let (node, passed) = walk(&about.run.values, &chain.keys);
    let written = chain.shown();
    if passed == chain.keys.len() {
        return finding.also(node.place, format!("`{written}` is set here"));
    }
    if let Some((layer, node)) = super::undefined::deleted(&chain.keys, about) {
        return finding.also(node.place, format!("{layer} deletes `{written}` here"));
    }
    let (path, values_file) = (path_text(&chain.keys), &about.run.chart.values_file);
    finding.hint(format!("`{written}` is not set: set `{path}` in `{values_file}`"))
}

/// The words of what an operator, a call or a filter at a range works on; a filter works on what stands before it.
fn worked_on(words: &[Token<'_>], range: &Range<usize>) -> Range<usize> {
    let Range { start: mut first, end } = within(words, range);
    while let Some(before) = first.checked_sub(1) {
        let goes_on = words.get(first).is_some_and(|word| {
            word.is_sign(".") || word.is_sign("|") || word.is_sign("[") || word.is_sign("(")
        });
        let is_filter = words[before].is_sign("|") || words[before].is_sign(".");
        if !goes_on && !is_filter {
            break;
        }
        first = if words[before].closes() { opening(words, before) } else { before };
    }
    first..end.max(first)
}

/// The words that begin in a range.
fn within(words: &[Token<'_>], range: &Range<usize>) -> Range<usize> {
    let before = |at: usize| words.partition_point(|word| word.start < at);
    before(range.start)..before(range.end)
}

/// The bracket that one at `close` closes.
fn opening(words: &[Token<'_>], close: usize) -> usize {
    let mut depth = 0usize;
    for at in (0..=close).rev() {
        depth += usize::from(words[at].closes());
        depth -= usize::from(words[at].opens());
        if depth == 0 {
            return at;
        }
    }
    0
}

/// Where what the engine says of an expression stands in the hole or tag around the error.
pub(super) fn place_of(written: &str, site: &Site<'_>) -> Option<Range<usize>> {
    let wanted = Chain::parse(written)?;
    let is_it = |chain: &Chain| {
        let is_before = chain.range.start <= site.range.end;
        is_before && chain.name == wanted.name && chain.keys.starts_with(&wanted.keys)
    };
    let found = all(&site.words()).into_iter().rfind(is_it)?;
    Some(found.range.start..found.ends[wanted.keys.len()])
}

/// The values that the `for` around a byte of a template goes through under a name: `x` of `{% for x in values.list %}`.
pub(super) fn looped(site: &Site<'_>, name: &str) -> Option<Chain> {
    let text = site.loaded.source.text();
    let parts = scan::parts(text).ok()?;
    let found = parts.iter().rev().find_map(|part| {
        let is_before = part.kind == scan::PartKind::Tag && part.span.start < site.range.start;
        let words = is_before.then(|| scan::tokens(text, part.inner.clone()))?;
        words.first().filter(|word| word.is_word("for"))?;
        let over = words.iter().position(|word| word.is_word("in"))?;
        let binds = words[1..over].iter().any(|word| word.is_word(name));
        binds.then(|| at(&words, over + 1)).flatten()
    })?;
    (found.name == Root::Values.name()).then_some(found)
}

/// The path of the last value that was read, with the steps of a chain behind it: of `i.tag.x` where `i` stands for
/// `values.image`, `values.image.tag.x`.
pub(super) fn from_last_read(chain: &Chain, read: &Path) -> Option<Vec<String>> {
    let mut keys = read.keys();
    let last = keys.last()?;
    let step = chain.keys.iter().rposition(|key| key == last)?;
    keys.extend(chain.keys.get(step + 1..)?.iter().cloned());
    Some(keys)
}

#[cfg(test)]
mod tests {
    use super::{Chain, all, worked_on};
    use crate::render::scan::tokens;

    #[test]
    fn a_chain_is_a_name_and_its_steps() {
        let chain = Chain::parse("values.a['b c'][0].d").expect("a chain");
        assert_eq!(
            (&*chain.name, chain.keys),
            ("values", vec!["a".into(), "b c".into(), "0".into(), "d".into()])
        );
        assert_eq!(Chain::parse("values[x]"), None);
        let words = "f(values.a[b.c], 'values.d')";
        let found: Vec<_> = all(&tokens(words, 0..words.len())).iter().map(Chain::shown).collect();
        assert_eq!(found, ["f", "values.a", "b.c"]);
    }

    #[test]
    fn a_filter_works_on_what_stands_before_it() {
        for (text, at, expect) in [
            ("a ~ values.b | trim | int", "int", "values.b | trim | int"),
            ("f(values.b | int)", "int", "values.b | int"),
            ("g(x) | int", "int", "g(x) | int"),
            ("a.b.c()", ".c()", "a.b.c()"),
            ("a + b", "a + b", "a + b"),
        ] {
            let begin = text.find(at).expect("it is there");
            let words = tokens(text, 0..text.len());
            let range = worked_on(&words, &(begin..begin + at.len()));
            assert_eq!(&text[words[range.start].start..words[range.end - 1].end()], expect);
        }
    }
}
