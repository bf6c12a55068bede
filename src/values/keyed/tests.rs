//! Lists that merge, one rule a test.

use crate::diag::Sink;
use crate::values::shown::{layer, no_files, shown};
use crate::values::{Known, Layer, Reach, SetKind, Values, merge};
use std::sync::Arc;

/// `env` is keyed by `name`, `ports` by `port` and `protocol`, `tags` is a set, and `jobs` is a keyed
/// list whose items have an `env` of their own.
pub(in crate::values) fn known() -> Known {
    let env = serde_json::json!({
        "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]
    });
    let schema = serde_json::json!({ "properties": {
        "env": env,
        "ports": { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"] },
        "tags": { "x-kubernetes-list-type": "set" },
        "jobs": {
            "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
            "items": { "properties": { "env": env } },
        },
        "teams": { "additionalProperties": { "properties": { "env": env } } },
    }});
    Known::declared_by(&Arc::new(schema))
}

fn merged(texts: &[&str]) -> Values {
    let files = no_files();
    let names = (0..).map(|number| format!("{number}.yaml"));
    let read = |(name, text): (String, &&str)| match text.strip_prefix("--set ") {
        Some(argument) => {
            Layer::set(SetKind::Typed, argument, &mut Sink::new(&files)).expect("a setting")
        }
        None => layer(&files, &name, Reach::Own, text),
    };
    let layers: Vec<_> = names.zip(texts).map(read).collect();
    merge(&layers[0], &layers[1..], &known())
}

#[track_caller]
fn check(texts: &[&str], expect: &str) {
    assert_eq!(shown(merged(texts).root()), expect);
}

#[test]
fn items_with_the_same_key_merge_and_new_ones_come_last() {
    check(
        &[
            "env: [{name: A, value: 1}, {name: B, value: 2}]",
            "env: [{name: C, value: 3}, {name: B, value: 4}]",
        ],
        r#"{env: [{name: "A", value: 1}, {name: "B", value: 4}, {name: "C", value: 3}]}"#,
    );
}

#[test]
fn an_item_merges_deep_and_keeps_what_nobody_names() {
    check(
        &["env: [{name: A, value: 1, from: {x: 1}}]", "env: [{name: A, from: {w: 2}}]"],
        r#"{env: [{name: "A", value: 1, from: {x: 1, w: 2}}]}"#,
    );
}

#[test]
fn a_null_in_an_item_deletes_its_key() {
    check(
        &["env: [{name: A, value: 1}]", "env: [{name: A, value: null}, {name: B, value: null}]"],
        r#"{env: [{name: "A"}, {name: "B"}]}"#,
    );
}

#[test]
fn a_null_in_an_item_of_the_defaults_declares_its_key() {
    check(
        &[
            "env: [{name: A, value: null}]",
            "env: [{name: A, value: 1}]",
            "env: [{name: A, value: null}]",
        ],
        r#"{env: [{name: "A", value: null}]}"#,
    );
}

#[test]
fn delete_takes_an_item_out_and_one_that_is_not_there_is_fine() {
    check(
        &[
            "env: [{name: A}, {name: B}]",
            "env: [{name: A, $patch: delete}, {name: Z, $patch: delete}]",
        ],
        r#"{env: [{name: "B"}]}"#,
    );
}

#[test]
fn an_item_that_was_taken_out_and_is_set_again_comes_last() {
    check(
        &[
            "env: [{name: A, value: 1}, {name: B}]",
            "env: [{name: A, $patch: delete}]",
            "env: [{name: A}]",
        ],
        r#"{env: [{name: "B"}, {name: "A"}]}"#,
    );
}

#[test]
fn an_empty_list_changes_nothing_and_a_null_deletes_the_list() {
    check(&["env: [{name: A}]", "env: []"], r#"{env: [{name: "A"}]}"#);
    check(&["env: [{name: A}]", "env: null", "env: [{name: B}]"], r#"{env: [{name: "B"}]}"#);
}

#[test]
fn several_keys_tell_items_apart_by_what_they_mean() {
    check(
        &[
            "ports: [{port: 80, protocol: TCP, x: 1}]",
            "ports: [{port: 0x50, protocol: TCP, x: 2}, {port: 80, protocol: UDP}, {port: '80', protocol: TCP}]",
        ],
        r#"{ports: [{port: 0x50, protocol: "TCP", x: 2}, {port: 80, protocol: "UDP"}, {port: "80", protocol: "TCP"}]}"#,
    );
}

#[test]
fn a_set_gains_what_it_lacks() {
    check(&["tags: [a, b]", "tags: [c, a, 1]"], r#"{tags: ["a", "b", "c", 1]}"#);
}

#[test]
fn a_number_is_one_key_however_it_is_written() {
    check(
        &[
            "ports: [{port: 1, protocol: TCP, x: 1}, {port: 1.5, protocol: TCP}]",
            "ports: [{port: 1.0, protocol: TCP, y: 2}, {port: 15e-1, protocol: TCP, z: 3}]",
            "ports: [{port: 0x1, protocol: TCP, $patch: delete}]",
        ],
        r#"{ports: [{port: 15e-1, protocol: "TCP", z: 3}]}"#,
    );
    check(&["tags: [1, 0.5]", "tags: [1.0, 0x1, 1e0, 5e-1, 2]"], "{tags: [1, 0.5, 2]}");
    check(
        &["ports: [{port: 80.0, protocol: TCP}]", "--set ports[port=80,protocol=TCP].x=1"],
        r#"{ports: [{port: 80.0, protocol: "TCP", x: 1}]}"#,
    );
}

#[test]
fn every_digit_of_a_large_number_counts() {
    let tags = "9007199254740992.0, 9007199254740993, 9007199254740993.0, 18446744073709551616, 18446744073709551617";
    check(
        &["tags: []", &format!("tags: [{tags}]")],
        "{tags: [9007199254740992.0, 9007199254740993, 18446744073709551616, 18446744073709551617]}",
    );
    check(
        &[
            "ports: [{port: 18446744073709551616, protocol: x, a: 1}]",
            "ports: [{port: 18446744073709551617, protocol: x, b: 2}]",
        ],
        r#"{ports: [{port: 18446744073709551616, protocol: "x", a: 1}, {port: 18446744073709551617, protocol: "x", b: 2}]}"#,
    );
}

#[test]
fn the_history_of_an_item_knows_its_key_in_any_spelling() {
    let values = merged(&[
        "ports: [{port: 80, protocol: TCP, x: 1}, {port: '80', protocol: TCP, x: 2}]",
        "ports: [{port: 80.0, protocol: TCP, x: 3}]",
    ]);
    let layers = |path: &[&str]| {
        values
            .history(path)
            .iter()
            .map(|s| format!("{} {}", s.layer, shown(s.node)))
            .collect::<Vec<_>>()
    };
    assert_eq!(layers(&["ports", "0", "x"]), ["0.yaml 1", "1.yaml 3"]);
    assert_eq!(layers(&["ports", "port=0x50,protocol=TCP", "x"]), ["0.yaml 1", "1.yaml 3"]);
    assert_eq!(layers(&["ports", "1", "x"]), ["0.yaml 2"]);
}

#[test]
fn lists_in_items_and_in_maps_of_any_key_merge_too() {
    check(
        &[
            "{jobs: [{name: j, env: [{name: A}]}], teams: {x: {env: [{name: A}]}}}",
            "{jobs: [{name: j, env: [{name: B}]}], teams: {x: {env: [{name: B}]}}}",
        ],
        r#"{jobs: [{name: "j", env: [{name: "A"}, {name: "B"}]}], teams: {x: {env: [{name: "A"}, {name: "B"}]}}}"#,
    );
}

#[test]
fn a_list_that_the_schema_says_nothing_of_is_replaced() {
    check(&["args: [{name: A}]", "args: [{name: B}]"], r#"{args: [{name: "B"}]}"#);
}

#[test]
fn a_scalar_or_reference_replaces_the_list_and_a_list_those() {
    check(&["env: [{name: A}]", "env: !tpl x"], r#"{env: !tpl "x"}"#);
    check(&["env: 1", "env: [{name: A, $patch: delete}, {name: B}]"], r#"{env: [{name: "B"}]}"#);
}

#[test]
fn an_argument_names_an_item_by_its_keys() {
    check(
        &["env: [{name: A, value: 1}, {name: LOG}]", "--set env[name=LOG].value=x"],
        r#"{env: [{name: "A", value: 1}, {name: "LOG", value: "x"}]}"#,
    );
    check(&["env: []", "--set env[name=LOG].value=x"], r#"{env: [{name: "LOG", value: "x"}]}"#);
    check(&["env: [{name: A}, {name: B}]", "--set env[name=A]=null"], r#"{env: [{name: "B"}]}"#);
    check(
        &["ports: [{port: 80, protocol: TCP}]", "--set ports[port=80,protocol=TCP].name=web"],
        r#"{ports: [{port: 80, protocol: "TCP", name: "web"}]}"#,
    );
    check(
        &["jobs: [{name: j, env: [{name: A}]}]", "--set jobs[name=j].env[name=A].value=1"],
        r#"{jobs: [{name: "j", env: [{name: "A", value: 1}]}]}"#,
    );
}

#[test]
fn the_history_of_an_item_follows_its_key_and_not_its_position() {
    let values = merged(&[
        "env: [{name: A, value: 1}, {name: B, value: 2}]",
        "env: [{name: B, value: 3}]",
        "env: [{name: A, $patch: delete}]",
        "--set env[name=B].value=4",
    ]);
    let said = |path: &[&str]| {
        let settings = values.history(path);
        settings.iter().map(|s| format!("{} {}", s.layer, shown(s.node))).collect::<Vec<_>>()
    };
    let of_b = ["0.yaml 2", "1.yaml 3", "--set env[name=B].value 4"];
    assert_eq!(said(&["env", "0", "value"]), of_b);
    assert_eq!(said(&["env", "name=B", "value"]), of_b);
    let of_a = ["0.yaml 1", r#"2.yaml {name: "A", $patch: "delete"}"#];
    assert_eq!(said(&["env", "name=A", "value"]), of_a);
    assert_eq!(values.find(&["env", "name=B", "value"]).map(shown).as_deref(), Some("4"));
    assert!(values.find(&["env", "name=A"]).is_none());
}

#[test]
fn a_position_behind_the_end_of_a_list_that_merges_has_no_history() {
    let values = merged(&[
        "{env: [{name: A}, {name: B}], tags: [a]}",
        "{env: [{name: A, $patch: delete}], tags: [b]}",
    ]);
    for path in [["env", "1"], ["tags", "2"]] {
        let depths: Vec<_> = values.history(&path).iter().map(|said| said.depth).collect();
        assert_eq!(depths, [1, 1], "{path:?}");
    }
}

#[test]
fn the_history_of_an_item_of_a_set_is_that_of_the_layers_that_have_it() {
    let values = merged(&["tags: [a, b]", "tags: [b, c]", "tags: [c]"]);
    let layers = |at| values.history(&["tags", at]).iter().map(|s| s.layer).collect::<Vec<_>>();
    assert_eq!(layers("0"), ["0.yaml"]);
    assert_eq!(layers("1"), ["0.yaml", "1.yaml"]);
    assert_eq!(layers("2"), ["1.yaml", "2.yaml"]);
}

#[test]
fn the_history_of_an_item_of_a_plain_list_is_that_of_its_position() {
    let values = merged(&["hosts: [a, b]", "hosts: [c]", "hosts: null", "hosts: [d, e]"]);
    let said: Vec<_> = values.history(&["hosts", "1"]).iter().map(|s| shown(s.node)).collect();
    assert_eq!(said, [r#""b""#, r#"["c"]"#, "null", r#""e""#]);
}
