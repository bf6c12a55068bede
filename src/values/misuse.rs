//! What a layer says about lists that merge, before it is merged: each item can be told from the
//! others, and `$patch` stands where it means something.

mod reached;

use super::keyed::{self, Identity, PATCH};
use super::lists::{At, Rule};
use super::merge::is_known;
use super::schema::Parts;
use super::{Edit, Known, Layer, Reach, Step, Values, is_reference};
use crate::diag::{Code, Diagnostic, IN_QUOTES, Reported, Sink};
use crate::yaml::{Data, Key, Map, NOT_FINITE, Node, key_text};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// Checks each layer of a chart by itself against the lists that its schema has; the first one holds
/// the defaults.
///
/// Top-level keys that are hidden from the chart are left alone.
///
/// # Errors
/// When an item of a list that merges has no key or the key of another one, `$patch` stands anywhere
/// else or is no `delete`, or an argument names an item of a list that has no keys; everything found
/// is reported. Failing that, when an argument leaves an item without its key or with that of another
/// one, or counts items that are not there.
pub fn check(layers: &[Layer], known: &Known, sink: &mut Sink) -> Result<(), Reported> {
    let mut found = Vec::new();
    for layer in layers {
        let is_shared = layer.reach == Reach::Shared;
        let is_hidden = |key: &str| is_shared && !is_known(key, layers, known);
        let patches = layer.rarities.patches;
        if known.lists().is_none() && !patches && layer.set.is_none() {
            continue;
        }
        let schema = known.schema();
        found.extend(layer.unfit(known).into_iter().map(|place| {
            Diagnostic::error(Code::ValuesArgument, NOT_FINITE).at(place, "").hint(IN_QUOTES)
        }));
        let mut checker =
            Checker { path: Vec::new(), patches, schema, is_hidden: &is_hidden, found };
        for edit in &layer.edits {
            checker.path.clear();
            checker.edit(edit, known.lists());
        }
        found = checker.found;
    }
    if found.is_empty() {
        found.extend(reached::first_fault(layers, known));
    }
    let told = found.into_iter().map(|finding| sink.error(finding));
    told.last().map_or(Ok(()), Err)
}

/// Checks the lists that merge of values whose references are resolved: a reference may stand for items
/// that cannot be told apart.
///
/// # Errors
/// As [`check`]; everything found is reported.
pub fn check_resolved(values: &Values, sink: &mut Sink) -> Result<(), Reported> {
    let Some(lists) = values.lists.as_deref().filter(|_| !values.references.is_empty()) else {
        return Ok(());
    };
    let mut checker = Checker {
        path: Vec::new(),
        patches: false,
        schema: None,
        is_hidden: &|_| false,
        found: Vec::new(),
    };
    checker.node(&values.root, lists.root());
    let told = checker.found.into_iter().map(|finding| sink.error(finding));
    told.last().map_or(Ok(()), Err)
}

