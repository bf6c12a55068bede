//! Runs a program within a budget.

use super::Value;
use super::compiled::{Call, Code, Fold, Item};
use super::expression::{Access, What};
use super::library::{self, Trouble};
use super::value::{Key, ListKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one program may cost, in the units of an API server.
const MOST_OF_ONE: u64 = 1_000_000;
/// What all programs over one object may cost.
const MOST_OF_ALL: u64 = 10_000_000;

/// What programs over one object may still cost.
#[derive(Debug)]
pub struct Budget {
    all: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { all: MOST_OF_ALL }
    }
}

/// Why a program has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// A function got values of types that it does not take.
    NoOverload(String),
    /// Something else that one part ran into.
    Told(String),
    /// The program costs more than one may.
    TooCostly,
    /// The programs over this object cost more than they may together.
    Spent,
}

/// Runs a program.
pub(super) fn run(code: &Code, values: &[Value], budget: &mut Budget) -> Result<Value, Failure> {
    let most = MOST_OF_ONE.min(budget.all);
    let mut running = Running { values: values.to_vec(), left: most };
    let done = running.value(code);
    budget.all -= most - running.left;
    done.map_err(|stop| match stop {
        Stop::At(failure) => failure,
        Stop::TooCostly if most < MOST_OF_ONE => Failure::Spent,
        Stop::TooCostly => Failure::TooCostly,
    })
}

/// Why a part has no value.
enum Stop {
    At(Failure),
    TooCostly,
}

type Found = Result<Value, Stop>;

struct Running {
    values: Vec<Value>,
    left: u64,
}

fn told<T>(text: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::At(Failure::Told(text.into())))
}

fn no_overload<T>(name: &str) -> Result<T, Stop> {
    Err(Stop::At(Failure::NoOverload(name.to_owned())))
}

