//! Where pods run: affinity, tolerations, spreading.

use super::{At, CodeRule, Found};
use crate::check::rules::grammar::{
    LABEL_KEY, LABEL_VALUE, is_dns_subdomain, is_label_key, is_label_value,
};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PodSpec", judge: labels_of_nodes },
    CodeRule { on: "core/v1.PodSpec", judge: gates },
    CodeRule { on: "core/v1.PodSpec", judge: spreads_differ },
    CodeRule { on: "core/v1.Toleration", judge: toleration },
    CodeRule { on: "core/v1.NodeSelector", judge: values_are_of_labels },
    CodeRule { on: "core/v1.NodeSelectorTerm", judge: requirements },
    CodeRule { on: "core/v1.PodAffinityTerm", judge: keys_of_affinity },
    CodeRule { on: "core/v1.TopologySpreadConstraint", judge: spread },
];

/// `ValidatePodSpec`: the map is named, not its entry.
fn labels_of_nodes(pod: &At<'_>, found: &mut Found) {
    let labels = pod.get("nodeSelector");
    for (key, value) in labels.entries() {
        if !is_label_key(&key.name) {
            let what =
                format!("must not have the key `{}`: it must be {}", key.name, LABEL_KEY.what);
            found.invalid_whole(&labels, &what).hint(LABEL_KEY.hint);
        }
        if !is_label_value(value.text()) {
            let what = format!(
                "must have {} at `{}`, but there is `{}`",
                LABEL_VALUE.what,
                key.name,
                value.text()
            );
            found.invalid_whole(&labels, &what).hint(LABEL_VALUE.hint);
        }
    }
}

/// `validateSchedulingGates`, `ValidatePodCreate`; the item is named.
fn gates(pod: &At<'_>, found: &mut Found) {
    let gates = pod.get("schedulingGates");
    let mut seen = Vec::new();
    for gate in gates.items() {
        let name = gate.get("name").text();
        if !name.is_empty() && !is_label_key(name) {
            found.invalid_whole(&gate, &format!("must have a `name` that is {}", LABEL_KEY.what));
        }
        if seen.contains(&name) {
            found.duplicate(&gate);
        }
        seen.push(name);
    }
    let node = pod.get("nodeName");
    if pod.object().kind == "Pod" && !node.text().is_empty() && !gates.is_empty() {
        found.forbidden(&node, "may not be set while there are `schedulingGates`");
    }
}

/// `ValidateTolerations`; the server names the operator for the value.
fn toleration(toleration: &At<'_>, found: &mut Found) {
    let (key, operator) = (toleration.get("key"), toleration.get("operator"));
    let (value, effect) = (toleration.get("value"), toleration.get("effect"));
    if key.text().is_empty() && operator.text() != "Exists" {
        let what = "must be `Exists` where there is no `key`";
        found
            .invalid(&operator, what)
            .hint("add a `key`, or write `operator: Exists` to tolerate every taint");
    }
    if toleration.get("tolerationSeconds").is_set() && effect.text() != "NoExecute" {
        found.invalid(&effect, "must be `NoExecute` beside `tolerationSeconds`");
    }
    match operator.text() {
        "" | "Equal" if !is_label_value(value.text()) => {
            let what =
                format!("compares with `{}`, which must be {}", value.text(), LABEL_VALUE.what);
            found.invalid_whole(&operator, &what).hint(LABEL_VALUE.hint);
        }
        "Exists" if !value.text().is_empty() => {
            found
                .invalid_whole(&operator, "must not be `Exists` beside a `value`")
                .hint("remove `value`");
        }
        "" | "Equal" | "Exists" => {}
        _ => {
            found.unsupported(&operator, &["Equal", "Exists"]);
        }
    }
}

