//! `jibe render`: one environment's manifests on standard output, or the tree of many on disk.

use super::args::{Format, Render, Shared, Writing};
use super::baseline::tell_known;
use super::kustomize;
use super::output::{Console, Outcome, Stop, differ, json_of, not_all, number, sorted, unsecret};
use super::progress::watched;
use super::receipt::Receipts;
use super::select::{Chosen, output_folder, versions};
use jibe::diag::{Diagnostic, nearest};
use jibe::manifest::Manifest;
use jibe::source::Secrets;
use jibe::tree::{Edited, Foreign, Note, Prune, Reason, Scope, Summary, WriteOptions};
use jibe::workspace::Target;
use jibe::yaml;
use jibe::{Builder, Builds, TreeBuild};
use serde_json::json;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) fn run(render: &Render, shared: &Shared, console: &Console) -> Result<Outcome, Stop> {
    refuse_idle(render)?;
    if let Some(folder) = kustomize::folder(&render.what.what) {
        return kustomize::run(folder, render, console);
    }
    kustomize::refuse_several(&render.what.what)?;
    kustomize::refuse_remote(&render.what.what)?;
    kustomize::refuse_flags(&render.kustomize)?;
    let receipts = Receipts::of(render, shared);
    if let Some((folder, summary)) = receipts.as_ref().and_then(Receipts::unchanged) {
        return told(&summary, (&folder, &Secrets::default()), &[], console);
    }
    // The process ends with the command: to give a fleet's memory back piece by piece would take time.
    let chosen = Chosen::open(shared, &render.what, &render.extra.kube_version)?;
    let chosen = ManuallyDrop::new(chosen);
    let targets = chosen.targets()?;
    if !render.writes() {
        one_environment(&targets)?;
    }
    let layers = chosen.layers(&render.extra, &targets)?;
    let given = layers.len();
    let builder = Builder::new(&chosen.workspace)
        .with_layers(layers)
        .with_versions(versions(&render.extra.kube_version)?)
        .with_inline_secrets(render.strictness.inline_secrets());
    let builder = ManuallyDrop::new(builder);
    if render.writes() {
        let built = watched(targets.len(), &builder, || builder.tree(&targets));
        tell_known(&builder, &chosen, console);
        let built = ManuallyDrop::new(built?);
        refuse_values(given, built.with_values)?;
        let told = deny_all(render, (&built.warnings, built.is_complete), (shared, console))?;
        let is_silent = told == Told::Nothing && builder.known_findings() == 0;
        let is_worth_it = Receipts::are_worth_it(targets.len());
        let receipts = receipts.filter(|_| is_worth_it && is_silent && built.warnings.is_empty());
        return write(render, (&chosen, &built), receipts.as_ref(), console);
    }
    let builds = watched(targets.len(), &builder, || builder.build(&targets));
    tell_known(&builder, &chosen, console);
    let builds = builds?;
    let with_values = builds.targets.iter().filter(|target| target.values.is_some()).count();
    refuse_values(given, with_values)?;
    deny_all(render, (&builds.warnings, builds.is_complete), (shared, console))?;
    print(render, &builds, console)
}

/// Whether something was told that the next run has to tell, too.
#[derive(PartialEq, Eq)]
enum Told {
    Nothing,
    Something,
}

/// Stops on warnings if the command line says so.
pub(super) fn deny(render: &Render, warnings: &[Diagnostic]) -> Result<(), Stop> {
    let denies = render.strictness.denies_warnings() && !warnings.is_empty();
    if denies { Err(Stop::Denied(warnings.to_vec())) } else { Ok(()) }
}

/// As [`deny`], and says so where a run of some targets could not find them all.
fn deny_all(
    render: &Render,
    (warnings, is_complete): (&[Diagnostic], bool),
    (shared, console): (&Shared, &Console),
) -> Result<Told, Stop> {
    let told = match render.strictness.denies_warnings() && !is_complete {
        true => {
            console.remark(&not_all(shared));
            Told::Something
        }
        false => Told::Nothing,
    };
    deny(render, warnings).map(|()| told)
}

