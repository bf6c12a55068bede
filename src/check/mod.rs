//! Manifests become checked manifests, or findings.
