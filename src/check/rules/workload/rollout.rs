//! How new pods take the place of old ones.

use super::{At, CodeRule, Found};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "apps/v1.DeploymentSpec", judge: deadline_after_readiness },
    CodeRule { on: "apps/v1.DeploymentStrategy", judge: deployment },
    CodeRule { on: "apps/v1.DaemonSetUpdateStrategy", judge: daemon_set },
    CodeRule { on: "apps/v1.StatefulSetUpdateStrategy", judge: stateful_set },
    CodeRule { on: "apps/v1.ControllerRevision", judge: data_is_an_object },
];

/// A number of pods, or a share of them.
#[derive(Clone, Copy)]
enum Share {
    Number(i64),
    Percent(i64),
    Neither,
}

/// `getIntOrPercentValue`, of a field that a server sets to `default` where it is absent.
fn share(at: &At<'_>, default: Share) -> Share {
    let Some(node) = at.node() else { return default };
    match node.as_str() {
        None => at.number().map_or(Share::Neither, Share::Number),
        Some(text) => match text.strip_suffix('%') {
            Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
                Share::Percent(digits.parse().unwrap_or(i64::MAX))
            }
            _ => Share::Neither,
        },
    }
}

impl Share {
    fn is_zero(self) -> bool {
        matches!(self, Self::Number(0) | Self::Percent(0) | Self::Neither)
    }
}

/// `ValidatePositiveIntOrPercent`.
fn number_or_percent(at: &At<'_>, found: &mut Found) {
    match share(at, Share::Number(0)) {
        Share::Neither => {
            found
                .invalid(at, "must be a number, or a percentage such as `25%`")
                .hint("write a number without quotes");
        }
        Share::Number(number) if number < 0 => {
            found.invalid(at, "must be 0 at least");
        }
        _ => {}
    }
}

/// `IsNotMoreThan100Percent`.
fn not_more_than_all(at: &At<'_>, found: &mut Found) {
    if let Share::Percent(101..) = share(at, Share::Number(0)) {
        found.invalid(at, "must not be more than `100%`");
    }
}

/// `ValidateDeploymentSpec`.
fn deadline_after_readiness(spec: &At<'_>, found: &mut Found) {
    let deadline = spec.get("progressDeadlineSeconds");
    let ready = spec.get("minReadySeconds").number().unwrap_or(0);
    if deadline.number().is_some_and(|seconds| seconds <= ready) {
        let what = format!("must be more than `minReadySeconds`, {ready}");
        found.invalid(&deadline, &what).hint("without `progressDeadlineSeconds` it is 600");
    }
}

/// `ValidateDeploymentStrategy`, `ValidateRollingUpdateDeployment`, `SetDefaults_Deployment`.
fn deployment(strategy: &At<'_>, found: &mut Found) {
    let update = strategy.get("rollingUpdate");
    if strategy.get("type").text() == "Recreate" && update.is_set() {
        found
            .forbidden(&update, "may not stand beside `type: Recreate`")
            .hint("remove one of the two");
        return;
    }
    let (surge, unavailable) = (update.get("maxSurge"), update.get("maxUnavailable"));
    number_or_percent(&unavailable, found);
    number_or_percent(&surge, found);
    not_more_than_all(&unavailable, found);
    let is_zero = |at: &At<'_>| share(at, Share::Percent(25)).is_zero();
    if is_zero(&surge) && is_zero(&unavailable) {
        found
            .invalid_whole(&unavailable, "must not be 0 where `maxSurge` is 0")
            .hint("a rollout needs a pod more or a pod less than `replicas`");
    }
}

/// `ValidateRollingUpdateDaemonSet`, `SetDefaults_DaemonSet`.
fn daemon_set(strategy: &At<'_>, found: &mut Found) {
    if !["", "RollingUpdate"].contains(&strategy.get("type").text()) {
        return;
    }
    let update = strategy.get("rollingUpdate");
    let (surge, unavailable) = (update.get("maxSurge"), update.get("maxUnavailable"));
    for field in [&unavailable, &surge] {
        number_or_percent(field, found);
        not_more_than_all(field, found);
    }
    let is_zero = |at: &At<'_>, default| share(at, Share::Number(default)).is_zero();
    match (is_zero(&unavailable, 1), is_zero(&surge, 0)) {
        (false, false) => {
            found
                .invalid_whole(&surge, "may not stand beside a `maxUnavailable` that is not 0")
                .hint("without `maxUnavailable` it is 1: write 0 there");
        }
        (true, true) => {
            found.required(&unavailable).hint("it must not be 0 where `maxSurge` is 0");
        }
        _ => {}
    }
}

/// `ValidateStatefulSetSpec`, `validateRollingUpdateStatefulSet`; before 1.37 a server drops `maxUnavailable`.
fn stateful_set(strategy: &At<'_>, found: &mut Found) {
    let update = strategy.get("rollingUpdate");
    let unavailable = update.get("maxUnavailable");
    if strategy.get("type").text() == "OnDelete" && update.is_set() {
        found
            .invalid_whole(&update, "may not stand beside `type: OnDelete`")
            .hint("remove one of the two");
    } else if unavailable.is_set() && strategy.object().version.minor() >= 37 {
        number_or_percent(&unavailable, found);
        not_more_than_all(&unavailable, found);
        if share(&unavailable, Share::Number(1)).is_zero() {
            found.invalid_whole(&unavailable, "must not be 0").hint("without it, it is 1");
        }
    }
}

/// `ValidateControllerRevisionCreate`.
fn data_is_an_object(revision: &At<'_>, found: &mut Found) {
    let data = revision.get("data");
    if data.node().is_none_or(|node| node.as_map().is_none()) {
        found.required(&data).hint("it holds an object");
    }
}
