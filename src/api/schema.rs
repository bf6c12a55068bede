//! JSON Schemas of built-in kinds, from the embedded types.
//!
//! `Block*  --of_kind-->  one self-contained schema with a `$defs` entry for every type it needs`
//!
//! What a schema says, and in which words, is written in the docs of `crate::api`.

use super::Version;
use super::embedded::{self, Attributes, Block, Field};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The schema of one resource.
pub(super) fn of_kind(block: &'static Block, version: Version) -> Value {
    let resource = block.resource().expect("only resources have a schema of their own");
    let api_version = super::api_version(resource.group, resource.version);
    let mut types = Types::new(version);
    let mut schema = types.object(block);
    pin(&mut schema, &api_version, resource.kind);
    close(schema, types.finish())
}

/// The types that a custom resource's metadata needs.
pub(super) fn object_meta_types(version: Version) -> BTreeMap<String, Value> {
    let mut types = Types::new(version);
    types.reference(embedded::OBJECT_META);
    types.finish()
}

/// How a custom resource refers to the type of its metadata.
pub(super) fn object_meta_reference() -> Value {
    reference_to(embedded::OBJECT_META)
}

/// Fixes `apiVersion` and `kind` of an object's schema and requires them.
pub(super) fn pin(schema: &mut Map<String, Value>, api_version: &str, kind: &str) {
    let properties = entry_map(schema, "properties");
    properties.insert("apiVersion".to_owned(), json!({ "type": "string", "const": api_version }));
    properties.insert("kind".to_owned(), json!({ "type": "string", "const": kind }));
    schema.insert("type".to_owned(), json!("object"));
    let required = schema.entry("required").or_insert_with(|| json!([]));
    if let Value::Array(required) = required {
        required.retain(|name| name != "apiVersion" && name != "kind");
        required.splice(0..0, [json!("apiVersion"), json!("kind")]);
    }
}

/// A whole document: dialect, schema, definitions.
pub(super) fn close(schema: Map<String, Value>, types: BTreeMap<String, Value>) -> Value {
    let mut document = Map::new();
    document.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    document.extend(schema);
    document.insert("$defs".to_owned(), Value::Object(types.into_iter().collect()));
    Value::Object(document)
}

pub(super) fn entry_map<'a>(
    map: &'a mut Map<String, Value>,
    key: &str,
) -> &'a mut Map<String, Value> {
    let value = map.entry(key).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("made an object above")
}

/// The types that a schema needs, found by following references.
struct Types {
    version: Version,
    done: BTreeMap<String, Value>,
    todo: Vec<String>,
    /// Whether the type being read is one where a server reads over unknown fields.
    loose: bool,
}

/// Ends the name of a type that takes unknown fields.
const LOOSE: &str = ".loose";

impl Types {
    fn new(version: Version) -> Types {
        Types { version, done: BTreeMap::new(), todo: Vec::new(), loose: false }
    }

    /// The definitions of all types referred to so far, and of those that they refer to.
    fn finish(mut self) -> BTreeMap<String, Value> {
        while let Some(name) = self.todo.pop() {
            let key = definition_name(&name);
            if !self.done.contains_key(&key) {
                let strict = name.strip_suffix(LOOSE);
                self.loose = strict.is_some();
                let object = self.object(self.block(strict.unwrap_or(&name)));
                self.done.insert(key, Value::Object(object));
            }
        }
        self.done
    }

