//! One file by itself.

use crate::source::RelPath;
use crate::tree::{Written, write_file};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

fn write(root: &Path, path: &str, text: &str) -> Result<Written, String> {
    let path = RelPath::parse(path).expect("a path");
    let written = write_file(root, &path, text, |text| text.starts_with("own"));
    written.map_err(|failure| failure.to_string())
}

fn names(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root).expect("a folder").map(|entry| entry.expect("an entry"));
    let mut names: Vec<_> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_added_with_its_folders_changed_and_not_touched_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    assert_eq!(write(root, "a/b/c", "own 1"), Ok(Written::Added));
    fs::set_permissions(root.join("a/b/c"), fs::Permissions::from_mode(0o640)).expect("a mode");
    assert_eq!(write(root, "a/b/c", "own 2"), Ok(Written::Changed));
    assert_eq!(write(root, "a/b/c", "own 2"), Ok(Written::Unchanged));
    let mode = fs::metadata(root.join("a/b/c")).expect("a file").permissions().mode();
    assert_eq!((mode & 0o777, names(&root.join("a/b"))), (0o640, vec!["c".to_owned()]));
}

#[test]
fn what_is_not_ones_own_is_not_replaced_and_no_link_is_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::write(root.join("foreign"), "else").expect("a file");
    symlink("foreign", root.join("link")).expect("a link");
    fs::create_dir(root.join("real")).expect("a folder");
    symlink("real", root.join("way")).expect("a link");
    for (path, why) in [
        ("foreign", "is something else than what is to be written"),
        ("link", "is a link, where a file is to be written"),
        ("real", "is a folder, where a file is to be written"),
        ("way/new", "is a link, where a folder is to be written"),
    ] {
        let refused = write(root, path, "own").expect_err("a refusal");
        assert!(refused.contains(why), "{refused}");
    }
    assert_eq!(fs::read_to_string(root.join("foreign")).expect("a file"), "else");
    assert_eq!(names(root), ["foreign", "link", "real", "way"]);
    assert_eq!(names(&root.join("real")), [""; 0]);
}
