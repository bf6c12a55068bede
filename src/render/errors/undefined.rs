//! What is said about names and values that are not there.

use super::chains::{self, Chain};
use super::{About, Site};
use crate::diag::{Code, Diagnostic, nearest};
use crate::render::reads::{Log, Miss, shown};
use crate::render::trace::Root;
use crate::render::{filters, scope};
use crate::yaml::{Data, Key, Node};

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
    if let Some(finding) = about.and_then(|about| no_part(written, about)) {
        return finding;
    }
    let last = written.rsplit(['.', '[']).next().unwrap_or_default();
    let last = last.trim_matches(['"', '\'', ']']);
    let log = about.map(|about| about.run.log());
    // Of a name that was worked out the engine knows no more; nobody is told one that may be secret.
    let is_made = written.ends_with("[...]");
    let written = if is_made { site.map_or(written, Site::text) } else { written };
    let is_meant = |log: &Log, miss: &Miss| match is_made {
        true => !log.saw_secret() && written.starts_with(&format!("{}[", miss.path.shown())),
        false => miss.key == last,
    };
    let miss = log.as_ref().and_then(|log| log.miss().filter(|miss| is_meant(log, miss)));
    match miss.zip(about) {
        Some((miss, about)) => not_set(written, miss, about),
        None if is_made => of_made_name(written),
        None => site
            .and_then(|site| super::calls::missing_argument(site, written))
            .unwrap_or_else(|| unknown_name(written, about, site)),
    }
}

fn of_made_name(written: &str) -> Diagnostic {
    let message = format!("`{written}` is not there: nothing has the name between the brackets");
    let hint = format!("set it, or give it a default here: `{written} | default(…)`");
    Diagnostic::error(Code::TemplateUndefined, message).hint(hint)
}

/// A step behind the end of a list, or into a value that has no parts.
fn no_part(written: &str, about: About<'_>) -> Option<Diagnostic> {
    let chain = Chain::parse(written)?;
    let keys = match chain.name == Root::Values.name() {
        true => chain.keys,
        false => {
            let log = about.run.log();
            let missed = log.miss().filter(|miss| {
                miss.map.as_list().is_some() && chain.keys.last() == Some(&miss.key)
            });
            match missed {
                Some(miss) => miss.path.join(miss.key.as_str().into()).keys(),
                None => chains::from_last_read(&chain, log.last()?)?,
            }
        }
    };
    let (node, passed) = chains::walk(&about.run.values, &keys);
    let path = shown(Root::Values.name(), &keys[..=passed.min(keys.len().checked_sub(1)?)]);
    let parent = shown(Root::Values.name(), &keys[..passed]);
    let (what, hint) = match &node.data {
        _ if passed == keys.len() => return None,
        Data::Map(_) => return None,
        Data::List(items) => of_list(&parent, items.len(), &keys[passed]),
        Data::Scalar(_) => (
            format!("is {}, which has no parts", node.kind()),
            format!("print `{parent}` itself, or make it a map where it is set"),
        ),
    };
    let message = match path == written {
        true => format!("`{path}` is not there: `{parent}` {what}"),
        false => {
            format!("`{path}` is not there (`{written}` in the template): `{parent}` {what}")
        }
    };
    let finding = Diagnostic::error(Code::TemplateUndefined, message);
    Some(finding.also(node.place, format!("`{parent}` is set here")).hint(hint))
}

