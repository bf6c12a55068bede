//! JSON Schemas of custom resources, from the `openAPIV3Schema` of a definition.
//!
//! `Node (structural schema)  --convert-->  JSON Schema 2020-12 in the words of crate::api`
//!
//! Promise: what a server prunes or fills in before it validates is not an error here: an unknown field is refused
//! only where a server drops it, `null` of a field that is not nullable counts as absent, a default satisfies
//! `required`. A definition's own faults are reported at their place; depth and size have limits. CEL rules
//! (`x-kubernetes-validations`) are handed on as they stand; `api::structure` compiles them.

use super::Young;
use super::shape;
use super::words::{self, Rule};
use crate::api::schema;
use crate::diag::{Code, Diagnostic, Sink, nearest};
use crate::source::Place;
use crate::yaml::{Data, Node, Value as Yaml};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Levels of schemas inside schemas that are read.
const MAX_DEPTH: usize = 100;
/// Schemas in one definition that are read. A server takes about 1.5 MB.
const MAX_SCHEMAS: usize = 100_000;
/// Different patterns in one definition that are read. Definitions have some dozens.
const MAX_PATTERNS: usize = 1_000;
/// Faults of one definition that are reported; nobody reads more before correcting these.
const MAX_FAULTS: usize = 100;

/// Reads the schemas of one definition and reports what is wrong with it.
pub(in crate::api) struct Reader<'s> {
    sink: &'s mut Sink,
    /// What the definition is called in messages.
    subject: String,
    path: Vec<String>,
    depth: usize,
    /// How many schemas around the present one have a decoder that reads over unknown words.
    read_over: usize,
    schemas: usize,
    /// Whether it was said that the definition is too large.
    limited: bool,
    faults: usize,
    young: Vec<Young>,
    /// The patterns that were read, each with what is wrong with it.
    patterns: BTreeMap<String, Option<String>>,
}

/// One word of a schema.
#[derive(Clone, Copy)]
struct Word<'w> {
    name: &'w str,
    value: &'w Node,
    /// The schema that says it.
    owner: &'w Node,
    level: Level,
}

/// Where a schema stands, which decides what it may say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// The resource itself.
    Root,
    /// A field, an item or a map's value.
    Inner,
    /// Below `allOf`, `anyOf`, `oneOf` or `not`, where values are judged but nothing is declared.
    Judging,
}

