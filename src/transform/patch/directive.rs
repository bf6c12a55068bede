//! `$patch`, by which a merge patch says what becomes of the map or list that it stands in.

use crate::transform::Fault;
use crate::transform::scalar::text_of;
use crate::yaml::{Data, Node};
use std::sync::Arc;

const HINT: &str = "write one of them, or remove the field";

/// The key by which a map or list says what becomes of it.
pub(super) const DIRECTIVE: &str = "$patch";

/// What a `$patch` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Directive {
    /// What is said of all that says nothing.
    Merge,
    Replace,
    Delete,
}

impl Directive {
    /// What a map or list says of itself; that is removed from it.
    ///
    /// A list says it by an element that holds nothing else.
    pub(super) fn take(node: &mut Node) -> Result<Self, Fault> {
        match &mut node.data {
            Data::Scalar(_) => Ok(Self::Merge),
            Data::Map(map) => {
                let Some(said) = map.get(DIRECTIVE) else { return Ok(Self::Merge) };
                let directive = Self::of(said)?;
                Arc::make_mut(map).shift_remove(DIRECTIVE);
                Ok(directive)
            }
            Data::List(items) => {
                let first = items.iter().find(|item| item.get(DIRECTIVE).is_some());
                let alone = first.filter(|item| item.as_map().is_some_and(|map| map.len() == 1));
                let Some(said) = alone.and_then(|item| item.get(DIRECTIVE)) else {
                    return Ok(Self::Merge);
                };
                let (directive, word) = (Self::of(said)?, text_of(said).to_owned());
                Arc::make_mut(items).retain(|item| !is_empty(item) && !says(item, &word));
                Ok(directive)
            }
        }
    }

    fn of(said: &Node) -> Result<Self, Fault> {
        match text_of(said) {
            "merge" => Ok(Self::Merge),
            "replace" => Ok(Self::Replace),
            "delete" => Ok(Self::Delete),
            other => {
                let message = format!("`$patch` is `delete`, `replace` or `merge`, not `{other}`");
                Err(Fault { message, place: said.place, hint: HINT })
            }
        }
    }
}

/// Whether the `$patch` of an element is that word; such elements go with the one that holds nothing else.
fn says(item: &Node, word: &str) -> bool {
    item.get(DIRECTIVE).is_some_and(|said| text_of(said) == word)
}

/// Whether it is null or a map without entries.
pub(super) fn is_empty(node: &Node) -> bool {
    node.is_null() || node.as_map().is_some_and(indexmap::IndexMap::is_empty)
}
