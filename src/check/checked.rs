//! Manifests that passed every check.

use super::{Inline, Known, Validators, kubernetes};
use crate::api::Api;
use crate::diag::{Diagnostic, Reported, Severities, Sink};
use crate::manifest::{Manifest, Manifests};

/// Manifests that passed every check. Only [`check`] makes them, and only they can be laid out.
#[derive(Debug, Clone)]
pub struct Checked(Manifests);

impl Checked {
    /// The manifests, in the order of their identities.
    #[must_use]
    pub fn manifests(&self) -> &Manifests {
        &self.0
    }

    /// The manifests in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Manifest> {
        self.0.iter()
    }
}

impl<'c> IntoIterator for &'c Checked {
    type Item = &'c Manifest;
    type IntoIter = std::slice::Iter<'c, Manifest>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// What manifests are held to.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// What each Kubernetes version of the environment serves, custom resources included; all must take a manifest.
    pub apis: &'a [Api],
    /// How much findings weigh.
    pub severities: &'a Severities,
    /// Compiled schemas; one set serves all targets and threads.
    pub validators: &'a Validators,
    /// Where the next steps lead.
    pub advice: Advice,
    /// Whether secrets may stand in manifests, and which values are secret.
    pub inline: Inline<'a>,
    /// Findings that were there before and are let pass, if there are any.
    pub known: Option<Known<'a>>,
}

/// Where the next steps that findings name lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Advice {
    /// To a workspace, its charts and environments.
    #[default]
    Workspace,
    /// To the command line, which names files and versions.
    CommandLine,
}

impl Advice {
    /// Of what some versions lack.
    pub(super) fn others_serve(self) -> &'static str {
        match self {
            Self::Workspace => "the environment's other versions serve it: all must agree",
            Self::CommandLine => "the other versions serve it: all must agree",
        }
    }

    /// Where a custom resource's definition goes.
    pub(super) fn definitions(self) -> &'static str {
        match self {
            Self::Workspace => {
                "if it is a custom resource, put its definition into the chart's `crds/` or the workspace's `schemas/`"
            }
            Self::CommandLine => {
                "if it is a custom resource, name the file with its definition: `--crd FILE`; or pass `--allow-unknown-kinds`"
            }
        }
    }
}

/// What the API servers say to one manifest, in the order of the text; nothing of one that is passed on byte for byte.
#[must_use]
pub fn judge(manifest: &Manifest, rules: &Rules<'_>) -> Vec<Diagnostic> {
    match manifest.verbatim {
        Some(_) => Vec::new(),
        None => kubernetes::findings(manifest, rules),
    }
}

/// Checks manifests against every Kubernetes version of their environment. A manifest that is passed on byte for byte is
/// encrypted, so nothing but its identity can be judged.
///
/// # Errors
/// When a finding weighs as an error; everything found is reported.
pub fn check(
    manifests: Manifests,
    rules: &Rules<'_>,
    sink: &mut Sink,
) -> Result<Checked, Reported> {
    let mut found = Vec::new();
    for manifest in manifests.iter().filter(|manifest| manifest.verbatim.is_none()) {
        found.extend(kubernetes::findings(manifest, rules));
        found.extend(rules.inline.finding(manifest));
    }
    let mut failed = None;
    for finding in new(found, rules, sink.target().unwrap_or_default()) {
        failed = sink.weigh(finding, rules.severities).or(failed);
    }
    failed.map_or(Ok(Checked(manifests)), Err)
}

/// The findings that are looked for and were not there before.
fn new(mut found: Vec<Diagnostic>, rules: &Rules<'_>, target: &str) -> Vec<Diagnostic> {
    let Some(known) = &rules.known else { return found };
    found.retain(|finding| rules.severities.of(finding.code, finding.severity).is_some());
    for identity in found.iter_mut().flat_map(|finding| &mut finding.identities) {
        target.clone_into(&mut identity.within);
    }
    known.sift(found, target)
}
