//! Which objects a patch is for.

use super::requirement::Requirement;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::transform::scalar::text_of;
use crate::transform::simple::{behind, is_simple};
use crate::transform::{ObjectSelector, Resource, Resources, Text};
use regex::Regex;
use std::sync::Arc;

/// Chooses objects, by their first names and those of now.
#[derive(Debug, Clone)]
pub struct Selector {
    group: Option<Wanted>,
    version: Option<Wanted>,
    kind: Option<Wanted>,
    name: Option<Wanted>,
    namespace: Option<Wanted>,
    labels: Vec<Requirement>,
    annotations: Vec<Requirement>,
}

/// What the whole of a text is compared with.
#[derive(Debug, Clone)]
enum Wanted {
    /// A regular expression of letters, digits, `-_:@/` and dots.
    Simple(Arc<str>),
    /// Any other.
    Pattern(Regex),
}

impl Wanted {
    fn is(&self, text: &str) -> bool {
        match self {
            Self::Simple(pattern) => behind(pattern, text) == Some(""),
            Self::Pattern(pattern) => pattern.is_match(text),
        }
    }
}

impl Selector {
    /// Reads what a user wrote: regular expressions, each for the whole of what it is compared with.
    ///
    /// # Errors
    /// When something is no regular expression, or no condition.
    pub fn new(selector: &ObjectSelector, sink: &mut Sink) -> Result<Self, Reported> {
        Ok(Self {
            group: wanted(selector.group.as_ref(), sink)?,
            version: wanted(selector.version.as_ref(), sink)?,
            kind: wanted(selector.kind.as_ref(), sink)?,
            name: wanted(selector.name.as_ref(), sink)?,
            namespace: wanted(selector.namespace.as_ref(), sink)?,
            labels: requirements(selector.labels.as_ref(), sink)?,
            annotations: requirements(selector.annotations.as_ref(), sink)?,
        })
    }

    /// Where those stand, in order, that alone can be meant; none if any can.
    pub(super) fn among<'r>(&self, resources: &'r Resources) -> Option<&'r [usize]> {
        let named = only(&self.name).map(|name| match only(&self.namespace) {
            Some(namespace) => resources.with_name_in(name, namespace),
            None => resources.with_any_name(name),
        });
        let of_kind = only(&self.kind).map(|kind| resources.with_any_kind(kind));
        named.into_iter().chain(of_kind).min_by_key(|listed| listed.len())
    }

    /// Whether an object is meant.
    #[must_use]
    pub fn selects(&self, resource: &Resource) -> bool {
        let (now, first) = (resource.id(), resource.original_id());
        let either =
            |wanted: &Option<Wanted>, one: &str, other: &str| is(wanted, one) || is(wanted, other);
        is(&self.group, now.gvk.group())
            && is(&self.version, now.gvk.version())
            && is(&self.kind, &now.gvk.kind)
            && either(&self.name, &first.name, &now.name)
            && either(&self.namespace, first.effective_namespace(), now.effective_namespace())
            && hold(&self.labels, resource, "labels")
            && hold(&self.annotations, resource, "annotations")
    }
}

fn is(wanted: &Option<Wanted>, text: &str) -> bool {
    wanted.as_ref().is_none_or(|wanted| wanted.is(text))
}

/// The only text that can be meant; none if there are several.
fn only(wanted: &Option<Wanted>) -> Option<&str> {
    match wanted {
        Some(Wanted::Simple(text)) if !text.contains('.') => Some(text),
        _ => None,
    }
}

fn hold(all: &[Requirement], resource: &Resource, field: &str) -> bool {
    let map = resource.node.at(&["metadata", field]);
    all.iter().all(|one| one.holds(|key| map.and_then(|map| map.get(key)).map(text_of)))
}

/// A regular expression for whole texts; none matches all.
fn wanted(text: Option<&Text>, sink: &mut Sink) -> Result<Option<Wanted>, Reported> {
    let Some(text) = text.filter(|text| !text.text.is_empty()) else { return Ok(None) };
    if is_simple(&text.text) {
        return Ok(Some(Wanted::Simple(Arc::clone(&text.text))));
    }
    let pattern = Regex::new(&format!("^(?:{})$", text.text));
    pattern.map(|pattern| Some(Wanted::Pattern(pattern))).map_err(|_| {
        let message = format!("`{}` is no regular expression", text.text);
        let finding = Diagnostic::error(Code::KustomizeValue, message).at(text.place, "");
        sink.error(finding.hint("put a `\\` before each character that means itself"))
    })
}

fn requirements(text: Option<&Text>, sink: &mut Sink) -> Result<Vec<Requirement>, Reported> {
    let Some(text) = text else { return Ok(Vec::new()) };
    Requirement::read(&text.text).map_err(|message| {
        let finding = Diagnostic::error(Code::KustomizeValue, message).at(text.place, "");
        sink.error(finding.hint("write conditions such as `app=web, tier in (a, b), !old`"))
    })
}
