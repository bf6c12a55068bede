//! JSON Schemas against nodes: the only user of `jsonschema`.
//!
//! `schema  --compile-->  Validator  --validate(node)-->  Violation*, in our own words, in the order of the text`
//!
//! Promise: offline, whatever a schema refers to; a node is judged where it stands, without a copy; a violation names
//! path, place and next step, and no value that is marked as secret. Knows no Kubernetes kind and no values file.

mod broken;
mod choice;
mod formats;
mod guard;
mod keywords;
mod json;
mod lookup;
mod path;
mod patterns;
mod words;

#[cfg(test)]
mod tests;

pub use guard::{Refused, refuse_unsafe};
pub use keywords::Misspelt;
pub use lookup::Marks;
pub use path::{Path, Step};
pub(super) use words::{named, shown};

use crate::source::Place;
use crate::yaml::Node;
use jsonschema::{Draft, PatternOptions};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// How many steps one pattern may go back on one string before it counts as not matching.
const MAX_BACKTRACKS: usize = 100_000;
/// How large a pattern may become when it is compiled, in bytes.
const MAX_COMPILED_PATTERN: usize = 10 * 1024 * 1024;
/// How many violations of one document are told.
const MAX_VIOLATIONS: usize = 100;

/// Whether strings are held to the `format` of their schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formats {
    /// Always, as an API server does.
    Assert,
    /// If the schema's draft says so.
    AsDraft,
}

/// What a key that is there already says about a misspelt one beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neighbours {
    /// They were written together, so the misspelt one means another.
    Written,
    /// They may come from another file, such as a chart's defaults, so the misspelt one may mean it.
    Merged,
}

/// A schema that is ready to judge nodes. Cheap to share between threads behind an `Arc`.
pub struct Validator {
    compiled: jsonschema::Validator<json::Yaml>,
    schema: Arc<Value>,
}

/// Which rule a value breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A key stands where the schema does not know it.
    UnknownKey,
    /// A key that must be there is not.
    Missing,
    /// A value is of another type.
    Type,
    /// Any other: an enum, a range, a pattern, a format, an alternative.
    Value,
    /// What a custom resource's definition says besides its schema: a rule, unique items.
    Definition,
}

/// One thing that a schema says against a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which rule is broken.
    pub rule: Rule,
    /// The value; for a key that is missing or unknown, that key.
    pub path: Path,
    /// Where it stands; for an unknown key the key itself, for a missing one the map that lacks it.
    pub place: Place,
    /// Where the value was set, if it was filled in from somewhere else.
    pub set_at: Option<Place>,
    /// What is wrong, in full, with the path and the value.
    pub message: String,
    /// The next steps.
    pub hints: Vec<String>,
    /// The rule in the schema, a JSON pointer such as `/properties/image/type`.
    pub schema_path: String,
    /// Whether the value is secret: the message does not show it, and neither may the line it stands in be shown.
    pub is_secret: bool,
}

/// Why a schema is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSchema {
    /// What is wrong.
    pub message: String,
    /// Where in the schema, a JSON pointer.
    pub schema_path: String,
    /// The next step.
    pub hint: &'static str,
}

impl Validator {
    /// Compiles a schema of draft 2020-12, or of the draft that its `$schema` names.
    ///
    /// The schema must come from jibe itself or have passed [`refuse_unsafe`]: compiling bounds neither time nor memory.
    ///
    /// # Errors
    /// When it is no schema, or refers to what it does not hold.
    pub fn compile(schema: &Arc<Value>, formats: Formats) -> Result<Self, NoSchema> {
        let mut options = jsonschema::options_for::<json::Yaml>().offline().with_pattern_options(
            PatternOptions::fancy_regex()
                .backtrack_limit(MAX_BACKTRACKS)
                .size_limit(MAX_COMPILED_PATTERN),
        );
        if schema.get("$schema").is_none() {
            options = options.with_draft(Draft::Draft202012);
        }
        if formats == Formats::Assert {
            options = options.should_validate_formats(true);
        }
        for (name, check) in crate::api::formats() {
            options = options.with_format(*name, *check);
        }
        match options.build(schema) {
            Ok(compiled) => Ok(Self { compiled, schema: Arc::clone(schema) }),
            Err(error) => Err(broken::no_schema(&error)),
        }
    }

    /// What the schema says against `root`, in the order of the text; at most 100 violations.
    ///
    /// Values that `is_secret` names, and those that the schema marks with `writeOnly` or `x-jibe-sensitive`, are not
    /// shown.
    #[must_use]
    pub fn validate(
        &self,
        root: &Node,
        neighbours: Neighbours,
        is_secret: &dyn Fn(&Path) -> bool,
    ) -> Vec<Violation> {
        let copy = OnceLock::new();
        let whole = json::Handle::Root(root, &copy);
        if self.compiled.is_valid(whole) {
            return Vec::new();
        }
        let secret =
            |path: &Path| is_secret(path) || lookup::is_marked_secret(&self.schema, path, root);
        let worded = words::Worded { root, schema: &self.schema, neighbours, is_secret: &secret };
        let errors = self.compiled.iter_errors(whole).take(MAX_VIOLATIONS);
        let mut found: Vec<Violation> =
            errors.flat_map(|error| worded.violations(&error)).collect();
        found.sort_by(|a, b| {
            let key =
                |v: &Violation| (v.place.span.start, v.path.clone(), v.rule, v.message.clone());
            key(a).cmp(&key(b))
        });
        found.dedup_by(|a, b| (&a.path, &a.message) == (&b.path, &b.message));
        found
    }
}

impl std::fmt::Debug for Validator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Validator")
    }
}
