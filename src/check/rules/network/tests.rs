//! Rules of networks by example. A real API server of version 1.35 was asked.

use crate::check::rules::tests::{check, paths, said};

fn check_service(spec: &str, expect: &str) {
    check(
        &format!("{{apiVersion: v1, kind: Service, metadata: {{name: a}}, spec: {spec}}}"),
        expect,
    );
}

fn check_paths(text: &str, expect: &str) {
    assert_eq!(paths(text, "1.35"), expect, "of {text}");
}

fn service(spec: &str) -> String {
    format!("{{apiVersion: v1, kind: Service, metadata: {{name: a}}, spec: {spec}}}")
}

#[test]
fn a_service_has_ports_unless_it_is_headless_or_a_name() {
    let missing = "[api/required] `spec.ports` is missing (write the ports it listens on, such as `[{port: 80}]`)";
    check_service("null", missing);
    check_service("{type: NodePort}", missing);
    check_service("{clusterIP: None}", "");
    check_service("{type: ExternalName, externalName: db.example.com.}", "");
}

#[test]
fn a_service_that_is_a_name_has_nothing_else() {
    let name = |rest: &str| service(&format!("{{type: ExternalName, {rest}}}"));
    check_paths(&name("externalName: '.'"), "[api/required] spec.externalName");
    check_paths(&name("externalName: a_b"), "[api/invalid] spec.externalName");
    check_paths(
        &name(
            "externalName: a.b, clusterIP: None, ipFamilies: [IPv4], ipFamilyPolicy: SingleStack",
        ),
        "[api/forbidden] spec.clusterIP; [api/forbidden] spec.ipFamilies; [api/forbidden] spec.ipFamilyPolicy",
    );
}

#[test]
fn a_target_port_is_a_number_or_has_a_letter_and_0_is_the_port_itself() {
    let port = |target: &str| format!("{{ports: [{{port: 1, targetPort: {target}}}]}}");
    check_service(&port("0"), "");
    check_service(&port("''"), "");
    check_service(
        &port("'80'"),
        "[api/invalid] `spec.ports[0].targetPort` must be a port's name of at most 15 small letters, digits and `-`, a letter among them, but is the string `80` (write the name of a container's port, such as `http`, or its number without quotes)",
    );
    check_service(
        &port("65536"),
        "[api/invalid] `spec.ports[0].targetPort` must be between 1 and 65535, but is the integer `65536`",
    );
}

#[test]
fn node_ports_are_of_services_that_are_reached_from_outside_and_differ() {
    check_service(
        "{ports: [{port: 1, nodePort: 30001}]}",
        "[api/forbidden] `spec.ports[0].nodePort` may not be set where `type` is `ClusterIP` (remove it, or set `type` to `NodePort` or `LoadBalancer`)",
    );
    let ports = |protocol: &str| {
        service(&format!(
            "{{type: NodePort, ports: [{{name: a, port: 1, nodePort: 30001}}, {{name: b, port: 2, nodePort: 30001, protocol: {protocol}}}]}}"
        ))
    };
    check_paths(&ports("TCP"), "[api/duplicate] spec.ports[1].nodePort");
    check_paths(&ports("UDP"), "");
}

#[test]
fn a_cluster_address_is_one_of_each_family_and_written_twice() {
    let with = |rest: &str| service(&format!("{{ports: [{{port: 1}}], {rest}}}"));
    check_paths(&with("clusterIP: none"), "[api/invalid] spec.clusterIP");
    check_paths(&with("clusterIPs: [10.0.0.5]"), "[api/invalid] spec.clusterIPs");
    check_paths(
        &with("clusterIP: 10.0.0.5, clusterIPs: [10.0.0.6]"),
        "[api/invalid] spec.clusterIPs",
    );
    check_paths(&with("clusterIP: 10.0.0.5, ipFamilies: [IPv6]"), "[api/invalid] spec.clusterIP");
    let two = "ipFamilyPolicy: RequireDualStack, clusterIP: 10.0.0.5, clusterIPs: [10.0.0.5";
    check_paths(&with(&format!("{two}, 10.0.0.6]")), "[api/invalid] spec.clusterIPs");
    check_paths(&with(&format!("{two}, 'fd00::1']")), "");
    check_paths(&with("type: NodePort, clusterIP: None"), "[api/invalid] spec.clusterIP");
}

