//! The stages in order, from a target to what is written for it.
//!
//! `Target ─gather→ Material ─merge→ Values ─resolve, validate→ Values ─render→ drafts ─identify→ Manifests ─transform→ Manifests ─check→ Checked ─lay out→ Tree`
//!
//! Promise: targets are independent, so their number of threads changes nothing; what targets share
//! (templates, schemas, definitions) is made once and says the same to each of them; nothing is laid
//! out unless every target passed. Writes nothing.

mod edits;
mod known;
mod merged;
mod parts;
mod secrets;
mod unchecked;

use crate::api::{Api, Catalog, Definitions, Version};
use crate::built::{
    Build, Builds, DependencyBuild, Layered, Merged, TargetBuild, TreeBuild, Unchecked,
    expect_same, too_much,
};
use crate::chart::{Chart, Memo};
use crate::check::{
    self, Advice, Baseline, Inline, InlineSecrets, InlineValues, Rules, Sensitive, Validators,
    ValuesSchema,
};
use crate::diag::{Diagnostic, Failure, Reported, Sink};
use crate::manifest::{self, Claim, Draft, Manifests};
use crate::render::{
    ClusterInfo, Context, References, Renderer, SecretsMade, TargetInfo, Threads, Trace, Unread,
};
use crate::source::{Inputs, Place, RelPath, Secrets, Source};
use crate::transform::patch::MergeKeys;
use crate::tree::{self, Lot, Tree};
use crate::values::{Layer, Merger, Reference, Values};
use crate::workspace::{Target, TargetSource, Workspace};
use crate::yaml;
use indexmap::{IndexMap, IndexSet};
use known::KnownFile;
use parts::told_apart;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

/// Builds one target.
///
/// # Errors
/// When anything is wrong with it; the failure holds everything that was found.
pub fn build(workspace: &Workspace, target: &Target) -> Result<Build, Failure> {
    let built = Builder::new(workspace).build(&[target])?;
    let one = built.targets.into_iter().next().expect("one target was asked for");
    let TargetBuild { values, manifests, inputs, .. } = one;
    Ok(Build { values, manifests, tree: built.tree, warnings: built.warnings, inputs })
}

/// Builds targets of one workspace; what they share is made once.
#[derive(Debug)]
pub struct Builder<'w> {
    workspace: &'w Workspace,
    extra: Vec<Layer>,
    versions: Vec<Version>,
    inline: InlineSecrets,
    is_traced: bool,
    merger: Merger,
    references: Arc<References>,
    renderers: Memo<Arc<Renderer>>,
    schemas: Memo<Arc<ValuesSchema>>,
    definitions: Memo<Arc<Definitions>>,
    /// What the charts' `crds/` hold.
    crds: Memo<Vec<Draft>>,
    /// The definitions among the targets' own manifests.
    catalog: Catalog,
    /// By which keys lists merge where kustomizations patch: those of a Kubernetes version and of the workspace's `schemas/`.
    merge_keys: Memo<Arc<MergeKeys>, Version>,
    /// What the charts' schemas mark as secret.
    marks: Memo<Option<Sensitive>>,
    /// The layers whose secrets are known, by the chart that marks them.
    marked: Mutex<IndexSet<(RelPath, Place)>>,
    validators: Validators,
    /// Findings that are let pass, if not those of the workspace's own file.
    baseline: Option<Arc<Baseline>>,
    known: OnceLock<KnownFile>,
    passed: AtomicUsize,
    done: Arc<AtomicUsize>,
    /// How many threads work, if not as many as the current rayon pool has.
    threads: Option<usize>,
}

impl<'w> Builder<'w> {
    /// A builder for targets of `workspace`.
    #[must_use]
    pub fn new(workspace: &'w Workspace) -> Self {
        Self {
            workspace,
            extra: Vec::new(),
            versions: Vec::new(),
            inline: InlineSecrets::default(),
            is_traced: false,
            merger: Merger::default(),
            references: Arc::new(References::new(&workspace.files().limits())),
            renderers: Memo::default(),
            schemas: Memo::default(),
            definitions: Memo::default(),
            crds: Memo::default(),
            catalog: Catalog::default(),
            merge_keys: Memo::default(),
            marks: Memo::default(),
            marked: Mutex::default(),
            validators: Validators::default(),
            baseline: None,
            known: OnceLock::new(),
            passed: AtomicUsize::new(0),
            done: Arc::default(),
            threads: None,
        }
    }

