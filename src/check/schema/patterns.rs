//! Whether keys fit the patterns of `patternProperties`.

use super::{MAX_BACKTRACKS, json};
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Patterns that were asked for, each compiled once; without a validator where it is no pattern.
#[derive(Default)]
pub(super) struct Patterns {
    compiled: RefCell<BTreeMap<String, Option<Validator<json::Yaml>>>>,
}

impl Patterns {
    /// Whether `key` fits `pattern`, as the validator sees it; one that cannot be told counts as fitting.
    pub(super) fn fits(&self, pattern: &str, key: &str) -> bool {
        let mut compiled = self.compiled.borrow_mut();
        if !compiled.contains_key(pattern) {
            compiled.insert(pattern.to_owned(), compile(pattern));
        }
        let Some(validator) = compiled.get(pattern).and_then(Option::as_ref) else { return true };
        match validator.validate(json::Handle::Name(key)) {
            Ok(()) => true,
            Err(error) => !matches!(error.kind(), Kind::Pattern { .. }),
        }
    }
}

fn compile(pattern: &str) -> Option<Validator<json::Yaml>> {
    let options = jsonschema::options_for::<json::Yaml>()
        .offline()
        .with_draft(Draft::Draft202012)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(MAX_BACKTRACKS));
    options.build(&json!({ "pattern": pattern })).ok()
}
