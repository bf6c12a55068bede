//! Slices: the devices that a driver offers.

use super::{ATTRIBUTE, is_attribute, repeated};
use crate::check::rules::grammar::DNS_SUBDOMAIN;
use crate::check::rules::{At, Found};

/// Source: `validateResourceSliceSpec`: one way to say which nodes have the devices. Before 1.36 a server drops
/// `perDeviceNodeSelection`.
pub(super) fn nodes(spec: &At<'_>, found: &mut Found) {
    let name = spec.get("nodeName");
    if name.is_set() && !(DNS_SUBDOMAIN.holds)(name.text()) {
        found.invalid(&name, &format!("must be {}", DNS_SUBDOMAIN.what)).hint(DNS_SUBDOMAIN.hint);
    }
    let selector = spec.get("nodeSelector");
    if selector.is_set() && selector.get("nodeSelectorTerms").items().count() != 1 {
        found.invalid_whole(&selector.get("nodeSelectorTerms"), "must have one term");
    }
    let all = spec.get("allNodes");
    if all.is_set() && !all.is_true() {
        found.invalid(&all, "must be true or absent");
    }
    let is_of_device = spec.object().version.minor() >= 36;
    let by_device = is_of_device && spec.get("perDeviceNodeSelection").is_true();
    let ways = [!name.text().is_empty(), selector.is_set(), all.is_true(), by_device];
    match ways.iter().filter(|is_set| **is_set).count() {
        0 => {
            found.required(spec).hint("give it `nodeName`, `nodeSelector` or `allNodes: true`");
        }
        1 => {}
        _ => {
            found
                .invalid_whole(spec, "may have one of `nodeName`, `nodeSelector` and `allNodes`")
                .hint("remove the others");
        }
    }
}

/// Source: `validateResourceSliceSpec`.
pub(super) fn devices(spec: &At<'_>, found: &mut Found) {
    repeated(&spec.get("devices"), found);
}

/// The most attributes and capacities of a device together.
const MOST: usize = 32;

/// Source: `validateDevice`.
pub(super) fn names(device: &At<'_>, found: &mut Found) {
    let maps = ["attributes", "capacity"].map(|name| device.get(name));
    for map in &maps {
        for (_, value) in map.entries().filter(|(key, _)| !is_attribute(&key.name)) {
            found.bad_key(&value, ATTRIBUTE).hint("rename it, such as `driver_version`");
        }
    }
    if maps.iter().flat_map(At::entries).count() > MOST {
        let what = format!("must have at most {MOST} attributes and capacities together");
        found.invalid_whole(device, &what);
    }
}

/// Source: `validateDeviceAttribute`; lists of values are known since 1.36.
pub(super) fn one_value(attribute: &At<'_>, found: &mut Found) {
    let names = ["bool", "int", "string", "version", "bools", "ints", "strings", "versions"];
    let known = if attribute.object().version.minor() < 36 { 4 } else { names.len() };
    let set = names[..known].iter().filter(|name| attribute.get(name).is_set()).count();
    if set != 1 {
        found
            .invalid_whole(attribute, "must have exactly one value")
            .hint("give it one of `bool`, `int`, `string` and `version`");
    }
}
