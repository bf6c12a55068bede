//! How a list or map of a kind merges.

use super::Kind;
use serde_json::Value;

/// How the list or map at one path of a kind merges, by its schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListRule<'k> {
    /// `x-kubernetes-list-type`: what server-side apply goes by.
    pub list_type: Option<ListType>,
    /// `x-kubernetes-list-map-keys`: the fields that tell items of a [`ListType::Map`] apart.
    pub map_keys: Vec<&'k str>,
    /// `x-kubernetes-patch-merge-key`: the one field that a strategic merge patch goes by.
    pub merge_key: Option<&'k str>,
    /// `x-kubernetes-patch-strategy`: `merge`, `replace`, `retainKeys` or `merge,retainKeys`.
    pub strategy: Option<&'k str>,
}

/// What kind of collection a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListType {
    /// It is replaced as a whole.
    Atomic,
    /// Its items are unique.
    Set,
    /// Its items are objects told apart by keys.
    Map,
}

impl Kind {
    /// How the field at a path merges; `None` for a path that the kind does not have.
    ///
    /// A path holds the names of fields from the object's root; items of lists are passed without a name of their own, the
    /// values of a map under any name: `["spec", "template", "spec", "containers", "ports"]`.
    pub fn list_rule(&self, path: &[&str]) -> Option<ListRule<'_>> {
        let root: &Value = self.schema();
        let field = path.iter().try_fold(root, |schema, name| child(root, schema, name))?;
        let text = |word: &str| field.get(word).and_then(Value::as_str);
        let keys = field.get("x-kubernetes-list-map-keys").and_then(Value::as_array);
        Some(ListRule {
            list_type: text("x-kubernetes-list-type").and_then(list_type),
            map_keys: keys.into_iter().flatten().filter_map(Value::as_str).collect(),
            merge_key: text("x-kubernetes-patch-merge-key"),
            strategy: text("x-kubernetes-patch-strategy"),
        })
    }
}

fn list_type(name: &str) -> Option<ListType> {
    match name {
        "atomic" => Some(ListType::Atomic),
        "set" => Some(ListType::Set),
        "map" => Some(ListType::Map),
        _ => None,
    }
}

/// The schema of a field of an object, of the objects in a list, or of a map's values.
fn child<'k>(root: &'k Value, schema: &'k Value, name: &str) -> Option<&'k Value> {
    let mut schema = resolve(root, schema);
    while let Some(items) = schema.get("items") {
        schema = resolve(root, items);
    }
    let named = schema.get("properties").and_then(|properties| properties.get(name));
    named.or_else(|| schema.get("additionalProperties").filter(|values| values.is_object()))
}

fn resolve<'k>(root: &'k Value, schema: &'k Value) -> &'k Value {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
    target.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}
