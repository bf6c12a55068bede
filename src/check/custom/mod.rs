//! What a custom resource's definition says besides JSON Schema: unique list items and rules.
//!
//! `Node  --fill (drop what is unknown, put in defaults)-->  Node  --judge-->  Violation*`
//!
//! Promise: an object is judged as a server judges it when it is made: after unknown fields were dropped and defaults
//! put in, rules over an old state aside; what all rules of one object cost is bounded.

mod fill;
mod judge;

#[cfg(test)]
mod tests;

use super::schema::{Rule, Violation};
use crate::api::Kind;
use crate::yaml::Node;
use judge::Rules;

/// What the kind's definition says against an object, given what its schema already said.
pub(super) fn violations(kind: &Kind, root: &Node, known: &[Violation]) -> Vec<Violation> {
    let Some(structure) = kind.structure().filter(|structure| structure.says_more) else {
        return Vec::new();
    };
    if known.iter().any(|violation| violation.rule == Rule::UnknownKey) {
        return Vec::new();
    }
    let filled = fill::fill(structure, root);
    let is_blocked = known.iter().any(is_blocking);
    judge::judge(structure, &filled, if is_blocked { Rules::Blocked } else { Rules::Judged })
}

/// Whether a server looks at no rule because of it.
fn is_blocking(violation: &Violation) -> bool {
    const WORDS: [&str; 4] = ["/enum", "/maxLength", "/maxItems", "/maxProperties"];
    matches!(violation.rule, Rule::Missing | Rule::Type)
        || WORDS.iter().any(|word| violation.schema_path.ends_with(word))
}
