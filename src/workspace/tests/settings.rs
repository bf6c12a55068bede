//! Every message about jibe.yaml.

use super::{SHOP, report_on, with};

/// The report about this jibe.yaml.
fn jibe(text: &str) -> String {
    report_on(&with(SHOP, &[("jibe.yaml", text)]))
}

#[test]
fn an_unknown_field_of_jibe_yaml() {
    insta::assert_snapshot!(jibe("environments: { dev: }\nenviroment: x\n"), @r#"
        error[yaml/unknown-field]: unknown field `enviroment`
         --> jibe.yaml:2:1
          |
        2 | enviroment: x
          | ^^^^^^^^^^
          |
          = help: did you mean `environments`?
        "#);
}

#[test]
fn an_unknown_field_of_an_environment() {
    insta::assert_snapshot!(jibe("environments:\n  dev: { kubernets: \"1.35\" }\n"), @r#"
        error[yaml/unknown-field]: unknown field `kubernets` in `environments.dev`
         --> jibe.yaml:2:10
          |
        2 |   dev: { kubernets: "1.35" }
          |          ^^^^^^^^^
          |
          = help: did you mean `kubernetes`?
        "#);
}

#[test]
fn an_environment_of_the_wrong_type() {
    insta::assert_snapshot!(jibe("environments:\n  dev: [a]\n"), @r#"
        error[yaml/type]: `environments.dev` must be a map, but is a list
         --> jibe.yaml:2:8
          |
        2 |   dev: [a]
          |        ^^^
          |
          = help: `jibe schema jibe` prints what may stand in this file
        "#);
}

#[test]
fn a_version_without_quotes() {
    insta::assert_snapshot!(jibe("environments:\n  dev: { kubernetes: 1.30 }\n"), @r#"
        error[yaml/type]: `environments.dev.kubernetes`: YAML reads this as a number; put it in quotes
         --> jibe.yaml:2:22
          |
        2 |   dev: { kubernetes: 1.30 }
          |                      ^^^^
          |
          = help: `jibe schema jibe` prints what may stand in this file
        "#);
}

#[test]
fn a_version_in_a_list_without_quotes() {
    insta::assert_snapshot!(jibe("environments:\n  dev: { kubernetes: [\"1.34\", 1.35] }\n"), @r#"
        error[yaml/type]: `environments.dev.kubernetes[1]`: `1.35` is a number, not a string
         --> jibe.yaml:2:31
          |
        2 |   dev: { kubernetes: ["1.34", 1.35] }
          |                               ^^^^
          |
          = help: put it in quotes: `"1.35"`
        "#);
}

#[test]
fn a_version_that_is_not_known() {
    insta::assert_snapshot!(jibe("environments:\n  dev: { kubernetes: [\"1.34\", \"1.99\"] }\n"), @r#"
        error[workspace/kubernetes-version]: this jibe does not know Kubernetes `1.99`
         --> jibe.yaml:2:31
          |
        2 |   dev: { kubernetes: ["1.34", "1.99"] }
          |                               ^^^^^^
          |
          = help: the newest known version is `1.37`
        "#);
}

#[test]
fn a_text_that_is_no_version() {
    insta::assert_snapshot!(jibe("environments:\n  dev: { kubernetes: latest }\n"), @r#"
        error[workspace/kubernetes-version]: `latest` is not a Kubernetes version
         --> jibe.yaml:2:22
          |
        2 |   dev: { kubernetes: latest }
          |                      ^^^^^^
          |
          = help: write a version from `1.25` to `1.37`, in quotes: `"1.37"`
        "#);
}

#[test]
fn no_environments_at_all() {
    insta::assert_snapshot!(jibe("edition: 1\n"), @r#"
        error[yaml/missing-field]: the field `environments` is missing
         --> jibe.yaml:1:1
          |
        1 | edition: 1
          | ^^^^^^^^^^
          |
          = help: add `environments: …`
        "#);
}

#[test]
fn an_empty_list_of_environments() {
    insta::assert_snapshot!(jibe("environments: {}\n"), @r#"
        error[workspace/environment]: there is no environment
         --> jibe.yaml:1:15
          |
        1 | environments: {}
          |               ^^
          |
          = help: name at least one, such as `dev: {}`
        "#);
}

#[test]
fn an_empty_jibe_yaml() {
    insta::assert_snapshot!(jibe("# nothing yet\n"), @r#"
        error[settings/documents]: `jibe.yaml` says nothing
         --> jibe.yaml:1:1
          |
        1 | # nothing yet
          | ^
          |
          = help: `jibe schema jibe` prints what may stand in this file
        "#);
}

#[test]
fn a_second_document() {
    insta::assert_snapshot!(jibe("environments: { dev: }\n---\na: 1\n"), @r#"
        error[settings/documents]: `jibe.yaml` has more than one document
         --> jibe.yaml:3:1
          |
        3 | a: 1
          | ^^^^ the second document
          |
          = help: keep one document, without `---` behind it
        "#);
}

#[test]
fn a_newer_jibe_is_required_before_all_else() {
    insta::assert_snapshot!(jibe("requires: \">=9.0\"\nenvironments: { dev: }\nnewField: 1\n"), @r#"
        error[workspace/requires]: this workspace requires jibe `>=9.0`, but this is jibe 0.1.0
         --> jibe.yaml:1:11
          |
        1 | requires: ">=9.0"
          |           ^^^^^^^
          |
          = help: run a jibe of these versions, or change `requires` after comparing the output
        "#);
}

#[test]
fn a_range_that_is_none() {
    insta::assert_snapshot!(jibe("requires: newest\nenvironments: { dev: }\n"), @r#"
        error[workspace/requires]: `requires` is `newest`, which is no range of versions
         --> jibe.yaml:1:11
          |
        1 | requires: newest
          |           ^^^^^^
          |
          = help: write a range such as `">=0.1, <0.2"`
        "#);
}

#[test]
fn an_edition_that_is_not_known() {
    insta::assert_snapshot!(jibe("edition: 2\nenvironments: { dev: }\n"), @r#"
        error[workspace/requires]: this jibe knows edition 1, but not edition 2
         --> jibe.yaml:1:10
          |
        1 | edition: 2
          |          ^
          |
          = help: write `edition: 1`, or run a newer jibe
        "#);
}

#[test]
fn an_environment_with_a_bad_name() {
    insta::assert_snapshot!(jibe("environments: { Prod: }\n"), @r#"
        error[workspace/name]: the environment's name `Prod` cannot hold `P`
         --> jibe.yaml:1:17
          |
        1 | environments: { Prod: }
          |                 ^^^^
          |
          = help: a name has lower-case letters, digits and `-`, begins and ends with a letter or digit, and is at most 63 characters long
        "#);
}

#[test]
fn an_environment_whose_name_is_no_string() {
    insta::assert_snapshot!(jibe("environments: { no: }\n"), @r#"
        error[workspace/name]: the name `no` is no string: YAML reads it as `false`
         --> jibe.yaml:1:17
          |
        1 | environments: { no: }
          |                 ^^
          |
          = help: write it in quotes: `"no"`
        "#);
}

#[test]
fn an_environment_with_a_taken_name() {
    insta::assert_snapshot!(jibe("environments: { values: }\n"), @r#"
        error[workspace/name]: no environment can be called `values`
         --> jibe.yaml:1:17
          |
        1 | environments: { values: }
          |                 ^^^^^^
          |
          = help: choose another name: `values` stands for something else in a service's folder
        "#);
}

#[test]
fn an_abstract_environment_that_no_other_extends() {
    insta::assert_snapshot!(jibe("environments:\n  base: { abstract: true }\n  dev:\n"), @r#"
        error[workspace/environment]: the environment `base` is abstract, but no other one extends it
         --> jibe.yaml:2:21
          |
        2 |   base: { abstract: true }
          |                     ^^^^ nothing can run in it
          |
          = help: remove `abstract: true`, or write `extends: base` into another environment
        "#);
}

#[test]
fn an_environment_that_extends_nothing() {
    insta::assert_snapshot!(jibe("environments:\n  prod:\n  eu: { extends: prd }\n"), @r#"
        error[workspace/environment]: `eu` extends `prd`, which is no environment
         --> jibe.yaml:3:18
          |
        3 |   eu: { extends: prd }
          |                  ^^^
          |
          = help: did you mean `prod`?
        "#);
}

#[test]
fn environments_that_extend_each_other() {
    insta::assert_snapshot!(jibe("environments:\n  c: { extends: a }\n  a: { extends: b }\n  b: { extends: a }\n"), @r#"
        error[workspace/environment]: environments extend each other in a ring: `a` → `b` → `a`
         --> jibe.yaml:3:17
          |
        3 |   a: { extends: b }
          |                 ^
        4 |   b: { extends: a }
          |                 -
          |
          = help: remove `extends` from one of them
        "#);
}

#[test]
fn a_namespace_with_a_bad_name() {
    insta::assert_snapshot!(jibe("environments:\n  dev: { namespaces: { shop: Shop_Dev } }\n"), @r#"
        error[workspace/name]: the namespace's name `Shop_Dev` cannot hold `S`
         --> jibe.yaml:2:30
          |
        2 |   dev: { namespaces: { shop: Shop_Dev } }
          |                              ^^^^^^^^
          |
          = help: a name has lower-case letters, digits and `-`, begins and ends with a letter or digit, and is at most 63 characters long
        "#);
}

#[test]
fn a_namespace_twice() {
    insta::assert_snapshot!(jibe("environments:\n  dev: { namespaces: [a, a] }\n"), @r#"
        error[workspace/namespace]: the namespace `a` stands here twice
         --> jibe.yaml:2:26
          |
        2 |   dev: { namespaces: [a, a] }
          |                          ^
          |
          = help: remove one of the two
        "#);
}

#[test]
fn a_namespace_called_all() {
    insta::assert_snapshot!(jibe("environments:\n  dev: { namespaces: [all] }\n"), @r#"
        error[workspace/name]: no namespace can be called `all`
         --> jibe.yaml:2:23
          |
        2 |   dev: { namespaces: [all] }
          |                       ^^^
          |
          = help: give it another name before the `:`; `all` means every namespace in service.yaml
        "#);
}

#[test]
fn an_environment_with_an_empty_list_of_namespaces() {
    insta::assert_snapshot!(jibe("environments:\n  dev: { namespaces: [] }\n"), @r#"
        error[workspace/namespace]: the environment `dev` names no namespace
         --> jibe.yaml:2:22
          |
        2 |   dev: { namespaces: [] }
          |                      ^^
          |
          = help: name one, or leave `namespaces` out: then there is one, `default`, that manifests do not carry
        "#);
}

#[test]
fn a_level_that_is_none() {
    insta::assert_snapshot!(jibe("environments:\n  dev: { podSecurity: restrictd }\n"), @r#"
        error[yaml/type]: `environments.dev.podSecurity` must be one of `privileged`, `baseline` and `restricted`, but is `restrictd`
         --> jibe.yaml:2:23
          |
        2 |   dev: { podSecurity: restrictd }
          |                       ^^^^^^^^^
          |
          = help: did you mean `restricted`?
        "#);
}

#[test]
fn an_output_path_that_goes_up() {
    insta::assert_snapshot!(jibe("environments: { dev: }\noutput: { path: \"../{env}/{service}\" }\n"), @r#"
        error[workspace/output-path]: the output path `../{env}/{service}` leads out of the root folder
         --> jibe.yaml:2:17
          |
        2 | output: { path: "../{env}/{service}" }
          |                 ^^^^^^^^^^^^^^^^^^^^
          |
          = help: write a path as seen from jibe.yaml, such as `rendered/{env}/{namespace}/{service}`
        "#);
}

#[test]
fn an_output_path_among_what_is_read() {
    insta::assert_snapshot!(jibe("environments: { dev: }\noutput: { path: \"services/{service}/{env}\" }\n"), @r#"
        error[workspace/output-path]: the output path `services/{service}/{env}` lies in `services`, among what jibe reads
         --> jibe.yaml:2:17
          |
        2 | output: { path: "services/{service}/{env}" }
          |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: write a path as seen from jibe.yaml, such as `rendered/{env}/{namespace}/{service}`
        "#);
}

#[test]
fn an_output_path_with_an_unknown_placeholder() {
    insta::assert_snapshot!(jibe("environments: { dev: }\noutput: { path: \"out/{environment}\" }\n"), @r#"
        error[workspace/output-path]: `out/{environment}` has the unknown placeholder `{environment}`
         --> jibe.yaml:2:17
          |
        2 | output: { path: "out/{environment}" }
          |                 ^^^^^^^^^^^^^^^^^^^
          |
          = help: did you mean `{env}`?
        "#);
}

#[test]
fn an_output_path_with_a_single_brace() {
    insta::assert_snapshot!(jibe("environments: { dev: }\noutput: { path: \"out/{env\" }\n"), @r#"
        error[workspace/output-path]: `out/{env` has a brace without its partner
         --> jibe.yaml:2:17
          |
        2 | output: { path: "out/{env" }
          |                 ^^^^^^^^^^
          |
          = help: write `{env}`, `{namespace}` or `{service}`
        "#);
}

#[test]
fn an_absolute_output_path() {
    insta::assert_snapshot!(jibe("environments: { dev: }\noutput: { path: \"/\" }\n"), @r#"
        error[workspace/output-path]: the output path `/` is an absolute path; it must be relative
         --> jibe.yaml:2:17
          |
        2 | output: { path: "/" }
          |                 ^^^
          |
          = help: write a path as seen from jibe.yaml, such as `rendered/{env}/{namespace}/{service}`
        "#);
}

#[test]
fn an_output_path_that_is_the_workspace() {
    insta::assert_snapshot!(jibe("environments: { dev: }\noutput: { path: \"./\" }\n"), @r#"
        error[workspace/output-path]: the output path `./` is the workspace itself
         --> jibe.yaml:2:17
          |
        2 | output: { path: "./" }
          |                 ^^^^
          |
          = help: write a path as seen from jibe.yaml, such as `rendered/{env}/{namespace}/{service}`
        "#);
}

#[test]
fn an_output_path_without_a_placeholder() {
    insta::assert_snapshot!(jibe("environments: { dev: }\noutput: { path: rendered }\n"), @r#"
        error[workspace/output-path]: the output path `rendered` is one folder for all targets
         --> jibe.yaml:2:17
          |
        2 | output: { path: rendered }
          |                 ^^^^^^^^
          |
          = help: write a path as seen from jibe.yaml, such as `rendered/{env}/{namespace}/{service}`
        "#);
}

#[test]
fn an_output_path_that_two_targets_share() {
    insta::assert_snapshot!(jibe("environments: { dev: , prod: }\noutput: { path: \"out/{service}\" }\n"), @r#"
        error[workspace/output-path]: `dev/default/web` and `prod/default/web` would both be written into `out/web`
         --> jibe.yaml:2:17
          |
        2 | output: { path: "out/{service}" }
          |                 ^^^^^^^^^^^^^^^
          |
          = help: write `{env}`, `{namespace}` and `{service}` into the path
        "#);
}

#[test]
fn a_severity_for_an_unknown_code() {
    insta::assert_snapshot!(jibe("environments: { dev: }\nchecks: { severity: { checks/*: off } }\n"), @r#"
        error[workspace/severity]: there is no code `checks/*`
         --> jibe.yaml:2:23
          |
        2 | checks: { severity: { checks/*: off } }
          |                       ^^^^^^^^
          |
          = help: did you mean `check/*`?
        "#);
}

#[test]
fn a_severity_that_cannot_be_changed() {
    insta::assert_snapshot!(jibe("environments:\n  dev: { checks: { severity: { yaml/syntax: warning } } }\n"), @r#"
        error[workspace/severity]: the severity of `yaml/syntax` cannot be changed: it leaves nothing to write
         --> jibe.yaml:2:32
          |
        2 |   dev: { checks: { severity: { yaml/syntax: warning } } }
          |                                ^^^^^^^^^^^
          |
          = help: only codes that begin with `check/` or `api/` have a severity, besides `values/untagged`, `values/unknown-key`, `values/unused`
        "#);
}

#[test]
fn a_weight_that_is_none() {
    insta::assert_snapshot!(jibe("environments: { dev: }\nchecks: { severity: { check/*: warn } }\n"), @r#"
        error[yaml/type]: `checks.severity["check/*"]` must be one of `error`, `warning` and `off`, but is `warn`
         --> jibe.yaml:2:32
          |
        2 | checks: { severity: { check/*: warn } }
          |                                ^^^^
          |
          = help: did you mean `warning`?
        "#);
}

#[test]
fn an_output_path_without_a_folder_of_its_own() {
    insta::assert_snapshot!(jibe("environments: { dev: }\noutput: { path: \"{env}/{service}\" }\n"), @r#"
        error[workspace/output-path]: the output path `{env}/{service}` has no folder of its own for all that is written
         --> jibe.yaml:2:17
          |
        2 | output: { path: "{env}/{service}" }
          |                 ^^^^^^^^^^^^^^^^^
          |
          = help: write a path as seen from jibe.yaml, such as `rendered/{env}/{namespace}/{service}`
        "#);
}
