//! What a custom resource's schema says besides JSON Schema: defaults, what is dropped, how lists are told apart, rules.
//!
//! `Node (structural schema, free of faults)  --Structure::read-->  Structure, its rules compiled`
//!
//! Promise: a rule that a server would refuse to store is reported at its place, with the reason; the others are ready
//! to run. Judges no object.

mod declare;
mod defaults;
mod rules;
pub mod value;

pub use rules::{Reason, Rule, RuleMessage};

use super::definition::Reader;
use super::lists::ListType;
use crate::cel::{Budget, Declared, is_reserved};
use crate::yaml::{Node, Value as Yaml};
use indexmap::IndexMap;
use rules::Around;
use std::sync::Arc;

/// Whether a map is an object with `apiVersion`, `kind` and metadata of its own, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// An object of its own.
    Resource,
    /// A part of one.
    Part,
}

/// A schema of a custom resource, or of a part of it.
#[derive(Debug, Default)]
pub struct Structure {
    /// The type; none for int-or-string and for what takes anything.
    pub kind: Option<Kind>,
    /// The fields that an object has, in the order of the schema.
    pub fields: IndexMap<Arc<str>, Structure>,
    /// What a list's items are.
    pub items: Option<Box<Structure>>,
    /// What a map's values are.
    pub values: Option<Box<Structure>>,
    /// Whether fields stay that the schema does not know.
    pub keeps_unknown: bool,
    /// Whether it is an integer or a string.
    pub is_int_or_string: bool,
    /// Whether it is an object with its own `apiVersion`, `kind` and metadata.
    pub is_resource: bool,
    /// Whether null is a value.
    pub is_nullable: bool,
    /// What stands for it when it is absent.
    pub default: Option<Node>,
    /// How the items of a list are told apart.
    pub list: Option<ListType>,
    /// The fields that tell the items of a [`ListType::Map`] apart.
    pub keys: Vec<String>,
    /// The format of a string.
    pub format: String,
    /// The rules that it says of its values.
    pub rules: Vec<Rule>,
    /// Whether it, or a part of it, says something that JSON Schema cannot say: rules or list types.
    pub says_more: bool,
    /// Whether it, or a part of it, has a default.
    pub has_defaults: bool,
    /// Whether it is a resource of which a server drops `status` when it is made.
    pub drops_status: bool,
}

/// A type of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A list.
    Array,
    /// `true` or `false`.
    Boolean,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// A map, with known fields or not.
    Object,
    /// A string.
    String,
}

impl Structure {
    /// What a map of this schema is, where it would be of `level` by its place.
    #[must_use]
    pub fn level(&self, level: Level) -> Level {
        if self.is_resource { Level::Resource } else { level }
    }

    /// Reads the schema of a resource. Faults of rules go to the reader; such rules are left out.
    pub(super) fn read(root: &Node, reader: &mut Reader<'_>) -> Structure {
        let mut costs = Costs::default();
        let around = Around { times: Some(1), is_root: true, ..Around::default() };
        let (structure, _) = part(root, &around, &mut costs, reader);
        rules::check_total(root, costs.rules, reader);
        structure
    }
}

/// What the rules of a definition cost.
#[derive(Default)]
struct Costs {
    /// All of them by their estimates.
    rules: u64,
    /// What the rules over defaults may still cost.
    defaults: Budget,
}

/// A schema and what is declared of its values, if expressions can see them.
fn part(
    node: &Node,
    around: &Around,
    costs: &mut Costs,
    reader: &mut Reader<'_>,
) -> (Structure, Option<Declared>) {
    let mut structure = plain(node);
    let mut inner = declare::Parts::default();
    let below = around.below(node, &structure);
    if let Some(fields) = node.get("properties").and_then(Node::as_map) {
        for (name, field) in fields {
            let step = format!(".properties.{}", name.name);
            let (field, declared) =
                reader.within(step, |reader| part(field, &below, costs, reader));
            inner.fields.extend(declared.map(|declared| (name.name.to_string(), declared)));
            structure.fields.insert(Arc::clone(&name.name), field);
        }
    }
    if let Some(items) = node.get("items").filter(|items| items.as_map().is_some()) {
        let (items, declared) =
            reader.within(".items", |reader| part(items, &below, costs, reader));
        inner.inner = declared;
        structure.items = Some(Box::new(items));
    }
    if let Some(values) = node.get("additionalProperties").filter(|it| it.as_map().is_some()) {
        let (values, declared) =
            reader.within(".additionalProperties", |reader| part(values, &below, costs, reader));
        inner.inner = declared;
        structure.values = Some(Box::new(values));
    }
    let level = if around.is_root { Level::Resource } else { Level::Part };
    let declared = declare::declare(node, &structure, inner, level);
    structure.rules = rules::read(node, declared.as_ref(), around, &mut costs.rules, reader);
    sum_up(&mut structure);
    defaults::check(node, &structure, &mut costs.defaults, reader);
    (structure, declared)
}

/// What a schema says by itself, without its parts.
fn plain(node: &Node) -> Structure {
    let text = |word: &str| node.get(word).and_then(Node::as_str).unwrap_or_default();
    let flag = |word: &str| {
        let scalar = node.get(word).and_then(Node::as_scalar);
        scalar.is_some_and(|scalar| scalar.value == Yaml::Bool(true))
    };
    let keys = node.get("x-kubernetes-list-map-keys").and_then(Node::as_list).unwrap_or_default();
    Structure {
        kind: kind(text("type")),
        keeps_unknown: flag("x-kubernetes-preserve-unknown-fields"),
        is_int_or_string: flag("x-kubernetes-int-or-string"),
        is_resource: flag("x-kubernetes-embedded-resource"),
        is_nullable: flag("nullable"),
        default: node.get("default").filter(|default| !default.is_null()).cloned(),
        list: match text("x-kubernetes-list-type") {
            "map" => Some(ListType::Map),
            "set" => Some(ListType::Set),
            "atomic" => Some(ListType::Atomic),
            _ => None,
        },
        keys: keys.iter().filter_map(Node::as_str).map(str::to_owned).collect(),
        format: text("format").to_owned(),
        ..Structure::default()
    }
}

fn sum_up(structure: &mut Structure) {
    let parts = || {
        let boxed = structure.items.iter().chain(&structure.values).map(|part| &**part);
        structure.fields.values().chain(boxed)
    };
    let is_told_apart = matches!(structure.list, Some(ListType::Map | ListType::Set));
    let says_more =
        is_told_apart || !structure.rules.is_empty() || parts().any(|part| part.says_more);
    let has_defaults = parts().any(|part| part.default.is_some() || part.has_defaults);
    (structure.says_more, structure.has_defaults) = (says_more, has_defaults);
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "array" => Kind::Array,
        "boolean" => Kind::Boolean,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "object" => Kind::Object,
        "string" => Kind::String,
        _ => return None,
    })
}

/// The name that expressions call a field: `namespace` is `__namespace__`, a dash is `__dash__`. `None` for a name that
/// they cannot say.
#[must_use]
pub fn escaped(name: &str) -> Option<String> {
    if is_reserved(name) {
        return Some(format!("__{name}__"));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(plain)
    {
        return None;
    }
    // Only a dash, dot or slash, or two underscores, ask for escapes at all.
    let mut out = String::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let (escape, length) = match first {
            '_' if rest.starts_with("__") => ("__underscores__", 2),
            '.' => ("__dot__", 1),
            '-' => ("__dash__", 1),
            '/' => ("__slash__", 1),
            _ => (&rest[..1], 1),
        };
        out.push_str(escape);
        rest = &rest[length..];
    }
    Some(out)
}
