//! A chart or a folder of manifests by itself, without jibe.yaml.

use super::environment::{DEFAULT_NAMESPACE, Environment};
use super::folders::SharedValues;
use super::gather::no_manifests;
use super::service::Service;
use super::{OutputPath, Target, Workspace, unknown_hint};
use crate::api::Version;
use crate::chart::{
    Chart, ChartKind, FolderKind, Shelf, below, headless_chart, helm_chart, source_files,
    wrong_name,
};
use crate::diag::{Code, Diagnostic, Reported, Severities, Sink, unreadable};
use crate::source::{Files, Inputs, KUSTOMIZATIONS, Place, RelPath};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What environment and service are called that have no name.
const UNNAMED_ENVIRONMENT: &str = "default";
const UNNAMED_SERVICE: &str = "manifests";

const NO_MANIFESTS: &str = "name a workspace, a chart or a folder with manifests in it";

/// How a chart or a folder of manifests is rendered without a workspace.
#[derive(Debug, Clone, Default)]
pub struct Alone {
    /// The environment whose overlay applies; without one none does.
    pub environment: Option<String>,
    /// The namespace that manifests carry; without one they carry none.
    pub namespace: Option<String>,
    /// The Kubernetes version; else the newest.
    pub version: Option<Version>,
}

impl Alone {
    pub(super) fn opened(
        &self,
        files: &Files,
        folder: &RelPath,
        sink: &mut Sink,
    ) -> Result<Workspace, Reported> {
        let shelf = Shelf::new(files);
        let mut looked = Inputs::default();
        let shown = files.shown(folder);
        let (name, place) = match shelf.kind_of(folder, &mut looked, sink)? {
            FolderKind::Chart => {
                // Warnings are told by its target, which takes the chart from the shelf again.
                let mut found = Sink::new(files);
                let chart = shelf.chart(folder, &mut looked, &mut found);
                let chart = chart.inspect_err(|_| sink.absorb(found))?;
                self.check_chart(files, &chart, sink)?;
                (chart.name.clone(), chart.place)
            }
            FolderKind::Plain => self.plain(files, folder, &mut looked, sink)?,
            FolderKind::Helm => return Err(sink.error(helm_chart(&shown))),
            FolderKind::Headless => return Err(sink.error(headless_chart(&shown))),
            FolderKind::Kustomization => self.kustomization(files, folder, &mut looked, sink)?,
            FolderKind::Missing => {
                let message = format!("`{shown}` is not there");
                let hint = "name a workspace, a chart or a folder of manifests";
                return Err(sink.error(Diagnostic::error(Code::SourceMissing, message).hint(hint)));
            }
        };
        if let Some((namespace, wrong)) =
            self.namespace.as_ref().and_then(|n| Some((n, wrong_name(n)?)))
        {
            let message = format!("the namespace's name `{namespace}` {wrong}");
            let hint = crate::chart::NAME_RULE;
            return Err(sink.error(Diagnostic::error(Code::WorkspaceName, message).hint(hint)));
        }
        Ok(self.workspace(files, (shelf, looked), Service::alone(name, place), folder))
    }

    fn check_chart(&self, files: &Files, chart: &Chart, sink: &mut Sink) -> Result<(), Reported> {
        if chart.kind == ChartKind::Library {
            let message = format!("`{}` is a library, which renders nothing", chart.name);
            return Err(sink.error(
                Diagnostic::error(Code::WorkspaceSource, message)
                    .at(chart.place, "this chart has `type: library`")
                    .hint("name an application chart that uses it, or set `type: application`"),
            ));
        }
        let Some(name) = &self.environment else { return Ok(()) };
        if chart.overlay(name).is_some() {
            return Ok(());
        }
        let overlays = files.shown(&below(&chart.folder, "overlays"));
        let message = format!("the chart `{}` has no overlay `{name}`", chart.name);
        let known = chart.overlays.iter().map(|overlay| overlay.name.as_str());
        let near = (!chart.overlays.is_empty()).then(|| unknown_hint(name, known, "overlays"));
        Err(sink.error(Diagnostic::error(Code::WorkspaceSelection, message).maybe_hint(near).hint(
            format!("without a workspace, `-e {name}` needs the folder `{overlays}/{name}`"),
        )))
    }

