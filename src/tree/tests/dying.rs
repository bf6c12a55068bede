//! Runs that are killed, starved, or not alone.
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use super::{Out, WEB, clean, lot, snapshot, tree, web};
use crate::tree::{Scope, Tree, WriteOptions};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

const KILL_AT: &str = "JIBE_TEST_KILL_AT";
const CHILD_ROOT: &str = "JIBE_TEST_ROOT";
const CHILD_TREE: &str = "JIBE_TEST_TREE";

/// The point at which this process is to kill itself.
pub(in crate::tree) fn kill_at() -> Option<usize> {
    std::env::var(KILL_AT).ok()?.parse().ok()
}

/// How many files each target of [`version`] has: enough for 200 points at which a run can be killed.
const FILES: usize = 32;

/// Trees over which runs are killed: files added, changed, kept and stale in every step, a target
/// that comes and one that goes.
pub(super) fn version(number: usize) -> Tree {
    // Files of an even number never change.
    let text =
        |n: usize| format!("file: {}\n", if n.is_multiple_of(2) { 0 } else { number }).repeat(9);
    let mut parts = Vec::new();
    let targets = ["dev/shop/web", "prod/shop/api", WEB, ["new/one/x", "new/two/x"][number % 2]];
    for target in targets {
        let names: Vec<String> = (number..number + FILES).map(|n| format!("file-{n}")).collect();
        let texts: Vec<String> = (number..number + FILES).map(text).collect();
        let maps: Vec<(&str, &str)> =
            names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        parts.push(lot(target, &maps));
    }
    tree(&parts)
}

pub(super) const ALL: WriteOptions = WriteOptions {
    scope: Scope::All,
    prune: crate::tree::Prune::Stale,
    edited: crate::tree::Edited::Keep,
    foreign: crate::tree::Foreign::Refuse,
    patience: Duration::from_secs(10),
};

/// Not a test of its own: what a child process does.
#[test]
fn child() {
    let (Ok(root), Ok(number)) = (std::env::var(CHILD_ROOT), std::env::var(CHILD_TREE)) else {
        return;
    };
    let number = number.parse().expect("a number");
    let summary = version(number).write(Path::new(&root), &ALL).expect("a write");
    eprintln!("{:?}", summary.notes);
}

pub(super) fn command(root: &Path, number: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", "tree::tests::dying::child", "--nocapture"]);
    command.env(CHILD_ROOT, root).env(CHILD_TREE, number.to_string());
    command
}

/// The same command with a shell's words before it.
pub(super) fn after(shell: &str, mut inner: Command) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{shell}; exec \"$0\" \"$@\"")]).arg(inner.get_program());
    command.args(inner.get_args());
    for (key, value) in inner.get_envs() {
        command.env(key, value.expect("a value"));
    }
    inner.stdout(Stdio::null());
    command.output().expect("a shell")
}

/// Starts runs from version 0 to 1, kills each at another point, and lets another run follow: of
/// version 0, 1 or 2 in turn.
#[test]
fn a_run_killed_at_each_of_200_points_leaves_whole_files_and_the_next_one_finishes_whatever_its_input()
 {
    let versions = [0, 1, 2].map(|number| clean(&version(number)));
    let mut survived = false;
    let mut points = 0;
    while !survived {
        let next = points % 3;
        let out = Out::new();
        out.put("prod/shop/web/README.md", "foreign\n");
        version(0).write(&out.path, &ALL).expect("a write");
        let mut command = command(&out.path, 1);
        let status = command.env(KILL_AT, points.to_string()).stdout(Stdio::null()).status();
        survived = status.expect("a child").signal().is_none();
        whole(&snapshot(&out.path), &versions[0], &versions[1]);
        version(next).write(&out.path, &ALL).expect("a run after a kill");
        let mut result = snapshot(&out.path);
        assert_eq!(result.remove("prod/shop/web/README.md").as_deref(), Some("foreign\n"));
        same(&result, &versions[next], &format!("killed at point {points}, then version {next}"));
        points += 1;
    }
    let kills = points - 1;
    assert!(kills >= 200, "killed at {kills} points only");
}

