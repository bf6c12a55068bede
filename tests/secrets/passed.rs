//! A secret that was let pass into files is shown by no command besides.

use super::{config, put, run, workspace};
use std::fs;

#[test]
fn what_a_hole_made_of_a_secret_is_not_shown_as_a_difference() {
    for made in [
        "{{ (\"joe:\" ~ values.db.password) | b64encode }}",
        "{{ values.db.password | sha256 }}",
        "{{ values.db.password[3:] }}",
        "{{ values.db.password | replace(\"-\", \"_\") | reverse }}",
    ] {
        let folder = workspace();
        let root = folder.path();
        put(root, "charts/web/templates/config.yaml", &config("old: Committed"));
        run(root, &["render", "--write"], made);
        put(root, "charts/web/templates/config.yaml", &config(&format!("a: {made}")));
        for format in ["text", "json"] {
            let arguments = ["check", "--allow-inline-secrets", "--format", format];
            let seen = run(root, &arguments, made);
            assert!(seen.contains("a secret stands here"), "{seen}");
        }
    }
}

#[test]
fn a_secret_in_the_name_of_an_object_is_not_shown_as_the_name_of_its_file() {
    let folder = workspace();
    let root = folder.path();
    let named = config("a: b").replace("target.service", "values.db.password | lower");
    put(root, "charts/web/templates/config.yaml", &named);
    let seen = run(root, &["render", "--write"], "refused");
    assert!(seen.contains("check/secret-inline"), "{seen}");
    let seen = run(root, &["check", "--allow-inline-secrets"], "check");
    assert!(seen.contains("configmap-***.yaml"), "{seen}");
    run(root, &["check", "--allow-inline-secrets", "--format", "json"], "check");
    let seen = run(root, &["render", "--write", "--allow-inline-secrets"], "written");
    assert!(seen.contains("configmap-***.yaml"), "{seen}");
    let written = fs::read_dir(root.join("rendered/prod/shop/web")).expect("a folder");
    assert!(written.count() > 1, "{seen}");
    fs::remove_dir_all(root.join("rendered")).expect("removed");
    let json = ["render", "--write", "--allow-inline-secrets", "--format", "json"];
    assert!(run(root, &json, "json").contains("configmap-***.yaml"));
}

#[test]
fn a_secret_in_the_comment_above_it_is_not_shown_in_the_table() {
    let folder = workspace();
    let root = folder.path();
    let values = "db:\n  # such as Zq7Marker-x, which it is\n  password: Zq7Marker-x\n";
    put(root, "charts/web/values.yaml", values);
    let seen = run(root, &["docs", "charts/web"], "docs");
    assert!(
        seen.contains("such as ***, which it is") || seen.contains(r"such as \*\*\*"),
        "{seen}"
    );
    run(root, &["docs", "charts/web", "--format", "json"], "docs");
}
