//! Expressions and their values, as an API server of version 1.35 gives them.

use super::{Budget, Declared, Failure, Type, Value, compile};

fn declared(kind: Type) -> Declared {
    Declared { kind, most: 100, least_bytes: 2, inner: None }
}

/// The value of an expression over `x`, a list of integers 1, 2, 3, as `string(…)` or `%s` shows it.
fn value(text: &str) -> String {
    let kind = Type::List(Box::new(Type::Int));
    let shown = format!("'%s'.format([{text}])");
    let program = match compile(&shown, &[("x", declared(kind))]) {
        Ok(program) => program,
        Err(fault) => return format!("fault: {}", fault.message),
    };
    let x = Value::list((1..=3).map(Value::Int).collect());
    match program.run(&[x], &mut Budget::default()) {
        Ok(Value::String(text)) => text.to_string(),
        other => format!("{other:?}"),
    }
}

fn check(cases: &[(&str, &str)]) {
    for (text, expect) in cases {
        assert_eq!(value(text), *expect, "of {text}");
    }
}

#[test]
fn the_language_computes() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("-7 / 2", "-3"),
        ("7 % 4 == 3 && !false", "true"),
        ("'a' + \"b\" + r'\\n'", "ab\\n"),
        ("[1, 2][1]", "2"),
        ("{'a': 1}.a", "1"),
        ("{'a': 1}['b']", "Err(Told(\"no such key: b\"))"),
        ("1 in [1, 2] ? 'yes' : 'no'", "yes"),
        ("x.all(i, i > 0) && x.exists(i, i == 3) && x.exists_one(i, i == 2)", "true"),
        ("x.map(i, i * 2)", "[2, 4, 6]"),
        ("x.map(i, i > 1, i * 2)", "[4, 6]"),
        ("x.filter(i, i != 2)", "[1, 3]"),
        ("x.all(i, v, i + 1 == v)", "true"),
        ("x.transformMap(i, v, v > 1, v * v)", "{1:4, 2:9}"),
        ("1 / 0", "Err(Told(\"division by zero\"))"),
        ("9223372036854775807 + 1", "Err(Told(\"integer overflow\"))"),
        ("x[5] > 1 || true", "true"),
        ("optional.of(1).orValue(2) + optional.none().orValue(3)", "4"),
        ("{'a': {'b': 5}}.?a.?b.orValue(0)", "5"),
        ("optional.of(2).optMap(v, v + 1).value()", "3"),
        ("type(1) == int && type('') == string && type([]) == list", "true"),
        ("0x1F + 1", "32"),
        ("has({'a': 1}.b)", "false"),
        ("1u < 2 && 2.5 > 2", "true"),
    ]);
}

#[test]
fn the_libraries_of_kubernetes_are_there() {
    check(&[
        ("quantity('1Gi').isGreaterThan(quantity('1G'))", "true"),
        ("quantity('500m').add(quantity('1')).compareTo(quantity('1.5'))", "0"),
        ("quantity('2k').asInteger()", "2000"),
        ("isQuantity('1Gb')", "false"),
        ("url('https://a.b:80/p%20q?x=1&x=2').getPort()", "80"),
        ("url('https://a.b:80/p?x=1&x=2').getQuery()['x']", "[\"1\", \"2\"]"),
        ("isURL('a b')", "false"),
        ("ip('10.0.0.1').family() + ip('::1').family()", "10"),
        ("cidr('10.0.0.0/8').containsIP('10.2.3.4')", "true"),
        ("string(cidr('10.1.2.3/8').masked())", "10.0.0.0/8"),
        ("'abc 123 x9'.find('[0-9]+')", "123"),
        ("'a1 b2'.findAll(r'\\d')", "[\"1\", \"2\"]"),
        ("x.isSorted() && x.sum() == 6 && x.min() == 1 && x.max() == 3", "true"),
        ("x.indexOf(2) + 'tacocat'.lastIndexOf('a')", "6"),
        ("'a-b-c'.split('-').join('+').upperAscii()", "A+B+C"),
        ("'hello'.substring(1, 3) + 'x'.replace('x', 'yz')", "elyz"),
        ("sets.contains([1, 2], [2]) && sets.equivalent([1, 2], [2, 1])", "true"),
        ("'%d is %.2f and %x'.format([1, 2.5, 255])", "1 is 2.50 and ff"),
        ("format.dns1123Label().validate('A').hasValue()", "true"),
        ("format.named('nope').hasValue()", "false"),
        ("semver('1.10.0').isGreaterThan(semver('1.9.0'))", "true"),
        ("isSemver('v1.0', true)", "true"),
        ("duration('1h30m').getMinutes()", "90"),
        ("timestamp('2026-01-31T12:00:00Z').getDayOfWeek()", "6"),
        ("string(timestamp('2026-01-31T12:00:00Z') + duration('36h'))", "2026-02-02T00:00:00Z"),
        ("[[1], [2]].flatten().reverse().first().value()", "2"),
        ("[3, 1].sort() + lists.range(2)", "[1, 3, 0, 1]"),
        ("['bb', 'a'].sortBy(s, size(s))", "[\"a\", \"bb\"]"),
        ("strings.quote('a\"b')", "\"a\\\"b\""),
    ]);
}

