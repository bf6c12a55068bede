//! Charts in memory: what is read, and every message about what is not.

use super::{Chart, ChartKind};
use crate::diag::{Paint, Sink, report};
use crate::source::{Files, RelPath};
use std::sync::Arc;

/// A chart with a library.
const WEB: &[(&str, &str)] = &[
    ("web/chart.yaml", "name: web\nversion: 1.2.0\ndependencies:\n  - path: ../base\n"),
    ("web/values.yaml", "replicas: 1\n"),
    ("web/templates/deployment.yaml", "kind: Deployment\n"),
    ("base/chart.yaml", "name: base\nversion: 0.1.0\ntype: library\n"),
    ("base/templates/_labels.yaml", ""),
];

fn load(more: &[(&str, &str)]) -> Result<Arc<Chart>, String> {
    let files = Files::memory(WEB.iter().chain(more).copied()).expect("paths below the root");
    let mut sink = Sink::new(&files);
    let folder = RelPath::parse("web").expect("a path");
    let chart = Chart::load(&files, &folder, &mut sink);
    match sink.finish() {
        Ok(_) => Ok(chart.expect("an error leaves a failure behind")),
        Err(failure) => Err(report(failure.diagnostics(), Paint::Plain)),
    }
}

/// The report about the chart with these files over it.
fn check(more: &[(&str, &str)]) -> String {
    load(more).expect_err("something is wrong")
}

/// The report about this chart.yaml.
fn metadata(text: &str) -> String {
    check(&[("web/chart.yaml", text)])
}

/// The report about one further file.
fn file(path: &str) -> String {
    check(&[(path, "")])
}

