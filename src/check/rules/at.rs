//! A place in an object, as rules see it.
//!
//! Rules judge what a server has decoded and defaulted, not what was written: null is absent, a null item is an empty one, an
//! absent field has its default. No copy is made for that: a place knows the type it is of.

use super::compiled::Compiled;
use super::quantity::Quantity;
use crate::api::{Form, Shapes, Version};
use crate::check::schema::{Path, Step};
use crate::source::Place;
use crate::yaml::{Key, Node, Value};
use std::rc::Rc;

/// A place in an object: a value, or where one could be.
#[derive(Clone)]
pub(super) struct At<'m> {
    /// None if it is absent or null.
    node: Option<&'m Node>,
    /// The innermost value that is there.
    holder: &'m Node,
    form: Option<&'m Form>,
    default: Option<&'static str>,
    trail: Option<Rc<Trail>>,
    object: &'m Object<'m>,
}

/// What all places of an object have in common.
pub(super) struct Object<'m> {
    pub(super) root: &'m Node,
    pub(super) compiled: &'m Compiled,
    pub(super) version: Version,
    pub(super) kind: &'m str,
    /// Empty for the core group.
    pub(super) group: &'m str,
}

struct Trail {
    step: Step,
    above: Option<Rc<Trail>>,
}

impl<'m> At<'m> {
    /// The object itself.
    pub(super) fn root(object: &'m Object<'m>) -> Self {
        let form = Some(&Form::Object(Shapes::ROOT));
        Self {
            node: Some(object.root),
            holder: object.root,
            form,
            default: None,
            trail: None,
            object,
        }
    }

    /// The object that the place is in.
    pub(super) fn object(&self) -> &'m Object<'m> {
        self.object
    }

    /// A field, or one further in: `template.spec.hostNetwork`.
    pub(super) fn get(&self, way: &str) -> Self {
        way.split('.').fold(self.clone(), |at, name| at.field(name))
    }

    /// The value under a key, which may hold dots.
    pub(super) fn field(&self, name: &str) -> Self {
        let entry = self.node.and_then(Node::as_map).and_then(|map| map.get_key_value(name));
        let position = self.form.and_then(Form::object);
        let compiled = self.object.compiled;
        let form = match self.form {
            Some(Form::Map(item)) => Some(&**item),
            _ => position.and_then(|position| compiled.shapes.get(position).field(name)),
        };
        let default = position.and_then(|position| compiled.default(position, name));
        let known = entry.map(|(key, _)| Step::Key(key.name.clone()));
        let step = known.unwrap_or_else(|| Step::Key(name.into()));
        Self { default, ..self.then(step, entry.map(|(_, node)| node), form) }
    }

    /// Whether a map has a key; under it may be null, which is the empty value there.
    pub(super) fn has_key(&self, name: &str) -> bool {
        self.node.is_some_and(|node| node.get(name).is_some())
    }

    /// The items of a list; none if it is no list.
    pub(super) fn items(&self) -> impl Iterator<Item = At<'m>> + use<'m> {
        let items = self.node.and_then(Node::as_list).unwrap_or_default();
        let form = match self.form {
            Some(Form::List(item)) => Some(&**item),
            _ => None,
        };
        let at = self.clone();
        items.iter().enumerate().map(move |(i, node)| at.then(Step::Index(i), Some(node), form))
    }

    /// The keys and values of a map; none if it is no map.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'m Key, At<'m>)> + use<'m> {
        let map = self.node.and_then(Node::as_map);
        let at = self.clone();
        map.into_iter().flatten().map(move |(key, _)| (key, at.field(&key.name)))
    }

    fn then(&self, step: Step, node: Option<&'m Node>, form: Option<&'m Form>) -> Self {
        let trail = Some(Rc::new(Trail { step, above: self.trail.clone() }));
        let (node, holder) = (node.filter(|node| !node.is_null()), node.unwrap_or(self.holder));
        Self { node, holder, form, default: None, trail, object: self.object }
    }

    /// Whether something is written there that is not null.
    pub(super) fn is_set(&self) -> bool {
        self.node.is_some()
    }

    /// Whether it is absent without a default, an empty text, list or map.
    pub(super) fn is_empty(&self) -> bool {
        match self.node {
            Some(node) => match (node.as_list(), node.as_map()) {
                (Some(items), _) => items.is_empty(),
                (_, Some(map)) => map.is_empty(),
                _ => node.as_str() == Some(""),
            },
            None => self.default.is_none(),
        }
    }

    /// The text, or the default; empty if it is absent or no text.
    pub(super) fn text(&self) -> &'m str {
        match self.node {
            Some(node) => node.as_str().unwrap_or_default(),
            None => self.default.unwrap_or_default(),
        }
    }

    /// The whole number, or the default.
    pub(super) fn number(&self) -> Option<i64> {
        match self.node {
            Some(node) => match node.as_scalar()?.value {
                Value::Int(number) => Some(number),
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a whole number that fits was decoded"
                )]
                Value::Float(number) if number.fract() == 0.0 => Some(number as i64),
                _ => None,
            },
            None => self.default?.parse().ok(),
        }
    }

    /// The amount; zero if it is absent or null, as in Go.
    pub(super) fn quantity(&self) -> Quantity {
        self.node.and_then(Quantity::of).unwrap_or(Quantity::ZERO)
    }

    /// The node, if there is one.
    pub(super) fn node(&self) -> Option<&'m Node> {
        self.node
    }

    /// What it holds, if its type is known.
    pub(super) fn form(&self) -> Option<&'m Form> {
        self.form
    }

    /// Where it stands; for an absent one, where it would.
    pub(super) fn place(&self) -> Place {
        self.holder.place
    }

    /// Where its value was set, if it was filled in from somewhere else.
    pub(super) fn set_at(&self) -> Option<Place> {
        self.node.and_then(|node| node.set_at)
    }

    /// The way from the object.
    pub(super) fn path(&self) -> Path {
        let mut steps = Vec::new();
        let mut next = self.trail.as_ref();
        while let Some(trail) = next {
            steps.push(trail.step.clone());
            next = trail.above.as_ref();
        }
        steps.into_iter().rev().fold(Path::default(), |path, step| path.then(step))
    }

    /// Whether it is part of a Secret's data.
    pub(super) fn is_secret(&self) -> bool {
        let is_data = |step: &Step| matches!(step, Step::Key(name) if matches!(&**name, "data" | "stringData"));
        (self.object.group, self.object.kind) == ("", "Secret")
            && self.path().steps().first().is_some_and(is_data)
    }
}
