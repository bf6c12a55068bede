//! Merges a list by all of its keys, as the API server does.
//!
//! Elements of the patch stand in its order. Those of the object that it does not name stay before the one that they stood
//! before, if the patch names that; what is new comes before what it has no order with: `k8s.io/apimachinery`, strategicpatch.

use super::directive::{Directive, is_empty};
use super::keys::At;
use super::strategic::{Inside, Merging, Pair, into_items};
use crate::transform::Fault;
use crate::transform::scalar::text_of;
use crate::yaml::Node;
use indexmap::{IndexMap, IndexSet};
use std::collections::BTreeSet;
use std::sync::Arc;

const HINT: &str = "give each element of the patch its own keys";

/// Keys that are taken for given, and the value that the API server gives them.
const DEFAULTS: &[(&str, &str)] = &[("protocol", "TCP")];

/// The elements of the merged list.
///
/// # Errors
/// When an element of the patch lacks a key, or two of them have the same keys.
pub(super) fn merge(
    list: Node,
    patch: Inside,
    (merging, at): (Merging<'_>, Option<At>),
    keys: &[Arc<str>],
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
    fn new(patch: Vec<Node>, base: &[Option<Node>], keys: &[Arc<str>]) -> Result<Self, Fault> {
        let mut there: IndexMap<Vec<String>, usize> = IndexMap::new();
        for (at, item) in base.iter().enumerate() {
            // One without keys is not named by any patch; of twins the first is.
            if let Some(id) = item.as_ref().and_then(|item| id(item, keys).ok()) {
                there.entry(id).or_insert(at);
            }
        }
        let mut seen: IndexSet<Vec<String>> = IndexSet::new();
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
fn id(item: &Node, keys: &[Arc<str>]) -> Result<Vec<String>, Fault> {
    if keys.is_empty() {
        return Ok(vec![text_of(item).to_owned()]);
    }
    let value = |key: &Arc<str>| {
        value(item, key).map(str::to_owned).ok_or_else(|| Fault {
            message: format!("the element lacks `{key}`, by which the list is merged"),
            place: item.place,
            hint: HINT,
        })
    };
    keys.iter().map(value).collect()
}

/// Where the first element stands that an element of a patch may mean.
pub(super) fn position(items: &[Node], like: &Node, keys: &[Arc<str>]) -> Option<usize> {
    let is_like = |item: &Node| match keys {
        [] => text_of(item) == text_of(like),
        keys => keys
            .iter()
            .all(|key| value(like, key).is_none_or(|wanted| value(item, key) == Some(wanted))),
    };
    items.iter().position(is_like)
}

/// What an element has under a key, or would have.
fn value<'n>(item: &'n Node, key: &Arc<str>) -> Option<&'n str> {
    let own = item.get(key).map(text_of).filter(|text| !text.is_empty());
    own.or_else(|| DEFAULTS.iter().find(|(name, _)| **name == **key).map(|(_, value)| *value))
}

/// The element that is meant by one that lacks some of its keys, but not the first: the API server merges by that one alone.
fn singled_out(
    item: &Node,
    there: &IndexMap<Vec<String>, usize>,
    keys: &[Arc<str>],
    lack: Fault,
) -> Result<Vec<String>, Fault> {
    if keys.first().is_none_or(|first| value(item, first).is_none()) {
        return Err(lack);
    }
    let given: Vec<_> = keys.iter().map(|key| value(item, key)).collect();
    let is_like = |id: &&Vec<String>| {
        id.iter().zip(&given).all(|(own, given)| given.is_none_or(|given| given == own))
    };
    let mut like = there.keys().filter(is_like);
    match (like.next(), like.count()) {
        (None, _) => Err(lack),
        (Some(id), 0) => Ok(id.clone()),
        (Some(_), more) => {
            let lacked = keys.iter().zip(&given).find(|(_, given)| given.is_none());
            let lacked = lacked.map_or("", |(key, _)| key);
            let all = more + 1;
            let message = format!("the element lacks `{lacked}`, and {all} elements fit without");
            Err(Fault { message, ..lack })
        }
    }
}

fn named(id: &[String], keys: &[Arc<str>]) -> String {
    let pairs: Vec<_> =
        keys.iter().zip(id).map(|(key, value)| format!("`{key}: {value}`")).collect();
    pairs.join(" and ")
}
