//! What is said of manifests and values. Where a test says that a server refuses or takes something, a real API server of
//! version 1.35 was asked.

use super::{Inline, InlineSecrets, Rules, Setter, Validators, ValuesSchema, check};
use crate::api::{Api, Definitions, Version};
use crate::diag::{Diagnostic, Level, Severities, Sink};
use crate::manifest::{Placement, Stamp, drafts, identify};
use crate::source::{Files, Inputs, RelPath, Source};
use crate::yaml::{self, Node};
use std::sync::Arc;

fn files(files: &[(&str, &str)]) -> Files {
    Files::memory(files.iter().copied()).expect("paths")
}

fn source(files: &Files, path: &str) -> Arc<Source> {
    files.read(&RelPath::parse(path).expect("a path"), &mut Inputs::default()).expect("a file")
}

fn apis(versions: &[&str]) -> Vec<Api> {
    versions.iter().map(|text| Api::new(Version::parse(text).expect("a version"))).collect()
}

fn told(sink: Sink) -> Vec<Diagnostic> {
    match sink.finish() {
        Ok(warnings) => warnings,
        Err(failure) => failure.diagnostics().to_vec(),
    }
}

fn lines(found: &[Diagnostic]) -> String {
    let line = |d: &Diagnostic| {
        let hints: Vec<_> = d.hints.iter().map(|hint| format!(" ({hint})")).collect();
        format!("{d}{}", hints.concat())
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn findings(text: &str, apis: &[Api], severities: &Severities) -> Vec<Diagnostic> {
    let files = files(&[("x.yaml", text)]);
    let mut sink = Sink::new(&files);
    let placement = Placement { apis, namespace: None, other_namespaces: &[], stamp: Stamp::Never };
    let drafts = drafts(&source(&files, "x.yaml"), &mut sink).expect("YAML");
    let manifests = identify(drafts, &placement, &mut sink).expect("objects");
    let count = manifests.len();
    let rules = Rules {
        advice: super::Advice::Workspace,
        apis,
        severities,
        validators: &Validators::default(),
        inline: Inline::without_values(InlineSecrets::Allowed),
        known: None,
    };
    let checked = check(manifests, &rules, &mut sink);
    assert_eq!(checked.as_ref().map(|c| c.manifests().len()).unwrap_or(count), count);
    assert_eq!(checked.is_err(), sink.passed().is_err(), "nothing fails in silence");
    told(sink)
}

/// What is said of a definition in `d.yaml` and of an object of its kind in `x.yaml`.
pub(super) fn check_with(definition: &str, object: &str, expect: &str) {
    let files = files(&[("d.yaml", definition), ("x.yaml", object)]);
    let mut sink = Sink::new(&files);
    let defined = drafts(&source(&files, "d.yaml"), &mut sink).expect("YAML");
    let definitions = Definitions::read(defined.iter().map(|draft| &draft.node), &mut sink);
    let apis = [Api::new(Version::parse("1.35").expect("a version")).with(&definitions)];
    let placement =
        Placement { apis: &apis, namespace: None, other_namespaces: &[], stamp: Stamp::Never };
    let objects = drafts(&source(&files, "x.yaml"), &mut sink).expect("YAML");
    if let Ok(manifests) = identify(objects, &placement, &mut sink) {
        let rules = Rules {
            apis: &apis,
            severities: &Severities::default(),
            validators: &Validators::default(),
            advice: super::Advice::Workspace,
            inline: Inline::without_values(InlineSecrets::Allowed),
            known: None,
        };
        let _ = check(manifests, &rules, &mut sink);
    }
    assert_eq!(lines(&told(sink)), expect);
}

fn check_in(versions: &[&str], text: &str, expect: &str) {
    assert_eq!(
        lines(&findings(text, &apis(versions), &Severities::default())),
        expect,
        "of {text}"
    );
}

fn check_one(text: &str, expect: &str) {
    check_in(&["1.35"], text, expect);
}

/// A pod with one container.
fn pod(container: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: a\n    {container}\n    image: b\n"
    )
}

fn deployment(spec: &str) -> String {
    let template = "{metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}";
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  {spec}\n  \
         selector: {{matchLabels: {{a: b}}}}\n  template: {template}\n"
    )
}

