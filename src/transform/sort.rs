//! The order in which objects are printed.

use super::id::or;
use super::{Gvk, ResId, Resources};
use std::cmp::Ordering;
use std::sync::Arc;

/// The order in which objects are printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SortOrder {
    /// The order in which they were read.
    Fifo,
    /// By kind, then by group, version, namespace and name.
    Legacy {
        /// The kinds that come first, in order.
        first: Vec<Arc<str>>,
        /// The kinds that come last, in order.
        last: Vec<Arc<str>>,
    },
}

const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

impl SortOrder {
    /// The order of the command line: what others need comes before them.
    #[must_use]
    pub fn legacy() -> Self {
        let kinds = |kinds: &[&str]| kinds.iter().map(|kind| Arc::from(*kind)).collect();
        Self::Legacy { first: kinds(&FIRST), last: kinds(&LAST) }
    }
}

/// Where kustomize's own order puts a kind: below zero before all others, above zero behind them.
pub(super) fn builtin_rank(kind: &str) -> i32 {
    rank(kind, &FIRST, &LAST)
}

fn rank<S: AsRef<str>>(kind: &str, first: &[S], last: &[S]) -> i32 {
    let position = |kinds: &[S]| kinds.iter().rposition(|one| one.as_ref() == kind);
    let number = |at: usize| i32::try_from(at).unwrap_or(i32::MAX);
    match (position(last), position(first)) {
        (Some(at), _) => 1 + number(at),
        (None, Some(at)) => number(at) - number(first.len()),
        (None, None) => 0,
    }
}

/// Puts objects into an order.
pub fn sort(resources: &mut Resources, order: &SortOrder) {
    let SortOrder::Legacy { first, last } = order else { return };
    resources.sort_by_key(|id| Key::of(id, rank(&id.gvk.kind, first, last)));
}

/// What objects are compared by.
#[derive(PartialEq, Eq)]
struct Key {
    rank: i32,
    is_namespace: bool,
    is_core: bool,
    kind: String,
    object: String,
}

impl Key {
    fn of(id: &ResId, rank: i32) -> Self {
        let Gvk { kind, .. } = &id.gvk;
        let (group, version) = (or(id.gvk.group(), "~G"), or(id.gvk.version(), "~V"));
        let (namespace, name) = (or(&id.namespace, "~X"), or(&id.name, "~N"));
        Self {
            rank,
            is_namespace: &**kind == "Namespace",
            is_core: id.gvk.group().is_empty(),
            kind: [group, "_", version, "_", or(kind, "~K")].concat(),
            object: [&*id.gvk.to_string(), "|", namespace, "|", name].concat(),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        // Kubernetes' own Namespace comes before one of another group.
        let by_kind =
            match self.is_namespace && other.is_namespace && (self.is_core || other.is_core) {
                true => other.kind.cmp(&self.kind),
                false => self.kind.cmp(&other.kind),
            };
        self.rank.cmp(&other.rank).then(by_kind).then_with(|| self.object.cmp(&other.object))
    }
}
