//! The pods by which Pod Security is tested: some break its levels, but each is one that API servers keep.

use crate::archive::{Archive, Found, text};
use crate::differences::hold;
use jibe::api::Version;
use std::collections::{BTreeMap, BTreeSet};

/// Errors, but for those about the name: the fixtures are named after their files, and get others before they are sent.
fn alarms(found: Vec<Found>) -> impl Iterator<Item = Found> {
    found.into_iter().filter(|found| found.is_error && !found.names("metadata.name"))
}

#[test]
fn every_pod_of_pod_security_is_one_that_a_server_of_its_version_takes() {
    let Some(archive) = Archive::open("pod-security-cases.tar.xz") else { return };
    let mut by_version: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for entry in archive.index("pss/index.jsonl") {
        let version = text(&entry, "version");
        let minor: u32 = version.trim_start_matches("v1.").parse().expect("a version");
        // Pods of versions before those that jibe knows are judged by the oldest.
        by_version
            .entry(minor.max(Version::OLDEST.minor()))
            .or_default()
            .push(text(&entry, "file"));
    }
    assert!(by_version.values().map(Vec::len).sum::<usize>() > 4500);
    let mut messages = BTreeMap::new();
    for (minor, files) in by_version {
        let version = format!("1.{minor}");
        let words = ["--only", "api", "--kube-version", &version].map(str::to_owned);
        for found in alarms(archive.lint(words.into_iter().chain(files))) {
            messages.insert(format!("refused {}", found.file), found.message);
        }
    }
    let actual: BTreeSet<String> = messages.keys().cloned().collect();
    hold(&["pss"], &actual, |difference| messages[difference].clone());
}
