//! What a hostile or careless folder may hold.
#![cfg(unix)]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use super::{is_spelt_so, shorter};
use crate::source::{
    EntryKind, Files, Inputs, Likely, MAX_FILE_BYTES, ReadError, ReadReason, RelPath,
};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use tempfile::TempDir;

/// A folder `root` to be read, beside what lies outside of it.
struct Case(TempDir);

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("root/charts/web")).expect("a folder");
        fs::write(folder.path().join("root/charts/web/values.yaml"), "a: 1\n").expect("a file");
        fs::create_dir(folder.path().join("outside")).expect("a folder");
        fs::write(folder.path().join("outside/secret.yaml"), "password: x\n").expect("a file");
        Self(folder)
    }

    fn at(&self, path: impl AsRef<Path>) -> std::path::PathBuf {
        self.0.path().join("root").join(path)
    }

    fn link(self, target: &str, link: &str) -> Self {
        symlink(target, self.at(link)).expect("a link");
        self
    }

    fn fifo(self, path: &str) -> Self {
        let mode = rustix::fs::Mode::from_raw_mode(0o644);
        rustix::fs::mknodat(rustix::fs::CWD, self.at(path), rustix::fs::FileType::Fifo, mode, 0)
            .expect("a fifo");
        self
    }

    fn files(&self) -> Files {
        Files::disk(&self.at("")).expect("a folder")
    }

    fn read(&self, path: &str) -> Result<String, ReadReason> {
        let path = RelPath::parse(path).expect("a path");
        let read = self.files().read(&path, &mut Inputs::default());
        read.map(|source| source.text().to_string()).map_err(|error| error.reason)
    }

    fn walk(&self) -> Result<Vec<String>, ReadError> {
        let found = self.files().walk(&RelPath::root(), &mut Inputs::default())?;
        Ok(found.iter().map(ToString::to_string).collect())
    }

    fn walk_reason(&self) -> ReadReason {
        self.walk().expect_err("refused").reason
    }
}

#[test]
fn links_inside_the_root_are_followed() {
    let case = Case::new().link("charts/web/values.yaml", "a.yaml").link("charts/web", "web");
    assert_eq!(case.read("a.yaml").as_deref(), Ok("a: 1\n"));
    assert_eq!(case.read("web/values.yaml").as_deref(), Ok("a: 1\n"));
    let found = case.walk().expect("no loop");
    assert_eq!(found, ["a.yaml", "charts/web/values.yaml", "web/values.yaml"]);
}

#[test]
fn links_out_of_the_root_are_refused() {
    let case = Case::new()
        .link("../outside/secret.yaml", "a.yaml")
        .link("../../outside", "charts/folder")
        .link("/etc/passwd", "b.yaml")
        .link("a.yaml", "c.yaml");
    for path in ["a.yaml", "charts/folder/secret.yaml", "b.yaml", "c.yaml"] {
        assert_eq!(case.read(path), Err(ReadReason::OutsideRoot), "{path}");
    }
    let folder = RelPath::parse("charts/folder").expect("a path");
    let refused = case.files().list(&folder, &mut Inputs::default()).expect_err("refused");
    assert_eq!(refused.reason, ReadReason::OutsideRoot);
    assert!(!case.files().is_folder(&folder));
    assert_eq!(case.walk_reason(), ReadReason::OutsideRoot);
}

#[test]
fn a_folder_beside_the_root_with_a_longer_name_is_outside() {
    let case = Case::new();
    fs::create_dir(case.0.path().join("root2")).expect("a folder");
    fs::write(case.0.path().join("root2/x"), "").expect("a file");
    assert_eq!(case.link("../root2/x", "x").read("x"), Err(ReadReason::OutsideRoot));
}

#[test]
fn a_path_is_followed_to_where_it_leads_below_the_root() {
    let case = Case::new().link("web", "charts/other").link("../../outside", "charts/out");
    let follow = |path: &str| {
        let followed = case.files().follow(&RelPath::parse(path).expect("a path"));
        followed.map(|path| path.to_string()).map_err(|error| error.reason)
    };
    assert_eq!(follow("charts/other/values.yaml"), Ok("charts/web/values.yaml".to_owned()));
    assert_eq!(follow("charts/web"), Ok("charts/web".to_owned()));
    assert_eq!(follow(""), Ok(".".to_owned()));
    assert_eq!(follow("charts/out/secret.yaml"), Err(ReadReason::OutsideRoot));
    assert_eq!(follow("charts/none"), Err(ReadReason::Missing));
}

