//! Webhooks and policies by example. A real API server of version 1.35 was asked.

use super::url;
use crate::check::rules::tests::{brief, said};

/// One webhook, with keys in place of those that it has.
fn check_webhook(keys: &str, expect: &str) {
    let known = [
        ("name", "a.b.c"),
        ("admissionReviewVersions", "[v1]"),
        ("sideEffects", "None"),
        ("clientConfig", "{url: 'https://a.b/c'}"),
    ];
    let known = known.iter().filter(|(key, _)| !keys.starts_with(key));
    let known: String = known.map(|(key, value)| format!("{key}: {value}, ")).collect();
    let text = format!(
        "{{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {{name: a}}, webhooks: [{{{known}{keys}}}]}}"
    );
    assert_eq!(brief(&text, "1.35"), expect, "of {keys}");
}

#[test]
fn a_webhook_has_a_name_of_three_parts_and_says_what_it_does() {
    check_webhook("name: a.b", "[api/invalid] webhooks[0].name");
    check_webhook("sideEffects: Some", "[api/enum] webhooks[0].sideEffects");
    check_webhook("failurePolicy: ''", "[api/enum] webhooks[0].failurePolicy");
    check_webhook("reinvocationPolicy: x", "[api/enum] webhooks[0].reinvocationPolicy");
    check_webhook("timeoutSeconds: 31", "[api/invalid] webhooks[0].timeoutSeconds");
    check_webhook("timeoutSeconds: 30", "");
}

#[test]
fn a_webhook_understands_what_servers_send() {
    let at = "webhooks[0].admissionReviewVersions";
    check_webhook("admissionReviewVersions: [v1beta1, x]", "");
    check_webhook("admissionReviewVersions: [v2]", &format!("[api/invalid] {at}"));
    check_webhook("admissionReviewVersions: []", &format!("[api/required] {at}"));
    check_webhook("admissionReviewVersions: [v1, V2]", &format!("[api/invalid] {at}[1]"));
    check_webhook("admissionReviewVersions: [v1, v1]", &format!("[api/duplicate] {at}[1]"));
}

#[test]
fn a_webhook_is_at_a_url_or_a_service() {
    let at = "webhooks[0].clientConfig";
    check_webhook("clientConfig: {}", &format!("[api/required] {at}"));
    check_webhook(
        "clientConfig: {url: 'https://a', service: {name: a, namespace: b}}",
        &format!("[api/required] {at}"),
    );
    for url in ["http://a", "https://", "https://u@a", "https://a?b", "https://a#b", "10.0.0.1:80"]
    {
        check_webhook(
            &format!("clientConfig: {{url: '{url}'}}"),
            &format!("[api/invalid] {at}.url"),
        );
    }
    check_webhook(
        "clientConfig: {service: {name: '', namespace: b, port: 0}}",
        &format!("[api/required] {at}.service.name\n[api/invalid] {at}.service.port"),
    );
    for path in ["a", "//", "/a//", "/A", "/a_b"] {
        check_webhook(
            &format!("clientConfig: {{service: {{name: a, namespace: b, path: {path}}}}}"),
            &format!("[api/invalid] {at}.service.path"),
        );
    }
    for path in ["''", "/", "/a/", "/a.b/c"] {
        check_webhook(
            &format!("clientConfig: {{service: {{name: a, namespace: b, path: {path}}}}}"),
            "",
        );
    }
}

#[test]
fn urls_are_read_as_go_reads_them() {
    for text in [
        "https://a:99999",
        "https://a/b c",
        "https://[::1]",
        "https://:80",
        "https://a\"<>",
        "HTTPS://a",
        "a:b",
        "*",
        "//a",
        "a/b:c",
        "https://@a",
    ] {
        assert!(url::read(text).is_ok(), "{text}");
    }
    for text in [
        "https://a:b",
        "https://a b",
        "https://[::1",
        "::",
        "1:2",
        "[::1]:80",
        "%zz",
        "https://a/%zz",
        "https://a%20b",
        "a\tb",
        "https://a{b}",
        "https://a\\b",
    ] {
        assert!(url::read(text).is_err(), "{text}");
    }
    assert_eq!(url::read("https://a?").map(|url| url.has_query), Ok(false));
}