#[test]
fn two_families_need_a_policy_unless_there_are_neither_addresses_nor_pods() {
    let with = |rest: &str| service(&format!("{{ports: [{{port: 1}}], {rest}}}"));
    check_paths(&with("ipFamilies: [IPv4, IPv6]"), "[api/invalid] spec.ipFamilyPolicy");
    check_paths(&with("clusterIP: None, ipFamilies: [IPv4, IPv6]"), "");
    check_paths(
        &with("clusterIP: None, selector: {a: b}, ipFamilies: [IPv4, IPv6]"),
        "[api/invalid] spec.ipFamilyPolicy",
    );
    check_paths(&with("ipFamilyPolicy: ''"), "[api/enum] spec.ipFamilyPolicy");
    check_paths(
        &with("ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv4, IPv4, ipv6]"),
        "[api/duplicate] spec.ipFamilies[1]; [api/enum] spec.ipFamilies[2]",
    );
}

#[test]
fn an_outside_address_is_one_that_packets_can_be_sent_to() {
    let with = |ip: &str| format!("{{ports: [{{port: 1}}], externalIPs: ['{ip}']}}");
    for taken in ["1.2.3.04", "::ffff:1.2.3.4", "224.0.1.1", "00001::2"] {
        check_service(&with(taken), "");
    }
    check_service(
        &with("127.0.0.1"),
        "[api/invalid] `spec.externalIPs[0]` must not be of the loopback range, but is the string `127.0.0.1`",
    );
    for refused in ["0.0.0.0", "fe80::1", "169.254.1.1", "224.0.0.1", "ff02::1", "::1", "x", ""] {
        check_paths(&service(&with(refused)), "[api/invalid] spec.externalIPs[0]");
    }
}

#[test]
fn addresses_have_one_meaning_since_1_36() {
    let external = service("{ports: [{port: 1}], externalIPs: [010.0.0.1, '::ffff:1.2.3.4']}");
    assert_eq!(said(&external, "1.35"), "");
    assert_eq!(
        said(&external, "1.36"),
        "[api/invalid] `spec.externalIPs[0]` must have no zeros in front of a number and no IPv4 address inside of an IPv6 one, but is the string `010.0.0.1` (write `10.0.0.1`)\n\
         [api/invalid] `spec.externalIPs[1]` must have no zeros in front of a number and no IPv4 address inside of an IPv6 one, but is the string `::ffff:1.2.3.4` (write `1.2.3.4`)"
    );
    let policy = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.1/8}}]}]}}";
    assert_eq!(said(policy, "1.35"), "");
    assert_eq!(paths(policy, "1.36"), "[api/invalid] spec.egress[0].to[0].ipBlock.cidr");
}

#[test]
fn source_ranges_are_of_load_balancers_and_may_have_blanks_around_them() {
    let ranges = |ranges: &str| {
        service(&format!(
            "{{type: LoadBalancer, ports: [{{port: 1}}], loadBalancerSourceRanges: [{ranges}]}}"
        ))
    };
    check_paths(&ranges("' 10.0.0.0/08 ', 10.0.0.1/8, '::/0'"), "");
    check_paths(&ranges("10.0.0.0/33"), "[api/invalid] spec.loadBalancerSourceRanges[0]");
    check_paths(
        &service("{ports: [{port: 1}], loadBalancerSourceRanges: [10.0.0.0/8]}"),
        "[api/forbidden] spec.loadBalancerSourceRanges",
    );
    let annotated = |kind: &str, ranges: &str| {
        format!(
            "{{apiVersion: v1, kind: Service, metadata: {{name: a, annotations: {{service.beta.kubernetes.io/load-balancer-source-ranges: '{ranges}'}}}}, spec: {{type: {kind}, ports: [{{port: 1}}]}}}}"
        )
    };
    let path = "metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]";
    check_paths(&annotated("LoadBalancer", "10.0.0.0/8, x"), &format!("[api/invalid] {path}"));
    check_paths(&annotated("ClusterIP", ""), &format!("[api/forbidden] {path}"));
}

