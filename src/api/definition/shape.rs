//! What a server asks of the words of one schema together: which may stand beside which, and where.
//!
//! Source: the structural schema rules and `ValidateCustomResourceDefinitionOpenAPISchema` of apiextensions.

use super::structural::{Level, Reader};
use super::words::{self, says};
use crate::source::Place;
use crate::yaml::{Node, Value as Yaml};

/// Words that declare, and so may not stand where values are only judged; nor may rules, which no other schema knows.
const DECLARING: [&str; 13] = [
    "additionalProperties",
    "default",
    "description",
    "nullable",
    "title",
    "type",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
];

/// Reports what no server takes of a schema's words.
pub(super) fn check(node: &Node, level: Level, reader: &mut Reader<'_>) {
    if level == Level::Judging {
        return declaring(node, reader);
    }
    if level == Level::Root {
        root(node, reader);
    }
    if let Some(word) = node.get("x-kubernetes-preserve-unknown-fields")
        && word.as_scalar().is_some()
        && !word.is_null()
        && !words::is_true(word)
    {
        fault(
            reader,
            "x-kubernetes-preserve-unknown-fields",
            word.place,
            "must be true or absent",
            "remove it",
        );
    }
    kinds(node, reader);
    set(node, reader);
    keys(node, reader);
    resource(node, reader);
    pattern(node, reader);
}

fn fault(reader: &mut Reader<'_>, word: &str, place: Place, what: &str, hint: &str) {
    reader.within(format!(".{word}"), |reader| reader.fault(place, what, hint));
}

fn text<'n>(node: &'n Node, word: &str) -> Option<&'n str> {
    node.get(word).and_then(Node::as_str)
}

fn declaring(node: &Node, reader: &mut Reader<'_>) {
    for word in DECLARING {
        if let Some(value) = node.get(word).filter(|value| !is_nothing(word, value)) {
            let what = "must not stand below `allOf`, `anyOf`, `oneOf` or `not`";
            fault(
                reader,
                word,
                value.place,
                what,
                "move it up to the schema that declares the value",
            );
        }
    }
    if let Some(metadata) = node.at(&["properties", "metadata"]) {
        let what = "must not be judged below `allOf`, `anyOf`, `oneOf` or `not`";
        fault(reader, "properties.metadata", metadata.place, what, "remove it");
    }
}

/// Whether a word says as much as none.
fn is_nothing(word: &str, value: &Node) -> bool {
    if word == "default" {
        return value.is_null();
    }
    let is_false = value.as_scalar().is_some_and(|it| it.value == Yaml::Bool(false));
    let is_empty = value.as_str() == Some("") || value.as_list().is_some_and(<[Node]>::is_empty);
    value.is_null() || is_false || is_empty
}

fn root(node: &Node, reader: &mut Reader<'_>) {
    if words::flag(node, "nullable") {
        fault(reader, "nullable", node.place, "must not be true for a resource", "remove it");
    }
    let Some(metadata) = node.at(&["properties", "metadata"]).and_then(Node::as_map) else {
        return;
    };
    let is_allowed = |word: &str| matches!(word, "type" | "description" | "properties");
    let fields = metadata.get("properties").and_then(Node::as_map);
    let mut fields = fields.into_iter().flat_map(|fields| fields.keys());
    let only_names = fields.all(|key| matches!(&*key.name, "name" | "generateName"));
    if let Some((key, _)) = metadata.iter().find(|(key, _)| !is_allowed(&key.name) || !only_names) {
        let what = "must say nothing but what `name` and `generateName` are";
        let hint = "write `metadata: {type: object}`: every object's metadata is known";
        reader.within(".properties.metadata", |reader| reader.fault(key.place, what, hint));
    }
}

