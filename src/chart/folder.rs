//! What a folder is, by the names in it, and the files that each part of a chart takes.

use crate::diag::{Code, Diagnostic, Reported, Sink, nearest, unreadable};
use crate::source::{EntryKind, Files, Inputs, KUSTOMIZATIONS, Place, ReadError, RelPath, Source};
use std::sync::Arc;

/// What a folder holds, as its file names tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderKind {
    /// A chart: it has `chart.yaml`.
    Chart,
    /// A chart for Helm: it has `Chart.yaml`, written exactly so.
    Helm,
    /// A kustomization: it has one of kustomize's three file names.
    Kustomization,
    /// A chart whose `chart.yaml` is not there: it has templates and values.
    Headless,
    /// A folder without any of these files.
    Plain,
    /// Nothing, or no folder.
    Missing,
}

/// What jibe reads in a chart's folder.
const PARTS: [&str; 8] = [
    "chart.yaml",
    "values.yaml",
    "values.schema.json",
    "templates",
    "files",
    "crds",
    "overlays",
    "tests",
];

/// Tells what a folder is.
///
/// Compares names as they are listed, so that `Chart.yaml` is told from `chart.yaml` on file systems
/// that ignore case, too.
///
/// # Errors
/// When the folder cannot be listed.
pub(super) fn kind_of(
    files: &Files,
    folder: &RelPath,
    looked: &mut Inputs,
) -> Result<FolderKind, ReadError> {
    let entries = files.list(folder, looked)?;
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    Ok(match () {
        () if has("chart.yaml") => FolderKind::Chart,
        () if has("Chart.yaml") => FolderKind::Helm,
        () if KUSTOMIZATIONS.iter().any(|name| has(name)) => FolderKind::Kustomization,
        () if has("templates") && (has("values.yaml") || has("values.schema.json")) => {
            FolderKind::Headless
        }
        () if !entries.is_empty() || files.is_folder(folder) => FolderKind::Plain,
        () => FolderKind::Missing,
    })
}

/// The finding for a folder that Helm's `Chart.yaml` marks; the caller adds the place that named it.
#[must_use]
pub fn helm_chart(shown: &str) -> Diagnostic {
    Diagnostic::error(
        Code::ChartHelm,
        format!("`{shown}` is a chart for Helm: it has `Chart.yaml`, with a capital C"),
    )
    .hint("jibe reads `chart.yaml` and Jinja templates: docs/from-helm.md shows how to bring the chart over, step by step")
}

/// The finding for a chart without `chart.yaml`; the caller adds the place that named it.
#[must_use]
pub fn headless_chart(shown: &str) -> Diagnostic {
    let message = format!("`{shown}` has templates and values, but no `chart.yaml`");
    let hint = format!("write `{shown}/chart.yaml`, with `name: NAME` and `version: 0.1.0`");
    Diagnostic::error(Code::ChartMissing, message).hint(hint)
}

/// Reports names at the top of a chart that look like a misspelt part of it, or like values of an
/// environment, which Helm's charts keep there.
pub(super) fn misspelt_parts(
    files: &Files,
    folder: &RelPath,
    looked: &mut Inputs,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let entries = files.list(folder, looked).map_err(|e| sink.error(unreadable(&e)))?;
    for name in entries.iter().map(|entry| entry.name.as_str()).filter(|n| !is_passed_over(n)) {
        let meant = nearest(name, PARTS).filter(|_| !PARTS.contains(&name));
        if let Some(meant) = meant {
            let shown = files.shown(&below(folder, name));
            sink.error(
                Diagnostic::error(Code::ChartFile, format!("`{shown}` is not read by jibe"))
                    .hint(format!("did you mean `{meant}`? rename it")),
            );
        } else if let Some(environment) = environment_of(name) {
            let (shown, home) = (files.shown(&below(folder, name)), files.shown(folder));
            let finding = Diagnostic::warning(
                Code::ChartFile,
                format!("`{shown}` is read only where `-f` names it"),
            );
            sink.warn(finding.hint(format!(
                "what `{environment}` changes in the chart belongs into `{home}/overlays/{environment}/values.yaml`"
            )));
        }
    }
    Ok(())
}

/// The environment that `values-NAME.yaml` or `values.NAME.yaml` is named after.
fn environment_of(name: &str) -> Option<&str> {
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))?;
    stem.strip_prefix("values-").or_else(|| stem.strip_prefix("values."))
}

