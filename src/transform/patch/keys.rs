//! Which lists are merged by which keys.
//!
//! Source: the OpenAPI definitions of Kubernetes 1.21.2 that kustomize 5 holds, reduced to what leads to a merged list;
//! or OpenAPI definitions and custom resource definitions of the user's; or what a Kubernetes version serves.

use super::meaning::Meaning;
use crate::api::{Form, Shapes, Version};
use crate::transform::Scopes;
use crate::yaml::Node;
use foldhash::fast::RandomState;
use indexmap::{Equivalent, IndexMap};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

const KUSTOMIZE: &str = include_str!("../../../schema/kustomize/merge-keys.tsv");

/// The extension that says which kinds a definition or a path is for.
const KIND: &str = "x-kubernetes-group-version-kind";

/// What is known about the lists of each kind of object.
#[derive(Debug, Clone)]
pub struct MergeKeys {
    shapes: Vec<Shape>,
    /// By `apiVersion` and `kind`.
    kinds: IndexMap<(Arc<str>, Arc<str>), At, RandomState>,
    /// The definitions that others may refer to.
    definitions: BTreeMap<Arc<str>, At>,
    scopes: Arc<Scopes>,
}

/// A kind as it is looked for.
#[derive(Hash)]
struct KindOf<'a>(&'a str, &'a str);

impl Equivalent<(Arc<str>, Arc<str>)> for KindOf<'_> {
    fn equivalent(&self, (api_version, kind): &(Arc<str>, Arc<str>)) -> bool {
        *self.0 == **api_version && *self.1 == **kind
    }
}

/// What is known about the value at some place of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At(usize);

/// A place of which is known that nothing below it is merged by a key.
const PLAIN: At = At(0);

/// How a schema says by which keys a list is merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// By the strategy of a patch.
    OpenApi,
    /// By the type of the list.
    CustomResource,
}

/// What tells the elements of a merged list apart.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    /// The fields, none for a set of scalars.
    pub(super) names: Vec<Arc<str>>,
    dialect: Dialect,
    /// What the server fills in where it is not given.
    defaults: BTreeMap<Arc<str>, Meaning>,
}

impl Keys {
    /// Of a built-in kind. The ports of containers and of services are the only such lists with a default among their keys:
    /// the published schemas say `default: TCP` of their `protocol`.
    fn built_in(names: Vec<Arc<str>>) -> Self {
        let protocol = names.iter().find(|name| &***name == "protocol").cloned();
        let tcp = Meaning::Text("TCP".into());
        let defaults = protocol.map(|name| (name, tcp)).into_iter().collect();
        Self { names, dialect: Dialect::OpenApi, defaults }
    }

    /// Of the schema of a list in a custom resource definition.
    fn custom(names: Vec<Arc<str>>, schema: &Node) -> Self {
        let default = |name: &Arc<str>| {
            let default = schema.at(&["items", "properties", name, "default"])?;
            Some((Arc::clone(name), Meaning::of(default)?))
        };
        let defaults = names.iter().filter_map(default).collect();
        Self { names, dialect: Dialect::CustomResource, defaults }
    }

    /// What an element has under a key, or would have by its default; none for neither.
    ///
    /// An empty text is none in a built-in kind, as servers do not tell the two apart there.
    pub(super) fn value(&self, item: &Node, key: &str) -> Option<Meaning> {
        let is_given = |own: &Meaning| match (own, self.dialect) {
            (Meaning::Text(text), Dialect::OpenApi) => !text.is_empty(),
            _ => true,
        };
        let own = item.get(key).and_then(Meaning::of).filter(is_given);
        own.or_else(|| self.defaults.get(key).cloned())
    }
}

#[derive(Debug, Clone, Default)]
struct Shape {
    fields: BTreeMap<Arc<str>, At>,
    /// What the fields are that are not listed; none if they are not known.
    others: Option<At>,
    element: Option<At>,
    /// Of a list that is merged.
    keys: Option<Keys>,
}

