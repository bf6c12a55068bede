//! Charts and values files, each read once.

use super::contents::Reader;
use super::dependencies::Dependency;
use super::folder::{below, kind_of, misspelt_parts};
use super::{
    ChartConfig, ChartKind, FolderKind, Memo, NAME_RULE, Settings, headless_chart, helm_chart,
    mapping, wrong_name,
};
use crate::diag::{Code, Diagnostic, Reported, Sink, unreadable};
use crate::source::{Files, Inputs, Place, RelPath, Source};
use crate::values::{Known, Layer, Reach};
use std::sync::Arc;

/// A chart, read and in order.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Its folder.
    pub folder: RelPath,
    /// Its name, from chart.yaml.
    pub name: String,
    /// Its version, as chart.yaml writes it.
    pub version: String,
    /// Its description.
    pub description: Option<String>,
    /// Whether it renders manifests.
    pub kind: ChartKind,
    /// The place of its name in chart.yaml.
    pub place: Place,
    /// values.yaml: what it sets if nobody else does; empty without the file.
    pub defaults: Layer,
    /// values.schema.json.
    pub schema: Option<ValuesSchema>,
    /// The top-level values that the schema declares.
    pub known: Known,
    /// Manifests and macros, sorted by name.
    pub templates: Vec<Template>,
    /// The files in `files/`, sorted by name.
    pub texts: Vec<TextFile>,
    /// The files in `crds/`, sorted by path; they are part of the output.
    pub crds: Vec<Arc<Source>>,
    /// The folders in `overlays/`, sorted by name.
    pub overlays: Vec<Overlay>,
    /// Charts whose macros it uses, in the order of chart.yaml.
    pub libraries: Vec<Library>,
    /// Charts that are rendered along with it, in the order of chart.yaml.
    pub dependencies: Vec<Dependency>,
    /// How many charts are rendered for it at most, itself included.
    pub parts: usize,
    /// Everything that was looked at for it, the charts that it uses included.
    pub inputs: Inputs,
}

/// A chart's values.schema.json.
#[derive(Debug, Clone)]
pub struct ValuesSchema {
    /// Its text.
    pub source: Arc<Source>,
    /// What it says; not yet checked to be a schema.
    pub json: Arc<serde_json::Value>,
}

/// A file in `templates/`.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its path below `templates/`, such as `deployment.yaml` or `_labels.yaml`.
    pub name: String,
    /// Its text.
    pub source: Arc<Source>,
}

/// A file in `files/`.
#[derive(Debug, Clone)]
pub struct TextFile {
    /// Its path below `files/`, such as `nginx.conf.j2`.
    pub name: String,
    /// Its text.
    pub source: Arc<Source>,
}

/// A folder in `overlays/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// The environment that it is for.
    pub name: String,
    /// Its values.yaml, if it has one.
    pub values: Option<RelPath>,
    /// Its folder, if that holds a kustomization: edits of what the chart renders.
    pub edits: Option<RelPath>,
}

/// A chart whose macros another chart uses.
#[derive(Debug, Clone)]
pub struct Library {
    /// What templates call it.
    pub name: String,
    /// The chart.
    pub chart: Arc<Chart>,
}

impl Chart {
    /// Reads the chart in `folder` and the charts that it uses.
    ///
    /// # Errors
    /// When a file is missing, unreadable, misplaced or says something that it cannot; everything
    /// found is reported.
    pub fn load(files: &Files, folder: &RelPath, sink: &mut Sink) -> Result<Arc<Self>, Reported> {
        Shelf::new(files).chart(folder, &mut Inputs::default(), sink)
    }

    /// The overlay for an environment.
    #[must_use]
    pub fn overlay(&self, environment: &str) -> Option<&Overlay> {
        self.overlays.iter().find(|overlay| overlay.name == environment)
    }
}

type Config = Arc<Settings<ChartConfig>>;

/// Charts and layers that were read, shared by all targets that use them.
#[derive(Debug)]
pub struct Shelf {
    pub(super) files: Files,
    kinds: Memo<FolderKind>,
    configs: Memo<Config>,
    charts: Memo<Arc<Chart>>,
    layers: Memo<Option<Layer>>,
}

impl Shelf {
    /// An empty shelf.
    #[must_use]
    pub fn new(files: &Files) -> Self {
        Self {
            files: files.clone(),
            kinds: Memo::default(),
            configs: Memo::default(),
            charts: Memo::default(),
            layers: Memo::default(),
        }
    }

    /// What a folder is.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn kind_of(
        &self,
        folder: &RelPath,
        looked: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<FolderKind, Reported> {
        self.kinds.get(folder, looked, sink, |looked, sink| {
            kind_of(&self.files, folder, looked).map_err(|e| sink.error(unreadable(&e)))
        })
    }

