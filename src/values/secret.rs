//! Which scalars of a tree of values are secret, and what references make of them.

use super::{Reference, Values, scalars};
use crate::yaml::{Data, Node, Value, same_data};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which scalars of a tree of values are secret.
#[derive(Debug, Clone, Default)]
pub struct SecretScalars(
    /// Their addresses: the tree is not changed any more, so they stay.
    Arc<BTreeSet<usize>>,
);

impl Values {
    /// The secret scalars with their paths, in the order of the tree; list items count as their
    /// position, `0` first.
    #[must_use]
    pub fn secrets(&self) -> Vec<(Vec<String>, &Node)> {
        if self.secret.is_empty() {
            return Vec::new();
        }
        let is_one = |node| self.secret.hold(node);
        scalars(&self.root, |path, node, _| is_one(node).then(|| (path.to_vec(), node)))
    }
}

impl SecretScalars {
    /// Whether a scalar of the tree is secret.
    #[must_use]
    pub fn hold(&self, scalar: &Node) -> bool {
        self.0.contains(&address(scalar))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These and others.
    pub(super) fn with<'n>(&self, others: impl IntoIterator<Item = &'n Node>) -> Self {
        let others = others.into_iter().map(address);
        Self(Arc::new(self.0.iter().copied().chain(others).collect()))
    }
}

fn address(node: &Node) -> usize {
    std::ptr::from_ref(node) as usize
}

impl Values {
    /// Marks what references made of secret values as secret.
    pub fn keep_secret_through_references(&mut self) {
        let root = self.root.clone();
        while !self.secret.is_empty() {
            let made = made_of_secrets((self, &self.references), &root);
            if made.iter().all(|scalar| self.secret.hold(scalar)) {
                return;
            }
            self.secret = self.secret.with(made);
        }
    }

    /// The same of references by which secret values of another chart are passed on to this one.
    pub fn keep_secret_from(&mut self, other: &Self, passed: &[Reference]) {
        if !other.secret.is_empty() {
            let root = self.root.clone();
            self.secret = self.secret.with(made_of_secrets((other, passed), &root));
            self.keep_secret_through_references();
        }
    }
}

/// The scalars of a tree that references to other values made of secret ones.
fn made_of_secrets<'n>(
    (values, references): (&Values, &[Reference]),
    root: &'n Node,
) -> Vec<&'n Node> {
    let mut found = Vec::new();
    for reference in references {
        let read: Vec<&Node> = reference.made_of().filter_map(|path| at(values, path)).collect();
        let all: Vec<&Node> = read.iter().flat_map(|node| leaves(node)).collect();
        let (secret, open): (Vec<&Node>, Vec<&Node>) =
            all.into_iter().partition(|scalar| values.secret.hold(scalar));
        if secret.is_empty() {
            continue;
        }
        // Of a map that was taken whole, what is known not to be secret stays so.
        let is_open = |scalar: &Node| {
            let equals = |other: &&Node| same_data(other, scalar);
            open.iter().any(equals) && !secret.iter().any(equals)
        };
        let made = leaves(root).into_iter().filter(|scalar| reference.made(scalar.place));
        found.extend(made.filter(|scalar| !is_open(scalar)));
    }
    found
}

fn at<'v>(values: &'v Values, path: &[String]) -> Option<&'v Node> {
    values.find(&path.iter().map(String::as_str).collect::<Vec<_>>())
}

/// All scalars of a tree but null.
fn leaves(root: &Node) -> Vec<&Node> {
    let (mut found, mut open) = (Vec::new(), vec![root]);
    while let Some(node) = open.pop() {
        match &node.data {
            Data::Scalar(scalar) if scalar.value == Value::Null => {}
            Data::Scalar(_) => found.push(node),
            Data::List(items) => open.extend(items.iter()),
            Data::Map(map) => open.extend(map.values()),
        }
    }
    found
}