    /// Puts layers on top of every chart's values, weakest first, as `-f` and `--set` do.
    #[must_use]
    pub fn with_layers(mut self, extra: Vec<Layer>) -> Self {
        self.extra = extra;
        self
    }

    /// Checks against these Kubernetes versions in place of the environments' own.
    #[must_use]
    pub fn with_versions(mut self, versions: Vec<Version>) -> Self {
        self.versions = versions;
        self
    }

    /// Says whether secrets may stand in manifests.
    #[must_use]
    pub fn with_inline_secrets(mut self, inline: InlineSecrets) -> Self {
        self.inline = inline;
        self
    }

    /// Finds out what each printed value is made of, which takes longer and changes no output.
    #[must_use]
    pub fn with_trace(mut self) -> Self {
        self.is_traced = true;
        self
    }

    /// How many targets are done so far.
    #[must_use]
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// Builds targets, with as many threads as the current rayon pool has.
    ///
    /// # Errors
    /// When anything is wrong with any of them; the failure holds everything that was found.
    pub fn build(&self, targets: &[&Target]) -> Result<Builds, Failure> {
        let Made { kept: targets, tree, warnings, is_complete } =
            self.run(targets, |built| built)?;
        Ok(Builds { targets, tree, warnings, is_complete })
    }

    /// Builds targets for their files alone.
    ///
    /// A fleet takes much less memory than with [`Builder::build`]: of each target only the texts are
    /// kept.
    ///
    /// # Errors
    /// When anything is wrong with any of them; the failure holds everything that was found.
    pub fn tree(&self, targets: &[&Target]) -> Result<TreeBuild, Failure> {
        let Made { kept, tree, warnings, is_complete } =
            self.run(targets, |built| built.values.is_some())?;
        let with_values = kept.into_iter().filter(|takes_values| *takes_values).count();
        Ok(TreeBuild { tree, warnings, with_values, is_complete })
    }

    /// Builds targets for their files, and a second time with nothing left of the first: in reverse
    /// order and with another number of threads. [`Builder::done`] counts both.
    ///
    /// # Errors
    /// As [`Builder::tree`]; also when a byte of a file or a word of a finding is not the same both times.
    pub fn tree_twice(&self, targets: &[&Target]) -> Result<TreeBuild, Failure> {
        let once = self.tree(targets);
        let reversed: Vec<_> = targets.iter().rev().copied().collect();
        let again = self.afresh().tree(&reversed);
        let mut sink = Sink::new(self.workspace.files());
        expect_same(&once, &again, &mut sink);
        sink.finish().and(once)
    }

    /// A builder of the same with empty caches and another number of threads.
    fn afresh(&self) -> Self {
        let threads = if rayon::current_num_threads() == 1 { 3 } else { 1 };
        Self {
            extra: self.extra.clone(),
            versions: self.versions.clone(),
            inline: self.inline,
            baseline: self.baseline.clone(),
            done: Arc::clone(&self.done),
            threads: Some(threads),
            ..Self::new(self.workspace)
        }
    }

