//! What a target is made of: its source, its layers of values and the manifests that go along.

use super::folders::{environments_folder, namespaces_folder};
use super::service::Service;
use super::{Target, Workspace};
use crate::chart::{
    Chart, ChartKind, FolderKind, below, headless_chart, helm_chart, manifest_files, source_files,
};
use crate::diag::{Code, Diagnostic, Reported, Sink, nearest};
use crate::source::{Files, Input, Inputs, RelPath, Source};
use crate::values::{Layer, Reach};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that a target is made of, read.
#[derive(Debug, Clone)]
pub struct Material {
    /// What `source` names.
    pub source: TargetSource,
    /// Its layers of values over the chart's defaults, weakest first; none when the source is no
    /// chart.
    pub layers: Vec<Layer>,
    /// What its chart's dependencies are made of, in the order of the chart's own list.
    pub dependencies: Vec<DependencyMaterial>,
    /// Files of plain manifests that go along: those beside service.yaml, then those of the
    /// environments that this one builds upon, then its own, each folder sorted by path.
    pub manifests: Vec<Arc<Source>>,
    /// Where kustomizations over what it becomes lie.
    pub edits: Edits,
    /// Everything that was looked at.
    pub inputs: Inputs,
}

/// The folders of kustomizations over what is rendered, weakest first: those of an environment that is extended before those
/// of the one that extends it.
#[derive(Debug, Clone, Default)]
pub struct Edits {
    /// Those in overlays of the chart: over all that it renders, its dependencies included.
    pub chart: Vec<RelPath>,
    /// Those of the service, over everything that the target has; the one beside service.yaml comes first.
    pub service: Vec<RelPath>,
}

/// What one dependency of a chart is made of, besides what the chart that names it passes on.
#[derive(Debug, Clone)]
pub struct DependencyMaterial {
    /// Its overlays of the target's environment over its defaults, weakest first.
    pub layers: Vec<Layer>,
    /// Those of its overlays that hold kustomizations, weakest first.
    pub edits: Vec<RelPath>,
    /// The same of its own dependencies.
    pub dependencies: Vec<Self>,
}

/// What a service renders.
#[derive(Debug, Clone)]
pub enum TargetSource {
    /// A chart.
    Chart(Arc<Chart>),
    /// Files of plain manifests, sorted by path; none when a service has only what goes along.
    Manifests(Vec<Arc<Source>>),
    /// The folder of a kustomization.
    Kustomization(RelPath),
}

impl Workspace {
    /// Reads everything that a target is made of.
    ///
    /// # Errors
    /// When a file is missing, unreadable or out of place; everything found is reported.
    pub fn gather(&self, target: &Target, sink: &mut Sink) -> Result<Material, Reported> {
        let service = &self.services[&target.service];
        let mut inputs = self.base_inputs(target, service);
        let source = self.source(target, &mut inputs, sink);
        let manifests = self.manifests(target, service, &mut inputs, sink);
        let layers = match &source {
            Ok(TargetSource::Chart(chart)) => self.layers(target, chart, &mut inputs, sink),
            Ok(TargetSource::Manifests(_)) => self.refuse_values(service, "plain manifests", sink),
            Ok(TargetSource::Kustomization(_)) => {
                self.refuse_values(service, "a kustomization", sink)
            }
            Err(reported) => Err(*reported),
        };
        let dependencies = match &source {
            Ok(TargetSource::Chart(chart)) => self.dependencies(target, chart, &mut inputs, sink),
            _ => Ok(Vec::new()),
        };
        self.note(&inputs);
        let (source, layers, manifests) = (source?, layers?, manifests?);
        let dependencies = dependencies?;
        let known = |file: &Arc<Source>| match &source {
            TargetSource::Chart(_) | TargetSource::Kustomization(_) => false,
            TargetSource::Manifests(files) => files.iter().any(|other| other.id() == file.id()),
        };
        let manifests = manifests.into_iter().filter(|file| !known(file)).collect();
        let edits = self.edits(target, service, &source);
        Ok(Material { source, layers, dependencies, manifests, edits, inputs })
    }

