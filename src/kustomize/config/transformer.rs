//! The configurations of kustomize's own transformers, as objects of their own.

use super::entries;
use super::fields::{Fields, text_within, unknown_plugin};
use super::replacements::Reading;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::kustomize::steps::Step;
use crate::transform::{AddTarget, FieldSpec, Present, Side, SubjectMode, Text};
use crate::yaml::Node;

const KINDS: [&str; 14] = [
    "AnnotationsTransformer",
    "HashTransformer",
    "ImageTagTransformer",
    "LabelTransformer",
    "NamespaceTransformer",
    "PatchJson6902Transformer",
    "PatchStrategicMergeTransformer",
    "PatchTransformer",
    "PrefixSuffixTransformer",
    "PrefixTransformer",
    "ReplacementTransformer",
    "ReplicaCountTransformer",
    "SuffixTransformer",
    "ValueAddTransformer",
];

/// The targets of `ValueAddTransformer`, in its configuration or in a file of its own.
pub(in crate::kustomize) fn add_targets(
    node: &Node,
    sink: &mut Sink,
) -> Result<Vec<AddTarget>, Reported> {
    Fields::lenient(node, sink)?.list("targets", sink, |node, sink| {
        let own = Fields::lenient(node, sink)?;
        let path = own.text("fieldPath", sink)?.ok_or_else(|| lacks(&own, "fieldPath", sink))?;
        let position = own.integer("filePathPosition", sink)?;
        let position = usize::try_from(position).map_err(|_| {
            let message = "`filePathPosition` is below 0";
            let finding = Diagnostic::error(Code::KustomizeValue, message).at(own.place, "");
            sink.error(finding.hint("write 1 for the first part of the path"))
        })?;
        Ok(AddTarget { selector: own.read("selector", sink, entries::selector)?, path, position })
    })
}

/// The edits that a transformer's configuration asks for; fields of other names have no effect.
///
/// # Errors
/// When there is no such transformer, or a value is of the wrong type.
pub(in crate::kustomize) fn steps_of(node: &Node, sink: &mut Sink) -> Result<Vec<Step>, Reported> {
    let own = Fields::lenient(node, sink)?;
    let kind = own.word("kind", sink)?;
    if &*kind == "PrefixSuffixTransformer" {
        let prefix = affix(&own, (Side::Prefix, "prefix"), sink)?;
        return Ok(vec![prefix, affix(&own, (Side::Suffix, "suffix"), sink)?]);
    }
    step_of(node, &own, &kind, sink).map(|step| vec![step])
}

fn step_of(node: &Node, own: &Fields<'_>, kind: &str, sink: &mut Sink) -> Result<Step, Reported> {
    match kind {
        "AnnotationsTransformer" => {
            let pairs = own.pairs("annotations", sink)?;
            Ok(Step::Annotations { pairs, fields: specs(own, sink)? })
        }
        "HashTransformer" => Ok(Step::Hash),
        "ImageTagTransformer" => {
            let image = own.read("imageTag", sink, entries::image)?;
            let image = image.ok_or_else(|| lacks(own, "imageTag", sink))?;
            Ok(Step::Images { images: vec![image], fields: specs(own, sink)? })
        }
        "LabelTransformer" => {
            let pairs = own.pairs("labels", sink)?;
            Ok(Step::Labels { pairs, fields: specs(own, sink)? })
        }
        "NamespaceTransformer" => namespace(own, sink),
        "PatchJson6902Transformer" => entries::patch_of(own, "jsonOp", sink).map(Step::Json6902),
        "PatchTransformer" => entries::patch_of(own, "patch", sink).map(Step::Patch),
        "PatchStrategicMergeTransformer" => {
            let mut texts = own.texts("paths", sink)?;
            texts.extend(own.text("patches", sink)?);
            if texts.is_empty() {
                return Err(lacks(own, "patches", sink));
            }
            Ok(Step::StrategicMerge(texts))
        }
        "PrefixTransformer" => affix(own, (Side::Prefix, "prefix"), sink),
        "SuffixTransformer" => affix(own, (Side::Suffix, "suffix"), sink),
        "ReplacementTransformer" => {
            let entry = |node, sink: &mut Sink| Reading::Lenient.entry(node, sink);
            Ok(Step::Replacements(own.list("replacements", sink, entry)?))
        }
        "ReplicaCountTransformer" => {
            let replicas = own.read("replica", sink, entries::replicas)?;
            let replicas = replicas.ok_or_else(|| lacks(own, "replica", sink))?;
            Ok(Step::Replicas { replicas, fields: specs(own, sink)? })
        }
        "ValueAddTransformer" => {
            let value = own.text("value", sink)?;
            let value = value.map(|value| Text::new(value.text.trim(), value.place));
            // Without one kustomize takes the name of the folder, which no file says.
            let value = value.filter(|value| !value.text.is_empty());
            let value = value.ok_or_else(|| lacks(own, "value", sink))?;
            let file = own.text("targetFilePath", sink)?;
            Ok(Step::ValueAdd { value, targets: add_targets(node, sink)?, file })
        }
        _ => Err(unknown_plugin(("transformer", kind), &KINDS, own.place, sink)),
    }
}

fn specs(own: &Fields<'_>, sink: &mut Sink) -> Result<Vec<FieldSpec>, Reported> {
    own.list("fieldSpecs", sink, |node, sink| {
        let fields = Fields::lenient(node, sink)?;
        entries::field_spec_of(&fields, sink)
    })
}

fn affix(own: &Fields<'_>, (side, name): (Side, &str), sink: &mut Sink) -> Result<Step, Reported> {
    let text = own.text_or_empty(name, sink)?;
    if own.get("fieldSpecs").is_none() {
        return Err(lacks(own, "fieldSpecs", sink));
    }
    Ok(Step::Affix { side, text, fields: specs(own, sink)? })
}

fn namespace(own: &Fields<'_>, sink: &mut Sink) -> Result<Step, Reported> {
    let metadata = own.read("metadata", sink, Fields::lenient)?;
    let name = text_within(&metadata, "namespace", sink)?;
    let subjects = match own.text("setRoleBindingSubjects", sink)? {
        None => SubjectMode::DefaultOnly,
        Some(text) => match &*text.text {
            "defaultOnly" => SubjectMode::DefaultOnly,
            "allServiceAccounts" => SubjectMode::AllServiceAccounts,
            "none" => SubjectMode::None,
            other => {
                let message = format!("`setRoleBindingSubjects` cannot be `{other}`");
                let finding = Diagnostic::error(Code::KustomizeValue, message).at(text.place, "");
                let hint = "write `defaultOnly`, `allServiceAccounts` or `none`";
                return Err(sink.error(finding.hint(hint)));
            }
        },
    };
    Ok(Step::Namespace {
        name: name.unwrap_or_else(|| Text::new("", own.place)),
        fields: specs(own, sink)?,
        present: if own.truth("unsetOnly", sink)? { Present::Kept } else { Present::Set },
        subjects,
    })
}

fn lacks(own: &Fields<'_>, name: &str, sink: &mut Sink) -> Reported {
    let message = format!("this transformer needs `{name}`");
    let finding = Diagnostic::error(Code::KustomizeValue, message).at(own.place, "");
    sink.error(finding.hint(format!("add `{name}`")))
}