impl<'s> Reader<'s> {
    pub(in crate::api) fn new(subject: String, sink: &'s mut Sink) -> Reader<'s> {
        Reader {
            sink,
            subject,
            path: Vec::new(),
            depth: 0,
            read_over: 0,
            schemas: 0,
            limited: false,
            faults: 0,
            young: Vec::new(),
            patterns: BTreeMap::new(),
        }
    }

    /// How many faults were reported so far.
    pub(in crate::api) fn faults(&self) -> usize {
        self.faults
    }

    /// Whether so many faults were reported that no more are told.
    pub(in crate::api) fn is_full(&self) -> bool {
        self.faults >= MAX_FAULTS
    }

    /// Does something one step further down the path that messages name.
    pub(in crate::api) fn within<T>(
        &mut self,
        step: impl Into<String>,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.path.push(step.into());
        let done = work(self);
        self.path.pop();
        done
    }

    /// Reports a fault at the present path.
    pub(in crate::api) fn fault(
        &mut self,
        place: Place,
        what: impl AsRef<str>,
        hint: impl Into<String>,
    ) {
        let path = self.path.concat();
        self.fault_at(path.trim_start_matches('.'), place, what, hint);
    }

    /// Reports a fault at a path from the definition's root.
    pub(in crate::api) fn fault_at(
        &mut self,
        path: &str,
        place: Place,
        what: impl AsRef<str>,
        hint: impl Into<String>,
    ) {
        self.faults += 1;
        if self.faults > MAX_FAULTS {
            return;
        }
        let finding = self.finding(path, place, what.as_ref()).hint(hint);
        self.sink.error(finding);
    }

    /// Keeps a fault at the present path that only versions of Kubernetes before this minor one find.
    pub(in crate::api) fn young(
        &mut self,
        since: u32,
        place: Place,
        what: &str,
        hint: impl Into<String>,
    ) {
        let path = self.path.concat();
        if self.young.len() < MAX_FAULTS {
            let finding = self.finding(path.trim_start_matches('.'), place, what).hint(hint);
            self.young.push(Young { since, finding });
        }
    }

    /// What only younger versions of Kubernetes take.
    pub(super) fn into_young(self) -> Vec<Young> {
        self.young
    }

    fn finding(&self, path: &str, place: Place, what: &str) -> Diagnostic {
        let found = Diagnostic::error(Code::ApiDefinition, format!("`{path}` {what}"));
        found.at(place, "").subject(format!("{} {path}", self.subject))
    }

    /// What is wrong with a pattern, if it is none. Definitions repeat a few patterns many times.
    pub(super) fn pattern(&mut self, text: &str, place: Place) -> Option<String> {
        if let Some(known) = self.patterns.get(text) {
            return known.clone();
        }
        if self.patterns.len() == MAX_PATTERNS {
            self.limit(place);
            return None;
        }
        let wrong = crate::cel::check_pattern(text).err();
        self.patterns.insert(text.to_owned(), wrong.clone());
        wrong
    }

    /// Says once that the definition is too large.
    fn limit(&mut self, place: Place) {
        if !std::mem::replace(&mut self.limited, true) {
            let limits = format!(
                "{MAX_DEPTH} levels, {MAX_SCHEMAS} schemas and {MAX_PATTERNS} different patterns"
            );
            self.fault(
                place,
                format!("is more than is read of a definition: {limits}"),
                "make the schema flatter: `x-kubernetes-preserve-unknown-fields: true` takes any fields",
            );
        }
    }

    /// The schema of a resource, closed but for `apiVersion` and `kind`; `metadata` refers to the type of all objects.
    pub(super) fn resource(&mut self, node: &Node) -> Map<String, Value> {
        let mut schema = self.schema(node, Level::Root);
        let restricted = schema.get("properties").and_then(|properties| properties.get("metadata"));
        let restricted = restricted.and_then(|metadata| metadata.get("properties")).cloned();
        add_metadata(&mut schema);
        if let Some(restricted) = restricted {
            schema["properties"]["metadata"]["properties"] = restricted;
        }
        schema
    }

    fn schema(&mut self, node: &Node, level: Level) -> Map<String, Value> {
        if node.as_map().is_none() && !node.is_null() {
            self.fault(
                node.place,
                format!("must be a schema, a map, but is {}", words::shown(node)),
                "write a schema, such as `{type: string}`",
            );
            return Map::new();
        }
        self.schemas += 1;
        if self.depth == MAX_DEPTH || self.schemas > MAX_SCHEMAS {
            self.limit(node.place);
            return Map::new();
        }
        self.depth += 1;
        let mut out = Map::new();
        // A null is as if the word were not there; where a schema must be, an empty one.
        let said = node.as_map().into_iter().flatten();
        for (key, value) in said.filter(|(_, value)| !value.is_null()) {
            let word = Word { name: &key.name, value, owner: node, level };
            let meaning = self.within(format!(".{}", key.name), |reader| reader.word(&word));
            out.extend(meaning.map(|meaning| (key.name.to_string(), meaning)));
        }
        self.settle(node, level, &mut out);
        self.depth -= 1;
        out
    }

    fn word(&mut self, word: &Word<'_>) -> Option<Value> {
        match words::rule(word.name) {
            Some(Rule::Skip) => None,
            Some(Rule::Copy(form)) => self.copy(form, word.value),
            Some(Rule::Structure) => self.structure(word),
            Some(Rule::Unsupported) => {
                let hint = "write the schema out where it is used";
                self.fault(word.value.place, "is not supported by Kubernetes", hint);
                None
            }
            None => {
                self.unknown(word);
                None
            }
        }
    }

    /// A server refuses an unknown word, but reads over it below `items` and `additionalProperties`.
    fn unknown(&mut self, word: &Word<'_>) {
        let hint = words::meant(word.name, words::names());
        if self.read_over == 0 {
            return self.fault(word.value.place, "is no field of a schema", hint);
        }
        let path = self.path.concat();
        let what = "is no field of a schema, so it does nothing";
        let finding = self.finding(path.trim_start_matches('.'), word.value.place, what);
        self.sink.warn(finding.hint(hint));
    }

    fn copy(&mut self, form: words::Form, value: &Node) -> Option<Value> {
        let read = form.read(value);
        if read.is_none() {
            let what = format!("must be {}, but is {}", form.name(), words::shown(value));
            self.fault(value.place, what, form.hint());
        }
        read
    }

    fn structure(&mut self, word: &Word<'_>) -> Option<Value> {
        let Word { name, value, owner, level } = *word;
        match name {
            "type" => self.kind(value, level),
            "uniqueItems" => self.unique(value),
            "properties" => self.properties(owner, value, level),
            "items" => Some(self.reading_over(|reader| reader.item(value, level))),
            "additionalProperties" => {
                Some(self.reading_over(|reader| reader.additional(owner, value, level)))
            }
            "not" => Some(Value::Object(self.schema(value, Level::Judging))),
            _ => self.alternatives(name, owner, value),
        }
    }

    fn reading_over<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.read_over += 1;
        let done = work(self);
        self.read_over -= 1;
        done
    }

