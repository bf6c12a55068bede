//! What a schema says about the node at a path: which keys it may have, and whether it is secret.

use super::patterns::Patterns;
use super::{Path, Step};
use crate::yaml::{Data, Node};
use serde_json::Value;
use std::collections::{BTreeSet, VecDeque};

/// How many schemas are looked at for one answer; answers only help, so a huge schema may cost some.
const MAX_LOOKED_AT: usize = 20_000;
/// How many maps and lists without a name of their own may lie around a marked value.
const MAX_NAMELESS: usize = 16;
/// Keywords under which further schemas judge the same node.
const BESIDE: [&str; 6] = ["allOf", "anyOf", "oneOf", "then", "else", "if"];

/// The schemas that judge one node.
pub(super) type Views<'s> = Vec<&'s Value>;

/// The schemas that judge the node at a path.
pub(super) fn views_at<'s>(root: &'s Value, path: &Path) -> Views<'s> {
    let start = beside(root, vec![root]);
    let patterns = Patterns::default();
    path.steps().iter().fold(start, |views, step| inside(root, &views, step, Some(&patterns)))
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
        let dependent = schema.get("dependentSchemas").and_then(Value::as_object);
        todo.extend(dependent.into_iter().flat_map(|map| map.values()));
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

/// What a local reference leads to: a pointer, an anchor, or the `$id` of a part.
fn target<'s>(root: &'s Value, schema: &Value) -> Option<&'s Value> {
    let reference = schema.get("$ref").or_else(|| schema.get("$dynamicRef"))?.as_str()?;
    let (base, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let is_called = |schema: &&Value, word, name: &str| {
        schema.get(word).and_then(Value::as_str).is_some_and(|known| known == name)
    };
    let root = match base {
        "" => root,
        base => parts(root).into_iter().find(|part| is_called(part, "$id", base))?,
    };
    if fragment.is_empty() || fragment.starts_with('/') {
        return root.pointer(fragment);
    }
    let anchors = ["$anchor", "$dynamicAnchor"];
    let is_anchor = |part: &&Value| anchors.iter().any(|word| is_called(part, word, fragment));
    parts(root).into_iter().find(is_anchor)
}

/// All parts of a schema's text, itself included.
fn parts(root: &Value) -> Vec<&Value> {
    let mut found = vec![root];
    let mut at = 0;
    while let Some(part) = found.get(at).copied() {
        at += 1;
        match part {
            Value::Object(map) => found.extend(map.values()),
            Value::Array(items) => found.extend(items),
            _ => {}
        }
    }
    found
}

fn inside<'s>(
    root: &'s Value,
    views: &Views<'s>,
    step: &Step,
    patterns: Option<&Patterns>,
) -> Views<'s> {
    beside(root, views.iter().flat_map(|schema| children(schema, step, patterns)).collect())
}

