//! Operations by the rules of RFC 6902; what kustomize does is recorded in `tests/kustomize/own`.

use super::{JsonPatch, PatchRules};
use crate::source::Files;
use crate::transform::Fault;
use crate::yaml::{Node, Options, parse, write};

fn read(text: &str) -> Node {
    let files = Files::memory([("x", "")]).expect("a path");
    let file = files.add("x", Vec::new()).expect("a text").id();
    parse(text, file, Options::default()).expect("YAML").remove(0).root
}

/// What operations make of an object, or what is wrong with them.
fn patched(object: &str, operations: &str, rules: PatchRules) -> String {
    let patch = JsonPatch::read(&read(operations)).and_then(|patch| patch.by(rules));
    match patch.and_then(|patch| patch.apply(read(object), &mut Vec::new())) {
        Ok(node) => write(&node),
        Err(Fault { message, hint, .. }) => format!("{message} ({hint})"),
    }
}

#[track_caller]
fn check(object: &str, operations: &str, expect: &str) {
    assert_eq!(patched(object, operations, PatchRules::Exact), expect, "{operations}");
}

/// Checks what is wrong, without the next step.
#[track_caller]
fn refused(object: &str, operations: &str, expect: &str) {
    let found = patched(object, operations, PatchRules::Exact);
    let message = found.split_once(" (").map_or(&*found, |(message, _)| message);
    assert_eq!(message, expect, "{operations}");
}

#[test]
fn each_operation_does_what_it_says() {
    check("{a: [1, 2]}", "[{op: add, path: /a/1, value: {b: c}}]", "a:\n- 1\n- b: c\n- 2\n");
    check("{a: [1, 2]}", "[{op: add, path: /a/-, value: 3}]", "a:\n- 1\n- 2\n- 3\n");
    check("{a: 1}", "[{op: add, path: /b, value: null}]", "a: 1\nb: null\n");
    check("{a: [1, 2]}", "[{op: remove, path: /a/0}]", "a:\n- 2\n");
    check("{a: 1, b: 2}", "[{op: replace, path: /a, value: [3]}]", "a:\n- 3\nb: 2\n");
    check("{a: {b: 1}}", "[{op: move, from: /a/b, path: /c}]", "a: {}\nc: 1\n");
    check("{a: [1, 2]}", "[{op: move, from: /a/0, path: /a/1}]", "a:\n- 2\n- 1\n");
    check("{a: {b: 1}}", "[{op: copy, from: /a, path: /c}]", "a:\n  b: 1\nc:\n  b: 1\n");
    check("{a: 1}", "[{op: copy, from: '', path: /b}]", "a: 1\nb:\n  a: 1\n");
    check("{a: {b: [1]}}", "[{op: test, path: /a, value: {b: [1.0]}}]", "a:\n  b:\n  - 1\n");
    check("{a: 1}", "[{op: test, path: '', value: {a: 1}}]", "a: 1\n");
    check("{a/b: 1, c~d: 2}", "[{op: remove, path: /a~1b}, {op: remove, path: /c~0d}]", "{}\n");
}

#[test]
fn what_an_operation_needs_must_be_there() {
    let value = "the operation lacks `value`";
    refused("{a: 1}", "[{op: add, path: /a}]", value);
    refused("{a: 1}", "[{op: replace, path: /a}]", value);
    refused("{a: 1}", "[{op: test, path: /a}]", value);
    refused("{a: 1}", "[{op: move, path: /a}]", "the operation lacks `from`");
    refused("{a: 1}", "[{op: copy, path: /a}]", "the operation lacks `from`");
    refused("{a: 1}", "[{op: remove}]", "the operation lacks `path`");
    refused("{a: 1}", "[{path: /a}]", "the operation lacks `op`");
    refused("{a: 1}", "[{op: remove, path: [a]}]", "`path` is a list, not a string");
    refused("{a: 1}", "[~]", "an operation is a map, not null");
}

#[test]
fn a_field_or_an_operation_with_a_slip_is_told_with_what_was_meant() {
    check(
        "{a: 1}",
        "[{op: add, path: /a, vale: 1}]",
        "an operation has no field `vale` (did you mean `value`?)",
    );
    check("{a: 1}", "[{op: ad, path: /a}]", "there is no operation `ad` (did you mean `add`?)");
    check(
        "{a: 1}",
        "[{op: put, path: /a}]",
        "there is no operation `put` (write `add`, `remove`, `replace`, `move`, `copy` or `test`)",
    );
}

#[test]
fn what_an_operation_is_about_must_be_there() {
    let nothing = "the object has nothing at `/a/b`";
    refused("{a: {}}", "[{op: remove, path: /a/b}]", "there is nothing to be removed at `/a/b`");
    refused(
        "{a: {}}",
        "[{op: replace, path: /b, value: 1}]",
        "there is nothing to be replaced at `/b`",
    );
    refused(
        "{a: {}}",
        "[{op: move, from: /a/b, path: /c}]",
        "there is nothing to be removed at `/a/b`",
    );
    refused("{a: {}}", "[{op: copy, from: /a/b, path: /c}]", nothing);
    refused("{a: {}}", "[{op: test, path: /a/b, value: null}]", nothing);
    refused("{a: {}}", "[{op: add, path: /b/c, value: 1}]", "the object has no `/b`");
    let scalar = "`/a` is an integer, which holds nothing";
    refused("{a: 1}", "[{op: add, path: /a/c, value: 1}]", scalar);
}

