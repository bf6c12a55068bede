//! Cron jobs: the schedule and the time zone.

use super::{At, CodeRule, Found, cron};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "batch/v1.CronJobSpec", judge: schedule },
    CodeRule { on: "batch/v1.CronJobSpec", judge: time_zone },
    CodeRule { on: "batch/v1.CronJobSpec", judge: selector_is_made },
];

/// `validateScheduleFormat`.
fn schedule(spec: &At<'_>, found: &mut Found) {
    let schedule = spec.get("schedule");
    let text = schedule.text();
    if text.contains("TZ") && spec.object().version.minor() >= 29 {
        found.invalid(&schedule, "must not have a time zone").hint("write it in `timeZone`");
    } else if let Some(what) =
        cron::wrong(text).filter(|_| !text.is_empty() && !text.contains("TZ"))
    {
        found
            .invalid(&schedule, &format!("must {what}"))
            .hint("write one such as `30 4 * * 1-5`: minute, hour, day, month, weekday");
    }
}

/// `validateTimeZone`; whether a zone is known depends on the server's own data, so only its spelling is judged.
fn time_zone(spec: &At<'_>, found: &mut Found) {
    let zone = spec.get("timeZone");
    if !zone.is_set() {
        return;
    }
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+');
    let is_part = |part: &str| {
        (1..=14).contains(&part.len())
            && part.bytes().all(inner)
            && part != "."
            && part != ".."
            && !part.starts_with('-')
    };
    let is_local = zone.text().eq_ignore_ascii_case("local");
    if is_local || !zone.text().split('/').all(is_part) || !super::zones::is_known(zone.text()) {
        found
            .invalid(&zone, "must be a time zone")
            .hint("write one such as `Europe/Berlin` or `Etc/UTC`");
    }
}

/// `ValidateJobTemplateSpec`.
fn selector_is_made(spec: &At<'_>, found: &mut Found) {
    let job = spec.get("jobTemplate.spec");
    if job.get("selector").is_set() {
        found
            .invalid_whole(&job.get("selector"), "may not be set: a cron job makes it")
            .hint("remove it");
    }
    if crate::check::rules::pod::is_true(&job.get("manualSelector")) {
        found.invalid(&job.get("manualSelector"), "must be `false`").hint("remove it");
    }
}
