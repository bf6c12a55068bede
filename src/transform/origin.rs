//! Where an object comes from and what changed it, for `buildMetadata`.

use crate::source::Place;
use crate::yaml::{self, Node};
use std::fmt::Write as _;
use std::sync::Arc;

/// Where an object comes from: a file that was read, or a field that generates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file that it was read from, from the folder that is built; empty for one that was generated.
    pub path: String,
    /// What generated it.
    pub by: Option<Transformation>,
    /// Where that stands, or the object itself.
    pub place: Place,
}

/// One edit or generator, as kustomize names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transformation {
    /// The file that asks for it, from the folder that is built.
    pub configured_in: String,
    /// The `apiVersion` of its configuration; `builtin` for a field.
    pub api_version: Arc<str>,
    /// Its kind, such as `LabelTransformer`.
    pub kind: Arc<str>,
    /// The name of its configuration; empty for a field.
    pub name: Arc<str>,
    /// The namespace of its configuration; mostly empty.
    pub namespace: Arc<str>,
}

impl Origin {
    /// The text of the annotation.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        line(&mut out, ("path", &self.path), self.place);
        if let Some(by) = &self.by {
            by.write(&mut out, ("", self.place));
        }
        if out.is_empty() { "{}\n".to_owned() } else { out }
    }
}

impl Transformation {
    fn write(&self, out: &mut String, (indent, place): (&str, Place)) {
        line(out, (&format!("{indent}configuredIn"), &self.configured_in), place);
        // The first line of a list item is indented by its dash.
        let indent = if indent.is_empty() { "" } else { "  " };
        let _ = writeln!(out, "{indent}configuredBy:");
        for (key, text) in [
            ("apiVersion", &self.api_version),
            ("kind", &self.kind),
            ("name", &self.name),
            ("namespace", &self.namespace),
        ] {
            line(out, (&format!("{indent}  {key}"), text), place);
        }
    }
}

/// The text of the annotation that names edits in order; none if there were none.
pub(super) fn text_of(transformations: &[Transformation], place: Place) -> Option<String> {
    let mut out = String::new();
    transformations.iter().for_each(|one| one.write(&mut out, ("- ", place)));
    (!out.is_empty()).then_some(out)
}

/// `key: text` in the style that YAML needs; nothing for an empty text.
fn line(out: &mut String, (key, text): (&str, &str), place: Place) {
    if text.is_empty() {
        return;
    }
    let spelled = spelled(text, place);
    let _ = writeln!(out, "{key}: {spelled}");
}

fn spelled(text: &str, place: Place) -> String {
    yaml::write(&Node::string(text, place)).trim_end().to_owned()
}
