//! Secrets that would be committed in plain text.

use super::schema::{Path, Step};
use crate::diag::{Code, Diagnostic};
use crate::manifest::Manifest;
use crate::source::{Place, Secrets};
use crate::yaml::{Data, Node};
use std::sync::Arc;

/// Types of Secrets that hold nothing secret by themselves: a controller fills them in.
const FILLED_IN: [&str; 1] = ["kubernetes.io/service-account-token"];

/// Whether secrets may stand in manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InlineSecrets {
    /// They are findings.
    #[default]
    Refused,
    /// They may.
    Allowed,
}

/// What is known of secrets when a target's manifests are checked.
#[derive(Clone, Copy)]
pub struct Inline<'a> {
    /// Whether they may stand in manifests.
    pub policy: InlineSecrets,
    /// What is known of the target's secret values; none if it has none.
    pub values: Option<InlineValues<'a>>,
}

/// The secret values of a target.
#[derive(Clone, Copy)]
pub struct InlineValues<'a> {
    /// Their texts.
    pub texts: &'a Secrets,
    /// The secret value that a filled node was made of, if it was.
    pub made_of: &'a dyn Fn(&Node) -> Option<Place>,
    /// The path of the secret value that stands in a text, in some spelling, and where it is set.
    pub said_by: &'a dyn Fn(&str) -> Option<(String, Place)>,
    /// The path of the secret value that is set at a place.
    pub set_at: &'a dyn Fn(Place) -> Option<String>,
}

impl std::fmt::Debug for Inline<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inline").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl Inline<'_> {
    /// For manifests that no values were made into.
    #[must_use]
    pub fn without_values(policy: InlineSecrets) -> Self {
        Self { policy, values: None }
    }

    /// That a manifest holds a secret: a value that the chart's schema marks, or the data of a Secret.
    pub(super) fn finding(&self, manifest: &Manifest) -> Option<Diagnostic> {
        if self.policy == InlineSecrets::Allowed {
            return None;
        }
        let of_value = self.values.and_then(|values| values.finding(manifest));
        of_value.or_else(|| of_data(manifest))
    }
}

impl InlineValues<'_> {
    fn finding(&self, manifest: &Manifest) -> Option<Diagnostic> {
        let (path, node) = self.find(&manifest.node)?;
        let text = node.as_str().unwrap_or_default();
        let (value, message) = match (self.said_by)(text) {
            Some((name, place)) => {
                let message = format!(
                    "`{path}` holds the value `{name}`, which is secret as the chart's schema says"
                );
                (Some(place), message)
            }
            None => {
                let place = (self.made_of)(node).or(node.set_at);
                let message = match place.and_then(self.set_at) {
                    Some(name) => format!(
                        "`{path}` is made of the value `{name}`, which is secret as the chart's schema says"
                    ),
                    None => {
                        format!("`{path}` holds a value that the chart's schema marks as secret")
                    }
                };
                (place, message)
            }
        };
        let mut finding = Diagnostic::error(Code::CheckSecretInline, message);
        if let Some(place) = value.filter(|place| *place != node.place) {
            finding = finding.also(place, "its value is set here").without_excerpts();
        }
        let finding = finding.at(node.place, "").hint(
            "keep the value out of Git: name a Secret here (`secretKeyRef`) that an ExternalSecret or a SOPS-encrypted manifest makes",
        );
        Some(named(allowed_by(finding), manifest, &path))
    }

    /// The first node that holds a secret, as a value or in the name of a key, and its path.
    fn find<'n>(&self, node: &'n Node) -> Option<(Path, &'n Node)> {
        let below = |(path, node): (Path, &'n Node), step| (path.under(step), node);
        match &node.data {
            Data::Scalar(scalar) => {
                let is_secret = (self.made_of)(node).is_some() || self.texts.are_in(&scalar.text);
                is_secret.then(|| (Path::default(), node))
            }
            Data::List(items) => items
                .iter()
                .enumerate()
                .find_map(|(at, item)| Some(below(self.find(item)?, Step::Index(at)))),
            Data::Map(map) => map.iter().find_map(|(key, node)| {
                if self.texts.are_in(&key.name) {
                    return Some((Path::default(), node));
                }
                Some(below(self.find(node)?, Step::Key(Arc::clone(&key.name))))
            }),
        }
    }
}

/// That a Secret has its data in plain text, whoever wrote it.
fn of_data(manifest: &Manifest) -> Option<Diagnostic> {
    let is_secret = &*manifest.id.kind == "Secret" && manifest.id.group.is_empty();
    let (path, value) = if is_secret { plain_entry(&manifest.node) } else { None }?;
    let message = format!("`{path}` of a Secret would stand in Git in plain text");
    let finding = Diagnostic::error(Code::CheckSecretInline, message);
    let finding = finding.at(value.place, "").without_excerpts().hint(
        "let an ExternalSecret make it, or encrypt it with SOPS and put it among the service's `manifests/`",
    );
    Some(named(allowed_by(finding), manifest, &path))
}

/// The first entry of a Secret's data that stands there in plain text, and its path.
///
/// None for those that a controller fills in, and those that SOPS encrypted.
#[must_use]
pub fn plain_entry(secret: &Node) -> Option<(Path, &Node)> {
    let kind = secret.get("type").and_then(Node::as_str).unwrap_or_default();
    let is_encrypted = secret.get("sops").is_some_and(|sops| sops.as_map().is_some());
    if is_encrypted || FILLED_IN.contains(&kind) {
        return None;
    }
    ["data", "stringData"].into_iter().find_map(|name| {
        let entries = secret.get(name)?.as_map()?;
        let (key, value) = entries.iter().find(|(_, value)| value.as_str() != Some(""))?;
        Some((Path::default().key(name).key(&key.name), value))
    })
}

fn named(finding: Diagnostic, manifest: &Manifest, path: &Path) -> Diagnostic {
    let finding = finding.subject(format!("{} {path}", manifest.id));
    finding.known_by(manifest.id.in_full(), path.by_names(&manifest.node))
}

fn allowed_by(finding: Diagnostic) -> Diagnostic {
    finding.hint(
        "`--allow-inline-secrets` lets it pass once; `checks.severity` of jibe.yaml for an environment: `check/secret-inline: off`",
    )
}