impl Running {
    fn charge(&mut self, cost: u64) -> Result<(), Stop> {
        match self.left.checked_sub(cost) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(Stop::TooCostly)
            }
        }
    }

    fn value(&mut self, code: &Code) -> Found {
        match code {
            Code::Literal(value) => Ok(value.clone()),
            Code::Variable(at) => {
                self.charge(1)?;
                Ok(self.values[*at].clone())
            }
            Code::Field(target, name, access) => self.field(target, name, *access),
            Code::Call(call) => self.call(call),
            Code::And(sides) => self.logic(sides, "_&&_"),
            Code::Or(sides) => self.logic(sides, "_||_"),
            Code::If(parts) => match self.value(&parts[0])? {
                Value::Bool(true) => self.value(&parts[1]),
                Value::Bool(false) => self.value(&parts[2]),
                _ => no_overload("_?_:_"),
            },
            Code::List(items) => self.list(items),
            Code::Map(entries) => self.map(entries),
            Code::Fold(fold) => self.fold(fold),
        }
    }

    fn field(&mut self, target: &Code, name: &Key, access: Access) -> Found {
        let target = self.value(target)?;
        self.charge(1)?;
        let Ok(found) = library::select(&target, name) else { return no_overload("select") };
        match (access, found) {
            (Access::Has, found) => Ok(Value::Bool(found.is_some())),
            (Access::Optional, found) => Ok(Value::Optional(found.map(Arc::new))),
            (Access::Plain, found) if matches!(target, Value::Optional(_)) => {
                Ok(Value::Optional(found.map(Arc::new)))
            }
            (Access::Plain, Some(found)) => Ok(found),
            (Access::Plain, None) => match name {
                Key::String(name) => told(format!("no such key: {name}")),
                _ => told("no such key"),
            },
        }
    }

    /// One side can decide what the other cannot.
    fn logic(&mut self, sides: &[Code; 2], name: &str) -> Found {
        let decides = name == "_||_";
        let left = self.value(&sides[0]);
        if matches!(left, Ok(Value::Bool(truth)) if truth == decides) {
            return left;
        }
        if matches!(left, Err(Stop::TooCostly)) {
            return left;
        }
        let right = self.value(&sides[1]);
        match (left, right) {
            (_, Err(Stop::TooCostly)) => Err(Stop::TooCostly),
            (_, Ok(Value::Bool(truth))) if truth == decides => Ok(Value::Bool(decides)),
            (Err(stop), _) | (_, Err(stop)) => Err(stop),
            (Ok(Value::Bool(_)), Ok(Value::Bool(_))) => Ok(Value::Bool(!decides)),
            _ => no_overload(name),
        }
    }

    fn call(&mut self, call: &Call) -> Found {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(self.value(argument)?);
        }
        self.charge(cost(&call.name, &arguments))?;
        (call.run)(&arguments).or_else(|trouble| match trouble {
            Trouble::NoOverload => no_overload(&call.name),
            Trouble::Told(text) => told(text),
            Trouble::TooCostly => Err(Stop::TooCostly),
        })
    }

    fn list(&mut self, items: &[Item]) -> Found {
        self.charge(10)?;
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            match (self.value(&item.value)?, item.is_optional) {
                (Value::Optional(inner), true) => {
                    found.extend(inner.map(|value| Value::clone(&value)));
                }
                (_, true) => return no_overload("?"),
                (value, false) => found.push(value),
            }
        }
        Ok(Value::list(found))
    }

    fn map(&mut self, entries: &[(Code, Item)]) -> Found {
        self.charge(30)?;
        let mut found = BTreeMap::new();
        for (key, item) in entries {
            let Some(key) = Key::of(&self.value(key)?) else { return told("unsupported key type") };
            let value = match (self.value(&item.value)?, item.is_optional) {
                (Value::Optional(None), true) => continue,
                (Value::Optional(Some(inner)), true) => Value::clone(&inner),
                (_, true) => return no_overload("?"),
                (value, false) => value,
            };
            if found.insert(key, value).is_some() {
                return told("a map has a key twice");
            }
        }
        Ok(Value::Map(Arc::new(found)))
    }

    fn fold(&mut self, fold: &Fold) -> Found {
        let range = self.value(&fold.range)?;
        if matches!(fold.what, What::OptionalMap | What::OptionalFlatMap) {
            return self.optional(fold, &range);
        }
        let depth = self.values.len();
        let done = self.each(fold, &range);
        self.values.truncate(depth);
        done
    }

    fn optional(&mut self, fold: &Fold, range: &Value) -> Found {
        let Value::Optional(inner) = range else { return no_overload("optMap") };
        let Some(inner) = inner else { return Ok(Value::Optional(None)) };
        self.values.push(Value::clone(inner));
        let body = self.value(&fold.body);
        self.values.pop();
        match (fold.what, body?) {
            (What::OptionalMap, value) => Ok(Value::some(value)),
            (_, value @ Value::Optional(_)) => Ok(value),
            _ => no_overload("optFlatMap"),
        }
    }

    fn each(&mut self, fold: &Fold, range: &Value) -> Found {
        let mut gathered = Gathered::default();
        let depth = self.values.len();
        let variables: Box<dyn Iterator<Item = (Value, Value)>> = match range {
            Value::List(list) => {
                let index = |at: usize| Value::Int(i64::try_from(at).unwrap_or(i64::MAX));
                Box::new(list.items.iter().enumerate().map(move |(at, it)| (index(at), it.clone())))
            }
            Value::Map(map) => Box::new(map.iter().map(|(key, it)| (key.value(), it.clone()))),
            _ => return no_overload(name(fold.what)),
        };
        let is_map = matches!(range, Value::Map(_));
        for (key, value) in variables {
            self.values.truncate(depth);
            let one = if is_map && !fold.has_second { key.clone() } else { value };
            if fold.has_second {
                self.values.push(key.clone());
            }
            self.values.push(one.clone());
            self.charge(3)?;
            if let Some(filter) = &fold.filter {
                match self.value(filter)? {
                    Value::Bool(true) => {}
                    Value::Bool(false) => continue,
                    _ => return no_overload(name(fold.what)),
                }
            }
            let body = self.value(&fold.body);
            if let Some(done) = gathered.take(fold.what, &key, one, body)? {
                return Ok(done);
            }
        }
        gathered.finish(fold.what)
    }
}

/// What a macro has seen so far.
#[derive(Default)]
struct Gathered {
    failed: Option<Stop>,
    count: usize,
    items: Vec<Value>,
    keys: Vec<Value>,
    map: BTreeMap<Key, Value>,
}

impl Gathered {
    /// Takes what the body gave for one item; the result, if it is settled.
    fn take(
        &mut self,
        what: What,
        key: &Value,
        item: Value,
        body: Found,
    ) -> Result<Option<Value>, Stop> {
        match (what, body) {
            (_, Err(Stop::TooCostly)) => return Err(Stop::TooCostly),
            (What::All | What::Exists, Err(stop)) => self.failed = Some(stop),
            (_, Err(stop)) => return Err(stop),
            (What::All, Ok(Value::Bool(false))) => return Ok(Some(Value::Bool(false))),
            (What::Exists, Ok(Value::Bool(true))) => return Ok(Some(Value::Bool(true))),
            (What::ExistsOne, Ok(Value::Bool(truth))) => self.count += usize::from(truth),
            (What::Filter, Ok(Value::Bool(truth))) => self.items.extend(truth.then_some(item)),
            (What::All | What::Exists, Ok(Value::Bool(_))) => {}
            (What::All | What::Exists | What::ExistsOne | What::Filter, Ok(_)) => {
                self.failed = no_overload::<Value>(name(what)).err();
            }
            (What::SortBy, Ok(value)) => {
                self.keys.push(value);
                self.items.push(item);
            }
            (What::TransformMap, Ok(value)) => {
                let Some(key) = Key::of(key) else { return no_overload("transformMap") };
                self.map.insert(key, value);
            }
            (What::TransformMapEntry, Ok(Value::Map(entries))) => {
                for (key, value) in entries.iter() {
                    if self.map.insert(key.clone(), value.clone()).is_some() {
                        return told("insert failed: a key is there twice");
                    }
                }
            }
            (What::TransformMapEntry, Ok(_)) => return no_overload("transformMapEntry"),
            (_, Ok(value)) => self.items.push(value),
        }
        Ok(None)
    }