struct Checker<'l> {
    /// The steps from the root, as a user would write them.
    path: Vec<String>,
    /// Whether `$patch` is anywhere in the layer.
    patches: bool,
    /// What the chart's schema says of the values.
    schema: Option<&'l serde_json::Value>,
    is_hidden: &'l dyn Fn(&str) -> bool,
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn edit(&mut self, edit: &Edit, root: Option<At<'_>>) {
        let mut at = root;
        for step in &edit.path {
            match step {
                Step::Key(key) if *key.name == *PATCH => {
                    let message = format!("`{PATCH}` means nothing in the path of an argument");
                    let hint = "`null` deletes what the path leads to, a key or an item such as `env[name=LOG]`";
                    let finding = Diagnostic::error(Code::ValuesPatch, message);
                    self.found.push(finding.at(key.place, "").hint(hint));
                    return;
                }
                Step::Key(key) if matches!(at.and_then(At::rule), Some(Rule::Keyed(_))) => {
                    self.key_of_a_list(edit, key, at.and_then(At::rule));
                    return;
                }
                Step::Key(key) => {
                    at = at.and_then(|at| at.key(&key.name));
                    self.path.push(key_text(&key.name).into_owned());
                }
                Step::Index(index) => {
                    at = at.and_then(At::items);
                    self.path.push(format!("[{index}]"));
                }
                Step::Item(wanted) => {
                    self.item_step(wanted, at.and_then(At::rule));
                    at = at.and_then(At::items);
                    self.path.push(selector(wanted.iter().map(|(key, value)| (&*key.name, value))));
                }
            }
        }
        self.node(&edit.node, at);
    }

    /// A step of an argument that names a key where a list of items stands.
    fn key_of_a_list(&mut self, edit: &Edit, key: &Key, rule: Option<&Rule>) {
        let Some(Rule::Keyed(names)) = rule else { return };
        let list = self.shown();
        let value = |at: usize| if at == 0 { &*key.name } else { "…" };
        let keys = names.iter().enumerate().map(|(at, name)| format!("{name}={}", value(at)));
        let keys = keys.collect::<Vec<_>>().join(",");
        let is_last = edit.path.len() == self.path.len() + 1;
        let below = match self.schema.filter(|_| is_last) {
            Some(schema) => value_of_items(schema, &edit.path, names),
            None => None,
        };
        let below = below.unwrap_or("…");
        let message = format!("`{list}` is a list, which has no key `{}`", key.name);
        let hint = format!("name the item by its key: `{list}[{keys}].{below}=…`");
        let finding = Diagnostic::error(Code::ValuesArgument, message).at(key.place, "");
        // What is set behind it may be secret, and nobody knows in which item.
        self.found.push(finding.without_excerpts().hint(hint));
    }

    /// A step of an argument that names an item by its keys.
    fn item_step(&mut self, wanted: &[(Key, Node)], rule: Option<&Rule>) {
        let list = self.shown();
        let place = wanted.first().map(|(key, _)| key.place);
        let (message, hint) = match rule {
            Some(Rule::Keyed(keys)) => {
                let has = |key: &Arc<str>| wanted.iter().any(|(name, _)| *name.name == **key);
                if wanted.len() == keys.len() && keys.iter().all(has) {
                    return;
                }
                let names = keys.iter().map(|key| format!("{key}=…")).collect::<Vec<_>>().join(",");
                (
                    format!("the items of `{list}` are told apart by {}", named(keys)),
                    format!("write `{list}[{names}]`"),
                )
            }
            _ => (
                format!("the items of `{list}` have no key by which one could be named"),
                "name it by its position, such as `[0]`; lists with `x-kubernetes-list-type: map` in the chart's values.schema.json have keys".to_owned(),
            ),
        };
        let finding = Diagnostic::error(Code::ValuesArgument, message).hint(hint);
        self.found.push(match place {
            Some(place) => finding.at(place, ""),
            None => finding,
        });
    }

    fn node(&mut self, node: &Node, at: Option<At<'_>>) {
        if at.is_none() && !self.patches {
            return;
        }
        match &node.data {
            Data::Scalar(_) => {}
            Data::Map(map) => {
                self.refuse_patch(map);
                self.entries(map, at);
            }
            Data::List(items) => match at.and_then(At::rule) {
                Some(rule) => self.merging(items, rule, at),
                None => self.items(items, at),
            },
        }
    }

    fn entries(&mut self, map: &Map, at: Option<At<'_>>) {
        for (key, node) in map.iter().filter(|(_, node)| node.as_scalar().is_none()) {
            let below = at.and_then(|at| at.key(&key.name));
            let is_hidden = self.path.is_empty() && (self.is_hidden)(&key.name);
            if !is_hidden && (below.is_some() || self.patches) {
                self.path.push(key_text(&key.name).into_owned());
                self.node(node, below);
                self.path.pop();
            }
        }
    }

    fn items(&mut self, items: &[Node], at: Option<At<'_>>) {
        for (index, item) in items.iter().enumerate() {
            self.path.push(format!("[{index}]"));
            self.node(item, at.and_then(At::items));
            self.path.pop();
        }
    }

    /// The items of a list that merges.
    fn merging(&mut self, items: &[Node], rule: &Rule, at: Option<At<'_>>) {
        let mut known: BTreeMap<Identity<'_>, &Node> = BTreeMap::new();
        for (index, item) in items.iter().enumerate() {
            let Some(identity) = Identity::of(item, rule) else {
                self.found.push(without_key(&self.shown(), item, rule));
                continue;
            };
            match known.get(&identity) {
                Some(first) => self.found.push(twice(&self.shown(), first, item, rule)),
                None => drop(known.insert(identity, item)),
            }
            let Data::Map(map) = &item.data else { continue };
            self.path.push(shown_item(item, rule).unwrap_or_else(|| format!("[{index}]")));
            match map.get_key_value(PATCH) {
                Some(_) if keyed::takes_out(item) => self.more_than_keys(map, rule),
                Some((key, node)) => self.other_patch(key, node),
                None => {}
            }
            self.entries(map, at.and_then(At::items));
            self.path.pop();
        }
    }

    /// A `$patch` of an item that does not take it out.
    fn other_patch(&mut self, key: &Key, node: &Node) {
        let found = match node.as_scalar() {
            Some(scalar) => format!("`{}`", scalar.text),
            None => node.kind().to_owned(),
        };
        let item = self.shown();
        let message = format!("`{PATCH}` in `{item}` is {found}, but knows only `delete`");
        let hint = "write `$patch: delete` to take the item out, or remove the line: items of this list merge anyway";
        let finding = Diagnostic::error(Code::ValuesPatch, message).at(key.place, "");
        self.found.push(finding.hint(hint));
    }

    /// What an item that takes another one out says besides, which nobody would ever see.
    fn more_than_keys(&mut self, map: &Map, rule: &Rule) {
        let Rule::Keyed(keys) = rule else { return };
        let is_more =
            |key: &&Key| *key.name != *PATCH && !keys.iter().any(|wanted| **wanted == *key.name);
        let item = self.shown();
        for key in map.keys().filter(is_more) {
            let name = &key.name;
            let message = format!("`{PATCH}: delete` takes `{item}` out, so its `{name}` is lost");
            let hint = format!(
                "remove `{name}`; to change the item remove `{PATCH}: delete`, since items of this list merge"
            );
            let finding = Diagnostic::error(Code::ValuesPatch, message).at(key.place, "");
            self.found.push(finding.hint(hint));
        }
    }

    fn refuse_patch(&mut self, map: &Map) {
        let Some((key, _)) = map.get_key_value(PATCH) else { return };
        let path = self.shown();
        let message = match path.is_empty() {
            true => format!("`{PATCH}` means nothing here"),
            false => format!("`{PATCH}` means nothing in `{path}`"),
        };
        let hint = "a key is deleted by setting it to null; `$patch: delete` takes an item out of a list that has `x-kubernetes-list-type: map` in the chart's values.schema.json";
        self.found.push(Diagnostic::error(Code::ValuesPatch, message).at(key.place, "").hint(hint));
    }

    fn shown(&self) -> String {
        joined(&self.path)
    }
}

