//! Examples of what a text is read as, and of what is said about a text that is not read.

use super::{Duplicates, MergeKeys, Options, Tags, parse};
use crate::source::{Files, Inputs, RelPath};
use crate::yaml::Rules;
use crate::yaml::{Data, Document, Node, Problem, Value, to_json};

fn read_with(text: &str, options: Options) -> Result<Vec<Document>, Vec<Problem>> {
    let files = Files::memory([("x.yaml", text)]).expect("a path");
    let path = RelPath::parse("x.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a file");
    parse(source.text(), source.id(), options)
}

fn read(text: &str) -> Result<Vec<Document>, Vec<Problem>> {
    read_with(text, Options::default())
}

/// The documents as JSON, one a line; or the messages.
fn shown(text: &str) -> String {
    let lines: Vec<_> = match read(text) {
        Ok(documents) => documents.iter().map(|d| to_json(&d.root).to_string()).collect(),
        Err(problems) => problems.into_iter().map(|problem| problem.message).collect(),
    };
    lines.join("\n")
}

fn check(text: &str, expect: &str) {
    assert_eq!(shown(text), expect, "{text}");
}

/// Checks the first problem: what it says, the text at its place, and the hint.
fn check_problem(text: &str, message: &str, at: &str, hint: &str) {
    let problems = read(text).expect_err("it is wrong");
    let problem = &problems[0];
    let place = &text[problem.span.range()];
    assert_eq!(
        (problem.message.as_str(), place, problem.hint.as_deref()),
        (message, at, Some(hint)),
        "{text}"
    );
}