    fn finish(self, what: What) -> Found {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        Ok(match what {
            What::All => Value::Bool(true),
            What::Exists => Value::Bool(false),
            What::ExistsOne => Value::Bool(self.count == 1),
            What::TransformMap | What::TransformMapEntry => Value::Map(Arc::new(self.map)),
            What::SortBy => {
                let pairs = self.keys.into_iter().zip(self.items).collect();
                match library::sorted(pairs) {
                    Ok(sorted) => sorted,
                    Err(_) => return no_overload("sortBy"),
                }
            }
            _ => Value::list(self.items),
        })
    }
}

fn name(what: What) -> &'static str {
    match what {
        What::All => "all",
        What::Exists => "exists",
        What::ExistsOne => "exists_one",
        What::Filter => "filter",
        What::Map => "map",
        What::TransformMap => "transformMap",
        What::TransformMapEntry => "transformMapEntry",
        What::SortBy => "sortBy",
        What::OptionalMap => "optMap",
        What::OptionalFlatMap => "optFlatMap",
    }
}

/// What a call costs: as much as a server counts, and never less than the work that it is.
fn cost(name: &str, arguments: &[Value]) -> u64 {
    let sizes: Vec<u64> = arguments.iter().map(Value::size).collect();
    let tenth = |size: u64| size.div_ceil(10);
    match (name, sizes.as_slice()) {
        ("matches" | "find" | "findAll", [text, ..]) => {
            let pattern = match &arguments[1] {
                Value::Pattern(pattern) => pattern.as_str().len() as u64,
                other => 10_000_u64.saturating_add(other.size()),
            };
            tenth(*text + 1).saturating_mul(pattern.div_ceil(4))
        }
        ("contains", [text, part]) => tenth(*text).saturating_mul(tenth(*part)).max(1),
        ("sets.contains" | "sets.equivalent" | "sets.intersects", [a, b]) => {
            1 + a.saturating_mul(*b).saturating_mul(2)
        }
        ("distinct", [list]) => 1 + list.saturating_mul(*list),
        ("sort", [list]) => 1 + list.saturating_mul(16),
        ("_+_" | "_==_" | "_!=_", [a, b]) if is_unordered(&arguments[0]) => {
            1 + a.saturating_mul(*b)
        }
        ("lists.range", _) => match &arguments[0] {
            Value::Int(count) => 11 + u64::try_from(*count).unwrap_or(0),
            _ => 11,
        },
        ("_==_" | "_!=_" | "@in" | "indexOf" | "lastIndexOf" | "flatten" | "format", _) => {
            1 + tenth(arguments.iter().map(weight).fold(0, u64::saturating_add))
        }
        ("replace", [text, _, new, ..]) => 1 + tenth(text.saturating_mul(new + 1)),
        ("join", [_, ..]) => {
            1 + tenth(
                weight(&arguments[0])
                    .saturating_add(sizes[0].saturating_mul(sizes.get(1).copied().unwrap_or(0))),
            )
        }
        ("_[_]" | "_[?_]" | "size" | "dyn" | "type", _) => 1,
        _ => 1 + sizes.iter().map(|size| tenth(*size)).fold(0, u64::saturating_add),
    }
}

/// Whether each item of a list is looked for among those of another.
fn is_unordered(value: &Value) -> bool {
    matches!(value, Value::List(list) if !matches!(list.kind, ListKind::Atomic))
}

/// How many parts and characters a value has in all.
fn weight(value: &Value) -> u64 {
    match value {
        Value::List(list) => list.items.iter().map(weight).fold(1, u64::saturating_add),
        Value::Map(map) => map
            .iter()
            .map(|(key, value)| weight(&key.value()).saturating_add(weight(value)))
            .fold(1, u64::saturating_add),
        Value::Optional(Some(inner)) | Value::Unknown(inner) => weight(inner),
        other => other.size(),
    }
}
