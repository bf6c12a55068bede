//! Objects of other kinds: names, owners, counts.
//!
//! Source: `WarningsOnCreate` of upstream's `pkg/registry/*/*/strategy.go`.

use super::{At, CodeRule, Found};
use crate::check::rules::config::value;
use crate::check::rules::grammar::{DNS_LABEL, is_dns_label};
use std::collections::BTreeSet;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.Pod", judge: name_of_hosts },
    CodeRule { on: "core/v1.ReplicationController", judge: name_of_hosts },
    CodeRule { on: "apps/v1.Deployment", judge: name_of_hosts },
    CodeRule { on: "apps/v1.ReplicaSet", judge: name_of_hosts },
    CodeRule { on: "batch/v1.Job", judge: name_of_hosts },
    CodeRule { on: "batch/v1.CronJob", judge: name_of_hosts },
    CodeRule { on: "batch/v1.JobSpec", judge: too_many_to_track },
    CodeRule { on: "apps/v1.StatefulSetSpec", judge: history_without_end },
    CodeRule { on: "core/v1.NodeSpec", judge: number_of_hosts },
    CodeRule { on: "core/v1.ResourceQuotaSpec", judge: requests_beyond_limits },
    CodeRule { on: "resource/v1.ResourceSliceSpec", judge: driver_in_capitals },
    CodeRule { on: "resource/v1beta1.ResourceSliceSpec", judge: driver_in_capitals },
    CodeRule { on: "resource/v1beta2.ResourceSliceSpec", judge: driver_in_capitals },
    CodeRule { on: "core/v1.Secret", judge: certificate },
    CodeRule { on: "core/v1.ServiceAccount", judge: secrets_that_are_there_twice },
    CodeRule { on: "object", judge: owners_that_are_there_twice },
];

/// The pods of a StatefulSet must have such names, and those of a DaemonSet are not warned of.
fn name_of_hosts(object: &At<'_>, found: &mut Found) {
    let (name, start) = (object.get("metadata.name"), object.get("metadata.generateName"));
    // What the server puts behind it is five letters long.
    let is_made = name.text().is_empty() && !start.text().is_empty();
    let whole = if is_made { format!("{}xxxxx", start.text()) } else { name.text().to_owned() };
    let name = if is_made { start } else { name };
    if !whole.is_empty() && !is_dns_label(&whole) {
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

/// `nodeWarnings`; `configSource` is dropped without a word.
fn number_of_hosts(node: &At<'_>, found: &mut Found) {
    let number = node.get("externalID");
    if !number.is_empty() {
        found.warn(&number, "does nothing any more").hint("remove it");
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

/// `warningsForSecret` reads both and compares them; here it is only told that nothing of the kind is there.
fn certificate(secret: &At<'_>, found: &mut Found) {
    if secret.get("type").text() != "kubernetes.io/tls" {
        return;
    }
    let asked = [("tls.crt", "-----BEGIN CERTIFICATE-----"), ("tls.key", "PRIVATE KEY-----")];
    for (key, start) in asked {
        let Some((at, bytes)) = value(secret, key) else { continue };
        if !String::from_utf8_lossy(&bytes).contains(start) {
            found
                .warn(&at, &format!("has no line with `{start}`, so no server of TLS can use it"))
                .hint("put the text of a PEM file there");
            return;
        }
    }
}

/// Applying from the server's side refuses them; a create says nothing.
fn secrets_that_are_there_twice(account: &At<'_>, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for name in account.get("secrets").items().map(|secret| secret.get("name")) {
        if !seen.insert(name.text()) {
            found
                .warn(&name, &format!("is `{}` a second time", name.text()))
                .hint("remove one of the two: applying from the server's side refuses both");
        }
    }
}

fn driver_in_capitals(slice: &At<'_>, found: &mut Found) {
    let driver = slice.get("driver");
    if driver.text() != driver.text().to_lowercase() {
        found.warn(&driver, "has capitals").hint("write it in small letters");
    }
}

/// `dedupOwnerReferencesAndAddWarning`, which drops those that are the same; of others with one `uid` a create says nothing,
/// but applying refuses them.
fn owners_that_are_there_twice(object: &At<'_>, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for owner in object.get("metadata.ownerReferences").items() {
        let uid = owner.get("uid").text();
        if !seen.insert(uid) {
            found
                .warn(&owner, &format!("has the `uid` `{uid}` a second time"))
                .hint("remove one of the two: applying from the server's side refuses both");
        }
    }
}
