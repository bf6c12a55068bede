//! Each namespace's quota has room for everything that may run in it at once: all pods that the autoscalers may start, and the
//! extra pods of a release of every service at the same time.

use super::{root, text, tree};
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Amounts by the names that a ResourceQuota knows, in thousandths.
type Amounts = BTreeMap<String, u64>;

fn quantity(value: &Value) -> u64 {
    let text = value.as_str().expect("a quantity is text");
    let (number, unit) = text.split_at(text.find(char::is_alphabetic).unwrap_or(text.len()));
    let factor = match unit {
        "" => 1000,
        "m" => 1,
        "Mi" => 1000 << 20,
        "Gi" => 1000 << 30,
        other => panic!("the unit {other} of {text}"),
    };
    number.parse::<u64>().expect("a whole number") * factor
}

fn add(sum: &mut Amounts, name: &str, amount: u64) {
    *sum.entry(name.to_owned()).or_default() += amount;
}

/// Pods that a workload has at most, without those of a release.
fn most(workload: &Value, objects: &[Value]) -> u64 {
    let name = &workload["metadata"]["name"];
    let scaler = objects.iter().find(|object| {
        object["kind"] == "HorizontalPodAutoscaler"
            && object["spec"]["scaleTargetRef"]["name"] == *name
    });
    let pods =
        scaler.map_or(&workload["spec"]["replicas"], |scaler| &scaler["spec"]["maxReplicas"]);
    pods.as_u64().unwrap_or(1)
}

/// Pods that a release of a Deployment adds; a share rounds up, and 25 % is the default.
fn surge(workload: &Value, pods: u64) -> u64 {
    let surge = &workload["spec"]["strategy"]["rollingUpdate"]["maxSurge"];
    surge.as_u64().unwrap_or_else(|| {
        let share = surge.as_str().unwrap_or("25%").trim_end_matches('%');
        (pods * share.parse::<u64>().expect("a share")).div_ceil(100)
    })
}

fn count_pods(sum: &mut Amounts, template: &Value, pods: u64) {
    add(sum, "pods", pods * 1000);
    for container in template["spec"]["containers"].as_sequence().expect("containers") {
        for kind in ["requests", "limits"] {
            for resource in ["cpu", "memory"] {
                let each = quantity(&container["resources"][kind][resource]);
                add(sum, &format!("{kind}.{resource}"), pods * each);
            }
        }
    }
}

fn count(sum: &mut Amounts, object: &Value, objects: &[Value]) {
    let spec = &object["spec"];
    let claim = |claim: &Value| quantity(&claim["spec"]["resources"]["requests"]["storage"]);
    match object["kind"].as_str().expect("a kind") {
        "Deployment" => {
            let pods = most(object, objects);
            count_pods(sum, &spec["template"], pods + surge(object, pods));
        }
        "StatefulSet" => {
            let pods = most(object, objects);
            count_pods(sum, &spec["template"], pods);
            let claims = spec["volumeClaimTemplates"].as_sequence().expect("claims");
            add(sum, "requests.storage", pods * claims.iter().map(claim).sum::<u64>());
        }
        "CronJob" => count_pods(sum, &spec["jobTemplate"]["spec"]["template"], 1),
        "PersistentVolumeClaim" => add(sum, "requests.storage", claim(object)),
        _ => {}
    }
}

/// The objects of a folder of the rendered tree.
fn objects(folder: &Path) -> Vec<Value> {
    let files =
        tree(folder).into_iter().filter(|(name, _)| name.extension().is_some_and(|e| e == "yaml"));
    files.map(|(_, bytes)| serde_yaml::from_str(&text(&bytes)).expect("YAML")).collect()
}

/// The quota in a namespace's folder of the rendered tree has room for all that the folder holds.
#[track_caller]
pub(super) fn check(namespace: &Path) {
    let objects = objects(namespace);
    let quota = objects.iter().find(|object| object["kind"] == "ResourceQuota").expect("a quota");
    let mut sum = Amounts::new();
    for object in &objects {
        count(&mut sum, object, &objects);
    }
    assert_eq!(sum.len(), 6, "pods, storage, requests and limits");
    for (name, amount) in sum {
        let hard = quantity(&quota["spec"]["hard"][&name]);
        let place = namespace.display();
        assert!(
            amount <= hard,
            "{place}: {name} needs {amount}, the quota allows {hard} thousandths"
        );
    }
}

#[test]
fn every_quota_has_room_for_all_that_may_run_at_once() {
    for environment in ["dev", "staging", "prod"] {
        for namespace in ["shop", "payments"] {
            let rendered = root().join("charts-example/rendered");
            check(&rendered.join(environment).join(namespace));
        }
    }
}