#[test]
fn a_rule_names_what_it_is_about() {
    let rule = |keys: &str| {
        let known = [
            ("operations", "[CREATE]"),
            ("apiGroups", "['']"),
            ("apiVersions", "[v1]"),
            ("resources", "[pods]"),
        ];
        let known = known.iter().filter(|(key, _)| !keys.starts_with(key));
        let known: String = known.map(|(key, value)| format!("{key}: {value}, ")).collect();
        format!("rules: [{{{known}{keys}}}]")
    };
    let at = "webhooks[0].rules[0]";
    let check_rule = |keys: &str, expect: &str| check_webhook(&rule(keys), expect);
    check_rule("operations: []", &format!("[api/required] {at}.operations"));
    check_rule("operations: [create]", &format!("[api/enum] {at}.operations[0]"));
    check_rule("operations: ['*', CREATE]", &format!("[api/invalid] {at}.operations"));
    check_rule("apiGroups: [a, '*']", &format!("[api/invalid] {at}.apiGroups"));
    check_rule("apiVersions: [v1, null]", &format!("[api/required] {at}.apiVersions[1]"));
    check_rule("resources: ['']", &format!("[api/required] {at}.resources[0]"));
    check_rule("resources: ['*', pods]", &format!("[api/invalid] {at}.resources"));
    check_rule("resources: [pods, '*']", "");
    check_rule("resources: ['*', pods/log]", "");
    check_rule("resources: [pods/*, pods/log]", &format!("[api/invalid] {at}.resources[1]"));
    check_rule("resources: ['*/log', pods/log]", &format!("[api/invalid] {at}.resources[1]"));
    check_rule("resources: ['*/*', pods]", &format!("[api/invalid] {at}.resources"));
    check_rule("scope: ''", &format!("[api/enum] {at}.scope"));
}

fn check_policy(keys: &str, expect: &str) {
    let known = [
        (
            "matchConstraints",
            "{resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}",
        ),
        ("validations", "[{expression: 'true'}]"),
    ];
    let known = known.iter().filter(|(key, _)| !keys.starts_with(key));
    let known: String = known.map(|(key, value)| format!("{key}: {value}, ")).collect();
    let text = format!(
        "{{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {{name: a}}, spec: {{{known}{keys}}}}}"
    );
    assert_eq!(brief(&text, "1.35"), expect, "of {keys}");
}

#[test]
fn a_policy_says_what_it_is_about_and_what_it_asks() {
    check_policy("matchConstraints: null", "[api/required] spec.matchConstraints");
    check_policy("matchConstraints: {}", "[api/required] spec.matchConstraints.resourceRules");
    check_policy("validations: []", "[api/required] spec.validations");
    check_policy("validations: [], auditAnnotations: [{key: a, valueExpression: \"'b'\"}]", "");
    check_policy("failurePolicy: ''", "[api/enum] spec.failurePolicy");
    let text = "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: a}}";
    assert_eq!(
        brief(text, "1.35"),
        "[api/required] spec.matchConstraints\n[api/required] spec.validations"
    );
}

#[test]
fn a_validation_has_an_expression_and_a_message_of_one_line() {
    let at = "spec.validations[0]";
    check_policy("validations: [{expression: ' '}]", &format!("[api/required] {at}.expression"));
    check_policy(
        "validations: [{expression: 'true', message: ' '}]",
        &format!("[api/invalid] {at}.message"),
    );
    check_policy(
        "validations: [{expression: 'true', message: \"a\\nb\"}]",
        &format!("[api/invalid] {at}.message"),
    );
    check_policy("validations: [{expression: 'true', message: \"a\\n\"}]", "");
    check_policy(
        "validations: [{expression: 'true', messageExpression: ' '}]",
        &format!("[api/invalid] {at}.messageExpression"),
    );
    check_policy(
        "validations: [{expression: 'true', reason: Unauthorized}]",
        &format!("[api/enum] {at}.reason"),
    );
}

