//! Which line of a kustomization a finding is about that does not stand there itself: what it removed is missed somewhere
//! else, and what it set may not stand beside what was there.

use super::schema::{Path, Rule, Step, Violation};
use crate::diag::Code;
use crate::manifest::{Edit, Effect, Manifest};
use crate::yaml::Node;
use std::sync::Arc;

/// What the line of an edit did, in the words of a finding that shows it.
pub(super) fn label(edit: &Edit) -> &'static str {
    match edit.effect {
        Effect::Set => "set here",
        Effect::Removed => "removed here",
    }
}

/// The last of the edits that may have brought a finding about.
pub(super) fn cause<'m>(
    manifest: &'m Manifest,
    code: Code,
    violation: &Violation,
) -> Option<&'m Edit> {
    // What a kustomization set shows its line by itself.
    if violation.set_at == Some(violation.place) {
        return None;
    }
    let own = names(&violation.path);
    let wanted = value(&manifest.node, &violation.path);
    let is_absent = violation.rule == Rule::Missing || code == Code::ApiRequired;
    let is_cause = |edit: &&Edit| match code {
        _ if edit.path == own && edit.effect == Effect::Set => false,
        _ if is_absent => {
            let touches = own.starts_with(&edit.path) || edit.path.starts_with(&own);
            touches && edit.effect == Effect::Removed
        }
        Code::ApiReference => wanted.is_some_and(|wanted| had(edit, wanted)),
        Code::ApiDuplicate | Code::ApiForbidden | Code::ApiInvalid | Code::CheckRule => {
            is_inside(edit, &own) || is_named(edit, (&own, &violation.message))
        }
        // A value that is wrong by itself is the doing of whoever wrote it.
        _ => false,
    };
    manifest.edits.iter().rev().find(is_cause)
}

/// Whether an edit took away what has a name.
fn had(edit: &Edit, name: &str) -> bool {
    let Some(before) = &edit.before else { return false };
    let is_it = |node: &Node| node.as_str() == Some(name);
    let has_name = |node: &Node| node.get("name").is_some_and(is_it);
    match before.as_list() {
        Some(items) => items.iter().any(has_name),
        None => is_it(before) || has_name(before),
    }
}

/// Whether an edit was made to an entry of the map or list that a finding is about.
fn is_inside(edit: &Edit, own: &[Arc<str>]) -> bool {
    edit.path.len() == own.len() + 1 && edit.path.starts_with(own)
}

/// Whether a finding names the field of an edit that was made nearby: what may not stand beside it, or has to agree with it.
fn is_named(edit: &Edit, (own, message): (&[Arc<str>], &str)) -> bool {
    let shared = edit.path.iter().zip(own).take_while(|(edited, own)| edited == own).count();
    // It begins with the name of what it is about.
    let (_, said) = message.split_once(' ').unwrap_or_default();
    let is_said =
        |key: &Arc<str>| said.contains(&format!("`{key}`")) || said.contains(&format!("`{key}:"));
    shared > 0 && edit.path[shared..].iter().any(is_said)
}

fn names(path: &Path) -> Vec<Arc<str>> {
    let name = |step: &Step| match step {
        Step::Key(name) => Arc::clone(name),
        Step::Index(at) => at.to_string().into(),
    };
    path.steps().iter().map(name).collect()
}

fn value<'n>(root: &'n Node, path: &Path) -> Option<&'n str> {
    path.steps().iter().try_fold(root, |node, step| step.from(node))?.as_str()
}
