//! What is wrong with a layer by itself, one message a test.

use super::check;
use crate::diag::Sink;
use crate::values::keyed::tests::known;
use crate::values::shown::{layer, no_files};
use crate::values::{Known, Layer, Reach, SetKind};

fn findings(known: &Known, text: &str) -> Vec<String> {
    let files = no_files();
    let layer = match text.strip_prefix("--set ") {
        Some(argument) => {
            Layer::set(SetKind::Typed, argument, &mut Sink::new(&files)).expect("a setting")
        }
        None => layer(&files, "v.yaml", Reach::Own, text),
    };
    let mut sink = Sink::new(&files);
    let _ = check(&[layer], known, &mut sink);
    let found = sink.finish().err();
    found.iter().flat_map(|failure| failure.diagnostics()).map(ToString::to_string).collect()
}

#[track_caller]
fn check_for(text: &str, expect: &[&str]) {
    assert_eq!(findings(&known(), text), expect);
}

#[test]
fn what_merges_is_fine() {
    check_for("{env: [{name: A}, {name: B, $patch: delete}], tags: [a, 1], args: [a, a]}", &[]);
    check_for("--set env[name=A].value=1,env[0].value=2", &[]);
}

#[test]
fn an_item_without_its_key_is_an_error() {
    check_for(
        "env:\n- {name: A}\n- {value: 1}",
        &["v.yaml:3:3: error[values/list-item]: this item of `env` has no `name`"],
    );
    check_for(
        "ports: [{port: 80}]",
        &["v.yaml:1:9: error[values/list-item]: this item of `ports` has no `protocol`"],
    );
    check_for(
        "env: [A]",
        &["v.yaml:1:7: error[values/list-item]: `env` has items with `name`, but this is a string"],
    );
    check_for(
        "env: [!tpl '{{ values.a }}']",
        &[
            "v.yaml:1:12: error[values/list-item]: an item of `env` is a reference as a whole, but items merge by `name` before references are resolved",
        ],
    );
    check_for(
        "env: [{name: !tpl '{{ values.a }}'}]",
        &[
            "v.yaml:1:7: error[values/list-item]: `name` of an item of `env` is a reference, but lists merge before references are resolved",
        ],
    );
}

#[test]
fn a_key_twice_in_one_layer_is_an_error() {
    check_for(
        "jobs: [{name: j, env: [{name: A}, {name: A}]}]",
        &[
            "v.yaml:1:35: error[values/list-item]: `jobs[name=j].env[name=A]` stands here a second time",
        ],
    );
    check_for(
        "tags: [a, b, a]",
        &["v.yaml:1:14: error[values/list-item]: `a` stands in `tags` a second time"],
    );
}

#[test]
fn a_set_holds_plain_values() {
    check_for(
        "tags: [{a: 1}]",
        &[
            "v.yaml:1:8: error[values/list-item]: `tags` is a set of plain values, but this is a map",
        ],
    );
}

#[test]
fn patch_anywhere_else_is_an_error() {
    check_for(
        "{$patch: delete, a: {b: {$patch: delete}}, args: [{$patch: delete}]}",
        &[
            "v.yaml:1:2: error[values/patch]: `$patch` means nothing here",
            "v.yaml:1:26: error[values/patch]: `$patch` means nothing in `a.b`",
            "v.yaml:1:52: error[values/patch]: `$patch` means nothing in `args[0]`",
        ],
    );
    let without_lists = findings(&Known::default(), "env: [{name: A, $patch: delete}]");
    assert_eq!(without_lists.len(), 1);
}

#[test]
fn patch_knows_only_delete() {
    check_for(
        "env: [{name: A, $patch: replace}]",
        &[
            "v.yaml:1:17: error[values/patch]: `$patch` in `env[name=A]` is `replace`, but knows only `delete`",
        ],
    );
}

