//! A seeded fleet: services of one chart in three environments, as a workspace and as a Helm chart.
//!
//! The same number of services gives the same bytes, on any machine. Every target renders six objects.

#[path = "../../tests/random/mod.rs"]
mod random;

use random::Random;
use std::fmt::Write;

/// The environments of `jibe.yaml`.
pub(crate) const ENVIRONMENTS: [&str; 3] = ["dev", "staging", "prod"];
/// How many objects a target renders.
pub(crate) const OBJECTS: usize = 6;

/// A path below the fleet's folder, and a text.
pub(crate) type File = (String, String);

macro_rules! folder {
    ($folder:literal: $($path:literal)+) => {
        [$(($path, include_str!(concat!($folder, "/", $path))),)+]
    };
}

/// The workspace: `services` times `service.yaml`, values, and values of each environment.
pub(crate) fn workspace(services: usize) -> Vec<File> {
    let fixed = folder!("jibe": "jibe.yaml" "charts/base/chart.yaml"
        "charts/base/templates/_labels.yaml" "charts/base/templates/_pod.yaml" "charts/app/chart.yaml"
        "charts/app/values.yaml" "charts/app/values.schema.json" "charts/app/templates/deployment.yaml"
        "charts/app/templates/config.yaml" "charts/app/templates/service.yaml"
        "charts/app/templates/scaling.yaml");
    let mut files: Vec<File> =
        fixed.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    files.push(("values.yaml".to_owned(), "team: shop\n".to_owned()));
    for environment in ENVIRONMENTS {
        files.push((format!("environments/{environment}.yaml"), of_environment(environment)));
    }
    for number in 0..services {
        files.extend(service(number));
    }
    files
}

/// The same chart for Helm, to be put beside a workspace, whose values files it takes with `-f`.
pub(crate) fn helm() -> Vec<File> {
    let values = include_str!("jibe/charts/app/values.yaml");
    // Helm has no variable for an environment, so its values carry the name.
    let schema = include_str!("jibe/charts/app/values.schema.json")
        .replace("\"team\": {", "\"environment\": { \"type\": \"string\" },\n    \"team\": {");
    let fixed = folder!("helm": "Chart.yaml" "templates/_base.tpl" "templates/deployment.yaml"
        "templates/config.yaml" "templates/service.yaml" "templates/scaling.yaml");
    let mut files: Vec<File> =
        fixed.into_iter().map(|(path, text)| (format!("helm/{path}"), text.to_owned())).collect();
    files.push(("helm/values.yaml".to_owned(), values.to_owned()));
    files.push(("helm/values.schema.json".to_owned(), schema));
    for environment in ENVIRONMENTS {
        let text = format!("environment: {environment}\n");
        files.push((format!("helm-{environment}.yaml"), text));
    }
    files
}

/// The name of a service.
pub(crate) fn name(number: usize) -> String {
    format!("svc-{number:05}")
}

fn of_environment(name: &str) -> String {
    let level = if name == "dev" { "debug" } else { "info" };
    let sampling = if name == "prod" { 0.01 } else { 0.5 };
    format!("logLevel: {level}\ntracing:\n  sampling: {sampling}\n")
}

fn service(number: usize) -> Vec<File> {
    let name = name(number);
    let mut random = Random::new(number as u64);
    let folder = format!("services/{name}");
    let mut files = vec![
        (format!("{folder}/service.yaml"), "source: charts/app\n".to_owned()),
        (format!("{folder}/values.yaml"), values(&name, &mut random)),
    ];
    for environment in ENVIRONMENTS {
        let (min, max) = (1 + random.below(3), 4 + random.below(6));
        let text = format!(
            "image:\n  tag: \"{:012x}\"\nreplicas:\n  min: {min}\n  max: {max}\n",
            random.next() % (1 << 48)
        );
        files.push((format!("{folder}/{environment}.yaml"), text));
    }
    files
}

fn values(name: &str, random: &mut Random) -> String {
    let mut text = format!("image:\n  repository: shop/{name}\n");
    let memory = 128 << random.below(4);
    let _ = write!(
        text,
        "resources:\n  requests:\n    memory: {memory}Mi\n  limits:\n    memory: {memory}Mi\n"
    );
    let _ = write!(text, "tracing:\n  enabled: {}\n", random.below(2) == 1);
    // Strings that would be something else without their quotes.
    let odd = ["on", "0644", "1e3", "null", "a: b", "2024-01-01", "# no comment", "plain"];
    text.push_str("env:\n");
    for variable in 0..1 + random.below(6) {
        let value = odd[random.below(odd.len())];
        let _ = writeln!(text, "  FEATURE_{variable}: \"{value}\"");
    }
    text.push_str("config:\n");
    for entry in 0..1 + random.below(4) {
        let _ = writeln!(text, "  SETTING_{entry}: \"value {} of {name}\"", random.below(1000));
    }
    text
}
