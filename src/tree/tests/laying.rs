//! Objects become files.

use super::{Home, object, part, place, tree, try_tree};
use crate::diag::Sink;
use crate::tree::{Layout, Object, Part, lay_out};
use proptest::prelude::*;

fn check(parts: &[Part<'_>], expect: &[&str]) {
    let tree = tree(parts);
    let files: Vec<String> = tree.files().map(|(path, _)| path.to_string()).collect();
    assert_eq!(files, expect);
}

fn with<'a>(target: &'a str, objects: Vec<Object>) -> Part<'a> {
    Part { objects, ..part(target, &[]) }
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
fn without_environment_and_namespace_all_lies_in_the_services_folder() {
    let cluster = object("ClusterRole", Home::Cluster, "web", "b\n");
    let elsewhere = object("Role", Home::Namespace("x".into()), "web", "c\n");
    check(
        &[with("-/-/web", vec![cluster, elsewhere])],
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
fn two_services_do_not_share_a_cluster_scoped_object() {
    let role = |text| vec![object("ClusterRole", Home::Cluster, "web", text)];
    let parts = [with("prod/shop/web", role("a\n")), with("prod/shop/api", role("a\n"))];
    assert_eq!(tree(&parts).len(), 2, "each has its folder; that both make it is found earlier");
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
      | ^^^^ for `prod/shop/web`
      |
      = help: rename one of the two: on a file system that ignores case, one would be lost
    "#);
}

#[test]
fn a_path_without_namespaces_makes_targets_collide() {
    let mut sink = Sink::new(&place().0);
    let layout = Layout::parse("out/{env}").expect("a template");
    let parts = [part("prod/shop/web", &[("a", "1\n")]), part("prod/pay/web", &[("a", "1\n")])];
    assert!(lay_out(&parts, &layout, &mut sink).is_err());
    let message = sink.finish().expect_err("a collision").to_string();
    assert!(message.contains("name `{env}`, `{namespace}` and `{service}`"), "{message}");
}

#[test]
fn environments_that_differ_in_case_only_are_an_error() {
    let failure = try_tree(&[part("prod/shop/web", &[]), part("Prod/shop/web", &[])]);
    let message = failure.expect_err("a collision").to_string();
    assert!(message.contains("one on a file system that ignores case"), "{message}");
}

#[test]
fn texts_end_in_one_line_feed() {
    let tree = tree(&[part(
        "prod/shop/web",
        &[("a", "x: 1\r\ny: 2\r\n\r\n"), ("b", "x: 1"), ("c", "x\n")],
    )]);
    let texts: Vec<&str> = tree.files().map(|(_, text)| &**text).collect();
    assert_eq!(texts, ["x: 1\ny: 2\n", "x: 1\n", "x\n"]);
}

#[test]
fn the_order_of_targets_does_not_matter() {
    let one = || part("prod/shop/web", &[("b", "1\n"), ("a", "2\n")]);
    let two = || part("dev/shop/web", &[("a", "3\n"), ("c", "4\n")]);
    let listed = |parts: &[Part<'_>]| {
        tree(parts).files().map(|(path, text)| (path, text.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(listed(&[one(), two()]), listed(&[two(), one()]));
}

/// Kinds, groups, namespaces and names that look alike, in any mixture.
fn any_object() -> impl Strategy<Value = Object> {
    let word = "[a-b]{1,2}([-._%:][a-b]{1,2}){0,2}";
    let group = prop::option::of("[a-b]([.-][a-b]){0,2}");
    let namespace = prop::option::of("[a-b](-[a-b]){0,1}");
    (group, "[A-B][a-b]?", namespace, word).prop_map(|(group, kind, namespace, name)| Object {
        group: group.map(Into::into),
        home: namespace.map_or(Home::Own, |namespace| Home::Namespace(namespace.into())),
        ..object(&kind, Home::Own, &name, "x\n")
    })
}

proptest! {
    #[test]
    fn no_two_objects_share_a_file_unless_it_is_reported(objects in prop::collection::vec(any_object(), 1..12)) {
        let mut unique = objects;
        let key = |o: &Object| (o.group.clone(), o.kind.to_lowercase(), o.home.clone(), o.name.clone());
        unique.sort_by_key(key);
        unique.dedup_by_key(|o| key(o));
        let count = unique.len();
        if let Ok(tree) = try_tree(&[with("prod/shop/web", unique)]) {
            prop_assert_eq!(tree.len(), count);
        }
    }

    #[test]
    fn names_of_builtin_groups_never_collide_unless_by_case(objects in prop::collection::vec(any_object(), 1..12)) {
        let mut unique: Vec<Object> =
            objects.into_iter().map(|object| Object { group: None, ..object }).collect();
        let key = |o: &Object| (o.kind.to_lowercase(), o.home.clone(), o.name.to_lowercase());
        unique.sort_by_key(key);
        unique.dedup_by_key(|o| key(o));
        let count = unique.len();
        prop_assert_eq!(tree(&[with("prod/shop/web", unique)]).len(), count);
    }
}
