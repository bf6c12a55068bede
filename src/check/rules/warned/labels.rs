//! Labels of nodes and annotations that are no longer what they were.

use super::{At, CodeRule, Found};
use crate::check::rules::grammar::{LABEL_VALUE, is_label_value};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PodSpec", judge: nodes_of_pods },
    CodeRule { on: "core/v1.PersistentVolume", judge: nodes_of_volumes },
    CodeRule { on: "storage/v1.StorageClass", judge: nodes_of_classes },
    CodeRule { on: "storage/v1.CSIStorageCapacity", judge: nodes_of_capacities },
    CodeRule { on: "storage/v1beta1.CSIStorageCapacity", judge: nodes_of_capacities },
    CodeRule { on: "node/v1.RuntimeClass", judge: nodes_of_runtimes },
    CodeRule { on: "core/v1.PersistentVolume", judge: annotations_of_volumes },
    CodeRule { on: "core/v1.PersistentVolumeClaim", judge: annotations_of_claims },
    CodeRule { on: "core/v1.Service", judge: annotations_of_services },
    CodeRule { on: "core/v1.ServiceAccount", judge: annotations_of_accounts },
    CodeRule { on: "networking/v1.Ingress", judge: annotations_of_ingresses },
];

/// `deprecatedNodeLabels`: the label, and the next step.
const OF_NODES: [(&str, &str); 8] = [
    ("app.kubernetes.io/created-by", "remove it"),
    ("beta.kubernetes.io/arch", "write `kubernetes.io/arch`"),
    ("beta.kubernetes.io/instance-type", "write `node.kubernetes.io/instance-type`"),
    ("beta.kubernetes.io/os", "write `kubernetes.io/os`"),
    ("failure-domain.beta.kubernetes.io/region", "write `topology.kubernetes.io/region`"),
    ("failure-domain.beta.kubernetes.io/zone", "write `topology.kubernetes.io/zone`"),
    ("node-role.kubernetes.io/master", "write `node-role.kubernetes.io/control-plane`"),
    ("scheduler.alpha.kubernetes.io/preferAvoidPods", "write taints and tolerations"),
];

/// Warns of a label of nodes that is old.
fn old(at: &At<'_>, label: &str, found: &mut Found) {
    if let Some((_, instead)) = OF_NODES.iter().find(|(name, _)| *name == label) {
        found
            .warn(at, &format!("asks for the label `{label}` of nodes, which is deprecated"))
            .hint(*instead);
    }
}

fn keys(map: &At<'_>, found: &mut Found) {
    for (key, value) in map.entries() {
        old(&value, &key.name, found);
    }
}

/// What a term or a selector asks for, item by item.
fn expressions(asked: &At<'_>, found: &mut Found) {
    for expression in asked.items() {
        let key = expression.get("key");
        old(&key, key.text(), found);
    }
}

fn terms(selector: &At<'_>, found: &mut Found) {
    for term in selector.get("nodeSelectorTerms").items() {
        expressions(&term.get("matchExpressions"), found);
    }
}

/// `warningsForPodSpecAndMeta`, `GetWarningsForNodeSelectorTerm`.
fn nodes_of_pods(pod: &At<'_>, found: &mut Found) {
    keys(&pod.get("nodeSelector"), found);
    let affinity = pod.get("affinity.nodeAffinity");
    terms(&affinity.get("requiredDuringSchedulingIgnoredDuringExecution"), found);
    for wish in affinity.get("preferredDuringSchedulingIgnoredDuringExecution").items() {
        let asked = wish.get("preference.matchExpressions");
        expressions(&asked, found);
        for value in asked.items().flat_map(|expression| expression.get("values").items()) {
            if !is_label_value(value.text()) {
                let what = format!("is no value that a label has: it is not {}", LABEL_VALUE.what);
                found.warn(&value, &what).hint(LABEL_VALUE.hint);
            }
        }
    }
    for spread in pod.get("topologySpreadConstraints").items() {
        let key = spread.get("topologyKey");
        old(&key, key.text(), found);
    }
}

/// `GetWarningsForPersistentVolume`.
fn nodes_of_volumes(volume: &At<'_>, found: &mut Found) {
    terms(&volume.get("spec.nodeAffinity.required"), found);
}

/// `GetWarningsForStorageClass`.
fn nodes_of_classes(class: &At<'_>, found: &mut Found) {
    for topology in class.get("allowedTopologies").items() {
        expressions(&topology.get("matchLabelExpressions"), found);
    }
}

/// `GetWarningsForCSIStorageCapacity`.
fn nodes_of_capacities(capacity: &At<'_>, found: &mut Found) {
    expressions(&capacity.get("nodeTopology.matchExpressions"), found);
    keys(&capacity.get("nodeTopology.matchLabels"), found);
}

/// `GetWarningsForRuntimeClass`.
fn nodes_of_runtimes(class: &At<'_>, found: &mut Found) {
    keys(&class.get("scheduling.nodeSelector"), found);
}

/// Warns of an annotation that is there; `hint` says what to write.
pub(super) fn annotation(object: &At<'_>, name: &str, hint: &str, found: &mut Found) {
    let annotations = object.get("metadata.annotations");
    if annotations.has_key(name) {
        found.warn(&annotations.field(name), "is an annotation that is deprecated").hint(hint);
    }
}

const CLASS: &str = "volume.beta.kubernetes.io/storage-class";

fn annotations_of_volumes(volume: &At<'_>, found: &mut Found) {
    annotation(volume, CLASS, "write `spec.storageClassName`", found);
    let options = "volume.beta.kubernetes.io/mount-options";
    annotation(volume, options, "write `spec.mountOptions`", found);
}

fn annotations_of_claims(claim: &At<'_>, found: &mut Found) {
    annotation(claim, CLASS, "write `spec.storageClassName`", found);
}

fn annotations_of_services(service: &At<'_>, found: &mut Found) {
    let hints = "service.kubernetes.io/topology-aware-hints";
    annotation(service, hints, "write `service.kubernetes.io/topology-mode`", found);
}

fn annotations_of_accounts(account: &At<'_>, found: &mut Found) {
    let mountable = "kubernetes.io/enforce-mountable-secrets";
    annotation(account, mountable, "keep what may not be mounted in another namespace", found);
}

/// With both, the server refuses the Ingress.
fn annotations_of_ingresses(ingress: &At<'_>, found: &mut Found) {
    if !ingress.get("spec.ingressClassName").is_set() {
        annotation(ingress, "kubernetes.io/ingress.class", "write `spec.ingressClassName`", found);
    }
}
