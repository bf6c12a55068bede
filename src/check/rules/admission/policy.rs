//! Policies in the Common Expression Language, and what binds them.

use crate::cel::is_reserved;
use crate::check::rules::grammar::{LABEL_KEY, is_label_key};
use crate::check::rules::metadata::{is_group_version, is_kind};
use crate::check::rules::{At, Found};

/// Source: `validateMatchCondition`, `validateVariable`, `validateValidation`: blanks are no expression.
pub(super) fn expression(holder: &At<'_>, found: &mut Found) {
    is_written(&holder.get("expression"), found);
}

fn is_written(expression: &At<'_>, found: &mut Found) {
    if expression.text().trim().is_empty() {
        found.required(expression).hint("write an expression, such as `object.spec.replicas <= 5`");
    }
}

/// Source: `validateVariable`.
pub(super) fn variable(variable: &At<'_>, found: &mut Found) {
    let name = variable.get("name");
    let text = name.text();
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_name = text.chars().all(is_inner) && !text.starts_with(|c: char| c.is_ascii_digit());
    if text.trim().is_empty() {
        found.required(&name);
    } else if !is_name || is_reserved(text) {
        found
            .invalid(&name, "must be a name in expressions")
            .hint("write letters, digits and `_`, no digit at the beginning, and no reserved word");
    }
}

/// Source: `validateValidation`.
pub(super) fn message(validation: &At<'_>, found: &mut Found) {
    let (message, expression) = (validation.get("message"), validation.get("messageExpression"));
    for at in [&message, &expression] {
        if !at.text().is_empty() && at.text().trim().is_empty() {
            found.invalid(at, "must not be blank").hint("write a message, or remove the key");
        }
    }
    if message.text().trim().contains(['\n', '\r']) {
        found.invalid(&message, "must be one line");
    }
}

/// The most bytes of an annotation's expression.
const EXPRESSION: usize = 5 * 1024;

/// Source: `validateAuditAnnotation`: what is written to the log is `POLICY/KEY`.
pub(super) fn annotation(annotation: &At<'_>, found: &mut Found) {
    let (key, value) = (annotation.get("key"), annotation.get("valueExpression"));
    let policy = At::root(annotation.object()).get("metadata.name");
    if key.is_empty() {
        found.required(&key);
    } else if !is_label_key(&format!("{}/{}", policy.text(), key.text())) {
        found.invalid(&key, &format!("must be {}, without `/`", LABEL_KEY.what));
    }
    if value.text().trim().len() > EXPRESSION {
        found.too_long(&value, EXPRESSION, "bytes");
    }
    is_written(&value, found);
}

/// Source: `validateParamKind`.
pub(super) fn kind_of_parameter(of: &At<'_>, found: &mut Found) {
    let (version, kind) = (of.get("apiVersion"), of.get("kind"));
    if version.is_empty() {
        found.required(&version);
    } else if !is_group_version(version.text()) {
        found.invalid(&version, "must be `VERSION` or `GROUP/VERSION`");
    }
    if kind.is_empty() {
        found.required(&kind);
    } else if !is_kind(kind.text()) {
        found.invalid(&kind, "must be a kind, such as `ConfigMap`");
    }
}

/// Source: `validateParamRef`.
pub(super) fn parameter(parameter: &At<'_>, found: &mut Found) {
    let (name, selector) = (parameter.get("name"), parameter.get("selector"));
    match (!name.is_empty(), selector.is_set()) {
        (true, true) => {
            for at in [&name, &selector] {
                found.forbidden(at, "may not stand beside the other: `name` or `selector`");
            }
        }
        (false, false) => {
            found.required(parameter).hint("give it `name` or `selector`");
        }
        _ => {}
    }
}

/// Source: `validateValidatingAdmissionPolicySpec`.
pub(super) fn constraints(policy: &At<'_>, found: &mut Found) {
    let constraints = policy.get("spec.matchConstraints");
    let rules = constraints.get("resourceRules");
    if rules.is_empty() {
        let missing = if constraints.is_set() { &rules } else { &constraints };
        found.required(missing).hint("say which resources the policy is about in `resourceRules`");
    }
}

/// Source: `validateMutatingAdmissionPolicySpec`: what goes away is not changed before.
pub(super) fn operations(policy: &At<'_>, found: &mut Found) {
    for rule in policy.get("spec.matchConstraints.resourceRules").items() {
        let operations = rule.get("operations");
        if operations.items().any(|operation| operation.text() == "DELETE") {
            let choices = ["*", "CONNECT", "CREATE", "UPDATE"];
            found.unsupported_item(&operations, "DELETE", &choices);
        }
    }
}

/// Source: `validateValidatingAdmissionPolicySpec`.
pub(super) fn validations(policy: &At<'_>, found: &mut Found) {
    let validations = policy.get("spec.validations");
    if validations.is_empty() && policy.get("spec.auditAnnotations").is_empty() {
        found.required(&validations).hint("a policy has `validations` or `auditAnnotations`");
    }
}

/// Source: `validateValidationActions`.
pub(super) fn actions(spec: &At<'_>, found: &mut Found) {
    let actions = spec.get("validationActions");
    let has = |name| actions.items().any(|action| action.text() == name);
    if has("Deny") && has("Warn") {
        found
            .invalid_whole(&actions, "may have `Deny` or `Warn`, not both: a refusal says as much")
            .hint("remove one of the two");
    }
}

/// Source: `validateMutation`.
pub(super) fn mutation(mutation: &At<'_>, found: &mut Found) {
    let (patch, other) = match mutation.get("patchType").text() {
        "ApplyConfiguration" => ("applyConfiguration", "jsonPatch"),
        "JSONPatch" => ("jsonPatch", "applyConfiguration"),
        _ => return,
    };
    let (patch, other) = (mutation.get(patch), mutation.get(other));
    if !patch.is_set() {
        found.required(&patch);
    } else {
        is_written(&patch.get("expression"), found);
    }
    if other.is_set() {
        found.forbidden(&other, "may not stand beside the patch that `patchType` names");
    }
}
