//! `output.path` of jibe.yaml: where targets are written, and that each has a folder of its own.

use super::Target;
use super::config::WorkspaceConfig;
use super::pattern::Pattern;
use crate::chart::Settings;
use crate::diag::{Code, Diagnostic, Sink};
use crate::tree::Layout;
use std::collections::BTreeMap;

/// Folders that hold what jibe reads, so that nothing can be written there.
const INPUTS: [&str; 7] =
    [".git", "charts", "environments", "namespaces", "policies", "schemas", "services"];

const HINT: &str =
    "write a path as seen from jibe.yaml, such as `rendered/{env}/{namespace}/{service}`";

/// The layout that jibe.yaml asks for; what is wrong with it is reported.
pub(super) fn layout(config: &Settings<WorkspaceConfig>, sink: &mut Sink) -> Layout {
    let Some(text) = said(config) else { return Layout::default() };
    read(text).unwrap_or_else(|(message, hint)| {
        let place = config.place(&["output", "path"]);
        sink.error(Diagnostic::error(Code::WorkspaceOutput, message).at(place, "").hint(hint));
        Layout::default()
    })
}

fn said(config: &Settings<WorkspaceConfig>) -> Option<&str> {
    config.says.output.as_ref()?.path.as_deref()
}

/// Reads `output.path`, or says what is wrong with it and what to do.
fn read(text: &str) -> Result<Layout, (String, String)> {
    Pattern::parse(text)?;
    let wrong = |what: String| (format!("the output path `{text}` {what}"), HINT.to_owned());
    let layout = Layout::parse(text).map_err(|error| wrong(error.to_string()))?;
    let mut parts = text.split('/').filter(|part| !matches!(*part, "" | "."));
    let Some(first) = parts.next() else { return Err(wrong("is the workspace itself".to_owned())) };
    if text.split('/').any(|part| part == "..") {
        return Err(wrong("goes up with `..`".to_owned()));
    }
    if INPUTS.contains(&first) {
        return Err(wrong(format!("lies in `{first}`, among what jibe reads")));
    }
    if first.contains('{') {
        return Err(wrong("has no folder of its own for all that is written".to_owned()));
    }
    Ok(layout)
}

/// Two targets in one folder would overwrite and delete each other's files.
pub(super) fn refuse_shared_folders(
    config: &Settings<WorkspaceConfig>,
    targets: &[Target],
    sink: &mut Sink,
) {
    let Some(pattern) = said(config).and_then(|text| Pattern::parse(text).ok()) else { return };
    let mut owners: BTreeMap<String, &Target> = BTreeMap::new();
    for target in targets {
        let folder = pattern.filled(&target.environment, &target.namespace, &target.service);
        if let Some(first) = owners.get(&folder) {
            let message = format!("`{first}` and `{target}` would both be written into `{folder}`");
            sink.error(
                Diagnostic::error(Code::WorkspaceOutput, message)
                    .at(config.place(&["output", "path"]), "")
                    .hint("write `{env}`, `{namespace}` and `{service}` into the path"),
            );
            return;
        }
        owners.insert(folder, target);
    }
}
