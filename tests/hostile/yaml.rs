//! YAML that grows, nests or repeats without end, as the values of a chart.

use crate::Chart;

fn check(values: &str, said: &str) {
    Chart::new().with("web/values.yaml", values).refused(&[said]);
}

#[test]
fn aliases_that_multiply_end() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let alias = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{alias}]\n"));
    }
    check(&bomb, "alias");
}

#[test]
fn merge_keys_that_multiply_end() {
    let mut bomb = String::from("m0: &m0 {k: v}\n");
    for level in 1..40 {
        let before = level - 1;
        bomb.push_str(&format!(
            "m{level}: &m{level}\n  <<: [*m{before}, *m{before}]\n  a{level}: *m{before}\n  b{level}: *m{before}\n"
        ));
    }
    check(&bomb, "alias");
}

#[test]
fn many_merges_of_one_large_map_end() {
    let keys: String = (0..5000).map(|n| format!("  k{n}: v\n")).collect();
    let merges: String = (0..5000).map(|n| format!("m{n}: {{<<: *base}}\n")).collect();
    check(&format!("base: &base\n{keys}{merges}"), "alias");
}

#[test]
fn an_alias_within_its_own_anchor_is_refused() {
    check("a: &a [*a]\n", "inside of the anchor");
    check("a: &a {b: *a}\n", "inside of the anchor");
    check("a: &a\n  <<: *a\n", "inside of the anchor");
}

#[test]
fn every_kind_of_nesting_has_an_end() {
    let deep = 100_000;
    let open = "[".repeat(deep);
    check(&format!("a: {open}{}\n", "]".repeat(deep)), "deep");
    check(&format!("a: {open}\n"), "deep");
    check(&format!("a: {}{}\n", "{a: ".repeat(deep), "}".repeat(deep)), "deep");
    check(&format!("a:\n  {}x\n", "- ".repeat(deep)), "deep");
    check(&format!("{}x\n", "? ".repeat(deep)), "deep");
    let blocks: String = (0..2000).map(|depth| format!("{}k:\n", " ".repeat(depth))).collect();
    check(&blocks, "deep");
}

#[test]
fn a_chain_of_aliases_has_an_end() {
    let chain: String = (1..50_000).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1)).collect();
    check(&format!("a0: &a0 x\n{chain}"), "deep");
}

#[test]
fn large_keys_and_texts_are_survived() {
    let megabytes = 8 * 1024 * 1024;
    check(&format!("{}: 1\n", "k".repeat(megabytes)), "");
    check(&format!("? {}\n: 1\n", "k".repeat(megabytes)), "");
    check(&format!("a: \"{}\n", "x\\u0041".repeat(megabytes / 7)), "");
}

#[test]
fn many_equal_keys_are_named_without_a_flood() {
    check(&"a: 1\n".repeat(100_000), "`a`");
}

#[test]
fn many_errors_are_named_without_a_flood() {
    check(&"a: [\n---\n".repeat(100_000), "");
    check(&"a: !x y\n---\n".repeat(100_000), "");
    check(&"--- x\n".repeat(200_000), "");
}

#[test]
fn bytes_that_are_no_text_are_named() {
    for (bytes, said) in [
        (&b"a: \xff\xfe"[..], "UTF-8"),
        (b"a: \x00", ""),
        (b"\xff\xfea\x00:\x00 \x00b\x00", "UTF-8"),
        ("a: \u{f8ff}\u{e000}".as_bytes(), ""),
        (b"a: \x1b[2J", ""),
        ("a: \u{10ffff}\u{fdd0}".as_bytes(), ""),
    ] {
        let chart = Chart::new().with("web/values.yaml", bytes);
        let seen = chart.run(&["render", "web"]);
        seen.clean();
        assert!(seen.stderr.contains(said), "{}", seen.shown());
    }
}

#[test]
fn numbers_without_an_end_are_survived() {
    let digits = "9".repeat(1_000_000);
    for number in [
        digits.clone(),
        format!("1.{digits}"),
        format!("1e{digits}"),
        format!("0x{digits}"),
        format!("{digits}:59:59"),
    ] {
        let seen =
            Chart::new().with("web/values.yaml", format!("a: {number}\n")).run(&["render", "web"]);
        seen.clean();
    }
}
