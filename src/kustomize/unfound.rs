//! Names that a kustomization lists and that lead to nothing: what was meant instead.

use crate::diag::{Diagnostic, nearest, unreadable};
use crate::source::{Files, Inputs, KUSTOMIZATIONS, ReadError, ReadReason, RelPath};
use crate::transform::Text;
use regex::Regex;

/// How many files a hint lists.
const LISTED: usize = 8;

/// The finding about a file or folder that a kustomization in a folder names and that cannot be read.
pub(super) fn unread(
    error: &ReadError,
    path: &Text,
    folder: &RelPath,
    (files, inputs): (&Files, &mut Inputs),
) -> Diagnostic {
    let mut finding = unreadable(error).at(path.place, "named here");
    if matches!(error.reason, ReadReason::Missing)
        && let Ok(asked) = folder.join(&path.text)
        && let Some(hint) = meant(&path.text, asked, (files, inputs))
    {
        finding.hints.insert(0, hint);
    }
    finding
}

/// What was most likely meant by a path that is not there.
fn meant(text: &str, asked: RelPath, (files, inputs): (&Files, &mut Inputs)) -> Option<String> {
    let mut missing = asked;
    let mut behind = 0;
    while !missing.is_root() && !files.is_folder(&missing.parent()) {
        missing = missing.parent();
        behind += 1;
    }
    let entries = files.list(&missing.parent(), inputs).ok()?;
    let mut names: Vec<_> = entries.into_iter().map(|entry| entry.name).collect();
    names.sort();
    let name = missing.file_name();
    if name.contains(['*', '?']) {
        return Some(listed(name, &names));
    }
    let near = nearest(name, names.iter().map(String::as_str))?;
    let mut parts: Vec<_> = text.trim_end_matches('/').split('/').collect();
    let at = parts.len().checked_sub(behind + 1)?;
    let part = parts.get_mut(at).filter(|part| **part == name)?;
    *part = near;
    Some(format!("did you mean `{}`?", parts.join("/")))
}

/// What to write instead of a pattern: the names that it would have meant.
fn listed(pattern: &str, names: &[String]) -> String {
    let pattern = regex::escape(pattern).replace("\\*", ".*").replace("\\?", ".");
    let Ok(pattern) = Regex::new(&format!("^{pattern}$")) else {
        return "a name is no pattern: list each file".to_owned();
    };
    let is_meant =
        |name: &&String| pattern.is_match(name) && !KUSTOMIZATIONS.contains(&name.as_str());
    let meant: Vec<_> = names.iter().filter(is_meant).map(|name| format!("`{name}`")).collect();
    let shown = meant.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    match meant.len() {
        0 => "a name is no pattern: list each file".to_owned(),
        count if count > LISTED => {
            format!("a name is no pattern: list each file, {shown} and {} more", count - LISTED)
        }
        _ => format!("a name is no pattern: list each file, {shown}"),
    }
}