#[test]
fn some_fields_are_of_load_balancers_alone() {
    check_paths(
        &service(
            "{ports: [{port: 1}], loadBalancerClass: '', allocateLoadBalancerNodePorts: false}",
        ),
        "[api/forbidden] spec.loadBalancerClass; [api/forbidden] spec.allocateLoadBalancerNodePorts",
    );
    check_paths(
        &service("{type: LoadBalancer, ports: [{port: 1}], loadBalancerClass: ''}"),
        "[api/invalid] spec.loadBalancerClass",
    );
}

#[test]
fn outside_traffic_has_a_policy_where_there_is_any() {
    let with = |rest: &str| service(&format!("{{ports: [{{port: 1}}], {rest}}}"));
    check_paths(&with("externalTrafficPolicy: Local"), "[api/invalid] spec.externalTrafficPolicy");
    check_paths(&with("externalTrafficPolicy: ''"), "");
    check_paths(&with("externalTrafficPolicy: Local, externalIPs: [1.2.3.4]"), "");
    check_paths(
        &with("type: NodePort, externalTrafficPolicy: local"),
        "[api/enum] spec.externalTrafficPolicy",
    );
    check_paths(&with("healthCheckNodePort: 30000"), "[api/invalid] spec.healthCheckNodePort");
    check_paths(&with("healthCheckNodePort: 0"), "");
    check_paths(
        &with("type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: -1"),
        "[api/invalid] spec.healthCheckNodePort",
    );
}

#[test]
fn affinity_lasts_a_day_at_most() {
    let with = |kind, seconds| {
        service(&format!(
            "{{ports: [{{port: 1}}], sessionAffinity: {kind}, sessionAffinityConfig: {{clientIP: {{timeoutSeconds: {seconds}}}}}}}"
        ))
    };
    let path = "[api/invalid] spec.sessionAffinityConfig.clientIP.timeoutSeconds";
    check_paths(&with("ClientIP", 86401), path);
    check_paths(&with("ClientIP", 0), path);
    check_paths(&with("ClientIP", 86400), "");
    check_paths(&with("None", 0), "");
}

#[test]
fn traffic_is_kept_near_in_more_ways_since_1_34() {
    let near =
        |kind: &str| service(&format!("{{ports: [{{port: 1}}], trafficDistribution: {kind}}}"));
    assert_eq!(paths(&near("PreferSameNode"), "1.33"), "[api/enum] spec.trafficDistribution");
    assert_eq!(paths(&near("PreferSameNode"), "1.34"), "");
    assert_eq!(paths(&near("PreferClose"), "1.31"), "");
    check_paths(&near("''"), "[api/enum] spec.trafficDistribution");
}

#[test]
fn two_annotations_of_one_switch_agree() {
    check_paths(
        "{apiVersion: v1, kind: Service, metadata: {name: a, annotations: {service.kubernetes.io/topology-mode: Auto, service.kubernetes.io/topology-aware-hints: auto}}, spec: {ports: [{port: 1}]}}",
        "[api/invalid] metadata.annotations[service.kubernetes.io/topology-mode]",
    );
}

fn ingress(spec: &str) -> String {
    format!(
        "{{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: a}}, spec: {spec}}}"
    )
}

#[test]
fn an_ingress_leads_somewhere() {
    check(&ingress("null"), "[api/invalid] `spec` must have `rules` or a `defaultBackend`");
    check(
        &ingress("{defaultBackend: {}}"),
        "[api/invalid] `spec.defaultBackend` must have a `service` or a `resource` (write `service: {name: NAME, port: {number: PORT}}`)",
    );
    check_paths(
        &ingress("{rules: [{http: {paths: []}}]}"),
        "[api/required] spec.rules[0].http.paths",
    );
}

