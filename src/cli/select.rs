//! What the arguments mean: which workspace, which targets, which values on top.

use super::args::{Extra, Shared, What};
use super::kustomize;
use super::output::Stop;
use jibe::Builder;
use jibe::api::Version;
use jibe::diag::{Sink, unreadable};
use jibe::kustomize::LoadRestrictor;
use jibe::source::{RelPath, find_above};
use jibe::tree::Scope;
use jibe::values::{Layer, Reach, SetKind};
use jibe::workspace::{Alone, Selection, Target, Workspace, locate};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Files that make a folder something that can be named as `WHAT`.
const MARKS: [&str; 4] = ["jibe.yaml", "chart.yaml", "Chart.yaml", "kustomization.yaml"];

/// A workspace and what was chosen of it.
pub(crate) struct Chosen {
    pub(crate) workspace: Workspace,
    selection: Selection,
}

impl Chosen {
    /// Opens what the arguments name.
    pub(crate) fn open(shared: &Shared, what: &What, versions: &[String]) -> Result<Self, Stop> {
        let named = Named::of(&what.what, shared);
        let workspace = match (named.path, &shared.workspace) {
            (Some(path), Some(_)) => return Err(named_twice(path)),
            (Some(path), None) => open_path(path, what, versions)?,
            (None, Some(folder)) => Workspace::open(folder)?,
            (None, None) => Workspace::open(".")?,
        };
        let selection = named.selection(what);
        // Without a workspace the options were used up in making one.
        let selection = match workspace.has_settings() {
            true => selection,
            false => Selection { environments: vec![], namespaces: vec![], ..selection },
        };
        Ok(Self { workspace, selection })
    }

    /// The workspace that the arguments name and what they choose of it, before it is opened; none if they
    /// name something else.
    pub(crate) fn before_opening(shared: &Shared, what: &What) -> Option<(PathBuf, Selection)> {
        let named = Named::of(&what.what, shared);
        let start = match (named.path, &shared.workspace) {
            (Some(_), Some(_)) => return None,
            (Some(path), None) => Some(path).filter(|path| is_in_workspace(path))?,
            (None, Some(folder)) => folder,
            (None, None) => Path::new("."),
        };
        let (root, _) = find_above(start, &["jibe.yaml"]).ok()??;
        Some((root, named.selection(what)))
    }

    /// The chosen targets, in the workspace's order; at least one.
    pub(crate) fn targets(&self) -> Result<Vec<&Target>, Stop> {
        let mut sink = Sink::new(self.workspace.files());
        let chosen = self.workspace.select(&self.selection, &mut sink);
        sink.finish()?;
        Ok(chosen.expect("an error leaves a failure behind"))
    }

    /// What a run over the chosen targets speaks for: all that lies in the output folder only if
    /// nothing was left out and the folder is the workspace's own. Into a folder named with `-o`
    /// other workspaces may write too.
    pub(crate) fn scope(&self, output: Option<&PathBuf>) -> Scope {
        let is_all = self.selection.is_all() && self.workspace.has_settings();
        if is_all && output.is_none() { Scope::All } else { Scope::Selected }
    }

    /// The layers of `-f` and `--set`, weakest first.
    pub(crate) fn layers(&self, extra: &Extra, targets: &[&Target]) -> Result<Vec<Layer>, Stop> {
        Builder::learn_secrets(&self.workspace, targets);
        let mut sink = Sink::new(self.workspace.files());
        let mut layers = Vec::new();
        for file in &extra.files {
            if file.as_os_str() == "-" {
                return Err(standard_input());
            }
            match self.workspace.files().read_anywhere(file) {
                Ok(source) => {
                    let name = format!("-f {}", file.display());
                    layers.extend(Layer::read(&source, name, Reach::Own, &mut sink));
                }
                Err(error) => drop(sink.error(unreadable(&error))),
            }
        }
        // The order of Helm, whatever order they are typed in.
        let sets = [
            (SetKind::Json, &extra.set_json),
            (SetKind::Typed, &extra.set),
            (SetKind::Text, &extra.set_string),
            (SetKind::File, &extra.set_file),
            (SetKind::Literal, &extra.set_literal),
        ];
        for (kind, arguments) in sets {
            layers.extend(arguments.iter().flat_map(|text| Layer::set(kind, text, &mut sink)));
        }
        sink.finish()?;
        Ok(layers)
    }
}

