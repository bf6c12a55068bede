//! Opening a workspace, a chart or a folder of manifests.

use super::alone::Alone;
use super::baseline::BaselineFile;
use super::config::WorkspaceConfig;
use super::environment::{Environment, environments};
use super::folders::{Known, Lister, SharedValues, shared_values};
use super::service::{Service, service_folders};
use super::{OutputPath, Target};
use crate::chart::{Settings, Shelf, below, document, helm_chart};
use crate::diag::{Code, Diagnostic, Failure, Reported, Sink, nearest, on_one_line, unreadable};
use crate::source::{
    Files, Inputs, KUSTOMIZATIONS, Place, ReadError, ReadReason, RelPath, find_above, folder_above,
};
use crate::yaml::{Node, Value};
use indexmap::IndexMap;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The edition of output bytes and default rules that this jibe knows.
const EDITION: u32 = 1;

/// A workspace, or a chart or folder of manifests that is rendered without one.
#[derive(Debug)]
pub struct Workspace {
    pub(super) files: Files,
    pub(super) shelf: Shelf,
    pub(super) environments: IndexMap<String, Environment>,
    pub(super) services: BTreeMap<String, Service>,
    pub(super) targets: Vec<Target>,
    pub(super) shared: SharedValues,
    /// Whether there is a jibe.yaml; without one there are no shared values and no `schemas/`.
    pub(super) is_workspace: bool,
    pub(super) output: Arc<OutputPath>,
    pub(super) place: Option<Place>,
    pub(super) baseline: Option<BaselineFile>,
    pub(super) warnings: Vec<Diagnostic>,
    pub(super) looked: Mutex<Inputs>,
}

/// The files around a chart or folder of manifests, and where it lies among them.
///
/// Their root is the nearest folder at or above `path` that holds `jibe.yaml` or `.git`, so that
/// libraries beside the chart can be read; without any, it is the folder that holds `path`.
///
/// # Errors
/// When `path` is not there or cannot be looked at.
pub fn locate(path: &Path) -> Result<(Files, RelPath), Failure> {
    let found = find_above(path, &["jibe.yaml", ".git"]).map_err(|e| not_there(path, &e));
    let (root, below) = match found? {
        Some(found) => found,
        None => folder_above(path).map_err(|e| failed(&e))?,
    };
    Ok((Files::disk(&root).map_err(|e| failed(&e))?, below))
}

/// The failure of a path that could not be opened at all.
fn failed(error: &ReadError) -> Failure {
    of_finding(unreadable(error))
}

/// The same, with the name beside it that was most likely meant.
fn not_there(path: &Path, error: &ReadError) -> Failure {
    let mut finding = unreadable(error);
    if let Some(near) = near(path).filter(|_| matches!(error.reason, ReadReason::Missing)) {
        finding.hints = vec![format!("did you mean `{near}`?")];
    }
    of_finding(finding)
}

fn near(path: &Path) -> Option<String> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let files = Files::disk(parent.unwrap_or(Path::new("."))).ok()?;
    let entries = files.list(&RelPath::root(), &mut Inputs::default()).ok()?;
    let names = entries.iter().map(|entry| entry.name.as_str());
    let near = nearest(path.file_name()?.to_str()?, names)?;
    Some(on_one_line(&path.with_file_name(near).display().to_string()))
}

fn of_finding(finding: Diagnostic) -> Failure {
    let files = Files::none();
    let mut sink = Sink::new(&files);
    sink.error(finding);
    sink.finish().expect_err("an error was reported")
}

