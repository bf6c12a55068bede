//! In a traced render, the leaves of what a hole became are noted with what they were made of.

use super::object::Branch;
use super::reads::Path;
use super::run::Run;
use super::trace::{PrintedBy, Role, Used};
use crate::yaml::{Data, Node};
use minijinja::value::Value;
use std::sync::Arc;

/// What a node came from: the engine's value, or a path within a map or list that was printed whole.
enum From<'v> {
    Value(&'v Value),
    Path(Path),
    Unknown,
}

/// Notes for each leaf of what `value` became that `by` printed it.
pub(super) fn attribute(node: &mut Node, value: &Value, by: &PrintedBy, run: &Run) {
    leaves(node, &From::Value(value), by, run);
}

fn leaves(node: &mut Node, from: &From<'_>, by: &PrintedBy, run: &Run) {
    if let From::Value(value) = from
        && let Some(branch) = value.downcast_object_ref::<Branch>()
    {
        return leaves(node, &From::Path(branch.path().clone()), by, run);
    }
    match &mut node.data {
        Data::Map(map) if !map.is_empty() => {
            for (key, below) in Arc::make_mut(map) {
                child(below, from, (Arc::clone(&key.name), Value::from(&key.name)), by, run);
            }
        }
        Data::List(items) if !items.is_empty() => {
            for (at, below) in Arc::make_mut(items).iter_mut().enumerate() {
                child(below, from, (at.to_string().into(), Value::from(at)), by, run);
            }
        }
        _ => leaf(node, from, by, run),
    }
}

fn child(
    node: &mut Node,
    from: &From<'_>,
    (name, key): (Arc<str>, Value),
    by: &PrintedBy,
    run: &Run,
) {
    match from {
        From::Path(path) => leaves(node, &From::Path(path.join(name)), by, run),
        From::Value(value) => match value.get_item(&key) {
            Ok(value) if !value.is_undefined() => leaves(node, &From::Value(&value), by, run),
            _ => leaves(node, &From::Unknown, by, run),
        },
        From::Unknown => leaves(node, from, by, run),
    }
}

fn leaf(node: &mut Node, from: &From<'_>, by: &PrintedBy, run: &Run) {
    let mut log = run.log();
    let Some(tracer) = log.tracer() else { return };
    let used = match from {
        From::Path(path) => {
            vec![Used { root: path.root(), path: path.keys(), role: Role::Printed }]
        }
        From::Value(value) => tracer.part_made_of(value, &by.used),
        From::Unknown => by.used.clone(),
    };
    tracer.trace.note(node, vec![PrintedBy { used, ..by.clone() }]);
}
