//! A service's folder and the targets that it makes.

use super::config::{OneOrMany, ServiceConfig};
use super::environment::Environment;
use super::folders::{Found, Known, Lister};
use super::pattern::Pattern;
use super::target::Target;
use super::{OutputPath, unknown_hint};
use crate::chart::{NAME_RULE, Settings, below, is_passed_over, wrong_name};
use crate::diag::{Code, Diagnostic, Reported, Sink, nearest, unreadable};
use crate::source::{
    Entry, EntryKind, Inputs, KUSTOMIZATIONS, Place, ReadError, ReadReason, RelPath,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A service: its settings and what stands in its folder.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) folder: RelPath,
    pub(super) config: Settings<ServiceConfig>,
    pub(super) values: Option<RelPath>,
    pub(super) in_environments: BTreeMap<String, RelPath>,
    /// The folders of plain manifests: beside service.yaml under the empty name, else by environment.
    pub(super) manifests: BTreeMap<String, RelPath>,
    /// The folders of kustomizations over what it renders, by the same names.
    pub(super) edits: BTreeMap<String, RelPath>,
    /// What was looked at to know all this.
    pub(super) looked: Arc<Inputs>,
    pattern: Option<Pattern>,
}

/// The folders in `services/`, sorted by name.
pub(super) fn service_folders(lister: &mut Lister<'_>) -> Result<Vec<(String, RelPath)>, Reported> {
    let folder = below(&RelPath::root(), "services");
    let mut found = Vec::new();
    for (entry, path) in lister.list(&folder)? {
        match entry {
            Found::Folder(name) => found.push((name, path)),
            Found::Values(stem) => lister.error(
                &path,
                "is not read: a service is a folder",
                format!("move it to `services/{stem}/service.yaml`"),
            ),
            Found::Other(_) => {}
        }
    }
    Ok(found)
}

impl Service {
    /// Reads `service.yaml` and finds what stands beside it.
    pub(super) fn read(
        lister: &mut Lister<'_>,
        known: &Known<'_>,
        name: String,
        folder: RelPath,
    ) -> Result<Self, Reported> {
        let path = below(&folder, "service.yaml");
        let found = lister.files.find(&path, lister.looked);
        let Some(source) = found.map_err(|error| lister.sink.error(unreadable(&error)))? else {
            return Err(lister.sink.error(no_service(&lister.files.shown(&folder))));
        };
        let config = Settings::<ServiceConfig>::read(&source, lister.sink);
        let mut service = Self::new(name, folder, config?);
        service.check(lister.sink);
        service.find(lister, known)?;
        if service.config.says.source.is_none() && service.manifests.is_empty() {
            lister.sink.error(nothing_to_render(&service));
        }
        service.looked = Arc::new(lister.looked.clone());
        Ok(service)
    }

    /// A service that stands in no workspace; findings about it point at `place`.
    pub(super) fn alone(name: String, place: Place) -> Self {
        Self::new(name, RelPath::root(), Settings::made(ServiceConfig::default(), place))
    }

    fn new(name: String, folder: RelPath, config: Settings<ServiceConfig>) -> Self {
        Self {
            name,
            folder,
            config,
            values: None,
            in_environments: BTreeMap::new(),
            manifests: BTreeMap::new(),
            edits: BTreeMap::new(),
            looked: Arc::default(),
            pattern: None,
        }
    }

    fn check(&mut self, sink: &mut Sink) {
        if let Some(wrong) = wrong_name(&self.name) {
            let message = format!("the service's name `{}` {wrong}", self.name);
            let finding = Diagnostic::error(Code::WorkspaceName, message).hint(NAME_RULE);
            sink.error(finding.hint(format!("rename the folder `{}`", self.folder)));
        }
        let source = self.config.says.source.as_deref().map(Pattern::parse);
        match source.transpose() {
            Ok(pattern) => self.pattern = pattern,
            Err((message, hint)) => drop(
                sink.error(
                    Diagnostic::error(Code::WorkspaceSource, message)
                        .at(self.config.place(&["source"]), "")
                        .hint(hint),
                ),
            ),
        }
        for (index, name) in self.config.says.other_namespaces.iter().enumerate() {
            if let Some(wrong) = wrong_name(name) {
                let place = self.config.place(&["otherNamespaces", &index.to_string()]);
                let message = format!("the namespace's name `{name}` {wrong}");
                sink.error(
                    Diagnostic::error(Code::WorkspaceName, message).at(place, "").hint(NAME_RULE),
                );
            }
        }
    }

