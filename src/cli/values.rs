//! `jibe values`: the merged values of one target.

use super::args::{Format, Shared, Values};
use super::output::{Console, Outcome, Stop, sorted};
use super::select::{Chosen, versions};
use jibe::Builder;
use jibe::source::Place;
use jibe::workspace::{Target, Workspace};
use jibe::yaml::{self, Data, Node};
use serde_json::json;

pub(crate) fn run(values: &Values, shared: &Shared, console: &Console) -> Result<Outcome, Stop> {
    let chosen = Chosen::open(shared, &values.what, &values.extra.kube_version)?;
    let target = one_target(&chosen.targets()?)?.clone();
    let builder = Builder::new(&chosen.workspace)
        .with_layers(chosen.layers(&values.extra, &[&target])?)
        .with_versions(versions(&values.extra.kube_version)?);
    let merged = builder.values(&[&target])?.pop().flatten();
    let Some(merged) = merged else {
        let message = format!("`{target}` is made of plain manifests, which take no values");
        return Err(Stop::Usage(message, "name a service of a chart".to_owned()));
    };
    let shown = merged.shown();
    let sources = Sources { workspace: &chosen.workspace };
    match (console.format(), values.sources) {
        (Format::Text, false) => console.product(&yaml::write(&shown))?,
        (Format::Text, true) => console.product(&sources.lines(&shown))?,
        (Format::Json, false) => console.json(&sorted(yaml::to_json(&shown)))?,
        (Format::Json, true) => console.json(&sources.in_json(&shown))?,
    }
    Ok(Outcome::Clean)
}

fn one_target<'t>(targets: &[&'t Target]) -> Result<&'t Target, Stop> {
    match targets {
        [only] => Ok(only),
        several => {
            let names: Vec<_> =
                several.iter().take(5).map(|target| format!("`{target}`")).collect();
            let more = if several.len() > 5 { ", …" } else { "" };
            let message =
                format!("{} targets are meant: {}{more}", several.len(), names.join(", "));
            let hint = several.first().map_or(String::new(), |target| command_for(target, several));
            Err(Stop::Usage(message, format!("choose one by its service, -e and -n: {hint}")))
        }
    }
}

/// The command that means one of several targets.
fn command_for(one: &Target, several: &[&Target]) -> String {
    let Target { environment, namespace, service, .. } = one;
    let is_alike =
        |other: &&&Target| other.service == *service && other.environment == *environment;
    match several.iter().filter(is_alike).count() {
        1 => format!("jibe values {service} -e {environment}"),
        _ => format!("jibe values {service} -e {environment} -n {namespace}"),
    }
}

/// Where values come from, as `file:line`.
struct Sources<'w> {
    workspace: &'w Workspace,
}

impl Sources<'_> {
    fn position(&self, place: Place) -> String {
        let source = self.workspace.files().source(place.file);
        match source.name() {
            argument if argument.starts_with("--") => argument.to_owned(),
            file => format!("{file}:{}", source.line_column(place.span.start).0),
        }
    }

    /// One line a leaf: path, value, and the line that set it.
    fn lines(&self, root: &Node) -> String {
        let leaves = leaves(root);
        let shown: Vec<_> =
            leaves.iter().map(|(path, node)| format!("{path}: {}", shown(node))).collect();
        let width = shown.iter().map(|text| text.chars().count()).max().unwrap_or(0).min(60);
        let line = |(text, (_, node)): (&String, &(String, &Node))| {
            format!("{text:width$}  # {}\n", self.position(node.place))
        };
        shown.iter().zip(&leaves).map(line).collect()
    }

    fn in_json(&self, root: &Node) -> serde_json::Value {
        let leaf = |(path, node): (String, &Node)| json!({ "path": path, "value": yaml::to_json(node), "source": self.position(node.place) });
        leaves(root).into_iter().map(leaf).collect()
    }
}

/// Every leaf with its path, sorted by key as the YAML is; empty lists and maps are leaves.
fn leaves(root: &Node) -> Vec<(String, &Node)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), root)];
    while let Some((path, node)) = open.pop() {
        let below: Vec<_> = match &node.data {
            Data::Map(map) => {
                let child = |key: &str| {
                    if path.is_empty() { quoted(key) } else { format!("{path}.{}", quoted(key)) }
                };
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
                entries.into_iter().map(|(key, node)| (child(&key.name), node)).collect()
            }
            Data::List(items) => {
                items.iter().enumerate().map(|(at, node)| (format!("{path}[{at}]"), node)).collect()
            }
            Data::Scalar(_) => Vec::new(),
        };
        match below.is_empty() {
            true => found.push((path, node)),
            false => open.extend(below.into_iter().rev()),
        }
    }
    found
}

/// A key as it stands in a path: quoted where a dot or a bracket would be read otherwise.
fn quoted(key: &str) -> String {
    match key.contains(['.', '[', ']', ' ', '"']) {
        true => format!("{key:?}"),
        false => key.to_owned(),
    }
}

/// A leaf on one line, as JSON.
fn shown(node: &Node) -> String {
    yaml::to_json(node).to_string()
}