    fn run<T: Send>(
        &self,
        targets: &[&Target],
        keep: impl Fn(TargetBuild) -> T + Sync,
    ) -> Result<Made<T>, Failure> {
        Self::learn_secrets(self.workspace, targets);
        let mut sink = Sink::new(self.workspace.files());
        let is_complete = self.is_complete(targets);
        let threads = self.threads.map_or_else(|| Threads::new(targets.len()), Threads::exactly);
        let built = threads.run(|| {
            self.learn_known(&mut sink)?;
            // Files of the workspace are judged only if `targets` are all that could read them.
            let is_judged =
                |file| is_complete || self.extra.iter().any(|layer| layer.place.file == file);
            let unread = (is_complete || !self.extra.is_empty()).then(Unread::of_threads);
            let shares = self.shares(targets, (&keep, unread.as_ref()), &mut sink)?;
            for finding in unread.into_iter().flat_map(|unread| unread.findings(is_judged)) {
                sink.tell(finding);
            }
            distinct(targets, &shares, &mut sink)?;
            let (lots, kept) = shares.into_iter().map(|share| (share.lot, share.kept)).unzip();
            Ok::<_, Reported>((kept, tree::lay_out(lots, &mut sink)?))
        });
        let mut warnings = self.workspace.warnings().to_vec();
        warnings.extend(sink.finish()?);
        let (kept, tree) = built.expect("an error leaves a failure behind");
        Ok(Made { kept, tree, warnings, is_complete })
    }

    /// Whether targets are all that the workspace has.
    fn is_complete(&self, targets: &[&Target]) -> bool {
        let names: BTreeSet<_> = targets.iter().map(ToString::to_string).collect();
        names.len() == self.workspace.targets().len()
    }

    fn shares<T: Send>(
        &self,
        targets: &[&Target],
        (keep, unread): (&(impl Fn(TargetBuild) -> T + Sync), Option<&Unread>),
        sink: &mut Sink,
    ) -> Result<Vec<Share<T>>, Reported> {
        let files = self.workspace.files();
        let most = files.limits().output;
        let made = AtomicU64::new(0);
        let one = |target: &&Target| {
            let mut own = Sink::for_target(files, target.in_messages());
            let built = self.target(target, unread, &mut own).map(|built| {
                let lot = self.lot(&built);
                let all =
                    made.fetch_add(lot.bytes(), Ordering::Relaxed).saturating_add(lot.bytes());
                // What is too much is only counted from here on, so that it fills no memory.
                (all <= most).then(|| share(built, lot, keep))
            });
            self.done.fetch_add(1, Ordering::Relaxed);
            (built, own)
        };
        let built: Vec<_> = targets.par_iter().map(one).collect();
        let mut passed = Vec::with_capacity(built.len());
        for (one, own) in built {
            sink.absorb(own);
            passed.extend(one.ok().flatten());
        }
        let made = made.into_inner();
        if made > most {
            sink.error(too_much(made, most));
        }
        sink.passed().map(|()| passed)
    }

    fn target(
        &self,
        target: &Target,
        unread: Option<&Unread>,
        sink: &mut Sink,
    ) -> Result<TargetBuild, Reported> {
        let mut drawn = self.draw(target, unread, sink)?;
        let manifests = std::mem::take(&mut drawn.manifests);
        let known = self.known(&mut drawn.inputs);
        let Drawn { made, secrets, .. } = &drawn;
        let made_of = |node: &yaml::Node| made.value_in(node);
        // Most targets have no secrets, and every node of theirs would be asked.
        let has_secrets = !secrets.is_empty() || !made.is_empty();
        let all = || drawn.values.iter().chain(drawn.dependencies.iter().map(|one| &one.values));
        let said_by = |text: &str| all().find_map(|values| secrets::said_by(values, text));
        let set_at = |place| all().find_map(|values| secrets::set_at(values, place));
        let (said_by, set_at, made_of) = (&said_by, &set_at, &made_of);
        let secret = InlineValues { texts: secrets, made_of, said_by, set_at };
        let inline = Inline { policy: self.inline, values: has_secrets.then_some(secret) };
        let (severities, validators) = (&target.severities, &self.validators);
        let advice = Advice::Workspace;
        let rules = Rules { apis: &drawn.apis, severities, validators, advice, inline, known };
        let manifests = check::check(manifests, &rules, sink)?;
        let Drawn { values, inputs, trace, dependencies, apis, .. } = drawn;
        let target = target.clone();
        Ok(TargetBuild { target, values, manifests, inputs, trace, dependencies, apis })
    }

