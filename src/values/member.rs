//! What a reference sees of lists that merge as sets, while others in them are resolved: each item once.

use super::Values;
use super::keyed::Part;
use super::lists::{At, Lists, Rule};
use super::settle::settled;
use crate::yaml::Node;

/// What tells a plain item of a set from others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member(String);

/// What tells an item of a set from others; none for lists and maps, which are none of a set's.
#[must_use]
pub fn member(item: &Node) -> Option<Member> {
    item.as_scalar().map(|scalar| Member(Part::of(scalar).told()))
}

impl Values {
    /// Whether any lists merge.
    #[must_use]
    pub fn has_lists(&self) -> bool {
        self.lists.is_some()
    }

    /// Whether the lists at a path merge as sets. A path is keys of maps, and positions in lists.
    #[must_use]
    pub fn is_set(&self, path: &[String]) -> bool {
        matches!(self.lists_at(path).and_then(At::rule), Some(Rule::Union))
    }

    /// What stands at a path, its references resolved, with each item of a set once.
    #[must_use]
    pub fn united(&self, path: &[String], node: Node) -> Node {
        let at = self.lists_at(path);
        at.and_then(|at| settled(&node, at, &mut [])).unwrap_or(node)
    }

    fn lists_at(&self, path: &[String]) -> Option<At<'_>> {
        let root = self.lists.as_deref().and_then(Lists::root)?;
        path.iter().try_fold(root, |at, step| {
            let is_position = step.bytes().all(|byte| byte.is_ascii_digit());
            at.items().filter(|_| is_position).or_else(|| at.key(step))
        })
    }
}
