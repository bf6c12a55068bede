//! A target's values, before anything is rendered with them.
//!
//! `Layer*  --merge-->  Values  --resolve-->  Values  --mark secrets-->  Values  --schema-->  Values`
//!
//! Promise: what is rendered and what is explained come out of the same steps; where a list cannot be merged
//! or the schema refuses a value, the secrets are known already, so that the message shows none.

use super::{About, Builder, Layered, Merged};
use crate::chart::Chart;
use crate::check::{Sensitive, Setter, ValuesSchema};
use crate::diag::{Code, Diagnostic, Failure, Reported, Severities, Sink};
use crate::source::{Files, Inputs, Place, RelPath, Secrets};
use crate::values::{self, Layer, Values};
use crate::workspace::{Material, Target, TargetSource, Workspace};
use crate::yaml;
use std::sync::Arc;

impl Builder<'_> {
    /// Reads which values the charts of targets mark as secret, so that no message shows them, not even
    /// one about a file or an argument that cannot be read.
    pub fn learn_secrets(workspace: &Workspace, targets: &[&Target]) {
        let schemas = workspace.values_schemas(targets);
        schemas.iter().for_each(|schema| learn(schema, workspace.files()));
    }

    /// The same of a chart that is not read yet, since it may be what cannot be read.
    pub fn learn_secrets_of(files: &Files, folder: &RelPath) {
        let schema = Workspace::schema_of_folder(files, folder);
        schema.iter().for_each(|schema| learn(schema, files));
    }

    /// The merged values of targets, without rendering them.
    ///
    /// # Errors
    /// When a layer cannot be read or a value breaks the chart's schema.
    pub fn values(&self, targets: &[&Target]) -> Result<Merged, Failure> {
        Self::learn_secrets(self.workspace, targets);
        let mut sink = Sink::new(self.workspace.files());
        let merged: Vec<_> =
            targets.iter().map(|target| self.values_of(target, &mut sink)).collect();
        let mut warnings = self.workspace.warnings().to_vec();
        warnings.extend(sink.finish()?);
        Ok(Merged { values: merged.into_iter().flatten().collect(), warnings })
    }

    /// The merged values of a target whatever its schema says, and that schema; none for plain manifests.
    ///
    /// # Errors
    /// When a layer cannot be read.
    pub fn layered(&self, target: &Target) -> Result<Option<Layered>, Failure> {
        let mut sink = Sink::new(self.workspace.files());
        let material = self.workspace.gather(target, &mut sink);
        sink.finish()?;
        let material = material.expect("an error leaves a failure behind");
        let TargetSource::Chart(chart) = &material.source else { return Ok(None) };
        Self::learn_secrets(self.workspace, &[target]);
        let secrets = &Secrets::default();
        let about = About { target, service: &target.service, secrets, passed: None };
        let layers = layers(chart, &material, &self.extra);
        // What cannot be resolved is explained as it is written.
        let mut untold = Sink::new(self.workspace.files());
        let (values, _) = self.compose((chart, about), &layers, &mut untold);
        Ok(Some(Layered { values, chart: Arc::clone(chart) }))
    }

    fn values_of(&self, target: &Target, sink: &mut Sink) -> Result<Option<Values>, Reported> {
        let material = self.workspace.gather(target, sink)?;
        match &material.source {
            TargetSource::Chart(chart) => {
                let parts = self.parts((target, &Secrets::default()), chart, &material, sink)?;
                Ok(parts.into_iter().next().map(|own| own.values))
            }
            TargetSource::Manifests(_) | TargetSource::Kustomization(_) => Ok(None),
        }
    }

    /// A chart's values: layers, its defaults first. `file` is where a message says
    /// that a missing one goes.
    pub(super) fn merge(
        &self,
        (chart, about): (&Chart, About<'_>),
        layers: &[Layer],
        file: &str,
        sink: &mut Sink,
    ) -> Result<Values, Reported> {
        let schema = self.schema(chart, sink)?;
        if let Some(marks) = self.marks(chart, sink) {
            self.learn_from(layers, (chart, &marks));
        }
        values::check(layers, &chart.known, sink)?;
        let (merged, resolved) = self.compose((chart, about), layers, sink);
        resolved?;
        values::check_resolved(&merged, sink)?;
        warn_of_holes(chart, &merged, &about.target.severities, sink);
        if let Some(schema) = schema {
            let deleted_at = |path: &[&str]| {
                let last = merged.history(path).last()?.node;
                last.is_null().then_some(last.place)
            };
            let severities = &about.target.severities;
            let referred = |place: Place| {
                let made = merged.references().iter().find(|reference| reference.made(place))?;
                Some(made.made_of().map(yaml::path_text).collect::<Vec<_>>())
            };
            let (deleted_at, referred) = (&deleted_at, &referred);
            let setter = Setter { file, deleted_at, referred, severities };
            schema.check(merged.root(), &setter, sink)?;
        }
        Ok(merged)
    }

    /// A chart's values before its schema judges them: layers merged, references resolved, secrets
    /// marked; and whether all references could be resolved. Where not, they stand as they are written.
    fn compose(
        &self,
        (chart, about): (&Chart, About<'_>),
        layers: &[Layer],
        sink: &mut Sink,
    ) -> (Values, Result<(), Reported>) {
        let mut values = self.merger.merge(&layers[0], &layers[1..], &chart.known);
        let mut done = Ok(());
        if values.may_refer() {
            match self.references.resolve(chart, &self.context(about, &values), sink) {
                Ok(resolved) => values = resolved,
                Err(reported) => done = Err(reported),
            }
        }
        let marks = self.marks(chart, sink);
        self.keep_secrets((chart, marks.as_ref()), &mut values, about);
        (values, done)
    }

    /// What a chart's schema marks as secret, if it does.
    fn marks(&self, chart: &Chart, sink: &mut Sink) -> Option<Sensitive> {
        let read = |_: &mut Inputs, _: &mut Sink| {
            Ok(chart.schema.as_ref().and_then(|schema| Sensitive::of(&schema.json)))
        };
        let marks = self.marks.get(&chart.folder, &mut Inputs::default(), sink, read);
        marks.ok().flatten()
    }

    /// What judges a chart's values, if it has a schema.
    fn schema(
        &self,
        chart: &Chart,
        sink: &mut Sink,
    ) -> Result<Option<Arc<ValuesSchema>>, Reported> {
        let Some(schema) = &chart.schema else { return Ok(None) };
        let read = |_: &mut Inputs, sink: &mut Sink| {
            let schema = ValuesSchema::read(&schema.source, sink)?;
            for fault in chart.known.faults() {
                schema.refuse(&fault.pointer, (fault.message.clone(), fault.hint), sink);
            }
            sink.passed().map(|()| Arc::new(schema))
        };
        self.schemas.get(&chart.folder, &mut Inputs::default(), sink, read).map(Some)
    }
}

/// Takes in the names under which a schema says that secrets stand.
fn learn(schema: &Arc<serde_json::Value>, files: &Files) {
    let marks = Sensitive::of(schema);
    marks.iter().flat_map(Sensitive::names).for_each(|name| files.secrets().add_name(name));
    let patterns = marks.iter().flat_map(Sensitive::patterns);
    patterns.for_each(|pattern| files.secrets().add_pattern(pattern));
    if marks.iter().any(Sensitive::is_nameless) {
        files.secrets().add_any_name();
    }
}

/// Tells of texts that look like references, unless a template of the chart may render them.
fn warn_of_holes(chart: &Chart, values: &Values, severities: &Severities, sink: &mut Sink) {
    let holes = values.holes();
    if holes.is_empty() || uses_tpl(chart) {
        return;
    }
    for hole in holes {
        let message = format!(
            "`{}` looks like a reference, but is the text as it stands",
            yaml::path_text(&hole.path)
        );
        let written = hole.reference.as_deref().unwrap_or("!tpl \"{{ … }}\"");
        let finding = Diagnostic::warning(Code::ValuesUntagged, message).at(hole.place, "");
        let finding = finding.hint(format!("write `{written}`"));
        let finding = finding.hint("if it is meant for another tool, `checks.severity` of jibe.yaml for an environment: `values/untagged: off`");
        sink.weigh(finding, severities);
    }
}

/// Whether a template of a chart, or of a library that it uses, may render texts.
fn uses_tpl(chart: &Chart) -> bool {
    let templates = chart.templates.iter().map(|template| &template.source);
    let texts = chart.texts.iter().map(|text| &text.source);
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let says_so = |text: &str| {
        text.match_indices("tpl").any(|(at, word)| {
            !is_part(text[..at].chars().next_back())
                && !is_part(text[at + word.len()..].chars().next())
        })
    };
    templates.chain(texts).any(|source| says_so(source.text()))
        || chart.libraries.iter().any(|library| uses_tpl(&library.chart))
}

/// The layers of a target, its chart's defaults first, `extra` on top.
pub(super) fn layers(chart: &Chart, material: &Material, extra: &[Layer]) -> Vec<Layer> {
    let defaults = std::iter::once(&chart.defaults);
    defaults.chain(&material.layers).chain(extra).cloned().collect()
}
