//! Selectors of labels, wherever they stand.
//!
//! Source: apimachinery `ValidateLabelSelector`.

use super::{is_judged, judge_labels};
use crate::check::rules::grammar::{LABEL_KEY, LABEL_VALUE, is_label_key, is_label_value};
use crate::check::rules::{At, Found};

pub(super) fn labels(selector: &At<'_>, found: &mut Found) {
    if is_judged(selector) {
        judge_labels(&selector.get("matchLabels"), found);
    }
}

pub(super) fn requirement(asked: &At<'_>, found: &mut Found) {
    if !is_judged(asked) {
        return;
    }
    let key = asked.get("key");
    if key.is_empty() {
        found.required(&key);
    } else if !is_label_key(key.text()) {
        found.invalid(&key, &format!("must be {}", LABEL_KEY.what)).hint(LABEL_KEY.hint);
    }
    operator_suits_values(asked, found);
    for value in asked.get("values").items().filter(|value| !is_label_value(value.text())) {
        found.invalid(&value, &format!("must be {}", LABEL_VALUE.what)).hint(LABEL_VALUE.hint);
    }
}

fn operator_suits_values(asked: &At<'_>, found: &mut Found) {
    let (operator, values) = (asked.get("operator"), asked.get("values"));
    match operator.text() {
        "In" | "NotIn" if values.is_empty() => {
            found.required(&values).hint("`In` and `NotIn` compare with values");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            found
                .forbidden(
                    &values,
                    &format!("may not stand beside `operator: {}`", operator.text()),
                )
                .hint("remove them, or write `In` or `NotIn`");
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
        "" => {
            found.required(&operator);
        }
        _ => {
            found.invalid(&operator, "must be one of `In`, `NotIn`, `Exists`, `DoesNotExist`");
        }
    }
}
