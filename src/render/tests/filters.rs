//! Every filter and function by example.

use super::{check, check_error};

/// Each expression, printed alone, gives the YAML value behind it.
#[track_caller]
fn gives(cases: &[(&str, &str)]) {
    let values = "s: Some Text\nlist: [b, a, b]\nmap: {z: 1, a: {x: 1, w: 2}}\nother: {a: {x: 9, q: 3}, k: v}\nnone: null\nfalse_: false\nnum: 7\nfloat: 2.567\nversion: 1.30.2";
    for (expression, expect) in cases {
        let found = super::outcome(&[
            ("templates/web.yaml", &format!("a: {{{{ {expression} }}}}")),
            ("values.yaml", values),
        ]);
        let text = format!("a: {expect}");
        let read = |text: &str| {
            let node = crate::yaml::parse(
                text,
                super::Bench::new(&[]).chart.place.file,
                crate::yaml::Options::default(),
            );
            node.map(|documents| {
                documents.iter().map(|d| crate::yaml::write(&d.root)).collect::<String>()
            })
        };
        assert_eq!(Ok(found), read(&text).map_err(|_| ()), "{expression}");
    }
}

#[test]
fn filters_on_text() {
    gives(&[
        ("values.s | upper", "SOME TEXT"),
        ("values.s | lower", "some text"),
        ("'two words' | title", "Two Words"),
        ("'Two Words' | untitle", "two words"),
        ("'tWO' | capitalize", "Two"),
        ("'myAppName' | snakecase", "my_app_name"),
        ("'my_app name' | kebabcase", "my-app-name"),
        ("'my-app' | camelcase", "MyApp"),
        ("' x ' | trim", "x"),
        ("'--x-' | trim('-')", "x"),
        ("'v1.2' | trim_prefix('v')", "\"1.2\""),
        ("'a-' | trim_suffix('-')", "a"),
        ("'grün-x' | trunc(4)", "grün"),
        ("'grün-x' | trunc(-2)", "'-x'"),
        ("'abcdef' | substr(1, 3)", "bc"),
        ("'ab' | repeat(3)", "ababab"),
        ("'a.b.c' | replace('.', '-')", "a-b-c"),
        ("'abc' | contains('b')", "true"),
        ("values.list | contains('b')", "true"),
        ("values.map | contains('q')", "false"),
        ("'abc' | has_prefix('ab')", "true"),
        ("'abc' | has_suffix('ab')", "false"),
        ("'a,b' | split(',')", "[a, b]"),
        ("' a  b ' | split", "[a, b]"),
        ("values.list | join('-')", "b-a-b"),
        ("[1, true, 2.5] | join(',')", "'1,true,2.5'"),
        (
            "'%s-%d-%05d-%.2f-%q-%t-100%%' | format('a', 3, 42, 1.005, 'q', true)",
            "'a-3-00042-1.00-\"q\"-true-100%'",
        ),
        ("'%-4s|%4s' | format('a', 'b')", "'a   |   b'"),
        ("8 | string", "\"8\""),
    ]);
}

#[test]
fn filters_on_what_may_be_missing() {
    gives(&[
        ("values.gone | default('x')", "x"),
        ("values.none | default('x')", "x"),
        ("values.false_ | default(true)", "false"),
        ("'' | default('x')", "\"\""),
        ("'' | default('x', true)", "x"),
        ("values.gone | d(1)", "1"),
        ("values.s | required('needed')", "Some Text"),
        ("coalesce(values.gone, none, '', 'x')", "x"),
        ("values.gone | coalesce('y_')", "y_"),
        ("values.false_ | ternary('a', 'b')", "b"),
        ("ternary('a', 'b', true)", "a"),
        ("values | dig('map', 'a', 'x')", "1"),
        ("dig(values, 'map', 'nope', 'x', default='d')", "d"),
    ]);
    check_error(
        &[("templates/web.yaml", "a: {{ values | dig('x') }}")],
        "`dig` comes to an end: this map has no key `x`",
    );
}

