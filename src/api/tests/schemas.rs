//! What the schemas of built-in kinds say.

use crate::api::{Api, ListRule, ListType, Version, embedded};
use serde_json::{Value, json};

fn api(version: &str) -> Api {
    Api::new(Version::parse(version).expect("a known version"))
}

/// Whether a kind's schema takes an object; formats are left to the room that validates.
fn takes(version: &str, object: &Value) -> bool {
    let text = |key: &str| object[key].as_str().expect("a string").to_owned();
    let api = api(version);
    let kind = api.kind(&text("apiVersion"), &text("kind")).expect("a served kind");
    jsonschema::draft202012::new(kind.schema()).expect("a schema").is_valid(object)
}

fn pod(spec: &Value) -> Value {
    json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "a" }, "spec": spec })
}

fn container(extra: &Value) -> Value {
    let mut container = json!({ "name": "a", "image": "a" });
    let (fields, extra) = (container.as_object_mut(), extra.as_object());
    fields.expect("a map").extend(extra.expect("a map").clone());
    pod(&json!({ "containers": [container] }))
}

#[test]
fn every_schema_of_every_version_is_well_formed() {
    for version in Version::all() {
        for kind in Api::new(version).kinds() {
            let schema = kind.schema();
            assert!(jsonschema::draft202012::meta::is_valid(schema), "{version} {kind:?}");
            let compiled = jsonschema::draft202012::new(schema);
            assert!(compiled.is_ok(), "{version} {kind:?}: {:?}", compiled.err());
        }
    }
}

#[test]
fn every_line_of_the_embedded_text_can_be_read_and_every_type_it_names_is_there() {
    let groups: Vec<_> = embedded::groups().collect();
    for block in embedded::blocks() {
        let resource = block.resource();
        assert_eq!(resource.is_some(), block.attributes().get("kind").is_some(), "{}", block.name);
        assert!(resource.is_none_or(|it| groups.contains(&it.group)), "{}", block.name);
        for version in Version::all().filter(|version| block.holds_for(*version)) {
            let names: Vec<_> = block.fields(version).map(|field| field.name).collect();
            assert!(
                names.is_sorted() && names.iter().all(|name| !name.is_empty()),
                "{}",
                block.name
            );
            let mut unique = names.clone();
            unique.dedup();
            assert_eq!(unique, names, "{} {version}", block.name);
        }
    }
}

#[test]
fn an_unknown_field_is_refused_at_any_depth() {
    assert!(takes("1.35", &container(&json!({ "livenessProbe": {} }))));
    assert!(!takes("1.35", &container(&json!({ "livenessprobe": {} }))));
    assert!(!takes("1.35", &json!({ "apiVersion": "v1", "kind": "Pod", "extra": 1 })));
}

#[test]
fn a_field_is_known_from_the_version_on_that_brought_it() {
    let object = pod(&json!({ "containers": [], "resources": {} }));
    assert!(!takes("1.31", &object));
    assert!(takes("1.32", &object));
    assert!(takes("1.37", &object));
}

#[test]
fn of_a_builtin_kind_no_field_is_required_and_one_that_is_there_has_its_type() {
    assert!(takes("1.35", &pod(&json!({}))));
    assert!(takes("1.35", &pod(&json!({ "containers": null }))));
    assert!(!takes("1.35", &json!({ "kind": "Pod", "apiVersion": "v1", "metadata": 1 })));
}

#[test]
fn null_is_absent_in_a_field_and_empty_in_a_list_or_map() {
    assert!(takes("1.35", &container(&json!({ "command": null, "resources": null }))));
    assert!(takes(
        "1.35",
        &container(&json!({ "args": [null], "resources": { "limits": { "cpu": null } } }))
    ));
    assert!(takes("1.35", &pod(&json!({ "containers": [], "tolerations": [null] }))));
    assert!(takes("1.35", &container(&json!({ "env": [null] }))));
}

#[test]
fn values_have_the_type_that_a_server_decodes() {
    let ports = |port: Value| container(&json!({ "ports": [{ "containerPort": port }] }));
    assert!(takes("1.35", &ports(json!(80))));
    assert!(!takes("1.35", &ports(json!("80"))));
    assert!(!takes("1.35", &ports(json!(3_000_000_000_u64))), "32 bits");
    let probe =
        |port: Value| container(&json!({ "livenessProbe": { "httpGet": { "port": port } } }));
    assert!(takes("1.35", &probe(json!(80))) && takes("1.35", &probe(json!("http"))));
    assert!(!takes("1.35", &probe(json!(true))) && !takes("1.35", &probe(json!(1.5))));
    let limit = |cpu: Value| container(&json!({ "resources": { "limits": { "cpu": cpu } } }));
    assert!(takes("1.35", &limit(json!(0.5))) && takes("1.35", &limit(json!("500m"))));
    assert!(!takes("1.35", &limit(json!([]))));
    assert!(!takes("1.35", &container(&json!({ "env": [{ "name": "A", "value": 8080 }] }))));
}

#[test]
fn what_a_real_server_does_without_is_not_required() {
    let priority = json!({ "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass" });
    assert!(takes("1.35", &priority));
    assert!(takes("1.35", &json!({ "apiVersion": "v1", "kind": "LimitRange", "spec": {} })));
    let header = json!({ "httpGet": { "port": 80, "httpHeaders": [{ "name": "A" }] } });
    assert!(takes("1.35", &container(&json!({ "livenessProbe": header }))));
    let status = json!({ "conditions": [{ "type": "A" }] });
    assert!(takes(
        "1.35",
        &json!({ "apiVersion": "apps/v1", "kind": "Deployment", "status": status })
    ));
}