fn loaded(more: &[(&str, &str)]) -> Arc<Chart> {
    load(more).unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn a_chart_is_its_metadata_values_templates_and_libraries() {
    let chart = loaded(&[]);
    assert_eq!((chart.name.as_str(), chart.version.as_str()), ("web", "1.2.0"));
    assert_eq!(chart.kind, ChartKind::Application);
    assert_eq!(
        chart.defaults.root().and_then(|root| root.get("replicas")).map(|n| n.kind()),
        Some("an integer")
    );
    let library = &chart.libraries[0];
    assert_eq!((library.name.as_str(), library.chart.kind), ("base", ChartKind::Library));
    assert_eq!(library.chart.templates[0].name, "_labels.yaml");
}

#[test]
fn a_chart_without_values_has_empty_defaults() {
    let chart = loaded(&[]);
    assert!(chart.libraries[0].chart.defaults.root().is_none());
}

#[test]
fn templates_and_texts_are_named_by_their_path() {
    let chart = loaded(&[
        ("web/templates/rbac/role.yml", ""),
        ("web/templates/_names.j2", ""),
        ("web/files/conf/nginx.conf.j2", ""),
        ("web/files/logo.txt", ""),
    ]);
    let templates: Vec<_> = chart.templates.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(templates, ["_names.j2", "deployment.yaml", "rbac/role.yml"]);
    let texts: Vec<_> = chart.texts.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(texts, ["conf/nginx.conf.j2", "logo.txt"]);
}

#[test]
fn what_editors_and_merges_leave_behind_is_passed_over() {
    let names = ["a.yaml~", "#a.yaml#", ".#a.yaml", "a.yaml.orig", "a.yaml.bak", ".hidden"];
    let paths: Vec<_> = names.iter().map(|name| format!("web/templates/{name}")).collect();
    let files: Vec<_> = paths.iter().map(|path| (path.as_str(), "")).collect();
    assert_eq!(loaded(&files).templates.len(), 1);
}

#[test]
fn a_schema_tells_which_values_a_chart_knows() {
    let schema = r#"{"properties": {"image": {}}}"#;
    let chart = loaded(&[("web/values.schema.json", schema)]);
    assert!(chart.known.contains("image") && !chart.known.contains("other"));
    assert!(chart.schema.is_some());
}

#[test]
fn an_overlay_is_found_by_its_environment() {
    let chart = loaded(&[("web/overlays/prod/values.yaml", "")]);
    let overlay = chart.overlay("prod").expect("an overlay");
    assert_eq!(overlay.values.as_ref().map(RelPath::as_str), Some("web/overlays/prod/values.yaml"));
    assert!(chart.overlay("dev").is_none());
}

#[test]
fn a_dependency_may_have_another_name_and_libraries_of_its_own() {
    let chart = loaded(&[
        (
            "web/chart.yaml",
            "name: web\nversion: 1.0.0\ndependencies:\n  - { path: ../base, name: b }\n  - path: ../more\n",
        ),
        (
            "more/chart.yaml",
            "name: more\nversion: 1.0.0\ntype: library\ndependencies: [{ path: ../base }]\n",
        ),
    ]);
    let names: Vec<_> = chart.libraries.iter().map(|library| library.name.as_str()).collect();
    assert_eq!(names, ["b", "more"]);
    let again = &chart.libraries[1].chart.libraries[0].chart;
    assert!(Arc::ptr_eq(&chart.libraries[0].chart, again), "a library is loaded once");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let report = check(&[
        ("web/values.yaml", "- a\n"),
        ("web/values.schema.json", "{"),
        ("web/templates/NOTES.txt", ""),
        ("web/template/x.yaml", ""),
    ]);
    assert_eq!(report.matches("error[").count(), 4, "{report}");
}

#[test]
fn a_ring_is_told_the_same_from_wherever_it_is_entered() {
    let ring = |from: &str| {
        let files = Files::memory([
            (
                "a/chart.yaml",
                "name: a\nversion: 1.0.0\ntype: library\ndependencies: [{ path: ../b }]\n",
            ),
            (
                "b/chart.yaml",
                "name: b\nversion: 1.0.0\ntype: library\ndependencies: [{ path: ../a }]\n",
            ),
        ]);
        let files = files.expect("paths below the root");
        let mut sink = Sink::new(&files);
        let folder = RelPath::parse(from).expect("a path");
        assert!(Chart::load(&files, &folder, &mut sink).is_err());
        sink.finish().expect_err("an error").to_string()
    };
    assert_eq!(ring("a"), ring("b"));
}

#[test]
fn charts_may_stand_sixteen_deep() {
    let chart = |at: usize| {
        let next = format!("dependencies: [{{ path: ../c{} }}]\n", at + 1);
        let dependency = if at < 20 { next } else { String::new() };
        let text = format!("name: c{at}\nversion: 1.0.0\ntype: library\n{dependency}");
        (format!("c{at}/chart.yaml"), text)
    };
    let files = Files::memory((0..=20).map(chart)).expect("paths below the root");
    let load = |folder: &str| {
        let mut sink = Sink::new(&files);
        let folder = RelPath::parse(folder).expect("a path");
        Chart::load(&files, &folder, &mut sink)
            .map(drop)
            .map_err(|_| sink.finish().expect_err("an error").diagnostics()[0].message.clone())
    };
    assert_eq!(load("c4"), Ok(()));
    assert_eq!(load("c3"), Err("charts stand on each other more than 16 deep".to_owned()));
}

#[test]
fn an_unknown_field_of_chart_yaml() {
    insta::assert_snapshot!(metadata("name: web\nversion: 1.0.0\ndescripton: x\n"), @r#"
        error[yaml/unknown-field]: unknown field `descripton`
         --> web/chart.yaml:3:1
          |
        3 | descripton: x
          | ^^^^^^^^^^
          |
          = help: did you mean `description`?
        "#);
}

#[test]
fn a_version_that_is_a_number() {
    insta::assert_snapshot!(metadata("name: web\nversion: 1.0\n"), @r#"
        error[yaml/type]: `version`: `1.0` is a number, not a string
         --> web/chart.yaml:2:10
          |
        2 | version: 1.0
          |          ^^^
          |
          = help: put it in quotes: `"1.0"`
        "#);
}

#[test]
fn a_version_that_is_not_semantic() {
    insta::assert_snapshot!(metadata("name: web\nversion: \"1.0\"\n"), @r#"
        error[chart/version]: the chart's version `1.0` is not a semantic version
         --> web/chart.yaml:2:10
          |
        2 | version: "1.0"
          |          ^^^^^
          |
          = help: write three numbers without a `v`, such as `1.4.0` or `1.4.0-rc.1`; see semver.org
        "#);
}

#[test]
fn a_missing_version() {
    insta::assert_snapshot!(metadata("name: web\n"), @r#"
        error[yaml/missing-field]: the field `version` is missing
         --> web/chart.yaml:1:1
          |
        1 | name: web
          | ^^^^^^^^^
          |
          = help: add `version: …`
        "#);
}

#[test]
fn a_name_that_no_chart_can_have() {
    insta::assert_snapshot!(metadata("name: ../web\nversion: 1.0.0\n"), @r#"
        error[chart/name]: the chart's name `../web` cannot hold `.`
         --> web/chart.yaml:1:7
          |
        1 | name: ../web
          |       ^^^^^^
          |
          = help: a name has lower-case letters, digits and `-`, begins and ends with a letter or digit, and is at most 63 characters long
        "#);
}

#[test]
fn a_type_that_is_none() {
    insta::assert_snapshot!(metadata("name: web\nversion: 1.0.0\ntype: libary\n"), @r#"
        error[yaml/type]: `type` must be one of `application` and `library`, but is `libary`
         --> web/chart.yaml:3:7
          |
        3 | type: libary
          |       ^^^^^^
          |
          = help: did you mean `library`?
        "#);
}

#[test]
fn a_dependency_that_is_not_there() {
    insta::assert_snapshot!(metadata("name: web\nversion: 1.0.0\ndependencies:\n  - path: ../bse\n"), @r#"
        error[chart/missing]: there is no chart folder `bse`
         --> web/chart.yaml:4:11
          |
        4 |   - path: ../bse
          |           ^^^^^^ named here
          |
          = help: correct the path, or create the chart: `jibe new chart NAME`
        "#);
}

#[test]
fn a_dependency_outside_of_the_root() {
    insta::assert_snapshot!(metadata("name: web\nversion: 1.0.0\ndependencies:\n  - path: ../../base\n"), @r#"
        error[chart/dependency]: the path `../../base` of a dependency leads out of the root folder
         --> web/chart.yaml:4:11
          |
        4 |   - path: ../../base
          |           ^^^^^^^^^^
          |
          = help: write the folder as seen from this chart, such as `../base`
        "#);
}

#[test]
fn a_dependency_with_a_bad_name() {
    insta::assert_snapshot!(metadata("name: web\nversion: 1.0.0\ndependencies:\n  - { path: ../base, name: A }\n"), @r#"
        error[chart/name]: the name `A` of a dependency cannot hold `A`
         --> web/chart.yaml:4:28
          |
        4 |   - { path: ../base, name: A }
          |                            ^
          |
          = help: a name has lower-case letters, digits and `-`, begins and ends with a letter or digit, and is at most 63 characters long
        "#);
}

#[test]
fn two_dependencies_of_one_name() {
    insta::assert_snapshot!(metadata("name: web\nversion: 1.0.0\ndependencies:\n  - path: ../base\n  - path: ../base\n"), @r#"
        error[chart/dependency]: two dependencies are called `base`
         --> web/chart.yaml:5:5
          |
        5 |   - path: ../base
          |     ^^^^^^^^^^^^^
          |
          = help: give one of them another name with `name`, or remove it
        "#);
}

#[test]
fn a_dependency_on_itself() {
    insta::assert_snapshot!(metadata("name: web\nversion: 1.0.0\ndependencies:\n  - path: .\n"), @r#"
        error[chart/dependency-ring]: charts depend on each other in a ring: `web` → `web`
         --> web/chart.yaml:4:11
          |
        4 |   - path: .
          |           ^ the ring goes on here
          |
          = help: move what they share into a chart of its own, and remove one of these lines
        "#);
}

#[test]
fn a_condition_that_is_no_path() {
    insta::assert_snapshot!(metadata("name: web\nversion: 1.0.0\ndependencies:\n  - { path: ../base, when: true }\n  - { path: ../base, when: off }\n  - { path: ../base, when: [a] }\n"), @r#"
        error[chart/dependency]: `when` names a value of this chart, but is `true`, a boolean
         --> web/chart.yaml:4:28
          |
        4 |   - { path: ../base, when: true }
          |                            ^^^^
          |
          = help: remove the line: without `when` it is always rendered; or write the path of one that is `true` or `false`, such as `when: cache.enabled`

        error[chart/dependency]: `when` names a value of this chart, but is `off`, a boolean
         --> web/chart.yaml:5:28
          |
        5 |   - { path: ../base, when: off }
          |                            ^^^
          |
          = help: remove the dependency; or write the path of one that is `true` or `false`, such as `when: cache.enabled`

        error[chart/dependency]: `when` names a value of this chart, but is a list
         --> web/chart.yaml:6:28
          |
        6 |   - { path: ../base, when: [a] }
          |                            ^^^
          |
          = help: write the path of one that is `true` or `false`, such as `when: cache.enabled`
        "#);
}

#[test]
fn a_hole_where_nothing_may_refer_to_values() {
    insta::assert_snapshot!(metadata("name: {{ x }}\nversion: 1.0.0\n"), @r#"
        error[yaml/key]: a map cannot be a key
         --> web/chart.yaml:1:8
          |
        1 | name: {{ x }}
          |        ^^^^^
          |
          = help: write the text itself: chart.yaml is no template, and only the `values` of a dependency may refer to values, by `!tpl "{{ … }}"`
        "#);
}

#[test]
fn an_application_is_a_part_of_the_chart_that_names_it() {
    let chart = loaded(&[
        (
            "web/chart.yaml",
            "name: web\nversion: 1.0.0\ndependencies:\n  - { path: ../db, as: main, when: db.own, values: { a: !tpl \"{{ 1 }}\" } }\n  - path: ../db\n  - path: ../base\n",
        ),
        ("db/chart.yaml", "name: db\nversion: 1.0.0\n"),
    ]);
    let names: Vec<_> = chart.dependencies.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((names, chart.libraries.len(), chart.parts), (vec!["main", "db"], 1, 3));
    let main = &chart.dependencies[0];
    assert_eq!(main.when.as_ref().map(|when| when.path.join("/")).as_deref(), Some("db/own"));
    let passed = main.values.as_ref().and_then(|values| values.get("a")?.as_scalar());
    assert_eq!(passed.and_then(|scalar| scalar.tag.as_deref()), Some("!tpl"));
    assert!(chart.dependencies[1].when.is_none() && chart.dependencies[1].values.is_none());
}

#[test]
fn more_charts_than_a_target_may_have() {
    let twice = |at: usize| {
        let path = format!("c{at}");
        let next = at + 1;
        let uses = format!(
            "dependencies:\n  - {{ path: ../c{next}, as: a }}\n  - {{ path: ../c{next}, as: b }}\n"
        );
        let uses = if at < 8 { uses } else { String::new() };
        (format!("{path}/chart.yaml"), format!("name: c{at}\nversion: 1.0.0\n{uses}"))
    };
    let files = Files::memory((0..=8).map(twice)).expect("paths below the root");
    let load = |folder: &str| {
        let mut sink = Sink::new(&files);
        let folder = RelPath::parse(folder).expect("a path");
        Chart::load(&files, &folder, &mut sink)
            .map(|chart| chart.parts)
            .map_err(|_| sink.finish().expect_err("an error").diagnostics()[0].message.clone())
    };
    assert_eq!(load("c1"), Ok(255));
    let told = "with this dependency, more than 256 charts would be rendered for `c0`";
    assert_eq!(load("c0"), Err(told.to_owned()));
}

#[test]
fn a_dependency_that_is_a_helm_chart() {
    insta::assert_snapshot!(check(&[("old/Chart.yaml", ""), ("web/chart.yaml", "name: web\nversion: 1.0.0\ndependencies: [{ path: ../old }]\n")]), @r#"
        error[chart/helm-chart]: `old` is a chart for Helm: it has `Chart.yaml`, with a capital C
         --> web/chart.yaml:3:24
          |
        3 | dependencies: [{ path: ../old }]
          |                        ^^^^^^ named here
          |
          = help: jibe reads `chart.yaml` and Jinja templates: docs/from-helm.md shows how to bring the chart over, step by step
        "#);
}

#[test]
fn a_folder_with_the_name_of_a_library() {
    insta::assert_snapshot!(file("web/templates/base/role.yaml"), @r#"
        error[chart/stray-file]: `web/templates/base/role.yaml` lies in a folder with the name of the library `base`
         |
         = help: rename the folder, or give the dependency another `name` in chart.yaml
        "#);
}

#[test]
fn notes() {
    insta::assert_snapshot!(file("web/templates/NOTES.txt"), @r#"
        error[chart/stray-file]: `web/templates/NOTES.txt` holds notes, which jibe does not print
         |
         = help: delete it, or move it to the chart's README.md
        "#);
}

#[test]
fn helper_templates_of_helm() {
    insta::assert_snapshot!(file("web/templates/_helpers.tpl"), @r#"
        error[chart/stray-file]: `web/templates/_helpers.tpl` is a file of helper templates for Helm
         |
         = help: write its helpers as macros, in `_names.yaml` if they make YAML and in `_names.j2` if they make text: see docs/from-helm.md
        "#);
}

#[test]
fn a_text_template_among_manifests() {
    insta::assert_snapshot!(file("web/templates/nginx.conf.j2"), @r#"
        error[chart/stray-file]: `web/templates/nginx.conf.j2` is a text template among the manifests
         |
         = help: move it to `files/`; a file of macros begins with `_`
        "#);
}

#[test]
fn a_json_template() {
    insta::assert_snapshot!(file("web/templates/a.json"), @r#"
        error[chart/stray-file]: `web/templates/a.json` is not YAML by its name
         |
         = help: rename it to `.yaml`: JSON is YAML, too
        "#);
}

#[test]
fn another_file_among_templates() {
    insta::assert_snapshot!(file("web/templates/logo.svg"), @r#"
        error[chart/stray-file]: `web/templates/logo.svg` is neither a manifest (`.yaml`, `.yml`) nor a file of macros (`_*.yaml`, `_*.j2`)
         |
         = help: move it to `files/` if templates read it, else out of `templates/`
        "#);
}

#[test]
fn a_manifest_in_a_library() {
    insta::assert_snapshot!(file("base/templates/role.yaml"), @r#"
        error[chart/stray-file]: `base/templates/role.yaml` lies in a library chart, which renders nothing itself
         |
         = help: begin its name with `_` if it holds macros, or set `type: application` in chart.yaml
        "#);
}

#[test]
fn definitions_in_a_library() {
    insta::assert_snapshot!(file("base/crds/x.yaml"), @r#"
        error[chart/stray-file]: `base/crds/x.yaml` lies in a library chart, which renders nothing
         |
         = help: move `crds/` into the application chart that needs it
        "#);
}

#[test]
fn a_misspelt_part() {
    insta::assert_snapshot!(file("web/template/a.yaml"), @r#"
        error[chart/stray-file]: `web/template` is not read by jibe
         |
         = help: did you mean `templates`? rename it
        "#);
}

#[test]
fn values_with_another_ending() {
    insta::assert_snapshot!(file("web/values.yml"), @r#"
        error[chart/stray-file]: `web/values.yml` is not read by jibe
         |
         = help: did you mean `values.yaml`? rename it
        "#);
}

#[test]
fn an_overlay_that_is_a_file() {
    insta::assert_snapshot!(file("web/overlays/prod.yaml"), @r#"
        error[chart/stray-file]: `web/overlays/prod.yaml` is not read: an overlay is a folder
         |
         = help: move it to `web/overlays/prod/values.yaml`
        "#);
}

#[test]
fn an_overlay_with_another_file() {
    insta::assert_snapshot!(file("web/overlays/prod/value.yaml"), @r#"
        error[chart/stray-file]: `web/overlays/prod/value.yaml` is not read by jibe
         |
         = help: an overlay holds `values.yaml`, and a `kustomization.yaml` with the files that it names
        "#);
}

#[test]
fn beside_a_kustomization_files_are_its_own_unless_they_are_nearly_called_values() {
    let kustomization = ("web/overlays/prod/kustomization.yaml", "patches: []\n");
    insta::assert_snapshot!(check(&[kustomization, ("web/overlays/prod/p.yaml", ""), ("web/overlays/prod/value.yaml", "")]), @r#"
        error[chart/stray-file]: `web/overlays/prod/value.yaml` is not read by jibe
         |
         = help: an overlay holds `values.yaml`, and a `kustomization.yaml` with the files that it names
        "#);
}

#[test]
fn a_schema_that_is_no_json() {
    insta::assert_snapshot!(check(&[("web/values.schema.json", "{\n  \"type\": \"object\",\n}\n")]), @r#"
        error[values/bad-schema]: `web/values.schema.json` is not JSON: the comma before this is one too many
         --> web/values.schema.json:3:1
          |
        3 | }
          | ^
          |
          = help: correct it; a values schema is JSON, without comments and trailing commas
        "#);
}