#[test]
fn a_backend_is_a_service_with_a_port_or_a_resource() {
    let backend = |backend: &str| ingress(&format!("{{defaultBackend: {backend}}}"));
    for whole in [
        "{service: {name: a, port: {number: 1}}, resource: {kind: A, name: a}}",
        "{service: {name: a}}",
        "{service: {name: a, port: {name: b, number: 1}}}",
    ] {
        check_paths(&backend(whole), "[api/invalid] spec.defaultBackend");
    }
    check_paths(
        &backend("{service: {port: {number: 1}}}"),
        "[api/required] spec.defaultBackend.service.name",
    );
    check_paths(
        &backend("{service: {name: a, port: {number: 65536}}}"),
        "[api/invalid] spec.defaultBackend.service.port.number",
    );
    check_paths(
        &backend("{service: {name: a, port: {name: '80'}}}"),
        "[api/invalid] spec.defaultBackend.service.port.name",
    );
    check_paths(
        &backend("{resource: {apiGroup: '', kind: a/b}}"),
        "[api/required] spec.defaultBackend.resource.name; [api/invalid] spec.defaultBackend.resource.apiGroup; [api/invalid] spec.defaultBackend.resource.kind",
    );
}

#[test]
fn a_backend_may_begin_with_a_digit_since_1_36() {
    let text = ingress("{defaultBackend: {service: {name: 1a, port: {number: 1}}}}");
    assert_eq!(paths(&text, "1.35"), "[api/invalid] spec.defaultBackend.service.name");
    assert_eq!(paths(&text, "1.36"), "");
}

#[test]
fn a_host_is_a_name_that_may_begin_with_a_star() {
    let host =
        |host| ingress(&format!("{{rules: [{{host: '{host}'}}], tls: [{{hosts: ['{host}']}}]}}"));
    check_paths(&host("*.example.com"), "");
    for refused in ["*", "*.", "a.*.b", "Example.com", "a.example.com "] {
        check_paths(
            &host(refused),
            "[api/invalid] spec.rules[0].host; [api/invalid] spec.tls[0].hosts[0]",
        );
    }
    check_paths(&host("1.2.3.4"), "[api/invalid] spec.rules[0].host");
}

#[test]
fn a_path_is_absolute_and_goes_down_only() {
    let path = |kind: &str, path: &str| {
        ingress(&format!(
            "{{rules: [{{http: {{paths: [{{path: '{path}', pathType: {kind}, backend: {{service: {{name: a, port: {{number: 1}}}}}}}}]}}}}]}}"
        ))
    };
    let wrong = "[api/invalid] spec.rules[0].http.paths[0].path";
    for refused in ["", "a", "/a//b", "/a/./b", "/a/../b", "/a%2Fb", "/a/..", "/."] {
        check_paths(&path("Prefix", refused), wrong);
    }
    check_paths(&path("ImplementationSpecific", ""), "");
    check_paths(&path("ImplementationSpecific", "/a//b"), "");
    check_paths(&path("ImplementationSpecific", "a"), wrong);
    check_paths(&path("prefix", "a"), "[api/enum] spec.rules[0].http.paths[0].pathType");
}

#[test]
fn the_older_annotation_of_the_class_agrees_with_the_field() {
    check_paths(
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a, annotations: {kubernetes.io/ingress.class: a}}, spec: {ingressClassName: b, rules: [{host: a.b}]}}",
        "[api/invalid] metadata.annotations[kubernetes.io/ingress.class]",
    );
}

