//! Runs that the operating system lets down, or that are told to stop.
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use super::dying::{ALL, after, command, same, version};
use super::{Out, WEB, clean, snapshot};
use rustix::fs::{XattrFlags, getxattr, setxattr};
use std::fs;
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;

/// Runs version 1 over version 0 while the kernel answers a call with an error, as strace says it; none
/// where strace may not.
fn with_fault(out: &Out, fault: &str) -> Option<Output> {
    let probe = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: strace does not work here");
        return None;
    }
    let calls = fault.split(':').next().unwrap_or_default();
    let strace = format!(
        "export RAYON_NUM_THREADS=1; exec strace -f -qq -o /dev/null -e trace={calls} -e inject={fault} \"$0\" \"$@\""
    );
    Some(after(&strace, command(&out.path, 1)))
}

/// A fault that strikes before the first rename: a message, and everything as before.
fn check(fault: &str, expect: &str) {
    let out = Out::new();
    version(0).write(&out.path, &ALL).expect("a write");
    let before = snapshot(&out.path);
    let Some(output) = with_fault(&out, fault) else { return };
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && message.contains(expect), "{fault}: {message}");
    assert!(message.contains("error[tree/io]"), "{fault}: {message}");
    same(&snapshot(&out.path), &before, fault);
}

const RENAME: &str = "renameat,renameat2,rename";

#[test]
fn a_broken_disk_changes_nothing_until_the_first_rename() {
    check("write:error=EIO:when=10", "cannot be written: Input/output error");
    check("write:error=EDQUOT:when=30", "cannot be written: Disk quota exceeded");
    check("syncfs:error=EIO:when=1", "cannot be synced: Input/output error");
    check(&format!("{RENAME}:error=EIO:when=1"), "cannot be written: Input/output error");
}

#[test]
fn a_disk_that_breaks_between_renames_leaves_whole_files_and_the_next_run_finishes() {
    for point in [2, 30, 60] {
        let out = Out::new();
        version(0).write(&out.path, &ALL).expect("a write");
        let fault = format!("{RENAME}:error=EIO:when={point}+");
        let Some(output) = with_fault(&out, &fault) else { return };
        let message = String::from_utf8_lossy(&output.stderr);
        let files =
            if point == 2 { "1 file were".into() } else { format!("{} files were", point - 1) };
        assert!(message.contains(&format!("before that {files} written and 0 files")), "{message}");
        assert!(message.contains("tree/unfinished"), "{message}");
        super::dying::whole(&snapshot(&out.path), &clean(&version(0)), &clean(&version(1)));
        version(2).write(&out.path, &ALL).expect("a run after it");
        same(&snapshot(&out.path), &clean(&version(2)), &fault);
    }
}

#[test]
fn a_file_system_without_locks_is_written_to_and_said_so() {
    for error in ["ENOLCK", "EOPNOTSUPP", "ENOSYS"] {
        let out = Out::new();
        version(0).write(&out.path, &ALL).expect("a write");
        let Some(output) = with_fault(&out, &format!("flock:error={error}")) else { return };
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}: {message}");
        assert!(message.contains("[NoLock]"), "{error}: {message}");
        same(&snapshot(&out.path), &clean(&version(1)), error);
    }
}

#[test]
fn a_run_that_is_told_to_stop_changes_nothing() {
    let out = Out::new();
    version(0).write(&out.path, &ALL).expect("a write");
    let before = snapshot(&out.path);
    let failure = version(1).write_unless(&AtomicBool::new(true), &out.path, &ALL);
    let message = failure.expect_err("a stopped run").to_string();
    assert!(message.contains("stopped before anything in"), "{message}");
    same(&snapshot(&out.path), &before, "stopped");
    version(1).write(&out.path, &ALL).expect("a run after it");
    same(&snapshot(&out.path), &clean(&version(1)), "a run after it");
}

/// The access control list that gives the group 12345 all rights, as the kernel keeps it: a version, then
/// tag, rights and number of each entry.
fn list() -> Vec<u8> {
    let entries: [(u16, u16, u32); 5] = [
        (0x01, 7, u32::MAX), // the owner
        (0x04, 5, u32::MAX), // the owner's group
        (0x08, 7, 12345),    // another group
        (0x10, 7, u32::MAX), // the mask
        (0x20, 0, u32::MAX), // others
    ];
    let mut bytes = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, number) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(rights.to_le_bytes());
        bytes.extend(number.to_le_bytes());
    }
    bytes
}

#[test]
fn an_access_control_list_is_handed_down_to_new_files_and_kept_by_replaced_ones() {
    let out = Out::new();
    fs::create_dir_all(&out.path).expect("a folder");
    let set = setxattr(&out.path, "system.posix_acl_default", &list(), XattrFlags::empty());
    if let Err(error) = set {
        eprintln!("skipped: no access control lists here: {error}");
        return;
    }
    for number in [0, 1] {
        version(number).write(&out.path, &ALL).expect("a write");
        for name in ["configmap-file-1.yaml", "configmap-file-25.yaml", ".jibe-inventory"] {
            let path = out.path.join(WEB).join(name);
            let mut found = vec![0; 256];
            let length = getxattr(&path, "system.posix_acl_access", &mut found);
            found.truncate(length.expect("a list"));
            let group = found[4..].chunks(8).find(|entry| entry[4..] == 12345_u32.to_le_bytes());
            assert_eq!(group.map(|entry| entry[0]), Some(0x08), "{name} of version {number}");
        }
    }
}