/// Nothing is known about any kind.
impl Default for MergeKeys {
    fn default() -> Self {
        let plain = Shape { others: Some(PLAIN), element: Some(PLAIN), ..Shape::default() };
        let (kinds, definitions, scopes) = Default::default();
        Self { shapes: vec![plain], kinds, definitions, scopes }
    }
}

impl MergeKeys {
    /// Those that kustomize holds.
    #[must_use]
    pub fn of_kustomize() -> Arc<Self> {
        static KEYS: OnceLock<Arc<MergeKeys>> = OnceLock::new();
        Arc::clone(KEYS.get_or_init(|| Arc::new(Self::read_table())))
    }

    /// Those of the kinds that a Kubernetes version serves itself.
    #[must_use]
    pub fn of_kubernetes(version: Version) -> Self {
        let all = Shapes::of_all(version);
        let mut keys = Self::default();
        for _ in &all.shapes {
            keys.add(Shape { others: Some(PLAIN), ..Shape::default() });
        }
        for (position, own) in all.shapes.iter().enumerate() {
            for (name, form) in own.fields().filter(|(_, form)| **form != Form::Scalar) {
                let at = keys.of_form(form);
                if let Some(by) = own.merged_by(name) {
                    let by = by.iter().map(|key| (*key).into()).collect();
                    keys.shapes[at.0].keys = Some(Keys::built_in(by));
                }
                keys.shapes[of_type(position).0].fields.insert(name.into(), at);
            }
        }
        for (api_version, kind, position) in all.kinds {
            keys.kinds.insert((api_version.into(), kind.into()), of_type(position));
        }
        keys
    }

    fn of_form(&mut self, form: &Form) -> At {
        match form {
            Form::Scalar => PLAIN,
            Form::Object(position) => of_type(*position),
            Form::List(item) => {
                let element = Some(self.of_form(item));
                self.add(Shape { element, ..Shape::default() })
            }
            Form::Map(value) => {
                let others = Some(self.of_form(value));
                self.add(Shape { others, ..Shape::default() })
            }
        }
    }

    /// Adds those of OpenAPI definitions, the document that `openapi.path` of a kustomization names; they may refer to the
    /// ones that are there. And what its `paths` say about the namespaces of kinds.
    ///
    /// Takes `definitions` with their `properties`, `items`, `$ref`, `additionalProperties`,
    /// `x-kubernetes-group-version-kind`, `x-kubernetes-patch-strategy`, `x-kubernetes-patch-merge-key` and
    /// `x-kubernetes-list-map-keys`; anything else says nothing about lists.
    pub fn add_openapi(&mut self, document: &Node) {
        self.scopes = Arc::new(scopes_of(document));
        let Some(definitions) = document.get("definitions").and_then(Node::as_map) else { return };
        for key in definitions.keys() {
            let at = self.add(Shape::default());
            self.definitions.insert(short(&key.name).into(), at);
        }
        for (name, definition) in definitions {
            let at = self.definitions[short(&name.name)];
            self.shapes[at.0] = self.shape_of(definition, Dialect::OpenApi);
            for kind in kinds_of(definition) {
                self.kinds.insert(kind, at);
            }
        }
    }

    /// Adds what a custom resource definition says about its lists: `x-kubernetes-list-type: map` with its keys and their
    /// `default`, and `set`. kustomize does not read these; the API server merges by them.
    pub fn add_custom_resource(&mut self, definition: &Node) {
        let text = |path: &[&str]| definition.at(path).and_then(Node::as_str);
        let Some(kind) = text(&["spec", "names", "kind"]) else { return };
        let Some(group) = text(&["spec", "group"]) else { return };
        let versions = definition.at(&["spec", "versions"]).and_then(Node::as_list);
        for version in versions.unwrap_or_default() {
            let Some(name) = version.get("name").and_then(Node::as_str) else { continue };
            let Some(schema) = version.at(&["schema", "openAPIV3Schema"]) else { continue };
            let mut shape = self.shape_of(schema, Dialect::CustomResource);
            if let Some(metadata) = self.metadata() {
                shape.fields.insert("metadata".into(), metadata);
            }
            let at = self.add(shape);
            self.kinds.insert((format!("{group}/{name}").into(), kind.into()), at);
        }
    }

