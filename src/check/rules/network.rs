//! Services and what routes to them.

use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] =
    &[CodeRule { on: "core/v1.ServiceSpec", judge: several_ports_have_names }];

/// Source: `ValidateService`.
fn several_ports_have_names(spec: &At<'_>, found: &mut Found) {
    let ports: Vec<At<'_>> = spec.get("ports").items().collect();
    for name in ports.iter().map(|port| port.get("name")) {
        if ports.len() > 1 && name.is_empty() {
            found.required(&name).hint("where there are several ports, each has a name");
        }
    }
}
