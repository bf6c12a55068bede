//! Which lines a finding about a value shows.

use crate::diag::Diagnostic;
use crate::yaml::Node;

/// The finding at the line that is to be changed: where the value was set if it came from values, else
/// where it stands; the template line is shown beside it.
#[must_use]
pub fn point_at(finding: Diagnostic, node: &Node) -> Diagnostic {
    match node.set_at {
        Some(set_at) if set_at != node.place => {
            finding.at(set_at, "set here").also(node.place, "used here")
        }
        _ => finding.at(node.place, ""),
    }
}
