//! Why a value is what it is, and what a field of a manifest was made of.
//!
//! `path as typed  --parse, resolve-->  Part*  --value, field-->  ValueExplained, FieldExplained`
//!
//! Promise: what is told is what the merge and the render recorded, never a guess that is not called
//! one; lists of settings begin with the strongest; everything that shows a value goes through
//! `shown`. Renders nothing itself, prints nothing.

mod differences;
mod field;
mod leaves;
mod object;
mod path;
mod rendered;
mod schema;
mod settings;
mod shown;
mod value;

#[cfg(test)]
mod tests;

pub use differences::{Difference, differences};
pub use field::{FieldExplained, FieldLeaf, Hole, Origin, UsedValue, field};
pub use leaves::{leaves, sources};
pub use path::{Part, path_text};
pub use settings::{Does, Setting, Spot};
pub use shown::{in_json, in_text, in_yaml};
pub use value::{PrintedIn, State, ValueExplained, ValueLeaf, value};

use crate::check::Checked;
use crate::render::Trace;
use crate::source::{Files, Place};
use crate::tree::Tree;
use crate::values::Values;
use crate::workspace::Target;
use serde_json::Value as Json;
use std::sync::Arc;

/// What is explained.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s> {
    /// The texts that places point into.
    pub files: &'s Files,
    /// The target.
    pub target: &'s Target,
    /// What its templates see as `target.service`; those of a dependency see a name of its own.
    pub service: &'s str,
    /// Its merged values; none for plain manifests.
    pub values: Option<&'s Values>,
    /// The chart's values.schema.json.
    pub schema: Option<&'s Json>,
    /// What it became; none when it cannot be rendered.
    pub made: Option<Made<'s>>,
}

/// What a target became.
#[derive(Debug, Clone, Copy)]
pub struct Made<'s> {
    /// Its manifests.
    pub manifests: &'s Checked,
    /// What they were made of; none for plain manifests.
    pub trace: Option<&'s Trace>,
    /// Its files, if it lies in a workspace that has a place for them.
    pub tree: Option<&'s Tree>,
    /// The folder of the tree, as a user would write its path.
    pub tree_root: &'s str,
}

/// What was asked for is not there: what, and the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What is not there.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// The dependency of the target's chart that an object came out of; none for one of the chart's own,
/// and for one that is not there.
#[must_use]
pub fn dependency_of(manifests: &Checked, object: &str) -> Option<Arc<str>> {
    object::object(manifests, object).ok()?.part.clone()
}

impl Subject<'_> {
    /// A place as `file:line`; an argument of the command line has no line.
    fn spot(&self, place: Place) -> Spot {
        Spot::of(self.files, place)
    }
}
