//! How findings weigh: `checks.severity` of jibe.yaml.

use super::config::{Weight, WorkspaceConfig};
use crate::chart::Settings;
use crate::diag::{Code, Diagnostic, Level, Severities, Sink};
use indexmap::IndexMap;

/// The weights of an environment, given the environments that it builds upon, itself last.
///
/// The workspace speaks first, then what the environment extends, then itself; the later one holds.
/// Within each, a code comes before its stage.
pub(super) fn severities<'c>(
    config: &'c Settings<WorkspaceConfig>,
    chain: &'c [String],
    sink: &mut Sink,
) -> Severities {
    let of_environment = |name: &'c String| {
        let checks = config.says.environments.get(name)?.as_ref()?.checks.as_ref()?;
        Some((&checks.severity, vec!["environments", name.as_str()]))
    };
    let of_environments = chain.iter().filter_map(of_environment);
    let shared = config.says.checks.as_ref().map(|checks| (&checks.severity, Vec::new()));
    let mut severities = Severities::default();
    for (said, mut path) in shared.into_iter().chain(of_environments) {
        path.extend(["checks", "severity"]);
        for (code, weight) in stages_first(said) {
            if let Err(refused) = severities.set(code, level(weight)) {
                path.push(code);
                let finding = Diagnostic::error(Code::WorkspaceSeverity, refused.message);
                sink.error(finding.at(config.key_place(&path), "").hint(refused.hint));
                path.pop();
            }
        }
    }
    severities
}

fn stages_first(said: &IndexMap<String, Weight>) -> impl Iterator<Item = (&str, Weight)> {
    let of = |stage: bool| {
        let all = said.iter().map(|(code, weight)| (code.as_str(), *weight));
        all.filter(move |(code, _)| code.ends_with("/*") == stage)
    };
    of(true).chain(of(false))
}

fn level(weight: Weight) -> Level {
    match weight {
        Weight::Error => Level::Error,
        Weight::Warning => Level::Warning,
        Weight::Off => Level::Off,
    }
}
