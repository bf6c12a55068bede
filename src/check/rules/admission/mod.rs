//! Webhooks and policies of admission.
//!
//! Source: upstream's `pkg/apis/admissionregistration/validation/validation.go`.

mod expressions;
mod policy;
pub(super) mod url;
pub(super) mod webhook;

#[cfg(test)]
mod tests;

use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "admissionregistration/v1.MutatingWebhook", judge: webhook::versions },
    CodeRule { on: "admissionregistration/v1.ValidatingWebhook", judge: webhook::versions },
    CodeRule { on: "admissionregistration/v1.MutatingWebhook", judge: webhook::client },
    CodeRule { on: "admissionregistration/v1.ValidatingWebhook", judge: webhook::client },
    CodeRule { on: "admissionregistration/v1.MutatingWebhook", judge: expressions::of_webhook },
    CodeRule { on: "admissionregistration/v1.ValidatingWebhook", judge: expressions::of_webhook },
    CodeRule {
        on: "admissionregistration/*.ValidatingAdmissionPolicy",
        judge: expressions::of_policy,
    },
    CodeRule {
        on: "admissionregistration/*.MutatingAdmissionPolicy",
        judge: expressions::of_mutating_policy,
    },
    CodeRule { on: "admissionregistration/v1.RuleWithOperations", judge: stars },
    CodeRule { on: "admissionregistration/*.NamedRuleWithOperations", judge: stars },
    CodeRule { on: "admissionregistration/*.MatchCondition", judge: policy::expression },
    CodeRule { on: "admissionregistration/*.Variable", judge: policy::expression },
    CodeRule { on: "admissionregistration/*.Variable", judge: policy::variable },
    CodeRule { on: "admissionregistration/*.Validation", judge: policy::expression },
    CodeRule { on: "admissionregistration/*.Validation", judge: policy::message },
    CodeRule { on: "admissionregistration/*.AuditAnnotation", judge: policy::annotation },
    CodeRule { on: "admissionregistration/*.ParamKind", judge: policy::kind_of_parameter },
    CodeRule { on: "admissionregistration/*.ParamRef", judge: policy::parameter },
    CodeRule { on: "admissionregistration/*.Mutation", judge: policy::mutation },
    CodeRule {
        on: "admissionregistration/*.ValidatingAdmissionPolicy",
        judge: policy::constraints,
    },
    CodeRule {
        on: "admissionregistration/*.ValidatingAdmissionPolicy",
        judge: policy::validations,
    },
    CodeRule {
        on: "admissionregistration/*.ValidatingAdmissionPolicyBindingSpec",
        judge: policy::actions,
    },
    CodeRule { on: "admissionregistration/*.MutatingAdmissionPolicy", judge: policy::constraints },
    CodeRule { on: "admissionregistration/*.MutatingAdmissionPolicy", judge: policy::operations },
];

/// What stands for everything stands alone. Source: `validateRuleWithOperations`, `validateRule`.
fn stars(rule: &At<'_>, found: &mut Found) {
    for list in ["operations", "apiGroups", "apiVersions"].map(|name| rule.get(name)) {
        if list.items().count() > 1 && list.items().any(|item| item.text() == "*") {
            alone(&list, "*", found);
        }
    }
    let resources = rule.get("resources");
    let names: Vec<&str> = resources.items().map(|item| item.text()).collect();
    if names.len() > 1 && names.contains(&"*/*") {
        alone(&resources, "*/*", found);
    }
    // As upstream, only the last resource without a part is looked at.
    let last = names.iter().rfind(|name| !name.is_empty() && !name.contains('/'));
    if names.contains(&"*") && last.is_some_and(|last| *last != "*") {
        alone(&resources, "*", found);
    }
    parts(&resources, found);
}

fn alone(list: &At<'_>, star: &str, found: &mut Found) {
    found
        .invalid_whole(list, &format!("must have nothing beside `{star}`, which is all of them"))
        .hint(format!("remove `{star}`, or all others"));
}

/// Source: `validateResources`: what an earlier entry holds already.
fn parts(resources: &At<'_>, found: &mut Found) {
    let (mut whole, mut everywhere) = (Vec::new(), Vec::new());
    for item in resources.items() {
        let Some((resource, part)) = item.text().split_once('/') else { continue };
        let known = match (whole.contains(&resource), everywhere.contains(&part)) {
            (true, _) => Some(format!("{resource}/*")),
            (_, true) => Some(format!("*/{part}")),
            _ => None,
        };
        if let Some(known) = known {
            found
                .invalid(&item, &format!("must not be what `{known}` holds already"))
                .hint("remove it");
        }
        if part == "*" {
            whole.push(resource);
        }
        if resource == "*" {
            everywhere.push(part);
        }
    }
}