/// What the arguments called `WHAT` name.
struct Named<'a> {
    /// The folder or file to open; none for the workspace around the current folder.
    path: Option<&'a Path>,
    services: Vec<String>,
}

impl<'a> Named<'a> {
    fn of(what: &'a [String], shared: &Shared) -> Self {
        let Some((first, rest)) = what.split_first() else {
            return Self { path: None, services: Vec::new() };
        };
        // A service's folder means the service, in the workspace that the folder lies in.
        if service_at(Path::new(first)).is_some() {
            return Self { path: Some(Path::new(first)), services: names(what) };
        }
        match names_a_path(first, shared) {
            true => Self { path: Some(Path::new(first)), services: names(rest) },
            false => Self { path: None, services: names(what) },
        }
    }
}

impl Named<'_> {
    fn selection(self, what: &What) -> Selection {
        Selection {
            services: self.services,
            environments: what.environments.clone(),
            namespaces: what.namespaces.clone(),
            labels: what.labels.clone(),
        }
    }
}

/// The services by name; a service's folder stands for it.
fn names(what: &[String]) -> Vec<String> {
    what.iter().map(|word| service_at(Path::new(word)).unwrap_or_else(|| word.clone())).collect()
}

/// Whether a path names a workspace, or a service in one.
fn is_in_workspace(path: &Path) -> bool {
    path.join("jibe.yaml").is_file() || service_at(path).is_some()
}

/// The service whose folder a path names: a `services/NAME` beside jibe.yaml, as it is typed or where links lead. Anywhere
/// else a service.yaml is a manifest.
pub(crate) fn service_at(folder: &Path) -> Option<String> {
    let real = folder.canonicalize().ok()?;
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new(".")).canonicalize().ok();
    let typed = parent.zip(folder.file_name()).map(|(parent, name)| parent.join(name));
    let is_one = |path: &PathBuf| {
        let above = path.parent().filter(|above| above.ends_with("services"));
        let root = above.and_then(Path::parent);
        root.is_some_and(|root| root.join("jibe.yaml").is_file())
            && path.join("service.yaml").is_file()
    };
    let found = typed.into_iter().chain([real]).find(is_one)?;
    Some(found.file_name()?.to_str()?.to_owned())
}

/// The only one of the chosen targets; `command` names one by its service and the flags that choose it.
pub(crate) fn one_target<'t>(
    targets: &[&'t Target],
    command: impl Fn(&str, &str) -> String,
) -> Result<&'t Target, Stop> {
    match targets {
        [only] => Ok(only),
        several => {
            let names: Vec<_> =
                several.iter().take(5).map(|target| format!("`{target}`")).collect();
            let more = if several.len() > 5 { ", …" } else { "" };
            let message =
                format!("{} targets are meant: {}{more}", several.len(), names.join(", "));
            let hint = several.first().map_or(String::new(), |target| {
                command(&target.service, &flags_for(target, several))
            });
            Err(Stop::Usage(message, format!("choose one by its service, -e and -n: {hint}")))
        }
    }
}

/// The flags that choose one of several targets of a service.
fn flags_for(one: &Target, several: &[&Target]) -> String {
    let Target { environment, namespace, service, .. } = one;
    let is_alike =
        |other: &&&Target| other.service == *service && other.environment == *environment;
    match several.iter().filter(is_alike).count() {
        1 => format!("-e {environment}"),
        _ => format!("-e {environment} -n {namespace}"),
    }
}

/// Kubernetes versions as typed.
pub(crate) fn versions(typed: &[String]) -> Result<Vec<Version>, Stop> {
    let parse = |text: &String| {
        Version::parse(text).map_err(|error| Stop::Usage(error.to_string(), error.hint()))
    };
    let mut versions = typed.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    versions.sort();
    versions.dedup();
    Ok(versions)
}

