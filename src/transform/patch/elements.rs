//! How kustomize merges a list by keys.
//!
//! Elements of the patch come first, in its order, then those of the object that it does not name. What becomes of
//! elements without keys, with some of several keys, or with keys that others have too, follows from how the original
//! finds and removes elements one by one, which is done here in the same steps: source is kustomize's
//! `kyaml/yaml/walk/associative_sequence.go` with `ElementSetter` and `ElementMatcher`, observed through 5.6.0.

use super::directive::{Directive, is_empty};
use super::keys::At;
use super::spelling::reread;
use super::strategic::{From, Inside, Kept, Merging, Pair, into_items};
use crate::source::Place;
use crate::transform::Fault;
use crate::transform::scalar::{is_untagged, new_string, text_of};
use crate::yaml::{Data, Key, Node, Scalar};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const HINT: &str = "give each element its keys, and no two the same";
/// How many elements a list may have that is merged step by step, because its keys do not tell its elements apart.
const MAX_IRREGULAR: usize = 1_000;

/// The elements of both lists; they are known by number, as one can stand in several lists.
pub(super) struct Elements {
    all: Vec<Node>,
    base: Vec<usize>,
    /// The patch's list; none if it has none, or if it is the object's.
    patch: Option<Vec<usize>>,
    is_same: bool,
    merged: Vec<usize>,
    place: Place,
}

/// The names of the keys of elements; scalars have one, whose name is empty.
type Keys<'k> = Vec<&'k str>;

/// Whether all elements have texts as keys, no two the same, so that each can be told from the others.
pub(super) fn are_regular<'n>(
    mut items: impl Iterator<Item = &'n Node>,
    keys: &[Arc<str>],
) -> bool {
    let mut seen = BTreeSet::new();
    items.all(|item| {
        let id = id(item, keys);
        let is_plain = !keys.is_empty() || item.as_scalar().is_some_and(is_untagged);
        is_plain && !id.contains(&"") && seen.insert(id)
    })
}

/// The texts of an element's keys; of a scalar its own.
fn id<'n>(item: &'n Node, keys: &[Arc<str>]) -> Vec<&'n str> {
    match keys {
        [] => vec![text_of(item)],
        _ => keys
            .iter()
            .map(|key| item.get(key).filter(|node| !node.is_null()).map_or("", text_of))
            .collect(),
    }
}

impl Elements {
    /// The elements of a list and of what the patch has for it.
    pub(super) fn new(list: Node, patch: Inside) -> Self {
        let place = list.place;
        let mut all = into_items(list);
        let base = (0..all.len()).collect();
        let is_same = matches!(patch, Inside::Same);
        let patch = match patch {
            Inside::Of(list) => {
                let before = all.len();
                all.extend(into_items(list));
                Some((before..all.len()).collect())
            }
            _ => None,
        };
        Self { all, base, patch, is_same, merged: Vec::new(), place }
    }

    /// The elements of the merged list.
    pub(super) fn merge(
        mut self,
        (merging, at): (Merging<'_>, Option<At>),
        keys: &[Arc<str>],
    ) -> Result<Vec<Node>, Fault> {
        let is_regular =
            |list: &[usize]| are_regular(list.iter().map(|element| &self.all[*element]), keys);
        if is_regular(&self.base) && self.patch.as_deref().is_none_or(is_regular) {
            return self.merge_regular((merging, at), keys);
        }
        let keys: Keys<'_> = match keys {
            [] => vec![""],
            keys => keys.iter().map(|key| &**key).collect(),
        };
        let values = self.values(&keys)?;
        let mut used = keys.clone();
        for index in 0..values.len() {
            let own;
            (used, own) = given(&values, &values[index], &keys);
            self.merge_one(&used, &own, (merging, at))?;
        }
        if values.is_empty() {
            return Ok(self.taken(|elements| &elements.base));
        }
        for element in std::mem::take(&mut self.base) {
            self.append(element, &used)?;
        }
        Ok(self.taken(|elements| &elements.merged))
    }

