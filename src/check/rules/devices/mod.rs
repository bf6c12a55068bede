//! Devices: what there is of them, and who claims them.
//!
//! Source: upstream's `pkg/apis/resource/validation/validation.go`.

mod claim;
mod slice;

#[cfg(test)]
mod tests;

use super::grammar::is_dns_subdomain;
use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "resource/v1.DeviceClaim", judge: claim::requests },
    CodeRule { on: "resource/v1beta1.DeviceClaim", judge: claim::requests },
    CodeRule { on: "resource/v1beta2.DeviceClaim", judge: claim::requests },
    CodeRule { on: "resource/v1.DeviceRequest", judge: claim::one_way },
    CodeRule { on: "resource/v1beta2.DeviceRequest", judge: claim::one_way },
    CodeRule { on: "resource/v1.ExactDeviceRequest", judge: claim::count },
    CodeRule { on: "resource/v1beta2.ExactDeviceRequest", judge: claim::count },
    CodeRule { on: "resource/v1.DeviceSubRequest", judge: claim::count },
    CodeRule { on: "resource/v1beta1.DeviceSubRequest", judge: claim::count },
    CodeRule { on: "resource/v1beta2.DeviceSubRequest", judge: claim::count },
    CodeRule { on: "resource/v1.DeviceSelector", judge: claim::selector },
    CodeRule { on: "resource/v1beta1.DeviceSelector", judge: claim::selector },
    CodeRule { on: "resource/v1beta2.DeviceSelector", judge: claim::selector },
    CodeRule { on: "resource/v1.DeviceConstraint", judge: claim::attribute },
    CodeRule { on: "resource/v1beta1.DeviceConstraint", judge: claim::attribute },
    CodeRule { on: "resource/v1beta2.DeviceConstraint", judge: claim::attribute },
    CodeRule { on: "resource/v1.DeviceClaimConfiguration", judge: claim::configuration },
    CodeRule { on: "resource/v1beta1.DeviceClaimConfiguration", judge: claim::configuration },
    CodeRule { on: "resource/v1beta2.DeviceClaimConfiguration", judge: claim::configuration },
    CodeRule { on: "resource/v1.DeviceClassConfiguration", judge: claim::configuration },
    CodeRule { on: "resource/v1beta1.DeviceClassConfiguration", judge: claim::configuration },
    CodeRule { on: "resource/v1beta2.DeviceClassConfiguration", judge: claim::configuration },
    CodeRule { on: "resource/v1.OpaqueDeviceConfiguration", judge: claim::parameters },
    CodeRule { on: "resource/v1beta1.OpaqueDeviceConfiguration", judge: claim::parameters },
    CodeRule { on: "resource/v1beta2.OpaqueDeviceConfiguration", judge: claim::parameters },
    CodeRule { on: "resource/v1.ResourceClaimTemplateSpec", judge: claim::metadata_of_template },
    CodeRule {
        on: "resource/v1beta1.ResourceClaimTemplateSpec",
        judge: claim::metadata_of_template,
    },
    CodeRule {
        on: "resource/v1beta2.ResourceClaimTemplateSpec",
        judge: claim::metadata_of_template,
    },
    CodeRule { on: "resource/v1.ResourceSliceSpec", judge: slice::nodes },
    CodeRule { on: "resource/v1beta1.ResourceSliceSpec", judge: slice::nodes },
    CodeRule { on: "resource/v1beta2.ResourceSliceSpec", judge: slice::nodes },
    CodeRule { on: "resource/v1.ResourceSliceSpec", judge: slice::devices },
    CodeRule { on: "resource/v1beta1.ResourceSliceSpec", judge: slice::devices },
    CodeRule { on: "resource/v1beta2.ResourceSliceSpec", judge: slice::devices },
    CodeRule { on: "resource/v1.Device", judge: slice::names },
    CodeRule { on: "resource/v1beta1.BasicDevice", judge: slice::names },
    CodeRule { on: "resource/v1beta2.Device", judge: slice::names },
    CodeRule { on: "resource/v1.DeviceAttribute", judge: slice::one_value },
    CodeRule { on: "resource/v1beta1.DeviceAttribute", judge: slice::one_value },
    CodeRule { on: "resource/v1beta2.DeviceAttribute", judge: slice::one_value },
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