/// Steps as one path, as a user would write it.
fn joined(steps: &[String]) -> String {
    let mut shown = String::new();
    for step in steps {
        let dot = if shown.is_empty() || step.starts_with('[') { "" } else { "." };
        write!(shown, "{dot}{step}").expect("a string takes any text");
    }
    shown
}

/// `[name=LOG]`
fn selector<'n>(pairs: impl Iterator<Item = (&'n str, &'n Node)>) -> String {
    let text = |node: &Node| node.as_scalar().map(|scalar| scalar.text.to_string());
    let pairs = pairs.map(|(key, value)| format!("{key}={}", text(value).unwrap_or_default()));
    format!("[{}]", pairs.collect::<Vec<_>>().join(","))
}

/// What the items of a list have besides the keys that tell them apart: `value`, or the only key.
fn value_of_items<'s>(
    schema: &'s serde_json::Value,
    path: &[Step],
    keys: &[Arc<str>],
) -> Option<&'s str> {
    let (_, list) = path.split_last()?;
    let list = list.iter().fold(Parts::root(schema), |parts, step| match step {
        Step::Key(key) => parts.key(&key.name),
        Step::Index(_) | Step::Item(_) => parts.items(),
    });
    let mut names = list.items().names();
    names.retain(|name| !keys.iter().any(|key| **key == **name));
    let only = (names.len() == 1).then(|| names.first().copied()).flatten();
    names.get("value").copied().or(only)
}

