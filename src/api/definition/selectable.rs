//! The fields of a resource that lists of it can be chosen by.
//!
//! Source: `ValidateCustomResourceSelectableFields` of apiextensions.

use super::structural::Reader;
use crate::yaml::Node;

/// How many a server takes.
const MOST: usize = 8;

/// Reports fields that no server chooses by.
pub(super) fn check(version: &Node, reader: &mut Reader<'_>) {
    let Some(fields) = version.get("selectableFields") else { return };
    let Some(schema) = version.at(&["schema", "openAPIV3Schema"]) else { return };
    let mut known: Vec<&str> = Vec::new();
    let items = fields.as_list().unwrap_or_default();
    for (i, field) in items.iter().enumerate() {
        let Some(path) = field.get("jsonPath") else { continue };
        let text = path.as_str().filter(|text| !text.is_empty());
        let Some(text) = text else { continue };
        let wrong = match kind(text, schema) {
            _ if known.contains(&text) => Some(("is there a second time", "remove one")),
            Some("boolean" | "integer" | "string") if !is_metadata(text) => None,
            _ => Some(WRONG),
        };
        if let Some((what, hint)) = wrong {
            let step = format!(".selectableFields[{i}].jsonPath");
            reader.within(step, |reader| reader.fault(path.place, what, hint));
        }
        known.push(text);
    }
    if known.len() > MOST {
        let what = format!("must have at most {MOST} fields, but has {}", known.len());
        let hint = "keep those that lists are chosen by most";
        reader.within(".selectableFields", |reader| reader.fault(fields.place, what, hint));
    }
}

const WRONG: (&str, &str) = (
    "must be the path of a string, boolean or integer in the schema, outside metadata",
    "write it as in `.spec.engine`",
);

fn is_metadata(path: &str) -> bool {
    path.split('.').nth(1) == Some("metadata")
}

/// The type of the field at a path, if the schema has one there.
fn kind<'s>(path: &str, schema: &'s Node) -> Option<&'s str> {
    let mut schema = schema;
    for name in path.strip_prefix('.')?.split('.') {
        schema = match schema.get("properties").filter(|fields| fields.as_map().is_some()) {
            Some(fields) => fields.get(name)?,
            None => schema.get("additionalProperties")?,
        };
    }
    schema.get("type").and_then(Node::as_str)
}
