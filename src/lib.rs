//! Charts and per-environment values in, the exact Kubernetes manifests of a GitOps repository out.
#![warn(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr
)]

pub mod source;
pub mod diag;
pub mod yaml;
pub mod api;
pub mod values;
pub mod manifest;
pub mod check;
pub mod chart;
pub mod workspace;
pub mod render;
pub mod tree;
