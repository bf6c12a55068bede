//! Kustomizations: as the source of a target, and over what it renders.
//!
//! `drafts  --identify-->  Manifests  --edit: chart, then service-->  drafts  --identify-->  Manifests`
//!
//! Promise: what is edited is in order before and judged afresh behind; a target without kustomizations takes neither step.
//! What is encrypted is never edited.

use super::parts::Part;
use super::{Builder, read};
use crate::api::{Api, Version};
use crate::diag::{Reported, Sink};
use crate::kustomize::{self, Layer, Options, Over};
use crate::manifest::{self, Draft, Manifest, Manifests, Placement, Stamp};
use crate::source::{FileId, Inputs, RelPath};
use crate::transform::patch::MergeKeys;
use crate::transform::{Resource, Resources};
use crate::workspace::{Material, Target, TargetSource};
use indexmap::IndexSet;
use std::sync::Arc;

/// A kustomization and what it is over.
#[derive(Debug, Clone)]
pub(super) struct EditLayer {
    folder: RelPath,
    reach: Reach,
}

/// What a kustomization is over.
#[derive(Debug, Clone)]
enum Reach {
    /// What a chart and its dependencies render: its name as a dependency, none for the target's own chart.
    Chart(Option<Arc<str>>),
    /// Everything that the target has.
    Target,
}

/// Those of charts: of a dependency before those of the chart that it is one of.
pub(super) fn of_charts(parts: &[Part]) -> Vec<EditLayer> {
    let layers = |part: &Part| {
        let reach = Reach::Chart(part.name().cloned());
        let layer =
            move |folder: &RelPath| EditLayer { folder: folder.clone(), reach: reach.clone() };
        part.edits.iter().map(layer).collect::<Vec<_>>()
    };
    parts.iter().rev().flat_map(layers).collect()
}

/// Those of a service.
pub(super) fn of_service(folders: &[RelPath]) -> impl Iterator<Item = EditLayer> {
    folders.iter().map(|folder| EditLayer { folder: folder.clone(), reach: Reach::Target })
}

impl EditLayer {
    /// Whether it is over an object; those of the files `beside` a chart are not the chart's.
    fn is_over(&self, resource: &Resource, beside: &IndexSet<FileId>) -> bool {
        let of = |chart: &Option<Arc<str>>| match (chart, &resource.part) {
            (None, _) => !beside.contains(&resource.place().file),
            (Some(own), Some(part)) => {
                part == own || part.strip_prefix(&**own).is_some_and(|rest| rest.starts_with('/'))
            }
            (Some(_), None) => false,
        };
        match &self.reach {
            Reach::Target => true,
            Reach::Chart(chart) => of(chart),
        }
    }
}

/// A target and what it is made of.
type Subject<'t> = (&'t Target, &'t Material);

/// What kustomizations are over.
pub(super) struct Edited<'e> {
    pub(super) drafts: Vec<Draft>,
    /// Weakest first.
    pub(super) layers: &'e [EditLayer],
    /// Takes in the manifests before they are edited.
    pub(super) learn: &'e dyn Fn(&Manifests),
}