    fn edits(&self, target: &Target, service: &Service, source: &TargetSource) -> Edits {
        let chain = &self.environments[&target.environment].chain;
        let names = std::iter::once("").chain(chain.iter().map(String::as_str));
        let chart = match source {
            TargetSource::Chart(chart) => edits_of(chart, chain),
            _ => Vec::new(),
        };
        Edits {
            chart,
            service: names.filter_map(|name| service.edits.get(name)).cloned().collect(),
        }
    }

    /// The charts that targets are made from and all that these use, each once, sorted by folder.
    ///
    /// # Errors
    /// When one of them is missing or not in order; everything found is reported.
    pub fn charts(
        &self,
        targets: &[&Target],
        sink: &mut Sink,
    ) -> Result<Vec<Arc<Chart>>, Reported> {
        let (mut found, mut inputs) = (BTreeMap::new(), Inputs::default());
        let sources: BTreeSet<_> =
            targets.iter().filter_map(|target| target.source.as_ref()).collect();
        for folder in sources {
            if self.shelf.kind_of(folder, &mut inputs, sink)? == FolderKind::Chart {
                add_charts(&self.shelf.chart(folder, &mut inputs, sink)?, &mut found);
            }
        }
        Ok(found.into_values().collect())
    }

    /// What the `values.schema.json` of each chart that targets render says, also of a chart that cannot
    /// be read otherwise; what is no JSON is left out.
    #[must_use]
    pub fn values_schemas(&self, targets: &[&Target]) -> Vec<Arc<serde_json::Value>> {
        let folders: BTreeSet<_> =
            targets.iter().filter_map(|target| target.source.as_ref()).collect();
        let (mut charts, mut schemas) = (BTreeMap::new(), Vec::new());
        for folder in folders {
            let (mut inputs, mut sink) = (Inputs::default(), Sink::new(&self.files));
            match self.shelf.chart(folder, &mut inputs, &mut sink) {
                Ok(chart) => add_charts(&chart, &mut charts),
                // Of a chart that cannot be read, nobody knows its dependencies.
                Err(_) => schemas.extend(self.lone_schema(folder)),
            }
        }
        let schemas_of = charts.values().filter_map(|chart| chart.schema.as_ref());
        schemas.extend(schemas_of.map(|schema| Arc::clone(&schema.json)));
        schemas
    }

    fn lone_schema(&self, folder: &RelPath) -> Option<Arc<serde_json::Value>> {
        lone_schema(&self.files, folder)
    }

    /// The file that sets a service's own values, as a user would write its path: where a message
    /// says that a missing value goes.
    #[must_use]
    pub fn values_file(&self, target: &Target) -> String {
        let own = || target.source.clone().unwrap_or_default();
        let service = || below(&below(&RelPath::root(), "services"), &target.service);
        let folder = if self.is_workspace { service() } else { own() };
        self.files.shown(&below(&folder, "values.yaml"))
    }

    /// What opening the workspace looked at to know this target.
    fn base_inputs(&self, target: &Target, service: &Service) -> Inputs {
        let mut inputs = Inputs::default();
        inputs.extend(&service.looked);
        if !self.is_workspace {
            return inputs;
        }
        let namespace = below(&namespaces_folder(), &target.namespace);
        inputs.note(Input::File(below(&RelPath::root(), "jibe.yaml")));
        inputs.note(Input::Listing(environments_folder()));
        inputs.note(Input::Listing(namespaces_folder()));
        inputs.note(Input::Listing(namespace));
        inputs
    }

