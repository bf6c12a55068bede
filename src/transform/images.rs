//! `images`.

use super::field::told;
use super::id::spelled;
use super::{Fault, FieldSpec, Resources, Text, set_scalar, visit};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::yaml::{Data, Node};
use regex::Regex;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// Changes an image in every list of `containers` and `initContainers`, and then in the fields, of all objects but
/// definitions of custom resources.
///
/// An image in a field that lies in such a list is changed twice, which doubles its `tagSuffix`. Gives how often one was
/// changed.
///
/// # Errors
/// When the name is no regular expression, or something else stands where an image should.
pub fn set_image(
    image: &Image,
    fields: &[FieldSpec],
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<usize, Reported> {
    let pattern = image.pattern().map_err(|finding| sink.error(*finding))?;
    let changed = AtomicUsize::new(0);
    let change = |node: &mut Node| {
        let is_meant = image.change(node, &pattern)?;
        changed.fetch_add(usize::from(is_meant), Ordering::Relaxed);
        Ok(())
    };
    resources.change_each(sink, |resource| {
        let id = resource.id();
        if &*id.gvk.kind == "CustomResourceDefinition" {
            return Ok(());
        }
        in_containers(&mut resource.node, &mut |node| change(node))
            .map_err(|fault| told(fault, "containers", &id))?;
        fields.iter().filter(|spec| spec.pattern.selects(&id.gvk)).try_for_each(|spec| {
            visit(&mut resource.node, &spec.path, None, &mut |node| change(node))
                .map_err(|fault| told(fault, &spec.path, &id))
        })
    })?;
    Ok(changed.into_inner())
}

/// The names of the images in all lists of `containers` and `initContainers`.
#[must_use]
pub fn image_names(resources: &Resources) -> Vec<String> {
    let mut names = Vec::new();
    for resource in resources {
        // Nothing is changed in the copy: its lists and maps are gone through as those that are.
        let mut node = resource.node.clone();
        let _ = in_containers(&mut node, &mut |image| {
            names.push(split(&spelled(Some(image))).0.to_owned());
            Ok(())
        });
    }
    names
}

impl Image {
    fn pattern(&self) -> Result<Regex, Box<Diagnostic>> {
        let name = &self.name.text;
        let tag = "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?";
        Regex::new(&format!("^{name}{tag}$")).map_err(|_| {
            let message = format!(
                "`{name}` is no name of an image: kustomize takes it for a regular expression"
            );
            let finding = Diagnostic::error(Code::KustomizeValue, message).at(self.name.place, "");
            Box::new(finding.hint("put a backslash before each of `( ) [ ] { } * + ? |`"))
        })
    }

    /// Changes an image if it is meant, and tells whether it was.
    fn change(&self, node: &mut Node, pattern: &Regex) -> Result<bool, Fault> {
        let old = match &node.data {
            Data::Scalar(_) => spelled(Some(node)),
            _ => return Err(Fault::wrong_kind("a scalar", node.kind(), node.place)),
        };
        if !pattern.is_match(&old) {
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
mod tests {
    use super::split;

    #[test]
    fn a_port_of_a_host_is_no_tag() {
        assert_eq!(split("host:5000/app"), ("host:5000/app", "", ""));
        assert_eq!(split("host:5000/app:1"), ("host:5000/app", "1", ""));
        assert_eq!(split("app:1@sha256:a"), ("app", "1", "sha256:a"));
        assert_eq!(split("app@sha256:a"), ("app", "", "sha256:a"));
    }
}
