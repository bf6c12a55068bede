//! Names that are no file names on some system, in whatever becomes a path of the output.

use crate::Chart;
use std::path::Path;

const NAMES: [&str; 26] = [
    "..",
    ".",
    "../../x",
    "/etc/x",
    "a/b",
    "a\\b",
    "con",
    "NUL",
    "aux.txt",
    "com1",
    "lpt9.x",
    "a.",
    "a ",
    " a",
    "a:b",
    "a*b",
    "a?b",
    "a|b",
    "a<b",
    ".git",
    ".GIT",
    ".jibe-inventory",
    "~",
    "$HOME",
    "a%2fb",
    "-rf",
];

/// The files below a folder, links not followed.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            true => found.extend(files(&entry.path())),
            false => found.push(entry.path().display().to_string()),
        }
    }
    found
}

/// Whatever is written lies in the output folder, under a name that every system takes.
#[track_caller]
fn check(chart: &Chart, arguments: &[&str]) {
    let before = files(chart.folder.path()).len();
    let seen = chart.run(&[arguments, &["-o", "out"]].concat());
    seen.clean();
    let written = files(&chart.path("out"));
    // Beside the two files that the test itself writes.
    assert_eq!(files(chart.folder.path()).len(), before + 2 + written.len(), "{}", seen.shown());
    for path in &written {
        let path = path.split_once("/out/").expect("it lies there").1;
        for part in path.split('/') {
            let stem = part.split('.').next().unwrap_or_default().to_lowercase();
            let device = matches!(stem.as_str(), "con" | "nul" | "aux" | "prn")
                || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
            let odd = part.contains(['\\', ':', '*', '?', '|', '<', '>', '"', ' '])
                || part.ends_with(['.', ' '])
                || part.chars().any(char::is_control);
            assert!(!device && !odd && !part.eq_ignore_ascii_case(".git"), "{path}");
        }
    }
}

#[test]
fn no_name_of_an_object_becomes_a_path_elsewhere() {
    for name in NAMES.into_iter().chain(["\u{1b}[2J", "a\nb", "\u{202e}", "\u{0}", "é", "e\u{301}"])
    {
        let quoted = format!("{name:?}").replace("\\u{", "\\U{").replace("\\0", "\\x00");
        let quoted = escaped(&quoted, name);
        for template in [
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {quoted}}}\n"),
            format!(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {quoted}}}\nrules: []\n"
            ),
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: {quoted}}}\n"
            ),
            format!("apiVersion: v1\nkind: {quoted}\nmetadata: {{name: a}}\n"),
            format!("apiVersion: {quoted}\nkind: A\nmetadata: {{name: a}}\n"),
        ] {
            check(&Chart::new().with("web/templates/web.yaml", template), &["render", "web"]);
        }
    }
}

/// A name in double quotes, as YAML escapes it.
fn escaped(_: &str, name: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() || !c.is_ascii() => format!("\\U{:08x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", name.chars().map(escape).collect::<String>())
}

#[test]
fn no_name_of_a_workspace_becomes_a_path_elsewhere() {
    for name in NAMES {
        let quoted = escaped("", name);
        for (jibe, service) in [
            (
                format!(
                    "environments:\n  {quoted}: {{ kubernetes: \"1.35\", namespaces: {{ shop: shop-dev }} }}\n"
                ),
                String::new(),
            ),
            (
                format!(
                    "environments:\n  dev: {{ kubernetes: \"1.35\", namespaces: {{ {quoted}: shop-dev }} }}\n"
                ),
                String::new(),
            ),
            (
                format!(
                    "environments:\n  dev: {{ kubernetes: \"1.35\", namespaces: {{ shop: {quoted} }} }}\n"
                ),
                String::new(),
            ),
            (
                format!(
                    "environments:\n  dev: {{ kubernetes: \"1.35\", namespaces: {{ shop: shop }} }}\noutput: {{ path: {quoted} }}\n"
                ),
                String::new(),
            ),
            (
                "environments:\n  dev: { kubernetes: \"1.35\", namespaces: { shop: shop } }\n"
                    .to_owned(),
                format!("namespaces: [{quoted}]\n"),
            ),
            (
                "environments:\n  dev: { kubernetes: \"1.35\", namespaces: { shop: shop } }\n"
                    .to_owned(),
                format!("labels: {{ {quoted}: {quoted} }}\n"),
            ),
        ] {
            let chart = Chart::new()
                .with("jibe.yaml", format!("edition: 1\n{jibe}"))
                .with("services/web/service.yaml", format!("source: web\n{service}"));
            check(&chart, &["render"]);
        }
        Chart::new()
            .with("web/chart.yaml", format!("name: {quoted}\nversion: 1.0.0\n"))
            .run(&["render", "web"])
            .clean();
    }
}

#[test]
fn no_output_folder_is_taken_that_holds_something_else() {
    for folder in [
        "/",
        ".",
        "web",
        "web/templates",
        "..",
        "/etc",
        "/proc",
        "/dev/null",
        "",
        "web/values.yaml",
    ] {
        let chart = Chart::new();
        let before = files(chart.folder.path());
        let seen = chart.run(&["render", "web", "-o", folder]);
        seen.clean();
        let after = files(chart.folder.path());
        assert!(before.iter().all(|file| after.contains(file)), "{folder}");
    }
}

#[test]
fn new_charts_services_and_environments_have_plain_names() {
    for name in NAMES {
        let workspace = Chart::new().with("jibe.yaml", "edition: 1\nenvironments:\n  dev: { kubernetes: \"1.35\", namespaces: { shop: shop-dev } }\n");
        for kind in ["chart", "service", "env"] {
            workspace.run(&["new", kind, "--", name]).clean();
        }
        assert!(files(workspace.folder.path()).iter().all(|file| !file.contains("/..")), "{name}");
    }
}
