//! The names of time zones.

use std::collections::BTreeSet;
use std::sync::OnceLock;

const NAMES: &str = include_str!("../../../../schema/time-zones.txt");

/// Whether a server can read a zone. Zones with and without leap seconds have folders of their own on most systems.
pub(super) fn is_known(name: &str) -> bool {
    static KNOWN: OnceLock<BTreeSet<&str>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| NAMES.lines().filter(|line| !line.starts_with('#')).collect());
    let inner = name.strip_prefix("posix/").or_else(|| name.strip_prefix("right/"));
    known.contains(inner.unwrap_or(name))
}
