//! chart.yaml as it is read: the values that it passes on keep their references.

use super::settings::document_with;
use super::{ChartConfig, Settings};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Source;
use crate::values::{REFERENCE, is_reference};
use crate::yaml::{Data, Node, Options, Problem, Tags, Value};

/// What to do about a hole outside of the values that a dependency is given.
const NO_HOLES: &str = "write the text itself: chart.yaml is no template, and only the `values` of a dependency may refer to values, by `!tpl \"{{ … }}\"`";
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
    let of_holes = options.tags.hole("");
    let reword = |problem: &mut Problem| {
        let at = problem.span.range().start;
        if problem.hint.as_ref() == Some(&of_holes) && !is_passed_on(source.text(), at) {
            problem.hint = Some(NO_HOLES.to_owned());
        }
    };
    let root = document_with(source, (options, &reword), sink)?;
    let mut misplaced = Vec::new();
    outside(&root, &mut misplaced);
    for node in misplaced {
        let message = format!("`{REFERENCE}` has no meaning here");
        let hint = "only the `values` of a dependency may refer to values; write the text itself";
        sink.error(Diagnostic::error(Code::YamlValue, message).at(node.place, "").hint(hint));
    }
    words_of_helm(&root, sink);
    conditions(&root, sink);
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

/// Reports a `when` that is no path of a value, such as `true`.
fn conditions(root: &Node, sink: &mut Sink) {
    let dependencies = root.get("dependencies").and_then(Node::as_list).unwrap_or_default();
    for node in dependencies.iter().filter_map(|dependency| dependency.get("when")) {
        let meaning = node.as_scalar().map(|scalar| scalar.value);
        let instead = match meaning {
            Some(Value::String | Value::Null) => continue,
            Some(Value::Bool(true)) => "remove the line: without `when` it is always rendered; or",
            Some(Value::Bool(false)) => "remove the dependency; or",
            _ => "",
        };
        let text = node.as_scalar().map(|scalar| format!("`{}`, ", scalar.text));
        let (text, kind) = (text.unwrap_or_default(), node.kind());
        let message = format!("`when` names a value of this chart, but is {text}{kind}");
        let hint = format!(
            "{instead} write the path of one that is `true` or `false`, such as `when: cache.enabled`"
        );
        let finding = Diagnostic::error(Code::ChartDependency, message).at(node.place, "");
        sink.error(finding.hint(hint.trim_start()));
    }
}

/// Whether a place lies in the `values` of a dependency, in a text that cannot be read: by the words
/// before it that are indented less, each less than the next.
fn is_passed_on(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or(text);
    let is_key = |line: &str, key: &str| {
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        line.match_indices(key).any(|(start, _)| {
            !is_part(line[..start].chars().next_back())
                && line[start + key.len()..].trim_start().starts_with(':')
        })
    };
    let (mut indent, mut is_in_values) = (usize::MAX, false);
    for line in before.lines().rev() {
        let column = line.len() - line.trim_start_matches([' ', '-']).len();
        let is_said = !line.trim().is_empty() && !line.trim_start().starts_with('#');
        if is_said && column < indent {
            indent = column;
            is_in_values |= is_key(line, "values");
            if column == 0 {
                return is_in_values && is_key(line, "dependencies");
            }
        }
    }
    false
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

#[cfg(test)]
mod tests {
    use super::is_passed_on;

    #[test]
    fn only_the_values_of_a_dependency_pass_something_on() {
        let rows = [
            ("name: {{ a }}\n", false),
            ("dependencies:\n  - path: {{ a }}\n", false),
            ("dependencies:\n  - path: ../b\n    values:\n      a: {{ a }}\n", true),
            ("dependencies:\n- values:\n    a:\n      b: {{ a }}\n", true),
            ("dependencies:\n  - values: { a: 1 }\n    when: {{ a }}\n", false),
            ("dependencies: [{ path: ../b, values: { x: {{ a }} } }]\n", true),
            ("dependencies: [{ path: {{ a }} }]\n", false),
            ("values:\n  a: {{ a }}\n", false),
            ("dependencies:\n  - values:\n      # why\n\n      a: {{ a }}\n", true),
        ];
        for (text, expect) in rows {
            let at = text.find("{{").expect("a hole");
            assert_eq!(is_passed_on(text, at), expect, "{text}");
        }
    }
}