fn value(text: &str) -> Value {
    match read(text).expect("YAML").remove(0).root.data {
        Data::Scalar(scalar) => scalar.value,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn scalars_mean_what_kubectl_takes_them_for() {
    for text in ["yes", "on", "y", "Y", "True", "TRUE", "On"] {
        assert_eq!(value(text), Value::Bool(true), "{text}");
    }
    for text in ["no", "off", "n", "N", "False", "NO"] {
        assert_eq!(value(text), Value::Bool(false), "{text}");
    }
    for text in ["tRue", "yEs", "0xg", "0b2", "2024-01-01", "1:30", "1e400", "1.2.3", "1_", "= "] {
        let string = !matches!(text, "1_");
        assert_eq!(value(text) == Value::String, string, "{text}");
    }
    for (text, number) in [
        ("0644", 420),
        ("0o644", 420),
        ("08", 8),
        ("-012", -10),
        ("1_000", 1000),
        ("0x1F", 31),
        ("-0x1F", -31),
        ("0b11", 3),
        ("+5", 5),
    ] {
        let whole = matches!(value(text), Value::Int(found) if found == number)
            || value(text) == Value::Float(f64::from(i32::try_from(number).expect("small")));
        assert!(whole, "{text}: {:?}", value(text));
    }
    for (text, number) in
        [("1_0.5", 10.5), ("1e3", 1000.0), ("1.0", 1.0), (".5", 0.5), ("5.", 5.0), (".1_0", 0.1)]
    {
        assert_eq!(value(text), Value::Float(number), "{text}");
    }
    assert_eq!(value("12345678901234567890"), Value::Uint(12_345_678_901_234_567_890));
    assert_eq!(value("-9223372036854775809"), Value::Float(-9_223_372_036_854_775_808.0));
}

#[test]
fn a_scalar_keeps_its_spelling_and_tag() {
    let documents = read("0644").expect("YAML");
    let scalar = documents[0].root.as_scalar().expect("a scalar");
    assert_eq!((scalar.value, &*scalar.text, &scalar.tag), (Value::Int(420), "0644", &None));
    let documents = read("!!str 0644").expect("YAML");
    let scalar = documents[0].root.as_scalar().expect("a scalar");
    assert_eq!(scalar.tag.as_deref(), Some("!!str"));
}

#[test]
fn the_tags_of_yaml_say_what_a_scalar_is() {
    check(
        "[!!str 1, ! 1, !!int \"3\", !!float 3, !!bool yes, !!null '']",
        "[\"1\",\"1\",3,3.0,true,null]",
    );
    check("[!!binary aGVs\\\n  bG8=]", "the value of `!!binary` is not base64");
    check("!!binary |\n  aGVs\n  bG8=\n", "\"hello\"");
    check("!!timestamp 2020-01-01", "\"2020-01-01\"");
    check("!!int x", "`x` is not what its tag `!!int` says");
    check("!!binary /w==", "the value of `!!binary` is not text, which JSON cannot hold");
}

#[test]
fn other_tags_are_refused_unless_they_are_allowed() {
    check("a: !foo x", "the tag `!foo` means nothing here");
    check("a: !foo {}", "a map cannot have the tag `!foo`");
    check("a: !foo []", "a list cannot have the tag `!foo`");
    check("{a: !!map {b: !!seq []}}", "{\"a\":{\"b\":[]}}");
    let options = Options { tags: Tags::Allow(&["!tpl"]), ..Options::default() };
    let documents = read_with("a: !tpl 1", options).expect("YAML");
    let scalar = documents[0].root.get("a").and_then(Node::as_scalar).expect("a scalar");
    assert_eq!((scalar.as_str(), scalar.tag.as_deref()), (Some("1"), Some("!tpl")));
    assert!(read_with("a: !tpl {}", options).is_err());
    assert!(read_with("a: !other x", options).is_err());
    let misspelt = read_with("a: !tlp x", options).expect_err("no such tag");
    assert_eq!(misspelt[0].hint.as_deref(), Some("did you mean `!tpl`?"));
}

#[test]
fn keys_are_the_text_that_json_has_for_them() {
    check(
        "{yes: a, 0644: b, 1.0: c, 1e7: d, \"yes\": e, -0x1: f}",
        "{\"true\":\"a\",\"420\":\"b\",\"1\":\"c\",\"1e+07\":\"d\",\"yes\":\"e\",\"-1\":\"f\"}",
    );
    check("18446744073709551615: x", "an integer above 2^63 cannot be a key");
    check("~: x", "null cannot be a key");
    check("? [a]\n: x", "a list cannot be a key");
    check("{{ .x }}: x", "a map cannot be a key\na map cannot be a key");
}

#[test]
fn a_key_twice_is_an_error_that_names_both_places() {
    let problems = read("a: 1\nb:\n  c: 1\n  c: 2\na: 3").expect_err("two keys twice");
    let places: Vec<_> =
        problems.iter().map(|p| (p.span.start, p.also.map(|(span, _)| span.start))).collect();
    assert_eq!(places, [(17, Some(10)), (22, Some(0))]);
    check("true: 1\n\"true\": 2", "the key `true` stands here a second time");
    check(
        "yes: 1\non: 2",
        "the key `on` is the same as `yes`: Kubernetes tools read both as `true`",
    );
}

#[test]
fn merge_keys_go_under_the_keys_beside_them() {
    check(
        "a: &a {x: 1, z: 2}\nb: {<<: *a, x: 3}",
        "{\"a\":{\"x\":1,\"z\":2},\"b\":{\"x\":3,\"z\":2}}",
    );
    check(
        "a: &a {x: 1}\nb: &b {x: 2, w: 2}\nc: {<<: [*a, *b, {z: 3}]}",
        "{\"a\":{\"x\":1},\"b\":{\"x\":2,\"w\":2},\"c\":{\"x\":1,\"w\":2,\"z\":3}}",
    );
    check("{\"<<\": {a: 1}}", "{\"<<\":{\"a\":1}}");
    check("{<<: 1}", "`<<` merges maps, but this is an integer");
    check("{<<: {a: 1}, <<: {b: 1}}", "the key `<<` stands here a second time");
    let keep = Options { merge_keys: MergeKeys::Keep, ..Options::default() };
    let documents = read_with("{<<: {a: 1}}", keep).expect("YAML");
    assert_eq!(to_json(&documents[0].root).to_string(), "{\"<<\":{\"a\":1}}");
}

#[test]
fn aliases_stand_for_their_anchors() {
    check("a: &a [1]\nb: *a\nc: &a 2\nd: *a", "{\"a\":[1],\"b\":[1],\"c\":2,\"d\":2}");
    check("a: &a 1\n---\nb: *a", "no anchor `&a` stands above this alias");
    check("a: &a [*a]", "this alias stands inside of the anchor that it names");
    check("a: &b! c", "`&b!` is no name of an anchor");
}

#[test]
fn documents_without_content_vanish() {
    check("---\n# nothing\n---\na: 1\n---\n", "{\"a\":1}");
    check("", "");
    check("# only a comment", "");
    check("~", "null");
}

#[test]
fn a_document_spans_from_behind_its_dashes_to_the_next() {
    let text = "# head\na: 1\n--- # one\n# two\nb: 2\n...\nc: 3\n--- {d: 4}\n---\n---\ne: |\n  x\n\n# end\n";
    let documents = read(text).expect("YAML");
    let spans: Vec<_> = documents.iter().map(|document| &text[document.span.range()]).collect();
    assert_eq!(
        spans,
        ["# head\na: 1\n", "# two\nb: 2\n", "c: 3\n", "{d: 4}\n", "e: |\n  x\n\n# end\n"]
    );
}

#[test]
fn nodes_span_their_own_bytes() {
    let text = "a: {b: 'x'}\nc:\n- d: |\n    e\n\n- é\nf: &g \"h\"\n";
    let documents = read(text).expect("YAML");
    let at = |node: &Node| text[node.place.span.range()].to_owned();
    let root = &documents[0].root;
    let list = root.get("c").and_then(Node::as_list).expect("a list");
    assert_eq!(at(root.get("a").expect("a map")), "{b: 'x'}");
    assert_eq!(at(root.at(&["a", "b"]).expect("a string")), "'x'");
    assert_eq!(at(&list[0]), "d: |\n    e");
    assert_eq!(at(&list[1]), "é");
    assert_eq!(at(root.get("f").expect("a string")), "\"h\"");
    assert_eq!(at(root), text.trim_end());
    let keys = root.as_map().expect("a map").keys();
    let keys: Vec<_> = keys.map(|key| &text[key.place.span.range()]).collect();
    assert_eq!(keys, ["a", "c", "f"]);
}

#[test]
fn a_value_that_is_not_there_stands_behind_its_colon() {
    let documents = read("a:\nb:   # none\n\nc: 1\n").expect("YAML");
    let start = |key| documents[0].root.get(key).expect("null").place.span.start;
    assert_eq!((start("a"), start("b")), (2, 5));
}

#[test]
fn line_breaks_and_marks_of_other_systems_are_read() {
    check("a: 1\r\nb: |\r\n  x\r\n  y\r\n", "{\"a\":1,\"b\":\"x\\ny\\n\"}");
    check("\u{FEFF}a: 1", "{\"a\":1}");
    check("a:\tb", "{\"a\":\"b\"}");
    check("a: |\n  x", "{\"a\":\"x\\n\"}");
    check(
        "a: 'x\u{2028}  y'\nb: |\n  x\u{2028}  y\n",
        "{\"a\":\"x\u{2028}y\",\"b\":\"x\u{2028}y\\n\"}",
    );
    check(
        "a: >\n \u{2028} x\n",
        "a raw line separator (U+0085, U+2028 or U+2029) stands in this text",
    );
    check("a: |-\n\u{2028}  x\n", "{\"a\":\"\u{2028}x\"}");
    check("a: x\u{85}b: z", "{\"a\":\"x\",\"b\":\"z\"}");
}

#[test]
fn a_block_of_nothing_but_odd_line_breaks_is_read_alike_wherever_its_header_stands() {
    for before in ["", "---\n", "--- ", "x\n---\n\n"] {
        let read = |block: &str| {
            let documents = read(&format!("{before}{block}")).expect("YAML");
            documents.last().and_then(|last| Some(last.root.as_str()?.to_owned()))
        };
        assert_eq!(read("|2+\n\u{2028}\n"), Some("\u{2028}\n".to_owned()), "{before:?}");
        assert_eq!(read("|+ # none\n\n\u{2029}"), Some("\n\u{2029}".to_owned()), "{before:?}");
        assert_eq!(read("|+\n|\u{2028}\n"), Some("|\u{2028}\n".to_owned()), "{before:?}");
    }
    // As kustomize reads them.
    check("a:\n  |2+\n\u{2028}\n", "{\"a\":\"\u{2028}\\n\"}");
    check("a:\n  |2+\n\u{2028}\nb: x\n", "{\"a\":\"\u{2028}\\n\",\"b\":\"x\"}");
}

#[test]
fn a_place_behind_an_odd_line_break_is_exact() {
    let text = "a: \u{2028}b: x\nc: [\u{2029}d, @]\n";
    let problems = read(text).expect_err("no YAML");
    assert_eq!(&text[problems[0].span.range()], "@");
}

#[test]
fn what_hostile_texts_expand_to_is_limited() {
    let deep = "[".repeat(300);
    check(&deep, "lists and maps are nested deeper than 255");
    check(&"- ".repeat(300), "lists and maps are nested deeper than 255");
    check(&"? ".repeat(300), "lists and maps are nested deeper than 255");
    let mut chain = "- &a0 [x]\n".to_owned();
    let mut laughs = "- &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    let mut merges = "- &a0 {k: 1}\n".to_owned();
    for level in 1..300 {
        let below = level - 1;
        chain += &format!("- &a{level} [*a{below}]\n");
        laughs += &format!("- &a{level} [*a{below}, *a{below}, *a{below}]\n");
        merges += &format!("- &a{level} {{<<: [*a{below}, *a{below}], k{level}: 1}}\n");
    }
    check(&chain, "lists and maps are nested deeper than 255");
    check(&laughs, "aliases stand for more than 100000 values");
    check(&merges, "aliases stand for more than 100000 values");
}

#[test]
fn at_most_a_hundred_problems_are_named() {
    assert_eq!(read(&"a: 1\n".repeat(1000)).expect_err("doubles").len(), 100);
}

#[test]
fn behind_a_syntax_error_the_next_documents_are_read() {
    check(
        "a: \"x\n---\nb: 1\nb: 2\n---\nc: @x\n",
        "the quote that opens this text is not closed\nthe key `b` stands here a second time\n\
         a text cannot begin with `@`",
    );
}

#[test]
fn a_colon_without_a_space_in_brackets_is_refused() {
    let message = "Kubernetes tools take this `:` for a part of the text before it";
    let hint = "put a space behind the `:`, or the text in quotes";
    check_problem("[x:, b]", message, ":", hint);
    check_problem("{x:}", message, ":", hint);
    check("{x: , z: }", "{\"x\":null,\"z\":null}");
    check("{x, \"z\"}", "{\"x\":null,\"z\":null}");
}

#[test]
fn a_missing_quote_colon_or_space_is_named_where_it_is() {
    check_problem(
        "a:\n\tb: 1\n\tc: 1",
        "a tab stands in the indentation",
        "b",
        "indent with spaces: YAML allows no tabs there",
    );
    check_problem(
        "a: 1\nb: 2\n\n\n\td: 4",
        "a tab stands in the indentation",
        "d",
        "indent with spaces: YAML allows no tabs there",
    );
    check_problem(
        "a: \"x\nb: 1",
        "the quote that opens this text is not closed",
        "\"",
        "add the closing quote",
    );
    check_problem(
        "a: x: y",
        "a `:` stands where no key can be",
        ":",
        "put the value in quotes: a text that holds `: ` needs them",
    );
    check_problem(
        "a: b\n c: d",
        "a `:` stands where no key can be",
        ":",
        "begin the key in the column of the keys above; the line above may lack a `:` or a quote",
    );
    check_problem(
        "a: {{ .x }}",
        "a map cannot be a key",
        "{ .x }",
        "if `{{ … }}` is meant as text, put it in quotes; holes belong into templates",
    );
    check_problem(
        "a: {{ x }}-{{ y }}",
        "a map cannot be a key",
        "{ x }",
        "if `{{ … }}` is meant as text, put it in quotes; holes belong into templates",
    );
}

#[test]
fn a_character_that_needs_quotes_is_named() {
    check_problem(
        "a: *.example.com",
        "no anchor `&.example.com` stands above this alias",
        "*.example.com",
        "a text that begins with `*` needs quotes",
    );
    check_problem(
        "a: &foo 1\nb: *fo",
        "no anchor `&fo` stands above this alias",
        "*fo",
        "did you mean `*foo`?",
    );
    check_problem("a: @x", "a text cannot begin with `@`", "@", "put it in quotes");
    check_problem("a: [1, 2", "`[` is not closed", "[", "close it, or put the text in quotes");
    check_problem(
        "%YAML 1.1\n---\na: 1",
        "a directive has no place here",
        "%",
        "remove the line that begins with `%`",
    );
    check_problem(
        "a: .inf",
        "infinity and not-a-number have no place in a manifest",
        ".inf",
        "quote it if it is a text",
    );
    check_problem(
        "a: \u{7}",
        "the control character U+0007 stands here",
        "\u{7}",
        "delete it, or write it as an escape in double quotes",
    );
    check_problem(
        "a: \0b",
        "the control character U+0000 stands here",
        "\0",
        "delete it, or write it as an escape in double quotes",
    );
}

#[test]
fn a_text_falls_into_parts_at_its_document_marks_and_each_knows_its_place() {
    let text = "a: 1\n--- # x\nb: |\n  ---\n---\nc: \u{85}d\n---e: 1\n";
    let parts = super::parts(text, 1);
    let read: Vec<&str> = parts.iter().map(|part| &text[part.clone()]).collect();
    assert_eq!(read, ["a: 1\n", "--- # x\nb: |\n  ---\n", "---\nc: \u{85}d\n---e: 1\n"]);
    assert_eq!(super::parts(text, 1000), vec![0..text.len(); 1]);
    assert_eq!(super::parts("", 1), vec![0..0; 1]);
    let files = crate::source::Files::memory([("x.yaml", text)]).expect("a path");
    let path = crate::source::RelPath::parse("x.yaml").expect("a path");
    let id = files.read(&path, &mut crate::source::Inputs::default()).expect("a text").id();
    let second = super::parse_part(text, parts[1].clone(), id, super::Options::default());
    let root = &second.expect("YAML")[0].root;
    let key = root.as_map().and_then(|map| map.keys().next()).expect("a key").place.span.range();
    assert_eq!(&text[key], "b");
}

/// How kustomize reads a resource.
const RESOURCE: Options = Options {
    rules: Rules::GoYamlV3,
    merge_keys: MergeKeys::Apply,
    tags: Tags::Drop,
    duplicates: Duplicates::Refuse,
};

fn check_resource(text: &str, expect: &str) {
    let shown = match read_with(text, RESOURCE) {
        Ok(documents) => to_json(&documents[0].root).to_string(),
        Err(problems) => problems[0].message.clone(),
    };
    assert_eq!(shown, expect, "{text}");
}

#[test]
fn a_resource_is_read_as_kustomize_reads_it() {
    check_resource("[yes, on, n, True, 0644, 0o17, 1_000]", r#"["yes","on","n",true,420,15,1000]"#);
    check_resource("[2020-01-01, 12:30:45, ! 5, !!int \"5\"]", r#"["2020-01-01","12:30:45",5,5]"#);
    check_resource("[!x 5, !x [1], !x {a: 1}]", r#"["5",[1],{"a":1}]"#);
    check_resource(
        "2020-01-01T10:00:00+24:00",
        "a date this far from universal time has no place in a manifest",
    );
    check_resource("!!bool yes", "`yes` is not what its tag `!!bool` says");
}

#[test]
fn a_key_of_a_resource_that_is_no_string_stands_only_at_the_top() {
    check_resource("{yes: 1, 0x10: 2, true: 3}", r#"{"yes":1,"0x10":2,"true":3}"#);
    check_resource("a: {yes: 1, !!str 5: 2}", r#"{"a":{"yes":1,"5":2}}"#);
    check_resource("a: {8443: x}", "the key `8443` is an integer, which kustomize takes for none");
    check_resource(
        "a: {2020-01-01: x}",
        "the key `2020-01-01` is a date, which kustomize takes for none",
    );
}

#[test]
fn dashes_begin_a_document_only_before_what_the_parser_takes_for_blank() {
    check("a: x\n---\u{a0}b: 2\n", "{\"a\":\"x\",\"---\u{a0}b\":2}");
    check("a: \"x\n---\u{3000}y\"\n", "{\"a\":\"x ---\u{3000}y\"}");
    check("a: 1\n---\tb: 2\n", &shown("---\tb: 2\n"));
}

#[test]
fn a_directive_is_refused_with_its_document() {
    for text in ["%YAML 1.2\n---\na: [\n", "%TAG ! tag:x,2026:\n---\na: !foo b\n"] {
        assert_eq!(shown(text).lines().count(), 1, "{}", shown(text));
    }
}