/// Dot files and what editors and merges leave behind.
#[must_use]
pub fn is_passed_over(name: &str) -> bool {
    const LEFTOVERS: [&str; 7] = ["~", ".bak", ".orig", ".rej", ".swp", ".swo", ".tmp"];
    let emacs = name.len() > 1 && name.starts_with('#') && name.ends_with('#');
    name.starts_with('.') || emacs || LEFTOVERS.iter().any(|ending| name.ends_with(ending))
}

/// Whether the ending says that a file holds manifests or definitions.
#[must_use]
pub fn is_manifest_file(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending))
}

/// A name in a folder; names that no path may hold were refused when the folder was listed.
#[must_use]
pub fn below(folder: &RelPath, name: &str) -> RelPath {
    folder.join(name).unwrap_or_default()
}

/// All files below a folder, sorted, without those that are passed over.
///
/// # Errors
/// When a folder cannot be listed.
pub(super) fn files_below(
    files: &Files,
    folder: &RelPath,
    looked: &mut Inputs,
    sink: &mut Sink,
) -> Result<Vec<RelPath>, Reported> {
    let mut found = files.walk(folder, looked).map_err(|e| sink.error(unreadable(&e)))?;
    found.retain(|path| !is_passed_over(path.file_name()));
    Ok(found)
}

/// The files of a folder, at any depth, that hold manifests or definitions, sorted by path.
///
/// Files with another ending than `.yaml`, `.yml` and `.json` are passed over.
///
/// # Errors
/// When a folder cannot be listed or a file not be read; everything found is reported.
pub fn manifest_files(
    files: &Files,
    folder: &RelPath,
    looked: &mut Inputs,
    sink: &mut Sink,
) -> Result<Vec<Arc<Source>>, Reported> {
    let mut found = files_below(files, folder, looked, sink)?;
    found.retain(|path| is_manifest_file(path.file_name()));
    read_all(files, &found, looked, sink)
}

/// The manifests of a folder that is rendered as it is: those of [`manifest_files`]. One with kustomizations in folders
/// below is none such: their files are parts of objects.
///
/// # Errors
/// As [`manifest_files`], and where there are kustomizations; `named` is where a setting names the folder.
pub fn source_files(
    files: &Files,
    folder: &RelPath,
    named: Option<Place>,
    looked: &mut Inputs,
    sink: &mut Sink,
) -> Result<Vec<Arc<Source>>, Reported> {
    let mut found = files_below(files, folder, looked, sink)?;
    let kustomizations = found.iter().filter(|path| path.is_kustomization());
    let kustomizations: Vec<_> = kustomizations.map(RelPath::parent).collect();
    if !kustomizations.is_empty() {
        let below: Vec<_> = kustomizations.iter().map(|path| files.shown(path)).collect();
        return Err(sink.error(around(&files.shown(folder), &below, named)));
    }
    found.retain(|path| is_manifest_file(path.file_name()));
    read_all(files, &found, looked, sink)
}

/// The finding for a folder around kustomizations.
fn around(folder: &str, below: &[String], named: Option<Place>) -> Diagnostic {
    /// How many are named.
    const SHOWN: usize = 5;
    let message = format!("`{folder}` holds no kustomization itself, only in folders below");
    let finding = Diagnostic::error(Code::WorkspaceSource, message);
    let shown: Vec<_> = below.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
    let more = if below.len() > SHOWN { ", …" } else { "" };
    let finding = finding.hint(format!("did you mean {}{more}?", shown.join(" or ")));
    match named {
        Some(place) => {
            finding.at(place, "").hint("`{env}` in a `source` is the environment's name")
        }
        None => finding,
    }
}

/// Reads every file, in the order given.
///
/// # Errors
/// When one of them cannot be read; each such file is reported.
pub(super) fn read_all(
    files: &Files,
    paths: &[RelPath],
    looked: &mut Inputs,
    sink: &mut Sink,
) -> Result<Vec<Arc<Source>>, Reported> {
    let mut failed = None;
    let mut sources = Vec::with_capacity(paths.len());
    for path in paths {
        match files.read(path, looked) {
            Ok(source) => sources.push(source),
            Err(error) => failed = Some(sink.error(unreadable(&error))),
        }
    }
    failed.map_or(Ok(sources), Err)
}

/// Whether a folder has entries.
pub(super) fn folders_in(
    files: &Files,
    folder: &RelPath,
    looked: &mut Inputs,
    sink: &mut Sink,
) -> Result<Vec<(String, EntryKind)>, Reported> {
    let entries = files.list(folder, looked).map_err(|e| sink.error(unreadable(&e)))?;
    let kept = entries.into_iter().filter(|entry| !is_passed_over(&entry.name));
    Ok(kept.map(|entry| (entry.name, entry.kind)).collect())
}
