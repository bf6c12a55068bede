//! Which images the objects have, so that an entry need not look into those that have none that it means.

use super::meant::is_of_tag;
use super::{Image, ImageNames};
use crate::transform::simple::is_simple;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The images of one object, after an entry looked into it.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Whether the entry changed one.
    pub(super) is_changed: bool,
    /// What they are.
    pub(super) texts: Vec<Arc<str>>,
    /// The names of those in containers.
    pub(super) names: Vec<String>,
}

/// The images of all objects.
#[derive(Debug, Default)]
pub(super) struct AllSeen {
    /// By the position of the object.
    pub(super) objects: Vec<Seen>,
    /// Which objects have an image of which the name may end so, behind its last slash.
    by_end: BTreeMap<String, BTreeSet<usize>>,
    /// How often each name is in containers.
    names: BTreeMap<String, usize>,
}

impl AllSeen {
    pub(super) fn new(objects: Vec<Seen>) -> Self {
        let mut all = Self::default();
        for (at, seen) in objects.into_iter().enumerate() {
            all.objects.push(Seen::default());
            all.set(at, seen);
        }
        all
    }

    /// Takes in what the images of an object are now.
    pub(super) fn set(&mut self, at: usize, seen: Seen) {
        let old = std::mem::replace(&mut self.objects[at], seen);
        for end in ends_of(&old) {
            if let Some(objects) = self.by_end.get_mut(end) {
                objects.remove(&at);
            }
        }
        for name in old.names {
            match self.names.get_mut(&name) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(self.names.remove(&name)),
            }
        }
        let seen = &self.objects[at];
        for end in ends_of(seen) {
            self.by_end.entry(end.to_owned()).or_default().insert(at);
        }
        for name in &seen.names {
            *self.names.entry(name.clone()).or_default() += 1;
        }
    }

    /// The names of all images in containers, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        self.names.keys().cloned().collect()
    }

    /// The objects that may have an image that an entry means, in order.
    pub(super) fn candidates(&self, image: &Image, names: &ImageNames<'_>) -> Vec<usize> {
        match plain_end(&image.name.text, names) {
            Some(end) => self.by_end.get(end).into_iter().flatten().copied().collect(),
            None => (0..self.objects.len()).collect(),
        }
    }
}

/// How the names of the images that an entry means end, behind the last slash; none if that is a pattern itself.
fn plain_end<'n>(name: &'n str, names: &ImageNames<'_>) -> Option<&'n str> {
    let end = behind_slash(name);
    match names {
        ImageNames::Exact { .. } => Some(end),
        // A dot before the last slash may be any character, but what is behind is as it is.
        ImageNames::Patterns => (is_simple(name) && !end.contains('.')).then_some(end),
    }
}

fn behind_slash(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, end)| end)
}

/// How the names of images may end, as one entry may take a tag for a part of the name that another does not.
fn ends_of(seen: &Seen) -> impl Iterator<Item = &str> {
    seen.texts.iter().flat_map(|text| {
        let bare = without_digest(text);
        let all = [Some(&**text), without_tag(text), bare, bare.and_then(without_tag)];
        all.into_iter().flatten().map(behind_slash)
    })
}

fn without_tag(text: &str) -> Option<&str> {
    let (name, tag) = text.rsplit_once(':')?;
    tag.chars().all(is_of_tag).then_some(name)
}

fn without_digest(text: &str) -> Option<&str> {
    let (name, digest) = text.rsplit_once("@sha256:")?;
    digest.chars().all(is_of_tag).then_some(name)
}
