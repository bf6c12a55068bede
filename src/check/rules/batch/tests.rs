//! Jobs by example: which fields a server refuses. A real API server of version 1.35 was asked.

use crate::check::rules::tests::refused;

const NONE: &[&str] = &[];
const TEMPLATE: &str =
    "{metadata: {labels: {a: b}}, spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}";

fn check_named(name: &str, fields: &str, expect: &[&str]) {
    let text = format!(
        "{{apiVersion: batch/v1, kind: Job, metadata: {{name: {name}}}, spec: {{template: {TEMPLATE}, {fields}}}}}"
    );
    assert_eq!(refused(&text, "1.35"), expect, "of {fields}");
}

/// Fields below `spec` that are refused of a Job with these fields beside its template.
fn check(fields: &str, expect: &[&str]) {
    let expect: Vec<String> = expect.iter().map(|path| format!("spec.{path}")).collect();
    check_named("j", fields, &expect.iter().map(String::as_str).collect::<Vec<_>>());
}

fn check_cron(fields: &str, expect: &[&str]) {
    let text = format!(
        "{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: j}}, spec: {{jobTemplate: {{spec: {{template: {TEMPLATE}}}}}, {fields}}}}}"
    );
    assert_eq!(refused(&text, "1.35"), expect, "of {fields}");
}

#[test]
fn an_indexed_job_says_how_many() {
    check("completionMode: Indexed", NONE);
    check("completionMode: Indexed, parallelism: 1", &["completions"]);
    check(
        "completionMode: Indexed, completions: 2, backoffLimitPerIndex: 1, maxFailedIndexes: 3",
        &["maxFailedIndexes"],
    );
    check(
        "completionMode: Indexed, completions: 2, maxFailedIndexes: 1",
        &["backoffLimitPerIndex"],
    );
    check(
        "completionMode: Indexed, completions: 100001, backoffLimitPerIndex: 1",
        &["maxFailedIndexes"],
    );
    check("completionMode: Indexed, completions: 5, parallelism: 100001", &["parallelism"]);
    check("completionMode: ''", &["completionMode"]);
    check(
        "backoffLimitPerIndex: 1, maxFailedIndexes: 1",
        &["backoffLimitPerIndex", "maxFailedIndexes"],
    );
}

#[test]
fn pods_of_an_indexed_job_have_names() {
    check_named("a.b", "completionMode: Indexed, completions: 1", &["metadata.name"]);
    check_named("a.b", "completions: 1", NONE);
    check_named(&"a".repeat(61), "completionMode: Indexed, completions: 10", NONE);
    check_named(&"a".repeat(61), "completionMode: Indexed, completions: 11", &["metadata.name"]);
}

#[test]
fn the_selector_of_a_job_is_made() {
    check("selector: {}", NONE);
    check("selector: {matchLabels: {job-name: j}}", NONE);
    check("selector: {matchLabels: {x: y}}", &["template.metadata.labels", "selector"]);
    check("manualSelector: true, selector: {matchLabels: {a: b}}", NONE);
    check("manualSelector: true", &["selector"]);
    check("manualSelector: true, selector: {matchLabels: {a: c}}", &["template.metadata.labels"]);
}

#[test]
fn pods_of_a_job_end() {
    let text = |policy: &str| {
        format!(
            "{{apiVersion: batch/v1, kind: Job, metadata: {{name: j}}, spec: {{template: {{spec: {{{policy} containers: [{{name: a, image: b}}]}}}}}}}}"
        )
    };
    let refused = |policy: &str| refused(&text(policy), "1.35");
    assert_eq!(refused("restartPolicy: OnFailure,"), NONE);
    for policy in ["", "restartPolicy: '',", "restartPolicy: Always,"] {
        assert_eq!(refused(policy), ["spec.template.spec.restartPolicy"]);
    }
}

#[test]
fn a_failure_policy_names_containers_and_rising_codes() {
    let rule = |rule: &str| format!("podFailurePolicy: {{rules: [{rule}]}}");
    check(
        &rule("{action: Ignore, onExitCodes: {operator: In, values: [1, 2], containerName: a}}"),
        NONE,
    );
    let at = |field: &str| format!("podFailurePolicy.rules[0]{field}");
    let check = |text, expect: &str| check(&rule(text), &[&at(expect)]);
    check(
        "{action: Ignore, onExitCodes: {operator: In, values: [1], containerName: z}}",
        ".onExitCodes.containerName",
    );
    check("{action: Ignore, onExitCodes: {operator: In, values: [0]}}", ".onExitCodes.values[0]");
    check(
        "{action: Ignore, onExitCodes: {operator: NotIn, values: [2, 1]}}",
        ".onExitCodes.values",
    );
    check(
        "{action: Ignore, onExitCodes: {operator: NotIn, values: [1, 1]}}",
        ".onExitCodes.values[1]",
    );
    check("{action: Ignore}", "");
    check("{action: FailIndex, onPodConditions: [{type: a}]}", ".action");
    check("{action: Ignore, onPodConditions: [{type: a b}]}", ".onPodConditions[0].type");
}