    /// The kinds that the `paths` of an OpenAPI document name without a namespace.
    #[must_use]
    pub fn scopes(&self) -> &Arc<Scopes> {
        &self.scopes
    }

    /// What is known about objects of a kind.
    pub(super) fn kind(&self, api_version: &str, kind: &str) -> Option<At> {
        self.kinds.get(&KindOf(api_version, kind)).copied()
    }

    /// What is known about a field of a map.
    pub(super) fn field(&self, map: At, name: &str) -> Option<At> {
        let shape = &self.shapes[map.0];
        shape.fields.get(name).copied().or(shape.others)
    }

    /// The fields of a map that are known by name.
    #[cfg(test)]
    pub(super) fn names(&self, map: At) -> impl Iterator<Item = &str> {
        self.shapes[map.0].fields.keys().map(|name| &**name)
    }

    /// What is known about the elements of a list.
    pub(super) fn element(&self, list: At) -> Option<At> {
        self.shapes[list.0].element
    }

    /// The keys by which a list is merged, none for a set of scalars; nothing if it is replaced.
    pub(super) fn keys(&self, list: At) -> Option<&[Arc<str>]> {
        self.by(list).map(|keys| &keys.names[..])
    }

    /// The same, with what is known of their values.
    pub(super) fn by(&self, list: At) -> Option<&Keys> {
        self.shapes[list.0].keys.as_ref()
    }

    fn add(&mut self, shape: Shape) -> At {
        self.shapes.push(shape);
        At(self.shapes.len() - 1)
    }

    fn metadata(&self) -> Option<At> {
        self.field(self.kind("v1", "ConfigMap")?, "metadata")
    }

    fn read_table() -> Self {
        let mut keys = Self::default();
        let mut names: IndexMap<_, _, RandomState> = IndexMap::from_iter([("-", PLAIN)]);
        for row in KUSTOMIZE.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = row.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            let mut named = |keys: &mut Self, name: &'static str| {
                *names
                    .entry(name)
                    .or_insert_with(|| keys.add(Shape { others: Some(PLAIN), ..Shape::default() }))
            };
            match [cell(), cell(), cell(), cell(), cell()] {
                ["kind", api_version, kind, definition, _] => {
                    let at = named(&mut keys, definition);
                    keys.kinds.insert((api_version.into(), kind.into()), at);
                }
                ["map", definition, field, value, _] => {
                    let (at, value) = (named(&mut keys, definition), named(&mut keys, value));
                    keys.shapes[at.0].fields.insert(field.into(), value);
                }
                ["list", definition, field, element, by] => {
                    let at = named(&mut keys, definition);
                    let element = Some(named(&mut keys, element));
                    let by = by.split(',').filter(|key| *key != "=").map(Arc::from).collect();
                    let by = Some(Keys::built_in(by));
                    let list = keys.add(Shape { element, keys: by, ..Shape::default() });
                    keys.shapes[at.0].fields.insert(field.into(), list);
                }
                _ => unreachable!("the table has rows of three kinds"),
            }
        }
        for (name, at) in names {
            keys.definitions.insert(name.into(), at);
        }
        keys
    }

    /// What a schema says, with everything below it that it does not refer to by name.
    fn shape_of(&mut self, schema: &Node, dialect: Dialect) -> Shape {
        let mut shape = Shape { keys: keys_of(schema, dialect), ..Shape::default() };
        for (name, property) in
            schema.get("properties").and_then(Node::as_map).into_iter().flatten()
        {
            let at = self.at(property, dialect);
            shape.fields.insert(Arc::clone(&name.name), at);
        }
        if let Some(others) =
            schema.get("additionalProperties").filter(|node| node.as_map().is_some())
        {
            shape.others = Some(self.at(others, dialect));
        }
        if let Some(items) = schema.get("items") {
            shape.element = Some(self.at(items, dialect));
        }
        shape
    }

    fn at(&mut self, schema: &Node, dialect: Dialect) -> At {
        match schema.get("$ref").and_then(Node::as_str) {
            Some(reference) => {
                let name = reference.strip_prefix("#/definitions/").unwrap_or(reference);
                self.definitions.get(short(name)).copied().unwrap_or(PLAIN)
            }
            None => {
                let shape = self.shape_of(schema, dialect);
                self.add(shape)
            }
        }
    }
}

