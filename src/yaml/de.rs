//! Bridge.
use super::{Data, Node, Problem, Value};
use crate::diag::Code;
use serde_json::Value as Json;

/// Reads.
/// # Errors
/// x
pub fn from_node<T: serde::de::DeserializeOwned>(node: &Node) -> Result<T, Problem> {
    serde_json::from_value(json(node))
        .map_err(|e| Problem::new(Code::YamlValue, e.to_string(), node.place.span))
}

fn json(node: &Node) -> Json {
    match &node.data {
        Data::List(items) => items.iter().map(json).collect(),
        Data::Map(map) => map.iter().map(|(k, v)| (k.name.to_string(), json(v))).collect(),
        Data::Scalar(s) => match s.value {
            Value::Null => Json::Null,
            Value::Bool(b) => b.into(),
            Value::Int(i) => i.into(),
            Value::Uint(i) => i.into(),
            Value::Float(f) => f.into(),
            Value::String => s.text.to_string().into(),
        },
    }
}
