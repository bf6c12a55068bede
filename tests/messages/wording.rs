//! The wordings of the source: literals of two words or more that can become part of a message.

use crate::{files, root, text};
use std::fmt;

/// A literal, cut where values are put in.
pub(crate) struct Wording {
    file: String,
    /// As the source has it, blanks collapsed.
    literal: String,
    fixed: Vec<String>,
}

impl Wording {
    fn new(file: &str, literal: &str) -> Option<Self> {
        let literal = literal.split_whitespace().collect::<Vec<_>>().join(" ");
        let fixed: Vec<_> = cut(&literal).into_iter().map(|part| collapsed(&part)).collect();
        let words = fixed.iter().flat_map(|part| part.split(' ')).filter(|word| is_word(word));
        (words.count() >= 2 && literal.contains(' ')).then(|| Self {
            file: file.to_owned(),
            literal,
            fixed,
        })
    }

    /// Whether a text holds the fixed parts in their order.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let text = collapsed(text);
        let mut rest = text.as_str();
        self.fixed.iter().filter(|part| !part.trim().is_empty()).all(|part| {
            let found = rest.find(part.as_str());
            if let Some(at) = found {
                rest = &rest[at + part.len()..];
            }
            found.is_some()
        })
    }
}

impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.literal)
    }
}

/// A run of blanks and line breaks is one blank.
fn collapsed(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_whitespace() && result.ends_with(' ') => {}
            c if c.is_whitespace() => result.push(' '),
            c => result.push(c),
        }
    }
    result
}

fn is_word(text: &str) -> bool {
    text.len() >= 2
        && text
            .trim_matches(|c: char| !c.is_alphabetic())
            .chars()
            .filter(|c| c.is_lowercase())
            .count()
            >= 2
}

/// The parts of a literal that are not in braces, which hold a value or are braces themselves.
fn cut(literal: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = literal.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '{' if rest.peek() != Some(&'{') && rest.peek() != Some(&'%') => {
                while rest.next_if(|c| *c != '}').is_some() {}
                rest.next();
                parts.push(String::new());
            }
            '{' | '}' => parts.push(String::new()),
            c => parts.last_mut().expect("one at least").push(c),
        }
    }
    parts
}

/// Files whose literals are no messages.
const SILENT: &[(&str, &str)] = &[
    ("src/cli/starter.rs", "texts of new files, in the golden cases of start/"),
    ("src/cli/args.rs", "help texts, in the golden cases of help/"),
    ("src/cli/progress.rs", "a line for terminals, gone before the first message"),
    ("src/diag/code.rs", "docs/codes.md shows it"),
    ("src/yaml/interop.rs", "of the library's feature `serde_yaml`; its own tests show it"),
];

/// Where a rule a line has its words and a test of its own, which shows them.
const RULES: &str = "src/check/rules/";

/// Every wording of the source, tests left out.
pub(crate) fn all() -> Vec<Wording> {
    let mut all = Vec::new();
    for path in files(&root().join("src")) {
        let name = path.strip_prefix(root()).expect("below the root").to_string_lossy();
        let is_test = name.contains("/tests") || name.ends_with("/laws.rs");
        let is_rule = name.starts_with(RULES);
        if is_test
            || is_rule
            || SILENT.iter().any(|(silent, _)| *silent == name)
            || !name.ends_with(".rs")
        {
            continue;
        }
        let source = text(&path);
        let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        all.extend(literals(code).iter().filter_map(|literal| Wording::new(&name, literal)));
    }
    all
}

/// What stands before a literal that only a fault of jibe's own shows, or nobody.
const UNTOLD: &[&str] = &[
    "expect(",
    "expect_err(",
    "panic!(",
    "unreachable!(",
    "reason = ",
    "doc = ",
    "assert!(",
    "rename = ",
];

/// The literals of Rust source that are neither in comments nor behind an [`UNTOLD`] word.
fn literals(code: &str) -> Vec<String> {
    let (mut found, mut at) = (Vec::new(), 0);
    let bytes = code.as_bytes();
    while at < bytes.len() {
        let rest = &code[at..];
        at += match bytes[at] {
            b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            b'\'' => quoted_character(rest),
            b'r' if rest.starts_with("r\"") || rest.starts_with("r#\"") => {
                let hashes = if rest.starts_with("r#") { "#" } else { "" };
                let open = 2 + hashes.len();
                let end = rest[open..].find(&format!("\"{hashes}")).expect("a raw literal ends");
                found.push(rest[open..open + end].to_owned());
                open + end + 1 + hashes.len()
            }
            b'"' => {
                let (literal, length) = unescaped(&rest[1..]);
                let before = code[..at].trim_end();
                if !UNTOLD.iter().any(|word| before.ends_with(word.trim_end())) {
                    found.push(literal);
                }
                length + 1
            }
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    found
}

/// The length of a character's literal, or of the sign that begins a lifetime.
fn quoted_character(rest: &str) -> usize {
    if rest.starts_with("'\\") {
        return rest[3..].find('\'').map_or(1, |end| end + 4);
    }
    let behind = rest.char_indices().nth(2);
    behind.filter(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 1)
}

/// A literal's text, from behind its first quote, and how long it is with the last one.
fn unescaped(rest: &str) -> (String, usize) {
    let mut text = String::new();
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (text, at + 1),
            '\\' => match chars.next().map_or('\\', |(_, c)| c) {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                '\n' => while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                'u' => while chars.next_if(|(_, c)| *c != '}').is_some() {},
                other => text.push(other),
            },
            c => text.push(c),
        }
    }
    (text, rest.len())
}
