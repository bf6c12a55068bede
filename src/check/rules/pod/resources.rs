//! What containers and pods ask for and may use.

use super::{At, CodeRule, Found, containers};
use crate::check::rules::grammar::{LABEL_KEY, is_label_key};
use crate::check::rules::quantity::Quantity;
use crate::check::rules::resource::{OF_CONTAINERS, can_be_overcommitted, is_native, judge_pages};
use crate::yaml::Key;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.Container", judge: of_container },
    CodeRule { on: "core/v1.PodSpec", judge: of_pod },
    CodeRule { on: "core/v1.PodSpec", judge: pod_covers_containers },
    CodeRule { on: "core/v1.PodSpec", judge: overhead },
    CodeRule { on: "core/v1.PodSpec", judge: claims_of_containers },
    CodeRule { on: "core/v1.PodResourceClaim", judge: one_claim },
];

const OF_PODS: [&str; 2] = ["cpu", "memory"];

/// What has limits.
#[derive(Clone, Copy, PartialEq)]
enum Whose {
    Container,
    Pod,
}

fn is_huge(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// `ValidateContainerResourceRequirements`.
fn of_container(container: &At<'_>, found: &mut Found) {
    requirements(&container.get("resources"), Whose::Container, found);
}

/// `validatePodResources`.
fn of_pod(pod: &At<'_>, found: &mut Found) {
    let resources = pod.get("resources");
    if !resources.is_set() || pod.object().version.minor() < 34 {
        return;
    }
    if pod.get("os.name").text() == "windows" {
        found.forbidden(&resources, "may not be set for a Windows pod");
        return;
    }
    if resources.get("claims").is_set() {
        found.forbidden(&resources.get("claims"), "may only be set for containers");
    }
    requirements(&resources, Whose::Pod, found);
}

fn requirements(resources: &At<'_>, whose: Whose, found: &mut Found) {
    let (limits, requests) = (resources.get("limits"), resources.get("requests"));
    for list in [&limits, &requests] {
        amounts(list, whose, found);
    }
    for (key, request) in requests.entries() {
        match limits.has_key(&key.name) {
            true => within_limit(&key.name, &request, &limits, &requests, found),
            false if !can_be_overcommitted(&key.name) => {
                let hint = format!("add `{}` there: what is requested is the limit, too", key.name);
                found.required(&limits).hint(hint);
            }
            false => {}
        }
    }
    let has = |wanted: fn(&str) -> bool| {
        limits.entries().chain(requests.entries()).any(|(key, _)| wanted(&key.name))
    };
    if has(is_huge) && !has(|name| OF_PODS.contains(&name)) {
        found.forbidden(resources, "may not ask for huge pages without `cpu` or `memory`");
    }
}

fn within_limit(
    name: &str,
    request: &At<'_>,
    limits: &At<'_>,
    requests: &At<'_>,
    found: &mut Found,
) {
    let limit = limits.field(name);
    if request.quantity() > limit.quantity() {
        let what = format!("must ask for no more `{name}` than the limit");
        found.invalid_whole(requests, &what).hint("raise the limit, or lower the request");
    } else if request.quantity() != limit.quantity() && !can_be_overcommitted(name) {
        let what = format!("must ask for as much `{name}` as the limit");
        found.invalid_whole(requests, &what).hint("write the same in both");
    }
}

/// `validateResourceRequirements`: names, amounts.
fn amounts(list: &At<'_>, whose: Whose, found: &mut Found) {
    for (key, amount) in list.entries() {
        let (name, quantity) = (&*key.name, amount.quantity());
        name_of_resource(key, &amount, whose, found);
        if quantity < Quantity::ZERO {
            found.invalid(&amount, "must not be negative");
        }
        if !is_native(name) && !quantity.is_whole() {
            found.invalid(&amount, "must be a whole number");
        }
        judge_pages(&amount, name, found);
    }
}

/// `validateContainerResourceName`, `validatePodResourceName`.
fn name_of_resource(key: &Key, amount: &At<'_>, whose: Whose, found: &mut Found) {
    let name = &*key.name;
    let known: &[&str] = if whose == Whose::Pod { &OF_PODS } else { OF_CONTAINERS };
    let is_known = known.contains(&name) || is_huge(name);
    if !is_label_key(name) {
        found.bad_key(amount, LABEL_KEY.what).hint(LABEL_KEY.hint);
    } else if !is_known && (whose == Whose::Pod || !name.contains('/')) {
        let choices = known.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
        let what = format!("one of {choices}, or of huge pages, such as `hugepages-2Mi`");
        found.bad_key(amount, &what).hint("resources of devices have a domain: `example.com/gpu`");
    } else if name.starts_with("requests.") && !is_native(name) {
        found.bad_key(amount, "the name of a resource, without `requests.`");
    }
}

/// `validateOverhead`: limits, under its own name.
fn overhead(pod: &At<'_>, found: &mut Found) {
    amounts(&pod.get("overhead"), Whose::Container, found);
}

/// `validatePodResourceConsistency`.
fn pod_covers_containers(pod: &At<'_>, found: &mut Found) {
    let resources = pod.get("resources");
    if pod.object().version.minor() < 34 {
        return;
    }
    for (key, request) in resources.get("requests").entries() {
        if request.quantity() < requested(pod, &key.name) {
            found.invalid(&request, "must be what the containers request together, at least");
        }
    }
    for (key, limit) in resources.get("limits").entries() {
        for container in pod.get("containers").items() {
            let of_container = container.get("resources.limits").field(&key.name);
            if of_container.quantity() > limit.quantity() {
                found.invalid(&of_container, "must be no more than the pod's limit");
            }
        }
    }
}

/// `AggregateContainerRequests`: all that run at a time. In a Pod limits stand for requests that are absent.
fn requested(pod: &At<'_>, name: &str) -> Quantity {
    let is_pod = pod.object().kind == "Pod";
    let of = |container: &At<'_>| {
        let (requests, limits) =
            (container.get("resources.requests"), container.get("resources.limits"));
        match requests.has_key(name) || !is_pod {
            true => requests.field(name).quantity(),
            false => limits.field(name).quantity(),
        }
    };
    let (mut sidecars, mut most) = (Quantity::ZERO, Quantity::ZERO);
    for container in pod.get("initContainers").items() {
        let now = sidecars.plus(of(&container));
        if container.get("restartPolicy").text() == "Always" {
            sidecars = now;
        }
        most = most.max(now);
    }
    let together = pod.get("containers").items().map(|one| of(&one)).fold(sidecars, Quantity::plus);
    most.max(together)
}