    fn block(&self, name: &str) -> &'static Block {
        embedded::find(name, self.version).expect("every type that a field names is embedded")
    }

    fn reference(&mut self, name: &str) -> Value {
        let name = if self.loose { format!("{name}{LOOSE}") } else { name.to_owned() };
        let reference = reference_to(&name);
        self.todo.push(name);
        reference
    }

    /// An object with the type's fields and no others. A resource inside another object may name any
    /// `apiVersion` and `kind`: a server reads over them.
    fn object(&mut self, block: &'static Block) -> Map<String, Value> {
        let mut properties = Map::new();
        if block.resource().is_some() {
            properties.insert("apiVersion".to_owned(), json!({ "type": ["string", "null"] }));
            properties.insert("kind".to_owned(), json!({ "type": ["string", "null"] }));
        }
        for field in block.fields(self.version) {
            properties.insert(field.name.to_owned(), self.field(block, &field));
        }
        let mut object = Map::new();
        object.insert("type".to_owned(), json!(["object", "null"]));
        object.insert("properties".to_owned(), Value::Object(properties));
        if !self.loose {
            object.insert("additionalProperties".to_owned(), json!(false));
        }
        annotate(&mut object, block.attributes());
        object
    }

    fn field(&mut self, block: &Block, field: &Field) -> Value {
        let mut schema = self.value(block, field.spelling);
        if let Value::Object(schema) = &mut schema {
            annotate(schema, field.attributes);
        }
        schema
    }

    /// A value of a type, or null.
    fn value(&mut self, block: &Block, spelling: &str) -> Value {
        if let Some(item) = spelling.strip_prefix("[]") {
            return json!({ "type": ["array", "null"], "items": self.value(block, item) });
        }
        if let Some(item) = spelling.strip_prefix("{}") {
            return json!({ "type": ["object", "null"], "additionalProperties": self.value(block, item) });
        }
        if let Some(other) = spelling.strip_prefix("schema-or-") {
            return self.definition_schema(block, other);
        }
        scalar(spelling).unwrap_or_else(|| self.reference(&block.full_name(spelling)))
    }

    /// In a custom resource definition: a schema, or something else in its place. Their decoders read over unknown
    /// fields, whatever validation was asked for.
    fn definition_schema(&mut self, block: &Block, other: &str) -> Value {
        let outer = std::mem::replace(&mut self.loose, true);
        let schema = self.reference(&block.full_name("JSONSchemaProps"));
        self.loose = outer;
        let (kind, rest) = match other {
            "boolean" => ("boolean", json!(true)),
            "strings" => ("array", json!({ "items": { "type": ["string", "null"] } })),
            _ => ("array", json!({ "items": schema })),
        };
        json!({ "if": { "type": kind }, "then": rest, "else": schema })
    }
}

fn reference_to(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{}", definition_name(name)) })
}

/// `apps/v1.DeploymentSpec` without the slash, which a JSON pointer would have to escape.
fn definition_name(name: &str) -> String {
    name.replace('/', ".")
}

fn scalar(spelling: &str) -> Option<Value> {
    Some(match spelling {
        "string" => json!({ "type": ["string", "null"] }),
        "boolean" => json!({ "type": ["boolean", "null"] }),
        "int32" => integer(&["integer", "null"], i64::from(i32::MIN), i64::from(i32::MAX)),
        "int64" => integer(&["integer", "null"], i64::MIN, i64::MAX),
        "double" => json!({ "type": ["number", "null"] }),
        "base64" => json!({ "type": ["string", "null"], "format": "kubernetes-base64" }),
        "date-time" => json!({ "type": ["string", "null"], "format": "kubernetes-date-time" }),
        "micro-time" => json!({ "type": ["string", "null"], "format": "kubernetes-micro-time" }),
        "quantity" => {
            json!({ "type": ["string", "number", "null"], "format": "kubernetes-quantity" })
        }
        "int-or-string" => int_or_string(),
        "object" => {
            json!({ "type": ["object", "null"], "x-kubernetes-preserve-unknown-fields": true })
        }
        "any" => json!({ "x-kubernetes-preserve-unknown-fields": true }),
        _ => return None,
    })
}

fn integer(kind: &[&str], least: i64, most: i64) -> Value {
    json!({ "type": kind, "minimum": least, "maximum": most })
}

fn int_or_string() -> Value {
    let mut schema =
        integer(&["integer", "string", "null"], i64::from(i32::MIN), i64::from(i32::MAX));
    schema["x-kubernetes-int-or-string"] = json!(true);
    schema
}

/// How lists and maps merge, in the words of the Kubernetes schemas.
fn annotate(schema: &mut Map<String, Value>, attributes: Attributes) {
    for (key, word) in [
        ("list", "x-kubernetes-list-type"),
        ("map", "x-kubernetes-map-type"),
        ("patch", "x-kubernetes-patch-strategy"),
        ("merge", "x-kubernetes-patch-merge-key"),
    ] {
        if let Some(value) = attributes.get(key) {
            schema.insert(word.to_owned(), json!(value));
        }
    }
    if let Some(keys) = attributes.get("keys") {
        let keys: Vec<&str> = keys.split(',').collect();
        schema.insert("x-kubernetes-list-map-keys".to_owned(), json!(keys));
    }
}
