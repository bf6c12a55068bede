//! Which lists of a chart's values merge, and by what: as its values schema says.

use super::schema::Parts;
use indexmap::IndexMap;
use indexmap::map::Entry;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the schema says about merging a list.
const LIST_TYPE: &str = "x-kubernetes-list-type";
/// By which keys the items of such a list are told apart.
const MAP_KEYS: &str = "x-kubernetes-list-map-keys";
/// How many parts of a schema are followed, so that a small schema cannot take long: parts that refer
/// to each other may hold in ever new combinations.
const MAX_PARTS: usize = 65_536;
/// Where the keyword is not followed to: what stands there holds for some values only.
const ALTERNATIVES: [&str; 11] = [
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "patternProperties",
    "dependentSchemas",
    "prefixItems",
    "contains",
    "unevaluatedProperties",
];

/// How the lists at a place merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rule {
    /// Item by item; those with equal values under these keys are the same one.
    Keyed(Vec<Arc<str>>),
    /// As a set: what is not there yet comes behind it.
    Union,
}

/// Something in a schema that says nothing useful about lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFault {
    /// Where in the schema, as a JSON pointer.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// The next step.
    pub hint: &'static str,
}

/// The places of a chart's values that lead to lists which merge; the first one is the root.
///
/// A graph, because schemas may refer to themselves.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Lists {
    spots: Vec<Spot>,
}

#[derive(Debug, PartialEq, Eq, Default)]
struct Spot {
    rule: Option<Rule>,
    /// The keys that are named; none where nothing below them merges.
    keys: BTreeMap<Arc<str>, Option<usize>>,
    others: Option<usize>,
    items: Option<usize>,
}

/// A place of the values below which lists may merge.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'l> {
    lists: &'l Lists,
    spot: usize,
}

impl<'l> At<'l> {
    fn spot(self) -> &'l Spot {
        &self.lists.spots[self.spot]
    }

    fn to(self, spot: Option<usize>) -> Option<Self> {
        spot.map(|spot| Self { spot, ..self })
    }

    /// How a list here merges; none if it is replaced.
    pub(super) fn rule(self) -> Option<&'l Rule> {
        self.spot().rule.as_ref()
    }

    /// Below a key.
    pub(super) fn key(self, name: &str) -> Option<Self> {
        let named = self.spot().keys.get(name).copied();
        self.to(named.unwrap_or(self.spot().others))
    }

    /// In the items of a list.
    pub(super) fn items(self) -> Option<Self> {
        self.to(self.spot().items)
    }
}

impl Lists {
    /// The lists that a schema wants merged, and what it says about lists that cannot be; none if
    /// there is neither.
    pub(super) fn declared_by(schema: &Value) -> (Option<Arc<Self>>, Vec<ListFault>) {
        if !says_so(schema) {
            return (None, Vec::new());
        }
        let mut reader = Reader { schema, known: IndexMap::new(), parts: 0, faults: Vec::new() };
        let spots = reader.spots();
        let lists = Self { spots: pruned(spots) };
        let root = lists.root().is_some();
        (root.then(|| Arc::new(lists)), reader.faults)
    }

    /// The root of the values.
    pub(super) fn root(&self) -> Option<At<'_>> {
        (!self.spots.is_empty()).then_some(At { lists: self, spot: 0 })
    }
}

/// Whether a part of a schema says anywhere how lists merge.
fn says_so(part: &Value) -> bool {
    match part {
        Value::Object(map) => map.iter().any(|(word, value)| match word.as_str() {
            LIST_TYPE | MAP_KEYS if !value.is_object() => true,
            // These hold values, not schemas.
            "default" | "const" | "enum" | "examples" => false,
            _ => says_so(value),
        }),
        Value::Array(parts) => parts.iter().any(says_so),
        _ => false,
    }
}

/// Whether a part says how a list merges, or anything of what is below it.
fn matters(part: &Value) -> bool {
    let words = [LIST_TYPE, MAP_KEYS, "properties", "additionalProperties", "items"];
    words.iter().chain(&ALTERNATIVES).any(|word| part.get(word).is_some())
}

struct Reader<'s> {
    schema: &'s Value,
    /// Places by the parts of the schema that hold for them.
    known: IndexMap<Vec<usize>, Parts<'s>>,
    /// How many parts these have together.
    parts: usize,
    faults: Vec<ListFault>,
}

impl<'s> Reader<'s> {
    fn spots(&mut self) -> Vec<Spot> {
        let mut spots = Vec::new();
        self.number(Parts::root(self.schema));
        while let Some((_, parts)) = self.known.get_index(spots.len()) {
            let parts = parts.clone();
            let rule = self.rule(&parts);
            let keys = parts.names().into_iter();
            let keys = keys.map(|name| (name.into(), self.number(parts.key(name)))).collect();
            let others = self.number(parts.other_keys());
            let items = self.number(parts.items());
            spots.push(Spot { rule, keys, others, items });
        }
        if self.parts >= MAX_PARTS {
            let message = "the schema tells too many places of values apart".to_owned();
            self.fault(self.schema, message, "let fewer parts refer to each other");
        }
        spots
    }

