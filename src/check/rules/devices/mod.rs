//! Devices: what there is of them, and who claims them.
//!
//! Source: upstream's `pkg/apis/resource/validation/validation.go`.

mod claim;
mod slice;

#[cfg(test)]
mod tests;

use super::grammar::is_dns_subdomain;
use super::{At, CodeRule, Found};

/// Types that are alike in all versions of the API begin with `resource/*`; those of `v1alpha3` are its first.
pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "resource/*.DeviceClaim", judge: claim::requests },
    CodeRule { on: "resource/v1.DeviceRequest", judge: claim::one_way },
    CodeRule { on: "resource/v1beta2.DeviceRequest", judge: claim::one_way },
    CodeRule { on: "resource/*.ExactDeviceRequest", judge: claim::count },
    CodeRule { on: "resource/*.DeviceSubRequest", judge: claim::count },
    CodeRule { on: "resource/*.DeviceSelector", judge: claim::selector },
    CodeRule { on: "resource/*.DeviceConstraint", judge: claim::attribute },
    CodeRule { on: "resource/*.DeviceClaimConfiguration", judge: claim::configuration },
    CodeRule { on: "resource/*.DeviceClassConfiguration", judge: claim::configuration },
    CodeRule { on: "resource/*.OpaqueDeviceConfiguration", judge: claim::parameters },
    // There is one in `v1alpha2`, which is another.
    CodeRule { on: "resource/v1.ResourceClaimTemplateSpec", judge: claim::metadata_of_template },
    CodeRule {
        on: "resource/v1alpha3.ResourceClaimTemplateSpec",
        judge: claim::metadata_of_template,
    },
    CodeRule {
        on: "resource/v1beta1.ResourceClaimTemplateSpec",
        judge: claim::metadata_of_template,
    },
    CodeRule {
        on: "resource/v1beta2.ResourceClaimTemplateSpec",
        judge: claim::metadata_of_template,
    },
    CodeRule { on: "resource/*.ResourceSliceSpec", judge: slice::nodes },
    CodeRule { on: "resource/*.ResourceSliceSpec", judge: slice::devices },
    CodeRule { on: "resource/v1.Device", judge: slice::names },
    CodeRule { on: "resource/*.BasicDevice", judge: slice::names },
    CodeRule { on: "resource/v1beta2.Device", judge: slice::names },
    CodeRule { on: "resource/*.DeviceAttribute", judge: slice::one_value },
];

/// Items whose name an earlier one has; a server names the whole item.
fn repeated(list: &At<'_>, found: &mut Found) {
    let mut seen = Vec::new();
    for item in list.items() {
        let name = item.get("name").text();
        if seen.contains(&name) && !name.is_empty() {
            found.duplicate(&item);
        }
        seen.push(name);
    }
}

const ATTRIBUTE: &str = "a name of at most 32 letters, digits and `_`, with a DNS name and `/` before it if it has a domain";

/// Whether a text names an attribute or a capacity. What has several slashes is not looked at.
///
/// Source: `validateQualifiedName`.
fn is_attribute(text: &str) -> bool {
    let is_domain = |domain: &str| domain.len() <= 63 && is_dns_subdomain(&domain.to_lowercase());
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [name] => is_identifier(name),
        [domain, name] => is_domain(domain) && is_identifier(name),
        _ => true,
    }
}

/// As in C.
fn is_identifier(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    text.len() <= 32 && begins && text.bytes().all(inner)
}
