//! The leaves of a tree, and a tree as YAML with the origin of each.

use super::path::Part;
use super::shown::in_yaml;
use crate::source::Place;
use crate::yaml::{self, Data, MergeKeys, Node, Options, Scalar, Style};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How wide a line may be to have its origin in the column of the others.
const MAX_WIDTH: usize = 60;

/// Every leaf with its path, sorted by key as the YAML is; empty lists and maps are leaves.
#[must_use]
pub fn leaves(root: &Node) -> Vec<(Vec<Part>, &Node)> {
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), root)];
    while let Some((path, node)) = open.pop() {
        let below = below(&path, node);
        match below.is_empty() {
            true => found.push((path, node)),
            false => open.extend(below.into_iter().rev()),
        }
    }
    found
}

fn below<'n>(path: &[Part], node: &'n Node) -> Vec<(Vec<Part>, &'n Node)> {
    let join = |part| path.iter().cloned().chain([part]).collect::<Vec<_>>();
    match &node.data {
        Data::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
            let child = |key: &Arc<str>| join(Part::Key(Arc::clone(key)));
            entries.into_iter().map(|(key, node)| (child(&key.name), node)).collect()
        }
        Data::List(items) => {
            items.iter().enumerate().map(|(at, node)| (join(Part::Index(at)), node)).collect()
        }
        Data::Scalar(_) => Vec::new(),
    }
}

/// The tree as canonical YAML; at the end of a leaf's line stands where it was set, as a comment.
///
/// It reads back as the same tree.
pub fn sources(root: &Node, origin: impl Fn(Place) -> String) -> String {
    let text = in_yaml(root);
    let options = Options { merge_keys: MergeKeys::Keep, ..Options::default() };
    let written = yaml::parse(&text, root.place.file, options).unwrap_or_default();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let written = written.first().map(|document| leaves(&document.root)).unwrap_or_default();
    let mut comments: BTreeMap<usize, String> = BTreeMap::new();
    let breaks: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    for ((_, leaf), (_, set)) in written.iter().zip(leaves(root)) {
        comments.insert(last_line(&lines, &breaks, leaf), origin(set.place));
    }
    let width = |line: &usize| lines.get(*line).map_or(0, |line| line.chars().count());
    let column = comments.keys().map(width).filter(|width| *width <= MAX_WIDTH).max().unwrap_or(0);
    for (line, comment) in comments {
        if let Some(line) = lines.get_mut(line) {
            *line = format!("{line:column$}  # {comment}");
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The line of a leaf that a comment can follow: of a block the one with its `|`, else the last. `breaks` are the offsets
/// of the line breaks.
fn last_line(lines: &[String], breaks: &[usize], leaf: &Node) -> usize {
    let span = leaf.place.span.range();
    let line_of = |at: usize| breaks.partition_point(|line_break| *line_break < at);
    let is_block = |scalar: &Scalar| matches!(scalar.style, Style::Literal | Style::Folded);
    if !leaf.as_scalar().is_some_and(is_block) {
        return line_of(span.end.saturating_sub(1).max(span.start));
    }
    // Its place is that of its first line with content; only empty lines may stand before that.
    let first = line_of(span.start);
    lines[..first].iter().rposition(|line| !line.trim().is_empty()).unwrap_or(first)
}
