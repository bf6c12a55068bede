//! Texts become objects, as kustomize reads them.

use super::{config, inline};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Source;
use crate::transform::{Resource, Text, holds_nothing, spelling};
use crate::yaml::{self, Data, Document, Map, Node, Scalar, Style, Value};
use memchr::memmem;
use std::collections::VecDeque;
use std::sync::Arc;

/// The objects of a file.
///
/// # Errors
/// When it is no YAML, or a document is no object.
pub(super) fn of_file(source: &Source, sink: &mut Sink) -> Result<Vec<Resource>, Reported> {
    refuse_separators(source, sink)?;
    let documents = yaml::read_with(source, config::RESOURCES, sink)?;
    let lists = Lists::of(&documents, source.text());
    of_documents(documents, lists, sink)
}

/// The objects of a text in a kustomization file; none if it is no text of objects but a path.
///
/// # Errors
/// When it cannot be a path, and as [`of_inline`].
pub(super) fn of_text(text: &Text, sink: &mut Sink) -> Result<Option<Vec<Resource>>, Reported> {
    match sink.unheard(|own| of_inline(text, own)) {
        Ok(objects) => Ok(Some(objects)),
        Err(_) if !is_written_out(&text.text) => Ok(None),
        Err(_) => {
            let (_, findings) = sink.apart(|own| of_inline(text, own));
            Err(inline::tell(findings, sink))
        }
    }
}

/// Whether a text cannot be meant as a path: it has several lines or begins like a map.
fn is_written_out(text: &str) -> bool {
    text.trim_end().contains('\n') || (text.starts_with('{') && text.contains(':'))
}

/// The objects of a text in a kustomization file.
///
/// # Errors
/// When it is no YAML, or a document is no object, at the lines of that file.
pub(super) fn of_inline(text: &Text, sink: &mut Sink) -> Result<Vec<Resource>, Reported> {
    let documents = inline::documents(text, config::RESOURCES, sink);
    let documents = documents.map_err(|findings| inline::tell(findings, sink))?;
    let lists = Lists::of(&documents, &text.text);
    of_documents(documents, lists, sink)
}

/// Where the items of a `List` go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lists {
    /// They stand as they are written where the list stood: it is all that its text holds.
    InPlace,
    /// They come behind the rest of the text, as if they had been JSON.
    Behind,
}

impl Lists {
    fn of(documents: &[Document], text: &str) -> Self {
        let is_alone = documents.len() == 1 && memmem::find(text.as_bytes(), b"\n---").is_none();
        if is_alone { Self::InPlace } else { Self::Behind }
    }
}

fn of_documents(
    documents: Vec<Document>,
    lists: Lists,
    sink: &mut Sink,
) -> Result<Vec<Resource>, Reported> {
    let mut queue: VecDeque<Node> = VecDeque::new();
    for document in documents {
        match items_of_list(&document.root).filter(|_| lists == Lists::InPlace) {
            Some(items) => queue.extend(items),
            None => queue.push_back(document.root),
        }
    }
    queue.retain(|node| !holds_nothing(node));
    queue.iter().try_for_each(|node| check(node, sink))?;
    let mut objects = Vec::with_capacity(queue.len());
    while let Some(node) = queue.pop_front() {
        let is_list = |_: &&Node| spelling(node.get("kind")).ends_with("List");
        match node.get("items").filter(is_list) {
            None => objects.push(Resource::new(node)),
            Some(items) if items.is_null() => {}
            // Its items come behind everything else of the file.
            Some(items) => {
                let items = inner_items(items, sink)?;
                items.iter().try_for_each(|item| check(item, sink))?;
                queue.extend(items);
            }
        }
    }
    Ok(objects)
}

/// The items of a `List` that has such.
fn items_of_list(node: &Node) -> Option<Vec<Node>> {
    let has_items = node.get("items").is_some() || node.get("functionConfig").is_some();
    let is_list = || matches!(spelling(node.get("kind")), "List" | "ResourceList");
    let items = || node.get("items").and_then(Node::as_list).unwrap_or_default().to_vec();
    (has_items && is_list()).then(items)
}

fn inner_items(items: &Node, sink: &mut Sink) -> Result<Vec<Node>, Reported> {
    let Some(list) = items.as_list() else {
        let message = format!("`items` is {}, not a list", items.kind());
        let finding = Diagnostic::error(Code::KustomizeObject, message).at(items.place, "");
        return Err(sink.error(finding.hint("write a list of objects")));
    };
    Ok(list
        .iter()
        .filter(|item| !holds_nothing(item))
        .map(|item| {
            let mut item = item.clone();
            yaml::spell_out(&mut item);
            values_of(&item)
        })
        .collect())
}

/// Refuses what has no kind, and what has no name unless it is a list.
pub(super) fn check(node: &Node, sink: &mut Sink) -> Result<(), Reported> {
    let kind = spelling(node.get("kind"));
    let is_nameless = || spelling(node.at(&["metadata", "name"])).is_empty();
    let (message, hint) = match node.as_map() {
        None => (
            format!("a document is {}, not an object", node.kind()),
            "write a map with `kind` and `metadata.name`",
        ),
        Some(_) if kind.is_empty() => ("an object has no `kind`".to_owned(), "add it"),
        Some(_) if is_nameless() && !kind.ends_with("List") => (
            format!("a {kind} has no `metadata.name`"),
            "add it: kustomize takes no `generateName`",
        ),
        Some(_) => return Ok(()),
    };
    Err(sink.error(Diagnostic::error(Code::KustomizeObject, message).at(node.place, "").hint(hint)))
}

/// Behind the `---` between two documents only a comment may stand.
fn refuse_separators(source: &Source, sink: &mut Sink) -> Result<(), Reported> {
    let text = source.text();
    for at in memmem::find_iter(text.as_bytes(), b"\n---") {
        let start = at + 1;
        let Some(length) = text[start..].find('\n') else { break };
        let behind = text[start + 3..start + length].trim();
        if !behind.is_empty() && !behind.starts_with('#') {
            let message = format!("`{behind}` stands behind the `---` that begins a document");
            let finding = Diagnostic::error(Code::KustomizeObject, message)
                .at(source.place(start, start + length), "");
            return Err(sink.error(finding.hint("begin the document on a line of its own")));
        }
    }
    Ok(())
}

/// The values of an object alone, in the spelling that they have once they went through JSON.
fn values_of(node: &Node) -> Node {
    let data = match &node.data {
        Data::List(items) => Data::List(Arc::new(items.iter().map(values_of).collect())),
        Data::Map(map) => {
            let entry = |(key, node): (&yaml::Key, &Node)| {
                (yaml::Key::new(Arc::clone(&key.name), key.place), values_of(node))
            };
            Data::Map(Arc::new(map.iter().map(entry).collect::<Map>()))
        }
        Data::Scalar(scalar) => Data::Scalar(match scalar.value {
            Value::String => Scalar { style: Style::Double, tag: None, ..scalar.clone() },
            value => Scalar::plain(value),
        }),
    };
    Node { data, ..node.clone() }
}
