//! The texts of a folder that may hold manifests.

use super::{Input, Origin};
use crate::diag::{Sink, unreadable};
use crate::source::{Files, Inputs, RelPath};

/// What a folder is called, beside a chart's settings, that holds templates and no YAML.
const TEMPLATES: &str = "templates";
/// Settings of charts, jibe's and Helm's.
const CHARTS: [&str; 2] = ["chart.yaml", "Chart.yaml"];

/// Every file below a folder that may hold manifests: `.yaml`, `.yml` and `.json`. Hidden names are passed over, and the
/// templates of charts, which become manifests only when they are rendered; these are counted.
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
    paths.retain(|path| is_of_manifests(path.file_name()));
    let all = paths.len();
    paths.retain(|path| !charts.iter().any(|templates| path.below(templates).is_some()));
    let templates = all - paths.len();
    let mut found = Vec::with_capacity(paths.len());
    for path in &paths {
        match files.read(path, &mut looked) {
            Ok(source) => found.push(Input { source, origin: Origin::Found }),
            Err(error) => drop(sink.error(unreadable(&error))),
        }
    }
    (found, templates)
}

fn is_of_manifests(name: &str) -> bool {
    let end = name.rsplit_once('.').map(|(_, end)| end);
    matches!(end, Some("yaml" | "yml" | "json"))
}
