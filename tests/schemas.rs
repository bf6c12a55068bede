//! The JSON Schemas of jibe's own files, which editors read, say what the program reads.

use jibe::chart::{ChartConfig, Settings};
use jibe::diag::Sink;
use jibe::source::Files;
use jibe::workspace::config::{ServiceConfig, WorkspaceConfig};
use jibe::workspace::{ConfigKind, config_schema};
use jibe::yaml;
use std::fs;
use std::path::Path;

#[test]
fn schemas_in_the_repository_are_those_of_the_types() {
    // The example carries its own, so that a copy of its folder is whole.
    for (kind, folder) in ConfigKind::ALL
        .into_iter()
        .flat_map(|kind| ["schema", "charts-example/.jibe"].map(|folder| (kind, folder)))
    {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("{folder}/{}.schema.json", kind.name()));
        let fresh = config_schema(kind);
        if std::env::var_os("JIBE_BLESS").is_some() {
            fs::write(&path, &fresh).expect("a writable folder");
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == fresh, "{} is stale: run `cargo bless`", path.display());
    }
}

/// Whether the schema and the program take a file of this text.
fn verdicts(kind: ConfigKind, text: &str) -> (bool, bool) {
    let schema = serde_json::from_str(&config_schema(kind)).expect("JSON");
    let files = Files::memory([("file.yaml", text)]).expect("a path");
    let source = files.add("file.yaml", text.as_bytes().to_vec()).expect("text");
    let mut sink = Sink::new(&files);
    let root = yaml::read(&source, &mut sink).expect("YAML").remove(0).root;
    let by_schema = jsonschema::is_valid(&schema, &yaml::to_json(&root));
    let by_program = match kind {
        ConfigKind::Workspace => Settings::<WorkspaceConfig>::of(root, &mut sink).is_ok(),
        ConfigKind::Chart => Settings::<ChartConfig>::of(root, &mut sink).is_ok(),
        _ => Settings::<ServiceConfig>::of(root, &mut sink).is_ok(),
    };
    (by_schema, by_program)
}

fn takes(kind: ConfigKind, text: &str) {
    assert_eq!(verdicts(kind, text), (true, true), "{text}");
}

fn refuses(kind: ConfigKind, texts: &[&str]) {
    for text in texts {
        assert_eq!(verdicts(kind, text), (false, false), "{text}");
    }
}

#[test]
fn schema_and_program_agree_on_jibe_yaml() {
    let full = "requires: \">=0.1\"\nedition: 1\nenvironments:\n  a:\n  b: { extends: a, abstract: true, kubernetes: \"1.35\", namespaces: [x], podSecurity: baseline }\n  c: { kubernetes: [\"1.34\", v1.35.2], namespaces: { x: real, z: null }, checks: { severity: { check/*: warning } } }\noutput: { path: out }\nchecks: { severity: { check/schema: error } }\n";
    takes(ConfigKind::Workspace, full);
    refuses(
        ConfigKind::Workspace,
        &[
            "edition: 1\n",
            "environments: []\n",
            "environments: { a: { kubernetes: 1.35 } }\n",
            "environments: { a: { kubernetes: { x: z } } }\n",
            "environments: { a: { namespaces: x } }\n",
            "environments: { a: { podSecurity: strict } }\n",
            "environments: { a: { extend: b } }\n",
            "environments: { a: }\noutput: out\n",
            "environments: { a: }\nchecks: { severity: { check/*: warn } }\n",
        ],
    );
}

#[test]
fn schema_and_program_agree_on_chart_yaml() {
    let full = "name: a\nversion: 1.0.0\ntype: library\ndescription: x\ndependencies:\n  - { path: ../b, name: c }\n";
    takes(ConfigKind::Chart, full);
    takes(ConfigKind::Chart, "name: a\nversion: 1.0.0\n");
    refuses(
        ConfigKind::Chart,
        &[
            "name: a\n",
            "name: a\nversion: 1.0\n",
            "name: a\nversion: 1.0.0\ntype: app\n",
            "name: a\nversion: 1.0.0\ndependencies: [../b]\n",
            "name: a\nversion: 1.0.0\ndependencies: [{ name: b }]\n",
            "name: a\nversion: 1.0.0\nappVersion: x\n",
        ],
    );
}

#[test]
fn schema_and_program_agree_on_service_yaml() {
    let full = "source: charts/a\nenvironments: [a, b]\nnamespaces: all\notherNamespaces: [x]\nlabels: { a: b }\n";
    takes(ConfigKind::Service, full);
    takes(ConfigKind::Service, "environments: a\nnamespaces: [x]\n");
    refuses(
        ConfigKind::Service,
        &[
            "sources: charts/a\n",
            "source: [charts/a]\n",
            "environments: 1\n",
            "otherNamespaces: x\n",
            "labels: { a: 1 }\n",
            "labels: [a]\n",
        ],
    );
}
