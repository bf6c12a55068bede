//! Custom resource definitions: kinds that a chart, a render or a workspace adds.
//!
//! `Node*  --Definitions::read-->  Definitions  --Api::with-->  Api`
//!
//! Promise: every fault that a server would refuse a definition for, as far as it hides or bends the kinds it adds, is
//! reported at its place. A kind whose schema is faulty stays known with an open schema, so that one fault is not followed
//! by a hundred others.

mod catalog;
mod names;
mod selectable;
mod shape;
mod structural;
mod words;

use super::structure::Structure;
use super::{Kind, Scope, Version, api_version, schema};
use crate::diag::{Diagnostic, Sink, nearest};
use crate::yaml::Node;
pub use catalog::Catalog;
use serde_json::{Map, Value};
use std::sync::{Arc, OnceLock};
pub(super) use structural::Reader;
pub(super) use words::{known_format, whole_number};

/// The kinds of some custom resource definitions, read once and added to any number of versions.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    kinds: Vec<Arc<Defined>>,
    young: Vec<Arc<[Young]>>,
}

/// What only younger versions of Kubernetes take.
#[derive(Debug)]
struct Young {
    /// The minor version that takes it first.
    since: u32,
    /// What an older one says.
    finding: Diagnostic,
}

/// One version of one custom resource.
#[derive(Debug)]
pub(super) struct Defined {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) plural: String,
    pub(super) scope: Scope,
    /// What a server says of each use, if the version is deprecated.
    pub(super) deprecation: Option<String>,
    /// The schema without `$defs`; metadata refers to the type of the Kubernetes version it is added to.
    pub(super) schema: Map<String, Value>,
    /// What the schema says besides; none if it is faulty.
    pub(super) structure: Option<Structure>,
    /// The whole schema in each Kubernetes version, made when first asked for.
    closed: [OnceLock<Arc<Value>>; Version::COUNT],
}

impl Defined {
    /// The whole schema, with the types of a Kubernetes version; the same for every target that shares the definition.
    pub(super) fn whole_schema(&self, kubernetes: Version) -> &Arc<Value> {
        self.closed[kubernetes.age()].get_or_init(|| {
            Arc::new(schema::close(self.schema.clone(), schema::object_meta_types(kubernetes)))
        })
    }
}

impl Definitions {
    /// Reads the definitions among some manifests; all others are passed over.
    ///
    /// Faults go to the sink; what can be known of a faulty definition is still there. Of two definitions of one kind the
    /// later holds.
    pub fn read<'n>(manifests: impl IntoIterator<Item = &'n Node>, sink: &mut Sink) -> Definitions {
        Catalog::default().read(manifests, sink)
    }

    /// Reports what some of these Kubernetes versions do not know yet, such as functions of rules.
    pub fn check_versions(&self, versions: impl IntoIterator<Item = Version>, sink: &mut Sink) {
        let versions: Vec<_> = versions.into_iter().collect();
        for young in self.young.iter().flat_map(|young| young.iter()) {
            let (take, refuse): (Vec<_>, Vec<_>) =
                versions.iter().partition(|version| version.minor() >= young.since);
            if !refuse.is_empty() {
                let finding = young.finding.clone();
                sink.error(finding.maybe_hint(who_agrees(&refuse, &take)));
            }
        }
    }

    /// Whether nothing is defined.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    pub(super) fn kinds(&self, kubernetes: Version) -> impl Iterator<Item = Kind> {
        self.kinds.iter().map(move |defined| Kind::custom(defined, kubernetes))
    }
}

/// Which of several versions refuse what others take.
fn who_agrees(refuse: &[&Version], take: &[&Version]) -> Option<String> {
    let named = |versions: &[&Version]| {
        versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let (refuse, takes) = (named(refuse), named(take));
    let all = "all versions must agree";
    (!take.is_empty()).then(|| format!("Kubernetes {refuse} refuses it, {takes} takes it: {all}"))
}

/// The definitions that a manifest is or, if it is a list of objects, holds at any depth.
fn definitions_in(manifest: &Node) -> Vec<&Node> {
    let mut open = vec![manifest];
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        let kind = node.get("kind").and_then(Node::as_str).unwrap_or_default();
        if is_definition(node) {
            found.push(node);
        } else if matches!(kind, "List" | "CustomResourceDefinitionList") {
            let items = node.get("items").and_then(Node::as_list).unwrap_or_default();
            open.extend(items.iter().rev());
        }
    }
    found
}

