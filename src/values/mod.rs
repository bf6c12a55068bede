//! Layers of values become one tree that remembers its origins.
//!
//! `file, --set argument  --read, set-->  Layer  --merge-->  Values  --get-->  Node with its place`
//!
//! A layer is a list of edits: a values file is one edit at the root, an argument one for each path
//! that it sets. Promise: merging is a left fold that cannot fail; maps merge deep, lists and
//! scalars replace, `null` deletes; a key keeps the position of its first appearance; every node
//! carries the place of the layer that won; what no layer touches is shared, not copied. Knows no
//! Kubernetes, no templates and no schema beyond the names of its top-level properties.

mod edit;
mod known;
mod layer;
mod merge;
mod merged;
mod set;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod shown;

pub use edit::{Edit, Step};
pub use known::Known;
pub use layer::{Layer, Reach};
pub use merge::merge;
pub use merged::{SecretScalars, Setting, Values};
pub use set::SetKind;
