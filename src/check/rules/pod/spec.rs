//! What a pod of its own may not have, and what a template may not have.

use super::{At, CodeRule, Found};

pub(in crate::check::rules) const RULES: &[CodeRule] =
    &[CodeRule { on: "core/v1.PodSpec", judge: no_ephemeral_containers }];

/// `ValidatePodCreate`, `ValidatePodTemplateSpec`.
fn no_ephemeral_containers(pod: &At<'_>, found: &mut Found) {
    let containers = pod.get("ephemeralContainers");
    if !containers.is_empty() {
        found.forbidden(&containers, "may only be added to a pod that runs").hint("remove it");
    }
}
