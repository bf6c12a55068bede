//! `limits:` of jibe.yaml: what a workspace raises or lowers.

use crate::source::Limits;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// The largest file that `limits.file` may allow: what the YAML reader takes.
const TOP_FILE: u64 = 128 * 1024 * 1024;
/// The largest template that `limits.template` may allow.
const TOP_TEMPLATE: u64 = 16 * 1024 * 1024;
/// The most steps that `limits.templateSteps` may allow: values that a loop nests must fit the stack.
const TOP_STEPS: u64 = 4 * 1024 * 1024;

/// How much is read, done and made; what is left out keeps its default.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LimitsConfig {
    /// The largest file that is read: values, templates, manifests, definitions. At most `128Mi`.
    #[serde(default)]
    #[schemars(extend("default" = "32Mi"))]
    pub file: Option<Size<TOP_FILE>>,
    /// The largest template. At most `16Mi`.
    #[serde(default)]
    #[schemars(extend("default" = "1Mi"))]
    pub template: Option<Size<TOP_TEMPLATE>>,
    /// How many steps one template may take in one target; 64 bytes of text are one, too.
    #[serde(default)]
    #[schemars(range(min = 1, max = TOP_STEPS), extend("default" = 1_048_576))]
    pub template_steps: Option<Steps<TOP_STEPS>>,
    /// How many steps all templates of one target may take.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = 67_108_864))]
    pub target_steps: Option<Steps<{ u64::MAX }>>,
    /// How much the holes of all templates of one target may hold.
    #[serde(default)]
    #[schemars(extend("default" = "128Mi"))]
    pub target_text: Option<Size<{ u64::MAX }>>,
    /// How large the files of all targets of a run may be together.
    #[serde(default)]
    #[schemars(extend("default" = "1Gi"))]
    pub output: Option<Size<{ u64::MAX }>>,
}

impl LimitsConfig {
    /// The limits with the defaults for what is left out.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let usual = Limits::default();
        Limits {
            file: self.file.map_or(usual.file, |size| size.0),
            template: self.template.map_or(usual.template, |size| size.0),
            template_steps: self.template_steps.map_or(usual.template_steps, |steps| steps.0),
            target_steps: self.target_steps.map_or(usual.target_steps, |steps| steps.0),
            target_text: self.target_text.map_or(usual.target_text, |size| size.0),
            output: self.output.map_or(usual.output, |size| size.0),
        }
    }
}

/// A number of bytes, of which at most `TOP` make sense: `512Ki`, `64Mi`, `2Gi`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Size<const TOP: u64>(u64);

/// A number of steps, of which at most `TOP` make sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Steps<const TOP: u64>(u64);

const UNITS: [(&str, u64); 3] = [("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30)];

/// The bytes of a size such as `64Mi`, however many; none if it is written otherwise.
fn bytes(text: &str) -> Option<u128> {
    let (number, unit) =
        UNITS.iter().find_map(|(word, unit)| Some((text.strip_suffix(word)?, unit)))?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let bytes = number.parse().unwrap_or(u128::MAX).saturating_mul((*unit).into());
    Some(bytes).filter(|bytes| *bytes > 0)
}

/// A number of bytes as it is written, in the largest unit of which there is one.
fn written(bytes: u64) -> String {
    let fits = UNITS.iter().rev().find(|(_, unit)| bytes >= *unit);
    fits.map_or_else(|| bytes.to_string(), |(word, unit)| format!("{}{word}", bytes / unit))
}

struct SizeVisitor<const TOP: u64>;

impl<const TOP: u64> Visitor<'_> for SizeVisitor<TOP> {
    type Value = Size<TOP>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a size such as `64Mi`, with `Ki`, `Mi` or `Gi`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Size<TOP>, E> {
        match bytes(text) {
            None => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
            Some(bytes) => match u64::try_from(bytes) {
                Ok(bytes) if bytes <= TOP => Ok(Size(bytes)),
                _ => {
                    let most = written(TOP);
                    Err(E::custom(format!("`{text}` is more than jibe can take, `{most}` at most")))
                }
            },
        }
    }
}

struct StepsVisitor<const TOP: u64>;

impl<const TOP: u64> Visitor<'_> for StepsVisitor<TOP> {
    type Value = Steps<TOP>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of steps above 0")
    }

    fn visit_u64<E: de::Error>(self, steps: u64) -> Result<Steps<TOP>, E> {
        match steps {
            0 => Err(E::invalid_value(de::Unexpected::Unsigned(0), &self)),
            _ if steps > TOP => {
                Err(E::custom(format!("{steps} steps are more than jibe can take, {TOP} at most")))
            }
            _ => Ok(Steps(steps)),
        }
    }

    fn visit_i64<E: de::Error>(self, steps: i64) -> Result<Steps<TOP>, E> {
        match u64::try_from(steps) {
            Ok(steps) => self.visit_u64(steps),
            Err(_) => Err(E::invalid_value(de::Unexpected::Signed(steps), &self)),
        }
    }
}

impl<'de, const TOP: u64> Deserialize<'de> for Size<TOP> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SizeVisitor)
    }
}

impl<'de, const TOP: u64> Deserialize<'de> for Steps<TOP> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StepsVisitor)
    }
}

impl<const TOP: u64> JsonSchema for Size<TOP> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Size".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]*[1-9][0-9]*(Ki|Mi|Gi)$" })
    }
}

impl<const TOP: u64> JsonSchema for Steps<TOP> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Steps".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer" })
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, written};

    #[test]
    fn a_size_is_a_number_with_a_unit() {
        let sizes = [("1Ki", 1024), ("64Mi", 64 << 20), ("2Gi", 2 << 30), ("010Ki", 10 << 10)];
        for (text, expect) in sizes {
            assert_eq!(bytes(text), Some(expect), "{text}");
        }
        for text in ["", "64", "64M", "Mi", "0Mi", "-1Mi", "+1Mi", "1.5Mi", "1 Mi"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }

    #[test]
    fn a_size_beyond_all_bounds_is_a_size() {
        assert_eq!(bytes("99999999999Gi"), Some(99_999_999_999 << 30));
        assert_eq!(bytes(&format!("{}Gi", "9".repeat(100))), Some(u128::MAX));
        assert_eq!([written(128 << 20), written(u64::MAX)], ["128Mi", "17179869183Gi"]);
    }
}
