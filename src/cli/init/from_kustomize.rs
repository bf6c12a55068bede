//! `jibe init --from-kustomize DIR`: folders with overlays become the services of a workspace, the overlays its environments.
//!
//! Nothing of the tree is changed; every overlay must build, and what would be written must open, before anything is.

mod found;
mod settings;

use crate::cli::new::check_name;
use crate::cli::output::{Console, Stop};
use crate::cli::starter::NewFiles;
use found::{Found, LeftOut, Why};
use jibe::Workspace;
use jibe::diag::{Diagnostic, Sink, unreadable};
use jibe::kustomize::{self, Options};
use jibe::source::{Files, Input, Inputs, RelPath};
use jibe::transform::Resources;
use jibe::yaml;
use settings::{App, Environments, Missing, Spaces, join};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a service is called if nothing of its folder's name can be a name.
const UNNAMED: &str = "app";

/// The settings of a workspace in `folder` around the kustomizations in `tree`.
pub(super) fn files(folder: &Path, tree: &Path, console: &Console) -> Result<NewFiles, Stop> {
    let found = Read::new(folder, tree)?;
    let apps = found.apps(&BTreeSet::new(), console)?;
    let environments = Environments::of(&apps);
    let mut texts = vec![("jibe.yaml".to_owned(), environments.text())];
    texts.extend(apps.iter().map(|app| (app.service(), app.text(&environments))));
    let written = texts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let written = Files::memory(written);
    Workspace::memory(&written.expect("a name that was checked makes a path"))?;
    Ok(below_folder(folder, texts))
}

/// The services of a workspace that is there for the kustomizations in `tree` that are none yet.
pub(super) fn more(folder: &Path, tree: &Path, console: &Console) -> Result<NewFiles, Stop> {
    let mut found = Read::new(folder, tree)?;
    let workspace = Workspace::open(&found.root)?;
    let known = services(&found.root, &workspace);
    let is_new = |folder: &str| !known.values().any(|source| is_overlays_of(source, folder));
    let (new, old): (Vec<_>, Vec<_>) = found.apps.into_iter().partition(|(_, path)| is_new(path));
    if let ([], Some((_, first))) = (&new[..], old.first()) {
        let service = known.iter().find(|(_, source)| is_overlays_of(source, first));
        let service = service.map_or("", |(name, _)| name.as_str());
        let message = format!("`{first}` is there already, as the service `{service}`");
        let hint = "name a folder with others: nothing of a service that is there is changed";
        return Err(Stop::Usage(message, hint.to_owned()));
    }
    found.apps = new;
    let names = known.keys().cloned().collect();
    let apps = found.apps(&names, console)?;
    let environments = workspace.environments().filter(|one| !one.is_abstract);
    let environments = environments.map(|one| (one.name.clone(), one.namespaces.clone()));
    let environments = Environments(environments.collect());
    if let Some((app, missing)) =
        apps.iter().find_map(|app| Some((app, app.missing(&environments)?)))
    {
        return Err(unknown(app, &missing, &environments));
    }
    for (_, path) in old {
        console.note(&format!("note: `{path}` is there already, and stays as it is"));
    }
    let texts = apps.iter().map(|app| (app.service(), app.text(&environments))).collect();
    Ok(below_folder(folder, texts))
}

fn below_folder(folder: &Path, texts: Vec<(String, String)>) -> NewFiles {
    texts
        .into_iter()
        .fold(NewFiles::default(), |files, (path, text)| files.file(folder.join(path), text))
}

/// The services of a workspace by name, with the `source` of each as it is written.
fn services(root: &Path, workspace: &Workspace) -> BTreeMap<String, String> {
    let source = |name: &str| {
        let path = RelPath::parse(&format!("services/{name}/service.yaml")).ok()?;
        let file = workspace.files().read(&path, &mut Inputs::default()).ok()?;
        let documents = yaml::parse(file.text(), file.id(), yaml::Options::default()).ok()?;
        Some(documents.first()?.root.get("source")?.as_str()?.to_owned())
    };
    let entries = fs::read_dir(root.join("services")).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.map(|name| (name.clone(), source(&name).unwrap_or_default())).collect()
}

