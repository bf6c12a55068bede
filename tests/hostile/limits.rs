//! Limits that a workspace changes, and what many templates, targets and environments add up to.

use crate::Chart;

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

/// 20 targets of 8 MiB each, in a run that may make 32 MiB.
#[test]
fn many_targets_that_print_much_are_bounded_by_the_run() {
    let environments: String =
        (0..20).map(|n| format!("  e{n}: {{ kubernetes: \"1.35\" }}\n")).collect();
    let chart = Chart::new()
        .with("jibe.yaml", format!("environments:\n{environments}limits: {{ output: 32Mi }}\n"))
        .with("services/web/service.yaml", "source: web\n")
        .with("web/values.yaml", format!("a: {}\n", "x".repeat(8 * 1024 * 1024)));
    chart
        .run(&["check"])
        .refused(&["at most 33554432 are made in one run", "raise `limits.output`"]);
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
