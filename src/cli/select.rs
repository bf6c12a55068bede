//! What the arguments mean: which workspace, which targets, which values on top.

use super::args::{Extra, Shared, What};
use super::output::Stop;
use jibe::api::Version;
use jibe::diag::{Sink, unreadable};
use jibe::source::RelPath;
use jibe::tree::Scope;
use jibe::values::{Layer, Reach, SetKind};
use jibe::workspace::{Alone, Selection, Target, Workspace, locate};
use std::path::{Path, PathBuf};

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
        let (path, services) = match what.what.split_first() {
            Some((first, rest)) if names_a_path(first) => (Some(Path::new(first)), rest),
            _ => (None, &what.what[..]),
        };
        let workspace = match (path, &shared.workspace) {
            (Some(path), Some(_)) => return Err(named_twice(path)),
            (Some(path), None) => open_path(path, what, versions)?,
            (None, Some(folder)) => Workspace::open(folder)?,
            (None, None) => Workspace::open(".")?,
        };
        // Without a workspace the options were used up in making one.
        let choose =
            |named: &[String]| if workspace.has_settings() { named.to_vec() } else { Vec::new() };
        let selection = Selection {
            services: services.to_vec(),
            environments: choose(&what.environments),
            namespaces: choose(&what.namespaces),
            labels: what.labels.clone(),
        };
        Ok(Self { workspace, selection })
    }

    /// The chosen targets, in the workspace's order; at least one.
    pub(crate) fn targets(&self) -> Result<Vec<&Target>, Stop> {
        let mut sink = Sink::new(self.workspace.files());
        let chosen = self.workspace.select(&self.selection, &mut sink);
        sink.finish()?;
        Ok(chosen.expect("an error leaves a failure behind"))
    }

    /// What a run over the chosen targets speaks for: all of a workspace only if nothing was left out.
    pub(crate) fn scope(&self) -> Scope {
        let is_all = self.selection.is_all() && self.workspace.has_settings();
        if is_all { Scope::All } else { Scope::Selected }
    }

    /// The layers of `-f` and `--set`, weakest first.
    pub(crate) fn layers(&self, extra: &Extra) -> Result<Vec<Layer>, Stop> {
        let mut sink = Sink::new(self.workspace.files());
        let mut layers = Vec::new();
        for file in &extra.files {
            match self.workspace.files().read_anywhere(file) {
                Ok(source) => {
                    let name = format!("-f {}", file.display());
                    layers.extend(Layer::read(&source, name, Reach::Own, &mut sink));
                }
                Err(error) => drop(sink.error(unreadable(&error))),
            }
        }
        let sets = [
            (SetKind::Typed, &extra.set),
            (SetKind::Text, &extra.set_string),
            (SetKind::Json, &extra.set_json),
            (SetKind::File, &extra.set_file),
        ];
        for (kind, arguments) in sets {
            layers.extend(arguments.iter().flat_map(|text| Layer::set(kind, text, &mut sink)));
        }
        sink.finish()?;
        Ok(layers)
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

/// Whether a `WHAT` is a path: it is written as one, or a folder with this name is something to render.
fn names_a_path(what: &str) -> bool {
    let written_as_path = what.contains('/') || what == "." || what == "..";
    written_as_path || MARKS.iter().any(|mark| Path::new(what).join(mark).is_file())
}

fn named_twice(path: &Path) -> Stop {
    let message = format!("`{}` names what to render, and so does --workspace", path.display());
    Stop::Usage(message, "leave one of the two out".to_owned())
}

fn open_path(path: &Path, what: &What, typed: &[String]) -> Result<Workspace, Stop> {
    if path.join("jibe.yaml").is_file() {
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
    let (files, folder): (_, RelPath) = locate(path)?;
    let alone = Alone {
        environment: one(&what.environments, "-e")?,
        namespace: one(&what.namespaces, "-n")?,
        version: versions(typed)?.last().copied(),
    };
    Ok(Workspace::of_folder(&files, &folder, &alone)?)
}

/// The folder that a tree is written into or compared with: `-o`, or the workspace's own.
pub(crate) fn output_folder(chosen: &Chosen, given: Option<&PathBuf>) -> Result<PathBuf, Stop> {
    if let Some(folder) = given {
        return Ok(folder.clone());
    }
    let workspace = &chosen.workspace;
    let root = workspace.files().root().filter(|_| workspace.has_settings());
    match root {
        Some(root) => {
            let folder = root.join(workspace.output().root().as_str());
            Ok(folder.strip_prefix(".").map(Path::to_owned).unwrap_or(folder))
        }
        None => Err(Stop::Usage(
            "without a workspace there is no tree of its own".to_owned(),
            "name a folder with -o DIR".to_owned(),
        )),
    }
}