    /// The service that a kustomization makes: its name, and a place for findings.
    fn kustomization(
        &self,
        files: &Files,
        folder: &RelPath,
        looked: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<(String, Place), Reported> {
        let way = "around it with `jibe init --from-kustomize`";
        self.refuse_environment(("a kustomization has", way), sink)?;
        for name in KUSTOMIZATIONS {
            let found = files.find(&below(folder, name), looked);
            if let Some(file) = found.map_err(|error| sink.error(unreadable(&error)))? {
                return Ok((service_name(folder), file.place(0, 0)));
            }
        }
        let shown = files.shown(folder);
        Err(sink.error(no_manifests(&shown, NO_MANIFESTS)))
    }

    /// The service that a folder of manifests makes: its name, and a place for findings.
    fn plain(
        &self,
        files: &Files,
        folder: &RelPath,
        looked: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<(String, Place), Reported> {
        self.refuse_environment(("plain manifests have", "around them with `jibe init`"), sink)?;
        let manifests = source_files(files, folder, None, looked, sink)?;
        let Some(first) = manifests.first() else {
            return Err(sink.error(no_manifests(&files.shown(folder), NO_MANIFESTS)));
        };
        Ok((service_name(folder), first.place(0, 0)))
    }

    /// Stops where an environment is asked of what has none, and says how a workspace is made of it.
    fn refuse_environment(
        &self,
        (what_has, way): (&str, &str),
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let Some(name) = &self.environment else { return Ok(()) };
        let message = format!("{what_has} no environments, so there is no `{name}`");
        let hint = format!("leave `-e` out, or make a workspace {way}");
        Err(sink.error(Diagnostic::error(Code::WorkspaceSelection, message).hint(hint)))
    }

    fn workspace(
        &self,
        files: &Files,
        (shelf, looked): (Shelf, Inputs),
        service: Service,
        folder: &RelPath,
    ) -> Workspace {
        let environment = self.environment();
        let output = Arc::new(OutputPath::default());
        let (namespace, real) = environment.namespaces.first().expect("one namespace was put in");
        let target = Target {
            environment: environment.name.clone(),
            namespace: namespace.clone(),
            namespace_name: real.clone(),
            service: service.name.clone(),
            labels: BTreeMap::new(),
            versions: environment.versions.clone(),
            pod_security: None,
            severities: Arc::clone(&environment.severities),
            other_namespaces: Vec::new(),
            output: Arc::clone(&output),
            source: Some(folder.clone()),
            place: service.source_place(),
            alone: Some(Arc::new(self.clone())),
        };
        Workspace {
            files: files.clone(),
            shelf,
            environments: IndexMap::from([(environment.name.clone(), environment)]),
            services: BTreeMap::from([(service.name.clone(), service)]),
            targets: vec![target],
            shared: SharedValues::default(),
            is_workspace: false,
            output,
            place: None,
            baseline: None,
            warnings: Vec::new(),
            looked: Mutex::new(looked),
        }
    }

    fn environment(&self) -> Environment {
        let name = self.environment.clone().unwrap_or_else(|| UNNAMED_ENVIRONMENT.to_owned());
        let namespace = self.namespace.clone().unwrap_or_else(|| DEFAULT_NAMESPACE.to_owned());
        Environment {
            chain: self.environment.clone().into_iter().collect(),
            name,
            versions: vec![self.version.unwrap_or(Version::NEWEST)],
            namespaces: IndexMap::from([(namespace, self.namespace.clone())]),
            pod_security: None,
            severities: Arc::new(Severities::default()),
            is_abstract: false,
        }
    }
}

/// The name of the service that a folder makes.
fn service_name(folder: &RelPath) -> String {
    let name = Some(folder.file_name()).filter(|name| wrong_name(name).is_none());
    name.unwrap_or(UNNAMED_SERVICE).to_owned()
}
