//! A misplaced file is never passed over: every message about one.

use super::{SHOP, opened, report_on, with};

/// The report about one further file in the shop.
fn file(path: &str) -> String {
    report_on(&with(SHOP, &[(path, "a: 1\n")]))
}

#[test]
fn what_cannot_be_meant_as_values_is_left_alone() {
    let pairs = [
        ("environments/README.md", "x"),
        ("services/web/README.md", "x"),
        ("services/web/dev.yaml~", "x"),
        ("services/web/.swp.yaml", "x"),
        ("services/CODEOWNERS", "x"),
    ];
    assert_eq!(opened(&with(SHOP, &pairs)).targets().len(), 3);
}

#[test]
fn values_of_an_unknown_environment() {
    insta::assert_snapshot!(file("environments/prdo.yaml"), @r#"
        error[workspace/environment]: `environments/prdo.yaml` belongs to no environment: there is no `prdo`
         --> jibe.yaml:1:1
          |
        1 | environments:
          | ^^^^^^^^^^^^ these are the environments
          |
          = help: did you mean `prod`?
        "#);
}

#[test]
fn values_of_an_unknown_environment_without_a_near_name() {
    insta::assert_snapshot!(file("environments/quality.yaml"), @r#"
        error[workspace/environment]: `environments/quality.yaml` belongs to no environment: there is no `quality`
         --> jibe.yaml:1:1
          |
        1 | environments:
          | ^^^^^^^^^^^^ these are the environments
          |
          = help: the environments are `dev`, `prod`, `prod-eu`
        "#);
}

#[test]
fn a_folder_among_environments() {
    insta::assert_snapshot!(file("environments/dev/values.yaml"), @r#"
        error[workspace/stray-file]: `environments/dev` is a folder; an environment's values are one file
         |
         = help: put the values into `environments/dev.yaml`, and remove the folder
        "#);
}

#[test]
fn values_with_another_ending() {
    insta::assert_snapshot!(file("environments/dev.yml"), @r#"
        error[workspace/stray-file]: `environments/dev.yml` is not read: values files end in `.yaml`
         |
         = help: rename it to `environments/dev.yaml`
        "#);
}

#[test]
fn values_of_an_unknown_namespace() {
    insta::assert_snapshot!(file("namespaces/shp.yaml"), @r#"
        error[workspace/namespace]: `namespaces/shp.yaml` belongs to no namespace: there is no `shp`
         --> jibe.yaml:1:1
          |
        1 | environments:
          | ^^^^^^^^^^^^ these are the environments
          |
          = help: did you mean `shop`?
        "#);
}

#[test]
fn values_of_a_namespace_under_its_real_name() {
    insta::assert_snapshot!(file("namespaces/shop-dev.yaml"), @r#"
        error[workspace/namespace]: `namespaces/shop-dev.yaml` belongs to no namespace: there is no `shop-dev`
         --> jibe.yaml:1:1
          |
        1 | environments:
          | ^^^^^^^^^^^^ these are the environments
          |
          = help: `shop-dev` is the real name of `shop` in `dev`: write `shop`
        "#);
}

#[test]
fn values_of_a_namespace_in_an_unknown_environment() {
    insta::assert_snapshot!(file("namespaces/shop/prodd.yaml"), @r#"
        error[workspace/environment]: `namespaces/shop/prodd.yaml` belongs to no environment: there is no `prodd`
         --> jibe.yaml:1:1
          |
        1 | environments:
          | ^^^^^^^^^^^^ these are the environments
          |
          = help: did you mean `prod`?
        "#);
}

#[test]
fn a_folder_in_a_namespace() {
    insta::assert_snapshot!(file("namespaces/shop/dev/values.yaml"), @r#"
        error[workspace/stray-file]: `namespaces/shop/dev` is not read: a namespace's folder holds one values file for each environment
         |
         = help: move its values into `ENVIRONMENT.yaml` files beside it
        "#);
}

#[test]
fn values_of_a_service_in_an_unknown_environment() {
    insta::assert_snapshot!(file("services/web/prood.yaml"), @r#"
        error[workspace/stray-file]: `services/web/prood.yaml` is not read: there is no environment `prood`
         --> jibe.yaml:1:1
          |
        1 | environments:
          | ^^^^^^^^^^^^ these are the environments
          |
          = help: did you mean `prod.yaml`?
        "#);
}

#[test]
fn a_folder_of_a_service_that_is_not_read() {
    insta::assert_snapshot!(file("services/web/manifest/a.yaml"), @r#"
        error[workspace/stray-file]: `services/web/manifest` is not read: there is no environment `manifest`
         --> jibe.yaml:1:1
          |
        1 | environments:
          | ^^^^^^^^^^^^ these are the environments
          |
          = help: did you mean `manifests/`?
        "#);
}

#[test]
fn a_file_of_a_service_with_another_ending() {
    insta::assert_snapshot!(file("services/web/values.yml"), @r#"
        error[workspace/stray-file]: `services/web/values.yml` is not read: values files end in `.yaml`
         |
         = help: rename it to `services/web/values.yaml`
        "#);
}

#[test]
fn values_in_a_services_environment_folder() {
    insta::assert_snapshot!(file("services/web/dev/values.yaml"), @r#"
        error[workspace/stray-file]: `services/web/dev/values.yaml` is not read by jibe
         |
         = help: put values into `services/web/dev.yaml`, manifests into `services/web/dev/manifests/`, and patches into a `services/web/dev/kustomization.yaml`
        "#);
}

#[test]
fn a_service_without_a_folder() {
    insta::assert_snapshot!(file("services/api.yaml"), @r#"
        error[workspace/stray-file]: `services/api.yaml` is not read: a service is a folder
         |
         = help: move it to `services/api/service.yaml`
        "#);
}

#[test]
fn a_folder_without_service_yaml() {
    insta::assert_snapshot!(file("services/api/values.yaml"), @r#"
        error[workspace/stray-file]: `services/api` is no service: it has no `service.yaml`
         |
         = help: create `services/api/service.yaml` with a line such as `source: charts/web`, or move the folder out of `services/`
        "#);
}

#[test]
fn an_overlay_of_an_unknown_environment() {
    insta::assert_snapshot!(file("charts/web/overlays/dve/values.yaml"), @r#"
        error[workspace/environment]: `charts/web/overlays/dve` belongs to no environment: there is no `dve`
         --> jibe.yaml:1:1
          |
        1 | environments:
          | ^^^^^^^^^^^^ these are the environments
          |
          = note: rendered for dev/shop/web, prod-eu/shop/web, prod/shop/web
          = help: did you mean `dev`?
        "#);
}

/// The warnings of a workspace with one chart, one service and these.
fn warnings(more: &[(&str, &str)]) -> String {
    let workspace = opened(&with(SHOP, more));
    let told = workspace.warnings().iter().map(|d| format!("{d} ({})", d.hints.join("; ")));
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn parts_of_a_workspace_under_nearly_their_name() {
    assert_eq!(
        warnings(&[
            ("values.yml", ""),
            ("jibe.yml", ""),
            ("environment/prod.yaml", ""),
            ("Namespaces/shop.yaml", ""),
        ]),
        "warning[workspace/stray-file]: `Namespaces` is not read (did you mean `namespaces/`?)\n\
         warning[workspace/stray-file]: `environment` is not read (did you mean `environments/`?)\n\
         warning[workspace/stray-file]: `jibe.yml` is not read (did you mean `jibe.yaml`?)\n\
         warning[workspace/stray-file]: `values.yml` is not read (did you mean `values.yaml`?)"
    );
}

#[test]
fn what_else_stands_beside_jibe_yaml_is_the_users() {
    let more = [
        ("README.md", ""),
        (".github/workflows/a.yml", ""),
        ("src/main.rs", ""),
        ("service/main.go", ""),
        ("package.json", "{}"),
        ("rendered/dev/a.yaml", ""),
        ("values.yaml", ""),
        ("docs/values.md", ""),
    ];
    assert_eq!(warnings(&more), "");
}
