//! The order of the layers, proven by a value set in each of them.

use super::{SHOP, gathered, opened, with};
use crate::values::{Reach, merge};
use crate::workspace::TargetSource;

/// Every file of the ladder for `prod-eu`, which extends `prod`, weakest first.
const LADDER: &[&str] = &[
    "charts/web/values.yaml",
    "charts/web/overlays/prod/values.yaml",
    "charts/web/overlays/prod-eu/values.yaml",
    "values.yaml",
    "environments/prod.yaml",
    "environments/prod-eu.yaml",
    "namespaces/shop.yaml",
    "namespaces/shop/prod.yaml",
    "namespaces/shop/prod-eu.yaml",
    "services/web/values.yaml",
    "services/web/prod.yaml",
    "services/web/prod-eu.yaml",
];

/// Files of the ladder that hold nothing for `prod-eu`.
const ELSEWHERE: &[&str] = &[
    "charts/web/overlays/dev/values.yaml",
    "environments/dev.yaml",
    "namespaces/shop/dev.yaml",
    "services/web/dev.yaml",
];

/// The value `seen` when the first `count` files of the ladder set it to their own path.
fn winner(count: usize) -> String {
    let texts: Vec<_> = LADDER
        .iter()
        .enumerate()
        .map(|(at, path)| {
            (*path, if at < count { format!("seen: {path}\n") } else { String::new() })
        })
        .chain(ELSEWHERE.iter().map(|path| (*path, "seen: elsewhere\n".to_owned())))
        .collect();
    let pairs: Vec<_> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let workspace = opened(&with(SHOP, &pairs));
    let material = gathered(&workspace, "prod-eu/shop/web");
    let TargetSource::Chart(chart) = &material.source else { panic!("a chart") };
    let values = merge(&chart.defaults, &material.layers, &chart.known);
    values.get(&["seen"]).and_then(|node| node.as_str()).unwrap_or("nothing").to_owned()
}

#[test]
fn each_file_of_the_ladder_wins_over_all_before_it() {
    for (at, path) in LADDER.iter().enumerate() {
        assert_eq!(winner(at + 1), *path);
    }
}

#[test]
fn values_of_another_environment_reach_nothing() {
    assert_eq!(winner(0), "nothing");
}

#[test]
fn layers_say_what_they_are_and_whom_they_are_written_for() {
    let pairs: Vec<_> = LADDER.iter().map(|path| (*path, "a: 1\n")).collect();
    let workspace = opened(&with(SHOP, &pairs));
    let material = gathered(&workspace, "prod-eu/shop/web");
    let reach = |reach| if reach == Reach::Own { "own" } else { "shared" };
    let shown: Vec<_> =
        material.layers.iter().map(|l| format!("{}: {}", l.name, reach(l.reach))).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
        overlay prod of web: own
        overlay prod-eu of web: own
        workspace: shared
        environment prod: shared
        environment prod-eu: shared
        namespace shop: shared
        namespace shop in prod: shared
        namespace shop in prod-eu: shared
        service web: own
        service web in prod: own
        service web in prod-eu: own
        "#);
}

#[test]
fn a_layer_that_many_targets_share_is_read_once() {
    let workspace = opened(&with(SHOP, &[("values.yaml", "a: { b: 1 }\n")]));
    let root = |target| {
        let material = gathered(&workspace, target);
        let map = material.layers[0].root().and_then(|root| root.as_map());
        std::ptr::from_ref(map.expect("a map")) as usize
    };
    assert_eq!(root("dev/shop/web"), root("prod-eu/shop/web"));
}
