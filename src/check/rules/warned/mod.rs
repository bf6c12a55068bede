//! What a server takes and warns of.
//!
//! Promise: a warning stands where the server's does, of an object that nothing else is said against: a server warns only
//! of what it takes. The warnings are those of Kubernetes 1.35 for every version; what a version cannot know yet is not
//! warned of. Refuses to know certificates: whether the key of a Secret fits its certificate is not told.
//!
//! Source: the functions `GetWarningsFor…` of upstream's `pkg/api/*`, and `WarningsOnCreate` of `pkg/registry/*/*/strategy.go`.

pub(super) mod addresses;
pub(super) mod containers;
pub(super) mod definitions;
pub(super) mod files;
pub(super) mod labels;
pub(super) mod network;
pub(super) mod objects;
pub(super) mod pods;
pub(super) mod ports;
pub(super) mod storage;

#[cfg(test)]
mod tests;

use super::pod::containers as containers_of;
use super::{At, CodeRule, Found};
