//! Containers by themselves: variables that hide others, amounts that no machine has.

use super::{At, CodeRule, Found};
use std::collections::BTreeSet;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.Container", judge: variables_that_hide_others },
    CodeRule { on: "core/v1.Container", judge: parts_of_bytes },
    CodeRule { on: "core/v1.PodSpec", judge: parts_of_bytes_beside },
    CodeRule { on: "core/v1.PersistentVolumeClaimSpec", judge: parts_of_bytes_claimed },
];

/// A second one may build on the first: `$(PATH):/more`.
fn variables_that_hide_others(container: &At<'_>, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for variable in container.get("env").items() {
        let name = variable.get("name").text();
        let (value, first) = (variable.get("value").text(), format!("$({name})"));
        let builds_on_first =
            !variable.get("valueFrom").is_set() && value != first && value.contains(&first);
        if seen.insert(name) {
            continue;
        }
        // Of that one a create says nothing, but applying refuses it as well.
        let what = match builds_on_first {
            true => format!("is the variable `{name}` a second time"),
            false => format!("hides the variable `{name}` before it"),
        };
        found
            .warn(&variable, &what)
            .hint("write it once: applying from the server's side refuses both");
    }
}

const OF_BYTES: [&str; 2] = ["memory", "ephemeral-storage"];

fn parts_of_bytes(container: &At<'_>, found: &mut Found) {
    for list in ["limits", "requests"] {
        whole_bytes(&container.get("resources").field(list), &OF_BYTES, found);
    }
}

fn parts_of_bytes_beside(pod: &At<'_>, found: &mut Found) {
    whole_bytes(&pod.get("overhead"), &OF_BYTES, found);
}

/// `GetWarningsForPersistentVolumeClaimSpec`.
fn parts_of_bytes_claimed(claim: &At<'_>, found: &mut Found) {
    for list in ["limits", "requests"] {
        whole_bytes(&claim.get("resources").field(list), &["storage"], found);
    }
}

fn whole_bytes(amounts: &At<'_>, names: &[&str], found: &mut Found) {
    for amount in names.iter().map(|name| amounts.field(name)) {
        if !amount.quantity().is_whole() {
            let hint = if amount.text().ends_with('m') {
                "`m` are thousandths: for a million bytes write `M`, or `Mi`"
            } else {
                "write whole bytes, such as `128Mi`"
            };
            found.warn(&amount, "has a part of a byte").hint(hint);
        }
    }
}
