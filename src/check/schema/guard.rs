//! Schemas that users write: what is refused before they are compiled.

use super::keywords::{Misspelt, misspelt};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How many schemas a file may hold.
const MAX_SCHEMAS: usize = 50_000;
/// How many references it may hold; compiling follows each.
const MAX_REFERENCES: usize = 5_000;
/// How many rules may judge one value, references followed: `allOf` over references can double at each step.
const MAX_RULES: u64 = 100_000;
/// How deep schemas may lie in schemas.
const MAX_DEPTH: usize = 100;
/// How long a pattern may be, in bytes.
const MAX_PATTERN: usize = 10_000;

/// Why a schema is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong.
    pub message: String,
    /// Where in the schema, a JSON pointer.
    pub schema_path: String,
    /// The next step.
    pub hint: &'static str,
}

/// Refuses a schema that reaches out of its own file or could take without bound to compile or to judge with; gives the
/// words of another that nobody knows and that are most likely misspelt, in the order of the schema.
///
/// # Errors
/// Every reference to another file or address, every reference to something that is not there, and the first limit that
/// is broken.
pub fn refuse_unsafe(schema: &Value) -> Result<Vec<Misspelt>, Vec<Refused>> {
    let mut survey = Survey::default();
    survey.schema(schema, String::new(), 0);
    for (path, reference) in &survey.references {
        survey.refused.extend(wrong_reference(schema, &survey.ids, path, reference));
    }
    if survey.refused.is_empty() {
        survey.refused.extend(too_many_rules(schema, &survey));
    }
    if survey.refused.is_empty() { Ok(survey.misspelt) } else { Err(survey.refused) }
}

/// What a schema file holds.
#[derive(Default)]
struct Survey {
    schemas: usize,
    references: Vec<(String, String)>,
    ids: BTreeSet<String>,
    refused: Vec<Refused>,
    misspelt: Vec<Misspelt>,
    full: bool,
}

/// Keywords whose value is a schema, or a list of schemas.
const SCHEMAS: [&str; 17] = [
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "extends",
];
/// Keywords whose value is a map of schemas.
const NAMED_SCHEMAS: [&str; 6] =
    ["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"];
/// Keywords whose schemas judge the same value again.
const SAME_VALUE: [&str; 7] = ["allOf", "anyOf", "else", "if", "not", "oneOf", "then"];

impl Survey {
    fn schema(&mut self, schema: &Value, path: String, depth: usize) {
        let Value::Object(words) = schema else { return };
        self.schemas += 1;
        if self.full || depth > MAX_DEPTH || self.schemas > MAX_SCHEMAS {
            self.overflow(path);
            return;
        }
        for (word, value) in words {
            let path = format!("{path}/{}", escaped(word));
            match (word.as_str(), value) {
                ("$ref" | "$dynamicRef" | "$recursiveRef", Value::String(to)) => {
                    self.reference(path, to);
                }
                ("$id" | "id", Value::String(id)) => {
                    self.ids.insert(id.trim_end_matches('#').to_owned());
                }
                ("pattern", Value::String(pattern)) => self.pattern(path, pattern),
                (word, Value::Array(list)) if SCHEMAS.contains(&word) => {
                    for (i, item) in list.iter().enumerate() {
                        self.schema(item, format!("{path}/{i}"), depth + 1);
                    }
                }
                (word, value) if SCHEMAS.contains(&word) => self.schema(value, path, depth + 1),
                (word, Value::Object(named)) if NAMED_SCHEMAS.contains(&word) => {
                    for (name, item) in named {
                        self.schema(item, format!("{path}/{}", escaped(name)), depth + 1);
                    }
                }
                (word, _) => self.misspelt.extend(misspelt(word, path)),
            }
        }
    }

    fn reference(&mut self, path: String, to: &str) {
        if self.references.len() == MAX_REFERENCES {
            self.overflow(path);
            return;
        }
        self.references.push((path, to.to_owned()));
    }

