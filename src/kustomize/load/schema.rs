//! The OpenAPI documents of kustomizations: what merge keys and namespaces of kinds are looked up in.
//!
//! The first document that is named counts, an outer kustomization's before those of its bases; kustomize's own counts
//! beside it where kustomize had needed one before.

use super::Loader;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::kustomize::config;
use crate::source::Source;
use crate::transform::patch::MergeKeys;
use crate::transform::{Identified, ResId, Resource, Resources, Scopes, Text, is_of_known_kind};
use crate::yaml;
use std::sync::Arc;

/// Whether kustomize has needed an OpenAPI document by now: for the namespace of a kind that it does not know by heart, or
/// for a merge patch. It reads its own then, unless there is one of the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LookedUp {
    Nothing,
    Something,
}

/// The schemas that merge patches and scopes are looked up in.
#[derive(Debug, Clone)]
pub(super) enum Schema {
    /// Those of Kubernetes 1.21.2, which kustomize has itself.
    Builtin,
    /// Those of a file.
    Own(Arc<Source>),
    /// Those of a file and of Kubernetes 1.21.2: kustomize had looked into its own before it read the file.
    Both(Arc<Source>),
}

/// The only version of Kubernetes that kustomize has itself.
const OPENAPI_VERSION: &str = "v1.21.2";

impl Loader<'_> {
    /// By which keys merge patches merge lists: those of the OpenAPI document that counts so far.
    pub(in crate::kustomize) fn merge_keys(
        &mut self,
        sink: &mut Sink,
    ) -> Result<Arc<MergeKeys>, Reported> {
        if let Some(over) = self.over {
            return Ok(Arc::clone(&over.merge_keys));
        }
        let (Some(Schema::Own(source)) | Some(Schema::Both(source))) = &self.schema else {
            return Ok(MergeKeys::of_kustomize());
        };
        let source = Arc::clone(source);
        if let Some((file, keys)) = &self.merge_keys
            && *file == source.id()
        {
            return Ok(Arc::clone(keys));
        }
        let mut keys = match &self.schema {
            Some(Schema::Both(_)) => MergeKeys::of_kustomize().as_ref().clone(),
            _ => MergeKeys::default(),
        };
        let documents = yaml::read_with(&source, config::CONFIG, sink)?;
        documents.iter().take(1).for_each(|document| keys.add_openapi(&document.root));
        let keys = Arc::new(keys);
        self.merge_keys = Some((source.id(), Arc::clone(&keys)));
        Ok(keys)
    }

    /// Takes the OpenAPI document of a kustomization, unless an outer one named one.
    pub(in crate::kustomize) fn set_schema(
        &mut self,
        openapi: &[(Arc<str>, Text)],
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let given =
            |name: &str| openapi.iter().find(|(key, _)| &**key == name).map(|(_, text)| text);
        let (path, version) = (given("path"), given("version"));
        let source = path.map(|path| self.file(path, sink)).transpose()?;
        if self.schema.is_some() {
            return Ok(());
        }
        let refuse = |at: &Text, message: String, hint: &str, sink: &mut Sink| {
            let finding = Diagnostic::error(Code::KustomizeValue, message).at(at.place, "");
            Err(sink.error(finding.hint(hint)))
        };
        match (source, version) {
            (Some(_), Some(version)) => {
                let message = "`openapi` has both a path and a version".to_owned();
                refuse(version, message, "leave one of them out", sink)
            }
            (None, Some(version)) if !matches!(&*version.text, "" | OPENAPI_VERSION) => {
                let message = format!("kustomize has no OpenAPI document of {}", version.text);
                refuse(version, message, "write `v1.21.2`, or name a file with `path`", sink)
            }
            (None, Some(version)) => {
                self.schema = (!version.text.is_empty()).then_some(Schema::Builtin);
                Ok(())
            }
            (Some(source), None) => {
                self.schema = Some(match self.looked_up {
                    LookedUp::Nothing => Schema::Own(source),
                    LookedUp::Something => Schema::Both(source),
                });
                Ok(())
            }
            (None, None) => Ok(()),
        }
    }

    /// Whether a kustomization has named an OpenAPI document by now.
    pub(in crate::kustomize) fn has_schema(&self) -> bool {
        self.schema.is_some()
    }

    /// Notes that a merge patch looks its lists up.
    pub(in crate::kustomize) fn look_up(&mut self) {
        self.looked_up = LookedUp::Something;
    }

    /// Looks up whether objects have a namespace whose kinds kustomize does not know by heart.
    pub(in crate::kustomize) fn meet(
        &mut self,
        objects: &mut [Resource],
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        if let Some(scopes) = self.scopes_for(|| objects.iter().all(is_met), sink)? {
            objects.iter_mut().for_each(|object| object.scopes = Some(Arc::clone(&scopes)));
        }
        Ok(())
    }

    /// The same for what was just read.
    pub(super) fn meet_read(
        &mut self,
        objects: &mut [Identified],
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let are_met = || objects.iter().all(Identified::is_of_known_kind);
        if let Some(scopes) = self.scopes_for(are_met, sink)? {
            let meet = |object: &mut Resource| object.scopes = Some(Arc::clone(&scopes));
            objects.iter_mut().for_each(|object| object.edit(meet));
        }
        Ok(())
    }

    /// The same for what was gathered, as its kinds are by now.
    pub(in crate::kustomize) fn meet_all(
        &mut self,
        all: &mut Resources,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let is_known = |ids: &[ResId]| ids.last().is_some_and(|id| id.gvk.is_known());
        let are_met = || all.known().all(|(one, ids)| one.scopes.is_some() || is_known(ids));
        match self.scopes_for(are_met, sink)? {
            Some(_) => self.meet(all.edit_all(), sink),
            None => Ok(()),
        }
    }

    /// What the user's OpenAPI document says about namespaces, if there is one that says something and not all objects
    /// are met.
    fn scopes_for(
        &mut self,
        are_met: impl FnOnce() -> bool,
        sink: &mut Sink,
    ) -> Result<Option<Arc<Scopes>>, Reported> {
        let is_own = matches!(self.schema, Some(Schema::Own(_) | Schema::Both(_)));
        let is_settled = self.looked_up == LookedUp::Something && !is_own;
        if is_settled || self.over.is_some() || are_met() {
            return Ok(None);
        }
        self.look_up();
        let scopes = Arc::clone(self.merge_keys(sink)?.scopes());
        Ok((!scopes.is_empty()).then_some(scopes))
    }
}

/// Whether nothing is to be looked up about an object's namespace.
fn is_met(object: &Resource) -> bool {
    object.scopes.is_some() || is_of_known_kind(&object.node)
}
