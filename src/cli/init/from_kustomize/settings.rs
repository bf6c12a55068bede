//! What jibe.yaml and service.yaml say of applications and the namespaces of their overlays.

use crate::cli::starter::in_yaml;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The Kubernetes version of a workspace that is new.
const KUBERNETES: &str = "1.35";
/// What the namespace of overlays is called whose objects name none.
const UNNAMED: [&str; 2] = ["default", "unnamed"];

/// An application and its overlays.
pub(super) struct App {
    /// Its folder, seen from jibe.yaml.
    pub(super) folder: String,
    /// The name of its service.
    pub(super) name: String,
    /// By the names of its overlays.
    pub(super) overlays: BTreeMap<String, Spaces>,
}

/// The namespaces that the objects of an overlay name.
#[derive(Default)]
pub(super) struct Spaces {
    /// That of most objects.
    pub(super) own: Option<String>,
    pub(super) others: BTreeSet<String>,
}

/// The namespaces of an environment: real names by logical ones.
pub(super) type Namespaces = IndexMap<String, Option<String>>;

/// The namespaces of all environments.
#[derive(Default)]
pub(super) struct Environments(pub(super) BTreeMap<String, Namespaces>);

/// An environment and its namespace that an application needs.
pub(super) struct Missing<'a> {
    pub(super) environment: &'a str,
    pub(super) namespace: Option<&'a str>,
}

impl App {
    pub(super) fn source(&self) -> String {
        join(&self.folder, "overlays/{env}")
    }

    pub(super) fn service(&self) -> String {
        format!("services/{}/service.yaml", self.name)
    }

    /// The text of service.yaml.
    pub(super) fn text(&self, known: &Environments) -> String {
        let mut text = format!(
            "# yaml-language-server: $schema=../../.jibe/service.schema.json\nsource: {}\n",
            in_yaml(&self.source())
        );
        let mut say = |key: &str, names: &BTreeSet<&str>| {
            let names: Vec<_> = names.iter().map(|name| in_yaml(name)).collect();
            writeln!(text, "{key}: [{}]", names.join(", ")).expect("a string takes everything");
        };
        if self.overlays.len() < known.0.len() {
            say("environments", &self.overlays.keys().map(String::as_str).collect());
        }
        let has_several = |name: &String| known.0.get(name).is_some_and(|all| all.len() > 1);
        if self.overlays.keys().any(has_several) {
            say("namespaces", &self.labels(known));
        }
        let others: BTreeSet<_> =
            self.overlays.values().flat_map(|all| &all.others).map(String::as_str).collect();
        if !others.is_empty() {
            say("otherNamespaces", &others);
        }
        text
    }

    /// What its namespaces are called.
    fn labels<'k>(&self, known: &'k Environments) -> BTreeSet<&'k str> {
        let label = |(name, spaces): (&String, &Spaces)| {
            known.label(name, spaces.own.as_deref(), &self.name)
        };
        self.overlays.iter().filter_map(label).collect()
    }

    /// The first of its overlays that has no place in the environments.
    pub(super) fn missing(&self, known: &Environments) -> Option<Missing<'_>> {
        let labels = self.labels(known);
        let fits = |name: &String, spaces: &Spaces| {
            let own = known.label(name, spaces.own.as_deref(), &self.name);
            let all = known.0.get(name).into_iter().flat_map(IndexMap::keys);
            let meant: Vec<_> = all.filter(|label| labels.contains(label.as_str())).collect();
            own.is_some() && meant.len() == 1
        };
        let (environment, spaces) =
            self.overlays.iter().find(|(name, spaces)| !fits(name, spaces))?;
        Some(Missing { environment, namespace: spaces.own.as_deref() })
    }
}

