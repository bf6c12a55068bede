//! Volumes and their drivers.
//!
//! Source: `GetWarningsForPersistentVolume` of upstream's `pkg/api/persistentvolume/util.go`.

use super::pods::{OLD_TYPES, old_type};
use super::{At, CodeRule, Found};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PersistentVolumeSpec", judge: old_types },
    CodeRule { on: "core/v1.PersistentVolumeSpec", judge: recycled },
    CodeRule { on: "storage/v1.CSIDriverSpec", judge: tokens_among_attributes },
];

/// Not every old type is warned of here.
fn old_types(volume: &At<'_>, found: &mut Found) {
    for (name, _, _) in
        OLD_TYPES.iter().filter(|(name, _, _)| !["flocker", "quobyte"].contains(name))
    {
        old_type(volume, name, found);
    }
}

fn recycled(volume: &At<'_>, found: &mut Found) {
    let policy = volume.get("persistentVolumeReclaimPolicy");
    if policy.text() == "Recycle" {
        found
            .warn(&policy, "is `Recycle`, which is deprecated")
            .hint("write `Delete` or `Retain`, and let a storage class make volumes");
    }
}

/// `WarningsOnCreate` of `pkg/registry/storage/csidriver`.
fn tokens_among_attributes(driver: &At<'_>, found: &mut Found) {
    let place = driver.get("serviceAccountTokenInSecrets");
    let is_asked = !driver.get("tokenRequests").is_empty();
    if is_asked && !place.is_set() && driver.object().version.minor() >= 35 {
        found
            .warn(
                &place,
                "is absent, so tokens go among the attributes of volumes, which drivers may log",
            )
            .hint("set it to `true` if the driver knows it, else to `false`");
    }
}
