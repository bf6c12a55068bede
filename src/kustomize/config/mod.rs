//! A kustomization file as typed settings, each with its place.

mod crds;
mod entries;
mod example;
mod fields;
mod generators;
mod over;
mod replacements;
mod tables;
mod transformer;

pub(super) use crds::read_crds;
pub(super) use entries::PATCH_OPTIONS;
pub use entries::{LabelEntry, LabelReach, PatchEntry, PatchOption};
pub use generators::{Generator, GeneratorOptions, Sources};
pub(super) use generators::{Plugin, plugin};
pub(super) use over::Use;
pub use replacements::ReplacementEntry;
pub(super) use replacements::read_replacements;
pub(super) use tables::{merged, read_tables};
pub(super) use transformer::{add_targets, steps_of};

use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::{Place, Source};
use crate::transform::{Image, Replicas, SortOrder, Text, Variable};
use crate::yaml::{self, Duplicates, MergeKeys, Options, Rules, Tags};
use fields::Fields;
use replacements::Reading;
use std::sync::Arc;

/// What a kustomization file asks for.
#[derive(Debug, Clone)]
pub struct Kustomization {
    /// Where its content stands.
    pub place: Place,
    /// Whether it stands for itself.
    pub kind: Kind,
    /// Files and folders; `bases` are among them.
    pub resources: Vec<Text>,
    /// Folders of components.
    pub components: Vec<Text>,
    /// Files of OpenAPI definitions.
    pub crds: Vec<Text>,
    /// Files of further fields for the edits.
    pub configurations: Vec<Text>,
    /// `openapi.path`, `openapi.version`.
    pub openapi: Vec<(Arc<str>, Text)>,
    /// `namePrefix`.
    pub name_prefix: Option<Text>,
    /// `nameSuffix`.
    pub name_suffix: Option<Text>,
    /// `namespace`.
    pub namespace: Option<Text>,
    /// `labels`.
    pub labels: Vec<LabelEntry>,
    /// `commonLabels`.
    pub common_labels: Vec<(Arc<str>, Text)>,
    /// `commonAnnotations`.
    pub common_annotations: Vec<(Arc<str>, Text)>,
    /// `patches`.
    pub patches: Vec<PatchEntry>,
    /// `patchesStrategicMerge`: each a patch, or the path of a file with patches.
    pub patches_strategic_merge: Vec<Text>,
    /// `patchesJson6902`.
    pub patches_json6902: Vec<PatchEntry>,
    /// `images`; `imageTags` are among them.
    pub images: Vec<Image>,
    /// `replicas`.
    pub replicas: Vec<Replicas>,
    /// `replacements`.
    pub replacements: Vec<ReplacementEntry>,
    /// `vars`.
    pub vars: Vec<Variable>,
    /// `configMapGenerator`.
    pub config_maps: Vec<Generator>,
    /// `secretGenerator`.
    pub secrets: Vec<Generator>,
    /// `generatorOptions`.
    pub generator_options: Option<GeneratorOptions>,
    /// Where charts of Helm are asked for.
    pub helm: Option<Place>,
    /// `generators`: each a configuration, or the path of a file or folder with such.
    pub generators: Vec<Text>,
    /// `transformers`, alike.
    pub transformers: Vec<Text>,
    /// `validators`, alike.
    pub validators: Vec<Text>,
    /// `sortOptions`.
    pub sort: Option<SortOrder>,
    /// `buildMetadata`.
    pub metadata: BuildMetadata,
}

/// Whether a kustomization stands for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It has objects of its own.
    Kustomization,
    /// It changes the objects of those that name it.
    Component,
}

/// What is written onto objects about the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BuildMetadata {
    /// Where each object comes from.
    pub origins: Note,
    /// What changed it.
    pub transformations: Note,
    /// Which program built it.
    pub managed_by: Note,
}

impl BuildMetadata {
    /// Whether objects remember where they come from.
    #[must_use]
    pub fn is_any(self) -> bool {
        self != Self::default()
    }
}

