//! Our nodes as `jsonschema` sees them: it validates them where they stand, without a copy.

use crate::yaml::{self, Data, Map, to_json};
use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object, cmp, unique};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::OnceLock;

/// The representation.
pub(super) struct Yaml;

/// A node, or the name of a key where names are validated.
#[derive(Clone, Copy)]
pub(super) enum Handle<'a> {
    /// The whole, and its copy, which is made when it is first asked for.
    Root(&'a yaml::Node, &'a OnceLock<Value>),
    Node(&'a yaml::Node),
    Name(&'a str),
}

impl Json for Yaml {
    type Node<'a> = Handle<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), text: &str, f: impl FnOnce(Handle<'_>) -> T) -> T {
        f(Handle::Name(text))
    }
}

impl<'a> Handle<'a> {
    fn node(self) -> Option<&'a yaml::Node> {
        match self {
            Self::Root(node, _) | Self::Node(node) => Some(node),
            Self::Name(_) => None,
        }
    }

    fn scalar(self) -> Option<&'a yaml::Scalar> {
        self.node()?.as_scalar()
    }
}

impl<'a> Node<'a, Yaml> for Handle<'a> {
    type Object = &'a Map;
    type Array = &'a [yaml::Node];
    type Number = Number;

    fn as_object(&self) -> Option<&'a Map> {
        self.node()?.as_map()
    }

    fn as_array(&self) -> Option<&'a [yaml::Node]> {
        self.node()?.as_list()
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Root(node, _) | Self::Node(node) => node.as_str().map(Cow::Borrowed),
            Self::Name(name) => Some(Cow::Borrowed(name)),
        }
    }

    fn as_number(&self) -> Option<Number> {
        match self.scalar()?.value {
            value @ (yaml::Value::Int(_) | yaml::Value::Uint(_) | yaml::Value::Float(_)) => {
                Some(Number(value))
            }
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.scalar()?.value {
            yaml::Value::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.value == yaml::Value::Null)
    }

    fn json_type(&self) -> JsonType {
        let Some(node) = self.node() else { return JsonType::String };
        match &node.data {
            Data::List(_) => JsonType::Array,
            Data::Map(_) => JsonType::Object,
            Data::Scalar(scalar) => match scalar.value {
                yaml::Value::Null => JsonType::Null,
                yaml::Value::Bool(_) => JsonType::Boolean,
                yaml::Value::String => JsonType::String,
                _ => JsonType::Number,
            },
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self, expected) {
            (Self::Name(name), Value::String(text)) => name == text,
            (Self::Name(_), _) => false,
            (Self::Root(node, _) | Self::Node(node), expected) => {
                cmp::equal(&to_json(node), expected)
            }
        }
    }

    /// Only errors and their messages ask for it. Findings are worded from the node itself, so an error
    /// carries no copy of it; a name is no node, so it is handed on. In the whole, where a pattern was given up is looked
    /// up afterwards; one copy serves all.
    fn to_value(&self) -> Cow<'a, Value> {
        match self {
            Self::Root(node, copy) => Cow::Borrowed(copy.get_or_init(|| to_json(node))),
            Self::Node(_) => Cow::Owned(Value::Null),
            Self::Name(name) => Cow::Owned(Value::from(*name)),
        }
    }

    /// Aliases share what they stand for, at one address but never one inside the other.
    fn identity(&self) -> Option<NodeIdentity> {
        self.node().map(|node| NodeIdentity::new(std::ptr::from_ref(node) as usize))
    }
}

/// A number; one without a fraction is an integer however it is written, because that is how it arrives
/// at a server.
#[derive(Clone, Copy)]
pub(super) struct Number(yaml::Value);

impl Number {
    fn to_json(self) -> serde_json::Number {
        match self.0 {
            yaml::Value::Int(number) => number.into(),
            yaml::Value::Uint(number) => number.into(),
            // The reader refuses numbers that are not finite.
            yaml::Value::Float(number) => {
                serde_json::Number::from_f64(number).unwrap_or_else(|| 0.into())
            }
            _ => 0.into(),
        }
    }
}

impl JsonNumber for Number {
    fn as_u64(&self) -> Option<u64> {
        match self.0 {
            yaml::Value::Int(number) => u64::try_from(number).ok(),
            yaml::Value::Uint(number) => Some(number),
            _ => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self.0 {
            yaml::Value::Int(number) => Some(number),
            yaml::Value::Uint(number) => i64::try_from(number).ok(),
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        self.to_json().as_f64()
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_json().to_string())
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Owned(self.to_json())
    }

    fn is_integer(&self) -> bool {
        match self.0 {
            yaml::Value::Float(number) => number.fract() == 0.0,
            _ => true,
        }
    }

    fn is_written_as_integer(&self) -> bool {
        !matches!(self.0, yaml::Value::Float(_))
    }
}

impl<'a> Object<'a, Yaml> for &'a Map {
    type Node = Handle<'a>;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        Map::len(self)
    }

    fn get(&self, key: &String) -> Option<Handle<'a>> {
        Map::get(self, key.as_str()).map(Handle::Node)
    }

    fn members(&self) -> Members<'a> {
        Members(self.iter())
    }
}

/// The entries of a map.
pub(super) struct Members<'a>(indexmap::map::Iter<'a, yaml::Key, yaml::Node>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Handle<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, node)| (&*key.name, Handle::Node(node)))
    }
}

impl<'a> Array<'a, Yaml> for &'a [yaml::Node] {
    type Node = Handle<'a>;
    type ElementsIter =
        std::iter::Map<std::slice::Iter<'a, yaml::Node>, fn(&'a yaml::Node) -> Handle<'a>>;

    fn len(&self) -> usize {
        <[yaml::Node]>::len(self)
    }

    fn elements(&self) -> Self::ElementsIter {
        self.iter().map(Handle::Node)
    }

    fn is_unique(&self) -> bool {
        unique::is_unique(&self.iter().map(to_json).collect::<Vec<_>>())
    }
}
