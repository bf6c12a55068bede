//! Entries that make ConfigMaps and Secrets.

use super::fields::{Fields, Scalars, text_within, unknown_plugin};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::transform::generate::{GeneratedKind, Policy};
use crate::transform::{Behavior, Text};
use crate::yaml::{self, Node};
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
    /// Which object it makes.
    pub kind: GeneratedKind,
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

const OPTIONS: [&str; 4] = ["labels", "annotations", "disableNameSuffixHash", "immutable"];
const KINDS: [&str; 3] = ["ConfigMapGenerator", "IAMPolicyGenerator", "SecretGenerator"];

/// What an object among `generators` asks for.
#[derive(Debug)]
pub(in crate::kustomize) enum Plugin {
    /// A ConfigMap or a Secret.
    Data(Generator),
    /// A service account.
    Policy(Policy),
}

pub(super) fn config_map(node: &Node, sink: &mut Sink) -> Result<Generator, Reported> {
    let fields = Fields::of(node, &GENERATOR, sink)?;
    with_env(&fields, generator(&fields, (GeneratedKind::ConfigMap, options), sink)?, sink)
}

pub(super) fn secret(node: &Node, sink: &mut Sink) -> Result<Generator, Reported> {
    let known = [&GENERATOR[..], &["type"]].concat();
    let fields = Fields::of(node, &known, sink)?;
    let kind = secret_kind(&fields, sink)?;
    with_env(&fields, generator(&fields, (kind, options), sink)?, sink)
}

/// Reads the configuration of a generator of kustomize's own; fields of other names have no effect, `env` among them.
///
/// # Errors
/// When there is no such generator, or a value is of the wrong type.
pub(in crate::kustomize) fn plugin(node: &Node, sink: &mut Sink) -> Result<Plugin, Reported> {
    let mut node = node.clone();
    yaml::spell_out(&mut node);
    let fields = Fields::lenient(&node, sink)?.with(Scalars::Strict);
    let kind = node.get("kind").and_then(Node::as_str).unwrap_or_default();
    let kind = match kind {
        "ConfigMapGenerator" => GeneratedKind::ConfigMap,
        "SecretGenerator" => secret_kind(&fields, sink)?,
        "IAMPolicyGenerator" => return policy(&fields, sink).map(Plugin::Policy),
        _ => return Err(unknown_plugin(("generator", kind), &KINDS, fields.place, sink)),
    };
    let metadata = fields.read("metadata", sink, Fields::lenient)?;
    let mut generator = generator(&fields, (kind, lenient_options), sink)?;
    if generator.name.text.is_empty() {
        generator.name = text_within(&metadata, "name", sink)?.unwrap_or(generator.name);
    }
    if generator.namespace.is_none() {
        generator.namespace = text_within(&metadata, "namespace", sink)?;
    }
    Ok(Plugin::Data(generator))
}

fn policy(fields: &Fields<'_>, sink: &mut Sink) -> Result<Policy, Reported> {
    let cloud = fields.word("cloud", sink)?;
    if &*cloud != "gke" {
        let message = format!("kustomize makes no policy for the cloud `{cloud}`");
        let place = fields.get("cloud").map_or(fields.place, |node| node.place);
        let finding = Diagnostic::error(Code::KustomizeValue, message).at(place, "");
        return Err(sink.error(finding.hint("write `cloud: gke`")));
    }
    let part = |name: &str, sink: &mut Sink| {
        let part = fields.read(name, sink, Fields::lenient)?;
        Ok(part.map(|part| part.with(Scalars::Strict)))
    };
    let inner = part("kubernetesService", sink)?;
    let outer = part("serviceAccount", sink)?;
    let or_empty = |text: Option<Text>| text.unwrap_or_else(|| Text::new("", fields.place));
    Ok(Policy {
        place: fields.place,
        name: or_empty(text_within(&inner, "name", sink)?),
        namespace: text_within(&inner, "namespace", sink)?,
        account: or_empty(text_within(&outer, "name", sink)?),
        project: or_empty(text_within(&outer, "projectId", sink)?),
    })
}

fn secret_kind(fields: &Fields<'_>, sink: &mut Sink) -> Result<GeneratedKind, Reported> {
    let own = fields.text("type", sink)?;
    Ok(GeneratedKind::Secret(own.map_or_else(|| "Opaque".into(), |own| own.text)))
}

/// Adds the file that `env` names, which only a kustomization file can have.
fn with_env(
    fields: &Fields<'_>,
    mut generator: Generator,
    sink: &mut Sink,
) -> Result<Generator, Reported> {
    generator.sources.envs.extend(fields.text("env", sink)?);
    Ok(generator)
}

/// How `options` are read.
type ReadOptions = fn(&Node, &mut Sink) -> Result<GeneratorOptions, Reported>;

fn generator(
    fields: &Fields<'_>,
    (kind, options): (GeneratedKind, ReadOptions),
    sink: &mut Sink,
) -> Result<Generator, Reported> {
    let envs = fields.texts("envs", sink)?;
    let (mut literals, files) = (fields.texts("literals", sink)?, fields.texts("files", sink)?);
    literals.iter_mut().for_each(respell);
    Ok(Generator {
        place: fields.place,
        name: fields.text_or_empty("name", sink)?,
        namespace: fields.text("namespace", sink)?,
        behavior: behavior(fields, sink)?,
        sources: Sources { literals, files, envs },
        options: fields.read("options", sink, options)?,
        kind,
    })
}

/// Gives a literal the text that kustomize hands on, written as JSON and read as YAML.
fn respell(literal: &mut Text) {
    if let Some(text) = yaml::next_lines_folded(&literal.text) {
        literal.text = text.into();
    }
}

fn behavior(fields: &Fields<'_>, sink: &mut Sink) -> Result<Behavior, Reported> {
    let Some(text) = fields.text("behavior", sink)? else { return Ok(Behavior::Create) };
    match &*text.text {
        "create" => Ok(Behavior::Create),
        "replace" => Ok(Behavior::Replace),
        "merge" => Ok(Behavior::Merge),
        other => {
            let message =
                format!("there is no behavior `{other}`, which kustomize takes for `create`");
            let finding = Diagnostic::warning(Code::KustomizeValue, message).at(text.place, "");
            sink.warn(finding.hint("write `create`, `replace` or `merge`"));
            Ok(Behavior::Create)
        }
    }
}

pub(super) fn options(node: &Node, sink: &mut Sink) -> Result<GeneratorOptions, Reported> {
    options_of(&Fields::of(node, &OPTIONS, sink)?, sink)
}

fn lenient_options(node: &Node, sink: &mut Sink) -> Result<GeneratorOptions, Reported> {
    options_of(&Fields::lenient(node, sink)?.with(Scalars::Strict), sink)
}

fn options_of(fields: &Fields<'_>, sink: &mut Sink) -> Result<GeneratorOptions, Reported> {
    Ok(GeneratorOptions {
        labels: fields.pairs("labels", sink)?,
        annotations: fields.pairs("annotations", sink)?,
        disable_name_suffix_hash: fields.truth("disableNameSuffixHash", sink)?,
        immutable: fields.truth("immutable", sink)?,
    })
}