    fn find(&mut self, lister: &mut Lister<'_>, known: &Known<'_>) -> Result<(), Reported> {
        let mut patches = None;
        for (found, path) in lister.list(&self.folder)? {
            match found {
                Found::Values(_) | Found::Other(_) if path.is_kustomization() => {
                    self.edits.insert(String::new(), self.folder.clone());
                }
                Found::Folder(_) if path.is_kustomization() => {
                    lister.sink.error(no_file(&lister.files.shown(&path)));
                }
                Found::Folder(name) if name == PATCHES => patches = Some(path),
                Found::Values(name) if name == "service" => {}
                Found::Values(name) if name == "values" => self.values = Some(path),
                Found::Values(name) if known.environments.contains_key(&name) => {
                    self.in_environments.insert(name, path);
                }
                Found::Folder(name) if name == "manifests" => {
                    self.manifests.insert(String::new(), path);
                }
                Found::Folder(name) if known.environments.contains_key(&name) => {
                    self.find_in_environment(lister, &name, &path)?;
                }
                Found::Values(name) => {
                    let finding = stray(lister, known, &path, (&name, "values", ".yaml"));
                    lister.sink.error(finding);
                }
                Found::Folder(name) => {
                    let finding = stray(lister, known, &path, (&name, "manifests", "/"));
                    lister.sink.error(finding);
                }
                Found::Other(name) => lister.other(&path, &name),
            }
        }
        if let Some(path) = patches.filter(|_| self.edits.is_empty()) {
            let hint = "add a `kustomization.yaml` that names its files, beside service.yaml or in the folder of an environment";
            lister.error(&path, "is not read: there is no kustomization here", hint);
        }
        Ok(())
    }

    fn find_in_environment(
        &mut self,
        lister: &mut Lister<'_>,
        environment: &str,
        folder: &RelPath,
    ) -> Result<(), Reported> {
        let entries = lister.files.list(folder, lister.looked);
        let entries = entries.map_err(|error| lister.sink.error(unreadable(&error)))?;
        let entries: Vec<_> =
            entries.into_iter().filter(|entry| !is_passed_over(&entry.name)).collect();
        let is_file = |entry: &Entry| entry.kind != EntryKind::Folder;
        let is_kustomized =
            entries.iter().any(|entry| is_file(entry) && KUSTOMIZATIONS.contains(&&*entry.name));
        if is_kustomized {
            self.edits.insert(environment.to_owned(), folder.to_owned());
        }
        for entry in entries {
            let path = below(folder, &entry.name);
            let is_folder = entry.kind == EntryKind::Folder;
            if entry.name == "manifests" && is_folder {
                self.manifests.insert(environment.to_owned(), path);
            } else if is_folder && path.is_kustomization() {
                lister.sink.error(no_file(&lister.files.shown(&path)));
            } else if !is_kustomized || nearest(&entry.name, MANIFESTS).is_some_and(|_| is_folder) {
                let shown = lister.files.shown(folder);
                let hint = format!(
                    "put values into `{shown}.yaml`, manifests into `{shown}/manifests/`, and patches into a `{shown}/kustomization.yaml`"
                );
                lister.error(&path, "is not read by jibe", hint);
            }
        }
        Ok(())
    }

    /// Its targets: environments in the order of jibe.yaml, namespaces in that of the environment.
    pub(super) fn targets(
        &self,
        known: &Known<'_>,
        output: &Arc<OutputPath>,
        sink: &mut Sink,
    ) -> Vec<Target> {
        let chosen = self.environments(known, sink);
        let wanted = self.namespaces(known, sink);
        let (mut targets, mut unsure) = (Vec::new(), Vec::new());
        for environment in known.environments.values().filter(|e| chosen.contains(e.name.as_str()))
        {
            let Some(namespaces) = self.namespaces_in(environment, wanted.as_ref()) else {
                unsure.push(environment);
                continue;
            };
            if namespaces.is_empty() && self.config.says.environments.is_some() {
                self.report_empty(environment, sink);
            }
            for namespace in namespaces {
                targets.extend(self.target(environment, namespace, output, sink));
            }
        }
        if let [first, ..] = unsure[..] {
            sink.error(self.several_namespaces(first, unsure.len() - 1));
        }
        if targets.is_empty() && sink.passed().is_ok() {
            sink.error(self.runs_nowhere());
        }
        targets
    }