    /// What a target becomes, before it is checked.
    fn draw(
        &self,
        target: &Target,
        unread: Option<&Unread>,
        sink: &mut Sink,
    ) -> Result<Drawn, Reported> {
        let material = self.workspace.gather(target, sink)?;
        let secrets = Secrets::default();
        let mut inputs = Inputs::default();
        let mut layers = Vec::new();
        let (values, (made, trace, dependencies), drafts) = match &material.source {
            TargetSource::Chart(chart) => {
                let parts = self.parts((target, &secrets), chart, &material, sink)?;
                layers = edits::of_charts(&parts);
                let (printed, drafts) = self.drafts(target, &parts, unread, sink)?;
                let (values, trace, dependencies) = told_apart(parts, printed.traces);
                (Some(values), (printed.secrets, trace, dependencies), drafts)
            }
            TargetSource::Manifests(files) => {
                let drafts = read(files, manifest::drafts, sink)?;
                (None, (SecretsMade::default(), None, Vec::new()), drafts)
            }
            TargetSource::Kustomization(folder) => {
                let drafts = self.kustomized(folder, &mut inputs, sink)?;
                (None, (SecretsMade::default(), None, Vec::new()), drafts)
            }
        };
        let beside = read(&material.manifests, manifest::drafts, sink)?;
        layers.extend(edits::of_service(&material.edits.service));
        inputs.extend(&Arc::new(material.inputs.clone()));
        let learn = |manifests: &Manifests| match made.is_empty() {
            true => {}
            false => self.learn_made(manifests, &made, &secrets),
        };
        let all = drafts.into_iter().chain(beside).collect();
        let about = (target, &material);
        let (apis, manifests) = match layers.is_empty() {
            true => self.identified(about, all, &mut inputs, sink)?,
            false => {
                let edited = edits::Edited { drafts: all, layers: &layers, learn: &learn };
                self.edited(about, edited, &mut inputs, sink)?
            }
        };
        learn(&manifests);
        Ok(Drawn { values, manifests, inputs, trace, dependencies, apis, made, secrets })
    }

    fn renderer(&self, chart: &Chart, sink: &mut Sink) -> Result<Arc<Renderer>, Reported> {
        let make = |_: &mut Inputs, sink: &mut Sink| {
            let new = if self.is_traced { Renderer::traced } else { Renderer::new };
            new(chart, sink).map(Arc::new)
        };
        self.renderers.get(&chart.folder, &mut Inputs::default(), sink, make)
    }

    /// What the templates and references of a target see.
    fn context<'v>(&self, about: About<'_>, values: &'v Values) -> Context<'v> {
        let About { target, service, .. } = about;
        let apis: Vec<_> =
            self.versions_of(target).iter().map(|version| Api::new(*version)).collect();
        Context {
            values,
            target: TargetInfo {
                environment: target.named_environment().map(str::to_owned),
                namespace: target.namespace_name.clone(),
                service: service.to_owned(),
                labels: target.labels.clone(),
            },
            cluster: ClusterInfo {
                version: self.versions_of(target)[0].to_string(),
                serves: Arc::new(move |version, kind| {
                    apis.iter().all(|api| api.serves(version, kind))
                }),
            },
            budget: Arc::default(),
        }
    }

    fn versions_of<'t>(&'t self, target: &'t Target) -> &'t [Version] {
        if self.versions.is_empty() { &target.versions } else { &self.versions }
    }

