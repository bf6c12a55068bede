//! Values as the engine sees them: maps and lists that note every read and can be handed back whole.

use super::reads::{Miss, Path};
use super::run::Run;
use super::trace::Root;
use super::watched::secrets_within;
use crate::source::Place;
use crate::values::{Member, is_reference, member};
use crate::yaml::{Data, Node, Scalar, Value as Meaning};
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// A map or list of the values.
#[derive(Debug)]
pub(super) struct Branch {
    node: Node,
    path: Path,
    run: Arc<Run>,
    /// Of a list that merges as a set, while references are resolved: each item once.
    set: Option<Mutex<Members>>,
}

/// The items of a set, as far as anybody asked for them.
#[derive(Debug, Default)]
struct Members {
    /// How many items of the list were looked at.
    looked: usize,
    /// Where those stand in the list that are there for the first time.
    kept: Vec<usize>,
    known: BTreeSet<Member>,
}

/// The root of the values.
pub(super) fn root(run: &Arc<Run>) -> Value {
    value(&run.values, Path::of(Root::Values), run)
}

/// What another name of the context stands for, so that a traced render sees who reads it.
pub(super) fn context(root: Root, node: &Node, run: &Arc<Run>) -> Value {
    value(node, Path::of(root), run)
}

/// A value as the engine sees it.
pub(super) fn value(node: &Node, path: Path, run: &Arc<Run>) -> Value {
    let Data::Scalar(scalar) = &node.data else {
        let is_list = matches!(node.data, Data::List(_));
        let is_set = is_list && run.resolver().is_some_and(|resolver| resolver.is_set(&path));
        let set = is_set.then(Mutex::default);
        return Value::from_object(Branch { node: node.clone(), path, run: Arc::clone(run), set });
    };
    of_scalar(scalar)
}

/// A scalar as the engine sees it.
pub(super) fn of_scalar(scalar: &Scalar) -> Value {
    match scalar.value {
        Meaning::Null => Value::from(()),
        Meaning::Bool(truth) => Value::from(truth),
        Meaning::Int(number) => Value::from(number),
        Meaning::Uint(number) => Value::from(number),
        Meaning::Float(number) => Value::from(number),
        Meaning::String => Value::from(Arc::clone(&scalar.text)),
    }
}

impl Branch {
    /// Where it is set.
    pub(super) fn place(&self) -> Place {
        self.node.place
    }

    /// Where it stands.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The values below it, all of which count as read.
    pub(super) fn take_whole(&self) -> &Node {
        self.run.log().read_whole(&self.path);
        if !self.run.secret.is_empty() {
            let secrets = secrets_within(&self.node, &self.run);
            secrets.into_iter().for_each(|node| self.run.log().read_secret(node));
        }
        if let Some(resolver) = self.run.resolver() {
            resolver.resolve_below(&self.node, &self.run);
        }
        &self.node
    }

    /// Its keys, in order; to name them is no read.
    pub(super) fn keys(&self) -> Vec<Value> {
        let Data::Map(map) = &self.node.data else { return Vec::new() };
        if let Some(tracer) = self.run.log().tracer() {
            tracer.listed(map.keys(), &self.path);
        }
        map.keys().map(|key| Value::from(Arc::clone(&key.name))).collect()
    }

    /// All its keys are gone through.
    pub(super) fn take_keys(&self) {
        self.run.log().listed(&self.path);
    }

    /// The item at a position of a list as it is once its references are resolved.
    fn item(&self, at: usize) -> Option<&Node> {
        let items = self.node.as_list()?;
        let Some(set) = &self.set else { return items.get(at) };
        loop {
            let members = set.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(place) = members.kept.get(at) {
                return items.get(*place);
            }
            let looked = members.looked;
            // What is resolved may ask for this list again.
            drop(members);
            let item = items.get(looked)?;
            let is_open = item.as_scalar().is_some_and(is_reference);
            let resolved = if is_open { self.run.resolve(item) } else { None };
            // One that failed stays, so that whoever asks for it fails as well.
            let told = if is_open && resolved.is_none() {
                None
            } else {
                member(resolved.as_deref().unwrap_or(item))
            };
            let mut members = set.lock().unwrap_or_else(PoisonError::into_inner);
            if members.looked == looked {
                members.looked += 1;
                if told.is_none_or(|told| members.known.insert(told)) {
                    members.kept.push(looked);
                }
            }
        }
    }

    /// How many items a list has once its references are resolved.
    fn length(&self, items: &[Node]) -> usize {
        let Some(set) = &self.set else { return items.len() };
        // All are looked at to find out that there are no more.
        let _ = self.item(usize::MAX);
        set.lock().unwrap_or_else(PoisonError::into_inner).kept.len()
    }

    fn child(&self, node: &Node, key: Arc<str>) -> Value {
        match node.as_scalar() {
            Some(scalar) if is_reference(scalar) => self.run.referred(node, self.path.join(key)),
            Some(_) => {
                if self.run.secret.hold(node) {
                    self.run.log().read_secret(node);
                }
                self.run.log().read(node, &self.path, || self.path.join(Arc::clone(&key)));
                value(node, Path::of(self.path.root()), &self.run)
            }
            None => {
                let path = self.path.join(key);
                self.run.log().read(node, &self.path, || path.clone());
                value(node, path, &self.run)
            }
        }
    }

    fn entry(&self, name: &str) -> Option<Value> {
        let Data::Map(map) = &self.node.data else { return None };
        if let Some((key, node)) = map.get_key_value(name) {
            return Some(self.child(node, Arc::clone(&key.name)));
        }
        self.run.log().missed(self.miss(name.to_owned()));
        None
    }

    fn miss(&self, key: String) -> Miss {
        Miss { map: self.node.clone(), path: self.path.clone(), key }
    }
}

impl Object for Branch {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        match self.node.data {
            Data::List(_) => ObjectRepr::Seq,
            _ => ObjectRepr::Map,
        }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match &self.node.data {
            Data::List(_) => {
                let at = key.as_usize()?;
                let Some(item) = self.item(at) else {
                    self.run.log().missed_item(self.miss(at.to_string()));
                    return None;
                };
                Some(self.child(item, at.to_string().into()))
            }
            _ => match key.as_str() {
                Some(name) => {
                    self.run.log().indexed(&self.path);
                    self.entry(name)
                }
                // A map's keys are strings, also those that look like numbers.
                None => self.entry(&key.as_i64()?.to_string()),
            },
        }
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.entry(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match &self.node.data {
            Data::List(items) => Enumerator::Seq(self.length(items)),
            Data::Map(_) => {
                self.take_keys();
                Enumerator::Values(self.keys())
            }
            Data::Scalar(_) => Enumerator::Empty,
        }
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        match &self.node.data {
            Data::List(items) => Some(self.length(items)),
            Data::Map(map) => Some(map.len()),
            Data::Scalar(_) => Some(0),
        }
    }
}