#[test]
fn what_a_policy_names_can_be_named() {
    for name in ["1", "a-b", "in"] {
        check_policy(
            &format!("variables: [{{name: '{name}', expression: '1'}}]"),
            "[api/invalid] spec.variables[0].name",
        );
    }
    check_policy(
        "variables: [{name: ' ', expression: '1'}]",
        "[api/required] spec.variables[0].name",
    );
    check_policy("variables: [{name: _, expression: '1'}]", "");
    check_policy(
        "auditAnnotations: [{key: a/b, valueExpression: \"'b'\"}]",
        "[api/invalid] spec.auditAnnotations[0].key",
    );
    check_policy(
        "matchConditions: [{name: a/b/c, expression: 'true'}]",
        "[api/invalid] spec.matchConditions[0].name",
    );
    for (version, kind) in [("a/b/c", "A"), ("A/v1", "A"), ("a/", "A"), ("1", "A")] {
        check_policy(
            &format!("paramKind: {{apiVersion: {version}, kind: {kind}}}")
                .replace(": 1,", ": '1',"),
            "[api/invalid] spec.paramKind.apiVersion",
        );
    }
    check_policy("paramKind: {apiVersion: /v1, kind: A_b}", "[api/invalid] spec.paramKind.kind");
    check_policy("paramKind: {apiVersion: apps/v1, kind: Deployment}", "");
}

fn check_binding(keys: &str, expect: &str) {
    let known = [("policyName", "a"), ("validationActions", "[Deny]")];
    let known = known.iter().filter(|(key, _)| !keys.starts_with(key));
    let known: String = known.map(|(key, value)| format!("{key}: {value}, ")).collect();
    let text = format!(
        "{{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {{name: a}}, spec: {{{known}{keys}}}}}"
    );
    assert_eq!(brief(&text, "1.35"), expect, "of {keys}");
}

#[test]
fn a_binding_names_a_policy_and_what_follows() {
    check_binding("policyName: A", "[api/invalid] spec.policyName");
    check_binding("validationActions: []", "[api/required] spec.validationActions");
    check_binding("validationActions: [Deny, Warn]", "[api/invalid] spec.validationActions");
    check_binding("validationActions: [Deny, Deny]", "[api/duplicate] spec.validationActions[1]");
    check_binding("validationActions: [null]", "[api/enum] spec.validationActions[0]");
}

#[test]
fn a_parameter_is_named_or_selected() {
    let at = "spec.paramRef";
    check_binding("paramRef: {parameterNotFoundAction: Deny}", &format!("[api/required] {at}"));
    check_binding("paramRef: {name: a}", &format!("[api/required] {at}.parameterNotFoundAction"));
    check_binding(
        "paramRef: {name: a/b, parameterNotFoundAction: Deny}",
        &format!("[api/invalid] {at}.name"),
    );
    check_binding(
        "paramRef: {name: a, selector: {}, parameterNotFoundAction: Deny}",
        &format!("[api/forbidden] {at}.name\n[api/forbidden] {at}.selector"),
    );
    check_binding("paramRef: {selector: {}, parameterNotFoundAction: Allow}", "");
}

fn check_expression(expression: &str, expect: &str) {
    let text = expression.replace('\'', "''");
    let expect = match expect {
        "" => String::new(),
        code => format!("[{code}] spec.validations[0].expression"),
    };
    check_policy(&format!("validations: [{{expression: '{text}'}}]"), &expect);
}

#[test]
fn an_expression_of_a_policy_makes_a_boolean_of_what_it_knows() {
    for taken in [
        "object.spec.replicas <= 5",
        "object.spec.containers.all(c, !c.image.endsWith(':latest'))",
        "request.operation in ['CREATE', 'UPDATE'] || request.dryRun",
        "request.userInfo.groups.exists(g, g == 'a') && request.userInfo.extra['a'][0] == 'b'",
        "object == null || oldObject == null || namespaceObject == null",
        "authorizer.group('').resource('pods').check('get').allowed()",
        "authorizer.requestResource.check('delete').reason() == ''",
        "authorizer.serviceAccount('a', 'b').path('/healthz').check('get').errored()",
        "has(object.metadata.labels) && 'a' in object.metadata.labels",
        "object.metadata.?labels[?'a'].orValue('') == 'b'",
        "quantity(object.a).isGreaterThan(quantity('1'))",
        "ip('1.1.1.1').family() == 4 && semver('1.2.3').major() == 1",
        "!has(object.spec) ? true : object.spec.a == 'b'",
        "[3, 1].sort() == [1, 3] && [1, 2].transformList(i, v, v).size() == 2",
        "'%s'.format([object.a]) == 'b' && object.a.lowerAscii() == 'a'",
        "type(object) == map && object.all(k, k != '')",
    ] {
        check_expression(taken, "");
    }
    for refused in [
        "request.foo == 'a'",
        "request.userInfo.foo == 'a'",
        "params.a == 1",
        "variables.a == 1",
        "authorizer.group('').allowed()",
        "authorizer.resource('pods').check('get').allowed()",
        "authorizer.requestResource.check('delete')",
        "authorizer.check('get').allowed()",
        "object",
        "object.spec.replicas",
        "1",
        "1 == 'a'",
        "bject.spec.a == 1",
        "object.metadata.name-x",
        "object.a.b(c, d)",
        "10.0.0.0/8",
        "web.",
        "{}",
    ] {
        check_expression(refused, "api/invalid");
    }
}

