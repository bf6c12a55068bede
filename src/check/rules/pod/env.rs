//! Variables of containers, and the fields that variables and files are filled from.

use super::{At, CodeRule, Found, containers};
use crate::check::rules::grammar::pods::{ENV_NAME, is_env_name, is_old_env_name};
use crate::check::rules::grammar::{LABEL_KEY, is_label_key};
use crate::check::rules::quantity::Quantity;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.EnvVar", judge: variable_has_a_name },
    CodeRule { on: "core/v1.EnvVar", judge: value_or_source },
    CodeRule { on: "core/v1.EnvVarSource", judge: source_of_variable },
    CodeRule { on: "core/v1.EnvFromSource", judge: source_of_variables },
    CodeRule { on: "core/v1.DownwardAPIVolumeFile", judge: source_of_file },
    CodeRule { on: "core/v1.PodSpec", judge: files_of_variables },
];

/// What a variable may be of its pod.
const OF_VARIABLES: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// What a file may hold of its pod.
const OF_FILES: [&str; 5] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
];

const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

/// `ValidateEnv`: since Kubernetes 1.32 nearly every text is a name.
fn variable_has_a_name(variable: &At<'_>, found: &mut Found) {
    name_of_variable(&variable.get("name"), found);
}

fn name_of_variable(name: &At<'_>, found: &mut Found) {
    if name.text().is_empty() {
        return;
    }
    if !is_env_name(name.text()) {
        found.invalid(name, &format!("must be {}", ENV_NAME.what)).hint(ENV_NAME.hint);
    } else if name.object().version.minor() < 32 && !is_old_env_name(name.text()) {
        let what = "must be letters, digits, `-`, `_` and `.`, and not begin with a digit";
        found.invalid(name, what).hint(ENV_NAME.hint);
    }
}

/// `validateEnvVarValueFrom`.
fn value_or_source(variable: &At<'_>, found: &mut Found) {
    let source = variable.get("valueFrom");
    if source.is_set() && !variable.get("value").text().is_empty() {
        found.invalid_whole(&source, "may not stand beside a `value` that is not empty");
    }
}

/// `validateEnvVarValueFrom`; before 1.35 a server drops `fileKeyRef`.
fn source_of_variable(source: &At<'_>, found: &mut Found) {
    const WAYS: [&str; 5] =
        ["configMapKeyRef", "fieldRef", "resourceFieldRef", "secretKeyRef", "fileKeyRef"];
    let served = if source.object().version.minor() < 35 { &WAYS[..4] } else { &WAYS };
    one_of(source, served, found);
    field_of_pod(&source.get("fieldRef"), &OF_VARIABLES, found);
    resource_of_container(&source.get("resourceFieldRef"), found);
}

/// `ValidateEnvFrom`; the server names the list.
fn source_of_variables(source: &At<'_>, found: &mut Found) {
    one_of(source, &["configMapRef", "secretRef"], found);
    name_of_variable(&source.get("prefix"), found);
}

fn one_of(source: &At<'_>, ways: &[&str], found: &mut Found) {
    let set = ways.iter().filter(|way| source.get(way).is_set()).count();
    let choices = ways.iter().map(|way| format!("`{way}`")).collect::<Vec<_>>().join(", ");
    if set != 1 {
        found.invalid_whole(source, &format!("must have one of {choices}, but has {set}"));
    }
}

/// `validateDownwardAPIVolumeFile`.
fn source_of_file(file: &At<'_>, found: &mut Found) {
    let (field, resource) = (file.get("fieldRef"), file.get("resourceFieldRef"));
    match (field.is_set(), resource.is_set()) {
        (false, false) => {
            found.required(file).hint("add `fieldRef` or `resourceFieldRef`");
        }
        (true, true) => {
            found.invalid_whole(file, "must have `fieldRef` or `resourceFieldRef`, not both");
        }
        _ => {}
    }
    if resource.is_set() && !field.is_set() && resource.get("containerName").is_empty() {
        found.required(&resource.get("containerName"));
    }
    field_of_pod(&field, &OF_FILES, found);
    resource_of_container(&resource, found);
}

