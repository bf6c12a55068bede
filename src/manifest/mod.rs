//! YAML documents become Kubernetes objects with an identity.
//!
//! `Draft*  --expand-->  one draft an object  --identify-->  Manifests  --distinct-->  no object twice`
//!
//! Promise: every manifest has an `apiVersion`, a kind and a name that can be one; lists are taken
//! apart; a namespace is stamped only where a namespaced kind lacks one; no object exists twice, within a
//! target or across the targets of an environment; the order is that of the identities, whatever order
//! files and templates had. An object by itself, which goes nowhere, may lack a name ([`recognise`]). Judges no other field, prints nothing and knows no charts.

mod distinct;
mod draft;
mod edit;
mod expand;
mod id;
mod identify;
mod identity;
mod loose;
mod manifests;
mod placement;
mod point;

#[cfg(test)]
mod tests;

pub use distinct::{Claim, Part, distinct};
pub use draft::{Draft, definitions, drafts};
pub use edit::{Edit, Effect};
pub use id::ObjectId;
pub use identify::identify;
pub use loose::{objects, recognise};
pub use manifests::{Manifest, Manifests};
pub use placement::{Placement, Stamp};
pub use point::point_at;
