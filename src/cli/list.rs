//! `jibe list`: what there is.

use super::args::{Format, List, Listed, Shared, What};
use super::output::{Console, Outcome, Stop};
use super::select::Chosen;
use jibe::Builder;
use jibe::source::Input;
use jibe::workspace::Target;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) fn run(list: &List, shared: &Shared, console: &Console) -> Result<Outcome, Stop> {
    let what = What {
        what: Vec::new(),
        environments: list.what.environments.clone(),
        namespaces: list.what.namespaces.clone(),
        labels: list.what.labels.clone(),
    };
    let chosen = Chosen::open(shared, &what, &[])?;
    let targets = chosen.targets()?;
    let rows = match list.listed {
        Listed::Targets => targets.iter().map(|target| of_target(target)).collect(),
        Listed::Services => unique(targets.iter().map(|target| target.service.clone())),
        Listed::Environments => unique(targets.iter().map(|target| target.environment.clone())),
        Listed::Inputs => inputs(&chosen, &targets)?,
    };
    match console.format() {
        Format::Text => console
            .product(&rows.iter().map(|(text, _)| format!("{text}\n")).collect::<String>())?,
        Format::Json => console.json(&rows.into_iter().map(|(_, value)| value).collect())?,
    }
    Ok(Outcome::Clean)
}

type Row = (String, Value);

fn of_target(target: &Target) -> Row {
    let value = json!({
        "target": target.to_string(),
        "environment": target.environment,
        "namespace": target.namespace,
        "namespaceName": target.namespace_name,
        "service": target.service,
        "kubernetes": target.versions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "labels": target.labels,
    });
    (target.to_string(), value)
}

/// Each name once, in the order of its first appearance.
fn unique(names: impl Iterator<Item = String>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if seen.insert(name.clone()) {
            rows.push((name.clone(), Value::String(name)));
        }
    }
    rows
}

fn inputs(chosen: &Chosen, targets: &[&Target]) -> Result<Vec<Row>, Stop> {
    let builds = Builder::new(&chosen.workspace).build(targets)?;
    let all: BTreeSet<_> = builds.targets.iter().flat_map(|one| one.inputs.iter()).collect();
    let row = |input: &Input| {
        let kind = match input {
            Input::File(_) => "file",
            Input::Absent(_) => "absent",
            _ => "folder",
        };
        let path = chosen.workspace.files().shown(input.path());
        (format!("{kind:6} {path}"), json!({ "kind": kind, "path": path }))
    };
    Ok(all.into_iter().map(row).collect())
}
