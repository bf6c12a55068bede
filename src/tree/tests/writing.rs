//! What a write touches, and what it leaves alone.

use super::{Out, WEB, clean, lot, object, paths, snapshot, tree, web};
use crate::source::RelPath;
use crate::tree::lay_out::{Home, Lot};
use crate::tree::{Edited, Foreign, Kept, Note, Prune, Reason, Scope, Summary, WriteOptions};
use proptest::prelude::*;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

const ALL: WriteOptions = WriteOptions {
    scope: Scope::All,
    prune: Prune::Stale,
    edited: Edited::Keep,
    foreign: Foreign::Refuse,
    patience: std::time::Duration::ZERO,
};
const FORCE: WriteOptions = WriteOptions { edited: Edited::Overwrite, ..ALL };

fn kept(summary: &Summary) -> Vec<(&str, Reason)> {
    summary.kept.iter().map(|Kept { path, reason }| (path.file_name(), *reason)).collect()
}

#[test]
fn a_tree_is_written_with_an_inventory_per_service() {
    let out = Out::new();
    let summary =
        out.write(&tree(&[lot(WEB, &[("a", "1\n")]), lot("dev/shop/web", &[("a", "2\n")])]));
    assert_eq!(
        paths(&summary.added),
        ["dev/shop/web/configmap-a.yaml", "prod/shop/web/configmap-a.yaml"]
    );
    let files: Vec<String> = snapshot(&out.path).into_keys().collect();
    assert_eq!(
        files,
        [
            "dev/shop/web/.jibe-inventory",
            "dev/shop/web/configmap-a.yaml",
            "prod/shop/web/.jibe-inventory",
            "prod/shop/web/configmap-a.yaml"
        ]
    );
    insta::assert_snapshot!(out.read("prod/shop/web/.jibe-inventory").expect("an inventory"), @r#"
    jibe inventory 1 prod/shop/web
    configmap-a.yaml 4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865 prod/shop/web
    "#);
}

#[test]
fn a_second_write_touches_nothing() {
    let out = Out::new();
    let tree = web(&[("a", "1\n"), ("b", "2\n")]);
    out.write(&tree);
    let stamp = || {
        fs::metadata(out.web("configmap-a.yaml"))
            .map(|m| (m.ino(), m.mtime_nsec()))
            .expect("a file")
    };
    let before = stamp();
    assert_eq!(out.write(&tree), Summary { unchanged: 2, ..Summary::default() });
    assert_eq!(stamp(), before);
}

#[test]
fn only_what_differs_is_written() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n"), ("b", "2\n")]));
    let summary = out.write(&web(&[("a", "1\n"), ("b", "3\n"), ("c", "4\n")]));
    assert_eq!(paths(&summary.changed), ["prod/shop/web/configmap-b.yaml"]);
    assert_eq!(paths(&summary.added), ["prod/shop/web/configmap-c.yaml"]);
    assert_eq!((summary.unchanged, summary.written()), (1, 2));
}

#[test]
fn a_stale_file_is_deleted() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n"), ("b", "2\n")]));
    let summary = out.write(&web(&[("a", "1\n")]));
    assert_eq!(paths(&summary.deleted), ["prod/shop/web/configmap-b.yaml"]);
    assert_eq!(snapshot(&out.path), clean(&web(&[("a", "1\n")])));
}

#[test]
fn a_target_without_objects_leaves_no_folder() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n")]));
    out.write(&web(&[]));
    assert!(!out.path.join("prod").exists());
    assert!(out.path.exists(), "the output folder itself is the user's");
}

#[test]
fn pruning_can_be_put_off() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n")]));
    let off = WriteOptions { prune: Prune::Off, ..ALL };
    let summary = out.write_with(&web(&[]), &off).expect("a write");
    assert_eq!(kept(&summary), [("configmap-a.yaml", Reason::PruneOff)]);
    assert_eq!(out.write(&web(&[])).deleted.len(), 1, "it is still known");
}

