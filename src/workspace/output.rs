//! Where a target's manifests are written, below the output root.

use super::pattern::Pattern;
use crate::source::RelPath;

/// The layout that holds unless jibe.yaml says otherwise.
const DEFAULT: &str = "rendered/{env}/{namespace}/{service}";

/// Folders that hold what jibe reads, so that nothing can be written there.
const INPUTS: [&str; 7] =
    [".git", "charts", "environments", "namespaces", "policies", "schemas", "services"];

/// The folder of each target, as a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputPath(Pattern);

impl Default for OutputPath {
    fn default() -> Self {
        Self(Pattern::parse(DEFAULT).unwrap_or_default())
    }
}

impl OutputPath {
    /// Reads `output.path`.
    ///
    /// # Errors
    /// What is wrong with it, and the next step.
    pub fn parse(text: &str) -> Result<Self, (String, String)> {
        let pattern = Pattern::parse(text)?;
        let sample = RelPath::parse(text).map_err(|error| {
            let hint = format!("write a path as seen from jibe.yaml, such as `{DEFAULT}`");
            (format!("the output path `{text}` {error}"), hint)
        })?;
        let wrong = |what: &str| {
            let message = format!("the output path `{text}` {what}");
            Err((message, format!("write a path as seen from jibe.yaml, such as `{DEFAULT}`")))
        };
        if text.split('/').any(|part| part == "..") {
            return wrong("goes up with `..`");
        }
        if sample.is_root() {
            return wrong("is the workspace itself");
        }
        let first = sample.parts().next().unwrap_or_default();
        if first.contains('{') {
            return wrong("has no folder of its own for all that is written");
        }
        if INPUTS.contains(&first) {
            return wrong(&format!("lies in `{first}`, among what jibe reads"));
        }
        if !text.contains('{') {
            return wrong("is one folder for all targets");
        }
        Ok(Self(pattern))
    }

    /// The folder of a target, below the folder of jibe.yaml. A part of the path whose placeholder
    /// stands for nothing is left out.
    #[must_use]
    pub fn folder(
        &self,
        environment: Option<&str>,
        namespace: Option<&str>,
        service: &str,
    ) -> RelPath {
        let path = self.0.filled_or_left_out(environment, namespace, service);
        RelPath::parse(&path).unwrap_or_default()
    }

    /// The part of the path above the first placeholder: where all output lies.
    #[must_use]
    pub fn root(&self) -> RelPath {
        let fixed = self.0.fixed_start();
        let folder = fixed.rsplit_once('/').map_or("", |(folder, _)| folder);
        RelPath::parse(folder).unwrap_or_default()
    }
}