    /// The number of the place for which these parts hold.
    fn number(&mut self, parts: Parts<'s>) -> Option<usize> {
        if self.parts >= MAX_PARTS || !parts.iter().any(matters) {
            return None;
        }
        let entry = self.known.entry(parts.identity());
        let number = entry.index();
        if let Entry::Vacant(free) = entry {
            self.parts += parts.iter().count();
            free.insert(parts);
        }
        Some(number)
    }

    fn rule(&mut self, parts: &Parts<'s>) -> Option<Rule> {
        let mut found: Option<Rule> = None;
        for part in parts.iter() {
            self.refuse_alternatives(part);
            let Some(rule) = self.rule_of(part) else { continue };
            if found.as_ref().is_some_and(|found| *found != rule) {
                let message = "two parts of the schema want this list merged in different ways";
                self.fault(part, message.to_owned(), "let one of them say how");
            }
            found.get_or_insert(rule);
        }
        found
    }

    fn rule_of(&mut self, part: &'s Value) -> Option<Rule> {
        let keys = part.get(MAP_KEYS);
        let kind = part.get(LIST_TYPE);
        let names = keys.and_then(Value::as_array);
        let names: Option<Vec<Arc<str>>> =
            names.and_then(|names| names.iter().map(|name| name.as_str().map(Arc::from)).collect());
        match (kind.map(|kind| kind.as_str().unwrap_or_default()), keys, names) {
            (None, None, _) | (Some("atomic"), None, _) => None,
            (Some("set"), None, _) => Some(Rule::Union),
            (Some("map"), _, Some(names)) if !names.is_empty() => Some(Rule::Keyed(names)),
            (Some("map"), ..) => {
                let message = format!("`{LIST_TYPE}: map` needs `{MAP_KEYS}`, a list of names");
                let hint = "name the keys that tell the items apart, such as `[\"name\"]`";
                self.fault(part, message, hint);
                None
            }
            (Some("set" | "atomic") | None, Some(_), _) => {
                let message = format!("`{MAP_KEYS}` means nothing without `{LIST_TYPE}: map`");
                self.fault(part, message, "write `\"x-kubernetes-list-type\": \"map\"` beside it");
                None
            }
            (Some(_), ..) => {
                let shown = kind.map(ToString::to_string).unwrap_or_default();
                let message = format!("`{}` is no `{LIST_TYPE}`", shown.trim_matches('"'));
                self.fault(part, message, "write `map`, `set` or `atomic`");
                None
            }
        }
    }

    /// How a list merges cannot depend on what is in it.
    fn refuse_alternatives(&mut self, part: &'s Value) {
        for word in ALTERNATIVES {
            if let Some(inner) = part.get(word).filter(|inner| says_so(inner)) {
                let message = format!(
                    "`{LIST_TYPE}` below `{word}` says nothing: how a list merges cannot depend on what is in it"
                );
                self.fault(inner, message, "say it below `properties`, `additionalProperties`, `items`, `allOf` or what a `$ref` names");
            }
        }
    }

    fn fault(&mut self, part: &'s Value, message: String, hint: &'static str) {
        let pointer = pointer(self.schema, part).unwrap_or_default();
        let fault = ListFault { pointer, message, hint };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// Where in `whole` a part of it stands.
fn pointer(whole: &Value, part: &Value) -> Option<String> {
    if std::ptr::eq(whole, part) {
        return Some(String::new());
    }
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match whole {
        Value::Object(map) => map
            .iter()
            .find_map(|(name, inner)| Some(format!("/{}{}", escaped(name), pointer(inner, part)?))),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(at, inner)| Some(format!("/{at}{}", pointer(inner, part)?))),
        _ => None,
    }
}

/// The places without those below which nothing merges; empty if that is all of them.
fn pruned(spots: Vec<Spot>) -> Vec<Spot> {
    let mut leads: Vec<bool> = spots.iter().map(|spot| spot.rule.is_some()).collect();
    let mut callers: Vec<Vec<usize>> = vec![Vec::new(); spots.len()];
    for (from, spot) in spots.iter().enumerate() {
        let below = spot.keys.values().chain([&spot.others, &spot.items]);
        below.flatten().for_each(|to| callers[*to].push(from));
    }
    let mut open: Vec<usize> = (0..spots.len()).filter(|at| leads[*at]).collect();
    while let Some(at) = open.pop() {
        for from in &callers[at] {
            if !std::mem::replace(&mut leads[*from], true) {
                open.push(*from);
            }
        }
    }
    if leads.first() != Some(&true) {
        return Vec::new();
    }
    let mut numbers = leads.iter().scan(0, |next, leads| {
        let number = *next;
        *next += usize::from(*leads);
        Some(leads.then_some(number))
    });
    let numbers: Vec<Option<usize>> = numbers.by_ref().collect();
    let renumbered = |at: Option<usize>| at.and_then(|at| numbers[at]);
    let kept = spots.into_iter().zip(&leads).filter(|(_, leads)| **leads);
    kept.map(|(spot, _)| {
        let (others, items) = (renumbered(spot.others), renumbered(spot.items));
        let keys = spot.keys.into_iter().map(|(name, at)| (name, renumbered(at)));
        // A key that leads nowhere is kept where another one would lead on.
        let keys = keys.filter(|(_, at)| at.is_some() || others.is_some()).collect();
        Spot { rule: spot.rule, keys, others, items }
    })
    .collect()
}

#[cfg(test)]
mod tests;
