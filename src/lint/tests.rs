//! What is judged, by example.

use super::{Input, Linted, Linter, Origin, Scope, UnknownKinds, inputs, once};
use crate::api::Version;
use crate::diag::Sink;
use crate::source::{Files, Inputs, KUSTOMIZATIONS, RelPath};

/// What a linter says to a text, a line each, and how much it judged.
fn said(linter: &Linter, text: &str, origin: Origin) -> (String, Linted) {
    let files = Files::memory([("x.yaml", text)]).expect("a path");
    let path = RelPath::parse("x.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a text");
    let mut sink = Sink::new(&files);
    let linted = linter.lint(&[Input { source, origin }], &mut sink);
    let found = sink.finish().unwrap_or_else(|failure| failure.diagnostics().to_vec());
    let lines: Vec<_> = found.iter().map(ToString::to_string).collect();
    (lines.join("\n"), linted)
}

fn check(text: &str, expect: &str) {
    let (lines, _) = said(&Linter::default(), text, Origin::Named);
    assert!(lines.contains(expect) && lines.is_empty() == expect.is_empty(), "{lines}");
}

#[test]
fn an_object_without_a_name_shows_what_else_is_wrong_with_it() {
    check(
        "{apiVersion: v1, kind: ConfigMap, Metadata: {name: a}}",
        "error[check/unknown-field]: `Metadata` is not a known field",
    );
    check("{apiVersion: v1, kind: ConfigMap}", "error[api/required]: `metadata.name` is missing");
    check("{apiVersion: v1, kind: ConfigMap, metadata: {generateName: a-}}", "");
    check("{apiVersion: v1, kind: LimitRange, metadata: {}}", "");
}

#[test]
fn a_namespace_on_what_belongs_to_none_is_only_told() {
    check(
        "{apiVersion: v1, kind: Namespace, metadata: {name: a, namespace: b}}",
        "warning[manifest/namespace]: a Namespace belongs to no namespace",
    );
}

#[test]
fn a_text_that_was_found_is_passed_over_if_nothing_in_it_is_a_manifest() {
    for text in [
        "a: 1",
        "",
        "{apiVersion: v2, name: web}",
        "a: 1\n---\n[1]",
        "{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization}",
    ] {
        let (lines, linted) = said(&Linter::default(), text, Origin::Found);
        assert_eq!((lines.as_str(), linted.passed_over, linted.files), ("", 1, 0), "{text}");
    }
    let half = "a: 1\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}";
    assert_eq!(said(&Linter::default(), half, Origin::Found).1.objects, 2);
}

#[test]
fn unknown_kinds_are_refused_unless_they_are_allowed() {
    let text = "{apiVersion: example.com/v1, kind: Shop, metadata: {name: a}}";
    check(text, "error[check/unknown-kind]");
    let linter = Linter::default().with_unknown_kinds(UnknownKinds::Allowed);
    let (lines, linted) = said(&linter, text, Origin::Named);
    assert_eq!((lines.as_str(), linted.unjudged, linted.objects), ("", 1, 0));
}

#[test]
fn all_versions_must_agree_and_each_scope_shows_its_own() {
    let text = "{apiVersion: policy/v1beta1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {x: 1}}";
    let version = |text| Version::parse(text).expect("a version");
    let old = Linter::new(&[version("1.25"), version("1.30")]);
    assert!(said(&old, text, Origin::Named).0.contains("error[api/removed]"));
    let text = "{apiVersion: v1, kind: Endpoints, metadata: {name: a}, x: 1}";
    let told = |scope| said(&Linter::default().only(scope), text, Origin::Named).0;
    let codes = |lines: String| (lines.contains("api/deprecated"), lines.contains("unknown-field"));
    assert_eq!(codes(told(Scope::All)), (true, true));
    assert_eq!(codes(told(Scope::Api)), (false, true));
    assert_eq!(codes(told(Scope::Deprecation)), (true, false));
}

