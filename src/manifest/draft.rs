//! YAML documents on their way to become manifests.

use super::Edit;
use super::expand::expand;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Source;
use crate::yaml::{self, Node};
use std::sync::Arc;

/// A document that should be a Kubernetes object or a list of them.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its content.
    pub node: Node,
    /// Its text, if it must be passed on byte for byte.
    pub verbatim: Option<Arc<str>>,
    /// The dependency of the target's chart that it came out of, if any.
    pub part: Option<Arc<str>>,
    /// What kustomizations over it changed.
    pub edits: Vec<Edit>,
    /// The names that it had before kustomizations gave it its own, the oldest first.
    pub called: Vec<Arc<str>>,
}

impl Draft {
    /// A document that may be written anew.
    #[must_use]
    pub fn new(node: Node) -> Self {
        let (edits, called) = Default::default();
        Self { node, verbatim: None, part: None, edits, called }
    }

    fn is_definition(&self) -> bool {
        self.node.get("kind").and_then(Node::as_str) == Some("CustomResourceDefinition")
    }

    /// Whether the document is encrypted with SOPS, which marks it by a top-level `sops` map.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.node.get("sops").is_some_and(|sops| sops.as_map().is_some())
    }
}

/// The documents of a file of plain manifests, in order; an encrypted one keeps the file's text.
///
/// # Errors
/// When the file is no YAML, or holds an encrypted document beside others: the checksum that SOPS
/// writes covers the whole file.
pub fn drafts(source: &Source, sink: &mut Sink) -> Result<Vec<Draft>, Reported> {
    let documents = yaml::read(source, sink)?;
    for document in &documents {
        yaml::warn_of_boolean_keys(&document.root, sink);
    }
    let mut found: Vec<_> =
        documents.into_iter().map(|document| Draft::new(document.root)).collect();
    match found.as_mut_slice() {
        [only] if only.is_encrypted() => only.verbatim = Some(Arc::clone(source.text())),
        [] | [_] => {}
        several => refuse_encrypted(several, sink)?,
    }
    Ok(found)
}

/// The documents of a file in a chart's `crds/`: custom resource definitions, and lists of them.
///
/// # Errors
/// As [`drafts`], and when the file holds anything else; each such object is reported.
pub fn definitions(source: &Source, sink: &mut Sink) -> Result<Vec<Draft>, Reported> {
    let found = drafts(source, sink)?;
    let mut passed = Ok(());
    for other in expand(found.clone(), sink).iter().filter(|draft| !draft.is_definition()) {
        let is = other.node.get("kind").and_then(Node::as_str);
        let is = is.map_or_else(|| other.node.kind().to_owned(), |kind| format!("a `{kind}`"));
        let message = format!("`crds/` holds custom resource definitions only, but this is {is}");
        let finding = Diagnostic::error(Code::ChartFile, message)
            .at(other.node.place, "")
            .hint("move it to `templates/`, or into `manifests/` beside service.yaml");
        passed = Err(sink.error(finding));
    }
    passed.map(|()| found)
}

fn refuse_encrypted(several: &[Draft], sink: &mut Sink) -> Result<(), Reported> {
    let Some(encrypted) = several.iter().find(|draft| draft.is_encrypted()) else { return Ok(()) };
    let message = "an encrypted document must be alone in its file: the checksum that SOPS writes \
                   covers the whole file";
    let finding = Diagnostic::error(Code::ManifestEncrypted, message)
        .at(encrypted.node.place, "")
        .hint("decrypt the file, put each document into a file of its own, and encrypt those");
    Err(sink.error(finding))
}