#[test]
fn a_server_refuses_replicas_three() {
    check_one(
        &deployment("replicas: three"),
        "x.yaml:5:13: error[check/schema]: `spec.replicas` must be an integer, but is the string `three` (write a whole number without quotes, such as `1`)",
    );
}

#[test]
fn a_server_refuses_a_field_in_the_wrong_case() {
    check_one(
        &pod("livenessprobe: {httpGet: {port: 80}}"),
        "x.yaml:7:5: error[check/unknown-field]: `spec.containers[0].livenessprobe` is not a known field \
         (did you mean `livenessProbe`?)",
    );
}

#[test]
fn a_server_refuses_a_port_as_a_string() {
    check_one(
        &pod("ports: [{containerPort: '8080'}]"),
        "x.yaml:7:29: error[check/schema]: `spec.containers[0].ports[0].containerPort` must be an integer, but is \
         the string `8080` (write it without quotes: `8080`)",
    );
}

#[test]
fn a_server_refuses_numbers_and_booleans_as_values_of_variables_and_labels() {
    check_one(
        &pod("env: [{name: PORT, value: 8080}, {name: DEBUG, value: y}]"),
        "x.yaml:7:31: error[check/schema]: `spec.containers[0].env[0].value` must be a string, but is the integer \
         `8080` (write it in quotes: `\"8080\"`)\n\
         x.yaml:7:59: error[check/schema]: `spec.containers[0].env[1].value` must be a string, but is the boolean \
         `y` (write it in quotes: `\"y\"`)",
    );
    check_one(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {version: 1.10}}}",
        "x.yaml:1:73: error[check/schema]: `metadata.labels.version` must be a string, but is the number `1.10` \
         (write it in quotes: `\"1.10\"`)",
    );
}

#[test]
fn a_server_refuses_gb() {
    check_one(
        &pod("resources: {limits: {memory: 1Gb}}"),
        "x.yaml:7:34: error[check/schema]: `spec.containers[0].resources.limits.memory` must be a quantity such as \
         `500m`, `1.5` or `2Gi`, but is the string `1Gb` (did you mean `1Gi`?)",
    );
}

#[test]
fn a_server_refuses_a_deployment_without_a_selector() {
    let text = deployment("paused: false").replace("  selector: {matchLabels: {a: b}}\n", "");
    check_one(
        &text,
        "x.yaml:5:3: error[api/required]: `spec.selector` is missing (add `selector` to `spec`)",
    );
}

#[test]
fn a_server_refuses_fields_one_level_too_high_or_too_low() {
    check_one(
        &deployment("containers: []"),
        "x.yaml:5:3: error[check/unknown-field]: `spec.containers` is not a known field \
         (it belongs under another key: `spec.template.spec.containers`)",
    );
    check_one(
        &deployment("paused: false").replace("spec: {containers", "spec: {replicas: 2, containers"),
        "x.yaml:7:49: error[check/unknown-field]: `spec.template.spec.replicas` is not a known field \
         (it belongs under another key: `spec.replicas`)",
    );
    check_one(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, labels: {}, status: {}}",
        "x.yaml:1:56: error[check/unknown-field]: `labels` is not a known field \
         (it belongs under another key: `metadata.labels`)\n\
         x.yaml:1:68: error[check/unknown-field]: `status` is not a known field \
         (known here: `apiVersion`, `kind`, `binaryData`, `data`, `immutable`, `metadata`)",
    );
}

#[test]
fn a_server_refuses_maps_and_lists_in_each_others_place() {
    check_one(
        &pod("env: {A: b}"),
        "x.yaml:7:10: error[check/schema]: `spec.containers[0].env` must be a list, but is a map (begin each item on a line of its own with `- `)",
    );
    check_one(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: [a]}",
        "x.yaml:1:62: error[check/schema]: `data` must be a map, but is a list (write `name: value` lines)",
    );
}

#[test]
fn a_server_refuses_an_integer_of_more_than_32_bits() {
    check_one(
        &deployment("replicas: 3000000000"),
        "x.yaml:5:13: error[check/schema]: `spec.replicas` must be at most 2147483647, but is the integer `3000000000` (write 2147483647 or less)",
    );
}

