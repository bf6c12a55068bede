//! The texts of a folder that may hold manifests.

use super::{Input, Origin};
use crate::diag::{Sink, unreadable};
use crate::source::{Files, Inputs, RelPath};
use crate::yaml;
use std::collections::BTreeSet;

/// What a folder is called, beside a chart's settings, that holds templates and no YAML.
const TEMPLATES: &str = "templates";
/// The keys of kustomizations that name patches.
const PATCHES: [&str; 3] = ["patches", "patchesStrategicMerge", "patchesJson6902"];
/// Settings of charts, jibe's and Helm's.
const CHARTS: [&str; 2] = ["chart.yaml", "Chart.yaml"];

/// Every file below a folder that may hold manifests: `.yaml`, `.yml` and `.json`. Hidden names are passed over, and the
/// templates of charts, which become manifests only when they are rendered, and patches of kustomizations, which are parts
/// of manifests; these are counted.
///
/// A file that cannot be read is reported.
pub fn inputs(files: &Files, folder: &RelPath, sink: &mut Sink) -> (Vec<Input>, usize) {
    let mut looked = Inputs::default();
    let mut paths = match files.walk(folder, &mut looked) {
        Ok(paths) => paths,
        Err(error) => {
            sink.error(unreadable(&error));
            return (Vec::new(), 0);
        }
    };
    let charts: Vec<RelPath> = paths
        .iter()
        .filter(|path| CHARTS.contains(&path.file_name()))
        .filter_map(|path| path.parent().join(TEMPLATES).ok())
        .collect();
    let patches = patches(files, &paths, &mut looked);
    paths.retain(|path| is_of_manifests(path.file_name()));
    let all = paths.len();
    paths.retain(|path| !charts.iter().any(|templates| path.below(templates).is_some()));
    paths.retain(|path| !patches.contains(path));
    let passed_over = all - paths.len();
    let mut found = Vec::with_capacity(paths.len());
    for path in &paths {
        match files.read(path, &mut looked) {
            Ok(source) => found.push(Input { source, origin: Origin::Found }),
            Err(error) => drop(sink.error(unreadable(&error))),
        }
    }
    (found, passed_over)
}

/// The files that kustomizations among some files name as patches.
fn patches(files: &Files, paths: &[RelPath], looked: &mut Inputs) -> BTreeSet<RelPath> {
    let mut named = BTreeSet::new();
    for path in paths.iter().filter(|path| path.is_kustomization()) {
        // One that cannot be read is told as the file that it is.
        let Ok(source) = files.read(path, looked) else { continue };
        let documents = yaml::parse(source.text(), source.id(), yaml::Options::default());
        let Some(root) = documents.ok().and_then(|mut all| Some(all.drain(..).next()?.root)) else {
            continue;
        };
        let entries = PATCHES.iter().filter_map(|key| root.get(key)?.as_list()).flatten();
        let texts = entries.filter_map(|entry| entry.get("path").unwrap_or(entry).as_str());
        named.extend(texts.filter_map(|text| path.parent().join(text).ok()));
    }
    named
}

fn is_of_manifests(name: &str) -> bool {
    let end = name.rsplit_once('.').map(|(_, end)| end);
    matches!(end, Some("yaml" | "yml" | "json"))
}