#[test]
fn an_item_that_is_taken_out_says_nothing_else() {
    check_for(
        "env:\n- {name: A, $patch: delete, value: 5}",
        &[
            "v.yaml:2:29: error[values/patch]: `$patch: delete` takes `env[name=A]` out, so its `value` is lost",
        ],
    );
    check_for("ports: [{port: 80, protocol: TCP, $patch: delete}]", &[]);
    check_for(
        "jobs: [{$patch: delete, name: j, env: [{name: A}], x: null}]",
        &[
            "v.yaml:1:34: error[values/patch]: `$patch: delete` takes `jobs[name=j]` out, so its `env` is lost",
            "v.yaml:1:52: error[values/patch]: `$patch: delete` takes `jobs[name=j]` out, so its `x` is lost",
        ],
    );
}

#[test]
fn numbers_that_mean_the_same_are_one_key() {
    check_for(
        "tags: [1, 1.0]",
        &["v.yaml:1:11: error[values/list-item]: `1.0` stands in `tags` a second time"],
    );
    check_for(
        "ports: [{port: 1, protocol: x}, {port: 0x1, protocol: x}]",
        &[
            "v.yaml:1:33: error[values/list-item]: `ports[port=0x1,protocol=x]` stands here a second time",
        ],
    );
    check_for("tags: [18446744073709551616, 18446744073709551617]", &[]);
}

