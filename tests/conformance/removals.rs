//! The manifests by which kube-no-trouble is tested: APIs that are gone, or are going.

use crate::archive::{Archive, Found, text};
use crate::differences::hold;
use jibe::api::Version;
use serde_json::Value;
use std::collections::BTreeSet;

/// `37` of `1.37`.
fn minor(version: &Value) -> Option<u32> {
    version.as_str()?.strip_prefix("1.")?.parse().ok()
}

/// APIs of Kubernetes of which the index knows no announcement; each is gone by the oldest version that jibe knows.
const GONE: [&str; 3] = [
    "apiextensions.k8s.io/v1beta1|CustomResourceDefinition",
    "apiregistration.k8s.io/v1beta1|APIService",
    "policy/v1beta1|PodSecurityPolicy",
];

/// What is to be said of an API in a version, by the announcements in the index.
fn expected(api: &Value, version: u32) -> Option<&'static str> {
    if GONE.contains(&api["gvk"].as_str()?) {
        return Some("api/removed");
    }
    let is_by_now = |key| minor(&api[key]).is_some_and(|announced| announced <= version);
    match (is_by_now("Removed"), is_by_now("Deprecated")) {
        (true, _) => Some("api/removed"),
        (false, true) => Some("api/deprecated"),
        (false, false) => None,
    }
}

/// The codes about APIs that are going, for each file.
fn codes<'f>(found: &'f [Found], file: &str) -> BTreeSet<&'f str> {
    let of_file = found.iter().filter(|found| found.file == file);
    let codes = of_file.map(|found| found.code.as_str());
    codes.filter(|code| matches!(*code, "api/deprecated" | "api/removed")).collect()
}

#[test]
fn removed_and_deprecated_apis_are_told_in_every_version() {
    let Some(archive) = Archive::open("policy-and-schema-cases.tar.xz") else { return };
    let mut entries = archive.index("index.jsonl");
    entries.retain(|entry| entry["suite"] == "deprecated");
    assert!(entries.len() > 40, "{} fixtures", entries.len());
    let mut actual = BTreeSet::new();
    for version in Version::all() {
        let kubernetes = version.to_string();
        let words =
            ["--only", "deprecation", "--allow-unknown-kinds", "--kube-version", &kubernetes];
        let files = entries.iter().map(|entry| text(entry, "file"));
        let found = archive.lint(words.map(str::to_owned).into_iter().chain(files));
        for entry in &entries {
            let file = text(entry, "file");
            let apis = entry["gvks"].as_array().expect("the APIs of a file");
            let wanted: BTreeSet<_> =
                apis.iter().filter_map(|api| expected(api, version.minor())).collect();
            if codes(&found, &file) != wanted {
                actual.insert(format!("{kubernetes} {file}"));
            }
        }
    }
    hold(&["deprecated"], &actual, |_| "another announcement".to_owned());
}