#[test]
fn beside_a_failure_policy_only_failed_pods_are_replaced() {
    let policy = "podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: a}]}]}";
    check("podReplacementPolicy: TerminatingOrFailed", NONE);
    check(
        &format!("podReplacementPolicy: TerminatingOrFailed, {policy}"),
        &["podReplacementPolicy"],
    );
}

#[test]
fn a_success_policy_counts_indexes_that_there_are() {
    let rule = |rule: &str| {
        format!("completionMode: Indexed, completions: 5, successPolicy: {{rules: [{rule}]}}")
    };
    for taken in [
        "{succeededIndexes: '1-3,4', succeededCount: 4}",
        "{succeededIndexes: ''}",
        "{succeededCount: 5}",
    ] {
        check(&rule(taken), NONE);
    }
    check(&rule("{}"), &["successPolicy.rules[0]"]);
    check(&rule("{succeededCount: 6}"), &["successPolicy.rules[0].succeededCount"]);
    check(
        &rule("{succeededIndexes: '1-3', succeededCount: 4}"),
        &["successPolicy.rules[0].succeededCount"],
    );
    for wrong in ["'1,0'", "'5'", "'-1'", "'1-1'", "x"] {
        check(
            &rule(&format!("{{succeededIndexes: {wrong}}}")),
            &["successPolicy.rules[0].succeededIndexes"],
        );
    }
    check("successPolicy: {rules: [{succeededCount: 1}]}", &["successPolicy"]);
}

#[test]
fn who_manages_a_job_has_a_domain() {
    check("managedBy: example.com/a", NONE);
    for wrong in ["''", "a", "A/b", "'a/b c'"] {
        check(&format!("managedBy: {wrong}"), &["managedBy"]);
    }
}

#[test]
fn a_schedule_has_five_fields_or_a_name() {
    for taken in [
        "*/5 * * * *",
        "@daily",
        "@every 1h30m",
        "@every 0",
        "@every -1h",
        "0 0 31 2 *",
        "* * * JAN-mar MON",
        "1,,2 * * * *",
        "* * * * ?",
        "*-x * * * *",
        "3/5 * * * *",
        "' * * * * * '",
        "+1 * * * *",
    ] {
        check_cron(&format!("schedule: '{}'", taken.trim_matches('\'')), NONE);
    }
    for wrong in [
        "@every x",
        "@HOURLY",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * * 7",
        "*/0 * * * *",
        "1-2-3 * * * *",
        "5-1 * * * *",
        "*/2/3 * * * *",
        "TZ=UTC * * * * *",
        "* * * *",
        "-1 * * * *",
        "*/ * * * *",
        "1- * * * *",
        "@every",
        "@reboot",
        "* * * * MON#2",
        " @daily",
    ] {
        check_cron(&format!("schedule: '{wrong}'"), &["spec.schedule"]);
    }
    check_cron("concurrencyPolicy: Allow", &["spec.schedule"]);
}

#[test]
fn a_time_zone_is_one_that_there_is() {
    for taken in
        ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "EST5EDT", "posix/UTC", "GMT+0"]
    {
        check_cron(&format!("schedule: '@daily', timeZone: {taken}"), NONE);
    }
    for wrong in ["europe/berlin", "Local", "''", "Etc/UTC-x", "../x"] {
        check_cron(&format!("schedule: '@daily', timeZone: {wrong}"), &["spec.timeZone"]);
    }
}

#[test]
fn a_cron_job_leaves_room_in_its_name_and_the_selector_to_the_server() {
    let text = |name: &str, fields: &str| {
        format!(
            "{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: {name}}}, spec: {{schedule: '@daily', jobTemplate: {{spec: {{{fields} template: {TEMPLATE}}}}}}}}}"
        )
    };
    assert_eq!(refused(&text(&"a".repeat(52), ""), "1.35"), NONE);
    assert_eq!(refused(&text(&"a".repeat(53), ""), "1.35"), ["metadata.name"]);
    let job = "selector: {}, manualSelector: true,";
    assert_eq!(
        refused(&text("j", job), "1.35"),
        ["spec.jobTemplate.spec.selector", "spec.jobTemplate.spec.manualSelector"]
    );
    assert_eq!(
        refused(&text("j", "completionMode: Indexed,"), "1.35"),
        ["spec.jobTemplate.spec.completions"]
    );
}
