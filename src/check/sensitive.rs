//! Which values a chart's schema marks as secret.

use super::schema::{Marks, Path};
use crate::source::Secrets;
use crate::yaml::{Data, Node, Value as Meaning};
use serde_json::Value;
use std::sync::Arc;

/// The values that a `values.schema.json` marks with `writeOnly: true` or `x-jibe-sensitive: true`.
#[derive(Debug, Clone)]
pub struct Sensitive {
    schema: Arc<Value>,
}

impl Sensitive {
    /// The marks of a schema; none if it has none. It need not be a schema that can judge values.
    #[must_use]
    pub fn of(schema: &Arc<Value>) -> Option<Self> {
        Marks::any(schema).then(|| Self { schema: Arc::clone(schema) })
    }

    /// The keys that are marked wherever they stand.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        Marks::names(&self.schema)
    }

    /// Whether keys are marked that only patterns name, at the top of the values.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        Marks::nameless(&self.schema)
    }

    /// The patterns of keys that are marked wherever they stand.
    #[must_use]
    pub fn patterns(&self) -> Vec<&str> {
        Marks::patterns(&self.schema)
    }

    /// The scalars of a tree of values that are secret, in order.
    #[must_use]
    pub fn among<'n>(&self, values: &'n Node) -> Vec<&'n Node> {
        let mut found = Vec::new();
        for path in Marks::paths(&self.schema, values) {
            collect(path.node_in(values), &mut found);
        }
        found
    }
}

/// All scalars of a tree but null, in order.
#[must_use]
pub fn scalars(root: &Node) -> Vec<&Node> {
    let mut found = Vec::new();
    collect(Some(root), &mut found);
    found
}

fn collect<'n>(node: Option<&'n Node>, found: &mut Vec<&'n Node>) {
    match node.map(|node| (node, &node.data)) {
        Some((node, Data::Scalar(scalar))) if scalar.value != Meaning::Null => found.push(node),
        Some((_, Data::List(items))) => items.iter().for_each(|item| collect(Some(item), found)),
        Some((_, Data::Map(map))) => map.values().for_each(|node| collect(Some(node), found)),
        _ => {}
    }
}

/// Takes in what a secret scalar says, unless it says too little to be told from anything else: true,
/// false and small numbers are known by where they stand only.
pub fn keep_secret(node: &Node, secrets: &Secrets) {
    let Some(scalar) = node.as_scalar() else { return };
    let says_much = match scalar.value {
        Meaning::String => true,
        Meaning::Null | Meaning::Bool(_) => false,
        Meaning::Int(_) | Meaning::Uint(_) | Meaning::Float(_) => scalar.text.len() > 5,
    };
    if says_much {
        secrets.add(&scalar.text);
    }
}

impl Path {
    /// The node that it leads to.
    fn node_in<'n>(&self, root: &'n Node) -> Option<&'n Node> {
        self.steps().iter().try_fold(root, |node, step| step.from(node))
    }
}
