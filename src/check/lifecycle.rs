//! APIs that are going, and what takes their place.

use crate::api::{Announcement, Api, Kind, Life, split};
use crate::diag::{Code, Diagnostic};
use crate::manifest::{Manifest, point_at};
use std::sync::Arc;

/// The warning that a manifest uses an API which is served and deprecated, in the oldest version that says so.
pub(super) fn deprecated(
    manifest: &Manifest,
    apis: &[Api],
    serving: &[(&Api, Arc<Kind>)],
) -> Option<Diagnostic> {
    let (of, kind) = (&*manifest.api_version, &*manifest.id.kind);
    let announced = apis.iter().find_map(|api| {
        let announced = api.announced(of, kind).filter(|announced| announced.is_deprecated)?;
        Some(of_announced(manifest, announced, apis))
    });
    announced
        .or_else(|| {
            let message = serving.iter().find_map(|(_, kind)| kind.deprecation())?;
            Some(
                Diagnostic::warning(Code::ApiDeprecated, message)
                    .hint("its definition names the versions that stay"),
            )
        })
        .map(|finding| at_version(finding, manifest))
}

/// That an API is gone according to those who brought it, whether or not its kind is known.
pub(super) fn removed(manifest: &Manifest, apis: &[Api]) -> Option<Diagnostic> {
    let (of, kind) = (&*manifest.api_version, &*manifest.id.kind);
    let announced = apis.iter().find_map(|api| {
        api.announced(of, kind).filter(|it| it.is_removed && api.kind(of, kind).is_none())
    })?;
    let life = announced.life;
    let version = life.removed.as_deref().unwrap_or_default();
    let message = format!("`{of} {kind}` is gone: it was removed in {}", brought(version));
    let finding = Diagnostic::error(Code::ApiRemoved, message);
    Some(at_version(finding.hint(instead(manifest, life, apis)), manifest))
}

fn of_announced(manifest: &Manifest, announced: Announcement<'_>, apis: &[Api]) -> Diagnostic {
    let life = announced.life;
    let since = life.deprecated.as_deref().unwrap_or_default();
    let gone = life.removed.as_deref().filter(|_| !announced.is_removed);
    let gone = gone.map_or_else(String::new, |version| format!(", and gone from {version} on"));
    let message = format!(
        "`{} {}` is deprecated since {}{gone}",
        manifest.api_version,
        manifest.id.kind,
        brought(since)
    );
    Diagnostic::warning(Code::ApiDeprecated, message).hint(instead(manifest, life, apis))
}

/// `Kubernetes 1.33`, `cert-manager 1.4.0`.
fn brought(version: &str) -> String {
    match version.contains(' ') {
        true => version.to_owned(),
        false => format!("Kubernetes {version}"),
    }
}

/// What to write, if every version that is meant serves it.
fn instead(manifest: &Manifest, life: &Life, apis: &[Api]) -> String {
    let own = &*manifest.id.kind;
    let Some((api_version, kind)) = &life.replacement else {
        return "nothing takes its place under another version: see its release notes".to_owned();
    };
    let kind = if kind.is_empty() { own } else { kind };
    let is_builtin = crate::api::is_builtin_group(split(api_version).0);
    let lacking = apis.iter().find(|api| is_builtin && !api.serves(api_version, kind));
    match lacking {
        Some(api) => format!(
            "`{api_version} {kind}` takes its place, but Kubernetes {} does not serve it",
            api.version()
        ),
        None if kind == own => format!("write `apiVersion: {api_version}`"),
        None => format!("`{api_version} {kind}` takes its place"),
    }
}

fn at_version(finding: Diagnostic, manifest: &Manifest) -> Diagnostic {
    let node = manifest.node.get("apiVersion").unwrap_or(&manifest.node);
    let finding = point_at(finding, node).subject(manifest.id.to_string());
    finding.known_by(manifest.id.in_full(), "apiVersion")
}
