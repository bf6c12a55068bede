//! Jobs: how often pods are to succeed, at what time, and how they are found.

use super::{At, CodeRule, Found};
use crate::check::rules::grammar::is_dns_label;
use crate::check::rules::pod::is_true;
use crate::check::rules::workload::{matches, selects};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "batch/v1.JobSpec", judge: indexed },
    CodeRule { on: "batch/v1.JobSpec", judge: many_indexes },
    CodeRule { on: "batch/v1.JobSpec", judge: not_indexed },
    CodeRule { on: "batch/v1.JobSpec", judge: pods_that_end },
    CodeRule { on: "batch/v1.Job", judge: selector },
    CodeRule { on: "batch/v1.Job", judge: names_of_pods },
];

fn is_indexed(spec: &At<'_>) -> bool {
    spec.get("completionMode").text() == "Indexed"
}

/// `validateJobSpec`.
fn indexed(spec: &At<'_>, found: &mut Found) {
    let [parallelism, failed] = ["parallelism", "maxFailedIndexes"].map(|name| spec.get(name));
    let completions = completions(spec);
    if !is_indexed(spec) {
        return;
    }
    if completions.is_none() {
        found.required(&spec.get("completions")).hint("`completionMode: Indexed` counts to it");
    }
    at_most(&parallelism, 100_000, found);
    at_most(&failed, completions.unwrap_or(i64::MAX).min(100_000), found);
}

/// How many are to succeed: 1, in a Job that has neither this nor `parallelism`.
pub(super) fn completions(spec: &At<'_>) -> Option<i64> {
    let is_one = spec.object().kind == "Job" && !spec.get("parallelism").is_set();
    spec.get("completions").number().or(is_one.then_some(1))
}

fn at_most(at: &At<'_>, most: i64, found: &mut Found) {
    if at.number().is_some_and(|number| number > most) {
        found.invalid(at, &format!("must be at most {most}"));
    }
}

/// `validateJobSpec`: bounds above 100,000 indexes.
fn many_indexes(spec: &At<'_>, found: &mut Found) {
    let is_many = completions(spec).is_some_and(|number| number > 100_000);
    if !is_many || !is_indexed(spec) || !spec.get("backoffLimitPerIndex").is_set() {
        return;
    }
    let failed = spec.get("maxFailedIndexes");
    if !failed.is_set() {
        found.required(&failed).hint("a job of more than 100000 indexes needs it");
    }
    at_most(&spec.get("parallelism"), 10_000, found);
    at_most(&failed, 10_000, found);
}

/// `validateJobSpec`.
fn not_indexed(spec: &At<'_>, found: &mut Found) {
    let minor = spec.object().version.minor();
    let [of_index, failed, success] =
        ["backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"].map(|name| spec.get(name));
    if failed.is_set() && !of_index.is_set() && minor >= 29 {
        found.required(&of_index).hint("`maxFailedIndexes` needs it");
    }
    let fields = [(of_index, 29), (failed, 29), (success, 31)];
    for (field, _) in fields.iter().filter(|(field, since)| field.is_set() && minor >= *since) {
        if !is_indexed(spec) {
            found.invalid_whole(field, "may only stand beside `completionMode: Indexed`");
        }
    }
}

/// `validateJobSpec`.
fn pods_that_end(spec: &At<'_>, found: &mut Found) {
    let policy = spec.get("template.spec.restartPolicy");
    match policy.text() {
        "Always" | "" => {
            found.required(&policy).hint("write `Never` or `OnFailure`: the pods of a job end");
        }
        "OnFailure" if spec.get("podFailurePolicy").is_set() => {
            found.invalid(&policy, "must be `Never` beside `podFailurePolicy`");
        }
        _ => {}
    }
}

/// `validateGeneratedSelector`, `ValidateJobSpec`: without `manualSelector` the server makes it, with labels of its own.
fn selector(job: &At<'_>, found: &mut Found) {
    let spec = job.get("spec");
    let (selector, labels) = (spec.get("selector"), spec.get("template.metadata.labels"));
    match is_true(&spec.get("manualSelector")) {
        true if !selector.is_set() => {
            found.required(&selector).hint("`manualSelector: true` leaves it to you");
        }
        true if !selects(&selector, &labels) => {
            found
                .invalid_whole(&labels, "must have all that `selector` asks for")
                .hint("repeat the labels of `selector.matchLabels` there");
        }
        false if selector.is_set() => made_selector(job, &selector, &labels, found),
        _ => {}
    }
}

/// A selector beside the one that is made may ask for the labels that are made, and for nothing else.
fn made_selector(job: &At<'_>, selector: &At<'_>, labels: &At<'_>, found: &mut Found) {
    let name = job.get("metadata.name").text();
    let made = |key: &str| match key.strip_prefix("batch.kubernetes.io/").unwrap_or(key) {
        "job-name" => Some(name),
        "controller-uid" => Some("made by the server"),
        _ => None,
    };
    if !matches(selector, made) {
        found
            .invalid_whole(selector, "may not be set: the server makes it")
            .hint("remove it, or add `manualSelector: true`");
    }
    let of_template = |key: &str| labels.has_key(key).then(|| labels.field(key).text());
    if !matches(selector, |key| made(key).or_else(|| of_template(key))) {
        found.invalid_whole(labels, "must have all that `selector` asks for");
    }
}

/// `ValidateJob`: pods of an indexed job are named by their index.
fn names_of_pods(job: &At<'_>, found: &mut Found) {
    let (name, spec) = (job.get("metadata.name"), job.get("spec"));
    let last = completions(&spec).filter(|number| *number > 0 && is_indexed(&spec));
    let Some(last) = last.filter(|_| !name.text().is_empty()) else { return };
    if !is_dns_label(&format!("{}-{}", name.text(), last - 1)) {
        found.invalid(&name, "must make a DNS label, with `-` and a pod's index behind it");
    }
}
