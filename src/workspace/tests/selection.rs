//! What a selection finds, and every message about one that finds nothing.

use super::{SHOP, opened, selected, shown, with};
use crate::workspace::Selection;

const MORE: &[(&str, &str)] = &[
    (
        "jibe.yaml",
        "environments:\n  dev: { namespaces: { shop: shop-dev, tools: tools } }\n  prod: { namespaces: [shop] }\n  prod-eu: { extends: prod }\n",
    ),
    (
        "services/web/service.yaml",
        "source: charts/web\nnamespaces: [shop]\nlabels: { team: front }\n",
    ),
    ("services/cron/service.yaml", "source: charts/web\nenvironments: [dev]\nnamespaces: all\n"),
];

/// What is chosen by services, environments, namespaces and labels.
fn by(services: &[&str], environments: &[&str], namespaces: &[&str], labels: &[&str]) -> String {
    let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    let selection = Selection {
        services: owned(services),
        environments: owned(environments),
        namespaces: owned(namespaces),
        labels: owned(labels),
    };
    selected(&opened(&with(SHOP, MORE)), &selection)
}

fn target(path: &str) -> String {
    match opened(&with(SHOP, MORE)).target(path) {
        Ok(target) => target.to_string(),
        Err(failure) => shown(&failure),
    }
}

#[test]
fn nothing_named_means_everything() {
    let all = "dev/shop/cron dev/shop/web dev/tools/cron prod/shop/web prod-eu/shop/web";
    assert_eq!(by(&[], &[], &[], &[]), all);
    assert!(Selection::default().is_all());
}

#[test]
fn names_narrow_and_order_stays() {
    assert_eq!(by(&["web", "cron"], &["dev"], &["shop"], &[]), "dev/shop/cron dev/shop/web");
    assert_eq!(by(&["web"], &["prod-eu", "dev"], &[], &[]), "dev/shop/web prod-eu/shop/web");
    assert_eq!(by(&[], &[], &["tools"], &[]), "dev/tools/cron");
}

#[test]
fn labels_narrow_as_kubectl_does() {
    assert_eq!(by(&[], &["dev"], &[], &["team=front"]), "dev/shop/web");
    assert_eq!(by(&[], &["dev"], &[], &["team==front"]), "dev/shop/web");
    assert_eq!(by(&[], &["dev"], &[], &["team"]), "dev/shop/web");
    assert_eq!(by(&[], &["dev"], &[], &["!team"]), "dev/shop/cron dev/tools/cron");
    assert_eq!(by(&[], &["dev"], &[], &["team!=front"]), "dev/shop/cron dev/tools/cron");
    assert_eq!(
        by(&[], &[], &[], &["team,team!=back"]),
        "dev/shop/web prod/shop/web prod-eu/shop/web"
    );
}

#[test]
fn a_target_is_found_by_its_path() {
    assert_eq!(target("dev/tools/cron"), "dev/tools/cron");
}

