//! `charts-example` is what a newcomer copies: its committed tree is what its sources say, whoever renders it.

mod changes;
mod practices;
mod room;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn jibe(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jibe"));
    command.args(words).current_dir(folder).env_clear().envs(settings.iter().copied());
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder_now) = open.pop() {
        for entry in fs::read_dir(&folder_now).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let name = path.strip_prefix(folder).expect("below the folder").to_owned();
                    found.insert(name, fs::read(&path).expect("a file"));
                }
            }
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for (name, bytes) in tree(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, bytes).expect("a new file");
    }
}

#[test]
fn the_committed_tree_is_what_the_sources_say() {
    let output = jibe(&root(), &["check", "charts-example"], &[]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(
        text(&output.stderr),
        "in accord: 28 targets, 232 equal files\n",
        "without any finding"
    );
}

/// Renders the example in a folder of its own and gives the written tree.
fn rendered(jobs: &str, settings: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shop = folder.path().join("another name for the shop");
    copy(&root().join("charts-example"), &shop);
    fs::remove_dir_all(shop.join("rendered")).expect("a rendered tree");
    let output = jibe(&shop, &["render", "--write", "-j", jobs], settings);
    assert!(output.status.success(), "{}", text(&output.stderr));
    tree(&shop.join("rendered"))
}

#[test]
fn threads_locale_time_zone_folder_and_user_do_not_change_a_byte() {
    let committed = tree(&root().join("charts-example/rendered"));
    let worlds: [(&str, &[(&str, &str)]); 4] = [
        ("1", &[]),
        ("16", &[("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.UTF-8")]),
        ("2", &[("TZ", "Asia/Kathmandu"), ("HOME", "/nowhere"), ("USER", "somebody")]),
        ("5", &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1"), ("TERM", "dumb"), ("COLUMNS", "20")]),
    ];
    for (jobs, settings) in worlds {
        assert_eq!(rendered(jobs, settings), committed, "{jobs} threads, {settings:?}");
    }
}

#[test]
fn a_second_run_writes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&root().join("charts-example"), folder.path());
    let before: Vec<_> = modified(folder.path());
    let output = jibe(folder.path(), &["render", "--write"], &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(modified(folder.path()), before);
}

fn modified(folder: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
    let time = |name: &PathBuf| {
        fs::metadata(folder.join(name)).and_then(|m| m.modified()).expect("a time")
    };
    let rendered = tree(folder).into_keys().filter(|name| name.starts_with("rendered"));
    rendered.map(|name| (name.clone(), time(&name))).collect()
}

#[test]
fn an_encrypted_secret_arrives_byte_for_byte_and_no_other_secret_lies_in_git() {
    let example = root().join("charts-example");
    let sent = fs::read(example.join("third-party/psp-relay/secret.sops.yaml")).expect("a file");
    let rendered = tree(&example.join("rendered"));
    let secret = Path::new("prod/payments/psp-relay/secret-psp-relay.yaml");
    assert_eq!(text(&rendered[secret]), text(&sent));
    for (name, bytes) in &rendered {
        let is_secret = text(bytes).lines().any(|line| line == "kind: Secret");
        assert_eq!(is_secret, name == secret, "{}", name.display());
    }
}

#[test]
fn who_wants_more_connections_than_there_are_is_told_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&root().join("charts-example"), folder.path());
    let agreed = folder.path().join("namespaces/payments/dev.yaml");
    let before = fs::read_to_string(&agreed).expect("the values of dev");
    fs::write(&agreed, before + "database: { clients: { billing: 91 } }\n")
        .expect("a changed file");
    let output = jibe(folder.path(), &["check", "-e", "dev"], &[]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(told.contains("get 91 connections, but"), "{told}");
    assert!(told.contains("rendered for dev/payments/pgbouncer"), "{told}");
}

/// Paths in a JSON Schema whose properties or definitions lack a description.
fn undescribed(schema: &serde_json::Value, path: &str) -> Vec<String> {
    let members = ["properties", "$defs"].map(|kind| schema[kind].as_object());
    let mut found = Vec::new();
    for (name, member) in members.into_iter().flatten().flatten() {
        let path = format!("{path}.{name}");
        found.extend(undescribed(member, &path));
        if !member["description"].is_string() {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_value_of_every_chart_is_described() {
    let charts = tree(&root().join("charts-example/charts"));
    let schemas: Vec<_> =
        charts.iter().filter(|(name, _)| name.ends_with("values.schema.json")).collect();
    assert_eq!(schemas.len(), 5);
    for (name, bytes) in schemas {
        let schema = serde_json::from_slice(bytes).expect("JSON");
        assert_eq!(undescribed(&schema, ""), [""; 0], "{}", name.display());
    }
}
