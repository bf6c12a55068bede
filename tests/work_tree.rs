//! The program in a work tree of Git, and when somebody ends it.
//!
//! Each test is skipped, saying so, where its tool is not there.
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const SHOP: &[(&str, &str)] = &[
    (
        "jibe.yaml",
        "environments:\n  dev: { kubernetes: \"1.35\", namespaces: { shop: shop-dev } }\n",
    ),
    ("charts/web/chart.yaml", "name: web\nversion: 1.0.0\n"),
    ("charts/web/values.yaml", "motto: |\n  one\n  two\n"),
    (
        "charts/web/templates/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ target.service }}\ndata:\n  motto: {{ values.motto }}\n  \
         page: |\n    a\n    b\n  plain: {{ files.get(\"plain.txt\") }}\n",
    ),
    ("charts/web/files/plain.txt", "first\nsecond\n"),
    ("services/web/service.yaml", "source: charts/web\n"),
    ("services/plain/service.yaml", "{}\n"),
    (
        "services/plain/manifests/note.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: note\ndata:\n  text: |\n    a\n    b\n",
    ),
];

/// A workspace whose tree is written.
fn shop() -> TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in SHOP {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }
    let output = jibe(root.path(), &["render", "--write"]).output().expect("the program");
    assert!(output.status.success(), "{}", text(&output));
    root
}

fn jibe(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jibe"));
    command.args(words).current_dir(folder);
    command
}

fn text(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Every file below a folder but Git's own.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true if path.ends_with(".git") => {}
                true => open.push(path),
                false => drop(found.insert(path.clone(), fs::read(&path).expect("a file"))),
            }
        }
    }
    found
}

/// Git without the settings of the user who runs the tests.
fn git(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args([
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.com",
        "-c",
        "init.defaultBranch=main",
    ]);
    command.args(words).current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().expect("git");
    assert!(output.status.success(), "git {words:?}: {}", text(&output));
    text(&output)
}

/// A checkout in which Git made a CRLF of each line end; none without Git.
fn crlf_checkout(shop: &Path) -> Option<TempDir> {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("skipped: there is no git");
        return None;
    }
    git(shop, &["init", "-q"]);
    git(shop, &["add", "-A"]);
    git(shop, &["commit", "-qm", "all"]);
    let checkout = tempfile::tempdir().expect("a temporary folder");
    let from = shop.display().to_string();
    git(checkout.path(), &["-c", "core.autocrlf=true", "clone", "-q", &from, "shop"]);
    git(&checkout.path().join("shop"), &["config", "core.autocrlf", "true"]);
    let file = checkout.path().join("shop/rendered/dev/shop/web/configmap-web.yaml");
    assert!(fs::read_to_string(file).expect("a file").contains("\r\n"), "git made no CRLF");
    Some(checkout)
}

#[test]
fn a_checkout_with_autocrlf_is_clean_and_stays_as_it_is() {
    let shop = shop();
    let Some(checkout) = crlf_checkout(shop.path()) else { return };
    let checkout = checkout.path().join("shop");
    let before = tree(&checkout);
    let output = jibe(&checkout, &["check"]).output().expect("the program");
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("in CRLF line ends only, which counts as equal"));
    let output = jibe(&checkout, &["render", "--write"]).output().expect("the program");
    assert!(text(&output).contains("0 files written, 2 unchanged"), "{}", text(&output));
    assert!(tree(&checkout) == before, "something was written");
    assert_eq!(git(&checkout, &["status", "--porcelain"]), "");
}

#[test]
fn a_checkout_with_autocrlf_renders_the_same_bytes() {
    let shop = shop();
    let Some(checkout) = crlf_checkout(shop.path()) else { return };
    let checkout = checkout.path().join("shop");
    let out = checkout.join("again");
    let output = jibe(&checkout, &["render", "-o", "again"]).output().expect("the program");
    assert!(output.status.success(), "{}", text(&output));
    let names = |root: &Path| -> BTreeMap<PathBuf, Vec<u8>> {
        let files = tree(root).into_iter();
        files
            .map(|(path, bytes)| (path.strip_prefix(root).expect("below").to_owned(), bytes))
            .collect()
    };
    assert_eq!(names(&out), names(&shop.path().join("rendered")));
}

#[test]
fn a_signal_ends_a_waiting_run_at_once_and_leaves_nothing() {
    for signal in ["INT", "TERM"] {
        let shop = shop();
        fs::write(shop.path().join("charts/web/values.yaml"), "motto: new\n").expect("an edit");
        let lock = shop.path().join("rendered/.jibe-lock");
        let held = fs::File::create(&lock).expect("a lock file");
        rustix::fs::flock(&held, rustix::fs::FlockOperation::LockExclusive).expect("a lock");
        let before = tree(shop.path());
        let mut run = jibe(shop.path(), &["render", "--write"]);
        let mut run =
            run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        if !waits_for_signals(run.id()) {
            run.kill().and_then(|()| run.wait()).expect("the program");
            eprintln!("skipped: nobody tells here what a process waits for");
            return;
        }
        let number = run.id().to_string();
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {number}")]).status();
        assert!(sent.expect("a shell").success());
        let output = run.wait_with_output().expect("the program");
        assert_eq!(output.status.code(), Some(2), "{signal}: {}", text(&output));
        assert!(text(&output).contains("stopped before anything in `rendered` was changed"));
        assert!(tree(shop.path()) == before, "{signal} left something");
    }
}

/// Waits until a process catches the signal TERM; false where the system does not tell.
fn waits_for_signals(process: u32) -> bool {
    const TERM: u64 = 1 << 14;
    for _ in 0..1000 {
        let Ok(status) = fs::read_to_string(format!("/proc/{process}/status")) else {
            return false;
        };
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let Some(caught) = caught else { return false };
        if u64::from_str_radix(caught.trim(), 16).is_ok_and(|mask| mask & TERM != 0) {
            return true;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the program never waited for a signal");
}
