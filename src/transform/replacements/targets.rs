//! The fields that a target's path leads to, made on the way where that is wanted.

use super::lookup::{Nowhere, Seg, items};
use super::path::{Items, Step};
use crate::source::Place;
use crate::transform::Fault;
use crate::transform::scalar::{Lasting, is_untagged, new_key, open, scalar as plain_scalar};
use crate::yaml::{self, Data, Key, Map, Node, Style};
use std::sync::Arc;

/// What a field that is missing becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Make {
    /// Nothing: it must be there.
    Nothing,
    /// A scalar without text.
    Scalar,
    /// An empty list.
    List,
    /// An empty map.
    Map,
}

/// Where a path leads.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The ways to nodes that are there now.
    pub(super) trails: Vec<Vec<Seg>>,
    /// How many fields would be made below null, where kustomize makes them, but prints null.
    pub(super) below_null: usize,
    /// Why the last part of the path led nowhere.
    pub(super) nowhere: Option<Nowhere>,
}

/// Follows the steps of a path from a node.
///
/// # Errors
/// When something on the way is no list or map as the path says, or a list is too short.
pub(super) fn find(root: &mut Node, steps: &[Step], make: Make) -> Result<Found, Nowhere> {
    let mut walk = Walk { make, trail: Vec::new(), found: Found::default() };
    walk.on(root, steps)?;
    Ok(walk.found)
}

struct Walk {
    make: Make,
    trail: Vec<Seg>,
    found: Found,
}

impl Walk {
    fn on(&mut self, node: &mut Node, steps: &[Step]) -> Result<(), Nowhere> {
        let Some((step, rest)) = steps.split_first() else {
            self.found.trails.push(self.trail.clone());
            return Ok(());
        };
        match step {
            Step::Field(name) => self.field(node, name, rest),
            Step::Index(index) => self.index(node, *index, rest),
            Step::Every => self.every(node, rest),
            Step::Items(wanted) => self.matching(node, wanted, rest),
        }
    }

    fn count(&self) -> usize {
        self.found.trails.len() + self.found.below_null
    }

    fn into(&mut self, node: &mut Node, seg: Seg, rest: &[Step]) -> Result<(), Nowhere> {
        self.trail.push(seg);
        let done = self.on(node, rest);
        self.trail.pop();
        done
    }

    fn at(&mut self, node: &mut Node, index: usize, rest: &[Step]) -> Result<(), Nowhere> {
        let Data::List(items) = &mut node.data else { return Ok(()) };
        match Arc::make_mut(items).get_mut(index) {
            Some(item) => self.into(item, Seg::At(index), rest),
            None => Ok(()),
        }
    }

    /// Whether null stands where something should be made: kustomize hangs it there, and prints null all the same.
    fn is_lost(&mut self, node: &Node) -> bool {
        let is_lost = node.is_null() && self.make != Make::Nothing;
        self.found.below_null += usize::from(is_lost);
        is_lost
    }

    fn field(&mut self, node: &mut Node, name: &Arc<str>, rest: &[Step]) -> Result<(), Nowhere> {
        if name.is_empty() {
            return self.empty_name(node, rest);
        }
        if self.is_lost(node) {
            return Ok(());
        }
        let missing = match node.as_map() {
            None if !node.is_null() => return Err(Nowhere::wrong_kind("a map", node)),
            map => map.is_none_or(|map| !map.contains_key(&**name)),
        };
        if missing && self.make == Make::Nothing {
            self.found.nowhere = Some(Nowhere::no_key(name, node));
            return Ok(());
        }
        let place = node.place;
        let made = self.made(rest.first(), place);
        let map = node.as_map_mut().expect("it is a map, or the field is missing");
        if missing {
            let key = new_key(name, place).map_err(nowhere)?;
            map.insert(key, made);
        }
        let field = map.get_mut(&**name).expect("it is there now");
        self.into(field, Seg::Key(Arc::clone(name)), rest)
    }

    /// A name that is empty means a text that is empty.
    fn empty_name(&mut self, node: &mut Node, rest: &[Step]) -> Result<(), Nowhere> {
        match node.as_scalar() {
            Some(scalar) if scalar.text.is_empty() && !node.is_null() => self.on(node, rest),
            Some(_) => {
                self.found.nowhere = Some(Nowhere::no_key("", node));
                Ok(())
            }
            None => {
                let message = "a name of the path is empty".to_owned();
                Err(Nowhere { message, place: node.place, near: None })
            }
        }
    }

