//! What arguments do to the items of lists that merge, seen in what they change: no two have one key
//! afterwards, and none is empty.

use super::{joined, selector, shown_item, without_key};
use crate::diag::{Code, Diagnostic};
use crate::source::{FileId, Place};
use crate::values::keyed::Identity;
use crate::values::lists::{At, Rule};
use crate::values::merge::{Ground, fold};
use crate::values::{Edit, Known, Layer, Step};
use crate::yaml::{Map, Node, key_text};
use std::collections::BTreeMap;

/// The first thing that is wrong with a list after an argument changed it.
pub(super) fn first_fault(layers: &[Layer], known: &Known) -> Option<Diagnostic> {
    let lists = known.lists()?;
    let reaches = |layer: &Layer| layer.edits.iter().any(|edit| reaches_in(edit, lists));
    let first = layers.iter().position(reaches)?;
    let layers: Vec<_> = layers.iter().map(|layer| layer.fitted(known)).collect();
    let ground = Ground::root(&layers[0], known);
    let empty = Node::map(Map::default(), layers[0].place);
    let mut root = fold(&empty, &layers[..first], ground);
    layers[first..].iter().find_map(|layer| {
        for edit in &layer.edits {
            let place = edit.node.place;
            let fault = merging(&root, &edit.path, lists).find_map(|list| list.past_end(place));
            if fault.is_some() {
                return fault;
            }
            edit.apply(&mut root, ground);
        }
        let mut lists = layer.edits.iter().flat_map(|edit| merging(&root, &edit.path, lists));
        lists.find_map(|list| list.fault(layer.place.file))
    })
}

/// Whether a path names an item of a list that merges.
fn reaches_in(edit: &Edit, lists: At<'_>) -> bool {
    let mut at = Some(lists);
    edit.path.iter().any(|step| match step {
        Step::Key(key) => {
            at = at.and_then(|at| at.key(&key.name));
            false
        }
        Step::Index(_) | Step::Item(_) => {
            let merges = at.and_then(At::rule).is_some();
            at = at.and_then(At::items);
            merges
        }
    })
}

/// A list that merges, on the way of a path.
struct Reached<'n> {
    path: String,
    items: &'n [Node],
    rule: &'n Rule,
    step: &'n Step,
}

/// The lists that merge on the way of a path.
fn merging<'n>(
    root: &'n Node,
    path: &'n [Step],
    lists: At<'n>,
) -> impl Iterator<Item = Reached<'n>> {
    let (mut node, mut at, mut shown) = (Some(root), Some(lists), Vec::new());

    path.iter().filter_map(move |step| {
        let items = node.and_then(Node::as_list).unwrap_or_default();
        let rule = at.and_then(At::rule).filter(|_| !matches!(step, Step::Key(_)));
        let reached = rule.map(|rule| Reached { path: joined(&shown), items, rule, step });
        (node, at) = match step {
            Step::Key(key) => {
                (node.and_then(|node| node.get(&key.name)), at.and_then(|at| at.key(&key.name)))
            }
            Step::Index(index) => (items.get(*index), at.and_then(At::items)),
            Step::Item(wanted) => {
                let item = items.iter().find(|item| Step::is_item(wanted, item));
                (item, at.and_then(At::items))
            }
        };
        shown.push(match step {
            Step::Key(key) => key_text(&key.name).into_owned(),
            Step::Index(index) => format!("[{index}]"),
            Step::Item(wanted) => selector(wanted.iter().map(|(key, value)| (&*key.name, value))),
        });
        reached
    })
}

impl Reached<'_> {
    /// That the path names a place behind the next free one.
    fn past_end(&self, place: Place) -> Option<Diagnostic> {
        let (list, length) = (&self.path, self.items.len());
        let Step::Index(index) = self.step else { return None };
        if *index <= length {
            return None;
        }
        let items = if length == 1 { "item" } else { "items" };
        let message = format!("`{list}[{index}]` is not there: the list has {length} {items}");
        let hint = match self.rule {
            Rule::Keyed(keys) => {
                let keys = keys.iter().map(|key| format!("{key}=…")).collect::<Vec<_>>().join(",");
                format!(
                    "name the item by its key, `{list}[{keys}]`, which adds it if it is not there"
                )
            }
            Rule::Union => format!("add to the list with `{list}[{length}]`"),
        };
        Some(Diagnostic::error(Code::ValuesArgument, message).at(place, "").hint(hint))
    }

    /// That an item has no key, or that of another one.
    fn fault(&self, argument: FileId) -> Option<Diagnostic> {
        let mut known: BTreeMap<Identity<'_>, &Node> = BTreeMap::new();
        self.items.iter().find_map(|item| match Identity::of(item, self.rule) {
            None => Some(without_key(&self.path, item, self.rule)),
            Some(identity) => {
                let other = known.insert(identity, item)?;
                let is_set = other.place.file == argument && item.place.file != argument;
                Some(if is_set { self.second(item, other) } else { self.second(other, item) })
            }
        })
    }

    fn second(&self, first: &Node, second: &Node) -> Diagnostic {
        let list = &self.path;
        let (message, hint) = match shown_item(second, self.rule) {
            Some(item) => (
                format!("this makes two items `{list}{item}`"),
                format!(
                    "set what is in an item by its key: `{list}{item}.…=`; `{list}{item}=null` takes it out"
                ),
            ),
            None => {
                let text = second.as_scalar().map(|scalar| scalar.text.to_string());
                let message =
                    format!("this makes `{}` stand in `{list}` twice", text.unwrap_or_default());
                (
                    message,
                    "set it once: the chart's values.schema.json says that this list is a set"
                        .to_owned(),
                )
            }
        };
        Diagnostic::error(Code::ValuesListItem, message)
            .at(second.place, "")
            .also(first.place, "the other one")
            .hint(hint)
    }
}
