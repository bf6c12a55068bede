//! Errors of the template engine as findings at the user's own lines.

mod calls;
mod chains;
mod kinds;
mod limits;
mod syntax;
mod undefined;

pub(super) use syntax::syntax;

use super::engine::Loaded;
use super::refusal::Refusal;
use super::run::Run;
use super::{filters, scan};
use crate::diag::{Code, Diagnostic, nearest};
use crate::source::{Place, Source};
use crate::values::Values;
use chains::Blamed;
use indexmap::IndexMap;
use minijinja::{Error, ErrorKind};
use std::ops::Range;
use undefined::undefined;

pub(super) use calls::is_in_macro;

/// Templates by the name that the engine knows them by.
pub(super) type Templates = IndexMap<String, Loaded>;

/// The render that failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'r> {
    pub run: &'r Run,
    pub values: &'r Values,
}

/// Where in the user's files an error arose.
struct Site<'e> {
    loaded: &'e Loaded,
    range: Range<usize>,
}

impl Site<'_> {
    fn text(&self) -> &str {
        self.loaded.source.text().get(self.range.clone()).unwrap_or_default()
    }

    /// Whether a `|` stands before it.
    fn is_filter(&self) -> bool {
        let before = self.loaded.source.text().get(..self.range.start).unwrap_or_default();
        before.trim_end().ends_with('|')
    }

    /// The words of the hole or tag around it.
    fn words(&self) -> Vec<scan::Token<'_>> {
        let text = self.loaded.source.text();
        let parts = scan::parts(text).unwrap_or_default();
        let around = parts.iter().find(|part| {
            part.kind != scan::PartKind::Text && part.span.contains(&self.range.start)
        });
        around.map_or_else(Vec::new, |part| scan::tokens(text, part.inner.clone()))
    }

    fn place(&self) -> Place {
        self.loaded.source.place(self.range.start, self.range.end)
    }
}

/// The finding for an error of the engine.
pub(super) fn finding(
    error: &Error,
    templates: &Templates,
    about: Option<About<'_>>,
) -> Diagnostic {
    let chain = chain(error);
    let innermost = chain.last().copied().unwrap_or(error);
    let refusal = chain.iter().rev().find_map(|error| refusal(error));
    let mut sites: Vec<_> = chain.iter().filter_map(|error| site(error, templates)).collect();
    let finding = match refusal {
        Some(refusal) => {
            chains::with_values((*refusal.0).clone(), Blamed::All, (about, sites.last()))
        }
        None => explained(innermost, templates, about),
    };
    let finding = match (finding.at.is_some(), sites.pop()) {
        (true, _) | (_, None) => finding,
        (false, Some(site)) => finding.at(site.place(), ""),
    };
    let mut places: Vec<_> = sites.iter().map(Site::place).collect();
    places.dedup();
    places.into_iter().rev().fold(finding, |finding, place| finding.also(place, "while doing this"))
}

/// The errors, each the cause of the one before.
fn chain(error: &Error) -> Vec<&Error> {
    std::iter::successors(Some(error), |error| cause(error)).collect()
}

fn cause(error: &Error) -> Option<&Error> {
    std::error::Error::source(error)?.downcast_ref()
}

fn refusal(error: &Error) -> Option<&Refusal> {
    std::error::Error::source(error)?.downcast_ref()
}

fn site<'e>(error: &Error, templates: &'e Templates) -> Option<Site<'e>> {
    let loaded = templates.get(error.name()?)?;
    let range = match error.range() {
        Some(range) => loaded.prepared.original(&range),
        None => limits::running(loaded, error.line()?)?,
    };
    let text = loaded.source.text().get(range.clone()).unwrap_or_default();
    let begin = range.start + (text.len() - text.trim_start().len());
    let end = range.start + text.trim_end().len();
    Some(Site { loaded, range: begin..end.max(begin) })
}

fn explained(error: &Error, templates: &Templates, about: Option<About<'_>>) -> Diagnostic {
    let detail = error.detail().unwrap_or_default();
    let site = site(error, templates);
    let blamed = match detail.starts_with("cannot convert ") {
        true => Blamed::Arguments,
        false => Blamed::All,
    };
    let with_values = |finding| chains::with_values(finding, blamed, (about, site.as_ref()));
    match error.kind() {
        ErrorKind::UndefinedError => at_name(detail, templates, (about, site.as_ref())),
        ErrorKind::UnknownFilter => {
            unknown("filter", &named(detail, site.as_ref()), filters::filters())
        }
        ErrorKind::UnknownFunction => {
            unknown("function", &named(detail, site.as_ref()), filters::functions())
        }
        ErrorKind::UnknownTest => {
            unknown("test", &named(detail, site.as_ref()), filters::TESTS.into_iter())
        }
        ErrorKind::TemplateNotFound => not_found(error, templates),
        ErrorKind::TooManyArguments | ErrorKind::MissingArgument => {
            calls::arguments(error, site.as_ref())
        }
        _ if detail.contains("` is undefined") => {
            at_name(detail, templates, (about, site.as_ref()))
        }
        ErrorKind::UnknownMethod if !detail.is_empty() => site
            .as_ref()
            .and_then(|site| {
                let (_, name) = detail.split_once(" has no method named ")?;
                calls::of_module(site, templates, name)
            })
            .unwrap_or_else(|| with_values(calls::method(detail))),
        ErrorKind::CannotUnpack => with_values(kinds::unpacked(detail)),
        ErrorKind::OutOfFuel => limits::steps(about, site.as_ref()),
        _ if detail == "recursion limit exceeded" => {
            let message =
                "macros, loops or included files call each other deeper than jibe follows";
            Diagnostic::error(Code::TemplateLimit, message)
                .hint("look for a macro that calls itself without an end")
        }
        kind => {
            let message = if detail.is_empty() { kind.to_string() } else { detail.to_owned() };
            let called = site.as_ref().map_or("", Site::text);
            with_values(kinds::wrong_kind(&message, called).unwrap_or_else(|| {
                Diagnostic::error(Code::TemplateFailed, message)
                    .hint("correct the expression, or the value that it is given")
            }))
        }
    }
}