    /// What each Kubernetes version of a target serves, with the definitions of the workspace's
    /// `schemas/` and those among the target's own manifests.
    fn apis<'d>(
        &self,
        target: &Target,
        drafts: impl Iterator<Item = &'d Draft>,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Vec<Api>, Reported> {
        let shared = self.definitions.get(&RelPath::root(), inputs, sink, |inputs, sink| {
            let files = self.workspace.schemas(inputs, sink)?;
            let documents = read(&files, manifest::drafts, sink)?;
            Ok(Arc::new(Definitions::read(documents.iter().map(|draft| &draft.node), sink)))
        })?;
        let own = self.catalog.read(drafts.map(|draft| &draft.node), sink);
        let versions = self.versions_of(target);
        for definitions in [&*shared, &own] {
            definitions.check_versions(versions.iter().copied(), sink);
        }
        let api = |version: &Version| Api::new(*version).with(&shared).with(&own);
        Ok(versions.iter().map(api).collect())
    }

    /// The texts of a target's manifests, and where they go.
    fn lot(&self, built: &TargetBuild) -> Lot {
        let TargetBuild { target, manifests, apis, .. } = built;
        let root = self.workspace.output().root();
        // A path whose placeholders stand for nothing is the output folder itself.
        let below_root = |folder: RelPath| {
            folder.below(&root).and_then(|path| RelPath::parse(path).ok()).unwrap_or_default()
        };
        Lot::of(&tree::Part {
            target: &target.to_string(),
            namespace: target.namespace_name.as_deref(),
            folder: below_root(target.folder()),
            cluster_folder: below_root(target.cluster_folder()),
            apis,
            checked: manifests,
        })
    }
}

/// What a target became, not checked yet.
struct Drawn {
    values: Option<Values>,
    manifests: Manifests,
    inputs: Inputs,
    trace: Option<Trace>,
    dependencies: Vec<DependencyBuild>,
    apis: Vec<Api>,
    /// What its templates made of secret values.
    made: SecretsMade,
    /// What its secret values say.
    secrets: Secrets,
}

/// For whom a chart is rendered.
#[derive(Debug, Clone, Copy)]
struct About<'t> {
    target: &'t Target,
    /// What its templates see as `target.service`.
    service: &'t str,
    /// What the target's secret values say.
    secrets: &'t Secrets,
    /// The values of the chart that it is a dependency of, and the references by which that one passes
    /// some of them on.
    passed: Option<(&'t Values, &'t [Reference])>,
}

/// What a run made of all its targets.
struct Made<T> {
    /// What was kept of each target.
    kept: Vec<T>,
    tree: Tree,
    warnings: Vec<Diagnostic>,
    /// Whether the targets are all that the workspace has.
    is_complete: bool,
}

/// What one target adds to the tree of all, and what else is kept of it.
struct Share<T> {
    lot: Lot,
    claims: Vec<Claim>,
    kept: T,
}

fn share<T>(built: TargetBuild, lot: Lot, keep: impl Fn(TargetBuild) -> T) -> Share<T> {
    let claims = built.manifests.iter().map(|one| Claim::of(one, &built.apis[..1])).collect();
    Share { lot, claims, kept: keep(built) }
}

/// No object may come out of two targets of an environment.
fn distinct<T>(targets: &[&Target], shares: &[Share<T>], sink: &mut Sink) -> Result<(), Reported> {
    let names: Vec<_> = targets.iter().map(ToString::to_string).collect();
    let mut environments: IndexMap<&str, Vec<manifest::Part<'_>>> = IndexMap::new();
    for ((target, name), share) in targets.iter().zip(&names).zip(shares) {
        let (service, claims) = (&target.service, &share.claims);
        let part = manifest::Part { target: name, service, claims };
        environments.entry(&target.environment).or_default().push(part);
    }
    let files = sink.files().clone();
    let one = |parts: &Vec<manifest::Part<'_>>| {
        let mut own = Sink::new(&files);
        // What is wrong in one environment says nothing of the next.
        let _ = manifest::distinct(parts, &mut own);
        own
    };
    let found: Vec<_> =
        environments.values().collect::<Vec<_>>().into_par_iter().map(one).collect();
    found.into_iter().for_each(|own| sink.absorb(own));
    sink.passed()
}

/// The documents of files, each read by `read`.
fn read(
    files: &[Arc<Source>],
    read: impl Fn(&Source, &mut Sink) -> Result<Vec<Draft>, Reported>,
    sink: &mut Sink,
) -> Result<Vec<Draft>, Reported> {
    let mut found = Vec::new();
    let mut failed = None;
    for file in files {
        match read(file, sink) {
            Ok(drafts) => found.extend(drafts),
            Err(reported) => failed = Some(reported),
        }
    }
    failed.map_or(Ok(found), Err)
}
