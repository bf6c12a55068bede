//! Classes of priority and of runtime.
//!
//! Source: `pkg/apis/scheduling/validation/validation.go`, `pkg/apis/node/validation/validation.go`.

use super::{At, CodeRule, Found};
use crate::check::rules::metadata::judge_labels;
use crate::check::rules::resource::{judge_amount, judge_name_of_containers, judge_pages};
use crate::yaml::{Node, Value};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "scheduling/v1.PriorityClass", judge: priority },
    CodeRule { on: "scheduling/v1.PriorityClass", judge: preemption },
    CodeRule { on: "node/v1.RuntimeClass", judge: handler },
    CodeRule { on: "node/v1.Overhead", judge: overhead },
    CodeRule { on: "node/v1.Scheduling", judge: nodes },
    CodeRule { on: "node/v1.Scheduling", judge: tolerations_differ },
];

/// The classes of the system, which a server makes itself.
const OF_SYSTEM: [(&str, i64); 2] =
    [("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)];

/// Source: `ValidatePriorityClass`, `IsKnownSystemPriorityClass`.
fn priority(class: &At<'_>, found: &mut Found) {
    let (name, value) = (class.get("metadata.name"), class.get("value"));
    let is_default = class
        .get("globalDefault")
        .node()
        .and_then(Node::as_scalar)
        .is_some_and(|scalar| scalar.value == Value::Bool(true));
    let number = value.number().unwrap_or(0);
    let is_of_system = OF_SYSTEM.contains(&(name.text(), number)) && !is_default;
    if name.text().starts_with("system-") {
        if !is_of_system {
            found
                .forbidden(&name, "may not begin with `system-`, which is for Kubernetes itself")
                .hint("give it another name");
        }
    } else if number > 1_000_000_000 {
        found.forbidden(&value, "may not be above 1000000000");
    }
}

/// Source: `ValidatePreemptionPolicy`.
fn preemption(class: &At<'_>, found: &mut Found) {
    let policy = class.get("preemptionPolicy");
    match policy.text() {
        _ if !policy.is_set() => {}
        "" => {
            found.required(&policy);
        }
        "PreemptLowerPriority" | "Never" => {}
        _ => {
            found.unsupported(&policy, &["PreemptLowerPriority", "Never"]);
        }
    }
}

/// Source: `ValidateRuntimeClass`; how it must be written is in the table.
fn handler(class: &At<'_>, found: &mut Found) {
    let handler = class.get("handler");
    if handler.is_empty() {
        found.required(&handler).hint("write the name that the nodes' runtime has for it");
    }
}

/// Source: `validateOverhead`, `validateResourceRequirements`.
fn overhead(overhead: &At<'_>, found: &mut Found) {
    let amounts = overhead.get("podFixed");
    for (key, amount) in amounts.entries() {
        judge_name_of_containers(&amount, &key.name, found);
        judge_amount(&amount, &key.name, found);
        judge_pages(&amount, &key.name, found);
    }
    let has_pages = amounts.entries().any(|(key, _)| key.name.starts_with("hugepages-"));
    if has_pages && !amounts.has_key("cpu") && !amounts.has_key("memory") {
        found.forbidden(overhead, "may not have huge pages without `cpu` or `memory`");
    }
}

fn nodes(scheduling: &At<'_>, found: &mut Found) {
    judge_labels(&scheduling.get("nodeSelector"), found);
}

/// Source: `validateTolerations`, which looks at these fields alone.
fn tolerations_differ(scheduling: &At<'_>, found: &mut Found) {
    let mut seen = Vec::new();
    for toleration in scheduling.get("tolerations").items() {
        let key = ["key", "operator", "value", "effect"].map(|name| toleration.get(name).text());
        if seen.contains(&key) {
            found.duplicate(&toleration);
        }
        seen.push(key);
    }
}
