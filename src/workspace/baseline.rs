//! The file of findings that were there before: `checks.baseline` of jibe.yaml.

use super::Workspace;
use super::config::WorkspaceConfig;
use crate::chart::Settings;
use crate::diag::{Code, Diagnostic, Reported, Sink, unreadable};
use crate::source::{Inputs, Place, RelPath, Source};
use std::sync::Arc;

/// Where the file lies, and where jibe.yaml says so.
#[derive(Debug, Clone)]
pub(super) struct BaselineFile {
    path: RelPath,
    place: Place,
}

impl BaselineFile {
    /// What jibe.yaml says; a path that cannot be one is reported.
    pub(super) fn of(
        config: &Settings<WorkspaceConfig>,
        output: &RelPath,
        sink: &mut Sink,
    ) -> Option<Self> {
        let text = config.says.checks.as_ref()?.baseline.as_deref()?;
        let place = config.place(&["checks", "baseline"]);
        let wrong = |what: String| {
            let message = format!("the path `{text}` of the baseline {what}");
            Diagnostic::error(Code::WorkspaceBaseline, message)
                .at(place, "")
                .hint("write a path as seen from jibe.yaml, such as `baseline.yaml`")
        };
        let path = match RelPath::parse(text) {
            Ok(path) => path,
            Err(error) => {
                sink.error(wrong(error.to_string()));
                return None;
            }
        };
        let is_yaml = [".yaml", ".yml"].iter().any(|end| path.file_name().ends_with(end));
        let what = match () {
            () if path.as_str() == "jibe.yaml" => "is this file itself".to_owned(),
            () if !is_yaml => "does not end in `.yaml`".to_owned(),
            () if text.split('/').any(|part| part == "..") => "goes up with `..`".to_owned(),
            () if path.parts().any(|part| part == ".git") => "lies in `.git`".to_owned(),
            () if path.below(output).is_some() => {
                format!("lies in `{output}`, among what jibe writes")
            }
            () => return Some(Self { path, place }),
        };
        sink.error(wrong(what));
        None
    }
}

impl Workspace {
    /// The path of the file that `checks.baseline` names, as seen from jibe.yaml.
    #[must_use]
    pub fn baseline(&self) -> Option<&RelPath> {
        self.baseline.as_ref().map(|file| &file.path)
    }

    /// The file that `checks.baseline` names; none if it names none.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub fn read_baseline(
        &self,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Option<Arc<Source>>, Reported> {
        let Some(BaselineFile { path, place }) = &self.baseline else { return Ok(None) };
        let found = self.files.find(path, inputs).map_err(|error| sink.error(unreadable(&error)));
        self.note(inputs);
        if let Some(source) = found? {
            return Ok(Some(source));
        }
        let message = format!("the baseline `{}` is not there", self.files.shown(path));
        let finding = Diagnostic::error(Code::SourceMissing, message).at(*place, "");
        Err(sink.error(finding.hint("`jibe check --write-baseline` writes it")))
    }
}
