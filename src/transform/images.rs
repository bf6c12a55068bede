//! `images`.
//!
//! `entry 1 --walks all objects--> texts of images,  entry 2 --walks those with a text that it matches--> …`;
//! a few entries: `object --entry 1, entry 2, …--> object`

mod meant;
mod seen;

use super::field::told;
use super::id::spelled;
use super::together::{Failure, refuse_first};
use super::{Fault, FieldSpec, ResId, Resource, Resources, Text, set_scalar, visit};
use crate::diag::{Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::yaml::{Data, Node};
use meant::Meant;
use seen::{AllSeen, Seen};
use std::sync::Arc;

/// How many entries at most are tried at every image.
const FEW: usize = 16;

/// Another name, tag or digest for an image.
#[derive(Debug, Clone)]
pub struct Image {
    /// The image that is meant: a regular expression, as kustomize takes the name for one.
    pub name: Text,
    /// Its new name.
    pub new_name: Option<Text>,
    /// Its new tag, which takes the place of a digest, too.
    pub new_tag: Option<Text>,
    /// Its digest, which takes the place of a tag, too, unless a new tag is given.
    pub digest: Option<Text>,
    /// What is put behind its tag.
    pub tag_suffix: Option<Text>,
    /// Where all of this stands.
    pub place: Place,
}

/// What is done about an entry that changes no image, with the names of all images.
pub type TellIdle<'a> = dyn FnMut(&Image, &[String], &mut Sink) -> Result<(), Reported> + 'a;

/// What the names of images in entries are.
pub enum ImageNames<'a> {
    /// Regular expressions, as kustomize takes them for some.
    Patterns,
    /// The names themselves. Told is of each entry that changes no image, with the names of all images in containers.
    Exact {
        /// Takes what is told.
        idle: &'a mut TellIdle<'a>,
    },
}