#[test]
fn an_edited_stale_file_is_kept_and_reported_again() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n"), ("b", "2\n")]));
    fs::write(out.web("configmap-b.yaml"), "mine\n").expect("an edit");
    for _ in 0..2 {
        let summary = out.write(&web(&[("a", "1\n")]));
        assert_eq!(kept(&summary), [("configmap-b.yaml", Reason::Edited)]);
    }
    let summary = out.write_with(&web(&[("a", "1\n")]), &FORCE).expect("a write");
    assert_eq!(paths(&summary.deleted), ["prod/shop/web/configmap-b.yaml"]);
    assert_eq!(snapshot(&out.path), clean(&web(&[("a", "1\n")])));
}

#[test]
fn an_edited_file_that_is_to_change_refuses_the_run() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n"), ("b", "2\n")]));
    fs::write(out.web("configmap-b.yaml"), "mine\n").expect("an edit");
    let next = web(&[("a", "3\n"), ("b", "4\n")]);
    insta::assert_snapshot!(out.refused(&next), @r#"
    error[tree/edited-file]: `OUT/prod/shop/web/configmap-b.yaml` was changed by hand since jibe wrote it
     --> charts/web/templates/all.yaml:1:1
      |
    1 | kind: Any
      | ^^^^ makes the file
      |
      = help: take the change over into values or templates, then run with `--force` to replace the file
    "#);
    out.write_with(&next, &FORCE).expect("a write");
    assert_eq!(snapshot(&out.path), clean(&next));
}

#[test]
fn an_edit_that_the_next_render_makes_too_is_none() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n")]));
    fs::write(out.web("configmap-a.yaml"), "2\n").expect("an edit");
    assert_eq!(out.write(&web(&[("a", "2\n")])).unchanged, 1);
    assert_eq!(snapshot(&out.path), clean(&web(&[("a", "2\n")])));
}

#[test]
fn a_file_with_conflict_marks_is_written_anew() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n")]));
    let conflicted = "<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> feature\n";
    fs::write(out.web("configmap-a.yaml"), conflicted).expect("a merge");
    assert_eq!(out.write(&web(&[("a", "3\n")])).changed.len(), 1);
}

#[test]
fn a_conflicted_inventory_is_a_set_of_hashes() {
    let (ours, theirs) = (Out::new(), Out::new());
    ours.write(&web(&[("a", "1\n"), ("b", "ours\n")]));
    theirs.write(&web(&[("a", "2\n"), ("c", "theirs\n")]));
    let inventory = |out: &Out| out.read("prod/shop/web/.jibe-inventory").expect("an inventory");
    let merged =
        format!("<<<<<<< a\n{}=======\n{}>>>>>>> b\n", inventory(&ours), inventory(&theirs));
    ours.put("prod/shop/web/.jibe-inventory", &merged);
    ours.put("prod/shop/web/configmap-a.yaml", "2\n");
    ours.put("prod/shop/web/configmap-c.yaml", "theirs\n");
    let next = web(&[("a", "3\n")]);
    assert_eq!(ours.write(&next).deleted.len(), 2);
    assert_eq!(snapshot(&ours.path), clean(&next));
}

#[test]
fn an_inventory_that_alone_is_wrong_is_written_anew_and_that_is_said() {
    let out = Out::new();
    let tree = web(&[("a", "1\n")]);
    out.write(&tree);
    let inventory = out.read("prod/shop/web/.jibe-inventory").expect("an inventory");
    out.put(
        "prod/shop/web/.jibe-inventory",
        &format!("<<<<<<< a\n{inventory}=======\n{inventory}>>>>>>> b\n"),
    );
    let summary = out.write(&tree);
    assert_eq!((summary.written(), summary.notes), (0, vec![Note::Inventories(1)]));
    assert_eq!(out.write(&tree).notes, []);
    assert_eq!(snapshot(&out.path), clean(&tree));
}