impl Builder<'_> {
    /// What a kustomization builds.
    pub(super) fn kustomized(
        &self,
        folder: &RelPath,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Vec<Draft>, Reported> {
        let files = self.workspace.files();
        let built = kustomize::build(files, folder, &Options::default(), sink);
        let (resources, looked) = built?;
        self.workspace.note(&looked);
        inputs.extend(&Arc::new(looked));
        Ok(resources.into_list().into_iter().map(draft).collect())
    }

    /// What a target's Kubernetes versions serve, and its manifests; stamped with its namespace where they are a chart's or go
    /// along with one.
    pub(super) fn identified(
        &self,
        (target, material): Subject<'_>,
        drafts: Vec<Draft>,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<(Vec<Api>, Manifests), Reported> {
        let apis = self.apis(target, drafts.iter(), inputs, sink)?;
        let stamp = match &material.source {
            TargetSource::Chart(_) => Stamp::Absent,
            TargetSource::Manifests(_) | TargetSource::Kustomization(_) => Stamp::Never,
        };
        let placement = Placement {
            apis: &apis,
            namespace: target.namespace_name.as_deref(),
            other_namespaces: &target.other_namespaces,
            stamp,
        };
        let manifests = manifest::identify(drafts, &placement, sink)?;
        Ok((apis, manifests))
    }

    /// The same, with the edits of kustomizations.
    pub(super) fn edited(
        &self,
        (target, material): Subject<'_>,
        Edited { drafts, layers, learn }: Edited<'_>,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<(Vec<Api>, Manifests), Reported> {
        // Warnings are told of what comes out in the end.
        let (rendered, found) =
            sink.apart(|own| self.identified((target, material), drafts, inputs, own));
        let (apis, rendered) = rendered.inspect_err(|_| {
            for finding in found {
                sink.tell(finding);
            }
        })?;
        learn(&rendered);
        let (sealed, open): (Vec<_>, Vec<_>) =
            rendered.into_iter().partition(|one| one.verbatim.is_some());
        let over = Over {
            merge_keys: self.merge_keys(&apis, &open, inputs, sink)?,
            namespace: target.namespace_name.as_deref(),
            severities: &target.severities,
            sealed: sealed.iter().map(|one| format!("{}/{}", one.id.kind, one.id.name)).collect(),
        };
        let beside: IndexSet<_> = material.manifests.iter().map(|file| file.id()).collect();
        let layer = |layer: &EditLayer| {
            let (own, beside) = (layer.clone(), &beside);
            let is_over = Box::new(move |one: &Resource| own.is_over(one, beside));
            Layer { folder: layer.folder.clone(), is_over }
        };
        let layers: Vec<_> = layers.iter().map(layer).collect();
        let resources = Resources::from_list(open.into_iter().map(resource).collect());
        let files = self.workspace.files();
        let (resources, looked) = kustomize::edit(files, &layers, resources, &over, sink)?;
        self.workspace.note(&looked);
        inputs.extend(&Arc::new(looked));
        let edited = resources.into_list().into_iter().map(draft);
        let drafts = edited.chain(sealed.into_iter().map(unchanged)).collect();
        self.identified((target, material), drafts, inputs, sink)
    }

    /// By which keys lists merge: those of the newest of the target's Kubernetes versions, of the workspace's `schemas/` and
    /// of the target's own definitions.
    fn merge_keys(
        &self,
        apis: &[Api],
        manifests: &[Manifest],
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Arc<MergeKeys>, Reported> {
        let version = apis.iter().map(Api::version).max().unwrap_or(Version::NEWEST);
        let shared = self.merge_keys.get(&version, inputs, sink, |inputs, sink| {
            let mut keys = MergeKeys::of_kubernetes(version);
            let files = self.workspace.schemas(inputs, sink)?;
            let documents = read(&files, manifest::drafts, sink)?;
            documents.iter().for_each(|draft| keys.add_custom_resource(&draft.node));
            Ok(Arc::new(keys))
        })?;
        let is_definition = |one: &&Manifest| &*one.id.kind == "CustomResourceDefinition";
        let mut own = manifests.iter().filter(is_definition).peekable();
        if own.peek().is_none() {
            return Ok(shared);
        }
        let mut keys = shared.as_ref().clone();
        own.for_each(|one| keys.add_custom_resource(&one.node));
        Ok(Arc::new(keys))
    }
}

fn resource(manifest: Manifest) -> Resource {
    let Manifest { node, part, edits, called, .. } = manifest;
    Resource { part, edits, called, ..Resource::new(node) }
}

fn draft(resource: Resource) -> Draft {
    let now = resource.id().name;
    let Resource { node, part, edits, mut called, previous, .. } = resource;
    called.extend(previous.into_iter().map(|previous| previous.name));
    called.retain(|name| *name != now);
    called.dedup();
    Draft { part, edits, called, ..Draft::new(node) }
}

fn unchanged(manifest: Manifest) -> Draft {
    let Manifest { node, verbatim, part, edits, called, .. } = manifest;
    Draft { node, verbatim, part, edits, called }
}
