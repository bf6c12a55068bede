//! `jibe render` on a kustomization: what `kustomize build` prints.

use super::args::{Format, Kustomize, Layout, Programs, Render, Reorder, Restrictor};
use super::output::{Console, Outcome, Stop, json_of, sorted};
use super::render::{self, stopped};
use super::select::workspace_root;
use jibe::diag::{Diagnostic, Reported, Sink, unreadable};
use jibe::kustomize::config::Told;
use jibe::kustomize::{self, FILE_NAMES, LoadRestrictor, Options};
use jibe::source::{Files, ReadError, RelPath, find_above, top_above};
use jibe::transform::{Resource, Resources, SortOrder};
use jibe::tree::{self, Lot, Printed, Scope, Tree};
use jibe::yaml;
use serde_json::json;
use std::path::Path;

/// Files that make a folder something else than a kustomization.
const OTHERS: [&str; 2] = ["jibe.yaml", "chart.yaml"];
/// Whose files inventories say that they are.
const TARGET: &str = "kustomization";

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
    let built = built.map(|(resources, _)| resources);
    if let Some(out) = &render.output {
        let laid_out = built.and_then(|all| lay_out(&all, render.kustomize.layout, &mut sink));
        let warnings = sink.finish()?;
        let tree = laid_out.expect("an error leaves a failure behind");
        deny(render, &warnings)?;
        console.findings(&warnings);
        let options = render::options(render, Scope::Selected);
        let summary = tree.write_unless(stopped(), out, &options)?;
        return render::told(&summary, (out, files.secrets()), &warnings, console);
    }
    let warnings = sink.finish()?;
    let resources = built.expect("an error leaves a failure behind");
    deny(render, &warnings)?;
    console.findings(&warnings);
    print(&resources, &warnings, console)
}

/// Stops on warnings if the command line says so.
fn deny(render: &Render, warnings: &[Diagnostic]) -> Result<(), Stop> {
    let denies = render.strictness.denies_warnings() && !warnings.is_empty();
    if denies { Err(Stop::Denied(warnings.to_vec())) } else { Ok(()) }
}

fn print(
    resources: &Resources,
    warnings: &[Diagnostic],
    console: &Console,
) -> Result<Outcome, Stop> {
    match console.format() {
        Format::Text => console.product(&kustomize::print(resources))?,
        Format::Json => {
            let objects: Vec<_> =
                resources.iter().map(|one| sorted(yaml::to_json(&one.node))).collect();
            console.json(&json!({ "manifests": objects, "diagnostics": json_of(warnings) }))?;
        }
    }
    Ok(Outcome::Clean)
}

/// The files of a kustomization's objects.
fn lay_out(
    resources: &Resources,
    layout: Option<Layout>,
    sink: &mut Sink,
) -> Result<Tree, Reported> {
    let mut files: Vec<_> = match layout.unwrap_or(Layout::Jibe) {
        Layout::Jibe => vec![None; resources.len()],
        Layout::Kustomize => {
            kustomize::file_names(resources, sink)?.into_iter().map(Some).collect()
        }
    };
    let objects = resources.iter().zip(&mut files);
    let objects = objects.map(|(resource, file)| printed(resource, file.take())).collect();
    tree::lay_out(vec![Lot::of_printed(TARGET, objects)], sink)
}

fn printed(resource: &Resource, file: Option<String>) -> Printed {
    let id = resource.id();
    Printed {
        group: id.gvk.group().into(),
        namespace: Some(id.namespace).filter(|namespace| !namespace.is_empty()),
        kind: id.gvk.kind,
        name: id.name,
        text: yaml::write(&resource.node).into(),
        place: resource.place(),
        file,
    }
}

/// Flags that let kustomize run other programs.
fn refuse_programs(flags: &Programs) -> Result<(), Stop> {
    let flags = [
        (flags.enable_alpha_plugins, "--enable-alpha-plugins"),
        (flags.enable_exec, "--enable-exec"),
        (flags.enable_helm, "--enable-helm"),
        (flags.helm_command.is_some(), "--helm-command"),
        (flags.network, "--network"),
        (flags.mount.is_some(), "--mount"),
        (flags.as_current_user, "--as-current-user"),
    ];
    let Some((_, flag)) = flags.iter().find(|(given, _)| *given) else { return Ok(()) };
    let message = format!("`{flag}` is for other programs that kustomize runs, and jibe runs none");
    let hint = "write what they make into files, and list those under `resources`".to_owned();
    Err(Stop::Usage(message, hint))
}

/// Flags that mean something for a kustomization only, where there is none.
pub(super) fn refuse_flags(flags: &Kustomize) -> Result<(), Stop> {
    refuse_programs(&flags.programs)?;
    let given = [
        (flags.reorder.is_some(), "--reorder"),
        (flags.load_restrictor.is_some(), "--load-restrictor"),
        (flags.enable_managedby_label, "--enable-managedby-label"),
        (flags.layout.is_some(), "--layout"),
    ];
    let Some((_, flag)) = given.iter().find(|(given, _)| *given) else { return Ok(()) };
    let message = format!("`{flag}` is for kustomizations, and none is built here");
    let hint = "leave it out, or name one folder with a kustomization.yaml".to_owned();
    Err(Stop::Usage(message, hint))
}

/// Flags that mean nothing for a kustomization.
fn refuse(render: &Render) -> Result<(), Stop> {
    refuse_programs(&render.kustomize.programs)?;
    if let Some(file) = render.output.as_ref().filter(|out| is_file(out)) {
        let message = format!("`-o {}` names one file, and a folder is written", file.display());
        let hint = format!("name a folder, or print into the file: `> {}`", file.display());
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
        (render.write, "`--write` writes the tree of a workspace"),
        (render.writing.prune_vanished, "`--prune-vanished` is about targets"),
    ];
    match idle.iter().find(|(given, _)| *given) {
        Some((_, what)) => {
            let message = format!("{what}, and a kustomization by itself has none");
            Err(Stop::Usage(message, "leave it out".to_owned()))
        }
        None => Ok(()),
    }
}

/// Whether a path means a file, as kustomize would take it: it is one, or it is not there and is called like one.
fn is_file(path: &Path) -> bool {
    let endings = [".yaml", ".yml", ".json"];
    let is_called_so = || {
        let text = path.to_string_lossy().to_lowercase();
        endings.iter().any(|ending| text.ends_with(ending))
    };
    path.is_file() || (!path.exists() && is_called_so())
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