    /// Merges lists whose keys tell their elements apart.
    ///
    /// With one key, elements of both come in the order of the patch, with several in that of the object.
    fn merge_regular(
        self,
        (merging, at): (Merging<'_>, Option<At>),
        keys: &[Arc<str>],
    ) -> Result<Vec<Node>, Fault> {
        let Self { all, base, patch, is_same, .. } = self;
        let (all, patch) = (&all, patch.unwrap_or_default());
        let index = |list: &[usize]| -> BTreeMap<Vec<&str>, usize> {
            list.iter().map(|element| (id(&all[*element], keys), *element)).collect()
        };
        let (of_base, of_patch) = (index(&base), index(&patch));
        let mut merged = Vec::new();
        let merge = |pair: Pair, old: Option<&Node>| -> Result<Option<Node>, Fault> {
            let kept = merging.merge(pair, at)?.filter(|kept| !is_empty(&kept.node));
            Ok(kept.map(|kept| match (kept.from, old) {
                // The object's element takes its place again.
                (From::Patch, Some(old)) => old.clone(),
                _ if keys.is_empty() => reread(kept.node),
                _ => kept.node,
            }))
        };
        let both = |base: usize, patch: usize| Pair::Both(all[base].clone(), all[patch].clone());
        for element in patch {
            match of_base.get(&id(&all[element], keys)) {
                Some(_) if keys.len() > 1 => {}
                Some(old) => merged.extend(merge(both(*old, element), Some(&all[*old]))?),
                None => merged.extend(merge(Pair::Patch(all[element].clone()), None)?),
            }
        }
        for element in base {
            let node = &all[element];
            match of_patch.get(&id(node, keys)) {
                Some(_) if keys.len() <= 1 => {}
                Some(patch) => merged.extend(merge(both(element, *patch), Some(node))?),
                None if is_same => merged.extend(merge(Pair::Same(node.clone()), None)?),
                None => merged.extend(merge(Pair::Base(node.clone()), None)?),
            }
        }
        Ok(merged)
    }

    fn taken(self, list: impl FnOnce(&Self) -> &Vec<usize>) -> Vec<Node> {
        let order = list(&self).clone();
        let mut all: Vec<_> = self.all.into_iter().map(Some).collect();
        let mut taken: Vec<Node> = Vec::with_capacity(order.len());
        let mut places = BTreeMap::new();
        for index in order {
            match all[index].take() {
                Some(node) => {
                    places.insert(index, taken.len());
                    taken.push(node);
                }
                // It stands in the list more than once.
                None => taken.push(taken[places[&index]].clone()),
            }
        }
        taken
    }

    /// The values of the keys, of the patch's elements first; each once.
    fn values(&self, keys: &[&str]) -> Result<Vec<Vec<String>>, Fault> {
        let mut seen = BTreeSet::new();
        let order = self.patch.iter().flatten().chain(&self.base);
        let of = |element: &usize| -> Vec<String> {
            keys.iter().map(|key| self.value(*element, key)).collect()
        };
        let mut values: Vec<_> =
            order.map(of).filter(|values| seen.insert(values.clone())).collect();
        if self.all.len() > MAX_IRREGULAR {
            let message = format!(
                "a list of more than {MAX_IRREGULAR} elements has some without `{}`, or several with the same",
                keys.join("` or `")
            );
            return Err(Fault { message, place: self.place, hint: HINT });
        }
        if keys.len() > 1 {
            fill_in(&mut values);
        }
        Ok(values)
    }

    /// The text of an element's key; of a scalar its own.
    fn value(&self, element: usize, key: &str) -> String {
        let node = &self.all[element];
        match key {
            "" => text_of(node).to_owned(),
            _ => node.get(key).filter(|node| !node.is_null()).map_or("", text_of).to_owned(),
        }
    }

    /// Merges the elements that have these values.
    fn merge_one(
        &mut self,
        keys: &[&str],
        values: &[String],
        (merging, at): (Merging<'_>, Option<At>),
    ) -> Result<(), Fault> {
        let (by, own) = given(&[values.to_vec()], values, keys);
        let base = self.find(&self.base, &by, &own);
        let patch = match self.is_same {
            true => base,
            false => self.patch.as_ref().and_then(|patch| self.find(patch, &by, &own)),
        };
        let node = |element: usize| self.all[element].clone();
        let pair = match (base, patch) {
            (Some(base), Some(_)) if self.is_same => Pair::Same(node(base)),
            (Some(base), Some(patch)) => Pair::Both(node(base), node(patch)),
            (Some(base), None) => Pair::Base(node(base)),
            (None, Some(patch)) => Pair::Patch(node(patch)),
            (None, None) => Pair::Neither,
        };
        let kept = merging.merge(pair, at)?;
        let element = match &kept {
            Some(Kept { from: From::Base, .. }) => base,
            _ => patch,
        };
        match (kept, element) {
            (Some(Kept { node, .. }), Some(element)) if !is_empty(&node) => {
                self.all[element] = with_keys(node, keys, values);
                return self.put(Some(element), (keys, values));
            }
            (Some(Kept { node, .. }), Some(element)) => self.all[element] = node,
            // Where it is not found by its keys afterwards, it stays without its `$patch`.
            (None, Some(element)) => drop(Directive::take(&mut self.all[element])),
            (_, None) => {}
        }
        self.base = Self::set(&self.all, std::mem::take(&mut self.base), None, (keys, values))?;
        Ok(())
    }

    fn put(&mut self, element: Option<usize>, values: (&[&str], &[String])) -> Result<(), Fault> {
        self.merged = Self::set(&self.all, std::mem::take(&mut self.merged), element, values)?;
        Ok(())
    }

    /// The first element of a list that has these values.
    fn find(&self, list: &[usize], keys: &[&str], values: &[String]) -> Option<usize> {
        list.iter().copied().find(|element| {
            let node = &self.all[*element];
            keys.iter().zip(values).all(|(key, value)| match *key {
                "" => text_of(node) == value,
                key => node.get(key).is_some_and(|node| text_of(node) == value),
            })
        })
    }

    /// A list in which an element takes the place of each that has these values, or stands at the end; without one, they
    /// go. Those that are empty go as well.
    fn set(
        all: &[Node],
        list: Vec<usize>,
        element: Option<usize>,
        (keys, values): (&[&str], &[String]),
    ) -> Result<Vec<usize>, Fault> {
        let wants_maps =
            !keys[0].is_empty() && values.first().is_some_and(|value| !value.is_empty());
        let mut is_there = false;
        let mut kept = Vec::with_capacity(list.len() + 1);
        for old in list {
            let node = &all[old];
            if is_empty(node) {
                continue;
            }
            if node.as_map().is_none() && wants_maps {
                kept.push(old);
            } else if matches(node, keys, values)? {
                is_there = true;
                kept.extend(element);
            } else if !values.is_empty() {
                kept.push(old);
            }
        }
        if let Some(element) = element.filter(|element| !all[*element].is_null())
            && !is_there
        {
            kept.push(element);
        }
        Ok(kept)
    }

    /// Puts an element of the object into the merged list, over the one of its values.
    fn append(&mut self, element: usize, keys: &[&str]) -> Result<(), Fault> {
        if keys[0].is_empty() {
            let value = [text_of(&self.all[element]).to_owned()];
            return self.put(Some(element), (keys, &value));
        }
        let mut values = Vec::new();
        for key in keys {
            let node = &self.all[element];
            if node.as_map().is_none() && !node.is_null() {
                let message = format!("a map is needed here, but this is {}", node.kind());
                return Err(Fault { message, place: node.place, hint: HINT });
            }
            match node.get(key) {
                Some(value) => values.push(text_of(value).to_owned()),
                None => self.merged.push(element),
            }
        }
        if keys.len() > 1 {
            self.put(None, (keys, &values))?;
        }
        self.put(Some(element), (keys, &values))
    }
}

/// Whether an element has these values; an empty one is had by all that have the key.
fn matches(node: &Node, keys: &[&str], values: &[String]) -> Result<bool, Fault> {
    if values.is_empty() {
        return Ok(false);
    }
    for (key, value) in keys.iter().zip(values) {
        let wrong = |wanted: &str| {
            let message = format!("{wanted} is needed here, but this is {}", node.kind());
            Err(Fault { message, place: node.place, hint: HINT })
        };
        let found = match (*key, &node.data) {
            ("", Data::Scalar(_)) => text_of(node) == value,
            ("", _) => return wrong("a scalar"),
            (key, Data::Map(map)) => {
                map.get(key).is_some_and(|own| value.is_empty() || text_of(own) == value)
            }
            _ => return wrong("a map"),
        };
        if !found {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The keys that some of the elements give, and an element's values of them; all of them if none is given.
fn given<'k>(all: &[Vec<String>], values: &[String], keys: &[&'k str]) -> (Keys<'k>, Vec<String>) {
    let is_given: Vec<_> =
        (0..keys.len()).map(|at| all.iter().any(|values| !values[at].is_empty())).collect();
    if !is_given.contains(&true) {
        return (keys.to_vec(), values.to_vec());
    }
    let given = |at: &usize| is_given[*at];
    let chosen: Vec<_> = (0..keys.len()).filter(given).collect();
    (
        chosen.iter().map(|at| keys[*at]).collect(),
        chosen.iter().map(|at| values[*at].clone()).collect(),
    )
}

/// Takes values that differ only where one gives none for the same.
fn fill_in(all: &mut [Vec<String>]) {
    for one in 0..all.len() {
        let values = all[one].clone();
        for other in 0..all.len() {
            if let Some(filled) = filled(&values, &all[other]) {
                all[one].clone_from(&filled);
                all[other] = filled;
            }
        }
    }
}

fn filled(one: &[String], other: &[String]) -> Option<Vec<String>> {
    let differ =
        |(one, other): (&String, &String)| one != other && !one.is_empty() && !other.is_empty();
    let has_common = one.iter().zip(other).any(|(one, other)| one == other);
    if !has_common || one.iter().zip(other).any(differ) {
        return None;
    }
    let either =
        |(one, other): (&String, &String)| if one.is_empty() { other } else { one }.clone();
    Some(one.iter().zip(other).map(either).collect())
}

/// An element with its keys: they are added to a map that lacks them; the one of a scalar is the scalar itself.
fn with_keys(mut node: Node, keys: &[&str], values: &[String]) -> Node {
    for (key, value) in keys.iter().zip(values) {
        if value.is_empty() || node.get(key).is_some() {
            continue;
        }
        let place = node.place;
        match node.as_map_mut() {
            None => node = reread(node),
            Some(map) => {
                let added = Data::Scalar(Scalar { tag: None, ..new_string(value) });
                map.insert(Key::new(*key, place), Node::new(added, place));
            }
        }
    }
    node
}
