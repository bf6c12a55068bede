//! Which fields of which objects an edit changes, and the way to them.

use super::{Gvk, ResId};
use crate::diag::{Code, Diagnostic};
use crate::source::Place;
use crate::yaml::{self, Data, Key, Map, Node, Scalar, Style, Value};
use std::sync::Arc;

/// Group, version and kind of the objects that are meant; what is empty matches all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Pattern {
    /// The group.
    pub group: Arc<str>,
    /// The version within the group.
    pub version: Arc<str>,
    /// The kind.
    pub kind: Arc<str>,
}

impl Pattern {
    /// Whether it means objects of a kind.
    #[must_use]
    pub fn selects(&self, gvk: &Gvk) -> bool {
        // What is asked for by nobody is not looked for.
        (self.kind.is_empty() || self.kind == gvk.kind)
            && (self.group.is_empty() || *self.group == *gvk.group())
            && (self.version.is_empty() || *self.version == *gvk.version())
    }

    /// Whether another pattern means all that it means, as far as both say.
    #[must_use]
    pub fn is_selected_by(&self, other: &Self) -> bool {
        let is = |wanted: &str, own: &str| wanted.is_empty() || wanted == own;
        is(&other.kind, &self.kind)
            && is(&other.group, &self.group)
            && is(&other.version, &self.version)
    }
}

/// A field of some objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSpec {
    /// The objects.
    pub pattern: Pattern,
    /// The way to it.
    pub path: FieldPath,
    /// Whether it is made where it is missing.
    pub create: bool,
}

impl FieldSpec {
    /// What it becomes where it is missing, if it is made at all.
    #[must_use]
    pub fn made(&self, made: Create) -> Option<Create> {
        self.create.then_some(made)
    }
}

/// The way to a field: names between `/`; lists on the way are gone through without being named. `\/` is a slash within
/// a name, `[]` behind a name says that a list stands there.
///
/// Is its text, and is taken apart once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath {
    text: Arc<str>,
    names: Arc<[String]>,
}

impl FieldPath {
    /// The field of an object, if only maps are on the way.
    pub(super) fn in_maps<'n>(&self, object: &'n mut Node) -> Option<&'n mut Node> {
        object.at_mut(&self.names)
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }
}

impl<T: Into<Arc<str>>> From<T> for FieldPath {
    fn from(text: T) -> Self {
        let text = text.into();
        Self { names: split_path(&text).into(), text }
    }
}

impl std::ops::Deref for FieldPath {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// What a field that is missing becomes before it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    /// An empty scalar.
    Scalar,
    /// An empty map.
    Map,
}

/// Why a field cannot be set: something else stands in its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong there.
    pub message: String,
    /// Where.
    pub place: Place,
    /// The next step.
    pub hint: &'static str,
}

impl Fault {
    pub(super) fn wrong_kind(wanted: &str, found: &str, place: Place) -> Self {
        let message = format!("{wanted} is needed here, but this is {found}");
        let hint = "correct the object, or the path in the configuration that leads here";
        Self { message, place, hint }
    }
}

/// The names of a path.
#[must_use]
pub fn split_path(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in path.split('/') {
        match names.last_mut().filter(|last| last.ends_with('\\')) {
            Some(last) => {
                last.pop();
                last.push('/');
                last.push_str(part);
            }
            None => names.push(part.to_owned()),
        }
    }
    names
}

/// Sets a field of an object, at every place that its path leads to; with `create`, one that is missing is made.
///
/// # Errors
/// When something else than a map or list stands on the way, or `set` fails.
pub fn visit(
    node: &mut Node,
    path: &FieldPath,
    create: Option<Create>,
    set: &mut dyn FnMut(&mut Node) -> Result<(), Fault>,
) -> Result<(), Fault> {
    Walk { create, set }.on(node, &path.names)
}

struct Walk<'s> {
    create: Option<Create>,
    set: &'s mut dyn FnMut(&mut Node) -> Result<(), Fault>,
}

impl Walk<'_> {
    fn on(&mut self, node: &mut Node, names: &[String]) -> Result<(), Fault> {
        let Some((name, rest)) = names.split_first() else { return (self.set)(node) };
        if node.is_null() {
            return Ok(());
        }
        let place = node.place;
        let kind = node.kind();
        match &mut node.data {
            Data::List(items) => {
                Arc::make_mut(items).iter_mut().try_for_each(|item| self.on(item, names))
            }
            Data::Map(map) => self.through(map, name, rest, place),
            Data::Scalar(_) => Err(Fault::wrong_kind("a map or a list", kind, place)),
        }
    }

    fn through(
        &mut self,
        map: &mut Arc<Map>,
        name: &str,
        rest: &[String],
        place: Place,
    ) -> Result<(), Fault> {
        let (name, is_list) = match name.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (name, false),
        };
        if name.is_empty() {
            let message = "a name of the field's path is empty".to_owned();
            let hint = "write a name between each two `/`";
            return Err(Fault { message, place, hint });
        }
        let create = self.create;
        let made = || match create.filter(|_| !is_list) {
            None => is_list.then(|| Data::List(Arc::default())),
            Some(Create::Scalar) if rest.is_empty() => Some(empty_scalar()),
            Some(_) => Some(Data::Map(Arc::default())),
        };
        let Some(at) = yaml::position(map, name) else {
            let Some(made) = made().filter(|_| !is_list) else { return Ok(()) };
            let entry = Arc::make_mut(map).entry(Key::new(name, place));
            return self.on(entry.or_insert(Node::new(made, place)), rest);
        };
        let field = &mut Arc::make_mut(map)[at];
        if let Some(made) = field.is_null().then(made).flatten() {
            let null = std::mem::replace(&mut field.data, made);
            // What is made of a null has its text, such as `~`.
            if let (Data::Scalar(made), Data::Scalar(null)) = (&mut field.data, null) {
                made.text = null.text;
            }
        }
        self.on(field, rest)
    }
}

/// The field of a map; an empty map is made of one that is missing.
pub(super) fn map_at<'m>(map: &'m mut Map, name: &str, place: Place) -> &'m mut Node {
    let at = yaml::position(map, name).unwrap_or_else(|| {
        map.insert_full(Key::new(name, place), Node::map(Map::default(), place)).0
    });
    &mut map[at]
}

pub(super) fn empty_scalar() -> Data {
    let (value, text) = (Value::String, Arc::from(""));
    Data::Scalar(Scalar { value, text, style: Style::Plain, tag: None })
}

/// Says that a field of an object cannot be set.
pub(super) fn told(fault: Fault, path: &str, id: &ResId) -> Box<Diagnostic> {
    let Fault { message, place, hint } = fault;
    let ResId { gvk, name, .. } = id;
    let finding = Diagnostic::error(Code::KustomizeField, message)
        .at(place, format!("on the way to `{path}`"))
        .subject(format!("{}/{name} {path}", gvk.kind));
    Box::new(finding.hint(hint))
}
