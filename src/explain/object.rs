//! Which object is meant: `Deployment/web`, `Certificate.cert-manager.io/web`, `Role/shop/web`.

use super::Unknown;
use crate::diag::nearest;
use crate::manifest::{Manifest, Manifests};

/// How many objects a hint lists.
const MAX_LISTED: usize = 20;

/// The object of this name; where none has it, the one that had it before a kustomization renamed it.
///
/// # Errors
/// When there is none, or several.
pub(super) fn object<'m>(manifests: &'m Manifests, typed: &str) -> Result<&'m Manifest, Unknown> {
    let (found, hint) = match meant(manifests, typed, is_called) {
        now if now.is_empty() => {
            (meant(manifests, typed, was_called), "name it by what it is called now")
        }
        now => (now, "name its group or namespace as it is shown there"),
    };
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(unknown(manifests, typed)),
        several => {
            let full: Vec<_> =
                several.iter().map(|one| format!("`{}`", name(manifests, one))).collect();
            let message = format!("`{typed}` can be {}", full.join(" or "));
            Err(Unknown { message, hint: hint.to_owned() })
        }
    }
}

/// The object that a word begins with and the path behind its name: `Deployment/web.spec.replicas`. Names may hold dots: the
/// longest one that there is counts.
#[must_use]
pub fn object_and_path<'w>(
    manifests: &Manifests,
    word: &'w str,
) -> Option<(&'w str, Option<&'w str>)> {
    let slash = word.find('/')?;
    let is_there = |typed: &str| {
        [is_called, was_called].iter().any(|by| !meant(manifests, typed, *by).is_empty())
    };
    if is_there(word) {
        return Some((word, None));
    }
    let mut dots = word.rmatch_indices('.').map(|(at, _)| at).filter(|at| *at > slash);
    let dot = dots.find(|at| is_there(&word[..*at]))?;
    Some((&word[..dot], Some(&word[dot + 1..])))
}

/// Whether an object goes by a name.
type By = fn(&Manifest, &str) -> bool;

fn meant<'m>(manifests: &'m Manifests, typed: &str, by: By) -> Vec<&'m Manifest> {
    manifests.iter().filter(|manifest| is_meant(manifest, typed, by)).collect()
}

fn is_called(manifest: &Manifest, name: &str) -> bool {
    *manifest.id.name == *name
}

fn was_called(manifest: &Manifest, name: &str) -> bool {
    manifest.called.iter().any(|called| **called == *name)
}

/// The shortest name that means this object among its target's.
pub(super) fn name(manifests: &Manifests, manifest: &Manifest) -> String {
    let id = &manifest.id;
    let group = if id.group.is_empty() { String::new() } else { format!(".{}", id.group) };
    let namespace = id.namespace.as_ref().map(|one| format!("{one}/")).unwrap_or_default();
    let (kind, name) = (&id.kind, &id.name);
    let names = [
        format!("{kind}/{name}"),
        format!("{kind}/{namespace}{name}"),
        format!("{kind}{group}/{name}"),
    ];
    let is_alone = |name: &&String| meant(manifests, name, is_called).len() == 1;
    let full = || format!("{kind}{group}/{namespace}{name}");
    names.iter().find(is_alone).cloned().unwrap_or_else(full)
}

fn is_meant(manifest: &Manifest, typed: &str, by: By) -> bool {
    let Some((kind, name)) = typed.split_once('/') else { return false };
    let (namespace, name) = match name.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, name),
    };
    let (kind, group) = match kind.split_once('.') {
        Some((kind, group)) => (kind, Some(group)),
        None => (kind, None),
    };
    let id = &manifest.id;
    id.kind.eq_ignore_ascii_case(kind)
        && by(manifest, name)
        && group.is_none_or(|group| *id.group == *group)
        && namespace.is_none_or(|namespace| id.namespace.as_deref() == Some(namespace))
}

fn unknown(manifests: &Manifests, typed: &str) -> Unknown {
    let names: Vec<_> = manifests.iter().map(|manifest| name(manifests, manifest)).collect();
    let before = manifests.iter().flat_map(|manifest| {
        manifest.called.iter().map(|called| format!("{}/{called}", manifest.id.kind))
    });
    let known: Vec<_> = names.iter().cloned().chain(before).collect();
    let hint = match nearest(typed, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "the target has no objects".to_owned(),
        None => {
            let more = names.len().saturating_sub(MAX_LISTED);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            let listed = names.iter().take(MAX_LISTED).cloned().collect::<Vec<_>>().join(", ");
            format!("the objects are {listed}{rest}")
        }
    };
    Unknown { message: format!("nothing rendered is called `{typed}`"), hint }
}
