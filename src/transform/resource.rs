//! One object and what kustomize remembers of it while it builds.

use super::id::{Gvk, ResId, Scopes, spelled};
use super::{FieldPath, Origin, Transformation};
use crate::manifest::Edit;
use crate::source::Place;
use crate::yaml::{Data, Map, Node};
use std::sync::Arc;

/// An object with what it was called before.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The object itself.
    pub node: Node,
    /// What it was called before each change of name, namespace or kind, the oldest first.
    pub previous: Vec<Previous>,
    /// How often its name was noted, also where that was the name noted last.
    pub noted: usize,
    /// The prefixes that its name was given, innermost first.
    pub prefixes: Vec<Arc<str>>,
    /// The suffixes that its name was given, innermost first.
    pub suffixes: Vec<Arc<str>>,
    /// What a generator wants to become of it; none for an object that was read.
    pub generated: Option<Generated>,
    /// Where it comes from, if origins are wanted.
    pub origin: Option<Box<Origin>>,
    /// What changed it, if that is wanted.
    pub transformations: Vec<Transformation>,
    /// The variables that take their value from it.
    pub variables: Vec<Arc<str>>,
    /// The dependency of a chart that it came out of, if any.
    pub part: Option<Arc<str>>,
    /// What patches over what was rendered elsewhere changed of it.
    pub edits: Vec<Edit>,
    /// What it was called where it was rendered; nothing is found by these.
    pub called: Vec<Arc<str>>,
    /// Labels and annotations that went into fields that were null and stayed so; they come to light when such a field is
    /// made a map.
    pub hidden: Vec<(FieldPath, Map)>,
    /// What an OpenAPI document of the user's says about the namespaces of kinds; none if there is no such document.
    pub scopes: Option<Arc<Scopes>>,
}

/// What an object was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previous {
    /// Its name.
    pub name: Arc<str>,
    /// Its namespace, as objects are compared by it: never empty.
    pub namespace: Arc<str>,
    /// Its kind.
    pub kind: Arc<str>,
}

impl Previous {
    /// The identity that this was a part of; group and version are those that the object has now.
    pub(super) fn id(&self, api_version: &Arc<str>) -> ResId {
        let (api_version, kind) = (Arc::clone(api_version), Arc::clone(&self.kind));
        let (name, namespace) = (Arc::clone(&self.name), Arc::clone(&self.namespace));
        ResId { gvk: Gvk::new(api_version, kind), name, namespace }
    }
}

/// What a generator wants to become of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generated {
    /// What becomes of one that is there already.
    pub behavior: Behavior,
    /// Whether its name ends with a hash of its content.
    pub needs_hash: bool,
}

/// What becomes of an object that is there already when one of the same identity is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Behavior {
    /// There must be none.
    #[default]
    Create,
    /// There must be one; its data is replaced.
    Replace,
    /// There must be one; the data of both is merged.
    Merge,
}

impl Resource {
    /// An object as it was read.
    #[must_use]
    pub fn new(node: Node) -> Self {
        let (previous, prefixes, suffixes, transformations, variables) = Default::default();
        let (generated, origin, part, scopes) = (None, None, None, None);
        Self {
            node,
            previous,
            noted: 0,
            prefixes,
            suffixes,
            generated,
            origin,
            transformations,
            variables,
            part,
            edits: Vec::new(),
            called: Vec::new(),
            hidden: Vec::new(),
            scopes,
        }
    }

    /// What it is called now.
    #[must_use]
    pub fn id(&self) -> ResId {
        self.scoped(ResId::of(&self.node))
    }

    fn scoped(&self, id: ResId) -> ResId {
        match &self.scopes {
            Some(scopes) => scopes.of(id),
            None => id,
        }
    }

    /// What it was called first.
    #[must_use]
    pub fn original_id(&self) -> ResId {
        self.previous_ids().next().unwrap_or_else(|| self.id())
    }

    /// What it was called before, the oldest first; the group and version are those of now.
    pub fn previous_ids(&self) -> impl Iterator<Item = ResId> {
        let api_version = match self.previous.is_empty() {
            true => Arc::default(),
            false => spelled(self.node.get("apiVersion")),
        };
        self.previous.iter().map(move |previous| self.scoped(previous.id(&api_version)))
    }

    /// What it was called before and what it is called now.
    pub fn all_ids(&self) -> impl Iterator<Item = ResId> {
        self.previous_ids().chain([self.id()])
    }

    /// The same, to be kept.
    pub(super) fn identities(&self) -> Box<[ResId]> {
        let mut ids = Vec::with_capacity(self.previous.len() + 1);
        ids.extend(self.all_ids());
        ids.into_boxed_slice()
    }

    /// Whether it is known for sure that these are the identities that it has.
    pub(super) fn is_still(&self, ids: &[ResId]) -> bool {
        let is_noted = self.previous.len() + 1 == ids.len();
        is_noted && self.scopes.is_none() && ids.last().is_some_and(|id| id.is_of(&self.node))
    }

    /// Notes what it is called now, before that changes; what was noted last is not noted again.
    pub fn remember_id(&mut self) {
        let ResId { gvk, name, namespace } = self.id().normalized();
        let now = Previous { name, namespace, kind: gvk.kind };
        self.noted += 1;
        if self.previous.last() != Some(&now) {
            self.previous.push(now);
        }
    }

    /// Whether kustomize finds annotations on it where nobody wrote any, because it keeps what it remembers there.
    pub(super) fn has_annotations(&self) -> bool {
        let has_notes = self.origin.is_some() || !self.transformations.is_empty();
        let has_affixes = !self.prefixes.is_empty() || !self.suffixes.is_empty();
        let is_known = !self.previous.is_empty() || self.generated.is_some();
        is_known || has_affixes || has_notes
    }

    /// Whether nothing is left of it, as when a patch deleted it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        holds_nothing(&self.node)
    }

    /// Where it stands in the user's file.
    #[must_use]
    pub fn place(&self) -> Place {
        self.node.place
    }
}

/// Whether a node is null, or a map or list without entries.
#[must_use]
pub fn holds_nothing(node: &Node) -> bool {
    match &node.data {
        Data::Map(map) => map.is_empty(),
        Data::List(items) => items.is_empty(),
        Data::Scalar(_) => node.is_null(),
    }
}
