//! Every message about service.yaml and what it names.

use super::{SHOP, report_on, with};

/// The report about this service.yaml.
fn service(text: &str) -> String {
    report_on(&with(SHOP, &[("services/web/service.yaml", text)]))
}

/// The report about a service with this source, among these files.
fn source(folder: &str, files: &[(&str, &str)]) -> String {
    let text = format!("source: {folder}\n");
    let pairs = with(&with(SHOP, files), &[("services/web/service.yaml", &text)]);
    report_on(&pairs)
}

#[test]
fn an_unknown_field_of_service_yaml() {
    insta::assert_snapshot!(service("source: charts/web\nenviroments: [dev]\n"), @r#"
        error[yaml/unknown-field]: unknown field `enviroments`
         --> services/web/service.yaml:2:1
          |
        2 | enviroments: [dev]
          | ^^^^^^^^^^^
          |
          = help: did you mean `environments`?
        "#);
}

#[test]
fn an_unknown_environment_points_at_its_name() {
    insta::assert_snapshot!(service("source: charts/web\nenvironments:\n  - dev\n  - prd\n"), @r#"
        error[workspace/environment]: `web` runs in `prd`, which is no environment
         --> services/web/service.yaml:4:5
          |
        4 |   - prd
          |     ^^^
          |
          = help: did you mean `prod`?
        "#);
}

#[test]
fn an_unknown_namespace_points_at_its_name() {
    insta::assert_snapshot!(service("source: charts/web\nnamespaces: [shp]\n"), @r#"
        error[workspace/namespace]: `web` runs in the namespace `shp`, which no environment has
         --> services/web/service.yaml:2:14
          |
        2 | namespaces: [shp]
          |              ^^^
          |
          = help: did you mean `shop`?
        "#);
}

#[test]
fn the_real_name_of_a_namespace() {
    insta::assert_snapshot!(service("source: charts/web\nnamespaces: [shop-dev]\n"), @r#"
        error[workspace/namespace]: `web` runs in the namespace `shop-dev`, which no environment has
         --> services/web/service.yaml:2:14
          |
        2 | namespaces: [shop-dev]
          |              ^^^^^^^^
          |
          = help: `shop-dev` is the real name of `shop` in `dev`: write `shop`
        "#);
}

#[test]
fn all_in_a_list() {
    insta::assert_snapshot!(service("source: charts/web\nnamespaces: [all]\n"), @r#"
        error[workspace/namespace]: `web` runs in the namespace `all`, which no environment has
         --> services/web/service.yaml:2:14
          |
        2 | namespaces: [all]
          |              ^^^
          |
          = help: write `namespaces: all`, without a list
        "#);
}

#[test]
fn an_other_namespace_with_a_bad_name() {
    insta::assert_snapshot!(service("source: charts/web\notherNamespaces: [kube_system]\n"), @r#"
        error[workspace/name]: the namespace's name `kube_system` cannot hold `_`
         --> services/web/service.yaml:2:19
          |
        2 | otherNamespaces: [kube_system]
          |                   ^^^^^^^^^^^
          |
          = help: a name has lower-case letters, digits and `-`, begins and ends with a letter or digit, and is at most 63 characters long
        "#);
}

#[test]
fn a_label_that_is_a_number() {
    insta::assert_snapshot!(service("source: charts/web\nlabels: { tier: 1 }\n"), @r#"
        error[yaml/type]: `labels.tier`: `1` is an integer, not a string
         --> services/web/service.yaml:2:17
          |
        2 | labels: { tier: 1 }
          |                 ^
          |
          = help: put it in quotes: `"1"`
        "#);
}

#[test]
fn a_source_with_an_unknown_placeholder() {
    insta::assert_snapshot!(service("source: charts/{svc}\n"), @r#"
        error[workspace/source]: `charts/{svc}` has the unknown placeholder `{svc}`
         --> services/web/service.yaml:1:9
          |
        1 | source: charts/{svc}
          |         ^^^^^^^^^^^^
          |
          = help: did you mean `{service}`?
        "#);
}

#[test]
fn a_source_outside_of_the_workspace() {
    insta::assert_snapshot!(service("source: ../charts/web\n"), @r#"
        error[workspace/source]: the source `../charts/web` leads out of the root folder
         --> services/web/service.yaml:1:9
          |
        1 | source: ../charts/web
          |         ^^^^^^^^^^^^^
          |
          = help: write a folder as seen from jibe.yaml, such as `charts/web`
        "#);
}

#[test]
fn a_source_that_is_not_there() {
    insta::assert_snapshot!(service("source: charts/wbe\n"), @r#"
        error[workspace/source]: the source `charts/wbe` is not there
         --> services/web/service.yaml:1:9
          |
        1 | source: charts/wbe
          |         ^^^^^^^^^^
          |
          = note: rendered for dev/shop/web, prod-eu/shop/web, prod/shop/web
          = help: did you mean `charts/web`?
        "#);
}

#[test]
fn a_source_that_is_a_library() {
    insta::assert_snapshot!(source("lib", &[("lib/chart.yaml", "name: lib\nversion: 1.0.0\ntype: library\n")]), @r#"
        error[workspace/source]: the source `lib` is a library, which renders nothing
         --> services/web/service.yaml:1:9
          |
        1 | source: lib
          |         ^^^ named here
          |
         ::: lib/chart.yaml:1:7
          |
        1 | name: lib
          |       --- this chart has `type: library`
          |
          = note: rendered for dev/shop/web, prod-eu/shop/web, prod/shop/web
          = help: name an application chart that uses it, or set `type: application` in its chart.yaml
        "#);
}

#[test]
fn a_source_that_is_a_helm_chart() {
    insta::assert_snapshot!(source("old", &[("old/Chart.yaml", "name: x\n")]), @r#"
        error[chart/helm-chart]: `old` is a chart for Helm: it has `Chart.yaml`, with a capital C
         --> services/web/service.yaml:1:9
          |
        1 | source: old
          |         ^^^
          |
          = note: rendered for dev/shop/web, prod-eu/shop/web, prod/shop/web
          = help: jibe reads `chart.yaml` and Jinja templates: docs/from-helm.md shows how to bring the chart over, step by step
        "#);
}

#[test]
fn a_source_without_manifests() {
    insta::assert_snapshot!(source("k", &[("k/README.md", "")]), @r#"
        error[workspace/source]: `k` has neither a `chart.yaml` nor any manifest in it
         --> services/web/service.yaml:1:9
          |
        1 | source: k
          |         ^
          |
          = note: rendered for dev/shop/web, prod-eu/shop/web, prod/shop/web
          = help: correct `source`, which is seen from jibe.yaml, or put manifests (`.yaml`, `.yml`, `.json`) into the folder
        "#);
}

#[test]
fn a_service_without_anything() {
    insta::assert_snapshot!(service("labels: { a: b }\n"), @r#"
        error[workspace/source]: `web` has nothing to render
         --> services/web/service.yaml:1:1
          |
        1 | labels: { a: b }
          | ^^^^^^^^^^^^^^^^
          |
          = help: add a line such as `source: charts/web`, or put manifests into `manifests/` beside service.yaml
        "#);
}

#[test]
fn values_for_plain_manifests() {
    insta::assert_snapshot!(source("k", &[("k/a.yaml", "kind: A\n"), ("services/web/values.yaml", "a: 1\n")]), @r#"
        error[workspace/stray-file]: `services/web/values.yaml` has no use: `web` renders plain manifests, which take no values
         --> services/web/service.yaml:1:9
          |
        1 | source: k
          |         ^ its source
          |
          = note: rendered for dev/shop/web, prod-eu/shop/web, prod/shop/web
          = help: delete the file, or let `source` name a chart
        "#);
}

#[test]
fn several_namespaces_and_none_chosen() {
    insta::assert_snapshot!(report_on(&with(SHOP, &[("jibe.yaml", "environments:\n  dev: { namespaces: [a, b] }\n")])), @r#"
        error[workspace/namespace]: `web` does not say in which namespaces it runs, and `dev` has several: `a`, `b`
         --> services/web/service.yaml:1:1
          |
        1 | source: charts/web
          | ^^^^^^^^^^^^^^^^^^
          |
          = help: add `namespaces: [a]`, or `namespaces: all`
        "#);
}

#[test]
fn several_namespaces_in_several_environments_are_told_once() {
    insta::assert_snapshot!(report_on(&with(SHOP, &[("jibe.yaml", "environments:\n  dev: { namespaces: [a, webs] }\n  prod: { namespaces: [a, webs] }\n")])), @r#"
        error[workspace/namespace]: `web` does not say in which namespaces it runs, and `dev` and 1 more have several: `a`, `webs`
         --> services/web/service.yaml:1:1
          |
        1 | source: charts/web
          | ^^^^^^^^^^^^^^^^^^
          |
          = help: add `namespaces: [webs]`, or `namespaces: all`
        "#);
}

#[test]
fn an_environment_with_none_of_the_namespaces() {
    insta::assert_snapshot!(report_on(&with(SHOP, &[("jibe.yaml", "environments:\n  dev: { namespaces: [a] }\n  prod: { namespaces: [b] }\n"), ("services/web/service.yaml", "source: charts/web\nenvironments: [dev, prod]\nnamespaces: [a]\n")])), @r#"
        error[workspace/namespace]: `web` runs in `prod`, which has none of its namespaces
         --> services/web/service.yaml:3:13
          |
        2 | environments: [dev, prod]
          |               ----------- its environments
        3 | namespaces: [a]
          |             ^^^ its namespaces
          |
          = help: the namespaces of `prod` are `b`
        "#);
}

#[test]
fn a_service_with_a_bad_name() {
    insta::assert_snapshot!(report_on(&with(SHOP, &[("services/Web_1/service.yaml", "source: charts/web\n")])), @r#"
        error[workspace/name]: the service's name `Web_1` cannot hold `W`
         |
         = help: a name has lower-case letters, digits and `-`, begins and ends with a letter or digit, and is at most 63 characters long
         = help: rename the folder `services/Web_1`
        "#);
}

#[test]
fn a_service_that_runs_nowhere() {
    insta::assert_snapshot!(report_on(&with(SHOP, &[("jibe.yaml", "environments:\n  base: { abstract: true, namespaces: [a] }\n  top: { extends: base, namespaces: [b] }\n"), ("services/web/service.yaml", "source: charts/web\nnamespaces: [a]\n")])), @r#"
        error[workspace/namespace]: `web` runs nowhere
         --> services/web/service.yaml:2:13
          |
        2 | namespaces: [a]
          |             ^^^ no environment that it runs in has one of these
          |
          = help: name an environment that has them as `environments` in service.yaml, or other namespaces
        "#);
}

#[test]
fn an_abstract_environment() {
    insta::assert_snapshot!(report_on(&with(SHOP, &[("jibe.yaml", "environments:\n  base: { abstract: true }\n  dev: { extends: base }\n"), ("services/web/service.yaml", "source: charts/web\nenvironments: [base, dev]\n")])), @r#"
        error[workspace/environment]: `web` runs in `base`, which is abstract
         --> services/web/service.yaml:2:16
          |
        2 | environments: [base, dev]
          |                ^^^^
          |
          = help: name one that extends it (`dev`), or remove `abstract: true` in jibe.yaml
        "#);
}