/// `ValidateNodeSelectorTerm`.
fn requirements(term: &At<'_>, found: &mut Found) {
    for asked in term.get("matchExpressions").items() {
        let (operator, values) = (asked.get("operator"), asked.get("values"));
        let count = values.items().count();
        match operator.text() {
            "In" | "NotIn" if count == 0 => {
                found.required(&values);
            }
            "Exists" | "DoesNotExist" if count > 0 => {
                found.forbidden(&values, "may not stand beside `Exists` or `DoesNotExist`");
            }
            "Gt" | "Lt" if count != 1 => {
                found.required(&values).hint("`Gt` and `Lt` compare with one value");
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" | "" => {}
            _ => {
                found.invalid(
                    &operator,
                    "must be `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`",
                );
            }
        }
    }
    term.get("matchFields").items().for_each(|asked| field_of_node(&asked, found));
}

/// `ValidateNodeFieldSelectorRequirement`.
fn field_of_node(asked: &At<'_>, found: &mut Found) {
    let (key, operator, values) = (asked.get("key"), asked.get("operator"), asked.get("values"));
    if !["In", "NotIn", ""].contains(&operator.text()) {
        found.invalid(&operator, "must be `In` or `NotIn`");
    } else if values.items().count() != 1 {
        found.required(&values).hint("a field is compared with one value");
    }
    if key.text() != "metadata.name" {
        found.invalid(&key, "must be `metadata.name`");
        return;
    }
    for value in values.items().filter(|value| !is_dns_subdomain(value.text())) {
        found.invalid(&value, "must be the name of a node");
    }
}

/// `ValidateNodeSelectorRequirement`: what is required is compared with labels; what is preferred may be anything.
fn values_are_of_labels(selector: &At<'_>, found: &mut Found) {
    let terms = selector.get("nodeSelectorTerms").items();
    let asked = terms.flat_map(|term| term.get("matchExpressions").items());
    for value in asked.flat_map(|asked| asked.get("values").items()) {
        if !is_label_value(value.text()) {
            found.invalid(&value, &format!("must be {}", LABEL_VALUE.what)).hint(LABEL_VALUE.hint);
        }
    }
}

/// `ValidateMatchLabelKeysAndMismatchLabelKeys`.
fn keys_of_affinity(term: &At<'_>, found: &mut Found) {
    if term.object().version.minor() < 31 {
        return;
    }
    let lists = [term.get("matchLabelKeys"), term.get("mismatchLabelKeys")];
    for list in &lists {
        needs_selector(list, term, found);
    }
    let others: Vec<&str> = lists[1].items().map(|key| key.text()).collect();
    for key in lists[0].items().filter(|key| others.contains(&key.text())) {
        found.invalid(&key, "must not stand in `mismatchLabelKeys`, too");
    }
    for key in lists[0].items().filter(|key| asks_twice(term, key.text())) {
        found.invalid(&key, "must not stand in `labelSelector`, too");
    }
}

fn needs_selector(list: &At<'_>, of: &At<'_>, found: &mut Found) {
    if !list.is_empty() && !of.get("labelSelector").is_set() {
        found.forbidden(list, "may not stand without `labelSelector`");
    }
}

/// Whether a selector has a key more than once. In a Pod the labels that `matchLabelKeys` names are added to it first.
fn asks_twice(of: &At<'_>, key: &str) -> bool {
    times_asked(of, key) > 1
}

fn times_asked(of: &At<'_>, key: &str) -> usize {
    let selector = of.get("labelSelector");
    let expressions = selector.get("matchExpressions").items();
    let expressions = expressions.filter(|one| one.get("key").text() == key).count();
    let root = At::root(of.object());
    let is_added = of.object().kind == "Pod" && root.get("metadata.labels").has_key(key);
    expressions + usize::from(selector.get("matchLabels").has_key(key)) + usize::from(is_added)
}

/// `validateTopologySpreadConstraints`; before Kubernetes 1.34 a key stands in one of the two.
fn spread(spread: &At<'_>, found: &mut Found) {
    let keys = spread.get("matchLabelKeys");
    needs_selector(&keys, spread, found);
    let is_old = spread.object().version.minor() < 34;
    let is_twice = |key: &str| match is_old {
        true => is_selected(spread, key),
        false => asks_twice(spread, key),
    };
    for key in keys.items().filter(|key| is_twice(key.text())) {
        found.invalid(&key, "must not stand in `labelSelector`, too");
    }
    let least = spread.get("minDomains");
    if least.is_set() && spread.get("whenUnsatisfiable").text() != "DoNotSchedule" {
        found.invalid_whole(&least, "may only stand beside `whenUnsatisfiable: DoNotSchedule`");
    }
}

fn is_selected(of: &At<'_>, key: &str) -> bool {
    let selector = of.get("labelSelector");
    let mut expressions = selector.get("matchExpressions").items();
    selector.get("matchLabels").has_key(key) || expressions.any(|one| one.get("key").text() == key)
}

/// `ValidateSpreadConstraintNotRepeat`.
fn spreads_differ(pod: &At<'_>, found: &mut Found) {
    let mut seen = Vec::new();
    for spread in pod.get("topologySpreadConstraints").items() {
        let key = (spread.get("topologyKey").text(), spread.get("whenUnsatisfiable").text());
        if seen.contains(&key) {
            found.duplicate(&spread);
        }
        seen.push(key);
    }
}
