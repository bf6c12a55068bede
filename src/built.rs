//! What targets became, as the library hands it out.

use crate::api::Api;
use crate::chart::Chart;
use crate::check::Checked;
use crate::diag::{self, Code, Diagnostic, Failure, Paint, Sink};
use crate::manifest::Manifests;
use crate::render::Trace;
use crate::source::Inputs;
use crate::tree::{self, Tree};
use crate::values::{Reference, Values};
use crate::workspace::Target;
use std::sync::Arc;

/// Everything that one target became.
#[derive(Debug)]
pub struct Build {
    /// Its merged values; none for plain manifests.
    pub values: Option<Values>,
    /// Its manifests, in the order of their identities.
    pub manifests: Checked,
    /// Its files, ready to be compared with a folder or written to it.
    pub tree: Tree,
    /// What is worth a look, sorted; the output stands.
    pub warnings: Vec<Diagnostic>,
    /// Everything that was looked at: files, absent files and folder listings.
    pub inputs: Inputs,
}

/// The merged values of several targets.
#[derive(Debug)]
pub struct Merged {
    /// Those of each target, in the order that was asked for; none for plain manifests.
    pub values: Vec<Option<Values>>,
    /// What is worth a look, sorted; the values stand.
    pub warnings: Vec<Diagnostic>,
}

/// Everything that several targets became.
#[derive(Debug)]
pub struct Builds {
    /// The targets in the order that was asked for.
    pub targets: Vec<TargetBuild>,
    /// The files of all of them.
    pub tree: Tree,
    /// What is worth a look, sorted; the output stands.
    pub warnings: Vec<Diagnostic>,
    /// Whether these are all targets, so that values which nothing reads are among the warnings.
    pub is_complete: bool,
}

/// What several targets became, without what it was made from.
#[derive(Debug)]
pub struct TreeBuild {
    /// The files of all of them.
    pub tree: Tree,
    /// What is worth a look, sorted; the output stands.
    pub warnings: Vec<Diagnostic>,
    /// How many of the targets take values, as those of charts do.
    pub with_values: usize,
    /// Whether these are all targets, so that values which nothing reads are among the warnings.
    pub is_complete: bool,
}

/// One target among several.
#[derive(Debug)]
pub struct TargetBuild {
    /// The target.
    pub target: Target,
    /// Its merged values; none for plain manifests.
    pub values: Option<Values>,
    /// Its manifests, in the order of their identities.
    pub manifests: Checked,
    /// Everything that was looked at for it.
    pub inputs: Inputs,
    /// What each of its printed values was made of; none unless the builder traces.
    pub trace: Option<Trace>,
    /// The dependencies of its chart that were rendered along, a chart before its own dependencies.
    pub dependencies: Vec<DependencyBuild>,
    /// What its Kubernetes versions serve.
    pub(crate) apis: Vec<Api>,
}

/// What one target renders, before its manifests are checked.
#[derive(Debug)]
pub struct Unchecked {
    /// Its manifests, in the order of their identities.
    pub manifests: Manifests,
    /// What each of its printed values was made of; none unless the builder traces.
    pub trace: Option<Trace>,
    /// The dependencies of its chart that were rendered along, a chart before its own dependencies.
    pub dependencies: Vec<DependencyBuild>,
}

/// A dependency that was rendered along with a target's chart.
#[derive(Debug)]
pub struct DependencyBuild {
    /// The names of the dependencies that lead to it, `/` between them.
    pub name: Arc<str>,
    /// What its templates see as `target.service`.
    pub service: String,
    /// Its merged values.
    pub values: Values,
    /// Its chart.
    pub chart: Arc<Chart>,
    /// The references by which the chart that it is a dependency of passes values on to it: they read that
    /// chart's values, and their paths are those of what is passed.
    pub passed: Vec<Reference>,
    /// What each of its printed values was made of; none unless the builder traces.
    pub trace: Option<Trace>,
}

/// The merged values of one target, as they are explained.
#[derive(Debug)]
pub struct Layered {
    /// The values.
    pub values: Values,
    /// The chart that they are for.
    pub chart: Arc<Chart>,
}

/// Two builds of the same targets must have the same files and the same findings.
pub(crate) fn expect_same(
    once: &Result<TreeBuild, Failure>,
    again: &Result<TreeBuild, Failure>,
    sink: &mut Sink,
) {
    if let (Ok(once), Ok(again)) = (once, again) {
        once.tree.expect_same(&again.tree, sink);
    }
    let told = |built: &Result<TreeBuild, Failure>| {
        let found = built.as_ref().map_or_else(Failure::diagnostics, |built| &built.warnings);
        diag::report(found, Paint::Plain)
    };
    tree::expect_same_findings(&told(once), &told(again), sink);
}

/// That the files of all targets are more than one run makes.
pub(crate) fn too_much(bytes: u64, most: u64) -> Diagnostic {
    let message =
        format!("the files of all targets have {bytes} bytes; at most {most} are made in one run");
    Diagnostic::error(Code::TreeTooLarge, message).hint(
        "choose fewer targets with `-e`, or raise `limits.output` in the workspace's jibe.yaml",
    )
}