#[test]
fn a_damaged_inventory_stops_the_run() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n"), ("b", "2\n")]));
    let hash = "0".repeat(64);
    out.put(
        "prod/shop/web/.jibe-inventory",
        &format!("jibe inventory 1 prod/shop/web\n../x.yaml {hash} p/s/w\n"),
    );
    insta::assert_snapshot!(out.refused(&web(&[("a", "1\n")])), @r#"
    error[tree/inventory]: `OUT/prod/shop/web/.jibe-inventory` is damaged: line 2 is none that jibe writes
     |
     = help: restore it with `git checkout -- OUT/prod/shop/web/.jibe-inventory`, or delete it and run with `--adopt`; without it nothing is deleted
    "#);
}

#[test]
fn without_its_inventory_nothing_is_pruned() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n"), ("b", "2\n")]));
    fs::remove_file(out.web(".jibe-inventory")).expect("an inventory");
    let summary = out.write(&web(&[("a", "1\n")]));
    assert_eq!(kept(&summary), [("configmap-b.yaml", Reason::Foreign)]);
    assert_eq!((summary.unchanged, out.names().len()), (1, 2));
}

#[test]
fn foreign_files_are_kept() {
    let out = Out::new();
    out.put("prod/shop/web/README.md", "ours\n");
    out.put("prod/OWNERS", "us\n");
    out.write(&web(&[("a", "1\n")]));
    let summary = out.write_with(&web(&[]), &FORCE).expect("a write");
    assert_eq!(kept(&summary), [("README.md", Reason::Foreign)]);
    let left: Vec<String> = snapshot(&out.path).into_keys().collect();
    assert_eq!(left, ["prod/OWNERS", "prod/shop/web/README.md"]);
}

#[test]
fn a_foreign_file_in_the_way_refuses_the_run_until_it_is_adopted() {
    let out = Out::new();
    out.put("prod/shop/web/configmap-a.yaml", "somebody's\n");
    let next = web(&[("a", "1\n"), ("b", "2\n")]);
    insta::assert_snapshot!(out.refused(&next), @r#"
    error[tree/foreign-file]: `OUT/prod/shop/web/configmap-a.yaml` is in the way: jibe did not write it
     --> charts/web/templates/all.yaml:1:1
      |
    1 | kind: Any
      | ^^^^ makes the file
      |
      = help: move it away, or run with `--adopt` to replace it and own it from then on
    "#);
    let adopt = WriteOptions { foreign: Foreign::Adopt, ..ALL };
    out.write_with(&next, &adopt).expect("a write");
    assert_eq!(snapshot(&out.path), clean(&next));
}

#[test]
fn a_deleted_file_is_written_again() {
    let out = Out::new();
    let tree = web(&[("a", "1\n")]);
    out.write(&tree);
    fs::remove_file(out.web("configmap-a.yaml")).expect("a file");
    assert_eq!(out.write(&tree).added.len(), 1);
}

#[test]
fn a_run_over_some_targets_touches_no_other() {
    let out = Out::new();
    out.write(&tree(&[
        lot("prod/shop/web", &[("a", "1\n")]),
        lot("dev/shop/web", &[("a", "1\n")]),
    ]));
    out.write(&tree(&[lot("dev/shop/web", &[])]));
    assert_eq!(out.names(), ["configmap-a.yaml"]);
}

#[test]
fn folders_of_vanished_targets_go_when_nothing_was_selected() {
    let out = Out::new();
    let (web, api) = (lot("prod/shop/web", &[("a", "1\n")]), lot("prod/shop/api", &[("b", "1\n")]));
    out.write(&tree(&[web.clone(), api]));
    let summary = out.write_with(&tree(std::slice::from_ref(&web)), &ALL).expect("a write");
    assert_eq!(paths(&summary.deleted), ["prod/shop/api/configmap-b.yaml"]);
    assert_eq!(snapshot(&out.path), clean(&tree(&[web])));
}

#[test]
fn an_output_folder_of_another_workspace_within_is_left_alone() {
    let out = Out::new();
    out.put("team/other/README.md", "x\n");
    let inner = web(&[("a", "1\n")]);
    inner.write(&out.path.join("x"), &ALL).expect("a write");
    inner.write(&out.path.join("y/z/w"), &ALL).expect("a write");
    let before = snapshot(&out.path);
    for outer in [tree(&[]), tree(&[lot(WEB, &[])])] {
        let summary = out.write_with(&outer, &ALL).expect("a write");
        assert_eq!((snapshot(&out.path), summary.deleted), (before.clone(), Vec::new()));
    }
}

#[test]
fn folders_that_were_moved_by_hand_are_named_and_left_alone() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n")]));
    fs::rename(out.path.join(WEB), out.path.join("old")).expect("a folder");
    let summary = out.write_with(&web(&[("a", "1\n")]), &ALL).expect("a write");
    assert_eq!(summary.notes, [Note::Elsewhere(RelPath::parse("old").expect("a path"))]);
    assert!(out.path.join("old/configmap-a.yaml").exists());
}

