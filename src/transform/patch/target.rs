//! Which objects a patch is for.

use super::requirement::Requirement;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::transform::scalar::text_of;
use crate::transform::{ObjectSelector, Resource, Resources, Text};
use regex::Regex;
use std::sync::Arc;

/// Chooses objects, by their first names and those of now.
#[derive(Debug, Clone)]
pub struct Selector {
    group: Option<Regex>,
    version: Option<Regex>,
    kind: Option<Regex>,
    name: Option<Regex>,
    namespace: Option<Regex>,
    labels: Vec<Requirement>,
    annotations: Vec<Requirement>,
    plain: Plain,
}

/// What a selector says in letters, digits and dashes alone, which match nothing but themselves.
#[derive(Debug, Clone)]
struct Plain {
    kind: Option<Arc<str>>,
    name: Option<Arc<str>>,
    namespace: Option<Arc<str>>,
}

impl Selector {
    /// Reads what a user wrote: regular expressions, each for the whole of what it is compared with.
    ///
    /// # Errors
    /// When something is no regular expression, or no condition.
    pub fn new(wanted: &ObjectSelector, sink: &mut Sink) -> Result<Self, Reported> {
        Ok(Self {
            group: pattern(wanted.group.as_ref(), sink)?,
            version: pattern(wanted.version.as_ref(), sink)?,
            kind: pattern(wanted.kind.as_ref(), sink)?,
            name: pattern(wanted.name.as_ref(), sink)?,
            namespace: pattern(wanted.namespace.as_ref(), sink)?,
            labels: requirements(wanted.labels.as_ref(), sink)?,
            annotations: requirements(wanted.annotations.as_ref(), sink)?,
            plain: Plain {
                kind: plain(wanted.kind.as_ref()),
                name: plain(wanted.name.as_ref()),
                namespace: plain(wanted.namespace.as_ref()),
            },
        })
    }

    /// Where those stand, in order, that alone can be meant; none if any can.
    pub(super) fn among<'r>(&self, resources: &'r Resources) -> Option<&'r [usize]> {
        let Plain { kind, name, namespace } = &self.plain;
        let named = name.as_deref().map(|name| match namespace {
            Some(namespace) => resources.with_name_in(name, namespace),
            None => resources.with_any_name(name),
        });
        let of_kind = kind.as_deref().map(|kind| resources.with_any_kind(kind));
        named.into_iter().chain(of_kind).min_by_key(|listed| listed.len())
    }

    /// Whether an object is meant.
    #[must_use]
    pub fn selects(&self, resource: &Resource) -> bool {
        let (now, first) = (resource.id(), resource.original_id());
        let either = |pattern: &Option<Regex>, one: &str, other: &str| {
            is(pattern, one) || is(pattern, other)
        };
        is(&self.group, now.gvk.group())
            && is(&self.version, now.gvk.version())
            && is(&self.kind, &now.gvk.kind)
            && either(&self.name, &first.name, &now.name)
            && either(&self.namespace, first.effective_namespace(), now.effective_namespace())
            && hold(&self.labels, resource, "labels")
            && hold(&self.annotations, resource, "annotations")
    }
}

fn is(pattern: &Option<Regex>, value: &str) -> bool {
    pattern.as_ref().is_none_or(|pattern| pattern.is_match(value))
}

fn hold(all: &[Requirement], resource: &Resource, field: &str) -> bool {
    let map = resource.node.at(&["metadata", field]);
    all.iter().all(|one| one.holds(|key| map.and_then(|map| map.get(key)).map(text_of)))
}

/// A regular expression that matches whole texts; none matches all.
fn pattern(text: Option<&Text>, sink: &mut Sink) -> Result<Option<Regex>, Reported> {
    let Some(text) = text.filter(|text| !text.text.is_empty()) else { return Ok(None) };
    Regex::new(&format!("^(?:{})$", text.text)).map(Some).map_err(|_| {
        let message = format!("`{}` is no regular expression", text.text);
        let finding = Diagnostic::error(Code::KustomizeValue, message).at(text.place, "");
        sink.error(finding.hint("put a `\\` before each character that means itself"))
    })
}

fn plain(text: Option<&Text>) -> Option<Arc<str>> {
    let text = &text?.text;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!text.is_empty() && text.chars().all(is_plain)).then(|| Arc::clone(text))
}

fn requirements(text: Option<&Text>, sink: &mut Sink) -> Result<Vec<Requirement>, Reported> {
    let Some(text) = text else { return Ok(Vec::new()) };
    Requirement::read(&text.text).map_err(|message| {
        let finding = Diagnostic::error(Code::KustomizeValue, message).at(text.place, "");
        sink.error(finding.hint("write conditions such as `app=web, tier in (a, b), !old`"))
    })
}