#[test]
fn a_variable_knows_those_before_it() {
    let one = |first: &str, second: &str| {
        format!("variables: [{{name: a, expression: {first}}}, {{name: b, expression: {second}}}]")
    };
    check_policy(&one("'1'", "variables.a + 1 == 2"), "");
    check_policy(&one("variables.b", "'1'"), "[api/invalid] spec.variables[0].expression");
    check_policy(
        &one("'1'", "variables.a + object.x.y()"),
        "[api/invalid] spec.variables[1].expression",
    );
}

#[test]
fn messages_are_texts_and_annotations_may_be_null() {
    let message = |text: &str| {
        format!("validations: [{{expression: 'true', messageExpression: \"{text}\"}}]")
    };
    check_policy(&message("'a' + object.b"), "");
    check_policy(
        &message("authorizer.path('/').check('get').reason()"),
        "[api/invalid] spec.validations[0].messageExpression",
    );
    check_policy(&message("object.b"), "[api/invalid] spec.validations[0].messageExpression");
    let annotation =
        |text: &str| format!("auditAnnotations: [{{key: a, valueExpression: \"{text}\"}}]");
    check_policy(&annotation("null"), "");
    check_policy(&annotation("'a'"), "");
    check_policy(&annotation("1"), "[api/invalid] spec.auditAnnotations[0].valueExpression");
}

#[test]
fn conditions_know_no_variables_and_parameters_only_of_a_kind() {
    let condition = |text: &str| format!("matchConditions: [{{name: a, expression: {text}}}]");
    check_policy(&condition("params.b == 1"), "[api/invalid] spec.matchConditions[0].expression");
    check_policy(
        &format!("{}, paramKind: {{apiVersion: v1, kind: A}}", condition("params.b == 1")),
        "",
    );
    check_webhook(&condition("request.resource.resource != 'leases'"), "");
    check_webhook(
        &condition("equest.name == 'a'"),
        "[api/invalid] webhooks[0].matchConditions[0].expression",
    );
}

/// A policy of a version of its API, with one validation.
fn policy_with(api_version: &str, expression: &str) -> String {
    format!(
        "{{apiVersion: admissionregistration.k8s.io/{api_version}, kind: ValidatingAdmissionPolicy, metadata: {{name: a}}, spec: {{validations: [{{expression: \"{expression}\"}}], \
         matchConstraints: {{resourceRules: [{{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}}]}}}}}}"
    )
}

#[test]
fn functions_are_taken_one_version_after_the_library_has_them() {
    let check = |api_version, expression, refusing, taking| {
        let policy = policy_with(api_version, expression);
        let refused = "[api/invalid] spec.validations[0].expression";
        assert_eq!(brief(&policy, refusing), refused, "{expression} in {refusing}");
        assert_eq!(brief(&policy, taking), "", "{expression} in {taking}");
    };
    check("v1beta1", "isQuantity('1')", "1.28", "1.29");
    check("v1beta1", "sets.contains([1], [1])", "1.29", "1.30");
    check("v1", "isIP('10.0.0.1')", "1.30", "1.31");
    check("v1", "format.named('uuid').hasValue()", "1.31", "1.32");
    check("v1", "semver('1.2.3').major() == 1", "1.33", "1.34");
    check("v1", "[2, 1].sort() == [1, 2]", "1.34", "1.35");
}

#[test]
fn a_policy_is_judged_alike_in_every_version_of_its_api() {
    for (api_version, version) in [("v1alpha1", "1.27"), ("v1beta1", "1.28"), ("v1", "1.30")] {
        let refused = "[api/required] spec.validations[0].expression";
        assert_eq!(brief(&policy_with(api_version, " "), version), refused, "{api_version}");
        assert_eq!(brief(&policy_with(api_version, "1 == 1"), version), "", "{api_version}");
    }
}