    /// Its namespaces are only in environments that it does not run in.
    fn runs_nowhere(&self) -> Diagnostic {
        let message = format!("`{}` runs nowhere", self.name);
        Diagnostic::error(Code::WorkspaceNamespace, message)
            .at(self.config.place(&["namespaces"]), "no environment that it runs in has one of these")
            .hint("name an environment that has them as `environments` in service.yaml, or other namespaces")
    }

    fn environments<'k>(&'k self, known: &'k Known<'_>, sink: &mut Sink) -> BTreeSet<&'k str> {
        let Some(named) = &self.config.says.environments else {
            let all = known.environments.values().filter(|environment| !environment.is_abstract);
            return all.map(|environment| environment.name.as_str()).collect();
        };
        let mut chosen = BTreeSet::new();
        for (index, name) in named.iter() {
            let (message, hint) = match known.environments.get(name) {
                Some(environment) if environment.is_abstract => (
                    format!("`{}` runs in `{name}`, which is abstract", self.name),
                    known.abstract_hint(name),
                ),
                Some(_) => {
                    chosen.insert(name);
                    continue;
                }
                None => {
                    let names = known.environments.keys().map(String::as_str);
                    let message =
                        format!("`{}` runs in `{name}`, which is no environment", self.name);
                    (message, unknown_hint(name, names, "environments"))
                }
            };
            sink.error(
                Diagnostic::error(Code::WorkspaceEnvironment, message)
                    .at(self.item("environments", index.as_deref()), "")
                    .hint(hint),
            );
        }
        chosen
    }

    /// The namespaces that it names; none when it names none, or all of them.
    fn namespaces<'k>(&'k self, known: &Known<'_>, sink: &mut Sink) -> Option<Vec<&'k str>> {
        let named = self.config.says.namespaces.as_ref()?;
        if is_all(named) {
            return None;
        }
        let mut wanted = Vec::new();
        for (index, name) in named.iter() {
            wanted.push(name);
            if known.environments.values().any(|e| e.namespaces.contains_key(name)) {
                continue;
            }
            let hint = match super::logical_name(known.environments.values(), name) {
                Some(hint) => hint,
                None if name == "all" => "write `namespaces: all`, without a list".to_owned(),
                None => {
                    let all = known.environments.values().flat_map(|e| e.namespaces.keys());
                    unknown_hint(name, all.map(String::as_str), "namespaces")
                }
            };
            let message =
                format!("`{}` runs in the namespace `{name}`, which no environment has", self.name);
            sink.error(
                Diagnostic::error(Code::WorkspaceNamespace, message)
                    .at(self.item("namespaces", index.as_deref()), "")
                    .hint(hint),
            );
        }
        Some(wanted)
    }

    /// Its namespaces in an environment; nothing if there are several and it does not choose.
    fn namespaces_in<'e>(
        &self,
        environment: &'e Environment,
        wanted: Option<&Vec<&str>>,
    ) -> Option<Vec<&'e str>> {
        let all: Vec<_> = environment.namespaces.keys().map(String::as_str).collect();
        match wanted {
            Some(wanted) => Some(all.into_iter().filter(|name| wanted.contains(name)).collect()),
            None if self.config.says.namespaces.is_some() || all.len() == 1 => Some(all),
            None => None,
        }
    }

    fn several_namespaces(&self, environment: &Environment, others: usize) -> Diagnostic {
        let all = || environment.namespaces.keys().map(String::as_str);
        let listed: Vec<_> = all().map(|name| format!("`{name}`")).collect();
        let (named, listed) = (&environment.name, listed.join(", "));
        let message = match others {
            0 => format!("`{named}` has several: {listed}"),
            others => format!("`{named}` and {others} more have several: {listed}"),
        };
        let message =
            format!("`{}` does not say in which namespaces it runs, and {message}", self.name);
        let likely = nearest(&self.name, all()).or_else(|| all().next()).unwrap_or_default();
        Diagnostic::error(Code::WorkspaceNamespace, message)
            .at(self.config.place(&[]), "")
            .hint(format!("add `namespaces: [{likely}]`, or `namespaces: all`"))
    }

    fn report_empty(&self, environment: &Environment, sink: &mut Sink) {
        if self.config.says.namespaces.is_none() {
            return;
        }
        let names: Vec<_> = environment.namespaces.keys().map(|name| format!("`{name}`")).collect();
        let message = format!(
            "`{}` runs in `{}`, which has none of its namespaces",
            self.name, environment.name
        );
        sink.error(
            Diagnostic::error(Code::WorkspaceNamespace, message)
                .at(self.config.place(&["namespaces"]), "its namespaces")
                .also(self.config.place(&["environments"]), "its environments")
                .hint(format!("the namespaces of `{}` are {}", environment.name, names.join(", "))),
        );
    }

    fn target(
        &self,
        environment: &Environment,
        namespace: &str,
        output: &Arc<OutputPath>,
        sink: &mut Sink,
    ) -> Option<Target> {
        let place = self.source_place();
        let filled =
            self.pattern.as_ref().map(|p| p.filled(&environment.name, namespace, &self.name));
        let source = match filled.as_deref().map(RelPath::parse).transpose() {
            Ok(source) => source,
            Err(error) => {
                let message = format!("the source `{}` {error}", filled.unwrap_or_default());
                sink.error(
                    Diagnostic::error(Code::WorkspaceSource, message)
                        .at(place, "")
                        .hint("write a folder as seen from jibe.yaml, such as `charts/web`"),
                );
                return None;
            }
        };
        Some(Target {
            environment: environment.name.clone(),
            namespace: namespace.to_owned(),
            namespace_name: environment.namespaces.get(namespace).cloned().flatten(),
            service: self.name.clone(),
            labels: self.config.says.labels.clone().into_iter().collect(),
            versions: environment.versions.clone(),
            pod_security: environment.pod_security,
            severities: Arc::clone(&environment.severities),
            other_namespaces: self.config.says.other_namespaces.clone(),
            output: Arc::clone(output),
            source,
            place,
            alone: None,
        })
    }

    /// The place of `source` in service.yaml, or of the whole file.
    pub(super) fn source_place(&self) -> Place {
        self.config.place(&["source"])
    }

    fn item(&self, field: &str, index: Option<&str>) -> Place {
        let path: Vec<_> = [field].into_iter().chain(index).collect();
        self.config.place(&path)
    }
}