    fn unique(&mut self, value: &Node) -> Option<Value> {
        if words::is_true(value) {
            let hint = "use `x-kubernetes-list-type: set`";
            self.fault(value.place, "must not be true: a server refuses it", hint);
        }
        None
    }

    fn kind(&mut self, value: &Node, level: Level) -> Option<Value> {
        const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
        let name = value.as_str().unwrap_or_default();
        // An empty text is as if there were none.
        if value.as_str() == Some("") {
            return None;
        }
        if !TYPES.contains(&name) {
            let what = format!("must be the name of a type, but is {}", words::shown(value));
            let hint = nearest(name, TYPES).map(|name| format!("did you mean `{name}`?"));
            let all = || format!("write one of `{}`", TYPES.join("`, `"));
            self.fault(value.place, what, hint.unwrap_or_else(all));
            return None;
        }
        if level == Level::Root && name != "object" {
            let what = format!("must be `object` for a resource, but is `{name}`");
            self.fault(value.place, what, "write `type: object`");
            return None;
        }
        Some(json!(name))
    }

    fn properties(&mut self, owner: &Node, value: &Node, level: Level) -> Option<Value> {
        let Some(map) = value.as_map() else {
            self.fault(
                value.place,
                format!("must be a map of schemas, but is {}", words::shown(value)),
                "write a schema under the name of each field",
            );
            return None;
        };
        let required: Vec<&str> = words::strings(owner.get("required"));
        let mut properties = Map::new();
        for (name, node) in map {
            let schema = self.within(words::step(&name.name), |reader| {
                let absent = !required.contains(&&*name.name) || words::has_default(node);
                let schema = reader.schema(node, inner(level));
                if absent || words::flag(node, "nullable") {
                    allow_null(schema, node)
                } else {
                    schema
                }
            });
            properties.insert(name.name.to_string(), Value::Object(schema));
        }
        Some(Value::Object(properties))
    }

    /// A list's item: null stays null there, unless a default takes its place.
    fn item(&mut self, node: &Node, level: Level) -> Value {
        let schema = self.schema(node, inner(level));
        let null = words::flag(node, "nullable") || words::has_default(node);
        Value::Object(if null { allow_null(schema, node) } else { schema })
    }

