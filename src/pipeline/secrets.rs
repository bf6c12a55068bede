//! The secret values of a target: marked where they stand, and known by what they say.
//!
//! `Values + marks of the schema + references to secrets  -->  Values that know which scalars are secret`
//!
//! Promise: what a schema marks, what a reference makes of it and what a chart passes on of it is secret
//! to all that comes behind. Prints nothing.

use super::{About, Builder};
use crate::chart::Chart;
use crate::check::{self, Sensitive};
use crate::values::{self, Known, Layer, Reach, Values};
use crate::yaml;
use std::sync::PoisonError;

impl Builder<'_> {
    /// Marks the secret values, and takes in what they and those that they override say: for this
    /// target, and for all that is shown.
    pub(super) fn keep_secrets(
        &self,
        (chart, marks): (&Chart, Option<&Sensitive>),
        values: &mut Values,
        about: About<'_>,
    ) {
        if let Some(marks) = marks {
            self.learn_overridden(chart, marks, values);
        } else if about.passed_secrets.is_empty() {
            return;
        }
        let root = values.root().clone();
        let marked = marks.map_or_else(Vec::new, |marks| marks.among(&root));
        marked.iter().for_each(|node| check::keep_secret(node, about.secrets));
        values.keep_secret(marked);
        let scalars = check::scalars(&root);
        for node in values.keep_made_of_secrets(&scalars, about.passed_secrets) {
            check::keep_secret(node, about.secrets);
            check::keep_secret(node, self.workspace.files().secrets());
        }
        let is_copy = |text| about.secrets.are_in(text);
        values.keep_secret(scalars.into_iter().filter(|node| node.as_str().is_some_and(is_copy)));
    }

    /// Takes in what a chart's secret values say in each layer, as it is written there.
    fn learn_overridden(&self, chart: &Chart, marks: &Sensitive, values: &Values) {
        let files = self.workspace.files();
        let spelt = |node: &yaml::Node| {
            let source = files.source(node.place.file);
            let written = source.text().get(node.place.span.range()).unwrap_or_default();
            files.secrets().add(written.trim_matches(['"', '\'']));
            check::keep_secret(node, files.secrets());
        };
        let is_new = |layer: &&Layer| {
            let mut known = self.marked.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert((chart.folder.clone(), layer.place.file))
        };
        for layer in values.layers().iter().filter(is_new) {
            let mut alone = layer.clone();
            alone.reach = Reach::Own;
            let said = values::merge(&alone, &[], &Known::default());
            marks.among(said.root()).into_iter().for_each(spelt);
        }
    }
}
