//! Workspaces in memory: their targets, their layers and every message about them.

mod ladder;
mod lone;
mod selection;
mod services;
mod settings;
mod shape;
mod strays;

use super::{Alone, Material, Selection, Workspace};
use crate::diag::{Failure, Paint, Sink, report};
use crate::source::{Files, RelPath};

/// Files from pairs of path and text.
pub(super) fn files(pairs: &[(&str, &str)]) -> Files {
    Files::memory(pairs.iter().copied()).expect("paths below the root")
}

/// The pairs with further ones; a later pair replaces an earlier one of the same path.
pub(super) fn with<'t>(
    base: &[(&'t str, &'t str)],
    more: &[(&'t str, &'t str)],
) -> Vec<(&'t str, &'t str)> {
    base.iter().chain(more).copied().collect()
}

/// A workspace with one chart, one service and three environments.
pub(super) const SHOP: &[(&str, &str)] = &[
    (
        "jibe.yaml",
        "environments:\n  dev: { namespaces: { shop: shop-dev } }\n  prod: { namespaces: { shop: shop } }\n  prod-eu: { extends: prod }\n",
    ),
    ("charts/web/chart.yaml", "name: web\nversion: 1.0.0\n"),
    ("charts/web/templates/a.yaml", "kind: A\n"),
    ("services/web/service.yaml", "source: charts/web\n"),
];

pub(super) fn opened(pairs: &[(&str, &str)]) -> Workspace {
    Workspace::memory(&files(pairs)).expect("a workspace in order")
}

pub(super) fn shown(failure: &Failure) -> String {
    report(failure.diagnostics(), Paint::Plain)
}

/// The report about a workspace that cannot be opened, or whose targets cannot be gathered.
pub(super) fn report_on(pairs: &[(&str, &str)]) -> String {
    let files = files(pairs);
    let workspace = match Workspace::memory(&files) {
        Ok(workspace) => workspace,
        Err(failure) => return shown(&failure),
    };
    let mut sink = Sink::new(&files);
    for target in workspace.targets() {
        let mut own = Sink::for_target(&files, target.to_string());
        drop(workspace.gather(target, &mut own));
        sink.absorb(own);
    }
    match sink.finish() {
        Ok(warnings) => report(&warnings, Paint::Plain),
        Err(failure) => shown(&failure),
    }
}

/// The targets that a selection finds, or the report about it.
pub(super) fn selected(workspace: &Workspace, selection: &Selection) -> String {
    let mut sink = Sink::new(workspace.files());
    match workspace.select(selection, &mut sink) {
        Ok(targets) => {
            let names: Vec<_> = targets.iter().map(ToString::to_string).collect();
            names.join(" ")
        }
        Err(_) => shown(&sink.finish().expect_err("an error was reported")),
    }
}

pub(super) fn gathered(workspace: &Workspace, target: &str) -> Material {
    let target = workspace.target(target).expect("a target");
    let mut sink = Sink::new(workspace.files());
    workspace
        .gather(target, &mut sink)
        .unwrap_or_else(|_| panic!("{}", sink.finish().expect_err("an error was reported")))
}

/// What is said about a folder by itself, or its target.
pub(super) fn alone(pairs: &[(&str, &str)], folder: &str, alone: &Alone) -> String {
    let folder = RelPath::parse(folder).expect("a path");
    match Workspace::of_folder(&files(pairs), &folder, alone) {
        Ok(workspace) => {
            let target = &workspace.targets()[0];
            let version = target.versions[0];
            format!("{target} namespace {:?} Kubernetes {version}", target.namespace_name)
        }
        Err(failure) => shown(&failure),
    }
}
