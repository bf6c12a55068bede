//! Hostile arguments: indexes, paths and texts without an end.

use crate::Chart;

#[track_caller]
fn check(flag: &str, argument: &str) {
    Chart::new().run(&["render", "web", flag, argument]).refused(&["--set"]);
}

#[test]
fn large_indexes_are_refused() {
    for index in [
        "999999999",
        "65537",
        "18446744073709551615",
        "99999999999999999999999999",
        "-1",
        "1e9",
        "",
    ] {
        check("--set", &format!("a[{index}]=1"));
        check("--set-json", &format!("a[{index}]=1"));
    }
    check("--set", "a[65536][65536]=1");
    check("--set", &(0..40).map(|n| format!("b{n}[60000]=1")).collect::<Vec<_>>().join(","));
}

#[test]
fn many_large_lists_over_many_arguments_are_bounded() {
    let arguments: Vec<_> = (0..60).map(|n| format!("--set=b{n}[65000]=1")).collect();
    let all: Vec<_> =
        ["render", "web"].into_iter().chain(arguments.iter().map(String::as_str)).collect();
    Chart::new().run(&all).clean();
}

#[test]
fn deep_paths_are_refused() {
    let deep = 10_000;
    check("--set", &format!("{}a=1", "a.".repeat(deep)));
    check("--set", &format!("a{}=1", "[0]".repeat(deep)));
    check("--set-json", &format!("a={}{}", "[".repeat(deep), "]".repeat(deep)));
    check("--set-json", &format!("a={}1{}", "{\"a\":".repeat(deep), "}".repeat(deep)));
    check("--set-json", &format!("{}1{}", "{\"a\":".repeat(deep), "}".repeat(deep)));
    check("--set", &format!("a={}", "{".repeat(deep)));
}

#[test]
fn what_is_no_setting_is_refused() {
    for argument in [
        "", "=", "a", ".", "a.=1", ".a=1", "a..b=1", "a[0=1", "a]0[=1", "[0]=1", "a={1", ",",
        "a=1,", "a=1,,b=2", "\\",
    ] {
        Chart::new().run(&["render", "web", "--set", argument]).clean();
    }
    for path in ["/dev/zero", "/dev/urandom", "/etc", "nowhere", ""] {
        check("--set-file", &format!("a={path}"));
        Chart::new().run(&["render", "web", "-f", path]).refused(&[]);
    }
}

#[test]
fn settings_through_values_of_another_type_are_named() {
    for argument in ["a.b=1", "a[0]=1", "a.b.c[0].d=1", "a=null", "a={}", "a.b=null"] {
        Chart::new().run(&["render", "web", "--set", argument]).clean();
    }
}