#[test]
fn a_long_text_says_the_same_as_its_documents_one_by_one() {
    let object = |at: usize| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a{at}\ndata:\n  a: {at}\n  b: |\n    --- é {at}\n"
        )
    };
    let many: Vec<String> = (0..4000).map(object).collect();
    let (lines, linted) = said(&Linter::default(), &many.join("---\n"), Origin::Named);
    assert_eq!((linted.objects, lines.lines().count()), (4000, 4000));
    let expect =
        format!("x.yaml:{}:6: error[check/schema]: `data.a` must be a string", 3999 * 9 + 6);
    assert!(lines.lines().last().is_some_and(|line| line.starts_with(&expect)), "{expect}");
}

/// What is said of a definition that is read for its kinds and judged as an object, a line each: code and path.
fn of_definition(text: &str, scope: Scope) -> String {
    let files = Files::memory([("x.yaml", text)]).expect("a path");
    let path = RelPath::parse("x.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a text");
    let inputs = [Input { source, origin: Origin::Named }];
    let mut linter = Linter::default().only(scope);
    let mut sink = Sink::new(&files);
    linter.define(&inputs, &mut sink);
    linter.lint(&inputs, &mut sink);
    let found = sink.finish().unwrap_or_else(|failure| failure.diagnostics().to_vec());
    let lines = once(found).into_iter().map(|finding| {
        let subject = finding.subjects.first().cloned().unwrap_or_default();
        format!("{} {}", finding.code, subject.trim_start_matches("CustomResourceDefinition/"))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_fault_of_a_definition_is_told_once() {
    let check = |text: &str, expect: &str| {
        assert_eq!(of_definition(text, Scope::All), expect, "of {text}");
        assert_eq!(of_definition(text, Scope::Api), expect, "of {text}");
    };
    let head = "apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: as.b.c}";
    check(&format!("{{{head}}}"), "api/definition as.b.c spec\napi/invalid as.b.c metadata.name");
    check(
        &format!("{{{head}, spec: {{}}}}"),
        "api/invalid as.b.c metadata.name\napi/definition as.b.c spec.group\napi/definition as.b.c spec.names\napi/definition as.b.c spec.scope\napi/definition as.b.c spec.versions",
    );
    let spec = |schema: &str| {
        format!(
            "{{{head}, spec: {{group: b.c, scope: Namespaced, names: {{kind: A, plural: as, singular: 3}}, versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {schema}}}}}]}}}}"
        )
    };
    let at = "as.b.c spec.versions[0].schema.openAPIV3Schema.properties";
    check(
        &spec(
            "{type: object, properties: {a: {type: string, maxLength: x, foo: 1}, b.c: {type: 3}}}",
        ),
        &format!(
            "check/schema as.b.c spec.names.singular\napi/definition {at}.a.maxLength\napi/definition {at}.a.foo\napi/definition {at}[b.c].type"
        ),
    );
}

#[test]
fn of_a_definition_only_its_version_can_be_deprecated() {
    let old = "{apiVersion: apiextensions.k8s.io/v1beta1, kind: CustomResourceDefinition, metadata: {name: a}, spec: {}}";
    for scope in [Scope::All, Scope::Deprecation] {
        assert_eq!(of_definition(old, scope), "api/removed a");
    }
    let faulty = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {}}";
    assert_eq!(of_definition(faulty, Scope::Deprecation), "");
}

#[test]
fn patches_are_passed_over_whatever_the_file_of_their_kustomization_is_called() {
    for name in KUSTOMIZATIONS {
        let texts = [(name, "patches: [{path: patch.yaml}]"), ("patch.yaml", "a: 1")];
        let files = Files::memory(texts).expect("paths");
        let (found, passed_over) = inputs(&files, &RelPath::root(), &mut Sink::new(&files));
        let is_patch = |input: &Input| &**input.source.text() == "a: 1";
        assert_eq!((found.iter().any(is_patch), passed_over), (false, 1), "{name}");
    }
}
