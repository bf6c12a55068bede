//! `jibe render` on a kustomization: what `kustomize build` prints.

use super::args::{Format, Kustomize, Render, Reorder, Restrictor};
use super::output::{Console, Outcome, Stop, json_of, sorted};
use super::select::workspace_root;
use jibe::diag::{Diagnostic, Sink, unreadable};
use jibe::kustomize::config::Told;
use jibe::kustomize::{self, FILE_NAMES, LoadRestrictor, Options};
use jibe::source::{Files, ReadError, RelPath, find_above, top_above};
use jibe::transform::SortOrder;
use jibe::yaml;
use serde_json::json;
use std::path::Path;

/// Files that make a folder something else than a kustomization.
const OTHERS: [&str; 2] = ["jibe.yaml", "chart.yaml"];

/// The folder of a kustomization, if that is what the arguments name.
pub(super) fn folder(what: &[String]) -> Option<&Path> {
    let [only] = what else { return None };
    let folder = Path::new(only);
    let holds = |name: &&str| folder.join(name).is_file();
    let is_other = OTHERS.iter().any(holds) || is_service(folder);
    (FILE_NAMES.iter().any(holds) && !is_other).then_some(folder)
}

/// Whether a folder is that of a service: outside of a workspace a service.yaml is a manifest.
fn is_service(folder: &Path) -> bool {
    folder.join("service.yaml").is_file() && workspace_root(folder).is_ok_and(|root| root.is_some())
}

pub(super) fn run(folder: &Path, render: &Render, console: &Console) -> Result<Outcome, Stop> {
    refuse(render)?;
    let options = options(&render.kustomize);
    let (files, path) = open(folder, options.restrictor)?;
    let mut sink = Sink::new(&files);
    let built = kustomize::build(&files, &path, &options, &mut sink);
    let warnings = sink.finish()?;
    let (resources, _) = built.expect("an error leaves a failure behind");
    if render.strictness.denies_warnings() && !warnings.is_empty() {
        return Err(Stop::Denied(warnings));
    }
    console.findings(&warnings);
    match console.format() {
        Format::Text => console.product(&kustomize::print(&resources))?,
        Format::Json => {
            let objects: Vec<_> =
                resources.iter().map(|one| sorted(yaml::to_json(&one.node))).collect();
            console.json(&json!({ "manifests": objects, "diagnostics": json_of(&warnings) }))?;
        }
    }
    Ok(Outcome::Clean)
}

/// Flags that mean nothing for a kustomization, or that would run other programs.
fn refuse(render: &Render) -> Result<(), Stop> {
    let Kustomize { enable_alpha_plugins, enable_exec, enable_helm, .. } = render.kustomize;
    let programs = [
        (enable_alpha_plugins, "--enable-alpha-plugins"),
        (enable_exec, "--enable-exec"),
        (enable_helm, "--enable-helm"),
    ];
    if let Some((_, flag)) = programs.iter().find(|(given, _)| *given) {
        let message = format!("`{flag}` lets kustomize run other programs, and jibe runs none");
        let hint = "write what they make into files, and list those under `resources`".to_owned();
        return Err(Stop::Usage(message, hint));
    }
    let extra = &render.extra;
    let what = &render.what;
    let idle = [
        (extra.sets_values(), "`-f` and `--set` change values"),
        (!what.environments.is_empty(), "`-e` chooses environments"),
        (!what.namespaces.is_empty(), "`-n` chooses namespaces"),
        (!what.labels.is_empty(), "`-l` chooses services"),
        (!render.show_only.is_empty(), "`--show-only` chooses manifests of charts"),
        (render.writes(), "`--write` and `-o` write trees of workspaces"),
    ];
    match idle.iter().find(|(given, _)| *given) {
        Some((_, what)) => {
            let message = format!("{what}, and a kustomization by itself has none");
            Err(Stop::Usage(message, "leave it out".to_owned()))
        }
        None => Ok(()),
    }
}

fn options(flags: &Kustomize) -> Options {
    let order = flags.reorder.map(|order| match order {
        Reorder::Legacy => SortOrder::legacy(),
        Reorder::None => SortOrder::Fifo,
    });
    let restrictor = match flags.load_restrictor {
        Some(Restrictor::None) => LoadRestrictor::None,
        Some(Restrictor::RootOnly) | None => LoadRestrictor::RootOnly,
    };
    let managed_by = if flags.enable_managedby_label { Told::Yes } else { Told::No };
    Options { order, restrictor, managed_by }
}

/// The files of the checkout that a folder lies in, or of the whole disk.
fn open(folder: &Path, restrictor: LoadRestrictor) -> Result<(Files, RelPath), Stop> {
    let checkout = match restrictor {
        LoadRestrictor::RootOnly => find_above(folder, &[".git"]).map_err(|error| told(&error))?,
        LoadRestrictor::None => None,
    };
    let (root, path) = match checkout {
        Some(found) => found,
        None => top_above(folder).map_err(|error| told(&error))?,
    };
    let files = Files::disk(&root).map_err(|error| told(&error))?;
    Ok((files, path))
}

fn told(error: &ReadError) -> Stop {
    let Diagnostic { message, hints, .. } = unreadable(error);
    Stop::Usage(message, hints.join("; "))
}