#[test]
fn a_definitions_own_schema_is_checked_all_the_way_down() {
    let definition = |items: Value| {
        let schema =
            json!({ "properties": { "a": { "additionalProperties": { "items": items } } } });
        json!({ "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": {
            "group": "a.b", "names": { "kind": "A", "plural": "as" }, "scope": "Cluster",
            "versions": [{ "name": "v1", "schema": { "openAPIV3Schema": schema } }] } })
    };
    assert!(takes("1.35", &definition(json!({ "type": "string" }))));
    assert!(takes("1.35", &definition(json!([{ "type": "string" }]))));
    assert!(!takes("1.35", &definition(json!({ "type": 1 }))));
    assert!(!takes("1.35", &definition(json!("string"))));
    assert!(
        takes("1.35", &definition(json!({ "tpye": 1 }))),
        "a server reads over it below `items`"
    );
}

#[test]
fn the_kind_and_version_are_pinned_but_not_inside_of_others() {
    let claim = |kind: &str| {
        json!({ "apiVersion": "apps/v1", "kind": "StatefulSet", "spec": {
        "selector": {}, "template": {}, "serviceName": "a", "volumeClaimTemplates": [{ "kind": kind, "apiVersion": "v1" }] } })
    };
    assert!(takes("1.35", &claim("PersistentVolumeClaim")) && takes("1.35", &claim("Anything")));
    let api = api("1.35");
    let pod = api.kind("v1", "Pod").expect("served").schema();
    assert!(!jsonschema::draft202012::is_valid(pod, &json!({ "apiVersion": "v2", "kind": "Pod" })));
    assert!(!jsonschema::draft202012::is_valid(pod, &json!({ "kind": "Pod" })));
}

#[test]
fn formats_and_words_are_those_that_the_docs_name() {
    let api = api("1.35");
    let at = |kind: &str, pointer: &str| {
        let found = api.kind("v1", kind).expect("served").schema().pointer(pointer);
        found.unwrap_or_else(|| panic!("{kind} {pointer}")).to_string()
    };
    let in_types = |pointer: &str| at("Pod", &format!("/$defs/{pointer}"));
    insta::assert_snapshot!(at("Secret", "/properties/data"), @r#"{"type":["object","null"],"additionalProperties":{"type":["string","null"],"format":"kubernetes-base64"}}"#);
    insta::assert_snapshot!(in_types("meta.v1.ObjectMeta/properties/creationTimestamp"), @r#"{"type":["string","null"],"format":"kubernetes-date-time"}"#);
    insta::assert_snapshot!(in_types("core.v1.ResourceRequirements/properties/limits"), @r#"{"type":["object","null"],"additionalProperties":{"type":["string","number","null"],"format":"kubernetes-quantity"}}"#);
    insta::assert_snapshot!(in_types("core.v1.HTTPGetAction/properties/port"), @r#"{"type":["integer","string","null"],"minimum":-2147483648,"maximum":2147483647,"x-kubernetes-int-or-string":true}"#);
    insta::assert_snapshot!(in_types("core.v1.Container/properties/ports"), @r##"{"type":["array","null"],"items":{"$ref":"#/$defs/core.v1.ContainerPort"},"x-kubernetes-list-type":"map","x-kubernetes-patch-strategy":"merge","x-kubernetes-patch-merge-key":"containerPort","x-kubernetes-list-map-keys":["containerPort","protocol"]}"##);
    insta::assert_snapshot!(at("Event", "/properties/eventTime"), @r#"{"type":["string","null"],"format":"kubernetes-micro-time"}"#);
}

#[test]
fn a_schema_holds_just_the_types_that_it_needs() {
    let api = api("1.35");
    let schema = api.kind("v1", "ConfigMap").expect("served").schema();
    let types: Vec<_> = schema["$defs"].as_object().expect("types").keys().cloned().collect();
    assert_eq!(
        types,
        ["meta.v1.ManagedFieldsEntry", "meta.v1.ObjectMeta", "meta.v1.OwnerReference"]
    );
}

fn rule<'a>(
    list_type: Option<ListType>,
    keys: &[&'a str],
    merge_key: Option<&'a str>,
) -> ListRule<'a> {
    let strategy = merge_key.map(|_| "merge");
    ListRule { list_type, map_keys: keys.to_vec(), merge_key, strategy }
}

#[test]
fn lists_tell_how_they_merge() {
    let api = api("1.35");
    let deployment = api.kind("apps/v1", "Deployment").expect("served");
    let at =
        |path: &str| deployment.list_rule(&path.split('.').collect::<Vec<_>>()).expect("a field");
    let pod = "spec.template.spec";
    assert_eq!(
        at(&format!("{pod}.containers")),
        rule(Some(ListType::Map), &["name"], Some("name"))
    );
    let ports = rule(Some(ListType::Map), &["containerPort", "protocol"], Some("containerPort"));
    assert_eq!(at(&format!("{pod}.containers.ports")), ports);
    assert_eq!(at(&format!("{pod}.tolerations")), rule(Some(ListType::Atomic), &[], None));
    assert_eq!(at("spec.strategy").strategy, Some("retainKeys"));
    assert_eq!(at("metadata.finalizers").list_type, Some(ListType::Set));
    assert_eq!(at("metadata.labels.any"), ListRule::default());
    assert_eq!(deployment.list_rule(&["spec", "nonsense"]), None);
}
