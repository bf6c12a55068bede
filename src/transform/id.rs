//! What kustomize takes for the identity of an object.

use super::scalar::Lasting;
use crate::yaml::{Node, Value};
use foldhash::fast::{FixedState, RandomState};
use indexmap::IndexMap;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock, OnceLock};

const SCOPES: &str = include_str!("../../schema/kustomize/scopes.tsv");
/// The namespace that stands for having none.
pub(super) const NO_NAMESPACE: &str = "_non_namespaceable_";
const DEFAULT_NAMESPACE: &str = "default";

/// Group, version and kind; two are equal if these are.
#[derive(Debug, Clone)]
pub struct Gvk {
    /// What manifests write: `apps/v1`, `v1`.
    pub api_version: Arc<str>,
    /// The kind, such as `Deployment`.
    pub kind: Arc<str>,
    /// Whether an OpenAPI document of the user's says that objects of this kind have no namespace.
    is_without_namespace: bool,
}

impl PartialEq for Gvk {
    fn eq(&self, other: &Self) -> bool {
        self.names() == other.names()
    }
}

impl Eq for Gvk {}

impl Hash for Gvk {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.names().hash(state);
    }
}

impl PartialOrd for Gvk {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Gvk {
    fn cmp(&self, other: &Self) -> Ordering {
        self.names().cmp(&other.names())
    }
}

/// What kustomize knows about the namespace of a kind by heart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Cluster,
    Namespaced,
}

/// The kinds that an OpenAPI document of the user's says to have no namespace, beside those that kustomize knows by heart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<(Arc<str>, Arc<str>)>);

impl Scopes {
    /// Of kinds by `apiVersion` and `kind`.
    #[must_use]
    pub fn new(kinds: BTreeSet<(Arc<str>, Arc<str>)>) -> Self {
        Self(kinds)
    }

    /// Whether the document says so about no kind.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// An identity whose kind has the scope that the document says.
    #[must_use]
    pub fn of(&self, id: ResId) -> ResId {
        let gvk = &id.gvk;
        let is_named = !self.is_empty()
            && !gvk.is_known()
            && self.0.contains(&(Arc::clone(&gvk.api_version), Arc::clone(&gvk.kind)));
        ResId { gvk: Gvk { is_without_namespace: is_named, ..id.gvk }, ..id }
    }
}

impl Gvk {
    fn names(&self) -> (&str, &str) {
        (&self.api_version, &self.kind)
    }

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

    /// A kind of which no document of the user's says anything.
    pub(super) fn new(api_version: Arc<str>, kind: Arc<str>) -> Self {
        Self { api_version, kind, is_without_namespace: false }
    }

    /// Whether kustomize knows that objects of this kind have no namespace: by a list of Kubernetes 1.21, so that
    /// neither newer kinds nor custom resources are among them, or by an OpenAPI document of the user's.
    #[must_use]
    pub fn is_cluster_scoped(&self) -> bool {
        self.is_without_namespace || self.scope() == Some(Scope::Cluster)
    }

    /// Whether kustomize knows by heart if objects of this kind have a namespace. For any other kind it looks into its
    /// OpenAPI document.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.scope().is_some()
    }

    fn scope(&self) -> Option<Scope> {
        scope(self.names())
    }
}

/// Whether the kind of a node is one of those of [`Gvk::is_known`].
#[must_use]
pub fn is_of_known_kind(node: &Node) -> bool {
    scope((spelling(node.get("apiVersion")), spelling(node.get("kind")))).is_some()
}

fn scope(names: (&str, &str)) -> Option<Scope> {
    static KINDS: OnceLock<IndexMap<(&str, &str), Scope, RandomState>> = OnceLock::new();
    let kinds = KINDS.get_or_init(|| {
        let rows = SCOPES.lines().filter(|line| !line.starts_with('#'));
        let row = |line: &'static str| {
            let [api_version, kind, scope] = line.split('\t').collect::<Vec<_>>()[..] else {
                unreachable!("the table has rows of three cells")
            };
            let is_cluster = scope == "cluster";
            let scope = if is_cluster { Scope::Cluster } else { Scope::Namespaced };
            ((api_version, kind), scope)
        };
        rows.map(row).collect()
    });
    kinds.get(&names).copied()
}

/// `Deployment.v1.apps`, as kustomize names a kind.
impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
        let gvk = Gvk::new(spelled(node.get("apiVersion")), spelled(node.get("kind")));
        Self { gvk, name: of_metadata("name"), namespace: of_metadata("namespace") }
    }

    /// Whether these are the very texts of a node.
    pub(super) fn is_of(&self, node: &Node) -> bool {
        let metadata = node.get("metadata");
        let of_metadata = |key| metadata.and_then(|metadata| metadata.get(key));
        let is = |own: &Arc<str>, node: Option<&Node>| match shared_spelling(node) {
            Some(text) => Arc::ptr_eq(own, text),
            None => own.is_empty(),
        };
        is(&self.gvk.api_version, node.get("apiVersion"))
            && is(&self.gvk.kind, node.get("kind"))
            && is(&self.name, of_metadata("name"))
            && is(&self.namespace, of_metadata("namespace"))
    }

    /// The namespace that objects are compared by: none is `default`, and cluster-scoped objects share one of their own.
    #[must_use]
    pub fn effective_namespace(&self) -> &str {
        match &*self.namespace {
            _ if self.gvk.is_cluster_scoped() => NO_NAMESPACE,
            own => or_default(own),
        }
    }

    /// A number that is another for nearly all that do not mean the same object.
    pub(super) fn likeness(&self) -> u64 {
        FixedState::default().hash_one((&self.gvk, &self.name, self.effective_namespace()))
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

/// Whether all of some numbers differ.
pub(super) fn all_differ(mut numbers: Vec<u64>) -> bool {
    numbers.sort_unstable();
    numbers.is_sorted_by(|a, b| a < b)
}

/// The namespace of what names none, or a name.
pub(super) fn or_default(namespace: &str) -> &str {
    or(namespace, DEFAULT_NAMESPACE)
}

/// A text, or what stands for none.
pub(super) fn or<'t>(text: &'t str, none: &'t str) -> &'t str {
    if text.is_empty() { none } else { text }
}

/// The spelling of a scalar, whatever it means; empty for null, unless an edit has set it, and for anything else.
#[must_use]
pub fn spelling(node: Option<&Node>) -> &str {
    shared_spelling(node).map_or("", |text| text)
}

/// The same, shared.
pub(super) fn spelled(node: Option<&Node>) -> Arc<str> {
    shared_spelling(node).cloned().unwrap_or_default()
}

fn shared_spelling(node: Option<&Node>) -> Option<&Arc<str>> {
    let scalar = node?.as_scalar()?;
    let says = scalar.value != Value::Null || Lasting::of(scalar) == Lasting::Open;
    says.then_some(&scalar.text)
}
