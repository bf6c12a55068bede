//! Limits of a namespace.
//!
//! Source: `ValidateLimitRange` of `pkg/apis/core/validation/validation.go`, `SetDefaults_LimitRangeItem`.

use super::{At, CodeRule, Found};
use crate::check::rules::grammar::{LABEL_KEY, is_label_key};
use crate::check::rules::quantity::Quantity;
use crate::check::rules::resource::{can_be_overcommitted, judge_name, judge_name_of_containers};
use std::collections::BTreeSet;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.LimitRangeSpec", judge: types_differ },
    CodeRule { on: "core/v1.LimitRangeItem", judge: type_is_known },
    CodeRule { on: "core/v1.LimitRangeItem", judge: names },
    CodeRule { on: "core/v1.LimitRangeItem", judge: fields_of_type },
    CodeRule { on: "core/v1.LimitRangeItem", judge: amounts },
];

fn types_differ(spec: &At<'_>, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for kind in spec.get("limits").items().map(|item| item.get("type")) {
        if !seen.insert(kind.text()) {
            found.duplicate(&kind);
        }
    }
}

/// Source: `validateLimitRangeTypeName`.
fn type_is_known(item: &At<'_>, found: &mut Found) {
    let kind = item.get("type");
    let is_known = matches!(kind.text(), "Container" | "PersistentVolumeClaim" | "Pod");
    if kind.is_empty() {
        found.required(&kind).hint("write `Container`, `Pod` or `PersistentVolumeClaim`");
    } else if !is_label_key(kind.text()) {
        found.not_of(&kind, &LABEL_KEY);
    } else if !is_known && !kind.text().contains('/') {
        let what = "must be `Container`, `Pod`, `PersistentVolumeClaim` or one of a group";
        found.invalid(&kind, what);
    }
}

/// Source: `validateLimitRangeResourceName`; two of the lists are not looked at for pods, which may not have them.
fn names(item: &At<'_>, found: &mut Found) {
    let kind = item.get("type").text();
    let judge = match kind {
        "Container" | "Pod" => judge_name_of_containers,
        _ => judge_name,
    };
    for list in ["default", "defaultRequest", "max", "maxLimitRequestRatio", "min"] {
        if kind != "Pod" || !list.starts_with("default") {
            for (key, amount) in item.get(list).entries() {
                judge(&amount, &key.name, found);
            }
        }
    }
}

fn fields_of_type(item: &At<'_>, found: &mut Found) {
    match item.get("type").text() {
        "Pod" => {
            for list in [item.get("default"), item.get("defaultRequest")] {
                if !list.is_empty() {
                    found.forbidden(&list, "may not be set where `type` is `Pod`");
                }
            }
        }
        "PersistentVolumeClaim" => {
            let has_storage = |list| item.get(list).has_key("storage");
            if !has_storage("min") && !has_storage("max") {
                found.required(&item.get("max").field("storage")).hint("or `min.storage`");
            }
        }
        _ => {}
    }
}

/// Only what is written is compared: what a server fills in follows from it, and breaks no rule that it does not break.
fn amounts(item: &At<'_>, found: &mut Found) {
    let lists = ["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"];
    let keys = lists.iter().flat_map(|list| item.get(list).entries());
    let keys: BTreeSet<&str> = keys.map(|(key, _)| &*key.name).collect();
    for key in keys {
        in_order(item, key, found);
        ratio(item, key, found);
        promised(item, key, found);
    }
}

/// An amount of a list, if the list has it; null is 0 there.
fn amount<'m>(item: &At<'m>, list: &str, key: &str) -> Option<(At<'m>, Quantity)> {
    let has_no_defaults = item.get("type").text() == "Pod" && list.starts_with("default");
    let at = item.get(list);
    let is_there = at.has_key(key) && !has_no_defaults;
    is_there.then(|| (at.field(key), at.field(key).quantity()))
}

/// The lists that are not above others, and which of the two a server names.
const ORDER: [(&str, &str, &str); 6] = [
    ("min", "max", "min"),
    ("min", "defaultRequest", "defaultRequest"),
    ("defaultRequest", "max", "defaultRequest"),
    ("defaultRequest", "default", "defaultRequest"),
    ("min", "default", "default"),
    ("default", "max", "default"),
];

fn in_order(item: &At<'_>, key: &str, found: &mut Found) {
    for (low, high, named) in ORDER {
        let (Some((below, least)), Some((above, most))) =
            (amount(item, low, key), amount(item, high, key))
        else {
            continue;
        };
        if least > most {
            let (at, what) = match named == low {
                true => (below, format!("must not be more than `{high}` of it")),
                false => (above, format!("must not be less than `{low}` of it")),
            };
            found.invalid(&at, &what);
        }
    }
}

fn ratio(item: &At<'_>, key: &str, found: &mut Found) {
    let Some((at, ratio)) = amount(item, "maxLimitRequestRatio", key) else { return };
    if ratio < Quantity::whole(1) {
        found.invalid(&at, "must be 1 at least");
    }
    let (Some((_, least)), Some((_, most))) = (amount(item, "min", key), amount(item, "max", key))
    else {
        return;
    };
    let (least, most) = (least.millis(), most.millis());
    let reached = ratio.millis().saturating_mul(least);
    if least > 0 && reached > most.saturating_mul(1000) {
        found.invalid(&at, "must not be more than `max` of it divided by `min`");
    }
}

/// Of what cannot be promised twice, as much is asked for as is allowed; a container's limit is `max` if it has none.
fn promised(item: &At<'_>, key: &str, found: &mut Found) {
    let is_container = item.get("type").text() == "Container";
    let most = amount(item, "max", key).filter(|_| is_container);
    let limit = amount(item, "default", key).or(most);
    let (Some((_, limit)), Some((at, request))) = (limit, amount(item, "defaultRequest", key))
    else {
        return;
    };
    if !can_be_overcommitted(key) && limit != request {
        found.invalid(&at, "must be what the default limit of it is");
    }
}
