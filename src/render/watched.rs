//! What a watched render makes of secret values, told while it runs.
//!
//! A secret text is known by its memory wherever it is handed on. What is computed of one gets memory of
//! its own, which is known from then on. Numbers and booleans have none: they are known where they are
//! printed, if the same expression reads the secret.

use super::marks;
use super::object::Branch;
use super::run::{Run, SecretRead, run_of};
use super::scope;
use super::text::{self, Quoted};
use super::trace::text_address;
use super::watch::{Chain, Role, Step, Watched};
use crate::yaml::{Data, Node};
use minijinja::value::{Value, ValueKind};
use minijinja::{Error, State};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many values are looked at in search of secrets.
const MAX_LOOKS: usize = 1_000_000;
/// How deep.
const MAX_DEPTH: usize = 32;

/// Stands before a watched expression.
pub(super) fn reads(state: &State<'_, '_>) -> Result<usize, Error> {
    Ok(run_of(state)?.log().mark_secrets())
}

/// Stands around an expression that only decides: what it read goes nowhere.
pub(super) fn decided(state: &State<'_, '_>, mark: usize, value: Value) -> Result<Value, Error> {
    run_of(state)?.log().forget_secrets(mark);
    Ok(value)
}

/// Stands around a watched expression.
pub(super) fn watched(
    state: &State<'_, '_>,
    mark: usize,
    value: Value,
    number: usize,
) -> Result<Value, Error> {
    let run = run_of(state)?;
    let Some(watched) = run.watched(number) else { return Ok(value) };
    let mut found = run.log().secrets_since(mark);
    found.extend(named(state, &watched.chains, &run));
    match watched.role {
        Role::Told => {
            run.log().tell_secrets(mark, found);
            return Ok(value);
        }
        Role::Printed => {
            if has_memory(&value) && !watched.computes {
                found.clear();
            }
            // Of a map or list each part is known by itself, where it is printed.
            found.extend(known(&value, &run));
            run.log().forget_secrets(mark);
            run.print_secrets(found, held(&value, &run));
            return Ok(value);
        }
        Role::Given if !has_memory(&value) => {}
        Role::Named | Role::Given => run.log().forget_secrets(mark),
        Role::Part => {}
    }
    Ok(match found.first() {
        Some(first) if watched.computes => {
            let about = About { secret: *first, watched, run: &run };
            about.made(&value, 0)
        }
        _ => value,
    })
}

/// Whether what a value is made of is known wherever it is handed on.
fn has_memory(value: &Value) -> bool {
    !matches!(value.kind(), ValueKind::Number | ValueKind::Bool)
}

/// The secrets that names stand for, or that what they stand for holds.
fn named(state: &State<'_, '_>, chains: &[Chain], run: &Run) -> Vec<SecretRead> {
    let is_own = |chain: &&Chain| !scope::NAMES.contains(&&*chain.name);
    let values = chains.iter().filter(is_own).filter_map(|chain| followed(state, chain));
    values.flat_map(|value| held(&value, run)).collect()
}

/// What a name and its steps lead to; what stands in the values is read by the expression itself.
fn followed(state: &State<'_, '_>, chain: &Chain) -> Option<Value> {
    let mut value = state.lookup(&chain.name)?;
    for step in &chain.steps {
        if is_of_values(&value) {
            return None;
        }
        let next = match step {
            Step::Key(key) => value.get_attr(key),
            Step::Item(at) => value.get_item(&Value::from(*at)),
        };
        value = next.ok().filter(|value| !value.is_undefined())?;
    }
    Some(value)
}

fn is_of_values(value: &Value) -> bool {
    value.downcast_object_ref::<Branch>().is_some()
}

/// The secrets whose texts a value holds.
fn held(value: &Value, run: &Run) -> Vec<SecretRead> {
    let (mut found, mut open, mut looks) = (Vec::new(), vec![(value.clone(), 0)], 0);
    while let Some((value, depth)) = open.pop() {
        looks += 1;
        found.extend(known(&value, run));
        if looks < MAX_LOOKS && depth < MAX_DEPTH {
            open.extend(parts(&value).into_iter().map(|part| (part, depth + 1)));
        }
    }
    found
}

/// The secret that a text was made of.
pub(super) fn known(value: &Value, run: &Run) -> Option<SecretRead> {
    let address = address(value)?;
    run.log().secret_at(address)
}