#[test]
fn a_path_is_empty_or_begins_with_a_slash() {
    let wrong = "the path `x/a` does not begin with `/`";
    for operation in [
        "{op: add, path: x/a, value: 1}",
        "{op: remove, path: x/a}",
        "{op: replace, path: x/a, value: 1}",
        "{op: move, from: x/a, path: /b}",
        "{op: move, from: /a, path: x/a}",
        "{op: copy, from: x/a, path: /b}",
        "{op: test, path: x/a, value: 1}",
    ] {
        refused("{a: 1}", &format!("[{operation}]"), wrong);
    }
    let tilde = "the path `/~a` has a `~` that stands for nothing";
    refused("{a: 1}", "[{op: remove, path: /~a}]", tilde);
}

#[test]
fn a_position_in_a_list_is_a_plain_number_of_an_item() {
    for name in ["-1", "+0", "01", "x"] {
        let wrong = format!("`{name}` is no position in a list at `/a/{name}`");
        refused("{a: [1, 2]}", &format!("[{{op: remove, path: /a/{name}}}]"), &wrong);
    }
    refused("{a: [1]}", "[{op: remove, path: /a/-}]", "`-` is no position in a list at `/a/-`");
    let outside = "the list has no position 2 at `/a/2`";
    refused("{a: [1]}", "[{op: add, path: /a/2, value: 1}]", outside);
    check("{a: {'01': 1}}", "[{op: remove, path: /a/01}]", "a: {}\n");
}

#[test]
fn only_an_object_takes_the_place_of_the_whole() {
    check("{a: 1}", "[{op: replace, path: '', value: {b: 2}}]", "b: 2\n");
    check("{a: 1}", "[{op: add, path: '', value: {b: 2}}]", "b: 2\n");
    check("{a: {b: 2}}", "[{op: copy, from: /a, path: ''}]", "b: 2\n");
    let scalar = "an integer cannot take the place of the object";
    refused("{a: 1}", "[{op: replace, path: '', value: 4}]", scalar);
    refused("{a: 1}", "[{op: remove, path: ''}]", "no operation removes the whole object");
    let itself = |from: &str| format!("what stands at `{from}` cannot be moved into itself");
    refused("{a: 1}", "[{op: move, from: '', path: /a}]", &itself(""));
    refused("{a: {b: 1}}", "[{op: move, from: /a, path: /a/c}]", &itself("/a"));
}

#[test]
fn a_test_compares_values_to_the_last_digit() {
    let object = "{a: 9007199254740993, b: '1', c: 1.0}";
    let test = |path: &str, value: &str| format!("[{{op: test, path: {path}, value: {value}}}]");
    let digits = "the object has `9007199254740993` at `/a`";
    refused(object, &test("/a", "9007199254740992"), digits);
    refused(object, &test("/b", "1"), "the object has `1`, which is a string, at `/b`");
    refused(object, &test("''", "{a: 1}"), "the object has another map at ``");
    for (path, value) in [("/a", "9007199254740993"), ("/b", "'1'"), ("/c", "1")] {
        let same = patched(object, &test(path, value), PatchRules::Exact);
        assert_eq!(same, "a: 9007199254740993\nb: \"1\"\nc: 1\n", "{path}");
    }
}

#[test]
fn a_slash_within_a_name_is_written_in_another_way() {
    let told = |field: &str| {
        format!(
            "the object has no `/metadata/{field}/a.b`; the name `a.b/c` is written `a.b~1c` (write each `/` within a name as `~1`)"
        )
    };
    let object = "{metadata: {labels: {a.b/c: d}, annotations: {}, other: {a.b/c: d}}}";
    for field in ["labels", "annotations", "other"] {
        let operation = format!("[{{op: add, path: /metadata/{field}/a.b/c, value: d}}]");
        check(object, &operation, &told(field));
    }
}

#[test]
fn kustomize_passes_over_all_that() {
    let kustomize =
        |object: &str, operations: &str| patched(object, operations, PatchRules::AsKustomize);
    assert_eq!(kustomize("{a: 1}", "[{op: add, path: x/a, vale: 2}]"), "a: null\n");
    assert_eq!(kustomize("{a: 1}", "[{op: copy, from: /b, path: /a}]"), "a: null\n");
    assert_eq!(kustomize("{a: 1}", "[{op: replace, path: '', value: 4}]"), "a: 1\n");
    assert_eq!(kustomize("{a: [1, 2]}", "[{op: remove, path: /a/-1}]"), "a:\n- 1\n");
}