/// Names the files in which two folders differ.
pub(super) fn same(now: &BTreeMap<String, String>, expect: &BTreeMap<String, String>, when: &str) {
    let paths = now.keys().chain(expect.keys());
    let wrong: BTreeSet<&String> =
        paths.filter(|path| now.get(*path) != expect.get(*path)).collect();
    assert!(wrong.is_empty(), "{when}: {wrong:?}");
}

/// Every file that anybody reads is as before or as wanted.
pub(super) fn whole(
    now: &BTreeMap<String, String>,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) {
    for (path, text) in now.iter().filter(|(path, _)| path.ends_with(".yaml")) {
        let known = [old.get(path), new.get(path)];
        assert!(known.contains(&Some(text)), "{path} is neither old nor new");
    }
    for path in old.keys().filter(|path| new.contains_key(*path)) {
        assert!(now.contains_key(path), "{path} is lost");
    }
}

/// Renames reach the disk in any order, or not at all, until the second sync; the lock file with the
/// journal, and the bytes of all temporary files, are there since the first.
#[test]
fn whichever_renames_a_power_cut_loses_the_next_run_finishes() {
    let (old, new) = (clean(&version(0)), clean(&version(1)));
    let (journal, expect) = (journal(), clean(&version(2)));
    let files = [&old, &new].map(|files| files.keys().cloned());
    let paths: Vec<String> = files.into_iter().flatten().collect();
    for seed in 0..60_u64 {
        let out = Out::new();
        out.put(".jibe-lock", &journal);
        for (index, path) in paths.iter().enumerate() {
            // Any fixed mixture will do; each seed is another one.
            let lost = (seed.wrapping_mul(0x9E37_79B9) >> (index % 29)) & 1 == 1;
            if let Some(text) = if lost { old.get(path) } else { new.get(path) } {
                out.put(path, text);
            }
        }
        version(2).write(&out.path, &ALL).expect("a run after a power cut");
        same(&snapshot(&out.path), &expect, &format!("seed {seed}"));
    }
}

/// The lock file of a run from version 0 to 1 that was killed behind its first rename.
fn journal() -> String {
    for point in 0.. {
        let out = Out::new();
        version(0).write(&out.path, &ALL).expect("a write");
        let mut command = command(&out.path, 1);
        command.env(KILL_AT, point.to_string()).stdout(Stdio::null()).status().expect("a child");
        let text = out.read(".jibe-lock").expect("a killed run");
        if text.lines().count() > 10 {
            return text;
        }
    }
    unreachable!("a run writes its journal at some point")
}

