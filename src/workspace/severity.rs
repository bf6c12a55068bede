//! How findings weigh: `checks.severity` of jibe.yaml.

use super::config::{Weight, WorkspaceConfig};
use crate::chart::Settings;
use crate::diag::{Code, Diagnostic, Sink};
use indexmap::IndexMap;

/// The stages whose findings may weigh otherwise. What other stages find always stops the run,
/// because there is nothing sound to go on with.
const STAGES: [&str; 1] = ["check"];

/// How findings weigh in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Severities {
    /// Weights by code or `stage/*`, the strongest set first.
    sets: Vec<IndexMap<String, Weight>>,
}

impl Severities {
    /// What was set for a code: by the environment, what it extends, or the workspace; in each of
    /// them its code comes before its stage.
    #[must_use]
    pub fn of(&self, code: Code) -> Option<Weight> {
        self.of_name(code.name())
    }

    pub(super) fn of_name(&self, name: &str) -> Option<Weight> {
        let stage = name.split_once('/').map_or("", |(stage, _)| stage);
        let all = format!("{stage}/*");
        let found = self.sets.iter().find_map(|set| set.get(name).or_else(|| set.get(&all)));
        found.copied()
    }
}

/// The weights of an environment, given the environments that it builds upon, itself last.
pub(super) fn severities(
    config: &Settings<WorkspaceConfig>,
    chain: &[String],
    sink: &mut Sink,
) -> Severities {
    let of_environment = |name: &String| {
        let checks = config.says.environments.get(name)?.as_ref()?.checks.as_ref()?;
        Some((checks, vec!["environments".to_owned(), name.clone()]))
    };
    let own = chain.iter().rev().filter_map(of_environment);
    let shared = config.says.checks.as_ref().map(|checks| (checks, Vec::new()));
    let mut sets = Vec::new();
    for (checks, mut path) in own.chain(shared) {
        path.extend(["checks".to_owned(), "severity".to_owned()]);
        for code in checks.severity.keys() {
            check_code(config, &path, code, sink);
        }
        sets.push(checks.severity.clone());
    }
    Severities { sets }
}

fn check_code(config: &Settings<WorkspaceConfig>, path: &[String], code: &str, sink: &mut Sink) {
    let (stage, name) = code.split_once('/').unwrap_or((code, ""));
    let known = Code::ALL.iter().map(|code| code.name());
    let is_known = name == "*" || known.clone().any(|known| known == code);
    if is_known && STAGES.contains(&stage) {
        return;
    }
    let mut keys: Vec<_> = path.iter().map(String::as_str).collect();
    keys.push(code);
    let (message, hint) = match known.clone().any(|known| known.starts_with(&format!("{stage}/"))) {
        true if is_known && !STAGES.contains(&stage) => (
            format!("how `{code}` weighs cannot be changed"),
            "only findings of `check` can weigh otherwise: others leave nothing sound to go on with".to_owned(),
        ),
        _ => {
            let checks = known.filter(|known| known.split('/').next().is_some_and(|s| STAGES.contains(&s)));
            let all = STAGES.map(|stage| format!("{stage}/*"));
            let names: Vec<_> = checks.chain(all.iter().map(String::as_str)).collect();
            (format!("`{code}` is no code of a finding"), super::unknown_hint(code, names, "codes"))
        }
    };
    sink.error(
        Diagnostic::error(Code::WorkspaceSeverity, message)
            .at(config.key_place(&keys), "")
            .hint(hint),
    );
}
