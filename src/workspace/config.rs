//! jibe.yaml and service.yaml as they may be written.

use super::limits::LimitsConfig;
use crate::api::Version;
use crate::diag::Severities;
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor, value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// A workspace: its environments, where its output goes and how findings weigh: the file `jibe.yaml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WorkspaceConfig {
    /// The versions of jibe that may work here, such as `">=0.1, <0.2"`.
    #[serde(default)]
    pub requires: Option<String>,
    /// The edition of output bytes, default rules and severities, which no release changes: `1`, also
    /// if it is left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1))]
    pub edition: Option<u32>,
    /// The environments by name, in the order in which they are listed.
    pub environments: IndexMap<String, Option<EnvironmentConfig>>,
    /// Where the manifests are written.
    #[serde(default)]
    pub output: Option<OutputConfig>,
    /// How findings weigh, and which were there before.
    #[serde(default)]
    pub checks: Option<WorkspaceChecks>,
    /// How much is read, done and made; what is left out keeps its default.
    #[serde(default)]
    pub limits: Option<LimitsConfig>,
}

/// An environment, such as `prod`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EnvironmentConfig {
    /// The environment that this one builds upon: its settings here and its values files apply first.
    #[serde(default)]
    pub extends: Option<String>,
    /// Whether it is only there to be extended: nothing runs in it. Those that extend it are not
    /// abstract unless they say so, too.
    #[serde(default, rename = "abstract")]
    #[schemars(extend("default" = false))]
    pub is_abstract: bool,
    /// The Kubernetes version of its clusters in quotes, such as `"1.35"`, or a list of versions,
    /// which all must agree with each manifest; else the newest that jibe knows.
    #[serde(default)]
    #[schemars(schema_with = "kubernetes_schema")]
    pub kubernetes: Option<OneOrMany>,
    /// The namespaces: what the workspace calls each of them, and its real name, which manifests
    /// carry. A list means names that are the same; `null` as real name means that manifests carry no
    /// namespace. Without any there is one, `default`, and manifests carry none.
    #[serde(default)]
    pub namespaces: Option<Namespaces>,
    /// The Pod Security Standard that its namespaces enforce.
    #[serde(default)]
    pub pod_security: Option<PodSecurity>,
    /// How findings weigh in this environment, over what holds for all.
    #[serde(default)]
    pub checks: Option<ChecksConfig>,
}

/// Where the manifests are written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OutputConfig {
    /// The folder of each service's manifests, with the places `{env}`, `{namespace}` and `{service}`.
    #[serde(default)]
    #[schemars(extend("default" = "rendered/{env}/{namespace}/{service}"))]
    pub path: Option<String>,
}

/// How findings weigh, and which were there before.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WorkspaceChecks {
    /// How a finding weighs, by its code such as `check/schema` or by stage such as `check/*`; a code
    /// comes before its stage.
    #[serde(default)]
    #[schemars(schema_with = "severity_schema")]
    pub severity: IndexMap<String, Weight>,
    /// The file of findings that were there before and do not block writing, seen from this one;
    /// `jibe check --write-baseline` writes it.
    #[serde(default)]
    pub baseline: Option<String>,
}

/// How findings weigh in an environment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChecksConfig {
    /// How a finding weighs, by its code such as `check/schema` or by stage such as `check/*`; a code
    /// comes before its stage.
    #[serde(default)]
    #[schemars(schema_with = "severity_schema")]
    pub severity: IndexMap<String, Weight>,
}

/// How a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Nothing is written.
    Error,
    /// It is shown, and the output stands.
    Warning,
    /// It is not looked for.
    Off,
}

/// A level of the Pod Security Standards.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum PodSecurity {
    /// No restriction.
    Privileged,
    /// Known ways to more privileges are closed.
    Baseline,
    /// The hardening that Kubernetes recommends.
    Restricted,
}

/// A service: what it renders and where it runs: the file `services/NAME/service.yaml`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ServiceConfig {
    /// The folder of a chart or of plain manifests, seen from jibe.yaml; `{env}`, `{namespace}` and
    /// `{service}` may stand in it. Without one, the service is the manifests beside this file.
    #[serde(default)]
    pub source: Option<String>,
    /// The environments that it runs in; else all that no other environment extends.
    #[serde(default)]
    pub environments: Option<OneOrMany>,
    /// The namespaces that it runs in, by the names that jibe.yaml gives them, or `all`; else the only
    /// one of each environment.
    #[serde(default)]
    pub namespaces: Option<OneOrMany>,
    /// Real names of further namespaces that its manifests may name.
    #[serde(default)]
    pub other_namespaces: Vec<String>,
    /// Labels to choose it by with `-l`; templates read them as `target.labels`.
    #[serde(default)]
    pub labels: IndexMap<String, String>,
}