/// Flags that would do nothing.
fn refuse_idle(render: &Render) -> Result<(), Stop> {
    // `--prune-vanished` needs `-o` by itself.
    let Writing { no_prune, force, adopt, prune_vanished: _ } = &render.writing;
    let flags = [(*no_prune, "--no-prune"), (*force, "--force"), (*adopt, "--adopt")];
    match flags.iter().find(|(given, _)| *given && !render.writes()) {
        Some((_, flag)) => {
            let message = format!("`{flag}` is about files, but nothing is written here");
            Err(Stop::Usage(message, "add --write, or leave it out".to_owned()))
        }
        None => Ok(()),
    }
}

/// Values that nothing could read are a mistake.
fn refuse_values(layers: usize, takers: usize) -> Result<(), Stop> {
    if layers == 0 || takers > 0 {
        return Ok(());
    }
    Err(Stop::Usage(
        "`--set` and `-f` change the values of charts, but plain manifests are all that is chosen"
            .to_owned(),
        "leave them out, or name a service of a chart".to_owned(),
    ))
}

/// Piping dev and prod together into kubectl is an accident.
fn one_environment(targets: &[&Target]) -> Result<(), Stop> {
    let first = &targets[0].environment;
    let Some(other) = targets.iter().find(|target| target.environment != *first) else {
        return Ok(());
    };
    let message = format!("this prints `{first}` and `{}` in one stream", other.environment);
    let hint = format!("choose one with `-e {first}`, or write all trees with `--write`");
    Err(Stop::Usage(message, hint))
}

fn print(render: &Render, builds: &Builds, console: &Console) -> Result<Outcome, Stop> {
    let all = || builds.targets.iter().flat_map(|target| target.manifests.iter());
    let shown: Vec<_> = match render.show_only.is_empty() {
        true => all().collect(),
        false => show_only(&render.show_only, all().collect())?,
    };
    console.findings(&builds.warnings);
    match console.format() {
        Format::Text => {
            let texts: Vec<_> = shown.iter().map(|manifest| manifest.text()).collect();
            console.product(&texts.join("---\n"))?;
        }
        Format::Json => {
            let objects: Vec<_> =
                shown.iter().map(|manifest| sorted(yaml::to_json(&manifest.node))).collect();
            console
                .json(&json!({ "manifests": objects, "diagnostics": json_of(&builds.warnings) }))?;
        }
    }
    Ok(Outcome::Clean)
}

fn show_only<'b>(wanted: &[String], all: Vec<&'b Manifest>) -> Result<Vec<&'b Manifest>, Stop> {
    let name = |manifest: &Manifest| format!("{}/{}", manifest.id.kind, manifest.id.name);
    let names: Vec<_> = all.iter().map(|manifest| name(manifest)).collect();
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    for word in wanted {
        if names.iter().any(|name| same(name, word)) {
            continue;
        }
        let near = nearest(word, names.iter().map(String::as_str));
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("rendered are {}", names.join(", ")),
        };
        return Err(Stop::Usage(format!("nothing rendered is called `{word}`"), hint));
    }
    let is_wanted = |manifest: &&Manifest| wanted.iter().any(|word| same(word, &name(manifest)));
    Ok(all.into_iter().filter(is_wanted).collect())
}

fn write(
    render: &Render,
    (chosen, built): (&Chosen, &TreeBuild),
    receipts: Option<&Receipts>,
    console: &Console,
) -> Result<Outcome, Stop> {
    let folder = output_folder(chosen, render.output.as_ref())?;
    console.findings(&built.warnings);
    let shared_folder = render.output.as_ref().filter(|_| !render.writing.prune_vanished);
    let options = options(render, chosen.scope(shared_folder));
    let (summary, seal) = built.tree.write_sealed(stopped(), &folder, &options)?;
    if let (Some(receipts), Some(seal)) = (receipts, seal) {
        receipts.leave(&chosen.workspace, &summary, seal);
    }
    told(&summary, (&folder, chosen.workspace.files().secrets()), &built.warnings, console)
}

/// Says what was written.
pub(super) fn told(
    summary: &Summary,
    place: (&Path, &Secrets),
    warnings: &[Diagnostic],
    console: &Console,
) -> Result<Outcome, Stop> {
    match console.format() {
        Format::Text => tell(summary, place, console),
        Format::Json => console.json(&in_json(summary, place, warnings))?,
    }
    let edited = summary.kept.iter().any(|kept| kept.reason == Reason::Edited);
    Ok(if edited { Outcome::Found } else { Outcome::Clean })
}

