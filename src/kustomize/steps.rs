//! The edits of one kustomization, in the order in which kustomize makes them.

use super::config::{Kustomization, LabelEntry, LabelReach, PatchEntry, ReplacementEntry};
use super::load::Loader;
use super::{patches, replace, value_add};
use crate::diag::{Reported, Sink};
use crate::transform::{
    self, AddTarget, Affix, Edit, FieldSpec, Image, ImageNames, Labels, Namespace, Pattern,
    Present, Replicas, Resources, Side, SubjectMode, Tables, Text,
};
use std::sync::Arc;

/// One edit of all objects.
#[derive(Debug)]
pub(super) enum Step {
    StrategicMerge(Vec<Text>),
    Patch(PatchEntry),
    Json6902(PatchEntry),
    Namespace { name: Text, fields: Vec<FieldSpec>, present: Present, subjects: SubjectMode },
    Affix { side: Side, text: Text, fields: Vec<FieldSpec> },
    Labels { pairs: Vec<(Arc<str>, Text)>, fields: Vec<FieldSpec> },
    Annotations { pairs: Vec<(Arc<str>, Text)>, fields: Vec<FieldSpec> },
    Replicas { replicas: Replicas, fields: Vec<FieldSpec> },
    Images { images: Vec<Image>, fields: Vec<FieldSpec> },
    Replacements(Vec<ReplacementEntry>),
    ValueAdd { value: Text, targets: Vec<AddTarget>, file: Option<Text> },
    Hash,
}

/// The edits that a kustomization's fields ask for.
pub(super) fn of(config: &Kustomization, tables: &Tables) -> Vec<Step> {
    let mut steps = Vec::new();
    if !config.patches_strategic_merge.is_empty() {
        steps.push(Step::StrategicMerge(config.patches_strategic_merge.clone()));
    }
    steps.extend(config.patches.iter().cloned().map(Step::Patch));
    if let Some(name) = config.namespace.clone() {
        let fields = tables.namespace.clone();
        let (present, subjects) = (Present::Set, SubjectMode::DefaultOnly);
        steps.push(Step::Namespace { name, fields, present, subjects });
    }
    if let Some(text) = config.name_prefix.clone() {
        let fields = tables.name_prefix.clone();
        steps.push(Step::Affix { side: Side::Prefix, text, fields });
    }
    if let Some(text) = config.name_suffix.clone() {
        let fields = tables.name_suffix.clone();
        steps.push(Step::Affix { side: Side::Suffix, text, fields });
    }
    steps.extend(config.labels.iter().map(|entry| labels(entry, tables)));
    if !config.labels.is_empty() || !config.common_labels.is_empty() {
        let fields = tables.common_labels.clone();
        steps.push(Step::Labels { pairs: config.common_labels.clone(), fields });
    }
    if !config.common_annotations.is_empty() {
        let (pairs, fields) = (config.common_annotations.clone(), tables.annotations.clone());
        steps.push(Step::Annotations { pairs, fields });
    }
    steps.extend(config.patches_json6902.iter().cloned().map(Step::Json6902));
    for replicas in config.replicas.iter().cloned() {
        steps.push(Step::Replicas { replicas, fields: tables.replicas.clone() });
    }
    if !config.images.is_empty() {
        let (images, fields) = (config.images.clone(), tables.images.clone());
        steps.push(Step::Images { images, fields });
    }
    if !config.replacements.is_empty() {
        steps.push(Step::Replacements(config.replacements.clone()));
    }
    steps
}

fn labels(entry: &LabelEntry, tables: &Tables) -> Step {
    let mut fields = entry.fields.clone();
    let metadata =
        [FieldSpec { pattern: Pattern::default(), path: "metadata/labels".into(), create: true }];
    let reached: [&[FieldSpec]; 3] = match entry.reach {
        LabelReach::Selectors => [&tables.labels, &tables.common_labels, &[]],
        LabelReach::Templates => [&tables.labels, &tables.template_labels, &metadata],
        LabelReach::Metadata => [&tables.labels, &[], &metadata],
    };
    reached.into_iter().for_each(|rows| transform::add_missing(&mut fields, rows));
    Step::Labels { pairs: entry.pairs.clone(), fields }
}

