//! Pods, and the templates that others make pods from.
//!
//! Promise: a pod that breaks one of these rules is refused, by itself or in a template. A StatefulSet's template is judged
//! since Kubernetes 1.34 only; the walk knows. Refuses to know what a cluster has: its classes, accounts and nodes.
//!
//! Source: upstream's `pkg/apis/core/validation/validation.go`.

pub(super) mod annotation;
pub(super) mod container;
pub(super) mod env;
pub(super) mod mount;
pub(super) mod network;
pub(super) mod probe;
pub(super) mod resources;
pub(super) mod scheduling;
pub(super) mod security;
pub(super) mod spec;
pub(super) mod volume;
pub(super) mod windows;

#[cfg(test)]
mod node_tests;
#[cfg(test)]
mod tests;

use super::{At, CodeRule, Found};
use crate::yaml::Value;

/// The containers of a pod, those that run first before the others.
pub(super) fn containers<'m>(pod: &At<'m>) -> impl Iterator<Item = At<'m>> + use<'m> {
    pod.get("initContainers").items().chain(pod.get("containers").items())
}

/// Whether `true` is written there.
pub(super) fn is_true(at: &At<'_>) -> bool {
    boolean(at) == Some(true)
}

/// Whether `false` is written there.
pub(super) fn is_false(at: &At<'_>) -> bool {
    boolean(at) == Some(false)
}

fn boolean(at: &At<'_>) -> Option<bool> {
    match at.node()?.as_scalar()?.value {
        Value::Bool(value) => Some(value),
        _ => None,
    }
}