impl Environments {
    /// Those that applications need.
    pub(super) fn of(apps: &[App]) -> Self {
        let mut made = Self::default();
        let unnamed = unnamed(apps);
        let all = || apps.iter().flat_map(|app| app.overlays.iter().map(move |one| (app, one)));
        let mut real: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
        for (_, (name, spaces)) in all() {
            real.entry(name).or_default().insert(spaces.own.as_deref());
        }
        let is_clear = |app: &App| {
            let wanted: BTreeSet<_> =
                app.overlays.values().map(|spaces| spaces.own.as_deref()).collect();
            app.overlays.keys().all(|name| real[&**name].intersection(&wanted).count() == 1)
        };
        let is_taken = |label: &str| real.values().any(|names| names.contains(&Some(label)));
        let apart: BTreeMap<_, _> = apps
            .iter()
            .filter(|app| !is_clear(app))
            .map(|app| {
                (&*app.name, if is_taken(&app.name) { apart(&app.name) } else { app.name.clone() })
            })
            .collect();
        for (app, (name, spaces)) in all() {
            let label = match apart.get(&*app.name) {
                Some(label) => label,
                None => spaces.own.as_deref().unwrap_or(unnamed),
            };
            let environment = made.0.entry(name.clone()).or_default();
            environment.insert(label.to_owned(), spaces.own.clone());
        }
        made.0.values_mut().for_each(IndexMap::sort_keys);
        made
    }

    /// What the namespace of an overlay is called: as the application, if it goes its own way, else by its real name.
    fn label(&self, environment: &str, real: Option<&str>, app: &str) -> Option<&str> {
        let all = self.0.get(environment)?;
        let is_real = |label: &&str| all[*label].as_deref() == real;
        let labels = || all.keys().map(String::as_str);
        let only = || labels().next().filter(|_| real.is_none() && all.len() == 1);
        labels()
            .find(|label| (*label == app || *label == apart(app)) && is_real(label))
            .or_else(|| labels().find(|label| real == Some(*label) && is_real(label)))
            .or_else(|| labels().find(is_real))
            .or_else(only)
    }

    /// The text of jibe.yaml.
    pub(super) fn text(&self) -> String {
        let head =
            "# yaml-language-server: $schema=.jibe/jibe.schema.json\nedition: 1\nenvironments:\n";
        let line = |(name, namespaces): (&String, &Namespaces)| {
            let namespaces = listed(namespaces);
            format!("  {}: {{ kubernetes: \"{KUBERNETES}\"{namespaces} }}\n", in_yaml(name))
        };
        head.to_owned() + &self.0.iter().map(line).collect::<String>()
    }
}

fn listed(namespaces: &Namespaces) -> String {
    let is_real = |(label, real): (&String, &Option<String>)| real.as_ref() == Some(label);
    let real = |real: &Option<String>| real.as_deref().map_or_else(|| "null".to_owned(), in_yaml);
    if namespaces.iter().all(is_real) {
        let names: Vec<_> = namespaces.keys().map(|name| in_yaml(name)).collect();
        return format!(", namespaces: [{}]", names.join(", "));
    }
    if namespaces.len() == 1 && namespaces.get(UNNAMED[0]).is_some_and(Option::is_none) {
        return String::new();
    }
    let pair =
        |(label, name): (&String, &Option<String>)| format!("{}: {}", in_yaml(label), real(name));
    let pairs: Vec<_> = namespaces.iter().map(pair).collect();
    format!(", namespaces: {{ {} }}", pairs.join(", "))
}

/// What the namespaces of an application are called that goes its own way, where a real one has its name.
fn apart(app: &str) -> String {
    format!("{app}-own")
}

/// A name that no namespace of the applications has.
fn unnamed(apps: &[App]) -> &'static str {
    let all = || apps.iter().flat_map(|app| app.overlays.values());
    let is_real = |name: &&str| all().any(|spaces| spaces.own.as_deref() == Some(*name));
    UNNAMED.into_iter().find(|name| !is_real(name)).unwrap_or(UNNAMED[0])
}

/// A path below a folder; the root's name is empty.
pub(super) fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}
