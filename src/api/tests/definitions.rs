//! Custom resource definitions, good and bad.

use crate::api::{Api, Definitions, ListType, Scope, Version};
use crate::diag::Sink;
use crate::source::Files;
use crate::yaml;
use serde_json::{Value, json};
use std::sync::Arc;

const SHIELD: &str = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shields.example.com}
spec:
  group: example.com
  names: {kind: Shield, plural: shields}
  scope: Cluster
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object, properties: {name: {type: string, maxLength: 3}}}
          status: {type: object, required: [ready], properties: {ready: {type: boolean}}}
          spec:
            type: object
            required: [size, colour]
            properties:
FIELDS
  - name: v1alpha1
    served: false
    storage: false
    schema: {openAPIV3Schema: {type: object}}
";

const FIELDS: &str = "
size: {type: integer, format: int32, minimum: 1, exclusiveMinimum: true}
colour: {type: string, enum: [red, blue], default: red}
note: {type: string, nullable: true, enum: [a]}
port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
free: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {known: {type: object}}}
labels: {type: object, additionalProperties: {type: string}}
object: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
either:
  type: object
  properties: {a: {type: string}, b: {type: string}}
  oneOf: [{required: [a]}, {required: [b]}]
rules:
  type: array
  x-kubernetes-list-type: map
  x-kubernetes-list-map-keys: [name]
  items: {type: object, required: [name], properties: {name: {type: string}, at: {type: string, format: date-time}}}
";

/// A definition whose `spec` has these fields, one `name: schema` after the other.
fn shield(fields: &str) -> String {
    let indented: Vec<String> =
        fields.lines().map(|line| format!("              {line}")).collect();
    SHIELD.replace("FIELDS", &indented.join("\n"))
}

