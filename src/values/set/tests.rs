//! Arguments, one rule a test. The cases follow what Helm's parser is known to give.
#![expect(clippy::disallowed_methods, reason = "a test writes the file that it names")]

mod helm;

use super::SetKind;
use crate::diag::Sink;
use crate::values::shown::{layer, merged, no_files, shown};
use crate::values::{Known, Layer, Reach, merge};

/// The value that an argument sets, or the first line of what is wrong with it.
fn result(base: &str, kind: SetKind, argument: &str) -> String {
    let files = no_files();
    let base = layer(&files, "values.yaml", Reach::Own, base);
    let mut sink = Sink::new(&files);
    match Layer::set(kind, argument, &mut sink) {
        Ok(layer) => shown(merge(&base, &[layer], &Known::default()).root()),
        Err(_) => sink.finish().expect_err("an error").diagnostics()[0].to_string(),
    }
}

fn check(argument: &str, expect: &str) {
    assert_eq!(result("", SetKind::Typed, argument), expect);
}

fn check_over(base: &str, argument: &str, expect: &str) {
    assert_eq!(result(base, SetKind::Typed, argument), expect);
}

fn check_json(argument: &str, expect: &str) {
    assert_eq!(result("", SetKind::Json, argument), expect);
}

#[test]
fn dots_lead_into_maps_and_commas_separate() {
    check("a.b.c=x,a.b.d=w,e=z", r#"{a: {b: {c: "x", d: "w"}}, e: "z"}"#);
}

#[test]
fn bare_values_are_typed_as_in_a_values_file() {
    check("a=1,b=1.5,c=true,d=no,e=text", r#"{a: 1, b: 1.5, c: true, d: no, e: "text"}"#);
    check("a=0644,b=1e5,c=1.10", "{a: 0644, b: 1e5, c: 1.10}");
}

#[test]
fn nothing_behind_the_equals_sign_is_the_empty_string() {
    check("a=,b=2", r#"{a: "", b: 2}"#);
    check("a.b=", r#"{a: {b: ""}}"#);
}

#[test]
fn a_null_deletes_a_key_and_empties_an_item() {
    check_over("{a: 1, b: {c: 1, d: 2}}", "a=null,b.c=null", "{b: {d: 2}}");
    check_over("a: [1, 2]", "a[0]=null", "{a: [null, 2]}");
    check_over("a: [{x: 1, w: 2}]", "a[0].x=null", "{a: [{w: 2}]}");
    check("missing=null", "{}");
}

#[test]
fn a_null_over_a_null_of_the_defaults_stays_a_null() {
    check_over("a:", "a=null", "{a: null}");
}

#[test]
fn a_backslash_takes_the_next_character_literally() {
    check(r"a\.b=x\,y", r#"{a.b: "x,y"}"#);
    check(r"a=b\=c,d=\{e\},f\[0\]=g\\h", r#"{a: "b=c", d: "{e}", f[0]: "g\\h"}"#);
    check("a=b=c", r#"{a: "b=c"}"#);
}

#[test]
fn braces_make_a_list() {
    check("a={x,2,true},b.c={}", r#"{a: ["x", 2, true], b: {c: []}}"#);
    check(r"a={x\,y,\}}", r#"{a: ["x,y", "}"]}"#);
}

#[test]
fn brackets_lead_into_lists() {
    check("a[0]=x,a[1].b=w", r#"{a: ["x", {b: "w"}]}"#);
    check("a[1][1]=1", "{a: [null, [null, 1]]}");
}

#[test]
fn an_index_changes_one_item_of_the_list_that_the_other_layers_made() {
    check_over("a: [{x: 1, w: 2}, {x: 3}]", "a[0].x=9", "{a: [{x: 9, w: 2}, {x: 3}]}");
    check_over("a: [1]", "a[1]=2", "{a: [1, 2]}");
}

#[test]
fn what_is_in_the_way_of_a_path_gives_way() {
    check_over(
        "{a: text, b: [1], c: {x: 1}}",
        "a.b=1,b.c=2,c[0]=3",
        "{a: {b: 1}, b: {c: 2}, c: [3]}",
    );
}

#[test]
fn set_string_makes_strings() {
    assert_eq!(
        result("", SetKind::Text, "a=1,b={true,null},c=null"),
        r#"{a: "1", b: ["true", "null"], c: "null"}"#
    );
}

#[test]
fn set_json_takes_any_json() {
    check_json(r#"a={"x":[1,null]},b="1",c=1.10"#, r#"{a: {x: [1, null]}, b: "1", c: 1.10}"#);
    check_json(r#"a = "no" , b=[]"#, r#"{a: "no", b: []}"#);
    check_json(r#"a="😀 \ud83d\ude00\u0041""#, r#"{a: "😀 😀A"}"#);
}

#[test]
fn a_set_json_object_lies_over_the_whole_tree() {
    let over = result("{a: {x: 1}, b: 1}", SetKind::Json, r#" {"a": {"w": 2}, "b": null} "#);
    assert_eq!(over, "{a: {x: 1, w: 2}}");
}

#[test]
fn set_file_takes_the_text_of_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tls,1.crt");
    std::fs::write(&path, "line 1\nline 2\n").expect("a file");
    let argument = format!("a.b={}", path.display().to_string().replace(',', "\\,"));
    assert_eq!(result("", SetKind::File, &argument), r#"{a: {b: "line 1\nline 2\n"}}"#);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    assert_eq!(
        result("", SetKind::File, "a=/nowhere/x"),
        "--set-file a:1:3: error[source/missing]: `/nowhere/x` is not there"
    );
}

#[test]
fn a_setting_without_a_value_is_an_error() {
    check("a=1,b", "--set a:1:5: error[values/argument]: `b` has no `=` and so sets nothing");
    check("a[0]", "--set a[0]:1:1: error[values/argument]: `a[0]` has no `=` and so sets nothing");
}

#[test]
fn a_missing_name_is_an_error() {
    for (argument, column) in [("", 1), ("=x", 1), ("a.=x", 3), ("a..b=x", 3), (".a=1", 1)] {
        let said = result("", SetKind::Typed, argument);
        assert!(said.ends_with("error[values/argument]: a name is missing here"), "{said}");
        assert!(said.contains(&format!(":1:{column}: ")), "{said}");
    }
}

#[test]
fn an_index_is_a_number() {
    check("a[-1]=x", "--set a[-1]:1:3: error[values/argument]: `[-1` is no list index");
    check("a[x]=x", "--set a[x]:1:3: error[values/argument]: `[x` is no list index");
    check("a[0=x", "--set a[0:1:3: error[values/argument]: `[0` has no closing `]`");
}

#[test]
fn text_directly_behind_a_bracket_or_brace_is_an_error() {
    check("a[0]b=1", "--set a[0]b:1:5: error[values/argument]: `b` stands directly behind `]`");
    check("a={x}y", "--set a:1:6: error[values/argument]: `y` stands directly behind the value");
    check("a={x,y", "--set a:1:3: error[values/argument]: the list has no closing `}`");
}

#[test]
fn huge_indexes_gaps_and_paths_are_refused() {
    check("a[65537]=1", "--set a[65537]:1:3: error[values/limit]: the index 65537 is above 65536");
    check(
        "a[99999999999999999999]=1",
        "--set a[99999999999999999999]:1:3: error[values/limit]: the index 99999999999999999999 is above 65536",
    );
    check(
        "a[60000]=1,b[60000]=1",
        "--set a[60000]:1:12: error[values/limit]: more than 65536 list items would be empty",
    );
    let deep = format!("{}=1", vec!["a"; 100_000].join("."));
    let said = result("", SetKind::Typed, &deep);
    assert!(said.ends_with("error[values/limit]: the path has over 30 steps"), "{said}");
}

#[test]
fn wrong_json_is_an_error_at_its_place() {
    check_json(
        "a=[1,",
        "--set-json a:1:6: error[values/argument]: not JSON: it ends too early; a quote or bracket is not closed, or a value is missing",
    );
    check_json(
        "b=1,a=no",
        "--set-json b:1:8: error[values/argument]: not JSON: a value is expected here",
    );
    check_json("a=", "--set-json a:1:3: error[values/argument]: the value is missing");
    check_json(
        "a=1e999",
        "--set-json a:1:7: error[values/argument]: not JSON: the number is too large",
    );
    check_json(
        "a={} x",
        "--set-json a:1:6: error[values/argument]: `x` stands directly behind the value",
    );
    let deep = format!("a={}", "[".repeat(100_000));
    assert!(result("", SetKind::Json, &deep).contains("deeper than 127 levels"));
}

#[test]
fn a_key_twice_in_json_is_an_error() {
    check_json(
        r#"a={"x":1,"x":2}"#,
        "--set-json a:1:10: error[yaml/duplicate-key]: the key `x` stands here a second time",
    );
}

#[test]
fn a_finding_points_into_the_argument() {
    let files = no_files();
    let mut sink = Sink::new(&files);
    let _reported =
        Layer::set(SetKind::Typed, "image.tag=v1,replicas", &mut sink).expect_err("an error");
    insta::assert_snapshot!(sink.finish().expect_err("an error").to_string(), @r"
    error[values/argument]: `replicas` has no `=` and so sets nothing
     --> --set image.tag:1:14
      |
    1 | image.tag=v1,replicas
      |              ^^^^^^^^
      |
      = help: write `replicas=value`; a comma that belongs to a value is written `\,`
    ");
}

#[test]
fn the_name_of_the_layer_never_holds_the_value() {
    let files = no_files();
    let mut sink = Sink::new(&files);
    let layer = Layer::set(SetKind::Text, "db.password=hunter2", &mut sink).expect("a layer");
    assert_eq!(layer.name, "--set-string db.password");
}

#[test]
fn a_layer_of_an_argument_is_found_by_its_place() {
    let files = no_files();
    let base = layer(&files, "values.yaml", Reach::Own, "a: 1");
    let mut sink = Sink::new(&files);
    let set = Layer::set(SetKind::Typed, "b=2", &mut sink).expect("a layer");
    let values = merge(&base, &[set], &Known::default());
    let of = |key: &str| values.layer_of(values.get(&[key]).expect("a value").place);
    assert_eq!((of("a"), of("b")), (Some("values.yaml"), Some("--set b")));
}

#[test]
fn an_argument_means_what_the_same_file_means() {
    assert_eq!(
        result("a: {x: 1}", SetKind::Typed, "a.w=2"),
        shown(merged(&["a: {x: 1}", "a: {w: 2}"]).root())
    );
}