/// Whether a note about the build stays on objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Note {
    /// It does not.
    #[default]
    Dropped,
    /// It does.
    Kept,
}

const FIELDS: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "openapi",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "commonLabels",
    "labels",
    "commonAnnotations",
    "patchesStrategicMerge",
    "patchesJson6902",
    "patches",
    "images",
    "imageTags",
    "replacements",
    "replicas",
    "vars",
    "sortOptions",
    "resources",
    "components",
    "crds",
    "bases",
    "configMapGenerator",
    "secretGenerator",
    "helmGlobals",
    "helmCharts",
    "helmChartInflationGenerator",
    "generatorOptions",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "buildMetadata",
];

/// Fields that kustomize warns of.
const DEPRECATED: [&str; 6] =
    ["bases", "commonLabels", "imageTags", "patchesJson6902", "patchesStrategicMerge", "vars"];

/// How kustomize reads its own files: by YAML 1.1, the last of two equal keys wins.
pub(super) const CONFIG: Options = Options {
    rules: Rules::GoYamlV2,
    merge_keys: MergeKeys::Apply,
    tags: Tags::Refuse,
    duplicates: Duplicates::LastWins,
};

/// How kustomize reads objects.
pub(super) const RESOURCES: Options = Options {
    rules: Rules::GoYamlV3,
    merge_keys: MergeKeys::Apply,
    tags: Tags::Drop,
    duplicates: Duplicates::Refuse,
};

/// Reads a kustomization file.
///
/// # Errors
/// When it is empty, no kustomization, or has a field that kustomize does not know, or that has no place in its use.
pub(super) fn read(source: &Source, used: Use, sink: &mut Sink) -> Result<Kustomization, Reported> {
    let documents = yaml::read_with(source, CONFIG, sink)?;
    // Only the first document counts.
    let first = documents.first().map(|document| &document.root).filter(|root| !root.is_null());
    let Some(root) = first else { return Err(empty(source.place(0, 0), used, sink)) };
    if root.as_map().is_none() {
        let example = match used {
            Use::Build => "resources: [deployment.yaml]",
            Use::OverObjects => "patches: [{ path: patch.yaml }]",
        };
        let what = ("the kustomization file", "a map");
        return Err(fields::wrong(root, what, Some(example.to_owned()), sink));
    }
    let fields = Fields::of(root, FIELDS, sink)?;
    let kind = kind(&fields, sink)?;
    if used == Use::OverObjects {
        over::refuse_resources(root, sink)?;
    }
    warn_of_deprecated(&fields, sink);
    if !FIELDS[2..].iter().any(|name| fields.get(name).is_some()) {
        return Err(empty(root.place, used, sink));
    }
    from_fields(&fields, kind, sink)
}

fn from_fields(
    fields: &Fields<'_>,
    kind: Kind,
    sink: &mut Sink,
) -> Result<Kustomization, Reported> {
    check_metadata(fields, sink)?;
    let mut resources = fields.texts("resources", sink)?;
    resources.extend(fields.texts("bases", sink)?);
    let mut images = fields.list("images", sink, entries::image)?;
    images.extend(fields.list("imageTags", sink, entries::image)?);
    let helm = ["helmCharts", "helmChartInflationGenerator"];
    let asks = |name: &&str| {
        fields.get(name).filter(|node| node.as_list().is_none_or(|list| !list.is_empty()))
    };
    Ok(Kustomization {
        place: fields.place,
        kind,
        resources,
        components: fields.texts("components", sink)?,
        crds: fields.texts("crds", sink)?,
        configurations: fields.texts("configurations", sink)?,
        openapi: fields.pairs("openapi", sink)?,
        name_prefix: fields.text("namePrefix", sink)?,
        name_suffix: fields.text("nameSuffix", sink)?,
        namespace: fields.text("namespace", sink)?,
        labels: fields.list("labels", sink, entries::label)?,
        common_labels: fields.pairs("commonLabels", sink)?,
        common_annotations: fields.pairs("commonAnnotations", sink)?,
        patches: fields.list("patches", sink, entries::patch)?,
        patches_strategic_merge: fields.texts("patchesStrategicMerge", sink)?,
        patches_json6902: fields.list("patchesJson6902", sink, entries::patch)?,
        images,
        replicas: fields.list("replicas", sink, entries::replicas)?,
        replacements: fields
            .list("replacements", sink, |node, sink| Reading::Strict.entry(node, sink))?,
        vars: fields.list("vars", sink, replacements::variable)?,
        config_maps: fields.list("configMapGenerator", sink, generators::config_map)?,
        secrets: fields.list("secretGenerator", sink, generators::secret)?,
        generator_options: fields.read("generatorOptions", sink, generators::options)?,
        helm: helm.iter().find_map(asks).map(|node| node.place),
        generators: fields.texts("generators", sink)?,
        transformers: fields.texts("transformers", sink)?,
        validators: fields.texts("validators", sink)?,
        sort: fields.read("sortOptions", sink, entries::sort)?,
        metadata: metadata(fields, sink)?,
    })
}

