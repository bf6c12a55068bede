//! Every message about a chart or a folder without a workspace.

use super::{SHOP, alone, report_on, with};
use crate::workspace::Alone;

fn by_itself(folder: &str, files: &[(&str, &str)], options: &Alone) -> String {
    alone(&with(SHOP, files), folder, options)
}

fn environment(name: &str) -> Alone {
    Alone { environment: Some(name.to_owned()), ..Alone::default() }
}

#[test]
fn a_chart_by_itself_without_the_overlay() {
    insta::assert_snapshot!(by_itself("charts/web", &[("charts/web/overlays/prod/values.yaml", "")], &environment("prd")), @r#"
        error[workspace/selection]: the chart `web` has no overlay `prd`
         |
         = help: did you mean `prod`?
         = help: without a workspace, `-e prd` needs the folder `charts/web/overlays/prd`
        "#);
}

#[test]
fn a_chart_by_itself_without_overlays() {
    insta::assert_snapshot!(by_itself("charts/web", &[], &environment("prod")), @r#"
        error[workspace/selection]: the chart `web` has no overlay `prod`
         |
         = help: without a workspace, `-e prod` needs the folder `charts/web/overlays/prod`
        "#);
}

#[test]
fn a_library_by_itself() {
    insta::assert_snapshot!(by_itself("lib", &[("lib/chart.yaml", "name: lib\nversion: 1.0.0\ntype: library\n")], &Alone::default()), @r#"
        error[workspace/source]: `lib` is a library, which renders nothing
         --> lib/chart.yaml:1:7
          |
        1 | name: lib
          |       ^^^ this chart has `type: library`
          |
          = help: name an application chart that uses it, or set `type: application`
        "#);
}

#[test]
fn a_helm_chart_by_itself() {
    insta::assert_snapshot!(by_itself("old", &[("old/Chart.yaml", "")], &Alone::default()), @r#"
        error[chart/helm-chart]: `old` is a chart for Helm: it has `Chart.yaml`, with a capital C
         |
         = help: jibe reads `chart.yaml` and Jinja templates: docs/from-helm.md shows how to bring the chart over, step by step
        "#);
}

#[test]
fn a_kustomization_by_itself_has_no_environments() {
    let alone = Alone { environment: Some("prod".to_owned()), ..Alone::default() };
    insta::assert_snapshot!(by_itself("k", &[("k/kustomization.yaml", "")], &alone), @r#"
        error[workspace/selection]: a kustomization has no environments, so there is no `prod`
         |
         = help: leave `-e` out, or make a workspace around it with `jibe init --from-kustomize`
        "#);
}

#[test]
fn an_empty_folder_by_itself() {
    insta::assert_snapshot!(by_itself("k", &[("k/README.md", "")], &Alone::default()), @r#"
        error[workspace/source]: `k` has neither a `chart.yaml` nor any manifest in it
         |
         = help: name a workspace, a chart or a folder with manifests in it
        "#);
}

#[test]
fn nothing_by_itself() {
    insta::assert_snapshot!(by_itself("nowhere", &[], &Alone::default()), @r#"
        error[source/missing]: `nowhere` is not there
         |
         = help: name a workspace, a chart or a folder of manifests
        "#);
}

#[test]
fn manifests_by_themselves_have_no_environment() {
    insta::assert_snapshot!(by_itself("k", &[("k/a.yaml", "kind: A\n")], &environment("prod")), @r#"
        error[workspace/selection]: plain manifests have no environments, so there is no `prod`
         |
         = help: leave `-e` out, or make a workspace around them with `jibe init`
        "#);
}

#[test]
fn a_namespace_that_is_no_name() {
    insta::assert_snapshot!(by_itself("charts/web", &[], &Alone { namespace: Some("A/b".to_owned()), ..Alone::default() }), @r#"
        error[workspace/name]: the namespace's name `A/b` cannot hold `A`
         |
         = help: a name has lower-case letters, digits and `-`, begins and ends with a letter or digit, and is at most 63 characters long
        "#);
}

#[test]
fn files_without_jibe_yaml() {
    insta::assert_snapshot!(report_on(&[("a.yaml", "")]), @r#"
        error[workspace/missing]: `jibe.yaml` is not there
         |
         = help: `jibe init` makes a workspace
        "#);
}
