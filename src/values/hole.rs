//! Texts that look like references, but lack the tag that makes them such.

use super::{REFERENCE, Values, scalars};
use crate::source::Place;
use crate::yaml::{Node, Scalar};

/// What a reference sees besides values, each with what lies there.
const CONTEXT: [(&str, &[&str]); 3] = [
    ("target", &["env", "namespace", "service", "labels"]),
    ("chart", &["name", "version"]),
    ("cluster", &["version", "serves"]),
];

/// A text that looks like a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// Where among the values it stands; list items count as their position, `0` first.
    pub path: Vec<String>,
    /// Its bytes in the values file.
    pub place: Place,
    /// What it would be as a reference, if it is a short text on one line.
    pub reference: Option<String>,
}

/// How long a text may be that is shown as a reference, in bytes.
const MAX_SHOWN: usize = 80;

impl Values {
    /// The texts whose `{{ … }}` names what a reference could see, in the order of the tree.
    ///
    /// Other tools have holes as well, so only those count that name a value which is there, or what
    /// jibe says of a target, chart or cluster. What references made is left out.
    #[must_use]
    pub fn holes(&self) -> Vec<Hole> {
        match self.layers.iter().any(|layer| layer.set.is_none() && layer.rarities.holes) {
            true => scalars(&self.root, |path, node, scalar| self.hole(path, node, scalar)),
            false => Vec::new(),
        }
    }

    fn hole(&self, path: &[String], node: &Node, scalar: &Scalar) -> Option<Hole> {
        let is_own = || !self.references.iter().any(|one| one.made(node.place));
        if !scalar.text.contains("{{") || !self.names_something(&scalar.text) || !is_own() {
            return None;
        }
        let is_short = scalar.text.len() <= MAX_SHOWN && !scalar.text.contains(['\n', '"', '\\']);
        let reference = is_short.then(|| format!("{REFERENCE} \"{}\"", scalar.text));
        Some(Hole { path: path.to_vec(), place: node.place, reference })
    }

    /// Whether a hole of a text names something that a reference could see.
    fn names_something(&self, text: &str) -> bool {
        let holes = text.split("{{").skip(1).map(|rest| rest.split("}}").next().unwrap_or(rest));
        holes.into_iter().any(|hole| {
            let words =
                hole.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '$')));
            words.into_iter().any(|word| self.is_seen(word))
        })
    }

    fn is_seen(&self, word: &str) -> bool {
        let Some((name, path)) = word.split_once('.') else { return false };
        let first = path.split('.').next().unwrap_or(path);
        match name {
            "values" => self.root.get(first).is_some(),
            name => CONTEXT.iter().any(|(known, below)| *known == name && below.contains(&first)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::values::shown::{layer, no_files};
    use crate::values::{Known, Reach, merge};

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let files = no_files();
        let text = format!("domain: example.com\nx: {text}\n");
        let base = layer(&files, "values.yaml", Reach::Own, &text);
        let values = merge(&base, &[], &Known::default());
        let found = values.holes();
        let shown: Vec<_> = found
            .iter()
            .map(|hole| hole.reference.clone().unwrap_or_else(|| hole.path.join(".")))
            .collect();
        assert_eq!(shown, expect, "{text}");
    }

    #[test]
    fn a_text_that_names_a_value_looks_like_a_reference() {
        check("\"{{ values.domain }}\"", &["!tpl \"{{ values.domain }}\""]);
        check("'https://{{values.domain}}/a'", &["!tpl \"https://{{values.domain}}/a\""]);
        check("[\"{{ 'a' ~ values.domain }}\"]", &["!tpl \"{{ 'a' ~ values.domain }}\""]);
        check("\"{{ target.env }}\"", &["!tpl \"{{ target.env }}\""]);
        check("'{{ values.domain | default(\"b\") }}'", &["x"]);
    }

    #[test]
    fn the_holes_of_other_tools_are_texts() {
        for text in [
            "'{{ $labels.instance }} of {{ $values.domain }}'",
            "'{{ .Values.domain }}'",
            "'{{instance}} {{ .GroupLabels.alertname }}'",
            "'{{values.revision}}'",
            "'{{cluster.name}} {{ metadata.labels.target }}'",
            "'values.domain {{ x }} values.domain'",
            "'{{ item.values.domain }}'",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn a_reference_is_none_of_them() {
        check("!tpl \"{{ values.domain }}\"", &[]);
    }
}