/// Makes edits in order, those of one object that go with each other at once.
pub(super) fn run(
    steps: &[Step],
    resources: &mut Resources,
    loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    for together in steps.chunk_by(Step::goes_with) {
        match together {
            [step] => step.run(resources, loader, sink)?,
            _ => {
                let edits: Vec<_> = together.iter().filter_map(Step::edit).collect();
                transform::edit_each(&edits, resources, sink)?;
            }
        }
    }
    Ok(())
}

impl Step {
    /// How kustomize calls the transformer that makes it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::StrategicMerge(_) => "PatchStrategicMergeTransformer",
            Self::Patch(_) => "PatchTransformer",
            Self::Json6902(_) => "PatchJson6902Transformer",
            Self::Namespace { .. } => "NamespaceTransformer",
            Self::Affix { side: Side::Prefix, .. } => "PrefixTransformer",
            Self::Affix { side: Side::Suffix, .. } => "SuffixTransformer",
            Self::Labels { .. } => "LabelTransformer",
            Self::Annotations { .. } => "AnnotationsTransformer",
            Self::Replicas { .. } => "ReplicaCountTransformer",
            Self::Images { .. } => "ImageTagTransformer",
            Self::Replacements(_) => "ReplacementTransformer",
            Self::ValueAdd { .. } => "ValueAddTransformer",
            Self::Hash => "HashTransformer",
        }
    }

    /// How many edits it is to kustomize.
    pub(super) fn entries(&self) -> usize {
        match self {
            Self::Images { images, .. } => images.len(),
            _ => 1,
        }
    }

    /// Whether another edit may be made of an object right behind this one, before this one is made of the others.
    pub(super) fn goes_with(&self, next: &Self) -> bool {
        let is_first = matches!(next, Self::Namespace { .. });
        self.edit().is_some() && next.edit().is_some() && !is_first
    }

    /// The edit, if it looks at one object alone.
    fn edit(&self) -> Option<Edit<'_>> {
        Some(match self {
            Self::Namespace { name, fields, present, subjects } => {
                let (name, present, subjects) = (name.clone(), *present, *subjects);
                Edit::Namespace(Namespace { name, fields, present, subjects })
            }
            Self::Affix { side, text, fields } => {
                Edit::Affix(Affix { text: text.clone(), side: *side, fields })
            }
            Self::Labels { pairs, fields } | Self::Annotations { pairs, fields } => {
                Edit::Labels(Labels::new(pairs.clone(), fields))
            }
            _ => return None,
        })
    }

    /// Makes the edit.
    fn run(
        &self,
        resources: &mut Resources,
        loader: &mut Loader<'_>,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        match self {
            Self::StrategicMerge(texts) => patches::merge_all(texts, resources, loader, sink),
            Self::Patch(entry) => patches::patch(entry, resources, loader, sink),
            Self::Json6902(entry) => patches::patch_json6902(entry, resources, loader, sink),
            Self::Namespace { .. }
            | Self::Affix { .. }
            | Self::Labels { .. }
            | Self::Annotations { .. } => {
                let edits: Vec<_> = self.edit().into_iter().collect();
                transform::edit_each(&edits, resources, sink)
            }
            Self::Replicas { replicas, fields } => {
                transform::set_replicas(replicas, fields, resources, sink)
            }
            Self::Images { images, fields } => {
                let mut idle = loader.rendered().map(|over| {
                    move |image: &Image, names: &[String], sink: &mut Sink| {
                        over.warn_of_image(image, names, sink)
                    }
                });
                let names = match &mut idle {
                    Some(idle) => ImageNames::Exact { idle },
                    None => ImageNames::Patterns,
                };
                transform::set_images((images, names), fields, resources, sink)
            }
            Self::Replacements(entries) => replace::replace(entries, resources, loader, sink),
            Self::ValueAdd { value, targets, file } => {
                value_add::add_value(value, (targets, file.as_ref()), (resources, loader), sink)
            }
            Self::Hash => transform::generate::hash_names(resources, sink),
        }
    }
}