    /// The layer that a values file is; none if there is no such file.
    ///
    /// # Errors
    /// When the file cannot be read or is no map of values.
    pub fn layer(
        &self,
        path: &RelPath,
        (name, reach): (&str, Reach),
        looked: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Option<Layer>, Reported> {
        self.layers.get(path, looked, sink, |looked, sink| {
            let found = self.files.find(path, looked).map_err(|e| sink.error(unreadable(&e)))?;
            found.map(|source| Layer::read(&source, name, reach, sink)).transpose()
        })
    }

    /// The chart in a folder that is known to be one.
    ///
    /// # Errors
    /// As [`Chart::load`].
    pub fn chart(
        &self,
        folder: &RelPath,
        looked: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Arc<Chart>, Reported> {
        self.charts.get(folder, looked, sink, |looked, sink| {
            let config = self.config(folder, looked, sink)?;
            self.refuse_rings(folder, looked, sink)?;
            self.build(folder, &config, looked, sink)
        })
    }

    pub(super) fn config(
        &self,
        folder: &RelPath,
        looked: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Config, Reported> {
        match self.kind_of(folder, looked, sink)? {
            FolderKind::Chart => {}
            kind => return Err(sink.error(no_chart(kind, &self.files.shown(folder)))),
        }
        self.configs.get(folder, looked, sink, |looked, sink| {
            let path = below(folder, "chart.yaml");
            let source = self.files.read(&path, looked).map_err(|e| sink.error(unreadable(&e)))?;
            let config = mapping::read(&source, sink)?;
            check_identity(&config, sink);
            sink.passed().map(|()| Arc::new(config))
        })
    }

    fn build(
        &self,
        folder: &RelPath,
        config: &Settings<ChartConfig>,
        looked: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Arc<Chart>, Reported> {
        let says = &config.says;
        let uses = self.uses(folder, config, looked, sink);
        let values = below(folder, "values.yaml");
        let title = format!("defaults of {}", says.name);
        let defaults = self.layer(&values, (&title, Reach::Own), looked, sink);
        let misspelt = misspelt_parts(&self.files, folder, looked, sink);
        let mut read =
            Reader { files: &self.files, folder, kind: says.kind, looked: &mut *looked, sink };
        let (templates, texts, crds) = (read.templates(), read.texts(), read.crds());
        let (schema, overlays) = (read.schema(), read.overlays());
        misspelt?;
        let (place, schema, uses) = (config.place(&["name"]), schema?, uses?);
        let chart = Chart {
            folder: folder.clone(),
            name: says.name.clone(),
            version: says.version.clone(),
            description: says.description.clone(),
            kind: says.kind,
            place,
            defaults: defaults?.unwrap_or_else(|| Layer::empty(title, place)),
            known: schema.as_ref().map(|s| Known::declared_by(&s.json)).unwrap_or_default(),
            schema,
            templates: templates?,
            texts: texts?,
            crds: crds?,
            overlays: overlays?,
            libraries: uses.libraries,
            parts: 1 + uses.dependencies.iter().map(|one| one.chart.parts).sum::<usize>(),
            dependencies: uses.dependencies,
            inputs: looked.clone(),
        };
        refuse_hidden_templates(&chart, sink);
        sink.passed().map(|()| Arc::new(chart))
    }
}

/// The finding for a folder that was named as a chart and is none.
pub(super) fn no_chart(kind: FolderKind, shown: &str) -> Diagnostic {
    match kind {
        FolderKind::Helm => helm_chart(shown),
        FolderKind::Headless => headless_chart(shown),
        FolderKind::Missing => {
            Diagnostic::error(Code::ChartMissing, format!("there is no chart folder `{shown}`"))
                .hint("correct the path, or create the chart: `jibe new chart NAME`")
        }
        _ => Diagnostic::error(
            Code::ChartMissing,
            format!("`{shown}` is no chart: it has no `chart.yaml`"),
        )
        .hint("correct the path, or create the chart: `jibe new chart NAME`"),
    }
}

fn check_identity(config: &Settings<ChartConfig>, sink: &mut Sink) {
    let ChartConfig { name, version, .. } = &config.says;
    if let Some(wrong) = wrong_name(name) {
        sink.error(
            Diagnostic::error(Code::ChartName, format!("the chart's name `{name}` {wrong}"))
                .at(config.place(&["name"]), "")
                .hint(NAME_RULE),
        );
    }
    if semver::Version::parse(version).is_err() {
        sink.error(
            Diagnostic::error(
                Code::ChartVersion,
                format!("the chart's version `{version}` is not a semantic version"),
            )
            .at(config.place(&["version"]), "")
            .hint("write three numbers without a `v`, such as `1.4.0` or `1.4.0-rc.1`; see semver.org"),
        );
    }
}

/// A folder below `templates/` that has the name of a library would hide the library's macros.
fn refuse_hidden_templates(chart: &Chart, sink: &mut Sink) {
    for template in &chart.templates {
        let folder = template.name.split_once('/').map(|(folder, _)| folder);
        if let Some(library) = chart.libraries.iter().find(|l| Some(l.name.as_str()) == folder) {
            let message = format!(
                "`{}` lies in a folder with the name of the library `{}`",
                template.source.name(),
                library.name
            );
            let hint = "rename the folder, or give the dependency another `name` in chart.yaml";
            sink.error(Diagnostic::error(Code::ChartFile, message).hint(hint));
        }
    }
}
