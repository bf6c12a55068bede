//! `labels` and `commonLabels`; `commonAnnotations` go the same way.

use super::field::told;
use super::scalar::set_entry;
use super::shared::Share;
use super::{Create, Fault, FieldPath, FieldSpec, Resource, Text, visit};
use crate::diag::Diagnostic;
use crate::yaml::Node;
use std::sync::Arc;

const ANNOTATIONS: &str = "metadata/annotations";

/// Labels, or annotations, and the maps that they go into.
#[derive(Debug, Clone)]
pub struct Labels<'a> {
    /// Names and values, by name.
    pairs: Vec<(Arc<str>, Text)>,
    /// The fields that hold such maps.
    fields: &'a [FieldSpec],
}

impl<'a> Labels<'a> {
    /// Labels, in any order, and the fields that they go into.
    #[must_use]
    pub fn new(mut pairs: Vec<(Arc<str>, Text)>, fields: &'a [FieldSpec]) -> Self {
        pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
        Self { pairs, fields }
    }

    /// Puts them into all maps of an object that hold such.
    pub(super) fn change(&self, resource: &mut Resource) -> Result<(), Box<Diagnostic>> {
        match self.pairs.is_empty() {
            true => Ok(()),
            false => label(resource, &self.pairs, self.fields),
        }
    }
}

fn label(
    resource: &mut Resource,
    pairs: &[(Arc<str>, Text)],
    fields: &[FieldSpec],
) -> Result<(), Box<Diagnostic>> {
    let id = resource.id();
    // The field is there already for kustomize where it keeps its own annotations, and where null stands.
    let is_null = resource.node.at(&["metadata", "annotations"]).is_some_and(Node::is_null);
    let has_annotations = is_null || resource.has_annotations();
    let has_place = |spec: &FieldSpec| has_annotations && &*spec.path == ANNOTATIONS;
    let shares: Vec<_> = pairs.iter().map(|_| Share::new()).collect();
    let mut echoes = Vec::new();
    for spec in fields.iter().filter(|spec| spec.pattern.selects(&id.gvk)) {
        let set = &mut |node: &mut Node| {
            pairs.iter().zip(&shares).try_for_each(|((name, value), share)| {
                echoes.extend(set_entry(node, name, value, share)?);
                Ok(())
            })
        };
        let create = (spec.create || has_place(spec)).then_some(Create::Map);
        below_null(resource, &spec.path, create, set)
            .and_then(|()| visit(&mut resource.node, &spec.path, create, set))
            .map_err(|fault| told(fault, &spec.path, &id))?;
    }
    echoes.iter().for_each(|echo| echo.sound(&mut resource.node));
    Ok(())
}

/// Sets what is hidden below a null, or lets it come to light where the null is about to become a map: kustomize hangs
/// entries below a null that it prints as such.
fn below_null(
    resource: &mut Resource,
    path: &FieldPath,
    create: Option<Create>,
    set: &mut dyn FnMut(&mut Node) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let field = path.in_maps(&mut resource.node).filter(|field| field.is_null());
    let at = resource.hidden.iter().position(|(own, _)| own == path);
    let hidden = at.map(|at| resource.hidden.swap_remove(at).1);
    let Some(field) = field else { return Ok(()) };
    let mut map = Node::map(hidden.unwrap_or_default(), field.place);
    match create {
        Some(_) => field.data = map.data,
        None => {
            set(&mut map)?;
            resource.hidden.extend(map.as_map_mut().map(|map| (path.clone(), std::mem::take(map))));
        }
    }
    Ok(())
}
