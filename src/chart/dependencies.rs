//! The charts that a chart uses: libraries for their macros, applications as parts of its own.

use super::load::{Library, Shelf, no_chart};
use super::{
    Chart, ChartConfig, ChartKind, DependencyConfig, FolderKind, NAME_RULE, Settings, wrong_name,
};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::{Inputs, Place, RelPath};
use crate::yaml::{self, Node};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many charts may stand on top of each other.
const MAX_DEPTH: usize = 16;
/// How many charts may be rendered for one target: charts that use others twice make many of few.
const MAX_PARTS: usize = 256;

/// An application that is rendered along with the chart that uses it.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// What it is called there.
    pub name: String,
    /// Its chart.
    pub chart: Arc<Chart>,
    /// The place of its path in the chart.yaml that names it.
    pub place: Place,
    /// The value that says whether it is rendered; without one it always is.
    pub when: Option<Condition>,
    /// What it is given over its defaults and overlays, a map; references are not resolved.
    pub values: Option<Node>,
}

/// The value of a chart that says whether a dependency is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The keys that lead to it.
    pub path: Vec<String>,
    /// Where chart.yaml names it.
    pub place: Place,
}

/// What a chart's dependencies are.
#[derive(Debug, Default)]
pub(super) struct Uses {
    pub libraries: Vec<Library>,
    pub dependencies: Vec<Dependency>,
}

/// One entry of `dependencies` in chart.yaml.
struct Entry<'e> {
    settings: &'e Settings<ChartConfig>,
    says: &'e DependencyConfig,
    index: String,
}

impl Entry<'_> {
    /// The place of a field, or of the entry without it.
    fn at(&self, field: &str) -> Place {
        self.settings.place(&["dependencies", &self.index, field])
    }

    fn key(&self, field: &str) -> Place {
        self.settings.key_place(&["dependencies", &self.index, field])
    }

    /// What it is called by whoever uses it, and the place of that word.
    fn name(&self, chart: &Chart) -> (String, Place) {
        let (field, says) = match chart.kind {
            ChartKind::Library => ("name", &self.says.name),
            ChartKind::Application => ("as", &self.says.alias),
        };
        (says.clone().unwrap_or_else(|| chart.name.clone()), self.at(field))
    }

    fn node(&self, field: &str) -> Option<&Node> {
        self.settings.node(&["dependencies", &self.index, field])
    }

    /// The application that it is.
    fn application(&self, name: String, chart: Arc<Chart>, sink: &mut Sink) -> Dependency {
        let values = self.node("values").filter(|node| !node.is_null());
        values.into_iter().for_each(|values| yaml::warn_of_boolean_keys(values, sink));
        let (place, when, values) = (self.at("path"), self.condition(sink), values.cloned());
        Dependency { name, chart, place, when, values }
    }

    /// Reports the fields that mean nothing for a chart of this kind.
    fn refuse_foreign_fields(&self, chart: &Chart, sink: &mut Sink) {
        let fields: &[&str] = match chart.kind {
            ChartKind::Library => &["as", "when", "values"],
            ChartKind::Application => &["name"],
        };
        for field in fields.iter().filter(|field| self.node(field).is_some()) {
            sink.error(
                foreign_field(field, chart).at(self.key(field), "").also(chart.place, "this chart"),
            );
        }
    }

    fn condition(&self, sink: &mut Sink) -> Option<Condition> {
        let text = self.says.when.as_deref()?;
        let place = self.at("when");
        let path = text.strip_prefix("values.").unwrap_or(text);
        let path: Vec<_> = path.split('.').map(str::to_owned).collect();
        if path.iter().any(|key| {
            key.is_empty() || key.contains(|c: char| c.is_whitespace() || "{}[]!=".contains(c))
        }) {
            let message = format!("`{text}` is not the path of a value");
            let hint = "name one value of this chart that is `true` or `false`, such as `cache.enabled`; work out what is more than that in values.yaml";
            sink.error(Diagnostic::error(Code::ChartDependency, message).at(place, "").hint(hint));
        }
        Some(Condition { path, place })
    }
}

