//! Limits that a workspace changes, and what many templates, targets and environments add up to.

use crate::Chart;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

/// A workspace with these limits whose one service is the chart.
fn workspace(limits: &str) -> Chart {
    Chart::new()
        .with(
            "jibe.yaml",
            format!("environments:\n  dev: {{ kubernetes: \"1.35\" }}\nlimits: {limits}\n"),
        )
        .with("services/web/service.yaml", "source: web\n")
}

/// A template that takes about as many steps as `rounds` times 700,000, and nests a list as deep as it can.
fn nesting(name: &str, rounds: usize) -> String {
    format!(
        "{{% set ns = namespace(v=1) %}}{{% for n in range({rounds}) %}}{{% for i in range(90000) %}}\
         {{% set ns.v = [ns.v] %}}{{% endfor %}}{{% endfor %}}\n\
         apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n"
    )
}

#[test]
fn values_nested_as_deep_as_raised_limits_allow_are_survived() {
    let chart = workspace("{ templateSteps: 4194304 }");
    let chart = chart.with("web/templates/web.yaml", nesting("web", 5));
    let seen = chart.run(&["render", "-e", "dev"]);
    seen.clean();
    assert_eq!(seen.status.code(), Some(0), "{}", seen.shown());
    // The same is too much by default.
    Chart::new().with("web/templates/web.yaml", nesting("web", 5)).refused(&[
        "more than the 1048576 steps",
        "raise `limits.templateSteps` in the workspace's jibe.yaml",
    ]);
}

#[test]
fn many_templates_that_do_much_are_bounded_by_the_target() {
    let mut chart = workspace("{ targetSteps: 2000000 }");
    for number in 0..100 {
        let name = format!("n{number:03}");
        chart = chart.with(&format!("web/templates/{name}.yaml"), nesting(&name, 1));
    }
    let seen = chart.run(&["render", "-e", "dev"]);
    seen.refused(&[
        "at most 2000000 are allowed",
        "raise `limits.targetSteps` in the workspace's jibe.yaml",
    ]);
    assert!(
        seen.stderr.contains("n002.yaml") && !seen.stderr.contains("n003.yaml"),
        "{}",
        seen.stderr
    );
}

/// No object may be as large as a target.
const SIXTEEN: &str = "{% for n in range(16) %}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-{{ n }}
data:
  a: {{ values.a }}
{% endfor %}
";

/// 20 targets of 2 MiB each, in a run that may make 8 MiB.
#[test]
fn many_targets_that_print_much_are_bounded_by_the_run() {
    let environments: String =
        (0..20).map(|n| format!("  e{n}: {{ kubernetes: \"1.35\" }}\n")).collect();
    let chart = Chart::new()
        .with("jibe.yaml", format!("environments:\n{environments}limits: {{ output: 8Mi }}\n"))
        .with("services/web/service.yaml", "source: web\n")
        .with("web/values.yaml", format!("a: {}\n", "x".repeat(128 * 1024)))
        .with("web/templates/web.yaml", SIXTEEN);
    chart
        .run(&["check"])
        .refused(&["at most 8388608 are made in one run", "raise `limits.output`"]);
}

#[test]
fn ten_thousand_environments_are_survived() {
    let environments: String = (0..10_000).map(|n| format!("  e{n}:\n")).collect();
    let chart = Chart::new()
        .with("jibe.yaml", format!("environments:\n{environments}"))
        .with("services/web/service.yaml", "source: web\n");
    let seen = chart.run(&["list"]);
    seen.clean();
    assert_eq!(seen.stdout.lines().count(), 10_000, "{}", seen.shown());
    let seen = chart.run(&["render", "-e", "e9999"]);
    seen.clean();
    assert!(seen.stdout.contains("name: web"), "{}", seen.shown());
}

#[test]
fn a_system_that_has_no_room_for_the_stack_of_a_template_is_told() {
    let seen = Chart::new().run_within(256 * 1024, &["render", "web"]);
    seen.refused(&["templates need a thread with 256 MiB of address space", "`ulimit -v`"]);
}

/// What the program prints as another user who may have so many threads; none where nobody can become another user.
///
/// Whoever counts the threads counts all of a user's, so each test has a user who has no others.
fn with_threads(chart: &Chart, user: &str, most: u8, arguments: &[&str]) -> Option<Output> {
    let user = ["--reuid", user, "--regid", user, "--clear-groups"];
    let mut command = Command::new("setpriv");
    command.args(user).arg("prlimit").arg(format!("--nproc={most}"));
    command.arg(env!("CARGO_BIN_EXE_jibe")).args(arguments).current_dir(chart.folder.path());
    fs::set_permissions(chart.folder.path(), fs::Permissions::from_mode(0o755)).ok()?;
    let seen = command.output().ok()?;
    let said = String::from_utf8_lossy(&seen.stderr);
    let is_refused = said.starts_with("setpriv: ") || said.starts_with("prlimit: ");
    (!is_refused).then_some(seen)
}

/// Threads that were not needed in the end are gone before a template takes one.
#[test]
fn a_system_that_grants_fewer_threads_than_wanted_renders_on_those_that_there_are() {
    let chart = Chart::new();
    for most in [2, 3, 4] {
        for _ in 0..20 {
            let Some(seen) = with_threads(&chart, "61235", most, &["render", "web", "-j", "8"])
            else {
                eprintln!("skipped: the test cannot become another user");
                return;
            };
            let said = String::from_utf8_lossy(&seen.stderr);
            assert!(seen.status.success(), "{most} threads: {said}");
        }
    }
}

/// A system may grant no thread, or fewer than there are processors, or fewer than `-j` names.
#[test]
fn a_system_that_grants_few_threads_gets_the_work_done_or_told() {
    let chart = workspace("{}").with("jibe.yaml", "environments: { a: {}, b: {}, c: {}, d: {} }\n");
    for most in 1..8 {
        for jobs in [&["check"][..], &["check", "-j", "1"], &["check", "-j", "6"]] {
            let Some(seen) = with_threads(&chart, "61234", most, jobs) else {
                eprintln!("skipped: the test cannot become another user");
                return;
            };
            let said = String::from_utf8_lossy(&seen.stderr);
            assert!(!said.contains("panicked"), "{most} threads, {jobs:?}: {said}");
            let is_told = said.contains("templates need a thread") && said.contains("`ulimit -u`");
            assert!(is_told || said.contains("4 files differ"), "{most} threads, {jobs:?}: {said}");
            assert!(is_told || most > 1, "{most} threads, {jobs:?}: {said}");
        }
    }
}
