//! JSON Schemas of jibe's own files, written from the types that read them.

use super::config::{ServiceConfig, WorkspaceConfig};
use crate::chart::ChartConfig;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

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
    let mut value = schema.to_value();
    value["title"] = format!("{}.yaml", kind.name()).into();
    format!("{value:#}\n")
}

fn schema_of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}