#[test]
fn what_cannot_be_is_said_before_it_runs() {
    check(&[
        ("y", "fault: there is no variable `y`"),
        ("1 + 'a'", "fault: `+` does not take `int` and `string`"),
        ("x.nope()", "fault: there is no function `nope`"),
        ("x.startsWith('a')", "fault: a `list(int)` has no `startsWith(string)`"),
        ("'a'.matches('(')", "fault: `(` is no regular expression: unclosed group"),
        ("1 +", "fault: a value is expected, but `]` is there"),
        ("x == 1", "fault: `==` does not take `list(int)` and `int`"),
        ("'%d'.format(['a'])", "fault: `%d` does not take `string`"),
        ("'%s %s'.format([1])", "fault: the text of `format` asks for 2 values, but is given 1"),
        ("'%s'.format([[quantity('1')]])", "fault: `%s` does not take `Quantity`"),
        ("'50%'.format([])", "fault: `format` has a `%` at the end: write `%%` for a percent sign"),
        ("x.all(1, true)", "fault: `all` takes the name of a variable here"),
    ]);
}

#[test]
fn a_program_is_as_young_as_its_youngest_part() {
    let check = |text: &str, since: u32, newest: &str| {
        let program = compile(text, &[]).expect("a program");
        assert_eq!((program.since(), program.newest()), (since, newest), "of {text}");
    };
    check("'a'.matches('b')", 0, "");
    check("1 < 2.5", 29, "a comparison of numbers of different types");
    check("{'a': 1}[?'a'].hasValue()", 29, "optional values");
    check("isIP('::1') || '%s'.format([1]) == ''", 31, "`isIP`");
    check("[1].all(i, v, i == v) && isIP('::1')", 33, "a macro of two variables");
    check("semver('1.0.0').major() == 1", 34, "`semver`");
    check("[1].sort() == [1]", 35, "`sort`");
}

#[test]
fn what_never_ends_is_stopped() {
    let many = "x.map(a, x.map(b, x.map(c, x.map(d, x.map(e, x.map(f, x.map(g, x.map(h, x.map(i, x.map(j, x.map(k, x.map(l, 1))))))))))))";
    assert_eq!(value(many), "Err(TooCostly)");
    let mut doubled = "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'".to_owned();
    for _ in 0..30 {
        doubled = format!("[{doubled}].map(s, s + s)[0]");
    }
    assert_eq!(value(&doubled), "Err(TooCostly)");
}

#[test]
fn what_lies_too_deep_is_refused() {
    for text in [
        format!("{}1{}", "(".repeat(5000), ")".repeat(5000)),
        format!("1{}", "+1".repeat(20_000)),
        format!("x{}", ".a".repeat(20_000)),
        format!("{}x", "!".repeat(20_000)),
        format!("true{}", " ? true : false".repeat(10_000)),
        "[".repeat(90_000),
        "x".repeat(200_000),
    ] {
        let found = compile(&text, &[]);
        assert!(found.is_err(), "of {}…", &text[..20]);
    }
    assert!(compile(&format!("true{}", " && true".repeat(5_000)), &[]).is_ok());
}

#[test]
fn a_budget_is_shared_by_the_programs_of_one_object() {
    let kind = Type::List(Box::new(Type::Int));
    let text = "x.all(a, x.all(b, x.all(c, a + b + c < 1000)))";
    let program = compile(text, &[("x", declared(kind))]).expect("a program");
    let x = Value::list((0..30).map(Value::Int).collect());
    let mut budget = Budget::default();
    let outcomes: Vec<_> =
        (0..60).map(|_| program.run(std::slice::from_ref(&x), &mut budget)).collect();
    assert_eq!(outcomes[0], Ok(Value::Bool(true)));
    assert_eq!(outcomes[59], Err(Failure::Spent));
}