#[test]
fn a_class_has_a_controller_and_parameters_of_its_scope() {
    let class = |spec: &str| {
        format!(
            "{{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {{name: a}}, spec: {spec}}}"
        )
    };
    check_paths(&class("null"), "[api/required] spec.controller");
    for refused in ["a", "a/", "/a", "A/b", "a/b c"] {
        check_paths(&class(&format!("{{controller: {refused}}}")), "[api/invalid] spec.controller");
    }
    let long = format!("{{controller: a/{}}}", "b".repeat(249));
    check_paths(&class(&long), "[api/length] spec.controller");
    let parameters =
        |rest| class(&format!("{{controller: a/b, parameters: {{kind: A, name: a, {rest}}}}}"));
    check_paths(&parameters("namespace: a"), "[api/forbidden] spec.parameters.namespace");
    check_paths(&parameters("scope: Namespace"), "[api/required] spec.parameters.namespace");
    check_paths(
        &parameters("scope: Namespace, namespace: ''"),
        "[api/invalid] spec.parameters.namespace",
    );
    check_paths(&parameters("scope: ''"), "[api/enum] spec.parameters.scope");
}

fn policy(rule: &str) -> String {
    format!(
        "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: a}}, spec: {{podSelector: {{}}, ingress: [{rule}]}}}}"
    )
}

#[test]
fn a_peer_is_a_range_or_pods() {
    let peer = |peer: &str| policy(&format!("{{from: [{peer}]}}"));
    check_paths(&peer("{}"), "[api/required] spec.ingress[0].from[0]");
    check_paths(&peer("{podSelector: {}, namespaceSelector: {}}"), "");
    check_paths(
        &peer("{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}"),
        "[api/forbidden] spec.ingress[0].from[0]",
    );
    check_paths(&peer("{ipBlock: {}}"), "[api/required] spec.ingress[0].from[0].ipBlock.cidr");
    check_paths(
        &peer(
            "{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8, 11.0.0.0/16, 10.1.0.0/16, x, '::/128']}}",
        ),
        "[api/invalid] spec.ingress[0].from[0].ipBlock.except[0]; [api/invalid] spec.ingress[0].from[0].ipBlock.except[1]; [api/invalid] spec.ingress[0].from[0].ipBlock.except[3]; [api/invalid] spec.ingress[0].from[0].ipBlock.except[4]",
    );
}

#[test]
fn a_range_of_ports_has_two_numbers() {
    let ports = |ports: &str| policy(&format!("{{ports: [{ports}]}}"));
    check_paths(&ports("{port: 1, endPort: 1}"), "");
    check_paths(&ports("{port: 0}"), "[api/invalid] spec.ingress[0].ports[0].port");
    check_paths(&ports("{port: ''}"), "[api/invalid] spec.ingress[0].ports[0].port");
    for refused in [
        "{port: 2, endPort: 1}",
        "{port: http, endPort: 1}",
        "{endPort: 1}",
        "{port: 1, endPort: 65536}",
    ] {
        check_paths(&ports(refused), "[api/invalid] spec.ingress[0].ports[0].endPort");
    }
}

fn slice(rest: &str) -> String {
    format!(
        "{{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {{name: a}}, {rest}}}"
    )
}

#[test]
fn endpoints_of_a_slice_have_addresses_of_its_type() {
    let with = |kind: &str, address: &str| {
        slice(&format!("addressType: {kind}, endpoints: [{{addresses: ['{address}']}}]"))
    };
    for (kind, taken) in
        [("IPv4", "010.1.2.3"), ("IPv6", "2001:db8::5"), ("FQDN", "a.example.com.")]
    {
        check_paths(&with(kind, taken), "");
    }
    for (kind, refused) in [
        ("IPv4", "2001:db8::5"),
        ("IPv4", "127.0.0.1"),
        ("IPv6", "10.1.2.3"),
        ("IPv6", "2001:DB8::5"),
        ("IPv6", "::ffff:1.2.3.4"),
        ("IPv6", "fe80::1"),
        ("FQDN", "a"),
        ("FQDN", "A.b"),
    ] {
        check_paths(&with(kind, refused), "[api/invalid] endpoints[0].addresses[0]");
    }
    check_paths(&with("FQDN", ""), "[api/required] endpoints[0].addresses[0]");
    check_paths(&with("x", "x"), "[api/enum] addressType");
    assert_eq!(paths(&with("IPv6", "2001:DB8::5"), "1.32"), "");
}

