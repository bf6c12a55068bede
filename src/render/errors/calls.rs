//! What is said about calls: macros that got other arguments than they take, and methods.

use super::{Site, Templates};
use crate::diag::{Code, Diagnostic, nearest};
use crate::render::scan::{self, PartKind, Token, TokenKind};
use crate::render::{filters, imports};
use crate::source::Source;
use minijinja::{Error, ErrorKind};

/// A parameter of the macro around `site` that the caller gave nothing for; `written` is empty if the
/// engine does not know which.
pub(super) fn missing_argument(site: &Site<'_>, written: &str) -> Option<Diagnostic> {
    let text = site.loaded.source.text();
    let (name, parameters) = enclosing_macro(text, site.range.start)?;
    let words = site.words();
    let parameter = words.iter().enumerate().find_map(|(at, word)| {
        let is_name = word.kind == TokenKind::Word && !(at > 0 && words[at - 1].is_sign("."));
        let first = written.split(['.', '[']).next().unwrap_or(written);
        let is_meant = written.is_empty() || word.text == first;
        (is_name && is_meant && parameters.contains(&word.text)).then_some(word.text)
    })?;
    let message = format!("the macro `{name}` was called without its argument `{parameter}`");
    let hint = format!(
        "pass it: `{name}({parameter}=…)`, or give it a default in the macro: `{parameter}=none`"
    );
    Some(Diagnostic::error(Code::TemplateUndefined, message).hint(hint))
}

/// Whether a byte of a template stands in a macro.
pub(in crate::render) fn is_in_macro(source: &Source, at: usize) -> bool {
    enclosing_macro(source.text(), at).is_some()
}

/// The macro in which a byte stands: its name and parameters.
fn enclosing_macro(text: &str, at: usize) -> Option<(&str, Vec<&str>)> {
    let parts = scan::parts(text).ok()?;
    let mut found = None;
    for part in parts.iter().filter(|part| part.kind == PartKind::Tag) {
        if part.span.start > at {
            break;
        }
        let words = scan::tokens(text, part.inner.clone());
        match words.first().map(|word| word.text) {
            Some("macro") => found = signature(&words),
            Some("endmacro") => found = None,
            _ => {}
        }
    }
    found
}

fn signature<'t>(words: &[Token<'t>]) -> Option<(&'t str, Vec<&'t str>)> {
    let name = words.get(1)?.text;
    let begins = |at: usize| words[at - 1].is_sign("(") || words[at - 1].is_sign(",");
    let parameters = (2..words.len()).filter(|&at| words[at].kind == TokenKind::Word && begins(at));
    Some((name, parameters.map(|at| words[at].text).collect()))
}

/// An error about the arguments of a call.
pub(super) fn arguments(error: &Error, site: Option<&Site<'_>>) -> Diagnostic {
    let detail = error.detail().unwrap_or_default();
    let called = site.map_or("", Site::text);
    let name: String =
        called.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.')).collect();
    let signature = site.and_then(|site| match site.is_filter() {
        true => filters::of_filter(&name).map(|signature| format!("… | {signature}")),
        false => filters::of_function(&name).map(str::to_owned),
    });
    let shown = if name.is_empty() { "this call".to_owned() } else { format!("`{name}`") };
    let message = match error.kind() {
        _ if !detail.is_empty() => format!("{shown} was called with wrong arguments: {detail}"),
        ErrorKind::TooManyArguments => format!("{shown} was given more arguments than it takes"),
        _ => format!("{shown} was given fewer arguments than it needs"),
    };
    Diagnostic::error(Code::TemplateFailed, message).hint(match signature {
        Some(signature) => format!("write `{signature}`"),
        None => "a macro's arguments stand in its `{% macro name(…) %}`, those of filters and functions in docs/templates.md".to_owned(),
    })
}

/// A macro that is asked of an imported file, which does not have it: `m.name()` behind `{% import "file" as m %}`.
pub(super) fn of_module(site: &Site<'_>, templates: &Templates, name: &str) -> Option<Diagnostic> {
    let text = site.loaded.source.text();
    let words = site.words();
    let at = words.windows(3).position(|words| words[1].is_sign(".") && words[2].text == name)?;
    let module = words[at].text;
    let file = scan::parts(text).ok()?.iter().filter(|part| part.kind == PartKind::Tag).find_map(
        |part| {
            let words = scan::tokens(text, part.inner.clone());
            let [import, file, of, called, ..] = words.as_slice() else { return None };
            let binds = import.is_word("import") && of.is_word("as") && called.text == module;
            file.quoted().filter(|_| binds).map(str::to_owned)
        },
    )?;
    let other = templates.get(&format!("{}{file}", site.loaded.prefix))?;
    Some(imports::no_macro(&file, name, &other.source))
}

/// A method that a value does not have; most are filters here.
pub(super) fn method(detail: &str) -> Diagnostic {
    let (kind, name) = detail.split_once(" has no method named ").unwrap_or(("value", detail));
    let message = format!("{} has no method `{name}`", super::kinds::with_article(kind));
    let filter = match name {
        "strip" => Some("trim"),
        "startswith" | "startsWith" => Some("has_prefix"),
        "endswith" | "endsWith" => Some("has_suffix"),
        "iteritems" => Some("items"),
        "update" => Some("merge"),
        name => filters::renamed(name).or_else(|| nearest(name, filters::filters())),
    };
    let hint = match (filter, name) {
        (_, "get") => {
            "write `map.key | default(…)`, or the filter: `map | get(\"key\", …)`".to_owned()
        }
        (Some(filter), _) => format!("it is a filter here: `… | {filter}`"),
        (None, _) => {
            "values have no methods; filters are written behind `|` and listed in docs/templates.md"
                .to_owned()
        }
    };
    Diagnostic::error(Code::TemplateFailed, message).hint(hint)
}
