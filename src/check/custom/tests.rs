//! What definitions say against objects, in words. `tests/custom_resources.rs` holds the verdicts to a real server's.

use crate::check::tests::check_with;

/// A definition with these fields and rules of `spec`, and an object of it.
fn check(fields: &str, rules: &str, spec: &str, expect: &str) {
    let definition = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: jobs.t.example.com}}\n\
         spec:\n  group: t.example.com\n  names: {{kind: Job, plural: jobs}}\n  scope: Cluster\n  versions:\n  - name: v1\n    \
         served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n          \
         spec:\n            type: object\n            properties: {{{fields}}}\n            x-kubernetes-validations: [{rules}]\n"
    );
    let object =
        format!("apiVersion: t.example.com/v1\nkind: Job\nmetadata: {{name: a}}\nspec: {spec}\n");
    check_with(&definition, &object, expect);
}

#[test]
fn a_rule_is_told_in_the_words_of_its_author() {
    check(
        "size: {type: integer}",
        "{rule: self.size < 5, message: sizes are below five, fieldPath: .size}",
        "{size: 7}",
        "x.yaml:4:14: error[check/rule]: `spec.size` breaks a rule of its definition: sizes are below five (its definition asks for `self.size < 5`)",
    );
}

#[test]
fn a_message_that_is_computed_comes_first() {
    check(
        "size: {type: integer}",
        "{rule: self.size < 5, message: no, messageExpression: \"'not %d'.format([self.size])\", reason: FieldValueForbidden}",
        "{size: 7}",
        "x.yaml:4:7: error[check/rule]: `spec` is forbidden by its definition: not 7 (its definition asks for `self.size < 5`)",
    );
}

#[test]
fn a_rule_that_cannot_be_judged_says_why() {
    check(
        "tags: {type: object, maxProperties: 5, additionalProperties: {type: string, maxLength: 5}}",
        "{rule: \"self.tags['a'] == 'b'\"}",
        "{tags: {c: d}}",
        "x.yaml:4:7: error[check/rule]: `spec` cannot be judged by a rule of its definition: no such key: a (the rule is `self.tags['a'] == 'b'`)",
    );
}

#[test]
fn defaults_are_there_when_rules_are_judged() {
    check("size: {type: integer, default: 3}", "{rule: self.size == 3}", "{}", "");
}

#[test]
fn items_that_are_told_apart_by_keys_are_there_once() {
    check(
        "ports: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [id], items: {type: object, required: [id], properties: {id: {type: integer}}}}",
        "",
        "{ports: [{id: 1}, {id: 2}, {id: 1}]}",
        "x.yaml:4:34: error[check/rule]: `spec.ports[2]` is there twice (remove one of the two, or correct what tells them apart)",
    );
}

#[test]
fn a_rule_that_takes_too_many_steps_is_stopped() {
    let long = vec!["1"; 400].join(", ");
    check(
        "l: {type: array, maxItems: 400, items: {type: integer}}",
        "{rule: \"self.l.all(a, self.l.map(b, b + a).size() > 0)\"}",
        &format!("{{l: [{long}]}}"),
        "x.yaml:4:7: error[check/rule]: `spec` cannot be judged by a rule of its definition: it takes more steps than a server allows one rule \
         (make its lists, maps and texts shorter, or bound them in the definition's schema)",
    );
}

#[test]
fn a_huge_list_is_told_apart_in_good_time() {
    let long: Vec<String> = (0..50_000).map(|i| i.to_string()).collect();
    check(
        "l: {type: array, x-kubernetes-list-type: set, items: {type: integer}}",
        "",
        &format!("{{l: [{}]}}", long.join(", ")),
        "",
    );
}

#[test]
fn a_rule_that_a_server_would_not_store_is_a_fault_of_the_definition() {
    check(
        "size: {type: integer}",
        "{rule: self.sise > 1}",
        "{size: 7}",
        "d.yaml:19:47: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.x-kubernetes-validations[0].rule` \
         cannot be compiled at `self.sise`: the schema declares no field `sise` here; did you mean `size`? (correct the expression)",
    );
}