    fn pattern(&mut self, schema_path: String, pattern: &str) {
        if pattern.len() > MAX_PATTERN {
            let message = format!("a pattern has more than {MAX_PATTERN} bytes");
            self.refused.push(Refused { message, schema_path, hint: "write a shorter one" });
        }
    }

    fn overflow(&mut self, schema_path: String) {
        if !self.full {
            let message = format!(
                "the schema is larger than jibe reads: {MAX_SCHEMAS} schemas, {MAX_REFERENCES} references, \
                 {MAX_DEPTH} levels"
            );
            self.refused.push(Refused {
                message,
                schema_path,
                hint: "write it flatter or leave parts open",
            });
        }
        self.full = true;
    }
}

fn escaped(word: &str) -> String {
    word.replace('~', "~0").replace('/', "~1")
}

fn wrong_reference(root: &Value, ids: &BTreeSet<String>, path: &str, to: &str) -> Option<Refused> {
    let (file, fragment) = to.split_once('#').unwrap_or((to, ""));
    if !file.is_empty() && !ids.contains(file) {
        return Some(Refused {
            message: format!("the schema refers to `{to}`, which lies outside of its file"),
            schema_path: path.to_owned(),
            hint: "copy what it refers to into `$defs` of this file, and write `#/$defs/NAME`: nothing is fetched",
        });
    }
    let dangling = file.is_empty() && fragment.starts_with('/') && target(root, to).is_none();
    dangling.then(|| Refused {
        message: format!("the schema refers to `{to}`, which is not there"),
        schema_path: path.to_owned(),
        hint: "correct the name, or add it to the schema",
    })
}

fn target<'s>(root: &'s Value, to: &str) -> Option<&'s Value> {
    root.pointer(&to.strip_prefix('#')?.replace("%24", "$").replace("%25", "%").replace("%20", " "))
}

/// Counts how many rules judge one value; a reference counts what it leads to each time it is made.
struct Rules<'s> {
    root: &'s Value,
    known: BTreeMap<usize, u64>,
}

fn too_many_rules(root: &Value, survey: &Survey) -> Option<Refused> {
    let mut rules = Rules { root, known: BTreeMap::new() };
    let starts =
        survey.references.iter().filter_map(|(path, to)| Some((path.as_str(), target(root, to)?)));
    let worst = std::iter::once(("", root))
        .chain(starts)
        .find(|(_, schema)| rules.of(schema, 0) > MAX_RULES);
    worst.map(|(path, _)| Refused {
        message: format!("more than {MAX_RULES} rules of the schema judge one value"),
        schema_path: path.to_owned(),
        hint: "refer to each definition once instead of through several `allOf`, `anyOf` or `oneOf`",
    })
}

impl<'s> Rules<'s> {
    fn of(&mut self, schema: &'s Value, depth: usize) -> u64 {
        let address = std::ptr::from_ref(schema) as usize;
        if let Some(known) = self.known.get(&address) {
            return *known;
        }
        // A schema that leads back to itself judges a value once; a long chain counts as too many.
        self.known.insert(address, 0);
        let count = if depth > MAX_DEPTH * 10 { u64::MAX } else { self.count(schema, depth) };
        self.known.insert(address, count);
        count
    }

    fn count(&mut self, schema: &'s Value, depth: usize) -> u64 {
        let referred =
            schema.get("$ref").and_then(Value::as_str).and_then(|to| target(self.root, to));
        let beside = SAME_VALUE.iter().filter_map(|word| schema.get(word));
        let beside = beside.flat_map(|value| match value {
            Value::Array(schemas) => schemas.iter().collect::<Vec<_>>(),
            one => vec![one],
        });
        let again: Vec<&'s Value> = referred.into_iter().chain(beside).collect();
        again.into_iter().fold(1, |sum: u64, schema| sum.saturating_add(self.of(schema, depth + 1)))
    }
}
