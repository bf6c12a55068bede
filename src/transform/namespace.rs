//! `namespace`.

use super::field::told;
use super::id::all_differ;
use super::scalar::open;
use super::{
    Create, Fault, FieldPath, FieldSpec, ResId, Resource, Resources, Text, set_string, visit,
};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::yaml::{Data, Node, Style};
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::sync::{Arc, LazyLock};

/// The namespace that objects are put into.
#[derive(Debug, Clone)]
pub struct Namespace<'a> {
    /// Its name.
    pub name: Text,
    /// Further fields that hold a namespace.
    pub fields: &'a [FieldSpec],
    /// Which of the fields that have a value already are set, too.
    pub present: Present,
    /// Which subjects of role bindings are moved along.
    pub subjects: SubjectMode,
}

/// What becomes of a field that has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Present {
    /// It is set like any other.
    #[default]
    Set,
    /// It stays.
    Kept,
}

/// Which subjects of role bindings get the namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SubjectMode {
    /// Those named `default`, of any kind.
    #[default]
    DefaultOnly,
    /// Every service account.
    AllServiceAccounts,
    /// None.
    None,
}

const METADATA: &str = "metadata/namespace";
static METADATA_PATH: LazyLock<FieldPath> = LazyLock::new(|| METADATA.into());

/// What an object was called before it was put into a namespace, and what it is called since.
pub(super) struct Move {
    before: ResId,
    after: ResId,
    /// Of both.
    likeness: [u64; 2],
}

impl Move {
    fn of(before: ResId, after: ResId) -> Self {
        let likeness = [before.likeness(), after.likeness()];
        Self { before, after, likeness }
    }
}

/// Refuses objects that became one.
///
/// # Errors
/// When there are two such.
pub(super) fn refuse_two(
    namespace: &Namespace<'_>,
    moves: &[Move],
    resources: &Resources,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let Some(at) = second_of_two(moves) else { return Ok(()) };
    let ResId { gvk, name, .. } = &moves[at].after;
    let message = format!(
        "in namespace `{}`, two objects would be `{}/{name}`",
        namespace.name.text, gvk.kind
    );
    let finding = Diagnostic::error(Code::KustomizeTwice, message).at(namespace.name.place, "");
    let second = resources.get(at).map(Resource::place);
    let finding =
        second.iter().fold(finding, |finding, place| finding.also(*place, "the second of them"));
    Err(sink.error(finding.hint("rename one of the two, or leave one out")))
}

/// Of what objects were and are called, the first that is called as another is by then: kustomize moves one after the other
/// and looks after each.
fn second_of_two(moves: &[Move]) -> Option<usize> {
    let likenesses = moves.iter().flat_map(|one| match one.likeness {
        [before, after] if before == after => [Some(before), None],
        both => both.map(Some),
    });
    if all_differ(likenesses.flatten().collect()) {
        return None;
    }
    let mut counts: IndexMap<&ResId, usize, RandomState> = IndexMap::default();
    for Move { before, .. } in moves {
        *counts.entry(before).or_default() += 1;
    }
    moves.iter().position(|Move { before, after, .. }| {
        if let Some(count) = counts.get_mut(before) {
            *count -= 1;
        }
        let count = counts.entry(after).or_default();
        *count += 1;
        *count != 1
    })
}

impl Namespace<'_> {
    /// Puts one object into it, as far as objects of its kind have a namespace, and tells what it was and is called; nothing
    /// if there is no namespace to put it into.
    pub(super) fn change(&self, resource: &mut Resource) -> Result<Option<Move>, Box<Diagnostic>> {
        if self.name.text.is_empty() {
            return Ok(None);
        }
        let before = resource.id().normalized();
        resource.remember_id();
        self.put(resource)?;
        Ok(Some(Move::of(before, resource.id().normalized())))
    }

    /// Puts one object into it.
    pub(super) fn put(&self, resource: &mut Resource) -> Result<(), Box<Diagnostic>> {
        let id = resource.id();
        if !id.gvk.is_cluster_scoped() {
            self.visit(resource, &METADATA_PATH, Some(Create::Scalar))?;
        }
        let is_binding = matches!(&*id.gvk.kind, "RoleBinding" | "ClusterRoleBinding");
        if is_binding {
            self.move_subjects(&mut resource.node).map_err(|fault| told(fault, "subjects", &id))?;
        }
        let is_of_namespace = &*id.gvk.api_version == "v1";
        for spec in self.fields {
            let is_left_out = match &*spec.path {
                METADATA => true,
                "metadata/name" => !is_of_namespace,
                "subjects/namespace" if is_binding => {
                    matches!(&*spec.pattern.kind, "RoleBinding" | "ClusterRoleBinding")
                }
                _ => false,
            };
            if !is_left_out && spec.pattern.selects(&id.gvk) {
                self.visit(resource, &spec.path, spec.made(Create::Scalar))?;
            }
        }
        Ok(())
    }

    fn visit(
        &self,
        resource: &mut Resource,
        path: &FieldPath,
        create: Option<Create>,
    ) -> Result<(), Box<Diagnostic>> {
        let done = visit(&mut resource.node, path, create, &mut |node| self.set(node));
        done.map_err(|fault| told(fault, path, &resource.id()))
    }

    fn set(&self, node: &mut Node) -> Result<(), Fault> {
        let Data::Scalar(old) = &mut node.data else { return set_string(node, &self.name) };
        // `null` is a value, too; nothing at all is none.
        if self.present == Present::Set || old.text.is_empty() {
            return set_string(node, &self.name);
        }
        if old.style == Style::Plain && old.tag.is_none() {
            *old = open(&old.text, Style::Plain);
        }
        Ok(())
    }

    fn move_subjects(&self, binding: &mut Node) -> Result<(), Fault> {
        let (key, wanted) = match self.subjects {
            SubjectMode::None => return Ok(()),
            SubjectMode::DefaultOnly => ("name", "default"),
            SubjectMode::AllServiceAccounts => ("kind", "ServiceAccount"),
        };
        let subjects = binding.as_map_mut().and_then(|map| map.get_mut("subjects"));
        let Some(subjects) = subjects.filter(|subjects| !subjects.is_null()) else { return Ok(()) };
        let (place, found) = (subjects.place, subjects.kind());
        let Data::List(items) = &mut subjects.data else {
            return Err(Fault::wrong_kind("a list", found, place));
        };
        for subject in Arc::make_mut(items).iter_mut().filter(|subject| !subject.is_null()) {
            if subject.as_map().is_none() {
                return Err(Fault::wrong_kind("a map", subject.kind(), subject.place));
            }
            if *super::id::spelled(subject.get(key)) == *wanted {
                let create = Some(Create::Scalar);
                visit(subject, &"namespace".into(), create, &mut |node| self.set(node))?;
            }
        }
        Ok(())
    }
}