/// The schemas that judge what a step leads to; without `patterns` its key may be any.
fn children<'s>(schema: &'s Value, step: &Step, patterns: Option<&Patterns>) -> Vec<&'s Value> {
    let of = |word| schema.get(word).filter(|rest: &&Value| rest.is_object());
    match step {
        Step::Key(name) => {
            let named = schema.get("properties").and_then(|properties| properties.get(&**name));
            let listed = schema.get("patternProperties").and_then(Value::as_object);
            let fits = |pattern| patterns.is_none_or(|patterns| patterns.fits(pattern, name));
            let fitting = listed.into_iter().flatten().filter(|(pattern, _)| fits(pattern));
            let own: Vec<_> = named.into_iter().chain(fitting.map(|(_, part)| part)).collect();
            if !own.is_empty() && patterns.is_some() {
                return own;
            }
            let rest = of("additionalProperties").or_else(|| of("unevaluatedProperties"));
            own.into_iter().chain(rest.filter(|_| named.is_none())).collect()
        }
        Step::Index(index) => {
            let items = |word| schema.get(word).and_then(|items| items.get(index));
            let placed = items("prefixItems").or_else(|| items("items"));
            let rest = || of("items").or_else(|| of("additionalItems").or(of("unevaluatedItems")));
            placed.or_else(rest).into_iter().chain(of("contains")).collect()
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
pub(super) fn is_marked_secret(root: &Value, path: &Path, document: &Node) -> bool {
    let mut views = beside(root, vec![root]);
    let mut node = Some(document);
    let patterns = Patterns::default();
    for step in path.steps() {
        if is_marked(&views) {
            return true;
        }
        views = inside(root, &views, step, Some(&patterns));
        node = node.and_then(|node| step.from(node));
    }
    is_marked(&views) || node.is_some_and(|node| stands_for_marked(root, &views, node))
}

/// Whether a scalar stands where a map or list with secrets is expected: it may be one of them.
fn stands_for_marked<'s>(root: &'s Value, views: &Views<'s>, node: &Node) -> bool {
    if node.as_scalar().is_none() {
        return false;
    }
    let mut seen = BTreeSet::new();
    let mut todo = views.clone();
    while let Some(schema) = todo.pop() {
        if !seen.insert(std::ptr::from_ref(schema) as usize) {
            continue;
        }
        let all: Vec<&Value> = parts(schema);
        if is_marked(&all) {
            return true;
        }
        todo.extend(all.into_iter().filter_map(|part| target(root, part)));
    }
    false
}

const MARKS: [&str; 2] = ["x-jibe-sensitive", "writeOnly"];

fn is_marked(views: &[&Value]) -> bool {
    let is = |schema: &Value, word| schema.get(word) == Some(&Value::Bool(true));
    views.iter().any(|schema| MARKS.iter().any(|word| is(schema, *word)))
}

/// Whether a part is marked, or an item or key of any name below it.
fn marks_nameless(schema: &Value, part: &Value) -> bool {
    let mut views = beside(schema, vec![part]);
    for _ in 0..MAX_NAMELESS {
        if is_marked(&views) {
            return true;
        }
        let steps = [Step::Index(0), Step::Key("".into())];
        let below = steps.iter().flat_map(|step| inside(schema, &views, step, None));
        views = beside(schema, below.collect());
        if views.is_empty() {
            return false;
        }
    }
    is_marked(&views)
}

/// What a schema marks as secret: with `writeOnly: true` or `x-jibe-sensitive: true`.
pub struct Marks;

impl Marks {
    /// Whether it marks anything.
    #[must_use]
    pub fn any(schema: &Value) -> bool {
        parts(schema).iter().any(|part| is_marked(&[part]))
    }

    /// The keys of properties that are marked, or whose items are, wherever they stand.
    #[must_use]
    pub fn names(schema: &Value) -> Vec<&str> {
        Self::keys(schema, "properties")
    }

    /// The same of the patterns of `patternProperties`.
    #[must_use]
    pub fn patterns(schema: &Value) -> Vec<&str> {
        Self::keys(schema, "patternProperties")
    }

    /// The keys of all maps of schemas under `word` whose schemas mark something.
    fn keys<'s>(schema: &'s Value, word: &str) -> Vec<&'s str> {
        let all = parts(schema);
        let maps = all.iter().filter_map(|part| part.get(word)?.as_object());
        // Items and keys of any name are marked below the last key that has a name.
        let named = maps.flatten().filter(|(_, part)| marks_nameless(schema, part));
        named.map(|(name, _)| name.as_str()).collect()
    }

    /// Whether keys are marked that no key with a name lies above: only patterns say what they are called.
    #[must_use]
    pub fn nameless(schema: &Value) -> bool {
        marks_nameless(schema, schema)
    }

    /// The marked values within `root`, with all that they hold.
    #[must_use]
    pub fn paths(schema: &Value, root: &Node) -> Vec<Path> {
        let mut found = Vec::new();
        let mut open = vec![(Path::default(), root, beside(schema, vec![schema]))];
        let patterns = Patterns::default();
        while let Some((path, node, views)) = open.pop() {
            if is_marked(&views) || stands_for_marked(schema, &views, node) {
                found.push(path);
                continue;
            }
            let steps: Vec<(Step, &Node)> = match &node.data {
                _ if views.is_empty() => Vec::new(),
                Data::Map(map) => {
                    map.iter().map(|(key, node)| (Step::Key(key.name.clone()), node)).collect()
                }
                Data::List(items) => {
                    items.iter().enumerate().map(|(at, node)| (Step::Index(at), node)).collect()
                }
                Data::Scalar(_) => Vec::new(),
            };
            for (step, node) in steps.into_iter().rev() {
                let views = inside(schema, &views, &step, Some(&patterns));
                open.push((path.then(step), node, views));
            }
        }
        found
    }
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
