//! What a watched render makes of secret values, told while it runs.
//!
//! A secret text is known by its memory wherever it is handed on. What is computed of one gets memory of
//! its own, which is known from then on. Numbers and booleans have none: they are known where they are
//! printed, if the same expression reads the secret; a boolean only if the secret is one itself, because any
//! other only decides. The text of a file is known for what it alone was made of.

use super::marks;
use super::object::Branch;
use super::run::{Run, SecretRead, run_of};
use super::text::{self, Quoted};
use super::trace::text_address;
use super::watch::{Chain, Role, Step};
use crate::yaml::{Data, Node};
use indexmap::IndexSet;
use minijinja::value::{Value, ValueKind};
use minijinja::{Error, State};
use std::collections::BTreeSet;
use std::sync::Arc;

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
    let is_boolean = value.kind() == ValueKind::Bool;
    if is_boolean {
        found.retain(|secret| run.log().is_boolean(*secret));
    }
    match watched.role {
        Role::Told => {
            run.log().tell_secrets(mark, found);
            return Ok(value);
        }
        Role::Given | Role::Part if is_boolean => {
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
            let about = About { secret: *first, run: &run };
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
    let values = chains.iter().filter_map(|chain| followed(state, chain));
    values.flat_map(|value| held(&value, run)).collect()
}

/// What a name and its steps lead to; what stands in the values is read by the expression itself.
fn followed(state: &State<'_, '_>, chain: &Chain) -> Option<Value> {
    let mut value = state.lookup(&chain.name)?;
    let is_open = |value: &Value| {
        chain.is_measured && matches!(value.kind(), ValueKind::Map | ValueKind::Seq)
    };
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
    (!is_open(&value)).then_some(value)
}

fn is_of_values(value: &Value) -> bool {
    value.downcast_object_ref::<Branch>().is_some()
}

/// The secrets whose texts a value holds.
///
/// Where a run has looked at too many values to go on, the last secret stands for what may be found.
fn held(value: &Value, run: &Run) -> Vec<SecretRead> {
    let Some(last) = run.log().last_known() else { return Vec::new() };
    let (mut found, mut open) = (IndexSet::new(), vec![(value.clone(), 0)]);
    while let Some((value, depth)) = open.pop() {
        if depth > text::MAX_DEPTH || !run.may_look() {
            found.insert(last);
            break;
        }
        found.extend(known(&value, run));
        open.extend(parts(&value).into_iter().map(|part| (part, depth + 1)));
    }
    found.into_iter().collect()
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

/// What something was made of.
struct About<'r> {
    secret: SecretRead,
    run: &'r Run,
}

impl About<'_> {
    /// A value that was made of a secret, known by the memory of its texts.
    fn made(&self, value: &Value, depth: usize) -> Value {
        let is_fragment = value.as_str().is_some_and(marks::is_marked);
        if is_fragment || is_of_values(value) || depth > text::MAX_DEPTH {
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
        let is_open = is_known || text.is_empty() || self.run.says_openly(text);
        (!is_open).then(|| text.into())
    }
}

/// The text of a file, known for what was read since a mark, when it began.
pub(super) fn of_file(run: &Run, mark: usize, text: &Value) -> Value {
    let content: Arc<str> = text.as_str().unwrap_or_default().into();
    let value = Value::from(Arc::clone(&content));
    let mut log = run.log();
    match log.secrets_since(mark).first() {
        Some(secret) if !content.is_empty() => {
            log.know_secret(text_address(&content), value.clone(), *secret);
        }
        _ => log.say_openly(content),
    }
    value
}

/// The texts of the values that are not secret, the keys, and what is written out in watched expressions.
pub(super) fn open_texts(run: &Run) -> BTreeSet<Arc<str>> {
    let literals = run.all_watched().iter().flat_map(|watched| &watched.literals);
    let (mut texts, mut open) = (literals.cloned().collect::<BTreeSet<_>>(), vec![&run.values]);
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

/// The secrets that a value was made of that becomes a fragment within a watched expression; what each part
/// of it is known for is told apart.
pub(super) fn in_fragment(value: &Value, run: &Run) -> Vec<SecretRead> {
    if !run.is_watched() || is_of_values(value) {
        return Vec::new();
    }
    let mut found = run.log().secrets_since(0);
    if !found.is_empty() && is_told(value, run) {
        found.clear();
    }
    found.extend(known(value, run));
    found
}

/// Whether all that a value holds is known already, or says what is no secret anyway.
fn is_told(value: &Value, run: &Run) -> bool {
    let mut open = vec![(value.clone(), 0)];
    while let Some((value, depth)) = open.pop() {
        if depth > text::MAX_DEPTH || !run.may_look() {
            return false;
        }
        open.extend(parts(&value).into_iter().map(|part| (part, depth + 1)));
        let is_scalar = !matches!(value.kind(), ValueKind::Map | ValueKind::Seq | ValueKind::None);
        if is_scalar && known(&value, run).is_none() {
            let text = text::plain_text(&value, text::Into::Text);
            if !text.is_ok_and(|text| text.is_empty() || run.says_openly(&text)) {
                return false;
            }
        }
    }
    true
}
