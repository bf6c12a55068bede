//! Errors of the template engine as findings at the user's own lines.

use super::engine::Engine;
use super::reads::Miss;
use super::refusal::Refusal;
use super::run::Run;
use super::{filters, scan, scope};
use crate::diag::{Code, Diagnostic, nearest};
use crate::source::{Place, Source};
use crate::yaml::Key;
use minijinja::{Error, ErrorKind};

/// The finding for an error of the engine.
pub(super) fn finding(error: &Error, engine: &Engine, run: Option<&Run>) -> Diagnostic {
    let chain = chain(error);
    let innermost = chain.last().copied().unwrap_or(error);
    let refusal = chain.iter().rev().find_map(|error| refusal(error));
    let finding = match refusal {
        Some(refusal) => (*refusal.0).clone(),
        None => explained(innermost, engine, run),
    };
    let mut places: Vec<Place> = chain.iter().filter_map(|error| place(error, engine)).collect();
    let finding = match places.pop() {
        Some(place) => finding.at(place, ""),
        None => finding,
    };
    places.dedup();
    places.into_iter().rev().fold(finding, |finding, place| finding.also(place, "while doing this"))
}

/// The finding for an error of syntax, whose range is that of the file itself.
pub(super) fn syntax(error: &Error, source: &Source) -> Diagnostic {
    let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let end = source.text().trim_end().len();
    let range = error.range().unwrap_or(end..end);
    if detail.ends_with("expected end of block") && detail.starts_with("unexpected end of input") {
        return Diagnostic::error(Code::TemplateSyntax, "a `{% … %}` block is not closed")
            .at(source.place(range.start, range.end), "the template ends here")
            .hint("close each block: `{% if … %}` with `{% endif %}`, `{% for … %}` with `{% endfor %}`");
    }
    Diagnostic::error(Code::TemplateSyntax, format!("not a template: {detail}"))
        .at(source.place(range.start, range.end), "")
        .hint("templates are written in Jinja: `{{ value }}`, `{% if … %} … {% endif %}`")
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

fn place(error: &Error, engine: &Engine) -> Option<Place> {
    let loaded = engine.templates.get(error.name()?)?;
    let range = loaded.prepared.original(&error.range()?);
    let text = loaded.source.text().get(range.clone()).unwrap_or_default();
    let begin = range.start + (text.len() - text.trim_start().len());
    let end = range.start + text.trim_end().len();
    Some(loaded.source.place(begin, end.max(begin)))
}

fn explained(error: &Error, engine: &Engine, run: Option<&Run>) -> Diagnostic {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError => undefined(detail, run),
        ErrorKind::UnknownFilter => unknown("filter", detail, &filters::NAMES),
        ErrorKind::UnknownFunction => unknown("function", detail, &filters::FUNCTIONS),
        ErrorKind::TemplateNotFound => not_found(error, engine),
        ErrorKind::OutOfFuel => {
            let message = "the template does more work or prints more text than jibe allows";
            Diagnostic::error(Code::TemplateLimit, message)
                .hint("look for a loop that does not end or a text that doubles; split large output over several templates")
        }
        kind => {
            let message = if detail.is_empty() { kind.to_string() } else { detail.to_owned() };
            if message.contains("` is undefined") {
                return undefined(detail, run);
            }
            Diagnostic::error(Code::TemplateFailed, message)
                .hint("correct the expression, or the value that it is given")
        }
    }
}