/// Lists and maps that are told apart are lists and maps.
fn kinds(node: &Node, reader: &mut Reader<'_>) {
    let map = text(node, "x-kubernetes-map-type");
    for (word, wanted) in [("x-kubernetes-list-type", "array"), ("x-kubernetes-map-type", "object")]
    {
        if says(node, word) && text(node, "type") != Some(wanted) {
            let what = format!("must be `{wanted}`, because there is `{word}`");
            let place = node.get("type").map_or(node.place, |kind| kind.place);
            fault(
                reader,
                "type",
                place,
                &what,
                &format!("write `type: {wanted}`, or remove `{word}`"),
            );
        }
    }
    if let Some(map) = map.filter(|map| !matches!(*map, "atomic" | "granular")) {
        let what = format!("must be one of `atomic`, `granular`, but is `{map}`");
        let hint = words::meant(map, ["atomic", "granular"]);
        fault(reader, "x-kubernetes-map-type", node.place, &what, &hint);
    }
}

/// The items of a set are replaced as a whole.
fn set(node: &Node, reader: &mut Reader<'_>) {
    let items = node.get("items").filter(|_| text(node, "x-kubernetes-list-type") == Some("set"));
    let Some(items) = items else { return };
    let list = text(items, "x-kubernetes-list-type");
    let word = match text(items, "type") {
        Some("array") if list.is_some_and(|list| list != "atomic") => "x-kubernetes-list-type",
        Some("object") if text(items, "x-kubernetes-map-type") != Some("atomic") => {
            "x-kubernetes-map-type"
        }
        _ => return,
    };
    let hint = format!("write `{word}: atomic` in `items`");
    fault(reader, &format!("items.{word}"), items.place, "must be `atomic` in a set", &hint);
}

/// The keys of a list are scalars that every item has, each named once.
fn keys(node: &Node, reader: &mut Reader<'_>) {
    let names = words::strings(node.get("x-kubernetes-list-map-keys"));
    let items = node.get("items").filter(|_| text(node, "x-kubernetes-list-type") == Some("map"));
    let Some(items) = items else { return };
    if text(items, "type").is_some_and(|kind| kind != "object") {
        let hint = "write `type: object`, or remove `x-kubernetes-list-type`";
        return fault(
            reader,
            "items.type",
            items.place,
            "must be `object`, because its list has keys",
            hint,
        );
    }
    let required = words::strings(items.get("required"));
    for (i, name) in names.iter().enumerate() {
        if names[..i].contains(name) {
            let what = format!("has `{name}` twice");
            fault(reader, "x-kubernetes-list-map-keys", node.place, &what, "remove one");
        }
        let Some(field) = items.at(&["properties", name]) else { continue };
        if let Some(kind @ ("array" | "object")) = text(field, "type") {
            let word = format!("items.properties.{name}.type");
            let what = format!("must be that of a scalar, because it is a key, but is `{kind}`");
            fault(reader, &word, field.place, &what, "choose another key");
        }
        if !required.contains(name) && !words::has_default(field) {
            let word = format!("items.properties.{name}.default");
            let hint = format!("add `{name}` to `items.required`, or give it a `default`");
            fault(
                reader,
                &word,
                field.place,
                "must be there, because it is a key that is not required",
                &hint,
            );
        }
    }
}

/// An object in an object has fields, or takes any.
fn resource(node: &Node, reader: &mut Reader<'_>) {
    if !words::flag(node, "x-kubernetes-embedded-resource") {
        return;
    }
    if text(node, "type").is_some_and(|kind| kind != "object") {
        fault(
            reader,
            "type",
            node.place,
            "must be `object` for a resource in an object",
            "write `type: object`",
        );
    }
    let has_fields =
        node.get("properties").and_then(Node::as_map).is_some_and(|map| !map.is_empty());
    if !has_fields && !words::flag(node, "x-kubernetes-preserve-unknown-fields") {
        let hint = "add them, or `x-kubernetes-preserve-unknown-fields: true`";
        fault(reader, "properties", node.place, "must be there for a resource in an object", hint);
    }
}

fn pattern(node: &Node, reader: &mut Reader<'_>) {
    if reader.is_full() {
        return;
    }
    if let Some(Err(reason)) = text(node, "pattern").map(crate::cel::check_pattern) {
        let place = node.get("pattern").map_or(node.place, |pattern| pattern.place);
        fault(
            reader,
            "pattern",
            place,
            &format!("must be a regular expression: {reason}"),
            "correct it",
        );
    }
}
