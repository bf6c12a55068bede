//! JSON Schemas of jibe's own files, written from the types that read them.

use super::config::{ServiceConfig, WorkspaceConfig};
use crate::chart::ChartConfig;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

/// A kind of settings file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigKind {
    /// jibe.yaml.
    Workspace,
    /// chart.yaml.
    Chart,
    /// service.yaml.
    Service,
}

impl ConfigKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Workspace, Self::Chart, Self::Service];

    /// The file's name without its ending: `jibe`, `chart`, `service`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Workspace => "jibe",
            Self::Chart => "chart",
            Self::Service => "service",
        }
    }
}

/// The JSON Schema (draft 2020-12) of a settings file, two spaces a level, with a final newline.
#[must_use]
pub fn config_schema(kind: ConfigKind) -> String {
    let schema = match kind {
        ConfigKind::Workspace => schema_of::<WorkspaceConfig>(),
        ConfigKind::Chart => schema_of::<ChartConfig>(),
        ConfigKind::Service => schema_of::<ServiceConfig>(),
    };
    let Value::Object(mut written) = tidy(schema.to_value()) else { return String::new() };
    let mut first = Map::new();
    for key in ["$schema", "title", "description"] {
        first.insert(key.to_owned(), written.shift_remove(key).unwrap_or_default());
    }
    first["title"] = format!("{}.yaml", kind.name()).into();
    first.append(&mut written);
    format!("{:#}\n", Value::Object(first))
}

fn schema_of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

/// Without what says nothing to a reader: defaults of null, Rust's number formats, line breaks that
/// come from the width of the source.
fn tidy(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(tidy).collect(),
        Value::Object(map) => {
            let says = |key: &str, value: &Value| match key {
                "default" => !value.is_null(),
                "format" => !value.is_string(),
                _ => true,
            };
            let kept = map.into_iter().filter(|(key, value)| says(key, value));
            let tidied = kept.map(|(key, value)| match (key.as_str(), value) {
                ("description", Value::String(text)) => (key, text.replace('\n', " ").into()),
                (_, value) => (key, tidy(value)),
            });
            Value::Object(tidied.collect())
        }
        other => other,
    }
}
