//! What is said about a template that does more than it may, and where it did so.

use super::{About, Site};
use crate::diag::{Code, Diagnostic};
use crate::render::engine::Loaded;
use crate::render::scan::{self, Part, PartKind};
use std::ops::Range;

/// How many loops around the one that ran are named.
const MAX_AROUND: usize = 3;

/// A template that took more steps than it may; the engine says so at whatever ran just then.
pub(super) fn steps(about: Option<About<'_>>, site: Option<&Site<'_>>) -> Diagnostic {
    let most = about.map_or(0, |about| about.run.limits.template_steps);
    let is_reference = about.is_some_and(|about| about.run.resolver().is_some());
    let (what, next) = match is_reference {
        true => ("reference", ","),
        false => ("template", "; split large output over several templates,"),
    };
    let message = format!(
        "the {what} takes more than the {most} steps that are allowed; 64 bytes of text are one, too"
    );
    let finding = Diagnostic::error(Code::TemplateLimit, message).hint(format!(
        "look for a loop that does not end or a text that doubles{next} or raise `limits.templateSteps` in the workspace's jibe.yaml"
    ));
    site.map_or(finding.clone(), |site| within_loops(finding, site))
}

/// Names the loops around the place where the steps ran out.
fn within_loops(finding: Diagnostic, site: &Site<'_>) -> Diagnostic {
    let source = &site.loaded.source;
    let parts = scan::parts(source.text()).unwrap_or_default();
    let mut open: Vec<&Part> = Vec::new();
    for part in parts.iter().filter(|part| part.span.end <= site.range.start) {
        match keyword(source.text(), part) {
            Some("for") => open.push(part),
            Some("endfor") => drop(open.pop()),
            _ => {}
        }
    }
    let around = open.iter().rev().take(MAX_AROUND).map(|part| &part.span);
    around.fold(finding, |finding, span| {
        finding.also(source.place(span.start, span.end), "within this loop")
    })
}

/// What runs on a line that the engine names: its last loop, else its first hole or tag.
pub(super) fn running(loaded: &Loaded, line: usize) -> Option<Range<usize>> {
    let prepared = &loaded.prepared.text;
    let mut begins = std::iter::once(0).chain(prepared.match_indices('\n').map(|(at, _)| at + 1));
    let begin = begins.nth(line.checked_sub(1)?)?;
    let end = prepared[begin..].find('\n').map_or(prepared.len(), |length| begin + length);
    let range = loaded.prepared.original(&(begin..end));
    let text = loaded.source.text();
    let parts = scan::parts(text).ok()?;
    let mut own = parts.iter().filter(|part| {
        part.kind != PartKind::Text && part.span.start < range.end && range.start < part.span.end
    });
    let first = own.clone().next().map(|part| part.span.clone());
    let last = own.rfind(|part| keyword(text, part) == Some("for")).map(|part| part.span.clone());
    Some(last.or(first).unwrap_or(range))
}

fn keyword<'t>(text: &'t str, part: &Part) -> Option<&'t str> {
    let is_tag = part.kind == PartKind::Tag;
    is_tag.then(|| scan::tokens(text, part.inner.clone()).first().map(|word| word.text))?
}
