//! Objects of other kinds: names, owners, counts.
//!
//! Source: `WarningsOnCreate` of upstream's `pkg/registry/*/*/strategy.go`.

use super::{At, CodeRule, Found};
use crate::check::rules::grammar::{DNS_LABEL, is_dns_label};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.Pod", judge: name_of_hosts },
    CodeRule { on: "core/v1.ReplicationController", judge: name_of_hosts },
    CodeRule { on: "apps/v1.Deployment", judge: name_of_hosts },
    CodeRule { on: "apps/v1.ReplicaSet", judge: name_of_hosts },
    CodeRule { on: "batch/v1.Job", judge: name_of_hosts },
    CodeRule { on: "batch/v1.CronJob", judge: name_of_hosts },
    CodeRule { on: "batch/v1.JobSpec", judge: too_many_to_track },
    CodeRule { on: "apps/v1.StatefulSetSpec", judge: history_without_end },
    CodeRule { on: "core/v1.NodeSpec", judge: fields_that_are_gone },
    CodeRule { on: "core/v1.ResourceQuotaSpec", judge: requests_beyond_limits },
    CodeRule { on: "resource/v1.ResourceSliceSpec", judge: driver_in_capitals },
    CodeRule { on: "resource/v1beta1.ResourceSliceSpec", judge: driver_in_capitals },
    CodeRule { on: "resource/v1beta2.ResourceSliceSpec", judge: driver_in_capitals },
    CodeRule { on: "object", judge: owners_that_are_there_twice },
];

/// The pods of a StatefulSet must have such names, and those of a DaemonSet are not warned of.
fn name_of_hosts(object: &At<'_>, found: &mut Found) {
    let name = object.get("metadata.name");
    if !name.text().is_empty() && !is_dns_label(name.text()) {
        let what = format!("becomes the name of hosts, which is {} at best", DNS_LABEL.what);
        found.warn(&name, &what).hint(DNS_LABEL.hint);
    }
}

/// `WarningsForJobSpec`.
fn too_many_to_track(job: &At<'_>, found: &mut Found) {
    let number = |name| job.get(name).number().unwrap_or(0);
    let is_indexed = job.get("completionMode").text() == "Indexed";
    if is_indexed && number("completions") > 100_000 && number("parallelism") > 10_000 {
        found
            .warn(&job.get("completions"), "is more than can be tracked when many fail at once")
            .hint("at most 100000 `completions`, or at most 10000 `parallelism`");
    }
}

fn history_without_end(set: &At<'_>, found: &mut Found) {
    let limit = set.get("revisionHistoryLimit");
    if limit.number().is_some_and(|limit| limit < 0) {
        found
            .warn(&limit, "is negative, so every revision is kept for ever")
            .hint("write how many to keep, from 0");
    }
}

/// `nodeWarnings`.
fn fields_that_are_gone(node: &At<'_>, found: &mut Found) {
    for field in ["configSource", "externalID"].map(|name| node.get(name)) {
        if field.is_set() && (field.node().is_none_or(|it| it.as_str().is_none()) || !field.is_empty())
        {
            found.warn(&field, "does nothing any more").hint("remove it");
        }
    }
}

fn requests_beyond_limits(quota: &At<'_>, found: &mut Found) {
    let hard = quota.get("hard");
    for name in ["cpu", "memory", "storage", "ephemeral-storage"] {
        let (request, limit) = (format!("requests.{name}"), format!("limits.{name}"));
        let is_short = !hard.has_key(&request) && matches!(name, "cpu" | "memory");
        let request = if is_short { name.to_owned() } else { request };
        let are_there = hard.has_key(&request) && hard.has_key(&limit);
        let (at, most) = (hard.field(&request), hard.field(&limit));
        if are_there && at.quantity() > most.quantity() {
            found
                .warn(&at, &format!("is more than `{}`", most.path()))
                .hint("no more can be asked for than the limits allow: lower it");
        }
    }
}

fn driver_in_capitals(slice: &At<'_>, found: &mut Found) {
    let driver = slice.get("driver");
    if driver.text() != driver.text().to_lowercase() {
        found.warn(&driver, "has capitals").hint("write it in small letters");
    }
}

/// `dedupOwnerReferencesAndAddWarning`.
fn owners_that_are_there_twice(object: &At<'_>, found: &mut Found) {
    let owners: Vec<At<'_>> = object.get("metadata.ownerReferences").items().collect();
    let says = |owner: &At<'_>| {
        let texts = ["apiVersion", "kind", "name", "uid"].map(|name| owner.get(name).text().to_owned());
        let truths = ["controller", "blockOwnerDeletion"].map(|name| {
            let at = owner.get(name);
            (at.is_set(), at.is_true())
        });
        (texts, truths)
    };
    for (at, owner) in owners.iter().enumerate() {
        if owners[..at].iter().any(|other| says(other) == says(owner)) {
            found.warn(owner, "is there a second time").hint("remove one of the two");
        }
    }
}
