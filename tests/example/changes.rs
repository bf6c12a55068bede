//! What the README says of changes: which edit changes which files below `rendered/`, and no others.

use super::{copy, jibe, room, root, text};
use std::fs;

/// Replaces `old` by `new` in a file of the example; the written tree then differs in these files.
#[track_caller]
fn check(file: &str, old: &str, new: &str, expect: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&root().join("charts-example"), folder.path());
    let path = folder.path().join(file);
    let before = fs::read_to_string(&path).expect("a file of the example");
    assert_eq!(before.matches(old).count(), 1, "{file} says `{old}`");
    fs::write(&path, before.replace(old, new)).expect("a changed file");
    let output = jibe(folder.path(), &["render", "--write"], &[]);
    let told = text(&output.stderr);
    let changed: Vec<_> =
        told.lines().filter_map(|line| line.strip_prefix("changed  rendered/")).collect();
    assert_eq!(changed, expect, "{told}");
    let (written, kept) = (expect.len(), 232 - expect.len());
    let file = if written == 1 { "file" } else { "files" };
    let sum = format!("{written} {file} written, {kept} unchanged, 0 deleted, 0 kept\n");
    assert!(told.ends_with(&sum), "{told}");
}

#[test]
fn a_new_tag_in_prod_changes_prods_deployment_and_nothing_else() {
    check("services/web/prod.yaml", "1.4.2", "1.4.3", &["prod/shop/web/deployment-web.yaml"]);
}

#[test]
fn the_size_of_a_chart_in_prod_changes_the_autoscalers_of_its_services() {
    check(
        "charts/web/overlays/prod/values.yaml",
        "maxReplicas: 12",
        "maxReplicas: 11",
        &[
            "prod/payments/billing/horizontalpodautoscaler-billing.yaml",
            "prod/shop/web/horizontalpodautoscaler-web.yaml",
        ],
    );
}

#[test]
fn a_setting_of_a_service_changes_its_files_and_rolls_its_pods() {
    check(
        "services/web/values.yaml",
        "page_size: 24",
        "page_size: 48",
        &[
            "dev/shop/web/configmap-web.yaml",
            "dev/shop/web/deployment-web.yaml",
            "prod/shop/web/configmap-web.yaml",
            "prod/shop/web/deployment-web.yaml",
            "staging/shop/web/configmap-web.yaml",
            "staging/shop/web/deployment-web.yaml",
        ],
    );
}

#[test]
fn a_value_of_an_environment_changes_all_services_that_read_it() {
    check(
        "environments/prod.yaml",
        "0.05",
        "0.01",
        &[
            "prod/payments/billing/deployment-billing.yaml",
            "prod/shop/web/deployment-web.yaml",
            "prod/shop/worker/deployment-worker.yaml",
        ],
    );
}

#[test]
fn a_variable_that_an_overlay_sets_changes_one_item_of_the_list() {
    check(
        "charts/worker/overlays/prod/values.yaml",
        "value: 16",
        "value: 24",
        &["prod/shop/worker/deployment-worker.yaml"],
    );
}

#[test]
fn a_patch_over_a_chart_changes_the_object_that_it_is_for() {
    check(
        "services/worker/prod/kustomization.yaml",
        "stabilizationWindowSeconds: 900",
        "stabilizationWindowSeconds: 600",
        &["prod/shop/worker/horizontalpodautoscaler-worker.yaml"],
    );
}

#[test]
fn the_domain_of_an_environment_changes_the_hosts_that_are_made_of_it() {
    check(
        "environments/prod.yaml",
        "shop.example.com",
        "shop.example.org",
        &["prod/payments/billing/ingress-billing.yaml", "prod/shop/web/ingress-web.yaml"],
    );
}

#[test]
fn what_a_team_agreed_on_changes_its_own_namespace() {
    check(
        "namespaces/shop/prod.yaml",
        "shop-on-call",
        "shop-watch",
        &["prod/shop/platform/rolebinding-viewer.yaml"],
    );
    check(
        "namespaces/payments/prod.yaml",
        "billing: 120",
        "billing: 100",
        &[
            "prod/payments/pgbouncer/configmap-pgbouncer.yaml",
            "prod/payments/pgbouncer/deployment-pgbouncer.yaml",
        ],
    );
}

#[test]
fn a_new_service_of_a_known_kind_takes_two_files() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&root().join("charts-example"), folder.path());
    let readme = fs::read_to_string(folder.path().join("README.md")).expect("the README");
    for file in ["services/reviews/service.yaml", "services/reviews/dev.yaml"] {
        let block =
            readme.split("```yaml\n").find(|block| block.starts_with(&format!("# {file}\n")));
        let shown =
            block.and_then(|block| block.split("```").next()).expect("a block of the README");
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, shown).expect("a new file");
    }
    let output = jibe(folder.path(), &["render", "reviews", "-e", "dev"], &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("image: registry.example.com/shop/reviews:5c2e0d1"));
    let written = jibe(folder.path(), &["render", "--write"], &[]);
    let told = text(&written.stderr);
    assert!(told.ends_with("7 files written, 232 unchanged, 0 deleted, 0 kept\n"), "{told}");
    room::check(&folder.path().join("rendered/dev/shop"));
}
