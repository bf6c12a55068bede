//! How requests to an API server are sorted into levels, and how much each level gets.
//!
//! Source: upstream's `pkg/apis/flowcontrol/validation/validation.go`.

use super::super::grammar::{DNS_LABEL, DNS_SUBDOMAIN};
use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "flowcontrol/*.FlowSchema", judge: first_is_exempt },
    CodeRule { on: "flowcontrol/*.PolicyRulesWithSubjects", judge: has_a_rule },
    CodeRule { on: "flowcontrol/*.Subject", judge: subject },
    CodeRule { on: "flowcontrol/*.NonResourcePolicyRule", judge: non_resource_rule },
    CodeRule { on: "flowcontrol/*.ResourcePolicyRule", judge: resource_rule },
    CodeRule { on: "flowcontrol/*.PriorityLevelConfiguration", judge: level },
    CodeRule { on: "flowcontrol/*.LimitResponse", judge: response },
    CodeRule { on: "flowcontrol/*.QueuingConfiguration", judge: queues },
];

const VERBS: [&str; 9] =
    ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

/// `ValidateFlowSchemaSpec`.
fn first_is_exempt(schema: &At<'_>, found: &mut Found) {
    let precedence = schema.get("spec.matchingPrecedence");
    if precedence.number() == Some(1) && schema.get("metadata.name").text() != "exempt" {
        found.invalid(&precedence, "must be 2 at least: 1 is for the schema `exempt`");
    }
}

/// `ValidateFlowSchemaPolicyRulesWithSubjects`.
fn has_a_rule(rule: &At<'_>, found: &mut Found) {
    if rule.get("resourceRules").is_empty() && rule.get("nonResourceRules").is_empty() {
        found.required(rule).hint("add `resourceRules` or `nonResourceRules`");
    }
}

/// `ValidateFlowSchemaSubject`.
fn subject(subject: &At<'_>, found: &mut Found) {
    const KINDS: [(&str, &str); 3] =
        [("Group", "group"), ("ServiceAccount", "serviceAccount"), ("User", "user")];
    let kind = subject.get("kind");
    let Some((_, own)) = KINDS.iter().find(|(name, _)| *name == kind.text()) else {
        found.unsupported(&kind, &KINDS.map(|(name, _)| name));
        return;
    };
    for (_, name) in KINDS {
        let at = subject.get(name);
        match (name == *own, at.is_set()) {
            (true, false) => {
                found.required(&at);
            }
            (false, true) => {
                let what = format!("may not be there where `kind` is `{}`", kind.text());
                found.forbidden(&at, &what);
            }
            _ => {}
        }
    }
    let account = subject.get("serviceAccount.name");
    let is_name = account.text() == "*" || (DNS_SUBDOMAIN.holds)(account.text());
    if *own == "serviceAccount" && !account.is_empty() && !is_name {
        found.not_of(&account, &DNS_SUBDOMAIN);
    }
}

/// Whether a list is `["*"]`; that beside `*` there is more is an error.
fn is_all(list: &At<'_>, found: &mut Found) -> bool {
    let has_all = list.items().any(|item| item.text() == "*");
    if has_all && list.items().count() > 1 {
        found.invalid_whole(list, "may not have others beside `*`").hint("keep `*` alone");
    }
    has_all
}

fn verbs(verbs: &At<'_>, found: &mut Found) {
    if is_all(verbs, found) {
        return;
    }
    if let Some(verb) = verbs.items().find(|verb| !VERBS.contains(&verb.text())) {
        found.unsupported_item(verbs, verb.text(), &VERBS);
    }
}

fn non_resource_rule(rule: &At<'_>, found: &mut Found) {
    verbs(&rule.get("verbs"), found);
    let paths = rule.get("nonResourceURLs");
    if is_all(&paths, found) {
        return;
    }
    for path in paths.items() {
        if let Some(what) = wrong_in_path(path.text()) {
            found.invalid(&path, what);
        }
    }
}

/// `ValidateNonResourceURLPath`.
fn wrong_in_path(path: &str) -> Option<&'static str> {
    let is_end = |i: usize| i + 1 == path.len() && path.ends_with("/*");
    match path {
        "" => Some("must not be empty"),
        "/" => None,
        _ if !path.starts_with('/') => Some("must begin with `/`"),
        _ if path.contains(' ') => Some("must not have blanks"),
        _ if path.contains("//") => Some("must not have `//`"),
        _ if path.find('*').is_some_and(|i| !is_end(i)) => {
            Some("may have `*` only as its end, behind `/`")
        }
        _ => None,
    }
}

fn resource_rule(rule: &At<'_>, found: &mut Found) {
    verbs(&rule.get("verbs"), found);
    is_all(&rule.get("apiGroups"), found);
    is_all(&rule.get("resources"), found);
    let namespaces = rule.get("namespaces");
    if namespaces.is_empty() && !rule.get("clusterScope").is_true() {
        found.required(&namespaces).hint("name some, or write `clusterScope: true`");
    }
    if is_all(&namespaces, found) {
        return;
    }
    for name in namespaces.items().filter(|name| !(DNS_LABEL.holds)(name.text())) {
        found.not_of(&name, &DNS_LABEL);
    }
}

/// `ValidatePriorityLevelConfigurationSpec`.
fn level(level: &At<'_>, found: &mut Found) {
    let kind = level.get("spec.type");
    let is_exempt = level.get("metadata.name").text() == "exempt";
    let (own, other) = match kind.text() {
        "Exempt" => ("exempt", "limited"),
        "Limited" => ("limited", "exempt"),
        _ => return,
    };
    if (own == "exempt") != is_exempt {
        found.invalid(&kind, "must be `Exempt` for the level `exempt` and no other");
    }
    let (own, other) = (level.get("spec").field(own), level.get("spec").field(other));
    if kind.text() == "Limited" && !own.is_set() {
        found.required(&own);
    }
    if other.is_set() {
        found.forbidden(&other, &format!("may not be there where `type` is `{}`", kind.text()));
    }
}

/// `ValidateLimitResponse`.
fn response(response: &At<'_>, found: &mut Found) {
    let queuing = response.get("queuing");
    match (response.get("type").text(), queuing.is_set()) {
        ("Queue", false) => {
            found.required(&queuing);
        }
        ("Reject", true) => {
            found.forbidden(&queuing, "may not be there where `type` is `Reject`");
        }
        _ => {}
    }
}

/// `ValidatePriorityLevelQueuingConfiguration`: a hand of queues is dealt from 60 random bits. Zero stands for a default.
fn queues(queuing: &At<'_>, found: &mut Found) {
    let or = |name, default| queuing.get(name).number().filter(|n| *n != 0).unwrap_or(default);
    let (queues, hand) = (or("queues", 64), or("handSize", 8));
    if queues < 1 || hand < 1 {
        return;
    }
    let at = queuing.get("handSize");
    if hand > queues {
        found.invalid(&at, &format!("must be {queues} at most, as `queues` is"));
    } else if is_too_many(queues, hand) {
        found.invalid(&at, &format!("must be less for {queues} queues")).hint(
            "lower `handSize` or `queues`: a hand of `handSize` from `queues` may take 60 bits",
        );
    }
}

/// Whether 60 bits do not tell every hand from every other.
fn is_too_many(queues: i64, hand: i64) -> bool {
    let hands = (0..hand).try_fold(1_u128, |hands, i| {
        let more = u128::try_from(queues - i).ok()?;
        hands.checked_mul(more).filter(|hands| *hands <= 1 << 60)
    });
    hands.is_none()
}
