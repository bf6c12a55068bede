//! The tree that a YAML text stands for.

use super::float::write_float;
use crate::source::{Place, Span};
use indexmap::{Equivalent, IndexMap};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// One document of a YAML stream.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its content; a document without content is left out of the stream.
    pub root: Node,
    /// Its bytes in the stream, from behind its `---` to its end.
    pub span: Span,
}

/// A value and the place where it stands.
///
/// Clones share lists and maps until one of them is changed.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub data: Data,
    /// Where it stands: in a values file its own bytes, in a rendered manifest the bytes of the
    /// template that made it.
    pub place: Place,
    /// In a rendered manifest, where the value that was filled in was set.
    pub set_at: Option<Place>,
}

/// A scalar, a list or a map.
#[derive(Debug, Clone)]
pub enum Data {
    /// One value.
    Scalar(Scalar),
    /// Nodes in order.
    List(Arc<Vec<Node>>),
    /// Nodes by key, in the order of their first appearance.
    Map(Arc<Map>),
}

/// How many entries a map has that is looked through.
const SHORT: usize = 8;

/// Nodes by key, in insertion order. Remove with `shift_remove`, which keeps that order.
///
/// Keys are hashed fast, with seeds that differ from run to run; nothing depends on them.
pub type Map = IndexMap<Key, Node, foldhash::fast::RandomState>;

/// A map's key: the text that Kubernetes tools take it for, and where it stands.
///
/// Equal, hashed and ordered by its name alone, so that `map.get("spec")` finds it.
#[derive(Debug, Clone)]
pub struct Key {
    /// The name: for `yes` it is `true`, for `0644` it is `420`.
    pub name: Arc<str>,
    /// Where it stands.
    pub place: Place,
    /// What was written, where that is not simply the name as a string.
    pub written: Option<Box<Scalar>>,
}

/// One value with the way it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    /// What it means.
    pub value: Value,
    /// A string's content; for anything else its spelling.
    pub text: Arc<str>,
    /// How it was written.
    pub style: Style,
    /// Its explicit tag, such as `!tpl` or `!!str`.
    pub tag: Option<Arc<str>>,
}

/// What a scalar means. A string's content is the scalar's `text`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`, in any of the YAML 1.1 spellings.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer above `i64::MAX`.
    Uint(u64),
    /// A finite number with a fraction or exponent.
    Float(f64),
    /// A string.
    String,
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes.
    Double,
    /// As a `|` block.
    Literal,
    /// As a `>` block.
    Folded,
}

/// Where a key stands in a map. A short one is looked through, which takes less than to hash the key and to fetch the table
/// of hashes.
#[must_use]
pub fn position(map: &Map, key: &str) -> Option<usize> {
    match map.len() <= SHORT {
        true => map.keys().position(|own| *own.name == *key),
        false => map.get_index_of(key),
    }
}

impl Key {
    /// A key of this name.
    pub fn new(name: impl Into<Arc<str>>, place: Place) -> Self {
        Self { name: name.into(), place, written: None }
    }

    /// Whether it is a plain `<<`, which merges maps.
    #[must_use]
    pub fn is_merge(&self) -> bool {
        let plain = |scalar: &Scalar| scalar.style == Style::Plain && scalar.tag.is_none();
        &*self.name == "<<" && self.written.as_deref().is_some_and(plain)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.as_ref().hash(state);
    }
}

impl Equivalent<Key> for str {
    fn equivalent(&self, key: &Key) -> bool {
        self == &*key.name
    }
}

impl Scalar {
    /// The string `text`.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Self { value: Value::String, text: text.into(), style: Style::Double, tag: None }
    }

    /// A value that is no string, with its canonical spelling.
    #[must_use]
    pub fn plain(value: Value) -> Self {
        let text: Arc<str> = match value {
            Value::Null => "null".into(),
            Value::Bool(truth) => truth.to_string().into(),
            Value::Int(number) => number.to_string().into(),
            Value::Uint(number) => number.to_string().into(),
            Value::Float(number) => {
                let mut text = String::new();
                write_float(&mut text, number);
                text.into()
            }
            Value::String => "".into(),
        };
        Self { value, text, style: Style::Plain, tag: None }
    }

    /// Its content if it is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        (self.value == Value::String).then_some(&*self.text)
    }
}

impl Node {
    /// A node at `place`.
    #[must_use]
    pub fn new(data: Data, place: Place) -> Self {
        Self { data, place, set_at: None }
    }

    /// A string at `place`.
    pub fn string(text: impl Into<Arc<str>>, place: Place) -> Self {
        Self::new(Data::Scalar(Scalar::string(text)), place)
    }

    /// A list at `place`.
    #[must_use]
    pub fn list(items: Vec<Self>, place: Place) -> Self {
        Self::new(Data::List(Arc::new(items)), place)
    }

    /// A map at `place`.
    #[must_use]
    pub fn map(entries: Map, place: Place) -> Self {
        Self::new(Data::Map(Arc::new(entries)), place)
    }

    /// The scalar, if it is one.
    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.data {
            Data::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The content, if it is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.as_scalar().and_then(Scalar::as_str)
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.data {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if it is a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match &self.data {
            Data::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The entries to be changed, if it is a map; a shared map is copied first.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.data {
            Data::Map(map) => Some(Arc::make_mut(map)),
            _ => None,
        }
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.value == Value::Null)
    }

    /// The node under `key`, if this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let map = self.as_map()?;
        map.get_index(position(map, key)?).map(|(_, node)| node)
    }

    /// The node that a path of keys leads to.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The same node, to be changed; shared maps on the way are copied first.
    pub fn at_mut<K: AsRef<str>>(&mut self, path: &[K]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, key| node.as_map_mut()?.get_mut(key.as_ref()))
    }

    /// What it is, with an article: `a string`, `a map`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.data {
            Data::List(_) => "a list",
            Data::Map(_) => "a map",
            Data::Scalar(scalar) => match scalar.value {
                Value::Null => "null",
                Value::Bool(_) => "a boolean",
                Value::Int(_) | Value::Uint(_) => "an integer",
                Value::Float(_) => "a number",
                Value::String => "a string",
            },
        }
    }
}