    fn index(&mut self, node: &mut Node, index: usize, rest: &[Step]) -> Result<(), Nowhere> {
        let count = items(node)?.len();
        if count == index && self.make != Make::Nothing {
            if self.is_lost(node) {
                return Ok(());
            }
            let made = self.made(rest.first(), node.place);
            push(node, made);
        } else if count <= index {
            return Err(Nowhere::no_index(index, node));
        }
        self.at(node, index, rest)
    }

    fn every(&mut self, node: &mut Node, rest: &[Step]) -> Result<(), Nowhere> {
        let count = items(node)?.len();
        if count == 0 {
            self.found.nowhere = Some(Nowhere::no_index(0, node));
        }
        (0..count).try_for_each(|index| self.at(node, index, rest))
    }

    fn matching(&mut self, node: &mut Node, wanted: &Items, rest: &[Step]) -> Result<(), Nowhere> {
        let before = self.count();
        for (index, is_meant) in wanted.meant(items(node)?).into_iter().enumerate() {
            if is_meant {
                // Below an item that is a text itself the path ends, whatever comes behind it.
                let rest = if wanted.key.is_some() { rest } else { &[] };
                self.at(node, index, rest)?;
            }
        }
        if self.count() > before || self.is_lost(node) {
            return Ok(());
        }
        if self.make == Make::Nothing {
            let message = format!("no item here matches `{}`", wanted.written());
            self.found.nowhere.get_or_insert(Nowhere { message, place: node.place, near: None });
            return Ok(());
        }
        let item = wanted.item(node)?;
        push(node, item);
        let items = items(node)?;
        let last = items.len() - 1;
        if !wanted.meant(&items[last..])[0] {
            let message =
                format!("an item that `{}` would make does not match it", wanted.written());
            return Err(Nowhere { message, place: node.place, near: None });
        }
        self.at(node, last, if wanted.key.is_some() { rest } else { &[] })
    }

    /// What is made where the next step is to find something.
    fn made(&self, next: Option<&Step>, place: Place) -> Node {
        let data = match (next, self.make) {
            (Some(Step::Items(_) | Step::Index(_)), _) | (None, Make::List) => {
                Data::List(Arc::default())
            }
            (None, Make::Scalar | Make::Nothing) => Data::Scalar(open("", Style::Plain)),
            (Some(Step::Field(name)), Make::Scalar) if name.is_empty() => {
                Data::Scalar(open("", Style::Plain))
            }
            (Some(_), _) | (None, Make::Map) => Data::Map(Arc::default()),
        };
        Node::new(data, place)
    }
}

fn push(list: &mut Node, item: Node) {
    if let Data::List(items) = &mut list.data {
        Arc::make_mut(items).push(item);
    }
}

fn nowhere(fault: Fault) -> Nowhere {
    Nowhere { message: fault.message, place: fault.place, near: None }
}

impl Items {
    /// Which of the items are meant.
    fn meant(&self, items: &[Node]) -> Vec<bool> {
        let is_meant = |item: &Node| match &self.key {
            None => self.pattern.is_match(shown(item).trim()),
            Some(key) => {
                item.get(key).is_some_and(|value| self.pattern.is_match(shown(value).trim()))
            }
        };
        items.iter().map(is_meant).collect()
    }

    /// The item that is made where none is meant.
    fn item(&self, list: &Node) -> Result<Node, Nowhere> {
        let place = list.place;
        let text = Node::new(Data::Scalar(open(&self.text, Style::Plain)), place);
        let Some(key) = &self.key else { return Ok(text) };
        let key: Key = new_key(key, place).map_err(nowhere)?;
        Ok(Node::map(Map::from_iter([(key, text)]), place))
    }

    fn written(&self) -> String {
        format!("[{}={}]", self.key.as_deref().unwrap_or_default(), self.text)
    }
}

/// A value as YAML, by which patterns are matched: a text with quotes has them.
fn shown(node: &Node) -> String {
    let Data::Scalar(scalar) = &node.data else { return yaml::write(node) };
    let stays = || Lasting::of(&plain_scalar(&scalar.text, Style::Plain)) == Lasting::Text;
    match scalar.style {
        Style::Plain if is_untagged(scalar) || stays() => scalar.text.to_string(),
        Style::Single => format!("'{}'", scalar.text.replace('\'', "''")),
        Style::Plain | Style::Double => quoted(&scalar.text),
        Style::Literal | Style::Folded => scalar.text.to_string(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
