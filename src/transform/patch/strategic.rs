//! Strategic merge: a patch that looks like the object it changes.
//!
//! Maps merge key by key, null deletes, scalars replace, lists are replaced unless [`MergeKeys`] says by which keys they
//! merge. `$patch: delete`, `replace` and `merge` say otherwise for the map or list that they stand in.
//!
//! Source of the rules: kustomize's `kyaml/yaml/walk` and `kyaml/yaml/merge2`, observed through 5.6.0, with what they do
//! besides: a field of the object without a value (`e:`) goes, a scalar keeps the quotes of the one it replaces, a `$patch`
//! that replaces the whole object does nothing.

use super::directive::Directive;
use super::elements::{self, Elements};
use super::keyed;
use super::keys::{At, MergeKeys};
use super::spelling::{is_bare_word, quoted, restyled};
use crate::source::Place;
use crate::transform::Fault;
use crate::transform::scalar::text_of;
use crate::yaml::{self, Data, Key, Map, Node, Style, Value};
use indexmap::IndexMap;
use std::sync::Arc;

const HINT: &str = "write what the object has there, or `null` first to remove it";

/// By what rules an object and a patch are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeRules {
    /// As kustomize does it: an element of the patch without its key empties the list, elements with some of several keys
    /// are mistaken for each other, `$patch: replace` in an element has no effect.
    AsKustomize,
    /// Lists by all of their keys, which have their defaults where they are not given; an element of the patch needs its
    /// keys. A value is what the patch says, what it does not name stays as it is, and a `$patch` that replaces the whole
    /// object does so.
    ByAllKeys,
}

/// What a merge patch may change of an object's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Its name.
    Name,
    /// Its kind.
    Kind,
}

/// How a patch is merged.
#[derive(Debug, Clone, Copy)]
pub struct Merging<'k> {
    /// Which lists are merged, and by which keys.
    pub keys: &'k MergeKeys,
    /// By what rules.
    pub rules: MergeRules,
    /// What it may change of the object's identity.
    pub changes: &'k [Change],
}

/// Merges a patch into an object; nothing is left of one that the patch deletes.
///
/// # Errors
/// Where a map, list or scalar of the patch meets something else in the object, and where a `$patch` is none of its
/// values.
pub fn merge(object: Node, patch: &Node, merging: Merging<'_>) -> Result<Option<Node>, Fault> {
    let said = Directive::take(&mut patch.clone())?;
    if merging.rules == MergeRules::AsKustomize && said == Directive::Replace {
        return Ok(Some(object));
    }
    let kept = merging.merge(Pair::Both(object, patch.clone()), None)?;
    Ok(kept.map(|kept| kept.node))
}

/// What stands at one place of the object and of the patch.
pub(super) enum Pair {
    /// Only the object has something.
    Base(Node),
    /// Only the patch has.
    Patch(Node),
    /// Both have.
    Both(Node, Node),
    /// What the patch has was taken over and stands in the object too.
    Same(Node),
    /// Neither has.
    Neither,
}

/// What a patch has for the inside of a map or list.
pub(super) enum Inside {
    /// Nothing.
    Nothing,
    /// The map or list itself, which was taken over.
    Same,
    /// This map or list.
    Of(Node),
}

/// What a merge leaves at a place.
pub(super) struct Kept {
    pub(super) node: Node,
    pub(super) from: From,
}

/// Where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// It is the object's own, changed or not.
    Base,
    /// It is the patch's.
    Patch,
}

impl From {
    fn keeps(self, node: Node) -> Option<Kept> {
        Some(Kept { node, from: self })
    }
}

impl Kept {
    /// Whether it is a null by which the patch deletes.
    fn is_deletion(&self) -> bool {
        self.from == From::Patch && self.node.is_null()
    }
}

/// The three sorts of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Map,
    List,
    Scalar,
}

impl Sort {
    /// None of null.
    fn of(node: &Node) -> Option<Self> {
        match &node.data {
            Data::Map(_) => Some(Self::Map),
            Data::List(_) => Some(Self::List),
            Data::Scalar(_) if node.is_null() => None,
            Data::Scalar(_) => Some(Self::Scalar),
        }
    }
}

impl Pair {
    /// The sort of what stands there; none if that is null.
    fn sort(&self) -> Result<Option<Sort>, Fault> {
        match self {
            Self::Base(node) | Self::Patch(node) | Self::Same(node) => Ok(Sort::of(node)),
            Self::Neither => Ok(None),
            Self::Both(base, patch) => match (Sort::of(base), Sort::of(patch)) {
                (Some(one), Some(other)) if one != other => {
                    let message = format!(
                        "the patch has {} where the object has {}",
                        patch.kind(),
                        base.kind()
                    );
                    Err(Fault { message, place: patch.place, hint: HINT })
                }
                (one, other) => Ok(one.or(other)),
            },
        }
    }

