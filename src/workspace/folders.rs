//! The folders of values that services share: `environments/` and `namespaces/`.

use super::environment::Environment;
use super::unknown_hint;
use crate::chart::{below, is_manifest_file, is_passed_over};
use crate::diag::{Code, Diagnostic, Reported, Sink, nearest, unreadable};
use crate::source::{
    Entry, EntryKind, Files, Inputs, KUSTOMIZATIONS, Place, ReadError, ReadReason, RelPath,
};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// The environments of a workspace and where jibe.yaml names them.
pub(super) struct Known<'w> {
    pub(super) environments: &'w IndexMap<String, Environment>,
    pub(super) place: Option<Place>,
}

impl Known<'_> {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.environments.keys().map(String::as_str)
    }

    fn namespaces(&self) -> Vec<&str> {
        let all = self.environments.values().flat_map(|e| e.namespaces.keys());
        let mut names: Vec<_> = all.map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What to do instead of running something in an abstract environment.
    pub(super) fn abstract_hint(&self, name: &str) -> String {
        let builds = |environment: &&Environment| {
            !environment.is_abstract && environment.chain.iter().any(|base| base == name)
        };
        let names: Vec<_> = self
            .environments
            .values()
            .filter(builds)
            .map(|environment| format!("`{}`", environment.name))
            .collect();
        match names.is_empty() {
            true => "remove `abstract: true` in jibe.yaml".to_owned(),
            false => format!(
                "name one that extends it ({}), or remove `abstract: true` in jibe.yaml",
                names.join(", ")
            ),
        }
    }

    /// Adds the place where the environments are named.
    pub(super) fn pointed(&self, finding: Diagnostic) -> Diagnostic {
        match self.place {
            Some(place) => finding.at(place, "these are the environments"),
            None => finding,
        }
    }

    /// The finding for a file or folder whose name is no environment.
    pub(super) fn no_environment(&self, shown: &str, name: &str) -> Diagnostic {
        let message = format!("`{shown}` belongs to no environment: there is no `{name}`");
        self.pointed(Diagnostic::error(Code::WorkspaceEnvironment, message).hint(unknown_hint(
            name,
            self.names(),
            "environments",
        )))
    }
}

/// The values files that services share.
#[derive(Debug, Default)]
pub(super) struct SharedValues {
    pub(super) environments: BTreeMap<String, RelPath>,
    pub(super) namespaces: BTreeMap<String, RelPath>,
    pub(super) in_namespaces: BTreeMap<(String, String), RelPath>,
}

/// Where the folders of shared values are.
pub(super) fn environments_folder() -> RelPath {
    below(&RelPath::root(), "environments")
}

pub(super) fn namespaces_folder() -> RelPath {
    below(&RelPath::root(), "namespaces")
}

/// Looks through a folder and tells apart what stands in it.
pub(super) struct Lister<'l> {
    pub(super) files: &'l Files,
    pub(super) looked: &'l mut Inputs,
    pub(super) sink: &'l mut Sink,
}

/// What a name in a folder of values files is by its ending and kind.
pub(super) enum Found {
    /// `NAME.yaml`.
    Values(String),
    /// A folder.
    Folder(String),
    /// A file that no rule takes, `NAME.yml` among them.
    Other(String),
}

/// The folders and, without their ending, the files of a workspace that jibe reads.
const FOLDERS: [&str; 5] = ["charts", "environments", "namespaces", "schemas", "services"];
const FILES: [&str; 2] = ["jibe", "values"];

impl Lister<'_> {
    /// Warns of what stands beside jibe.yaml under nearly the name of something that jibe reads.
    /// Everything else may stand there.
    pub(super) fn misnamed_parts(&mut self) -> Result<(), Reported> {
        let entries = match self.files.list(&RelPath::root(), self.looked) {
            Err(ReadError { reason: ReadReason::BadName(_), .. }) => return Ok(()),
            entries => entries.map_err(|error| self.sink.error(unreadable(&error)))?,
        };
        let is_there = |name: &str| entries.iter().any(|entry| entry.name == name);
        for Entry { name, kind } in entries.iter().filter(|entry| !is_passed_over(&entry.name)) {
            let meant = match kind {
                EntryKind::Folder if !FOLDERS.contains(&name.as_str()) => {
                    nearest(name, FOLDERS).filter(|meant| !is_there(meant)).map(|n| format!("{n}/"))
                }
                EntryKind::Folder => None,
                _ => meant_file(name),
            };
            if let Some(meant) = meant {
                let shown = self.files.shown(&below(&RelPath::root(), name));
                let message = format!("`{shown}` is not read");
                let finding = Diagnostic::warning(Code::WorkspaceFile, message);
                self.sink.warn(finding.hint(format!("did you mean `{meant}`?")));
            }
        }
        Ok(())
    }

    /// The names in a folder, sorted; files that cannot be meant as values are left out.
    pub(super) fn list(&mut self, folder: &RelPath) -> Result<Vec<(Found, RelPath)>, Reported> {
        let entries = self.files.list(folder, self.looked);
        let entries = entries.map_err(|error| self.sink.error(unreadable(&error)))?;
        let kept = entries.into_iter().filter(|entry| !is_passed_over(&entry.name));
        let told = kept.filter_map(|entry| Some((below(folder, &entry.name), tell(entry)?)));
        Ok(told.map(|(path, found)| (found, path)).collect())
    }

    pub(super) fn error(&mut self, path: &RelPath, what: &str, hint: impl Into<String>) {
        let message = format!("`{}` {what}", self.files.shown(path));
        self.sink.error(Diagnostic::error(Code::WorkspaceFile, message).hint(hint));
    }

    /// Reports a file such as `prod.yml` or `prod.json` among values files.
    pub(super) fn other(&mut self, path: &RelPath, name: &str) {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let home = self.files.shown(&below(&path.parent(), &format!("{stem}.yaml")));
        self.error(
            path,
            "is not read: values files end in `.yaml`",
            format!("rename it to `{home}`"),
        );
    }
}

