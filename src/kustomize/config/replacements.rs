//! Entries of `replacements` and `vars`.

use super::entries::{OBJECT, SELECTOR, object_of, pattern, selector_of};
use super::fields::Fields;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Source;
use crate::transform::replacements::{FieldOptions, Missing, Replacement, Source as From, Target};
use crate::transform::{ObjectSelector, Pattern, Text, Variable};
use crate::yaml::{self, Data, Node};

/// An entry of `replacements`.
#[derive(Debug, Clone)]
pub struct ReplacementEntry {
    /// The file that holds replacements.
    pub path: Option<Text>,
    /// The replacement itself.
    pub replacement: Replacement,
}

impl ReplacementEntry {
    /// Whether it says what is copied, or where to.
    #[must_use]
    pub fn is_inline(&self) -> bool {
        let Replacement { source, targets, .. } = &self.replacement;
        source.is_some() || targets.as_ref().is_some_and(|targets| !targets.is_empty())
    }
}

/// What becomes of fields that kustomize does not know, and of numbers where texts are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// They are refused, as in kustomization files.
    Strict,
    /// They are passed over, as in files of replacements; numbers are texts.
    Lenient,
}

impl Reading {
    fn fields<'n>(
        self,
        node: &'n Node,
        known: &[&str],
        sink: &mut Sink,
    ) -> Result<Fields<'n>, Reported> {
        match self {
            Self::Strict => Fields::of(node, known, sink),
            Self::Lenient => {
                Fields::warn_of_unknown(node, known, sink);
                Fields::lenient(node, sink)
            }
        }
    }

    /// Reads an entry; in a kustomization file a list without targets is none.
    pub(super) fn entry(self, node: &Node, sink: &mut Sink) -> Result<ReplacementEntry, Reported> {
        let fields = self.fields(node, &["path", "source", "targets"], sink)?;
        let mut replacement = self.replacement(&fields, sink)?;
        if self == Self::Strict {
            replacement.targets = replacement.targets.filter(|targets| !targets.is_empty());
        }
        Ok(ReplacementEntry { path: fields.text("path", sink)?, replacement })
    }

    fn replacement(self, fields: &Fields<'_>, sink: &mut Sink) -> Result<Replacement, Reported> {
        let targets = match fields.get("targets") {
            None => None,
            Some(_) => Some(fields.list("targets", sink, |node, sink| self.target(node, sink))?),
        };
        let source = fields.read("source", sink, |node, sink| self.source(node, sink))?;
        Ok(Replacement { place: fields.place, source, targets })
    }

    fn source(self, node: &Node, sink: &mut Sink) -> Result<From, Reported> {
        let known = [&OBJECT[..], &["fieldPath", "options"]].concat();
        let fields = self.fields(node, &known, sink)?;
        let options = fields.read("options", sink, |node, sink| self.options(node, sink))?;
        Ok(From {
            object: object_of(&fields, sink)?,
            field_path: fields.text("fieldPath", sink)?,
            options: options.unwrap_or_default(),
        })
    }

    fn target(self, node: &Node, sink: &mut Sink) -> Result<Target, Reported> {
        let known = ["select", "reject", "fieldPaths", "options"];
        let fields = self.fields(node, &known, sink)?;
        let options = fields.read("options", sink, |node, sink| self.options(node, sink))?;
        Ok(Target {
            place: fields.place,
            select: fields.read("select", sink, |node, sink| self.selector(node, sink))?,
            reject: fields.list("reject", sink, |node, sink| self.selector(node, sink))?,
            field_paths: fields.texts("fieldPaths", sink)?,
            options: options.unwrap_or_default(),
        })
    }

    fn selector(self, node: &Node, sink: &mut Sink) -> Result<ObjectSelector, Reported> {
        selector_of(&self.fields(node, &SELECTOR, sink)?, sink)
    }

    /// `encoding` has no effect.
    fn options(self, node: &Node, sink: &mut Sink) -> Result<FieldOptions, Reported> {
        let known = ["delimiter", "index", "encoding", "create"];
        let fields = self.fields(node, &known, sink)?;
        fields.text("encoding", sink)?;
        Ok(FieldOptions {
            delimiter: fields.text("delimiter", sink)?,
            index: fields.integer("index", sink)?,
            missing: match fields.truth("create", sink)? {
                true => Missing::Made,
                false => Missing::Refused,
            },
        })
    }
}

/// The replacements of a file: one, or a list of them.
///
/// # Errors
/// When it is no YAML, or neither of the two.
pub(in crate::kustomize) fn read_replacements(
    source: &Source,
    sink: &mut Sink,
) -> Result<Vec<Replacement>, Reported> {
    let documents = yaml::read_with(source, super::CONFIG, sink)?;
    let root = documents.first().map(|document| &document.root);
    let one = |node: &Node, sink: &mut Sink| {
        let fields = Reading::Lenient.fields(node, &["source", "targets"], sink)?;
        Reading::Lenient.replacement(&fields, sink)
    };
    match root.map(|root| &root.data) {
        Some(Data::List(items)) => items.iter().map(|item| one(item, sink)).collect(),
        Some(Data::Map(_)) => root.map(|root| one(root, sink)).into_iter().collect(),
        Some(Data::Scalar(_)) | None => {
            let message = "the file is neither a replacement nor a list of them";
            let finding = Diagnostic::error(Code::KustomizeReplacement, message);
            let hint = "write `source` and `targets`";
            Err(sink.error(finding.at(source.place(0, 0), "").hint(hint)))
        }
    }
}

pub(super) fn variable(node: &Node, sink: &mut Sink) -> Result<Variable, Reported> {
    let fields = Fields::of(node, &["name", "objref", "fieldref"], sink)?;
    let name = fields.text_or_empty("name", sink)?;
    let field_path = fields.read("fieldref", sink, |node, sink| {
        Fields::of(node, &["fieldPath"], sink)?.text("fieldPath", sink)
    })?;
    let mut variable = Variable {
        name,
        pattern: Pattern::default(),
        object: "".into(),
        namespace: "".into(),
        field_path: field_path.flatten(),
    };
    fields.read("objref", sink, |node, sink| object(node, &mut variable, sink))?;
    Ok(variable)
}

/// Reads the object that a variable takes its value from.
fn object(node: &Node, variable: &mut Variable, sink: &mut Sink) -> Result<(), Reported> {
    let known = [&OBJECT[..], &["apiVersion"]].concat();
    let fields = Fields::of(node, &known, sink)?;
    variable.pattern = pattern(&fields, sink)?;
    if let Some(api_version) = fields.text("apiVersion", sink)? {
        match *api_version.text.split('/').collect::<Vec<_>>() {
            [version] => variable.pattern.version = version.into(),
            [group, version] => {
                (variable.pattern.group, variable.pattern.version) = (group.into(), version.into());
            }
            _ => {}
        }
    }
    variable.object = fields.word("name", sink)?;
    variable.namespace = fields.word("namespace", sink)?;
    Ok(())
}
