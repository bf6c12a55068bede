//! Claims of devices, and their classes.

use super::{ATTRIBUTE, is_attribute, repeated};
use crate::cel::Type;
use crate::check::rules::expressions::{self, Names, Wanted, declared, map, object};
use crate::check::rules::grammar::{DNS_LABEL, is_dns_label};
use crate::check::rules::{At, Found};
use crate::yaml::to_json;

/// Source: `validateDeviceClaim`: no request twice, and what names requests names those that there are.
pub(super) fn requests(claim: &At<'_>, found: &mut Found) {
    let requests = claim.get("requests");
    repeated(&requests, found);
    for request in requests.items() {
        repeated(&request.get("firstAvailable"), found);
    }
    for list in ["constraints", "config"].map(|name| claim.get(name)) {
        for name in list.items().flat_map(|item| item.get("requests").items().collect::<Vec<_>>()) {
            names_a_request(&requests, &name, found);
        }
    }
}

/// Source: `validateRequestNameRef`.
fn names_a_request(requests: &At<'_>, name: &At<'_>, found: &mut Found) {
    let (request, part) = match name.text().split_once('/') {
        Some((request, part)) => (request, Some(part)),
        None => (name.text(), None),
    };
    if !is_dns_label(request) || !part.is_none_or(is_dns_label) {
        found
            .invalid(name, "must be the name of a request, or of one and its part with `/` between")
            .hint(DNS_LABEL.hint);
        return;
    }
    let is_there = match (of_name(requests, request), part) {
        (Some(request), Some(part)) => of_name(&request.get("firstAvailable"), part).is_some(),
        (request, _) => request.is_some(),
    };
    if !is_there {
        found.not_found(name, "no request").hint("name one of `requests`, or add it there");
    }
}

fn of_name<'m>(list: &At<'m>, name: &str) -> Option<At<'m>> {
    list.items().find(|item| item.get("name").text() == name)
}

/// Source: `validateDeviceRequest`.
pub(super) fn one_way(request: &At<'_>, found: &mut Found) {
    let (exactly, first) = (request.get("exactly"), request.get("firstAvailable"));
    match (exactly.is_set(), !first.is_empty()) {
        (false, false) => {
            found.required(request).hint("give it `exactly` or `firstAvailable`");
        }
        (true, true) => {
            found
                .invalid_whole(request, "may have `exactly` or `firstAvailable`, not both")
                .hint("remove one of the two");
        }
        _ => {}
    }
}

/// Source: `validateDeviceAllocationMode`; a count of 0 counts as absent, as 1.
pub(super) fn count(request: &At<'_>, found: &mut Found) {
    let count = request.get("count");
    let number = count.number().unwrap_or_default();
    match request.get("allocationMode").text() {
        "All" if number != 0 => {
            found
                .invalid(&count, "must not stand beside `allocationMode: All`")
                .hint("remove the count, or the mode");
        }
        "ExactCount" | "" if number < 0 => {
            found.invalid(&count, "must be 1 at least");
        }
        _ => {}
    }
}

/// Source: `validateSelector`.
pub(super) fn selector(selector: &At<'_>, found: &mut Found) {
    let expression = selector.get("cel.expression");
    if !selector.get("cel").is_set() {
        found.required(&selector.get("cel"));
    } else if !has_own_functions(&expression) {
        expressions::judge(&expression, &names(selector), &CHOICE, found);
    }
}

/// Whether an expression has functions that are not read: those that other expressions lack, or got later than selectors.
fn has_own_functions(expression: &At<'_>) -> bool {
    let has = |name| expression.text().contains(name);
    has("cel.bind") || (has("emver(") && expression.object().version.minor() < 34)
}

const CHOICE: Wanted = Wanted::value(|kind| matches!(kind, Type::Bool | Type::Dyn), "a boolean");

/// What a selector knows. Source: `newCompiler` of dynamic-resource-allocation.
fn names(selector: &At<'_>) -> Names {
    let quantities = map(map(Type::Named("Quantity")));
    let mut fields = vec![
        ("driver", Type::String),
        ("attributes", map(map(Type::Dyn))),
        ("capacity", quantities),
    ];
    if selector.object().version.minor() >= 36 {
        fields.push(("allowMultipleAllocations", Type::Bool));
    }
    vec![("device", declared(object(fields)))]
}

/// Source: `validateDeviceConstraint`; before 1.36 a server drops `distinctAttribute`.
pub(super) fn attribute(constraint: &At<'_>, found: &mut Found) {
    let (same, other) = (constraint.get("matchAttribute"), constraint.get("distinctAttribute"));
    let knows_other = constraint.object().version.minor() >= 36;
    let one = match knows_other && !same.is_set() {
        true => &other,
        false => &same,
    };
    if !one.is_set() {
        found.required(&same).hint("name an attribute that all devices have alike");
    } else if !one.text().contains('/') || !is_attribute(one.text()) {
        found
            .invalid(one, &format!("must be {ATTRIBUTE}"))
            .hint("write it with its domain, such as `gpu.example.com/model`");
    }
}

/// Source: `validateDeviceConfiguration`.
pub(super) fn configuration(configuration: &At<'_>, found: &mut Found) {
    if !configuration.get("opaque").is_set() {
        found.required(&configuration.get("opaque"));
    }
}

/// The most bytes of a driver's parameters, as JSON.
const PARAMETERS: usize = 10 * 1024;

/// Source: `validateOpaqueConfiguration`.
pub(super) fn parameters(opaque: &At<'_>, found: &mut Found) {
    let parameters = opaque.get("parameters");
    match parameters.node() {
        None => {
            found.required(&parameters).hint("write `parameters: {}` if the driver has none");
        }
        Some(node) if to_json(node).to_string().len() > PARAMETERS => {
            found.too_long(&parameters, PARAMETERS, "bytes, as JSON");
        }
        Some(_) => {}
    }
}

/// Fields of metadata that a claim made from a template has of its own.
const OWN: &[&str] = &[
    "name",
    "generateName",
    "namespace",
    "selfLink",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "ownerReferences",
    "finalizers",
    "managedFields",
];

/// Source: `ValidateTemplateObjectMeta`; empty lists are refused, too.
pub(super) fn metadata_of_template(template: &At<'_>, found: &mut Found) {
    let metadata = template.get("metadata");
    for field in OWN.iter().map(|name| metadata.get(name)) {
        let is_list = field.node().is_some_and(|node| node.as_list().is_some());
        if field.is_set() && (is_list || !field.is_empty()) && field.number() != Some(0) {
            found
                .forbidden(&field, "may not stand in a template")
                .hint("remove it: labels and annotations are what a template can give");
        }
    }
}
