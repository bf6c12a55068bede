//! ConfigMaps and Secrets that are made, and the hashes behind their names.
//!
//! `literals, files, lines  -->  Datum*  --make-->  Resource  --absorb-->  Resources  --hash_names-->  Resources`
//!
//! Promise: the data, the merging and the hash of kustomize 5.6, byte for byte. What the data is made of was read before:
//! this knows no files, and nothing but the text that it is given; a name without a value in a file of lines is empty.

mod absorb;
mod hash;
mod object;
mod policy;
mod sources;

pub use absorb::absorb;
pub use hash::hash_names;
pub use object::{GeneratedKind, Recipe, make};
pub use policy::{Policy, service_account};
pub use sources::{Cut, Datum, Lines, file_source, lines, literal};

use super::Fault;
use crate::diag::{Code, Diagnostic, Excerpt};

/// What is wrong with what an object is made of.
///
/// What stands at its place is not shown where it may be a secret.
#[must_use]
pub fn told(fault: Fault, excerpt: Excerpt) -> Diagnostic {
    let Fault { message, place, hint } = fault;
    let finding = Diagnostic::error(Code::KustomizeData, message).at(place, "").hint(hint);
    match excerpt {
        Excerpt::Shown => finding,
        Excerpt::Hidden => finding.without_excerpts(),
    }
}
