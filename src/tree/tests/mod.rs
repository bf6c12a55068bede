//! The writer against real folders.
//!
//! Which fault of a work tree is met where; tests of other files are named with their file:
//!
//! | | fault | test |
//! |---|---|---|
//! | 1, 2, 3 | killed between temporary file, rename, inventory and deletes; leftovers of it | `dying::a_run_killed_at_each_of_200_points_leaves_whole_files_and_the_next_one_finishes_whatever_its_input`, `dying::what_a_killed_run_began_for_other_targets_is_not_forgotten` |
//! | 4 | power cut that loses any of the unsynced renames | `dying::whichever_renames_a_power_cut_loses_the_next_run_finishes` |
//! | 5, 6 | full disk or quota at any byte, of an inventory too | `dying::a_full_disk_changes_nothing`, `dying::a_limit_of_file_sizes_changes_nothing_wherever_it_strikes` |
//! | 7 | quota and broken disk on write, sync and rename | `faults::a_broken_disk_changes_nothing_until_the_first_rename`, `faults::a_disk_that_breaks_between_renames_leaves_whole_files_and_the_next_run_finishes` |
//! | 8 | read-only folder; one where nothing may be deleted | `dying::a_read_only_folder_is_refused_before_anything_is_written`, `dying::a_folder_where_nothing_may_be_deleted_is_met_before_anything_is_written`, `dying::files_of_others_in_a_sticky_folder_are_met_before_anything_is_written` |
//! | 9 | read-only target | `writing::a_replaced_file_keeps_its_mode` |
//! | 10, 11 | target is a folder, link, fifo | `writing::what_is_no_file_is_never_replaced` |
//! | 12 | link on the way, folder swapped for a link | `writing::no_link_below_the_root_is_followed`, `writing::a_folder_swapped_for_a_link_after_planning_is_refused` |
//! | 13 | output folder is a link | `writing::the_root_may_be_a_link` |
//! | 14 | output folder is `/`, home, `.git`, a source, full of foreign files | `refusing`, `writing::a_foreign_file_in_the_way_refuses_the_run_until_it_is_adopted` |
//! | 15 | two runs at once | `dying::two_runs_at_once_end_as_one`, `dying::a_second_run_names_the_first_when_its_patience_ends` |
//! | 16 | runs over different environments | `writing::a_run_over_some_targets_touches_no_other` |
//! | 17 | lock of a dead process | `dying::the_lock_of_a_dead_process_is_free` |
//! | 18 | file system without locks | `faults::a_file_system_without_locks_is_written_to_and_said_so` |
//! | 19, 20 | stale files, edited or not | `writing::a_stale_file_is_deleted`, `writing::an_edited_stale_file_is_kept_and_reported_again` |
//! | 21 | foreign files | `writing::foreign_files_are_kept` |
//! | 22, 23 | owned file or inventory deleted by hand | `writing::a_deleted_file_is_written_again`, `writing::without_its_inventory_nothing_is_pruned` |
//! | 24 | inventory damaged, leading elsewhere, or conflicted | `writing::a_damaged_inventory_stops_the_run`, `writing::a_conflicted_inventory_is_a_set_of_hashes` |
//! | 25 | two objects with one path | `laying::a_path_without_namespaces_makes_targets_collide`; golden `refused/two-objects-with-one-identity` |
//! | 26, 27 | names that differ in case or normalisation only | `laying::names_that_differ_in_case_only_are_an_error_that_names_both`, `name::tests` |
//! | 28, 29 | Windows devices; any bytes | `name::tests`, tests/hostile/names.rs |
//! | 30 | umask | `dying::modes_follow_the_umask` |
//! | 31 | set-group-id folder; access control lists | `writing::a_set_group_id_folder_hands_its_group_down`, `faults::an_access_control_list_is_handed_down_to_new_files_and_kept_by_replaced_ones` |
//! | 32 | CRLF in what is read | `laying::texts_end_in_one_line_feed`, tests/work_tree.rs `a_checkout_with_autocrlf_renders_the_same_bytes` |
//! | 33 | CRLF in the work tree | `writing::a_crlf_checkout_is_clean`, tests/work_tree.rs `a_checkout_with_autocrlf_is_clean_and_stays_as_it_is` |
//! | 34, 36 | language, time zone, user, folder; order and dates of the files that are read | tests/example/main.rs `nothing_around_the_process_changes_a_byte` |
//! | 35 | threads, repeats, order of targets | tests/example/main.rs `fifty_builds_with_1_2_and_16_threads_give_the_same_bytes`, `laying::the_order_of_targets_does_not_matter` |
//! | 37 | link, fifo, socket, device among the files of a chart | tests/hostile/files.rs |
//! | 38 | file that changes while it is read | source/files/tests.rs `a_file_is_read_once` |
//! | 39 | closed standard output; signals | golden `render/nobody-reads-to-the-end`, tests/work_tree.rs `a_signal_ends_a_waiting_run_at_once_and_leaves_nothing`, `faults::a_run_that_is_told_to_stop_changes_nothing` |
//! | 40 | values of 50 MiB; 10,000 environments | tests/hostile/values.rs, tests/hostile/limits.rs |
//!
//! Not met by a test: an error that only `close` gives, as NFS may (on Linux the sync before the first
//! rename gives it, too), and 100,000 objects in one run (it takes a minute, and the memory of a
//! machine is its only limit).
#![expect(clippy::disallowed_methods, reason = "tests look at and spoil what was written")]