/// A value that nobody set, where the template names it.
fn at_name(
    detail: &str,
    templates: &Templates,
    (about, site): (Option<About<'_>>, Option<&Site<'_>>),
) -> Diagnostic {
    let asked = detail.split('`').nth(1).and_then(chains::Chain::parse);
    let asked = asked.filter(|chain| chain.keys.len() == 1);
    let of_module =
        asked.zip(site).and_then(|(chain, site)| calls::of_module(site, templates, &chain.keys[0]));
    let finding = of_module.unwrap_or_else(|| undefined(detail, about, site));
    let written = detail.split('`').nth(1);
    let written = written.or_else(|| finding.message.strip_prefix('`')?.split('`').next());
    let range = written.zip(site).and_then(|(written, site)| chains::place_of(written, site));
    match range.zip(site) {
        Some((range, site)) => finding.at(site.loaded.source.place(range.start, range.end), ""),
        None => finding,
    }
}

/// The name in what the engine says of it; where it says nothing, as of `map("name")`, the one in quotes.
fn named(detail: &str, site: Option<&Site<'_>>) -> String {
    let words: Vec<&str> = detail.split_whitespace().collect();
    let said = words.iter().rev().nth(2).copied().unwrap_or(detail).trim_matches('`');
    let written = site.and_then(|site| site.text().split(['"', '\'']).nth(1));
    if said.is_empty() { written.unwrap_or_default().to_owned() } else { said.to_owned() }
}

fn unknown(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'static str> + Clone,
) -> Diagnostic {
    let finding = Diagnostic::error(Code::TemplateSyntax, format!("there is no {what} `{name}`"));
    if let Some(reason) = filters::left_out(name) {
        return finding.hint(reason);
    }
    let filter = filters::of_filter(name).filter(|_| what == "function");
    match filters::renamed(name).or_else(|| nearest(name, known.clone())) {
        _ if filter.is_some() => {
            finding.hint(format!("it is a filter: `… | {}`", filter.unwrap_or_default()))
        }
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(format!("the {what}s are: {}", known.collect::<Vec<_>>().join(", "))),
    }
}

fn not_found(error: &Error, templates: &Templates) -> Diagnostic {
    let detail = error.detail().unwrap_or_default();
    let name = detail.split(['"', '\'']).nth(1).unwrap_or(detail);
    // Inside of a library its own files are called by their plain names.
    let prefix = error.name().and_then(|name| templates.get(name));
    let prefix = prefix.map_or("", |loaded| loaded.prefix.as_str());
    let name = name.strip_prefix(prefix).unwrap_or(name);
    let finding = Diagnostic::error(Code::TemplateFailed, format!("there is no template `{name}`"));
    let known = templates.keys().filter_map(|name| name.strip_prefix(prefix));
    let known = known.filter(|name| !name.contains(':'));
    match nearest(name, known) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint("a template of the chart is called by its path below `templates/`, one of a library `LIBRARY/FILE`"),
    }
}

/// A library's template that uses a name of the context.
pub(super) fn foreign_read(name: &str, source: &Source) -> Diagnostic {
    let text = source.text();
    let parts = scan::parts(text).unwrap_or_default();
    let tokens =
        parts.iter().filter(|part| matches!(part.kind, scan::PartKind::Hole | scan::PartKind::Tag));
    let words: Vec<_> = tokens.flat_map(|part| scan::tokens(text, part.inner.clone())).collect();
    let at = (0..words.len())
        .find(|&at| words[at].is_word(name) && !(at > 0 && words[at - 1].is_sign(".")));
    let place = at.map_or(source.place(0, 0), |at| source.place(words[at].start, words[at].end()));
    Diagnostic::error(Code::TemplateRefused, format!("a library's template uses `{name}`"))
        .at(place, "")
        .hint(format!(
            "give the macro an argument and pass `{name}` or a part of it where it is called"
        ))
}
