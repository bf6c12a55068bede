//! Merges a list by all of its keys, as the API server does.
//!
//! Elements of the patch come first, in its order, then those of the object that it does not name.

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
    let mut base: IndexMap<Vec<String>, Vec<Node>> = IndexMap::new();
    for (at, item) in into_items(list).into_iter().enumerate() {
        // One without keys is not named by any patch.
        let id = id(&item, keys).unwrap_or_else(|_| vec![String::new(), at.to_string()]);
        base.entry(id).or_default().push(item);
    }
    let mut merged = Vec::new();
    let mut seen: IndexMap<Vec<String>, ()> = IndexMap::new();
    for mut item in into_items(patch) {
        let id = id(&item, keys)?;
        if seen.insert(id.clone(), ()).is_some() {
            let message = format!("the patch has a second element with {}", named(&id, keys));
            return Err(Fault { message, place: item.place, hint: HINT });
        }
        let old = base
            .get_mut(&id)
            .and_then(|items| if items.is_empty() { None } else { Some(items.remove(0)) });
        base.shift_remove(&id);
        let pair = match (old, Directive::take(&mut item)?) {
            (_, Directive::Delete) => continue,
            (Some(old), Directive::Merge) => Pair::Both(old, item),
            _ => Pair::Patch(item),
        };
        let kept = merging.merge(pair, at)?;
        merged.extend(kept.map(|kept| kept.node).filter(|node| !is_empty(node)));
    }
    merged.extend(base.into_values().flatten());
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
