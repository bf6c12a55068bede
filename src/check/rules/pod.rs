//! Pods: what their containers and volumes say of each other.
//!
//! Source: upstream's `pkg/apis/core/validation/validation.go`.

use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PodSpec", judge: mounts_have_volumes },
    CodeRule { on: "core/v1.Probe", judge: probe_has_one_handler },
    CodeRule { on: "core/v1.EnvVar", judge: value_or_source },
    CodeRule { on: "core/v1.EnvVar", judge: variable_has_a_name },
];

/// `ValidateVolumeMounts`; the claims of a StatefulSet become volumes of its pods.
fn mounts_have_volumes(pod: &At<'_>, found: &mut Found) {
    let claims = At::root(pod.object()).get("spec.volumeClaimTemplates");
    let claims = claims.items().map(|claim| claim.get("metadata.name").text());
    let volumes = pod.get("volumes").items().map(|volume| volume.get("name").text());
    let volumes: Vec<&str> = volumes.chain(claims).collect();
    for list in ["initContainers", "containers"] {
        for container in pod.get(list).items() {
            for mount in container.get("volumeMounts").items() {
                let name = mount.get("name");
                if !name.text().is_empty() && !volumes.contains(&name.text()) {
                    found.not_found(&name, "no volume").hint("add it to the pod's `volumes`");
                }
            }
        }
    }
}

/// `validateHandler`.
fn probe_has_one_handler(probe: &At<'_>, found: &mut Found) {
    let handlers = ["exec", "grpc", "httpGet", "tcpSocket"].map(|name| probe.get(name));
    let mut set = handlers.iter().filter(|handler| handler.is_set());
    if set.next().is_none() {
        found.required(probe).hint("add one of `exec`, `grpc`, `httpGet`, `tcpSocket`");
    }
    for second in set {
        found.forbidden(second, "may not stand beside another way to probe");
    }
}

/// `validateEnvVarValueFrom`.
fn value_or_source(variable: &At<'_>, found: &mut Found) {
    let source = variable.get("valueFrom");
    if source.is_set() && !variable.get("value").text().is_empty() {
        found.invalid_whole(&source, "may not stand beside a `value` that is not empty");
    }
}

/// `ValidateEnv`: since Kubernetes 1.32 nearly every text is a name.
fn variable_has_a_name(variable: &At<'_>, found: &mut Found) {
    let name = variable.get("name");
    let of_old = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let is_old =
        name.text().bytes().all(of_old) && !name.text().starts_with(|c: char| c.is_ascii_digit());
    let is_new = name.text().bytes().all(|b| matches!(b, b' '..=b'~') && b != b'=');
    if name.is_empty() {
        found.required(&name);
    } else if variable.object().version.minor() < 32 && !is_old {
        found.invalid(
            &name,
            "must be letters, digits, `-`, `_` and `.`, and not begin with a digit",
        );
    } else if !is_new {
        found.invalid(&name, "must be printable ASCII characters other than `=`");
    }
}
