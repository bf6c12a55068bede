//! A settings file such as chart.yaml: what it says, typed, and where it says so.

use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::{Place, Source};
use crate::yaml::{self, Data, Map, Node, Options, Problem};
use serde::de::DeserializeOwned;

/// What a settings file says, and the tree that knows the place of every word.
#[derive(Debug, Clone)]
pub struct Settings<T> {
    /// Its content.
    pub says: T,
    root: Node,
}

/// The one document of a settings file.
///
/// # Errors
/// When the file is no YAML, is empty, or has several documents.
pub fn document(source: &Source, sink: &mut Sink) -> Result<Node, Reported> {
    document_with(source, (Options::default(), &|_| {}), sink)
}

/// The same, read as `options` say, and with what is wrong said in the words of the file.
pub(super) fn document_with(
    source: &Source,
    (options, reword): (Options, &dyn Fn(&mut Problem)),
    sink: &mut Sink,
) -> Result<Node, Reported> {
    let documents = yaml::parse(source.text(), source.id(), options).map_err(|problems| {
        let told = problems.into_iter().map(|mut problem| {
            reword(&mut problem);
            sink.error(problem.in_file(source.id()))
        });
        told.last().expect("a failed read names a problem")
    })?;
    let mut documents = documents.into_iter();
    let name = source.name();
    let Some(first) = documents.next() else {
        let empty = Diagnostic::error(Code::SettingsDocuments, format!("`{name}` says nothing"))
            .at(source.place(0, 0), "")
            .hint(schema_hint(name));
        return Err(sink.error(empty));
    };
    if let Some(second) = documents.next() {
        let message = format!("`{name}` has more than one document");
        return Err(sink.error(
            Diagnostic::error(Code::SettingsDocuments, message)
                .at(second.root.place, "the second document")
                .hint("keep one document, without `---` behind it"),
        ));
    }
    Ok(first.root)
}

impl<T: DeserializeOwned> Settings<T> {
    /// Reads a settings file.
    ///
    /// # Errors
    /// As [`document`] and [`Settings::of`].
    pub fn read(source: &Source, sink: &mut Sink) -> Result<Self, Reported> {
        let root = document(source, sink)?;
        Self::of(root, sink)
    }

    /// Takes a document that was read already.
    ///
    /// # Errors
    /// When a field is not known, is missing or has another type.
    pub fn of(root: Node, sink: &mut Sink) -> Result<Self, Reported> {
        match yaml::from_node(&root) {
            Ok(says) => Ok(Self { says, root }),
            Err(mut problem) => {
                let source = sink.files().source(root.place.file);
                problem.hint.get_or_insert_with(|| schema_hint(source.name()));
                Err(sink.error(problem.in_file(root.place.file)))
            }
        }
    }
}

/// How to see what a settings file may say: `chart.yaml` is explained by `jibe schema chart`.
fn schema_hint(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".yaml");
    format!("`jibe schema {name}` prints what may stand in this file")
}

impl<T> Settings<T> {
    /// Settings that stand in no file; findings about them point at `place`.
    #[must_use]
    pub fn made(says: T, place: Place) -> Self {
        Self { says, root: Node::map(Map::default(), place) }
    }

    /// The place of the value that a path of keys and list indexes leads to, or of the last part of
    /// the path that is there.
    #[must_use]
    pub fn place(&self, path: &[&str]) -> Place {
        self.reach(path).place
    }

    /// The place of the key that ends the path, or of the last part of the path that is there.
    #[must_use]
    pub fn key_place(&self, path: &[&str]) -> Place {
        let Some((key, above)) = path.split_last() else { return self.root.place };
        let map = self.reach(above);
        let entry = map.as_map().and_then(|map| map.get_key_value(*key));
        entry.map_or(map.place, |(key, _)| key.place)
    }

    /// What is written for the key that ends the path, where YAML takes it for something else than a
    /// string: `no` for a key that is `false`.
    #[must_use]
    pub fn misread_key(&self, path: &[&str]) -> Option<&str> {
        let (key, above) = path.split_last()?;
        let (key, _) = self.reach(above).as_map()?.get_key_value(*key)?;
        let written = key.written.as_deref()?;
        written.as_str().is_none().then_some(&*written.text)
    }

    /// What stands at the end of a path of keys and list indexes.
    #[must_use]
    pub fn node(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(&self.root, |node, step| child(node, step))
    }

    fn reach(&self, path: &[&str]) -> &Node {
        let mut node = &self.root;
        for step in path {
            match child(node, step) {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }
}

fn child<'n>(node: &'n Node, step: &str) -> Option<&'n Node> {
    match &node.data {
        Data::List(items) => items.get(step.parse::<usize>().ok()?),
        _ => node.get(step),
    }
}