#[test]
fn a_workspace_without_services() {
    let workspace = opened(&[("jibe.yaml", "environments: { dev: }\n")]);
    insta::assert_snapshot!(selected(&workspace, &Selection::default()), @r#"
        error[workspace/selection]: there is nothing to render
         |
         = help: `jibe new service NAME` makes a service; `jibe list` shows what runs where
        "#);
}

#[test]
fn an_unknown_service() {
    insta::assert_snapshot!(by(&["wbe"], &[], &[], &[]), @r#"
        error[workspace/selection]: there is no service `wbe`
         |
         = help: did you mean `web`?
        "#);
}

#[test]
fn an_environment_in_place_of_a_service() {
    insta::assert_snapshot!(by(&["prod"], &[], &[], &[]), @r#"
        error[workspace/selection]: there is no service `prod`
         |
         = help: `prod` is an environment: write `-e prod`
        "#);
}

#[test]
fn an_unknown_environment() {
    insta::assert_snapshot!(by(&[], &["prd"], &[], &[]), @r#"
        error[workspace/selection]: there is no environment `prd`
         |
         = help: did you mean `prod`?
        "#);
}

#[test]
fn an_unknown_namespace() {
    insta::assert_snapshot!(by(&[], &[], &["store"], &[]), @r#"
        error[workspace/selection]: there is no namespace `store`
         |
         = help: the namespaces are `shop`, `tools`
        "#);
}

#[test]
fn a_namespace_by_its_real_name() {
    insta::assert_snapshot!(by(&[], &[], &["shop-dev"], &[]), @r#"
        error[workspace/selection]: there is no namespace `shop-dev`
         |
         = help: `shop-dev` is the real name of `shop` in `dev`: write `shop`
        "#);
}

#[test]
fn several_unknown_names() {
    insta::assert_snapshot!(by(&["x1", "y1"], &["z1"], &[], &[]), @r#"
        error[workspace/selection]: there is no environment `z1`
         |
         = help: the environments are `dev`, `prod`, `prod-eu`

        error[workspace/selection]: there is no service `x1`
         |
         = help: the services are `cron`, `web`

        error[workspace/selection]: there is no service `y1`
         |
         = help: the services are `cron`, `web`
        "#);
}

#[test]
fn a_service_that_does_not_run_in_an_environment() {
    insta::assert_snapshot!(by(&["cron"], &["prod-eu"], &[], &[]), @r#"
        error[workspace/selection]: `cron` does not run in the environment `prod-eu`
         --> services/cron/service.yaml:2:15
          |
        2 | environments: [dev]
          |               ^^^^^ it runs in `dev`
          |
          = help: add it to `environments` in service.yaml, or choose another
        "#);
}

#[test]
fn an_abstract_environment() {
    let jibe = "environments:\n  base: { abstract: true }\n  dev: { extends: base }\n";
    let workspace = opened(&with(SHOP, &[("jibe.yaml", jibe)]));
    let selection = Selection { environments: vec!["base".to_owned()], ..Selection::default() };
    insta::assert_snapshot!(selected(&workspace, &selection), @r#"
        error[workspace/selection]: the environment `base` is abstract: nothing runs in it
         --> jibe.yaml:1:1
          |
        1 | environments:
          | ^^^^^^^^^^^^ these are the environments
          |
          = help: name one that extends it (`dev`), or remove `abstract: true` in jibe.yaml
        "#);
}

#[test]
fn a_service_that_does_not_run_in_a_namespace() {
    insta::assert_snapshot!(by(&["web"], &["prod-eu"], &["tools"], &[]), @r#"
        error[workspace/selection]: `web` does not run in the namespace `tools`
         --> services/web/service.yaml:2:13
          |
        2 | namespaces: [shop]
          |             ^^^^^^ it runs in `shop`
          |
          = help: add it to `namespaces` in service.yaml, or choose another
        "#);
}

#[test]
fn an_environment_where_nothing_chosen_runs() {
    let service = ("services/web/service.yaml", "source: charts/web\nenvironments: [dev]\n");
    let workspace = opened(&with(SHOP, &[service]));
    let selection = Selection { environments: vec!["prod".to_owned()], ..Selection::default() };
    insta::assert_snapshot!(selected(&workspace, &selection), @r#"
        error[workspace/selection]: nothing of what is chosen runs in the environment `prod`
         |
         = help: `jibe list` shows what runs where
        "#);
}

#[test]
fn a_label_that_no_service_has() {
    insta::assert_snapshot!(by(&[], &[], &[], &["tema=front"]), @r#"
        error[workspace/selection]: no service has a label as `tema=front` asks for
         |
         = help: did you mean `team`?
        "#);
}

#[test]
fn a_label_with_another_value() {
    insta::assert_snapshot!(by(&[], &[], &[], &["team=fornt"]), @r#"
        error[workspace/selection]: no service has a label as `team=fornt` asks for
         |
         = help: did you mean `team=front`?
        "#);
}

#[test]
fn a_service_without_the_label() {
    insta::assert_snapshot!(by(&["cron"], &[], &[], &["team=front"]), @r#"
        error[workspace/selection]: `cron` does not have the labels that `-l` asks for
         --> services/cron/service.yaml:1:1
          |
        1 | source: charts/web
          | ^^^^^^^^^^^^^^^^^^ it has no labels
          |
          = help: leave `-l` out, or add the label to service.yaml
        "#);
}

#[test]
fn a_rule_on_labels_that_is_none() {
    insta::assert_snapshot!(by(&[], &[], &[], &["=x"]), @r#"
        error[workspace/selection]: `=x` is no rule on labels
         |
         = help: write `key=value`, `key!=value`, `key` or `!key`
        "#);
}

#[test]
fn a_target_path_that_is_none() {
    insta::assert_snapshot!(target("prod/web"), @r#"
        error[workspace/selection]: `prod/web` is no target
         |
         = help: write `environment/namespace/service`; `jibe list` shows all
        "#);
}

#[test]
fn a_target_path_with_an_unknown_part() {
    insta::assert_snapshot!(target("prod-eu/shop/wbe"), @r#"
        error[workspace/selection]: there is no service `wbe`
         |
         = help: did you mean `web`?
        "#);
}
