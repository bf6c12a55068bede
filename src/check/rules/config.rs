//! Config maps and secrets.
//!
//! Source: upstream's `pkg/apis/core/validation/validation.go`.

use super::{At, CodeRule, Found};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use serde::de::IgnoredAny;
use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.ConfigMap", judge: config_map },
    CodeRule { on: "core/v1.Secret", judge: secret },
];

/// How many bytes all values together may have: `MaxSecretSize`.
const LONGEST: usize = 1024 * 1024;

/// As a server's decoder reads it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// `ValidateConfigMap`.
fn config_map(map: &At<'_>, found: &mut Found) {
    let (texts, bytes) = (map.get("data"), map.get("binaryData"));
    for (key, text) in texts.entries().filter(|(key, _)| bytes.has_key(&key.name)) {
        let what = format!("must not be there: `binaryData` has the key `{}`, too", key.name);
        found.invalid_whole(&text, &what).hint("rename the key in one of the two");
    }
    let texts = texts.entries().map(|(_, text)| text.text().len());
    let bytes = bytes.entries().map(|(_, text)| decoded(text.text()).len());
    if texts.chain(bytes).sum::<usize>() > LONGEST {
        found.too_long(map, LONGEST, "bytes in all values together");
    }
}

/// The keys that a type of Secret asks for.
const KEYS: &[(&str, &[&str])] = &[
    ("kubernetes.io/dockercfg", &[".dockercfg"]),
    ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"]),
    ("kubernetes.io/ssh-auth", &["ssh-privatekey"]),
    ("kubernetes.io/tls", &["tls.crt", "tls.key"]),
];

/// `ValidateSecret`.
fn secret(secret: &At<'_>, found: &mut Found) {
    size(secret, found);
    let kind = secret.get("type").text();
    let asked = KEYS.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, keys)| keys);
    for key in asked {
        match value(secret, key) {
            None => {
                found.required(&secret.get("data").field(key));
            }
            Some((at, bytes)) if kind == "kubernetes.io/ssh-auth" && bytes.is_empty() => {
                found.required(&at);
            }
            Some((at, bytes)) if key.starts_with(".docker") && !is_map_in_json(&bytes) => {
                found.invalid_whole(&at, "must be a map in JSON");
            }
            Some(_) => {}
        }
    }
    match kind {
        "kubernetes.io/basic-auth" => has_one_of(secret, &["username", "password"], found),
        "kubernetes.io/service-account-token" => has_an_account(secret, found),
        _ => {}
    }
}

fn has_one_of(secret: &At<'_>, keys: &[&str], found: &mut Found) {
    if keys.iter().all(|key| value(secret, key).is_none()) {
        for key in keys {
            found.required(&secret.get("data").field(key)).hint("one of the two is enough");
        }
    }
}

fn has_an_account(secret: &At<'_>, found: &mut Found) {
    let account = secret.get("metadata.annotations").field("kubernetes.io/service-account.name");
    if account.is_empty() {
        found.required(&account).hint("name the service account that the token is of");
    }
}

/// What a Secret has under a key, where it stands and decoded; `stringData` counts before `data`.
pub(super) fn value<'m>(secret: &At<'m>, key: &str) -> Option<(At<'m>, Vec<u8>)> {
    let (texts, bytes) = (secret.get("stringData"), secret.get("data"));
    if texts.has_key(key) {
        let at = texts.field(key);
        let text = at.text().into();
        return Some((at, text));
    }
    bytes.has_key(key).then(|| {
        let at = bytes.field(key);
        let value = decoded(at.text());
        (at, value)
    })
}

fn size(secret: &At<'_>, found: &mut Found) {
    let keys = ["data", "stringData"].map(|name| secret.get(name));
    let keys: BTreeSet<&str> =
        keys.iter().flat_map(At::entries).map(|(key, _)| &*key.name).collect();
    let sizes = keys.into_iter().filter_map(|key| value(secret, key)).map(|(_, value)| value.len());
    if sizes.sum::<usize>() > LONGEST {
        found.too_long(&secret.get("data"), LONGEST, "bytes in all values together");
    }
}

/// Nothing for what is no base64, which the types say.
pub(super) fn decoded(text: &str) -> Vec<u8> {
    let text: String = text.split(['\n', '\r']).collect();
    BASE64.decode(text).unwrap_or_default()
}

/// `null` is a map there, too, as a server's decoder takes it.
fn is_map_in_json(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii();
    let is_json = serde_json::from_slice::<IgnoredAny>(text).is_ok();
    is_json && (text.starts_with(b"{") || text == b"null")
}
