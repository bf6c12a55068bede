//! Patches of objects: which they are for, and the two kinds that there are.
//!
//! `text  --strategic merge | JSON 6902-->  changed object`
//!
//! Promise: what kustomize 5.6 does to an object, bugs included, or, where [`MergeRules::ByAllKeys`] is asked for, what the
//! API server does with the keys of lists; every fault names the place in the patch. Reads no files.

mod apply;
mod directive;
mod edits;
mod elements;
mod exact;
mod json6902;
mod keyed;
mod keys;
mod meaning;
mod noted;
mod requirement;
mod spelling;
mod strategic;
mod target;

pub use apply::{Before, apply_json, merge_named, merge_selected, with_texts};
pub use json6902::{JsonPatch, PatchRules};
pub use keys::MergeKeys;
pub use spelling::marked;
pub use strategic::{Change, MergeRules, Merging, merge};
pub use target::Selector;

#[cfg(test)]
mod tests;
