//! Since when an API is deprecated, when it goes, and what takes its place.
//!
//! `schema/lifecycle.txt`, a row a kind  --of-->  Life`; `versions.yaml`, rows of others  --Lifecycle::read-->  the same
//!
//! That a version no longer serves an API is known from its own schemas; this only adds when it was announced and what to
//! use. Rows of others speak of kinds that Kubernetes does not have, by the versions of what brings them.

use super::Version;
use crate::diag::{Reported, Sink};
use crate::yaml::{self, Node};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

const TABLE: &str = include_str!("../../schema/lifecycle.txt");

/// What is announced of an API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// The first version in which it is deprecated, such as `1.33`, or `cert-manager 1.4.0`.
    pub deprecated: Option<String>,
    /// The first version without it.
    pub removed: Option<String>,
    /// The `apiVersion` and kind that take its place.
    pub replacement: Option<(String, String)>,
}

/// What Kubernetes itself announces of an API, whatever the version.
pub(super) fn of(api_version: &str, kind: &str) -> Option<&'static Life> {
    static ROWS: OnceLock<BTreeMap<&str, Vec<(&str, Life)>>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let mut rows: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let ((api_version, kind), life) = row(line).expect("a test reads every row");
            rows.entry(api_version).or_default().push((kind, life));
        }
        rows
    });
    rows.get(api_version)?.iter().find(|(name, _)| *name == kind).map(|(_, life)| life)
}

fn row(line: &'static str) -> Option<((&'static str, &'static str), Life)> {
    let mut words = line.split(' ');
    let (api_version, kind) = (words.next()?, words.next()?);
    let mut life = Life::default();
    for word in words {
        match word.split_once('=')? {
            ("deprecated", version) => life.deprecated = Some(version.to_owned()),
            ("removed", version) => life.removed = Some(version.to_owned()),
            ("use", other) => {
                let (other, renamed) = other.split_once(',').unwrap_or((other, kind));
                life.replacement = Some((other.to_owned(), renamed.to_owned()));
            }
            _ => return None,
        }
    }
    Some(((api_version, kind), life))
}

/// Whether a version, `1.33` or `v1.33.2`, is not newer than another.
fn is_reached(announced: &str, target: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        let plain = text.trim_start_matches('v').split(['-', '+']).next().unwrap_or_default();
        plain.split('.').map(|part| part.parse().unwrap_or_default()).collect()
    };
    numbers(announced) <= numbers(target)
}

/// Whether a version that is announced is `kubernetes` or was before it.
pub(super) fn is_by_now(announced: Option<&str>, kubernetes: Version) -> bool {
    announced.is_some_and(|version| is_reached(version, &kubernetes.to_string()))
}

/// What is announced of kinds that Kubernetes does not have, such as those of cert-manager.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle(Arc<[Announced]>);

#[derive(Clone, Debug)]
struct Announced {
    api_version: String,
    /// None for every kind of the API.
    kind: Option<String>,
    life: Life,
    is_removed: bool,
}

/// The file, as Pluto has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "deprecated-versions", default)]
    rows: Vec<Row>,
    /// The version of each component; one that is not named is the newest.
    #[serde(rename = "target-versions", default)]
    targets: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    version: String,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    deprecated_in: Option<String>,
    #[serde(default)]
    removed_in: Option<String>,
    #[serde(default)]
    replacement_api: Option<String>,
    #[serde(default, rename = "replacement-available-in")]
    _available: Option<String>,
    #[serde(default)]
    component: Option<String>,
}

impl Lifecycle {
    /// Reads rows in the form that Pluto has: `deprecated-versions` with `version`, `kind` (none for every kind),
    /// `deprecated-in`, `removed-in`, `replacement-api` and `component`, and `target-versions` by component.
    ///
    /// Rows of the component `k8s` are passed over: what Kubernetes announces is known.
    ///
    /// # Errors
    /// When a document has another form; every such document is reported.
    pub fn read<'n>(
        documents: impl IntoIterator<Item = &'n Node>,
        sink: &mut Sink,
    ) -> Result<Lifecycle, Reported> {
        let mut found = Vec::new();
        let mut passed = Ok(());
        for document in documents {
            match yaml::from_node::<File>(document) {
                Ok(file) => found.extend(announced(file)),
                Err(problem) => passed = Err(sink.error(problem.in_file(document.place.file))),
            }
        }
        passed.map(|()| Lifecycle(found.into()))
    }

    /// What is announced of an API, and whether it is gone by now.
    pub(super) fn of(&self, api_version: &str, kind: &str) -> Option<(&Life, bool)> {
        let is_meant = |row: &&Announced| {
            row.api_version == api_version && row.kind.as_deref().is_none_or(|name| name == kind)
        };
        self.0.iter().find(is_meant).map(|row| (&row.life, row.is_removed))
    }
}

fn announced(file: File) -> impl Iterator<Item = Announced> {
    let File { rows, targets } = file;
    rows.into_iter().filter_map(move |row| {
        let component = row.component.unwrap_or_default();
        let target = targets.get(&component).cloned();
        let by_now = |version: Option<String>| {
            let version = version.filter(|version| !version.is_empty())?;
            let is_now = target.as_deref().is_none_or(|target| is_reached(&version, target));
            let version = version.trim_start_matches('v').to_owned();
            is_now.then(|| format!("{component} {version}").trim_start().to_owned())
        };
        let (deprecated, removed) = (by_now(row.deprecated_in), by_now(row.removed_in));
        let is_removed = removed.is_some();
        let kind = row.kind.filter(|kind| !kind.is_empty());
        let replacement = row.replacement_api.filter(|api| !api.is_empty());
        let replacement = replacement.map(|api| (api, kind.clone().unwrap_or_default()));
        let is_known = component != "k8s" && (deprecated.is_some() || is_removed);
        is_known.then_some(Announced {
            api_version: row.version,
            kind,
            life: Life { deprecated, removed, replacement },
            is_removed,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{TABLE, of, row};

    #[test]
    fn every_row_can_be_read_and_says_since_when() {
        for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (_, life) = row(line).unwrap_or_else(|| panic!("cannot be read: {line}"));
            assert!(life.deprecated.is_some(), "{line}");
        }
    }

    #[test]
    fn an_ingress_of_beta_days_has_gone_to_networking_v1() {
        let life = of("extensions/v1beta1", "Ingress").expect("a row");
        assert_eq!(life.removed.as_deref(), Some("1.22"));
        assert_eq!(life.replacement, Some(("networking.k8s.io/v1".into(), "Ingress".into())));
        assert_eq!(of("networking.k8s.io/v1", "Ingress"), None);
    }
}
