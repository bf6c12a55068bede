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
    pattern(node, reader);
    preserve(node, reader);
    if level == Level::Judging {
        return declaring(node, reader);
    }
    if level == Level::Root {
        root(node, reader);
        complete(node, node, reader);
    }
    if level == Level::Root || words::flag(node, "x-kubernetes-embedded-resource") {
        identity(node, reader);
    }
    int_or_string(node, reader);
    kinds(node, reader);
    set(node, reader);
    keys(node, reader);
    resource(node, reader);
}

fn preserve(node: &Node, reader: &mut Reader<'_>) {
    let word = "x-kubernetes-preserve-unknown-fields";
    let is_false = |node: &&Node| node.as_scalar().is_some_and(|it| it.value == Yaml::Bool(false));
    if let Some(value) = node.get(word).filter(is_false) {
        fault(reader, word, value.place, "must be true or absent", "remove it");
    }
}

fn fault(reader: &mut Reader<'_>, word: &str, place: Place, what: &str, hint: &str) {
    reader.within(format!(".{word}"), |reader| reader.fault(place, what, hint));
}

fn text<'n>(node: &'n Node, word: &str) -> Option<&'n str> {
    node.get(word).and_then(Node::as_str)
}

fn declaring(node: &Node, reader: &mut Reader<'_>) {
    for word in DECLARING {
        if let Some(value) = node.get(word).filter(|value| says_something(value, word)) {
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

/// Whether a word is more than its zero value, which is as if it were not there.
fn says_something(value: &Node, word: &str) -> bool {
    let is_empty_list = value.as_list().is_some_and(<[_]>::is_empty);
    let is_false = value.as_scalar().is_some_and(|scalar| scalar.value == Yaml::Bool(false));
    match word {
        "default" => !value.is_null(),
        _ => words::is_said(value, word) && !is_empty_list && !is_false,
    }
}

fn root(node: &Node, reader: &mut Reader<'_>) {
    if words::flag(node, "nullable") {
        fault(reader, "nullable", node.place, "must not be true for a resource", "remove it");
    }
    for name in ["apiVersion", "kind", "metadata"] {
        if let Some(default) = node.at(&["properties", name, "default"]).filter(|it| !it.is_null())
        {
            let word = format!("properties.{name}.default");
            fault(reader, &word, default.place, "must not be there for a resource", "remove it");
        }
    }
    let Some(metadata) = node.at(&["properties", "metadata"]).and_then(Node::as_map) else {
        return;
    };
    let is_allowed = |word: &str| matches!(word, "type" | "properties" | "default");
    let fields = metadata.get("properties").and_then(Node::as_map);
    let mut fields = fields.into_iter().flat_map(|fields| fields.keys());
    let only_names = fields.all(|key| matches!(&*key.name, "name" | "generateName"));
    if let Some((key, _)) = metadata.iter().find(|(key, _)| !is_allowed(&key.name) || !only_names) {
        let what = "must say nothing but what `name` and `generateName` are";
        let hint = "write `metadata: {type: object}`: every object's metadata is known";
        reader.within(".properties.metadata", |reader| reader.fault(key.place, what, hint));
    }
}

/// A resource whose status is a part of its own says nothing of itself that its status would not be held to.
///
/// Source: `allowedFieldsAtRootSchema`.
pub(super) fn with_status(root: &Node, reader: &mut Reader<'_>) {
    const WORDS: [&str; 14] = [
        "$schema",
        "additionalProperties",
        "allOf",
        "anyOf",
        "enum",
        "maxProperties",
        "minProperties",
        "not",
        "oneOf",
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-list-type",
        "x-kubernetes-map-type",
    ];
    let is_said = |word: &&&str| {
        root.get(word)
            .is_some_and(|value| says_something(value, word) && value.as_str() != Some(""))
    };
    if let Some(word) = WORDS.iter().find(is_said) {
        let what = format!("must not say `{word}`, because there is the subresource `status`");
        let hint = "say it of the properties, or remove `subresources.status`";
        reader.fault(root.place, what, hint);
    }
}

/// What is judged is declared, too. Source: `validateStructuralCompleteness`, which begins at the root only.
fn complete(judging: &Node, declaring: &Node, reader: &mut Reader<'_>) {
    let lists = ["allOf", "anyOf", "oneOf"].map(|word| judging.get(word).and_then(Node::as_list));
    for judging in lists.into_iter().flatten().flatten().chain(judging.get("not")) {
        complete(judging, declaring, reader);
        parts_are_declared(judging, declaring, reader);
    }
}

fn parts_are_declared(judging: &Node, declaring: &Node, reader: &mut Reader<'_>) {
    let fields = judging.get("properties").and_then(Node::as_map);
    let fields = fields.into_iter().flatten().map(|(key, field)| {
        (format!("properties.{}", key.name), field, declaring.at(&["properties", &key.name]))
    });
    let items = judging.get("items").map(|item| ("items".into(), item, declaring.get("items")));
    for (word, judging, declared) in fields.chain(items).filter(|it| !it.1.is_null()) {
        match declared.filter(|declared| !declared.is_null()) {
            Some(declared) => reader.within(format!(".{word}"), |reader| {
                complete(judging, declared, reader);
                parts_are_declared(judging, declared, reader);
            }),
            None => {
                let what = "must be there, because its values are judged";
                fault(reader, &word, judging.place, what, "declare it with its `type`");
            }
        }
    }
}

/// What every object has is of the types that it has there.
fn identity(node: &Node, reader: &mut Reader<'_>) {
    for (name, wanted) in [("apiVersion", "string"), ("kind", "string"), ("metadata", "object")] {
        let Some(field) = node.at(&["properties", name]) else { continue };
        if text(field, "type").is_none_or(|kind| kind != wanted && !kind.is_empty()) {
            let what = format!("must be `{wanted}`, as in every object");
            let hint = format!("write `type: {wanted}`, or remove `{name}`");
            fault(reader, &format!("properties.{name}.type"), field.place, &what, &hint);
        }
    }
}

/// Source: `validateExtensions`.
fn int_or_string(node: &Node, reader: &mut Reader<'_>) {
    for word in ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] {
        if words::flag(node, "x-kubernetes-int-or-string") && words::flag(node, word) {
            let what = "must not stand beside `x-kubernetes-int-or-string`";
            fault(reader, word, node.place, what, "remove one of the two");
        }
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

/// Items that are told apart are there, and so are the keys that tell.
///
/// Source: `validateMapListKeysMapSet`, and what is said of keys beside it.
fn keys(node: &Node, reader: &mut Reader<'_>) {
    let kind = text(node, "x-kubernetes-list-type").unwrap_or_default();
    let items = node.get("items").filter(|_| matches!(kind, "map" | "set"));
    let Some(items) = items.filter(|items| items.as_map().is_some()) else { return };
    if words::flag(items, "nullable") {
        let what = "must not be true in a list whose items are told apart";
        fault(reader, "items.nullable", items.place, what, "remove it");
    }
    if kind == "set" {
        return;
    }
    if text(items, "type").is_some_and(|kind| !matches!(kind, "" | "object")) {
        let hint = "write `type: object`, or remove `x-kubernetes-list-type`";
        let what = "must be `object`, because its list has keys";
        return fault(reader, "items.type", items.place, what, hint);
    }
    let names = words::strings(node.get("x-kubernetes-list-map-keys"));
    for (i, name) in names.iter().enumerate() {
        if names[..i].contains(name) {
            let what = format!("has `{name}` twice");
            fault(reader, "x-kubernetes-list-map-keys", node.place, &what, "remove one");
        }
        key(name, node, reader);
    }
}

/// A key is a scalar that every item has.
fn key(name: &str, list: &Node, reader: &mut Reader<'_>) {
    let Some(field) = list.at(&["items", "properties", name]) else {
        let what = format!("has the key `{name}`, which its items lack");
        let hint = format!("add `{name}` to `items.properties`, or take it out of the keys");
        let word = "x-kubernetes-list-map-keys";
        let place = list.get(word).map_or(list.place, |keys| keys.place);
        return fault(reader, word, place, &what, &hint);
    };
    let step = |word: &str| format!("items.properties.{name}.{word}");
    if let Some(kind @ ("array" | "object")) = text(field, "type") {
        let what = format!("must be that of a scalar, because it is a key, but is `{kind}`");
        fault(reader, &step("type"), field.place, &what, "choose another key");
    }
    if !words::strings(list.at(&["items", "required"])).contains(&name)
        && !words::has_default(field)
    {
        let hint = format!("add `{name}` to `items.required`, or give it a `default`");
        let what = "must be there, because it is a key that is not required";
        fault(reader, &step("default"), field.place, what, &hint);
    }
    if words::flag(field, "nullable") {
        let what = "must not be true, because it is a key";
        fault(reader, &step("nullable"), field.place, what, "remove it");
    }
}

/// An object in an object has fields, or takes any.
fn resource(node: &Node, reader: &mut Reader<'_>) {
    if !words::flag(node, "x-kubernetes-embedded-resource") {
        return;
    }
    if text(node, "type") != Some("object") {
        let what = "must be `object` for a resource in an object";
        fault(reader, "type", node.place, what, "write `type: object`");
    }
    if says(node, "additionalProperties") {
        let what = "must not stand in a resource in an object";
        fault(reader, "additionalProperties", node.place, what, "write `properties`");
    }
    let has_fields =
        node.get("properties").and_then(Node::as_map).is_some_and(|map| !map.is_empty());
    if !has_fields && !words::flag(node, "x-kubernetes-preserve-unknown-fields") {
        let hint = "add them, or `x-kubernetes-preserve-unknown-fields: true`";
        fault(reader, "properties", node.place, "must be there for a resource in an object", hint);
    }
}

fn pattern(node: &Node, reader: &mut Reader<'_>) {
    let Some(value) = node.get("pattern").filter(|_| !reader.is_full()) else { return };
    if let Some(reason) = value.as_str().and_then(|text| reader.pattern(text, value.place)) {
        let what = format!("must be a regular expression: {reason}");
        fault(reader, "pattern", value.place, &what, "correct it");
    }
}