#[test]
fn folders_of_an_earlier_output_path_are_emptied_when_nothing_was_selected() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n")]));
    let moved = Lot { target: WEB.into(), ..lot("web-of-prod", &[("a", "1\n")]) };
    out.write_with(&tree(std::slice::from_ref(&moved)), &ALL).expect("a write");
    assert_eq!(snapshot(&out.path), clean(&tree(&[moved])));
}

fn with_role(target: &str, text: &str) -> Lot {
    Lot { objects: vec![object("ClusterRole", Home::Cluster, "web", text)], ..lot(target, &[]) }
}

#[test]
fn a_shared_file_stays_as_long_as_one_target_needs_it() {
    let out = Out::new();
    let (shop, pay) = ("prod/shop/web", "prod/pay/web");
    let role = "prod/_cluster/web/clusterrole-web.yaml";
    out.write(&tree(&[with_role(shop, "1\n"), with_role(pay, "1\n")]));
    assert!(out.write(&tree(&[lot(shop, &[])])).deleted.is_empty(), "pay needs it");
    assert!(out.read(role).is_some());
    assert_eq!(paths(&out.write(&tree(&[lot(pay, &[])])).deleted), [role]);
}

#[test]
fn a_crlf_checkout_is_clean() {
    let out = Out::new();
    let tree = web(&[("a", "x: 1\ny: 2\n"), ("b", "z: 3\n")]);
    out.write(&tree);
    for name in ["configmap-a.yaml", "configmap-b.yaml", ".jibe-inventory"] {
        let text = fs::read_to_string(out.web(name)).expect("a file");
        fs::write(out.web(name), text.replace('\n', "\r\n")).expect("a checkout");
    }
    let before = snapshot(&out.path);
    let summary = out.write(&tree);
    assert_eq!((summary.unchanged, summary.notes), (2, vec![Note::Crlf(2)]));
    assert_eq!(snapshot(&out.path), before);
    assert_eq!(out.write(&web(&[("a", "x: 1\ny: 2\n")])).deleted.len(), 1, "it is still ours");
}

