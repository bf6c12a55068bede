//! Environments: what jibe.yaml says about them, and what they take over from the ones they extend.

use super::config::{EnvironmentConfig, Namespaces, PodSecurity, WorkspaceConfig};
use super::severity::severities;
use crate::api::Version;
use crate::chart::{NAME_RULE, Settings, wrong_name};
use crate::diag::Severities;
use crate::diag::{Code, Diagnostic, Sink};
use indexmap::IndexMap;
use std::sync::Arc;

/// Names that mean something else among the files of a service.
const TAKEN: [&str; 5] = ["kustomization", "manifests", "patches", "service", "values"];

/// The only namespace of an environment that names none.
pub(super) const DEFAULT_NAMESPACE: &str = "default";

/// An environment with everything that it takes over.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// The environments that it builds upon, the furthest first, and itself last.
    pub chain: Vec<String>,
    /// The Kubernetes versions that must agree, oldest first; at least one.
    pub versions: Vec<Version>,
    /// Real names of its namespaces by the names that the workspace gives them.
    pub namespaces: IndexMap<String, Option<String>>,
    /// The Pod Security Standard that its namespaces enforce.
    pub pod_security: Option<PodSecurity>,
    /// How findings weigh in it.
    pub severities: Arc<Severities>,
    /// Whether it is only there to be extended, so that nothing runs in it.
    pub is_abstract: bool,
}

type Config = Settings<WorkspaceConfig>;

/// The environments in the order of jibe.yaml; those that are wrong are reported and left out.
pub(super) fn environments(config: &Config, sink: &mut Sink) -> IndexMap<String, Environment> {
    let mut names = Vec::new();
    for name in config.says.environments.keys() {
        check_name(config, name, sink);
        names.push(name);
    }
    if names.is_empty() {
        sink.error(
            Diagnostic::error(Code::WorkspaceEnvironment, "there is no environment")
                .at(config.place(&["environments"]), "")
                .hint("name at least one, such as `dev: {}`"),
        );
    }
    let own: IndexMap<&str, Own> =
        names.iter().map(|name| (name.as_str(), Own::of(config, name, sink))).collect();
    let made = names.iter().filter_map(|name| made(config, &own, name, sink));
    made.map(|environment| (environment.name.clone(), environment)).collect()
}

fn check_name(config: &Config, name: &str, sink: &mut Sink) {
    let path = ["environments", name];
    let place = config.key_place(&path);
    if config.misread_key(&path).is_some() {
        return report_misread(config, &path, sink);
    }
    if let Some(wrong) = wrong_name(name) {
        let message = format!("the environment's name `{name}` {wrong}");
        sink.error(Diagnostic::error(Code::WorkspaceName, message).at(place, "").hint(NAME_RULE));
    }
    if TAKEN.contains(&name) {
        let message = format!("no environment can be called `{name}`");
        let hint = format!(
            "choose another name: `{name}` stands for something else in a service's folder"
        );
        sink.error(Diagnostic::error(Code::WorkspaceName, message).at(place, "").hint(hint));
    }
}

/// YAML reads `no` as false, so a name such as `no` needs quotes.
fn report_misread(config: &Config, path: &[&str], sink: &mut Sink) {
    if let Some(written) = config.misread_key(path) {
        let name = path.last().copied().unwrap_or_default();
        let message = format!("the name `{written}` is no string: YAML reads it as `{name}`");
        sink.error(
            Diagnostic::error(Code::WorkspaceName, message)
                .at(config.key_place(path), "")
                .hint(format!("write it in quotes: `\"{written}\"`")),
        );
    }
}

/// What an environment says itself, read and in order.
#[derive(Default)]
struct Own {
    versions: Option<Vec<Version>>,
    namespaces: Option<IndexMap<String, Option<String>>>,
}

impl Own {
    fn of(config: &Config, name: &str, sink: &mut Sink) -> Self {
        let Some(says) = says(config, name) else { return Self::default() };
        Self {
            versions: versions(config, name, says, sink),
            namespaces: says.namespaces.as_ref().map(|n| namespaces(config, name, n, sink)),
        }
    }
}

fn says<'c>(config: &'c Config, name: &str) -> Option<&'c EnvironmentConfig> {
    config.says.environments.get(name)?.as_ref()
}

fn versions(
    config: &Config,
    name: &str,
    says: &EnvironmentConfig,
    sink: &mut Sink,
) -> Option<Vec<Version>> {
    let mut versions = Vec::new();
    for (index, text) in says.kubernetes.as_ref()?.iter() {
        let path = ["environments", name, "kubernetes"].into_iter().chain(index.as_deref());
        let place = config.place(&path.collect::<Vec<_>>());
        match Version::parse(text) {
            Ok(version) => versions.push(version),
            Err(error) => drop(
                sink.error(
                    Diagnostic::error(Code::WorkspaceKubernetes, error.to_string())
                        .at(place, "")
                        .hint(error.hint()),
                ),
            ),
        }
    }
    versions.sort_unstable();
    versions.dedup();
    Some(versions).filter(|versions| !versions.is_empty())
}

