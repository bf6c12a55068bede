//! Typed structs straight from a tree, through serde, with the place of what is wrong.
//!
//! Strict: a number is no string and a string is no number; only `null` or nothing is no value. An
//! `Option` is `None` for `null`, an enum is the name of a variant or a map with that one key.

use super::error::Error;
use super::{Data, Key, Map, Node, Problem, Scalar, Value};
use crate::source::Place;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

/// Reads a typed value from a tree.
///
/// # Errors
/// The first thing that is wrong: its span is that of the value, or of the key for an unknown field;
/// `expected` has the fields that would be known there, and the hint a near one.
pub fn from_node<'de, T: Deserialize<'de>>(node: &'de Node) -> Result<T, Problem> {
    T::deserialize(Reader { node }).map_err(|error| error.at(node.place).into_problem())
}

/// A node to be read.
#[derive(Clone, Copy)]
struct Reader<'de> {
    node: &'de Node,
}

impl<'de> Reader<'de> {
    fn scalar<V: Visitor<'de>>(self, scalar: &'de Scalar, visitor: V) -> Result<V::Value, Error> {
        match scalar.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(truth),
            Value::Int(number) if number >= 0 => visitor.visit_u64(number.unsigned_abs()),
            Value::Int(number) => visitor.visit_i64(number),
            Value::Uint(number) => visitor.visit_u64(number),
            Value::Float(number) => visitor.visit_f64(number),
            Value::String => visitor.visit_borrowed_str(&scalar.text),
        }
    }

    /// A visitor's answer, with this node's place if it is an error that has none yet.
    fn placed<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| error.at(self.node.place))
    }

    /// An error that says how the text would become a string.
    fn no_string(self, expected: &dyn serde::de::Expected) -> Error {
        let Some(scalar) = self.node.as_scalar().filter(|scalar| scalar.value != Value::Null)
        else {
            return Error::invalid_type(unexpected(self.node), expected);
        };
        let text = &scalar.text;
        let error = Error::custom(format!("`{text}` is {}, not a string", self.node.kind()));
        error.hint(format!("put it in quotes: `\"{text}\"`"))
    }
}

/// What a node is, in serde's words.
fn unexpected(node: &Node) -> Unexpected<'_> {
    match &node.data {
        Data::List(_) => Unexpected::Seq,
        Data::Map(_) => Unexpected::Map,
        Data::Scalar(scalar) => match scalar.value {
            Value::Null => Unexpected::Other("null"),
            Value::Bool(truth) => Unexpected::Bool(truth),
            Value::Int(number) => Unexpected::Signed(number),
            Value::Uint(number) => Unexpected::Unsigned(number),
            Value::Float(number) => Unexpected::Float(number),
            Value::String => Unexpected::Str(&scalar.text),
        },
    }
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let result = match &self.node.data {
            Data::Scalar(scalar) => self.scalar(scalar, visitor),
            Data::List(items) => visitor.visit_seq(Items { items: items.iter(), index: 0 }),
            Data::Map(map) => visitor.visit_map(Entries::new(map)),
        };
        self.placed(result)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.is_null() {
            true => visitor.visit_none(),
            false => self.placed(visitor.visit_some(self)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.as_scalar().filter(|scalar| scalar.value == Value::String) {
            Some(scalar) => self.placed(visitor.visit_borrowed_str(&scalar.text)),
            None => self.placed(Err(self.no_string(&visitor))),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.placed(visitor.visit_newtype_struct(self))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.node.data {
            Data::Map(map) => self.placed(visitor.visit_map(Entries::new(map))),
            // serde would take a list's items for the fields in order.
            _ => self.placed(Err(Error::invalid_type(unexpected(self.node), &"a map"))),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let single = |map: &'de Map| map.first().filter(|_| map.len() == 1);
        let result = match &self.node.data {
            Data::Scalar(scalar) if scalar.value == Value::String => {
                let variant = Variant { name: &scalar.text, place: self.node.place, content: None };
                visitor.visit_enum(variant)
            }
            Data::Map(map) => match single(map) {
                Some((key, node)) => visitor.visit_enum(Variant {
                    name: &key.name,
                    place: key.place,
                    content: Some(node),
                }),
                None => {
                    Err(Error::custom("a map with exactly one key is needed here").one_of(variants))
                }
            },
            _ => Err(self.no_string(&"one of its names").one_of(variants)),
        };
        self.placed(result)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf
        unit unit_struct seq tuple tuple_struct map identifier
    }
}

/// The items of a list that are still to be read.
struct Items<'de> {
    items: std::slice::Iter<'de, Node>,
    index: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(node) = self.items.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        let item = seed.deserialize(Reader { node });
        item.map(Some).map_err(|error| error.at(node.place).below_item(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The entries of a map that are still to be read, and the one whose value is.
struct Entries<'de> {
    entries: indexmap::map::Iter<'de, Key, Node>,
    current: Option<(&'de Key, &'de Node)>,
}

impl<'de> Entries<'de> {
    fn new(map: &'de Map) -> Self {
        Self { entries: map.iter(), current: None }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.current = self.entries.next();
        let Some((key, _)) = self.current else { return Ok(None) };
        let name = seed.deserialize(Name(key));
        name.map(Some).map_err(|error| error.at(key.place))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let (key, node) = self.current.take().expect("a value is asked for after its key");
        let value = seed.deserialize(Reader { node });
        value.map_err(|error| error.at(node.place).below(&key.name))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// A key to be read: its name is a string, whatever it looks like; enums and newtypes may name it.
struct Name<'de>(&'de Key);

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(&self.0.name)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(Variant { name: &self.0.name, place: self.0.place, content: None })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// An enum's variant: its name, and its content if it stands in a map.
struct Variant<'de> {
    name: &'de str,
    place: Place,
    content: Option<&'de Node>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name: BorrowedStrDeserializer<'de, Error> = BorrowedStrDeserializer::new(self.name);
        let variant = seed.deserialize(name.into_deserializer());
        variant.map(|variant| (variant, Variant { ..self })).map_err(|error| error.at(self.place))
    }
}

impl<'de> Variant<'de> {
    fn content(&self) -> Result<Reader<'de>, Error> {
        let missing = || {
            let message = format!("`{}` needs a value", self.name);
            Error::custom(message).hint(format!("write `{}: …`", self.name))
        };
        self.content.map(|node| Reader { node }).ok_or_else(missing)
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.content {
            None => Ok(()),
            Some(_) => {
                let message = format!("`{}` takes no value", self.name);
                Err(Error::custom(message).hint(format!("write `{}` alone", self.name)))
            }
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        let reader = self.content()?;
        let value = seed.deserialize(reader);
        reader.placed(value).map_err(|error| error.below(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.content()?.deserialize_tuple(len, visitor).map_err(|error| error.below(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let value = self.content()?.deserialize_struct("", fields, visitor);
        value.map_err(|error| error.below(self.name))
    }
}

#[cfg(test)]
mod tests;
