//! Entries that make ConfigMaps and Secrets.

use super::fields::Fields;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::transform::{Behavior, Text};
use crate::yaml::Node;
use std::sync::Arc;

/// An entry of `configMapGenerator` or `secretGenerator`.
#[derive(Debug, Clone)]
pub struct Generator {
    /// Where the entry stands.
    pub place: Place,
    /// The object's name.
    pub name: Text,
    /// Its namespace.
    pub namespace: Option<Text>,
    /// What becomes of an object that is there already.
    pub behavior: Behavior,
    /// Where its data comes from.
    pub sources: Sources,
    /// What else it gets.
    pub options: Option<GeneratorOptions>,
    /// The type of a Secret; `Opaque` unless given.
    pub secret_type: Option<Text>,
}

/// Where the data of a generated object comes from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// `NAME=text`.
    pub literals: Vec<Text>,
    /// Paths of files, each also with a name before: `NAME=path`.
    pub files: Vec<Text>,
    /// Paths of files with lines `NAME=text`; `env` is among them.
    pub envs: Vec<Text>,
}

/// What generated objects get besides their data.
#[derive(Debug, Clone, Default)]
pub struct GeneratorOptions {
    /// Labels.
    pub labels: Vec<(Arc<str>, Text)>,
    /// Annotations.
    pub annotations: Vec<(Arc<str>, Text)>,
    /// Whether their names get no hash.
    pub disable_name_suffix_hash: bool,
    /// Whether they are immutable.
    pub immutable: bool,
}

impl GeneratorOptions {
    /// The options of an entry, completed by those of the whole kustomization: of two labels the entry's own stands,
    /// and what is switched on for all stays on.
    #[must_use]
    pub fn merged(own: Option<&Self>, global: Option<&Self>) -> Self {
        let mut merged = own.cloned().unwrap_or_default();
        let Some(global) = global else { return merged };
        let complete = |own: &mut Vec<(Arc<str>, Text)>, others: &[(Arc<str>, Text)]| {
            for (name, text) in others {
                if own.iter().all(|(known, _)| known != name) {
                    own.push((Arc::clone(name), text.clone()));
                }
            }
        };
        complete(&mut merged.labels, &global.labels);
        complete(&mut merged.annotations, &global.annotations);
        merged.disable_name_suffix_hash |= global.disable_name_suffix_hash;
        merged.immutable |= global.immutable;
        merged
    }
}

const GENERATOR: [&str; 8] =
    ["namespace", "name", "behavior", "literals", "files", "envs", "env", "options"];

pub(super) fn config_map(node: &Node, sink: &mut Sink) -> Result<Generator, Reported> {
    generator(&Fields::of(node, &GENERATOR, sink)?, sink)
}

pub(super) fn secret(node: &Node, sink: &mut Sink) -> Result<Generator, Reported> {
    let known = [&GENERATOR[..], &["type"]].concat();
    let fields = Fields::of(node, &known, sink)?;
    let secret_type = fields.text("type", sink)?;
    Ok(Generator { secret_type, ..generator(&fields, sink)? })
}

fn generator(fields: &Fields<'_>, sink: &mut Sink) -> Result<Generator, Reported> {
    let mut envs = fields.texts("envs", sink)?;
    envs.extend(fields.text("env", sink)?);
    let (literals, files) = (fields.texts("literals", sink)?, fields.texts("files", sink)?);
    let name = fields.text("name", sink)?;
    Ok(Generator {
        place: fields.place,
        name: name.unwrap_or_else(|| Text::new("", fields.place)),
        namespace: fields.text("namespace", sink)?,
        behavior: behavior(fields, sink)?,
        sources: Sources { literals, files, envs },
        options: fields.read("options", sink, options)?,
        secret_type: None,
    })
}

fn behavior(fields: &Fields<'_>, sink: &mut Sink) -> Result<Behavior, Reported> {
    let Some(text) = fields.text("behavior", sink)? else { return Ok(Behavior::Create) };
    match &*text.text {
        "create" => Ok(Behavior::Create),
        "replace" => Ok(Behavior::Replace),
        "merge" => Ok(Behavior::Merge),
        other => {
            let message = format!("there is no behavior `{other}`");
            let finding = Diagnostic::error(Code::KustomizeValue, message).at(text.place, "");
            Err(sink.error(finding.hint("write `create`, `replace` or `merge`")))
        }
    }
}

pub(super) fn options(node: &Node, sink: &mut Sink) -> Result<GeneratorOptions, Reported> {
    let known = ["labels", "annotations", "disableNameSuffixHash", "immutable"];
    let fields = Fields::of(node, &known, sink)?;
    Ok(GeneratorOptions {
        labels: fields.pairs("labels", sink)?,
        annotations: fields.pairs("annotations", sink)?,
        disable_name_suffix_hash: fields.truth("disableNameSuffixHash", sink)?,
        immutable: fields.truth("immutable", sink)?,
    })
}
