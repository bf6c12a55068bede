//! Definitions of custom resources, and the finalizers of custom resources.

use super::{At, CodeRule, Found};
use crate::check::rules::metadata::is_custom;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "apiextensions/v1.CustomResourceDefinitionVersion", judge: formats },
    CodeRule { on: "object", judge: finalizers_without_a_domain },
];

/// `supportedVersionedFormats`, without `-`, which counts for nothing in their names.
const FORMATS: [&str; 24] = [
    "bsonobjectid",
    "byte",
    "cidr",
    "creditcard",
    "date",
    "datetime",
    "duration",
    "email",
    "hexcolor",
    "hostname",
    "ipv4",
    "ipv6",
    "isbn",
    "isbn10",
    "isbn13",
    "mac",
    "password",
    "rgbcolor",
    "ssn",
    "uri",
    "uuid",
    "uuid3",
    "uuid4",
    "uuid5",
];
/// Known since Kubernetes 1.34.
const LATER: [&str; 2] = ["k8slongname", "k8sshortname"];

/// `getUnrecognizedFormatsInCRD`.
fn formats(version: &At<'_>, found: &mut Found) {
    formats_in(&version.get("schema.openAPIV3Schema"), found);
}

/// Schemas nest as deep as the object is written, which the reader bounds.
fn formats_in(schema: &At<'_>, found: &mut Found) {
    let format = schema.get("format");
    let name = format.text().replace('-', "");
    let is_known = FORMATS.contains(&&*name)
        || (LATER.contains(&&*name) && schema.object().version.minor() >= 34);
    if schema.get("type").text() == "string" && !name.is_empty() && !is_known {
        found
            .warn(
                &format,
                &format!("is `{}`, which no server knows and none checks", format.text()),
            )
            .hint("correct its name, or write a `pattern`");
    }
    for name in ["items", "additionalItems", "additionalProperties", "not"] {
        let inner = schema.get(name);
        let each = inner.items().chain([inner.clone()]);
        each.filter(|one| one.has_key("type")).for_each(|one| formats_in(&one, found));
    }
    for name in ["allOf", "anyOf", "oneOf"] {
        schema.get(name).items().for_each(|one| formats_in(&one, found));
    }
    for name in ["properties", "patternProperties", "definitions", "dependencies"] {
        schema.get(name).entries().for_each(|(_, one)| formats_in(&one, found));
    }
}

/// `validateKubeFinalizerName`.
fn finalizers_without_a_domain(object: &At<'_>, found: &mut Found) {
    const OF_KUBERNETES: [&str; 3] = ["foregroundDeletion", "kubernetes", "orphan"];
    if !is_custom(object) {
        return;
    }
    for finalizer in object.get("metadata.finalizers").items() {
        let name = finalizer.text();
        if !name.contains('/') && !OF_KUBERNETES.contains(&name) {
            found
                .warn(&finalizer, &format!("is `{name}`, which others may use, too"))
                .hint(format!("write it with a domain, such as `example.com/{name}`"));
        }
    }
}
