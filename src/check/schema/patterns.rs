//! Whether a key fits a pattern of `patternProperties`.

use super::{MAX_BACKTRACKS, json};
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, PatternOptions};
use serde_json::json;

/// Whether `key` fits `pattern`, as the validator sees it; one that cannot be told counts as fitting.
pub(super) fn fits(pattern: &str, key: &str) -> bool {
    let options = jsonschema::options_for::<json::Yaml>()
        .offline()
        .with_draft(Draft::Draft202012)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(MAX_BACKTRACKS));
    let Ok(compiled) = options.build(&json!({ "pattern": pattern })) else { return true };
    match compiled.validate(json::Handle::Name(key)) {
        Ok(()) => true,
        Err(error) => !matches!(error.kind(), Kind::Pattern { .. }),
    }
}
