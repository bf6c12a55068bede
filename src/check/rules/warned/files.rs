//! Volumes of files: two files of one path, and files where another needs a folder.
//!
//! Source: `warningsForOverlappingVirtualPaths` of upstream's `pkg/api/pod/warnings.go`.

use super::{At, CodeRule, Found};

pub(in crate::check::rules) const RULES: &[CodeRule] =
    &[CodeRule { on: "core/v1.Volume", judge: paths }];

fn paths(volume: &At<'_>, found: &mut Found) {
    for source in ["configMap", "secret", "downwardAPI"] {
        overlaps(
            &volume
                .field(source)
                .get("items")
                .items()
                .map(|item| path_of(&item))
                .collect::<Vec<_>>(),
            found,
        );
    }
    let sources = volume.get("projected.sources");
    for empty in sources.items().filter(|source| source.entries().all(|(_, one)| !one.is_set())) {
        found.warn(&empty, "is empty, so it adds no file").hint("name a source, or remove it");
    }
    overlaps(&sources.items().flat_map(|source| projected(&source)).collect::<Vec<_>>(), found);
}

fn path_of<'m>(item: &At<'m>) -> At<'m> {
    item.get("path")
}

/// Where the files of a source go: of several sources in one, the first counts.
fn projected<'m>(source: &At<'m>) -> Vec<At<'m>> {
    let lists = ["configMap", "secret", "downwardAPI"].map(|name| source.get(name).get("items"));
    if let Some(items) = lists.iter().find(|items| items.is_set()) {
        return items.items().map(|item| path_of(&item)).collect();
    }
    let certificate = source.get("podCertificate");
    let of_certificate = ["certificateChainPath", "keyPath", "credentialBundlePath"];
    let alone = ["serviceAccountToken", "clusterTrustBundle"].map(|name| source.get(name));
    match alone.iter().find(|one| one.is_set()) {
        Some(one) => vec![one.get("path")],
        None => of_certificate.map(|name| certificate.get(name)).into_iter().collect(),
    }
}

fn overlaps(paths: &[At<'_>], found: &mut Found) {
    let path = |at: &At<'_>| format!("{}/", at.text().trim_end_matches('/'));
    for (at, one) in paths.iter().enumerate().filter(|(_, one)| path(one) != "/") {
        let own = path(one);
        let conflict = |other: &At<'_>| match path(other) {
            same if same == own => Some("is the path of"),
            above if own.starts_with(&above) => Some("lies below the file of"),
            below if below.starts_with(&own) => Some("has below it the file of"),
            _ => None,
        };
        let mut before = paths[..at].iter().filter(|other| path(other) != "/");
        if let Some((other, what)) = before.find_map(|other| Some((other, conflict(other)?))) {
            found
                .warn(one, &format!("{what} `{}`", other.path()))
                .hint("give each file a path of its own");
        }
    }
}