/// True once the user or the system wants the program to end. Until it writes it may end anywhere, and
/// so a signal simply ends it.
pub(super) fn stopped() -> &'static AtomicBool {
    static STOPPED: AtomicBool = AtomicBool::new(false);
    // Without a handler the next run cleans up, as it does after `kill -9`.
    let _ = ctrlc::set_handler(|| {
        if STOPPED.swap(true, Ordering::Relaxed) {
            end_at_once();
        }
    });
    &STOPPED
}

/// What a second signal does: whole files are left, and the next run cleans up.
#[expect(clippy::exit, reason = "whoever asks twice does not want to wait")]
fn end_at_once() {
    std::process::exit(2);
}

pub(super) fn options(render: &Render, scope: Scope) -> WriteOptions {
    let writing = &render.writing;
    WriteOptions {
        scope,
        prune: if writing.no_prune { Prune::Off } else { Prune::Stale },
        edited: if writing.force { Edited::Overwrite } else { Edited::Keep },
        foreign: if writing.adopt { Foreign::Adopt } else { Foreign::Refuse },
        ..WriteOptions::default()
    }
}

fn tell(summary: &Summary, (folder, secrets): (&Path, &Secrets), console: &Console) {
    // There may be many thousands of lines: one write for all of them.
    let mut lines = Vec::new();
    let line = |what: &str, path: &jibe::source::RelPath, why: &str| {
        format!("{what:8} {}{why}", folder.join(unsecret(path, secrets)).display())
    };
    lines.extend(summary.added.iter().map(|path| line("added", path, "")));
    lines.extend(summary.changed.iter().map(|path| line("changed", path, "")));
    lines.extend(summary.deleted.iter().map(|path| line("deleted", path, "")));
    for kept in &summary.kept {
        lines.push(line("kept", &kept.path, &format!(": {}", why_kept(kept.reason))));
    }
    lines.extend(summary.notes.iter().map(|note| format!("note: {}", worded(note))));
    let parts = [
        format!("{} written", number(summary.written(), "file")),
        format!("{} unchanged", summary.unchanged),
        format!("{} deleted", summary.deleted.len()),
        format!("{} kept", summary.kept.len()),
    ];
    lines.push(parts.join(", "));
    console.notes(&lines);
}

fn why_kept(reason: Reason) -> String {
    match reason {
        Reason::Foreign => "not written by jibe".to_owned(),
        Reason::Edited => {
            "nothing renders it any more, but it was edited by hand; delete it, or use --force"
                .to_owned()
        }
        Reason::PruneOff => "nothing renders it any more; --no-prune keeps it".to_owned(),
        Reason::NoFile(what) => format!("nothing renders it any more, but it has become {what}"),
        _ => "not jibe's to delete".to_owned(),
    }
}

pub(crate) fn worded(note: &Note) -> String {
    match note {
        Note::Inventories(1) => "the inventory of 1 folder was written anew".to_owned(),
        Note::Inventories(count) => format!("the inventories of {count} folders were written anew"),
        Note::NoLock => "this file system has no locks: two runs at once could mix".to_owned(),
        Note::Crlf(count) => format!(
            "{} in CRLF line ends only, which counts as equal; `* text eol=lf` in .gitattributes mends that",
            differ(*count)
        ),
        Note::Elsewhere(path) => {
            format!(
                "`{path}` holds manifests that output.path puts elsewhere; delete it if nothing applies it"
            )
        }
        Note::Recovered => "a run that was killed was finished first".to_owned(),
        _ => String::new(),
    }
}

fn in_json(
    summary: &Summary,
    (folder, secrets): (&Path, &Secrets),
    warnings: &[Diagnostic],
) -> serde_json::Value {
    let paths = |list: &[jibe::source::RelPath]| {
        list.iter().map(|path| unsecret(path, secrets)).collect::<Vec<_>>()
    };
    json!({
        "output": folder.display().to_string(),
        "added": paths(&summary.added),
        "changed": paths(&summary.changed),
        "deleted": paths(&summary.deleted),
        "kept": summary.kept.iter().map(|kept| json!({
            "path": unsecret(&kept.path, secrets),
            "reason": why_kept(kept.reason),
        })).collect::<Vec<_>>(),
        "unchanged": summary.unchanged,
        "diagnostics": json_of(warnings),
    })
}
