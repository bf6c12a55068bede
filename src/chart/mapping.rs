//! chart.yaml as it is read: the values that it passes on keep their references.

use super::settings::document_with;
use super::{ChartConfig, Settings};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Source;
use crate::values::{REFERENCE, is_reference};
use crate::yaml::{Data, Node, Options, Tags};

/// The fields of a chart that only Helm has, and what to do about each.
const OF_A_CHART: [(&str, &str); 10] = [
    ("apiVersion", "remove it: jibe.yaml has the `edition` for all charts"),
    (
        "appVersion",
        "remove it: here it is a value such as `image.tag`, which each environment can set",
    ),
    (
        "kubeVersion",
        "remove it: here it is `kubernetes` of an environment in jibe.yaml, and every manifest is checked for that",
    ),
    ("home", "remove it, or write it as a comment: here it means nothing"),
    ("icon", "remove it, or write it as a comment: here it means nothing"),
    ("sources", "remove it, or write it as a comment: here it means nothing"),
    ("keywords", "remove it, or write it as a comment: here it means nothing"),
    ("maintainers", "remove it, or write it as a comment: here it means nothing"),
    ("annotations", "remove it, or write it as a comment: here it means nothing"),
    ("deprecated", "remove it, or write it as a comment: here it means nothing"),
];
/// The fields of a dependency that only Helm has, and what to do about each.
const OF_A_DEPENDENCY: [(&str, &str); 6] = [
    ("condition", "here it is `when`: the path of one value that is `true` or `false`"),
    ("tags", "here it is `when`: the path of one value that is `true` or `false`"),
    ("alias", "here it is `as`"),
    ("repository", "here it is `path`: the chart's folder, seen from this one, such as `../base`"),
    ("version", "remove it: the chart is read from its folder, `path`, as it is there"),
    (
        "import-values",
        "here a chart reads no values of a dependency: set them here and pass them on with `values`",
    ),
];

/// Reads chart.yaml.
///
/// # Errors
/// As [`Settings::read`], when a field is one of Helm's, and when a reference stands outside of what a dependency is given.
pub(super) fn read(source: &Source, sink: &mut Sink) -> Result<Settings<ChartConfig>, Reported> {
    let options = Options { tags: Tags::Allow(&[REFERENCE]), ..Options::default() };
    let root = document_with(source, options, sink)?;
    let mut misplaced = Vec::new();
    outside(&root, &mut misplaced);
    for node in misplaced {
        let message = format!("`{REFERENCE}` has no meaning here");
        let hint = "only the `values` of a dependency may refer to values; write the text itself";
        sink.error(Diagnostic::error(Code::YamlValue, message).at(node.place, "").hint(hint));
    }
    words_of_helm(&root, sink);
    sink.passed()?;
    Settings::of(root, sink)
}

/// Reports the fields that only Helm has, each with what stands for it here.
fn words_of_helm(root: &Node, sink: &mut Sink) {
    let mut refuse = |node: &Node, known: &[(&str, &str)]| {
        for (key, _) in node.as_map().into_iter().flatten() {
            if let Some((_, hint)) = known.iter().find(|(word, _)| *word == &*key.name) {
                let message = format!("`{}` is a field of Helm's Chart.yaml", key.name);
                let finding = Diagnostic::error(Code::YamlUnknownField, message);
                sink.error(finding.at(key.place, "").hint(*hint));
            }
        }
    };
    refuse(root, &OF_A_CHART);
    let dependencies = root.get("dependencies").and_then(Node::as_list).unwrap_or_default();
    dependencies.iter().for_each(|dependency| refuse(dependency, &OF_A_DEPENDENCY));
}

/// The references that do not stand in the `values` of a dependency.
fn outside<'n>(root: &'n Node, found: &mut Vec<&'n Node>) {
    for (key, node) in root.as_map().into_iter().flatten() {
        match node.as_list() {
            Some(items) if &*key.name == "dependencies" => {
                items.iter().for_each(|item| match item.as_map() {
                    Some(fields) => fields
                        .iter()
                        .filter(|(key, _)| &*key.name != "values")
                        .for_each(|(_, field)| references(field, found)),
                    None => references(item, found),
                });
            }
            _ => references(node, found),
        }
    }
}

fn references<'n>(node: &'n Node, found: &mut Vec<&'n Node>) {
    match &node.data {
        Data::Scalar(scalar) => found.extend(is_reference(scalar).then_some(node)),
        Data::List(items) => items.iter().for_each(|item| references(item, found)),
        Data::Map(map) => map.values().for_each(|node| references(node, found)),
    }
}
