//! What can be said about a kind that is not served.

use super::{Api, Version, is_builtin_group, kind, split};
use crate::diag::nearest;

/// Why an `apiVersion` and `kind` mean nothing to a Kubernetes version, and what could have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    api_version: String,
    kind: String,
    kubernetes: Version,
    /// The first and last known Kubernetes version that serve exactly this kind themselves.
    pub elsewhere: Option<(Version, Version)>,
    /// The `apiVersion`s under which the kind is served, stable ones first, the newest first.
    pub served_as: Vec<String>,
    /// A served `apiVersion` and kind with a similar name, if nothing has this one.
    pub near: Option<(String, String)>,
}

impl Unknown {
    pub(super) fn new(api: &Api, api_version: &str, kind: &str) -> Unknown {
        let served_as = served_as(api, kind);
        let near = if served_as.is_empty() { near(api, api_version, kind) } else { None };
        let elsewhere = elsewhere(api_version, kind);
        let (api_version, kind) = (api_version.to_owned(), kind.to_owned());
        Unknown { api_version, kind, kubernetes: api.version(), elsewhere, served_as, near }
    }

    /// What is wrong: "Kubernetes 1.35 does not serve …", and in which versions it is served.
    #[must_use]
    pub fn message(&self) -> String {
        let what = format!(
            "`{} {}` is not served by Kubernetes {}",
            self.api_version, self.kind, self.kubernetes
        );
        match self.elsewhere {
            Some((_, last)) if last < self.kubernetes => format!("{what}, only until {last}"),
            Some((first, _)) if first > self.kubernetes => format!("{what}, only from {first} on"),
            _ => what,
        }
    }

    /// The next steps, the likeliest first; at least one. `define` says where definitions of custom resources go.
    #[must_use]
    pub fn hints(&self, define: &str) -> Vec<String> {
        let served = self
            .served_as
            .first()
            .map(|best| format!("write `apiVersion: {best}`, which serves `{}`", self.kind));
        let near = self
            .near
            .as_ref()
            .map(|(api_version, kind)| format!("did you mean `{api_version} {kind}`?"));
        // A group that Kubernetes does not know, such as Knative's with its own `Service`, is hardly a slip.
        if !is_builtin_group(split(&self.api_version).0) {
            return std::iter::once(define.to_owned()).chain(served).chain(near).collect();
        }
        let hints: Vec<_> = served.into_iter().chain(near).collect();
        if hints.is_empty() { vec![self.elsewhere_hint()] } else { hints }
    }

    fn elsewhere_hint(&self) -> String {
        match self.elsewhere {
            Some((first, _)) if first > self.kubernetes => {
                format!(
                    "if the cluster is that new, name its version, `kubernetes: \"{first}\"` in jibe.yaml or `--kube-version {first}`; else take the manifest out"
                )
            }
            Some(_) => "nothing of that name is served any more: take the manifest out".to_owned(),
            None => "correct `apiVersion` and `kind`".to_owned(),
        }
    }
}

fn served_as(api: &Api, name: &str) -> Vec<String> {
    let mut found: Vec<_> = api.kinds().filter(|kind| kind.name() == name).collect();
    found.sort_by_key(|kind| std::cmp::Reverse(maturity(kind.version())));
    found.into_iter().map(|kind| kind.api_version()).collect()
}

/// Orders `v1alpha1 < v1beta1 < v1 < v2`.
fn maturity(version: &str) -> (u8, u32, u32) {
    let numbers = version.trim_start_matches('v');
    let digits = |text: &str| text.parse().unwrap_or(0);
    for (stage, word) in [(0, "alpha"), (1, "beta")] {
        if let Some((major, minor)) = numbers.split_once(word) {
            return (stage, digits(major), digits(minor));
        }
    }
    (2, digits(numbers), 0)
}

fn elsewhere(api_version: &str, name: &str) -> Option<(Version, Version)> {
    let (group, version) = split(api_version);
    let serves = |kubernetes: &Version| {
        kind::builtin(*kubernetes).iter().any(|kind| kind.key() == (group, version, name))
    };
    Some((Version::all().find(serves)?, Version::all().rev().find(serves)?))
}

/// The kind with the nearest name; one of the same group wins.
fn near(api: &Api, api_version: &str, name: &str) -> Option<(String, String)> {
    let group = split(api_version).0;
    let (same, other): (Vec<_>, Vec<_>) = api.kinds().partition(|kind| kind.group() == group);
    let kinds = same.into_iter().chain(other);
    let found = nearest(name, kinds.clone().map(|kind| kind.name()))?;
    let mut named: Vec<_> = kinds.filter(|kind| kind.name() == found).collect();
    named.sort_by_key(|kind| (kind.group() != group, std::cmp::Reverse(maturity(kind.version()))));
    named.first().map(|kind| (kind.api_version(), kind.name().to_owned()))
}