/// Whether the source of a service is the overlays of a folder, or one of them.
fn is_overlays_of(source: &str, folder: &str) -> bool {
    let overlays = join(folder, "overlays/");
    source.trim_start_matches("./").starts_with(&overlays)
}

/// An environment or a namespace that jibe.yaml does not have; a change of it would reach other services.
fn unknown(app: &App, missing: &Missing<'_>, known: &Environments) -> Stop {
    let Missing { environment, namespace } = missing;
    let folder = join(&app.folder, &format!("overlays/{environment}"));
    match known.0.get(*environment) {
        None => Stop::Usage(
            format!(
                "`{folder}` is for the environment `{environment}`, which jibe.yaml does not have"
            ),
            format!(
                "add it with `jibe new env {environment}`; a service that does not run there names its `environments` in service.yaml"
            ),
        ),
        Some(all) => {
            let names: Vec<_> = all.keys().map(|name| format!("`{name}`")).collect();
            let names = names.join(", ");
            let wanted = namespace
                .map_or("no namespace".to_owned(), |name| format!("the namespace `{name}`"));
            Stop::Usage(
                format!("`{folder}` is for {wanted}, but `{environment}` in jibe.yaml has {names}"),
                "add it to `namespaces` there, and let each service that is there name its `namespaces` in service.yaml; or start anew, without jibe.yaml and services/, from a folder around all kustomizations".to_owned(),
            )
        }
    }
}

/// A tree of kustomizations and the folder of the workspace.
struct Read {
    root: PathBuf,
    tree: PathBuf,
    /// Applications, and their folders as seen from the workspace's.
    apps: Vec<(found::App, String)>,
    left_out: Vec<LeftOut>,
}

impl Read {
    fn new(folder: &Path, tree: &Path) -> Result<Self, Stop> {
        let root = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        below(root, tree)?;
        let Found { apps, left_out } = Found::of(tree);
        let placed = apps.into_iter().map(|app| below(root, &app.folder).map(|path| (app, path)));
        let apps = placed.collect::<Result<_, _>>()?;
        Ok(Self { root: root.to_owned(), tree: tree.to_owned(), apps, left_out })
    }

    /// The applications, with what their overlays make; says what is left out.
    fn apps(&self, taken: &BTreeSet<String>, console: &Console) -> Result<Vec<App>, Stop> {
        let files = Files::disk(&self.root).map_err(|error| of_finding(unreadable(&error)))?;
        let (mut sink, mut inputs) = (Sink::new(&files), BTreeSet::new());
        let names = self.names(taken);
        let mut apps = Vec::new();
        for ((app, folder), name) in self.apps.iter().zip(names) {
            let mut overlays = BTreeMap::new();
            for overlay in &app.overlays {
                let path = join(folder, &format!("overlays/{overlay}"));
                let path = RelPath::parse(&path).unwrap_or_default();
                // What is wrong in one overlay says nothing of the next.
                let built = kustomize::build(&files, &path, &Options::default(), &mut sink);
                let Ok((resources, looked)) = built else { continue };
                let read = looked.iter().filter(|input| matches!(input, Input::File(_)));
                inputs.extend(read.map(|input| input.path().parent()));
                overlays.insert(overlay.clone(), spaces(&resources));
            }
            apps.push(App { folder: folder.clone(), name, overlays });
        }
        let warnings = sink.finish()?;
        console.findings(&warnings);
        self.tell_left_out(&inputs, console);
        if apps.is_empty() {
            let message = format!(
                "there is no `overlays/NAME` with a kustomization in `{}` or below",
                self.tree.display()
            );
            let hint = "name the folder that holds `base` and `overlays`, or one around several such; a kustomization without overlays is named as `source` in a service.yaml";
            return Err(Stop::Usage(message, hint.to_owned()));
        }
        Ok(apps)
    }

