//! Patches of objects: which they are for, and the two kinds that there are.
//!
//! `text  --strategic merge | JSON 6902-->  changed object`
//!
//! Promise: what kustomize 5.6 does to an object, bugs included, or, where [`Lists::ByAllKeys`] is asked for, what the API
//! server does with the keys of lists; every fault names the place in the patch. Reads no files.

mod directive;
mod elements;
mod keyed;
mod keys;
mod spelling;
mod strategic;

pub use keys::MergeKeys;
pub use strategic::{Lists, Merging, merge};

#[cfg(test)]
mod tests;