#[test]
fn a_server_takes_null_whole_floats_and_broken_base64() {
    check_one(&pod("args: [null]\n    command: ~\n    resources: {limits: {cpu: null}}"), "");
    check_one(
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80.0, targetPort: 1e3}]}}",
        "",
    );
    check_one(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, creationTimestamp: ~}, data: ~, binaryData: {a: \"YQ==\\n\"}}",
        "",
    );
}

#[test]
fn a_secret_is_never_printed_nor_is_its_line() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  a: hush hush\n  b: 1234567\nstringData: [hush]\n";
    let found = findings(text, &apis(&["1.35"]), &Severities::default());
    assert_eq!(
        lines(&found),
        "x.yaml:5:6: error[check/schema]: `data.a` must be base64, but is a string (encode it (`base64 -w0`, or the filter `b64encode`); a Secret takes plain text in `stringData`)\n\
         x.yaml:6:6: error[check/schema]: `data.b` must be a string, but is an integer (write one text, in quotes if it looks like something else)\n\
         x.yaml:7:13: error[check/schema]: `stringData` must be a map, but is a list (write `name: value` lines)"
    );
    let report = crate::diag::report(&found, crate::diag::Paint::Plain);
    assert!(!report.contains("hush") && !report.contains("1234567"), "{report}");
    assert!(report.contains("x.yaml:5:6"), "{report}");
}

#[test]
fn a_kind_that_is_gone_is_sent_to_where_it_is_served() {
    check_one(
        "{apiVersion: extensions/v1beta1, kind: Deployment, metadata: {name: a}}",
        "x.yaml:1:14: error[api/removed]: `extensions/v1beta1 Deployment` is gone: it was removed in Kubernetes 1.16 \
         (write `apiVersion: apps/v1`)",
    );
}

#[test]
fn an_unknown_kind_names_both_ways_out() {
    let found = findings(
        "{apiVersion: apps.example.com/v1, kind: Deploymnet, metadata: {name: a}}",
        &apis(&["1.34", "1.35"]),
        &Severities::default(),
    );
    let told = lines(&found);
    assert!(told.contains("did you mean `apps/v1 Deployment`?"), "{told}");
    assert!(told.contains("`crds/`") && told.contains("`schemas/`"), "{told}");
}

#[test]
fn all_versions_of_an_environment_must_agree() {
    check_in(&["1.34", "1.35"], &deployment("replicas: 1"), "");
    let budget = "{apiVersion: policy/v1beta1, kind: PodSecurityPolicy, metadata: {name: a}}";
    let found = findings(budget, &apis(&["1.24.0", "1.25"][1..]), &Severities::default());
    assert_eq!(found.len(), 1);
    let file_key =
        pod("env: [{name: A, valueFrom: {fileKeyRef: {key: a, path: b, volumeName: c}}}]");
    let found = lines(&findings(&file_key, &apis(&["1.33", "1.37"]), &Severities::default()));
    let hint =
        "Kubernetes 1.33 refuses it, 1.37 takes it: all versions of the environment must agree";
    assert!(
        found.contains("`spec.containers[0].env[0].valueFrom.fileKeyRef` is not a known field"),
        "{found}"
    );
    assert!(found.contains(hint), "{found}");
}

#[test]
fn a_kind_that_some_versions_lack_is_named() {
    let text =
        "{apiVersion: flowcontrol.apiserver.k8s.io/v1beta2, kind: FlowSchema, metadata: {name: a}}";
    let found = findings(text, &apis(&["1.28", "1.29"]), &Severities::default());
    let told = lines(&found);
    assert!(told.contains("removed in Kubernetes 1.29"), "{told}");
    assert!(!told.contains("api/deprecated"), "{told}");
    let text = text.replace("v1beta2", "v1");
    let told = lines(&findings(&text, &apis(&["1.28", "1.29"]), &Severities::default()));
    assert!(told.contains("error[check/not-served]"), "{told}");
    assert!(told.contains("not served by Kubernetes 1.28, only from 1.29 on"), "{told}");
}

const DEFINITION: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shops.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Shop, plural: shops, singular: shop, listKind: ShopList}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, required: [size], properties: {size: {type: integer, minimum: 1}}}
";

