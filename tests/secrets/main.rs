//! A value that a schema marks as secret appears in no output of any command: every byte is searched.
//!
//! One workspace has another secret in each of its layers. Each case changes a file of it, so that
//! something goes wrong near a secret or with it, and runs every command.

mod aliases;
mod derived;
mod passed;
mod unread;

use rayon::prelude::*;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What every secret of the workspace holds, and as base64, at any of the three offsets.
const MARKS: [&str; 6] =
    ["Zq7Marker", "WnE3TWFya2Vy", "pxN01hcmtlc", "acTdNYXJrZX", "ZQ7MARKER", "zq7marker"];

const SCHEMA: &str = r##"{
  "type": "object",
  "properties": {
    "db": {
      "type": "object",
      "properties": {
        "host": {"type": "string"},
        "password": {"$ref": "#/$defs/secret"},
        "keys": {"type": "array", "items": {"allOf": [{"$ref": "#/$defs/secret"}]}},
        "users": {"additionalProperties": {"type": "string", "writeOnly": true}},
        "pem": {"type": "string", "x-jibe-sensitive": true, "maxLength": 60}
      },
      "additionalProperties": false
    },
    "url": {"type": "string"},
    "replicas": {"type": "integer"}
  },
  "$defs": {"secret": {"type": "string", "x-jibe-sensitive": true, "maxLength": 40}}
}"##;

const CONFIG: &str = "apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ target.service }}
data:
  host: {{ values.db.host }}
";

/// The layers of values, each with a secret of its own.
const LAYERS: [&str; 8] = [
    "charts/web/values.yaml",
    "charts/web/overlays/prod/values.yaml",
    "values.yaml",
    "environments/prod.yaml",
    "namespaces/shop.yaml",
    "namespaces/shop/prod.yaml",
    "services/web/values.yaml",
    "services/web/prod.yaml",
];

const CHART: &str = "name: web
version: 1.0.0
dependencies:
  - path: ../cache
    as: cache
    values: { login: !tpl \"{{ values.db.password }}\", db: !tpl \"{{ values.db }}\" }
";

const CACHE: &str = "apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ target.service }}
data:
  host: {{ values.db.host }}
  has: {% if values.login %}\"yes\"{% endif %}
";

/// Every command that shows anything of a workspace.
const COMMANDS: [&[&str]; 31] = [
    &["render", "-e", "prod"],
    &["render", "web", "-e", "prod", "--format", "json"],
    &["render", "--write", "--deny", "warnings"],
    &["check"],
    &["check", "--twice"],
    &["check", "--format", "json"],
    &["values", "web", "-e", "prod"],
    &["values", "web", "-e", "prod", "--sources"],
    &["values", "web", "-e", "prod", "--format", "json"],
    &["values", "web", "-e", "prod", "--sources", "--format", "json"],
    &["list", "inputs"],
    &["list", "--format", "json"],
    &["render", "./charts/web", "-e", "prod"],
    &["render", "web", "-e", "prod", "--show-only", "ConfigMap/web"],
    &["check", "--deny", "warnings", "--allow-inline-secrets"],
    &["values", "web", "-e", "prod", "--dependency", "cache"],
    &["values", "web", "-e", "prod", "--dependency", "cache", "--sources", "--format", "json"],
    &["values", "web", "--diff", "dev", "prod"],
    &["values", "web", "--diff", "prod", "dev", "--format", "json"],
    &["values", "web", "--diff", "dev", "prod", "--dependency", "cache"],
    &["explain", "web", "-e", "prod"],
    &["explain", "web", "db", "-e", "prod", "--format", "json"],
    &["explain", "web", "db.password", "-e", "prod"],
    &["explain", "web", "db.password.x", "-e", "prod"],
    &["explain", "web", "db.keys[7]", "-e", "prod"],
    &["explain", "web", "dsn", "-e", "prod", "--format", "json"],
    &["explain", "web", "--dependency", "cache", "login", "-e", "prod"],
    &["explain", "web", "ConfigMap/web", "-e", "prod", "--format", "json"],
    &["explain", "web", "ConfigMap/web", "data.host", "-e", "prod"],
    &["list", "charts"],
    &["docs", "charts/web"],
];

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(path, text).expect("a file");
}

fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    put(
        root,
        "jibe.yaml",
        "environments:\n  dev: { namespaces: { shop: shop } }\n  prod: { namespaces: { shop: shop } }\n",
    );
    put(root, "charts/web/chart.yaml", CHART);
    put(root, "charts/cache/chart.yaml", "name: cache\nversion: 1.0.0\n");
    put(root, "charts/cache/templates/config.yaml", CACHE);
    put(root, "charts/web/values.schema.json", SCHEMA);
    put(root, "charts/web/templates/config.yaml", CONFIG);
    put(root, "services/web/service.yaml", "source: charts/web\n");
    for (number, layer) in LAYERS.iter().enumerate() {
        put(root, layer, &values(number));
    }
    folder
}

fn values(number: usize) -> String {
    let secret = format!("Zq7Marker{number}");
    format!(
        "db:\n  host: db.example.com\n  password: {secret}p\n  keys: [{secret}a, \"{secret}\\u0062\"]\n  users: {{ joe: {secret}j }}\n  pem: |\n    {secret}-first\n    {secret}-second\nurl: db://joe:{secret}p@db.example.com\ndsn: !tpl \"{{{{ values.db.password }}}}\"\n"
    )
}

/// Runs a command and searches what it prints.
#[track_caller]
fn run(root: &Path, arguments: &[&str], case: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_jibe"))
        .args(arguments)
        .current_dir(root)
        .output()
        .expect("the program runs");
    let seen = [output.stdout, output.stderr].concat();
    let seen = String::from_utf8(seen).expect("text");
    for mark in MARKS {
        assert!(!seen.contains(mark), "{case}: jibe {}\n{seen}", arguments.join(" "));
    }
    seen
}

/// How many of the commands run one after the other: the last of them writes what the others read.
const IN_ORDER: usize = 3;

/// Runs every command but the first, and gives what they print.
#[track_caller]
fn run_others(root: &Path, case: &str) -> Vec<String> {
    let (in_order, others) = COMMANDS[1..].split_at(IN_ORDER - 1);
    let mut seen: Vec<_> = in_order.iter().map(|command| run(root, command, case)).collect();
    seen.par_extend(others.par_iter().map(|command| run(root, command, case)));
    seen
}

/// Changes one file and runs every command; the first of them is expected to say something.
#[track_caller]
fn check(path: &str, text: &str, expect: &str) {
    let folder = workspace();
    put(folder.path(), path, text);
    let case = format!("{path}:\n{text}\n");
    let first = run(folder.path(), COMMANDS[0], &case);
    assert!(first.contains(expect), "{case}{first}");
    run_others(folder.path(), &case);
}

fn config(line: &str) -> String {
    format!("{CONFIG}  {line}\n")
}

#[test]
fn nothing_is_shown_where_nothing_is_wrong() {
    check("README.md", "", "host: db.example.com");
}

#[test]
fn a_value_that_the_schema_refuses_is_not_shown() {
    let wrong = [
        ("password: [Zq7Marker]", "must be a string"),
        ("password: Zq7Marker-that-is-longer-than-forty-characters", "db.password"),
        ("password: { Zq7Marker: Zq7Marker }", "must be a string"),
        ("{ password: Zq7Marker, hots: x }", "hots"),
        ("keys: [Zq7Marker, [Zq7Marker]]", "keys"),
        ("keys: Zq7Marker", "must be a list"),
        ("users: { joe: [Zq7Marker] }", "joe"),
        ("pem: \"Zq7Marker 0123456789012345678901234567890123456789012345678901234567890\"", "pem"),
    ];
    wrong.into_par_iter().for_each(|(wrong, expect)| {
        let before = if wrong.starts_with('{') { "db: " } else { "db:\n  " };
        check("services/web/prod.yaml", &format!("{before}{wrong}\n"), expect);
    });
}

#[test]
fn a_file_that_is_no_yaml_shows_nothing() {
    let broken = [
        "db:\n  password: Zq7Marker\n  password: Zq7Marker\n",
        "db:\n  password: \"Zq7Marker\n",
        "db:\n  password: Zq7Marker: x\n",
        "db:\n  password: !x Zq7Marker\n",
        "db:\n  pem: |\n    Zq7Marker\n   Zq7Marker\n  x: [\n",
        "db: { password: Zq7Marker, x: [ }\n",
        "password: Zq7Marker\n---\npassword: Zq7Marker\n",
        "- password: Zq7Marker\n",
    ];
    let cases: Vec<_> =
        broken.iter().flat_map(|broken| LAYERS.map(|layer| (layer, *broken))).collect();
    cases.into_par_iter().for_each(|(layer, broken)| {
        let folder = workspace();
        put(folder.path(), layer, broken);
        for command in [COMMANDS[0], COMMANDS[5], COMMANDS[6]] {
            let seen = run(folder.path(), command, &format!("{layer}:\n{broken}"));
            assert!(seen.contains("error"), "{seen}");
        }
    });
}

