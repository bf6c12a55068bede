//! The files of a chart: templates, texts, definitions, schema and overlays.

use super::folder::{below, files_below, folders_in, read_all};
use super::{ChartKind, Overlay, Template, TextFile, ValuesSchema};
use crate::diag::{Code, Diagnostic, Reported, Sink, nearest, unreadable};
use crate::source::{EntryKind, Files, Inputs, KUSTOMIZATIONS, RelPath, Source};
use crate::yaml;
use std::sync::Arc;

/// Reads the parts of one chart and reports what does not belong there.
pub(super) struct Reader<'r> {
    pub(super) files: &'r Files,
    pub(super) folder: &'r RelPath,
    pub(super) kind: ChartKind,
    pub(super) looked: &'r mut Inputs,
    pub(super) sink: &'r mut Sink,
}

impl Reader<'_> {
    pub(super) fn templates(&mut self) -> Result<Vec<Template>, Reported> {
        let templates = self.named("templates", |name, source| Template { name, source })?;
        for template in &templates {
            let file = template.name.rsplit('/').next().unwrap_or_default();
            if let Some((what, hint)) = misplaced_template(file, self.kind) {
                let message = format!("`{}` {what}", template.source.name());
                self.sink.error(Diagnostic::error(Code::ChartFile, message).hint(hint));
            }
        }
        Ok(templates)
    }

    pub(super) fn texts(&mut self) -> Result<Vec<TextFile>, Reported> {
        self.named("files", |name, source| TextFile { name, source })
    }

    /// The definitions in `crds/`, sorted by path.
    pub(super) fn crds(&mut self) -> Result<Vec<Arc<Source>>, Reported> {
        let folder = below(self.folder, "crds");
        let crds = super::manifest_files(self.files, &folder, self.looked, self.sink)?;
        if let Some(first) = crds.first().filter(|_| self.kind == ChartKind::Library) {
            let message =
                format!("`{}` lies in a library chart, which renders nothing", first.name());
            let hint = "move `crds/` into the application chart that needs it";
            return Err(self.sink.error(Diagnostic::error(Code::ChartFile, message).hint(hint)));
        }
        Ok(crds)
    }

    /// `values.schema.json`, if it is there and is JSON.
    pub(super) fn schema(&mut self) -> Result<Option<ValuesSchema>, Reported> {
        let path = below(self.folder, "values.schema.json");
        let found = self.files.find(&path, self.looked);
        let Some(source) = found.map_err(|e| self.sink.error(unreadable(&e)))? else {
            return Ok(None);
        };
        match serde_json::from_str(source.text()) {
            Ok(json) => Ok(Some(ValuesSchema { source, json: Arc::new(json) })),
            Err(error) => Err(self.sink.error(not_json(&source, &error))),
        }
    }

    /// The folders in `overlays/`, sorted by name.
    pub(super) fn overlays(&mut self) -> Result<Vec<Overlay>, Reported> {
        let folder = below(self.folder, "overlays");
        let mut overlays = Vec::new();
        for (name, kind) in folders_in(self.files, &folder, self.looked, self.sink)? {
            let path = below(&folder, &name);
            match kind {
                EntryKind::Folder => overlays.push(self.overlay(name, &path)?),
                _ => self.stray_overlay(&name, &path),
            }
        }
        Ok(overlays)
    }

    fn stray_overlay(&mut self, name: &str, path: &RelPath) {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let message = format!("`{}` is not read: an overlay is a folder", self.files.shown(path));
        let home = self.files.shown(&below(&path.parent(), stem));
        self.sink.error(
            Diagnostic::error(Code::ChartFile, message)
                .hint(format!("move it to `{home}/values.yaml`")),
        );
    }

    fn overlay(&mut self, name: String, folder: &RelPath) -> Result<Overlay, Reported> {
        let entries = folders_in(self.files, folder, self.looked, self.sink)?;
        let is_kustomized = entries
            .iter()
            .any(|(entry, kind)| *kind != EntryKind::Folder && KUSTOMIZATIONS.contains(&&**entry));
        let mut values = None;
        for (entry, kind) in entries {
            let path = below(folder, &entry);
            match &*entry {
                "values.yaml" => values = Some(path),
                _ if is_kustomized && !is_misspelt(&entry, kind) => {}
                _ => self.stray_in_overlay(&path),
            }
        }
        let edits = is_kustomized.then(|| folder.clone());
        Ok(Overlay { name, values, edits })
    }

    fn stray_in_overlay(&mut self, path: &RelPath) {
        let message = format!("`{}` is not read by jibe", self.files.shown(path));
        let finding = Diagnostic::error(Code::ChartFile, message);
        let hint = "an overlay holds `values.yaml`, and a `kustomization.yaml` with the files that it names";
        self.sink.error(finding.hint(hint));
    }

    /// All files below a part of the chart, named by their path in it.
    fn named<T>(
        &mut self,
        part: &str,
        make: impl Fn(String, Arc<Source>) -> T,
    ) -> Result<Vec<T>, Reported> {
        let folder = below(self.folder, part);
        let paths = files_below(self.files, &folder, self.looked, self.sink)?;
        let sources = read_all(self.files, &paths, self.looked, self.sink)?;
        let name = |path: &RelPath| path.below(&folder).unwrap_or_default().to_owned();
        Ok(paths.iter().zip(sources).map(|(path, source)| make(name(path), source)).collect())
    }
}

/// Whether a file beside a kustomization has nearly the name of the values file.
fn is_misspelt(name: &str, kind: EntryKind) -> bool {
    kind != EntryKind::Folder && nearest(name, ["values.yaml"]).is_some()
}

/// Why a file may not lie in `templates/`, and where it belongs.
fn misplaced_template(name: &str, kind: ChartKind) -> Option<(&'static str, &'static str)> {
    let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    let is_macros = name.starts_with('_');
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        _ if is_yaml && !is_macros && kind == ChartKind::Library => Some((
            "lies in a library chart, which renders nothing itself",
            "begin its name with `_` if it holds macros, or set `type: application` in chart.yaml",
        )),
        _ if is_yaml => None,
        Some("j2") if is_macros => None,
        Some("j2") => Some((
            "is a text template among the manifests",
            "move it to `files/`; a file of macros begins with `_`",
        )),
        Some("tpl") => Some((
            "is a file of helper templates for Helm",
            "write its helpers as macros, in `_names.yaml` if they make YAML and in `_names.j2` if they make text: see docs/from-helm.md",
        )),
        Some("json") => {
            Some(("is not YAML by its name", "rename it to `.yaml`: JSON is YAML, too"))
        }
        Some("txt") if name == "NOTES.txt" => Some((
            "holds notes, which jibe does not print",
            "delete it, or move it to the chart's README.md",
        )),
        _ => Some((
            "is neither a manifest (`.yaml`, `.yml`) nor a file of macros (`_*.yaml`, `_*.j2`)",
            "move it to `files/` if templates read it, else out of `templates/`",
        )),
    }
}

fn not_json(source: &Source, error: &serde_json::Error) -> Diagnostic {
    let text = source.text();
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let start: usize = lines.map(str::len).sum();
    let at = (start + error.column().saturating_sub(1)).min(text.len());
    let what = yaml::json_problem(error);
    Diagnostic::error(Code::ValuesBadSchema, format!("`{}` is not JSON: {what}", source.name()))
        .at(source.place(at, at), "")
        .hint("correct it; a values schema is JSON, without comments and trailing commas")
}