#[test]
fn ports_of_a_slice_differ_and_one_may_have_no_name() {
    check_paths(&slice("addressType: IPv4, ports: [{port: 1}, {port: 2, name: a}]"), "");
    check_paths(
        &slice("addressType: IPv4, ports: [{port: 1}, {port: 2, name: ''}]"),
        "[api/duplicate] ports[1].name",
    );
}

#[test]
fn hints_of_endpoints_are_few_and_differ() {
    let hints = |hints: &str| {
        slice(&format!("addressType: IPv4, endpoints: [{{addresses: [10.1.2.3], hints: {hints}}}]"))
    };
    check_paths(
        &hints("{forZones: [{name: a}, {name: a}]}"),
        "[api/duplicate] endpoints[0].hints.forZones[1].name",
    );
    check_paths(&hints("{forZones: [{}]}"), "");
    check_paths(
        &hints("{forNodes: [{name: A}]}"),
        "[api/invalid] endpoints[0].hints.forNodes[0].name",
    );
    let many: Vec<String> = (0..9).map(|i| format!("{{name: a{i}}}")).collect();
    check_paths(
        &hints(&format!("{{forZones: [{}]}}", many.join(", "))),
        "[api/length] endpoints[0].hints.forZones",
    );
}

#[test]
fn a_subset_has_addresses_and_named_ports() {
    let subset = |subset: &str| {
        format!("{{apiVersion: v1, kind: Endpoints, metadata: {{name: a}}, subsets: [{subset}]}}")
    };
    check_paths(&subset("{}"), "[api/required] subsets[0]");
    check_paths(&subset("{notReadyAddresses: [{ip: 10.1.2.3}]}"), "");
    check_paths(
        &subset("{addresses: [{}, {ip: 127.0.0.1}]}"),
        "[api/required] subsets[0].addresses[0].ip; [api/invalid] subsets[0].addresses[1].ip",
    );
    check_paths(
        &subset("{addresses: [{ip: 10.1.2.3}], ports: [{port: 1}, {port: 2, name: a}]}"),
        "[api/required] subsets[0].ports[0].name",
    );
}

#[test]
fn ranges_of_services_are_canonical_and_one_of_each_family() {
    let ranges = |version: &str, ranges: &str| {
        format!(
            "{{apiVersion: networking.k8s.io/{version}, kind: ServiceCIDR, metadata: {{name: a}}, spec: {{cidrs: [{ranges}]}}}}"
        )
    };
    check_paths(&ranges("v1", "10.1.0.0/16, 'fd00::/108'"), "");
    check_paths(&ranges("v1", ""), "[api/required] spec.cidrs");
    for whole in ["10.1.0.0/16, 10.2.0.0/16", "10.1.0.0/16, 'fd00::/108', 10.2.0.0/16"] {
        check_paths(&ranges("v1", whole), "[api/invalid] spec.cidrs");
    }
    for item in ["x", "'FD00::/108'", "10.1.0.1/16", "10.1.0.0/016"] {
        check_paths(&ranges("v1", item), "[api/invalid] spec.cidrs[0]");
    }
    assert_eq!(paths(&ranges("v1beta1", "10.1.0.1/16"), "1.32"), "");
}

#[test]
fn an_address_is_somebodys() {
    let address = |spec: &str| {
        format!(
            "{{apiVersion: networking.k8s.io/v1, kind: IPAddress, metadata: {{name: 10.1.2.3}}, spec: {spec}}}"
        )
    };
    check_paths(&address("null"), "[api/required] spec.parentRef");
    check_paths(&address("{parentRef: {resource: services, name: a}}"), "");
    check_paths(
        &address("{parentRef: {group: A, resource: '', name: a/b, namespace: '%'}}"),
        "[api/invalid] spec.parentRef.group; [api/required] spec.parentRef.resource; [api/invalid] spec.parentRef.name; [api/invalid] spec.parentRef.namespace",
    );
}
