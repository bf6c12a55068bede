//! One source of values: a file, or an argument of the command line.

use super::reference::{REFERENCE, is_reference};
use super::{Edit, SetKind, Step, keyed};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::{Place, Source};
use crate::yaml::{self, Data, Document, Node, Options, Tags};

/// One source of values.
#[derive(Debug, Clone)]
pub struct Layer {
    /// What a user calls it: `defaults`, `environment prod`, `--set`.
    pub name: String,
    /// Whom it is written for.
    pub reach: Reach,
    /// The start of its file or argument.
    pub place: Place,
    /// What it changes, in order. A values file is one edit at the root, an empty one none.
    pub edits: Vec<Edit>,
    /// How the values of an argument were typed; none for a file.
    pub set: Option<SetKind>,
    /// What is in it that most layers have none of.
    pub(super) rarities: Rarities,
}

/// What most layers have none of, so that nobody looks for it there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Rarities {
    /// Values that refer to others.
    pub references: bool,
    /// Keys called `$patch`.
    pub patches: bool,
    /// Keys that are null.
    pub nulls: bool,
    /// Texts that hold `{{`.
    pub holes: bool,
}

impl Rarities {
    /// Where nobody looked.
    pub(super) const ALL: Self = Self { references: true, patches: true, nulls: true, holes: true };

    pub(super) fn of(edits: &[Edit]) -> Self {
        let mut found = Self::default();
        edits.iter().for_each(|edit| found.look(&edit.node));
        found
    }

    fn look(&mut self, node: &Node) {
        match &node.data {
            Data::Scalar(scalar) if is_reference(scalar) => self.references = true,
            Data::Scalar(scalar) => self.holes |= scalar.text.contains("{{"),
            Data::List(items) => items.iter().for_each(|item| self.look(item)),
            Data::Map(map) => {
                self.patches |= map.contains_key(keyed::PATCH);
                self.nulls |= map.values().any(Node::is_null);
                map.values().for_each(|node| self.look(node));
            }
        }
    }
}

/// Whom a layer is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// For one chart or service: what it sets, the chart is taken to know.
    Own,
    /// For many services; keys that mean nothing to a chart are hidden from it.
    Shared,
}

impl Layer {
    /// A layer that sets nothing, for a chart without defaults.
    pub fn empty(name: impl Into<String>, place: Place) -> Self {
        Self {
            name: name.into(),
            reach: Reach::Own,
            place,
            edits: Vec::new(),
            set: None,
            rarities: Rarities::default(),
        }
    }

    /// A layer that is a map of values, as one chart passes them on to another.
    pub fn passed(name: impl Into<String>, values: Node) -> Self {
        let (place, edits) = (values.place, vec![Edit::whole(values)]);
        let rarities = Rarities::of(&edits);
        Self { name: name.into(), reach: Reach::Own, place, edits, set: None, rarities }
    }

    /// Reads a values file: one YAML document that holds a map, or nothing at all. Scalars may be
    /// references, `!tpl "{{ … }}"`.
    ///
    /// # Errors
    /// When it is no YAML, its root is no map, or it holds several documents.
    pub fn read(
        source: &Source,
        name: impl Into<String>,
        reach: Reach,
        sink: &mut Sink,
    ) -> Result<Self, Reported> {
        let options = Options { tags: Tags::Allow(&[REFERENCE]), ..Options::default() };
        let documents = yaml::read_with(source, options, sink)?;
        for document in &documents {
            yaml::warn_of_boolean_keys(&document.root, sink);
        }
        let edits = match documents.as_slice() {
            [] => Vec::new(),
            [document] if document.root.is_null() => Vec::new(),
            [Document { root, .. }] if root.as_map().is_some() => vec![Edit::whole(root.clone())],
            [document] => return Err(sink.error(no_map(source, &document.root))),
            [first, second, ..] => return Err(sink.error(several(source, first, second))),
        };
        let rarities = Rarities::of(&edits);
        Ok(Self { name: name.into(), reach, place: source.place(0, 0), edits, set: None, rarities })
    }

    /// The tree of a values file.
    #[must_use]
    pub fn root(&self) -> Option<&Node> {
        self.edits.iter().find(|edit| edit.path.is_empty()).map(|edit| &edit.node)
    }

    /// Whether it sets or deletes a top-level key.
    #[must_use]
    pub fn sets(&self, key: &str) -> bool {
        self.edits.iter().any(|edit| match edit.path.first() {
            Some(Step::Key(first)) => &*first.name == key,
            Some(Step::Index(_) | Step::Item(_)) => false,
            None => edit.node.get(key).is_some(),
        })
    }
}

impl Edit {
    fn whole(node: Node) -> Self {
        Self { path: Vec::new(), node }
    }
}

fn no_map(source: &Source, root: &Node) -> Diagnostic {
    let message =
        format!("`{}` must hold a map of values, but holds {}", source.name(), root.kind());
    Diagnostic::error(Code::ValuesNotAMap, message)
        .at(root.place, "")
        .hint("write `name: value` lines, or empty the file")
}

fn several(source: &Source, first: &Document, second: &Document) -> Diagnostic {
    let message = format!("`{}` holds several documents; a values file is one map", source.name());
    Diagnostic::error(Code::ValuesNotAMap, message)
        .at(second.root.place, "the second document")
        .also(first.root.place, "the first one")
        .hint("remove the `---` between them, or make it two files")
}

#[cfg(test)]
mod tests {
    use super::{Layer, Reach};
    use crate::diag::Sink;
    use crate::values::shown::{no_files, shown};

    fn check(text: &str, expect: &str) {
        let files = no_files();
        let source = files.add("values.yaml", text.as_bytes().to_vec()).expect("text");
        let mut sink = Sink::new(&files);
        let read = match Layer::read(&source, "service", Reach::Own, &mut sink) {
            Ok(layer) => layer.root().map_or_else(|| "nothing".to_owned(), shown),
            Err(_) => sink.finish().expect_err("an error").diagnostics()[0].to_string(),
        };
        assert_eq!(read, expect);
    }

    #[test]
    fn a_values_file_is_a_map() {
        check("a: 1\n", "{a: 1}");
    }

    #[test]
    fn an_empty_file_sets_nothing() {
        check("", "nothing");
        check("# only a comment\n", "nothing");
        check("---\nnull\n", "nothing");
    }

    #[test]
    fn a_list_or_a_text_is_no_values_file() {
        check(
            "- a\n",
            "values.yaml:1:1: error[values/not-a-map]: `values.yaml` must hold a map of values, but holds a list",
        );
        check(
            "\ntext",
            "values.yaml:2:1: error[values/not-a-map]: `values.yaml` must hold a map of values, but holds a string",
        );
    }

    #[test]
    fn a_key_is_no_reference() {
        check(
            "a: 1\n!tpl '{{ b }}': 1\n",
            "values.yaml:2:6: error[yaml/key]: a text with the tag `!tpl` cannot be a key",
        );
    }

    #[test]
    fn two_documents_are_no_values_file() {
        check(
            "a: 1\n---\nb: 1\n",
            "values.yaml:3:1: error[values/not-a-map]: `values.yaml` holds several documents; a values file is one map",
        );
    }

    #[test]
    fn what_is_no_yaml_is_reported_at_its_line() {
        check(
            "a: 1\na: 2\n",
            "values.yaml:2:1: error[yaml/duplicate-key]: the key `a` stands here a second time",
        );
    }
}
