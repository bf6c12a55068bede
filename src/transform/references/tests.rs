//! A search among many namesakes finds what looking at each of them finds, and looks at few.

use super::candidates::{Candidate, Candidates};
use super::choice::{Choice, Empty, Query, Within};
use super::{Pattern, Referrer, Resource, Resources};
use crate::source::Files;
use crate::transform::Previous;
use crate::yaml;
use proptest::prelude::*;
use std::sync::Arc;

/// What an object is and was called: kinds, namespaces, names and affixes, the last ones those of now.
#[derive(Debug, Clone)]
struct Made {
    kinds: Vec<&'static str>,
    namespaces: Vec<&'static str>,
    name: &'static str,
    prefixes: Vec<&'static str>,
    suffixes: Vec<&'static str>,
}

fn object(made: &Made, more: &str) -> Resource {
    let files = Files::memory([("x", "")]).expect("a path");
    let file = files.add("x", Vec::new()).expect("a text").id();
    let (kind, namespace) = (made.kinds[1], made.namespaces[1]);
    let (name, group) =
        (made.name, if kind.ends_with("Role") { "rbac.authorization.k8s.io/" } else { "" });
    let text = format!(
        "{{apiVersion: {group}v1, kind: {kind}, metadata: {{name: {name}, namespace: '{namespace}'}}{more}}}"
    );
    let documents = yaml::parse(&text, file, yaml::Options::default()).expect("YAML");
    let mut resource = Resource::new(documents.into_iter().next().expect("a document").root);
    resource.previous.push(Previous {
        name: "x".into(),
        namespace: if made.namespaces[0].is_empty() { "default" } else { made.namespaces[0] }
            .into(),
        kind: made.kinds[0].into(),
    });
    resource.prefixes = made.prefixes.iter().copied().map(Arc::from).collect();
    resource.suffixes = made.suffixes.iter().copied().map(Arc::from).collect();
    resource
}

fn made() -> impl Strategy<Value = Made> {
    let kinds =
        || prop::sample::select(vec!["ServiceAccount", "ServiceAccount", "Role", "ClusterRole"]);
    let namespaces = || prop::sample::select(vec!["", "default", "a", "b"]);
    let names = prop::sample::select(vec!["x", "px", "qpx"]);
    let affixes = || prop::collection::vec(prop::sample::select(vec!["p", "q"]), 0..3);
    let pair = |one: &'static str, other: &'static str| vec![one, other];
    (kinds(), kinds(), namespaces(), namespaces(), names, affixes(), affixes()).prop_map(
        move |(was, is, from, to, name, prefixes, suffixes)| Made {
            kinds: pair(was, is),
            namespaces: pair(from, to),
            name,
            prefixes,
            suffixes,
        },
    )
}

/// The position of what is found; none if nothing is, and -1 for several.
fn found(choice: Choice<'_>, all: &Candidates) -> Option<isize> {
    match choice {
        Choice::Nothing => None,
        Choice::Several => Some(-1),
        Choice::One(one) => {
            let at = all.all.iter().position(|other| std::ptr::eq(one, other));
            at.and_then(|at| isize::try_from(at).ok())
        }
    }
}

fn pattern(kind: &str) -> Pattern {
    Pattern { kind: kind.into(), ..Pattern::default() }
}

const BINDING: &str = ", subjects: [{kind: ServiceAccount, name: x, namespace: b}, {kind: ServiceAccount, name: x, namespace: ''}]";