/// `validateObjectFieldSelector`, `ConvertDownwardAPIFieldLabel`.
fn field_of_pod(field: &At<'_>, allowed: &[&str], found: &mut Found) {
    let path = field.get("fieldPath");
    if path.text().is_empty() {
        return;
    }
    if field.get("apiVersion").text() != "v1" && !field.get("apiVersion").text().is_empty() {
        found.invalid_whole(&path, "must be of `apiVersion: v1`");
        return;
    }
    let subscript = path.text().strip_suffix("']").and_then(|text| text.split_once("['"));
    match subscript {
        Some((map, key)) => key_of_pod(field, &path, map, key, found),
        None if path.text() == "spec.host" && allowed.contains(&"spec.nodeName") => {}
        None if !allowed.contains(&path.text()) => {
            found.unsupported(&path, allowed);
        }
        None => {}
    }
}

fn key_of_pod(field: &At<'_>, path: &At<'_>, map: &str, key: &str, found: &mut Found) {
    let is_key = match map {
        "metadata.annotations" => is_label_key(&key.to_lowercase()),
        "metadata.labels" => is_label_key(key),
        _ => {
            let what = "must be one field, or a key of `metadata.labels` or `metadata.annotations`";
            found.invalid(path, what);
            return;
        }
    };
    if !is_key {
        let what = format!("names `{key}`, but it must be {}", LABEL_KEY.what);
        found.invalid_whole(field, &what).hint(LABEL_KEY.hint);
    }
}

/// `validateContainerResourceFieldSelector`.
fn resource_of_container(field: &At<'_>, found: &mut Found) {
    if !field.is_set() {
        return;
    }
    let name = field.get("resource");
    let huge = ["requests.hugepages-", "limits.hugepages-"];
    if name.text().is_empty() {
        found.required(&name);
    } else if !RESOURCES.contains(&name.text())
        && !huge.iter().any(|start| name.text().starts_with(start))
    {
        found.unsupported(&name, &RESOURCES);
    }
    divisor(&field.get("divisor"), name.text(), found);
}

/// `validateContainerResourceDivisor`: one of a unit, in any writing.
fn divisor(divisor: &At<'_>, resource: &str, found: &mut Found) {
    const OF_BYTES: [&str; 13] =
        ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
    let units: &[&str] = if resource.ends_with(".cpu") { &["1m", "1"] } else { &OF_BYTES };
    let is_unit = |unit: &&str| Quantity::parse(unit) == Some(divisor.quantity());
    let is_none = !divisor.is_set() || divisor.quantity() == Quantity::ZERO;
    let is_known = RESOURCES.contains(&resource) || resource.contains(".hugepages-");
    if !is_none && is_known && !units.iter().any(is_unit) {
        found.invalid(divisor, &format!("must be one of {}", units.join(", ")));
    }
}

/// `validateFileKeyRefVolumes`.
fn files_of_variables(pod: &At<'_>, found: &mut Found) {
    if pod.object().version.minor() < 35 {
        return;
    }
    for variable in containers(pod).flat_map(|container| container.get("env").items()) {
        let name = variable.get("valueFrom.fileKeyRef.volumeName");
        if !variable.get("valueFrom.fileKeyRef").is_set() {
            continue;
        }
        let mut volumes = pod.get("volumes").items();
        match volumes.find(|volume| volume.get("name").text() == name.text()) {
            None => {
                found.not_found(&name, "no volume").hint("add it to the pod's `volumes`");
            }
            Some(volume) if !is_empty_directory(&volume) => {
                found.invalid(&name, "must be a volume with `emptyDir`");
            }
            Some(_) => {}
        }
    }
}

/// A volume without a type becomes an `emptyDir`.
fn is_empty_directory(volume: &At<'_>) -> bool {
    let mut types = volume.entries().filter(|(key, value)| &*key.name != "name" && value.is_set());
    types.all(|(key, _)| &*key.name == "emptyDir")
}
