//! What cannot be read or merged shows none of the secrets in it.

use super::{put, run, workspace};
use std::path::Path;

/// Lists whose items are secret, by a name of their own and under keys that are told by a pattern.
const SCHEMA: &str = r##"{
  "properties": {
    "users": {
      "type": "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      "items": {
        "properties": {
          "name": {"type": "string", "writeOnly": true},
          "value": {"writeOnly": true}
        }
      }
    }
  },
  "patternProperties": {"token$": {"type": "string", "writeOnly": true}}
}"##;

#[track_caller]
fn check(root: &Path, arguments: &[&str], expect: &str) {
    for command in [&["render", "-e", "prod"][..], &["render", "-e", "prod", "--format", "json"]] {
        let seen = run(root, &[command, arguments].concat(), expect);
        assert!(seen.contains(expect), "{seen}");
        assert!(!seen.contains("q7q"), "{seen}");
    }
}

#[track_caller]
fn check_values(text: &str, expect: &str) {
    let folder = workspace();
    put(folder.path(), "charts/web/chart.yaml", "name: web\nversion: 1.0.0\n");
    put(folder.path(), "charts/web/values.schema.json", SCHEMA);
    put(folder.path(), "services/web/values.yaml", text);
    check(folder.path(), &[], expect);
}

#[test]
fn items_of_a_list_that_cannot_be_merged_are_not_shown() {
    for text in [
        "users:\n  - name: Zq7Marker-a\n    value: Zq7Marker-b\n  - name: Zq7Marker-a\n    value: q7q\n",
        "users:\n  - value: Zq7Marker-b\n",
        "users:\n  - value: q7q\n",
        "users: [{name: Zq7Marker-a, value: Zq7Marker-b}, {value: q7q, name: Zq7Marker-a}]\n",
        "users: [{value: Zq7Marker-b}]\n",
        "users: [{name: [Zq7Marker-a], value: q7q}]\n",
    ] {
        check_values(text, "values/list-item");
    }
}

#[test]
fn items_of_an_argument_that_cannot_be_merged_are_not_shown() {
    let folder = workspace();
    put(folder.path(), "charts/web/chart.yaml", "name: web\nversion: 1.0.0\n");
    put(folder.path(), "charts/web/values.schema.json", SCHEMA);
    for argument in [
        r#"users=[{"name": "Zq7Marker-a", "value": "q7q"}, {"name": "Zq7Marker-a", "value": "Zq7Marker-b"}]"#,
        r#"users=[{"value": "Zq7Marker-b"}]"#,
        r#"{"users": [{"value": "q7q"}]}"#,
    ] {
        check(folder.path(), &["--set-json", argument], "values/list-item");
    }
}

#[test]
fn a_name_that_a_pattern_marks_is_known_where_nothing_can_be_read() {
    for text in [
        "mytoken: 1\nmytoken: Zq7Marker-x\n",
        "mytoken: q7q\nmytoken: Zq7Marker-x\n",
        "mytoken: \"Zq7Marker-x\n",
        "mytoken: Zq7Marker: x\n",
    ] {
        check_values(text, "error");
    }
}

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n";

#[test]
fn a_secret_that_cannot_be_read_or_taken_is_not_shown() {
    for wrong in [
        "stringData:\n  a: q7q\n  a: Zq7Marker\n",
        "stringData:\n  a: \"Zq7Marker\n",
        "stringData:\n  a: Zq7Marker-1: x\n",
        "stringData:\n  a: *Zq7Marker-1\n",
        "stringData:\n  a: !Zq7Marker q7q\n",
        "stringData: { a: Zq7Marker, b: q7q\n",
        "stringdata:\n  a: Zq7Marker\n",
        "password: Zq7Marker\n",
        "stringData:\n  a: [Zq7Marker, q7q]\n",
        "stringData: Zq7Marker\n",
        "  stringData:\n    a: Zq7Marker\n",
        "  labels: { a: [Zq7Marker, q7q] }\n",
        " stringData:\n    a: Zq7Marker\n",
    ] {
        for path in ["services/web/manifests/secret.yaml", "charts/web/templates/secret.yaml"] {
            let folder = workspace();
            put(folder.path(), path, &format!("{SECRET}{wrong}"));
            check(folder.path(), &[], "error");
        }
    }
}

#[test]
fn a_list_of_secrets_that_cannot_be_read_is_not_shown() {
    for wrong in [
        "apiVersion: v1\nkind: SecretList\nitems:\n  - stringData: { a: Zq7Marker, a: q7q }\n",
        "apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Secret, metadata: {name: a}, password: Zq7Marker}\n",
        "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"stringData\": {\"a\": \"Zq7Marker\", \"b\": q7q}",
    ] {
        let folder = workspace();
        put(folder.path(), "services/web/manifests/secret.yaml", wrong);
        check(folder.path(), &[], "error");
    }
}

#[test]
fn an_argument_that_cannot_be_read_shows_nothing_behind_a_marked_name() {
    let folder = workspace();
    let schema = r#"{"properties": {"db": {"properties": {"password": {"writeOnly": true}}}, "free": {"patternProperties": {"_token$": {"writeOnly": true}}}}}"#;
    put(folder.path(), "charts/web/values.schema.json", schema);
    for argument in [
        "db.password=q7q,Zq7Marker-two",
        "db.password=Zq7Marker,q7q",
        "free.my_token=a,Zq7Marker[b",
        "free.my_token=Zq7Marker,q7q[b",
        "free.my_token[0]=Zq7Marker,q7q",
        "db.host=x,db.password=Zq7Marker,q7q.",
    ] {
        check(folder.path(), &["--set", argument], "error");
    }
}

#[test]
fn an_alias_a_tag_or_an_anchor_behind_a_marked_name_is_not_shown() {
    for value in [
        "*Zq7Marker-abc",
        "*q7q",
        "!Zq7Marker x",
        "!q7q x",
        "&Zq7Marker-abc",
        "&q7q [",
        "&q7q x y: z",
    ] {
        check_values(&format!("mytoken: {value}\n"), "");
    }
}
