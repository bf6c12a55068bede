//! What a Kubernetes version serves.
//!
//! `Version  --Api::new-->  Api  --with(Definitions)-->  Api  --kind-->  Kind  --schema-->  JSON Schema`
//!
//! The schemas of 13 Kubernetes versions are embedded as text (`schema/kubernetes/`); an index over it is built once, a
//! kind's schema when it is first asked for. A kind counts as served when the published API of the version has it,
//! alpha and beta groups included: whether a cluster has switched them on is not known here. Knows no files, no
//! targets and no validator.
//!
//! # What the schemas say
//! One self-contained JSON Schema (draft 2020-12) a kind, with `$defs` of the types it needs. It is strict: a field that a
//! server would not know is refused (`additionalProperties: false`). `apiVersion` and `kind` are pinned and required.
//!
//! *Required.* Of built-in kinds only `apiVersion` and `kind`: which other fields a server asks for is not what the published
//! schemas say; `schema/rules/` has it.
//!
//! *Null.* A server takes `null` in a field as if the field were absent, and as an item of a list or a value of a map as the
//! empty value of its type (`args: [null]`): allowed everywhere. Custom resources keep null in lists, so there only
//! `nullable` allows it, and required fields are not null; beside a `$ref` that is written `"not": {"type": "null"}`. What
//! must not judge a null stands under `if`/`then`.
//!
//! | keyword or format | meaning |
//! |---|---|
//! | `format: kubernetes-quantity` | a string must be a quantity; numbers pass |
//! | `format: kubernetes-base64` | standard base64 with padding; line breaks inside are read over |
//! | `format: kubernetes-date-time` | RFC 3339, as Go's `time.Parse` reads it |
//! | `format: kubernetes-micro-time` | the same with exactly six digits of fractions |
//! | `format: openapi-…` | in custom resources, the formats that a server looks at, without dashes: `openapi-datetime`, `openapi-duration`, `openapi-ipv4` …; all others are left out |
//! | `x-kubernetes-int-or-string: true` | beside `type: [integer, string]` |
//! | `x-kubernetes-preserve-unknown-fields: true` | any fields |
//! | `x-kubernetes-embedded-resource: true` | an object with its own `apiVersion` and `kind` |
//! | `x-kubernetes-list-type`, `-list-map-keys`, `-map-type`, `-patch-strategy`, `-patch-merge-key` | how lists and maps merge, see [`Kind::list_rule`] |
//! | `x-kubernetes-validations` | the CEL rules of a custom resource, as written; [`structure`] has them compiled |
//!
//! 32-bit and 64-bit integers have `minimum` and `maximum`. Nothing else is checked: ranges, names and enums of built-in
//! kinds are not in the published schemas.

mod definition;
mod embedded;
mod formats;
mod kind;
mod lifecycle;
mod lists;
mod schema;
mod shape;
pub mod structure;
mod unknown;
mod version;

#[cfg(test)]
mod tests;

pub use definition::{Catalog, Definitions};
pub(crate) use embedded::paragraphs;
pub use formats::{formats, is_of_format};
pub use kind::{Kind, Scope};
pub use lifecycle::{Life, Lifecycle};
pub use lists::{ListRule, ListType};
pub use shape::{AllShapes, Form, Shape, Shapes};
pub use unknown::Unknown;
pub use version::{UnknownVersion, Version};

use std::sync::Arc;

/// What one Kubernetes version serves, and the custom resources added to it.
///
/// Cheap to make and to clone; kinds and their schemas are shared.
#[derive(Clone, Debug)]
pub struct Api {
    version: Version,
    custom: Arc<[Arc<Kind>]>,
    lifecycle: Lifecycle,
}

/// What is announced of an API that a version still serves, or serves no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announcement<'a> {
    /// When, and what takes its place.
    pub life: &'a Life,
    /// Whether it is deprecated by now.
    pub is_deprecated: bool,
    /// Whether it is gone by now.
    pub is_removed: bool,
}

