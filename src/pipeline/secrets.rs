//! The secret values of a target: marked where they stand, and known by what they say.
//!
//! `Values + marks of the schema + references to secrets  -->  Values that know which scalars are secret`
//!
//! Promise: what a schema marks, what a reference makes of it and what a chart passes on of it is secret
//! to all that comes behind. Prints nothing.

use super::{About, Builder};
use crate::chart::Chart;
use crate::check::{self, Sensitive};
use crate::manifest::Manifests;
use crate::render::SecretsMade;
use crate::source::{Place, Secrets};
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
        let is_passed = about.passed.is_some_and(|(of, _)| !of.secret().is_empty());
        if marks.is_none() && about.secrets.is_empty() && !is_passed {
            return;
        }
        let root = values.root().clone();
        if let Some(marks) = marks {
            self.learn_from(values.layers(), (chart, marks));
            let marked = marks.among(&root);
            marked.iter().for_each(|node| check::keep_secret(node, about.secrets));
            values.keep_secret(marked);
        }
        let scalars = check::scalars(&root);
        keep_copies(&scalars, values, about.secrets);
        if let Some((of, passed)) = about.passed {
            values.keep_secret_from(of, passed);
        }
        values.keep_secret_through_references();
        let files = self.workspace.files();
        for scalar in scalars.iter().filter(|scalar| values.secret().hold(scalar)) {
            check::keep_secret(scalar, about.secrets);
            check::keep_secret(scalar, files.secrets());
        }
        keep_copies(&scalars, values, about.secrets);
    }

    /// Takes in what templates made of secret values, such as a hash, for all that is shown: it may be let
    /// pass into files, whose differences are shown. A key that was made of one is a secret of the target.
    pub(super) fn learn_made(&self, manifests: &Manifests, made: &SecretsMade, known: &Secrets) {
        let scalars = manifests.iter().flat_map(|manifest| check::scalars(&manifest.node));
        let secrets = self.workspace.files().secrets();
        for key in made.keys() {
            known.add(key);
            secrets.add(key);
        }
        let is_made = |node: &&yaml::Node| made.value_in(node).is_some();
        scalars.filter(is_made).for_each(|node| check::keep_secret(node, secrets));
    }

    /// Takes in what a chart's secret values say in each layer, as it is written there.
    /// It is asked before the layers are merged, too, which may fail.
    pub(super) fn learn_from(&self, layers: &[Layer], (chart, marks): (&Chart, &Sensitive)) {
        let files = self.workspace.files();
        let spelt = |node: &yaml::Node| {
            let source = files.source(node.place.file);
            let written = source.text().get(node.place.span.range()).unwrap_or_default();
            files.secrets().add(written.trim_matches(['"', '\'']));
            check::keep_secret(node, files.secrets());
        };
        let is_new = |layer: &&Layer| {
            let mut known = self.marked.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert((chart.folder.clone(), layer.place))
        };
        for layer in layers.iter().filter(is_new) {
            let mut alone = layer.clone();
            alone.reach = Reach::Own;
            let said = values::merge(&alone, &[], &Known::default());
            marks.among(said.root()).into_iter().for_each(spelt);
        }
    }
}

/// The path of the first secret value that stands in a text, in some spelling, and where it is set.
pub(super) fn said_by(values: &Values, text: &str) -> Option<(String, Place)> {
    values.secrets().into_iter().find_map(|(path, node)| {
        let said = Secrets::default();
        check::keep_secret(node, &said);
        said.are_in(text).then(|| (yaml::path_text(path), node.place))
    })
}

/// The path of the secret value that is set at a place.
pub(super) fn set_at(values: &Values, place: Place) -> Option<String> {
    let (path, _) = values.secrets().into_iter().find(|(_, node)| node.place == place)?;
    Some(yaml::path_text(path))
}

/// Marks those texts in which a secret stands, wherever they come from.
fn keep_copies(scalars: &[&yaml::Node], values: &mut Values, secrets: &Secrets) {
    let is_copy = |node: &&&yaml::Node| node.as_str().is_some_and(|text| secrets.are_in(text));
    values.keep_secret(scalars.iter().filter(is_copy).copied());
}