/// Where the types of a version lie: behind what is known of nothing.
fn of_type(position: usize) -> At {
    At(PLAIN.0 + 1 + position)
}

/// The name of a definition without what those of Kubernetes begin with.
fn short(name: &str) -> &str {
    let packages =
        ["kube-aggregator.pkg.apis.", "apimachinery.pkg.apis.", "apimachinery.pkg.", "api."];
    let Some(own) = name.strip_prefix("io.k8s.") else { return name };
    packages.iter().find_map(|package| own.strip_prefix(package)).unwrap_or(name)
}

/// The keys by which the list of a schema is merged.
fn keys_of(schema: &Node, dialect: Dialect) -> Option<Keys> {
    let text = |name| schema.get(name).and_then(Node::as_str);
    let map_keys = || -> Option<Vec<Arc<str>>> {
        let keys = schema.get("x-kubernetes-list-map-keys").and_then(Node::as_list)?;
        Some(keys.iter().filter_map(Node::as_str).map(Arc::from).collect())
    };
    match dialect {
        Dialect::OpenApi => {
            let strategy = text("x-kubernetes-patch-strategy")?;
            let key = || text("x-kubernetes-patch-merge-key").map(|key| vec![key.into()]);
            let merges = strategy.split(',').any(|part| part == "merge");
            merges.then(|| Keys::built_in(map_keys().or_else(key).unwrap_or_default()))
        }
        Dialect::CustomResource => match text("x-kubernetes-list-type")? {
            "map" => Some(Keys::custom(map_keys()?, schema)),
            "set" => Some(Keys::custom(Vec::new(), schema)),
            _ => None,
        },
    }
}

/// The kinds that the paths of a document ask for, but never in a namespace.
fn scopes_of(document: &Node) -> Scopes {
    let (mut all, mut namespaced) = (BTreeSet::new(), BTreeSet::new());
    for (path, item) in document.get("paths").and_then(Node::as_map).into_iter().flatten() {
        let Some(kind) = item.at(&["get", KIND]).and_then(kind_of) else { continue };
        if path.name.contains("namespaces/{namespace}") {
            namespaced.insert(kind.clone());
        }
        all.insert(kind);
    }
    Scopes::new(&all - &namespaced)
}

/// The kinds that a definition is for.
fn kinds_of(definition: &Node) -> Vec<(Arc<str>, Arc<str>)> {
    let kinds = definition.get(KIND).and_then(Node::as_list);
    kinds.unwrap_or_default().iter().filter_map(kind_of).collect()
}

/// The `apiVersion` and `kind` that the value of an extension names.
fn kind_of(node: &Node) -> Option<(Arc<str>, Arc<str>)> {
    let text = |name| node.get(name).and_then(Node::as_str);
    let api_version = match text("group").unwrap_or_default() {
        "" => text("version")?.to_owned(),
        group => format!("{group}/{}", text("version")?),
    };
    Some((api_version.into(), text("kind")?.into()))
}