#[test]
fn a_root_that_is_a_link_itself_is_fine() {
    let case = Case::new();
    symlink(case.at(""), case.0.path().join("link")).expect("a link");
    let files = Files::disk(&case.0.path().join("link")).expect("a folder");
    let path = RelPath::parse("charts/web/values.yaml").expect("a path");
    assert!(files.read(&path, &mut Inputs::default()).is_ok());
}

#[test]
fn a_root_that_is_no_folder_is_refused() {
    let case = Case::new();
    let opened = |path| Files::disk(&case.at(path)).expect_err("no folder").reason;
    assert_eq!(opened("charts/web/values.yaml"), ReadReason::NotAFolder("a file"));
    assert_eq!(opened("nothing"), ReadReason::Missing);
}

#[test]
fn links_in_a_circle_are_refused() {
    let case = Case::new().link("b", "a").link("a", "b");
    assert_eq!(case.read("a"), Err(ReadReason::LinkLoop));
}

#[test]
fn a_link_to_a_folder_around_it_is_refused_by_name() {
    let case = Case::new().link("..", "charts/up");
    let refused = case.walk().expect_err("a loop");
    assert_eq!(refused.reason, ReadReason::LinkLoop);
    assert!(refused.path.ends_with("root/charts/up"), "{}", refused.path);
}

#[test]
fn a_dangling_link_is_missing_but_listed() {
    let case = Case::new().link("nowhere", "a.yaml");
    assert_eq!(case.read("a.yaml"), Err(ReadReason::Missing));
    let entries = case.files().list(&RelPath::root(), &mut Inputs::default()).expect("a folder");
    assert_eq!((&*entries[0].name, entries[0].kind), ("a.yaml", EntryKind::Other));
}

#[test]
fn a_fifo_is_refused_and_not_waited_for() {
    let case = Case::new().fifo("fifo.yaml").link("fifo.yaml", "link.yaml");
    assert_eq!(case.read("fifo.yaml"), Err(ReadReason::NotAFile("a fifo")));
    assert_eq!(case.read("link.yaml"), Err(ReadReason::NotAFile("a fifo")));
    assert!(case.walk().expect("a walk").contains(&"fifo.yaml".to_owned()), "not passed over");
}

#[test]
fn sockets_and_devices_are_refused() {
    let case = Case::new().link("/dev/zero", "zero.yaml");
    let _listener = UnixListener::bind(case.at("socket.yaml")).expect("a socket");
    assert_eq!(case.read("socket.yaml"), Err(ReadReason::NotAFile("a socket")));
    assert_eq!(case.read("zero.yaml"), Err(ReadReason::OutsideRoot));
}

