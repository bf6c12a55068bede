//! What kustomize takes for the identity of an object.

use crate::yaml::{Data, Node};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

const CLUSTER_SCOPED: &str = include_str!("../../schema/kustomize/cluster-scoped.tsv");
/// The namespace that stands for having none.
const NO_NAMESPACE: &str = "_non_namespaceable_";
const DEFAULT_NAMESPACE: &str = "default";

/// Group, version and kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gvk {
    /// What manifests write: `apps/v1`, `v1`.
    pub api_version: Arc<str>,
    /// The kind, such as `Deployment`.
    pub kind: Arc<str>,
}

impl Gvk {
    /// The group, empty for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// The version within the group.
    #[must_use]
    pub fn version(&self) -> &str {
        self.api_version.split_once('/').map_or(&self.api_version, |(_, version)| version)
    }

    /// Whether kustomize knows that objects of this kind have no namespace: by a list of Kubernetes 1.21, so that
    /// neither newer kinds nor custom resources are among them.
    #[must_use]
    pub fn is_cluster_scoped(&self) -> bool {
        static KINDS: OnceLock<BTreeSet<(&str, &str)>> = OnceLock::new();
        let kinds = KINDS.get_or_init(|| {
            let rows = CLUSTER_SCOPED.lines().filter(|line| !line.starts_with('#'));
            rows.filter_map(|line| line.split_once('\t')).collect()
        });
        kinds.contains(&(&*self.api_version, &*self.kind))
    }
}

/// `Deployment.v1.apps`, as kustomize names a kind.
impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &str, none: &str| if text.is_empty() { none } else { text }.to_owned();
        let kind = or(&self.kind, "[noKind]");
        let version = or(self.version(), "[noVer]");
        write!(f, "{kind}.{version}.{}", or(self.group(), "[noGrp]"))
    }
}

/// The identity of an object: the version of its group is a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResId {
    /// Group, version and kind.
    pub gvk: Gvk,
    /// The name; empty where there is none.
    pub name: Arc<str>,
    /// The namespace as written; empty where there is none.
    pub namespace: Arc<str>,
}

impl ResId {
    /// The identity of a node, from its `apiVersion`, `kind`, `metadata.name` and `metadata.namespace`.
    #[must_use]
    pub fn of(node: &Node) -> Self {
        let metadata = node.get("metadata");
        let of_metadata = |key| spelled(metadata.and_then(|metadata| metadata.get(key)));
        let gvk =
            Gvk { api_version: spelled(node.get("apiVersion")), kind: spelled(node.get("kind")) };
        Self { gvk, name: of_metadata("name"), namespace: of_metadata("namespace") }
    }

    /// The namespace that objects are compared by: none is `default`, and cluster-scoped objects share one of their own.
    #[must_use]
    pub fn effective_namespace(&self) -> &str {
        match &*self.namespace {
            _ if self.gvk.is_cluster_scoped() => NO_NAMESPACE,
            "" => DEFAULT_NAMESPACE,
            own => own,
        }
    }

    /// The same identity with the namespace that objects are compared by, so that equal means the same object.
    #[must_use]
    pub fn normalized(self) -> Self {
        static NONE: LazyLock<Arc<str>> = LazyLock::new(|| NO_NAMESPACE.into());
        static DEFAULT: LazyLock<Arc<str>> = LazyLock::new(|| DEFAULT_NAMESPACE.into());
        let namespace = match self.effective_namespace() {
            own if *own == *self.namespace => return self,
            NO_NAMESPACE => Arc::clone(&NONE),
            _ => Arc::clone(&DEFAULT),
        };
        Self { namespace, ..self }
    }

    /// Whether both mean the same object.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.gvk == other.gvk
            && self.name == other.name
            && self.effective_namespace() == other.effective_namespace()
    }
}

/// `` `Deployment/web` in `shop` ``, as findings name an object.
impl fmt::Display for ResId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}/{}`", self.gvk.kind, self.name)?;
        match &*self.namespace {
            "" => Ok(()),
            namespace => write!(f, " in `{namespace}`"),
        }
    }
}

/// The spelling of a scalar, whatever it means; empty for null and for anything else.
pub(super) fn spelled(node: Option<&Node>) -> Arc<str> {
    match node.map(|node| (&node.data, node.is_null())) {
        Some((Data::Scalar(scalar), false)) => Arc::clone(&scalar.text),
        _ => Arc::from(""),
    }
}
