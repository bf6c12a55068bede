//! The rows of the table: what the defaults set, what the schema declares, what comments say.

use super::comments::comment;
use super::schema::Said;
use crate::chart::Chart;
use crate::check::{Sensitive, keep_secret, scalars};
use crate::source::{Files, Secrets};
use crate::values::{self, REFERENCE};
use crate::yaml::{self, Data, Key, Map, Node};
use serde_json::Value;

/// How deep values may lie within each other to have rows of their own.
const MAX_DEPTH: usize = 16;
/// How many rows a table has at most; a schema that holds itself has no end.
const MAX_ROWS: usize = 5_000;

/// One value of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The keys that lead to it, dots between them; `[]` stands for the items of a list.
    pub path: String,
    /// What it may be, in words: by the schema, or else what its default is.
    pub kind: String,
    /// What it is if nobody sets it; none if it is not set, or is sensitive.
    pub default: Option<Value>,
    /// Whether the default is a reference to other values; then it is the reference's expression.
    pub is_reference: bool,
    /// Whether the schema says that nobody may see it, a part of it, or what it repeats.
    pub is_sensitive: bool,
    /// Whether the schema demands it.
    pub is_required: bool,
    /// What it is for: by the schema, or else by the comment in values.yaml.
    pub description: String,
}

/// A row for each value that a chart's defaults set or its schema declares, in the order of
/// values.yaml, then of the schema. A map has a row of its own if there is something to say about it.
#[must_use]
pub fn rows(chart: &Chart, files: &Files) -> Vec<Row> {
    let schema = chart.schema.as_ref().map_or(&Value::Null, |schema| &*schema.json);
    let hidden = Hidden::of(chart);
    let mut walk = Walk { files, hidden: &hidden, rows: Vec::new(), open: Vec::new() };
    walk.below("", chart.defaults.root(), &Said::of(schema, schema));
    walk.rows
}

/// The defaults that are not shown.
struct Hidden<'n> {
    scalars: Vec<&'n Node>,
    texts: Secrets,
}

impl<'n> Hidden<'n> {
    fn of(chart: &'n Chart) -> Self {
        let marks = chart.schema.as_ref().and_then(|schema| Sensitive::of(&schema.json));
        let scalars = marks.zip(chart.defaults.root()).map(|(marks, root)| marks.among(root));
        let (scalars, texts) = (scalars.unwrap_or_default(), Secrets::default());
        scalars.iter().for_each(|scalar| keep_secret(scalar, &texts));
        Self { scalars, texts }
    }

    /// Whether a default holds one of them, or what one of them says.
    fn is_in(&self, node: &Node) -> bool {
        let is_one = |scalar: &Node| self.scalars.iter().any(|one| std::ptr::eq(*one, scalar));
        let says = |scalar: &Node| scalar.as_str().is_some_and(|text| self.texts.are_in(text));
        !self.scalars.is_empty()
            && scalars(node).into_iter().any(|scalar| is_one(scalar) || says(scalar))
    }
}

struct Walk<'w> {
    files: &'w Files,
    hidden: &'w Hidden<'w>,
    rows: Vec<Row>,
    /// What the schema says about the maps on the way.
    open: Vec<Said<'w>>,
}

impl<'w> Walk<'w> {
    /// Adds the rows of the keys below a map.
    fn below(&mut self, path: &str, defaults: Option<&Node>, said: &Said<'w>) {
        self.open.push(said.clone());
        let set = defaults.and_then(Node::as_map);
        for (key, node) in set.into_iter().flatten() {
            let about = said.property(&key.name);
            let is_required = said.requires(&key.name);
            self.value(&joined(path, &key.name), Some((key, node)), (&about, is_required));
        }
        let is_new = |name: &&str| set.is_none_or(|map| !map.contains_key(*name));
        for name in said.properties().into_iter().filter(is_new) {
            let about = said.property(name);
            self.value(&joined(path, name), None, (&about, said.requires(name)));
        }
        self.open.pop();
    }

    fn value(
        &mut self,
        path: &str,
        set: Option<(&Key, &Node)>,
        (said, is_required): (&Said<'w>, bool),
    ) {
        let node = set.map(|(_, node)| node);
        let described = said.description().or_else(|| {
            let (key, node) = set?;
            comment(&self.files.source(key.place.file), key, node)
        });
        let has_more = self.has_more(node, said);
        if self.rows.len() < MAX_ROWS && (!has_more || described.is_some()) {
            let is_hidden = !has_more && node.is_some_and(|node| self.hidden.is_in(node));
            let is_sensitive = said.is_sensitive() || is_hidden;
            let default = node.filter(|_| !has_more && !is_sensitive);
            let is_reference = default.and_then(Node::as_scalar).is_some_and(values::is_reference);
            self.rows.push(Row {
                path: path.to_owned(),
                kind: said.kind().unwrap_or_else(|| kind_of(node).to_owned()),
                default: default.map(|node| match is_reference {
                    true => yaml::to_json(node),
                    false => yaml::to_json(&tagged(node)),
                }),
                is_reference,
                is_sensitive,
                is_required: is_required && !has_more,
                description: self.hidden.texts.mask(&described.unwrap_or_default()).into_owned(),
            });
        }
        let items = said.items();
        if has_more {
            self.below(path, node, said);
        } else if self.has_more(None, &items) {
            self.below(&format!("{path}[]"), None, &items);
        }
    }

    /// Whether there are values below this one that have rows of their own.
    fn has_more(&self, node: Option<&Node>, said: &Said<'w>) -> bool {
        let is_full = self.rows.len() >= MAX_ROWS || self.open.len() >= MAX_DEPTH;
        let entries = node.and_then(Node::as_map).map_or(0, |map| map.len());
        let is_map = node.is_none_or(|node| node.as_map().is_some() || node.is_null());
        let is_declared = is_map && !said.properties().is_empty() && !said.is_among(&self.open);
        !is_full && (entries > 0 || is_declared)
    }
}

/// A path with one more key.
fn joined(path: &str, key: &str) -> String {
    let mut joined = path.to_owned();
    yaml::push_key(&mut joined, key);
    joined
}

fn tagged(node: &Node) -> Node {
    match &node.data {
        Data::Scalar(scalar) if values::is_reference(scalar) => {
            Node::string(format!("{REFERENCE} {}", scalar.text), node.place)
        }
        Data::Scalar(_) => node.clone(),
        Data::List(items) => Node::list(items.iter().map(tagged).collect(), node.place),
        Data::Map(map) => {
            let entries = map.iter().map(|(key, node)| (key.clone(), tagged(node)));
            Node::map(entries.collect::<Map>(), node.place)
        }
    }
}

fn kind_of(node: Option<&Node>) -> &'static str {
    let Some(node) = node else { return "" };
    match &node.data {
        Data::Map(_) => "map",
        Data::List(_) => "list",
        Data::Scalar(scalar) => match scalar.value {
            // Nobody knows what a reference becomes.
            _ if values::is_reference(scalar) => "",
            yaml::Value::Null => "",
            yaml::Value::Bool(_) => "`true` or `false`",
            yaml::Value::Int(_) | yaml::Value::Uint(_) => "integer",
            yaml::Value::Float(_) => "number",
            yaml::Value::String => "string",
        },
    }
}
