//! Choosing targets by service, environment, namespace and label.

use super::{Target, Workspace, logical_name, unknown_hint};
use crate::diag::{Code, Diagnostic, Failure, Reported, Sink};
use std::collections::BTreeSet;

/// What a user named; nothing named means everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Services by name.
    pub services: Vec<String>,
    /// Environments by name.
    pub environments: Vec<String>,
    /// Namespaces by the names that the workspace gives them.
    pub namespaces: Vec<String>,
    /// Rules on labels, all of which must hold: `key=value`, `key!=value`, `key`, `!key`, also
    /// several with `,` between them.
    pub labels: Vec<String>,
}

impl Selection {
    /// Whether nothing was named.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

impl Workspace {
    /// The target of a path `environment/namespace/service`.
    ///
    /// # Errors
    /// When there is no such target; the message says which part is wrong.
    pub fn target(&self, path: &str) -> Result<&Target, Failure> {
        let mut sink = Sink::new(&self.files);
        match self.one(path, &mut sink) {
            Ok(target) => Ok(target),
            Err(_) => Err(sink.finish().expect_err("an error was reported")),
        }
    }

    fn one(&self, path: &str, sink: &mut Sink) -> Result<&Target, Reported> {
        let parts: Vec<_> = path.split('/').collect();
        let [environment, namespace, service] = parts[..] else {
            let message = format!("`{path}` is no target");
            return Err(sink.error(
                Diagnostic::error(Code::WorkspaceSelection, message)
                    .hint("write `environment/namespace/service`; `jibe list` shows all"),
            ));
        };
        let named = |name: &str| vec![name.to_owned()];
        let selection = Selection {
            services: named(service),
            environments: named(environment),
            namespaces: named(namespace),
            labels: Vec::new(),
        };
        let found = self.select(&selection, sink)?;
        Ok(found[0])
    }

    /// The targets that a user named, in the order of [`Workspace::targets`]; at least one.
    ///
    /// # Errors
    /// When a name is not known, or when nothing is left of a service, environment, namespace or
    /// label that was named; each is explained.
    pub fn select(&self, selection: &Selection, sink: &mut Sink) -> Result<Vec<&Target>, Reported> {
        let rules = self.check_names(selection, sink)?;
        let chosen = |target: &&Target| {
            among(&selection.services, &target.service)
                && among(&selection.environments, &target.environment)
                && among(&selection.namespaces, &target.namespace)
                && rules.iter().all(|rule| rule.holds(target))
        };
        let found: Vec<_> = self.targets.iter().filter(chosen).collect();
        let explained = self.explain_missing(selection, &rules, &found, sink);
        match found.is_empty() && explained.is_ok() {
            true => Err(sink.error(no_targets())),
            false => explained.map(|()| found),
        }
    }

    fn check_names(
        &self,
        selection: &Selection,
        sink: &mut Sink,
    ) -> Result<Vec<LabelRule>, Reported> {
        let mut failed = None;
        let mut unknown = |what: &str, name: &str, hint: String| {
            let message = format!("there is no {what} `{name}`");
            let finding = Diagnostic::error(Code::WorkspaceSelection, message).hint(hint);
            failed = Some(sink.error(finding));
        };
        for name in selection.services.iter().filter(|name| !self.services.contains_key(*name)) {
            let known = self.services.keys().map(String::as_str);
            let hint = match self.environments.contains_key(name) {
                true => format!("`{name}` is an environment: write `-e {name}`"),
                false => unknown_hint(name, known, "services"),
            };
            unknown("service", name, hint);
        }
        for name in selection.environments.iter().filter(|n| !self.environments.contains_key(*n)) {
            let known = self.environments.keys().map(String::as_str);
            unknown("environment", name, unknown_hint(name, known, "environments"));
        }
        let namespaces: BTreeSet<_> = self
            .environments
            .values()
            .flat_map(|e| e.namespaces.keys().map(String::as_str))
            .collect();
        for name in selection.namespaces.iter().filter(|n| !namespaces.contains(n.as_str())) {
            let hint = logical_name(self.environments.values(), name);
            let listed = || unknown_hint(name, namespaces.iter().copied(), "namespaces");
            unknown("namespace", name, hint.unwrap_or_else(listed));
        }
        let rules = selection.labels.iter().flat_map(|text| text.split(','));
        let mut parsed = Vec::new();
        for text in rules {
            match LabelRule::parse(text) {
                Some(rule) => parsed.push(rule),
                None => {
                    let message = format!("`{text}` is no rule on labels");
                    let hint = "write `key=value`, `key!=value`, `key` or `!key`";
                    let finding = Diagnostic::error(Code::WorkspaceSelection, message).hint(hint);
                    failed = Some(sink.error(finding));
                }
            }
        }
        self.check_abstract(selection, sink).err().or(failed).map_or(Ok(parsed), Err)
    }

    /// Nothing runs in an environment that is only there to be extended.
    fn check_abstract(&self, selection: &Selection, sink: &mut Sink) -> Result<(), Reported> {
        let mut checked = Ok(());
        for name in &selection.environments {
            if self.environments.get(name).is_some_and(|environment| environment.is_abstract) {
                let message = format!("the environment `{name}` is abstract: nothing runs in it");
                let finding = Diagnostic::error(Code::WorkspaceSelection, message);
                let hint = self.known().abstract_hint(name);
                checked = Err(sink.error(self.known().pointed(finding).hint(hint)));
            }
        }
        checked
    }

