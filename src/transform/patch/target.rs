//! Which objects a patch is for.

use super::requirement::Requirement;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::transform::scalar::text_of;
use crate::transform::{ObjectSelector, Resource, Text};
use regex::Regex;

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
        })
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

fn requirements(text: Option<&Text>, sink: &mut Sink) -> Result<Vec<Requirement>, Reported> {
    let Some(text) = text else { return Ok(Vec::new()) };
    Requirement::read(&text.text).map_err(|message| {
        let finding = Diagnostic::error(Code::KustomizeValue, message).at(text.place, "");
        sink.error(finding.hint("write conditions such as `app=web, tier in (a, b), !old`"))
    })
}
