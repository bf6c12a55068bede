//! Values, equality and order among them.

use super::kinds::Type;
use super::library::{Cidr, Format, Quantity, Url};
use super::time::{Duration, Timestamp};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// A value of an expression. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Value {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer without a sign, such as `1u`.
    Uint(u64),
    /// A number with a fraction.
    Double(f64),
    /// A text.
    String(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// Values in order.
    List(Arc<List>),
    /// Values by key; an object's by the names that expressions call them.
    Map(Arc<BTreeMap<Key, Value>>),
    /// A span of time.
    Duration(Duration),
    /// A point in time.
    Timestamp(Timestamp),
    /// A type, as `type(x)` gives it.
    Type(Box<Type>),
    /// A value that may be absent.
    Optional(Option<Arc<Value>>),
    /// A Kubernetes quantity.
    Quantity(Quantity),
    /// A URL.
    Url(Arc<Url>),
    /// An IP address.
    Ip(IpAddr),
    /// An address range.
    Cidr(Cidr),
    /// A semantic version.
    Semver(Arc<semver::Version>),
    /// A named format.
    Format(Format),
    /// A compiled regular expression.
    Pattern(Arc<regex::Regex>),
    /// Fields that a schema keeps without knowing them: only equal or not.
    Unknown(Arc<Value>),
}

/// A list, and how its items are told apart.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// The items.
    pub items: Vec<Value>,
    /// What makes two lists equal, and what `+` does.
    pub kind: ListKind,
}

/// What makes two lists equal, and what `+` does.
#[derive(Debug, Clone, Default)]
pub enum ListKind {
    /// Order counts.
    #[default]
    Atomic,
    /// Order does not count, and no item is there twice.
    Set,
    /// Items are told apart by these fields, named as expressions call them.
    Map(Arc<[String]>),
}

/// A key of a map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer beyond those with a sign.
    Uint(u64),
    /// A text.
    String(Arc<str>),
}

impl Key {
    /// The key that a value is; numbers that are equal are one key.
    pub(super) fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Int(number) => Self::Int(*number),
            Value::Uint(number) => i64::try_from(*number).map_or(Self::Uint(*number), Self::Int),
            Value::Double(number) if number.fract() == 0.0 && number.abs() < 9e18 => {
                Self::Int(*number as i64)
            }
            Value::String(text) => Self::String(Arc::clone(text)),
            _ => return None,
        })
    }

    pub(super) fn value(&self) -> Value {
        match self {
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Int(number) => Value::Int(*number),
            Self::Uint(number) => Value::Uint(*number),
            Self::String(text) => Value::String(Arc::clone(text)),
        }
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl Value {
    /// A text.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Self::String(text.into())
    }

    /// A list whose order counts.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Arc::new(List { items, kind: ListKind::Atomic }))
    }

    pub(super) fn some(value: Self) -> Self {
        Self::Optional(Some(Arc::new(value)))
    }

    /// How many characters, bytes, items or entries it has; anything else counts as one.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::String(text) => text.chars().count() as u64,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::List(list) => list.items.len() as u64,
            Self::Map(map) => map.len() as u64,
            _ => 1,
        }
    }

    /// The type's name, as messages write it.
    pub(super) fn type_of(&self) -> Type {
        match self {
            Self::Null => Type::Null,
            Self::Bool(_) => Type::Bool,
            Self::Int(_) => Type::Int,
            Self::Uint(_) => Type::Uint,
            Self::Double(_) => Type::Double,
            Self::String(_) => Type::String,
            Self::Bytes(_) => Type::Bytes,
            Self::List(_) => Type::List(Box::new(Type::Dyn)),
            Self::Map(_) => Type::Map(Box::new(Type::Dyn), Box::new(Type::Dyn)),
            Self::Duration(_) => Type::Duration,
            Self::Timestamp(_) => Type::Timestamp,
            Self::Type(_) => Type::Type(Box::new(Type::Dyn)),
            Self::Optional(_) => Type::Optional(Box::new(Type::Dyn)),
            Self::Quantity(_) => Type::Named("Quantity"),
            Self::Url(_) => Type::Named("URL"),
            Self::Ip(_) => Type::Named("IP"),
            Self::Cidr(_) => Type::Named("CIDR"),
            Self::Semver(_) => Type::Named("Semver"),
            Self::Format(_) => Type::Named("Format"),
            Self::Pattern(_) => Type::String,
            Self::Unknown(_) => Type::Dyn,
        }
    }

    /// Which of two values comes first, if they can be compared.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::String(a), Self::String(b)) => Some(a.cmp(b)),
            (Self::Bytes(a), Self::Bytes(b)) => Some(a.cmp(b)),
            (Self::Duration(a), Self::Duration(b)) => Some(a.cmp(b)),
            (Self::Timestamp(a), Self::Timestamp(b)) => Some(a.cmp(b)),
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Uint(a), Self::Uint(b)) => Some(a.cmp(b)),
            (Self::Double(a), Self::Double(b)) => a.partial_cmp(b),
            (Self::Int(a), Self::Uint(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
            (Self::Uint(a), Self::Int(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
            (Self::Int(a), Self::Double(b)) => (*a as f64).partial_cmp(b),
            (Self::Uint(a), Self::Double(b)) => (*a as f64).partial_cmp(b),
            (Self::Double(a), Self::Int(b)) => a.partial_cmp(&(*b as f64)),
            (Self::Double(a), Self::Uint(b)) => a.partial_cmp(&(*b as f64)),
            _ => None,
        }
    }
}

/// Values of different types are unequal, numbers aside.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::List(a), Self::List(b)) => a.is_same(b),
            (Self::Map(a), Self::Map(b)) => a == b,
            (Self::Type(a), Self::Type(b)) => a.name() == b.name(),
            (Self::Optional(a), Self::Optional(b)) => a == b,
            (Self::Quantity(a), Self::Quantity(b)) => a == b,
            (Self::Url(a), Self::Url(b)) => a == b,
            (Self::Ip(a), Self::Ip(b)) => a == b,
            (Self::Cidr(a), Self::Cidr(b)) => a == b,
            (Self::Semver(a), Self::Semver(b)) => a.cmp_precedence(b) == Ordering::Equal,
            (Self::Format(a), Self::Format(b)) => a == b,
            (Self::Unknown(a), Self::Unknown(b)) => a == b,
            _ => self.order(other) == Some(Ordering::Equal),
        }
    }
}

impl List {
    fn is_same(&self, other: &Self) -> bool {
        let (a, b) = (&self.items, &other.items);
        if a.len() != b.len() {
            return false;
        }
        match &self.kind {
            ListKind::Atomic => a == b,
            ListKind::Set | ListKind::Map(_) => a.iter().all(|item| b.contains(item)),
        }
    }

    /// What `+` makes of two lists: items of a set are there once, items of a map replace those with the same keys.
    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut items = self.items.clone();
        for item in &other.items {
            let same = |known: &&mut Value| match &self.kind {
                ListKind::Atomic => false,
                ListKind::Set => **known == *item,
                ListKind::Map(keys) => keys.iter().all(|key| field(known, key) == field(item, key)),
            };
            match items.iter_mut().find(same) {
                Some(known) => *known = item.clone(),
                None => items.push(item.clone()),
            }
        }
        Self { items, kind: self.kind.clone() }
    }
}

fn field<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Map(map) => map.get(&Key::from(name)),
        _ => None,
    }
}
