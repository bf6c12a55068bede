//! Types of expressions, and what is declared of the values that a schema describes.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A type.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Anything, judged when it is there: int-or-string values, mixed lists.
    Dyn,
    /// `null`.
    Null,
    /// A boolean.
    Bool,
    /// An integer.
    Int,
    /// An integer without a sign.
    Uint,
    /// A number with a fraction.
    Double,
    /// A text.
    String,
    /// Bytes.
    Bytes,
    /// A span of time.
    Duration,
    /// A point in time.
    Timestamp,
    /// A list of one type of items.
    List(Box<Type>),
    /// A map.
    Map(Box<Type>, Box<Type>),
    /// An object with known fields.
    Object(Arc<Object>),
    /// A value that may be absent.
    Optional(Box<Type>),
    /// A type as a value.
    Type(Box<Type>),
    /// A type of Kubernetes' own, such as `Quantity`.
    Named(&'static str),
    /// A type whose values only patches make: `JSONPatch`, `Object`, `Object.spec`.
    Made(Arc<str>),
    /// Stands for another in a signature.
    Variable(char),
}

/// An object's fields, by the names that expressions call them.
#[derive(Debug, Default)]
pub struct Object {
    /// The fields.
    pub fields: BTreeMap<String, Declared>,
}

/// What a schema says of a value: its type, and how large it can be.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Its type.
    pub kind: Type,
    /// How many characters, items or entries it can have.
    pub most: u64,
    /// How many bytes it takes at least when it is written as JSON.
    pub least_bytes: u64,
    /// What a list's items or a map's values are declared as.
    pub inner: Option<Arc<Declared>>,
}

/// Two objects are one type when they are one declaration.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Declared {
    /// What is declared of a field, if it is an object.
    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        match &self.kind {
            Type::Object(object) => object.fields.get(name),
            _ => None,
        }
    }
}

impl Type {
    pub(super) fn list(item: Self) -> Self {
        Self::List(Box::new(item))
    }

    pub(super) fn optional(inner: Self) -> Self {
        Self::Optional(Box::new(inner))
    }

    /// What it is called in messages, and what tells types apart that are values.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Dyn | Self::Variable(_) => "dyn".to_owned(),
            Self::Null => "null_type".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Int => "int".to_owned(),
            Self::Uint => "uint".to_owned(),
            Self::Double => "double".to_owned(),
            Self::String => "string".to_owned(),
            Self::Bytes => "bytes".to_owned(),
            Self::Duration => "duration".to_owned(),
            Self::Timestamp => "timestamp".to_owned(),
            Self::List(item) => format!("list({})", item.name()),
            Self::Map(key, value) => format!("map({}, {})", key.name(), value.name()),
            Self::Object(_) => "object".to_owned(),
            Self::Optional(inner) => format!("optional({})", inner.name()),
            Self::Type(_) => "type".to_owned(),
            Self::Named(name) => (*name).to_owned(),
            Self::Made(name) => name.to_string(),
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Uint | Self::Double)
    }

    /// Whether `null` can stand for it.
    fn takes_null(&self) -> bool {
        use Type::{Duration, Dyn, Made, Named, Null, Object, Optional, Timestamp, Variable};
        matches!(
            self,
            Dyn | Null
                | Object(_)
                | Named(_)
                | Made(_)
                | Optional(_)
                | Duration
                | Timestamp
                | Variable(_)
        )
    }

    /// Whether a value of type `other` can stand where this one is expected.
    pub(super) fn takes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Dyn | Self::Variable(_), _) | (_, Self::Dyn | Self::Variable(_)) => true,
            (kind, Self::Null) | (Self::Null, kind) => kind.takes_null(),
            (Self::List(a), Self::List(b)) | (Self::Optional(a), Self::Optional(b)) => a.takes(b),
            (Self::Type(_), Self::Type(_)) => true,
            (Self::Map(a, b), Self::Map(c, d)) => a.takes(c) && b.takes(d),
            _ => self == other,
        }
    }

    /// The type of a value that is of one or the other.
    pub(super) fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Variable(_), kind) | (kind, Self::Variable(_)) => kind.clone(),
            (Self::List(a), Self::List(b)) => Self::list(a.join(b)),
            (Self::Optional(a), Self::Optional(b)) => Self::optional(a.join(b)),
            (Self::Map(a, b), Self::Map(c, d)) => {
                Self::Map(Box::new(a.join(c)), Box::new(b.join(d)))
            }
            (Self::Null, kind) | (kind, Self::Null) if kind.takes_null() => kind.clone(),
            (a, b) if a == b => a.clone(),
            _ => Self::Dyn,
        }
    }
}

/// The variable of signatures that stands for types with an order.
const ORDERED: char = 'O';

/// The types that stand for a signature's variables in one call.
#[derive(Debug, Default)]
pub(super) struct Bound(BTreeMap<char, Type>);

impl Bound {
    /// Whether an argument fits, and what the variables then are.
    pub(super) fn fits(&mut self, wanted: &Type, given: &Type) -> bool {
        match (wanted, given) {
            (Type::Variable(name), given) => match self.0.get(name) {
                Some(known) if !known.takes(given) => {
                    // Only a comparison has two arguments of a type that has an order.
                    *name == ORDERED && known.is_number() && given.is_number()
                }
                Some(known) => {
                    let joined = known.join(given);
                    self.0.insert(*name, joined);
                    true
                }
                None => {
                    self.0.insert(*name, given.clone());
                    true
                }
            },
            (_, Type::Dyn | Type::Variable(_)) => true,
            (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => {
                self.fits(a, b)
            }
            (Type::Map(a, b), Type::Map(c, d)) => self.fits(a, c) && self.fits(b, d),
            _ => wanted.takes(given),
        }
    }

    /// Whether what `O` stands for has an order. Numbers of different types are compared with each other.
    pub(super) fn is_ordered(&self) -> bool {
        use Type::{Bool, Bytes, Double, Duration, Dyn, Int, String, Timestamp, Uint, Variable};
        self.0.get(&ORDERED).is_none_or(|kind| {
            matches!(
                kind,
                Bool | Bytes
                    | Double
                    | Duration
                    | Dyn
                    | Int
                    | String
                    | Timestamp
                    | Uint
                    | Variable(_)
            )
        })
    }

    /// A signature's type with the variables put in.
    pub(super) fn put_in(&self, kind: &Type) -> Type {
        match kind {
            Type::Variable(name) => self.0.get(name).cloned().unwrap_or(Type::Dyn),
            Type::List(item) => Type::list(self.put_in(item)),
            Type::Optional(inner) => Type::optional(self.put_in(inner)),
            Type::Map(key, value) => {
                Type::Map(Box::new(self.put_in(key)), Box::new(self.put_in(value)))
            }
            other => other.clone(),
        }
    }
}