/// What a map or list holds that no file of values set.
fn parts(value: &Value) -> Vec<Value> {
    match value.kind() {
        _ if is_of_values(value) => Vec::new(),
        ValueKind::Seq | ValueKind::Iterable => {
            text::items(value).map(Iterator::collect).unwrap_or_default()
        }
        ValueKind::Map => {
            let entries = text::entries(value).unwrap_or_default();
            entries.into_iter().map(|(_, value)| value).collect()
        }
        _ => Vec::new(),
    }
}

/// Where the text of a value lies, if it has one.
fn address(value: &Value) -> Option<usize> {
    let quoted = value.downcast_object_ref::<Quoted>().map(|quoted| quoted.content.as_str());
    value.as_str().or(quoted).map(text_address)
}

/// What something was made of, and by what.
struct About<'r> {
    secret: SecretRead,
    watched: &'r Watched,
    run: &'r Run,
}

impl About<'_> {
    /// A value that was made of a secret, known by the memory of its texts.
    fn made(&self, value: &Value, depth: usize) -> Value {
        let is_fragment = value.as_str().is_some_and(marks::is_marked);
        if is_fragment || is_of_values(value) || depth > MAX_DEPTH {
            return value.clone();
        }
        if let Some(text) = value.as_str() {
            return match self.text(text) {
                None => value.clone(),
                // What a macro of a text file returns.
                Some(_) if value.is_safe() => self.known(Value::from_safe_string(text.to_owned())),
                Some(text) => self.known(text.into()),
            };
        }
        if value.downcast_object_ref::<Quoted>().is_some() {
            return self.known(value.clone());
        }
        match value.kind() {
            ValueKind::Seq | ValueKind::Iterable => match text::items(value) {
                Ok(items) => items.map(|item| self.made(&item, depth + 1)).collect(),
                Err(_) => value.clone(),
            },
            ValueKind::Map => match text::entries(value) {
                Ok(entries) => {
                    let made =
                        |(name, value): (String, Value)| (name, self.made(&value, depth + 1));
                    Value::from_pairs(entries.into_iter().map(made))
                }
                Err(_) => value.clone(),
            },
            _ => value.clone(),
        }
    }

    fn known(&self, value: Value) -> Value {
        if let Some(address) = address(&value) {
            self.run.log().know_secret(address, value.clone(), self.secret);
        }
        value
    }

    /// A text with memory of its own; none if it says what is no secret anyway.
    fn text(&self, text: &str) -> Option<Arc<str>> {
        let is_known = self.run.log().secret_at(text_address(text)).is_some();
        let is_written = || self.watched.literals.iter().any(|literal| **literal == *text);
        let is_open = is_known || text.is_empty() || is_written() || self.run.says_openly(text);
        (!is_open).then(|| text.into())
    }
}

/// The texts of the values that are not secret, and the keys.
pub(super) fn open_texts(run: &Run) -> BTreeSet<Arc<str>> {
    let (mut texts, mut open) = (BTreeSet::new(), vec![&run.values]);
    while let Some(node) = open.pop() {
        match &node.data {
            Data::Scalar(scalar) if !run.secret.hold(node) => {
                texts.insert(Arc::clone(&scalar.text));
            }
            Data::Scalar(_) => {}
            Data::List(items) => open.extend(items.iter()),
            Data::Map(map) => {
                texts.extend(map.keys().map(|key| Arc::clone(&key.name)));
                open.extend(map.values());
            }
        }
    }
    texts
}

/// The secret scalars within a value.
pub(super) fn secrets_within<'n>(node: &'n Node, run: &Run) -> Vec<&'n Node> {
    let (mut found, mut open) = (Vec::new(), vec![node]);
    while let Some(node) = open.pop() {
        match &node.data {
            Data::Scalar(_) if run.secret.hold(node) => found.push(node),
            Data::Scalar(_) => {}
            Data::List(items) => open.extend(items.iter()),
            Data::Map(map) => open.extend(map.values()),
        }
    }
    found
}

/// The secrets that a value was made of that becomes a fragment within a watched expression.
pub(super) fn in_fragment(value: &Value, run: &Run) -> Vec<SecretRead> {
    if !run.is_watched() || is_of_values(value) {
        return Vec::new();
    }
    let mut found = run.log().secrets_since(0);
    found.extend(known(value, run));
    found
}