mod checked;
mod comparing;
mod dying;
mod faults;
mod laying;
mod refusing;
mod single;
mod writing;

pub(super) use dying::kill_at;

use super::lay_out::{Home, Identity, Lot, Object, lay_out};
use super::{Summary, Tree, WriteOptions};
use crate::diag::{Failure, Sink};
use crate::source::{Files, Inputs, Place, RelPath};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A place that every object of a test comes from.
pub(super) fn place() -> (Files, Place) {
    let files = Files::memory([("charts/web/templates/all.yaml", "kind: Any\n")]).expect("a path");
    let path = RelPath::parse("charts/web/templates/all.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a file");
    (files, source.place(0, 4))
}

fn object(kind: &str, home: Home, name: &str, text: &str) -> Object {
    let identity = Identity { group: None, kind: kind.into(), home, name: name.into() };
    Object::new(identity, text.into(), place().1)
}

/// `ConfigMap` objects of a target `environment/namespace/service`: name and text.
pub(super) fn lot(target: &str, maps: &[(&str, &str)]) -> Lot {
    let cluster = match target.split('/').collect::<Vec<_>>()[..] {
        [environment, _, service] => format!("{environment}/_cluster/{service}"),
        _ => target.to_owned(),
    };
    let path = |text: &str| RelPath::parse(text).expect("a path");
    let objects = maps.iter().map(|(name, text)| object("ConfigMap", Home::Own, name, text));
    Lot {
        target: target.into(),
        folder: path(target),
        cluster_folder: path(&cluster),
        objects: objects.collect(),
    }
}

fn try_tree(lots: &[Lot]) -> Result<Tree, Failure> {
    let mut sink = Sink::new(&place().0);
    let tree = lay_out(lots.to_vec(), &mut sink);
    sink.finish()?;
    Ok(tree.expect("no error was reported"))
}

pub(super) fn tree(lots: &[Lot]) -> Tree {
    try_tree(lots).expect("a tree")
}

/// The tree of one target with these files.
pub(super) fn web(maps: &[(&str, &str)]) -> Tree {
    tree(&[lot("prod/shop/web", maps)])
}

const WEB: &str = "prod/shop/web";

/// An output folder that goes when the test ends.
struct Out {
    _temporary: TempDir,
    path: PathBuf,
}

impl Out {
    fn new() -> Self {
        // In memory if there is such a folder: a disk is slow to sync.
        let temporary = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let temporary = temporary.expect("a folder for temporary files");
        let path = temporary.path().join("rendered");
        Self { _temporary: temporary, path }
    }

    fn write(&self, tree: &Tree) -> Summary {
        self.write_with(tree, &WriteOptions::default()).expect("a write")
    }

    fn write_with(&self, tree: &Tree, options: &WriteOptions) -> Result<Summary, Failure> {
        tree.write(&self.path, options)
    }

    /// The findings of a write that is refused; each must leave the folder as it was.
    fn refused(&self, tree: &Tree) -> String {
        self.refused_with(tree, &WriteOptions::default())
    }

    fn refused_with(&self, tree: &Tree, options: &WriteOptions) -> String {
        let before = snapshot(&self.path);
        let failure = self.write_with(tree, options).expect_err("a refusal");
        assert_eq!(snapshot(&self.path), before, "a refused run changed something");
        failure.to_string().replace(&self.path.display().to_string(), "OUT")
    }

    fn web(&self, name: &str) -> PathBuf {
        self.path.join(WEB).join(name)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.path.join(path)).ok()
    }

    /// The names of the manifests of `prod/shop/web`.
    fn names(&self) -> Vec<String> {
        let files = snapshot(&self.path.join(WEB));
        files.into_keys().filter(|name| !name.starts_with('.')).collect()
    }
}

/// Every file below a folder, hidden ones included, with its text; links with where they lead.
fn snapshot(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder).expect("below").display().to_string();
            let meta = fs::symlink_metadata(&path).expect("an entry");
            if meta.is_dir() {
                open.push(path);
            } else if meta.is_symlink() {
                files.insert(name, fs::read_link(&path).expect("a link").display().to_string());
            } else if meta.is_file() {
                files.insert(
                    name,
                    String::from_utf8_lossy(&fs::read(&path).expect("a file")).into(),
                );
            }
        }
    }
    files
}

/// What a folder holds after nothing but this write.
fn clean(tree: &Tree) -> BTreeMap<String, String> {
    let out = Out::new();
    out.write(tree);
    snapshot(&out.path)
}

fn paths(paths: &[RelPath]) -> Vec<&str> {
    paths.iter().map(RelPath::as_str).collect()
}