    /// A map's values: null that is not nullable disappears with its key.
    fn additional(&mut self, owner: &Node, node: &Node, level: Level) -> Value {
        if level == Level::Root || words::says(owner, "properties") {
            let what = "must stand neither at the root nor beside `properties`";
            self.fault(
                node.place,
                what,
                "a map has `additionalProperties`, an object has `properties`",
            );
        }
        match node.as_scalar().map(|scalar| scalar.value) {
            // A server drops the fields of what `true` lets in.
            Some(Yaml::Bool(true)) => {
                json!({ "additionalProperties": false, "items": { "additionalProperties": false } })
            }
            Some(Yaml::Bool(false)) => json!(false),
            _ => Value::Object(allow_null(self.schema(node, inner(level)), node)),
        }
    }

    fn alternatives(&mut self, word: &str, owner: &Node, value: &Node) -> Option<Value> {
        let Data::List(items) = &value.data else {
            self.fault(
                value.place,
                format!("must be a list of schemas, but is {}", words::shown(value)),
                "write a `- ` before each schema",
            );
            return None;
        };
        // `anyOf: [{type: integer}, {type: string}]` only repeats what int-or-string says.
        let repeats = |node: &Node| {
            words::flag(owner, "x-kubernetes-int-or-string") && words::is_int_or_string(node)
        };
        if word == "anyOf" && repeats(value) {
            return None;
        }
        let mut schemas = Vec::new();
        for (i, item) in items.iter().enumerate() {
            if word == "allOf" && i == 0 && item.get("anyOf").is_some_and(repeats) {
                continue;
            }
            let schema =
                self.within(format!("[{i}]"), |reader| reader.schema(item, Level::Judging));
            schemas.push(Value::Object(schema));
        }
        (!schemas.is_empty()).then_some(Value::Array(schemas))
    }

    /// What only the whole of a schema tells: unknown fields, int-or-string, bounds, formats.
    fn settle(&mut self, node: &Node, level: Level, out: &mut Map<String, Value>) {
        words::settle_values(out);
        shape::check(node, level, self);
        if level == Level::Judging {
            return require_values(out);
        }
        if words::flag(node, "x-kubernetes-int-or-string") {
            out.insert("type".to_owned(), json!(["integer", "string"]));
        }
        let open = words::flag(node, "x-kubernetes-preserve-unknown-fields");
        let typed = out.contains_key("type") || words::says(node, "type");
        let is_told = words::flag(node, "x-kubernetes-embedded-resource");
        if !typed && !open && !is_told && !words::says(node, "$ref") {
            let place = node.get("type").map_or(node.place, |kind| kind.place);
            self.within(".type", |reader| {
                reader.fault(place, "must be there", "add one, such as `type: object`");
            });
        }
        if out.get("type") == Some(&json!("array")) && !out.contains_key("items") {
            let what = "must be there, because the type is `array`";
            let hint = "add the schema of an item, such as `items: {type: string}`";
            self.within(".items", |reader| reader.fault(node.place, what, hint));
        }
        let closed = out.get("type") == Some(&json!("object")) && !open;
        if closed && !out.contains_key("additionalProperties") {
            out.insert("additionalProperties".to_owned(), json!(false));
        }
        require_without_default(node, out);
        self.list_type(node);
        if words::flag(node, "x-kubernetes-embedded-resource") {
            embed(out);
        }
    }

