//! What a template may not say: constructs whose result would be wrong or unsafe without a sound.

use super::operands::ends_value;
use super::prepare::{Kind, is_set_block, is_yaml};
use super::scan::{self, Part, PartKind, Token, TokenKind};
use crate::diag::{Code, Diagnostic};
use crate::source::{FileId, Place, Span};
use std::collections::BTreeSet;
use std::ops::Range;

/// How many operators, filters, calls and steps into values (`.name`, `[0]`) one expression may have.
const MAX_LINKS: usize = 2_000;
/// How many `elif` one template may have; the engine recurses through them.
const MAX_ELIF: usize = 2_000;

/// One thing that is wrong with a template's text.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub code: Code,
    pub span: Range<usize>,
    pub message: String,
    pub hint: String,
}

impl Fault {
    pub(super) fn new(
        code: Code,
        span: Range<usize>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { code, span, message: message.into(), hint: hint.into() }
    }

    fn refused(token: &Token<'_>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Code::TemplateRefused, token.start..token.end(), message, hint)
    }

    /// The finding, for a text that is the whole file.
    pub(super) fn in_file(self, file: FileId) -> Diagnostic {
        let place = Place::new(file, Span::new(self.span.start, self.span.end));
        Diagnostic::error(self.code, self.message).at(place, "").hint(self.hint)
    }
}

/// Everything in a template that is refused, in the order of the text.
pub(super) fn faults(text: &str, parts: &[Part], kind: Kind) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fragments = BTreeSet::new();
    let mut elifs = Vec::new();
    for part in parts.iter().filter(|p| matches!(p.kind, PartKind::Hole | PartKind::Tag)) {
        let words = scan::tokens(text, part.inner.clone());
        faults.extend(too_long(part, &words));
        faults.extend(words.iter().enumerate().filter_map(|(at, _)| refused_word(&words, at)));
        if part.kind == PartKind::Tag {
            elifs.extend(
                words.first().filter(|word| word.is_word("elif")).map(|_| part.span.clone()),
            );
            faults.extend(refused_tag(&words, kind));
            faults.extend(wrong_kind(&words, kind));
            fragments.extend(fragments_named(&words, kind).into_iter().map(str::to_owned));
            fragments.extend(passed_on(&words, &fragments).map(str::to_owned));
        }
        faults.extend(fragment_decides(part, &words, &fragments));
    }
    if let Some(span) = elifs.get(MAX_ELIF) {
        let message =
            format!("the template has more than {MAX_ELIF} `elif`; this is the first too many");
        let hint = "look the value up in a map: `values.names[key]`, or `{\"a\": 1}[key]`";
        faults.push(Fault::new(Code::TemplateLimit, span.clone(), message, hint));
    }
    faults
}

