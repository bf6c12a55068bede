//! The way from a document's root to a node.

use crate::yaml::{Data, Node};
use std::fmt;
use std::sync::Arc;

/// The way from a document's root to a node; empty for the root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Path(Vec<Step>);

/// One step into a map or a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The value under a key.
    Key(Arc<str>),
    /// The item at a position, from 0.
    Index(usize),
}

impl Step {
    /// The node that the step leads to.
    #[must_use]
    pub fn from<'n>(&self, node: &'n Node) -> Option<&'n Node> {
        match (self, &node.data) {
            (Self::Key(name), Data::Map(map)) => map.get(&**name),
            (Self::Index(index), Data::List(items)) => items.get(*index),
            _ => None,
        }
    }
}

impl Path {
    /// Its steps, from the root.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether it is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path one step further.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The same path from the node above, to whose child at `step` it is relative so far.
    #[must_use]
    pub fn under(mut self, step: Step) -> Self {
        self.0.insert(0, step);
        self
    }

    /// The value under a key of the node that this path leads to.
    #[must_use]
    pub fn key(&self, name: &str) -> Self {
        self.then(Step::Key(name.into()))
    }

    /// The path in `root` with items of lists by their names, `spec.containers[name=web].image`, so that others may come
    /// and go; by their positions where names do not tell them apart.
    #[must_use]
    pub fn by_names(&self, root: &Node) -> String {
        let (mut text, mut node) = (String::new(), Some(root));
        for step in &self.0 {
            let name = node.and_then(|list| name_of_item(list, step));
            let one = Self(vec![step.clone()]).to_string();
            let dot = if text.is_empty() || one.starts_with('[') { "" } else { "." };
            text += &name.map_or_else(|| format!("{dot}{one}"), |name| format!("[name={name}]"));
            node = node.and_then(|node| step.from(node));
        }
        text
    }

    /// `` `image` to `spec.containers[0]` ``, as in "add …".
    #[must_use]
    pub fn as_addition(&self) -> String {
        let Some((last, above)) = self.0.split_last() else { return "it".to_owned() };
        let above = Self(above.to_vec());
        let last = match last {
            Step::Key(name) => name.to_string(),
            Step::Index(index) => format!("[{index}]"),
        };
        if above.is_root() { format!("`{last}`") } else { format!("`{last}` to `{above}`") }
    }

    /// The path that a JSON pointer into `root` stands for, and the node it leads to; where the pointer
    /// leaves the tree, the last node before.
    pub(super) fn follow<'n>(root: &'n Node, pointer: &str) -> (Self, &'n Node) {
        let mut found = (Self::default(), root);
        for token in pointer.split('/').skip(1) {
            let name = token.replace("~1", "/").replace("~0", "~");
            let next = match &found.1.data {
                Data::Map(map) => map
                    .get_key_value(name.as_str())
                    .map(|(key, node)| (Step::Key(Arc::clone(&key.name)), node)),
                Data::List(items) => {
                    let index = name.parse::<usize>().ok();
                    index.and_then(|i| items.get(i).map(|node| (Step::Index(i), node)))
                }
                Data::Scalar(_) => None,
            };
            let Some((step, node)) = next else { break };
            found.0.0.push(step);
            found.1 = node;
        }
        found
    }
}

/// `spec.containers[0].image`; a key that is no plain name stands in brackets, as Kubernetes writes it:
/// `metadata.labels[app.kubernetes.io/name]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(name) if !is_plain(name) => write!(f, "[{name}]")?,
                Step::Key(name) if i == 0 => f.write_str(name)?,
                Step::Key(name) => write!(f, ".{name}")?,
            }
        }
        Ok(())
    }
}

/// What an item of a list is called, if no other one of it is called the same.
fn name_of_item<'n>(list: &'n Node, step: &Step) -> Option<&'n str> {
    let name = |item: &'n Node| item.get("name").and_then(Node::as_str);
    let own = name(step.from(list)?).filter(|name| !name.is_empty())?;
    let is_alone = list.as_list()?.iter().filter(|item| name(item) == Some(own)).count() == 1;
    is_alone.then_some(own)
}

fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$');
    !name.is_empty() && name.chars().all(plain)
}