/// The first name in backticks.
fn quoted_name(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

/// A value that nobody set.
fn undefined(detail: &str, run: Option<&Run>) -> Diagnostic {
    let written = quoted_name(detail).unwrap_or("a value");
    let last = written.rsplit(['.', '[']).next().unwrap_or_default().trim_matches(['"', ']']);
    let log = run.map(Run::log);
    let miss = log.as_ref().and_then(|log| log.miss()).filter(|miss| miss.key == last);
    let Some((miss, run)) = miss.zip(run) else { return unknown_name(written) };
    let path = miss.path.join(last.into()).shown();
    let message = match path == written {
        true => format!("`{path}` is not set"),
        false => format!("`{path}` is not set (`{written}` in the template)"),
    };
    let finding = Diagnostic::error(Code::TemplateUndefined, message);
    if let Some((key, read)) = read_as_boolean(miss, last) {
        return finding
            .also(key.place, format!("YAML reads this key as `{read}`"))
            .hint(format!("put the key in quotes: \"{last}\""));
    }
    let hidden = run.hidden.get_key_value(last).filter(|_| miss.path.shown() == "values");
    if let Some((key, _)) = hidden {
        return finding
            .also(key.place, "set here, but for all charts, and this one does not declare it")
            .hint(format!("declare it in `{}`: `{last}: null`", run.chart.values_file));
    }
    let keys = miss.map.as_map().into_iter().flat_map(|map| map.keys()).map(|key| &*key.name);
    let near = nearest(last, keys);
    let parent = miss.path.shown();
    let finding = match near.and_then(|near| miss.map.as_map()?.get_key_value(near)) {
        Some((key, _)) => finding
            .also(key.place, "this one is set")
            .hint(format!("did you mean `{}`?", miss.path.join(key.name.clone()).shown())),
        None if parent != "values" => {
            finding.also(miss.map.place, format!("`{parent}` is set here"))
        }
        None => finding,
    };
    let dotted = path.strip_prefix("values.").unwrap_or(&path);
    finding.hint(format!(
        "set `{dotted}` in `{}`, or give it a default here: `{written} | default(…)`",
        run.chart.values_file
    ))
}

/// The key that was written as `name`, but that YAML takes for a boolean.
fn read_as_boolean<'m>(miss: &'m Miss, name: &str) -> Option<(&'m Key, &'m str)> {
    let mut keys = miss.map.as_map()?.keys();
    let written = |key: &&Key| key.written.as_ref().is_some_and(|scalar| &*scalar.text == name);
    keys.find(written).map(|key| (key, &*key.name))
}

fn unknown_name(written: &str) -> Diagnostic {
    let first = written.split(['.', '[']).next().unwrap_or(written);
    let finding = Diagnostic::error(Code::TemplateUndefined, format!("`{written}` is not defined"));
    let names = scope::NAMES.iter().chain(&["omit", "loop", "range"]).copied();
    let helm = match first {
        "Values" => Some("values"),
        "Release" => Some("target"),
        "Chart" => Some("chart"),
        "Capabilities" => Some("cluster"),
        "Files" => Some("files"),
        _ => nearest(first, names.clone()),
    };
    if scope::NAMES.contains(&first) && first != written {
        return finding.hint(members(first));
    }
    match helm {
        Some(name) => finding.hint(format!("did you mean `{name}`?")),
        None => finding.hint("templates know `values`, `target`, `chart`, `cluster`, `files` and what they set or import themselves"),
    }
}

fn members(name: &str) -> String {
    match name {
        "target" => "`target` has `env`, `namespace`, `service` and `labels`".to_owned(),
        "chart" => "`chart` has `name` and `version`".to_owned(),
        "cluster" => "`cluster` has `version` and `serves(\"apps/v1\", \"Deployment\")`".to_owned(),
        _ => "`files` has `get(name)`, `glob(pattern)`, `names(pattern)` and `exists(name)`"
            .to_owned(),
    }
}

fn unknown(what: &str, detail: &str, known: &[&str]) -> Diagnostic {
    let words: Vec<&str> = detail.split_whitespace().collect();
    let name = words.iter().rev().nth(2).copied().unwrap_or(detail).trim_matches('`');
    let finding = Diagnostic::error(Code::TemplateSyntax, format!("there is no {what} `{name}`"));
    if let Some(reason) = filters::left_out(name) {
        return finding.hint(reason);
    }
    match filters::renamed(name).or_else(|| nearest(name, known.iter().copied())) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(format!("the {what}s are: {}", known.join(", "))),
    }
}

fn not_found(error: &Error, engine: &Engine) -> Diagnostic {
    let detail = error.detail().unwrap_or_default();
    let name = detail.split(['"', '\'']).nth(1).unwrap_or(detail);
    // Inside of a library its own files are called by their plain names.
    let prefix = error.name().and_then(|name| engine.templates.get(name));
    let prefix = prefix.map_or("", |loaded| loaded.prefix.as_str());
    let name = name.strip_prefix(prefix).unwrap_or(name);
    let finding = Diagnostic::error(Code::TemplateFailed, format!("there is no template `{name}`"));
    let known = engine.templates.keys().filter_map(|name| name.strip_prefix(prefix));
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