#[test]
fn a_definition_in_the_same_render_makes_its_kind_known() {
    let text = format!(
        "{DEFINITION}---\n{{apiVersion: example.com/v1, kind: Shop, metadata: {{name: a}}, spec: {{size: 0, colour: red}}}}\n"
    );
    let files = files(&[("x.yaml", text.as_str())]);
    let mut sink = Sink::new(&files);
    let drafts = drafts(&source(&files, "x.yaml"), &mut sink).expect("YAML");
    let definitions = Definitions::read(drafts.iter().map(|draft| &draft.node), &mut sink);
    let apis = apis(&["1.35"]);
    let apis: Vec<Api> = apis.iter().map(|api| api.with(&definitions)).collect();
    let found = findings(&text, &apis, &Severities::default());
    assert_eq!(
        lines(&found),
        "x.yaml:18:76: error[check/schema]: `spec.size` must be at least 1, but is the integer `0` (write 1 or more)\n\
         x.yaml:18:79: error[check/unknown-field]: `spec.colour` is not a known field (known here: `size`)"
    );
}

#[test]
fn severities_decide_what_blocks() {
    let text = deployment("replcias: 1");
    let mut severities = Severities::default();
    severities.set("check/unknown-field", Level::Warning).expect("a code");
    let found = lines(&findings(&text, &apis(&["1.35"]), &severities));
    assert!(found.contains("warning[check/unknown-field]"), "{found}");
    severities.set("check/unknown-field", Level::Off).expect("a code");
    assert_eq!(lines(&findings(&text, &apis(&["1.35"]), &severities)), "");
}

#[test]
fn the_deepest_manifest_that_is_read_is_judged() {
    let nested = |levels: usize, inner: &str| {
        format!("{}{inner}{}", "{not: ".repeat(levels), "}".repeat(levels))
    };
    let text = |inner| {
        DEFINITION.replace(
            "size: {type: integer",
            &format!("size: {{not: {}, type: integer", nested(230, inner)),
        )
    };
    check_one(&text("{type: string}"), "");
    let found = lines(&findings(&text("{tpye: string}"), &apis(&["1.35"]), &Severities::default()));
    assert!(found.contains("did you mean `type`?"), "{found}");
}

/// The node at a path, as if a template had filled it in from `set_at`.
fn fill_in(node: &mut Node, path: &[&str], set_at: crate::source::Place) {
    let Some((key, rest)) = path.split_first() else {
        node.set_at = Some(set_at);
        return;
    };
    fill_in(node.as_map_mut().and_then(|map| map.get_mut(*key)).expect("a key"), rest, set_at);
}

