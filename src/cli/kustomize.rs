//! `jibe render` on a kustomization: what `kustomize build` prints.

mod owner;

use super::args::{Format, Kustomize, Layout, Programs, Render, Reorder, Restrictor};
use super::output::{Console, Outcome, Stop, json_of, sorted};
use super::render::{self, stopped};
use super::select::service_at;
use jibe::check::{InlineSecrets, plain_entry};
use jibe::diag::{Code, Diagnostic, Reported, Sink, unreadable};
use jibe::kustomize::config::Note;
use jibe::kustomize::{self, LoadRestrictor, Options};
use jibe::source::{
    Files, Input, Inputs, KUSTOMIZATIONS, ReadError, RelPath, find_above, top_above,
};
use jibe::transform::{Resource, Resources, SortOrder};
use jibe::tree::{self, Lot, Printed, Scope, Tree};
use jibe::yaml;
use owner::Output;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;

/// Files that make a folder something else than a kustomization.
const OTHERS: [&str; 2] = ["jibe.yaml", "chart.yaml"];

/// The folder of a kustomization, if that is what the arguments name.
pub(super) fn folder(what: &[String]) -> Option<&Path> {
    let [only] = what else { return None };
    named(Path::new(only))
}

/// The folder of a kustomization, if a path names it or the file in it.
pub(super) fn named(named: &Path) -> Option<&Path> {
    let is_its_file = || named.is_file() && KUSTOMIZATIONS.iter().any(|name| named.ends_with(name));
    let folder = match named.parent().filter(|_| is_its_file()) {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => named,
    };
    let is_other = || holds(folder, &OTHERS) || service_at(folder).is_some();
    (holds_kustomization(folder) && !is_other()).then_some(folder)
}

/// Whether a folder holds the file of a kustomization.
pub(super) fn holds_kustomization(folder: &Path) -> bool {
    holds(folder, &KUSTOMIZATIONS)
}

fn holds(folder: &Path, names: &[&str]) -> bool {
    names.iter().any(|name| folder.join(name).is_file())
}

/// Stops where an argument is an address of the web or of git, which kustomize would fetch.
pub(super) fn refuse_remote(what: &[String]) -> Result<(), Stop> {
    let mut absent = what.iter().filter(|word| !Path::new(word.as_str()).exists());
    let Some(finding) = absent.find_map(|word| kustomize::remote(word)) else { return Ok(()) };
    let files = Files::none();
    let mut sink = Sink::new(&files);
    sink.error(finding);
    Ok(sink.finish().map(drop)?)
}

/// Stops where several folders are named and the first is a kustomization: each makes a stream of its own.
pub(super) fn refuse_several(what: &[String]) -> Result<(), Stop> {
    match folder(what.get(..1).unwrap_or_default()) {
        Some(first) if what.len() > 1 => {
            let message =
                format!("`{}` is a kustomization, and one is built at a time", first.display());
            Err(Stop::Usage(message, "name one folder".to_owned()))
        }
        _ => Ok(()),
    }
}

pub(super) fn run(folder: &Path, render: &Render, console: &Console) -> Result<Outcome, Stop> {
    refuse(render)?;
    let options = options(&render.kustomize);
    // The kustomization is read first, which one thread does.
    rayon::spawn(kustomize::prepare);
    let (files, path) = open(folder, options.restrictor)?;
    let mut sink = Sink::new(&files);
    let built = kustomize::build(&files, &path, &options, &mut sink);
    if let Some(out) = &render.output {
        let target = Output { folder, out }.target()?;
        let laid_out = built.and_then(|(all, inputs)| {
            warn_of_secrets(&all, (render, out), &mut sink);
            let tree = lay_out(&all, (&target, render.kustomize.layout), &mut sink)?;
            Ok((tree, inputs))
        });
        let warnings = sink.finish()?;
        let (tree, inputs) = laid_out.expect("an error leaves a failure behind");
        refuse_sources(out, (&files, &inputs))?;
        render::deny(render, &warnings)?;
        console.findings(&warnings);
        let options = render::options(render, Scope::Selected);
        let summary = tree.write_unless(stopped(), out, &options)?;
        return render::told(&summary, (out, files.secrets()), &warnings, console);
    }
    let warnings = sink.finish()?;
    let (resources, _) = built.expect("an error leaves a failure behind");
    render::deny(render, &warnings)?;
    console.findings(&warnings);
    let printed = print(&resources, &warnings, console);
    // The program ends here; giving back every node by itself would take a twentieth of its time.
    std::mem::forget(resources);
    printed
}

fn print(
    resources: &Resources,
    warnings: &[Diagnostic],
    console: &Console,
) -> Result<Outcome, Stop> {
    match console.format() {
        Format::Text => console.parts(&kustomize::print_parts(resources))?,
        Format::Json => {
            let objects: Vec<_> =
                resources.iter().map(|one| sorted(yaml::to_json(&one.node))).collect();
            console.json(&json!({ "manifests": objects, "diagnostics": json_of(warnings) }))?;
        }
    }
    Ok(Outcome::Clean)
}

/// Stops where the files would lie beside those that they are made of.
fn refuse_sources(out: &Path, (files, inputs): (&Files, &Inputs)) -> Result<(), Stop> {
    let (Some(root), Ok(real)) = (files.root(), out.canonicalize()) else { return Ok(()) };
    let is_file = |input: &&Input| matches!(input, Input::File(_));
    let folders = inputs.iter().filter(is_file).map(|input| input.path().parent());
    let folders: BTreeSet<RelPath> = folders.collect();
    let is_out = |folder: &&RelPath| {
        root.join(folder.as_str()).canonicalize().is_ok_and(|folder| folder == real)
    };
    if folders.iter().find(is_out).is_none() {
        return Ok(());
    }
    let message = format!("`{}` holds files that the kustomization is made of", out.display());
    Err(Stop::Usage(message, "name another folder with `-o`".to_owned()))
}

/// Says once that Secrets are written in plain text: what is written into folders is committed.
fn warn_of_secrets(resources: &Resources, (render, out): (&Render, &Path), sink: &mut Sink) {
    if render.strictness.inline_secrets() == InlineSecrets::Allowed {
        return;
    }
    let plain: Vec<_> = resources
        .iter()
        .filter(|one| &*one.id().gvk.kind == "Secret" && one.id().gvk.group().is_empty())
        .filter_map(|one| Some((one.id(), plain_entry(&one.node)?)))
        .collect();
    let Some((_, (path, entry))) = plain.first() else { return };
    let message = format!("`{path}` of a Secret is written into `{}` in plain text", out.display());
    let finding = Diagnostic::warning(Code::CheckSecretInline, message);
    let finding = finding.at(entry.place, "").without_excerpts();
    let named = plain.iter().fold(finding, |finding, (id, (path, _))| {
        finding.subject(format!("{}/{} {path}", id.gvk.kind, id.name))
    });
    sink.tell(
        named
            .hint("do not commit it: let an ExternalSecret make it, or encrypt it with SOPS")
            .hint("`--allow-inline-secrets` lets it pass without a word"),
    );
}

/// The files of a kustomization's objects.
fn lay_out(
    resources: &Resources,
    (target, layout): (&str, Option<Layout>),
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
    tree::lay_out(vec![Lot::of_printed(target, objects)], sink)
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
    let managed_by = if flags.enable_managedby_label { Note::Kept } else { Note::Dropped };
    Options { order, restrictor, managed_by }
}

/// The files of the checkout that a folder lies in, or of the whole disk.
pub(super) fn open(folder: &Path, restrictor: LoadRestrictor) -> Result<(Files, RelPath), Stop> {
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