#[test]
fn infinity_is_refused_with_what_to_type() {
    let files = no_files();
    let layer = Layer::set(SetKind::Typed, "x=1,a.b=.inf", &mut Sink::new(&files));
    let mut sink = Sink::new(&files);
    let _ = check(&[layer.expect("a setting")], &Known::default(), &mut sink);
    insta::assert_snapshot!(sink.finish().expect_err("an error").to_string(), @r"
    error[values/argument]: infinity and not-a-number have no place in a manifest
     --> --set x:1:9
      |
    1 | x=1,a.b=.inf
      |         ^^^^
      |
      = help: write `--set-string a.b=.inf`
    ");
}

#[test]
fn an_argument_that_names_an_item_needs_a_keyed_list() {
    check_for(
        "--set args[name=A].value=1",
        &[
            "--set args[name=A].value:1:6: error[values/argument]: the items of `args` have no key by which one could be named",
        ],
    );
    check_for(
        "--set ports[port=80].name=a",
        &[
            "--set ports[port=80].name:1:7: error[values/argument]: the items of `ports` are told apart by `port` and `protocol`",
        ],
    );
    check_for(
        "--set env={a}",
        &[
            "--set env:1:6: error[values/list-item]: `env` has items with `name`, but this is a string",
        ],
    );
}

#[test]
fn what_is_hidden_from_the_chart_is_left_alone() {
    let files = no_files();
    let shared = layer(&files, "v.yaml", Reach::Shared, "a: [{name: A, $patch: delete}]");
    let own = |text| layer(&files, "own.yaml", Reach::Own, text);
    let passes =
        |text| check(&[own(text), shared.clone()], &known(), &mut Sink::new(&files)).is_ok();
    assert!(passes("b: 1"));
    assert!(!passes("a: []"), "the chart knows `a`, whose items have no key");
}

#[test]
fn a_key_that_is_a_list_or_map_tells_no_items_apart() {
    check_for(
        "env: [{name: [A], value: a}]",
        &["v.yaml:1:14: error[values/list-item]: `name` of an item of `env` is a list"],
    );
}

#[test]
fn a_path_of_an_argument_cannot_hold_patch() {
    for argument in ["env[name=A].$patch=delete", "image.$patch=delete", "$patch=delete"] {
        let found = findings(&known(), &format!("--set {argument}"));
        let [finding] = &found[..] else { panic!("{found:?}") };
        assert!(finding.contains("`$patch` means nothing in the path of an argument"), "{finding}");
    }
}

/// What is said about arguments over a file.
#[track_caller]
fn check_set(file: &str, arguments: &[&str], expect: &[&str]) {
    let files = no_files();
    let mut layers = vec![layer(&files, "v.yaml", Reach::Own, file)];
    let read = |argument: &&str| match argument.strip_prefix("json ") {
        Some(json) => Layer::set(SetKind::Json, json, &mut Sink::new(&files)).expect("JSON"),
        None => Layer::set(SetKind::Typed, argument, &mut Sink::new(&files)).expect("a setting"),
    };
    layers.extend(arguments.iter().map(read));
    let mut sink = Sink::new(&files);
    let _ = check(&layers, &known(), &mut sink);
    let found = sink.finish().err();
    let found = found.iter().flat_map(|failure| failure.diagnostics());
    let found: Vec<_> = found.map(|one| format!("{one} ({})", one.hints.join("; "))).collect();
    assert_eq!(found, expect);
}

#[test]
fn an_argument_makes_no_two_items_of_one_key() {
    let expect =
        "(set what is in an item by its key: `env[name=B].…=`; `env[name=B]=null` takes it out)";
    let message = "error[values/list-item]: this makes two items `env[name=B]`";
    check_set(
        "env: [{name: A}, {name: B}]",
        &["env[1].name=A"],
        &[&format!("--set env[1].name:1:13: {message} {expect}").replace("=B]", "=A]")],
    );
    check_set(
        "env: [{name: A}, {name: B}]",
        &["env[0].name=B"],
        &[&format!("--set env[0].name:1:13: {message} {expect}")],
    );
    check_set(
        "env: [{name: A}, {name: B}]",
        &["env[name=A].name=B"],
        &[&format!("--set env[name=A].name:1:18: {message} {expect}")],
    );
    check_set(
        "env: [{name: A}, {name: B}]",
        &["json env[0]={\"name\": \"B\"}"],
        &[&format!("--set-json env[0]:1:8: {message} {expect}")],
    );
    check_set("env: [{name: A}, {name: B}]", &["env[0].name=C"], &[]);
    check_set("env: [{name: A}, {name: B}]", &["env[0].name=B,env[1].name=A"], &[]);
    check_set(
        "tags: [a, b]",
        &["tags[0]=b"],
        &[
            "--set tags[0]:1:9: error[values/list-item]: this makes `b` stand in `tags` twice (set it once: the chart's values.schema.json says that this list is a set)",
        ],
    );
}

#[test]
fn an_argument_leaves_no_item_without_its_key() {
    let why = "(give it one; the chart's values.schema.json says that this list merges by it: `x-kubernetes-list-map-keys`)";
    check_set(
        "env: [{name: A}]",
        &["env[0].name=null"],
        &[&format!(
            "--set env[0].name:1:13: error[values/list-item]: this item of `env` has no `name` {why}"
        )],
    );
    check_set(
        "env: [{name: A}]",
        &["env[1].value=x"],
        &[&format!(
            "--set env[1].value:1:14: error[values/list-item]: this item of `env` has no `name` {why}"
        )],
    );
    check_set("env: [{name: A}]", &["env[1].value=x,env[1].name=B"], &[]);
    check_set("a: 1", &["env[0].name=A", "env[0].value=x"], &[]);
}

#[test]
fn an_argument_counts_items_that_are_there() {
    check_set(
        "env: [{name: A}]",
        &["env[9].value=x"],
        &[
            "--set env[9].value:1:14: error[values/argument]: `env[9]` is not there: the list has 1 item (name the item by its key, `env[name=…]`, which adds it if it is not there)",
        ],
    );
    check_set(
        "jobs: [{name: j, env: [{name: A}, {name: B}]}]",
        &["jobs[0].env[3].value=x"],
        &[
            "--set jobs[0].env[3].value:1:22: error[values/argument]: `jobs[0].env[3]` is not there: the list has 2 items (name the item by its key, `jobs[0].env[name=…]`, which adds it if it is not there)",
        ],
    );
    check_set(
        "tags: [a]",
        &["tags[2]=b"],
        &[
            "--set tags[2]:1:9: error[values/argument]: `tags[2]` is not there: the list has 1 item (add to the list with `tags[1]`)",
        ],
    );
    check_set("args: [a]", &["args[3]=b"], &[]);
    check_set("env: [{name: A}]", &["env[name=ZZ].value=x", "env[name=NO]=null"], &[]);
}
