//! A tree as JSON values and back, for schemas and for JSON output.

use super::{Data, Key, Map, Node, Scalar, Value};
use crate::source::Place;
use serde_json::{Number, Value as Json};
use std::sync::Arc;

/// The JSON value of a tree; maps keep their order, integers all their digits.
#[must_use]
pub fn to_json(node: &Node) -> Json {
    match &node.data {
        Data::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Data::Map(map) => {
            let entries = map.iter().map(|(key, node)| (key.name.to_string(), to_json(node)));
            Json::Object(entries.collect())
        }
        Data::Scalar(scalar) => match scalar.value {
            Value::Null => Json::Null,
            Value::Bool(truth) => Json::Bool(truth),
            Value::Int(number) => Json::from(number),
            Value::Uint(number) => Json::from(number),
            Value::Float(number) => Number::from_f64(number).map_or(Json::Null, Json::Number),
            Value::String => Json::String(scalar.text.to_string()),
        },
    }
}

/// Why a text is no JSON, without the place.
#[must_use]
pub fn json_problem(error: &serde_json::Error) -> String {
    let full = error.to_string();
    let said = full.split(" at line ").next().unwrap_or(&full);
    let reason = match said {
        "trailing characters" => "something follows behind the end of the value",
        "trailing comma" => "the comma before this is one too many",
        "expected value" | "expected ident" => "a value is expected here",
        "key must be a string" => "a key is a text in double quotes",
        "recursion limit exceeded" => "it is nested deeper than 127 levels",
        "number out of range" => "the number is too large",
        "invalid number" => "this is no number",
        "invalid escape"
        | "unexpected end of hex escape"
        | "lone leading surrogate in hex escape" => "there is no such escape",
        said if said.starts_with("control character") => {
            "a line break or another control character stands in a text"
        }
        said if said.starts_with("EOF while parsing") => {
            "it ends too early; a quote or bracket is not closed, or a value is missing"
        }
        said => return said.replace("expected ", "expected is "),
    };
    reason.to_owned()
}

/// The tree of a JSON value; every node and key of it stands at `place`.
#[must_use]
pub fn from_json(json: &Json, place: Place) -> Node {
    let scalar = |scalar| Node::new(Data::Scalar(scalar), place);
    match json {
        Json::Null => scalar(Scalar::plain(Value::Null)),
        Json::Bool(truth) => scalar(Scalar::plain(Value::Bool(*truth))),
        Json::Number(number) => scalar(Scalar::plain(number_value(number))),
        Json::String(text) => Node::string(text.as_str(), place),
        Json::Array(items) => {
            Node::list(items.iter().map(|item| from_json(item, place)).collect(), place)
        }
        Json::Object(entries) => {
            let entry = |(name, value): (&String, &Json)| {
                (Key::new(Arc::from(name.as_str()), place), from_json(value, place))
            };
            Node::map(entries.iter().map(entry).collect::<Map>(), place)
        }
    }
}

fn number_value(number: &Number) -> Value {
    if let Some(number) = number.as_i64() {
        return Value::Int(number);
    }
    match (number.as_u64(), number.as_f64()) {
        (Some(number), _) => Value::Uint(number),
        (None, Some(number)) => Value::Float(number),
        (None, None) => Value::Null,
    }
}
