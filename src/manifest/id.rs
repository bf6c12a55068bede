//! What makes a Kubernetes object that object.

use std::fmt;
use std::sync::Arc;

/// The identity of an object. The version of its group is no part of it: `autoscaling/v1` and
/// `autoscaling/v2` serve the same objects.
///
/// Ordered by namespace (cluster-scoped objects first), group, kind and name, by bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// The namespace; none for a cluster-scoped object, and for one whose namespace is left to whoever
    /// applies it.
    pub namespace: Option<Arc<str>>,
    /// The API group, empty for the core group.
    pub group: Arc<str>,
    /// The kind, such as `Deployment`.
    pub kind: Arc<str>,
    /// The name.
    pub name: Arc<str>,
}

impl ObjectId {
    /// Everything that tells it from others: `Deployment.apps/shop/web`, `Namespace/shop`.
    #[must_use]
    pub fn in_full(&self) -> String {
        let dot = if self.group.is_empty() { "" } else { "." };
        let namespace = self.namespace.iter().map(|name| format!("/{name}")).collect::<String>();
        format!("{}{dot}{}{namespace}/{}", self.kind, self.group, self.name)
    }
}

/// `Deployment/web`, as findings name it.
impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}