/// Changes images in every list of `containers` and `initContainers`, and then in the fields, of all objects but
/// definitions of custom resources; one entry after the other, so that a later one sees what an earlier one made.
///
/// An image in a field that lies in such a list is changed twice by an entry, which doubles its `tagSuffix`.
///
/// # Errors
/// When a name is no regular expression, or something else stands where an image should; and what is said of an entry
/// that changes nothing.
pub fn set_images(
    (images, mut names): (&[Image], ImageNames<'_>),
    fields: &[FieldSpec],
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<(), Reported> {
    // A field may be one that says of which kind an object is.
    let may_tell_kind = fields.iter().any(|spec| matches!(&*spec.path, "kind" | "apiVersion"));
    if matches!(names, ImageNames::Patterns) && (images.len() <= FEW || may_tell_kind) {
        return set_few(images, fields, resources, sink);
    }
    let mut seen: Option<AllSeen> = None;
    for image in images {
        let entry = Entry::new(image, fields, &names).map_err(|finding| sink.error(*finding))?;
        let is_changed = match &mut seen {
            None => {
                let walk = |own: &mut Resource, ids: &[ResId]| entry.walk(own, &ids[ids.len() - 1]);
                let found = resources.change_known(sink, walk)?;
                let is_changed = found.iter().any(|found| found.is_changed);
                seen = Some(AllSeen::new(found));
                is_changed
            }
            Some(seen) => entry.walk_where_it_matches(seen, resources, &names, sink)?,
        };
        if let (ImageNames::Exact { idle }, Some(seen), false) = (&mut names, &seen, is_changed) {
            idle(image, &seen.names(), sink)?;
        }
    }
    Ok(())
}

/// Changes images by a few patterns, all of them in an object while it is at hand.
fn set_few(
    images: &[Image],
    fields: &[FieldSpec],
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let mut broken = None;
    let all = images.iter().map(|image| Entry::new(image, fields, &ImageNames::Patterns));
    let good = all.map_while(|entry| entry.map_err(|finding| broken = Some(finding)).ok());
    let entries: Vec<_> = good.collect();
    let walk = |own: &mut Resource, ids: &[ResId]| Ok(walk_all(&entries, own, &ids[ids.len() - 1]));
    let failures = resources.change_known(sink, walk)?;
    let broken = broken.map(|finding| (entries.len(), finding));
    refuse_first(failures.into_iter().flatten().chain(broken), sink)
}

/// Changes the images of an object by some entries, one after the other.
fn walk_all(entries: &[Entry<'_>], resource: &mut Resource, id: &ResId) -> Option<Failure> {
    let mut seen: Option<Seen> = None;
    let mut renamed: Option<ResId> = None;
    for (number, entry) in entries.iter().enumerate() {
        if seen.as_ref().is_none_or(|seen| seen.texts.iter().any(|text| entry.meant.is(text))) {
            let id = renamed.as_ref().unwrap_or(id);
            match entry.walk(resource, id) {
                Ok(now) if now.is_changed => {
                    let own = resource.id();
                    // Of another kind, it has images in other fields.
                    seen = (own.gvk == id.gvk).then_some(now);
                    renamed = Some(own);
                }
                Ok(now) => seen = Some(now),
                Err(finding) => return Some((number, finding)),
            }
        }
    }
    None
}

/// One entry, and where it looks besides containers.
struct Entry<'a> {
    image: &'a Image,
    meant: Meant<'a>,
    fields: &'a [FieldSpec],
    /// Whether somebody may ask for the names of all images.
    are_names_told: bool,
}

impl<'a> Entry<'a> {
    fn new(
        image: &'a Image,
        fields: &'a [FieldSpec],
        names: &ImageNames<'_>,
    ) -> Result<Self, Box<Diagnostic>> {
        let are_names_told = matches!(names, ImageNames::Exact { .. });
        Ok(Self { image, meant: Meant::by(image, names)?, fields, are_names_told })
    }

    /// Changes the images of an object that is called so; gives what all of them are then.
    fn walk(&self, resource: &mut Resource, id: &ResId) -> Result<Seen, Box<Diagnostic>> {
        let mut seen = Seen::default();
        if &*id.gvk.kind == "CustomResourceDefinition" {
            return Ok(seen);
        }
        let change = &mut |node: &mut Node| {
            seen.is_changed |= self.image.change(node, &self.meant)?;
            seen.texts.push(spelled(Some(node)));
            Ok(())
        };
        in_containers(&mut resource.node, change).map_err(|fault| told(fault, "containers", id))?;
        for spec in self.fields.iter().filter(|spec| spec.pattern.selects(&id.gvk)) {
            visit(&mut resource.node, &spec.path, None, change)
                .map_err(|fault| told(fault, &spec.path, id))?;
        }
        seen.texts.sort_unstable();
        seen.texts.dedup();
        if self.are_names_told {
            names_in(&resource.node, &mut seen.names);
        }
        Ok(seen)
    }

    /// Changes the images of those objects that have one that is meant; tells whether there are any.
    fn walk_where_it_matches(
        &self,
        seen: &mut AllSeen,
        resources: &mut Resources,
        names: &ImageNames<'_>,
        sink: &mut Sink,
    ) -> Result<bool, Reported> {
        let mut is_changed = false;
        for at in seen.candidates(self.image, names) {
            if !seen.objects[at].texts.iter().any(|text| self.meant.is(text)) {
                continue;
            }
            let now = resources.edit(at, |resource| self.walk(resource, &resource.id()));
            let now = now.map_err(|finding| sink.error(*finding))?;
            is_changed |= now.is_changed;
            seen.set(at, now);
        }
        Ok(is_changed)
    }
}

impl Image {
    /// Changes an image if it is meant, and tells whether it was.
    fn change(&self, node: &mut Node, meant: &Meant<'_>) -> Result<bool, Fault> {
        let old = match &node.data {
            Data::Scalar(_) => spelled(Some(node)),
            _ => return Err(Fault::wrong_kind("a scalar", node.kind(), node.place)),
        };
        if !meant.is(&old) {
            return Ok(false);
        }
        let text = self.applied_to(&old);
        set_scalar(node, &Text::new(text, self.set_at())).map(|()| true)
    }

    /// Where what changes most of an image is written.
    fn set_at(&self) -> Place {
        let parts = [&self.new_tag, &self.digest, &self.tag_suffix, &self.new_name];
        parts.into_iter().flatten().next().map_or(self.place, |text| text.place)
    }

    fn applied_to(&self, old: &str) -> String {
        let given = |text: &Option<Text>| {
            text.as_ref().map(|text| text.text.to_string()).filter(|text| !text.is_empty())
        };
        let (name, tag, digest) = split(old);
        let (mut tag, mut digest) = (tag.to_owned(), digest.to_owned());
        match (given(&self.new_tag), given(&self.digest), given(&self.tag_suffix)) {
            (Some(new), Some(own), _) => (tag, digest) = (new, own),
            (Some(new), None, _) => (tag, digest) = (new, String::new()),
            (None, Some(own), _) => (tag, digest) = (String::new(), own),
            (None, None, Some(suffix)) => (tag, digest) = (tag + &suffix, String::new()),
            (None, None, None) => {}
        }
        let mut text = given(&self.new_name).unwrap_or_else(|| name.to_owned());
        for (mark, part) in [(':', tag), ('@', digest)] {
            if !part.is_empty() {
                text.push(mark);
                text.push_str(&part);
            }
        }
        text
    }
}

/// The name, tag and digest of an image.
fn split(image: &str) -> (&str, &str, &str) {
    // A host may have a port.
    let path = image.find('/').filter(|at| *at > 0).unwrap_or(0);
    let colon = image[path..].find(':').map(|at| at + path);
    let at = image[path..].find('@').map(|at| at + path);
    match (colon, at) {
        (None, None) => (image, "", ""),
        (Some(colon), None) => (&image[..colon], &image[colon + 1..], ""),
        (Some(colon), Some(at)) if colon < at => {
            (&image[..colon], &image[colon + 1..at], &image[at + 1..])
        }
        (_, Some(at)) => (&image[..at], "", &image[at + 1..]),
    }
}

/// The names of the images in all lists of `containers` and `initContainers`.
fn names_in(node: &Node, names: &mut Vec<String>) {
    match &node.data {
        Data::Scalar(_) => {}
        Data::List(items) => items.iter().for_each(|item| names_in(item, names)),
        Data::Map(map) => {
            for (key, node) in map.iter() {
                names_in(node, names);
                if matches!(&*key.name, "containers" | "initContainers") {
                    let images = node.as_list().unwrap_or_default().iter();
                    let images = images.filter_map(|item| item.get("image"));
                    names.extend(images.map(|image| split(&spelled(Some(image))).0.to_owned()));
                }
            }
        }
    }
}

/// Changes the `image` of the items of every such list, at any depth.
fn in_containers(
    node: &mut Node,
    change: &mut dyn FnMut(&mut Node) -> Result<(), Fault>,
) -> Result<(), Fault> {
    match &mut node.data {
        Data::Scalar(_) => Ok(()),
        Data::List(items) => {
            Arc::make_mut(items).iter_mut().try_for_each(|item| in_containers(item, change))
        }
        Data::Map(map) => {
            for (key, node) in Arc::make_mut(map) {
                in_containers(node, change)?;
                if matches!(&*key.name, "containers" | "initContainers") {
                    of_items(node, change)?;
                }
            }
            Ok(())
        }
    }
}

fn of_items(
    list: &mut Node,
    change: &mut dyn FnMut(&mut Node) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let Data::List(items) = &mut list.data else { return Ok(()) };
    for item in Arc::make_mut(items).iter_mut().filter(|item| !item.is_null()) {
        let (kind, place) = (item.kind(), item.place);
        let Some(map) = item.as_map_mut() else {
            return Err(Fault::wrong_kind("a map", kind, place));
        };
        if let Some(image) = map.get_mut("image") {
            change(image)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