    fn source(
        &self,
        target: &Target,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<TargetSource, Reported> {
        let Some(folder) = &target.source else { return Ok(TargetSource::Manifests(Vec::new())) };
        let shown = self.files.shown(folder);
        match self.shelf.kind_of(folder, inputs, sink)? {
            FolderKind::Chart => {
                let chart = self.shelf.chart(folder, inputs, sink)?;
                self.check_chart(target, &chart, sink)?;
                Ok(TargetSource::Chart(chart))
            }
            FolderKind::Plain => {
                let files = source_files(&self.files, folder, Some(target.place), inputs, sink)?;
                match files.is_empty() {
                    true => Err(sink.error(no_manifests(&shown, "correct `source`, which is seen from jibe.yaml, or put manifests (`.yaml`, `.yml`, `.json`) into the folder").at(target.place, ""))),
                    false => Ok(TargetSource::Manifests(files)),
                }
            }
            FolderKind::Helm => Err(sink.error(helm_chart(&shown).at(target.place, ""))),
            FolderKind::Headless => Err(sink.error(headless_chart(&shown).at(target.place, ""))),
            FolderKind::Kustomization => Ok(TargetSource::Kustomization(folder.clone())),
            FolderKind::Missing => {
                let hint = self.near_folder(folder, inputs);
                let message = format!("the source `{shown}` is not there");
                let finding = Diagnostic::error(Code::WorkspaceSource, message);
                Err(sink.error(finding.at(target.place, "").hint(hint)))
            }
        }
    }

    fn near_folder(&self, folder: &RelPath, inputs: &mut Inputs) -> String {
        let entries = self.files.list(&folder.parent(), inputs).unwrap_or_default();
        let names = entries.iter().map(|entry| entry.name.as_str());
        match nearest(folder.file_name(), names) {
            Some(name) => format!("did you mean `{}`?", below(&folder.parent(), name)),
            None => {
                "create the folder, or correct `source`, which is seen from jibe.yaml".to_owned()
            }
        }
    }

    fn check_chart(&self, target: &Target, chart: &Chart, sink: &mut Sink) -> Result<(), Reported> {
        if chart.kind == ChartKind::Library {
            let message =
                format!("the source `{}` is a library, which renders nothing", chart.name);
            let hint = "name an application chart that uses it, or set `type: application` in its chart.yaml";
            return Err(sink.error(
                Diagnostic::error(Code::WorkspaceSource, message)
                    .at(target.place, "named here")
                    .also(chart.place, "this chart has `type: library`")
                    .hint(hint),
            ));
        }
        self.check_overlays(chart, sink)
    }

    /// Reports overlays for environments that are not there.
    fn check_overlays(&self, chart: &Chart, sink: &mut Sink) -> Result<(), Reported> {
        if !self.is_workspace {
            return Ok(());
        }
        let mut failed = Ok(());
        for overlay in &chart.overlays {
            if !self.environments.contains_key(&overlay.name) {
                let folder = below(&below(&chart.folder, "overlays"), &overlay.name);
                let shown = self.files.shown(&folder);
                failed = Err(sink.error(self.known().no_environment(&shown, &overlay.name)));
            }
        }
        failed
    }

    /// The ladder over the chart's defaults: overlay, workspace, environment, namespace, namespace in environment,
    /// service, service in environment; of environments the extended ones first.
    fn layers(
        &self,
        target: &Target,
        chart: &Chart,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Vec<Layer>, Reported> {
        let service = &self.services[&target.service];
        let chain = &self.environments[&target.environment].chain;
        let mut ladder = Ladder { workspace: self, layers: Vec::new(), failed: None, inputs, sink };
        ladder.overlays(chart, chain);
        if self.is_workspace {
            let values = below(&RelPath::root(), "values.yaml");
            ladder.step(Some(&values), "workspace", Reach::Shared);
        }
        for name in chain {
            let values = self.shared.environments.get(name);
            ladder.step(values, &format!("environment {name}"), Reach::Shared);
        }
        let namespace = &target.namespace;
        let values = self.shared.namespaces.get(namespace);
        ladder.step(values, &format!("namespace {namespace}"), Reach::Shared);
        for name in chain {
            let values = self.shared.in_namespaces.get(&(namespace.clone(), name.clone()));
            ladder.step(values, &format!("namespace {namespace} in {name}"), Reach::Shared);
        }
        ladder.step(service.values.as_ref(), &format!("service {}", service.name), Reach::Own);
        for name in chain {
            let values = service.in_environments.get(name);
            ladder.step(values, &format!("service {} in {name}", service.name), Reach::Own);
        }
        ladder.failed.map_or(Ok(ladder.layers), Err)
    }

    /// What a chart's dependencies are made of, those that this target does not want included.
    fn dependencies(
        &self,
        target: &Target,
        chart: &Chart,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Vec<DependencyMaterial>, Reported> {
        let chain = &self.environments[&target.environment].chain;
        let one = |chart: &Chart| {
            self.check_overlays(chart, sink)?;
            let mut ladder =
                Ladder { workspace: self, layers: Vec::new(), failed: None, inputs, sink };
            ladder.overlays(chart, chain);
            let layers = ladder.failed.map_or(Ok(ladder.layers), Err)?;
            let dependencies = self.dependencies(target, chart, inputs, sink)?;
            Ok(DependencyMaterial { layers, edits: edits_of(chart, chain), dependencies })
        };
        chart.dependencies.iter().map(|dependency| &*dependency.chart).map(one).collect()
    }

    /// Plain manifests and kustomizations take no values, so a values file of such a service would be lost.
    fn refuse_values(
        &self,
        service: &Service,
        what: &str,
        sink: &mut Sink,
    ) -> Result<Vec<Layer>, Reported> {
        let files = service.values.iter().chain(service.in_environments.values());
        let mut failed = Ok(Vec::new());
        for path in files {
            let message = format!(
                "`{}` has no use: `{}` renders {what}, which {} no values",
                self.files.shown(path),
                service.name,
                if what.ends_with('s') { "take" } else { "takes" },
            );
            failed = Err(sink.error(
                Diagnostic::error(Code::WorkspaceFile, message)
                    .at(service.source_place(), "its source")
                    .hint("delete the file, or let `source` name a chart"),
            ));
        }
        failed
    }

    fn manifests(
        &self,
        target: &Target,
        service: &Service,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Vec<Arc<Source>>, Reported> {
        let chain = self.environments[&target.environment].chain.iter();
        let names = std::iter::once("").chain(chain.map(String::as_str));
        let mut found = Vec::new();
        for folder in names.filter_map(|name| service.manifests.get(name)) {
            found.extend(manifest_files(&self.files, folder, inputs, sink)?);
        }
        Ok(found)
    }

    /// Custom resource definitions that only validate: the files in `schemas/`, sorted by path.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn schemas(
        &self,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Vec<Arc<Source>>, Reported> {
        if !self.is_workspace {
            return Ok(Vec::new());
        }
        let folder = below(&RelPath::root(), "schemas");
        let found = manifest_files(&self.files, &folder, inputs, sink);
        self.note(inputs);
        found
    }
}

fn add_charts(chart: &Arc<Chart>, found: &mut BTreeMap<RelPath, Arc<Chart>>) {
    if found.insert(chart.folder.clone(), Arc::clone(chart)).is_none() {
        chart.libraries.iter().for_each(|library| add_charts(&library.chart, found));
        chart.dependencies.iter().for_each(|one| add_charts(&one.chart, found));
    }
}

/// The layers of one target, as they are found.
struct Ladder<'l> {
    workspace: &'l Workspace,
    layers: Vec<Layer>,
    failed: Option<Reported>,
    inputs: &'l mut Inputs,
    sink: &'l mut Sink,
}

impl Ladder<'_> {
    /// A chart's overlays of an environment and of those that it builds upon, these first.
    fn overlays(&mut self, chart: &Chart, chain: &[String]) {
        for name in chain {
            let values = chart.overlay(name).and_then(|overlay| overlay.values.as_ref());
            self.step(values, &format!("overlay {name} of {}", chart.name), Reach::Own);
        }
    }

    fn step(&mut self, path: Option<&RelPath>, name: &str, reach: Reach) {
        let Some(path) = path else { return };
        match self.workspace.shelf.layer(path, (name, reach), self.inputs, self.sink) {
            Ok(layer) => self.layers.extend(layer),
            Err(reported) => self.failed = Some(reported),
        }
    }
}

/// Those of a chart's overlays for environments that hold kustomizations.
fn edits_of(chart: &Chart, chain: &[String]) -> Vec<RelPath> {
    let overlays = chain.iter().filter_map(|name| chart.overlay(name));
    overlays.filter_map(|overlay| overlay.edits.clone()).collect()
}

pub(super) fn no_manifests(shown: &str, hint: &str) -> Diagnostic {
    let message = format!("`{shown}` has neither a `chart.yaml` nor any manifest in it");
    Diagnostic::error(Code::WorkspaceSource, message).hint(hint)
}

/// What the values schema in a folder says, if it can be read at all.
pub(super) fn lone_schema(files: &Files, folder: &RelPath) -> Option<Arc<serde_json::Value>> {
    let path = below(folder, "values.schema.json");
    let source = files.find(&path, &mut Inputs::default()).ok()??;
    serde_json::from_str(source.text()).ok().map(Arc::new)
}
