//! Manifests and definitions that are judged without a workspace: definitions that grow, rules that never end, texts
//! that are no manifests.

use crate::{Chart, Seen};
use std::fmt::Write;

/// A definition whose `spec` has this schema, and one object of it with this `spec`.
fn judged(schema: &str, spec: &str) -> Seen {
    let definition = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: as.b.example}}\nspec:\n  group: b.example\n  scope: Namespaced\n  names: {{kind: A, plural: as, singular: a, listKind: AList}}\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n          spec: {schema}\n"
    );
    let object =
        format!("apiVersion: b.example/v1\nkind: A\nmetadata: {{name: a}}\nspec: {spec}\n");
    Chart::new().with("crd.yaml", definition).with("object.yaml", object).run(&[
        "lint",
        "--crd",
        "crd.yaml",
        "object.yaml",
    ])
}

/// A list of short texts with this rule over it, and such a list.
fn ruled(rule: &str, items: usize) -> Seen {
    let schema = format!(
        "{{type: object, properties: {{l: {{type: array, maxItems: {items}, items: {{type: string, maxLength: 20}}}}}}, x-kubernetes-validations: [{{rule: {rule:?}, message: no}}]}}"
    );
    let list: Vec<_> = (0..items).map(|n| format!("t{n}")).collect();
    judged(&schema, &format!("{{l: [{}]}}", list.join(", ")))
}

#[test]
fn a_definition_that_leads_back_to_itself_is_refused() {
    judged("{$ref: '#'}", "{}").refused(&["crd.yaml"]);
    judged("&a {type: object, properties: {a: *a}}", "{}").refused(&["inside of the anchor"]);
}

#[test]
fn a_definition_with_rules_without_number_ends() {
    let fields: String =
        (0..3_000).fold(String::new(), |mut out, n| {
            write!(out, "p{n}: {{type: integer, default: {n}, x-kubernetes-validations: [{{rule: self > {n}}}]}}, ")
                .expect("a string");
            out
        });
    judged(&format!("{{type: object, properties: {{{fields}}}}}"), "{p1: 5}")
        .refused(&["crd.yaml"]);
    let rules = vec!["{rule: 'self.a == self.a'}"; 10_000].join(", ");
    judged(
        &format!("{{type: object, properties: {{a: {{type: integer}}}}, x-kubernetes-validations: [{rules}]}}"),
        "{a: 1}",
    )
    .clean();
}

#[test]
fn patterns_without_number_end() {
    let patterns = |of: &dyn Fn(usize) -> String| -> String {
        (0..2_000).map(|n| format!("p{n}: {}, ", of(n))).collect()
    };
    let words = patterns(&|n| format!(r"{{type: string, pattern: '^(\pL{{500}}){n}$'}}"));
    judged(&format!("{{type: object, properties: {{{words}}}}}"), "{p1: x}").clean();
    let rules = patterns(&|n| {
        format!(
            r#"{{type: string, maxLength: 9, x-kubernetes-validations: [{{rule: 'self.matches("^(\\pL{{500}}){n}$")'}}]}}"#
        )
    });
    judged(&format!("{{type: object, properties: {{{rules}}}}}"), "{p1: x}").clean();
}

#[test]
fn rules_that_never_end_are_stopped() {
    let mut nested = String::from("true");
    for n in 0..12 {
        nested = format!("self.l.all(x{n}, {nested})");
    }
    ruled(&nested, 100).refused(&["may cost more than a server allows"]);
    let mut doubled = String::from("'0123456789'");
    for _ in 0..30 {
        doubled = format!("[{doubled}].map(s, s + s)[0]");
    }
    ruled(&format!("size({doubled}) > 0"), 1).clean();
    ruled("self.l.all(p, self.l.all(q, !('x' + p).matches(q + '{900}')))", 40).clean();
    ruled("self.l.map(a, self.l.map(b, self.l)).size() > 0", 60).clean();
    ruled("lists.range(2000000000).size() > 0", 1).clean();
    ruled("'%.2000000000f'.format([1.0]) == ''", 1).clean();
    ruled("self.l.join(self.l.join(self.l.join(self.l.join('x')))).size() > 0", 100).clean();
    let replaced = ".replace('', 'xxxxxxxxxx')".repeat(20);
    ruled(&format!("self.l[0]{replaced}.size() > 0"), 1).clean();
}