#[test]
fn two_runs_at_once_end_as_one() {
    let out = Out::new();
    let children: Vec<_> = (0..4)
        .map(|n| {
            command(&out.path, n % 2)
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .expect("a child")
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().expect("a child");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let result = snapshot(&out.path);
    assert!([clean(&version(0)), clean(&version(1))].contains(&result));
}

#[test]
fn a_second_run_names_the_first_when_its_patience_ends() {
    use crate::tree::{folder::Folder, lock::Lock};
    let out = Out::new();
    fs::create_dir_all(&out.path).expect("a folder");
    let root = Folder::root(&out.path).expect("a folder");
    let lock = Lock::take(&root, Duration::ZERO, &AtomicBool::new(false)).expect("a lock");
    let hasty = WriteOptions { patience: Duration::from_millis(60), ..ALL };
    let failure = web(&[("a", "1\n")]).write(&out.path, &hasty).expect_err("a busy folder");
    let expect = format!("another run, process {}, is writing into", std::process::id());
    assert!(failure.to_string().contains(&expect), "{failure}");
    assert_eq!(failure.diagnostics()[0].code, crate::diag::Code::TreeBusy);
    lock.release(&root).expect("the end of a run");
    web(&[("a", "1\n")]).write(&out.path, &hasty).expect("a free folder");
}

#[test]
fn the_lock_of_a_dead_process_is_free() {
    let out = Out::new();
    out.put(".jibe-lock", "\npid 1\nsome torn line");
    out.write(&web(&[("a", "1\n")]));
    assert_eq!(snapshot(&out.path), clean(&web(&[("a", "1\n")])));
}

#[test]
fn what_a_killed_run_began_for_other_targets_is_not_forgotten() {
    let out = Out::new();
    version(0).write(&out.path, &ALL).expect("a write");
    let mut child = command(&out.path, 1);
    child.env(KILL_AT, "60").stdout(Stdio::null()).status().expect("a child");
    let selected = WriteOptions { scope: Scope::Selected, ..ALL };
    tree(&[lot("qa/shop/web", &[("a", "1\n")])]).write(&out.path, &selected).expect("a write");
    tree(&[lot("qa/shop/web", &[])]).write(&out.path, &selected).expect("a write");
    version(2).write(&out.path, &ALL).expect("a write");
    same(&snapshot(&out.path), &clean(&version(2)), "in the end");
}

#[test]
fn modes_follow_the_umask() {
    for (umask, file, folder) in
        [("077", 0o600, 0o700), ("022", 0o644, 0o755), ("000", 0o666, 0o777)]
    {
        let out = Out::new();
        let output = after(&format!("umask {umask}"), command(&out.path, 0));
        assert!(output.status.success());
        let mode = |path: &Path| fs::metadata(path).expect("an entry").mode() & 0o777;
        assert_eq!(mode(&out.web("configmap-file-0.yaml")), file, "umask {umask}");
        assert_eq!(mode(&out.web(".jibe-inventory")), file, "umask {umask}");
        assert_eq!(mode(&out.path.join(WEB)), folder, "umask {umask}");
    }
}

/// `ulimit -f` counts blocks of 512 bytes; a write past them fails as one to a full disk does.
#[test]
fn a_limit_of_file_sizes_changes_nothing_wherever_it_strikes() {
    let out = Out::new();
    version(0).write(&out.path, &ALL).expect("a write");
    let before = snapshot(&out.path);
    for blocks in (1..).step_by(7) {
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}");
        let output = after(&limit, command(&out.path, 1));
        if output.status.success() {
            assert!(blocks > 20, "the limit struck a few times");
            break;
        }
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains("cannot be written: File too large"), "{message}");
        same(&snapshot(&out.path), &before, &limit);
    }
    same(&snapshot(&out.path), &clean(&version(1)), "without a limit that strikes");
}

/// A small file system in memory, if this user may mount one.
fn small_disk(bytes: usize) -> Option<(tempfile::TempDir, Mounted)> {
    let folder = tempfile::tempdir().expect("a folder");
    let options = format!("size={bytes},nr_inodes=4096");
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder.path()).stderr(Stdio::null());
    let mounted = mount.status().is_ok_and(|status| status.success());
    let path = folder.path().to_owned();
    mounted.then(|| (folder, Mounted(path)))
}

struct Mounted(std::path::PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    let Some((folder, _mounted)) = small_disk(2 * 1024 * 1024) else {
        eprintln!("skipped: this user may not mount a small file system");
        return;
    };
    let root = folder.path().join("rendered");
    version(0).write(&root, &ALL).expect("a write");
    let before = snapshot(&root);
    let (mut refused, mut room) = (0, 0);
    loop {
        fill_up_to(folder.path(), room);
        let result = version(1).write(&root, &ALL);
        fs::remove_file(folder.path().join("filler")).expect("the filler");
        let Err(failure) = result else { break };
        assert!(failure.to_string().contains("No space left on device"), "{failure}");
        same(&snapshot(&root), &before, &format!("with {room} pages of room"));
        assert!(room < 400, "there is room enough for every file twice");
        (refused, room) = (refused + 1, room + 3);
    }
    assert!(refused > 10, "only {refused} points");
    same(&snapshot(&root), &clean(&version(1)), "with room enough");
}

