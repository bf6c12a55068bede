//! No object comes out of two targets of an environment.

use super::manifests::described;
use super::{Manifest, ObjectId};
use crate::api::{Api, Scope};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// The objects of one target.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The target's name, `environment/namespace/service`.
    pub target: &'a str,
    /// Its service.
    pub service: &'a str,
    /// Its objects.
    pub claims: &'a [Claim],
}

/// That a target writes an object: what is left of a manifest when many thousands are compared.
#[derive(Debug, Clone)]
pub struct Claim {
    id: ObjectId,
    place: Place,
    /// Its text, if it lies in no namespace, so that several targets may share it.
    shared: Option<Arc<str>>,
}

impl Claim {
    /// The claim to one object; `apis` tell scopes.
    #[must_use]
    pub fn of(manifest: &Manifest, apis: &[Api]) -> Self {
        let shared = is_cluster_scoped(manifest, apis).then(|| manifest.text());
        Self { id: manifest.id.clone(), place: manifest.node.place, shared }
    }
}

/// Finds objects that several targets of one environment would write.
///
/// A service that runs in several namespaces may bring the same cluster-scoped object along in each, as
/// long as they are equal: that is one object.
///
/// # Errors
/// When one object comes out of two targets otherwise; every pair is reported with both places.
pub fn distinct(parts: &[Part<'_>], sink: &mut Sink) -> Result<(), Reported> {
    let mut seen: BTreeMap<&ObjectId, (&Part<'_>, &Claim)> = BTreeMap::new();
    let mut reported = None;
    for part in parts {
        for claim in part.claims {
            let (owner, first) = match seen.entry(&claim.id) {
                Entry::Vacant(free) => {
                    free.insert((part, claim));
                    continue;
                }
                Entry::Occupied(taken) => *taken.get(),
            };
            if owner.service != part.service || claim.shared.is_none() {
                reported = Some(sink.error(in_both((owner, first), (part, claim))));
            } else if first.shared != claim.shared {
                reported = Some(sink.error(differs((owner, first), (part, claim))));
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

type Found<'a> = (&'a Part<'a>, &'a Claim);

fn in_both((owner, first): Found<'_>, (part, second): Found<'_>) -> Diagnostic {
    let id = described(&second.id);
    let message =
        format!("{id} comes out of two targets, `{}` and `{}`", owner.target, part.target);
    let finding = both_places(message, (owner, first), (part, second));
    let hint = match owner.service == part.service {
        true => {
            "let its name depend on `target.namespace`, or run the service in one namespace only"
        }
        // Its name is its plural and group, so it cannot be another; the chart may be one for both.
        false if &*second.id.kind == "CustomResourceDefinition" => {
            "move it into a service of its own (a chart with only `crds/`, or plain manifests), and \
             copy it into the workspace's `schemas/`, which all services are checked against"
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
        .at(second.place, format!("for `{}`", part.target))
        .subject(second.id.to_string());
    finding.also(first.place, format!("for `{}`", owner.target))
}
