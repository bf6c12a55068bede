//! Services × environments × namespaces = targets, and the files of each.
//!
//! `jibe.yaml, services/  --open-->  Workspace  --select-->  Target*  --gather-->  Material {source, layers, manifests}`
//!
//! Promise: targets come in one order, whatever the disk says: environments as jibe.yaml lists them,
//! then namespaces as the environment lists them, then services by name. A values file that belongs
//! to no environment, namespace or service is a finding, never passed over. Finds and reads, nothing
//! else: merges no values, knows no templates and no kinds of Kubernetes.

mod alone;
mod baseline;
pub mod config;
mod environment;
mod folders;
mod gather;
mod limits;
mod open;
mod output;
mod pattern;
mod schema;
mod select;
mod service;
mod severity;
mod target;

#[cfg(test)]
mod tests;

pub use alone::Alone;
pub use config::{PodSecurity, Weight};
pub use environment::Environment;
pub use gather::{DependencyMaterial, Edits, Material, TargetSource};
pub use limits::{LimitsConfig, Size, Steps};
pub use open::{Workspace, locate};
pub use output::OutputPath;
pub use schema::{ConfigKind, config_schema};
pub use select::Selection;
pub use target::Target;

use crate::diag::nearest;

/// How many names a hint lists.
const MAX_LISTED: usize = 12;

/// The next step after a name that is not known: the one that was meant, or all there are.
fn unknown_hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, plural: &str) -> String {
    let mut known: Vec<_> = known.into_iter().collect();
    if let Some(meant) = nearest(name, known.iter().copied()) {
        return format!("did you mean `{meant}`?");
    }
    let mut seen = std::collections::BTreeSet::new();
    known.retain(|name| seen.insert(*name));
    if known.is_empty() {
        return format!("there are no {plural} yet; `jibe new` makes one");
    }
    let listed: Vec<_> = known.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
    let more = known.len().saturating_sub(MAX_LISTED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("the {plural} are {}{rest}", listed.join(", "))
}

/// The hint for somebody who wrote the real name of a namespace where the logical one is meant.
fn logical_name<'e>(
    environments: impl IntoIterator<Item = &'e Environment>,
    real: &str,
) -> Option<String> {
    let mut all = environments.into_iter().flat_map(|environment| {
        environment.namespaces.iter().map(move |(name, real)| (environment, name, real))
    });
    let (environment, name, _) = all.find(|(_, _, known)| known.as_deref() == Some(real))?;
    Some(format!("`{real}` is the real name of `{name}` in `{}`: write `{name}`", environment.name))
}