impl Api {
    /// What a version serves by itself.
    #[must_use]
    pub fn new(version: Version) -> Api {
        Api { version, custom: Arc::default(), lifecycle: Lifecycle::default() }
    }

    /// The same with custom resources. One that is there already, by group, version and kind, is replaced; a kind that
    /// Kubernetes serves itself never is.
    #[must_use]
    pub fn with(&self, definitions: &Definitions) -> Api {
        let mut custom: Vec<_> = self.custom.to_vec();
        for added in definitions.kinds(self.version) {
            custom.retain(|kind| kind.key() != added.key());
            custom.push(Arc::new(added));
        }
        custom.sort_by(|a, b| a.key().cmp(&b.key()));
        Api { custom: custom.into(), ..self.clone() }
    }

    /// The same with what others announce of their APIs.
    #[must_use]
    pub fn with_lifecycle(&self, lifecycle: &Lifecycle) -> Api {
        Api { lifecycle: lifecycle.clone(), ..self.clone() }
    }

    /// What is announced of an API by now; none of one that nobody means to remove.
    #[must_use]
    pub fn announced(&self, api_version: &str, kind: &str) -> Option<Announcement<'_>> {
        if let Some((life, is_removed)) = self.lifecycle.of(api_version, kind) {
            return Some(Announcement { life, is_deprecated: true, is_removed });
        }
        let life = lifecycle::of(api_version, kind)?;
        let by_now =
            |version: &Option<String>| lifecycle::is_by_now(version.as_deref(), self.version);
        let (is_deprecated, is_removed) = (by_now(&life.deprecated), by_now(&life.removed));
        is_deprecated.then_some(Announcement { life, is_deprecated, is_removed })
    }

    /// The Kubernetes version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The kind that a manifest means by its `apiVersion` and `kind`.
    #[must_use]
    pub fn kind(&self, api_version: &str, kind: &str) -> Option<&Arc<Kind>> {
        let key = (split(api_version).0, split(api_version).1, kind);
        let within = |kinds: &[Arc<Kind>]| kinds.binary_search_by(|kind| kind.key().cmp(&key)).ok();
        let builtin = kind::builtin(self.version);
        match within(builtin) {
            Some(i) => builtin.get(i),
            None => self.custom.get(within(&self.custom)?),
        }
    }

    /// Whether a manifest of this `apiVersion` and `kind` can be applied.
    #[must_use]
    pub fn serves(&self, api_version: &str, kind: &str) -> bool {
        self.kind(api_version, kind).is_some()
    }

    /// Every kind: those of Kubernetes by group, version and kind, then the custom ones in the same order.
    pub fn kinds(&self) -> impl Iterator<Item = &Arc<Kind>> {
        kind::builtin(self.version).iter().chain(self.custom.iter())
    }

    /// The kind whose list this is: `Deployment` for `apps/v1` `DeploymentList`.
    #[must_use]
    pub fn item_of(&self, api_version: &str, list: &str) -> Option<&Arc<Kind>> {
        self.kind(api_version, list.strip_suffix("List")?)
    }

    /// What can be said about a kind that is not served.
    #[must_use]
    pub fn unknown(&self, api_version: &str, kind: &str) -> Unknown {
        Unknown::new(self, api_version, kind)
    }
}

/// Whether Kubernetes itself serves this group, in any version that it ever had: `""`, `apps`, `networking.k8s.io`.
#[must_use]
pub fn is_builtin_group(group: &str) -> bool {
    /// Groups that were gone before the oldest embedded version.
    const GONE: [&str; 3] = ["auditregistration.k8s.io", "extensions", "settings.k8s.io"];
    GONE.contains(&group) || embedded::groups().any(|known| known == group)
}

/// `("apps", "v1")` of `apps/v1`, `("", "v1")` of `v1`.
#[must_use]
pub fn split(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

/// `apps/v1` of `apps` and `v1`, `v1` of the empty group.
#[must_use]
pub fn api_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}
