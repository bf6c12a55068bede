//! Annotations that say what fields say now: they must agree.

use super::{At, CodeRule, Found, containers};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.Pod", judge: annotations },
    CodeRule { on: "core/v1.PodTemplateSpec", judge: annotations },
];

const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";
const SECCOMP_OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const SECCOMP_OF_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";
const MIRROR: &str = "kubernetes.io/config.mirror";

/// `ValidatePodSpecificAnnotations`.
fn annotations(template: &At<'_>, found: &mut Found) {
    let pod = template.get("spec");
    for (key, value) in template.get("metadata.annotations").entries() {
        let name = &*key.name;
        if let Some(container) = name.strip_prefix(APP_ARMOR) {
            app_armor(&value, container, &pod, found);
        } else if name == SECCOMP_OF_POD || name.starts_with(SECCOMP_OF_CONTAINER) {
            seccomp(&value, found);
        } else if name == DELETION_COST && !is_cost(value.text()) {
            found.invalid(
                &value,
                "must be a whole number of 32 bits, without `+` and leading zeros",
            );
        } else if name == MIRROR && pod.get("nodeName").text().is_empty() {
            found.invalid(&value, "must not be set without `nodeName`");
        }
    }
    if pod.get("os.name").text() != "windows" && pod.object().version.minor() >= 30 {
        same_profiles(template, &pod, found);
    }
}

/// `ValidateAppArmorPodAnnotations`.
fn app_armor(value: &At<'_>, container: &str, pod: &At<'_>, found: &mut Found) {
    if !containers(pod).any(|one| one.get("name").text() == container) {
        found.invalid_whole(
            value,
            &format!("is of `{container}`, which is no container of the pod"),
        );
    }
    let is_profile = ["", "runtime/default", "unconfined"].contains(&value.text());
    if !is_profile && !value.text().starts_with("localhost/") {
        found.invalid(value, "must be `runtime/default`, `unconfined` or `localhost/PROFILE`");
    }
}

/// `ValidateSeccompProfile`.
fn seccomp(value: &At<'_>, found: &mut Found) {
    let is_known = ["runtime/default", "docker/default", "unconfined"].contains(&value.text());
    let file = value.text().strip_prefix("localhost/");
    let is_file =
        file.is_some_and(|path| !path.starts_with('/') && path.split('/').all(|step| step != ".."));
    if !is_known && !is_file {
        found.invalid(value, "must be `runtime/default`, `unconfined` or `localhost/FILE`");
    }
}

/// `GetDeletionCostFromPodAnnotations`.
fn is_cost(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let begins_well = text == "0" || digits.starts_with(|c: char| ('1'..='9').contains(&c));
    begins_well && text.parse::<i32>().is_ok()
}

/// `validateAppArmorAnnotationsAndFieldsMatchOnCreate`.
fn same_profiles(template: &At<'_>, pod: &At<'_>, found: &mut Found) {
    for container in containers(pod) {
        let own = container.get("securityContext.appArmorProfile");
        let profile =
            if own.is_set() { own.clone() } else { pod.get("securityContext.appArmorProfile") };
        let key = format!("{APP_ARMOR}{}", container.get("name").text());
        let annotations = template.get("metadata.annotations");
        if !profile.is_set() || !annotations.has_key(&key) {
            continue;
        }
        let annotation = annotations.field(&key).text();
        let expected = match profile.get("type").text() {
            "Unconfined" => "unconfined".to_owned(),
            "RuntimeDefault" => "runtime/default".to_owned(),
            "Localhost" => format!("localhost/{}", profile.get("localhostProfile").text()),
            _ => continue,
        };
        if annotation != expected {
            let hint = format!("the annotation `{key}` says `{annotation}`: remove it");
            found.forbidden(&own.get("type"), "may not differ from the annotation").hint(hint);
        }
    }
}
