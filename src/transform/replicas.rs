//! `replicas`.

use super::field::told;
use super::scalar::set_integer;
use super::{Create, FieldSpec, ResId, Resource, Resources, Text, visit};
use crate::diag::{Code, Diagnostic, Reported, Sink, nearest};
use crate::source::Place;
use crate::yaml::Node;
use std::sync::Arc;

/// How many replicas an object is to have.
#[derive(Debug, Clone)]
pub struct Replicas {
    /// What it is or was called.
    pub name: Text,
    /// How many.
    pub count: i64,
    /// Where the number is written.
    pub place: Place,
}

/// Sets the number of replicas of the objects that are or were called so.
///
/// # Errors
/// When there is none of a kind that has replicas, or something else stands where the number should.
pub fn set_replicas(
    replicas: &Replicas,
    fields: &[FieldSpec],
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let Replicas { name, count, place } = replicas;
    let count = Text::new(count.to_string(), *place);
    let mut found = false;
    for spec in fields {
        let is_meant = |at: &usize| {
            let mut ids = resources.get(*at).into_iter().flat_map(Resource::all_ids);
            ids.any(|id| id.name == name.text && spec.pattern.selects(&id.gvk))
        };
        let meant: Vec<_> =
            resources.with_any_name(&name.text).iter().copied().filter(is_meant).collect();
        found |= !meant.is_empty();
        for at in meant {
            resources.edit(at, |resource| {
                let id = resource.id();
                if !spec.pattern.selects(&id.gvk) {
                    return Ok(());
                }
                let set = &mut |node: &mut Node| set_integer(node, &count);
                visit(&mut resource.node, &spec.path, spec.made(Create::Scalar), set)
                    .map_err(|fault| sink.error(*told(fault, &spec.path, &id)))
            })?;
        }
    }
    if found { Ok(()) } else { Err(nothing_matches(name, fields, resources, sink)) }
}

fn nothing_matches(
    name: &Text,
    fields: &[FieldSpec],
    resources: &Resources,
    sink: &mut Sink,
) -> Reported {
    let has_replicas = |id: &ResId| fields.iter().any(|spec| spec.pattern.selects(&id.gvk));
    let names: Vec<Arc<str>> = resources
        .iter()
        .flat_map(|resource| resource.all_ids())
        .filter(has_replicas)
        .map(|id| id.name)
        .collect();
    let near = nearest(&name.text, names.iter().map(|name| &**name));
    let message = format!("no object that has replicas is called `{}`", name.text);
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a Deployment, ReplicaSet, ReplicationController or StatefulSet".to_owned(),
    };
    sink.error(Diagnostic::error(Code::KustomizeNoMatch, message).at(name.place, "").hint(hint))
}
