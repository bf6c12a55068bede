//! The charts of one target: its own, and those that it depends on, each with its values.
//!
//! `chart + layers  --merge-->  Part  --when, passed values-->  Part of each dependency  --render-->  Draft*`
//!
//! Promise: a dependency sees its own defaults, its overlays of the environment and what is passed to
//! it, nothing else; an object knows the dependency that it came out of.

use super::merged::layers;
use super::{About, Builder, DependencyBuild, read};
use crate::chart::{Chart, Condition, Dependency, NAME_RULE, below, wrong_name};
use crate::diag::{Code, Diagnostic, Failure, Reported, Severity, Sink, nearest};
use crate::manifest::{self, Draft};
use crate::render::{Budget, Rendered, SecretsMade, Seen, Trace, Unread};
use crate::source::{Inputs, Place, RelPath, Secrets};
use crate::values::{Layer, Reference, Values};
use crate::workspace::{DependencyMaterial, Material, Target, TargetSource};
use crate::yaml::{self, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One chart of a target, with its values.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) chart: Arc<Chart>,
    /// What its templates see as `target.service`.
    pub(super) service: String,
    pub(super) values: Values,
    /// What made it a part; none for the target's own chart.
    used: Option<Use>,
    /// The references by which the chart that it is a part of passes values on to it.
    passed: Vec<Reference>,
    /// The paths of its values that its dependencies looked at, and those taken as a whole.
    looked: Vec<Vec<String>>,
    whole: Vec<Vec<String>>,
    /// The folders of kustomizations over what it renders, weakest first.
    pub(super) edits: Vec<RelPath>,
}

/// What all parts of a target printed, besides the documents.
#[derive(Debug, Default)]
pub(super) struct Printed {
    /// What the values that each part printed were made of, if the builder traces.
    pub(super) traces: Vec<Option<Trace>>,
    /// What secret values became.
    pub(super) secrets: SecretsMade,
}

/// What makes a chart a part of another.
#[derive(Debug, Clone)]
struct Use {
    /// The names of the dependencies that lead to it, `/` between them.
    name: Arc<str>,
    /// Where chart.yaml names it.
    place: Place,
}

/// The values and the trace of the target's own chart, and what became of its dependencies.
pub(super) fn told_apart(
    parts: Vec<Part>,
    traces: Vec<Option<Trace>>,
) -> (Values, Option<Trace>, Vec<DependencyBuild>) {
    let mut all = parts.into_iter().zip(traces);
    let (own, trace) = all.next().expect("the first part is the target's own chart");
    (own.values, trace, all.filter_map(|(part, trace)| part.built(trace)).collect())
}

impl Part {
    /// What it became; none for the target's own chart.
    pub(super) fn built(self, trace: Option<Trace>) -> Option<DependencyBuild> {
        let Self { chart, service, values, passed, .. } = self;
        let name = self.used?.name;
        Some(DependencyBuild { name, service, values, chart, passed, trace })
    }

    /// The names of the dependencies that lead to it, `/` between them; none for the target's own
    /// chart.
    pub(super) fn name(&self) -> Option<&Arc<str>> {
        self.used.as_ref().map(|used| &used.name)
    }
}

