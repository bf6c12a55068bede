//! Texts that no output may show, wherever they turn up.
//!
//! `value marked as sensitive  --add-->  Secrets  --mask-->  a text without it`
//!
//! Promise: a text that was added is found in any other, as it is, line by line, and in the spellings that
//! templates and formats give it: base64, JSON, YAML, a URL, capitals. Knows no YAML and no schema;
//! texts of fewer than four characters are too common to be looked for.

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use fancy_regex::Regex;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The fewest characters of a text that is looked for.
const MIN: usize = 4;
/// The fewest characters of one line out of several.
const MIN_LINE: usize = 8;

/// Texts that no output may show, and the names under which such texts stand.
#[derive(Debug, Default)]
pub struct Secrets(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    texts: BTreeSet<String>,
    names: BTreeSet<String>,
    /// Whether they may stand under any name.
    any_name: bool,
    /// What fits names under which such texts stand.
    patterns: Vec<(String, Option<Regex>)>,
    /// Finds all texts; made when it is first needed.
    finder: Option<Arc<AhoCorasick>>,
}

impl Secrets {
    /// What is shown in place of a secret.
    pub const MASK: &'static str = "***";

    /// Takes in a text.
    pub fn add(&self, text: &str) {
        if text.trim().chars().count() < MIN {
            return;
        }
        let mut held = self.held();
        if held.texts.contains(text) {
            return;
        }
        held.finder = None;
        held.texts.extend(spellings(text));
        for line in text.lines().map(str::trim).filter(|line| line.chars().count() >= MIN_LINE) {
            held.texts.extend(spellings(line));
        }
    }

    /// Takes in the texts of others.
    pub fn add_all(&self, others: &Self) {
        let texts = others.held().texts.clone();
        let mut held = self.held();
        held.finder = None;
        held.texts.extend(texts);
    }

    /// Takes in a name under which secrets stand, for texts that nobody can read as what they are.
    pub fn add_name(&self, name: &str) {
        self.held().names.insert(name.to_owned());
    }

    /// Says that secrets may stand under any name, for texts that nobody can read as what they are.
    pub fn add_any_name(&self) {
        self.held().any_name = true;
    }

    /// Takes in a pattern of such names; one that cannot be told fits every name.
    pub fn add_pattern(&self, pattern: &str) {
        let mut held = self.held();
        if held.patterns.iter().all(|(known, _)| known != pattern) {
            held.patterns.push((pattern.to_owned(), Regex::new(pattern).ok()));
        }
    }

    /// What stands behind the names that were added, in a text that may be no YAML.
    #[must_use]
    pub fn behind_names<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let held = self.held();
        let fit = held.patterns.iter().flat_map(|(_, regex)| fitting(text, regex.as_ref()));
        let names: BTreeSet<&str> = held.names.iter().map(String::as_str).chain(fit).collect();
        names.into_iter().flat_map(|name| behind(text, name)).collect()
    }

    /// Takes in what stands behind the names that were added, in a text that is no YAML or no argument
    /// after all: `password: x`, `"password": "x"`, `db.password=x`, with the lines that are indented below.
    pub fn add_from(&self, text: &str) {
        let any_name = self.held().any_name;
        let named = self.behind_names(text).into_iter();
        let all = any_name.then(|| behind_any(text)).into_iter().flatten();
        for found in named.chain(all) {
            let plain = found.trim().trim_end_matches([',', '}', ']']).trim();
            for text in [found.trim(), plain, plain.trim_matches(['"', '\''])] {
                self.add(text);
            }
        }
    }

    /// Whether no text was taken in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held().texts.is_empty()
    }

    /// Whether a text stands under a name that was added.
    #[must_use]
    pub fn names(&self, text: &str) -> bool {
        !self.behind_names(text).is_empty()
    }

    /// Whether a text holds a secret.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        self.finder().is_some_and(|finder| finder.is_match(text))
    }

    /// The text with [`Secrets::MASK`] in place of every secret.
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replaced(text, |_| Self::MASK.to_owned())
    }

    /// The text with as many `*` as each secret has bytes, so that places in it stay true.
    #[must_use]
    pub fn blot<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replaced(text, |secret| "*".repeat(secret.len()))
    }

    fn replaced<'t>(&self, text: &'t str, by: impl Fn(&str) -> String) -> Cow<'t, str> {
        let Some(finder) = self.finder().filter(|finder| finder.is_match(text)) else {
            return Cow::Borrowed(text);
        };
        let mut shown = String::with_capacity(text.len());
        finder.replace_all_with(text, &mut shown, |_, secret, shown| {
            shown.push_str(&by(secret));
            true
        });
        Cow::Owned(shown)
    }

    fn finder(&self) -> Option<Arc<AhoCorasick>> {
        let mut held = self.held();
        if held.finder.is_none() && !held.texts.is_empty() {
            let mut builder = AhoCorasick::builder();
            let built = builder.match_kind(MatchKind::LeftmostLongest).build(&held.texts);
            held.finder = Some(Arc::new(built.expect("secrets are far smaller than 2^31 bytes")));
        }
        held.finder.clone()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A text as templates and formats write it.
fn spellings(text: &str) -> Vec<String> {
    let json = serde_json::Value::from(text).to_string();
    let ended = format!("{text}\n");
    let bytes = || [text.as_bytes(), ended.as_bytes()].into_iter();
    let encoded = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
    let encoded = encoded.into_iter().flat_map(|engine| bytes().map(|bytes| engine.encode(bytes)));
    let plain = [
        text.to_owned(),
        text.trim().to_owned(),
        json[1..json.len() - 1].to_owned(),
        text.replace('\'', "''"),
        text.escape_debug().to_string(),
        text.to_uppercase(),
        text.to_lowercase(),
        in_url(text),
    ];
    encoded.chain(plain).collect()
}

fn in_url(text: &str) -> String {
    let is_free = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let one = |byte: u8| match is_free(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

/// What stands behind a name and its `:` or `=`, up to the end of the line, then each line that is
/// indented deeper.
fn behind<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> + use<'t> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let starts = text.match_indices(name).filter_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let is_between = |c: char| c.is_ascii_digit() || matches!(c, '"' | '\'' | '[' | ']' | ' ');
        let rest = text[at + name.len()..].trim_start_matches(is_between);
        let rest = rest.strip_prefix([':', '=']).filter(|_| !before.is_some_and(is_part))?;
        Some((at, text.len() - rest.len()))
    });
    starts.collect::<Vec<_>>().into_iter().flat_map(move |(at, start)| {
        let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let depth = indent(&text[line..]);
        let mut lines = text[start..].split('\n');
        let first = lines.next();
        let deeper = lines.take_while(move |line| line.trim().is_empty() || indent(line) > depth);
        first.into_iter().chain(deeper)
    })
}