/// Fills a small disk but for some pages.
fn fill_up_to(disk: &Path, pages: usize) {
    let stat = rustix::fs::statvfs(disk).expect("a file system");
    let free = usize::try_from(stat.f_bavail * stat.f_frsize).expect("a small disk");
    fs::write(disk.join("filler"), vec![0; free.saturating_sub(pages * 4096)]).expect("room");
}

#[test]
fn a_read_only_folder_is_refused_before_anything_is_written() {
    let Some((folder, mounted)) = small_disk(2 * 1024 * 1024) else {
        eprintln!("skipped: this user may not mount a small file system");
        return;
    };
    let root = folder.path().join("rendered");
    version(0).write(&root, &ALL).expect("a write");
    let before = snapshot(&root);
    let mut remount = Command::new("mount");
    remount.args(["-o", "remount,ro"]).arg(&mounted.0).stderr(Stdio::null());
    if !remount.status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: this user may not make a file system read-only");
        return;
    }
    let failure = version(1).write(&root, &ALL).expect_err("a read-only folder").to_string();
    assert!(failure.contains("cannot be locked: Read-only file system"), "{failure}");
    same(&snapshot(&root), &before, "read-only");
}

/// Runs version 1 over version 0 with less rights than this process has; none if nobody can take them.
fn with_less_rights(out: &Out, setpriv: &str) -> Option<Output> {
    let probe = Command::new("sh").args(["-c", &format!("{setpriv} true")]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: `{setpriv}` does not work here");
        return None;
    }
    Some(after(&format!("exec {setpriv} \"$0\" \"$@\""), command(&out.path, 1)))
}

fn chmod(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("an own file");
}

#[test]
fn a_folder_where_nothing_may_be_deleted_is_met_before_anything_is_written() {
    let out = Out::new();
    version(0).write(&out.path, &ALL).expect("a write");
    let before = snapshot(&out.path);
    chmod(&out.path.join("new/one/x"), 0o555);
    let output = with_less_rights(&out, "setpriv --bounding-set=-dac_override,-dac_read_search");
    chmod(&out.path.join("new/one/x"), 0o755);
    let Some(output) = output else { return };
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("new/one/x` cannot be changed: Permission denied"), "{message}");
    assert!(message.contains("tree/io"), "{message}");
    same(&snapshot(&out.path), &before, "refused");
}

#[test]
fn files_of_others_in_a_sticky_folder_are_met_before_anything_is_written() {
    let out = Out::new();
    version(0).write(&out.path, &ALL).expect("a write");
    let before = snapshot(&out.path);
    let opened = Command::new("chmod").args(["-R", "a+rwX"]).arg(&out.path).status();
    assert!(opened.expect("chmod").success());
    chmod(out.path.parent().expect("a folder"), 0o755);
    chmod(&out.path.join(WEB), 0o1777);
    let Some(output) = with_less_rights(&out, "setpriv --reuid=65534 --clear-groups") else {
        return;
    };
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(
        message.contains("prod/shop/web` cannot be changed: Operation not permitted"),
        "{message}"
    );
    same(&snapshot(&out.path), &before, "refused");
}

#[test]
fn a_run_that_stops_midway_says_what_it_did() {
    let trouble = |done: super::super::write::Done| {
        let finding =
            crate::diag::Diagnostic::error(crate::diag::Code::TreeIo, "`x` cannot be deleted");
        done.unfinished(Box::new(finding)).to_string()
    };
    let done = |written, deleted| super::super::write::Done { written, deleted };
    assert_eq!(trouble(done(0, 0)), "error[tree/io]: `x` cannot be deleted");
    assert_eq!(
        trouble(done(12, 1)),
        "error[tree/unfinished]: `x` cannot be deleted; before that 12 files were written and 1 file deleted"
    );
}
