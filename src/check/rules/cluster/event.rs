//! Events, in the old form and the new.
//!
//! Source: upstream's `pkg/apis/core/validation/events.go`.

use super::super::grammar::LABEL_KEY;
use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.Event", judge: old_event },
    CodeRule { on: "events/v1.Event", judge: new_event },
];

/// Where the two forms have the same under other names.
struct Names {
    object: &'static str,
    controller: &'static str,
    text: &'static str,
}

/// `legacyValidateEvent`.
fn old_event(event: &At<'_>, found: &mut Found) {
    let names = Names {
        object: "involvedObject.namespace",
        controller: "reportingComponent",
        text: "message",
    };
    of_its_namespace(event, names.object, found);
    if event.get("eventTime").is_set() {
        reported(event, &names, found);
    }
}

/// `ValidateEventCreate`.
fn new_event(event: &At<'_>, found: &mut Found) {
    let names =
        Names { object: "regarding.namespace", controller: "reportingController", text: "note" };
    of_its_namespace(event, names.object, found);
    match event.get("eventTime") {
        time if time.is_set() => reported(event, &names, found),
        time => {
            found.required(&time);
        }
    }
    series(&event.get("series"), found);
    let kind = event.get("type");
    if !["Normal", "Warning"].contains(&kind.text()) {
        found.unsupported(&kind, &["Normal", "Warning"]);
    }
    old_fields_are_empty(event, found);
}

/// An event stands in the namespace of what it is about. Without a namespace of its own, where it goes is not known here.
fn of_its_namespace(event: &At<'_>, way: &str, found: &mut Found) {
    let (own, other) = (event.get("metadata.namespace"), event.get(way));
    let is_new = event.get("eventTime").is_set();
    let is_right = match (other.text(), own.text()) {
        (_, "") => true,
        ("", "default") => true,
        ("", own) => is_new && own == "kube-system",
        (other, own) => is_new || other == own,
    };
    if !is_right {
        found
            .invalid(&other, &format!("must be the event's namespace `{}`", own.text()))
            .hint("an event stands in the namespace of what it is about");
    }
}

/// What the sender says of itself and of what happened.
fn reported(event: &At<'_>, names: &Names, found: &mut Found) {
    let controller = event.get(names.controller);
    if !controller.is_empty() && !(LABEL_KEY.holds)(controller.text()) {
        found.not_of(&controller, &LABEL_KEY);
    }
    for field in [names.controller, "reportingInstance", "action", "reason"] {
        let at = event.get(field);
        if at.is_empty() {
            found.required(&at);
        } else if field != names.controller && at.text().len() > 128 {
            found.too_long(&at, 128, "bytes");
        }
    }
    let text = event.get(names.text);
    if text.text().len() > 1024 {
        found.too_long(&text, 1024, "bytes");
    }
}

/// `validateV1EventSeries`.
fn series(series: &At<'_>, found: &mut Found) {
    if !series.is_set() {
        return;
    }
    let (count, last) = (series.get("count"), series.get("lastObservedTime"));
    if count.number().unwrap_or(0) < 2 {
        found.invalid(&count, "must be 2 at least");
    }
    if !last.is_set() {
        found.required(&last);
    }
}

fn old_fields_are_empty(event: &At<'_>, found: &mut Found) {
    let times = ["deprecatedFirstTimestamp", "deprecatedLastTimestamp"].map(|name| event.get(name));
    let count = event.get("deprecatedCount");
    let source = event.get("deprecatedSource");
    let has_source = !source.get("component").is_empty() || !source.get("host").is_empty();
    let set = times.into_iter().filter(At::is_set);
    let set = set.chain(Some(count).filter(|count| !matches!(count.number(), None | Some(0))));
    for field in set.chain(Some(source).filter(|_| has_source)) {
        found.invalid_whole(&field, "may not be there in this version of the API");
    }
}