/// `validateResourceClaimNames`; the server names the item.
fn claims_of_containers(pod: &At<'_>, found: &mut Found) {
    if pod.object().version.minor() < 34 {
        return;
    }
    let known: Vec<&str> =
        pod.get("resourceClaims").items().map(|one| one.get("name").text()).collect();
    for container in containers(pod) {
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for claim in container.get("resources.claims").items() {
            let (name, request) = (claim.get("name").text(), claim.get("request").text());
            let overlaps = |(other, of_other): &(&str, &str)| {
                *other == name
                    && (request.is_empty() || of_other.is_empty() || *of_other == request)
            };
            match name {
                "" => {
                    found.required(&claim).hint("give it the `name` of a claim of the pod");
                }
                _ if seen.iter().any(overlaps) => {
                    found.duplicate(&claim);
                }
                _ => {}
            }
            if !name.is_empty() && !known.contains(&name) {
                found
                    .dangling(&claim, &format!("names `{name}`, which is no claim of this pod"))
                    .hint("add it to the pod's `resourceClaims`");
            }
            seen.push((name, request));
        }
    }
}

/// `validatePodResourceClaim`.
fn one_claim(claim: &At<'_>, found: &mut Found) {
    let ways = ["resourceClaimName", "resourceClaimTemplateName"];
    let set = ways.iter().filter(|way| claim.get(way).is_set()).count();
    if set != 1 && claim.object().version.minor() >= 34 {
        let what = format!(
            "must have `resourceClaimName` or `resourceClaimTemplateName`, but has {}",
            if set == 0 { "none" } else { "both" }
        );
        found.invalid_whole(claim, &what);
    }
}