    /// Says why a name that is known leads to no target.
    fn explain_missing(
        &self,
        selection: &Selection,
        rules: &[LabelRule],
        found: &[&Target],
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let mut failed = Ok(());
        for rule in rules.iter().filter(|rule| !self.targets.iter().any(|t| rule.holds(t))) {
            failed = Err(sink.error(self.no_label(rule)));
        }
        let missing = |name: &&String| !found.iter().any(|target| target.service == **name);
        for name in selection.services.iter().filter(missing) {
            failed = Err(sink.error(self.no_pair(selection, name)));
        }
        let missing = |name: &&String| !found.iter().any(|target| target.environment == **name);
        let mut nothing_in = |name: &str, what: &str, sink: &mut Sink| {
            if failed.is_ok() {
                let message = format!("nothing of what is chosen runs in the {what} `{name}`");
                let hint = "`jibe list` shows what runs where";
                let finding = Diagnostic::error(Code::WorkspaceSelection, message).hint(hint);
                failed = Err(sink.error(finding));
            }
        };
        for name in selection.environments.iter().filter(missing) {
            nothing_in(name, "environment", sink);
        }
        let missing = |name: &&String| !found.iter().any(|target| target.namespace == **name);
        for name in selection.namespaces.iter().filter(missing) {
            nothing_in(name, "namespace", sink);
        }
        failed
    }

    fn no_label(&self, rule: &LabelRule) -> Diagnostic {
        let message = format!("no service has a label as `{}` asks for", rule.text);
        let mut known: Vec<_> = self
            .targets
            .iter()
            .filter_map(|target| Some(format!("{}={}", rule.key, target.labels.get(&rule.key)?)))
            .collect();
        known.sort();
        known.dedup();
        let keys: BTreeSet<_> =
            self.targets.iter().flat_map(|t| t.labels.keys().map(String::as_str)).collect();
        let hint = match known.is_empty() {
            true => unknown_hint(&rule.key, keys, "labels"),
            false => {
                unknown_hint(&rule.text, known.iter().map(String::as_str), "labels of that key")
            }
        };
        Diagnostic::error(Code::WorkspaceSelection, message).hint(hint)
    }

    /// Why a service has no target among the environments, namespaces and labels that were named.
    fn no_pair(&self, selection: &Selection, name: &str) -> Diagnostic {
        let own: Vec<_> = self.targets.iter().filter(|target| target.service == name).collect();
        let config = &self.services[name].config;
        let finding = |what: &str, field: &str, all: BTreeSet<&str>| {
            let listed: Vec<_> = all.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("`{name}` does not run in the {what}");
            Diagnostic::error(Code::WorkspaceSelection, message)
                .at(config.place(&[field]), format!("it runs in {}", listed.join(", ")))
                .hint(format!("add it to `{field}` in service.yaml, or choose another"))
        };
        let quoted = |names: &[String]| {
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        };
        let environments: BTreeSet<_> = own.iter().map(|t| t.environment.as_str()).collect();
        if !selection.environments.iter().any(|e| environments.contains(e.as_str()))
            && !selection.environments.is_empty()
        {
            let what = format!("environment {}", quoted(&selection.environments));
            return finding(&what, "environments", environments);
        }
        let within = own.iter().filter(|t| among(&selection.environments, &t.environment));
        let namespaces: BTreeSet<_> = within.map(|t| t.namespace.as_str()).collect();
        if !selection.namespaces.iter().any(|n| namespaces.contains(n.as_str()))
            && !selection.namespaces.is_empty()
        {
            let what = format!("namespace {}", quoted(&selection.namespaces));
            return finding(&what, "namespaces", namespaces);
        }
        let message = format!("`{name}` does not have the labels that `-l` asks for");
        let text = if config.says.labels.is_empty() { "it has no labels" } else { "its labels" };
        Diagnostic::error(Code::WorkspaceSelection, message)
            .at(config.place(&["labels"]), text)
            .hint("leave `-l` out, or add the label to service.yaml")
    }
}

/// Whether a name was named, or none was.
fn among(named: &[String], name: &str) -> bool {
    named.is_empty() || named.iter().any(|other| other == name)
}

fn no_targets() -> Diagnostic {
    Diagnostic::error(Code::WorkspaceSelection, "there is nothing to render")
        .hint("`jibe new service NAME` makes a service; `jibe list` shows what runs where")
}

/// One rule on labels.
#[derive(Debug)]
struct LabelRule {
    text: String,
    key: String,
    asks: Asks,
}

#[derive(Debug)]
enum Asks {
    Is(String),
    IsNot(String),
    Present,
    Absent,
}

impl LabelRule {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (key, asks) = if let Some((key, value)) = text.split_once("!=") {
            (key, Asks::IsNot(value.to_owned()))
        } else if let Some((key, value)) = text.split_once('=') {
            (key, Asks::Is(value.strip_prefix('=').unwrap_or(value).to_owned()))
        } else if let Some(key) = text.strip_prefix('!') {
            (key, Asks::Absent)
        } else {
            (text, Asks::Present)
        };
        let legal = !key.is_empty() && !key.contains(['!', ' ', '=']);
        legal.then(|| Self { text: text.to_owned(), key: key.to_owned(), asks })
    }

    /// As in Kubernetes, `key!=value` holds without the label, too.
    fn holds(&self, target: &Target) -> bool {
        let value = target.labels.get(&self.key);
        match &self.asks {
            Asks::Is(text) => value == Some(text),
            Asks::IsNot(text) => value != Some(text),
            Asks::Present => value.is_some(),
            Asks::Absent => value.is_none(),
        }
    }
}
