//! Labels that one edit made in several places of an object stay one, as in kustomize.
//!
//! kustomize makes a missing label once and hangs it into metadata, selectors and templates alike, so whatever changes it in
//! one place later changes it in all of them: an overlay's label, a merge patch. Such scalars carry one and the same tag.

use crate::yaml::{Data, Map, Node, Scalar};
use indexmap::IndexMap;
use std::sync::Arc;

/// The tag of a string that stands in several places.
const SHARED: &str = "!!str-in-several-places";

/// What the scalars that one edit makes in one object have in common.
#[derive(Debug, Clone)]
pub(super) struct Share(Arc<str>);

/// A shared scalar was set in one place.
#[derive(Debug)]
pub(super) struct Echo {
    share: Share,
    scalar: Scalar,
}

impl Share {
    /// One that nothing has yet.
    pub(super) fn new() -> Self {
        Self(Arc::from(SHARED))
    }

    /// That of a scalar, if it has one and is not the last to have it.
    pub(super) fn of(scalar: &Scalar) -> Option<Self> {
        let tag = scalar.tag.as_ref().filter(|tag| &***tag == SHARED)?;
        (Arc::strong_count(tag) > 1).then(|| Self(Arc::clone(tag)))
    }

    /// A scalar that has it.
    pub(super) fn on(&self, scalar: Scalar) -> Scalar {
        Scalar { tag: Some(Arc::clone(&self.0)), ..scalar }
    }

    fn is_on(&self, scalar: &Scalar) -> bool {
        scalar.tag.as_ref().is_some_and(|tag| Arc::ptr_eq(tag, &self.0))
    }
}

impl Echo {
    pub(super) fn new(share: Share, scalar: Scalar) -> Self {
        Self { share, scalar }
    }

    /// Sets every scalar of an object that has the share.
    pub(super) fn sound(&self, node: &mut Node) {
        match &mut node.data {
            Data::Scalar(scalar) if self.share.is_on(scalar) => {
                *scalar = self.share.on(self.scalar.clone());
            }
            Data::Scalar(_) => {}
            Data::List(items) => {
                Arc::make_mut(items).iter_mut().for_each(|item| self.sound(item));
            }
            Data::Map(map) => Arc::make_mut(map).values_mut().for_each(|node| self.sound(node)),
        }
    }
}

/// Sets the scalars of an object that are one with those that a merge patch changed. Its lists are left alone.
pub fn follow_shared(before: &Node, after: &mut Node) {
    let mut groups = IndexMap::new();
    gather(before, &mut Vec::new(), &mut groups);
    for (share, paths) in groups.into_values().filter(|(_, paths)| paths.len() > 1) {
        let changed = paths.iter().rev().find_map(|path| {
            let old = scalar_at(before, path)?;
            let new = scalar_at(after, path)?;
            (new.text != old.text || new.value != old.value).then(|| new.clone())
        });
        let Some(changed) = changed else { continue };
        for path in &paths {
            if let Some(scalar) = scalar_at_mut(after, path) {
                *scalar = share.on(changed.clone());
            }
        }
    }
}

/// Makes the annotations of an object strings of their own, as kustomize does when it writes one of its notes among them.
pub fn part_annotations(object: &mut Node) {
    let annotations = object
        .at_mut(&["metadata", "annotations"])
        .filter(|annotations| annotations.as_map().is_some_and(|map| map.values().any(is_shared)));
    for node in annotations.and_then(Node::as_map_mut).into_iter().flat_map(Map::values_mut) {
        if let Data::Scalar(scalar) = &mut node.data
            && Share::of(scalar).is_some()
        {
            scalar.tag = Some("!!str".into());
        }
    }
}

fn is_shared(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| Share::of(scalar).is_some())
}

type Path = Vec<Arc<str>>;

/// The paths of shared scalars below maps, by what they share.
fn gather(node: &Node, path: &mut Path, groups: &mut IndexMap<usize, (Share, Vec<Path>)>) {
    match &node.data {
        Data::Map(map) => {
            for (key, node) in map.iter() {
                path.push(Arc::clone(&key.name));
                gather(node, path, groups);
                path.pop();
            }
        }
        Data::Scalar(scalar) => {
            if let Some(share) = Share::of(scalar) {
                let number = Arc::as_ptr(&share.0).cast::<u8>() as usize;
                let (_, paths) = groups.entry(number).or_insert_with(|| (share, Vec::new()));
                paths.push(path.clone());
            }
        }
        Data::List(_) => {}
    }
}

fn scalar_at<'n>(root: &'n Node, path: &[Arc<str>]) -> Option<&'n Scalar> {
    path.iter().try_fold(root, |node, key| node.get(key))?.as_scalar()
}

fn scalar_at_mut<'n>(root: &'n mut Node, path: &[Arc<str>]) -> Option<&'n mut Scalar> {
    match &mut root.at_mut(path)?.data {
        Data::Scalar(scalar) => Some(scalar),
        _ => None,
    }
}
