//! chart.yaml as it may be written.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a chart is called and what it needs: the file `chart.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChartConfig {
    /// The chart's name: lower-case letters, digits and `-`.
    pub name: String,
    /// The chart's version, such as `"1.4.0"`: three numbers by the rules of Semantic Versioning.
    pub version: String,
    /// `application` renders manifests; `library` only lends its macros to other charts.
    #[serde(default, rename = "type")]
    pub kind: ChartKind,
    /// One sentence on what the chart is for.
    #[serde(default)]
    pub description: Option<String>,
    /// Libraries whose macros this chart uses, and applications that are rendered along with it.
    #[serde(default)]
    pub dependencies: Vec<DependencyConfig>,
}

/// What a chart is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ChartKind {
    /// Its templates become manifests.
    #[default]
    Application,
    /// Its macros are used by other charts; it renders nothing itself.
    Library,
}

/// A chart that another chart uses: a library for its macros, an application as a part of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DependencyConfig {
    /// The folder of the chart, seen from the folder of this one, such as `../base`.
    pub path: String,
    /// Of a library: what templates call it in `{% from "NAME/_file.yaml" import … %}`; else its own
    /// name.
    #[serde(default)]
    pub name: Option<String>,
    /// Of an application: what it is called here; else its own name. Its templates see
    /// `SERVICE-NAME` as `target.service`, so that one chart can be a part several times.
    #[serde(default, rename = "as")]
    pub alias: Option<String>,
    /// Of an application: the path of a value of this chart, `true` or `false`, such as
    /// `cache.enabled`. Without it, the application is always rendered.
    #[serde(default)]
    pub when: Option<String>,
    /// Of an application: what it is given over its own defaults and its overlay of the environment.
    /// `!tpl "{{ values.… }}"` passes on a value of this chart; nothing else reaches it.
    #[serde(default)]
    pub values: BTreeMap<String, serde_json::Value>,
}
