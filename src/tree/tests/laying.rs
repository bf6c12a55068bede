//! Objects become files.

use super::{Home, Identity, Lot, Object, lot, object, tree, try_tree};
use crate::tree::lay_out::tidy;
use proptest::prelude::*;

fn check(lots: &[Lot], expect: &[&str]) {
    let tree = tree(lots);
    let files: Vec<String> = tree.files().map(|(path, _)| path.to_string()).collect();
    assert_eq!(files, expect);
}

fn with(target: &str, objects: Vec<Object>) -> Lot {
    Lot { objects, ..lot(target, &[]) }
}

#[test]
fn every_object_has_a_file_in_its_targets_folder() {
    let own = object("Deployment", Home::Own, "web", "a\n");
    let cluster = object("ClusterRole", Home::Cluster, "system:web", "b\n");
    let other = object("Role", Home::Namespace("kube-system".into()), "web", "c\n");
    check(
        &[with("prod/shop/web", vec![own, cluster, other])],
        &[
            "prod/_cluster/web/clusterrole-system%3Aweb.yaml",
            "prod/shop/web/deployment-web.yaml",
            "prod/shop/web/role_kube-system_web.yaml",
        ],
    );
}

#[test]
fn a_target_may_have_one_folder_for_everything() {
    let cluster = object("ClusterRole", Home::Cluster, "web", "b\n");
    let elsewhere = object("Role", Home::Namespace("x".into()), "web", "c\n");
    check(
        &[with("web", vec![cluster, elsewhere])],
        &["web/clusterrole-web.yaml", "web/role_x_web.yaml"],
    );
}

#[test]
fn a_cluster_scoped_object_of_several_namespaces_is_one_file() {
    let role = || vec![object("ClusterRole", Home::Cluster, "web", "same\n")];
    check(
        &[with("prod/shop/web", role()), with("prod/pay/web", role())],
        &["prod/_cluster/web/clusterrole-web.yaml"],
    );
}

#[test]
fn a_cluster_scoped_object_that_differs_between_namespaces_is_an_error() {
    let role = |text| vec![object("ClusterRole", Home::Cluster, "web", text)];
    let failure =
        try_tree(&[with("prod/shop/web", role("a\n")), with("prod/pay/web", role("b\n"))]);
    insta::assert_snapshot!(failure.expect_err("they differ"), @r#"
    error[tree/name-collision]: `ClusterRole/web` is not the same for `prod/shop/web` and `prod/pay/web`, but the cluster has only one
     --> charts/web/templates/all.yaml:1:1
      |
    1 | kind: Any
      | ^^^^ for `prod/pay/web`
      |
      = help: write only into it what is the same in all namespaces of the service, or let its name depend on `target.namespace`
    "#);
}

#[test]
fn names_that_differ_in_case_only_are_an_error_that_names_both() {
    let failure = try_tree(&[with(
        "prod/shop/web",
        vec![
            object("Role", Home::Own, "Reader", "a\n"),
            object("Role", Home::Own, "reader", "a\n"),
        ],
    )]);
    insta::assert_snapshot!(failure.expect_err("a collision"), @r#"
    error[tree/name-collision]: `Role/Reader` and `Role/reader` would both be the file `prod/shop/web/role-Reader.yaml`
     --> charts/web/templates/all.yaml:1:1
      |
    1 | kind: Any
      | ^^^^ makes both
      |
      = help: rename one of the two: on a file system that ignores case, one would be lost
    "#);
}

#[test]
fn a_path_without_namespaces_makes_targets_collide() {
    let folder = lot("prod", &[]).folder;
    let shared = |target| Lot { folder: folder.clone(), ..lot(target, &[("a", "1\n")]) };
    let failure = try_tree(&[shared("prod/shop/web"), shared("prod/pay/web")]);
    let message = failure.expect_err("a collision").to_string();
    assert!(message.contains("write `{env}`, `{namespace}` and `{service}` into"), "{message}");
}

#[test]
fn folders_have_names_that_every_system_takes() {
    for target in ["prod/con/web", "prod/shop/a b", "prod/shop/.web"] {
        let message = try_tree(&[lot(target, &[])]).expect_err("a refusal").to_string();
        assert!(message.contains("is a name that not every system takes"), "{message}");
    }
}

#[test]
fn environments_that_differ_in_case_only_are_an_error() {
    let failure = try_tree(&[lot("prod/shop/web", &[]), lot("Prod/shop/web", &[])]);
    let message = failure.expect_err("a collision").to_string();
    assert!(message.contains("one on a file system that ignores case"), "{message}");
}

#[test]
fn texts_end_in_one_line_feed() {
    let tidied = |text: &str| tidy(&text.into()).to_string();
    assert_eq!(tidied("x: 1\r\ny: 2\r\n\r\n"), "x: 1\ny: 2\n");
    assert_eq!(tidied("x: 1"), "x: 1\n");
    assert_eq!(tidied("x\n"), "x\n");
}

#[test]
fn the_order_of_targets_does_not_matter() {
    let one = || lot("prod/shop/web", &[("b", "1\n"), ("a", "2\n")]);
    let two = || lot("dev/shop/web", &[("a", "3\n"), ("c", "4\n")]);
    let listed = |lots: &[Lot]| {
        tree(lots).files().map(|(path, text)| (path, text.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(listed(&[one(), two()]), listed(&[two(), one()]));
}

/// Kinds, groups, namespaces and names that look alike, in any mixture.
fn any_object() -> impl Strategy<Value = Object> {
    let word = "[a-b]{1,2}([-._%:][a-b]{1,2}){0,2}";
    let group = prop::option::of("[a-b]([.-][a-b]){0,2}");
    let namespace = prop::option::of("[a-b](-[a-b]){0,1}");
    (group, "[A-B][a-b]?", namespace, word).prop_map(|(group, kind, namespace, name)| {
        let home = namespace.map_or(Home::Own, |namespace| Home::Namespace(namespace.into()));
        let object = object(&kind, home, &name, "x\n");
        let identity = Identity { group: group.map(Into::into), ..object.identity };
        Object::new(identity, object.text, object.place)
    })
}

/// Objects whose identities differ, by more than case if need be.
fn unique(mut objects: Vec<Object>, fold: impl Fn(&str) -> String) -> Vec<Object> {
    let key = |Object { identity, .. }: &Object| {
        let Identity { group, kind, home, name } = identity;
        (group.clone(), kind.to_lowercase(), format!("{home:?}"), fold(name))
    };
    objects.sort_by_key(key);
    objects.dedup_by_key(|object| key(object));
    objects
}

fn any_objects() -> impl Strategy<Value = Vec<Object>> {
    prop::collection::vec(any_object(), 1..12)
}

proptest! {
    #[test]
    fn no_two_objects_share_a_file_unless_it_is_reported(objects in any_objects()) {
        let objects = unique(objects, str::to_owned);
        let count = objects.len();
        if let Ok(tree) = try_tree(&[with("prod/shop/web", objects)]) {
            prop_assert_eq!(tree.len(), count);
        }
    }

    #[test]
    fn names_of_builtin_groups_never_collide_unless_by_case(mut objects in any_objects()) {
        objects.iter_mut().for_each(|object| object.identity.group = None);
        let objects = unique(objects, str::to_lowercase);
        let count = objects.len();
        prop_assert_eq!(tree(&[with("prod/shop/web", objects)]).len(), count);
    }
}