impl Workspace {
    /// Opens the workspace whose jibe.yaml lies in `path` or in the nearest folder above it.
    ///
    /// # Errors
    /// When there is none, or when anything that tells the targets is wrong; everything found is in
    /// the failure.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Failure> {
        let path = path.as_ref();
        match find_above(path, &["jibe.yaml"]).map_err(|e| failed(&e))? {
            Some((root, _)) => Self::memory(&Files::disk(&root).map_err(|e| failed(&e))?),
            None => Err(of_finding(no_workspace(path))),
        }
    }

    /// Opens the workspace whose jibe.yaml lies at the root of `files`.
    ///
    /// # Errors
    /// As [`Workspace::open`].
    pub fn memory(files: &Files) -> Result<Self, Failure> {
        Self::finished(files, |sink| opened(files, sink))
    }

    /// What the values schema of a chart in a folder says, before anything else of the chart is read;
    /// none without one that can be read.
    #[must_use]
    pub fn schema_of_folder(files: &Files, folder: &RelPath) -> Option<Arc<serde_json::Value>> {
        super::gather::lone_schema(files, folder)
    }

    /// A chart or a folder of manifests by itself: no workspace is read.
    ///
    /// The service has the chart's name, or the folder's where that is a name. Environment and
    /// namespace are called `default` where none is named.
    ///
    /// # Errors
    /// When the folder is neither, when the chart is not in order, or when it has no overlay for the
    /// environment.
    pub fn of_folder(files: &Files, folder: &RelPath, alone: &Alone) -> Result<Self, Failure> {
        Self::finished(files, |sink| alone.opened(files, folder, sink))
    }

    fn finished(
        files: &Files,
        work: impl FnOnce(&mut Sink) -> Result<Self, Reported>,
    ) -> Result<Self, Failure> {
        let mut sink = Sink::new(files);
        let result = work(&mut sink).and_then(|done| sink.passed().map(|()| done));
        let warnings = sink.finish()?;
        let done = result.expect("an error leaves a failure behind");
        Ok(Self { warnings, ..done })
    }

    /// All targets: environments in the order of jibe.yaml, namespaces in the order of the
    /// environment, services by name.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The files that it reads.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The environments, in the order of jibe.yaml.
    pub fn environments(&self) -> impl Iterator<Item = &Environment> {
        self.environments.values()
    }

    /// The names of the services, sorted.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
    }

    /// Where each target's manifests are written.
    #[must_use]
    pub fn output(&self) -> &OutputPath {
        &self.output
    }

    /// Whether it was opened from a jibe.yaml.
    #[must_use]
    pub fn has_settings(&self) -> bool {
        self.is_workspace
    }

    /// What was found on opening that is no error.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Everything that was looked at so far: to open it, and for the targets gathered since.
    #[must_use]
    pub fn inputs(&self) -> Inputs {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn note(&self, inputs: &Inputs) {
        let inputs = Arc::new(inputs.clone());
        self.looked.lock().unwrap_or_else(PoisonError::into_inner).extend(&inputs);
    }

    pub(super) fn known(&self) -> Known<'_> {
        Known { environments: &self.environments, place: self.place }
    }
}

fn opened(files: &Files, sink: &mut Sink) -> Result<Workspace, Reported> {
    let mut looked = Inputs::default();
    let path = below(&RelPath::root(), "jibe.yaml");
    let Some(source) = files.find(&path, &mut looked).map_err(|e| sink.error(unreadable(&e)))?
    else {
        return Err(sink.error(
            Diagnostic::error(
                Code::WorkspaceMissing,
                format!("`{}` is not there", files.shown(&path)),
            )
            .hint("`jibe init` makes a workspace"),
        ));
    };
    let root = document(&source, sink)?;
    check_requires(&root, sink)?;
    let config = Settings::<WorkspaceConfig>::of(root, sink)?;
    files.limit(config.says.limits.unwrap_or_default().limits());
    let environments = environments(&config, sink);
    let output = Arc::new(output_path(&config, sink));
    files.leave_out(&output.root());
    let baseline = BaselineFile::of(&config, &output.root(), sink);
    // Files are judged by the environments' names, so these must be right first.
    sink.passed()?;
    let place = config.key_place(&["environments"]);
    let known = Known { environments: &environments, place: Some(place) };
    let mut lister = Lister { files, looked: &mut looked, sink: &mut *sink };
    lister.misnamed_parts()?;
    let shared = shared_values(&mut lister, &known);
    let folders = service_folders(&mut lister)?;
    let read = |(name, folder): (String, RelPath)| {
        let (mut looked, mut sink) = (Inputs::default(), Sink::new(files));
        let mut lister = Lister { files, looked: &mut looked, sink: &mut sink };
        let service = Service::read(&mut lister, &known, name, folder);
        let read = service.map(|one| (one.targets(&known, &output, &mut sink), one));
        (read, sink)
    };
    let read: Vec<_> = folders.into_par_iter().map(read).collect();
    let mut services = BTreeMap::new();
    let mut targets = Vec::new();
    for (read, found) in read {
        sink.absorb(found);
        let Ok((own, service)) = read else { continue };
        targets.extend(own);
        looked.extend(&service.looked);
        services.insert(service.name.clone(), service);
    }
    sort(&mut targets, &environments);
    let output_place = config.place(&["output", "path"]);
    refuse_shared_folders(&targets, output_place, sink);
    let shared = shared?;
    Ok(Workspace {
        shelf: Shelf::new(files),
        files: files.clone(),
        environments,
        services,
        targets,
        shared,
        is_workspace: true,
        output,
        place: Some(place),
        baseline,
        warnings: Vec::new(),
        looked: Mutex::new(looked),
    })
}