    /// The patch's value where there is one.
    fn scalar(self) -> Option<Kept> {
        match self {
            Self::Base(node) => From::Base.keeps(node),
            Self::Patch(node) | Self::Both(_, node) | Self::Same(node) => From::Patch.keeps(node),
            Self::Neither => None,
        }
    }
}

impl Merging<'_> {
    /// Merges what stands at a place of which `at` is known.
    pub(super) fn merge(self, pair: Pair, at: Option<At>) -> Result<Option<Kept>, Fault> {
        let at = at.or_else(|| self.kind_of(&pair));
        match pair.sort()? {
            None | Some(Sort::Map) => self.map(pair, at),
            Some(Sort::List) => self.list(pair, at),
            Some(Sort::Scalar) => Ok(self.scalar(pair)),
        }
    }

    /// The patch's value where there is one; one that says what is there already sets nothing.
    fn scalar(self, pair: Pair) -> Option<Kept> {
        match pair {
            Pair::Both(base, patch)
                if self.rules == MergeRules::ByAllKeys && yaml::same_data(&base, &patch) =>
            {
                From::Base.keeps(base)
            }
            pair => pair.scalar(),
        }
    }

    /// What is known about a whole object, or about one that is written into another.
    fn kind_of(self, pair: &Pair) -> Option<At> {
        match pair {
            Pair::Base(node) | Pair::Patch(node) | Pair::Same(node) => self.kind_of_node(node),
            Pair::Both(base, patch) => self.kind_of_node(base).or_else(|| self.kind_of_node(patch)),
            Pair::Neither => None,
        }
    }

    fn kind_of_node(self, node: &Node) -> Option<At> {
        self.keys.kind(text_of(node.get("apiVersion")?), text_of(node.get("kind")?))
    }

    fn map(self, pair: Pair, at: Option<At>) -> Result<Option<Kept>, Fault> {
        match pair {
            Pair::Neither => Ok(None),
            Pair::Base(node) if node.is_null() => {
                // A field without a value goes; `null` and `~` stay.
                let goes = self.rules == MergeRules::AsKustomize && text_of(&node).is_empty();
                Ok(if goes { None } else { From::Base.keeps(node) })
            }
            Pair::Base(node) if self.is_settled(&node, at) => Ok(From::Base.keeps(node)),
            Pair::Base(node) => self.fields((node, From::Base), Inside::Nothing, at),
            Pair::Both(base, node) if base.is_null() => self.added(node, at),
            Pair::Same(node) if node.is_null() => self.added(node, at),
            Pair::Patch(node) => self.added(node, at),
            Pair::Both(_, patch) if patch.is_null() => Ok(None),
            Pair::Both(base, mut patch) => match Directive::take(&mut patch)? {
                Directive::Delete => Ok(None),
                Directive::Replace => self.fields((patch, From::Patch), Inside::Same, at),
                Directive::Merge => self.fields((base, From::Base), Inside::Of(patch), at),
            },
            Pair::Same(mut node) => match Directive::take(&mut node)? {
                Directive::Delete => Ok(None),
                _ => self.fields((node, From::Patch), Inside::Same, at),
            },
        }
    }

    /// A map or null that stands where the object has nothing; there a `$patch` of another value is a field.
    fn added(self, mut node: Node, at: Option<At>) -> Result<Option<Kept>, Fault> {
        match Directive::take(&mut node) {
            Ok(Directive::Delete) => Ok(None),
            _ => self.fields((node, From::Patch), Inside::Same, at),
        }
    }

    /// Merges the fields of the map that is left, if it is one.
    fn fields(
        self,
        (mut node, from): (Node, From),
        patch: Inside,
        at: Option<At>,
    ) -> Result<Option<Kept>, Fault> {
        let Data::Map(map) = &mut node.data else { return Ok(from.keeps(node)) };
        let entries = std::mem::take(Arc::make_mut(map));
        let is_same = matches!(patch, Inside::Same);
        let mut added = patch.into_fields();
        let field = |key: &Key| at.and_then(|at| self.keys.field(at, &key.name));
        let mut merged = Map::with_capacity_and_hasher(entries.len(), <_>::default());
        for (key, node) in entries {
            let style = node.as_scalar().map(|scalar| scalar.style);
            let (pair, style) = match added.get_mut(&*key.name).and_then(Option::take) {
                Some(patch) => (Pair::Both(node, patch), style),
                None if is_same => (Pair::Same(node), None),
                None => (Pair::Base(node), None),
            };
            if let Some(node) = self.entry(pair, field(&key), style)? {
                merged.insert(key, node);
            }
        }
        for (key, node) in added {
            let Some(node) = node else { continue };
            if let Some(node) = self.entry(Pair::Patch(node), field(&key), None)? {
                merged.insert(key, node);
            }
        }
        node.data = Data::Map(Arc::new(merged));
        Ok(from.keeps(node))
    }

    /// What is left under a key of a map, where a scalar of this style stood if one did.
    fn entry(
        self,
        pair: Pair,
        at: Option<At>,
        style: Option<Style>,
    ) -> Result<Option<Node>, Fault> {
        let kept = self.merge(pair, at)?.filter(|kept| !kept.is_deletion());
        Ok(kept.map(|kept| match (self.rules, kept.from, style) {
            (MergeRules::ByAllKeys, ..) => kept.node,
            (MergeRules::AsKustomize, From::Patch, Some(style)) => restyled(kept.node, style),
            (MergeRules::AsKustomize, ..) => quoted(kept.node),
        }))
    }

    fn list(self, pair: Pair, at: Option<At>) -> Result<Option<Kept>, Fault> {
        let keys = at.and_then(|at| self.keys.by(at));
        let Some(keys) = keys else { return Ok(pair.scalar()) };
        let element = at.and_then(|at| self.keys.element(at));
        let (node, patch, from) = match pair {
            Pair::Neither => return Ok(None),
            Pair::Base(node) if self.is_settled(&node, at) => return Ok(From::Base.keeps(node)),
            Pair::Base(node) => (node, Inside::Nothing, From::Base),
            Pair::Both(base, patch) if base.is_null() => (patch, Inside::Same, From::Patch),
            Pair::Patch(patch) => (patch, Inside::Same, From::Patch),
            Pair::Both(_, patch) if patch.is_null() => return Ok(None),
            Pair::Both(base, mut patch) => match Directive::take(&mut patch)? {
                Directive::Delete => return Ok(None),
                Directive::Replace => (patch, Inside::Same, From::Patch),
                Directive::Merge => (base, Inside::Of(patch), From::Base),
            },
            Pair::Same(mut node) => match Directive::take(&mut node)? {
                Directive::Delete => return Ok(None),
                _ => (node, Inside::Same, From::Patch),
            },
        };
        let place = Placed { place: node.place, set_at: node.set_at };
        let items = match self.rules {
            MergeRules::AsKustomize => {
                Elements::new(node, patch).merge((self, element), &keys.names)?
            }
            MergeRules::ByAllKeys => keyed::merge(node, patch, (self, element), keys)?,
        };
        Ok(from.keeps(place.list(items)))
    }

    /// Whether a patch that says nothing about a map or list leaves it as it is.
    fn is_settled(self, node: &Node, at: Option<At>) -> bool {
        if self.rules == MergeRules::ByAllKeys {
            return true;
        }
        let at = at.or_else(|| self.kind_of_node(node));
        match &node.data {
            Data::Scalar(scalar) => {
                let is_empty = scalar.value == Value::Null && scalar.text.is_empty();
                !is_empty && !is_bare_word(scalar)
            }
            Data::Map(map) => map.iter().all(|(key, node)| {
                self.is_settled(node, at.and_then(|at| self.keys.field(at, &key.name)))
            }),
            Data::List(items) => at.and_then(|at| self.keys.keys(at)).is_none_or(|keys| {
                let element = at.and_then(|at| self.keys.element(at));
                elements::are_regular(items.iter(), keys)
                    && items.iter().all(|item| self.is_settled(item, element))
            }),
        }
    }
}

impl Inside {
    fn into_fields(self) -> IndexMap<Key, Option<Node>> {
        let Self::Of(mut node) = self else { return IndexMap::new() };
        let map = node.as_map_mut().map(std::mem::take).unwrap_or_default();
        map.into_iter().map(|(key, node)| (key, Some(node))).collect()
    }
}

/// The items of a list; none of anything else.
pub(super) fn into_items(mut list: Node) -> Vec<Node> {
    match &mut list.data {
        Data::List(items) => std::mem::take(Arc::make_mut(items)),
        _ => Vec::new(),
    }
}

/// Where a list stands.
struct Placed {
    place: Place,
    set_at: Option<Place>,
}

impl Placed {
    fn list(self, items: Vec<Node>) -> Node {
        Node { set_at: self.set_at, ..Node::list(items, self.place) }
    }
}
