//! Fixtures of other tools, and what `jibe lint` says of them.
//!
//! - `validators`: the manifests by which kubeconform and kubectl-validate are tested, their verdicts and the fields that they name;
//! - `removals`: the manifests of APIs that are gone by which kube-no-trouble is tested;
//! - `pods`: the pods by which Pod Security is tested, which API servers take.
//!
//! None of them is part of this repository: where `../shared/conformance` is absent, each test says so and passes.
//! `differences.txt` has what jibe answers otherwise, with the reason, and must be exact: `cargo bless --test conformance` takes
//! off what differs no more; whoever wants a new line writes it, with its reason.

mod archive;
mod differences;
mod pods;
mod removals;
mod validators;