/// Whether a `WHAT` is a path: it is written as one, a folder with this name is something to render, or
/// there is no workspace whose service it could be.
fn names_a_path(what: &str, shared: &Shared) -> bool {
    let path = Path::new(what);
    let written_as_path = what.contains('/') || what == "." || what == "..";
    let is_marked = || MARKS.iter().any(|mark| path.join(mark).is_file());
    let is_all_there_is = || {
        shared.workspace.is_none()
            && path.exists()
            && workspace_root(Path::new(".")).is_ok_and(|root| root.is_none())
    };
    written_as_path || is_marked() || is_all_there_is()
}

fn is_at(folder: &Path, real: &Path) -> bool {
    fs::canonicalize(folder).is_ok_and(|folder| folder == real)
}

/// The folder of jibe.yaml, at or above a folder, as a path from where the user stands.
pub(crate) fn workspace_root(start: &Path) -> io::Result<Option<PathBuf>> {
    let real = fs::canonicalize(start)?;
    let Some(root) = real.ancestors().find(|folder| folder.join("jibe.yaml").is_file()) else {
        return Ok(None);
    };
    // A folder above that the user typed reads better than `..`; a link among them may lead elsewhere.
    let typed = start.ancestors().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = typed.chain([Path::new(".")]).find(|folder| is_at(folder, root)) {
        return Ok(Some(folder.to_owned()));
    }
    let levels = real.ancestors().position(|folder| folder == root);
    let up =
        |folder: PathBuf, _| if folder == Path::new(".") { "..".into() } else { folder.join("..") };
    Ok(levels.map(|levels| (0..levels).fold(start.to_owned(), up)))
}

/// What a run is made of must be there for the next run, too.
fn standard_input() -> Stop {
    let message = "`-f -` does not read standard input".to_owned();
    Stop::Usage(message, "write the values to a file and name that: -f FILE".to_owned())
}

fn named_twice(path: &Path) -> Stop {
    let message = format!("`{}` names what to render, and so does --workspace", path.display());
    Stop::Usage(message, "leave one of the two out".to_owned())
}

fn open_path(path: &Path, what: &What, typed: &[String]) -> Result<Workspace, Stop> {
    if is_in_workspace(path) {
        return Ok(Workspace::open(path)?);
    }
    let one = |named: &[String], flag: &str| match named {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        _ => {
            let message =
                format!("`{}` is no workspace, so {flag} can be given once", path.display());
            Err(Stop::Usage(message, "name the workspace's folder to work on several".to_owned()))
        }
    };
    let (files, folder): (_, RelPath) = match kustomize::named(path) {
        // Its bases lie beside it, wherever that is.
        Some(folder) => kustomize::open(folder, LoadRestrictor::RootOnly)?,
        None => locate(path)?,
    };
    let alone = Alone {
        environment: one(&what.environments, "-e")?,
        namespace: one(&what.namespaces, "-n")?,
        version: versions(typed)?.last().copied(),
    };
    Builder::learn_secrets_of(&files, &folder);
    Ok(Workspace::of_folder(&files, &folder, &alone)?)
}

/// A path below a folder as a user would write it, without a leading `./`.
pub(crate) fn under(folder: &Path, path: &str) -> PathBuf {
    let folder = folder.strip_prefix(".").unwrap_or(folder);
    folder.join(path)
}

/// The folder that a tree is written into or compared with: `-o`, or the workspace's own.
pub(crate) fn output_folder(chosen: &Chosen, given: Option<&PathBuf>) -> Result<PathBuf, Stop> {
    if let Some(folder) = given {
        return Ok(folder.clone());
    }
    let workspace = &chosen.workspace;
    let root = workspace.files().root().filter(|_| workspace.has_settings());
    match root {
        Some(root) => Ok(under(root, workspace.output().root().as_str())),
        None => Err(Stop::Usage(
            "without a workspace there is no tree of its own".to_owned(),
            "name a folder with -o DIR".to_owned(),
        )),
    }
}