fn empty(place: Place, used: Use, sink: &mut Sink) -> Reported {
    let finding =
        Diagnostic::error(Code::KustomizeFile, "the kustomization is empty").at(place, "");
    sink.error(finding.hint(match used {
        Use::Build => "list files under `resources`, or write edits such as `patches`",
        Use::OverObjects => "write edits such as `patches`, or delete the file",
    }))
}

fn kind(fields: &Fields<'_>, sink: &mut Sink) -> Result<Kind, Reported> {
    let (kind, group) = match fields.text("kind", sink)? {
        None => (Kind::Kustomization, "v1beta1"),
        Some(text) => match &*text.text {
            "Kustomization" => (Kind::Kustomization, "v1beta1"),
            "Component" => (Kind::Component, "v1alpha1"),
            other => {
                let message = format!("`{other}` is no kind of kustomization file");
                let finding = Diagnostic::error(Code::KustomizeFile, message).at(text.place, "");
                return Err(sink.error(finding.hint("write `Kustomization` or `Component`")));
            }
        },
    };
    let wanted = format!("kustomize.config.k8s.io/{group}");
    match fields.text("apiVersion", sink)? {
        Some(text) if *text.text != *wanted => {
            let message = format!("`{}` is not the version of such a file", text.text);
            let finding = Diagnostic::error(Code::KustomizeFile, message).at(text.place, "");
            Err(sink.error(finding.hint(format!("write `{wanted}`"))))
        }
        _ => Ok(kind),
    }
}

/// `metadata` has no effect, but must be what it is called.
fn check_metadata(fields: &Fields<'_>, sink: &mut Sink) -> Result<(), Reported> {
    let Some(node) = fields.get("metadata") else { return Ok(()) };
    let own = Fields::of(node, &["name", "namespace", "labels", "annotations"], sink)?;
    own.text("name", sink)?;
    own.text("namespace", sink)?;
    own.pairs("labels", sink)?;
    own.pairs("annotations", sink).map(drop)
}

fn warn_of_deprecated(fields: &Fields<'_>, sink: &mut Sink) {
    for name in DEPRECATED {
        if let Some(node) = fields.get(name) {
            let message = format!("`{name}` is deprecated");
            let finding = Diagnostic::warning(Code::KustomizeDeprecated, message);
            sink.warn(finding.at(node.place, "").maybe_hint(example::instead_of(name, node)));
        }
    }
}

fn metadata(fields: &Fields<'_>, sink: &mut Sink) -> Result<BuildMetadata, Reported> {
    let mut metadata = BuildMetadata::default();
    for option in fields.texts("buildMetadata", sink)? {
        match &*option.text {
            "originAnnotations" => metadata.origins = Note::Kept,
            "transformerAnnotations" => metadata.transformations = Note::Kept,
            "managedByLabel" => metadata.managed_by = Note::Kept,
            _ => {}
        }
    }
    Ok(metadata)
}
