//! `jibe init --from-kustomize DIR`: the overlays of a kustomization become the environments of a workspace.
//!
//! Nothing of the tree is changed; every overlay must build, and what would be written must open, before anything is.

use crate::cli::new::check_name;
use crate::cli::output::{Console, Stop};
use crate::cli::starter::{NewFiles, in_yaml};
use jibe::Workspace;
use jibe::diag::{Diagnostic, Sink, unreadable};
use jibe::kustomize::{self, Options};
use jibe::source::{Files, KUSTOMIZATIONS, RelPath};
use jibe::transform::Resources;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What the service is called if the folder's own name cannot be a name.
const UNNAMED: &str = "app";
/// The Kubernetes version of a workspace that is new.
const KUBERNETES: &str = "1.35";

/// The settings of a workspace in `folder` around the kustomizations in `tree`.
pub(super) fn files(folder: &Path, tree: &Path, console: &Console) -> Result<NewFiles, Stop> {
    let root = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let below = below(root, tree)?;
    let overlays = overlays(tree)?;
    let (config, name) = (config(root, &below, &overlays, console)?, service_name(tree));
    let source = in_yaml(&join(&below, "overlays/{env}"));
    let service = format!(
        "# yaml-language-server: $schema=../../.jibe/service.schema.json\nsource: {source}\n"
    );
    let service_path = format!("services/{name}/service.yaml");
    let written = Files::memory([("jibe.yaml", config.as_str()), (&service_path, &service)]);
    Workspace::memory(&written.expect("a name that was checked makes a path"))?;
    Ok(NewFiles::default()
        .file(folder.join("jibe.yaml"), config)
        .file(folder.join(service_path), service))
}

/// The path of the tree as seen from the workspace's folder, `/` between its parts.
fn below(root: &Path, tree: &Path) -> Result<String, Stop> {
    let real = |path: &Path| {
        fs::canonicalize(path).map_err(|error| {
            let message = format!("`{}` cannot be read: {error}", path.display());
            Stop::Usage(message, "name the folder that holds `base` and `overlays`".to_owned())
        })
    };
    let (root, typed, tree) = (real(root)?, tree, real(tree)?);
    let below = tree.strip_prefix(&root).ok().and_then(|path| path.to_str());
    below.map(|path| path.replace('\\', "/")).ok_or_else(|| {
        let message = format!("`{}` does not lie in the workspace's folder", typed.display());
        let hint = "make the workspace in a folder around it, such as that of the checkout";
        Stop::Usage(message, hint.to_owned())
    })
}

/// The names of the overlays, sorted.
fn overlays(tree: &Path) -> Result<Vec<String>, Stop> {
    let folder = tree.join("overlays");
    let holds_file = |path: &PathBuf| KUSTOMIZATIONS.iter().any(|name| path.join(name).is_file());
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
    let found: BTreeSet<_> = entries
        .map(|entry| entry.path())
        .filter(holds_file)
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    if found.is_empty() {
        let message = format!("no folder in `{}` holds a kustomization", folder.display());
        let hint = "name the folder that holds `base` and `overlays`; a kustomization without overlays is named as `source` in a service.yaml";
        return Err(Stop::Usage(message, hint.to_owned()));
    }
    found.iter().try_for_each(|name| check_name(name))?;
    Ok(found.into_iter().collect())
}

/// The text of jibe.yaml: an environment of each overlay, with the namespace that its objects name.
fn config(
    root: &Path,
    below: &str,
    overlays: &[String],
    console: &Console,
) -> Result<String, Stop> {
    let files = Files::disk(root).map_err(|error| of_finding(unreadable(&error)))?;
    let mut sink = Sink::new(&files);
    let mut text =
        "# yaml-language-server: $schema=.jibe/jibe.schema.json\nedition: 1\nenvironments:\n"
            .to_owned();
    for name in overlays {
        let path = RelPath::parse(&join(below, &format!("overlays/{name}"))).unwrap_or_default();
        // What is wrong in one overlay says nothing of the next.
        let Ok((resources, _)) = kustomize::build(&files, &path, &Options::default(), &mut sink)
        else {
            continue;
        };
        let namespace = only_namespace(&resources);
        let namespaces = namespace.map(|name| format!(", namespaces: [{}]", in_yaml(&name)));
        let namespaces = namespaces.unwrap_or_default();
        text += &format!("  {}: {{ kubernetes: \"{KUBERNETES}\"{namespaces} }}\n", in_yaml(name));
    }
    let warnings = sink.finish()?;
    console.findings(&warnings);
    Ok(text)
}

/// The namespace that objects name, if it is one and the same.
fn only_namespace(resources: &Resources) -> Option<String> {
    let named = resources.iter().map(|one| one.id().namespace).filter(|name| !name.is_empty());
    let all: BTreeSet<_> = named.collect();
    let only = all.first().filter(|_| all.len() == 1)?;
    check_name(only).ok().map(|()| only.to_string())
}

fn service_name(tree: &Path) -> String {
    let real = fs::canonicalize(tree).ok();
    let name = real.as_ref().and_then(|path| path.file_name()?.to_str());
    let fits = |name: &&str| check_name(name).is_ok();
    name.filter(fits).unwrap_or(UNNAMED).to_owned()
}

fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

fn of_finding(finding: Diagnostic) -> Stop {
    let Diagnostic { message, hints, .. } = finding;
    Stop::Usage(message, hints.join("; "))
}