proptest! {
    #[test]
    fn a_search_finds_what_looking_at_each_finds(
        objects in prop::collection::vec(made(), 1..12),
        referrer in made(),
        referrer_kind in prop::sample::select(vec!["RoleBinding", "ClusterRoleBinding", "Pod"]),
        (target, role) in (
            prop::sample::select(vec!["", "ServiceAccount", "Role"]),
            prop::sample::select(vec![None, Some(""), Some("Role"), Some("ClusterRole")]),
        ),
        within in prop::sample::select(vec![
            Within::Anywhere,
            Within::First("a".into()),
            Within::First("default".into()),
            Within::Now("b".into()),
            Within::Now("default".into()),
        ]),
    ) {
        let resources = Resources::from_list(objects.iter().map(|one| object(one, "")).collect());
        let candidates = Candidates::of(&resources);
        let mut referrer = object(&referrer, BINDING);
        let kind = referrer.node.as_map_mut().and_then(|map| map.get_mut("kind")).expect("a kind");
        *kind = yaml::Node::string(referrer_kind, kind.place);
        if referrer_kind == "ClusterRoleBinding" {
            let version = referrer.node.as_map_mut().and_then(|map| map.get_mut("apiVersion"));
            let version = version.expect("a version");
            *version = yaml::Node::string("rbac.authorization.k8s.io/v1", version.place);
        }
        let referrer = looking(&referrer);
        let (target, role) = (pattern(target), role.map(pattern));
        let by_name = |a: &Candidate, b: &Candidate| a.id.name == b.id.name;
        let by_both = |a: &Candidate, b: &Candidate| {
            a.id.name == b.id.name && a.id.namespace == b.id.namespace
        };
        for same in [by_name as fn(&Candidate, &Candidate) -> bool, by_both] {
            let (referrer, target, role) = (&referrer, &target, role.as_ref());
            let query = Query { referrer, target, role, within: within.clone(), same };
            let namesakes = candidates.once_called("x").expect("all were called so");
            let looked_at = query.decided(&query.one_by_one("x", &candidates));
            let searched = query.searched(namesakes, &candidates.all);
            prop_assert_eq!(found(searched, &candidates), found(looked_at, &candidates));
        }
    }
}

/// An object that looks for names.
fn looking(resource: &Resource) -> Referrer {
    let ids: Vec<_> = resource.all_ids().collect();
    Referrer::of(resource, &ids).expect("namespaces are texts")
}

#[test]
fn of_a_thousand_with_prefixes_of_their_own_one_is_looked_at() {
    let prefixes: Vec<Arc<str>> = (0..1000).map(|at| format!("t{at}-").into()).collect();
    let base = Made {
        kinds: vec!["ServiceAccount", "ServiceAccount"],
        namespaces: vec!["", ""],
        name: "x",
        prefixes: Vec::new(),
        suffixes: Vec::new(),
    };
    let prefixed = |prefix: &Arc<str>| {
        let mut resource = object(&base, "");
        resource.prefixes = vec![Arc::clone(prefix), "root-".into()];
        resource.suffixes = vec!["-root".into()];
        resource
    };
    let resources = Resources::from_list(prefixes.iter().map(prefixed).collect());
    let candidates = Candidates::of(&resources);
    let namesakes = candidates.once_called("x").expect("all were called so");
    let referrer = looking(&prefixed(&prefixes[7]));
    let target = pattern("ServiceAccount");
    let same = |_: &Candidate, _: &Candidate| false;
    let query =
        Query { referrer: &referrer, target: &target, role: None, within: Within::Anywhere, same };
    let pools = query.pools(namesakes, &candidates.all);
    let listed = pools.iter().flat_map(|pool| query.listed(pool, Empty::Anything, &candidates.all));
    assert_eq!(listed.flatten().collect::<Vec<_>>(), [&7]);
    assert_eq!(found(query.searched(namesakes, &candidates.all), &candidates), Some(7));
}

#[test]
fn of_a_thousand_that_differ_only_in_where_they_are_few_are_looked_at() {
    let base = Made {
        kinds: vec!["ServiceAccount", "ServiceAccount"],
        namespaces: vec!["", ""],
        name: "y",
        prefixes: Vec::new(),
        suffixes: Vec::new(),
    };
    let moved = |at: usize| {
        let mut resource = object(&base, "");
        let namespace = resource.node.at_mut(&["metadata", "namespace"]);
        let namespace = namespace.expect("a namespace");
        *namespace = yaml::Node::string(format!("n{at}"), namespace.place);
        resource
    };
    let resources = Resources::from_list((0..1000).map(moved).collect());
    let candidates = Candidates::of(&resources);
    let namesakes = candidates.once_called("x").expect("all were called so");
    let cluster = Made { kinds: vec!["ClusterRole", "ClusterRole"], ..base.clone() };
    let looked_at = |made: &Made, within: Within| {
        let referrer = looking(&object(made, ""));
        let target = pattern("ServiceAccount");
        let same = |a: &Candidate, b: &Candidate| a.id.name == b.id.name;
        let query = Query { referrer: &referrer, target: &target, role: None, within, same };
        query.pools(namesakes, &candidates.all).iter().map(|pool| pool.list.len()).sum::<usize>()
    };
    assert_eq!(looked_at(&cluster, Within::Anywhere), 3);
    assert_eq!(looked_at(&cluster, Within::Now("n7".into())), 1);
    assert_eq!(looked_at(&base, Within::Anywhere), 0);
    assert_eq!(looked_at(&base, Within::First("default".into())), 0);
}
