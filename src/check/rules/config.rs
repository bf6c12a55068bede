//! Config maps and secrets.

use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[CodeRule { on: "core/v1.Secret", judge: keys_of_type }];

/// The keys that a type of Secret asks for. Source: `ValidateSecret`.
const KEYS: &[(&str, &[&str])] = &[
    ("kubernetes.io/dockercfg", &[".dockercfg"]),
    ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"]),
    ("kubernetes.io/ssh-auth", &["ssh-privatekey"]),
    ("kubernetes.io/tls", &["tls.crt", "tls.key"]),
];

fn keys_of_type(secret: &At<'_>, found: &mut Found) {
    let kind = secret.get("type").text();
    let asked = KEYS.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, keys)| keys);
    for key in asked {
        if !["data", "stringData"].iter().any(|name| secret.get(name).has_key(key)) {
            found.required(&secret.get("data").field(key));
        }
    }
}
