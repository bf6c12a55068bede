//! Claims and slices by example. A real API server of version 1.35 was asked.

use crate::check::rules::tests::{brief, said};

fn claim(devices: &str) -> String {
    format!(
        "{{apiVersion: resource.k8s.io/v1, kind: ResourceClaim, metadata: {{name: a}}, spec: {{devices: {{{devices}}}}}}}"
    )
}

fn check_claim(devices: &str, expect: &str) {
    assert_eq!(brief(&claim(devices), "1.35"), expect, "of {devices}");
}

/// One request of the name `r`.
fn exactly(more: &str) -> String {
    format!("requests: [{{name: r, exactly: {{deviceClassName: a.b, {more}}}}}]")
}

#[test]
fn a_request_says_one_way_what_it_wants() {
    let at = "spec.devices.requests[0]";
    check_claim(&exactly(""), "");
    check_claim("requests: [{name: r}]", &format!("[api/required] {at}"));
    check_claim(
        "requests: [{name: r, exactly: {deviceClassName: a}, firstAvailable: [{name: b, deviceClassName: a}]}]",
        &format!("[api/invalid] {at}"),
    );
    check_claim("requests: [{name: r, exactly: {deviceClassName: a}, firstAvailable: []}]", "");
    check_claim(
        "requests: [{name: a.b, exactly: {deviceClassName: A}}]",
        &format!("[api/invalid] {at}.name\n[api/invalid] {at}.exactly.deviceClassName"),
    );
}

#[test]
fn a_request_counts_unless_it_wants_all() {
    let at = "spec.devices.requests[0].exactly";
    check_claim(&exactly("count: -1"), &format!("[api/invalid] {at}.count"));
    check_claim(&exactly("count: 0"), "");
    check_claim(&exactly("allocationMode: All, count: 1"), &format!("[api/invalid] {at}.count"));
    check_claim(&exactly("allocationMode: ''"), "");
    check_claim(&exactly("allocationMode: x"), &format!("[api/enum] {at}.allocationMode"));
    check_claim(&exactly("selectors: [{}]"), &format!("[api/required] {at}.selectors[0].cel"));
}

#[test]
fn no_request_is_there_twice() {
    let request = "{name: r, exactly: {deviceClassName: a}}";
    check_claim(
        &format!("requests: [{request}, {request}]"),
        "[api/duplicate] spec.devices.requests[1]",
    );
    let many: Vec<String> =
        (0..33).map(|i| format!("{{name: r{i}, exactly: {{deviceClassName: a}}}}")).collect();
    check_claim(&format!("requests: [{}]", many.join(", ")), "[api/length] spec.devices.requests");
}

#[test]
fn a_constraint_names_requests_and_an_attribute() {
    let check_constraint = |keys: &str, expect: &str| {
        check_claim(&format!("{}, constraints: [{{{keys}}}]", exactly("")), expect);
    };
    let at = "spec.devices.constraints[0]";
    check_constraint("matchAttribute: a.b/c, requests: [r]", "");
    check_constraint(
        "matchAttribute: a.b/c, requests: [x]",
        &format!("[api/reference] {at}.requests[0]"),
    );
    check_constraint(
        "matchAttribute: a.b/c, requests: [r/x]",
        &format!("[api/reference] {at}.requests[0]"),
    );
    check_constraint(
        "matchAttribute: a.b/c, requests: [A]",
        &format!("[api/invalid] {at}.requests[0]"),
    );
    check_constraint(
        "matchAttribute: a.b/c, requests: [r, r]",
        &format!("[api/duplicate] {at}.requests[1]"),
    );
    for name in ["a", "a.b/c-d", "/c", "a/", "a_b/c"] {
        check_constraint(
            &format!("matchAttribute: {name}"),
            &format!("[api/invalid] {at}.matchAttribute"),
        );
    }
    check_constraint("requests: [r]", &format!("[api/required] {at}.matchAttribute"));
}

#[test]
fn different_attributes_may_be_asked_for_since_1_36() {
    let text = claim(&format!("{}, constraints: [{{distinctAttribute: a.b/c}}]", exactly("")));
    assert_eq!(brief(&text, "1.35"), "[api/required] spec.devices.constraints[0].matchAttribute");
    assert_eq!(brief(&text, "1.36"), "");
}

#[test]
fn a_driver_gets_parameters() {
    let check_config = |opaque: &str, expect: &str| {
        check_claim(&format!("{}, config: [{opaque}]", exactly("")), expect);
    };
    let at = "spec.devices.config[0].opaque";
    check_config("{opaque: {driver: A.b, parameters: {}}}", "");
    check_config("{requests: [r]}", &format!("[api/required] {at}"));
    check_config("{opaque: {driver: a}}", &format!("[api/required] {at}.parameters"));
    check_config("{opaque: {driver: a b, parameters: {}}}", &format!("[api/invalid] {at}.driver"));
    check_config(
        &format!("{{opaque: {{driver: a, parameters: {{a: {}}}}}}}", "x".repeat(10_240)),
        &format!("[api/length] {at}.parameters"),
    );
}

#[test]
fn a_template_gives_labels_and_annotations_alone() {
    let template = |metadata| {
        format!(
            "{{apiVersion: resource.k8s.io/v1, kind: ResourceClaimTemplate, metadata: {{name: a}}, spec: {{metadata: {{{metadata}}}, spec: {{}}}}}}"
        )
    };
    assert_eq!(brief(&template("labels: {a: b}, name: '', generation: 0"), "1.35"), "");
    for (metadata, field) in
        [("name: a", "name"), ("finalizers: []", "finalizers"), ("generation: 1", "generation")]
    {
        assert_eq!(
            brief(&template(metadata), "1.35"),
            format!("[api/forbidden] spec.metadata.{field}")
        );
    }
}