fn is_definition(node: &Node) -> bool {
    let text = |key| node.get(key).and_then(Node::as_str).unwrap_or_default();
    text("kind") == "CustomResourceDefinition"
        && text("apiVersion").starts_with("apiextensions.k8s.io/")
}

/// The served versions of one definition, and what of it only younger versions of Kubernetes take.
fn read(node: &Node, sink: &mut Sink) -> (Vec<Defined>, Vec<Young>) {
    let name = node.at(&["metadata", "name"]).and_then(Node::as_str);
    let name = name.filter(|name| !name.is_empty()).unwrap_or("(unnamed)");
    let mut reader = Reader::new(format!("CustomResourceDefinition/{name}"), sink);
    let defined = read_definition(node, &mut reader);
    (defined.unwrap_or_default(), reader.into_young())
}

fn read_definition(node: &Node, reader: &mut Reader<'_>) -> Option<Vec<Defined>> {
    if let Some(old) =
        node.get("apiVersion").filter(|node| node.as_str() != Some("apiextensions.k8s.io/v1"))
    {
        let hint = "write `apiextensions.k8s.io/v1`, with a schema in each of `spec.versions`";
        reader.within(".apiVersion", |reader| {
            let version = old.as_str().unwrap_or_default();
            let what = format!("is `{version}`, which no known Kubernetes serves");
            reader.fault(old.place, what, hint)
        });
        return None;
    }
    let spec = given(node, "spec", reader)?;
    reader.within(".spec", |reader| read_spec(spec, node, reader))
}

fn read_spec(spec: &Node, definition: &Node, reader: &mut Reader<'_>) -> Option<Vec<Defined>> {
    let group = text(spec, "group", reader);
    names::check(spec, reader);
    names::check_group(spec, reader);
    let names = read_names(spec, reader);
    let scope = read_scope(spec, reader);
    let versions = read_versions(spec, reader);
    let (group, (kind, plural), scope) = (group?, names?, scope?);
    check_name(definition, &format!("{plural}.{group}"), reader);
    let defined = |Read { name: version, mut schema, structure, deprecation, .. }: Read<'_>| {
        schema::pin(&mut schema, &api_version(group, version), kind);
        let deprecation = deprecation.map(|text| match text {
            "" => format!("`{} {kind}` is deprecated", api_version(group, version)),
            text => text.to_owned(),
        });
        let [group, version, kind, plural] = [group, version, kind, plural].map(str::to_owned);
        let closed = Default::default();
        Defined { group, version, kind, plural, scope, deprecation, schema, structure, closed }
    };
    Some(versions.into_iter().map(defined).collect())
}

fn read_names<'n>(spec: &'n Node, reader: &mut Reader<'_>) -> Option<(&'n str, &'n str)> {
    let names = given(spec, "names", reader)?;
    let (kind, plural) = reader
        .within(".names", |reader| (text(names, "kind", reader), text(names, "plural", reader)));
    Some((kind?, plural?))
}

fn read_scope(spec: &Node, reader: &mut Reader<'_>) -> Option<Scope> {
    match text(spec, "scope", reader)? {
        "Namespaced" => Some(Scope::Namespaced),
        "Cluster" => Some(Scope::Cluster),
        other => {
            let near = nearest(other, ["Namespaced", "Cluster"]);
            let near = near.map_or("write `Namespaced` or `Cluster`".to_owned(), |near| {
                format!("did you mean `{near}`?")
            });
            let place = spec.get("scope").map_or(spec.place, |scope| scope.place);
            let what = format!("must be `Namespaced` or `Cluster`, but is `{other}`");
            reader.within(".scope", |reader| reader.fault(place, what, near));
            None
        }
    }
}

/// Name and schema of each served version.
fn read_versions<'n>(spec: &'n Node, reader: &mut Reader<'_>) -> Vec<Read<'n>> {
    let Some(versions) = given(spec, "versions", reader) else { return Vec::new() };
    let items = versions.as_list().unwrap_or_default();
    reader.within(".versions", |reader| {
        let stored = items.iter().filter(|version| words::flag(version, "storage")).count();
        if stored != 1 {
            let what =
                format!("must have exactly one version with `storage: true`, but has {stored}");
            reader.fault(
                versions.place,
                what,
                "set `storage: true` in the version that etcd is to hold",
            );
        }
        let read = items.iter().enumerate().map(|(i, version)| {
            reader.within(format!("[{i}]"), |reader| read_version(version, reader))
        });
        let read: Vec<_> = read.flatten().collect();
        check_unique(&read, items, reader);
        read.into_iter().filter(|version| version.served).collect()
    })
}