#[test]
fn a_value_is_shown_where_it_was_set_and_where_it_is_used() {
    let text = deployment("replicas: three");
    let files = files(&[("x.yaml", text.as_str()), ("values.yaml", "a: 1\nreplicas: three\n")]);
    let mut sink = Sink::new(&files);
    let set_at = source(&files, "values.yaml").place(15, 20);
    let mut drafts = drafts(&source(&files, "x.yaml"), &mut sink).expect("YAML");
    fill_in(&mut drafts[0].node, &["spec", "replicas"], set_at);
    let (apis, severities) = (apis(&["1.35"]), Severities::default());
    let placement =
        Placement { apis: &apis, namespace: None, other_namespaces: &[], stamp: Stamp::Never };
    let manifests = identify(drafts, &placement, &mut sink).expect("objects");
    let rules = Rules {
        advice: super::Advice::Workspace,
        apis: &apis,
        severities: &severities,
        validators: &Validators::default(),
        inline: Inline::without_values(InlineSecrets::Allowed),
        known: None,
    };
    assert!(check(manifests, &rules, &mut sink).is_err());
    let found = told(sink);
    insta::assert_snapshot!(crate::diag::report(&found, crate::diag::Paint::Plain), @r"
    error[check/schema]: `spec.replicas` must be an integer, but is the string `three`
     --> values.yaml:2:11
      |
    2 | replicas: three
      |           ^^^^^ set here
      |
     ::: x.yaml:5:13
      |
    5 |   replicas: three
      |             ----- used here
      |
      = note: Deployment/web spec.replicas
      = help: write a whole number without quotes, such as `1`
    ");
}

fn check_values(schema: &str, values: &str, expect: &str) {
    let files = files(&[("values.schema.json", schema), ("values.yaml", values)]);
    let mut sink = Sink::new(&files);
    let source_of_values = source(&files, "values.yaml");
    let root = yaml::read(&source_of_values, &mut sink).expect("YAML").remove(0).root;
    if let Ok(schema) = ValuesSchema::read(&source(&files, "values.schema.json"), &mut sink) {
        let deleted_at =
            |path: &[&str]| root.at(path).filter(|node| node.is_null()).map(|node| node.place);
        let setter = Setter {
            file: "services/web/values.yaml",
            deleted_at: &deleted_at,
            referred: &|_| None,
            severities: &Severities::default(),
        };
        let mut merged = root.clone();
        merged.as_map_mut().expect("a map").retain(|_, node| !node.is_null());
        let _ = schema.check(&merged, &setter, &mut sink);
    }
    assert_eq!(lines(&told(sink)), expect);
}

#[test]
fn values_are_judged_at_the_line_that_set_them() {
    let schema = r#"{
  "type": "object",
  "properties": {
    "image": { "type": "object", "properties": { "tag": { "type": "string" } }, "required": ["name"] },
    "replicas": { "type": "integer", "minimum": 1 },
    "password": { "type": "string", "minLength": 12, "writeOnly": true }
  },
  "required": ["host"],
  "additionalProperties": false
}"#;
    check_values(
        schema,
        "replica: 2\nreplicas: 0\nimage:\n  tag: 1.10\npassword: 123456\n",
        "values.schema.json:8:3: error[values/missing]: `host` is missing (set `host` in services/web/values.yaml)\n\
         values.yaml:1:1: error[values/unknown-key]: `replica` is not a known field (did you mean `replicas`?)\n\
         values.yaml:2:11: error[values/schema]: `replicas` must be at least 1, but is the integer `0` (write 1 or more)\n\
         values.yaml:4:3: error[values/missing]: `image.name` is missing (set `image.name` in services/web/values.yaml)\n\
         values.yaml:4:8: error[values/schema]: `image.tag` must be a string, but is the number `1.10` (write it in quotes: `\"1.10\"`)\n\
         values.yaml:5:11: error[values/schema]: `password` must be a string, but is an integer (write one text, in quotes if it looks like something else)",
    );
}

#[test]
fn a_required_value_that_a_null_deleted_is_missing_at_that_null() {
    check_values(
        r#"{ "required": ["host"] }"#,
        "a: 1\nhost: null\n",
        "values.yaml:2:7: error[values/missing]: `host` is missing \
         (give it a value there, or remove the line so that a weaker layer's value holds)",
    );
}

#[test]
fn a_misspelt_value_may_mean_one_that_the_defaults_set() {
    check_values(
        r#"{ "properties": { "image": {}, "images": {} }, "additionalProperties": false }"#,
        "image: a\nimages: b\nimge: c\n",
        "values.yaml:3:1: error[values/unknown-key]: `imge` is not a known field (did you mean `image`?)",
    );
}

#[test]
fn a_default_of_a_schema_never_fills() {
    check_values(
        r#"{ "properties": { "a": { "default": 1 } }, "required": ["a"] }"#,
        "b: 1\n",
        "values.schema.json:1:44: error[values/missing]: `a` is missing (set `a` in services/web/values.yaml)",
    );
}

#[test]
fn a_schema_that_is_none_is_named_at_its_line() {
    check_values(
        "{\n  \"type\": \"object\",\n}",
        "a: 1",
        "values.schema.json:3:1: error[values/bad-schema]: not JSON: the comma before this is one too many (correct the file: it must be a JSON Schema written as JSON)",
    );
    check_values(
        "{\n  \"properties\": { \"a\": { \"type\": \"strnig\" } }\n}",
        "a: 1",
        "values.schema.json:2:26: error[values/bad-schema]: not a JSON Schema: `properties.a.type` must be one of `array`, `boolean`, `integer`, `null`, `number`, `object`, `string`, or must be a list, but is `strnig` (correct the schema)",
    );
    check_values(
        "{\n\t\"properties\": {\n\t\t\"a\": { \"$ref\": \"https://example.com/a.json\" }\n\t}\n}",
        "a: 1",
        "values.schema.json:3:10: error[values/bad-schema]: the schema refers to `https://example.com/a.json`, which lies outside of its file \
         (copy what it refers to into `$defs` of this file, and write `#/$defs/NAME`: nothing is fetched)",
    );
}
