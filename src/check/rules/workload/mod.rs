//! Deployments and the other kinds that make pods from a template.
//!
//! Source: upstream's `pkg/apis/apps/validation/validation.go` and, for replication controllers, of `core`.

pub(super) mod rollout;
pub(super) mod selector;

#[cfg(test)]
mod tests;

pub(super) use selector::{matches, selects};

use super::{At, CodeRule, Found};