#[test]
fn a_chart_alone_that_is_no_yaml_shows_nothing() {
    for pattern in ["password", "_PASSWORD$"] {
        let folder = workspace();
        let (name, word) = match pattern {
            "password" => ("password", "properties"),
            _ => ("DB_PASSWORD", "patternProperties"),
        };
        let schema = format!("{{\"{word}\": {{\"{pattern}\": {{\"writeOnly\": true}}}}}}");
        put(folder.path(), "lone/chart.yaml", "name: lone\nversion: 1.0.0\n");
        put(folder.path(), "lone/values.schema.json", &schema);
        for broken in ["Zq7Marker: x", "{ x: Zq7Marker, x: 1 ", "|\n    Zq7Marker\n   x: ["] {
            put(folder.path(), "lone/values.yaml", &format!("{name}: {broken}\n"));
            let seen = run(folder.path(), &["render", "./lone"], broken);
            assert!(seen.contains("error"), "{seen}");
        }
    }
}

#[test]
fn a_template_that_fails_shows_nothing() {
    let lines = [
        "a: {{ fail(values.db.password) }}",
        "a: {{ values.db.password | int }}",
        "a: {{ values.db.password.x }}",
        "a: {{ values.db.password + 1 }}",
        "a: {{ values.db.keys[7] }}",
        "a: {{ values.db.users.jim }}",
        "{{ values.db.keys }}: a",
        "a: \"{{ values.db.users }}\"",
        "a: {{ values.url | semver_compare('>1') }}",
        "a: {{ files.get(values.db.password) }}",
        "a: {{ values.db[values.db.password] }}",
    ];
    lines.into_par_iter().for_each(|line| {
        check("charts/web/templates/config.yaml", &config(line), "error");
    });
}

#[test]
fn a_secret_in_a_manifest_is_refused_and_not_shown() {
    let lines = [
        "a: {{ values.db.password }}",
        "a: {{ values.db.password | b64encode }}",
        "a: {{ values.db.password | sha256 }}",
        "a: {{ (\"joe:\" ~ values.db.password) | b64encode }}",
        "a: {{ values.url }}",
        "a: \"x {{ values.db.pem }}\"",
        "a: {{ values.db | to_json }}",
        "<<: {{ values.db.users }}",
        "{{ values.db.password }}: a",
        "{% set p = values.db.password | upper %}\n  a: {{ p }}",
        "{% for key in values.db.keys %}\n  k{{ loop.index }}: {{ key }}\n  {% endfor %}",
        "a: |\n    {{ values.db.pem }}",
    ];
    lines.into_par_iter().for_each(|line| {
        check("charts/web/templates/config.yaml", &config(line), "check/secret-inline");
    });
}

#[test]
fn a_manifest_that_is_wrong_with_a_secret_in_it_does_not_show_it() {
    let service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ target.service }}\nspec:\n  ports:\n    - port: {{ values.db.password }}\n  x: {{ values.url }}\n";
    check("charts/web/templates/service.yaml", service, "check/schema");
}

#[test]
fn a_secret_that_decides_is_no_secret() {
    let line = "{% if values.db.password %}\n  a: {{ values.replicas | default(1) | string }}\n  {% endif %}";
    check("charts/web/templates/config.yaml", &config(line), "a: \"1\"");
}

#[test]
fn arguments_show_nothing() {
    let folder = workspace();
    let long = "Zq7Marker-that-is-longer-than-forty-characters\n";
    put(folder.path(), "password.txt", long);
    let arguments = [
        ["--set", "db.password=Zq7Marker,,x"],
        ["--set", "db.password[=Zq7Marker"],
        ["--set", "db.password={Zq7Marker"],
        ["--set", "db.password:Zq7Marker"],
        ["--set", "db.keys[0]=Zq7Marker,db.keys[99999]=Zq7Marker"],
        ["--set", "db.password=Zq7Marker,db.hots=1"],
        ["--set-string", "db.password=Zq7Marker-that-is-longer-than-forty-characters"],
        ["--set-json", "db.password={\"a\": Zq7Marker}"],
        ["--set-json", "{\"db\": {\"password\": \"Zq7Marker\", }}"],
        ["--set-json", "db={\"password\": [\"Zq7Marker\"]}"],
        ["--set-file", "db.password=password.txt"],
    ];
    arguments.par_iter().for_each(|argument| {
        for command in [COMMANDS[0], COMMANDS[2], COMMANDS[6], COMMANDS[9]] {
            let arguments = [command, argument].concat();
            let seen = run(folder.path(), &arguments, "");
            assert!(seen.contains("error"), "{argument:?}: {seen}");
        }
    });
}