pub(super) fn is_all(named: &OneOrMany) -> bool {
    matches!(named, OneOrMany::One(text) if text == "all")
}

/// The folder beside service.yaml that holds what its kustomizations name.
const PATCHES: &str = "patches";
const MANIFESTS: [&str; 1] = ["manifests"];

/// The finding for a folder that has the name of a kustomization file.
fn no_file(shown: &str) -> Diagnostic {
    unreadable(&ReadError {
        path: shown.to_owned(),
        reason: ReadReason::NotAFile("a folder"),
        at: None,
    })
}

/// The finding for a file or folder that does not belong beside service.yaml.
fn stray(
    lister: &Lister<'_>,
    known: &Known<'_>,
    path: &RelPath,
    (name, also, ending): (&str, &str, &str),
) -> Diagnostic {
    let message =
        format!("`{}` is not read: there is no environment `{name}`", lister.files.shown(path));
    let finding = known.pointed(Diagnostic::error(Code::WorkspaceFile, message));
    let names = known.environments.keys().map(String::as_str);
    match nearest(name, names.chain([also])) {
        Some(meant) => finding.hint(format!("did you mean `{meant}{ending}`?")),
        None => finding.hint(format!(
            "beside service.yaml stand `values.yaml`, `kustomization.yaml`, `patches/`, `manifests/`, and for each environment `ENVIRONMENT.yaml` and `ENVIRONMENT/` with a `kustomization.yaml` and `manifests/`; move `{name}{ending}` elsewhere"
        )),
    }
}

fn nothing_to_render(service: &Service) -> Diagnostic {
    let message = format!("`{}` has nothing to render", service.name);
    Diagnostic::error(Code::WorkspaceSource, message)
        .at(service.config.place(&["source"]), "")
        .hint("add a line such as `source: charts/web`, or put manifests into `manifests/` beside service.yaml")
}

fn no_service(shown: &str) -> Diagnostic {
    let message = format!("`{shown}` is no service: it has no `service.yaml`");
    Diagnostic::error(Code::WorkspaceFile, message).hint(format!(
        "create `{shown}/service.yaml` with a line such as `source: charts/web`, or move the folder out of `services/`"
    ))
}