/// The file of a workspace that a YAML or JSON file of nearly its name most likely is to be.
fn meant_file(name: &str) -> Option<String> {
    let (stem, _) = name.rsplit_once('.').filter(|_| is_manifest_file(name))?;
    let meant = format!("{}.yaml", nearest(stem, FILES)?);
    (meant != name).then_some(meant)
}

fn tell(entry: Entry) -> Option<Found> {
    if entry.kind == EntryKind::Folder {
        return Some(Found::Folder(entry.name));
    }
    match entry.name.strip_suffix(".yaml") {
        Some(stem) => Some(Found::Values(stem.to_owned())),
        None if is_manifest_file(&entry.name) || KUSTOMIZATIONS.contains(&&*entry.name) => {
            Some(Found::Other(entry.name))
        }
        None => None,
    }
}

/// Finds the shared values files and reports those that belong to nothing.
pub(super) fn shared_values(
    lister: &mut Lister<'_>,
    known: &Known<'_>,
) -> Result<SharedValues, Reported> {
    let mut shared = SharedValues::default();
    for (found, path) in lister.list(&environments_folder())? {
        match found {
            Found::Values(name) if known.environments.contains_key(&name) => {
                shared.environments.insert(name, path);
            }
            Found::Values(name) => {
                let finding = known.no_environment(&lister.files.shown(&path), &name);
                lister.sink.error(finding);
            }
            Found::Folder(name) => lister.error(
                &path,
                "is a folder; an environment's values are one file",
                format!("put the values into `environments/{name}.yaml`, and remove the folder"),
            ),
            Found::Other(name) => lister.other(&path, &name),
        }
    }
    let namespaces = known.namespaces();
    for (found, path) in lister.list(&namespaces_folder())? {
        match found {
            Found::Values(name) if namespaces.contains(&name.as_str()) => {
                shared.namespaces.insert(name, path);
            }
            Found::Folder(name) if namespaces.contains(&name.as_str()) => {
                in_namespace(lister, known, (&name, &path), &mut shared)?;
            }
            Found::Values(name) | Found::Folder(name) => {
                let shown = lister.files.shown(&path);
                lister.sink.error(no_namespace(known, &namespaces, &shown, &name));
            }
            Found::Other(name) => lister.other(&path, &name),
        }
    }
    Ok(shared)
}

fn in_namespace(
    lister: &mut Lister<'_>,
    known: &Known<'_>,
    (namespace, folder): (&str, &RelPath),
    shared: &mut SharedValues,
) -> Result<(), Reported> {
    for (found, path) in lister.list(folder)? {
        match found {
            Found::Values(name) if known.environments.contains_key(&name) => {
                shared.in_namespaces.insert((namespace.to_owned(), name), path);
            }
            Found::Values(name) => {
                let finding = known.no_environment(&lister.files.shown(&path), &name);
                lister.sink.error(finding);
            }
            Found::Folder(_) => lister.error(
                &path,
                "is not read: a namespace's folder holds one values file for each environment",
                "move its values into `ENVIRONMENT.yaml` files beside it",
            ),
            Found::Other(name) => lister.other(&path, &name),
        }
    }
    Ok(())
}

fn no_namespace(known: &Known<'_>, namespaces: &[&str], shown: &str, name: &str) -> Diagnostic {
    let message = format!("`{shown}` belongs to no namespace: there is no `{name}`");
    let finding = Diagnostic::error(Code::WorkspaceNamespace, message);
    let finding = known.pointed(finding);
    match super::logical_name(known.environments.values(), name) {
        Some(hint) => finding.hint(hint),
        None => finding.hint(unknown_hint(name, namespaces.iter().copied(), "namespaces")),
    }
}
