//! Compiled schemas, shared by targets and threads.

use super::rules::Compiled;
use super::schema::{Formats, NoSchema, Validator};
use crate::api::{Kind, Version};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Compiled schemas of kinds. A schema is compiled when it is first asked for, and once, whichever targets and threads ask;
/// equal schemas of several Kubernetes versions or charts are one.
#[derive(Default)]
pub struct Validators {
    schemas: Mutex<BTreeMap<String, Vec<Entry>>>,
    rules: Mutex<BTreeMap<(String, Version), Once<Compiled>>>,
}

/// Made by whoever asks first.
type Once<T> = Arc<OnceLock<T>>;

#[derive(Debug, Clone)]
struct Entry {
    schema: Arc<Value>,
    compiled: Once<Result<Validator, NoSchema>>,
}

impl Validators {
    /// Does something with the validator of a kind's schema; `name` tells kinds apart, so that only schemas of one kind are
    /// compared.
    pub(super) fn with<T>(
        &self,
        name: String,
        schema: &Arc<Value>,
        work: impl FnOnce(Result<&Validator, &NoSchema>) -> T,
    ) -> T {
        let entry = self.entry(name, schema);
        let compile = || Validator::compile(&entry.schema, Formats::Assert);
        work(entry.compiled.get_or_init(compile).as_ref())
    }

    fn entry(&self, name: String, schema: &Arc<Value>) -> Entry {
        let mut known = self.schemas.lock().unwrap_or_else(PoisonError::into_inner);
        let entries = known.entry(name).or_default();
        let same = |entry: &&Entry| Arc::ptr_eq(&entry.schema, schema);
        let found =
            entries.iter().find(same).or_else(|| entries.iter().find(|e| e.schema == *schema));
        if let Some(entry) = found {
            return entry.clone();
        }
        let entry = Entry { schema: Arc::clone(schema), compiled: Arc::default() };
        entries.push(entry.clone());
        entry
    }

    /// Does something with the rules of a kind, besides its schema.
    pub(super) fn with_rules<T>(&self, kind: &Kind, work: impl FnOnce(&Compiled) -> T) -> T {
        let key = (format!("{} {}", kind.api_version(), kind.name()), kind.kubernetes());
        let mut known = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let rules = Arc::clone(known.entry(key).or_default());
        drop(known);
        work(rules.get_or_init(|| Compiled::new(kind)))
    }
}

impl std::fmt::Debug for Validators {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Validators")
    }
}
