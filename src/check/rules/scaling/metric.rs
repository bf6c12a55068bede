//! The metrics of autoscalers.
//!
//! Source: `validateMetricSpec` of `pkg/apis/autoscaling/validation/validation.go`.

use super::{At, CodeRule, Found};
use crate::check::rules::grammar::{DNS_LABEL, PATH_SEGMENT};
use crate::check::rules::quantity::Quantity;
use crate::check::rules::resource::is_of_containers;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "autoscaling/v2.MetricSpec", judge: metric },
    CodeRule { on: "autoscaling/v2beta2.MetricSpec", judge: metric },
];

/// A type of metrics, its field, and what judges it.
type Source = (&'static str, &'static str, fn(&At<'_>, &mut Found));

/// In the order in which a server looks.
const SOURCES: [Source; 5] = [
    ("Object", "object", object),
    ("External", "external", external),
    ("Pods", "pods", pods),
    ("Resource", "resource", resource),
    ("ContainerResource", "containerResource", container_resource),
];

/// Of several sources the first alone is judged.
fn metric(metric: &At<'_>, found: &mut Found) {
    let kind = metric.get("type");
    let is_of = |source: &&Source| source.0 == kind.text();
    let own = SOURCES.iter().find(is_of).map(|(_, field, _)| *field);
    let are_there = SOURCES.iter().filter(|(_, field, _)| metric.get(field).is_set());
    for (at, (_, field, judge)) in are_there.clone().enumerate() {
        if at == 0 {
            judge(&metric.get(field), found);
        }
        if are_there.clone().count() > 1 && own != Some(field) {
            found
                .forbidden(&metric.get(field), "may not stand beside another source of the metric");
        }
    }
    match own {
        None if kind.is_empty() => {
            found.required(&kind);
        }
        None => {
            found.unsupported(&kind, &SOURCES.map(|(name, _, _)| name));
        }
        Some(field) if !metric.get(field).is_set() => {
            found.required(&metric.get(field)).hint(format!("`type` is `{}`", kind.text()));
        }
        Some(_) => {}
    }
}

/// An object that is named by its kind and name. Source: `ValidateCrossVersionObjectReference`.
pub(super) fn reference(reference: &At<'_>, found: &mut Found) {
    name(&reference.get("kind"), found);
    name(&reference.get("name"), found);
    let version = reference.get("apiVersion");
    let is_wrong = version.text().matches('/').count() > 1;
    if is_wrong && version.object().version.minor() >= 34 {
        found.invalid(&version, "must be a group and a version").hint("write such as `apps/v1`");
    }
}

fn name(at: &At<'_>, found: &mut Found) {
    if at.is_empty() {
        found.required(at);
    } else if !(PATH_SEGMENT.holds)(at.text()) {
        found.not_of(at, &PATH_SEGMENT);
    }
}

/// Source: `validateObjectSource`.
fn object(source: &At<'_>, found: &mut Found) {
    reference(&source.get("describedObject"), found);
    name(&source.get("metric.name"), found);
    target(&source.get("target"), found);
    one_of(&source.get("target"), "averageValue", "value", found);
}

/// Source: `validateExternalSource`.
fn external(source: &At<'_>, found: &mut Found) {
    name(&source.get("metric.name"), found);
    target(&source.get("target"), found);
    one_of(&source.get("target"), "averageValue", "value", found);
    not_both(&source.get("target"), "value", "averageValue", found);
}

/// Source: `validatePodsSource`.
fn pods(source: &At<'_>, found: &mut Found) {
    name(&source.get("metric.name"), found);
    target(&source.get("target"), found);
    let value = source.get("target.averageValue");
    if !value.is_set() {
        found.required(&value);
    }
}

/// Source: `validateResourceSource`.
fn resource(source: &At<'_>, found: &mut Found) {
    let name = source.get("name");
    if name.is_empty() {
        found.required(&name).hint("write such as `cpu` or `memory`");
    }
    target(&source.get("target"), found);
    one_of(&source.get("target"), "averageUtilization", "averageValue", found);
    not_both(&source.get("target"), "averageValue", "averageUtilization", found);
}

/// Source: `validateContainerResourceSource`.
fn container_resource(source: &At<'_>, found: &mut Found) {
    resource(source, found);
    let (name, container) = (source.get("name"), source.get("container"));
    if !name.is_empty() && !is_of_containers(name.text()) {
        found
            .invalid(&name, "must be a resource that containers use")
            .hint("write such as `cpu`, `memory` or `example.com/gpu`");
    }
    if container.is_empty() {
        found.required(&container);
    } else if !(DNS_LABEL.holds)(container.text()) {
        found.not_of(&container, &DNS_LABEL);
    }
}

/// Source: `validateMetricTarget`.
fn target(target: &At<'_>, found: &mut Found) {
    let kind = target.get("type");
    if kind.is_empty() {
        found.required(&kind).hint("write `Utilization`, `Value` or `AverageValue`");
    } else if !matches!(kind.text(), "Utilization" | "Value" | "AverageValue") {
        found.invalid(&kind, "must be one of `Utilization`, `Value`, `AverageValue`");
    }
    for value in [target.get("value"), target.get("averageValue")] {
        if value.is_set() && value.quantity() <= Quantity::ZERO {
            found.invalid(&value, "must be more than 0");
        }
    }
    let share = target.get("averageUtilization");
    if share.number().is_some_and(|number| number < 1) {
        found.invalid(&share, "must be 1 at least");
    }
}

fn one_of(target: &At<'_>, named: &str, other: &str, found: &mut Found) {
    if !target.get(named).is_set() && !target.get(other).is_set() {
        found.required(&target.get(named)).hint(format!("write it, or `{other}`"));
    }
}

fn not_both(target: &At<'_>, named: &str, other: &str, found: &mut Found) {
    if target.get(named).is_set() && target.get(other).is_set() {
        found.forbidden(&target.get(named), &format!("may not stand beside `{other}`"));
    }
}