/// How a path names an item: `[name=LOG]`, or what it is in a set.
fn shown_item(item: &Node, rule: &Rule) -> Option<String> {
    let Rule::Keyed(keys) = rule else { return None };
    let pairs = keys.iter().map(|key| Some((&**key, item.get(key)?)));
    pairs.collect::<Option<Vec<_>>>().map(|pairs| selector(pairs.into_iter()))
}

fn named(keys: &[Arc<str>]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(" and ")
}

fn without_key(list: &str, item: &Node, rule: &Rule) -> Diagnostic {
    let finding = |message| Diagnostic::error(Code::ValuesListItem, message).at(item.place, "");
    let Rule::Keyed(keys) = rule else {
        let message = format!("`{list}` is a set of plain values, but this is {}", item.kind());
        return finding(message).hint("write a string, number or boolean; the chart's values.schema.json says `x-kubernetes-list-type: set`");
    };
    let lacking: Vec<_> =
        keys.iter().filter(|key| keyed::key_of(item, key).is_none()).cloned().collect();
    let why = "the chart's values.schema.json says that this list merges by it: `x-kubernetes-list-map-keys`";
    let refers = |key: &Arc<str>| item.get(key).and_then(Node::as_scalar).is_some_and(is_reference);
    match item.as_map() {
        None if item.as_scalar().is_some_and(is_reference) => {
            let message = format!(
                "an item of `{list}` is a reference as a whole, but items merge by {} before references are resolved",
                named(keys)
            );
            finding(message).hint(format!(
                "write the item out, `{}: …`, with references for its other values; or make the list one reference, `!tpl \"{{{{ values.… }}}}\"`",
                keys[0]
            ))
        }
        None => {
            finding(format!("`{list}` has items with {}, but this is {}", named(keys), item.kind()))
                .hint(format!("write an item such as `{}: …`; {why}", keys[0]))
        }
        Some(_) if lacking.iter().any(refers) => {
            let message = format!(
                "{} of an item of `{list}` is a reference, but lists merge before references are resolved",
                named(&lacking)
            );
            finding(message).hint("write the value itself")
        }
        Some(map) => match lacking.iter().find_map(|key| Some((key, compound(map, key)?))) {
            Some((key, value)) => {
                let message = format!("`{key}` of an item of `{list}` is {}", value.kind());
                Diagnostic::error(Code::ValuesListItem, message)
                    .at(value.place, "")
                    .hint(format!("write a string, number or boolean; {why}"))
            }
            None => finding(format!("this item of `{list}` has no {}", named(&lacking)))
                .hint(format!("give it one; {why}")),
        },
    }
}

/// The list or map under a key.
fn compound<'n>(map: &'n Map, key: &str) -> Option<&'n Node> {
    map.get(key).filter(|value| value.as_scalar().is_none())
}

fn twice(list: &str, first: &Node, second: &Node, rule: &Rule) -> Diagnostic {
    let (message, hint) = match shown_item(second, rule) {
        Some(item) => (
            format!("`{list}{item}` stands here a second time"),
            "make one item of the two, or remove one",
        ),
        None => {
            let text = second.as_scalar().map(|scalar| scalar.text.to_string());
            let message =
                format!("`{}` stands in `{list}` a second time", text.unwrap_or_default());
            (
                message,
                "remove one of the two: the chart's values.schema.json says that this list is a set",
            )
        }
    };
    let finding = Diagnostic::error(Code::ValuesListItem, message).at(second.place, "");
    match first.place == second.place {
        true => finding.hint("let what the reference gives hold each item once"),
        false => finding.also(first.place, "first here").hint(hint),
    }
}

#[cfg(test)]
mod tests;