/// A policy that changes objects.
fn mutating(api_version: &str, keys: &str) -> String {
    format!(
        "{{apiVersion: admissionregistration.k8s.io/{api_version}, kind: MutatingAdmissionPolicy, metadata: {{name: a}}, spec: {{reinvocationPolicy: Never, {keys}, \
         matchConstraints: {{resourceRules: [{{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}}]}}}}}}"
    )
}

#[test]
fn a_policy_that_changes_objects_is_judged_alike_in_every_version_of_its_api() {
    for (api_version, version) in [("v1alpha1", "1.32"), ("v1beta1", "1.34"), ("v1", "1.36")] {
        let check = |keys: &str, expect: &str| {
            let text = mutating(api_version, keys);
            assert_eq!(brief(&text, version), expect, "of {keys} in {api_version}");
        };
        let patch = "jsonPatch: {expression: '[JSONPatch{op: \"remove\", path: \"/a\"}]'}";
        check(&format!("mutations: [{{patchType: JSONPatch, {patch}}}]"), "");
        check("mutations: []", "[api/required] spec.mutations");
        check(
            &format!("mutations: [{{patchType: ApplyConfiguration, {patch}}}]"),
            "[api/required] spec.mutations[0].applyConfiguration\n[api/forbidden] spec.mutations[0].jsonPatch",
        );
        check(
            &format!("mutations: [{{patchType: JSONPatch, {patch}}}], failurePolicy: Never"),
            "[api/enum] spec.failurePolicy",
        );
        check(
            &format!(
                "mutations: [{{patchType: JSONPatch, {patch}}}], matchConditions: [{{name: a, expression: '1'}}]"
            ),
            "[api/invalid] spec.matchConditions[0].expression",
        );
    }
}

/// Whether a patch is taken; `kind` is `jsonPatch` or `applyConfiguration`.
fn check_patch(kind: &str, expression: &str, expect: &str) {
    let name = if kind == "jsonPatch" { "JSONPatch" } else { "ApplyConfiguration" };
    let text = mutating(
        "v1beta1",
        &format!(
            "variables: [{{name: foo, expression: \"'x'\"}}], mutations: [{{patchType: {name}, {kind}: {{expression: {expression:?}}}}}]"
        ),
    );
    let expect = format!("[api/invalid] `spec.mutations[0].{kind}.expression` {expect}");
    let told = said(&text, "1.35");
    let fits = told.starts_with(&expect) && !told.contains('\n');
    assert!(if expect.ends_with(' ') { told.is_empty() } else { fits }, "{told} of {expression}");
}

#[test]
fn json_patches_of_a_policy_are_a_list_of_operations() {
    let check = |expression: &str, expect: &str| check_patch("jsonPatch", expression, expect);
    for taken in [
        "[JSONPatch{op: 'add', path: '/spec/x', value: {'a': 'b'}}]",
        "[JSONPatch{op: 'add', path: '/a/' + jsonpatch.escapeKey('a/b'), value: Object.a{b: 1}}]",
        "[JSONPatch{}]",
        "[JSONPatch{op: 'add', path: variables.foo}]",
        "[JSONPatch{op: 'add', path: object.metadata.name, from: request.namespace,}]",
        "[JSONPatch{?op: optional.of('add')}]",
        "[?optional.of(JSONPatch{op: 'add'})]",
        "object.spec.containers.map(c, JSONPatch{op: 'add', path: '/x', value: c})",
        "(object.a == 1 ? [JSONPatch{}] : []) + (object.b == 2 ? [JSONPatch{}] : [])",
        "[JSONPatch{op: 'add'}].filter(p, p.op == 'add' && p.value.foo == 1)",
        "[true ? JSONPatch{} : null]",
        "{'a': [JSONPatch{}]}['a']",
        "[JSONPatch{op: dyn(1)}]",
    ] {
        check(taken, "");
    }
    let made = |kind: &str| {
        format!("must make a list of `JSONPatch`, whatever the object is, but makes `{kind}`")
    };
    for (refused, kind) in [
        ("[]", "list(dyn)"),
        ("JSONPatch{}", "JSONPatch"),
        ("[{'op': 'add'}]", "list(map(string, string))"),
        ("[Object{}]", "list(Object)"),
        ("[[JSONPatch{}]]", "list(list(JSONPatch))"),
        ("object.spec.containers", "dyn"),
        ("dyn([])", "dyn"),
        ("null", "null_type"),
    ] {
        check(refused, &made(kind));
    }
    let compiled = |why: &str| format!("cannot be compiled: {why}");
    for (refused, why) in [
        ("[JSONPatch{valu: 1}]", "the schema declares no field `valu` here; did you mean `value`?"),
        ("[JSONPatch{op: 1}]", "the field `op` is of type `string`, not `int`"),
        ("[JSONPatch{op: null}]", "the field `op` is of type `string`, not `null_type`"),
        ("[JSONPatch{?op: 'add'}]", "`?` takes an optional, but this is `string`"),
        ("[Patch{op: 'add'}]", "there is no type `Patch`"),
        ("[JSONPatch{op: jsonpatch.escapeKey(1)}]", "`jsonpatch.escapeKey` does not take `(int)`"),
    ] {
        check(refused, &compiled(why));
    }
}

