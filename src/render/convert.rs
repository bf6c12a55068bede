//! The engine's values become nodes; values of the user's files keep their own text and places.

use super::object::Branch;
use super::refusal::Refusal;
use super::run::Run;
use super::text::{self, Omit, Quoted};
use super::trace::Root;
use super::watched::known;
use crate::diag::{Code, Diagnostic};
use crate::source::Place;
use crate::yaml::{Data, Key, Map, Node, Scalar};
use minijinja::value::{Value, ValueKind};
use std::sync::Arc;

/// What a node weighs besides its text, in bytes.
const NODE: usize = 128;

/// The node that a hole at `place` becomes; none if it is `omit`. What it weighs is taken from what
/// the run may print: a list may hold another one twice, and that one the next, and so on.
pub(super) fn node(value: &Value, place: Place, run: &Run) -> Result<Option<Node>, Refusal> {
    at_depth(value, (place, run), 0)
}

fn at_depth(
    value: &Value,
    (place, run): (Place, &Run),
    depth: usize,
) -> Result<Option<Node>, Refusal> {
    if depth > text::MAX_DEPTH {
        return Err(text::too_deep());
    }
    if let Some(branch) = value.downcast_object_ref::<Branch>() {
        let is_value = branch.path().root() == Root::Values;
        let whole = branch.take_whole();
        let node = match run.resolver() {
            Some(resolver) => stamped(&resolver.seen(whole, branch.path()), place, run)?,
            None => stamped(whole, place, run)?,
        };
        return Ok(Some(if is_value { node } else { unset(node) }));
    }
    run.print(NODE + value.as_str().map_or(0, str::len))?;
    if value.downcast_object_ref::<Omit>().is_some() {
        return Ok(None);
    }
    if let Some(quoted) = value.downcast_object_ref::<Quoted>() {
        let node = Node::string(quoted.content.as_str(), place);
        keep_secret(value, &node, run);
        return Ok(Some(node));
    }
    let inner = |value: &Value| at_depth(value, (place, run), depth + 1);
    match value.kind() {
        ValueKind::Map => {
            let mut map = Map::default();
            for (name, value) in text::entries(value)? {
                if value.is_undefined() {
                    return Err(undefined(&format!("under `{name}`")));
                }
                if let Some(node) = inner(&value)? {
                    map.insert(Key::new(name, place), node);
                }
            }
            Ok(Some(Node::map(map, place)))
        }
        ValueKind::Seq | ValueKind::Iterable => {
            let items =
                text::items(value)?.enumerate().map(|(at, item)| match item.is_undefined() {
                    true => Err(undefined(&format!("as its item {at}, from 0"))),
                    false => inner(&item),
                });
            let items = items.filter_map(Result::transpose).collect::<Result<_, _>>()?;
            Ok(Some(Node::list(items, place)))
        }
        _ => {
            let node = Node::new(Data::Scalar(scalar(value)?), place);
            keep_secret(value, &node, run);
            Ok(Some(node))
        }
    }
}

/// Notes that a scalar within a printed map or list was made of a secret.
fn keep_secret(value: &Value, node: &Node, run: &Run) {
    if let Some(secret) = run.is_watched().then(|| known(value, run)).flatten() {
        run.keep_secret_text(node, secret);
    }
}

fn scalar(value: &Value) -> Result<Scalar, Refusal> {
    use crate::yaml::Value as Meaning;
    match value.kind() {
        ValueKind::None => Ok(Scalar::plain(Meaning::Null)),
        ValueKind::Bool => Ok(Scalar::plain(Meaning::Bool(value.is_true()))),
        ValueKind::String => {
            let text = text::unmarked(value.as_str().unwrap_or_default())?;
            Ok(Scalar::string(text))
        }
        ValueKind::Number if text::number(value).is_some() => {
            Ok(Scalar::plain(text::number(value).expect("it was just asked for")))
        }
        ValueKind::Number => Err(wrong(
            format!("`{value}` is no number that a manifest can hold"),
            "keep numbers finite and within 64 bits",
        )),
        ValueKind::Undefined => Err(undefined("where a value is needed")),
        _ => {
            let message = format!("{} cannot stand in a manifest", text::kind(value));
            Err(wrong(message, "call it with `()`, or print a value"))
        }
    }
}

/// That there is no value at a place in a list or map.
fn undefined(at: &str) -> Refusal {
    wrong(
        format!("an undefined value stands within a list or map, {at}"),
        "it comes of a key that is not there or of an `if` without `else`: give it a default; `omit` leaves the item or key out",
    )
}

/// What a scalar that is no string means.
pub(super) fn meaning(value: &Value) -> Option<crate::yaml::Value> {
    (value.kind() != ValueKind::String).then(|| scalar(value).ok())?.map(|scalar| scalar.value)
}

fn wrong(message: String, hint: &str) -> Refusal {
    Diagnostic::error(Code::TemplateHole, message).hint(hint).into()
}

/// A user's value as a part of a manifest: it stands where the hole stands, set where it was set.
fn stamped(node: &Node, place: Place, run: &Run) -> Result<Node, Refusal> {
    run.print(NODE)?;
    let data = match &node.data {
        Data::Scalar(scalar) => Data::Scalar(scalar.clone()),
        Data::List(items) => {
            let items = items.iter().map(|item| stamped(item, place, run));
            Data::List(items.collect::<Result<Vec<_>, _>>()?.into())
        }
        Data::Map(map) => {
            let entries = map.iter().map(|(key, value)| {
                let key = Key { name: key.name.clone(), place, written: key.written.clone() };
                Ok((key, stamped(value, place, run)?))
            });
            Data::Map(entries.collect::<Result<Map, Refusal>>()?.into())
        }
    };
    let stamped = Node { data, place, set_at: Some(node.place) };
    if run.secret.hold(node) {
        run.keep_secret(&stamped, node.place);
    }
    Ok(stamped)
}

/// A node that no values file set.
fn unset(node: Node) -> Node {
    let data = match node.data {
        Data::Map(map) => {
            let entries = map.iter().map(|(key, node)| (key.clone(), unset(node.clone())));
            Data::Map(Arc::new(entries.collect()))
        }
        data => data,
    };
    Node { data, place: node.place, set_at: None }
}
