//! What is said about names and values that are not there.

use super::{About, Site};
use crate::diag::{Code, Diagnostic, nearest};
use crate::render::reads::Miss;
use crate::render::scope;
use crate::yaml::{Key, Node};

/// The first name in backticks.
fn quoted_name(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

/// A value that nobody set.
pub(super) fn undefined(
    detail: &str,
    about: Option<About<'_>>,
    site: Option<&Site<'_>>,
) -> Diagnostic {
    let Some(written) = quoted_name(detail) else { return unnamed(about, site) };
    let last = written.rsplit(['.', '[']).next().unwrap_or_default().trim_matches(['"', ']']);
    let log = about.map(|about| about.run.log());
    let miss = log.as_ref().and_then(|log| log.miss()).filter(|miss| miss.key == last);
    match miss.zip(about) {
        Some((miss, about)) => not_set(written, miss, about),
        None => site
            .and_then(|site| super::calls::missing_argument(site, written))
            .unwrap_or_else(|| unknown_name(written)),
    }
}

/// An undefined value that the engine has no name for: an argument of a filter, or of a macro.
fn unnamed(about: Option<About<'_>>, site: Option<&Site<'_>>) -> Diagnostic {
    let words = site.map(Site::words).unwrap_or_default();
    let log = about.map(|about| about.run.log());
    let miss = log.as_ref().and_then(|log| log.miss());
    let asked = miss.filter(|miss| words.iter().any(|word| word.text == miss.key));
    if let Some((miss, about)) = asked.zip(about) {
        return not_set(&miss.path.join(miss.key.as_str().into()).shown(), miss, about);
    }
    site.and_then(|site| super::calls::missing_argument(site, "")).unwrap_or_else(|| {
        let message = "the value that is worked on here is not defined";
        Diagnostic::error(Code::TemplateUndefined, message)
            .hint("set it, or give it a default: `… | default(…)`")
    })
}

fn not_set(written: &str, miss: &Miss, about: About<'_>) -> Diagnostic {
    let last = miss.key.as_str();
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
    let values_file = &about.run.chart.values_file;
    let hidden = about.run.hidden.get_key_value(last).filter(|_| miss.path.shown() == "values");
    if let Some((key, _)) = hidden {
        return finding
            .also(key.place, "set here, but for all charts, and this one does not declare it")
            .hint(format!("declare it in `{values_file}`: `{last}: null`"));
    }
    if let Some((layer, node)) = deleted(miss, about) {
        return finding.also(node.place, format!("{layer} deletes it here")).hint(format!(
            "remove that line or write a value there; or give it a default here: `{written} | default(…)`"
        ));
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
        "set `{dotted}` in `{values_file}`, or give it a default here: `{written} | default(…)`"
    ))
}

/// The layer whose `null` deleted a value that a weaker one set, and that null.
fn deleted<'v>(miss: &Miss, about: About<'v>) -> Option<(&'v str, &'v Node)> {
    let mut keys = miss.path.keys();
    keys.push(miss.key.clone());
    let path: Vec<&str> = keys.iter().map(String::as_str).collect();
    let last = about.values.history(&path).pop()?;
    let is_null =
        last.node.as_scalar().is_some_and(|scalar| scalar.value == crate::yaml::Value::Null);
    is_null.then_some((last.layer, last.node))
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
        "if" | "range" | "with" | "end" | "else" if first != "range" || written != first => {
            return finding.hint(super::syntax::TAGS_OF_HELM);
        }
        "loop" => return finding.hint("`loop` is there within a `for` only"),
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
