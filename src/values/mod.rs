//! Layers of values become one tree that remembers its origins.
//!
//! `file, --set argument  --read, set-->  Layer  --merge-->  Values  --get-->  Node with its place`
//!
//! A layer is a list of edits: a values file is one edit at the root, an argument one for each path
//! that it sets. Promise: merging is a left fold that cannot fail; maps merge deep, lists and
//! scalars replace, `null` deletes; lists that the chart's schema keys merge by their items' keys; a
//! key keeps the position of its first appearance; every node carries the place of the layer that
//! won; what no layer touches is shared, not copied. Knows no Kubernetes, no templates (a reference
//! is a leaf, which `render` resolves) and of a schema only what [`Known`] holds.

mod edit;
mod fit;
mod hole;
mod keyed;
mod kinds;
mod known;
mod layer;
mod lists;
mod merge;
mod member;
mod merged;
mod misuse;
mod reference;
mod said;
mod scalars;
mod schema;
mod secret;
mod set;
mod settle;
mod weave;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod shown;

pub use edit::{Edit, Step};
pub use hole::Hole;
pub use keyed::is_meant;
pub use known::Known;
pub use layer::{Layer, Reach};
pub use lists::ListFault;
pub use member::{Member, member};
pub use merge::{Merger, merge};
pub use merged::{Setting, Values};
pub use misuse::{check, check_resolved};
pub use reference::{REFERENCE, Reference, is_reference};
pub use scalars::scalars;
pub use secret::SecretScalars;
pub use set::SetKind;
