//! The texts that a renderer is made of.

use crate::chart::Chart;
use crate::source::{RelPath, Source};
use crate::values::is_reference;
use crate::yaml::{Data, Node};
use std::sync::Arc;

/// The templates and text files of a chart, and those of the charts whose macros it uses.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub name: String,
    pub version: String,
    /// Where the chart's defaults are set, as a user would write the path.
    pub values_file: String,
    /// Files in `templates/`: name below it, and text.
    pub templates: Vec<(String, Arc<Source>)>,
    /// Files in `files/`: name below it, and text.
    pub texts: Vec<(String, Arc<Source>)>,
    /// Charts whose macros the templates import as `NAME/FILE`.
    pub libraries: Vec<(String, Self)>,
    /// The references in what dependencies are given.
    pub passed: Vec<Arc<str>>,
}

impl Sources {
    /// The texts of a chart; `shown` is how a path is written in messages.
    pub(super) fn of(chart: &Chart, shown: impl Fn(&RelPath) -> String + Copy) -> Self {
        let values = chart.folder.join("values.yaml").unwrap_or_default();
        let templates = chart.templates.iter();
        let texts = chart.texts.iter();
        let libraries = chart.libraries.iter();
        let mut passed = Vec::new();
        let given = chart.dependencies.iter().filter_map(|one| one.values.as_ref());
        given.for_each(|values| collect(values, &mut passed));
        Self {
            passed,
            name: chart.name.clone(),
            version: chart.version.clone(),
            values_file: shown(&values),
            templates: templates.map(|t| (t.name.clone(), Arc::clone(&t.source))).collect(),
            texts: texts.map(|text| (text.name.clone(), Arc::clone(&text.source))).collect(),
            libraries: libraries.map(|l| (l.name.clone(), Self::of(&l.chart, shown))).collect(),
        }
    }
}

/// The texts of the references in a tree.
fn collect(node: &Node, found: &mut Vec<Arc<str>>) {
    match &node.data {
        Data::Scalar(scalar) if is_reference(scalar) => found.push(Arc::clone(&scalar.text)),
        Data::Scalar(_) => {}
        Data::List(items) => items.iter().for_each(|item| collect(item, found)),
        Data::Map(map) => map.values().for_each(|node| collect(node, found)),
    }
}