#[test]
fn rules_that_lie_too_deep_are_refused() {
    let texts = [
        format!("{}true{}", "(".repeat(50_000), ")".repeat(50_000)),
        format!("true{}", " ? true : true".repeat(8_000)),
        "[".repeat(90_000),
        "!".repeat(90_000),
        format!("self{}", ".l".repeat(40_000)),
        format!("{}true{}", "self.l.all(x, ".repeat(7_000), ")".repeat(7_000)),
        "x".repeat(1_000_000),
        format!("'{}'.format([1]) == ''", "%s".repeat(40_000)),
    ];
    for rule in texts {
        ruled(&rule, 1).refused(&["cannot be compiled"]);
    }
}

#[test]
fn an_object_that_makes_its_rules_slow_is_bounded() {
    let long = vec!["{a: {b: {c: 1}}}"; 20_000].join(", ");
    judged(
        "{type: object, properties: {l: {type: array, x-kubernetes-list-type: set, items: {type: object, x-kubernetes-map-type: atomic, x-kubernetes-preserve-unknown-fields: true}}}}",
        &format!("{{l: [{long}]}}"),
    )
    .refused(&["object.yaml"]);
    let text = "a".repeat(200_000);
    judged(
        "{type: object, properties: {s: {type: string}}, x-kubernetes-validations: [{rule: \"!self.s.matches('^(a+)+b$')\"}]}",
        &format!("{{s: {text}}}"),
    )
    .clean();
}

/// Texts that are larger than any that is read, many objects, and one that is as large as a file may be.
#[test]
fn manifests_of_many_megabytes_are_judged_or_refused() {
    let one = |n: usize| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{n}}}\ndata: {{a: b}}\n---\n")
    };
    let lint = |text: String| Chart::new().with("many.yaml", text).run(&["lint", "many.yaml"]);
    let many = |bytes: usize| -> String {
        let objects = bytes / one(100_000).len();
        (0..objects).map(one).collect()
    };
    lint(many(50 << 20)).refused(&["many.yaml", "33554432"]);
    let seen = lint(many(1 << 20));
    seen.clean();
    assert_eq!(seen.status.code(), Some(0), "{}", seen.shown());
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: {}}}\n",
        "x".repeat(30 << 20)
    );
    lint(text).refused(&["many.yaml"]);
    lint("x".repeat(50 << 20)).refused(&["many.yaml"]);
}

#[test]
fn texts_that_are_no_yaml_are_named() {
    for bytes in [
        &b"\x7fELF\x02\x01\x01\0\0\0\0\0"[..],
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\x1f\x8b\x08\0\0\0\0\0",
        b"PK\x03\x04\x14\0\0\0\x08\0",
        b"\xff\xfea\0:\0 \0b\0",
        b"\0\0\0\0\0\0\0\0",
        b"\x80\x81\x82",
        b"a: \x1b[2J\x07",
    ] {
        let chart = Chart::new().with("m/a.yaml", bytes);
        chart.run(&["lint", "m/a.yaml"]).refused(&["a.yaml"]);
        chart.run(&["lint", "m"]).refused(&["a.yaml"]);
        chart.run(&["lint", "--crd", "m", "web/values.yaml"]).refused(&[]);
    }
}

#[test]
fn a_folder_of_other_yaml_is_passed_over() {
    let seen = Chart::new()
        .with("m/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")
        .with("m/values.yaml", "image: {tag: x}\n")
        .with("m/values-prod.yaml", "")
        .with("m/templates/web.yaml", "{{- if .Values.a }}\na: {{ .Values.b }}\n{{- end }}\n")
        .with("m/a/kustomization.yaml", "resources: [a.yaml]\n")
        .with(
            "m/b/kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
        )
        .with("m/.github/workflows/ci.yml", "on: push\njobs: {}\n")
        .with("m/compose.yaml", "services: {web: {image: x}}\n")
        .with("m/package.json", "{\"name\": \"web\", \"version\": \"1.0.0\"}")
        .with("m/list.yaml", "- a\n- b\n")
        .with("m/text.yaml", "only a text\n")
        .with("m/empty.yaml", "---\n---\n# nothing\n")
        .run(&["lint", "m"]);
    seen.clean();
    assert_eq!(seen.status.code(), Some(0), "{}", seen.shown());
    assert!(seen.stderr.contains("passed over"), "{}", seen.shown());
}
