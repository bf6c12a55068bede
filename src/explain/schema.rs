//! What a values.schema.json says about a path.

use super::path::Part;
use serde_json::Value as Json;

/// How many `$ref`s are followed for one path.
const MAX_REFERENCES: usize = 64;

/// What a schema says about one value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    /// Its description.
    pub description: Option<String>,
    /// What it may be, in words: `integer, at least 0`.
    pub allowed: Option<String>,
}

/// What the schema says about a path; none if it does not know it.
pub(super) fn said(schema: &Json, parts: &[Part]) -> Option<Said> {
    let mut views = vec![schema];
    for part in parts {
        views = views_of(schema, &views).into_iter().filter_map(|view| below(view, part)).collect();
    }
    let views = views_of(schema, &views);
    if views.is_empty() {
        return None;
    }
    let text = |view: &&Json| view.get("description")?.as_str().map(str::to_owned);
    let description = views.iter().find_map(text);
    let allowed: Vec<_> = views.iter().filter_map(|view| allowed(schema, view)).collect();
    let allowed = (!allowed.is_empty()).then(|| allowed.join(", "));
    Some(Said { description, allowed })
}

/// The schemas with those that they refer to and those that they all ask for.
fn views_of<'s>(root: &'s Json, schemas: &[&'s Json]) -> Vec<&'s Json> {
    let mut found: Vec<&Json> = Vec::new();
    let mut open: Vec<&Json> = schemas.iter().rev().copied().collect();
    while let Some(schema) = open.pop() {
        if found.len() >= MAX_REFERENCES || found.iter().any(|known| std::ptr::eq(*known, schema)) {
            continue;
        }
        found.push(schema);
        open.extend(referred(root, schema));
        open.extend(schema.get("allOf").and_then(Json::as_array).into_iter().flatten().rev());
    }
    found
}

/// What a `$ref` within the file names.
fn referred<'s>(root: &'s Json, schema: &Json) -> Option<&'s Json> {
    let pointer = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
    root.pointer(pointer)
}

/// The schema of a part.
fn below<'s>(schema: &'s Json, part: &Part) -> Option<&'s Json> {
    let is_schema = |schema: &&Json| schema.is_object();
    match part {
        Part::Item(_) => schema.get("items").filter(is_schema),
        Part::Key(key) => {
            let property = || schema.get("properties")?.get(&**key);
            property().or_else(|| schema.get("additionalProperties")).filter(is_schema)
        }
        Part::Index(at) => {
            let first = || schema.get("prefixItems")?.get(*at);
            first().or_else(|| schema.get("items")).filter(is_schema)
        }
    }
}

/// What one schema allows, in words.
fn allowed(root: &Json, schema: &Json) -> Option<String> {
    let mut words = Vec::new();
    if let Some(choices) =
        schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Json::as_array)
    {
        let choices = choices.iter().filter_map(|choice| {
            let views = views_of(root, &[choice]);
            views.into_iter().find_map(|view| allowed(root, view))
        });
        words.push(choices.collect::<Vec<_>>().join(" or "));
    }
    if let Some(choices) = schema.get("enum").and_then(Json::as_array) {
        let choices: Vec<_> = choices.iter().map(ToString::to_string).collect();
        words.push(format!("one of {}", choices.join(", ")));
    } else {
        words.extend(types(schema));
    }
    for (keyword, phrase) in [
        ("const", "always"),
        ("minimum", "at least"),
        ("exclusiveMinimum", "more than"),
        ("maximum", "at most"),
        ("exclusiveMaximum", "less than"),
        ("pattern", "that matches"),
        ("format", "in the format"),
    ] {
        let said = schema.get(keyword);
        words.extend(said.map(|said| match said.as_str() {
            Some(text) => format!("{phrase} {text}"),
            None => format!("{phrase} {said}"),
        }));
    }
    words.retain(|word| !word.is_empty());
    (!words.is_empty()).then(|| words.join(", "))
}

fn types(schema: &Json) -> Option<String> {
    match schema.get("type")? {
        Json::Array(names) => {
            Some(names.iter().filter_map(type_word).collect::<Vec<_>>().join(" or "))
        }
        name => type_word(name).map(str::to_owned),
    }
}

fn type_word(name: &Json) -> Option<&str> {
    Some(match name.as_str()? {
        "object" => "map",
        "array" => "list",
        name => name,
    })
}

#[cfg(test)]
mod tests {
    use super::{Said, said};
    use crate::explain::Part;

    const SCHEMA: &str = r##"{
        "properties": {
            "replicas": { "description": "Pods.", "type": "integer", "minimum": 0 },
            "probe": { "description": "A question.", "$ref": "#/$defs/probe" },
            "level": { "enum": ["a", "b"] },
            "ports": { "additionalProperties": { "anyOf": [{ "type": "integer" }, { "$ref": "#/$defs/name" }] } },
            "hosts": { "type": "array", "items": { "type": "string", "format": "hostname" } },
            "ring": { "$ref": "#/properties/ring" },
            "any": true
        },
        "$defs": {
            "probe": { "type": "object", "properties": { "path": { "description": "Where.", "type": ["string", "null"] } } },
            "name": { "type": "string", "pattern": "^[a-z]+$" }
        }
    }"##;

    #[track_caller]
    fn check(path: &[&str], expect: Option<(Option<&str>, Option<&str>)>) {
        let schema = serde_json::from_str(SCHEMA).expect("JSON");
        let part = |key: &&str| match key.parse() {
            Ok(at) => Part::Index(at),
            Err(_) => Part::Key((*key).into()),
        };
        let parts: Vec<_> = path.iter().map(part).collect();
        let expect = expect.map(|(description, allowed)| Said {
            description: description.map(str::to_owned),
            allowed: allowed.map(str::to_owned),
        });
        assert_eq!(said(&schema, &parts), expect);
    }

    #[test]
    fn a_property_has_a_description_and_a_type() {
        check(&["replicas"], Some((Some("Pods."), Some("integer, at least 0"))));
        check(&["level"], Some((None, Some("one of \"a\", \"b\""))));
    }

    #[test]
    fn references_are_followed_and_the_own_description_comes_first() {
        check(&["probe"], Some((Some("A question."), Some("map"))));
        check(&["probe", "path"], Some((Some("Where."), Some("string or null"))));
    }

    #[test]
    fn entries_and_items_have_the_schema_of_all() {
        check(&["ports", "http"], Some((None, Some("integer or string, that matches ^[a-z]+$"))));
        check(&["hosts", "3"], Some((None, Some("string, in the format hostname"))));
    }

    #[test]
    fn what_the_schema_does_not_know_it_says_nothing_about() {
        check(&["nothing"], None);
        check(&["replicas", "below"], None);
        check(&["any"], None);
        check(&["ring"], Some((None, None)));
    }
}