#[test]
fn filters_on_maps() {
    gives(&[
        ("values.map | merge(values.other)", "{z: 1, a: {x: 1, w: 2, q: 3}, k: v}"),
        ("merge({'a': 1}, {'a': 2, 'b': 3})", "{a: 1, b: 3}"),
        ("values.map | keys", "[z, a]"),
        ("values.map.a | values", "[1, 2]"),
        ("values.map | has_key('a')", "true"),
        ("values.map | get('z')", "1"),
        ("values.map | get('q', 5)", "5"),
        ("values.other.a | set('x', 0) | set('n_', 1)", "{x: 0, q: 3, n_: 1}"),
        ("values.map | omit('a')", "{z: 1}"),
        ("values.map | unset('z') | keys", "[a]"),
        ("values.map | pick('z')", "{z: 1}"),
        ("values.map | to_json", "'{\"z\":1,\"a\":{\"x\":1,\"w\":2}}'"),
        ("values.map.a | to_pretty_json", "\"{\\n  \\\"x\\\": 1,\\n  \\\"w\\\": 2\\n}\""),
        ("'{\"a\": [1, null, \"x\"]}' | from_json", "{a: [1, null, x]}"),
        ("'a: [1, on, \"on\"]' | from_yaml", "{a: [1, true, \"on\"]}"),
        ("values.map.a | dictsort", "[[w, 2], [x, 1]]"),
        ("values.map.a | items | list", "[[x, 1], [w, 2]]"),
    ]);
    check_error(
        &[("templates/web.yaml", "a: {{ {'tag': 1} | get('tga') }}")],
        "this map has no key `tga` (did you mean `tag`?)",
    );
    check_error(
        &[("templates/web.yaml", "a: {{ 'x' | merge({}) }}")],
        "`merge` takes maps, but this is a string",
    );
}

#[test]
fn filters_on_lists() {
    gives(&[
        ("values.list | append('c')", "[b, a, b, c]"),
        ("values.list | prepend('c')", "[c, b, a, b]"),
        ("values.list | concat(['c'], ['d'])", "[b, a, b, c, d]"),
        ("values.list | without('b')", "[a]"),
        ("['', 'a', none, 0] | compact", "[a]"),
        ("values.list | rest", "[a, b]"),
        ("[[1], 2, [3, [4]]] | flatten", "[1, 2, 3, [4]]"),
        ("values.list | unique", "[b, a]"),
        ("values.list | uniq", "[b, a]"),
        ("values.list | sort", "[a, b, b]"),
        ("values.list | first", "b"),
        ("values.list | last", "b"),
        ("values.list | length", "3"),
        ("values.list + ['c']", "[b, a, b, c]"),
        ("values.list | map('upper') | list", "[B, A, B]"),
        ("[1, 2, 3] | select('odd') | list", "[1, 3]"),
        ("[1, 5, 3] | max", "5"),
        ("[1, 2] | sum", "3"),
        ("range(3) | list", "[0, 1, 2]"),
        ("[1, 2] | reverse", "[2, 1]"),
    ]);
}

#[test]
fn filters_that_make_numbers() {
    gives(&[
        ("'8080' | int", "8080"),
        ("2.9 | int", "2"),
        ("true | int", "1"),
        ("'x' | int(5)", "5"),
        ("'2.5' | float", "2.5"),
        ("'true' | bool", "true"),
        ("values.float | round", "3"),
        ("values.float | round(1)", "2.6"),
        ("2.1 | ceil", "3"),
        ("2.9 | floor", "2"),
        ("values.num // 2", "3"),
        ("values.num * 2 - 1", "13"),
        ("1 - 2 + 3 - -4", "6"),
        ("-1 | abs", "1"),
    ]);
    check(
        "a: {{ 'x' | int }}",
        "",
        "web.yaml:1 'int': `x` is no number (correct it where it is set)",
    );
    check(
        "a: {{ 'maybe' | bool }}",
        "",
        "web.yaml:1 'bool': `maybe` is no boolean (correct it where it is set)",
    );
}

#[test]
fn filters_that_encode_hash_and_compare() {
    gives(&[
        ("'user:pass' | b64encode", "dXNlcjpwYXNz"),
        ("'dXNlcjpwYXNz' | b64decode", "user:pass"),
        ("'' | sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("{'b': 1, 'a': 2} | sha256 == '{\"a\":2,\"b\":1}' | sha256", "true"),
        ("('abc' | sha512)[0:8]", "ddaf35a1"),
        ("values.version | semver_compare('>=1.29 <2')", "true"),
        ("semver_compare('^1.31', values.version)", "false"),
        ("cluster.version | semver_compare('>=1.25-0')", "true"),
    ]);
    check_error(&[("templates/web.yaml", "a: {{ '*' | b64decode }}")], "the text is no base64");
    check_error(
        &[("templates/web.yaml", "a: {{ '1' | semver_compare('>=one') }}")],
        "`>=one` is no version range",
    );
}

#[test]
fn filters_in_text_files_print_text() {
    super::check_chart(
        &[
            ("templates/web.yaml", "a: {{ files.get('x') }}"),
            (
                "files/x.j2",
                "{{ values.map | to_yaml | indent(2, first=true) }}\nb:{{ values.map | to_yaml | nindent(2) }}\n{{ 'q' | quote }} {{ \"it's\" | squote }}\n",
            ),
            ("values.yaml", "map: {z: \"on\", a: [1]}"),
        ],
        "a: |2\n    a:\n    - 1\n    z: \"on\"\n  b:\n    a:\n    - 1\n    z: \"on\"\n  \"q\" 'it''s'",
    );
}