#[test]
fn a_replaced_file_keeps_its_mode() {
    let out = Out::new();
    out.write(&web(&[("a", "1\n")]));
    let file = out.web("configmap-a.yaml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).expect("a mode");
    out.write(&web(&[("a", "2\n")]));
    let meta = fs::metadata(&file).expect("a file");
    assert_eq!(
        (meta.mode() & 0o777, fs::read_to_string(&file).expect("a file")),
        (0o444, "2\n".into())
    );
}

#[test]
fn a_set_group_id_folder_hands_its_group_down() {
    let out = Out::new();
    fs::create_dir_all(&out.path).expect("a folder");
    fs::set_permissions(&out.path, fs::Permissions::from_mode(0o2775)).expect("a mode");
    out.write(&web(&[("a", "1\n")]));
    let group = |path: &std::path::Path| fs::metadata(path).expect("an entry").gid();
    assert_eq!(group(&out.web("configmap-a.yaml")), group(&out.path));
    assert_ne!(fs::metadata(out.path.join(WEB)).expect("a folder").mode() & 0o2000, 0);
}

#[test]
fn what_is_no_file_is_never_replaced() {
    let out = Out::new();
    let outside = out.path.with_extension("outside");
    fs::write(&outside, "precious\n").expect("a file");
    out.put("prod/shop/web/configmap-a.yaml/inside", "x\n");
    symlink(&outside, out.web("configmap-b.yaml")).expect("a link");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        out.web("configmap-c.yaml"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .expect("a fifo");
    let next = web(&[("a", "1\n"), ("b", "2\n"), ("c", "3\n")]);
    insta::assert_snapshot!(out.refused_with(&next, &WriteOptions { foreign: Foreign::Adopt, ..FORCE }), @r#"
    error[tree/in-the-way]: `OUT/prod/shop/web/configmap-a.yaml` is a folder, where a manifest is to be written
     --> charts/web/templates/all.yaml:1:1
      |
    1 | kind: Any
      | ^^^^ makes the file
      |
      = help: move it away; below the output folder no link is followed

    error[tree/in-the-way]: `OUT/prod/shop/web/configmap-b.yaml` is a link, where a manifest is to be written
     --> charts/web/templates/all.yaml:1:1
      |
    1 | kind: Any
      | ^^^^ makes the file
      |
      = help: move it away; below the output folder no link is followed

    error[tree/in-the-way]: `OUT/prod/shop/web/configmap-c.yaml` is a fifo, where a manifest is to be written
     --> charts/web/templates/all.yaml:1:1
      |
    1 | kind: Any
      | ^^^^ makes the file
      |
      = help: move it away; below the output folder no link is followed
    "#);
    assert_eq!(fs::read_to_string(outside).expect("a file"), "precious\n");
}

#[test]
fn no_link_below_the_root_is_followed() {
    let out = Out::new();
    let outside = out.path.with_extension("outside");
    fs::create_dir_all(&outside).expect("a folder");
    fs::create_dir_all(out.path.join("prod")).expect("a folder");
    symlink(&outside, out.path.join("prod/shop")).expect("a link");
    insta::assert_snapshot!(out.refused(&web(&[("a", "1\n")])), @r#"
    error[tree/in-the-way]: `OUT/prod/shop` is a link, where a folder is to be written
     |
     = help: move it away; below the output folder no link is followed
    "#);
    assert!(snapshot(&outside).is_empty());
}

#[test]
fn the_root_may_be_a_link() {
    let out = Out::new();
    let real = out.path.with_extension("real");
    fs::create_dir_all(&real).expect("a folder");
    symlink(&real, &out.path).expect("a link");
    out.write(&web(&[("a", "1\n")]));
    assert_eq!(snapshot(&real), clean(&web(&[("a", "1\n")])));
}

#[test]
fn a_folder_swapped_for_a_link_after_planning_is_refused() {
    use crate::tree::folder::Folder;
    let out = Out::new();
    out.write(&web(&[("a", "1\n")]));
    let root = Folder::root(&out.path).expect("a root");
    let path = RelPath::parse(WEB).expect("a path");
    assert!(root.open(&path).expect("a folder").is_some());
    fs::rename(out.path.join("prod/shop"), out.path.join("prod/moved")).expect("a folder");
    symlink("moved", out.path.join("prod/shop")).expect("a link");
    assert!(root.open(&path).is_err(), "it leads into the same folder, but it is a link");
    assert!(root.make(&path, &mut Vec::new()).is_err());
}

type Files = Vec<(String, String)>;

fn any_files() -> impl Strategy<Value = Files> {
    let name = prop::sample::select(vec!["a", "b", "c", "d"]);
    let text = prop::sample::select(vec!["1\n", "2\n", "3\n"]);
    prop::collection::btree_map(name.prop_map(str::to_owned), text.prop_map(str::to_owned), 0..4)
        .prop_map(|files| files.into_iter().collect())
}

fn of(files: &Files) -> crate::tree::Tree {
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
    web(&files)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn whatever_was_written_before_a_write_ends_as_a_clean_one(history in prop::collection::vec(any_files(), 1..5)) {
        let out = Out::new();
        for files in &history {
            out.write(&of(files));
            let again = out.write(&of(files));
            prop_assert_eq!(again.written() + again.deleted.len(), 0);
        }
        let last = history.last().expect("at least one");
        prop_assert_eq!(snapshot(&out.path), clean(&of(last)));
    }
}
