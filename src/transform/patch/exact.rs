//! What RFC 6902 asks of an operation before it is applied, and when two values are the same to it.

use super::json6902::{HINT, PatchRules};
use crate::diag::nearest;
use crate::source::Place;
use crate::transform::Fault;
use crate::yaml::{Data, Exact, Node, Scalar, Value, json_float};

/// The operations, the fields that each needs besides `op`, and what is said where one was meant.
const OPERATIONS: [(&str, &[&str], &str); 6] = [
    ("add", &["path", "value"], "did you mean `add`?"),
    ("remove", &["path"], "did you mean `remove`?"),
    ("replace", &["path", "value"], "did you mean `replace`?"),
    ("move", &["from", "path"], "did you mean `move`?"),
    ("copy", &["from", "path"], "did you mean `copy`?"),
    ("test", &["path", "value"], "did you mean `test`?"),
];

/// The fields of operations, and what is said where one was meant or is missing.
const FIELDS: [(&str, &str, &str); 4] = [
    ("op", "did you mean `op`?", "add `op`: `add`, `remove`, `replace`, `move`, `copy` or `test`"),
    (
        "path",
        "did you mean `path`?",
        "add `path`: the way from the object's top, as `/spec/replicas`",
    ),
    ("value", "did you mean `value`?", "add `value`; `value: null` for null"),
    (
        "from",
        "did you mean `from`?",
        "add `from`: the way from the object's top, as `/spec/replicas`",
    ),
];

/// Refuses an operation that lacks something, has a field that there is not, or a path that is none.
///
/// RFC 6902 passes over further fields; here each is taken for another field's name with a slip.
pub(super) fn check(operation: &Node) -> Result<(), Fault> {
    let Some(map) = operation.as_map() else {
        let message = format!("an operation is a map, not {}", operation.kind());
        return Err(Fault { message, place: operation.place, hint: HINT });
    };
    let names = || FIELDS.iter().map(|(name, ..)| *name);
    if let Some(key) = map.keys().find(|key| !names().any(|name| *name == *key.name)) {
        let message = format!("an operation has no field `{}`", key.name);
        let near = nearest(&key.name, names());
        let near = FIELDS.iter().find(|(name, ..)| Some(*name) == near).map(|(_, near, _)| *near);
        let hint = near.unwrap_or("the fields are `op`, `path`, `value` and `from`");
        return Err(Fault { message, place: key.place, hint });
    }
    let op = text(operation, "op")?;
    let Some((_, needed, _)) = OPERATIONS.iter().find(|(name, ..)| *name == op) else {
        return Err(no_operation(op, operation));
    };
    for field in *needed {
        match *field {
            "value" if operation.get("value").is_none() => return Err(lacks(field, operation)),
            "value" => {}
            _ => check_path(text(operation, field)?, field, operation)?,
        }
    }
    check_whole(op, operation)
}

/// A path is empty or begins with `/`, and each `~` in it has a meaning.
fn check_path(path: &str, field: &str, operation: &Node) -> Result<(), Fault> {
    let place = place_of(field, operation);
    if !path.is_empty() && !path.starts_with('/') {
        let message = format!("the path `{path}` does not begin with `/`");
        return Err(Fault { message, place, hint: HINT });
    }
    if path.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1'])) {
        let message = format!("the path `{path}` has a `~` that stands for nothing");
        return Err(Fault { message, place, hint: "write `~0` for `~` and `~1` for `/`" });
    }
    Ok(())
}

/// Nothing can be moved into itself, and nothing is left of an object that is removed as a whole.
fn check_whole(op: &str, operation: &Node) -> Result<(), Fault> {
    let path = text(operation, "path")?;
    if op == "remove" && path.is_empty() {
        let message = "no operation removes the whole object".to_owned();
        let place = place_of("path", operation);
        return Err(Fault { message, place, hint: "merge a patch with `$patch: delete` instead" });
    }
    if op != "move" {
        return Ok(());
    }
    let from = text(operation, "from")?;
    match path.strip_prefix(from) {
        Some(rest) if rest.starts_with('/') || from.is_empty() => {
            let message = format!("what stands at `{from}` cannot be moved into itself");
            let place = place_of("from", operation);
            Err(Fault { message, place, hint: "`copy` it instead, or move a part of it" })
        }
        _ => Ok(()),
    }
}

fn text<'n>(operation: &'n Node, field: &str) -> Result<&'n str, Fault> {
    let Some(node) = operation.get(field) else { return Err(lacks(field, operation)) };
    node.as_str().ok_or_else(|| {
        let message = format!("`{field}` is {}, not a string", node.kind());
        Fault { message, place: node.place, hint: HINT }
    })
}

fn place_of(field: &str, operation: &Node) -> Place {
    operation.get(field).unwrap_or(operation).place
}

/// The fault of an operation without a field.
pub(super) fn lacks(field: &str, operation: &Node) -> Fault {
    let hint = FIELDS.iter().find(|(name, ..)| *name == field).map(|(.., add)| *add);
    let message = format!("the operation lacks `{field}`");
    Fault { message, place: operation.place, hint: hint.unwrap_or(HINT) }
}

/// The fault of an operation that there is not.
pub(super) fn no_operation(op: &str, operation: &Node) -> Fault {
    let near = nearest(op, OPERATIONS.iter().map(|(name, ..)| *name));
    let near = OPERATIONS.iter().find(|(name, ..)| Some(*name) == near).map(|(.., near)| *near);
    let message = format!("there is no operation `{op}`");
    let hint = near.unwrap_or("write `add`, `remove`, `replace`, `move`, `copy` or `test`");
    Fault { message, place: place_of("op", operation), hint }
}

/// Whether two values are the same: numbers by their values, to the last digit; for kustomize as its JSON has them.
pub(super) fn is_same(one: &Node, other: &Node, rules: PatchRules) -> bool {
    match (&one.data, &other.data) {
        (Data::Scalar(one), Data::Scalar(other)) => is_same_scalar(one, other, rules),
        (Data::List(one), Data::List(other)) => {
            let mut both = one.iter().zip(&**other);
            one.len() == other.len() && both.all(|(one, other)| is_same(one, other, rules))
        }
        (Data::Map(one), Data::Map(other)) => {
            let has = |(key, node)| other.get(key).is_some_and(|other| is_same(node, other, rules));
            one.len() == other.len() && one.iter().all(has)
        }
        _ => false,
    }
}

fn is_same_scalar(one: &Scalar, other: &Scalar, rules: PatchRules) -> bool {
    if let (PatchRules::AsKustomize, Some(one), Some(other)) = (rules, json(one), json(other)) {
        return one == other;
    }
    match (Exact::of(one), Exact::of(other)) {
        (None, None) if one.value == Value::String => {
            other.value == Value::String && one.text == other.text
        }
        (None, None) => one.value == other.value,
        (one, other) => one == other,
    }
}

/// How a number stands in the JSON of Go: an integer by its digits, any other rounded to 64 bits.
fn json(scalar: &Scalar) -> Option<String> {
    match scalar.value {
        Value::Int(number) => Some(number.to_string()),
        Value::Uint(number) => Some(number.to_string()),
        Value::Float(number) if number.is_finite() => Some(json_float(number)),
        _ => None,
    }
}
