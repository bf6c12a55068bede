//! Why a value is what it is, and what a field of a manifest was made of.
//!
//! `path as typed  --parse, resolve-->  Part*  --value, field-->  ValueExplained, FieldExplained`
//!
//! Promise: what is told is what the merge and the render recorded, never a guess that is not called
//! one; lists of settings begin with the strongest; references between values are followed both ways,
//! from a chart into those that it depends on too; everything that shows a value goes through `shown`,
//! which knows what is secret. Renders nothing itself, prints nothing.

mod differences;
mod field;
mod leaves;
mod object;
mod path;
mod readers;
mod references;
mod rendered;
mod schema;
mod settings;
mod shown;
mod value;

#[cfg(test)]
mod tests;

pub use differences::{Difference, differences};
pub use field::{FieldExplained, FieldLeaf, Hole, Origin, field};
pub use leaves::{leaves, sources};
pub use object::object_and_path;
pub use path::{Part, path_text};
pub use readers::{PrintedIn, ReadBy};
pub use references::{ReferredBy, UsedValue, refers_to};
pub use settings::{Does, Setting, Spot};
pub use shown::{in_json, in_text, in_yaml, shown, value_path};
pub use value::{State, ValueExplained, ValueLeaf, value};

use crate::chart::Chart;
use crate::manifest::Manifests;
use crate::render::Trace;
use crate::source::{Files, Place};
use crate::tree::Tree;
use crate::values::{Reference, Values};
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
    /// Its own chart, then the dependencies that are rendered along; none for plain manifests.
    pub charts: &'s [ChartValues<'s>],
    /// Which of them is asked about.
    pub asked: usize,
    /// What it became; none when it cannot be rendered.
    pub made: Option<Made<'s>>,
}

/// A chart of a target and its values.
#[derive(Debug, Clone, Copy)]
pub struct ChartValues<'s> {
    /// The names of the dependencies that lead to it, `/` between them; none for the target's own chart.
    pub dependency: Option<&'s str>,
    /// The chart.
    pub chart: &'s Chart,
    /// What its templates see as `target.service`; those of a dependency see a name of its own.
    pub service: &'s str,
    /// Its merged values.
    pub values: &'s Values,
    /// The references by which the chart above it passes values on to it.
    pub passed: &'s [Reference],
    /// What its templates made their output of; none when it was not rendered with a trace.
    pub trace: Option<&'s Trace>,
}

/// What a target became.
#[derive(Debug, Clone, Copy)]
pub struct Made<'s> {
    /// Its manifests, whether they pass the checks or not.
    pub manifests: &'s Manifests,
    /// Its files, if it lies in a workspace that has a place for them, and passes the checks.
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
pub fn dependency_of(manifests: &Manifests, object: &str) -> Option<Arc<str>> {
    object::object(manifests, object).ok()?.part.clone()
}

impl<'s> Subject<'s> {
    /// The chart that is asked about; none for plain manifests.
    fn chart(&self) -> Option<&'s ChartValues<'s>> {
        self.charts.get(self.asked)
    }

    /// What the templates of that chart made their output of.
    fn trace(&self) -> Option<&'s Trace> {
        self.chart()?.trace
    }

    /// A place as `file:line`; an argument of the command line has no line.
    fn spot(&self, place: Place) -> Spot {
        Spot::of(self.files, place)
    }

    /// A text of the user's without secrets.
    fn masked(&self, text: &str) -> String {
        self.files.secrets().mask(text).into_owned()
    }
}

impl<'s> ChartValues<'s> {
    /// What a user calls it: its name as a dependency, or that of the target's own chart.
    fn name(&self) -> &'s str {
        self.dependency.unwrap_or(&self.chart.name)
    }

    fn schema(&self) -> Option<&'s Arc<Json>> {
        self.chart.schema.as_ref().map(|schema| &schema.json)
    }
}
