//! Kustomize-compatible edits of Kubernetes objects, one a file.
//!
//! `Resources  --prefix, namespace, labels, images …-->  Resources  --references, sort-->  Resources`
//!
//! Promise: each edit does what kustomize 5.5 and 5.6 do, bugs included, to our own tree, so that the canonical writer prints
//! their bytes; what an object was called before is kept beside it in typed records and never in its annotations; objects
//! are found by index, so that every edit takes time linear in objects. Reads no files and knows no kustomization files.

mod annotations;
mod field;
pub mod generate;
mod id;
mod images;
mod index;
mod labels;
mod misfit;
mod namespace;
mod object_selector;
mod origin;
pub mod patch;
mod prefix_suffix;
mod references;
pub mod replacements;
mod replicas;
mod resource;
mod resources;
mod rows;
mod scalar;
mod shared;
mod simple;
mod sort;
mod table;
mod text;
mod together;
mod value_add;
mod vars;

pub use annotations::{as_string, finish_annotations};
pub use field::{Create, Fault, FieldPath, FieldSpec, Pattern, split_path, visit};
pub use id::{Gvk, ResId, Scopes, is_of_known_kind, spelling};
pub use images::{Image, ImageNames, TellIdle, set_images};
pub use labels::Labels;
pub use misfit::refuse_misfits;
pub use namespace::{Namespace, Present, SubjectMode};
pub use object_selector::ObjectSelector;
pub use origin::{Origin, Transformation};
pub use prefix_suffix::{Affix, Side};
pub use references::fix_references;
pub use replicas::{Replicas, set_replicas};
pub use resource::{Behavior, Generated, Previous, Resource, holds_nothing};
pub use resources::{Identified, Resources, Twice};
pub use scalar::{set_scalar, set_string};
pub use shared::{follow_shared, part_annotations};
pub use sort::{SortOrder, sort};
pub use table::{Conflict, Lists, NameReference, Tables, add_missing, by_target};
pub use text::Text;
pub use together::{Edit, edit_each};
pub use value_add::{AddTarget, add_value};
pub use vars::{Variable, Variables};