struct Read<'n> {
    name: &'n str,
    served: bool,
    /// What a server says of each use of a deprecated version; may be empty.
    deprecation: Option<&'n str>,
    schema: Map<String, Value>,
    structure: Option<Structure>,
}

fn read_version<'n>(version: &'n Node, reader: &mut Reader<'_>) -> Option<Read<'n>> {
    let name = text(version, "name", reader)?;
    let schema = reader.within(".schema", |reader| read_schema(version, reader));
    selectable::check(version, reader);
    let warning = || version.get("deprecationWarning").and_then(Node::as_str).unwrap_or_default();
    let deprecation = words::flag(version, "deprecated").then(warning);
    let served = words::flag(version, "served");
    let (schema, structure) = match schema {
        Some((schema, structure)) => (schema, Some(structure)),
        None => (open(), None),
    };
    Some(Read { name, served, deprecation, schema, structure })
}

fn read_schema(version: &Node, reader: &mut Reader<'_>) -> Option<(Map<String, Value>, Structure)> {
    let root = given(version.get("schema").unwrap_or(version), "openAPIV3Schema", reader)?;
    let before = reader.faults();
    let has_status = version.at(&["subresources", "status"]).is_some_and(|it| !it.is_null());
    let mut read = reader.within(".openAPIV3Schema", |reader| {
        if has_status {
            shape::with_status(root, reader);
        }
        reader.resource(root)
    });
    if reader.faults() > before {
        return None;
    }
    // A server drops the status of a new object before it judges it, but not before it looks for unknown fields.
    if let Some(status) = read
        .get_mut("properties")
        .and_then(|fields| fields.get_mut("status"))
        .filter(|_| has_status)
    {
        *status = known_fields(status);
    }
    let mut structure = reader.within(".openAPIV3Schema", |reader| Structure::read(root, reader));
    structure.drops_status = has_status;
    Some((read, structure))
}

/// A schema that only says which fields there are.
fn known_fields(schema: &Value) -> Value {
    let Value::Object(schema) = schema else { return schema.clone() };
    let mut known = Map::new();
    for (word, value) in schema {
        let value = match (word.as_str(), value) {
            ("properties", Value::Object(fields)) => {
                fields.iter().map(|(name, field)| (name.clone(), known_fields(field))).collect()
            }
            ("items" | "additionalProperties", value) => known_fields(value),
            ("x-kubernetes-preserve-unknown-fields", value) => value.clone(),
            _ => continue,
        };
        known.insert(word.clone(), value);
    }
    Value::Object(known)
}

/// What is taken for a schema that cannot be read: any fields.
fn open() -> Map<String, Value> {
    let mut schema = Map::new();
    structural::add_metadata(&mut schema);
    schema
}

fn check_unique(read: &[Read<'_>], items: &[Node], reader: &mut Reader<'_>) {
    for (i, version) in read.iter().enumerate() {
        if read[..i].iter().any(|earlier| earlier.name == version.name) {
            let place = items.get(i).map_or_else(|| items[0].place, |item| item.place);
            reader.fault(place, format!("has `{}` twice", version.name), "remove one");
        }
    }
}

fn check_name(definition: &Node, expected: &str, reader: &mut Reader<'_>) {
    let name = definition.at(&["metadata", "name"]);
    if name.and_then(Node::as_str) != Some(expected) {
        let place = name.map_or(definition.place, |name| name.place);
        let hint = format!("write `{expected}`");
        reader.fault_at(
            "metadata.name",
            place,
            "must be `spec.names.plural`, a dot and `spec.group`",
            hint,
        );
    }
}

/// A field that must be there.
fn given<'n>(node: &'n Node, key: &str, reader: &mut Reader<'_>) -> Option<&'n Node> {
    let found = node.get(key).filter(|node| !node.is_null());
    if found.is_none() {
        reader.within(format!(".{key}"), |reader| {
            reader.fault(node.place, "is missing", format!("add `{key}`"))
        });
    }
    found
}

/// A field that must be a string with something in it.
fn text<'n>(node: &'n Node, key: &str, reader: &mut Reader<'_>) -> Option<&'n str> {
    let found = given(node, key, reader)?;
    let text = found.as_str().filter(|text| !text.is_empty());
    if text.is_none() {
        let is = if found.as_str().is_some() { "empty" } else { found.kind() };
        let what = format!("must be a string, but is {is}");
        reader
            .within(format!(".{key}"), |reader| reader.fault(found.place, what, "write a string"));
    }
    text
}