fn sort(targets: &mut [Target], environments: &IndexMap<String, Environment>) {
    targets.sort_by_cached_key(|target| {
        let environment = environments.get_full(&target.environment);
        let (at, _, environment) = environment.expect("targets come from these environments");
        (at, environment.namespaces.get_index_of(&target.namespace), target.service.clone())
    });
}

/// `requires` and `edition` come before all else: another version may know other fields.
fn check_requires(root: &Node, sink: &mut Sink) -> Result<(), Reported> {
    let version = env!("CARGO_PKG_VERSION");
    if let Some((node, text)) = root.get("requires").and_then(|node| Some((node, node.as_str()?))) {
        let own = semver::Version::parse(version).expect("the package has a semantic version");
        match semver::VersionReq::parse(text) {
            Ok(wanted) if wanted.matches(&own) => {}
            Ok(_) => {
                let message =
                    format!("this workspace requires jibe `{text}`, but this is jibe {version}");
                return Err(sink.error(
                    Diagnostic::error(Code::WorkspaceRequires, message)
                        .at(node.place, "")
                        .hint("run a jibe of these versions, or change `requires` after comparing the output"),
                ));
            }
            Err(_) => {
                let message = format!("`requires` is `{text}`, which is no range of versions");
                return Err(sink.error(
                    Diagnostic::error(Code::WorkspaceRequires, message)
                        .at(node.place, "")
                        .hint("write a range such as `\">=0.1, <0.2\"`"),
                ));
            }
        }
    }
    match root.get("edition").and_then(|node| Some((node, node.as_scalar()?.value))) {
        Some((node, Value::Int(edition))) if edition != i64::from(EDITION) => {
            let message = format!("this jibe knows edition {EDITION}, but not edition {edition}");
            Err(sink.error(
                Diagnostic::error(Code::WorkspaceRequires, message)
                    .at(node.place, "")
                    .hint(format!("write `edition: {EDITION}`, or run a newer jibe")),
            ))
        }
        _ => Ok(()),
    }
}

fn output_path(config: &Settings<WorkspaceConfig>, sink: &mut Sink) -> OutputPath {
    let said = config.says.output.as_ref().and_then(|output| output.path.as_deref());
    let Some(text) = said else { return OutputPath::default() };
    OutputPath::parse(text).unwrap_or_else(|(message, hint)| {
        let place = config.place(&["output", "path"]);
        sink.error(Diagnostic::error(Code::WorkspaceOutput, message).at(place, "").hint(hint));
        OutputPath::default()
    })
}

/// Two targets in one folder would overwrite and delete each other's files.
fn refuse_shared_folders(targets: &[Target], place: Place, sink: &mut Sink) {
    let mut owners: BTreeMap<RelPath, &Target> = BTreeMap::new();
    for target in targets {
        let folder = target.folder();
        if let Some(first) = owners.get(&folder) {
            let message = format!("`{first}` and `{target}` would both be written into `{folder}`");
            sink.error(
                Diagnostic::error(Code::WorkspaceOutput, message)
                    .at(place, "")
                    .hint("write `{env}`, `{namespace}` and `{service}` into the path"),
            );
            return;
        }
        owners.insert(folder, target);
    }
}

fn no_workspace(path: &Path) -> Diagnostic {
    let shown = on_one_line(&path.display().to_string());
    let message = format!("there is no `jibe.yaml` in `{shown}` or above it");
    let finding = Diagnostic::error(Code::WorkspaceMissing, message);
    let has =
        |name: &str| matches!(find_above(path, &[name]), Ok(Some((_, below))) if below.is_root());
    match () {
        () if has("chart.yaml") => finding
            .hint(format!("`{shown}` is a chart: `jibe render {shown}` renders it by itself")),
        () if has("Chart.yaml") => {
            finding.hint(helm_chart(&shown).message).hint("see docs/from-helm.md")
        }
        () if KUSTOMIZATIONS.iter().any(|name| has(name)) => finding
            .hint(format!("`{shown}` is a kustomization: `jibe render {shown}` prints what it makes, `jibe lint {shown}` judges that"))
            .hint("`jibe init --from-kustomize DIR` makes a workspace around a folder with `base` and `overlays`"),
        () => finding.hint("`jibe init` makes a workspace; name its folder if it lies elsewhere"),
    }
}