/// What is said of a list that was asked for an item it does not have, and the next step.
fn of_list(list: &str, count: usize, asked: &str) -> (String, String) {
    let is_position = asked.bytes().all(|byte| byte.is_ascii_digit());
    match (is_position, count) {
        (_, 0) => (
            "is an empty list".to_owned(),
            format!("add an item where it is set, or ask first: `{{% if {list} %}}`"),
        ),
        (true, _) => {
            let items = if count == 1 { "1 item".to_owned() } else { format!("{count} items") };
            let last = count - 1;
            let hint = format!(
                "positions count from 0, so the last item is `{list}[{last}]`; add items where the list is set"
            );
            (format!("has {items}"), hint)
        }
        (false, _) => (
            "is a list, which has no keys".to_owned(),
            format!(
                "take one item, `{list}[0].{asked}`, or loop over them: `{{% for x in {list} %}}`"
            ),
        ),
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
    let of_nothing = site.and_then(of_nothing);
    of_nothing.or_else(|| super::calls::missing_argument(site?, "")).unwrap_or_else(|| {
        let message = "the value that is worked on here is not defined";
        Diagnostic::error(Code::TemplateUndefined, message)
            .hint("set it, or give it a default: `… | default(…)`")
    })
}

/// What a filter takes out of a list that has nothing in it.
fn of_nothing(site: &Site<'_>) -> Option<Diagnostic> {
    let words = site.words();
    let end = words.partition_point(|word| word.start < site.range.end);
    let [.., pipe, filter] = &words[..end] else { return None };
    let takes = matches!(filter.text, "first" | "last" | "min" | "max");
    (takes && pipe.is_sign("|")).then(|| {
        let message = format!("`{}` finds nothing: what it is given is empty", filter.text);
        let hint = format!("give it a default: `… | {} | default(…)`", filter.text);
        Diagnostic::error(Code::TemplateUndefined, message).hint(hint)
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
    let mut keys = miss.path.keys();
    keys.push(miss.key.clone());
    if let Some((layer, node)) = deleted(&keys, about) {
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
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return finding.hint(format!(
            "`{parent}` is a map, whose parts have names and no positions: `{parent}.name`; `{parent} | items` goes through them"
        ));
    }
    let dotted = path.strip_prefix("values").unwrap_or(&path).trim_start_matches('.');
    finding.hint(format!(
        "set `{dotted}` in `{values_file}`, or give it a default here: `{written} | default(…)`"
    ))
}

/// The layer whose `null` deleted the value at a path, and that null.
pub(super) fn deleted<'v>(keys: &[String], about: About<'v>) -> Option<(&'v str, &'v Node)> {
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

fn unknown_name(written: &str, about: Option<About<'_>>, site: Option<&Site<'_>>) -> Diagnostic {
    let first = written.split(['.', '[']).next().unwrap_or(written);
    let finding = Diagnostic::error(Code::TemplateUndefined, format!("`{written}` is not defined"));
    let helm = match first {
        "Values" => Some("values"),
        "Release" => Some("target"),
        "Chart" => Some("chart"),
        "Capabilities" => Some("cluster"),
        "Files" => Some("files"),
        "if" | "range" | "with" | "end" | "else" if first != "range" || written != first => {
            return finding.hint(super::syntax::TAGS_OF_HELM);
        }
        "loop" if first == written => {
            return finding.hint("`loop` is there within a `for` only");
        }
        _ => nearest(first, scope::NAMES.iter().chain(&["omit", "loop", "range"]).copied()),
    };
    if scope::NAMES.contains(&first) && first != written {
        return finding.hint(members(first));
    }
    if first != written {
        return without_part(written, first, about, site);
    }
    let filter = filters::renamed(first).or_else(|| filters::filters().find(|name| *name == first));
    match (helm, filter) {
        (Some(name), _) => finding.hint(format!("did you mean `{name}`?")),
        (None, Some(filter)) => finding.hint(format!("it is a filter here: `… | {filter}`")),
        (None, None) => finding.hint("templates know `values`, `target`, `chart`, `cluster`, `files` and what they set or import themselves"),
    }
}

/// A name that is known, but that does not have what is asked of it.
fn without_part(
    written: &str,
    first: &str,
    about: Option<About<'_>>,
    site: Option<&Site<'_>>,
) -> Diagnostic {
    let seen = site.map_or(written, Site::text);
    let written = if written.starts_with('(') { seen } else { written };
    let message =
        format!("`{written}` is not there: what stands before its last step has no such part");
    let finding = Diagnostic::error(Code::TemplateUndefined, message);
    let looped = site.and_then(|site| chains::looped(site, first));
    let finding = match looped.zip(about) {
        Some((list, about)) => {
            let (node, passed) = chains::walk(&about.run.values, &list.keys);
            match passed == list.keys.len() {
                true => {
                    finding.also(node.place, format!("`{first}` is an item of `{}`", list.shown()))
                }
                false => finding,
            }
        }
        None => finding,
    };
    finding.hint(format!(
        "add it where it is set, or give it a default here: `{written} | default(…)`"
    ))
}

fn members(name: &str) -> String {
    match name {
        "target" => "`target` has the texts `env`, `namespace` and `service`, and the map `labels`"
            .to_owned(),
        "chart" => "`chart` has `name` and `version`".to_owned(),
        "cluster" => "`cluster` has `version` and `serves(\"apps/v1\", \"Deployment\")`".to_owned(),
        _ => "`files` has `get(name)`, `glob(pattern)`, `names(pattern)` and `exists(name)`"
            .to_owned(),
    }
}