    /// How the items of a list are told apart.
    fn list_type(&mut self, node: &Node) {
        let kind = node.get("x-kubernetes-list-type").filter(|kind| !kind.is_null());
        let text = kind.and_then(Node::as_str).unwrap_or_default();
        if let Some(kind) = kind.filter(|_| !LIST_TYPES.contains(&text)) {
            let all = LIST_TYPES.join("`, `");
            let what = format!("must be one of `{all}`, but is {}", words::shown(kind));
            let hint = words::meant(text, LIST_TYPES);
            self.within(".x-kubernetes-list-type", |reader| reader.fault(kind.place, what, hint));
        }
        let has_keys = !words::strings(node.get("x-kubernetes-list-map-keys")).is_empty();
        let (step, what, hint) = match (text == "map", has_keys) {
            (true, false) => (
                ".x-kubernetes-list-map-keys",
                "must be there, because the list type is `map`",
                "name the fields that tell items apart",
            ),
            (false, true) => (
                ".x-kubernetes-list-type",
                "must be `map`, because there are keys",
                "write `x-kubernetes-list-type: map`, or remove the keys",
            ),
            _ => return,
        };
        self.within(step, |reader| reader.fault(node.place, what, hint));
    }
}

/// Where values are judged, a null is no value: it is gone by then.
fn require_values(out: &mut Map<String, Value>) {
    let Some(Value::Array(required)) = out.get("required") else { return };
    let named = required.iter().filter_map(Value::as_str);
    let given = named.map(|name| (name.to_owned(), json!({ "not": { "type": "null" } })));
    let given = json!({ "properties": given.collect::<Map<_, _>>() });
    if let Value::Array(all) = out.entry("allOf").or_insert_with(|| json!([])) {
        all.push(given);
    }
}

/// A default satisfies `required`.
fn require_without_default(node: &Node, out: &mut Map<String, Value>) {
    let properties = node.get("properties");
    let field = |name: &str| properties.and_then(|properties| properties.get(name));
    if let Some(Value::Array(required)) = out.get_mut("required") {
        required.retain(|name| !name.as_str().and_then(field).is_some_and(words::has_default));
    }
}

const LIST_TYPES: [&str; 3] = ["atomic", "map", "set"];

fn inner(level: Level) -> Level {
    match level {
        Level::Root | Level::Inner => Level::Inner,
        Level::Judging => Level::Judging,
    }
}

/// Lets a schema take null too. What judges the value must not see it: a null that counts as absent is not compared
/// with an `enum`, and no null is compared with alternatives.
fn allow_null(mut schema: Map<String, Value>, node: &Node) -> Map<String, Value> {
    if let Some(kind) = schema.get_mut("type") {
        *kind = match kind.take() {
            Value::Array(mut kinds) => {
                kinds.push(json!("null"));
                Value::Array(kinds)
            }
            kind => json!([kind, "null"]),
        };
    }
    let mut judged = Map::new();
    for word in ["allOf", "anyOf", "oneOf", "not", "enum"] {
        let stays = word == "enum" && words::flag(node, "nullable");
        if let Some(rule) = if stays { None } else { schema.shift_remove(word) } {
            judged.insert(word.to_owned(), rule);
        }
    }
    if !judged.is_empty() {
        schema.insert("if".to_owned(), json!({ "not": { "type": "null" } }));
        schema.insert("then".to_owned(), Value::Object(judged));
    }
    schema
}

/// Every object has metadata, whatever its schema says of it.
pub(super) fn add_metadata(object: &mut Map<String, Value>) {
    let properties = schema::entry_map(object, "properties");
    properties.insert("metadata".to_owned(), schema::object_meta_reference());
}

/// An object inside an object: it names its own version and kind.
fn embed(object: &mut Map<String, Value>) {
    let properties = schema::entry_map(object, "properties");
    for name in ["apiVersion", "kind"] {
        let field = properties.entry(name).or_insert_with(|| json!({ "type": "string" }));
        // They are required, so null is no way to leave them out.
        field["type"] = json!("string");
    }
    add_metadata(object);
    let required = object.entry("required").or_insert_with(|| json!([]));
    if let Value::Array(required) = required {
        required.retain(|name| name != "apiVersion" && name != "kind");
        required.extend([json!("apiVersion"), json!("kind")]);
    }
}