#[test]
fn a_file_that_may_not_be_read_says_so() {
    let case = Case::new();
    let path = case.at("charts/web/values.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("its owner may");
    if fs::File::open(&path).is_ok() {
        eprintln!("skipped: this user may read every file");
        return;
    }
    let refused = case.read("charts/web/values.yaml").expect_err("refused");
    assert_eq!(refused, ReadReason::Io("Permission denied (os error 13)".to_owned()));
}

#[test]
fn a_file_over_the_limit_is_refused_unread() {
    let case = Case::new();
    let file = fs::File::create(case.at("huge.yaml")).expect("a file");
    file.set_len(1 << 40).expect("a file with a hole");
    assert_eq!(
        case.read("huge.yaml"),
        Err(ReadReason::TooLarge { bytes: 1 << 40, limit: MAX_FILE_BYTES })
    );
    file.set_len(MAX_FILE_BYTES).expect("a file with a hole");
    assert_eq!(case.read("huge.yaml").map(|text| text.len() as u64), Ok(MAX_FILE_BYTES));
}

#[test]
fn bytes_that_are_not_utf8_are_named() {
    let case = Case::new();
    fs::write(case.at("x.yaml"), b"a: 1\nb: \xE9t\xE9\n").expect("a file");
    let reason = ReadReason::NotUtf8 { line: 2, column: 4, byte: 0xE9, likely: Likely::OneByte };
    assert_eq!(case.read("x.yaml"), Err(reason));
}

#[test]
fn names_that_are_not_utf8_are_refused() {
    let case = Case::new();
    fs::write(case.at(OsStr::from_bytes(b"a\xFF.yaml")), "").expect("a file");
    assert_eq!(case.walk_reason(), ReadReason::BadName("a\u{FFFD}.yaml".to_owned()));
}

#[test]
fn names_with_control_characters_or_backslashes_are_refused() {
    for name in ["a\u{1b}[31m.yaml", "a\nb.yaml", "a\\b.yaml"] {
        let case = Case::new();
        fs::write(case.at(name), "").expect("a file");
        assert_eq!(case.walk_reason(), ReadReason::BadName(name.to_owned()));
    }
}

#[test]
fn hidden_files_may_have_any_name() {
    let case = Case::new();
    fs::write(case.at(".a\nb"), "").expect("a file");
    fs::write(case.at(OsStr::from_bytes(b".a\xFF")), "").expect("a file");
    let files = case.files();
    let listed = files.list(&RelPath::root(), &mut Inputs::default()).expect("a folder");
    assert!(listed.iter().all(|entry| !entry.name.starts_with(".a")), "{listed:?}");
    files.walk(&RelPath::root(), &mut Inputs::default()).expect("a folder");
}

#[test]
fn folders_deeper_than_the_limit_are_refused() {
    let case = Case::new();
    fs::create_dir_all(case.at("d/".repeat(40))).expect("folders");
    let many = ReadReason::TooMany { what: "levels of folders", limit: 32 };
    assert_eq!(case.walk_reason(), many);
}

#[test]
fn a_name_in_another_case_is_another_name() {
    let case = Case::new();
    let path = |text| RelPath::parse(text).expect("a path");
    assert!(is_spelt_so(&case.at(""), &path("charts/web/values.yaml")));
    assert!(!is_spelt_so(&case.at(""), &path("charts/web/Values.yaml")));
    assert!(!is_spelt_so(&case.at(""), &path("Charts/web/values.yaml")));
}

#[test]
fn a_link_whose_target_differs_in_case_is_followed() {
    let case = Case::new().link("values.yaml", "charts/web/Values.yaml");
    assert_eq!(case.read("charts/web/Values.yaml").as_deref(), Ok("a: 1\n"));
}

#[test]
fn a_file_that_the_user_names_may_lie_anywhere() {
    let case = Case::new();
    let outside = case.0.path().join("outside/secret.yaml");
    let source = case.files().read_anywhere(&outside).expect("a file");
    assert_eq!(&**source.text(), "password: x\n");
    let refused = |path: &Path| case.files().read_anywhere(path).expect_err("refused").reason;
    assert_eq!(refused(&case.at("charts")), ReadReason::NotAFile("a folder"));
    assert_eq!(refused(&case.at("nothing")), ReadReason::Missing);
    assert_eq!(
        refused(Path::new("/dev/zero")),
        ReadReason::TooLarge { bytes: MAX_FILE_BYTES + 1, limit: MAX_FILE_BYTES }
    );
}

#[test]
fn a_pipe_that_the_user_names_is_read_to_its_end() {
    let case = Case::new().fifo("pipe");
    let path = case.at("pipe");
    let source = std::thread::scope(|scope| {
        scope.spawn(|| fs::write(&path, "a: 1\n").expect("a reader"));
        case.files().read_anywhere(&path).expect("a pipe")
    });
    assert_eq!(&**source.text(), "a: 1\n");
}

#[test]
fn a_path_is_shown_below_the_root_as_it_was_given() {
    let path = RelPath::parse("Cargo.toml").expect("a path");
    let shown = |root: &str| Files::disk(Path::new(root)).expect("a folder").shown(&path);
    assert_eq!(shown("."), "Cargo.toml");
    assert_eq!(shown("./src/.."), "src/../Cargo.toml");
    assert_eq!(shown("src"), "src/Cargo.toml");
}

#[test]
fn a_path_that_leads_out_and_in_again_is_shown_as_it_was_typed() {
    let shown = |given, back, path| {
        let shown = shorter(Path::new(given), Path::new(back), Path::new(path));
        shown.display().to_string()
    };
    assert_eq!(shown("..", "h", "h/values.yaml"), "values.yaml");
    assert_eq!(shown("..", "h", "base/values.yaml"), "../base/values.yaml");
    assert_eq!(shown("../..", "charts/h", "charts/base/a.yaml"), "../base/a.yaml");
    assert_eq!(shown("../..", "charts/h", "charts/h"), ".");
    assert_eq!(shown("shop", "", "a.yaml"), "shop/a.yaml");
    assert_eq!(shown("/srv/shop", "", "a.yaml"), "/srv/shop/a.yaml");
}