#[test]
fn an_apply_configuration_of_a_policy_is_an_object() {
    let check =
        |expression: &str, expect: &str| check_patch("applyConfiguration", expression, expect);
    for taken in [
        "Object{}",
        "Object{spec: Object.spec{template: Object.spec.template{a: [Object.spec.template.a{b: 1}]}}}",
        "Object{metadata: Object.metadata{labels: {'a': variables.foo}}}",
        "Object{spec: Object.metadata{a: object.a + 1}, for: null}",
        "Object{?spec: optional.none()}",
        "true ? Object{} : null",
        "has(Object{}.spec) && Object{}.a.b == 1 ? Object{} : Object{a: JSONPatch{}}",
        ".Object {a: 1}",
    ] {
        check(taken, "");
    }
    for (refused, kind) in [
        ("Object.spec{}", "Object.spec"),
        ("{'spec': 1}", "map(string, int)"),
        ("object", "dyn"),
        ("Object{a: 1}.a", "dyn"),
        ("true ? Object{} : dyn(1)", "dyn"),
    ] {
        let why = "must make an `Object`, whatever the object is, but makes";
        check(refused, &format!("{why} `{kind}`"));
    }
    for (refused, why) in [
        ("Objects{}", "there is no type `Objects`"),
        ("Object{a: Foo{}}", "there is no type `Foo`"),
        (
            "[Object{}, Object.a{}][0]",
            "all items must have one type, but this is `Object.a` beside `Object`; `dyn(…)` lets them differ",
        ),
        (
            "[Object{}, null][0]",
            "all items must have one type, but this is `null_type` beside `Object`; `dyn(…)` lets them differ",
        ),
        (
            "Object.a{} == Object.b{} ? Object{} : Object{}",
            "`==` does not take `Object.a` and `Object.b`",
        ),
    ] {
        check(refused, &format!("cannot be compiled: {why}"));
    }
}

#[test]
fn only_patches_make_objects() {
    let patch = "mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{}'}}]";
    for (keys, at) in [
        ("variables: [{name: a, expression: 'Object{}'}]", "spec.variables[0].expression"),
        (
            "variables: [{name: a, expression: 'jsonpatch.escapeKey(\"a\")'}]",
            "spec.variables[0].expression",
        ),
        (
            "matchConditions: [{name: a, expression: 'Object{} == Object{}'}]",
            "spec.matchConditions[0].expression",
        ),
    ] {
        let text = mutating("v1beta1", &format!("{keys}, {patch}"));
        assert_eq!(brief(&text, "1.35"), format!("[api/invalid] {at}"));
    }
}

#[test]
fn a_policy_that_changes_objects_is_not_about_their_end() {
    let patch = "mutations: [{patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: \"remove\", path: \"/a\"}]'}}]";
    let text = mutating("v1beta1", patch).replace("[CREATE]", "[CREATE, DELETE]");
    assert_eq!(
        brief(&text, "1.35"),
        "[api/enum] spec.matchConstraints.resourceRules[0].operations"
    );
}

#[test]
fn what_to_do_without_a_parameter_has_a_default_in_the_oldest_api_only() {
    let binding = |api_version| {
        format!(
            "{{apiVersion: admissionregistration.k8s.io/{api_version}, kind: MutatingAdmissionPolicyBinding, metadata: {{name: a}}, spec: {{policyName: a, paramRef: {{name: b}}}}}}"
        )
    };
    assert_eq!(brief(&binding("v1alpha1"), "1.35"), "");
    for (api_version, version) in [("v1beta1", "1.35"), ("v1", "1.36")] {
        let refused = "[api/required] spec.paramRef.parameterNotFoundAction";
        assert_eq!(brief(&binding(api_version), version), refused);
    }
}
