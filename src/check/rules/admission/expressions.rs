//! What the expressions of webhooks and policies may say.

use crate::cel::Type;
use crate::check::rules::expressions::{
    ANY, BOOLEAN, Names, OBJECT, PATCHES, TEXT, TEXT_OR_NULL, declared, judge, list, map, object,
};
use crate::check::rules::{At, Found};

/// Source: `validateMatchConditions` without parameters.
pub(super) fn of_webhook(webhook: &At<'_>, found: &mut Found) {
    conditions(webhook, &names(), found);
}

/// Source: `validateMutatingAdmissionPolicySpec`, `validateApplyConfiguration`, `validateJSONPatch`. Only patches can make
/// objects; the variables cannot. What is not of the type that is named is refused as it stands, and not read.
pub(super) fn of_mutating_policy(policy: &At<'_>, found: &mut Found) {
    let spec = policy.get("spec");
    let mut known = names_of_policy(&spec);
    conditions(&spec, &known, found);
    variables(&spec.get("variables"), &mut known, found);
    for mutation in spec.get("mutations").items() {
        let (patch, wanted) = match mutation.get("patchType").text() {
            "ApplyConfiguration" => ("applyConfiguration.expression", &OBJECT),
            "JSONPatch" => ("jsonPatch.expression", &PATCHES),
            _ => continue,
        };
        judge(&mutation.get(patch), &known, wanted, found);
    }
}

/// Source: `validateValidatingAdmissionPolicySpec`.
pub(super) fn of_policy(policy: &At<'_>, found: &mut Found) {
    let spec = policy.get("spec");
    let mut known = names_of_policy(&spec);
    conditions(&spec, &known, found);
    variables(&spec.get("variables"), &mut known, found);
    // What a user is told does not depend on what the user may do.
    let is_told = |name: &str| !name.starts_with(AUTHORIZER);
    let of_messages: Names = known.iter().filter(|(name, _)| is_told(name)).cloned().collect();
    for validation in spec.get("validations").items() {
        judge(&validation.get("expression"), &known, &BOOLEAN, found);
        judge(&validation.get("messageExpression"), &of_messages, &TEXT, found);
    }
    for annotation in spec.get("auditAnnotations").items() {
        judge(&annotation.get("valueExpression"), &known, &TEXT_OR_NULL, found);
    }
}

fn conditions(holder: &At<'_>, known: &Names, found: &mut Found) {
    for condition in holder.get("matchConditions").items() {
        judge(&condition.get("expression"), known, &BOOLEAN, found);
    }
}

/// A variable knows those before it.
fn variables(variables: &At<'_>, known: &mut Names, found: &mut Found) {
    let mut fields: Vec<(String, Type)> = Vec::new();
    for variable in variables.items() {
        let mut before = known.clone();
        before.push(("variables", declared(object(fields.clone()))));
        let kind = judge(&variable.get("expression"), &before, &ANY, found);
        fields.push((variable.get("name").text().to_owned(), kind));
    }
    if !fields.is_empty() {
        known.push(("variables", declared(object(fields))));
    }
}

fn names_of_policy(spec: &At<'_>) -> Names {
    let mut names = names();
    if spec.get("paramKind").is_set() {
        names.push(("params", declared(Type::Dyn)));
    }
    names
}

fn names() -> Names {
    vec![
        ("object", declared(Type::Dyn)),
        ("oldObject", declared(Type::Dyn)),
        ("namespaceObject", declared(Type::Dyn)),
        ("request", declared(request())),
        (AUTHORIZER, declared(Type::Named("Authorizer"))),
        ("authorizer.requestResource", declared(Type::Named("ResourceCheck"))),
    ]
}

/// What asks whether a user may do something.
const AUTHORIZER: &str = "authorizer";

/// Source: `BuildRequestType`.
fn request() -> Type {
    let texts = |names: [&'static str; 3]| object(names.map(|name| (name, Type::String)));
    let kind = || texts(["group", "version", "kind"]);
    let resource = || texts(["group", "version", "resource"]);
    let user = object([
        ("username", Type::String),
        ("uid", Type::String),
        ("groups", list(Type::String)),
        ("extra", map(list(Type::String))),
    ]);
    let plain = ["subResource", "requestSubResource", "name", "namespace", "operation"];
    let others = [
        ("kind", kind()),
        ("resource", resource()),
        ("requestKind", kind()),
        ("requestResource", resource()),
        ("userInfo", user),
        ("dryRun", Type::Bool),
        ("options", Type::Dyn),
    ];
    object(plain.map(|name| (name, Type::String)).into_iter().chain(others))
}
