//! No object comes out of two targets of an environment.

use super::manifests::described;
use super::{Manifest, Manifests, ObjectId};
use crate::api::{Api, Scope};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::yaml::same_data;
use std::collections::BTreeMap;

/// The objects of one target.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The target's name, `environment/namespace/service`.
    pub target: &'a str,
    /// Its service.
    pub service: &'a str,
    /// Its objects.
    pub manifests: &'a Manifests,
}

/// Finds objects that several targets of one environment would write.
///
/// A service that runs in several namespaces may bring the same cluster-scoped object along in each, as
/// long as they are equal: that is one object. `apis` tell scopes.
///
/// # Errors
/// When one object comes out of two targets otherwise; every pair is reported with both places.
pub fn distinct(parts: &[Part<'_>], apis: &[Api], sink: &mut Sink) -> Result<(), Reported> {
    let mut seen: BTreeMap<&ObjectId, (&Part<'_>, &Manifest)> = BTreeMap::new();
    let mut reported = None;
    for part in parts {
        for manifest in part.manifests {
            let Some((owner, first)) = seen.get(&manifest.id) else {
                seen.insert(&manifest.id, (part, manifest));
                continue;
            };
            let shared = owner.service == part.service && is_cluster_scoped(manifest, apis);
            if !shared {
                reported = Some(sink.error(in_both((owner, first), (part, manifest))));
            } else if !equal(first, manifest) {
                reported = Some(sink.error(differs((owner, first), (part, manifest))));
            }
        }
    }
    reported.map_or(Ok(()), Err)
}

fn is_cluster_scoped(manifest: &Manifest, apis: &[Api]) -> bool {
    let Manifest { id, api_version, .. } = manifest;
    let kinds = apis.iter().filter_map(|api| api.kind(api_version, &id.kind));
    id.namespace.is_none() && kinds.map(|kind| kind.scope()).next() == Some(Scope::Cluster)
}

type Found<'a> = (&'a Part<'a>, &'a Manifest);

fn in_both((owner, first): Found<'_>, (part, second): Found<'_>) -> Diagnostic {
    let id = described(&second.id);
    let message =
        format!("{id} comes out of two targets, `{}` and `{}`", owner.target, part.target);
    let finding = both_places(message, (owner, first), (part, second));
    let hint = match owner.service == part.service {
        true => {
            "let its name depend on `target.namespace`, or run the service in one namespace only"
        }
        false => "keep it in one of the two services, or rename one",
    };
    finding.hint(hint)
}

fn differs((owner, first): Found<'_>, (part, second): Found<'_>) -> Diagnostic {
    let message = format!(
        "{} is not the same in `{}` and `{}`, but the cluster has only one",
        described(&second.id),
        owner.target,
        part.target
    );
    both_places(message, (owner, first), (part, second))
        .hint("write only into it what is the same in all namespaces of the service")
}

fn both_places(
    message: String,
    (owner, first): Found<'_>,
    (part, second): Found<'_>,
) -> Diagnostic {
    let finding = Diagnostic::error(Code::ManifestDuplicate, message)
        .at(second.node.place, format!("for `{}`", part.target))
        .subject(second.id.to_string());
    finding.also(first.node.place, format!("for `{}`", owner.target))
}

/// Whether two objects are written as the same bytes.
fn equal(a: &Manifest, b: &Manifest) -> bool {
    match (&a.verbatim, &b.verbatim) {
        (None, None) => same_data(&a.node, &b.node),
        (one, other) => one == other,
    }
}