    /// Says what becomes nothing, unless an overlay is made of it.
    fn tell_left_out(&self, read: &BTreeSet<RelPath>, console: &Console) {
        let mut last = None;
        // Where nothing has overlays, that is all there is to say.
        let is_told = |one: &&LeftOut| one.why != Why::Alone || !self.apps.is_empty();
        for LeftOut { folder, why } in self.left_out.iter().filter(is_told) {
            let Ok(path) = below(&self.root, folder) else { continue };
            if RelPath::parse(&path).is_ok_and(|path| read.contains(&path)) {
                continue;
            }
            let why = match why {
                Why::Deep => "it does not lie right in `overlays`",
                Why::Name => "its name cannot be that of an environment",
                Why::Alone => "it has no overlays",
            };
            console.note(&format!("note: `{path}` is left out: {why}"));
            last = Some(path);
        }
        if let Some(path) = last {
            console.note(&format!(
                "note: each can be a service of its own, with `source: {path}` and `environments: [NAME]` in its service.yaml, NAME being one of jibe.yaml"
            ));
        }
    }

    /// What the services are called: as their folders, with the folders around these where it is needed.
    fn names(&self, taken: &BTreeSet<String>) -> Vec<String> {
        let last = |folder: &Path| {
            let real = fs::canonicalize(folder).ok();
            let name = real.as_ref().and_then(|path| path.file_name()?.to_str());
            name_of(name.unwrap_or_default())
        };
        let short: Vec<_> = self.apps.iter().map(|(app, _)| last(&app.folder)).collect();
        let mut used = taken.clone();
        let mut names = Vec::new();
        for ((_, folder), name) in self.apps.iter().zip(&short) {
            let is_only = short.iter().filter(|other| *other == name).count() == 1;
            let long = name_of(folder);
            let numbered = (2..).map(|number| format!("{name}-{number}"));
            let own = Some(name.clone()).filter(|_| is_only).into_iter();
            let mut fitting = own.chain([long]).chain(numbered).filter(|name| !used.contains(name));
            let name = fitting.next().expect("there are numbers without end");
            used.insert(name.clone());
            names.push(name);
        }
        names
    }
}

/// A name that is like a text, in letters that names can have.
fn name_of(text: &str) -> String {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let name = text.to_lowercase().replace(|c: char| !fits(c), "-");
    let name = name.get(..name.len().min(63)).unwrap_or_default().trim_matches('-');
    if check_name(name).is_ok() { name.to_owned() } else { UNNAMED.to_owned() }
}

/// The path of a folder as seen from the workspace's, `/` between its parts.
fn below(root: &Path, folder: &Path) -> Result<String, Stop> {
    let real = |path: &Path| {
        fs::canonicalize(path).map_err(|error| {
            let message = format!("`{}` cannot be read: {error}", path.display());
            Stop::Usage(message, "name the folder that holds `base` and `overlays`".to_owned())
        })
    };
    let (root, typed, folder) = (real(root)?, folder, real(folder)?);
    let below = folder.strip_prefix(&root).ok().and_then(|path| path.to_str());
    below.map(|path| path.replace('\\', "/")).ok_or_else(|| {
        let message = format!("`{}` does not lie in the workspace's folder", typed.display());
        let hint = "make the workspace in a folder around it, such as that of the checkout";
        Stop::Usage(message, hint.to_owned())
    })
}

/// The namespaces that objects name: that of most, the first by name among equals, and the others.
fn spaces(resources: &Resources) -> Spaces {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    let named =
        resources.iter().map(|one| one.id().namespace).filter(|name| check_name(name).is_ok());
    named.for_each(|name| *counts.entry(name).or_default() += 1);
    let most = counts.iter().rev().max_by_key(|(_, count)| **count);
    let own = most.map(|(name, _)| name.to_string());
    let is_other = |name: &String| Some(name) != own.as_ref();
    let others = counts.keys().map(|name| name.to_string()).filter(is_other).collect();
    Spaces { own, others }
}

fn of_finding(finding: Diagnostic) -> Stop {
    let Diagnostic { message, hints, .. } = finding;
    Stop::Usage(message, hints.join("; "))
}