/// One text, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// A list.
    Many(Vec<String>),
}

impl OneOrMany {
    /// The texts, each with the path to it below the field.
    pub fn iter(&self) -> impl Iterator<Item = (Option<String>, &str)> {
        let (one, many) = match self {
            Self::One(text) => (Some((None, text.as_str())), &[][..]),
            Self::Many(texts) => (None, texts.as_slice()),
        };
        let many = many.iter().enumerate().map(|(at, text)| (Some(at.to_string()), text.as_str()));
        one.into_iter().chain(many)
    }
}

/// Namespaces by the names that the workspace gives them; the value is the real name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Namespaces {
    /// Names that are real.
    Same(Vec<String>),
    /// Real names by logical ones; without a real one, manifests carry none.
    Named(IndexMap<String, Option<String>>),
}

struct WeightVisitor;

impl Visitor<'_> for WeightVisitor {
    type Value = Weight;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`error`, `warning` or `off`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Weight, E> {
        match text {
            "error" => Ok(Weight::Error),
            "warning" => Ok(Weight::Warning),
            "off" => Ok(Weight::Off),
            _ => Err(E::unknown_variant(text, &["error", "warning", "off"])),
        }
    }

    /// YAML reads a bare `off` as false.
    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Weight, E> {
        match truth {
            false => Ok(Weight::Off),
            true => Err(E::invalid_type(de::Unexpected::Bool(true), &self)),
        }
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WeightVisitor)
    }
}

struct OneOrManyVisitor;

impl<'de> Visitor<'de> for OneOrManyVisitor {
    type Value = OneOrMany;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_str<E>(self, text: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(text.to_owned()))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<OneOrMany, E> {
        Err(unquoted("a boolean"))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<OneOrMany, E> {
        Err(unquoted("a number"))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<OneOrMany, E> {
        Err(unquoted("a number"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<OneOrMany, A::Error> {
        let texts = Vec::deserialize(value::SeqAccessDeserializer::new(items))?;
        Ok(OneOrMany::Many(texts))
    }
}

/// A version without quotes: `1.30` is the number 1.3 to every YAML reader.
fn unquoted<E: de::Error>(kind: &str) -> E {
    E::custom(format!("YAML reads this as {kind}; put it in quotes"))
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}

struct NamespacesVisitor;

impl<'de> Visitor<'de> for NamespacesVisitor {
    type Value = Namespaces;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of names to real names, or a list of names")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Namespaces, A::Error> {
        Vec::deserialize(value::SeqAccessDeserializer::new(items)).map(Namespaces::Same)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Namespaces, A::Error> {
        IndexMap::deserialize(value::MapAccessDeserializer::new(entries)).map(Namespaces::Named)
    }
}

impl<'de> Deserialize<'de> for Namespaces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamespacesVisitor)
    }
}

impl JsonSchema for OneOrMany {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "OneOrMany".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "array"],
            "items": { "type": "string" }
        })
    }
}

impl JsonSchema for Namespaces {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Namespaces".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["object", "array"],
            "additionalProperties": { "type": ["string", "null"] },
            "items": { "type": "string" }
        })
    }
}

/// The codes that may weigh otherwise, so that an editor names them.
fn severity_schema(generator: &mut SchemaGenerator) -> Schema {
    let weight = generator.subschema_for::<Weight>();
    let names: Vec<&str> = Severities::names().collect();
    json_schema!({
        "type": "object",
        "propertyNames": { "enum": names },
        "additionalProperties": weight
    })
}

/// The minor versions by number, so that an editor says at once which are known.
fn kubernetes_schema(_: &mut SchemaGenerator) -> Schema {
    let minors: Vec<_> = Version::all().map(|version| version.minor().to_string()).collect();
    let pattern = format!(r"^v?1\.({})(\..+)?$", minors.join("|"));
    json_schema!({
        "type": ["string", "array", "null"],
        "pattern": pattern,
        "items": { "type": "string", "pattern": pattern }
    })
}
