//! Finding objects, and that what is known of them follows each edit as if it were found out anew.

use super::{Indices, Resources};
use crate::diag::Sink;
use crate::source::Files;
use crate::transform::{ResId, Resource};
use crate::yaml::{self, Node};
use proptest::prelude::*;
use std::sync::Arc;

fn maps(names: &[&str]) -> Resources {
    let files = Files::memory([("x", "")]).expect("a path");
    let file = files.add("x", Vec::new()).expect("a text").id();
    let object = |name: &&str| {
        let text = format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}}}");
        let documents = yaml::parse(&text, file, yaml::Options::default()).expect("YAML");
        Resource::new(documents.into_iter().next().expect("a document").root)
    };
    Resources::from_list(names.iter().map(object).collect())
}

fn rename(resources: &mut Resources, at: usize, name: &str) {
    resources.edit(at, |resource| call(resource, name));
}

fn call(resource: &mut Resource, name: &str) {
    resource.remember_id();
    let node = resource.node.at_mut(&["metadata", "name"]).expect("a name");
    *node = Node::string(name, node.place);
}

/// Calls all otherwise that are called so.
fn rename_each(resources: &mut Resources, from: &str, to: &str) {
    let files = Files::memory([("x", "")]).expect("a path");
    let changed = resources.change_known(&mut Sink::new(&files), |resource, ids| {
        if ids.last().is_some_and(|id| &*id.name == from) {
            call(resource, to);
        }
        Ok(())
    });
    assert!(changed.is_ok());
}

/// All that can be asked of objects.
fn known(resources: &Resources) -> String {
    let (mut ids, names) = (Vec::new(), ["a", "b", "c", "d"]);
    for resource in resources {
        ids.extend(resource.all_ids());
    }
    let present = |list: &[usize]| -> Vec<usize> {
        list.iter().copied().filter(|at| resources.get(*at).is_some()).collect()
    };
    let by_id =
        |id: &ResId| format!("{id}: {:?} {:?}", resources.with_id(id), resources.with_any_id(id));
    let by_name = |name: &&str| {
        let (any, home) = (resources.with_any_name(name), resources.with_name_in(name, ""));
        format!("{name}: {:?} {:?}", present(any), present(home))
    };
    let mut said: Vec<_> = ids.iter().map(by_id).chain(names.iter().map(by_name)).collect();
    said.sort();
    said.dedup();
    let kinds = present(resources.with_any_kind("ConfigMap"));
    format!("{} {kinds:?} {} {said:?}", resources.len(), resources.twins().is_some())
}

/// The same objects, of which nothing is known yet, at the same positions.
fn forgetful(resources: &Resources) -> Resources {
    let mut copy = resources.clone();
    copy.indices = Indices::default();
    copy
}

proptest! {
    #[test]
    fn what_is_known_after_edits_is_what_is_found_out_anew(
        edits in prop::collection::vec(
            (0_usize..6, prop::sample::select(vec!["a", "b", "c", "", "a to b", "b to a", "sorted"])),
            1..20,
        ),
    ) {
        let mut resources = maps(&["a", "b", "c", "d", "a", "b"]);
        known(&resources);
        for (at, name) in edits {
            match (resources.get(at).is_some(), name) {
                (_, "a to b") => rename_each(&mut resources, "a", "b"),
                (_, "b to a") => rename_each(&mut resources, "b", "a"),
                (_, "sorted") => resources.sort_by_key(|id| Arc::clone(&id.name)),
                (false, _) => {}
                (true, "") => resources.remove(at),
                (true, name) => rename(&mut resources, at, name),
            }
            prop_assert_eq!(known(&resources), known(&forgetful(&resources)));
        }
        let (count, names) = (resources.len(), |resources: &Resources| -> Vec<Arc<str>> {
            resources.iter().map(|one| one.id().name).collect()
        });
        let before = names(&resources);
        resources.edit_all();
        prop_assert_eq!((resources.len(), names(&resources)), (count, before));
    }
}

#[test]
fn positions_stay_while_objects_are_taken_out() {
    let mut resources = maps(&["a", "b", "c"]);
    resources.forget_touched();
    resources.remove(1);
    rename(&mut resources, 2, "d");
    assert_eq!((resources.len(), resources.touched()), (2, vec![2]));
    assert!(resources.get(1).is_none());
    assert_eq!(&*resources.get(2).expect("an object").id().name, "d");
    assert_eq!(resources.numbered().map(|(at, _)| at).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(resources.edit_all().len(), 2);
}