/// What each line says behind its name, or all that an indented one says if it has none.
fn behind_any(text: &str) -> impl Iterator<Item = &str> {
    let said = text.lines().filter_map(|line| match line.split_once([':', '=']) {
        Some((_, rest)) => Some(rest),
        None => line.starts_with([' ', '-']).then_some(line),
    });
    said.map(|text| text.trim_start_matches([' ', '-', '{', '[']))
}

/// The words before a `:` or `=` that a pattern fits.
fn fitting<'t>(text: &'t str, pattern: Option<&Regex>) -> Vec<&'t str> {
    let fits = |word: &str| pattern.is_none_or(|pattern| pattern.is_match(word).unwrap_or(true));
    let is_end = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | '{' | '}' | '[' | ']');
    let is_quote = |c: char| matches!(c, '"' | '\'');
    let before = text.match_indices([':', '=']).map(|(at, _)| text[..at].trim_end_matches(' '));
    let words = before.filter_map(|before| {
        // A list of settings may name an item behind the key: `tokens[0]=x`.
        let key = before.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']'));
        let candidates = [before, key].map(|text| text.trim_end_matches(is_quote));
        candidates.into_iter().map(|text| text.rsplit(is_end).next().unwrap_or(text)).find_map(
            |word| Some(word.trim_matches(is_quote)).filter(|word| !word.is_empty() && fits(word)),
        )
    });
    words.collect()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '-']).len()
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    fn check(secret: &str, text: &str, expect: &str) {
        let secrets = Secrets::default();
        secrets.add(secret);
        assert_eq!(secrets.mask(text), expect);
        assert_eq!(secrets.are_in(text), text != expect);
        assert_eq!(secrets.blot(text).len(), text.len());
    }

    #[test]
    fn a_secret_is_masked_wherever_it_stands() {
        check("hunter2", "url: db://u:hunter2@host/hunter2", "url: db://u:***@host/***");
        check("hunter2", "nothing to see", "nothing to see");
    }

    #[test]
    fn a_secret_is_known_in_other_spellings() {
        check("it's \"x\"", r#"'it''s "x"' or "it's \"x\"""#, "'***' or \"***\"");
        check("hunter2", "aHVudGVyMg== and aHVudGVyMgo=", "*** and ***");
        check("p@ss word", "p%40ss%20word", "***");
        check("hunter2", "HUNTER2", "***");
    }

    #[test]
    fn each_line_of_a_long_secret_is_one() {
        check("-----BEGIN KEY-----\nMIIabcdef\n", "  MIIabcdef", "  ***");
    }

    #[test]
    fn a_text_of_three_characters_is_no_secret() {
        check("abc", "abc", "abc");
    }

    fn check_behind(name: &str, text: &str, expect: &str) {
        let secrets = Secrets::default();
        secrets.add_name(name);
        secrets.add_from(text);
        assert_eq!(secrets.mask(text), expect);
    }

    #[test]
    fn under_any_name_each_line_is_a_secret() {
        let secrets = Secrets::default();
        secrets.add_any_name();
        secrets.add_from("A_PASSWORD: hunter22\nB: |\n  second-line\n");
        assert_eq!(
            secrets.mask("hunter22 and second-line of A_PASSWORD"),
            "*** and *** of A_PASSWORD"
        );
    }

    #[test]
    fn what_stands_behind_a_name_is_a_secret_in_a_text_that_cannot_be_read() {
        check_behind(
            "password",
            "db:\n  password: hunter2\n  x: [",
            "db:\n  password: ***\n  x: [",
        );
        check_behind("password", r#"{"password": "hunter2"}"#, r#"{"password": ***"#);
        check_behind("password", "db.password=hunter2", "db.password=***");
        check_behind(
            "key",
            "key: |\n  line one\n  line two\nnext: x",
            "key: |\n  ***\n  ***\nnext: x",
        );
        check_behind("key", "monkey: banana", "monkey: banana");
    }
}
