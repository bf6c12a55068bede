//! Names that templates import from each other, checked before anything is rendered.

use super::engine::Engine;
use super::prepare::is_set_block;
use super::scan::{self, PartKind, Token, TokenKind};
use crate::diag::{Code, Diagnostic, nearest};
use crate::source::Source;
use std::collections::BTreeSet;

/// Every name that a `from … import` asks for and that the other template does not have.
pub(super) fn missing(engine: &Engine) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, loaded) in &engine.templates {
        for words in tags(&loaded.source) {
            let [from, file, import, ..] = words.as_slice() else { continue };
            let Some(file) =
                file.quoted().filter(|_| from.is_word("from") && import.is_word("import"))
            else {
                continue;
            };
            let Some(other) = engine.templates.get(&engine.called(file, name)) else { continue };
            let known = exported(&other.source);
            let asked = (3..words.len()).filter(|&at| is_asked(&words, at));
            for word in asked.map(|at| &words[at]).filter(|word| !known.contains(word.text)) {
                let place = loaded.source.place(word.start, word.end());
                found.push(no_macro(file, word.text, &other.source).at(place, ""));
            }
        }
    }
    found
}

/// A name that the template called `file` does not have; the caller adds the place.
pub(super) fn no_macro(file: &str, name: &str, source: &Source) -> Diagnostic {
    let known = exported(source);
    let finding =
        Diagnostic::error(Code::TemplateSyntax, format!("`{file}` has no macro `{name}`"));
    match nearest(name, known.iter().copied()) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(offered(&known)),
    }
}

fn offered(known: &BTreeSet<&str>) -> String {
    match known.is_empty() {
        true => "write it there: `{% macro name() %} … {% endmacro %}`".to_owned(),
        false => {
            let names: Vec<_> = known.iter().take(10).map(|name| format!("`{name}`")).collect();
            format!("it has {}", names.join(", "))
        }
    }
}

fn tags(source: &Source) -> Vec<Vec<Token<'_>>> {
    let parts = scan::parts(source.text()).unwrap_or_default();
    let tags = parts.iter().filter(|part| part.kind == PartKind::Tag);
    tags.map(|part| scan::tokens(source.text(), part.inner.clone())).collect()
}

/// Whether a word behind `import` is a name of the other template: of `a as b` it is `a`.
fn is_asked(words: &[Token<'_>], at: usize) -> bool {
    let before = &words[at - 1];
    words[at].kind == TokenKind::Word && (before.is_word("import") || before.is_sign(","))
}

/// The names that others can import: macros, and what `set` and `import` bind.
fn exported(source: &Source) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for words in tags(source) {
        let bound = match words.first().map(|word| word.text) {
            Some("macro") => 1..2,
            Some("set") if is_set_block(&words) => 1..2,
            Some("set") => {
                1..words.iter().position(|word| word.is_sign("=")).unwrap_or(words.len())
            }
            Some("from" | "import") => 2..words.len(),
            _ => continue,
        };
        let bound = words.get(bound).into_iter().flatten();
        names.extend(bound.filter(|word| word.kind == TokenKind::Word).map(|word| word.text));
    }
    names
}