impl Shelf {
    /// The charts that a chart uses, read.
    ///
    /// # Errors
    /// When one of them is missing, broken or no such chart; everything found is reported.
    pub(super) fn uses(
        &self,
        folder: &RelPath,
        config: &Settings<ChartConfig>,
        looked: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Uses, Reported> {
        let (mut uses, mut names) = (Uses::default(), BTreeSet::new());
        for (index, says) in config.says.dependencies.iter().enumerate() {
            let entry = Entry { settings: config, says, index: index.to_string() };
            let path = self.dependency(folder, says, entry.at("path"), (looked, sink))?;
            let chart = self.chart(&path, looked, sink)?;
            entry.refuse_foreign_fields(&chart, sink);
            let (name, place) = entry.name(&chart);
            if let Some(wrong) = wrong_name(&name) {
                let message = format!("the name `{name}` of a dependency {wrong}");
                sink.error(
                    Diagnostic::error(Code::ChartName, message).at(place, "").hint(NAME_RULE),
                );
            }
            if !names.insert(name.clone()) {
                sink.error(same_name(&name, chart.kind).at(place, ""));
            }
            match chart.kind {
                ChartKind::Library => uses.libraries.push(Library { name, chart }),
                ChartKind::Application if config.says.kind == ChartKind::Library => {
                    sink.error(used_by_library(&chart).at(entry.at("path"), ""));
                }
                ChartKind::Application => {
                    uses.dependencies.push(entry.application(name, chart, sink));
                }
            }
        }
        refuse_crowds(config, &uses, sink);
        Ok(uses)
    }

    /// The folder that a dependency names; anything but a chart there is reported at its line.
    fn dependency(
        &self,
        folder: &RelPath,
        dependency: &DependencyConfig,
        place: Place,
        (looked, sink): (&mut Inputs, &mut Sink),
    ) -> Result<RelPath, Reported> {
        let path = folder.join(&dependency.path).map_err(|error| {
            let message = format!("the path `{}` of a dependency {error}", dependency.path);
            let hint = "write the folder as seen from this chart, such as `../base`";
            sink.error(Diagnostic::error(Code::ChartDependency, message).at(place, "").hint(hint))
        })?;
        match self.kind_of(&path, looked, sink)? {
            FolderKind::Chart => Ok(path),
            kind => {
                Err(sink.error(no_chart(kind, &self.files.shown(&path)).at(place, "named here")))
            }
        }
    }

    /// Reports the first ring of dependencies that `folder` leads into.
    ///
    /// Looked for before any of them is read, so that reading needs no care about rings; the same
    /// ring gives the same finding wherever it is entered.
    pub(super) fn refuse_rings(
        &self,
        folder: &RelPath,
        looked: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let mut walk = Walk { open: Vec::new(), done: BTreeSet::new() };
        self.follow(folder, &mut walk, looked, sink)
    }

    fn follow(
        &self,
        folder: &RelPath,
        walk: &mut Walk,
        looked: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let config = self.config(folder, looked, sink)?;
        for (index, dependency) in config.says.dependencies.iter().enumerate() {
            let place = config.place(&["dependencies", &index.to_string(), "path"]);
            let path = self.dependency(folder, dependency, place, (looked, sink))?;
            walk.open.push((folder.clone(), place));
            if let Some(from) = walk.open.iter().position(|(open, _)| *open == path) {
                return Err(sink.error(ring(&walk.open[from..])));
            }
            if walk.open.len() > MAX_DEPTH {
                return Err(sink.error(too_deep(place)));
            }
            if !walk.done.contains(&path) {
                self.follow(&path, walk, looked, sink)?;
            }
            walk.open.pop();
        }
        walk.done.insert(folder.clone());
        Ok(())
    }
}

/// A walk along dependencies: the charts on the way with the line that leads on, and those behind.
struct Walk {
    open: Vec<(RelPath, Place)>,
    done: BTreeSet<RelPath>,
}

fn ring(members: &[(RelPath, Place)]) -> Diagnostic {
    let first = members.iter().enumerate().min_by_key(|(_, (path, _))| path).map_or(0, |(i, _)| i);
    let turned: Vec<_> = members[first..].iter().chain(&members[..first]).collect();
    let names: Vec<_> = turned.iter().chain(&turned[..1]).map(|(p, _)| format!("`{p}`")).collect();
    let message = format!("charts depend on each other in a ring: {}", names.join(" → "));
    let finding =
        Diagnostic::error(Code::ChartRing, message).at(turned[0].1, "the ring goes on here");
    let finding =
        turned[1..].iter().fold(finding, |finding, (_, place)| finding.also(*place, "and here"));
    finding.hint("move what they share into a chart of its own, and remove one of these lines")
}

fn too_deep(place: Place) -> Diagnostic {
    let message = format!("charts stand on each other more than {MAX_DEPTH} deep");
    Diagnostic::error(Code::ChartRing, message)
        .at(place, "")
        .hint("let this chart name the charts that it uses itself")
}

fn same_name(name: &str, kind: ChartKind) -> Diagnostic {
    let field = match kind {
        ChartKind::Library => "name",
        ChartKind::Application => "as",
    };
    let message = format!("two dependencies are called `{name}`");
    Diagnostic::error(Code::ChartDependency, message)
        .hint(format!("give one of them another name with `{field}`, or remove it"))
}

fn foreign_field(field: &str, chart: &Chart) -> Diagnostic {
    let name = &chart.name;
    let (message, hint) = match (chart.kind, field) {
        (ChartKind::Application, _) => (
            format!("`{name}` is an application, and `{field}` names libraries"),
            "write `as` in its place",
        ),
        (ChartKind::Library, "as") => (
            format!("`{name}` is a library, and `as` names applications"),
            "write `name` in its place",
        ),
        (ChartKind::Library, _) => (
            format!(
                "`{field}` means nothing for the library `{name}`, which only lends its macros"
            ),
            "remove it: a macro gets what it needs as arguments",
        ),
    };
    Diagnostic::error(Code::ChartDependency, message).hint(hint)
}

fn used_by_library(chart: &Chart) -> Diagnostic {
    let message =
        format!("a library renders nothing, so it cannot use the application `{}`", chart.name);
    Diagnostic::error(Code::ChartDependency, message)
        .also(chart.place, "this chart has no `type: library`")
        .hint("let the applications that use the library name it, or set `type: library` in its chart.yaml if it holds macros only")
}

/// Reports that too many charts would be rendered for one target.
fn refuse_crowds(config: &Settings<ChartConfig>, uses: &Uses, sink: &mut Sink) {
    let mut parts = 1;
    for one in &uses.dependencies {
        parts += one.chart.parts;
        if parts > MAX_PARTS {
            let message = format!(
                "with this dependency, more than {MAX_PARTS} charts would be rendered for `{}`",
                config.says.name
            );
            let finding = Diagnostic::error(Code::ChartDependency, message).at(one.place, "");
            sink.error(finding.hint("make services of their own of some of them"));
            return;
        }
    }
}
