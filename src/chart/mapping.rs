//! chart.yaml as it is read: the values that it passes on keep their references.

use super::settings::document_with;
use super::{ChartConfig, Settings};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Source;
use crate::values::{REFERENCE, is_reference};
use crate::yaml::{Data, Node, Options, Tags};

/// Reads chart.yaml.
///
/// # Errors
/// As [`Settings::read`], and when a reference stands outside of what a dependency is given.
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
    sink.passed()?;
    Settings::of(root, sink)
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