impl Builder<'_> {
    /// The merged values of the dependencies that a target's chart renders along, without rendering
    /// them.
    ///
    /// # Errors
    /// As [`Builder::values`].
    pub fn dependencies(&self, target: &Target) -> Result<Vec<DependencyBuild>, Failure> {
        let mut sink = Sink::new(self.workspace.files());
        let parts = self.workspace.gather(target, &mut sink).and_then(|material| {
            let TargetSource::Chart(chart) = &material.source else { return Ok(Vec::new()) };
            self.parts((target, &Secrets::default()), chart, &material, &mut sink)
        });
        sink.finish()?;
        let parts = parts.expect("an error leaves a failure behind");
        Ok(parts.into_iter().filter_map(|part| part.built(None)).collect())
    }

    /// A target's chart and the dependencies that its values want, a chart before its own
    /// dependencies, these in the order of chart.yaml.
    pub(super) fn parts(
        &self,
        (target, secrets): (&Target, &Secrets),
        chart: &Arc<Chart>,
        material: &Material,
        sink: &mut Sink,
    ) -> Result<Vec<Part>, Reported> {
        let layers = layers(chart, material, &self.extra);
        let file = self.workspace.values_file(target);
        let about = About { target, service: &target.service, secrets, passed: None };
        let values = self.merge((chart, about), &layers, &file, sink)?;
        let (chart, service) = (Arc::clone(chart), target.service.clone());
        let (passed, looked, whole) = Default::default();
        let edits = material.edits.chart.clone();
        let own = Part { chart, service, values, used: None, passed, looked, whole, edits };
        let mut parts = vec![own];
        self.add_dependencies(about, &mut parts, &material.dependencies, sink);
        sink.passed().map(|()| parts)
    }

    /// Adds the dependencies of the last part.
    fn add_dependencies(
        &self,
        about: About<'_>,
        parts: &mut Vec<Part>,
        materials: &[DependencyMaterial],
        sink: &mut Sink,
    ) {
        let at = parts.len() - 1;
        let dependencies = Arc::clone(&parts[at].chart);
        for (dependency, material) in dependencies.dependencies.iter().zip(materials) {
            // What is wrong with one of them says nothing of the next.
            let condition = dependency.when.iter().map(|when| when.path.clone());
            parts[at].looked.extend(condition);
            let of = (about, &parts[at]);
            if let Ok(Some(part)) = self.dependency(of, dependency, material, sink) {
                for reference in &part.passed {
                    parts[at].looked.extend_from_slice(&reference.looked);
                    parts[at].whole.extend_from_slice(&reference.whole);
                }
                parts.push(part);
                self.add_dependencies(about, parts, &material.dependencies, sink);
            }
        }
    }

    /// The part that a dependency is; none if it is not wanted.
    fn dependency(
        &self,
        (about, of): (About<'_>, &Part),
        dependency: &Dependency,
        material: &DependencyMaterial,
        sink: &mut Sink,
    ) -> Result<Option<Part>, Reported> {
        let files = self.workspace.files();
        if let Some(when) = &dependency.when {
            let defaults = files.shown(&below(&of.chart.folder, "values.yaml"));
            if !is_wanted(when, dependency, (&of.values, &defaults), sink)? {
                return Ok(None);
            }
        }
        let service = service_name(of, dependency, sink)?;
        let own = About { service: &of.service, ..about };
        let (layer, passed) = self.passed((own, of), dependency, sink)?;
        let defaults = std::iter::once(&dependency.chart.defaults);
        let layers: Vec<_> = defaults.chain(&material.layers).cloned().chain(layer).collect();
        let used = Use::of(of, dependency);
        let chart = Arc::clone(&dependency.chart);
        let about = About { service: &service, passed: Some((&of.values, &passed)), ..about };
        let file = files.shown(&below(&of.chart.folder, "chart.yaml"));
        let file = format!("{file}, below the `values` of this dependency");
        let merge = |sink: &mut Sink| self.merge((&chart, about), &layers, &file, sink);
        let values = used.telling(sink, merge)?;
        let (looked, whole) = Default::default();
        let (used, edits) = (Some(used), material.edits.clone());
        Ok(Some(Part { chart, service, values, used, passed, looked, whole, edits }))
    }

    /// The layer of what a chart passes on to a dependency, with its references to the chart's own
    /// values resolved, and these.
    fn passed(
        &self,
        (about, of): (About<'_>, &Part),
        dependency: &Dependency,
        sink: &mut Sink,
    ) -> Result<(Option<Layer>, Vec<Reference>), Reported> {
        let Some(values) = &dependency.values else { return Ok((None, Vec::new())) };
        let context = self.context(about, &of.values);
        let (values, references) = self.references.pass(&of.chart, &context, values, sink)?;
        let name = format!("dependency {} of {}", dependency.name, of.chart.name);
        Ok((values.map(|values| Layer::passed(name, values)), references))
    }

    /// What all parts print, and the definitions in their `crds/`, each chart's once.
    pub(super) fn drafts(
        &self,
        target: &Target,
        parts: &[Part],
        unread: Option<&Unread>,
        sink: &mut Sink,
    ) -> Result<(Printed, Vec<Draft>), Reported> {
        let budget = Arc::new(Budget::default());
        let (mut drafts, mut definitions, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut printed = Printed::default();
        for part in parts {
            if let Ok(rendered) = self.rendered((target, unread), part, &budget, sink) {
                let part_of = |node| Draft { part: part.name().cloned(), ..Draft::new(node) };
                drafts.extend(rendered.documents.into_iter().map(part_of));
                printed.traces.push(rendered.trace);
                printed.secrets.extend(rendered.secrets);
            }
            if known.insert(&part.chart.folder) {
                let (folder, crds) = (&part.chart.folder, &part.chart.crds);
                let read =
                    |_: &mut Inputs, sink: &mut Sink| read(crds, manifest::definitions, sink);
                let found = self.crds.get(folder, &mut Inputs::default(), sink, read);
                definitions.extend(found.into_iter().flatten());
            }
        }
        drafts.extend(definitions);
        sink.passed().map(|()| (printed, drafts))
    }

    fn rendered(
        &self,
        (target, unread): (&Target, Option<&Unread>),
        part: &Part,
        budget: &Arc<Budget>,
        sink: &mut Sink,
    ) -> Result<Rendered, Reported> {
        let renderer = self.renderer(&part.chart, sink)?;
        let secrets = &Secrets::default();
        let about = About { target, service: &part.service, secrets, passed: None };
        let mut context = self.context(about, &part.values);
        context.budget = Arc::clone(budget);
        let render = |sink: &mut Sink| match unread {
            Some(_) => renderer.render(&context, sink),
            None => renderer.render_only(&context, sink),
        };
        let mut rendered = match &part.used {
            Some(used) => used.telling(sink, render)?,
            None => render(sink)?,
        };
        if let Some(unread) = unread {
            rendered.reads.pass_on(&part.looked, &part.whole, &part.values);
            unread.note(&Seen {
                chart: part.chart.folder.as_str(),
                renderer: &renderer,
                values: &part.values,
                reads: &rendered.reads,
                passed: &part.passed,
                weight: target.severities.of(Code::ValuesUnused, Severity::Warning),
            });
        }
        rendered.documents.iter().for_each(|document| yaml::warn_of_boolean_keys(document, sink));
        Ok(rendered)
    }
}

impl Use {
    fn of(part: &Part, dependency: &Dependency) -> Self {
        let name = match part.name() {
            Some(outer) => format!("{outer}/{}", dependency.name),
            None => dependency.name.clone(),
        };
        Self { name: name.into(), place: dependency.place }
    }

    /// Does work whose findings name the dependency, too.
    fn telling<T>(&self, sink: &mut Sink, work: impl FnOnce(&mut Sink) -> T) -> T {
        let (done, found) = sink.apart(work);
        for finding in found {
            sink.tell(finding.also(self.place, format!("for the dependency `{}`", self.name)));
        }
        done
    }
}

/// What a dependency's templates see as `target.service`.
fn service_name(of: &Part, dependency: &Dependency, sink: &mut Sink) -> Result<String, Reported> {
    let service = format!("{}-{}", of.service, dependency.name);
    let Some(wrong) = wrong_name(&service) else { return Ok(service) };
    let message = format!("the service name `{service}` that this dependency gets {wrong}");
    let finding = Diagnostic::error(Code::ChartDependency, message).at(dependency.place, "");
    Err(sink.error(finding.hint(NAME_RULE)))
}

/// Whether the value that a dependency depends on is true.
fn is_wanted(
    when: &Condition,
    dependency: &Dependency,
    (values, defaults): (&Values, &str),
    sink: &mut Sink,
) -> Result<bool, Reported> {
    let (path, name) = (yaml::path_text(&when.path), &dependency.name);
    let keys: Vec<_> = when.path.iter().map(String::as_str).collect();
    let Some(node) = values.get(&keys) else {
        let message =
            format!("`{path}`, which says whether the dependency `{name}` is rendered, is not set");
        let finding = Diagnostic::error(Code::ChartDependency, message).at(when.place, "");
        return Err(sink.error(finding.hint(not_set(&keys, values, defaults))));
    };
    match node.as_scalar().map(|scalar| &scalar.value) {
        Some(Value::Bool(truth)) => Ok(*truth),
        _ => {
            let what = match node.as_scalar() {
                Some(scalar) if !node.is_null() => format!("{} `{}`", node.kind(), scalar.text),
                _ => node.kind().to_owned(),
            };
            let message = format!("`{path}` must be `true` or `false`, but is {what}");
            let text = format!("says whether the dependency `{name}` is rendered");
            let finding = Diagnostic::error(Code::ChartDependency, message).at(node.place, "");
            let hint = "write `true` or `false` there, without quotes";
            Err(sink.error(finding.also(when.place, text).hint(hint)))
        }
    }
}

/// The next step where no value stands at the end of a path: its first key that is missing decides.
fn not_set(keys: &[&str], values: &Values, defaults: &str) -> String {
    let reached = (0..keys.len()).rev().find_map(|n| Some((n, values.get(&keys[..n])?)));
    let (depth, node) = reached.unwrap_or((0, values.root()));
    let known = node.as_map().into_iter().flat_map(|map| map.keys()).map(|key| &*key.name);
    match nearest(keys[depth], known) {
        Some(near) => {
            let path: Vec<_> = keys[..depth].iter().chain([&near]).copied().collect();
            format!("did you mean `{}`?", yaml::path_text(path))
        }
        None => format!("set `{}` in `{defaults}` to `true` or `false`", yaml::path_text(keys)),
    }
}