fn too_long(part: &Part, words: &[Token<'_>]) -> Option<Fault> {
    // A tag's own keyword is no operator.
    let first = usize::from(part.kind == PartKind::Tag);
    let links = (first..words.len()).filter(|&at| links(words, at)).count();
    let message = format!(
        "the expression has {links} operators, filters and steps into values; at most {MAX_LINKS} are read"
    );
    let fault =
        || Fault::new(Code::TemplateLimit, part.span.clone(), message, "split it with `set`");
    (links > MAX_LINKS).then(fault)
}

/// Whether a word takes what stands before it for its operand, or leads into it; what stands between brackets or
/// commas is counted by itself.
fn links(words: &[Token<'_>], at: usize) -> bool {
    let word = &words[at];
    let before = at.checked_sub(1).map(|before| &words[before]);
    match word.kind {
        TokenKind::Sign if matches!(word.text, "," | ":" | "=" | "{") || word.closes() => false,
        TokenKind::Sign if word.opens() => before.is_some_and(ends_value),
        TokenKind::Sign => true,
        // `is not` and `not in` are one operator.
        TokenKind::Word if word.text == "not" => {
            let is_in = words.get(at + 1).is_some_and(|next| next.is_word("in"));
            !is_in && !before.is_some_and(|before| before.is_word("is"))
        }
        TokenKind::Word => matches!(word.text, "and" | "or" | "if" | "in" | "is"),
        TokenKind::Number | TokenKind::Quoted => false,
    }
}

/// Filters and names that do not exist here, although the engine knows them.
fn refused_word(words: &[Token<'_>], at: usize) -> Option<Fault> {
    let word = &words[at];
    let is_filter = at > 0 && words[at - 1].is_sign("|");
    let is_name = word.kind == TokenKind::Word && !(at > 0 && words[at - 1].is_sign("."));
    match word.text {
        "safe" | "escape" | "e" if is_filter => Some(Fault::refused(
            word,
            format!(
                "there is no filter `{}`: values are never text that needs escaping",
                word.text
            ),
            "print the value as it is; the YAML around it cannot change",
        )),
        name if is_name && name.starts_with("__") => Some(Fault::refused(
            word,
            format!("`{name}`: names that begin with two underscores are jibe's own"),
            "choose another name",
        )),
        _ => None,
    }
}

fn refused_tag(words: &[Token<'_>], kind: Kind) -> Option<Fault> {
    let keyword = words.first()?;
    match keyword.text {
        "autoescape" | "endautoescape" => Some(Fault::refused(
            keyword,
            "there is no `autoescape`: values are never text that needs escaping",
            "remove the tag",
        )),
        "filter" if kind != Kind::Text => block_filter(words),
        "set" if kind != Kind::Text && is_set_block(words) => block_filter(words),
        _ => None,
    }
}

/// A filter over a block of a YAML file may only move it.
fn block_filter(words: &[Token<'_>]) -> Option<Fault> {
    let is_set = words[0].is_word("set");
    let filters = words.iter().enumerate().filter(|(at, word)| {
        word.kind == TokenKind::Word
            && (words[at.saturating_sub(1)].is_sign("|") || (!is_set && *at == 1))
    });
    let mut wrong =
        filters.map(|(_, word)| word).filter(|word| !matches!(word.text, "indent" | "nindent"));
    wrong.next().map(|word| {
        Fault::refused(
            word,
            format!(
                "`{}` cannot filter a block of a YAML file, only `indent` and `nindent` can",
                word.text
            ),
            "filter the values inside of it, or write the block as a macro of a `.j2` file",
        )
    })
}

/// What a tag names of other templates must be written out and of the right kind.
fn wrong_kind(words: &[Token<'_>], kind: Kind) -> Option<Fault> {
    let keyword = words.first()?;
    let is_inserted = matches!(keyword.text, "include" | "extends");
    if !is_inserted && !matches!(keyword.text, "import" | "from") {
        return None;
    }
    let named = words.get(1)?;
    let ends = words.get(2).is_none_or(|word| word.kind == TokenKind::Word);
    let Some(name) = named.quoted().filter(|_| ends) else {
        return Some(Fault::refused(
            named,
            format!("`{}` needs the name of a template in quotes", keyword.text),
            "write the name out; choose between templates with `if`",
        ));
    };
    if !is_inserted || is_yaml(name) == (kind != Kind::Text) {
        return None;
    }
    let verb = keyword.text.trim_end_matches('s');
    let message = match kind {
        Kind::Yaml(_) | Kind::Part(_) => {
            format!("a YAML file cannot {verb} the text file `{name}`")
        }
        Kind::Text => format!("a text file cannot {verb} the YAML file `{name}`"),
    };
    Some(Fault::refused(named, message, "import a macro of it and print what it returns"))
}

/// The names that a tag of a YAML file binds to YAML fragments.
fn fragments_named<'t>(words: &[Token<'t>], kind: Kind) -> Vec<&'t str> {
    let from_yaml = || words.get(1).and_then(Token::quoted).is_some_and(is_yaml);
    let here = kind != Kind::Text;
    match words.first().map(|word| word.text) {
        Some("macro") if here => words.get(1).map(|word| word.text).into_iter().collect(),
        Some("set") if here && is_set_block(words) => {
            words.get(1).map(|word| word.text).into_iter().collect()
        }
        Some("from") if from_yaml() => imported(words),
        Some("import") if from_yaml() => words.last().map(|word| word.text).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The name that `{% set name = fragment… %}` gives a fragment.
fn passed_on<'t>(words: &[Token<'t>], fragments: &BTreeSet<String>) -> Option<&'t str> {
    let [set, name, equals, value, ..] = words else { return None };
    let passes = set.is_word("set") && equals.is_sign("=") && fragments.contains(value.text);
    passes.then_some(name.text)
}

/// The names behind `import`: of `a as b` it is `b`.
fn imported<'t>(words: &[Token<'t>]) -> Vec<&'t str> {
    let names = words.iter().skip_while(|word| !word.is_word("import")).skip(1);
    let names: Vec<_> = names.filter(|word| word.kind == TokenKind::Word).collect();
    let renamed = |at: usize| names.get(at + 1).is_some_and(|word| word.text == "as");
    let bound =
        |(at, word): (usize, &&Token<'t>)| (word.text != "as" && !renamed(at)).then_some(word.text);
    names.iter().enumerate().filter_map(bound).collect()
}