#[test]
fn a_difference_shows_no_secret_of_now_or_before() {
    let folder = workspace();
    put(folder.path(), "charts/web/templates/config.yaml", &config("a: {{ values.db.password }}"));
    let allowed = ["render", "--write", "--allow-inline-secrets"];
    let seen = run(folder.path(), &allowed, "allowed");
    assert!(seen.contains("1 unchanged") || seen.contains("written"), "{seen}");
    let file = folder.path().join("rendered/prod/shop/web/configmap-web.yaml");
    assert!(fs::read_to_string(file).expect("it was written").contains("Zq7Marker7p"));
    put(folder.path(), "services/web/prod.yaml", "db:\n  password: another-secret\n");
    for command in [
        &["check", "--allow-inline-secrets"][..],
        &["check", "--allow-inline-secrets", "--format", "json"],
    ] {
        let seen = run(folder.path(), command, "changed");
        assert!(seen.contains("changed") && !seen.contains("another-secret"), "{seen}");
    }
    put(folder.path(), "charts/web/templates/config.yaml", &config("password: none"));
    run(folder.path(), &["check"], "removed");
}

/// What the schema of a dependency does not mark is secret nonetheless where a secret was passed on.
#[test]
fn a_secret_that_is_passed_on_stays_one() {
    let passed = [
        "{{ values.db.password }}",
        "{{ values.db.password | b64encode }}",
        "{{ values.db.password | sha256 }}",
        "{{ values.db.password | upper }}",
        "x{{ values.db.password }}",
        "{{ values.pin }}",
        "{{ values.again }}",
        "{{ values.coded }}",
    ];
    passed.into_par_iter().for_each(|passed| {
        let folder = workspace();
        let root = folder.path();
        let schema = SCHEMA.replacen("\"url\"", "\"pin\": {\"writeOnly\": true},\n    \"url\"", 1);
        put(root, "charts/web/values.schema.json", &schema);
        let more = "pin: 417\nagain: !tpl '{{ values.coded }}'\ncoded: !tpl '{{ values.db.password | sha256 }}'\n";
        put(root, "services/web/values.yaml", &format!("{}{more}", values(6)));
        put(
            root,
            "charts/web/chart.yaml",
            &format!(
                "name: web\nversion: 1.0.0\ndependencies:\n  - path: ../cache\n    values: {{ auth: {{ token: !tpl \"{passed}\" }} }}\n"
            ),
        );
        put(root, "charts/cache/chart.yaml", "name: cache\nversion: 1.0.0\n");
        put(root, "charts/cache/values.yaml", "auth: { token: none }\n");
        put(
            root,
            "charts/cache/templates/config.yaml",
            &CONFIG.replace("host: {{ values.db.host }}", "t: \"{{ values.auth.token }}\""),
        );
        let seen = run(root, COMMANDS[0], passed);
        assert!(seen.contains("check/secret-inline") && !seen.contains("417"), "{passed}: {seen}");
        for seen in run_others(root, passed) {
            assert!(!seen.contains(": 417") && !seen.contains("\"417"), "{passed}: {seen}");
        }
    });
}

#[test]
fn what_refers_to_a_secret_is_one() {
    for made in
        ["{{ values.db.password | sha256 }}", "{{ values.copy }}", "{{ [values.copy] | join }}"]
    {
        let folder = workspace();
        let root = folder.path();
        let more =
            format!("made: !tpl '{made}'\ncopy: !tpl '{{{{ values.db.password | b64encode }}}}'\n");
        put(root, "services/web/values.yaml", &format!("{}{more}", values(6)));
        put(root, "charts/web/templates/config.yaml", &config("a: {{ values.made }}"));
        let seen = run(root, COMMANDS[0], made);
        assert!(seen.contains("check/secret-inline"), "{made}: {seen}");
        run_others(root, made);
    }
}
