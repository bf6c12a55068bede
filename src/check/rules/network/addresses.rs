//! Single addresses, and the ranges that services have theirs from.
//!
//! Source: `pkg/apis/networking/validation/validation.go`.

use super::{At, CodeRule, Found};
use crate::check::rules::grammar::CIDR;
use crate::check::rules::ip;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "networking/v1.IPAddress", judge: parent },
    CodeRule { on: "networking/v1beta1.IPAddress", judge: parent },
    CodeRule { on: "networking/v1.ServiceCIDR", judge: ranges },
    CodeRule { on: "networking/v1beta1.ServiceCIDR", judge: ranges },
];

/// Source: `validateIPAddressParentReference`; what it must be further is in the table.
fn parent(address: &At<'_>, found: &mut Found) {
    let parent = address.get("spec.parentRef");
    if !parent.is_set() {
        found.required(&parent).hint("write whose address it is, such as a service's");
    }
}

/// Source: `validateServiceCIDRSpec`.
fn ranges(cidr: &At<'_>, found: &mut Found) {
    let list = cidr.get("spec.cidrs");
    let items: Vec<At<'_>> = list.items().collect();
    match items.len() {
        0 => {
            found.required(&list).hint("write a range, such as `10.96.0.0/16`");
        }
        1 | 2 => {
            let ranges: Vec<_> = items.iter().map(|item| canonical(item, found)).collect();
            if let [Some(one), Some(other)] = ranges.as_slice()
                && one.is_six() == other.is_six()
            {
                found.invalid_whole(&list, "must have one range of each family at most");
            }
        }
        _ => {
            found.invalid_whole(&list, "must have 2 ranges at most");
        }
    }
}

/// Source: `IsValidCIDR`; before 1.33 a range was not held to one way of writing.
fn canonical(item: &At<'_>, found: &mut Found) -> Option<ip::Range> {
    let range = ip::Range::parse(item.text());
    match &range {
        None => {
            found.not_of(item, &CIDR);
        }
        Some(_) if item.object().version.minor() < 33 => {}
        Some(range) if !range.is_strict(item.text()) || range.canonical() != item.text() => {
            found.invalid(item, &format!("must be written `{}`", range.canonical()));
        }
        Some(_) => {}
    }
    range
}
