//! Objects, each once, in the order of their identities.

use super::{Edit, Effect, ObjectId};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::yaml::{self, Node};
use std::sync::Arc;

/// What makes an object that object.
const IDENTITY: [&[&str]; 4] =
    [&["metadata", "name"], &["metadata", "namespace"], &["kind"], &["apiVersion"]];

/// One Kubernetes object.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// What makes it that object.
    pub id: ObjectId,
    /// Its `apiVersion`, such as `apps/v1`.
    pub api_version: Arc<str>,
    /// Its content, namespace included.
    pub node: Node,
    /// Its text, if it must be written byte for byte instead of its content.
    pub verbatim: Option<Arc<str>>,
    /// The dependency of the target's chart that it came out of, if any.
    pub part: Option<Arc<str>>,
    /// What kustomizations over it changed.
    pub edits: Vec<Edit>,
    /// The names that it had before kustomizations gave it its own, the oldest first.
    pub called: Vec<Arc<str>>,
}

/// Objects, each once, sorted by namespace, group, kind and name.
#[derive(Debug, Clone, Default)]
pub struct Manifests(Vec<Manifest>);

impl Manifest {
    /// Its text: canonical YAML, or the text of a document that is passed on byte for byte.
    #[must_use]
    pub fn text(&self) -> Arc<str> {
        self.verbatim.clone().unwrap_or_else(|| yaml::write(&self.node).into())
    }

    /// Where a kustomization said what it is called now; none if none did.
    fn renamed_at(&self) -> Option<Place> {
        let renames = |edit: &&Edit| {
            let renames = |way: &&[&str]| {
                let is_below = edit.path.len() <= way.len()
                    && edit.path.iter().zip(*way).all(|(own, step)| **own == **step);
                let old = || edit.before.as_ref().and_then(|node| node.at(&way[edit.path.len()..]));
                is_below && old().and_then(Node::as_str) != self.node.at(way).and_then(Node::as_str)
            };
            edit.effect == Effect::Set && IDENTITY.iter().any(renames)
        };
        self.edits.iter().rev().find(renames).map(|edit| edit.place)
    }
}

impl Manifests {
    /// Sorts objects by identity.
    ///
    /// # Errors
    /// When two have one identity; every such pair is reported with both places.
    pub fn new(mut objects: Vec<Manifest>, sink: &mut Sink) -> Result<Self, Reported> {
        objects.sort_by(|a, b| a.id.cmp(&b.id));
        let twins = objects.windows(2).filter(|pair| pair[0].id == pair[1].id);
        let reported = twins.map(|pair| sink.error(twice(&pair[0], &pair[1]))).last();
        reported.map_or(Ok(Self(objects)), Err)
    }

    /// The objects in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Manifest> {
        self.0.iter()
    }

    /// The object of this identity.
    #[must_use]
    pub fn get(&self, id: &ObjectId) -> Option<&Manifest> {
        self.0.binary_search_by(|manifest| manifest.id.cmp(id)).ok().map(|at| &self.0[at])
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'m> IntoIterator for &'m Manifests {
    type Item = &'m Manifest;
    type IntoIter = std::slice::Iter<'m, Manifest>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Manifests {
    type Item = Manifest;
    type IntoIter = std::vec::IntoIter<Manifest>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The sort is stable, so `first` is the one that came first.
fn twice(first: &Manifest, second: &Manifest) -> Diagnostic {
    let message = format!("{} exists twice", described(&second.id));
    let finding =
        Diagnostic::error(Code::ManifestDuplicate, message).subject(second.id.to_string());
    if let Some(place) = second.renamed_at().or_else(|| first.renamed_at()) {
        let finding = finding.at(place, "this patch gives one of them the name of the other");
        let (one, other) = (first.node.place, second.node.place);
        let finding = match one == other {
            true => finding.also(one, "both are made here"),
            false => finding.also(one, "one of them").also(other, "the other"),
        };
        return finding.hint("give each a name of its own");
    }
    let of = |part: &Option<Arc<str>>| match part {
        Some(part) => format!("the dependency `{part}`"),
        None => "the service itself".to_owned(),
    };
    let (is_same_place, are_parts) =
        (first.node.place == second.node.place, first.part != second.part);
    let finding = match (is_same_place, are_parts) {
        (true, true) => finding.at(
            second.node.place,
            format!("made by {} and by {}", of(&first.part), of(&second.part)),
        ),
        (true, false) => finding
            .at(second.node.place, "here a second time")
            .hint("a loop or a macro makes both: let the name depend on the item"),
        (false, true) => finding
            .at(second.node.place, format!("here a second time, by {}", of(&second.part)))
            .also(first.node.place, format!("first here, by {}", of(&first.part))),
        (false, false) => {
            finding.at(second.node.place, "here a second time").also(first.node.place, "first here")
        }
    };
    let finding = match are_parts {
        true => finding.hint(
            "let its name begin with `target.service`, which no two dependencies have in common",
        ),
        false => finding,
    };
    finding.hint("remove or rename one of the two")
}

/// `` `Deployment/web` in namespace `shop` ``
pub(super) fn described(id: &ObjectId) -> String {
    match &id.namespace {
        Some(namespace) => format!("`{id}` in namespace `{namespace}`"),
        None => format!("`{id}`"),
    }
}
