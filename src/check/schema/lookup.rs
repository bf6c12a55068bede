//! What a schema says about the node at a path: which keys it may have, and whether it is secret.

use super::{Path, Step};
use serde_json::Value;
use std::collections::{BTreeSet, VecDeque};

/// How many schemas are looked at for one answer; answers only help, so a huge schema may cost some.
const MAX_LOOKED_AT: usize = 20_000;
/// Keywords under which further schemas judge the same node.
const BESIDE: [&str; 6] = ["allOf", "anyOf", "oneOf", "then", "else", "if"];

/// The schemas that judge one node.
pub(super) type Views<'s> = Vec<&'s Value>;

/// The schemas that judge the node at a path.
pub(super) fn views_at<'s>(root: &'s Value, path: &Path) -> Views<'s> {
    let start = beside(root, vec![root]);
    path.steps().iter().fold(start, |views, step| inside(root, &views, step))
}

/// Every schema that judges what the given ones judge: references followed, alternatives included.
fn beside<'s>(root: &'s Value, given: Views<'s>) -> Views<'s> {
    let mut seen = BTreeSet::new();
    let mut todo: VecDeque<&Value> = given.into();
    let mut found = Vec::new();
    while let Some(schema) = todo.pop_front() {
        if found.len() == MAX_LOOKED_AT || !seen.insert(std::ptr::from_ref(schema) as usize) {
            continue;
        }
        found.push(schema);
        todo.extend(target(root, schema));
        for word in BESIDE {
            match schema.get(word) {
                Some(Value::Array(schemas)) => todo.extend(schemas),
                Some(one) => todo.push_back(one),
                None => {}
            }
        }
    }
    found
}

/// What a local reference leads to.
fn target<'s>(root: &'s Value, schema: &Value) -> Option<&'s Value> {
    root.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

fn inside<'s>(root: &'s Value, views: &Views<'s>, step: &Step) -> Views<'s> {
    beside(root, views.iter().filter_map(|schema| child(schema, step)).collect())
}

fn child<'s>(schema: &'s Value, step: &Step) -> Option<&'s Value> {
    match step {
        Step::Key(name) => {
            let named = schema.get("properties").and_then(|properties| properties.get(&**name));
            named.or_else(|| schema.get("additionalProperties").filter(|rest| rest.is_object()))
        }
        Step::Index(index) => {
            let placed = schema.get("prefixItems").and_then(|items| items.get(index));
            placed.or_else(|| schema.get("items").filter(|items| items.is_object()))
        }
    }
}

/// The keys that the node at a path may have, in the order of the schema.
pub(super) fn known_keys<'s>(root: &'s Value, path: &Path) -> Vec<&'s str> {
    let views = views_at(root, path);
    let maps = views.iter().filter_map(|schema| schema.get("properties")?.as_object());
    maps.flat_map(|map| map.keys().map(String::as_str)).collect()
}

/// Whether the schema marks the value at a path, or anything it lies in, as secret.
pub(super) fn is_marked_secret(root: &Value, path: &Path) -> bool {
    let marked = |views: &Views<'_>| {
        let is = |schema: &Value, word| schema.get(word) == Some(&Value::Bool(true));
        views.iter().any(|schema| is(schema, "x-jibe-sensitive") || is(schema, "writeOnly"))
    };
    let mut views = beside(root, vec![root]);
    for step in path.steps() {
        if marked(&views) {
            return true;
        }
        views = inside(root, &views, step);
    }
    marked(&views)
}

/// Where a key that `path` may not have would be at home: the place nearest to it in the same part of
/// the document, as in `spec.template.spec.containers`.
pub(super) fn home(root: &Value, path: &Path, key: &str) -> Option<String> {
    let here: Vec<String> = path.steps().iter().filter_map(name).collect();
    let homes = homes(root, key).into_iter().filter(|home| match here.first() {
        Some(first) => home.first() == Some(first),
        None => home.len() <= 3,
    });
    let near = homes.min_by_key(|home| {
        let same = |(a, b): &(&String, &String)| a.trim_end_matches("[]") == b.as_str();
        let common = home.iter().zip(&here).take_while(same).count();
        (home.len() + here.len() - 2 * common, home.len())
    })?;
    Some(near.iter().map(String::as_str).chain([key]).collect::<Vec<_>>().join("."))
}

fn name(step: &Step) -> Option<String> {
    match step {
        Step::Key(name) => Some(name.to_string()),
        Step::Index(_) => None,
    }
}

/// The objects that know a key, by the names that lead to them, `containers[]` for the items of a list.
/// In each part of the document every type counts once, by its shortest way.
fn homes(root: &Value, key: &str) -> Vec<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut todo = VecDeque::from([(Vec::new(), root)]);
    let mut found: Vec<Vec<String>> = Vec::new();
    while let Some((way, schema)) = todo.pop_front() {
        if seen.len() == MAX_LOOKED_AT {
            break;
        }
        for schema in beside(root, vec![schema]) {
            if !seen.insert((way.first().cloned(), std::ptr::from_ref(schema) as usize)) {
                continue;
            }
            todo.extend(schema.get("items").map(|items| (of_items(&way), items)));
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
                continue;
            };
            if properties.contains_key(key) {
                found.push(way.clone());
            }
            let named = |(name, schema)| {
                (way.iter().cloned().chain([String::clone(name)]).collect(), schema)
            };
            todo.extend(properties.iter().map(named));
        }
    }
    found
}

fn of_items(way: &[String]) -> Vec<String> {
    let mut way = way.to_vec();
    if let Some(last) = way.last_mut() {
        last.push_str("[]");
    }
    way
}
