//! Charts and per-environment values in, the exact Kubernetes manifests of a GitOps repository out.
//!
//! `Workspace::open → target → build → Build {values, manifests, tree, warnings, inputs}`; `docs/library.md` has
//! examples. The modules stand in reading order; each uses only modules above it.
#![warn(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr
)]

pub mod source;
pub mod diag;
pub mod yaml;
pub mod cel;
pub mod api;
pub mod values;
pub mod manifest;
pub mod transform;
pub mod check;
pub mod lint;
pub mod kustomize;
pub mod chart;
pub mod workspace;
pub mod render;
pub mod tree;
pub mod receipt;
pub mod explain;
pub mod docs;
mod built;
mod pipeline;

pub use built::{
    Build, Builds, DependencyBuild, Layered, Merged, TargetBuild, TreeBuild, Unchecked,
};
pub use diag::{Code, Diagnostic, Failure};
pub use pipeline::{Builder, build};
pub use tree::{Changes, Tree};
pub use workspace::{Target, Workspace};

/// The examples of `docs/library.md`, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/library.md")]
struct Library;