fn check_slice(keys: &str, expect: &str) {
    let known = [
        ("driver", "a.b"),
        ("pool", "{name: a, generation: 1, resourceSliceCount: 1}"),
        ("nodeName", "a"),
    ];
    let known = known.iter().filter(|(key, _)| !keys.starts_with(key));
    let known: String = known.map(|(key, value)| format!("{key}: {value}, ")).collect();
    let text = format!(
        "{{apiVersion: resource.k8s.io/v1, kind: ResourceSlice, metadata: {{name: a}}, spec: {{{known}{keys}}}}}"
    );
    assert_eq!(brief(&text, "1.35"), expect, "of {keys}");
}

#[test]
fn a_slice_is_of_one_driver_and_pool() {
    check_slice("driver: A.b", "");
    check_slice("driver: a/b", "[api/invalid] spec.driver");
    check_slice(&format!("driver: {}", "a".repeat(64)), "[api/length] spec.driver");
    check_slice("pool: {name: a/b, resourceSliceCount: 1}", "");
    check_slice("pool: {name: a//b, resourceSliceCount: 1}", "[api/invalid] spec.pool.name");
    check_slice(
        "pool: {name: a, generation: -1, resourceSliceCount: 0}",
        "[api/invalid] spec.pool.generation\n[api/invalid] spec.pool.resourceSliceCount",
    );
}

#[test]
fn a_slice_says_one_way_which_nodes_have_it() {
    check_slice("nodeName: null", "[api/required] spec");
    check_slice("nodeName: ''", "[api/required] spec\n[api/invalid] spec.nodeName");
    check_slice("nodeName: null, allNodes: true", "");
    check_slice("allNodes: true", "[api/invalid] spec");
    check_slice("allNodes: false", "[api/invalid] spec.allNodes");
}

#[test]
fn a_device_has_attributes_of_one_value() {
    let at = "spec.devices[0].attributes";
    let check_attribute = |name: &str, value: &str, expect: &str| {
        check_slice(&format!("devices: [{{name: a, attributes: {{{name}: {value}}}}}]"), expect);
    };
    check_attribute("a", "{bool: false}", "");
    check_attribute("a", "{}", &format!("[api/invalid] {at}.a"));
    check_attribute("a", "{int: 1, bool: true}", &format!("[api/invalid] {at}.a"));
    check_attribute("a", "{version: v1}", &format!("[api/invalid] {at}.a.version"));
    check_attribute(
        "a",
        &format!("{{string: {}}}", "x".repeat(65)),
        &format!("[api/length] {at}.a.string"),
    );
    check_attribute("a-b", "{int: 1}", &format!("[api/invalid] {at}.a-b"));
    check_attribute("A.b/_c", "{int: 1}", "");
    let many: Vec<String> = (0..33).map(|i| format!("a{i}: {{int: 1}}")).collect();
    check_slice(
        &format!("devices: [{{name: a, attributes: {{{}}}}}]", many.join(", ")),
        "[api/invalid] spec.devices[0]",
    );
    check_slice("devices: [{name: a}, {name: a}]", "[api/duplicate] spec.devices[1]");
}

#[test]
fn a_selector_chooses_by_what_is_known_of_a_device() {
    let class = |expression: &str| {
        format!(
            "{{apiVersion: resource.k8s.io/v1, kind: DeviceClass, metadata: {{name: a}}, spec: {{selectors: [{{cel: {{expression: \"{expression}\"}}}}]}}}}"
        )
    };
    for taken in [
        "device.driver == 'a'",
        "device.attributes['a'].b",
        "device.attributes['a'].b in ['a', 'b']",
        "device.capacity['a'].b.isGreaterThan(quantity('1'))",
        "device.attributes['a'].v.isLessThan(semver('1.0.0'))",
        "device.attributes['a'].?b.orValue('x') == 'y'",
        "cel.bind(x, device.attributes['a'], x.b == 'c' && x.c)",
    ] {
        assert_eq!(said(&class(taken), "1.35"), "", "of {taken}");
    }
    for refused in [
        "device.driver",
        "1",
        "device.foo",
        "device.capacity['a'].b == 1",
        "DEVICE.DRIVER == 'A'",
        "a/b/c",
        "YQ",
    ] {
        assert_eq!(
            brief(&class(refused), "1.35"),
            "[api/invalid] spec.selectors[0].cel.expression",
            "of {refused}"
        );
    }
}

#[test]
fn the_first_version_of_claims_is_judged_as_those_after_it() {
    let claim = |requests: &str| {
        format!(
            "{{apiVersion: resource.k8s.io/v1alpha3, kind: ResourceClaim, metadata: {{name: a}}, spec: {{devices: {{{requests}}}}}}}"
        )
    };
    let good = "requests: [{name: r, deviceClassName: a, selectors: [{cel: {expression: 'device.driver == \"a\"'}}]}]";
    assert_eq!(brief(&claim(good), "1.32"), "");
    let at = "spec.devices";
    let refused = brief(
        &claim(
            "requests: [{name: r, deviceClassName: a, selectors: [{cel: {expression: '1'}}]}], constraints: [{requests: [r, r]}]",
        ),
        "1.32",
    );
    assert_eq!(
        refused,
        format!(
            "[api/invalid] {at}.requests[0].selectors[0].cel.expression\n[api/required] {at}.constraints[0].matchAttribute\n[api/duplicate] {at}.constraints[0].requests[1]"
        )
    );
}
