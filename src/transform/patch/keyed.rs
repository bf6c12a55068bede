//! Merges a list by all of its keys, as the API server does.
//!
//! Elements of the patch stand in its order. Those of the object that it does not name stay before the one that they stood
//! before, if the patch names that; what is new comes before what it has no order with: `k8s.io/apimachinery`, strategicpatch.

use super::directive::{Directive, is_empty};
use super::keys::{At, Keys};
use super::meaning::Meaning;
use super::strategic::{Inside, Merging, Pair, into_items};
use crate::transform::Fault;
use crate::yaml::Node;
use indexmap::{IndexMap, IndexSet};
use std::collections::BTreeSet;
use std::sync::Arc;

const HINT: &str = "give each element of the patch its own keys";

/// What tells an element from the others: the values of the keys, or the element itself.
type Id = Vec<Option<Meaning>>;

/// The elements of the merged list.
///
/// # Errors
/// When an element of the patch lacks a key, or two of them have the same keys.
pub(super) fn merge(
    list: Node,
    patch: Inside,
    (merging, at): (Merging<'_>, Option<At>),
    keys: &Keys,
) -> Result<Vec<Node>, Fault> {
    let patch = match patch {
        Inside::Nothing => return Ok(into_items(list)),
        Inside::Same => {
            let wrapped = |node| Ok(merging.merge(Pair::Patch(node), at)?.map(|kept| kept.node));
            return into_items(list)
                .into_iter()
                .filter_map(|node| wrapped(node).transpose())
                .collect();
        }
        Inside::Of(patch) => patch,
    };
    let mut base: Vec<Option<Node>> = into_items(list).into_iter().map(Some).collect();
    let named = Named::new(into_items(patch), &base, keys)?;
    let mut merged = Vec::new();
    let mut before = 0;
    for (mut item, old) in named.items {
        let taken = old.and_then(|at| base[at].take());
        if let Some(at) = old {
            let stay = (before..at).filter(|at| !named.olds.contains(at));
            merged.extend(stay.filter_map(|at| base[at].take()));
            before = before.max(at);
        }
        let pair = match (taken, Directive::take(&mut item)?) {
            (_, Directive::Delete) => continue,
            (Some(old), Directive::Merge) => Pair::Both(old, item),
            _ => Pair::Patch(item),
        };
        let kept = merging.merge(pair, at)?;
        merged.extend(kept.map(|kept| kept.node).filter(|node| !is_empty(node)));
    }
    merged.extend(base.into_iter().flatten());
    Ok(merged)
}

/// The elements of a patch.
struct Named {
    /// Each, and where the element stands in the object that it is for.
    items: Vec<(Node, Option<usize>)>,
    /// Where those elements stand.
    olds: BTreeSet<usize>,
}

impl Named {
    fn new(patch: Vec<Node>, base: &[Option<Node>], keys: &Keys) -> Result<Self, Fault> {
        let mut there: IndexMap<Id, usize> = IndexMap::new();
        for (at, item) in base.iter().enumerate() {
            // One without keys is not named by any patch; of twins the first is.
            if let Some(id) = item.as_ref().and_then(|item| id(item, keys).ok()) {
                there.entry(id).or_insert(at);
            }
        }
        let mut seen: IndexSet<Id> = IndexSet::new();
        let mut items = Vec::with_capacity(patch.len());
        for item in patch {
            let id = id(&item, keys).or_else(|lack| singled_out(&item, &there, keys, lack))?;
            let old = there.get(&id).copied();
            if seen.contains(&id) {
                let message = format!("the patch has a second element with {}", named(&id, keys));
                return Err(Fault { message, place: item.place, hint: HINT });
            }
            seen.insert(id);
            items.push((item, old));
        }
        let olds = items.iter().filter_map(|(_, old)| *old).collect();
        Ok(Self { items, olds })
    }
}

/// What tells an element from the others.
fn id(item: &Node, keys: &Keys) -> Result<Id, Fault> {
    if keys.names.is_empty() {
        return Ok(vec![Meaning::of(item)]);
    }
    let value = |key: &Arc<str>| match keys.value(item, key) {
        Some(value) => Ok(Some(value)),
        None => Err(Fault {
            message: format!("the element lacks `{key}`, by which the list is merged"),
            place: item.place,
            hint: HINT,
        }),
    };
    keys.names.iter().map(value).collect()
}

/// Where the first element stands that an element of a patch may mean.
pub(super) fn position(items: &[Node], like: &Node, keys: &Keys) -> Option<usize> {
    if keys.names.is_empty() {
        let like = Meaning::of(like);
        return items.iter().position(|item| Meaning::of(item) == like);
    }
    let given: Vec<_> = keys.names.iter().map(|key| (key, keys.value(like, key))).collect();
    let is_like = |item: &Node| {
        let mut given = given.iter().filter(|(_, wanted)| wanted.is_some());
        given.all(|(key, wanted)| keys.value(item, key) == *wanted)
    };
    items.iter().position(is_like)
}

/// The element that is meant by one that lacks some of its keys, but not the first: the API server merges by that one alone.
fn singled_out(
    item: &Node,
    there: &IndexMap<Id, usize>,
    keys: &Keys,
    lack: Fault,
) -> Result<Id, Fault> {
    let given: Id = keys.names.iter().map(|key| keys.value(item, key)).collect();
    if given.first().is_none_or(Option::is_none) {
        return Err(lack);
    }
    let is_like =
        |id: &&Id| id.iter().zip(&given).all(|(own, given)| given.is_none() || given == own);
    let mut like = there.keys().filter(is_like);
    match (like.next(), like.count()) {
        (None, _) => Err(lack),
        (Some(id), 0) => Ok(id.clone()),
        (Some(_), more) => {
            let lacked = keys.names.iter().zip(&given).find(|(_, given)| given.is_none());
            let lacked = lacked.map_or("", |(key, _)| key);
            let all = more + 1;
            let message = format!("the element lacks `{lacked}`, and {all} elements fit without");
            Err(Fault { message, ..lack })
        }
    }
}

fn named(id: &Id, keys: &Keys) -> String {
    let pairs = keys.names.iter().zip(id.iter().flatten());
    let pairs: Vec<_> = pairs.map(|(key, value)| format!("`{key}: {value}`")).collect();
    pairs.join(" and ")
}