/// A fragment is never equal to anything and never empty, so it must not decide.
fn fragment_decides(
    part: &Part,
    words: &[Token<'_>],
    fragments: &BTreeSet<String>,
) -> Option<Fault> {
    let decides = part.kind == PartKind::Tag
        && words.first().is_some_and(|word| matches!(word.text, "if" | "elif" | "for"));
    let is_fragment = |at: usize| {
        let word = &words[at];
        let attribute = at > 0 && words[at - 1].is_sign(".");
        let argument = words.get(at + 1).is_some_and(|next| next.is_sign("="));
        word.kind == TokenKind::Word && !attribute && !argument && fragments.contains(word.text)
    };
    let at = (0..words.len()).find(|&at| is_fragment(at) && (decides || is_compared(words, at)))?;
    let name = words[at].text;
    Some(Fault::refused(
        &words[at],
        format!(
            "`{name}` is a YAML fragment, which can be inserted and indented, but not decide anything"
        ),
        format!("write `{name}` in a `.j2` file, whose macros return plain strings"),
    ))
}

/// Whether the value that begins at a word is an operand of a comparison or a condition.
fn is_compared(words: &[Token<'_>], at: usize) -> bool {
    let (mut first, mut behind) = (at, value_end(words, at));
    while first > 0
        && words[first - 1].is_sign("(")
        && words.get(behind).is_some_and(|word| word.is_sign(")"))
        && !first.checked_sub(2).is_some_and(|call| words[call].kind == TokenKind::Word)
    {
        (first, behind) = (first - 1, behind + 1);
    }
    let compares = |word: &Token<'_>| {
        matches!(word.text, "==" | "!=" | "<" | ">" | "<=" | ">=" | "in" | "not" | "and" | "or")
            && word.kind != TokenKind::Quoted
    };
    let before = first.checked_sub(1).map(|before| &words[before]);
    before.is_some_and(|word| compares(word) || word.is_word("if"))
        || words.get(behind).is_some_and(compares)
}

/// The word behind a name with its attributes, calls and filters.
fn value_end(words: &[Token<'_>], name: usize) -> usize {
    let mut at = name + 1;
    while let Some(word) = words.get(at) {
        at = if word.opens() {
            bracket_end(words, at)
        } else if word.is_sign(".") || word.is_sign("|") {
            at + 2
        } else {
            return at;
        };
    }
    at
}

fn bracket_end(words: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, word) in words.iter().enumerate().skip(open) {
        depth += usize::from(word.opens());
        depth -= usize::from(word.closes());
        if depth == 0 {
            return at + 1;
        }
    }
    words.len()
}
