//! How much findings weigh, as a user decided.

use super::{Code, Severity, nearest};
use std::collections::BTreeMap;

/// Stages whose findings leave something to write.
const STAGES: [&str; 2] = ["check", "api"];

/// Codes of other stages that leave something to write.
const BESIDE_CHECKS: [Code; 3] = [Code::ValuesUntagged, Code::ValuesUnknownKey, Code::ValuesUnused];

/// How much findings of a code weigh, where a user decided otherwise than the code that reports them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Severities {
    stages: BTreeMap<String, Level>,
    codes: BTreeMap<Code, Level>,
}

/// What a user may make of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It blocks.
    Error,
    /// It is told.
    Warning,
    /// It is not told.
    Off,
}

impl Level {
    /// Every level as it is written.
    pub const ALL: [(&'static str, Self); 3] =
        [("error", Self::Error), ("warning", Self::Warning), ("off", Self::Off)];
}

/// Why a name says nothing about severities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchCode {
    /// What is wrong.
    pub message: String,
    /// The next step.
    pub hint: String,
}

impl Severities {
    /// Decides on a code, such as `check/schema`, or on a whole stage, `check/*` or `api/*`, which takes back what was decided on its
    /// codes before. The later decision holds.
    ///
    /// # Errors
    /// When no code of that name can be decided on: most findings of other stages mean that there is nothing
    /// to write.
    pub fn set(&mut self, name: &str, level: Level) -> Result<(), NoSuchCode> {
        let known: Vec<Code> = Self::codes().collect();
        let whole = name.strip_suffix("/*").filter(|name| STAGES.contains(name));
        if let Some(whole) = whole {
            self.stages.insert(whole.to_owned(), level);
            self.codes.retain(|code, _| stage(*code) != Some(whole));
            return Ok(());
        }
        if let Some(code) = known.iter().find(|code| code.name() == name) {
            self.codes.insert(*code, level);
            return Ok(());
        }
        let names: Vec<&str> = Self::names().collect();
        Err(match Code::ALL.iter().any(|code| code.name() == name) {
            true => NoSuchCode {
                message: format!(
                    "the severity of `{name}` cannot be changed: it leaves nothing to write"
                ),
                hint: only(),
            },
            false => NoSuchCode {
                message: format!("there is no code `{name}`"),
                hint: match nearest(name, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known are `{}`", names.join("`, `")),
                },
            },
        })
    }

    /// What can be decided on: codes, then stages.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::codes().map(Code::name).chain(["check/*", "api/*"])
    }

    fn codes() -> impl Iterator<Item = Code> {
        let may_change = |code: &Code| is_of_manifests(*code) || BESIDE_CHECKS.contains(code);
        Code::ALL.iter().copied().filter(may_change)
    }

    /// How much a finding of a code weighs that by itself weighs `otherwise`; none if it is not told.
    #[must_use]
    pub fn of(&self, code: Code, otherwise: Severity) -> Option<Severity> {
        let of_stage = || self.stages.get(stage(code)?);
        match self.codes.get(&code).or_else(of_stage) {
            None => Some(otherwise),
            Some(Level::Error) => Some(Severity::Error),
            Some(Level::Warning) => Some(Severity::Warning),
            Some(Level::Off) => None,
        }
    }
}

/// Whether findings of a code are about manifests that could be written nevertheless.
#[must_use]
pub fn is_of_manifests(code: Code) -> bool {
    stage(code).is_some()
}

/// The stage of a code that may weigh otherwise. Of a definition that is none, no object can be checked.
fn stage(code: Code) -> Option<&'static str> {
    let (stage, _) = code.name().split_once('/')?;
    (STAGES.contains(&stage) && code != Code::ApiDefinition).then_some(stage)
}

fn only() -> String {
    let beside = BESIDE_CHECKS.map(|code| format!("`{code}`")).join(", ");
    format!("only codes that begin with `check/` or `api/` have a severity, besides {beside}")
}

#[cfg(test)]
mod tests {
    use super::{Level, Severities};
    use crate::diag::{Code, Severity};

    fn check(rules: &[(&str, Level)], expect: Option<Severity>) {
        let mut severities = Severities::default();
        for (name, level) in rules {
            severities.set(name, *level).expect("a code");
        }
        assert_eq!(severities.of(Code::CheckUnknownField, Severity::Error), expect);
    }

    #[test]
    fn the_later_decision_holds() {
        check(&[], Some(Severity::Error));
        check(&[("check/*", Level::Off)], None);
        let code = ("check/unknown-field", Level::Warning);
        check(&[("check/*", Level::Off), code], Some(Severity::Warning));
        check(&[code, ("check/*", Level::Off)], None);
    }

    #[test]
    fn only_checks_have_a_severity() {
        let refusal = |name| Severities::default().set(name, Level::Off).map_err(|e| e.hint);
        assert_eq!(refusal("check/shema"), Err("did you mean `check/schema`?".to_owned()));
        let only = "only codes that begin with `check/` or `api/` have a severity, besides `values/untagged`, `values/unknown-key`, `values/unused`";
        assert_eq!(refusal("yaml/syntax"), Err(only.to_owned()));
        assert_eq!(refusal("values/unused"), Ok(()));
    }
}