/// The definitions of a text, and what was found wrong, one line each.
fn read(text: &str) -> (Definitions, String) {
    let files = Files::memory([("crd.yaml", text)]).expect("a good name");
    let mut sink = Sink::new(&files);
    let source = files.add("crd.yaml", text.as_bytes().to_vec()).expect("a text");
    let documents = yaml::read(&source, &mut sink).expect("YAML");
    let definitions = Definitions::read(documents.iter().map(|document| &document.root), &mut sink);
    let found = match sink.finish() {
        Ok(warnings) => warnings,
        Err(failure) => failure.diagnostics().to_vec(),
    };
    let line = |found: &crate::diag::Diagnostic| {
        std::iter::once(found.to_string())
            .chain(found.hints.clone())
            .collect::<Vec<_>>()
            .join("\n  ")
    };
    (definitions, found.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn faults(text: &str) -> String {
    read(text).1
}

fn api() -> Api {
    let (definitions, faults) = read(&shield(FIELDS));
    assert_eq!(faults, "");
    Api::new(Version::NEWEST).with(&definitions)
}

fn takes(spec: Value) -> bool {
    let mut full = json!({ "size": 2 });
    if let (Some(full), Value::Object(spec)) = (full.as_object_mut(), spec) {
        full.extend(spec);
    }
    takes_object(&json!({ "apiVersion": "example.com/v1", "kind": "Shield", "spec": full }))
}

fn takes_object(object: &Value) -> bool {
    let api = api();
    let schema = api.kind("example.com/v1", "Shield").expect("defined").schema();
    assert!(jsonschema::draft202012::meta::is_valid(schema));
    jsonschema::draft202012::new(schema).expect("a schema").is_valid(object)
}

#[test]
fn a_definition_adds_its_served_versions() {
    let api = api();
    let kind = api.kind("example.com/v1", "Shield").expect("served");
    assert_eq!(
        (kind.scope(), kind.plural(), kind.is_builtin()),
        (Scope::Cluster, "shields", false)
    );
    assert!(!api.serves("example.com/v1alpha1", "Shield"));
    assert!(api.item_of("example.com/v1", "ShieldList").is_some());
    assert!(api.serves("apps/v1", "Deployment"));
}

#[test]
fn a_definition_never_replaces_a_builtin_kind_and_a_later_one_replaces_an_earlier_one() {
    let stolen = shield("size: {type: integer}")
        .replace("example.com", "apps")
        .replace("Shield", "Deployment");
    let (definitions, _) = read(&stolen.replace("shields", "deployments"));
    let api = Api::new(Version::NEWEST).with(&definitions);
    assert!(api.kind("apps/v1", "Deployment").expect("served").is_builtin());
    let (first, _) = read(&shield("size: {type: integer}\ncolour: {type: string}"));
    let (second, _) = read(&shield("size: {type: string}\ncolour: {type: string}"));
    let api = Api::new(Version::NEWEST).with(&first).with(&second);
    let schema = api.kind("example.com/v1", "Shield").expect("served").schema();
    assert_eq!(schema["properties"]["spec"]["properties"]["size"]["type"], "string");
    assert_eq!(api.kinds().filter(|kind| kind.name() == "Shield").count(), 1);
}

#[test]
fn unknown_fields_are_refused_unless_they_are_preserved() {
    assert!(takes(json!({})));
    assert!(!takes(json!({ "siez": 1 })));
    assert!(takes(json!({ "free": { "anything": { "at": ["all"] } } })));
    assert!(!takes(json!({ "free": { "known": { "else": 1 } } })), "known fields are pruned again");
    assert!(
        takes(json!({ "labels": { "any": "name" } })) && !takes(json!({ "labels": { "any": 1 } }))
    );
}

#[test]
fn a_default_satisfies_required_and_a_required_field_is_not_null() {
    assert!(takes(json!({ "colour": null })));
    assert!(!takes(json!({ "colour": "green" })));
    assert!(!takes(json!({ "size": null })));
}

#[test]
fn null_is_absent_unless_it_is_a_list_item() {
    assert!(takes(json!({ "labels": null, "port": null, "either": null, "object": null })));
    assert!(takes(json!({ "labels": { "a": null } })));
    assert!(!takes(json!({ "rules": [null] })));
    assert!(
        !takes(json!({ "note": null })),
        "a nullable field keeps its null, which the enum lacks"
    );
}

#[test]
fn values_are_judged_as_the_definition_says() {
    assert!(!takes(json!({ "size": 1 })), "more than 1");
    assert!(takes(json!({ "size": 3_000_000_000_u64 })), "32 bits are not looked at");
    assert!(
        takes(json!({ "port": 1 }))
            && takes(json!({ "port": "a" }))
            && !takes(json!({ "port": true }))
    );
    assert!(takes(json!({ "either": { "a": "" } })) && !takes(json!({ "either": {} })));
    assert!(
        takes(json!({ "either": { "a": "", "b": null } })),
        "a null is gone when values are judged"
    );
    assert!(takes(json!({ "rules": [{ "name": "a" }] })) && !takes(json!({ "rules": [{}] })));
}

#[test]
fn an_embedded_object_says_what_it_is() {
    let object = |value: Value| takes(json!({ "object": value }));
    assert!(object(
        json!({ "apiVersion": "v1", "kind": "Any", "metadata": { "name": "a" }, "more": 1 })
    ));
    assert!(!object(json!({ "apiVersion": "v1" })));
    assert!(!object(json!({ "apiVersion": "v1", "kind": "Any", "metadata": { "nmae": "a" } })));
}

#[test]
fn metadata_is_that_of_all_objects_and_status_is_dropped_before_it_is_judged() {
    let with = |key: &str, value: Value| {
        let mut object =
            json!({ "apiVersion": "example.com/v1", "kind": "Shield", "spec": { "size": 2 } });
        object[key] = value;
        takes_object(&object)
    };
    assert!(with("metadata", json!({ "name": "abc", "labels": { "a": "b" } })));
    assert!(!with("metadata", json!({ "name": "abcd" })));
    assert!(!with("metadata", json!({ "nmae": "abc" })));
    assert!(with("status", json!({ "ready": 1 })));
    assert!(!with("status", json!({ "raedy": 1 })));
    assert!(!with("extra", json!(1)));
}

#[test]
fn lists_of_custom_resources_tell_how_they_merge() {
    let api = api();
    let kind = api.kind("example.com/v1", "Shield").expect("defined");
    let rule = kind.list_rule(&["spec", "rules"]).expect("a field");
    assert_eq!((rule.list_type, rule.map_keys), (Some(ListType::Map), vec!["name"]));
    let schema = kind.schema();
    let at = &schema["properties"]["spec"]["properties"]["rules"]["items"]["properties"]["at"];
    assert_eq!(at["format"], "openapi-datetime");
}

#[test]
fn a_faulty_schema_is_told_at_its_place_and_the_kind_stays_known() {
    let text = shield(
        "size: {type: int}\ncolour: {type: array}\na: {propertys: {}}\nb: {$ref: '#/x'}\nc: {type: string, maxLength: 1.5}",
    );
    let (definitions, faults) = read(&text);
    insta::assert_snapshot!(faults, @r"
    crd.yaml:27:28: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.size.type` must be the name of a type, but is `int`
      did you mean `integer`?
    crd.yaml:28:23: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.colour.items` must be there, because the type is `array`
      add the schema of an item, such as `items: {type: string}`
    crd.yaml:29:18: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.a.type` must be there
      add one, such as `type: object`
    crd.yaml:29:30: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.a.propertys` is no field of a schema
      did you mean `properties`?
    crd.yaml:30:25: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.b.$ref` is not supported by Kubernetes
      write the schema out where it is used
    crd.yaml:31:44: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.c.maxLength` must be an integer, but is `1.5`
      write a whole number without quotes, such as `1`
    ");
    let api = Api::new(Version::NEWEST).with(&definitions);
    let schema = api.kind("example.com/v1", "Shield").expect("still known").schema();
    let object = json!({ "apiVersion": "example.com/v1", "kind": "Shield", "spec": 1 });
    assert!(jsonschema::draft202012::is_valid(schema, &object));
}

#[test]
fn counts_may_be_negative_or_written_with_a_fraction_of_none() {
    let text = shield(
        "size: {type: string, minLength: -1, maxLength: 1e1}\ncolour: {type: string, maxLength: -1}",
    );
    let (definitions, faults) = read(&text);
    assert_eq!(faults, "");
    let api = Api::new(Version::NEWEST).with(&definitions);
    let schema = api.kind("example.com/v1", "Shield").expect("defined").schema();
    let of = |field: &str| schema["properties"]["spec"]["properties"][field].clone();
    assert_eq!(of("size"), json!({ "type": "string", "maxLength": 10 }));
    // Nothing is that short.
    let none = json!({ "type": "string", "maxLength": 0, "minLength": 1 });
    assert_eq!(of("colour"), none);
}

#[test]
fn a_default_is_of_the_format_of_its_schema() {
    let size = |schema: &str| faults(&shield(&format!("size: {{{schema}}}")));
    for taken in [
        "type: string, format: date, default: 2026-01-01",
        "type: string, format: int32, default: x",
        "type: string, format: password, default: x",
        "type: integer, format: date, default: 1",
        "type: string, not: {format: date}, default: x",
    ] {
        assert_eq!(size(taken), "", "of {taken}");
    }
    for (refused, at) in [
        ("type: string, format: date, default: x", "size.default"),
        ("type: string, format: date-time, default: ''", "size.default"),
        ("type: string, format: datetime, default: x", "size.default"),
        (
            "type: object, properties: {b: {type: string, format: ipv4}}, default: {b: x}",
            "size.default.b",
        ),
        ("type: array, items: {type: string, format: email}, default: [x]", "size.default[0]"),
        ("x-kubernetes-int-or-string: true, format: uuid, default: x", "size.default"),
    ] {
        let told = size(refused);
        assert!(told.contains(&format!("{at}` must be of the `format`")), "{told} of {refused}");
    }
    let told = size("type: string, anyOf: [{format: date}, {format: ipv4}], default: x");
    assert!(told.contains("does not suit the `anyOf`"), "{told}");
}

#[test]
fn a_pattern_is_compiled_once_and_there_are_only_so_many() {
    let fields = |pattern: fn(usize) -> String| {
        let field = |at| format!("f{at}: {{type: string, pattern: '{}'}}", pattern(at));
        (0..1001).map(field).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(faults(&shield(&fields(|_| "a{1,9}".to_owned()))), "");
    let told = faults(&shield(&fields(|at| format!("a{at}"))));
    assert!(told.contains("is more than is read of a definition"), "{told}");
}

#[test]
fn a_default_keeps_the_rules_of_its_schema() {
    let size = |default: &str| {
        let rules = "[{rule: 'self.l.all(x, x > 1)', message: above one}]";
        faults(&shield(&format!(
            "size: {{type: object, default: {{l: {default}}}, properties: {{l: {{type: array, maxItems: 3, items: {{type: integer}}}}}}, x-kubernetes-validations: {rules}}}"
        )))
    };
    assert_eq!(size("[2, 3]"), "");
    insta::assert_snapshot!(size("[2, 1]"), @r"
    crd.yaml:27:45: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.size.default` breaks a rule of its schema: `self.l.all(x, x > 1)`
      correct the default, or the rule
    ");
}

#[test]
fn what_older_versions_do_not_know_is_told_of_them() {
    let text = shield(
        "size: {type: string, maxLength: 9, x-kubernetes-validations: [{rule: isIP(self)}]}",
    );
    let files = Files::memory([("crd.yaml", &*text)]).expect("a good name");
    let source = files.add("crd.yaml", text.as_bytes().to_vec()).expect("a text");
    let documents = yaml::read(&source, &mut Sink::new(&files)).expect("YAML");
    let said = |versions: &[&str]| {
        let mut sink = Sink::new(&files);
        let definitions = Definitions::read([&documents[0].root], &mut sink);
        let versions = versions.iter().map(|one| Version::parse(one).expect("a version"));
        definitions.check_versions(versions, &mut sink);
        sink.finish()
            .map_or_else(|failure| failure.diagnostics()[0].hints.join("; "), |_| String::new())
    };
    assert_eq!(said(&["1.31", "1.35"]), "");
    assert_eq!(said(&["1.30"]), "write it without, or leave it to newer versions of Kubernetes");
    assert!(
        said(&["1.30", "1.31"])
            .ends_with("Kubernetes 1.30 refuses it, 1.31 takes it: all versions must agree")
    );
}

#[test]
fn a_definition_that_was_read_is_compiled_once_and_told_each_time() {
    let text = shield("size: {type: int}");
    let files = Files::memory([("crd.yaml", &*text)]).expect("a good name");
    let catalog = crate::api::Catalog::default();
    let read = |text: &str| {
        let source = files.add("crd.yaml", text.as_bytes().to_vec()).expect("a text");
        let documents = yaml::read(&source, &mut Sink::new(&files)).expect("YAML");
        let mut sink = Sink::new(&files);
        let definitions = catalog.read([&documents[0].root], &mut sink);
        let api = Api::new(Version::NEWEST).with(&definitions);
        let schema = Arc::clone(api.kind("example.com/v1", "Shield").expect("known").schema());
        let found = sink.finish().map_or_else(|failure| failure.diagnostics().len(), |_| 0);
        (schema, found, documents)
    };
    let (first, faults, documents) = read(&text);
    assert_eq!(faults, 1);
    let mut sink = Sink::new(&files);
    let again = Api::new(Version::NEWEST).with(&catalog.read([&documents[0].root], &mut sink));
    assert!(Arc::ptr_eq(&first, again.kind("example.com/v1", "Shield").expect("known").schema()));
    assert_eq!(sink.finish().expect_err("a fault").diagnostics().len(), 1);
    let (other, ..) = read(&text.replace("type: int", "type: integer"));
    assert!(!Arc::ptr_eq(&first, &other));
}

#[test]
fn an_unknown_word_that_a_server_reads_over_is_a_warning() {
    let text =
        shield("size: {type: integer}\ncolour: {type: array, items: {type: string, patern: a}}");
    insta::assert_snapshot!(faults(&text), @r"
    crd.yaml:28:67: warning[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.colour.items.patern` is no field of a schema, so it does nothing
      did you mean `pattern`?
    ");
}

#[test]
fn the_keys_of_a_list_are_fields_of_its_items() {
    let list = |words: &str| {
        let items = "items: {type: object, required: [name], properties: {name: {type: string}}}";
        faults(&shield(&format!(
            "size: {{type: array, {words}, {items}}}\ncolour: {{type: string}}"
        )))
    };
    assert_eq!(list("x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name]"), "");
    assert_eq!(list("x-kubernetes-list-type: null, nullable: true"), "");
    insta::assert_snapshot!(list("x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [nmae]"), @r"
    crd.yaml:27:92: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.size.x-kubernetes-list-map-keys` has the key `nmae`, which its items lack
      add `nmae` to `items.properties`, or take it out of the keys
    ");
    insta::assert_snapshot!(list("x-kubernetes-list-type: maps"), @r"
    crd.yaml:27:59: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.size.x-kubernetes-list-type` must be one of `atomic`, `map`, `set`, but is `maps`
      did you mean `map`?
    ");
    insta::assert_snapshot!(list("x-kubernetes-list-type: map"), @r"
    crd.yaml:27:21: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.size.x-kubernetes-list-map-keys` must be there, because the list type is `map`
      name the fields that tell items apart
    ");
}

#[test]
fn what_a_definition_lacks_is_told() {
    let bare = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n";
    insta::assert_snapshot!(faults(bare), @r"
    crd.yaml:1:1: error[api/definition]: `spec` is missing
      add `spec`
    ");
    insta::assert_snapshot!(faults(&format!("{bare}spec: {{}}")), @r"
    crd.yaml:3:7: error[api/definition]: `spec.group` is missing
      add `group`
    crd.yaml:3:7: error[api/definition]: `spec.names` is missing
      add `names`
    crd.yaml:3:7: error[api/definition]: `spec.scope` is missing
      add `scope`
    crd.yaml:3:7: error[api/definition]: `spec.versions` is missing
      add `versions`
    ");
    let versions = "versions: [{name: v1, served: true}, {name: v1, schema: {openAPIV3Schema: {type: string}}}]";
    let spec = format!("spec: {{group: 1, scope: cluster, names: {{kind: ''}}, {versions}}}");
    insta::assert_snapshot!(faults(&format!("{bare}{spec}")), @r"
    crd.yaml:3:15: error[api/definition]: `spec.group` must be a string, but is an integer
      write a string
    crd.yaml:3:25: error[api/definition]: `spec.scope` must be `Namespaced` or `Cluster`, but is `cluster`
      did you mean `Cluster`?
    crd.yaml:3:41: error[api/definition]: `spec.names.plural` is missing
      add `plural`
    crd.yaml:3:48: error[api/definition]: `spec.names.kind` must be a string, but is empty
      write a string
    crd.yaml:3:63: error[api/definition]: `spec.versions` must have exactly one version with `storage: true`, but has 0
      set `storage: true` in the version that etcd is to hold
    crd.yaml:3:64: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema` is missing
      add `openAPIV3Schema`
    crd.yaml:3:90: error[api/definition]: `spec.versions` has `v1` twice
      remove one
    crd.yaml:3:134: error[api/definition]: `spec.versions[1].schema.openAPIV3Schema.type` must be `object` for a resource, but is `string`
      write `type: object`
    ");
}

#[test]
fn the_name_and_version_of_a_definition_are_checked() {
    let good = shield("size: {type: integer}\ncolour: {type: string}");
    insta::assert_snapshot!(faults(&good.replace("shields.example.com", "shield.example.com")), @r"
    crd.yaml:4:18: error[api/definition]: `metadata.name` must be `spec.names.plural`, a dot and `spec.group`
      write `shields.example.com`
    ");
    insta::assert_snapshot!(faults(&good.replace("k8s.io/v1", "k8s.io/v1beta1")), @r"
    crd.yaml:2:13: error[api/definition]: `apiVersion` is `apiextensions.k8s.io/v1beta1`, which no known Kubernetes serves
      write `apiextensions.k8s.io/v1`, with a schema in each of `spec.versions`
    ");
    assert_eq!(faults("apiVersion: v1\nkind: ConfigMap\nspec: 1"), "");
}

#[test]
fn a_schema_too_deep_ends_in_a_finding() {
    let deep =
        format!("size: {}{{type: string}}{}", "{type: array, items: ".repeat(99), "}".repeat(99));
    insta::assert_snapshot!(faults(&shield(&format!("{deep}\ncolour: {{type: string}}"))), @r"
    crd.yaml:27:2079: error[api/definition]: `spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.size.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items.items` is more than is read of a definition: 100 levels, 100000 schemas and 1000 different patterns
      make the schema flatter: `x-kubernetes-preserve-unknown-fields: true` takes any fields
    ");
}

#[test]
fn a_schema_too_large_is_one_finding() {
    let fields = (0..100_001).map(|i| format!("a{i}: {{type: string}}"));
    let found = faults(&shield(&fields.collect::<Vec<_>>().join("\n")));
    assert_eq!(found.lines().count(), 2, "a finding and its hint");
    assert!(found.contains("is more than is read of a definition: 100 levels, 100000 schemas and 1000 different patterns"));
}

#[test]
fn of_very_many_faults_the_first_hundred_are_told() {
    let fields = (0..1000).map(|i| format!("a{i}: {{type: text}}"));
    let found = faults(&shield(&fields.collect::<Vec<_>>().join("\n")));
    assert_eq!(found.matches("must be the name of a type").count(), 100);
}

#[test]
fn definitions_in_a_list_are_read() {
    let item = shield(FIELDS).replace('\n', "\n  ");
    let text = format!("apiVersion: v1\nkind: List\nitems:\n- kind: ConfigMap\n-{}", &item[2..]);
    let (definitions, found) = read(&text);
    assert_eq!(found, "");
    assert_eq!(definitions.kinds(Version::NEWEST).count(), 1);
}
