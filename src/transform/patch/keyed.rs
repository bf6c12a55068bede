//! Merges a list by all of its keys, as the API server does.
//!
//! New elements come first, in the order of the patch, as kustomize and the API server have it; those that are there already
//! keep their places.

use super::directive::{Directive, is_empty};
use super::keys::At;
use super::spelling::text;
use super::strategic::{Inside, Merging, Pair};
use crate::transform::Fault;
use crate::yaml::{Data, Node};
use indexmap::IndexMap;
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
    let mut there: IndexMap<Vec<String>, usize> = IndexMap::new();
    for (at, item) in base.iter().enumerate() {
        // One without keys is not named by any patch; of twins the first is.
        if let Some(id) = item.as_ref().and_then(|item| id(item, keys).ok()) {
            there.entry(id).or_insert(at);
        }
    }
    let mut merged = Vec::new();
    let mut seen: IndexMap<Vec<String>, ()> = IndexMap::new();
    for mut item in into_items(patch) {
        let id = id(&item, keys)?;
        let old = there.get(&id).copied();
        if seen.insert(id.clone(), ()).is_some() {
            let message = format!("the patch has a second element with {}", named(&id, keys));
            return Err(Fault { message, place: item.place, hint: HINT });
        }
        let taken = old.and_then(|at| base[at].take());
        let pair = match (taken, Directive::take(&mut item)?) {
            (_, Directive::Delete) => continue,
            (Some(old), Directive::Merge) => Pair::Both(old, item),
            _ => Pair::Patch(item),
        };
        let kept = merging.merge(pair, at)?.map(|kept| kept.node).filter(|node| !is_empty(node));
        match old {
            Some(at) => base[at] = kept,
            None => merged.extend(kept),
        }
    }
    merged.extend(base.into_iter().flatten());
    Ok(merged)
}

/// What tells an element from the others.
fn id(item: &Node, keys: &[Arc<str>]) -> Result<Vec<String>, Fault> {
    if keys.is_empty() {
        return Ok(vec![text(item).to_owned()]);
    }
    let value = |key: &Arc<str>| {
        let own = item.get(key).map(text).filter(|text| !text.is_empty());
        let default = || DEFAULTS.iter().find(|(name, _)| **name == **key).map(|(_, value)| *value);
        own.or_else(default).map(str::to_owned).ok_or_else(|| Fault {
            message: format!("the element lacks `{key}`, by which the list is merged"),
            place: item.place,
            hint: HINT,
        })
    };
    keys.iter().map(value).collect()
}

fn named(id: &[String], keys: &[Arc<str>]) -> String {
    let pairs: Vec<_> =
        keys.iter().zip(id).map(|(key, value)| format!("`{key}: {value}`")).collect();
    pairs.join(" and ")
}

fn into_items(mut list: Node) -> Vec<Node> {
    match &mut list.data {
        Data::List(items) => std::mem::take(Arc::make_mut(items)),
        _ => Vec::new(),
    }
}
