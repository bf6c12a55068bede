//! A target: one service in one namespace of one environment.

use super::config::PodSecurity;
use super::{Alone, OutputPath};
use crate::api::Version;
use crate::diag::Severities;
use crate::source::{Place, RelPath};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The namespace part of the path of objects that lie in none.
const CLUSTER: &str = "_cluster";

/// One service in one namespace of one environment; printed as `environment/namespace/service`.
#[derive(Debug, Clone)]
pub struct Target {
    /// The environment's name.
    pub environment: String,
    /// What the workspace calls the namespace.
    pub namespace: String,
    /// The namespace's real name, which manifests carry; none when they carry none.
    pub namespace_name: Option<String>,
    /// The service's name.
    pub service: String,
    /// The service's labels.
    pub labels: BTreeMap<String, String>,
    /// The Kubernetes versions that must agree, oldest first; at least one.
    pub versions: Vec<Version>,
    /// The Pod Security Standard that the namespace enforces.
    pub pod_security: Option<PodSecurity>,
    /// How findings weigh.
    pub severities: Arc<Severities>,
    /// Real names of further namespaces that manifests may name.
    pub other_namespaces: Vec<String>,
    /// Where the manifests of each target are written.
    pub output: Arc<OutputPath>,
    /// The folder that `source` names.
    pub(super) source: Option<RelPath>,
    /// Where service.yaml names it.
    pub(super) place: Place,
    /// How it was asked for, if it stands in no workspace.
    pub(super) alone: Option<Arc<Alone>>,
}

impl Target {
    /// Its environment, unless it stands in none: a chart by itself without `-e`.
    #[must_use]
    pub fn named_environment(&self) -> Option<&str> {
        let is_named = self.alone.as_ref().is_none_or(|alone| alone.environment.is_some());
        is_named.then_some(&*self.environment)
    }

    /// What the workspace calls its namespace, unless it has none: a chart by itself without `-n`.
    #[must_use]
    pub fn named_namespace(&self) -> Option<&str> {
        let is_named = self.alone.as_ref().is_none_or(|alone| alone.namespace.is_some());
        is_named.then_some(&*self.namespace)
    }

    /// How messages call it: as it is printed, without the parts that nobody named.
    #[must_use]
    pub fn in_messages(&self) -> String {
        let parts = [self.named_environment(), self.named_namespace(), Some(&*self.service)];
        parts.into_iter().flatten().collect::<Vec<_>>().join("/")
    }

    /// The folder of its manifests, below the folder of jibe.yaml.
    #[must_use]
    pub fn folder(&self) -> RelPath {
        self.output.folder(self.named_environment(), self.named_namespace(), &self.service)
    }

    /// The folder of its objects that lie in no namespace; without a namespace to set them apart
    /// from, they lie beside the others.
    #[must_use]
    pub fn cluster_folder(&self) -> RelPath {
        let namespace = self.named_namespace().map(|_| CLUSTER);
        self.output.folder(self.named_environment(), namespace, &self.service)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.environment, self.namespace, self.service)
    }
}
