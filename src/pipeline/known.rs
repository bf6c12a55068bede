//! Findings that were there before: the workspace's baseline, read once for all targets.

use super::Builder;
use crate::check::{Baseline, Known, Stale};
use crate::diag::{Reported, Severities, Sink};
use crate::source::Inputs;
use crate::workspace::Workspace;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What the workspace's file says, and what was looked at for it.
#[derive(Debug)]
pub(super) struct KnownFile {
    baseline: Arc<Baseline>,
    looked: Arc<Inputs>,
}

impl Builder<'_> {
    /// Lets these findings pass in place of those of the workspace's own file, which is not read.
    #[must_use]
    pub fn with_baseline(mut self, baseline: Baseline) -> Self {
        self.baseline = Some(Arc::new(baseline));
        self
    }

    /// How many findings were let pass so far because they were there before.
    #[must_use]
    pub fn known_findings(&self) -> usize {
        self.passed.load(Ordering::Relaxed)
    }

    /// Reads what is let pass; tells what of it is of targets that are no more.
    pub(super) fn learn_known(&self, sink: &mut Sink) -> Result<(), Reported> {
        if self.known.get().is_some() {
            return Ok(());
        }
        let mut looked = Inputs::default();
        let baseline = match &self.baseline {
            Some(given) => Arc::clone(given),
            None => match self.workspace.read_baseline(&mut looked, sink)? {
                None => return Ok(()),
                Some(source) => Arc::new(Baseline::read(&source, sink)?),
            },
        };
        tell_of_gone_targets(self.workspace, &baseline, sink)?;
        let looked = Arc::new(looked);
        // Whoever was first read the same.
        let _ = self.known.set(KnownFile { baseline, looked });
        Ok(())
    }

    /// What is let pass of a target.
    pub(super) fn known(&self, inputs: &mut Inputs) -> Option<Known<'_>> {
        let file = self.known.get()?;
        inputs.extend(&file.looked);
        let is_as_usual = self.extra.is_empty() && self.versions.is_empty();
        let stale = if is_as_usual { Stale::Told } else { Stale::Untold };
        Some(Known { baseline: &file.baseline, passed: &self.passed, stale })
    }
}

/// An entry weighs what its environment says, if that is still there.
fn tell_of_gone_targets(
    workspace: &Workspace,
    baseline: &Baseline,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let targets: BTreeSet<_> =
        workspace.targets().iter().map(|target| target.in_messages()).collect();
    let by_default = Severities::default();
    let mut failed = None;
    for (within, finding) in baseline.stale(&[], |within| !targets.contains(within)) {
        let environment = within.split('/').next().unwrap_or_default();
        let mut all = workspace.environments();
        let severities = all.find(|one| one.name == environment).map(|one| &*one.severities);
        failed = sink.weigh(finding, severities.unwrap_or(&by_default)).or(failed);
    }
    failed.map_or(Ok(()), Err)
}
