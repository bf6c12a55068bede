//! One kind of object that is served.

use super::definition::Defined;
use super::embedded::{self, Block};
use super::structure::Structure;
use super::{Shapes, Version, schema};
use serde_json::Value;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Whether objects of a kind live in a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// They need a namespace.
    Namespaced,
    /// They have none.
    Cluster,
}

/// One kind of object that is served: its names, its scope, its schema.
pub struct Kind {
    group: String,
    version: String,
    kind: String,
    plural: String,
    scope: Scope,
    origin: Origin,
    kubernetes: Version,
    schema: OnceLock<Arc<Value>>,
}

enum Origin {
    Builtin(&'static Block),
    Custom(Arc<Defined>),
}

impl Kind {
    fn builtin(block: &'static Block, kubernetes: Version) -> Option<Kind> {
        let resource = block.resource().filter(|_| block.holds_for(kubernetes))?;
        Some(Kind {
            group: resource.group.to_owned(),
            version: resource.version.to_owned(),
            kind: resource.kind.to_owned(),
            plural: resource.plural.to_owned(),
            scope: resource.scope,
            origin: Origin::Builtin(block),
            kubernetes,
            schema: OnceLock::new(),
        })
    }

    pub(super) fn custom(defined: &Arc<Defined>, kubernetes: Version) -> Kind {
        Kind {
            group: defined.group.clone(),
            version: defined.version.clone(),
            kind: defined.kind.clone(),
            plural: defined.plural.clone(),
            scope: defined.scope,
            origin: Origin::Custom(Arc::clone(defined)),
            kubernetes,
            schema: OnceLock::new(),
        }
    }

    /// Its group, empty for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        &self.group
    }

    /// Its version within the group, such as `v1`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Its name, such as `Deployment`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.kind
    }

    /// What manifests write as `apiVersion`: `apps/v1`, `v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        super::api_version(&self.group, &self.version)
    }

    /// Its name in URLs and role rules, such as `deployments`.
    #[must_use]
    pub fn plural(&self) -> &str {
        &self.plural
    }

    /// Whether its objects live in a namespace.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Whether Kubernetes serves it itself, without a definition.
    #[must_use]
    pub fn is_builtin(&self) -> bool {
        matches!(self.origin, Origin::Builtin(_))
    }

    /// What a server says of each use, if its definition calls this version deprecated.
    #[must_use]
    pub fn deprecation(&self) -> Option<&str> {
        match &self.origin {
            Origin::Builtin(_) => None,
            Origin::Custom(defined) => defined.deprecation.as_deref(),
        }
    }

    /// Its JSON Schema, made when first asked for; the docs of [`crate::api`] say in which words.
    pub fn schema(&self) -> &Arc<Value> {
        match &self.origin {
            Origin::Builtin(block) => {
                self.schema.get_or_init(|| Arc::new(schema::of_kind(block, self.kubernetes)))
            }
            Origin::Custom(defined) => defined.whole_schema(self.kubernetes),
        }
    }

    /// The types that its objects are made of; of a custom resource only its metadata.
    #[must_use]
    pub fn shapes(&self) -> Shapes {
        match &self.origin {
            Origin::Builtin(block) => Shapes::of_kind(block, self.kubernetes),
            Origin::Custom(_) => Shapes::of_custom(self.kubernetes),
        }
    }

    /// The Kubernetes version that serves it so.
    #[must_use]
    pub fn kubernetes(&self) -> Version {
        self.kubernetes
    }

    /// What a custom resource's schema says besides; none for kinds that Kubernetes serves itself.
    #[must_use]
    pub fn structure(&self) -> Option<&Structure> {
        match &self.origin {
            Origin::Builtin(_) => None,
            Origin::Custom(defined) => defined.structure.as_ref(),
        }
    }

    /// What kinds are sorted and found by.
    pub(super) fn key(&self) -> (&str, &str, &str) {
        (&self.group, &self.version, &self.kind)
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.api_version(), self.kind)
    }
}

/// The kinds that a version serves itself, sorted by group, version and kind; made once and shared by all.
pub(super) fn builtin(version: Version) -> &'static [Arc<Kind>] {
    static KINDS: [OnceLock<Vec<Arc<Kind>>>; Version::COUNT] =
        [const { OnceLock::new() }; Version::COUNT];
    KINDS[version.age()].get_or_init(|| {
        let kinds = embedded::blocks().iter().filter_map(|block| Kind::builtin(block, version));
        let mut kinds: Vec<_> = kinds.map(Arc::new).collect();
        kinds.sort_by(|a, b| a.key().cmp(&b.key()));
        kinds
    })
}
