//! Files of `crds`: OpenAPI definitions whose extensions say which fields hold names, labels and annotations.
//!
//! Source of the rules: `loadconfigfromcrds.go` of kustomize. Properties that are written out below others are not looked
//! into, only those that a `$ref` leads to.

use super::fields::Fields;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::{Place, Source};
use crate::transform::{FieldSpec, Lists, Pattern, Tables, by_target};
use crate::yaml::{self, Map, Node, from_json, json_problem};
use indexmap::IndexMap;
use std::sync::Arc;

/// How deep definitions may lead to each other.
const MAX_DEPTH: usize = 100;
/// How many properties of one file are looked at, each as often as a `$ref` leads to it.
const MAX_PROPERTIES: usize = 100_000;

/// Reads such a file.
///
/// # Errors
/// When it is neither JSON nor YAML, or no map of definitions.
pub(in crate::kustomize) fn read_crds(
    source: &Source,
    sink: &mut Sink,
) -> Result<Tables, Reported> {
    let Some(root) = root(source, sink)? else { return Ok(Tables::default()) };
    let Some(definitions) = root.as_map() else {
        return Err(super::fields::wrong_kind(&root, ("the file", "a map of definitions"), sink));
    };
    let mut found =
        Found { definitions, looked_at: 0, lists: Lists::default(), references: IndexMap::new() };
    for name in definitions.keys() {
        let is_object = |properties: &Map| {
            ["kind", "apiVersion", "metadata"].iter().all(|key| properties.contains_key(*key))
        };
        if found.properties(&name.name, sink)?.is_some_and(is_object) {
            let kind = name.name.rsplit('.').next().unwrap_or_default();
            found.read(kind, &name.name, &mut Vec::new(), sink)?;
        }
    }
    Ok(Tables::of(Lists { name_references: by_target(found.references), ..found.lists }))
}

fn root(source: &Source, sink: &mut Sink) -> Result<Option<Node>, Reported> {
    if !source.text().starts_with('{') {
        let documents = yaml::read_with(source, super::CONFIG, sink)?;
        return Ok(documents.into_iter().next().map(|document| document.root));
    }
    let place = source.place(0, 0);
    match serde_json::from_str(source.text()) {
        Ok(json) => Ok(Some(from_json(&json, place))),
        Err(error) => {
            let message = format!("this is no JSON: {}", json_problem(&error));
            let finding = Diagnostic::error(Code::KustomizeValue, message).at(place, "");
            Err(sink.error(finding.hint("correct the file, or write YAML")))
        }
    }
}

struct Found<'n> {
    definitions: &'n Map,
    /// How many properties that were.
    looked_at: usize,
    lists: Lists,
    /// The fields that hold names of objects of each kind.
    references: IndexMap<Pattern, Vec<FieldSpec>>,
}

impl<'n> Found<'n> {
    fn properties(&self, name: &str, sink: &mut Sink) -> Result<Option<&'n Map>, Reported> {
        let Some(definition) = self.definitions.get(name) else { return Ok(None) };
        let schema = Fields::lenient(definition, sink)?.get("Schema");
        Ok(schema.and_then(|schema| schema.get("properties")).and_then(Node::as_map))
    }

    fn read(
        &mut self,
        kind: &str,
        name: &str,
        path: &mut Vec<Arc<str>>,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let Some(properties) = self.properties(name, sink)? else { return Ok(()) };
        for (key, property) in properties {
            self.looked_at += 1;
            if self.looked_at > MAX_PROPERTIES {
                return Err(too_many(key.place, sink));
            }
            path.push(Arc::clone(&key.name));
            self.property(kind, property, path);
            if let Some(other) = property.get("$ref").and_then(Node::as_str) {
                if path.len() > MAX_DEPTH {
                    return Err(too_deep(property, sink));
                }
                self.read(kind, other, path, sink)?;
            }
            path.pop();
        }
        Ok(())
    }

    fn property(&mut self, kind: &str, property: &Node, path: &[Arc<str>]) {
        let says = |name: &str| {
            let extension = format!("x-kubernetes-{name}");
            property.get(&extension).and_then(Node::as_str)
        };
        let spec = |path: &[Arc<str>]| FieldSpec {
            pattern: Pattern { kind: kind.into(), ..Pattern::default() },
            path: path.join("/").into(),
            create: false,
        };
        if says("annotation").is_some() {
            self.lists.annotations.push(spec(path));
        }
        if says("label-selector").is_some() {
            self.lists.common_labels.push(spec(path));
        }
        if says("identity").is_some() {
            self.lists.name_prefix.push(spec(path));
        }
        let target = says("object-ref-api-version").zip(says("object-ref-kind"));
        if let Some((version, target)) = target {
            let name = says("object-ref-name-key").unwrap_or("name").into();
            let target = Pattern { group: "".into(), version: version.into(), kind: target.into() };
            self.references.entry(target).or_default().push(spec(&[path, &[name]].concat()));
        }
    }
}

fn too_many(place: Place, sink: &mut Sink) -> Reported {
    let message = format!(
        "the definitions of this file lead to more than {MAX_PROPERTIES} properties, each counted as often as a `$ref` leads to it"
    );
    let finding = Diagnostic::error(Code::KustomizeValue, message).at(place, "");
    let hint = "take out each `$ref` that leads to no name, label or annotation, or put the definitions into several files";
    sink.error(finding.hint(hint))
}

fn too_deep(property: &Node, sink: &mut Sink) -> Reported {
    let message = format!("definitions lead to each other more than {MAX_DEPTH} deep");
    let finding = Diagnostic::error(Code::KustomizeCycle, message).at(property.place, "");
    sink.error(finding.hint("take the `$ref` out that leads back"))
}