fn namespaces(
    config: &Config,
    environment: &str,
    says: &Namespaces,
    sink: &mut Sink,
) -> IndexMap<String, Option<String>> {
    let path = ["environments", environment, "namespaces"];
    let place = |last: &str| config.place(&[path[0], path[1], path[2], last]);
    let mut found = IndexMap::new();
    let pairs: Vec<_> = match says {
        Namespaces::Same(names) => {
            let at = |(index, name): (usize, &String)| {
                (name.clone(), Some(name.clone()), place(&index.to_string()))
            };
            names.iter().enumerate().map(at).collect()
        }
        Namespaces::Named(names) => {
            let at = |(name, real): (&String, &Option<String>)| {
                (name.clone(), real.clone(), place(name))
            };
            names.iter().map(at).collect()
        }
    };
    if pairs.is_empty() {
        sink.error(
            Diagnostic::error(
                Code::WorkspaceNamespace,
                format!("the environment `{environment}` names no namespace"),
            )
            .at(config.place(&path), "")
            .hint("name one, or leave `namespaces` out: then there is one, `default`, that manifests do not carry"),
        );
    }
    for (name, real, place) in pairs {
        if matches!(says, Namespaces::Named(_)) {
            report_misread(config, &[path[0], path[1], path[2], &name], sink);
        }
        let wrong = wrong_name(&name).map(|wrong| (name.clone(), wrong));
        let wrong = wrong.or_else(|| {
            let real = real.clone()?;
            wrong_name(&real).map(|wrong| (real, wrong))
        });
        if let Some((name, wrong)) = wrong {
            let message = format!("the namespace's name `{name}` {wrong}");
            sink.error(
                Diagnostic::error(Code::WorkspaceName, message).at(place, "").hint(NAME_RULE),
            );
        }
        if name == "all" {
            let message = "no namespace can be called `all`";
            let hint =
                "give it another name before the `:`; `all` means every namespace in service.yaml";
            sink.error(Diagnostic::error(Code::WorkspaceName, message).at(place, "").hint(hint));
        }
        if found.insert(name.clone(), real).is_some() {
            let message = format!("the namespace `{name}` stands here twice");
            sink.error(
                Diagnostic::error(Code::WorkspaceNamespace, message)
                    .at(place, "")
                    .hint("remove one of the two"),
            );
        }
    }
    found
}

/// The environment with everything that it takes over.
fn made(
    config: &Config,
    own: &IndexMap<&str, Own>,
    name: &str,
    sink: &mut Sink,
) -> Option<Environment> {
    let chain = chain(config, name, sink)?;
    let inherited = || chain.iter().rev().map(String::as_str);
    let versions = inherited().find_map(|name| own[name].versions.clone());
    let namespaces = inherited().find_map(|name| own[name].namespaces.clone());
    let unnamed = || IndexMap::from([(DEFAULT_NAMESPACE.to_owned(), None)]);
    let pod_security = inherited().find_map(|name| says(config, name)?.pod_security);
    let is_abstract = says(config, name).is_some_and(|says| says.is_abstract);
    if is_abstract && !is_extended(config, name) {
        sink.error(never_extended(config, name));
    }
    Some(Environment {
        name: name.to_owned(),
        severities: Arc::new(severities(config, &chain, sink)),
        versions: versions.unwrap_or_else(|| vec![Version::NEWEST]),
        namespaces: namespaces.unwrap_or_else(unnamed),
        pod_security,
        is_abstract,
        chain,
    })
}

fn is_extended(config: &Config, name: &str) -> bool {
    let others = config.says.environments.values().flatten();
    others.filter_map(|other| other.extends.as_deref()).any(|base| base == name)
}

fn never_extended(config: &Config, name: &str) -> Diagnostic {
    let message = format!("the environment `{name}` is abstract, but no other one extends it");
    Diagnostic::error(Code::WorkspaceEnvironment, message)
        .at(config.place(&["environments", name, "abstract"]), "nothing can run in it")
        .hint(format!(
            "remove `abstract: true`, or write `extends: {name}` into another environment"
        ))
}

/// The environments that `name` builds upon, the furthest first, and itself last.
fn chain(config: &Config, name: &str, sink: &mut Sink) -> Option<Vec<String>> {
    let mut chain = vec![name.to_owned()];
    let mut last = name;
    while let Some(base) = says(config, last).and_then(|says| says.extends.as_deref()) {
        let place = config.place(&["environments", last, "extends"]);
        if !config.says.environments.contains_key(base) {
            let known = config.says.environments.keys().map(String::as_str);
            let message = format!("`{last}` extends `{base}`, which is no environment");
            sink.error(
                Diagnostic::error(Code::WorkspaceEnvironment, message)
                    .at(place, "")
                    .hint(super::unknown_hint(base, known, "environments")),
            );
            return None;
        }
        if chain.iter().any(|known| known == base) {
            sink.error(ring(config, &chain, base));
            return None;
        }
        chain.push(base.to_owned());
        last = base;
    }
    chain.reverse();
    Some(chain)
}

/// The same finding wherever the ring is entered.
fn ring(config: &Config, chain: &[String], closes: &str) -> Diagnostic {
    let from = chain.iter().position(|name| name == closes).unwrap_or(0);
    let members = &chain[from..];
    let order = |name: &String| config.says.environments.get_index_of(name);
    let first = (0..members.len()).min_by_key(|at| order(&members[*at])).unwrap_or(0);
    let turned: Vec<_> = members[first..].iter().chain(&members[..first]).collect();
    let names: Vec<_> = turned.iter().chain(&turned[..1]).map(|name| format!("`{name}`")).collect();
    let message = format!("environments extend each other in a ring: {}", names.join(" → "));
    let place = |name: &str| config.place(&["environments", name, "extends"]);
    let finding = Diagnostic::error(Code::WorkspaceEnvironment, message).at(place(turned[0]), "");
    let finding = turned[1..].iter().fold(finding, |finding, name| finding.also(place(name), ""));
    finding.hint("remove `extends` from one of them")
}
